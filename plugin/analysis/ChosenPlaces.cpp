// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ChosenPlaces.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace tern {

static bool servesOnlyAccesses(const Value &Address) {
  return all_of(Address.uses(), [](const Use &U) {
    const User *I = U.getUser();
    return isa<LoadInst>(I) ||
           (isa<StoreInst>(I) &&
            U.getOperandNo() == StoreInst::getPointerOperandIndex());
  });
}

SmallVector<ChosenPlace, 2> chosenPlaces(Value &Address, const DataLayout &DL) {
  if (!isa<SelectInst, GetElementPtrInst>(Address) ||
      !Address.getType()->isPointerTy() || !servesOnlyAccesses(Address))
    return {};
  if (auto *Choice = dyn_cast<SelectInst>(&Address))
    return {{Choice->getTrueValue(), 0}, {Choice->getFalseValue(), 0}};
  auto *Gep = dyn_cast<GetElementPtrInst>(&Address);
  if (!Gep || Gep->getNumIndices() != 1)
    return {};
  auto *Choice = dyn_cast<SelectInst>(Gep->getOperand(1));
  TypeSize Step = DL.getTypeAllocSize(Gep->getSourceElementType());
  if (!Choice || Step.isScalable())
    return {};
  SmallVector<ChosenPlace, 2> Places;
  for (Value *Index : {Choice->getTrueValue(), Choice->getFalseValue()})
    if (auto *C = dyn_cast<ConstantInt>(Index);
        C && C->getValue().getSignificantBits() < 32)
      Places.push_back(
          {Gep->getPointerOperand(),
           C->getSExtValue() * static_cast<int64_t>(Step.getFixedValue())});
  if (Places.size() != 2)
    return {};
  return Places;
}

} // namespace tern
