// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Addresses that are one of two places.
//
// Problem. `left or right, as the keys compare` is one address in optimised IR.
// Taken for a place in an array, it makes one array of the whole node.
//
// Idea. Where such an address only serves loads and stores, each of them is an
// access to both places, and the address itself need not be known.
//
//   %o = select i1 %c, i64 24, i64 16
//   %g = getelementptr i8, ptr %node, i64 %o    ->  {%node, 24}, {%node, 16}
//   %next = load ptr, ptr %g
#pragma once
#include "llvm/ADT/SmallVector.h"
#include <cstdint>

namespace llvm {
class DataLayout;
class Value;
} // namespace llvm

namespace tern {

struct ChosenPlace {
  llvm::Value *Base;
  int64_t Offset;
};

/// The two places, or nothing if `Address` is not such an address.
llvm::SmallVector<ChosenPlace, 2> chosenPlaces(llvm::Value &Address,
                                               const llvm::DataLayout &DL);

} // namespace tern
