// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pointers that were computed as integers become pointer arithmetic again, so
// that they keep a shadow.
//
//   %i = ptrtoint ptr %p to i64
//   %j = add i64 %i, 16           ->   %q = getelementptr i8, ptr %p, (%j - %i)
//   %q = inttoptr i64 %j
//
// Applies where exactly one pointer flows into the integer by addition,
// subtraction or masking; others are left and refused later if they matter.
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

void restorePointers(llvm::Function &F);

} // namespace tern
