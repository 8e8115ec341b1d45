// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CarriedState.h"
#include "../analysis/Calls.h"
#include "../analysis/Objects.h"
#include "../rules/Rules.h"
#include "Replay.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;

namespace tern {

//===-- Memory of the function's own --------------------------------------===//

namespace {
/// Releasing memory lets nobody else see it.
struct EscapeTracker : CaptureTracker {
  bool Escapes = false;
  void tooManyUses() override { Escapes = true; }
  Action captured(const Use *U, UseCaptureInfo) override {
    const auto *Call = dyn_cast<CallBase>(U->getUser());
    if (Call && classify(*Call) == CallKind::Deallocation)
      return Continue;
    Escapes = true;
    return Stop;
  }
};
} // namespace

static bool escapes(const Value *Object) {
  EscapeTracker Tracker;
  PointerMayBeCaptured(Object, &Tracker);
  return Tracker.Escapes;
}

bool isScratch(const Value *Pointer) {
  return all_of(objectsOf(Pointer), [](const Value *Object) {
    return isOwnObject(Object) && !escapes(Object);
  });
}

//===-- Which bytes -------------------------------------------------------===//

/// Pointers in memory have shadows in shadow memory, which is not kept.
bool CarriedState::add(LoadInst &Load) {
  BasicBlock *Before = L.getLoopPreheader();
  if (holdsPointer(Load.getType()) || !isScratch(Load.getPointerOperand()))
    return false;
  for (const Value *Object : objectsOf(Load.getPointerOperand())) {
    const auto *I = cast<Instruction>(Object);
    if (!Proof.dominators().dominates(I, Before->getTerminator()))
      return false;
    Objects[const_cast<Instruction *>(I)].push_back(&Load);
  }
  return true;
}

/// Addresses relative to the object's beginning.
CarriedState::Offsets CarriedState::offsetsIn(Value &Object,
                                              LoadInst &Load) const {
  ScalarEvolution &SE = Proof.evolution();
  Instruction *At = L.getLoopPreheader()->getTerminator();
  WrittenFirst::Range R = Proof.addresses(Load, L);
  if (!R.First)
    return {};
  SCEVExpander Expander(SE, "state");
  const SCEV *Base = SE.getSCEV(&Object);
  for (const SCEV **Bound : {&R.First, &R.Last}) {
    *Bound = SE.getMinusSCEV(*Bound, Base);
    if (isa<SCEVCouldNotCompute>(*Bound) || !SE.isLoopInvariant(*Bound, &L) ||
        !Expander.isSafeToExpandAt(*Bound, At))
      return {};
  }
  return {R.First, R.Last};
}

/// No object has a negative size: an allocation of that many bytes has failed.
static Value *sizeOf(Value &Object, IRBuilderBase &B) {
  auto *Local = dyn_cast<AllocaInst>(&Object);
  if (!Local)
    return B.CreateBinaryIntrinsic(
        Intrinsic::smax, emitAllocationSize(cast<CallBase>(Object), B),
        B.getInt64(0));
  const DataLayout &DL = Local->getDataLayout();
  Value *Element = B.getInt64(DL.getTypeAllocSize(Local->getAllocatedType()));
  return B.CreateMul(
      Element, B.CreateZExtOrTrunc(Local->getArraySize(), B.getInt64Ty()));
}

/// All that the function loads from the object, and stores in it, is of type T
/// or vectors thereof.
static bool holdsOnly(const Value &Object, const Type *T) {
  SmallSetVector<const Value *, 8> Views;
  Views.insert(&Object);
  for (unsigned K = 0; K != Views.size(); ++K)
    for (const Use &U : Views[K]->uses()) {
      const auto *I = cast<Instruction>(U.getUser());
      if (isa<GetElementPtrInst, PHINode, SelectInst>(I)) {
        Views.insert(I);
        continue;
      }
      const auto *Call = dyn_cast<CallBase>(I);
      if (isa<ICmpInst, MemSetInst>(I) ||
          (Call && classify(*Call) == CallKind::Deallocation))
        continue;
      if (Call && isReplayed(*Call)) { // another loop's
        if (!holdsOnly(*calledFunction(*Call)->getArg(U.getOperandNo()), T))
          return false;
        continue;
      }
      bool IsValue = isa<StoreInst>(I) && U.getOperandNo() == 0;
      if (IsValue || !isa<LoadInst, StoreInst>(I) ||
          getLoadStoreType(I)->getScalarType() != T)
        return false;
    }
  return true;
}

/// What the object is made of, if that is one type whose size is a power of
/// two.
static Type *elementOf(Value &Object, LoadInst &Reader) {
  const DataLayout &DL = Reader.getDataLayout();
  Type *T = Reader.getType()->getScalarType();
  bool IsPlain = DL.typeSizeEqualsStoreSize(T) &&
                 isPowerOf2_64(DL.getTypeAllocSize(T)) && holdsOnly(Object, T);
  return IsPlain ? T : Type::getInt8Ty(T->getContext());
}

StateRange CarriedState::rangeOf(Value &Object, const Loads &Readers) const {
  ScalarEvolution &SE = Proof.evolution();
  Instruction *At = L.getLoopPreheader()->getTerminator();
  IRBuilder<> B(At);
  Value *Size = sizeOf(Object, B), *From = nullptr, *To = nullptr;
  Type *Element = elementOf(Object, *Readers.front());
  SCEVExpander Expander(SE, "state");
  auto Expand = [&](const SCEV *S) {
    return B.CreateFreeze(Expander.expandCodeFor(S, B.getInt64Ty(), At));
  };
  auto Min = [&](Value *X, Value *Y) {
    return B.CreateBinaryIntrinsic(Intrinsic::umin, X, Y);
  };
  for (LoadInst *Load : Readers) {
    Offsets O = offsetsIn(Object, *Load);
    if (!O.First)
      return {&Object, Size, Element};
    TypeSize Width = Load->getDataLayout().getTypeStoreSize(Load->getType());
    Value *First = Min(Expand(O.First), Size);
    Value *End = Min(
        B.CreateAdd(Expand(O.Last), B.getInt64(Width.getFixedValue())), Size);
    From = From ? Min(From, First) : First;
    To = To ? B.CreateBinaryIntrinsic(Intrinsic::umax, To, End) : End;
  }
  // Whole elements, so that Retype sees that the copies move such.
  uint64_t Width = SE.getDataLayout().getTypeAllocSize(Element);
  Value *Index = B.CreateLShr(From, Log2_64(Width));
  Value *Bytes = B.CreateBinaryIntrinsic(Intrinsic::usub_sat, To,
                                         B.CreateShl(Index, Log2_64(Width)),
                                         nullptr, "state.bytes");
  return {B.CreateGEP(Element, &Object, Index, "state"), Bytes, Element};
}

SmallVector<StateRange, 2> CarriedState::ranges() const {
  SmallVector<StateRange, 2> Found;
  for (const auto &[Object, Readers] : Objects)
    Found.push_back(rangeOf(*Object, Readers));
  return Found;
}

//===-- Is it worth it? ---------------------------------------------------===//

/// Bytes per iteration of L, with ten iterations for each loop inside.
uint64_t CarriedState::weight(Instruction &V) const {
  uint64_t Weight =
      V.getDataLayout().getTypeStoreSize(V.getType()).getKnownMinValue();
  Loop *M = Proof.loopFor(V.getParent());
  for (; M && M != &L; M = M->getParentLoop())
    Weight *= 10;
  return Weight;
}

uint64_t CarriedState::keptBytes() const {
  uint64_t Sum = 0;
  for (Value *V : Scalars)
    Sum += weight(*cast<Instruction>(V));
  for (const auto &[Object, Readers] : Objects) {
    uint64_t Most = 0;
    for (LoadInst *Load : Readers)
      Most = std::max(Most, weight(*Load));
    Sum += Most;
  }
  return Sum;
}

namespace {

/// What the reverse of the loop's instructions needs, as far as it has to be
/// recorded if iterations are not run again. An estimate: a wrong one costs
/// time, nothing else.
class NeedsOfReverse {
public:
  NeedsOfReverse(Loop &L, WrittenFirst &Proof,
                 function_ref<bool(const Value *)> IsActive)
      : L(L), Proof(Proof), IsActive(IsActive) {}
  SetVector<Instruction *> find();

private:
  void visit(Instruction &I);
  void need(Value *V);
  bool isKept(Instruction &I) const;

  Loop &L;
  WrittenFirst &Proof;
  function_ref<bool(const Value *)> IsActive;
  SetVector<Value *> Needed;
};

} // namespace

void NeedsOfReverse::need(Value *V) {
  if (auto *I = dyn_cast<Instruction>(V); I && L.contains(I))
    Needed.insert(I);
}

/// Partials that are not constants.
void NeedsOfReverse::visit(Instruction &I) {
  if (auto *Branch = dyn_cast<BranchInst>(&I))
    if (Branch->isConditional() && L.contains(Branch->getSuccessor(0)) &&
        Proof.loopFor(Branch->getSuccessor(0)) ==
            Proof.loopFor(Branch->getSuccessor(1)))
      return need(Branch->getCondition());
  if (!IsActive(&I))
    return;
  bool IsFused = isa<IntrinsicInst>(I) &&
                 is_contained({Intrinsic::fma, Intrinsic::fmuladd},
                              cast<IntrinsicInst>(I).getIntrinsicID());
  if (I.getOpcode() == Instruction::FMul || IsFused) {
    for (unsigned K : {0u, 1u})
      if (IsActive(I.getOperand(1 - K)))
        need(I.getOperand(K));
  } else if (I.getOpcode() == Instruction::FDiv) {
    need(I.getOperand(1));
    if (IsActive(I.getOperand(1)))
      need(&I);
  } else if (auto *Select = dyn_cast<SelectInst>(&I)) {
    need(Select->getCondition());
  } else if (auto *Load = dyn_cast<LoadInst>(&I)) {
    need(Load->getPointerOperand());
  } else if (isa<CallBase>(I)) {
    need(&I);
    for (Value *Operand : cast<CallBase>(I).args())
      need(Operand);
  }
}

/// Cannot be had again, or only at a price.
bool NeedsOfReverse::isKept(Instruction &I) const {
  if (auto *Load = dyn_cast<LoadInst>(&I))
    return Proof.isOverwritten(*Load);
  return isa<CallBase>(I) || I.getOpcode() == Instruction::FDiv ||
         (isa<PHINode>(I) && holdsFloat(I.getType()));
}

SetVector<Instruction *> NeedsOfReverse::find() {
  for (BasicBlock *BB : L.blocks())
    for (Instruction &I : *BB)
      visit(I);
  SetVector<Instruction *> Kept;
  for (unsigned K = 0; K != Needed.size(); ++K) {
    auto *I = cast<Instruction>(Needed[K]);
    if (isKept(*I))
      Kept.insert(I);
    else if (!isa<PHINode>(I))
      for (Value *Operand : I->operands())
        need(Operand);
  }
  return Kept;
}

uint64_t
CarriedState::recordedBytes(function_ref<bool(const Value *)> IsActive) const {
  uint64_t Sum = 0;
  for (Instruction *I : NeedsOfReverse(L, Proof, IsActive).find())
    Sum += weight(*I);
  return Sum;
}

bool CarriedState::pays(function_ref<bool(const Value *)> IsActive) const {
  return recordedBytes(IsActive) > 2 * keptBytes();
}

} // namespace tern
