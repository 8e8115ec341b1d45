// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Variables that another file defines.
//
// Problem. Nobody here can give `extern double g` a shadow: a derivative that
// is stored there is lost. Within one function that shows (LostStores.h); a
// call that was not inlined stores and reads out of sight.
//
//   extern double g;
//   void deep(double x, int n) { n ? deep(x / 2, n - 1) : void(g = x * x); }
//   double f(double x) { deep(x, 3); return g * x; }     deep writes g: refuse
#pragma once
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class CallBase;
class GlobalVariable;
} // namespace llvm

namespace tern {

enum class GlobalUse : bool { Any, Written };

/// Those that the called function, or what it calls, uses or may write to.
llvm::SmallVector<const llvm::GlobalVariable *, 4>
foreignGlobalsOf(const llvm::CallBase &Call, GlobalUse Wanted);

/// Marked inactive by the user.
bool isInactiveGlobal(const llvm::GlobalVariable &G);

} // namespace tern
