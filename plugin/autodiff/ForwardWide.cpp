// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Forward mode: memory whose lanes lie side by side, and the vectors of
// tangents that come from it (WideLanes.h says which).
//
//   %p = gep double, ptr %a, i64 %i     %p.shadow = gep [4 x double],
//                                                       ptr %a.shadow, i64 %i
//   %v = load double, ptr %p         +  %v.tan = load <4 x double>,
//                                                       ptr %p.shadow
//   store double %v, ptr %p             store <4 x double> %v.tan,
//                                                       ptr %p.shadow
//   memcpy(%q, %p, %n)                  memcpy(%q.shadow, %p.shadow, 4 * %n)
//
// Everything else sees single lanes: `tangent` extracts them.
#include "../rules/Rules.h"
#include "Forward.h"
#include "ForwardOperands.h"
#include "llvm/Analysis/Utils/Local.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace tern {

/// A cache line; no access of a vector is split.
constexpr uint64_t LineSize = 64;

static Type *vectorOf(Type *Number) {
  return FixedVectorType::get(Number, WideLanes::Lanes);
}

/// Some of the tangents side by side, zero in the unused lanes; of a pointer,
/// its one shadow, which is null for null.
Value *ForwardBuilder::wideTangent(Value *V, unsigned Vector,
                                   IRBuilderBase &B) {
  if (Wide.holds(V))
    return Tangents[V][Vector];
  if (V->getType()->isPointerTy())
    return V;
  Value *Some = Constant::getNullValue(vectorOf(V->getType()));
  if (!Plan.carries(V))
    return Some;
  unsigned First = Vector * WideLanes::Lanes;
  for (unsigned Lane = First;
       Lane != std::min(First + WideLanes::Lanes, Key.Width); ++Lane)
    Some = B.CreateInsertElement(Some, tangent(V, Lane, B), Lane - First);
  return Some;
}

void ForwardBuilder::setWideShadow(Instruction &I, Value *Shadow) {
  if (isa<Instruction>(Shadow) && I.hasName())
    Shadow->setName(I.getName() + ".shadow");
  setTangents(&I, Shadow);
}

Value *ForwardBuilder::wideShadow(Value *Pointer, IRBuilderBase &B) {
  return wideTangent(Pointer, 0, B);
}

/// One vector after the other; of a pointer, its one shadow.
void ForwardBuilder::setEachVector(Instruction &I,
                                   function_ref<Value *(unsigned)> Emit) {
  if (I.getType()->isPointerTy())
    return setWideShadow(I, Emit(0));
  Lanes Mine;
  for (unsigned Vector = 0; Vector != Wide.vectors(); ++Vector) {
    Mine.push_back(Emit(Vector));
    if (isa<Instruction>(Mine.back()) && I.hasName())
      Mine.back()->setName(I.getName() + ".tan");
  }
  setTangents(&I, Mine);
}

//===- Memory ------------------------------------------------------------===//

static Value *timesStride(Value *Bytes, unsigned Stride, IRBuilderBase &B) {
  return B.CreateMul(Bytes, ConstantInt::get(Bytes->getType(), Stride));
}

void ForwardBuilder::emitWideAlloca(AllocaInst &I, IRBuilderBase &B) {
  const DataLayout &DL = F.getDataLayout();
  Type *T = ArrayType::get(I.getAllocatedType(), Wide.stride());
  Align Alignment = std::max(I.getAlign(), Align(LineSize));
  auto *Shadow = B.Insert(new AllocaInst(
      T, I.getAddressSpace(),
      I.isArrayAllocation() ? I.getArraySize() : nullptr, Alignment));
  setWideShadow(I, Shadow);
  Value *Size = B.getInt64(DL.getTypeAllocSize(T));
  if (I.isArrayAllocation())
    Size = B.CreateMul(Size,
                       B.CreateZExtOrTrunc(I.getArraySize(), B.getInt64Ty()));
  zero(Shadow, Size, Alignment, B);
}

/// Whatever the primal's allocator: its shadow never leaves the function.
void ForwardBuilder::emitWideAllocation(CallBase &Call, IRBuilderBase &B) {
  Value *Size = timesStride(emitAllocationSize(Call, B), Wide.stride(), B);
  Type *T = Size->getType();
  Value *Lines =
      B.CreateAnd(B.CreateAdd(Size, ConstantInt::get(T, LineSize - 1)),
                  ConstantInt::getSigned(T, -int64_t(LineSize)));
  FunctionCallee Allocate =
      F.getParent()->getOrInsertFunction("aligned_alloc", Call.getType(), T, T);
  CallInst *Shadow =
      B.CreateCall(Allocate, {ConstantInt::get(T, LineSize), Lines});
  Shadow->addRetAttr(Attribute::NoAlias);
  Shadow->setDoesNotThrow();
  setWideShadow(Call, Shadow);
  Size = B.CreateSelect(B.CreateIsNull(Shadow), ConstantInt::get(T, 0), Size);
  zero(Shadow, Size, Align(LineSize), B);
}

void ForwardBuilder::emitWideDeallocation(CallBase &Call, IRBuilderBase &B) {
  Value *Memory = Call.getArgOperand(0);
  FunctionCallee Free = F.getParent()->getOrInsertFunction(
      "free", B.getVoidTy(), Memory->getType());
  B.CreateCall(Free, {wideShadow(Memory, B)})->setDoesNotThrow();
}

/// The type with an array of `Stride` for each leaf, so that every offset in it
/// is `Stride` times what it was; null for types with padding.
static Type *widened(Type *T, unsigned Stride) {
  if (T->isStructTy() || T->isVectorTy())
    return nullptr;
  if (!T->isArrayTy())
    return ArrayType::get(T, Stride);
  Type *Element = widened(T->getArrayElementType(), Stride);
  return Element ? ArrayType::get(Element, T->getArrayNumElements()) : nullptr;
}

void ForwardBuilder::emitWideAddress(GetElementPtrInst &I, IRBuilderBase &B) {
  Value *Base = wideShadow(I.getPointerOperand(), B);
  SmallVector<Value *, 4> Indices(I.indices());
  Type *T = widened(I.getSourceElementType(), Wide.stride());
  if (!T) {
    Indices = {emitGEPOffset(&B, F.getDataLayout(), &I)};
    T = widened(B.getInt8Ty(), Wide.stride());
  }
  setWideShadow(I, B.CreateGEP(T, Base, Indices, "",
                               I.isInBounds() ? GEPNoWrapFlags::inBounds()
                                              : GEPNoWrapFlags::none()));
}

static Align wideAlign(Instruction &I, unsigned Stride) {
  Type *T = getLoadStoreType(&I);
  uint64_t Unit = std::min<uint64_t>(getLoadStoreAlignment(&I).value(),
                                     T->getPrimitiveSizeInBits() / 8);
  return commonAlignment(Align(LineSize), Unit * Stride);
}

void ForwardBuilder::emitWideAccess(Instruction &I, IRBuilderBase &B) {
  Type *T = vectorOf(getLoadStoreType(&I));
  Value *Shadow = wideShadow(getLoadStorePointerOperand(&I), B);
  Align Alignment = wideAlign(I, WideLanes::Lanes);
  auto Address = [&](unsigned Vector) {
    return B.CreateConstInBoundsGEP1_64(T, Shadow, Vector);
  };
  auto Keep = [&](Instruction *Access) {
    Access->copyMetadata(I);
    keepAliasFacts(*Access);
    return Access;
  };
  if (isa<LoadInst>(I))
    return setEachVector(I, [&](unsigned Vector) {
      return Keep(B.CreateAlignedLoad(T, Address(Vector), Alignment));
    });
  Value *Stored = cast<StoreInst>(I).getValueOperand();
  for (unsigned Vector = 0; Vector != Wide.vectors(); ++Vector)
    Keep(B.CreateAlignedStore(wideTangent(Stored, Vector, B), Address(Vector),
                              Alignment));
}

/// Whatever the offset, eight times as much is a multiple of eight.
static MaybeAlign wideMoveAlign(MaybeAlign Primal) {
  return std::min(Primal.valueOrOne(), Align(8));
}

/// Before the primal copy, as in emitCopy.
void ForwardBuilder::emitWideMove(MemIntrinsic &I, IRBuilderBase &B) {
  auto *Copy = dyn_cast<MemTransferInst>(&I);
  Value *Source = Copy ? Copy->getRawSource() : nullptr;
  bool IsToWide = Wide.holds(I.getRawDest());
  if (!IsToWide && !Plan.carries(I.getRawDest()))
    return;
  if (Copy && Plan.carries(Source) && !(IsToWide && Wide.holds(Source)))
    return emitTransposed(*Copy, B);
  Value *To = wideShadow(I.getRawDest(), B);
  Value *Size = timesStride(I.getLength(), Wide.stride(), B);
  if (!Copy || !Plan.carries(Source))
    return zero(To, Size, wideMoveAlign(I.getDestAlign()), B);
  Intrinsic::ID ID =
      isa<MemMoveInst>(I) ? Intrinsic::memmove : Intrinsic::memcpy;
  auto *Again = B.CreateMemTransferInst(
      ID, To, wideMoveAlign(I.getDestAlign()), wideShadow(Source, B),
      wideMoveAlign(Copy->getSourceAlign()), Size);
  Again->copyMetadata(I);
  keepAliasFacts(*Again);
}

/// A loop over `Count` numbers before `I`; the builder is in its body.
static Value *startLoop(Value *Count, Instruction &I, IRBuilderBase &B) {
  DebugLoc Loc = B.getCurrentDebugLocation();
  B.SetInsertPoint(&I);
  Instruction *Then = SplitBlockAndInsertIfThen(B.CreateIsNotNull(Count),
                                                I.getIterator(), false);
  auto [Body, Index] =
      SplitBlockAndInsertSimpleForLoop(Count, Then->getIterator());
  B.SetInsertPoint(Body);
  B.SetCurrentDebugLocation(Loc);
  return Index;
}

/// Between memory with lanes side by side and memory with a shadow per lane:
/// number by number, lane by lane. Parts of numbers stop the program.
void ForwardBuilder::emitTransposed(MemTransferInst &I, IRBuilderBase &B) {
  Value *To = I.getRawDest(), *From = I.getRawSource();
  bool IsToWide = Wide.holds(To);
  Type *T = Wide.numberIn(IsToWide ? To : From);
  Value *Other = IsToWide ? From : To, *Inactive = isInactive(Other);
  Value *Length = I.getLength();
  auto *Size =
      ConstantInt::get(Length->getType(), T->getPrimitiveSizeInBits() / 8);
  Value *IsTorn = B.CreateIsNotNull(B.CreateURem(Length, Size));
  if (!match(IsTorn, PatternMatch::m_Zero())) {
    B.SetInsertPoint(SplitBlockAndInsertIfThen(IsTorn, I.getIterator(), false));
    emitStop("a copy of a part of a number in memory that is differentiated",
             B);
    B.SetInsertPoint(&I);
  }
  Value *Count = B.CreateUDiv(Length, Size);
  if (Inactive && !IsToWide)
    Count =
        B.CreateSelect(Inactive, ConstantInt::get(Count->getType(), 0), Count);
  Value *Index = startLoop(Count, I, B);
  Value *Zero = Constant::getNullValue(T);
  Value *All = B.CreateGEP(ArrayType::get(T, Wide.stride()),
                           wideShadow(IsToWide ? To : From, B), Index);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    Value *Mine = B.CreateConstInBoundsGEP1_64(T, All, Lane);
    Value *Single = B.CreateGEP(T, tangent(Other, Lane, B), Index);
    Value *V = B.CreateLoad(T, IsToWide ? Single : Mine);
    if (IsToWide && Inactive)
      V = B.CreateSelect(Inactive, Zero, V);
    B.CreateStore(V, IsToWide ? Mine : Single);
  }
}

//===- Values ------------------------------------------------------------===//

void ForwardBuilder::emitWidePhi(PHINode &Phi) {
  bool IsPointer = Phi.getType()->isPointerTy();
  Phis.push_back(&Phi);
  setEachVector(Phi, [&](unsigned) {
    auto *T = PHINode::Create(
        IsPointer ? Phi.getType() : vectorOf(Phi.getType()),
        Phi.getNumIncomingValues(), "", std::next(Phi.getIterator()));
    T->setDebugLoc(Phi.getDebugLoc());
    return T;
  });
}

void ForwardBuilder::emitWideValue(Instruction &I, IRBuilderBase &B) {
  if (isa<FPMathOperator>(I) && findMathRule(I))
    B.setFastMathFlags(I.getFastMathFlags());
  setEachVector(I, [&](unsigned Vector) -> Value * {
    auto Of = [&](unsigned K) {
      return wideTangent(I.getOperand(K), Vector, B);
    };
    if (auto *Select = dyn_cast<SelectInst>(&I))
      return B.CreateSelect(Select->getCondition(), Of(1), Of(2));
    if (isa<FreezeInst>(I))
      return B.CreateFreeze(Of(0));
    if (I.getType()->isPointerTy()) // a cast
      return B.CreateAddrSpaceCast(Of(0), I.getType());
    return pushTangents(
        I, [&](Value *Op) { return wideTangent(Op, Vector, B); }, B);
  });
}

Value *ForwardBuilder::accessedWide(Instruction &I) {
  Value *Pointer = getLoadStorePointerOperand(&I);
  if (auto *Memory = dyn_cast<MemIntrinsic>(&I))
    Pointer = Memory->getRawDest();
  if (auto *Copy = dyn_cast<MemTransferInst>(&I);
      Copy && Wide.holds(Copy->getRawSource()))
    Pointer = Copy->getRawSource();
  if (isa<PtrToIntInst>(I))
    Pointer = I.getOperand(0);
  if (auto *Call = dyn_cast<CallBase>(&I); Call && isDeallocation(*Call))
    Pointer = Call->getArgOperand(0);
  return Pointer && Wide.holds(Pointer) ? Pointer : nullptr;
}

bool ForwardBuilder::emitWide(Instruction &I) {
  Value *Memory = accessedWide(I);
  if (!Memory && !Wide.holds(&I))
    return false;
  if (isa<PtrToIntInst>(I)) // for a distance
    return true;
  IRBuilder<> B(F.getContext());
  setAfter(B, I);
  if (isa<LoadInst, StoreInst>(I))
    emitWideAccess(I, B);
  else if (auto *Move = dyn_cast<MemIntrinsic>(&I)) {
    B.SetInsertPoint(&I);
    emitWideMove(*Move, B);
  } else if (Memory)
    emitWideDeallocation(cast<CallBase>(I), B);
  else if (auto *Alloca = dyn_cast<AllocaInst>(&I))
    emitWideAlloca(*Alloca, B);
  else if (auto *GEP = dyn_cast<GetElementPtrInst>(&I))
    emitWideAddress(*GEP, B);
  else if (I.getType()->isPointerTy() && isa<CallBase>(I))
    emitWideAllocation(cast<CallBase>(I), B);
  else if (auto *Phi = dyn_cast<PHINode>(&I))
    emitWidePhi(*Phi);
  else
    emitWideValue(I, B);
  return true;
}

} // namespace tern
