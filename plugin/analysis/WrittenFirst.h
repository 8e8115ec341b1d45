// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether running one iteration of a loop again, later, would read the same
// values: each load reads memory that nothing overwrites, or memory that the
// same iteration has written before.
//
// The second is proved on address ranges: a store that runs in every iteration
// of an inner loop with dense affine addresses covers [first, last]; the load,
// in a later inner loop, stays within (Tu and Padua 1993, array privatisation).
//
//   for c: t[c] = f(x, c);          covers t[0 .. k)
//   for c: s += exp(t[c] - m);      reads  t[0 .. k)
//
// Several stores may do it together, one range beginning where the other ends;
// a loop that may be skipped must then be one that has nothing to add:
//
//   k[0] = x[0];
//   for (i = 1; i < n; ++i) k[i] = x[i] * y[i - 1];       skipped where n <= 1
//   for (i = 0; i < n; ++i) s += k[i];
#pragma once
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <memory>
#include <optional>

namespace llvm {
class BasicBlock;
class BranchInst;
class DominatorTree;
class Function;
class LoadInst;
class Loop;
class SCEV;
class ScalarEvolution;
class StoreInst;
class Value;
} // namespace llvm

namespace tern {

class WrittenFirst {
public:
  /// Addresses from First to Last inclusive; null if unknown.
  struct Range {
    const llvm::SCEV *First = nullptr, *Last = nullptr;
  };

  explicit WrittenFirst(llvm::Function &F);
  ~WrittenFirst();

  /// The outermost loops.
  llvm::SmallVector<llvm::Loop *, 8> loops() const;
  llvm::Loop *loopFor(const llvm::BasicBlock *BB) const;
  /// The load gives the same value when its iteration of L is run again.
  bool isStable(llvm::LoadInst &Load, llvm::Loop &L);
  /// Something writes to the loaded memory after the load.
  bool isOverwritten(llvm::LoadInst &Load);
  /// What the load reads in one iteration of L, if it runs in it.
  Range addresses(llvm::LoadInst &Load, llvm::Loop &L);
  llvm::ScalarEvolution &evolution();
  llvm::DominatorTree &dominators();

private:
  struct Decision {
    llvm::BranchInst *Branch;
    unsigned Taken; ///< number of the successor
  };
  /// What one store writes, where what Runs decides does not skip its loop.
  struct Piece {
    Range Written;
    std::optional<Decision> Runs;
  };
  llvm::SmallVector<Decision, 4> decisionsFor(llvm::Loop &M);
  Range rangeIn(llvm::Value *Pointer, llvm::Loop *At, llvm::Loop &L);
  bool covers(llvm::StoreInst &Store, llvm::LoadInst &Load, llvm::Loop &L);
  bool alwaysRuns(llvm::StoreInst &Store, llvm::LoadInst &Load,
                  llvm::Loop &Common, llvm::Loop &L);
  bool runsAlwaysOrNever(llvm::Loop &M, llvm::StoreInst &Store,
                         llvm::LoadInst &Load, llvm::Loop &L);
  bool runsWhenever(llvm::Loop &M, llvm::BasicBlock *BB);
  bool precedes(llvm::StoreInst &Store, llvm::LoadInst &Load,
                llvm::Loop &Common);
  Range writtenIn(llvm::StoreInst &Store, llvm::Loop &Common);
  std::optional<Piece> pieceOf(llvm::StoreInst &Store, llvm::LoadInst &Load,
                               llvm::Loop &Common);
  bool coverTogether(llvm::LoadInst &Load, llvm::Loop &Common);
  bool reaches(const llvm::SCEV *Next, llvm::LoadInst &Load,
               const llvm::SCEV *Last, llvm::ArrayRef<Piece> Pieces,
               llvm::ArrayRef<Decision> Facts);
  bool isAtLeast(const llvm::SCEV *A, const llvm::SCEV *B, llvm::LoadInst &At,
                 llvm::ArrayRef<Decision> Facts);

  struct State;
  std::unique_ptr<State> S;
};

} // namespace tern
