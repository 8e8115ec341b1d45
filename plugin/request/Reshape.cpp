// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Reshape.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

AllocaInst *entryAlloca(Type *Ty, IRBuilderBase &B) {
  BasicBlock &Entry = B.GetInsertBlock()->getParent()->getEntryBlock();
  IRBuilder<> AtEntry(&Entry, Entry.getFirstInsertionPt());
  return AtEntry.CreateAlloca(Ty);
}

static const DataLayout &layoutAt(IRBuilderBase &B) {
  return B.GetInsertBlock()->getModule()->getDataLayout();
}

static Value *throughMemory(Value *V, Type *Wanted, IRBuilderBase &B) {
  AllocaInst *Slot = entryAlloca(V->getType(), B);
  B.CreateStore(V, Slot);
  return B.CreateLoad(Wanted, Slot);
}

static Value *unpromoteInteger(Value *V, Type *Wanted, IRBuilderBase &B) {
  unsigned From = V->getType()->getIntegerBitWidth();
  unsigned To = Wanted->getIntegerBitWidth();
  if (From > To)
    return From == 32 ? B.CreateTrunc(V, Wanted) : nullptr;
  // An int where the primal takes a long: only a literal that reads the same
  // with and without sign is certain.
  auto *Literal = dyn_cast<ConstantInt>(V);
  return Literal && !Literal->isNegative() ? B.CreateZExt(V, Wanted) : nullptr;
}

Value *unpromote(Value *V, Type *Wanted, IRBuilderBase &B) {
  Type *From = V->getType();
  if (From == Wanted)
    return V;
  if (From->isDoubleTy() && Wanted->isFloatingPointTy() &&
      Wanted->getPrimitiveSizeInBits() < 64)
    return B.CreateFPTrunc(V, Wanted);
  if (From->isIntegerTy() && Wanted->isIntegerTy())
    return unpromoteInteger(V, Wanted, B);
  if (From->isPointerTy() && Wanted->isPointerTy())
    return B.CreateAddrSpaceCast(V, Wanted);
  const DataLayout &DL = layoutAt(B);
  bool SameSize = DL.getTypeStoreSize(From) == DL.getTypeStoreSize(Wanted);
  if (From->isIntegerTy() && Wanted->isPointerTy()) {
    auto *Zero = dyn_cast<ConstantInt>(V);
    if (Zero && Zero->isZero())
      return Constant::getNullValue(Wanted);
    return SameSize ? B.CreateIntToPtr(V, Wanted) : nullptr;
  }
  if (From->isPointerTy() && Wanted->isIntegerTy())
    return SameSize ? B.CreatePtrToInt(V, Wanted) : nullptr;
  auto IsGroup = [](Type *T) {
    return T->isAggregateType() || T->isVectorTy();
  };
  if (SameSize && (IsGroup(From) || IsGroup(Wanted)))
    return throughMemory(V, Wanted, B);
  return nullptr;
}

StructType *naturalStruct(ArrayRef<Type *> Fields) {
  return StructType::get(Fields.front()->getContext(), Fields);
}

bool canCarry(Type *Declared, ArrayRef<Type *> Fields, const DataLayout &DL) {
  if (Fields.empty() || !Declared->isSized())
    return false;
  if (Fields.size() == 1 && Fields.front() == Declared)
    return true;
  bool Plain = Declared->isFloatingPointTy() || Declared->isPointerTy();
  if (Plain &&
      (Fields.size() > 1 || Fields.front()->isFloatingPointTy() ||
       Fields.front()->isPointerTy() || Fields.front()->isIntegerTy())) {
    // Two floats may come back in one SSE register, which is a double in IR.
    bool Packed = Fields.size() > 1 && Declared->isDoubleTy() &&
                  DL.getTypeAllocSize(naturalStruct(Fields)) == 8;
    return Packed;
  }
  // Registers may be wider than the struct: 12 bytes of floats come back as
  // {<2 x float>, float}, whose size is rounded up to 16.
  uint64_t Needed = DL.getTypeAllocSize(naturalStruct(Fields));
  uint64_t Offered = DL.getTypeAllocSize(Declared);
  uint64_t Stored = DL.getTypeStoreSize(Declared);
  return Needed <= Offered && (Stored <= Needed || Offered - Needed < 8);
}

void storeResults(Value *To, ArrayRef<Value *> Results, IRBuilderBase &B) {
  SmallVector<Type *, 8> Fields;
  for (Value *R : Results)
    Fields.push_back(R->getType());
  StructType *Layout = naturalStruct(Fields);
  const DataLayout &DL = layoutAt(B);
  for (auto [Index, R] : enumerate(Results)) {
    uint64_t Offset = DL.getStructLayout(Layout)->getElementOffset(Index);
    Value *Place = B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), To, Offset);
    B.CreateAlignedStore(R, Place, Align(1));
  }
}

Value *packResults(Type *Declared, ArrayRef<Value *> Results,
                   IRBuilderBase &B) {
  if (Results.size() == 1 && Results.front()->getType() == Declared)
    return Results.front();
  if (auto *Struct = dyn_cast<StructType>(Declared);
      Struct && equal(Struct->elements(), map_range(Results, [](Value *R) {
                        return R->getType();
                      }))) {
    Value *Packed = PoisonValue::get(Declared);
    for (auto [Index, R] : enumerate(Results))
      Packed = B.CreateInsertValue(Packed, R, Index);
    return Packed;
  }
  SmallVector<Type *, 8> Fields;
  for (Value *R : Results)
    Fields.push_back(R->getType());
  const DataLayout &DL = layoutAt(B);
  uint64_t Bytes = std::max(DL.getTypeAllocSize(naturalStruct(Fields)),
                            DL.getTypeAllocSize(Declared));
  AllocaInst *Slot = entryAlloca(ArrayType::get(B.getInt8Ty(), Bytes), B);
  Slot->setAlignment(Align(16));
  storeResults(Slot, Results, B);
  return B.CreateAlignedLoad(Declared, Slot, Align(16));
}

} // namespace tern
