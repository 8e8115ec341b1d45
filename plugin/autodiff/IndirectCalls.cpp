// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "IndirectCalls.h"
#include "../Closure.h"
#include "../analysis/Calls.h"
#include "Forward.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace tern {

/// A function that is only declared has a derivative if there is a rule for it;
/// a call of it says which.
static bool hasDerivative(Function &Candidate, const CallBase &Call) {
  if (!Candidate.isDeclaration())
    return true;
  auto *Direct = cast<CallBase>(Call.clone());
  Direct->setCalledFunction(&Candidate);
  CallKind Kind = classify(*Direct);
  Direct->deleteValue();
  return Kind != CallKind::Missing && Kind != CallKind::Indirect;
}

CallTargets::CallTargets(Module &M) {
  for (Function &F : M)
    if (!F.isIntrinsic() && F.hasAddressTaken())
      All.push_back(&F);
}

SmallVector<Function *, 8> CallTargets::ofType(FunctionType &T) const {
  SmallVector<Function *, 8> Found;
  for (const WeakVH &Handle : All) {
    auto *Target = cast_or_null<Function>(static_cast<Value *>(Handle));
    if (Target && Target->getFunctionType() == &T)
      Found.push_back(Target);
  }
  return Found;
}

SmallVector<Function *, 8>
CallTargets::candidatesOf(const CallBase &Call) const {
  auto Candidates = ofType(*Call.getFunctionType());
  erase_if(Candidates,
           [&](Function *Target) { return !hasDerivative(*Target, Call); });
  return Candidates;
}

SmallVector<Function *, 16> CallTargets::reachedFrom(Function &F) const {
  SmallSetVector<Function *, 16> Reached(from_range, closureOf(F));
  SmallPtrSet<FunctionType *, 8> Types;
  for (unsigned I = 0; I != Reached.size(); ++I)
    for (Instruction &Inst : instructions(*Reached[I]))
      if (auto *Call = dyn_cast<CallBase>(&Inst);
          Call && !isa<Constant, InlineAsm>(Call->getCalledOperand()) &&
          Types.insert(Call->getFunctionType()).second)
        for (Function *Target : ofType(*Call->getFunctionType()))
          Reached.insert_range(closureOf(*Target));
  return Reached.takeVector();
}

namespace {
/// The blocks around one indirect call while its choices are added.
struct Choice {
  CallBase &Call;
  BasicBlock *Check; ///< where the next comparison goes
  BasicBlock *Default, *Join;
  PHINode *Result = nullptr;
};
} // namespace

static Choice isolate(CallBase &Call) {
  BasicBlock *Head = Call.getParent();
  BasicBlock *Join = nullptr;
  if (auto *Invoke = dyn_cast<InvokeInst>(&Call))
    Join = Invoke->getNormalDest();
  else
    Join = SplitBlock(Head, Call.getNextNode());
  BasicBlock *Default = SplitBlock(Head, &Call);
  Choice C{Call, Head, Default, Join};
  if (!Call.getType()->isVoidTy()) {
    C.Result = PHINode::Create(Call.getType(), 4, "", Join->begin());
    C.Result->takeName(&Call);
    Call.replaceAllUsesWith(C.Result);
    C.Result->addIncoming(&Call, Default);
  }
  Call.setMetadata("tern.trap", MDNode::get(Call.getContext(), {}));
  return C;
}

/// The deleting destructor of an abstract class, or what always throws.
static bool neverReturns(const Function &F) {
  return !F.isDeclaration() && none_of(F, [](const BasicBlock &BB) {
    return isa<ReturnInst>(BB.getTerminator());
  });
}

static void addChoice(Choice &C, Function &Candidate) {
  LLVMContext &Ctx = C.Call.getContext();
  Function &F = *C.Default->getParent();
  auto *Direct = BasicBlock::Create(Ctx, Candidate.getName(), &F, C.Default);
  auto *Call = cast<CallBase>(C.Call.clone());
  Call->setCalledFunction(&Candidate);
  Call->setMetadata("tern.trap", nullptr);
  Call->insertInto(Direct, Direct->end());
  BasicBlock *Next = BasicBlock::Create(Ctx, "", &F, C.Default);
  if (neverReturns(Candidate))
    Call->setDoesNotReturn();
  BasicBlock *After = Direct;
  if (auto *Invoke = dyn_cast<InvokeInst>(Call)) {
    for (PHINode &Phi : Invoke->getUnwindDest()->phis())
      Phi.addIncoming(Phi.getIncomingValueForBlock(C.Default), Direct);
    // Each invoke keeps a normal edge of its own.
    auto *Between =
        BasicBlock::Create(Ctx, Candidate.getName() + ".cont", &F, C.Default);
    Invoke->setNormalDest(Between);
    After = Between;
  }
  if (Call->doesNotReturn()) {
    new UnreachableInst(Ctx, After);
  } else {
    BranchInst::Create(C.Join, After);
    if (C.Result)
      C.Result->addIncoming(Call, After);
  }
  C.Check->getTerminator()->eraseFromParent();
  IRBuilder<> B(C.Check);
  B.SetCurrentDebugLocation(C.Call.getDebugLoc());
  B.CreateCondBr(B.CreateICmpEQ(C.Call.getCalledOperand(), &Candidate), Direct,
                 Next);
  BranchInst::Create(C.Default, Next);
  C.Check = Next;
}

/// The default call is an invoke with the join as its normal destination; it,
/// too, gets an edge of its own.
static void separateDefault(Choice &C) {
  auto *Invoke = dyn_cast<InvokeInst>(&C.Call);
  if (!Invoke)
    return;
  auto *Between = BasicBlock::Create(Invoke->getContext(), "",
                                     C.Default->getParent(), C.Join);
  BranchInst::Create(C.Join, Between);
  Invoke->setNormalDest(Between);
  C.Join->replacePhiUsesWith(C.Default, Between);
}

/// A copy of std::function's manager for one operation: what the others keep in
/// the closure's memory is none of its business.
static Function &managerFor(Function &Manager, unsigned Param,
                            ConstantInt &Operation) {
  Module &M = *Manager.getParent();
  std::string Name =
      (Manager.getName() + ".operation" + Twine(Operation.getZExtValue()))
          .str();
  if (Function *Known = M.getFunction(Name))
    return *Known;
  ValueToValueMapTy Map;
  Function *Copy = CloneFunction(&Manager, Map);
  Copy->setName(Name);
  Copy->setLinkage(GlobalValue::InternalLinkage);
  Copy->setComdat(nullptr);
  Copy->getArg(Param)->replaceAllUsesWith(&Operation);
  return *Copy;
}

static void chooseOperations(Function &F) {
  for (Instruction &I : instructions(F)) {
    auto *Call = dyn_cast<CallBase>(&I);
    Function *Callee = Call ? Call->getCalledFunction() : nullptr;
    if (!Callee || Callee->isDeclaration() || Callee->arg_size() != 3 ||
        !Callee->getName().ends_with("St18_Manager_operation"))
      continue;
    if (auto *Operation = dyn_cast<ConstantInt>(Call->getArgOperand(2)))
      Call->setCalledFunction(&managerFor(*Callee, 2, *Operation));
  }
}

void expandIndirectCalls(Function &F, const CallTargets &Targets) {
  SmallVector<CallBase *, 8> Calls;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallBase>(&I))
      if (classify(*Call) == CallKind::Indirect &&
          !isa<InlineAsm>(Call->getCalledOperand()))
        Calls.push_back(Call);
  for (CallBase *Call : Calls) {
    auto Candidates = Targets.candidatesOf(*Call);
    if (Candidates.empty())
      continue;
    Choice C = isolate(*Call);
    for (Function *Candidate : Candidates)
      addChoice(C, *Candidate);
    separateDefault(C);
  }
  chooseOperations(F);
}

void stopAtUnknownTarget(CallBase &Call) {
  IRBuilder<> B(&Call);
  emitStop("no derivative for the target of an indirect call: it is not "
           "visible in this module",
           B);
}

} // namespace tern
