// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The conditions that make the trip count of an inner loop true.
//
// Problem. A trip count is computed before an outer loop, where nothing says
// that the inner loop will run; but scalar evolution wrote it for an inner loop
// that does. Where the inner loop is skipped, the count is any number: with
// m = 0 or -2 the tape below would be gigabytes, or of negative size.
//
//   for (int i = 0; i < n; ++i)
//     for (int j = 0; j < m; ++j)      trips = zext(m - 1) + 1, if m > 0
//
// Idea. Between the heads of the two loops, dominating branches and assumptions
// tell under which conditions the inner loop is reached. Those that speak of
// the values in the count are evaluated with it, and the count is 0 without
// them. Where one cannot be evaluated that early, neither can the count.
#pragma once
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class DominatorTree;
class Loop;
class ScalarEvolution;
class SCEV;
class SCEVExpander;
class Instruction;
class Value;
} // namespace llvm

namespace tern {

/// An i1 that is IsTrue where the loop runs.
struct LoopGuard {
  llvm::Value *Condition;
  bool IsTrue;
};

class LoopGuards {
public:
  LoopGuards(llvm::DominatorTree &DT, llvm::ScalarEvolution &SE,
             llvm::SCEVExpander &Expander)
      : DT(DT), SE(SE), Expander(Expander) {}

  /// True if the guards of L within Outer that `Trips` depends on are known
  /// before Outer.
  bool areKnownBefore(llvm::Loop &L, llvm::Loop &Outer,
                      const llvm::SCEV *Trips) const;

  /// Trips of L before Outer: 0 where L is not reached.
  llvm::Value *expandTrips(llvm::Loop &L, llvm::Loop &Outer,
                           const llvm::SCEV *Trips) const;

private:
  llvm::SmallVector<LoopGuard, 4> find(llvm::Loop &L, llvm::Loop &Outer,
                                       const llvm::SCEV *Trips) const;
  bool isKnownAt(llvm::Value *V, llvm::Instruction *At,
                 llvm::Loop &Outer) const;
  llvm::Value *expandAt(llvm::Value *V, llvm::Instruction *At) const;

  llvm::DominatorTree &DT;
  llvm::ScalarEvolution &SE;
  llvm::SCEVExpander &Expander;
};

} // namespace tern
