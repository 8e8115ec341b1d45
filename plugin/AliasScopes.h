// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What `restrict` promises, kept only as far as it holds for both sweeps.
//
// Problem. Inlining a function with noalias parameters leaves !noalias on its
// loads and stores, and a marker that says where the promise begins. In a loop
// it holds within one iteration. The record plan asks about all of them:
//
//   for (t...) { step(p, q); swap(p, q); }   // restrict: p and q differ
//                                            // in each call, not in all
//
// and would take p[i] for unchanged, which the next call overwrites. The checks
// of loop versioning make promises about one run of the inner loop alike, with
// no marker at all.
//
// Idea. Scopes that begin outside of all loops are good for the whole function;
// all others are taken off.
#pragma once
#include "llvm/ADT/SmallPtrSet.h"

namespace llvm {
class Function;
class MDNode;
} // namespace llvm

namespace tern {

/// Scopes known to begin once per call of the function.
using LastingScopes = llvm::SmallPtrSet<const llvm::MDNode *, 16>;

/// Adds those of F to `Lasting` and takes all that are not among them off F's
/// instructions. To be called while the markers are there.
void keepLastingScopes(llvm::Function &F, LastingScopes &Lasting);

} // namespace tern
