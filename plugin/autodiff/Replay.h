// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Iterations that are run again instead of recorded.
//
// Problem. A loop over data points fills the tape with every intermediate of
// every point, though a point needs nothing of the others. Derivatives written
// by hand run a point's computation again, at once followed by its adjoint, and
// keep one point's intermediates in cache.
//
// Idea. Outline such an iteration into a function. The record sweep calls it as
// it is; the reverse sweep calls its gradient, both sweeps of it. Nothing else
// changes: the function is differentiated like any other and inlined again.
//
//   for p: { centre(x, p, t); s += score(t); }
//     record:   for p:           { r = body(x, p, t); s += r }
//     reverse:  for p backwards: { body.grad(x, x.shadow, p, t, t.shadow, ...)
//     }
//
// Sound where running an iteration later sees and leaves the same memory:
//   - it writes only to local objects of the function (scratch);
//   - what it reads nothing overwrites, or it has written itself before, in the
//     same iteration (proved on affine address ranges), or it is state that the
//     record sweep keeps and the reverse sweep puts back (CarriedState.h);
//   - it calls nothing but mathematics.
// Sums carried from one iteration to the next stay outside of the function, or
// go through it with an adjoint that does not depend on them (CarriedSums.h),
// so that their values need not be kept.
#pragma once
#include "../analysis/ActivityFacts.h"
#include "CarriedState.h"

namespace tern {

/// What a call to an outlined iteration finds in memory of earlier ones.
using ReplayStates =
    llvm::MapVector<llvm::CallBase *, llvm::SmallVector<StateRange, 2>>;
using ActivityNow = llvm::function_ref<ActivityFacts()>;

/// Outlines the iterations of outermost loops in G that qualify. `FactsNow`
/// looks at G as it is then.
ReplayStates outlineIterations(llvm::Function &G, ActivityNow FactsNow);

/// True for a call to an outlined iteration.
bool isReplayed(const llvm::CallBase &Call);
/// True if the iteration writes to what this pointer argument points to; it
/// writes nowhere else.
bool writesThrough(const llvm::CallBase &Replayed, unsigned Argument);
/// Says that F is the gradient of this outlined iteration.
void markReplayGradient(llvm::Function &F, const llvm::Function &Iteration);

/// Removes calls to outlined iterations that leave nothing that anybody reads:
/// when the value of a sum is not asked for, its gradient alone remains. True
/// if any was removed.
bool dropIdleIterations(llvm::Function &G);

} // namespace tern
