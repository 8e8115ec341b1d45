// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a function reaches: its own body and, through direct calls and taken
// addresses, every other body that differentiating it can need.
#pragma once
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

/// F and all functions with a body that it mentions, directly or not.
llvm::SmallVector<llvm::Function *, 16> closureOf(llvm::Function &F);

/// True if the closure calls a function without body that no rule knows: under
/// -flto the link step will see it.
bool hasMissingBody(llvm::Function &F);

} // namespace tern
