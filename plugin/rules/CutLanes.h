// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

/// Rewrites pieces that are cut out of vectors of floats as wide integers as
/// lanes taken from those vectors.
void rewriteCutLanes(llvm::Function &F);

} // namespace tern
