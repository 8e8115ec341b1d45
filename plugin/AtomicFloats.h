// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exchanges of floats that were written as exchanges of integers.
//
// Problem. std::atomic<double>::exchange swaps the bits as an integer, which
// has no derivative.
//
//   %b = bitcast double %x to i64
//   %o = atomicrmw xchg ptr %p, i64 %b    ->   %y = atomicrmw xchg ptr %p,
//   %y = bitcast i64 %o to double                                  double %x
//
// Applies where the new value is a float's bits or the old one becomes one.
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

void restoreFloatExchanges(llvm::Function &F);

} // namespace tern
