// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Control flow backwards.
//
// Each live block gets a reverse block; a reverse block ends by going to the
// reverse of the block that the record sweep came from. That is the flow fact
// `from` at merges, and the iteration counter at loop headers:
//
//   header.rev:  %i = load %l.rit                 ; the iteration undone
//                br (%i == 0) preheader.rev, back
//   back:        store %i - 1, %l.rit; br latch.rev
//   exit.rev:    store %l.last, %l.rit; br exiting.rev
//
// Of a loop that picks one iteration (analysis/Winners.h), that one alone:
//
//   exit.rev:    store %l.winner, %l.rit
//                br (%l.winner < 0) skip, exiting.rev
//   skip:        %start.adj += %picked.adj; br preheader.rev
//   header.rev:  br preheader.rev
#include "../analysis/Calls.h"
#include "ReverseSweep.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace tern {

/// Flags that every floating-point operation of the user's function has: sums
/// over its users may be reordered just as far as its own sums.
static FastMathFlags commonFlags(const Function &F) {
  bool Any = false;
  FastMathFlags Flags = FastMathFlags::getFast();
  for (const BasicBlock &BB : F)
    for (const Instruction &I : BB) {
      if (!isa<FPMathOperator>(I) || isa<PHINode, SelectInst, CallBase>(I))
        continue;
      Flags &= I.getFastMathFlags();
      Any = true;
    }
  return Any ? Flags : FastMathFlags();
}

ReverseSweep::ReverseSweep(const DerivativeKey &Key, Function &G,
                           FlowFacts &Flow, const ActivityFacts &Facts,
                           const Overwrites &Writes, WorkList &Work)
    : Shadow(G, Facts, Key.Width), Adjoint(G, Key.Width), Key(Key), G(G),
      Flow(Flow), Facts(Facts), Writes(Writes), Work(Work), B(G.getContext()),
      CommonFlags(commonFlags(G)) {
  B.setFastMathFlags(CommonFlags);
}

bool ReverseSweep::addShadows(Value *TapePointer) {
  Tape = TapePointer;
  return Shadow.insert([this](CallBase &Call) { recordCall(Call); }) && !Failed;
}

bool ReverseSweep::emit(BasicBlock *Begin, BasicBlock *End) {
  createBlocks();
  SmallVector<BasicBlock *, 32> Record;
  for (auto &[Reverse, BB] : RecordBlockOf)
    Record.push_back(BB);
  for (BasicBlock *BB : Record)
    emitBlock(*BB, End);
  B.SetInsertPoint(Begin);
  B.CreateBr(ReverseBlockOf.lookup(Flow.Exit));
  return !Failed;
}

void ReverseSweep::createBlocks() {
  SmallVector<BasicBlock *, 32> Record;
  for (BasicBlock &BB : G)
    if (Flow.isLive(&BB))
      Record.push_back(&BB);
  for (BasicBlock *BB : reverse(Record)) {
    auto *Reverse =
        BasicBlock::Create(G.getContext(), BB->getName() + ".rev", &G);
    ReverseBlockOf[BB] = Reverse;
    RecordBlockOf[Reverse] = BB;
  }
  IRBuilder<> Entry(&G.getEntryBlock(), G.getEntryBlock().begin());
  for (auto &[L, Facts] : Flow.loops())
    Facts.ReverseIteration =
        Entry.CreateAlloca(Entry.getInt64Ty(), nullptr, "rit");
}

void ReverseSweep::emitBlock(BasicBlock &BB, BasicBlock *End) {
  B.SetInsertPoint(ReverseBlockOf.lookup(&BB));
  for (Instruction &I : reverse(BB)) {
    if (isa<PHINode>(I))
      break;
    B.SetCurrentDebugLocation(I.getDebugLoc());
    visit(I);
  }
  emitTerminator(BB, End);
}

/// Sends the adjoint of each phi to the value that came in from `Pred`. All are
/// read before any is reset: phis may exchange their values.
void ReverseSweep::addPhiContributions(BasicBlock &BB, BasicBlock &Pred,
                                       IRBuilderBase &At) {
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    SmallVector<std::pair<Value *, Value *>, 4> Sent;
    for (PHINode &Phi : BB.phis())
      if (Facts.isActive(&Phi))
        Sent.push_back({Phi.getIncomingValueForBlock(&Pred),
                        Adjoint.take(&Phi, Lane, At)});
    for (auto &[V, A] : Sent)
      if (Facts.isActive(V))
        Adjoint.add(V, Lane, A, At);
  }
}

/// The block that stands for going back over the edge Pred -> BB.
BasicBlock *ReverseSweep::emitEdge(BasicBlock &BB, BasicBlock &Pred) {
  auto *Block = BasicBlock::Create(G.getContext(), BB.getName() + ".back", &G);
  RecordBlockOf[Block] = &BB;
  ReverseEdge Edge;
  Edge.Block = Block;
  IRBuilder<> At(Block);
  At.setFastMathFlags(CommonFlags);
  addPhiContributions(BB, Pred, At);
  Edge.Entered = Flow.loopsLeft(&Pred, &BB);
  for (Loop *L : Edge.Entered)
    At.CreateStore(Flow.lastIteration(L, &BB), Flow.loop(L).ReverseIteration);
  Loop *L = Flow.LI.getLoopFor(&BB);
  if (L && L->getHeader() == &BB && L->contains(&Pred)) {
    Edge.Repeated = L;
    AllocaInst *Slot = Flow.loop(L).ReverseIteration;
    Value *Now = At.CreateLoad(At.getInt64Ty(), Slot);
    At.CreateStore(At.CreateSub(Now, At.getInt64(1)), Slot);
  }
  if (Edge.Entered.size() == 1 && Flow.loop(Edge.Entered[0]).Winner)
    enterWinner(*Edge.Entered[0], At);
  else
    At.CreateBr(ReverseBlockOf.lookup(&Pred));
  Edges.push_back(Edge);
  return Block;
}

void ReverseSweep::enterWinner(Loop &L, IRBuilderBase &At) {
  Value *IsNone = At.CreateICmpSLT(Flow.loop(&L).Winner, At.getInt64(0));
  At.CreateCondBr(IsNone, emitSkip(L), ReverseBlockOf.lookup(L.getLoopLatch()));
}

/// No iteration won: what the loop began with came out of it.
BasicBlock *ReverseSweep::emitSkip(Loop &L) {
  BasicBlock *Exit = L.getExitBlock(), *Before = L.getLoopPreheader();
  auto *Block =
      BasicBlock::Create(G.getContext(), Exit->getName() + ".skip", &G);
  RecordBlockOf[Block] = Exit;
  IRBuilder<> At(Block);
  At.setFastMathFlags(CommonFlags);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
    for (const Pick &P : Flow.loop(&L).Picks) {
      Value *Start = P.Carried->getIncomingValueForBlock(Before);
      Value *A = Adjoint.take(P.Next, Lane, At);
      if (Facts.isActive(Start))
        Adjoint.add(Start, Lane, A, At);
    }
  At.CreateBr(ReverseBlockOf.lookup(Before));
  return Block;
}

void ReverseSweep::emitTerminator(BasicBlock &BB, BasicBlock *End) {
  const MergeFacts &Merge = Flow.merge(&BB);
  if (Merge.Preds.empty()) {
    B.CreateBr(End);
    return;
  }
  Loop *L = Flow.LI.getLoopFor(&BB);
  bool IsHeader = L && L->getHeader() == &BB;
  if (IsHeader && Flow.loop(L).Winner) {
    B.CreateBr(emitEdge(BB, *L->getLoopPreheader()));
    return;
  }
  SmallVector<BasicBlock *, 4> Back;
  for (BasicBlock *Pred : Merge.Preds)
    Back.push_back(emitEdge(BB, *Pred));
  if (Back.size() == 1) {
    B.CreateBr(Back[0]);
    return;
  }
  if (IsHeader) {
    Value *Now = B.CreateLoad(B.getInt64Ty(), Flow.loop(L).ReverseIteration);
    bool FirstIsLatch = L->contains(Merge.Preds[0]);
    B.CreateCondBr(B.CreateICmpEQ(Now, B.getInt64(0)),
                   Back[FirstIsLatch ? 1 : 0], Back[FirstIsLatch ? 0 : 1]);
    return;
  }
  if (Merge.From->getType()->isIntegerTy(1)) {
    B.CreateCondBr(Merge.From, Back[0], Back[1]);
    return;
  }
  SwitchInst *Switch = B.CreateSwitch(Merge.From, Back[0], Back.size() - 1);
  for (unsigned I = 1; I != Back.size(); ++I)
    Switch->addCase(B.getInt32(I), Back[I]);
}

} // namespace tern
