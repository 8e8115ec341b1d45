// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "LostStores.h"
#include "../Diagnostics.h"
#include "../analysis/Calls.h"
#include "../analysis/ForeignGlobals.h"
#include "../analysis/Objects.h"
#include "ForwardOperands.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

/// Two objects that are surely not the same memory.
static bool areDistinct(const Value *A, const Value *B) {
  if (A == B)
    return false;
  auto IsOwn = [](const Value *V) {
    return isa<Argument>(V) || isIdentifiedObject(V);
  };
  return IsOwn(A) && IsOwn(B);
}

/// The pointers through which an instruction may read numbers or pointers.
static SmallVector<const Value *, 4> readMemory(const Instruction &I) {
  SmallVector<const Value *, 4> Read;
  AccessOperands Access = accessOperands(I);
  if (Access.Pointer >= 0 && !Access.IsStore) {
    Type *T = I.getType();
    if (holdsFloat(T) || holdsPointer(T) || movesUnknownBits(I))
      Read.push_back(I.getOperand(Access.Pointer));
  } else if (isa<AtomicRMWInst, AtomicCmpXchgInst>(I)) {
    // What is only counted there is not read.
    if (!I.use_empty())
      Read.push_back(I.getOperand(0));
  } else if (const auto *Copy = dyn_cast<MemTransferInst>(&I)) {
    Read.push_back(Copy->getRawSource());
  } else if (const auto *Call = dyn_cast<CallBase>(&I);
             Call && classify(*Call) == CallKind::Body) {
    for (const Use &Arg : Call->args())
      if (Arg->getType()->isPointerTy())
        Read.push_back(Arg);
    for (const GlobalVariable *G : foreignGlobalsOf(*Call, GlobalUse::Any))
      Read.push_back(G);
  }
  return Read;
}

/// A variable that the user marked inactive, for counts and records.
static bool isMarkedInactive(const Value *Object) {
  const auto *G = dyn_cast<GlobalVariable>(Object);
  return G && isInactiveGlobal(*G);
}

/// What is read goes back to such variables or decides something, and has no
/// other use: `total += x`.
static bool staysInactive(const Instruction &Read) {
  if (!isa<LoadInst>(Read))
    return false;
  SmallVector<const User *, 8> Work(Read.users());
  SmallPtrSet<const User *, 8> Seen;
  while (!Work.empty()) {
    const User *U = Work.pop_back_val();
    if (!Seen.insert(U).second)
      continue;
    if (const auto *Store = dyn_cast<StoreInst>(U)) {
      if (!all_of(objectsOf(Store->getPointerOperand()), isMarkedInactive))
        return false;
    } else if (const auto *Call = dyn_cast<CallBase>(U);
               Call && classify(*Call) != CallKind::Math) {
      if (classify(*Call) != CallKind::Inactive)
        return false;
    } else if (isa<ReturnInst>(U)) {
      return false;
    } else if (!isa<CmpInst, FPToSIInst, FPToUIInst>(U)) {
      Work.append(U->user_begin(), U->user_end());
    }
  }
  return true;
}

bool isReadAgain(const Instruction &Store, ArrayRef<const Value *> Objects,
                 function_ref<bool(const Value *)> HasShadow) {
  auto MayMeet = [&](const Value *Memory, const Instruction &Read) {
    if (HasShadow(Memory))
      return false;
    return any_of(objectsOf(Memory), [&](const Value *R) {
      if (const auto *G = dyn_cast<GlobalVariable>(R); G && G->isConstant())
        return false;
      return any_of(Objects, [&](const Value *Object) {
        return !HasShadow(Object) && !areDistinct(R, Object) &&
               !(isMarkedInactive(Object) && staysInactive(Read));
      });
    });
  };
  for (const Instruction &I : instructions(Store.getFunction()))
    if (isPotentiallyReachable(&Store, &I) &&
        any_of(readMemory(I), [&](const Value *M) { return MayMeet(M, I); }))
      return true;
  return false;
}

static std::string placeOf(const Instruction &I) {
  if (const DILocation *At = I.getDebugLoc())
    return " at " + At->getFilename().str() + ":" +
           std::to_string(At->getLine());
  return " in " + readableName(I.getFunction()->getName());
}

void stopIf(Value *Condition, const std::string &Message, IRBuilderBase &B) {
  Module &M = *B.GetInsertBlock()->getModule();
  FunctionCallee Stop = M.getOrInsertFunction("tern_stop_if", B.getVoidTy(),
                                              B.getInt32Ty(), B.getPtrTy());
  CallInst *Call = B.CreateCall(Stop, {B.CreateZExt(Condition, B.getInt32Ty()),
                                       B.CreateGlobalString(Message)});
  Call->setDoesNotThrow();
  Call->setMemoryEffects(MemoryEffects::inaccessibleMemOnly());
}

void stopIfLost(Value *IsLost, const Instruction &Store, IRBuilderBase &B) {
  stopIf(IsLost,
         "a value that carries a derivative is stored" + placeOf(Store) +
             " in memory without a shadow and may be read again [tern-D07]",
         B);
}

} // namespace tern
