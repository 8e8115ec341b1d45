// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a call that carries no derivative writes to.
//
// Problem. "Carries no derivative" says nothing of the numbers that the
// function leaves in memory, and the program may read those: a load before the
// call cannot be done again after it.
//
//   TERN_INACTIVE void bump() { w += 1; }
//   for i: bump(); s += w * x          the reverse needs each iteration's w
//
// Idea. Functions of the user's, which he marked: what their bodies write to,
// callees included, or anything if there is no body. Functions of the
// libraries, known by name, write at most through their arguments, and to the
// variables that the library shows (errno, signgam).
#pragma once
#include "llvm/ADT/SmallBitVector.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace llvm {
class CallBase;
class GlobalVariable;
class LoadInst;
} // namespace llvm

namespace tern {

struct InactiveEffects {
  bool Elsewhere = false;       ///< anything that the callee can reach
  llvm::SmallBitVector Through; ///< arguments
  llvm::SmallPtrSet<const llvm::GlobalVariable *, 4> Variables;
};

/// Of a call that is classified as inactive.
InactiveEffects effectsOfInactive(const llvm::CallBase &Call);

/// The load reads a variable that functions without any visible effect write
/// to: errno, signgam.
bool readsLibraryState(const llvm::LoadInst &Load);

} // namespace tern
