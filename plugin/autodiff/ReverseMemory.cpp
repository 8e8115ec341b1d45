// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reverse of loads, stores and copies. The contract: shadows of inputs are
// added to; memory that the function overwrites has its shadow consumed, that
// is read, zeroed and passed on to what was stored.
//
//   %x = load double, ptr %p     ->   p.shadow += %x.adj
//   store double %x, ptr %p      ->   %x.adj += p.shadow;  p.shadow = 0
//   memcpy(%d, %s, %n)           ->   s.shadow += d.shadow; d.shadow = 0
//   memset(%d, 0, %n)            ->   d.shadow = 0
#include "../Diagnostics.h"
#include "../analysis/Calls.h"
#include "LostStores.h"
#include "ReverseSweep.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

/// Bytes of the dummy that stands in for a missing shadow; no load or store is
/// wider.
static constexpr unsigned ScratchBytes = 512;

/// For a pointer that may or may not have a shadow at run time: whether it has.
/// Null where that is certain.
Value *ReverseSweep::isTrulyShadowed(Value *Pointer, unsigned Lane) {
  if (Facts.pointer(Pointer) != PointerActivity::Mixed)
    return nullptr;
  return B.CreateICmpNE(Shadow.get(Pointer, Lane), Pointer);
}

Value *ReverseSweep::shadowAddress(Value *Pointer, unsigned Lane) {
  Value *Address = Shadow.get(Pointer, Lane);
  Value *IsReal = isTrulyShadowed(Pointer, Lane);
  if (!IsReal)
    return Address;
  if (!Scratch) {
    IRBuilder<> Entry(&G.getEntryBlock(), G.getEntryBlock().begin());
    Scratch = Entry.CreateAlloca(
        ArrayType::get(Entry.getInt8Ty(), ScratchBytes), nullptr, "scratch");
    Scratch->setAlignment(Align(64));
    Entry.CreateMemSet(Scratch, Entry.getInt8(0), ScratchBytes, Align(64));
  }
  return B.CreateSelect(IsReal, Address, Scratch);
}

Value *ReverseSweep::zeroWhereInactive(Value *X, Value *Pointer,
                                       unsigned Lane) {
  Value *IsReal = isTrulyShadowed(Pointer, Lane);
  return IsReal ? B.CreateSelect(IsReal, X, Adjoints::zero(X->getType())) : X;
}

void ReverseSweep::addToMemory(Value *Pointer, Value *X, Align Align,
                               unsigned Lane) {
  Value *Address = shadowAddress(Pointer, Lane);
  Value *Old = B.CreateAlignedLoad(X->getType(), Address, Align);
  B.CreateAlignedStore(Adjoints::sum(Old, X, B), Address, Align);
}

/// A copy of X with its floats zeroed; pointers and integers stay.
static Value *withoutFloats(Value *X, IRBuilderBase &B) {
  Type *T = X->getType();
  if (T->isFPOrFPVectorTy())
    return Constant::getNullValue(T);
  if (!T->isAggregateType() || !holdsPointer(T))
    return T->isAggregateType() ? Constant::getNullValue(T) : X;
  unsigned Count = isa<StructType>(T) ? cast<StructType>(T)->getNumElements()
                                      : cast<ArrayType>(T)->getNumElements();
  for (unsigned I = 0; I != Count; ++I)
    X = B.CreateInsertValue(X, withoutFloats(B.CreateExtractValue(X, I), B), I);
  return X;
}

Value *ReverseSweep::takeFromMemory(Value *Pointer, Type *T, Align Align,
                                    unsigned Lane) {
  Value *Address = shadowAddress(Pointer, Lane);
  Value *A = B.CreateAlignedLoad(T, Address, Align);
  B.CreateAlignedStore(withoutFloats(A, B), Address, Align);
  return zeroWhereInactive(A, Pointer, Lane);
}

void ReverseSweep::visitLoad(LoadInst &I) {
  if (!holdsFloat(I.getType()) || !Facts.isActive(&I))
    return;
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
    addToMemory(I.getPointerOperand(), Adjoint.take(&I, Lane, B), I.getAlign(),
                Lane);
}

/// A pointer without shadow, or a copy from memory without, loses nothing.
void ReverseSweep::stopWhereLost(Value *To, Value *Stored, Instruction &Store) {
  Value *IsReal = isTrulyShadowed(To, 0);
  if (!IsReal)
    return;
  Value *IsLost = B.CreateNot(IsReal);
  if (Stored->getType()->isPointerTy())
    if (Value *Carries = isTrulyShadowed(Stored, 0))
      IsLost = B.CreateAnd(IsLost, Carries);
  stopIfLost(IsLost, Store, B);
}

void ReverseSweep::visitStore(StoreInst &I) {
  Value *Stored = I.getValueOperand(), *Pointer = I.getPointerOperand();
  if (!Facts.hasShadow(Pointer))
    return;
  Type *T = Stored->getType();
  bool IsOpenZero = bitsOf(I) == "unknown" && isa<Constant>(Stored) &&
                    cast<Constant>(Stored)->isNullValue();
  if (DoubtfulStores.contains(&I))
    stopWhereLost(Pointer, Stored, I);
  if (!holdsFloat(T) && !IsOpenZero)
    return;
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    if (IsOpenZero) {
      B.CreateAlignedStore(Stored, shadowAddress(Pointer, Lane), I.getAlign());
      continue;
    }
    addIfActive(Stored, Lane, takeFromMemory(Pointer, T, I.getAlign(), Lane));
  }
}

/// A sum leaves the adjoint of what it added to where it is; an exchange passes
/// on the one of what it put there, and leaves the one of what it took.
void ReverseSweep::visitAtomic(AtomicRMWInst &I) {
  Value *Stored = I.getValOperand(), *Pointer = I.getPointerOperand();
  Type *T = Stored->getType();
  if (!Facts.hasShadow(Pointer) || T->isIntegerTy())
    return;
  auto Op = I.getOperation();
  bool IsSwap = Op == AtomicRMWInst::Xchg;
  bool IsSum = Op == AtomicRMWInst::FAdd || Op == AtomicRMWInst::FSub;
  if (!T->isFPOrFPVectorTy() || (!IsSwap && !IsSum))
    return refuse(I);
  if (DoubtfulStores.contains(&I))
    stopWhereLost(Pointer, Stored, I);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    Value *A = IsSwap ? takeFromMemory(Pointer, T, I.getAlign(), Lane)
                      : zeroWhereInactive(
                            B.CreateAlignedLoad(T, shadowAddress(Pointer, Lane),
                                                I.getAlign()),
                            Pointer, Lane);
    addIfActive(Stored, Lane, Op == AtomicRMWInst::FSub ? B.CreateFNeg(A) : A);
    if (Facts.isActive(&I))
      addToMemory(Pointer, Adjoint.take(&I, Lane, B), I.getAlign(), Lane);
  }
}

void ReverseSweep::visitFill(Instruction &I) {
  auto &Fill = cast<MemSetInst>(I);
  StringRef Bits = bitsOf(I);
  if (!Facts.hasShadow(Fill.getDest()) || Bits == "pointer" ||
      Bits == "integer")
    return;
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    Value *IsReal = isTrulyShadowed(Fill.getDest(), Lane);
    Value *Bytes = Fill.getLength();
    if (IsReal)
      Bytes =
          B.CreateSelect(IsReal, Bytes, ConstantInt::get(Bytes->getType(), 0));
    B.CreateMemSet(Shadow.get(Fill.getDest(), Lane), B.getInt8(0), Bytes,
                   Fill.getDestAlign());
  }
}

void ReverseSweep::visitCopy(Instruction &I) {
  auto &Copy = cast<MemTransferInst>(I);
  Value *To = Copy.getDest(), *From = Copy.getSource();
  StringRef Bits = bitsOf(I);
  if (!Facts.hasShadow(To) || Bits == "integer")
    return;
  if (DoubtfulStores.contains(&I))
    stopWhereLost(To, From, I);
  if (Bits == "pointer")
    return;
  bool FromShadowed = Facts.hasShadow(From);
  if (FromShadowed && (Bits.empty() || Bits == "unknown")) {
    Failed = true;
    auto *Bytes = dyn_cast<ConstantInt>(Copy.getLength());
    report(Diag::AmbiguousType, I,
           {Bytes ? std::to_string(Bytes->getZExtValue()) : "the",
            readableName(G.getName())});
    return;
  }
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    Value *Bytes = B.CreateZExtOrTrunc(Copy.getLength(), B.getInt64Ty());
    Value *Zero = B.getInt64(0), *Copied = Bytes;
    if (Value *IsReal = isTrulyShadowed(To, Lane))
      Bytes = Copied = B.CreateSelect(IsReal, Bytes, Zero);
    Value *FromReal = FromShadowed ? isTrulyShadowed(From, Lane) : nullptr;
    if (FromReal)
      Copied = B.CreateSelect(FromReal, Copied, Zero);
    Value *ToShadow = Shadow.get(To, Lane);
    if (FromShadowed) {
      FunctionCallee Add = G.getParent()->getOrInsertFunction(
          ("tern_adjoint_copy_" + Bits).str(), B.getVoidTy(), B.getPtrTy(),
          B.getPtrTy(), B.getInt64Ty());
      B.CreateCall(Add, {ToShadow, Shadow.get(From, Lane), Copied});
    }
    // Not where the source is real: a memmove may have left its adjoint there.
    if (FromReal)
      Bytes = B.CreateSelect(FromReal, Zero, Bytes);
    if (!FromShadowed || FromReal)
      B.CreateMemSet(ToShadow, B.getInt8(0), Bytes, MaybeAlign());
  }
}

} // namespace tern
