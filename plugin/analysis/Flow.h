// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the reverse sweep must know to walk the control flow backwards.
//
// Problem. Going backwards, a block with two predecessors must know which one
// the record sweep came from, and a loop must know how often it ran.
//
// Idea. Put both into the record sweep as ordinary values; whether they are
// recomputed or recorded is then decided like for any other value.
//
//   merge block   %b.from = phi i32 [0, %p], [1, %q]     (or the condition of
//                 the branch that decided it, where one dominates)
//   loop          %l.iter = phi i64 [0, pre], [%l.iter + 1, latch]
//   loop exit     %l.last = phi i64 [%l.iter, ...]       (or the backedge
//   count,
//                 where it is computable before the loop)
//
// On entry: canonical form. Only blocks from which the return can be reached
// are walked backwards (`isLive`); the others end in throw or abort.
#pragma once
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"

namespace llvm {
class AllocaInst;
class PHINode;
class ScalarEvolution;
class Value;
} // namespace llvm

namespace tern {

/// A phi of a loop's header that an iteration passes on or replaces.
struct Pick {
  llvm::PHINode *Carried = nullptr;
  llvm::Instruction *Next = nullptr; ///< what the next iteration carries
  /// What a winning iteration has Next be; null if Next is a phi.
  llvm::Value *Offered = nullptr;
};

/// One loop of the record sweep.
struct LoopFacts {
  llvm::Loop *L = nullptr;
  /// Counts the iterations from 0; i64.
  llvm::PHINode *Iteration = nullptr;
  /// Iterations, i64, available in the preheader of `Nest`; null if unknown
  /// before the loop runs.
  llvm::Value *Trips = nullptr;
  /// The outermost loop of the nest whose trip counts are all known before it
  /// starts; null if Trips is.
  llvm::Loop *Nest = nullptr;
  /// The iteration that the reverse sweep is in; set by the sweep.
  llvm::AllocaInst *ReverseIteration = nullptr;

  /// In loops of which one iteration alone is reversed (Winners.h): its number
  /// as seen after the loop, i64, -1 for none. Null in other loops.
  llvm::Value *Winner = nullptr;
  /// i1 at the latch: this iteration wins over those before. Null where the
  /// winner is searched for after the loop.
  llvm::Value *Won = nullptr;
  llvm::SmallVector<Pick, 1> Picks;
};

/// How to tell in the reverse sweep which predecessor a block was entered from.
struct MergeFacts {
  llvm::SmallVector<llvm::BasicBlock *, 4> Preds; ///< live ones, unique
  /// i1 (true: Preds[0]) or i32 index into Preds; null for loop headers and
  /// for blocks with one predecessor.
  llvm::Value *From = nullptr;
};

class FlowFacts {
public:
  /// Inserts the values above into F.
  explicit FlowFacts(llvm::Function &F);
  ~FlowFacts();

  llvm::DominatorTree DT;
  llvm::LoopInfo LI;
  llvm::BasicBlock *Exit = nullptr; ///< the block with the only return, if any

  bool isLive(const llvm::BasicBlock *BB) const { return Live.contains(BB); }
  const MergeFacts &merge(llvm::BasicBlock *BB) const {
    return Merges.find(BB)->second;
  }
  LoopFacts &loop(llvm::Loop *L) { return Loops.find(L)->second; }
  llvm::MapVector<llvm::Loop *, LoopFacts> &loops() { return Loops; }
  /// The choice that I makes, if that is what decides its loop's winner.
  const Pick *pickOf(const llvm::Instruction &I) const;
  /// The iteration of L that the reverse sweep begins with when it comes from
  /// exit block `Exit`: the last, or the winner.
  llvm::Value *lastIteration(llvm::Loop *L, llvm::BasicBlock *ExitBlock) const {
    if (llvm::Value *Winner = Loops.find(L)->second.Winner)
      return Winner;
    return LastIterations.lookup({L, ExitBlock});
  }
  /// The loops that the edge leaves, innermost first.
  llvm::SmallVector<llvm::Loop *, 2> loopsLeft(llvm::BasicBlock *From,
                                               llvm::BasicBlock *To) const;
  /// Where an outer value that loop L's reverse needs can be fetched once: the
  /// only exit block of L, or null.
  llvm::BasicBlock *uniqueExit(llvm::Loop *L) const;

private:
  void findLiveBlocks(llvm::Function &F);
  void countIterations(llvm::ScalarEvolution &SE);
  void separateLatch(llvm::Loop &L);
  void findMerges(llvm::Function &F);
  void addLastIterations(llvm::Function &F);
  llvm::Value *decidingCondition(llvm::BasicBlock *BB, MergeFacts &Merge);

  llvm::SmallPtrSet<const llvm::BasicBlock *, 32> Live;
  llvm::MapVector<llvm::Loop *, LoopFacts> Loops;
  llvm::DenseMap<llvm::BasicBlock *, MergeFacts> Merges;
  llvm::DenseMap<std::pair<llvm::Loop *, llvm::BasicBlock *>, llvm::Value *>
      LastIterations;
};

} // namespace tern
