// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an address may point into: the variables, allocations, parameters and
// loaded pointers that it is computed from.
//
//   %p = select %c, (gep %a, 8), %b   ->   {%a, %b}
#pragma once
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class Value;
} // namespace llvm

namespace tern {

using Objects = llvm::SmallVector<const llvm::Value *, 4>;

/// All of them, however long the way. What is no pointer is its own object.
Objects objectsOf(const llvm::Value *Pointer);

/// A variable or an allocation of the function: nobody else's until it is given
/// away.
bool isOwnObject(const llvm::Value *Object);

} // namespace tern
