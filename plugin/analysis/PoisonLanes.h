// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Vectors of which some lanes hold nothing.
//
// Problem. An optimiser that packs scalars into vectors leaves lanes poison
// that nobody reads, and computes on them all the same:
//
//   %t = shufflevector <2 x double> %v, poison, <1, poison>
//   %p = fmul <2 x double> %v, %t             ; only lane 0 is read
//
// Backwards, the adjoint of such a lane is zero, but its partial is not a
// number at all: `%v[1].adj += 0 * poison` makes the adjoint of a lane that
// does matter anything.
//
// Idea. Where this occurs, the function is taken apart into scalars before it
// is differentiated, and lanes that nobody reads vanish. Lanes that are empty
// only until the next insertelement, or that no shuffle picks, do no harm.
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

/// True if F computes on a vector of floats with an empty lane.
bool computesOnPoisonLanes(llvm::Function &F);

} // namespace tern
