// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Forward mode: memory. Each access of memory that has a shadow is repeated on
// the shadow, at the same offset and alignment.
//
//   %v = load double, ptr %p         %v.tan = load double, ptr %p.shadow
//   store double %v, ptr %p      +   store double %v.tan, ptr %p.shadow
//   memcpy(%q, %p, %n)               memcpy(%q.shadow, %p.shadow, %n)
//
// Where the pointer is mixed there is no branch: a load selects zero, and a
// store writes the primal value a second time.
//
//   %v.tan = select i1 %p.inactive, double 0.0, (load double, ptr %p.shadow)
//   store (select i1 %p.inactive, double %v, double %v.tan), ptr %p.shadow
#include "../analysis/Objects.h"
#include "../analysis/Retype.h"
#include "Forward.h"
#include "ForwardOperands.h"
#include "LostStores.h"
#include "ShadowGlobals.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

/// Type and alias facts hold for the shadow, which is laid out the same and
/// overlaps other shadows where the primals do. Facts about values do not.
void keepAliasFacts(Instruction &I) {
  I.dropUnknownNonDebugMetadata(
      {LLVMContext::MD_tbaa, LLVMContext::MD_alias_scope,
       LLVMContext::MD_noalias, LLVMContext::MD_access_group,
       LLVMContext::MD_mem_parallel_loop_access});
}

static Instruction *cloneAccess(Instruction &I, IRBuilderBase &B) {
  Instruction *T = I.clone();
  keepAliasFacts(*T);
  // The outside world sees one access, that of the primal.
  if (auto *Load = dyn_cast<LoadInst>(T))
    Load->setVolatile(false);
  else if (auto *Store = dyn_cast<StoreInst>(T))
    Store->setVolatile(false);
  else if (auto *RMW = dyn_cast<AtomicRMWInst>(T))
    RMW->setVolatile(false);
  return B.Insert(T);
}

void ForwardBuilder::zero(Value *Memory, Value *Size, MaybeAlign Alignment,
                          IRBuilderBase &B) {
  B.CreateMemSet(Memory, B.getInt8(0), Size, Alignment);
}

void ForwardBuilder::emitAlloca(AllocaInst &I) {
  if (!Plan.carries(&I))
    return;
  // Shadows together, then the zeroes: allocas stay at the head of the entry.
  IRBuilder<> B(F.getContext());
  setAfter(B, I);
  setEach(I, [&](unsigned) { return B.Insert(I.clone()); });
  const DataLayout &DL = F.getParent()->getDataLayout();
  Value *Size = B.CreateTypeSize(B.getInt64Ty(),
                                 DL.getTypeAllocSize(I.getAllocatedType()));
  if (I.isArrayAllocation())
    Size = B.CreateMul(Size,
                       B.CreateZExtOrTrunc(I.getArraySize(), B.getInt64Ty()));
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
    zero(Tangents[&I][Lane], Size, I.getAlign(), B);
}

/// Pointers that the program itself has put in memory have no shadow there.
/// Behind variables they get one; what others point to is inactive.
Value *ForwardBuilder::ownIfNone(Instruction &Load, Value &Shadow,
                                 Value &Address, unsigned Lane,
                                 IRBuilderBase &B) {
  if (all_of(objectsOf(&Address), isOwnObject))
    return &Shadow;
  if (MayLackShadows && Load.getType()->isPointerTy())
    return shadowOfLoaded(&Load, &Shadow, Lane, B);
  return B.CreateSelect(B.CreateIsNull(&Shadow), &Load, &Shadow);
}

void ForwardBuilder::emitLoad(Instruction &I) {
  if (!Plan.carries(&I))
    return;
  AccessOperands Access = accessOperands(I);
  Value *Pointer = I.getOperand(Access.Pointer);
  Value *Inactive = isInactive(Pointer);
  IRBuilder<> B(F.getContext());
  setAfter(B, I);
  setEach(I, [&](unsigned Lane) {
    Instruction *T = cloneAccess(I, B);
    T->setOperand(Access.Pointer, tangent(Pointer, Lane, B));
    if (Access.Value >= 0)
      T->setOperand(Access.Value, tangent(I.getOperand(Access.Value), Lane, B));
    if (I.getType()->isPtrOrPtrVectorTy())
      return ownIfNone(I, *T, *Pointer, Lane, B);
    if (!Inactive)
      return static_cast<Value *>(T);
    // Floats read there are zero, pointers their own shadow.
    Value *None = neutral(T, /*OpenBits=*/true, B);
    return B.CreateSelect(Inactive, None, T);
  });
}

void ForwardBuilder::emitStore(Instruction &I) {
  AccessOperands Access = accessOperands(I);
  Value *Pointer = I.getOperand(Access.Pointer);
  Value *Stored = I.getOperand(Access.Value);
  if (!Plan.carries(Pointer))
    return;
  Value *Inactive = isInactive(Pointer);
  IRBuilder<> B(F.getContext());
  if (Inactive && Plan.isDoubtful(I)) {
    // Before the primal store, so that the check can leave a loop.
    B.SetInsertPoint(&I);
    Value *IsLost = Inactive;
    if (Stored->getType()->isPointerTy())
      if (Value *IsPlain = isInactive(Stored))
        IsLost = B.CreateAnd(IsLost, B.CreateNot(IsPlain));
    stopIfLost(IsLost, I, B);
  }
  setAfter(B, I);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    bool IsOpen = movesUnknownBits(I) && !Plan.isCount(Stored);
    Value *T = Plan.carries(Stored) ? tangent(Stored, Lane, B)
                                    : neutral(Stored, IsOpen, B);
    if (Inactive && T != Stored)
      T = B.CreateSelect(Inactive, Stored, T);
    Value *Shadow = tangent(Pointer, Lane, B);
    Instruction *S = cloneAccess(I, B);
    S->setOperand(Access.Value, T);
    S->setOperand(Access.Pointer, Shadow);
  }
}

/// Sums and exchanges of floats and pointers. Integers, as the counts of shared
/// pointers, are nobody's business in the shadow.
void ForwardBuilder::emitAtomic(Instruction &I) {
  auto &RMW = cast<AtomicRMWInst>(I);
  Value *Pointer = RMW.getPointerOperand();
  if (!Plan.carries(Pointer) || I.getType()->isIntegerTy())
    return;
  Value *Inactive = isInactive(Pointer);
  IRBuilder<> B(F.getContext());
  setAfter(B, I);
  setEach(I, [&](unsigned Lane) -> Value * {
    Value *T = tangent(RMW.getValOperand(), Lane, B);
    if (Inactive)
      T = B.CreateSelect(Inactive, Constant::getNullValue(T->getType()), T);
    Value *Shadow = tangent(Pointer, Lane, B);
    auto *Old = cast<AtomicRMWInst>(cloneAccess(I, B));
    Old->setOperand(0, Shadow);
    Old->setOperand(1, T);
    if (!Inactive)
      return Old;
    return B.CreateSelect(Inactive, Constant::getNullValue(Old->getType()),
                          Old);
  });
}

static StringRef bitsWord(const Instruction &I) {
  StringRef Word = bitsOf(I);
  return Word.empty() ? "unknown" : Word;
}

static Value *sizeUnless(Value *Condition, Value *Size, IRBuilderBase &B) {
  if (!Condition)
    return Size;
  return B.CreateSelect(Condition, ConstantInt::get(Size->getType(), 0), Size);
}

/// Emitted before the primal copy, which may overwrite its own source. Integers
/// come from the primal; from memory without tangents, floats come as zero, and
/// pointers as themselves.
void ForwardBuilder::emitCopy(MemTransferInst &I) {
  Value *To = I.getRawDest(), *From = I.getRawSource();
  if (!Plan.carries(To))
    return;
  StringRef Bits = bitsWord(I);
  bool IsInteger = Bits == "integer", IsPointer = Bits == "pointer";
  bool FromShadow = Plan.carries(From) && !IsInteger;
  Value *ToInactive = isInactive(To);
  Value *FromInactive = FromShadow ? isInactive(From) : nullptr;
  IRBuilder<> B(&I);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    Value *Shadow = tangent(To, Lane, B);
    Value *Size = sizeUnless(ToInactive, I.getLength(), B);
    bool Zeroes = !FromShadow && !IsInteger && !IsPointer;
    if (Zeroes) {
      zero(Shadow, Size, I.getDestAlign(), B);
      continue;
    }
    Value *Source = FromShadow ? tangent(From, Lane, B) : From;
    Value *Copied = Size;
    if (FromInactive && !IsPointer) {
      Value *Zeroed = B.CreateSelect(FromInactive, Size,
                                     ConstantInt::get(Size->getType(), 0));
      zero(Shadow, Zeroed, I.getDestAlign(), B);
      Copied = sizeUnless(FromInactive, Size, B);
    }
    Intrinsic::ID ID =
        isa<MemMoveInst>(I) ? Intrinsic::memmove : Intrinsic::memcpy;
    auto *Copy = B.CreateMemTransferInst(ID, Shadow, I.getDestAlign(), Source,
                                         I.getSourceAlign(), Copied);
    Copy->copyMetadata(I);
    keepAliasFacts(*Copy);
  }
}

/// A constant has no tangent. Integers keep their bytes: a table of -1 is one
/// in the shadow, too.
void ForwardBuilder::emitFill(MemSetInst &I) {
  Value *To = I.getRawDest();
  if (!Plan.carries(To))
    return;
  Value *Inactive = isInactive(To);
  IRBuilder<> B(F.getContext());
  setAfter(B, I);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    Value *Byte = bitsWord(I) == "integer" ? I.getValue() : B.getInt8(0);
    if (Inactive && Byte != I.getValue())
      Byte = B.CreateSelect(Inactive, I.getValue(), Byte);
    B.CreateMemSet(tangent(To, Lane, B), Byte, I.getLength(), I.getDestAlign());
  }
}

} // namespace tern
