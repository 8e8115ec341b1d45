// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

/// Rewrites integer operations on the bits of floating-point values, where they
/// only touch the sign or mask whole numbers, as floating-point operations.
void rewriteSignBits(llvm::Function &F);

} // namespace tern
