// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bits of floats that lie in memory as integers in between.
//
// Problem. A number whose bytes are swapped and stored as an integer, and
// swapped back when it is read, comes back whole. Its derivative does not: the
// memory is one of integers, without a shadow.
//
// Idea. Follow integers that come from the bits of a float with a derivative,
// through arithmetic and through memory. What is read from memory that holds
// such integers must not become a float again.
//
//   %b = bitcast double %x to i64
//   store i64 bswap(%b), %t                    %t holds bits
//   %c = load i64, %t                          from there
//   bitcast i64 bswap(%c) to double            refused (ActiveBits)
//
// Bits that never lay in memory are the business of ForwardPlan and of
// ReverseSweep::checkBits; so are those that stay open in memory with a shadow.
#pragma once
#include "llvm/ADT/STLFunctionalExtras.h"

namespace llvm {
class Function;
class Instruction;
class Value;
} // namespace llvm

namespace tern {

/// What a mode knows of values: floats and pointers.
struct BitSources {
  llvm::function_ref<bool(const llvm::Value *)> IsActiveFloat;
  llvm::function_ref<bool(const llvm::Value *)> HasShadow;
};

/// A quick look: false if there is no float that is made from an integer.
bool mayReturnBits(const llvm::Function &F);

/// Where bits of an active float become a float again after they have lain in
/// memory as integers; null if nowhere.
const llvm::Instruction *findBitsFromMemory(llvm::Function &F,
                                            const BitSources &Sources);

} // namespace tern
