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
#pragma once
#include "llvm/ADT/SmallVector.h"
#include <memory>

namespace llvm {
class BasicBlock;
class BranchInst;
class Function;
class LoadInst;
class Loop;
class SCEV;
class StoreInst;
class Value;
} // namespace llvm

namespace tern {

class WrittenFirst {
public:
  explicit WrittenFirst(llvm::Function &F);
  ~WrittenFirst();

  /// The outermost loops.
  llvm::SmallVector<llvm::Loop *, 8> loops() const;
  /// The load gives the same value when its iteration of L is run again.
  bool isStable(llvm::LoadInst &Load, llvm::Loop &L);

private:
  struct Range {
    const llvm::SCEV *First = nullptr, *Last = nullptr;
  };
  struct Decision {
    llvm::BranchInst *Branch;
    unsigned Taken; ///< number of the successor
  };
  llvm::SmallVector<Decision, 4> decisionsFor(llvm::Loop &M);
  Range rangeIn(llvm::Value *Pointer, llvm::Loop *At, llvm::Loop &L);
  bool covers(llvm::StoreInst &Store, llvm::LoadInst &Load, llvm::Loop &L);
  bool alwaysRuns(llvm::StoreInst &Store, llvm::LoadInst &Load,
                  llvm::Loop &Common, llvm::Loop &L);
  bool runsAlwaysOrNever(llvm::Loop &M, llvm::StoreInst &Store,
                         llvm::LoadInst &Load, llvm::Loop &L);
  bool runsWhenever(llvm::Loop &M, llvm::BasicBlock *BB);

  struct State;
  std::unique_ptr<State> S;
};

} // namespace tern
