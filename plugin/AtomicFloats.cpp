// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "AtomicFloats.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace tern {

/// The float whose bits are exchanged, or null.
static Type *floatBehind(const AtomicRMWInst &I) {
  SmallVector<Type *, 4> Casts;
  if (const auto *Cast = dyn_cast<BitCastInst>(I.getValOperand()))
    Casts.push_back(Cast->getSrcTy());
  for (const User *U : I.users())
    if (const auto *Cast = dyn_cast<BitCastInst>(U))
      Casts.push_back(Cast->getDestTy());
  auto *It = find_if(Casts, [](Type *T) { return T->isFloatingPointTy(); });
  return It == Casts.end() ? nullptr : *It;
}

void restoreFloatExchanges(Function &F) {
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    auto *Swap = dyn_cast<AtomicRMWInst>(&I);
    if (!Swap || Swap->getOperation() != AtomicRMWInst::Xchg ||
        !Swap->getType()->isIntegerTy())
      continue;
    Type *T = floatBehind(*Swap);
    if (!T)
      continue;
    IRBuilder<> B(Swap);
    AtomicRMWInst *Typed = B.CreateAtomicRMW(
        AtomicRMWInst::Xchg, Swap->getPointerOperand(),
        B.CreateBitCast(Swap->getValOperand(), T), Swap->getAlign(),
        Swap->getOrdering(), Swap->getSyncScopeID());
    Typed->setVolatile(Swap->isVolatile());
    Typed->copyMetadata(*Swap);
    Swap->replaceAllUsesWith(B.CreateBitCast(Typed, Swap->getType()));
    Swap->eraseFromParent();
  }
}

} // namespace tern
