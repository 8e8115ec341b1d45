// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RecordPlan.h"
#include "Calls.h"
#include "MinCut.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

Loop *RecordPlan::loopOf(Value *V) const {
  auto *I = dyn_cast<Instruction>(V);
  return I ? Flow.LI.getLoopFor(I->getParent()) : nullptr;
}

bool RecordPlan::isFree(Value *V) const {
  if (!isa<Instruction>(V))
    return true;
  Loop *L = loopOf(V);
  return L ? Flow.loop(L).Iteration == V : OneFunction;
}

/// A header phi that steps by an invariant amount.
bool RecordPlan::isInduction(PHINode &Phi, Induction &Out) const {
  Loop *L = loopOf(&Phi);
  if (!L || L->getHeader() != Phi.getParent() || !L->getLoopPreheader())
    return false;
  Out.Start = Phi.getIncomingValueForBlock(L->getLoopPreheader());
  auto *Next =
      dyn_cast<Instruction>(Phi.getIncomingValueForBlock(L->getLoopLatch()));
  if (!Next)
    return false;
  if (auto *Gep = dyn_cast<GetElementPtrInst>(Next)) {
    if (Gep->getPointerOperand() != &Phi || Gep->getNumIndices() != 1 ||
        !Phi.getType()->isPointerTy())
      return false;
    Out.Step = Gep->getOperand(1);
    Out.Element = Gep->getSourceElementType();
  } else if (Next->getOpcode() == Instruction::Add &&
             Phi.getType()->isIntegerTy()) {
    unsigned Other = Next->getOperand(0) == &Phi ? 1 : 0;
    if (Next->getOperand(1 - Other) != &Phi)
      return false;
    Out.Step = Next->getOperand(Other);
  } else {
    return false;
  }
  return L->isLoopInvariant(Out.Step);
}

static bool isExpensive(const Instruction &I) {
  switch (I.getOpcode()) {
  case Instruction::FDiv:
  case Instruction::FRem:
  case Instruction::SDiv:
  case Instruction::UDiv:
  case Instruction::SRem:
  case Instruction::URem:
    return true;
  default:
    return false;
  }
}

static bool isCheapCall(const CallInst &Call) {
  switch (Call.getIntrinsicID()) {
  case Intrinsic::fabs:
  case Intrinsic::copysign:
  case Intrinsic::fma:
  case Intrinsic::fmuladd:
  case Intrinsic::minnum:
  case Intrinsic::maxnum:
  case Intrinsic::minimum:
  case Intrinsic::maximum:
  case Intrinsic::smin:
  case Intrinsic::smax:
  case Intrinsic::umin:
  case Intrinsic::umax:
  case Intrinsic::abs:
  case Intrinsic::floor:
  case Intrinsic::ceil:
  case Intrinsic::trunc:
    return true;
  default:
    return false;
  }
}

bool RecordPlan::isRecomputable(Value *V) const {
  auto *I = cast<Instruction>(V);
  if (auto *Phi = dyn_cast<PHINode>(I)) {
    Induction Unused;
    if (isInduction(*Phi, Unused))
      return true;
    // A phi with one predecessor in its own loop is its operand.
    return Phi->getNumIncomingValues() == 1 &&
           Flow.LI.getLoopFor(Phi->getIncomingBlock(0)) == loopOf(Phi);
  }
  if (auto *Load = dyn_cast<LoadInst>(I)) {
    LoadInst *Primal = LoadFor(Load);
    return !Writes.isOverwritten(Primal ? *Primal : *Load);
  }
  if (auto *Call = dyn_cast<CallInst>(I))
    return isCheapCall(*Call);
  if (isExpensive(*I) || I->mayReadOrWriteMemory() || I->isTerminator() ||
      isa<AllocaInst, FreezeInst, LandingPadInst, VAArgInst>(I))
    return false;
  return isSafeToSpeculativelyExecute(I);
}

SmallVector<Value *, 4> RecordPlan::inputs(Value *V) const {
  auto *I = cast<Instruction>(V);
  Induction Ind;
  if (auto *Phi = dyn_cast<PHINode>(I); Phi && isInduction(*Phi, Ind))
    return {Ind.Start, Ind.Step};
  SmallVector<Value *, 4> Found;
  for (Value *Operand : I->operands())
    if (isa<Instruction>(Operand))
      Found.push_back(Operand);
  return Found;
}

uint64_t RecordPlan::recordingCost(Value *V) const {
  const DataLayout &DL = cast<Instruction>(V)->getDataLayout();
  uint64_t Cost = 4 * DL.getTypeStoreSize(V->getType()).getKnownMinValue();
  Loop *L = loopOf(V);
  // What the winner has is carried along, not put on the tape.
  if (L && Flow.loop(L).Won)
    L = L->getParentLoop();
  unsigned Depth = L ? std::min(L->getLoopDepth(), 6u) : 0;
  while (Depth--)
    Cost *= 10;
  return Cost;
}

SetVector<Value *> RecordPlan::choose(const SetVector<Value *> &Needs) {
  SetVector<Value *> Nodes;
  for (Value *V : Needs)
    if (!isFree(V))
      Nodes.insert(V);
  for (unsigned I = 0; I != Nodes.size(); ++I)
    if (isRecomputable(Nodes[I]))
      for (Value *In : inputs(Nodes[I]))
        if (isa<Instruction>(In) && !isFree(In))
          Nodes.insert(In);
  DenseMap<Value *, unsigned> Index;
  for (Value *V : Nodes)
    Index[V] = Index.size();
  VertexCut Graph(Nodes.size());
  for (Value *V : Nodes) {
    Graph.setCapacity(Index[V], recordingCost(V));
    if (Needs.contains(V))
      Graph.addSink(Index[V]);
    if (!isRecomputable(V)) {
      Graph.addSource(Index[V]);
      continue;
    }
    for (Value *In : inputs(V))
      if (auto It = Index.find(In); It != Index.end())
        Graph.addEdge(It->second, Index[V]);
  }
  SetVector<Value *> Chosen;
  for (unsigned I : Graph.solve())
    Chosen.insert(Nodes[I]);
  return Chosen;
}

} // namespace tern
