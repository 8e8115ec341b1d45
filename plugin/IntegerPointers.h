// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pointers that were computed as integers become pointer arithmetic again, so
// that they keep a shadow.
//
//   %i = ptrtoint ptr %p to i64
//   %j = add i64 %i, 16           ->   %q = getelementptr i8, ptr %p, (%j - %i)
//   %q = inttoptr i64 %j
//
// Applies where exactly one address flows into the integer by addition,
// subtraction or rounding. The distance of two addresses in one object is a
// number like any other, and so are an address's lowest bits. The distance of
// two objects is not: `p + (b - a)` points into b if p does into a, and no
// shadow follows. That, and what else is in doubt, is left and refused later if
// it matters.
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

void restorePointers(llvm::Function &F);

} // namespace tern
