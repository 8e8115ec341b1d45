// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "BitsInMemory.h"
#include "../analysis/Calls.h"
#include "../analysis/Objects.h"
#include "../analysis/Retype.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

namespace {

/// Bytes [From, To) of an object.
struct Range {
  int64_t From, To;
  bool meets(const Range &O) const { return From < O.To && O.From < To; }
  bool holds(const Range &O) const { return From <= O.From && O.To <= To; }
};

constexpr Range Everything = {INT64_MIN, INT64_MAX};

/// Memory in which integers are that come from the bits of floats.
class BitMemory {
public:
  explicit BitMemory(const DataLayout &DL) : DL(DL) {}
  /// Size 0: not known. True if that is new.
  bool add(const Value *Pointer, uint64_t Size);
  bool mayHold(const Value *Pointer, uint64_t Size);
  bool isEmpty() const { return Held.empty(); }

private:
  Range rangeOf(const Value *Pointer, const Value *Object, uint64_t Size);
  const Value *keyOf(const Value *Object);
  bool isOutOfSight(const Value *Key);

  static constexpr unsigned MaxRanges = 16;
  const DataLayout &DL;
  /// Under null: what pointers of unknown origin point to.
  DenseMap<const Value *, SmallVector<Range, 2>> Held;
  DenseMap<const Value *, bool> OutOfSight;
};

/// Follows the bits.
class BitTrace {
public:
  BitTrace(Function &F, const BitSources &Sources)
      : F(F), Sources(Sources), Memory(F.getDataLayout()) {}
  const Instruction *findSink();

private:
  bool visit(const Instruction &I);
  bool visitMove(const MemTransferInst &Copy);
  bool isSource(const Instruction &I) const;
  bool isFromMemory(const Instruction &I);
  bool isSink(const Instruction &I) const;
  uint64_t sizeOf(Type *T) const {
    TypeSize Size = F.getDataLayout().getTypeStoreSize(T);
    return Size.isScalable() ? 0 : Size.getFixedValue();
  }

  Function &F;
  const BitSources &Sources;
  BitMemory Memory;
  DenseSet<const Value *> Derived;  ///< from the bits of a float
  DenseSet<const Value *> Returned; ///< of those, what lay in memory
};

} // namespace

//===-- Memory ------------------------------------------------------------===//

const Value *BitMemory::keyOf(const Value *Object) {
  return isOwnObject(Object) || isa<GlobalVariable, Argument>(Object) ? Object
                                                                      : nullptr;
}

/// A pointer of unknown origin may point there.
bool BitMemory::isOutOfSight(const Value *Key) {
  if (!Key || !isOwnObject(Key))
    return true;
  auto [It, IsNew] = OutOfSight.try_emplace(Key, false);
  if (IsNew)
    It->second = PointerMayBeCaptured(Key, /*ReturnCaptures=*/false);
  return It->second;
}

Range BitMemory::rangeOf(const Value *Pointer, const Value *Object,
                         uint64_t Size) {
  APInt Offset(DL.getIndexTypeSizeInBits(Pointer->getType()), 0);
  const Value *Base =
      Pointer->stripAndAccumulateConstantOffsets(DL, Offset, true);
  if (Base != Object || !Size)
    return Everything;
  int64_t From = Offset.getSExtValue();
  return {From, From + static_cast<int64_t>(Size)};
}

bool BitMemory::add(const Value *Pointer, uint64_t Size) {
  bool Changed = false;
  for (const Value *Object : objectsOf(Pointer)) {
    Range New = rangeOf(Pointer, Object, Size);
    auto &Ranges = Held[keyOf(Object)];
    if (any_of(Ranges, [&](const Range &R) { return R.holds(New); }))
      continue;
    if (Ranges.size() == MaxRanges) {
      Ranges.clear();
      New = Everything;
    }
    Ranges.push_back(New);
    Changed = true;
  }
  return Changed;
}

bool BitMemory::mayHold(const Value *Pointer, uint64_t Size) {
  return any_of(objectsOf(Pointer), [&](const Value *Object) {
    const Value *Key = keyOf(Object);
    Range Asked = rangeOf(Pointer, Object, Size);
    if (auto It = Held.find(Key); It != Held.end())
      if (any_of(It->second, [&](const Range &R) { return R.meets(Asked); }))
        return true;
    if (Key)
      return Held.contains(nullptr) && isOutOfSight(Key);
    return any_of(Held,
                  [&](const auto &Entry) { return isOutOfSight(Entry.first); });
  });
}

//===-- Values ------------------------------------------------------------===//

static bool isInteger(const Value &V) {
  return V.getType()->isIntOrIntVectorTy();
}

/// Open bits in memory with a shadow are looked after where they are moved.
static bool isWatched(const Instruction &Load, const BitSources &Sources) {
  return bitsOf(Load) == "unknown" &&
         Sources.HasShadow(getLoadStorePointerOperand(&Load));
}

bool BitTrace::isSource(const Instruction &I) const {
  if (isa<LoadInst>(I))
    return isWatched(I, Sources);
  return isa<BitCastInst>(I) && Sources.IsActiveFloat(I.getOperand(0));
}

bool BitTrace::isFromMemory(const Instruction &I) {
  const auto *Load = dyn_cast<LoadInst>(&I);
  return Load && !isWatched(I, Sources) &&
         Memory.mayHold(Load->getPointerOperand(), sizeOf(I.getType()));
}

/// An integer made from the bits of its operands. Counts of bits and
/// comparisons are none.
static bool passesBits(const Instruction &I) {
  if (isa<BinaryOperator, CastInst, PHINode, SelectInst, FreezeInst,
          ExtractElementInst, InsertElementInst, ShuffleVectorInst>(I))
    return true;
  const auto *Call = dyn_cast<IntrinsicInst>(&I);
  if (!Call)
    return false;
  Intrinsic::ID ID = Call->getIntrinsicID();
  return ID != Intrinsic::ctpop && ID != Intrinsic::ctlz &&
         ID != Intrinsic::cttz;
}

static bool anyOperandIn(const Instruction &I,
                         const DenseSet<const Value *> &Set) {
  return any_of(I.operands(), [&](const Use &U) {
    bool IsCondition = isa<SelectInst>(I) && U.getOperandNo() == 0;
    return !IsCondition && isInteger(*U.get()) && Set.contains(U.get());
  });
}

bool BitTrace::visitMove(const MemTransferInst &Copy) {
  return bitsOf(Copy) != "pointer" && Memory.mayHold(Copy.getRawSource(), 0) &&
         Memory.add(Copy.getRawDest(), 0);
}

bool BitTrace::visit(const Instruction &I) {
  if (const auto *Store = dyn_cast<StoreInst>(&I)) {
    const Value *Stored = Store->getValueOperand();
    return isInteger(*Stored) && Derived.contains(Stored) &&
           Memory.add(Store->getPointerOperand(), sizeOf(Stored->getType()));
  }
  if (const auto *Copy = dyn_cast<MemTransferInst>(&I))
    return visitMove(*Copy);
  if (!isInteger(I) || I.getType()->isIntOrIntVectorTy(1))
    return false;
  bool Passes = passesBits(I);
  bool CameBack = isFromMemory(I) || (Passes && anyOperandIn(I, Returned));
  bool Comes = CameBack || isSource(I) || (Passes && anyOperandIn(I, Derived));
  bool Changed = CameBack && Returned.insert(&I).second;
  return (Comes && Derived.insert(&I).second) || Changed;
}

/// Integer bits that become a float, or part of something that may be one.
static const Value *takenBits(const Instruction &I) {
  if (const auto *Store = dyn_cast<StoreInst>(&I))
    return bitsOf(I) == "unknown" ? Store->getValueOperand() : nullptr;
  return isa<BitCastInst>(I) && holdsFloat(I.getType()) &&
                 isInteger(*I.getOperand(0))
             ? I.getOperand(0)
             : nullptr;
}

bool mayReturnBits(const Function &F) {
  return any_of(instructions(F),
                [](const Instruction &I) { return takenBits(I); });
}

bool BitTrace::isSink(const Instruction &I) const {
  const Value *Bits = takenBits(I);
  return Bits && Returned.contains(Bits);
}

const Instruction *BitTrace::findSink() {
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (const Instruction &I : instructions(F))
      Changed |= visit(I);
    if (Memory.isEmpty() && Derived.empty())
      return nullptr;
  }
  if (Returned.empty())
    return nullptr;
  for (const Instruction &I : instructions(F))
    if (isSink(I))
      return &I;
  return nullptr;
}

const Instruction *findBitsFromMemory(Function &F, const BitSources &Sources) {
  return !mayReturnBits(F) ? nullptr : BitTrace(F, Sources).findSink();
}

} // namespace tern
