// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Recording.h"
#include "RecordRemarks.h"
#include "TapeCalls.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

Recording::Recording(Function &G, FlowFacts &Flow, ReverseSweep &Sweep,
                     Overwrites &Writes, Mode TheMode, Value *Tape)
    : G(G), Flow(Flow), Sweep(Sweep), TheMode(TheMode), Tape(Tape),
      Plan(Flow, Writes, TheMode == Mode::Grad,
           [&Sweep](LoadInst *Load) { return Sweep.Shadow.primalOf(Load); }) {}

void Recording::run(BasicBlock *Begin) {
  collectUses();
  planNests();
  serveUses();
  recordInFunction(Begin);
}

//===-- What is needed ----------------------------------------------------===//

/// Slots of the reverse sweep's own (counters, scratch) live in the entry.
static bool isOwnSlot(const Instruction &I) {
  const auto *Slot = dyn_cast<AllocaInst>(&I);
  return Slot && Slot->isStaticAlloca();
}

void Recording::collectUses() {
  SetVector<Value *> Needs;
  for (auto &[Reverse, Record] : Sweep.RecordBlockOf) {
    Anchors[Reverse] = &*Reverse->getFirstNonPHIIt();
    for (Instruction &I : *Reverse)
      for (Use &U : I.operands()) {
        auto *V = dyn_cast<Instruction>(U.get());
        if (!V || !Flow.isLive(V->getParent()) || isOwnSlot(*V))
          continue;
        CrossUses.push_back(&U);
        Needs.insert(V);
      }
  }
  for (Value *V : Plan.choose(Needs))
    Recorded[Flow.LI.getLoopFor(cast<Instruction>(V)->getParent())].insert(V);
}

//===-- Where it is recorded ----------------------------------------------===//

/// The loop on whose entry (known trip counts) or in whose iterations (unknown)
/// the memory for L's values is taken.
static Loop *scopeOf(FlowFacts &Flow, Loop *L) {
  Loop *Nest = Flow.loop(L).Nest;
  return Nest ? Nest : L;
}

/// Inner scopes first: the address of a block taken inside an outer loop is
/// itself a value to record there.
void Recording::planNests() {
  unsigned MaxDepth = 0;
  for (auto &[L, Facts] : Flow.loops())
    MaxDepth = std::max(MaxDepth, L->getLoopDepth());
  for (unsigned Depth = MaxDepth; Depth; --Depth) {
    for (auto &[L, Facts] : Flow.loops())
      if (Facts.Won && L->getLoopDepth() == Depth)
        keepWinners(L);
    for (auto &[Scope, Facts] : Flow.loops()) {
      if (Scope->getLoopDepth() != Depth)
        continue;
      SmallVector<Value *, 16> Values;
      for (auto &[L, Set] : Recorded)
        if (L && scopeOf(Flow, L) == Scope)
          Values.append(Set.begin(), Set.end());
      if (Values.empty())
        continue;
      if (TheMode != Mode::Reverse)
        remarkRecords(G, Values);
      if (Facts.Nest)
        recordInNest(Scope, Values);
      else
        recordInFrame(Scope, Values);
    }
  }
}

static Instruction *afterDefinition(Value *V) {
  auto *I = cast<Instruction>(V);
  if (auto *Invoke = dyn_cast<InvokeInst>(I))
    return &*Invoke->getNormalDest()->getFirstInsertionPt();
  return isa<PHINode>(I) ? &*I->getParent()->getFirstInsertionPt()
                         : I->getNextNode();
}

static Loop *loopOf(FlowFacts &Flow, Value *V) {
  return Flow.LI.getLoopFor(cast<Instruction>(V)->getParent());
}

/// Bits on the tape: i1 takes a byte.
static Type *storedType(Type *T) {
  return T->isIntegerTy(1) ? Type::getInt8Ty(T->getContext()) : T;
}

/// Blocks are aligned to 16 bytes, wide vectors in them no better.
Align Recording::alignmentOnTape(Type *T) const {
  return std::min(G.getDataLayout().getABITypeAlign(T), BlockAlign);
}

/// Constant blocks up to this size live on the stack.
static constexpr uint64_t MaxStackBlock = 16 * 1024;

/// One block for the nest, an array per value in it, laid out one after the
/// other; in large blocks each at a cache line of its own.
void Recording::recordInNest(Loop *Nest, ArrayRef<Value *> Values) {
  const DataLayout &DL = G.getDataLayout();
  BasicBlock *Before = Nest->getLoopPreheader();
  Loop *Outer = Flow.LI.getLoopFor(Before);
  IRBuilder<> B(Before->getTerminator());
  DenseMap<Loop *, Value *> Total;
  std::function<Value *(Loop *)> TotalTrips = [&](Loop *L) -> Value * {
    Value *&Known = Total[L];
    if (Known)
      return Known;
    Value *Here = Flow.loop(L).Trips;
    Value *All =
        L == Nest ? Here : B.CreateMul(TotalTrips(L->getParentLoop()), Here);
    return Total[L] = All;
  };
  // A block per iteration of an outer loop, or per call, is small.
  const uint64_t ArrayAlign = Outer || TheMode != Mode::Grad ? 16 : 64;
  SmallVector<Value *, 16> Offsets;
  Value *Bytes = B.getInt64(0);
  for (Value *V : Values) {
    Offsets.push_back(Bytes);
    uint64_t Size = DL.getTypeAllocSize(storedType(V->getType()));
    Value *Length = B.CreateMul(TotalTrips(loopOf(Flow, V)), B.getInt64(Size));
    Length = B.CreateAnd(B.CreateAdd(Length, B.getInt64(ArrayAlign - 1)),
                         B.getInt64(-ArrayAlign));
    Bytes = B.CreateAdd(Bytes, Length);
  }
  Value *Block;
  auto *Constant = dyn_cast<ConstantInt>(Bytes);
  if (Constant && Constant->getZExtValue() <= MaxStackBlock && !Outer &&
      TheMode == Mode::Grad) {
    IRBuilder<> Entry(&G.getEntryBlock(), G.getEntryBlock().begin());
    AllocaInst *Slot = Entry.CreateAlloca(
        ArrayType::get(B.getInt8Ty(), Constant->getZExtValue()), nullptr,
        "tape.block");
    Slot->setAlignment(Align(64));
    Block = Slot;
  } else {
    CallInst *Call = newBlock(B, Tape, Bytes, "tape.block");
    Call->addRetAttr(Attribute::getWithAlignment(G.getContext(), BlockAlign));
    Block = Call;
    UsesTape = true;
  }
  for (auto [V, Offset] : zip(Values, Offsets)) {
    Value *Array =
        B.CreateInBoundsPtrAdd(Block, Offset, V->getName() + ".tape");
    Arrays[V] = Array;
    if (Outer && isa<Instruction>(Array))
      Recorded[Outer].insert(Array);
    B.SetInsertPoint(afterDefinition(V));
    Type *T = storedType(V->getType());
    Value *Index = nestIndex(loopOf(Flow, V), Nest, B, nullptr);
    Value *Stored = T == V->getType() ? V : B.CreateZExt(V, T);
    B.CreateAlignedStore(Stored, B.CreateInBoundsGEP(T, Array, Index),
                         alignmentOnTape(T));
    B.SetInsertPoint(Before->getTerminator());
  }
  if (!Outer)
    return;
  // The reverse sweep needs the trip counts of inner loops for the index.
  for (Value *V : Values)
    for (Loop *L = loopOf(Flow, V); L != Nest; L = L->getParentLoop())
      if (auto *Trips = dyn_cast<Instruction>(Flow.loop(L).Trips))
        if (Loop *At = loopOf(Flow, Trips); At && !Plan.isFree(Trips))
          Recorded[At].insert(Trips);
}

/// Position of the current iteration in the arrays of its nest.
Value *Recording::nestIndex(Loop *L, Loop *Nest, IRBuilderBase &B,
                            BasicBlock *ReverseBlock) {
  LoopFacts &Facts = Flow.loop(L);
  Value *Here = Facts.Iteration;
  if (ReverseBlock)
    Here = fetch(Here, ReverseBlock);
  // The nest of a loop between may reach further out: not of interest here.
  if (L == Nest)
    return Here;
  Value *Outer = nestIndex(L->getParentLoop(), Nest, B, ReverseBlock);
  Value *Trips = Facts.Trips;
  if (ReverseBlock)
    Trips = fetch(Trips, ReverseBlock);
  return B.CreateAdd(B.CreateMul(Outer, Trips), Here, "tape.index");
}

/// The values become values of the loop around, and are recorded there.
void Recording::keepWinners(Loop *L) {
  for (Value *V : Recorded[L].takeVector()) {
    Kept[V] = keepFromWinner(V, L);
    Recorded[L->getParentLoop()].insert(Kept[V]);
  }
}

/// kept = won ? V : kept, at the end of each iteration; as seen after the loop.
Value *Recording::keepFromWinner(Value *V, Loop *L) {
  Type *T = V->getType();
  IRBuilder<> Entry(&G.getEntryBlock(), G.getEntryBlock().begin());
  AllocaInst *Slot = Entry.CreateAlloca(T, nullptr, V->getName() + ".kept");
  Instruction *End = L->getLoopLatch()->getTerminator();
  bool IsThere = Flow.DT.dominates(cast<Instruction>(V), End);
  AllocaInst *Latest = IsThere ? nullptr : slotFor(V);
  IRBuilder<> B(End);
  Value *Now = IsThere ? V : B.CreateLoad(T, Latest);
  B.CreateStore(B.CreateSelect(Flow.loop(L).Won, Now, B.CreateLoad(T, Slot)),
                Slot);
  B.SetInsertPoint(L->getExitBlock()->getFirstInsertionPt());
  return B.CreateLoad(T, Slot, V->getName() + ".kept");
}

AllocaInst *Recording::slotFor(Value *V) {
  AllocaInst *&Slot = Slots[V];
  if (Slot)
    return Slot;
  IRBuilder<> Entry(&G.getEntryBlock(), G.getEntryBlock().begin());
  Slot = Entry.CreateAlloca(V->getType(), nullptr, V->getName() + ".slot");
  IRBuilder<> B(afterDefinition(V));
  B.CreateStore(V, Slot);
  return Slot;
}

StructType *Recording::frameType(ArrayRef<AllocaInst *> Frame) {
  SmallVector<Type *, 8> Fields;
  for (AllocaInst *Slot : Frame)
    Fields.push_back(storedType(Slot->getAllocatedType()));
  return StructType::get(G.getContext(), Fields);
}

static uint64_t frameBytes(StructType *T, const DataLayout &DL) {
  return alignTo(DL.getTypeAllocSize(T), 16);
}

void Recording::pushFrame(ArrayRef<AllocaInst *> Frame, Instruction *Before) {
  IRBuilder<> B(Before);
  StructType *T = frameType(Frame);
  Value *Memory = tern::pushFrame(B, Tape, frameBytes(T, G.getDataLayout()));
  for (auto [I, Slot] : enumerate(Frame)) {
    Value *V = B.CreateLoad(Slot->getAllocatedType(), Slot);
    B.CreateAlignedStore(B.CreateZExtOrBitCast(V, T->getElementType(I)),
                         B.CreateStructGEP(T, Memory, I), Align(1));
  }
  UsesTape = true;
}

void Recording::popFrame(ArrayRef<AllocaInst *> Frame, Instruction *Before) {
  IRBuilder<> B(Before);
  StructType *T = frameType(Frame);
  Value *Memory = tern::popFrame(B, Tape, frameBytes(T, G.getDataLayout()));
  for (auto [I, Slot] : enumerate(Frame)) {
    Value *V = B.CreateAlignedLoad(T->getElementType(I),
                                   B.CreateStructGEP(T, Memory, I), Align(1));
    B.CreateStore(B.CreateTruncOrBitCast(V, Slot->getAllocatedType()), Slot);
  }
  UsesTape = true;
}

void Recording::recordInFrame(Loop *L, ArrayRef<Value *> Values) {
  SmallVector<AllocaInst *, 8> Frame;
  for (Value *V : Values)
    Frame.push_back(slotFor(V));
  Frames[L] = Frame;
}

/// An iteration ends at the latch or on an edge out of the loop. An edge may
/// leave several loops: the innermost is pushed first and popped last.
void Recording::placeFrames() {
  if (Frames.empty())
    return;
  for (auto &[L, Frame] : Frames)
    pushFrame(Frame, L->getLoopLatch()->getTerminator());
  for (BasicBlock &BB : G) {
    if (!Flow.isLive(&BB) || pred_empty(&BB))
      continue;
    Instruction *At = &*BB.getFirstInsertionPt();
    for (Loop *L : Flow.loopsLeft(*pred_begin(&BB), &BB))
      if (auto It = Frames.find(L); It != Frames.end())
        pushFrame(It->second, At);
  }
  for (const ReverseEdge &Edge : Sweep.Edges) {
    Instruction *At = &*Edge.Block->getFirstInsertionPt();
    for (Loop *L : reverse(Edge.Entered))
      if (auto It = Frames.find(L); It != Frames.end())
        popFrame(It->second, At);
    if (auto It = Frames.find(Edge.Repeated); It != Frames.end())
      popFrame(It->second, At);
  }
}

/// With the sweeps in two functions, what lies outside loops crosses in one
/// frame at the end of the first.
void Recording::recordInFunction(BasicBlock *Begin) {
  if (TheMode == Mode::Grad || FunctionFrame.empty())
    return;
  SmallVector<AllocaInst *, 8> Frame(FunctionFrame.begin(),
                                     FunctionFrame.end());
  if (TheMode == Mode::Record)
    pushFrame(Frame, Begin->getTerminator());
  else
    popFrame(Frame, &*Begin->getFirstInsertionPt());
}

//===-- How it is had again -----------------------------------------------===//

void Recording::serveUses() {
  for (Use *U : CrossUses) {
    auto *User = cast<Instruction>(U->getUser());
    BasicBlock *BB = User->getParent();
    if (auto *Phi = dyn_cast<PHINode>(User))
      BB = Phi->getIncomingBlock(*U);
    U->set(fetch(U->get(), BB));
  }
  placeFrames();
}

Instruction *Recording::anchor(BasicBlock *BB) { return Anchors.lookup(BB); }

/// Out of the reverses of inner loops, to where they begin, as far as V stays
/// the same value.
BasicBlock *Recording::placeFor(Value *V, BasicBlock *ReverseBlock) {
  Loop *Home = loopOf(Flow, V);
  BasicBlock *Defined = cast<Instruction>(V)->getParent();
  BasicBlock *Place = ReverseBlock;
  Loop *L = Flow.LI.getLoopFor(Sweep.RecordBlockOf.lookup(Place));
  while (L && L != Home && (!Home || Home->contains(L))) {
    BasicBlock *ExitBlock = Flow.uniqueExit(L);
    if (!ExitBlock || (Home && !Home->contains(ExitBlock)) ||
        !Flow.DT.dominates(Defined, ExitBlock))
      break;
    Place = Sweep.ReverseBlockOf.lookup(ExitBlock);
    L = Flow.LI.getLoopFor(ExitBlock);
  }
  return Place;
}

/// What an invoke returns exists on its normal edge only.
static bool isKnownIn(DominatorTree &DT, Instruction &I, BasicBlock *BB) {
  return isa<InvokeInst>(I) ? DT.dominates(&I, BB)
                            : DT.dominates(I.getParent(), BB);
}

Value *Recording::fetch(Value *V, BasicBlock *ReverseBlock) {
  auto *I = dyn_cast<Instruction>(V);
  if (!I || !Flow.isLive(I->getParent()) || isOwnSlot(*I))
    return V;
  Loop *L = Flow.LI.getLoopFor(I->getParent());
  if (!L && TheMode == Mode::Grad && isKnownIn(Flow.DT, *I, Flow.Exit))
    return V;
  BasicBlock *Place = L ? placeFor(V, ReverseBlock) : ReverseBlock;
  auto Key = std::make_pair(V, Place);
  if (Value *Known = Fetched.lookup(Key))
    return Known;
  Value *Here = fetchAt(*I, L, Place);
  Fetched[Key] = Here;
  return Here;
}

Value *Recording::fetchAt(Instruction &V, Loop *L, BasicBlock *Place) {
  if (L && Flow.loop(L).Iteration == &V) {
    IRBuilder<> B(anchor(Place));
    return B.CreateLoad(V.getType(), Flow.loop(L).ReverseIteration, "rit.now");
  }
  bool IsRecorded = TheMode == Mode::Grad || Recorded[nullptr].contains(&V) ||
                    !Plan.isRecomputable(&V);
  if (!L && IsRecorded) {
    AllocaInst *Slot = slotFor(&V);
    FunctionFrame.insert(Slot);
    IRBuilder<> B(anchor(Place));
    return B.CreateLoad(V.getType(), Slot);
  }
  if (Value *FromWinner = Kept.lookup(&V))
    return fetch(FromWinner, Place);
  if (Value *Array = Arrays.lookup(&V)) {
    Value *From = fetch(Array, Place);
    IRBuilder<> B(anchor(Place));
    Value *Index = nestIndex(L, Flow.loop(L).Nest, B, Place);
    B.SetInsertPoint(anchor(Place));
    Type *T = storedType(V.getType());
    Value *X = B.CreateAlignedLoad(T, B.CreateInBoundsGEP(T, From, Index),
                                   alignmentOnTape(T), V.getName() + ".taped");
    return B.CreateTruncOrBitCast(X, V.getType());
  }
  if (auto It = Slots.find(&V); It != Slots.end()) {
    IRBuilder<> B(anchor(Place));
    return B.CreateLoad(V.getType(), It->second);
  }
  return recompute(V, Place);
}

Value *Recording::recomputeInduction(PHINode &Phi, const Induction &Ind,
                                     BasicBlock *Place) {
  Loop *L = Flow.LI.getLoopFor(Phi.getParent());
  Value *Count = fetch(Flow.loop(L).Iteration, Place);
  Value *Start = fetch(Ind.Start, Place), *Step = fetch(Ind.Step, Place);
  IRBuilder<> B(anchor(Place));
  Count = B.CreateZExtOrTrunc(Count, Step->getType());
  Value *Offset = B.CreateMul(Count, Step);
  if (Ind.Element)
    return B.CreateGEP(Ind.Element, Start, Offset);
  return B.CreateAdd(Start, Offset);
}

Value *Recording::recompute(Instruction &V, BasicBlock *Place) {
  if (auto *Phi = dyn_cast<PHINode>(&V)) {
    Induction Ind;
    if (Plan.isInduction(*Phi, Ind))
      return recomputeInduction(*Phi, Ind, Place);
    return fetch(Phi->getIncomingValue(0), Place);
  }
  Instruction *Copy = V.clone();
  for (Use &U : Copy->operands())
    U.set(fetch(U.get(), Place));
  Copy->insertBefore(anchor(Place)->getIterator());
  Copy->setName(V.getName() + ".again");
  return Copy;
}

} // namespace tern
