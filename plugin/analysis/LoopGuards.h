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
// Idea. The branches between the heads of the two loops tell on which ways the
// inner loop is reached: a block is reached by one of its predecessors, and
// that on the condition of the edge. Conditions that speak of the values in the
// count are evaluated with it; the count is 0 on no way. Where such a condition
// cannot be evaluated that early, neither can the count.
//
// Others are taken for granted, but one of them may be why the count does not
// wrap around: a branch on the tape of a gradient once was `m > 2`. So what is
// divided or widened in the count is at least 0, or the count stays inside.
//
//   if (m > 2) a(); else if (m == 0) continue;     runs = m > 2 or m != 0
#pragma once

namespace llvm {
class DominatorTree;
class Loop;
class LoopInfo;
class ScalarEvolution;
class SCEV;
class SCEVExpander;
class Instruction;
class Value;
} // namespace llvm

namespace tern {

class LoopGuards {
public:
  LoopGuards(llvm::DominatorTree &DT, llvm::LoopInfo &LI,
             llvm::ScalarEvolution &SE, llvm::SCEVExpander &Expander)
      : DT(DT), LI(LI), SE(SE), Expander(Expander) {}

  /// True if the guards of L within Outer that `Trips` depends on are known
  /// before Outer.
  bool areKnownBefore(llvm::Loop &L, llvm::Loop &Outer,
                      const llvm::SCEV *Trips) const;

  /// Trips of L before Outer: 0 where L is not reached.
  llvm::Value *expandTrips(llvm::Loop &L, llvm::Loop &Outer,
                           const llvm::SCEV *Trips) const;

private:
  class Ways;
  bool isKnownAt(llvm::Value *V, llvm::Instruction *At,
                 llvm::Loop &Outer) const;
  bool isBounded(llvm::Loop &L, const llvm::SCEV *Trips) const;
  llvm::Value *expandAt(llvm::Value *V, llvm::Instruction *At) const;

  llvm::DominatorTree &DT;
  llvm::LoopInfo &LI;
  llvm::ScalarEvolution &SE;
  llvm::SCEVExpander &Expander;
};

} // namespace tern
