// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libm calls become intrinsics.
//
// Problem. A call of cos may set errno, so it counts as a write: it cannot be
// merged with the `llvm.cos` that the rule of sin emits, nor moved, dropped or
// vectorised.
//
// Idea. Nobody reads errno between the lines of a derivative. Calls of
// functions that rules call as well become intrinsics, unless something in the
// module asks for errno at all. Only clones are rewritten: the user's own
// functions set errno as before (docs/edge-points.md).
//
//   %c = call double @cos(double %x)   ->   %c = call double @llvm.cos(%x)
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {
void callMathWithoutErrno(llvm::Function &F);
} // namespace tern
