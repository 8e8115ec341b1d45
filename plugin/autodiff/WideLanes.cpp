// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "WideLanes.h"
#include "../analysis/Calls.h"
#include "../analysis/Objects.h"
#include "../analysis/Retype.h"
#include "../rules/Rules.h"
#include "ForwardOperands.h"
#include "ForwardPlan.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

static bool isNumber(const Type *T) {
  return T->isFloatTy() || T->isDoubleTy();
}

static bool isFreshMemory(const Value &V) {
  if (const auto *Alloca = dyn_cast<AllocaInst>(&V))
    return !Alloca->isUsedWithInAlloca() && !Alloca->isSwiftError() &&
           Alloca->getAllocatedType()->isSized() &&
           !Alloca->getAllocatedType()->isScalableTy();
  return isOwnObject(&V);
}

WideLanes::WideLanes(Function &F, const ForwardPlan &Plan, unsigned Width)
    : F(F), Plan(Plan), Width(Width) {
  if (Width < Lanes)
    return;
  for (Instruction &I : instructions(F))
    if (Plan.carries(&I) && isFreshMemory(I))
      Objects.insert(&I);
  do {
    findPointers();
    findNumberTypes();
  } while (dropUnfit());
  findNumbers();
  if (pays())
    return;
  Pointers.clear();
  Numbers.clear();
}

//===- Memory ------------------------------------------------------------===//

static bool isAddress(const User &U) {
  return U.getType()->isPointerTy() &&
         isa<GetElementPtrInst, BitCastInst, AddrSpaceCastInst, PHINode,
             SelectInst, FreezeInst>(U);
}

/// The objects and the addresses in them.
void WideLanes::findPointers() {
  Pointers.clear();
  for (const Value *Object : Objects)
    Pointers.insert(Object);
  for (unsigned K = 0; K != Pointers.size(); ++K)
    for (const User *U : Pointers[K]->users())
      if (isAddress(*U))
        Pointers.insert(U);
}

/// Null, as an empty vector has it, may stand among them.
bool WideLanes::areMembers(const Value *Pointer) const {
  return all_of(objectsOf(Pointer), [&](const Value *Object) {
    return Objects.contains(Object) || pointsNowhere(*Object);
  });
}

Type *WideLanes::numberIn(const Value *Pointer) const {
  Type *Common = nullptr;
  for (const Value *Object : objectsOf(Pointer)) {
    if (pointsNowhere(*Object))
      continue;
    Type *Mine = NumberTypes.lookup(Object);
    if (!Mine || (Common && Common != Mine))
      return nullptr;
    Common = Mine;
  }
  return Common;
}

void WideLanes::findNumberTypes() {
  NumberTypes.clear();
  for (const Value *Pointer : Pointers)
    for (const User *U : Pointer->users()) {
      if (!isa<LoadInst, StoreInst>(U))
        continue;
      Type *T = getLoadStoreType(const_cast<User *>(U));
      for (const Value *Object : objectsOf(Pointer)) {
        auto [Known, IsNew] = NumberTypes.try_emplace(Object, T);
        if (!IsNew && Known->second != T)
          Known->second = nullptr;
      }
    }
}

/// Takes out objects with a use that the layout does not allow.
bool WideLanes::dropUnfit() {
  SmallPtrSet<const Value *, 8> Unfit;
  for (const Value *Pointer : Pointers) {
    bool Fits = !Plan.isMixed(Pointer) &&
                all_of(Pointer->uses(), [&](auto &U) { return fits(U); });
    if (const auto *I = dyn_cast<Instruction>(Pointer);
        I && !Objects.contains(I))
      Fits &= areMembers(I);
    if (!Fits)
      for (const Value *Object : objectsOf(Pointer))
        Unfit.insert(Object);
  }
  return Objects.remove_if(
      [&](auto *Object) { return Unfit.contains(Object); });
}

/// Whole numbers, as far as the alignment tells.
static bool startsAtNumber(const MemTransferInst &Copy, const Type *T) {
  uint64_t Size = T->getPrimitiveSizeInBits() / 8;
  return Copy.getDestAlign().valueOrOne() >= Size &&
         Copy.getSourceAlign().valueOrOne() >= Size;
}

/// Copies from and to other memory are loops over the numbers.
bool WideLanes::fitsCopy(const MemTransferInst &Copy) const {
  const Value *To = Copy.getRawDest(), *From = Copy.getRawSource();
  if (bitsOf(Copy) == "integer" || bitsOf(Copy) == "pointer")
    return false;
  bool IsToWide = areMembers(To), IsFromWide = areMembers(From);
  if (IsToWide && IsFromWide)
    return numberIn(From) && numberIn(From) == numberIn(To);
  const Value *Other = IsToWide ? From : To;
  if (!Plan.carries(Other))
    return true;
  const Type *T = numberIn(IsToWide ? To : From);
  return T && startsAtNumber(Copy, T);
}

/// The distance of two addresses, which is the same whatever the shadow.
static bool isForDistance(const Instruction &Cast) {
  return isa<PtrToIntInst>(Cast) && all_of(Cast.users(), [](const User *U) {
           return isa<ICmpInst>(U) ||
                  (cast<Instruction>(U)->getOpcode() == Instruction::Sub &&
                   all_of(U->operands(), [](const Value *Op) {
                     return isa<PtrToIntInst>(Op);
                   }));
         });
}

bool WideLanes::fits(const Use &U) const {
  const auto *I = cast<Instruction>(U.getUser());
  if (isa<LoadInst, StoreInst>(I)) {
    AccessOperands Access = accessOperands(*I);
    return static_cast<int>(U.getOperandNo()) == Access.Pointer &&
           !I->isAtomic() &&
           isNumber(getLoadStoreType(const_cast<Instruction *>(I))) &&
           numberIn(U.get());
  }
  if (isa<ICmpInst>(I) || isAddress(*I) || isForDistance(*I))
    return true;
  const auto *Call = dyn_cast<CallBase>(I);
  if (!Call || accessOperands(*I).Pointer >= 0 || !movedOperands(*I).empty())
    return false;
  switch (Plan.kindOf(*Call)) {
  case CallKind::Copy:
    return fitsCopy(cast<MemTransferInst>(*Call));
  case CallKind::Fill:
    return bitsOf(*Call) != "integer";
  case CallKind::Deallocation:
  case CallKind::Inactive:
    return true;
  default:
    return false;
  }
}

//===- Numbers -----------------------------------------------------------===//

static const Value *accessedPointer(const Instruction &I) {
  return getLoadStorePointerOperand(&I);
}

/// What a vector of tangents is computed for, if one operand has one.
bool WideLanes::mayBeWide(const Instruction &I) const {
  const auto *Call = dyn_cast<CallBase>(&I);
  if (!isNumber(I.getType()) || (Call && Plan.kindOf(*Call) != CallKind::Math))
    return false;
  if (isa<PHINode, SelectInst, FreezeInst>(I))
    return true;
  const MathRule *Rule = findMathRule(I);
  return Rule && none_of(I.operands(), [](const Value *Op) {
           return Op->getType()->isVectorTy() || Op->getType()->isStructTy();
         });
}

bool WideLanes::isComputedFromWide(const Instruction &I) const {
  if (isa<LoadInst>(I))
    return Pointers.contains(accessedPointer(I));
  if (!mayBeWide(I))
    return false;
  const MathRule *Rule = findMathRule(I);
  return any_of(I.operands(), [&](const Use &U) {
    return Numbers.contains(U.get()) &&
           (!Rule || hasPartial(*Rule, U.getOperandNo()));
  });
}

void WideLanes::findNumbers() {
  bool Changed = !Objects.empty();
  while (Changed) {
    Changed = false;
    for (const Instruction &I : instructions(F))
      if (Plan.carries(&I) && !Numbers.contains(&I) && isComputedFromWide(I))
        Changed |= Numbers.insert(&I).second;
  }
}

//===- Whether it pays ---------------------------------------------------===//

/// Accesses that become one for all lanes against numbers that cross between
/// the two forms, by how often they probably run.
bool WideLanes::pays() const {
  if (Objects.empty())
    return false;
  DominatorTree Dominators(F);
  LoopInfo Loops(Dominators);
  uint64_t Accesses = 0, Crossings = 0;
  for (const Instruction &I : instructions(F)) {
    const Loop *Here = Loops.getLoopFor(I.getParent());
    uint64_t Runs = uint64_t(1)
                    << 3 * std::min(Loops.getLoopDepth(I.getParent()), 10u);
    const Value *Pointer = accessedPointer(I);
    bool IsWide = Pointer ? Pointers.contains(Pointer) : Numbers.contains(&I);
    const auto *Store = dyn_cast<StoreInst>(&I);
    if (Pointer && IsWide && (!Store || Plan.carries(Store->getValueOperand())))
      Accesses += Runs;
    if (isa<LoadInst>(I))
      continue;
    for (const Value *Op : I.operands()) {
      if (!isNumber(Op->getType()) || !Plan.carries(Op))
        continue;
      const auto *Source = dyn_cast<Instruction>(Op);
      if (Numbers.contains(Op)
              ? !IsWide && (isa<StoreInst>(I) || Plan.carries(&I))
              : IsWide && Source && Here && Here->contains(Source))
        Crossings += Runs;
    }
  }
  return Accesses > Crossings;
}

} // namespace tern
