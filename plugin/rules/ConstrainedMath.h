// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

/// Turns constrained floating-point intrinsics into ordinary operations.
void relaxConstrainedMath(llvm::Function &F);

} // namespace tern
