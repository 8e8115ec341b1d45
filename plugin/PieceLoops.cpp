// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PieceLoops.h"
#include "analysis/Retype.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Scalar/LoopIdiomRecognize.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

using namespace llvm;

namespace tern {

static bool storesPiece(const Loop &L) {
  constexpr unsigned SmallestWhole = 64;
  for (const BasicBlock *BB : L.blocks())
    for (const Instruction &I : *BB)
      if (const auto *Store = dyn_cast<StoreInst>(&I)) {
        const Type *T = Store->getValueOperand()->getType();
        if (T->isIntegerTy() && T->getIntegerBitWidth() < SmallestWhole &&
            bitsOf(I) == "unknown")
          return true;
      }
  return false;
}

/// What else the loop's properties say stays: that it makes progress, say.
static void allowUnrolling(Loop &L) {
  MDNode *Properties = L.getLoopID();
  if (!Properties ||
      !findOptionMDForLoopID(Properties, "llvm.loop.unroll.disable"))
    return;
  L.setLoopID(makePostTransformationMetadata(L.getHeader()->getContext(),
                                             Properties,
                                             {"llvm.loop.unroll.disable"}, {}));
}

PreservedAnalyses PieceLoopsPass::run(Loop &L, LoopAnalysisManager &AM,
                                      LoopStandardAnalysisResults &AR,
                                      LPMUpdater &U) {
  if (!storesPiece(L))
    return PreservedAnalyses::all();
  allowUnrolling(L);
  return LoopIdiomRecognizePass().run(L, AM, AR, U);
}

} // namespace tern
