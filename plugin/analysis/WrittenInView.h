// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fresh memory of which every write is in view.
//
// Problem. A block that is reallocated is copied at its whole length, also the
// part that was never written. A kind that only some of its bytes show says
// nothing about the others, unless it is known that nobody else writes to them.
//
// Idea. Follow the uses of the blocks that the pointer may point into. As long
// as there are only loads, stores, fills, and copies from blocks of which the
// same holds, what these show is all that the blocks can contain.
//
//   %q = malloc(16)
//   memcpy(%q, %p, %n)          all of %q is in view if all of %p is
//   %r = phi [%p], [%q]
//   store double %x, %r + 8     a write to either of them
#pragma once

namespace llvm {
class Value;
} // namespace llvm

namespace tern {

/// True if everything that writes to the memory behind `Ptr` is in view. Found
/// on the way are blocks that this holds for as well.
bool isWrittenInView(const llvm::Value &Ptr);

} // namespace tern
