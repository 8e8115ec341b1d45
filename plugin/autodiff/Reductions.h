// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reductions of a vector by product, minimum or maximum become the chain of
// scalar operations that they stand for, each of which has a rule.
//
//   %r = call double @llvm.vector.reduce.fmul(double %s, <2 x double> %v)
//     ->  %a = fmul double %s, %v[0]
//         %r = fmul double %a, %v[1]
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

/// Sums are linear and stay.
void expandReductions(llvm::Function &F);

} // namespace tern
