// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops that copy floats in pieces.
//
// Problem. A loop over the bytes or words of a double moves no double: what
// crosses it has no adjoint, and only the whole would have one.
//
// Idea. The compiler's own passes know such loops: as a memcpy, or unrolled,
// after which the pieces are put together. It may have been told not to unroll
// (-O1 does); here this decides whether there is a derivative, not how fast the
// loop is.
//
//   for (i = 0; i < 8; ++i) q[i] = p[i];     ->     memcpy(q, p, 8)
//
// Before: retyping marked the pieces of floats as open (Retype.h). What is left
// of them is refused where a derivative could flow (ReverseSweep::checkBits).
#pragma once
#include "llvm/Transforms/Scalar/LoopPassManager.h"

namespace tern {

struct PieceLoopsPass : llvm::PassInfoMixin<PieceLoopsPass> {
  llvm::PreservedAnalyses run(llvm::Loop &L, llvm::LoopAnalysisManager &AM,
                              llvm::LoopStandardAnalysisResults &AR,
                              llvm::LPMUpdater &U);
};

} // namespace tern
