// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The reverse sweep: one block for each live block of the record sweep, run in
// the opposite order.
//
// Idea. Emit it naively: partials refer to the record sweep's values directly,
// as if they were still there. Afterwards Recording finds every such use and
// makes it true, by recomputing or through the tape. So no rule and no
// construct here knows how a value gets across.
//
//   then:  %y = fmul %x, %x       then.rev:  %x.adj += %y.adj * %x  (twice)
//          br %join           ->             br %entry.rev
//
// Split by construct: ReverseFlow.cpp (blocks, phis, loops), ReverseValues.cpp
// (arithmetic, select, vectors, aggregates), ReverseMemory.cpp (load, store,
// copies), ReverseCalls.cpp (calls that were not inlined), ReverseReplay.cpp
// (iterations that are run again).
#pragma once
#include "../Derivative.h"
#include "../analysis/ActivityFacts.h"
#include "../analysis/Flow.h"
#include "../analysis/Overwrites.h"
#include "Adjoints.h"
#include "Modes.h"
#include "Replay.h"
#include "Shadows.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/IRBuilder.h"

namespace tern {

/// An edge of the reverse sweep that enters loops (the record sweep left them)
/// or goes back around one. Frames of the tape are popped there.
struct ReverseEdge {
  llvm::BasicBlock *Block = nullptr;          ///< holds nothing else
  llvm::SmallVector<llvm::Loop *, 2> Entered; ///< innermost first
  llvm::Loop *Repeated = nullptr;
};

class ReverseSweep {
public:
  ReverseSweep(const DerivativeKey &Key, llvm::Function &G, FlowFacts &Flow,
               const ActivityFacts &Facts, const Overwrites &Writes,
               WorkList &Work);

  Shadows Shadow;
  Adjoints Adjoint;

  /// First: the record sweep's own additions (shadow pointers, record calls).
  bool addShadows(llvm::Value *Tape);
  /// Then the reverse blocks. `Begin` is where the sweep starts; it ends by
  /// branching to `End`. False after a reported error.
  bool emit(llvm::BasicBlock *Begin, llvm::BasicBlock *End);
  /// Last: calls replaced by their record forms disappear.
  void replaceRecordedCalls();
  /// Very last: record calls that stand for an invoke become invokes.
  void finishInvokes();

  /// Reverse block -> the record block whose values it sees.
  llvm::MapVector<llvm::BasicBlock *, llvm::BasicBlock *> RecordBlockOf;
  llvm::DenseMap<llvm::BasicBlock *, llvm::BasicBlock *> ReverseBlockOf;
  llvm::SmallVector<ReverseEdge, 8> Edges;
  bool UsesTape = false;
  /// Stores that lose a derivative if their memory has no shadow at run time.
  llvm::SmallPtrSet<const llvm::Instruction *, 8> DoubtfulStores;
  /// What replayed calls start from.
  ReplayStates States;

private:
  // ReverseFlow.cpp
  void createBlocks();
  void emitBlock(llvm::BasicBlock &BB, llvm::BasicBlock *End);
  void emitTerminator(llvm::BasicBlock &BB, llvm::BasicBlock *End);
  llvm::BasicBlock *emitEdge(llvm::BasicBlock &BB, llvm::BasicBlock &Pred);
  void enterWinner(llvm::Loop &L, llvm::IRBuilderBase &At);
  llvm::BasicBlock *emitSkip(llvm::Loop &L);
  void addPhiContributions(llvm::BasicBlock &BB, llvm::BasicBlock &Pred,
                           llvm::IRBuilderBase &At);

  // ReverseValues.cpp
  void visit(llvm::Instruction &I);
  void visitActiveValue(llvm::Instruction &I);
  void visitMath(llvm::Instruction &I);
  void reuseCalls(llvm::Instruction &I, llvm::Instruction *Before);
  void visitSelect(llvm::SelectInst &I);
  void visitPick(const Pick &P);
  void visitVector(llvm::Instruction &I, unsigned Lane);
  void visitShuffle(llvm::ShuffleVectorInst &I, llvm::Value *A, unsigned Lane);
  void visitAggregate(llvm::Instruction &I, unsigned Lane);
  void visitReduction(llvm::CallBase &I, unsigned Lane);
  void checkBits(llvm::Instruction &I);
  void addIfActive(llvm::Value *V, unsigned Lane, llvm::Value *X);
  void refuse(llvm::Instruction &I);

  // ReverseMemory.cpp
  void visitLoad(llvm::LoadInst &I);
  void visitStore(llvm::StoreInst &I);
  void visitCopy(llvm::Instruction &I);
  void visitAtomic(llvm::AtomicRMWInst &I);
  void stopWhereLost(llvm::Value *To, llvm::Value *Stored,
                     llvm::Instruction &Store);
  void visitFill(llvm::Instruction &I);
  void visitMaskedMemory(llvm::CallBase &I);
  llvm::Value *shadowAddress(llvm::Value *Pointer, unsigned Lane);
  llvm::Value *isTrulyShadowed(llvm::Value *Pointer, unsigned Lane);
  llvm::Value *zeroWhereInactive(llvm::Value *X, llvm::Value *Pointer,
                                 unsigned Lane);
  void addToMemory(llvm::Value *Pointer, llvm::Value *X, llvm::Align Align,
                   unsigned Lane);
  llvm::Value *takeFromMemory(llvm::Value *Pointer, llvm::Type *T,
                              llvm::Align Align, unsigned Lane);

  // ReverseCalls.cpp
  void recordCall(llvm::CallBase &Call);
  void recordBody(llvm::CallBase &Call);
  void releaseShadow(llvm::CallBase &Call);
  void recordDeallocation(llvm::CallBase &Call);
  void recordTapeCall(llvm::CallBase &Call);
  void recordTapeFree(llvm::CallBase &Call);
  void recordTapeDefer(llvm::CallBase &Call);
  void reverseAdjointCopy(llvm::CallBase &Call);
  void visitCall(llvm::CallBase &Call);
  void reverseBody(llvm::CallBase &Call);
  void addAdjointsOf(llvm::CallBase &Call, const DerivativeKey &Key,
                     llvm::Value *Returned);
  bool lacksShadowForRule(const llvm::CallBase &Call) const;
  void dropAdjointsBefore(llvm::CallBase &Call);
  bool hasMixedArgument(const llvm::CallBase &Call) const;
  DerivativeKey keyOf(llvm::CallBase &Call, Mode M);
  llvm::Value *shadowForRule(llvm::CallBase &Call, const llvm::Use &Arg,
                             unsigned Lane, llvm::IRBuilderBase &At);
  llvm::SmallVector<llvm::Value *, 8> sweepArguments(llvm::CallBase &Call,
                                                     const DerivativeKey &Key,
                                                     llvm::IRBuilderBase &At);

  // ReverseReplay.cpp
  void keepState(llvm::CallBase &Call);
  void replay(llvm::CallBase &Call);
  llvm::Value *stateBlock(llvm::CallBase &Call, const StateRange &State);

  const DerivativeKey &Key;
  llvm::Function &G;
  FlowFacts &Flow;
  const ActivityFacts &Facts;
  const Overwrites &Writes;
  WorkList &Work;
  llvm::Value *Tape = nullptr;
  llvm::IRBuilder<> B;
  llvm::FastMathFlags CommonFlags;
  llvm::AllocaInst *Scratch = nullptr;
  /// What stands in for the shadows of tables that are passed to rules.
  llvm::DenseMap<const llvm::GlobalVariable *, llvm::Value *> TableTwins;
  llvm::MapVector<llvm::CallBase *, llvm::Value *> RecordedCalls;
  llvm::MapVector<llvm::InvokeInst *, llvm::CallInst *> RecordedInvokes;
  /// Where on the tape the state is that a replayed call starts from.
  llvm::DenseMap<llvm::CallBase *, llvm::SmallVector<llvm::Value *, 2>> Kept;
  /// The record calls, and copies of state to the tape: not part of the
  /// primal, so not reversed themselves.
  llvm::SmallPtrSet<llvm::CallBase *, 4> OwnCalls;
  bool Failed = false;
};

} // namespace tern
