// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums that loops inside an iteration add to.
//
// Problem. `for p: for c: sum += t(p, c)` carries its sum from one iteration to
// the next, and state is what keeps an iteration from being run again
// (Replay.h). Adding up each iteration by itself first would round differently.
//
// Idea. No derivative depends on what the sum is: where it is only added to,
// the adjoint passes through as it is. So the iteration takes the sum as an
// argument and returns the next one, in the order of the primal; its gradient
// is called with zero for it, and nothing is recorded.
//
//   record:   sum' = iteration(p, sum)
//   reverse:  sum.adj = iteration.grad(p, 0, sum'.adj)
#pragma once

namespace llvm {
class CallBase;
class Function;
class Loop;
class PHINode;
class Value;
} // namespace llvm

namespace tern {

/// In each iteration of L the header phi is passed on with only terms added or
/// subtracted, and nothing else in L reads it or what it becomes.
bool isCarriedSum(llvm::PHINode &Phi, const llvm::Loop &L);

void markSumParameter(llvm::Function &Iteration, unsigned Parameter);
bool isSumArgument(const llvm::CallBase &Replayed, unsigned Argument);
/// V goes nowhere but into sum arguments of outlined iterations.
bool feedsSumsOnly(const llvm::Value &V);

} // namespace tern
