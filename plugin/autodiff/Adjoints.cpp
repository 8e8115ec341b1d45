// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Adjoints.h"
#include "../analysis/Calls.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Function.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"

using namespace llvm;

namespace tern {

Constant *Adjoints::zero(Type *T) {
  return T->isFPOrFPVectorTy() ? ConstantFP::getNegativeZero(T)
                               : Constant::getNullValue(T);
}

AllocaInst *Adjoints::slot(Value *V, unsigned Lane) {
  auto &Lanes = Slots[V];
  if (Lanes.empty()) {
    BasicBlock &Entry = G.getEntryBlock();
    IRBuilder<> B(&Entry, Entry.begin());
    for (unsigned I = 0; I != Width; ++I) {
      AllocaInst *Slot =
          B.CreateAlloca(V->getType(), nullptr, V->getName() + ".adj");
      B.CreateStore(zero(V->getType()), Slot);
      Lanes.push_back(Slot);
    }
  }
  return Lanes[Lane];
}

Value *Adjoints::read(Value *V, unsigned Lane, IRBuilderBase &B) {
  return B.CreateLoad(V->getType(), slot(V, Lane));
}

Value *Adjoints::take(Value *V, unsigned Lane, IRBuilderBase &B) {
  Value *Sum = read(V, Lane, B);
  B.CreateStore(zero(V->getType()), slot(V, Lane));
  return Sum;
}

Value *Adjoints::sum(Value *A, Value *X, IRBuilderBase &B) {
  Type *T = A->getType();
  if (T->isFPOrFPVectorTy())
    return B.CreateFAdd(A, X);
  if (!T->isAggregateType() || !holdsFloat(T))
    return A;
  unsigned Count = isa<StructType>(T) ? cast<StructType>(T)->getNumElements()
                                      : cast<ArrayType>(T)->getNumElements();
  for (unsigned I = 0; I != Count; ++I) {
    Value *Element = B.CreateExtractValue(A, I);
    if (holdsFloat(Element->getType()))
      A = B.CreateInsertValue(A, sum(Element, B.CreateExtractValue(X, I), B),
                              I);
  }
  return A;
}

void Adjoints::add(Value *V, unsigned Lane, Value *X, IRBuilderBase &B) {
  if (auto *C = dyn_cast<Constant>(X))
    if (C->isZeroValue())
      return;
  B.CreateStore(sum(read(V, Lane, B), X, B), slot(V, Lane));
}

void Adjoints::addAt(Value *V, ArrayRef<unsigned> Indices, unsigned Lane,
                     Value *X, IRBuilderBase &B) {
  Value *All = read(V, Lane, B);
  Value *Element = sum(B.CreateExtractValue(All, Indices), X, B);
  B.CreateStore(B.CreateInsertValue(All, Element, Indices), slot(V, Lane));
}

void Adjoints::promote(DominatorTree &DT) {
  SmallVector<AllocaInst *, 32> Promotable;
  for (auto &[V, Lanes] : Slots)
    for (AllocaInst *Slot : Lanes)
      if (isAllocaPromotable(Slot))
        Promotable.push_back(Slot);
  PromoteMemToReg(Promotable, DT);
  Slots.clear();
}

} // namespace tern
