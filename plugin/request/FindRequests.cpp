// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds the calls of hooks and has each read (ReadRequest.cpp); a hook that is
// given a choice of functions becomes one request for each of them.
#include "../Diagnostics.h"
#include "Markers.h"
#include "ReadRequest.h"
#include "Request.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace tern {

static bool asksForDerivative(Hook Kind) {
  switch (Kind) {
  case Hook::Autodiff:
  case Hook::Fwddiff:
  case Hook::Record:
  case Hook::Reverse:
  case Hook::Refused:
    return true;
  default:
    return false;
  }
}

static SmallVector<CallBase *, 8> markerCalls(Function &F) {
  SmallVector<CallBase *, 8> Calls;
  for (BasicBlock &Block : F)
    for (Instruction &I : Block)
      if (auto *Call = dyn_cast<CallBase>(&I);
          Call && asksForDerivative(hookOf(*Call)))
        Calls.push_back(Call);
  return Calls;
}

/// What a stack slot is initialized with, if by one store only.
static Value *onlyStored(AllocaInst &Slot) {
  Value *Stored = nullptr;
  for (User *U : Slot.users())
    if (auto *Store = dyn_cast<StoreInst>(U);
        Store && Store->getPointerOperand() == &Slot) {
      if (Stored)
        return nullptr;
      Stored = Store->getValueOperand();
    }
  return Stored;
}

/// The parameter that a value is, through the stack slots it has at -O0.
static Argument *argumentBehind(Value *V) {
  for (unsigned Depth = 0; V && Depth != 16; ++Depth) {
    V = V->stripPointerCasts();
    auto *Load = dyn_cast<LoadInst>(V);
    auto *Slot =
        Load ? dyn_cast<AllocaInst>(Load->getPointerOperand()) : nullptr;
    if (!Slot)
      break;
    V = onlyStored(*Slot);
  }
  return dyn_cast_or_null<Argument>(V);
}

/// True if the function only passes on which function is to be differentiated.
static bool isForwarder(Function &F) {
  return any_of(markerCalls(F), [](CallBase *Call) {
    unsigned At =
        Call->arg_size() && Call->paramHasAttr(0, Attribute::StructRet);
    return At < Call->arg_size() && argumentBehind(Call->getArgOperand(At));
  });
}

static bool inlineIntoCallers(Function &F) {
  SmallVector<CallBase *, 8> Calls;
  for (User *U : F.users())
    if (auto *Call = dyn_cast<CallBase>(U);
        Call && Call->getCalledOperand() == &F && Call->getFunction() != &F)
      Calls.push_back(Call);
  bool Changed = false;
  for (CallBase *Call : Calls) {
    InlineFunctionInfo Inlining;
    Changed |= InlineFunction(*Call, Inlining).isSuccess();
  }
  return Changed;
}

static void inlineForwarders(Module &M) {
  // A forwarder's caller may be one too; eight deep is deeper than any header.
  bool Changed = true;
  for (unsigned Round = 0; Changed && Round != 8; ++Round) {
    Changed = false;
    SmallVector<Function *, 8> Forwarders;
    for (Function &F : M)
      if (!F.isDeclaration() && isForwarder(F))
        Forwarders.push_back(&F);
    for (Function *F : Forwarders) {
      Changed |= inlineIntoCallers(*F);
      F->removeDeadConstantUsers();
      if (F->use_empty() && F->isDiscardableIfUnused())
        F->eraseFromParent();
    }
  }
}

SmallVector<Function *, 8> functionsWithRequests(Module &M) {
  bool HasHook = any_of(M, [](Function &F) {
    return asksForDerivative(hookOf(F)) && !F.use_empty();
  });
  if (!HasHook)
    return {};
  inlineForwarders(M);
  SmallVector<Function *, 8> Functions;
  for (Function &F : M)
    if (!markerCalls(F).empty())
      Functions.push_back(&F);
  return Functions;
}

SmallVector<Request, 4> findRequests(Function &F) {
  SmallVector<Request, 4> Requests;
  for (CallBase *Call : markerCalls(F)) {
    Hook Kind = hookOf(*Call);
    if (Kind == Hook::Refused) {
      report(Diag::BadRequest, *Call,
             {"'" + Call->getCalledOperand()->getName().str() +
                  "' is not supported",
              "differentiate with __enzyme_autodiff, __enzyme_fwddiff or "
              "__enzyme_augmentfwd and __enzyme_reverse"});
      continue;
    }
    if (std::optional<Request> R = readRequest(*Call, Kind))
      Requests.push_back(std::move(*R));
  }
  return Requests;
}

} // namespace tern
