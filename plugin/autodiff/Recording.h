// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How values of the record sweep reach the reverse sweep.
//
// Problem. The reverse sweep was emitted as if all values were still there.
// Those outside loops are (or go through a stack slot); one computed in a loop
// has a different value in every iteration.
//
// Idea. Such a value is recomputed in the reverse iteration, from others that
// are there, or recorded on the tape; a minimum cut over the data flow decides
// (RecordPlan.h). What is recorded in a loop
//   - whose nest has trip counts known on entry goes to an array per value,
//     all arrays of the nest in one block from the arena;
//   - of unknown trip count is collected in stack slots during the iteration,
//     pushed as one frame at its end, and popped by the reverse iteration;
//   - of which one iteration is reversed (Winners.h) is kept from that one.
// Uses deep in a nest are served once, where the reverse of that nest begins.
//
//   for.body:  %e = call exp(%x)            store %e, %e.tape[%iter]
//   ...                               ->    ...
//   body.rev:  fmul %adj, %e                %e.r = load %e.tape[%rit]
//
// On exit no instruction of the reverse sweep refers to a value of the record
// sweep that does not dominate it.
#pragma once
#include "../analysis/Flow.h"
#include "../analysis/RecordPlan.h"
#include "ReverseSweep.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

namespace tern {

class Recording {
public:
  Recording(llvm::Function &G, FlowFacts &Flow, ReverseSweep &Sweep,
            Overwrites &Writes, Mode TheMode, llvm::Value *Tape);

  /// `Begin`: the block between the sweeps.
  void run(llvm::BasicBlock *Begin);
  bool usesTape() const { return UsesTape; }

private:
  using Frame = llvm::SmallVector<llvm::AllocaInst *, 8>;

  void collectUses();
  void planNests();
  void keepWinners(llvm::Loop *L);
  llvm::Value *keepFromWinner(llvm::Value *V, llvm::Loop *L);
  void recordInNest(llvm::Loop *Nest, llvm::ArrayRef<llvm::Value *> Values);
  void recordInFrame(llvm::Loop *L, llvm::ArrayRef<llvm::Value *> Values);
  void recordInFunction(llvm::BasicBlock *Begin);
  void placeFrames();
  void serveUses();

  /// V as the reverse block sees it.
  llvm::Value *fetch(llvm::Value *V, llvm::BasicBlock *ReverseBlock);
  llvm::Value *fetchAt(llvm::Instruction &V, llvm::Loop *L,
                       llvm::BasicBlock *Place);
  llvm::Value *recompute(llvm::Instruction &V, llvm::BasicBlock *Place);
  llvm::Value *recomputeInduction(llvm::PHINode &Phi, const Induction &Ind,
                                  llvm::BasicBlock *Place);
  llvm::BasicBlock *placeFor(llvm::Value *V, llvm::BasicBlock *ReverseBlock);
  llvm::Instruction *anchor(llvm::BasicBlock *BB);
  llvm::Value *nestIndex(llvm::Loop *L, llvm::Loop *Nest,
                         llvm::IRBuilderBase &B,
                         llvm::BasicBlock *ReverseBlock);

  llvm::Align alignmentOnTape(llvm::Type *T) const;
  llvm::AllocaInst *slotFor(llvm::Value *V);
  llvm::StructType *frameType(llvm::ArrayRef<llvm::AllocaInst *> Frame);
  void pushFrame(llvm::ArrayRef<llvm::AllocaInst *> Frame,
                 llvm::Instruction *Before);
  void popFrame(llvm::ArrayRef<llvm::AllocaInst *> Frame,
                llvm::Instruction *Before);

  llvm::Function &G;
  FlowFacts &Flow;
  ReverseSweep &Sweep;
  Mode TheMode;
  llvm::Value *Tape;
  RecordPlan Plan;
  /// Values to record, per loop that they are computed in.
  llvm::MapVector<llvm::Loop *, llvm::SetVector<llvm::Value *>> Recorded;
  llvm::SmallVector<llvm::Use *, 64> CrossUses;
  llvm::DenseMap<llvm::Value *, llvm::Value *> Arrays; ///< value -> its array
  llvm::DenseMap<llvm::Value *, llvm::Value *> Kept;   ///< from the winner
  llvm::MapVector<llvm::Value *, llvm::AllocaInst *> Slots;
  llvm::MapVector<llvm::Loop *, Frame> Frames; ///< loops of unknown trip count
  llvm::SetVector<llvm::AllocaInst *> FunctionFrame;
  llvm::DenseMap<std::pair<llvm::Value *, llvm::BasicBlock *>, llvm::Value *>
      Fetched;
  /// New instructions go before these, in order.
  llvm::DenseMap<llvm::BasicBlock *, llvm::Instruction *> Anchors;
  bool UsesTape = false;
};

} // namespace tern
