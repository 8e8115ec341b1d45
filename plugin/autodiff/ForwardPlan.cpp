// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ForwardPlan.h"
#include "../analysis/Objects.h"
#include "../request/Request.h"
#include "../rules/Rules.h"
#include "ForwardOperands.h"
#include "RuleShadows.h"
#include "ShadowGlobals.h"
#include "WrittenArguments.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace tern {

static bool isLocalMemory(const Value *V) {
  if (isa<AllocaInst>(V))
    return true;
  const auto *Call = dyn_cast<CallBase>(V);
  return Call && isAllocation(*Call);
}

static CallKind kindInForward(const CallBase &Call) {
  const Function *Callee = calledFunction(Call);
  if (Callee && onlyMovesPointers(*Callee))
    return CallKind::Missing;
  CallKind Kind = classify(Call);
  // A function with a rule for reverse mode only is differentiated itself.
  if (Kind == CallKind::Custom && !findCustomRule(*Callee)->Jvp)
    return Callee->isDeclaration() ? CallKind::Missing : CallKind::Body;
  return Kind;
}

/// A use that reads or writes memory, or computes another address in it; the
/// plan sees what such uses do.
static bool isPlainUse(const Use &U) {
  const auto *I = cast<Instruction>(U.getUser());
  AccessOperands Access = accessOperands(*I);
  if (Access.Pointer >= 0)
    return static_cast<int>(U.getOperandNo()) == Access.Pointer;
  if (isa<ICmpInst, MemIntrinsic>(I))
    return true;
  const auto *Call = dyn_cast<CallBase>(I);
  if (!Call)
    return false;
  CallKind Kind = kindInForward(*Call);
  return Kind == CallKind::Deallocation || Kind == CallKind::Inactive ||
         (Kind == CallKind::Body && Call->isArgOperand(&U) &&
          Call->doesNotCapture(Call->getArgOperandNo(&U)));
}

static bool passesAddressOn(const User &U) {
  return isa<GetElementPtrInst, BitCastInst, AddrSpaceCastInst, PHINode,
             SelectInst, FreezeInst>(U);
}

static bool escapes(const Value &Object) {
  SmallVector<const Value *, 8> Work = {&Object};
  DenseSet<const Value *> Seen;
  while (!Work.empty()) {
    const Value *V = Work.pop_back_val();
    if (!Seen.insert(V).second)
      continue;
    for (const Use &U : V->uses()) {
      if (passesAddressOn(*U.getUser()))
        Work.push_back(U.getUser());
      else if (!isPlainUse(U))
        return true;
    }
  }
  return false;
}

ForwardPlan::ForwardPlan(Function &F, ArrayRef<Value *> Duals,
                         bool HasMixedParameters)
    : F(F), HasMixedParameters(HasMixedParameters) {
  for (Value *V : Duals) {
    Carrying.insert(V);
    if (HasMixedParameters && isa<Argument>(V) &&
        V->getType()->isPtrOrPtrVectorTy())
      Mixed.insert(V);
  }
  for (Instruction &I : instructions(F)) {
    if (auto *Call = dyn_cast<CallBase>(&I))
      Kinds[Call] = kindInForward(*Call);
    if (!isLocalMemory(&I) || Carrying.contains(&I))
      continue;
    Locals.insert(&I);
    if (escapes(I))
      Escaping.push_back(&I);
  }
}

CallKind ForwardPlan::kindOf(const CallBase &Call) const {
  auto Known = Kinds.find(&Call);
  return Known == Kinds.end() ? kindInForward(Call) : Known->second;
}

bool ForwardPlan::carries(const Value *V) const {
  if (const auto *C = dyn_cast<Constant>(V))
    return hasShadow(*C);
  return Carrying.contains(V);
}

bool ForwardPlan::setCarries(Value *V) { return Carrying.insert(V).second; }
bool ForwardPlan::setMixed(Value *V) { return Mixed.insert(V).second; }

bool ForwardPlan::setComputed(Instruction &I) {
  unsigned Op = I.getOpcode();
  bool IsCounting = Op == Instruction::Add || Op == Instruction::Sub ||
                    Op == Instruction::Mul;
  bool MayBeFloat = !IsCounting && movedOperands(I).empty();
  for (const Value *Bits : I.operands())
    MayBeFloat |= ComputedFloats.contains(Bits) || BitPieces.lookup(Bits).Grain;
  bool Changed = MayBeFloat && ComputedFloats.insert(&I).second;
  return Computed.insert(&I).second || Changed;
}

bool ForwardPlan::isPlainLocal(const Value *Object) const {
  return Locals.contains(Object) && !Carrying.contains(Object);
}

/// Local memory whose address is somewhere in memory or in other functions may
/// be what a pointer of unknown origin points to.
bool ForwardPlan::shadowEscaping() {
  bool Changed = false;
  for (const Value *Object : Escaping)
    Changed |= setCarries(const_cast<Value *>(Object));
  return Changed;
}

/// Something active is written through `Pointer`, or the pointer itself is put
/// where its shadow will be looked for: gives local memory its shadow.
bool ForwardPlan::shadowLocals(const Value *Pointer) {
  bool Changed = false;
  for (const Value *Object : objectsOf(Pointer)) {
    if (isPlainLocal(Object))
      Changed |= setCarries(const_cast<Value *>(Object));
    else if (!isa<Constant, Argument>(Object) && !Locals.contains(Object))
      Changed |= shadowEscaping();
  }
  return Changed;
}

/// Addresses that leave by a way on which nothing more is known of them.
bool ForwardPlan::shadowLeaving(const Instruction &I) {
  bool Changed = false;
  for (const Value *Op : I.operands())
    if (Op->getType()->isPointerTy())
      Changed |= shadowLocals(Op);
    else if (holdsPointer(Op->getType()))
      Changed |= shadowEscaping();
  return Changed;
}

/// The same for a write; remembers where the tangent would be lost.
bool ForwardPlan::shadowObjects(Value *Pointer, Instruction &At) {
  for (const Value *Object : objectsOf(Pointer))
    if (!isPlainLocal(Object) && !carries(Object) && !pointsNowhere(*Object) &&
        !is_contained(LostStores[&At], Object))
      LostStores[&At].push_back(Object);
  return shadowLocals(Pointer);
}

bool ForwardPlan::visitStore(Instruction &I, const Value *Stored,
                             Value *Pointer) {
  if (carries(Stored))
    return shadowObjects(Pointer, I);
  // Addresses without a shadow must not come back out of memory that has one.
  bool IsAddress = holdsPointer(Stored->getType()) || isa<PtrToIntInst>(Stored);
  if (!IsAddress || !carries(Pointer))
    return false;
  if (const auto *Cast = dyn_cast<PtrToIntInst>(Stored))
    Stored = Cast->getPointerOperand();
  return Stored->getType()->isPointerTy() ? shadowLocals(Stored)
                                          : shadowEscaping();
}

/// The merged pointer may be inactive on one way and active on another.
bool ForwardPlan::makesMixed(const Instruction &I) const {
  if (!I.getType()->isPtrOrPtrVectorTy())
    return false;
  if (isa<ExtractValueInst, IntToPtrInst>(I))
    return true;
  return any_of(movedOperands(I), [&](unsigned K) {
    const Value *Op = I.getOperand(K);
    if (!Op->getType()->isPtrOrPtrVectorTy() || pointsNowhere(*Op))
      return false;
    return isMixed(Op) || !carries(Op);
  });
}

/// A move of bits cut at multiples of `Cut` (0: not cut).
bool ForwardPlan::moveBits(Instruction &I, unsigned Cut) {
  bool Changed = false;
  Pieces All;
  bool Any = false;
  for (Value *Op : I.operands()) {
    if (isComputedBits(Op))
      Changed |= setComputed(I);
    if (!carries(Op) || !Op->getType()->isIntOrIntVectorTy())
      continue;
    Any = true;
    Pieces P = BitPieces.lookup(Op);
    All.Grain = std::max(All.Grain, P.Grain);
    All.Unit = std::min(All.Unit, P.Unit);
  }
  if (!Any)
    return Changed;
  if (Cut) {
    // A cut through the middle of a float is arithmetic, not a move.
    if (Cut < 16 || (All.Grain && Cut % All.Grain))
      return setComputed(I) || Changed;
    All.Unit = std::min(All.Unit, Cut);
  }
  Pieces &Mine = BitPieces[&I];
  Changed |= Mine.Grain < All.Grain || Mine.Unit > All.Unit;
  Mine.Grain = std::max(Mine.Grain, All.Grain);
  Mine.Unit = std::min(Mine.Unit, All.Unit);
  return setCarries(&I) || Changed;
}

static unsigned largestPowerOfTwoIn(uint64_t N) {
  return N == 0 ? 64u : 1u << std::min(6, countr_zero(N));
}

/// The largest granule at whose multiples the bits of the mask change.
static unsigned granuleOf(const APInt &Mask) {
  unsigned Cut = 64;
  for (unsigned K = 1; K < Mask.getBitWidth(); ++K)
    if (Mask[K] != Mask[K - 1])
      Cut = std::min(Cut, largestPowerOfTwoIn(K));
  return Cut;
}

/// Where an integer operation that only moves bits cuts them; 1 for arithmetic.
static unsigned cutOf(const Instruction &I) {
  const APInt *Constant = nullptr;
  if (I.getNumOperands() == 2)
    if (const auto *C = dyn_cast<ConstantInt>(I.getOperand(1)))
      Constant = &C->getValue();
  switch (I.getOpcode()) {
  case Instruction::Trunc:
    return largestPowerOfTwoIn(I.getType()->getScalarSizeInBits());
  case Instruction::ZExt:
    return largestPowerOfTwoIn(
        I.getOperand(0)->getType()->getScalarSizeInBits());
  case Instruction::Shl:
  case Instruction::LShr:
    return Constant ? largestPowerOfTwoIn(Constant->getLimitedValue()) : 1;
  case Instruction::And:
    return Constant ? granuleOf(*Constant) : 1;
  case Instruction::Or:
    return cast<PossiblyDisjointInst>(I).isDisjoint() ? 0 : 1;
  default:
    return 1;
  }
}

/// The bits in another order.
static bool isPermutation(const Instruction &I) {
  const auto *Call = dyn_cast<IntrinsicInst>(&I);
  if (!Call)
    return false;
  switch (Call->getIntrinsicID()) {
  case Intrinsic::bswap:
  case Intrinsic::bitreverse:
  case Intrinsic::fshl:
  case Intrinsic::fshr:
    return true;
  default:
    return false;
  }
}

bool ForwardPlan::visitBits(Instruction &I) {
  if (isPermutation(I))
    return moveBits(I, 1);
  if (isa<BinaryOperator>(I) || isa<TruncInst, ZExtInst, SExtInst>(I))
    return I.getType()->isIntOrIntVectorTy() && moveBits(I, cutOf(I));
  bool IsCast = isa<BitCastInst, PtrToIntInst>(I);
  if (IsCast && I.getType()->isIntOrIntVectorTy()) {
    Value *Op = I.getOperand(0);
    if (Op->getType()->isIntOrIntVectorTy())
      return moveBits(I, 0);
    if (!carries(Op))
      return false;
    BitPieces[&I].Grain = Op->getType()->isPtrOrPtrVectorTy()
                              ? 64
                              : Op->getType()->getScalarSizeInBits();
    return setCarries(&I);
  }
  return false;
}

bool ForwardPlan::isDerived(const CallBase &Call) const {
  CallKind Kind = kindOf(Call);
  if (Kind == CallKind::Custom)
    return anyCarries(Call);
  if (Kind != CallKind::Body)
    return false;
  const Function *Callee = calledFunction(Call);
  return anyCarries(Call) || GlobalUsers.lookup(Callee);
}

bool ForwardPlan::anyCarries(const CallBase &Call) const {
  return any_of(Call.args(), [&](const Use &U) { return carries(U.get()); });
}

/// Whether the function, or what it calls, touches a global with a shadow.
static bool usesShadowedGlobals(const Function &Root) {
  SmallVector<const Function *, 8> Work = {&Root};
  DenseSet<const Function *> Seen;
  while (!Work.empty()) {
    const Function *G = Work.pop_back_val();
    if (!Seen.insert(G).second || G->isDeclaration())
      continue;
    for (const Instruction &I : instructions(*G))
      for (const Use &U : I.operands()) {
        if (const auto *Callee = dyn_cast<Function>(U.get()))
          Work.push_back(Callee);
        else if (const auto *C = dyn_cast<Constant>(U.get());
                 C && hasShadow(*C))
          return true;
      }
  }
  return false;
}

/// An integer result is worth a tangent only if it is bits of a float or
/// pointer, as where the calling convention packs a small struct.
static bool becomesFloatOrPointer(const Value &V) {
  SmallVector<const Value *, 8> Work = {&V};
  DenseSet<const Value *> Seen;
  while (!Work.empty()) {
    const Value *Bits = Work.pop_back_val();
    if (!Seen.insert(Bits).second)
      continue;
    for (const User *U : Bits->users()) {
      const auto *I = cast<Instruction>(U);
      bool IsInt = I->getType()->isIntOrIntVectorTy();
      if (isa<IntToPtrInst>(I) || (isa<BitCastInst>(I) && !IsInt) ||
          (isa<StoreInst>(I) && movesUnknownBits(*I)))
        return true;
      if (!movedOperands(*I).empty() || (IsInt && cutOf(*I) != 1))
        Work.push_back(I);
    }
  }
  return false;
}

bool ForwardPlan::mayWrite(const CallBase &Call, unsigned Number) {
  if (Call.onlyReadsMemory(Number))
    return false;
  const Function *Callee = calledFunction(Call);
  auto [Known, IsNew] = Writes.try_emplace({Callee, Number}, true);
  if (IsNew)
    Known->second = mayWriteThrough(*Callee, Number);
  return Known->second;
}

/// A rule writes tangents to the shadows of its outputs, so that local memory
/// needs one; if it takes a shadow for every pointer, the inputs do, too.
bool ForwardPlan::shadowForRule(CallBase &Call) {
  const Function &Rule = *findCustomRule(*calledFunction(Call))->Jvp;
  unsigned Floats = 0, Pointers = 0;
  for (const Value *Arg : Call.args()) {
    Floats += holdsFloat(Arg->getType());
    Pointers += Arg->getType()->isPointerTy();
  }
  unsigned Given = Rule.arg_size() - Rule.hasStructRetAttr();
  unsigned Known = Call.arg_size() + Floats;
  bool Changed = false;
  for (Use &U : Call.args())
    if (!U->getType()->isPointerTy() || Given == Known || tableBehind(U))
      continue;
    else if (mayWrite(Call, Call.getArgOperandNo(&U)))
      Changed |= shadowObjects(U.get(), Call);
    else if (Given == Known + Pointers)
      Changed |= shadowLocals(U.get());
  return Changed;
}

bool ForwardPlan::visitCall(CallBase &Call) {
  CallKind Kind = kindOf(Call);
  bool Changed = false;
  if (Kind == CallKind::Body && !GlobalUsers.contains(calledFunction(Call)))
    GlobalUsers[calledFunction(Call)] =
        usesShadowedGlobals(*calledFunction(Call));
  if (Kind == CallKind::Regions) {
    if (!Call.getType()->isPointerTy())
      return false;
    Changed |= setCarries(&Call);
    return setMixed(&Call) || Changed;
  }
  bool IsAdjointCopy = Kind == CallKind::Tape &&
                       calledFunction(Call)->getName().starts_with("tern_adj");
  if (IsAdjointCopy && carries(Call.getArgOperand(0)))
    return shadowObjects(Call.getArgOperand(1), Call);
  if (Kind == CallKind::Tape && !carries(Call.getArgOperand(0)))
    return false;
  // A place on the tape, and one on its shadow.
  if (Kind == CallKind::Tape && isTapePlace(Call))
    return shadowLocals(Call.getArgOperand(1));
  if (Kind == CallKind::Tape)
    return Call.getType()->isPointerTy() && setCarries(&Call);
  if (Kind == CallKind::Copy) {
    auto &Copy = cast<MemTransferInst>(Call);
    if (carries(Copy.getRawSource()))
      return shadowObjects(Copy.getRawDest(), Call);
    // What is copied may hold addresses.
    return carries(Copy.getRawDest()) && shadowLocals(Copy.getRawSource());
  }
  if (Kind == CallKind::Missing) {
    if (!anyCarries(Call) || !onlyMovesPointers(*calledFunction(Call)))
      return false;
    Changed |= shadowLeaving(Call);
    if (Call.getType()->isPointerTy()) {
      Changed |= setCarries(&Call);
      Changed |= setMixed(&Call);
    }
    return Changed;
  }
  if (!isDerived(Call))
    return false;
  if (Kind == CallKind::Custom)
    Changed |= shadowForRule(Call);
  for (Use &U : Call.args())
    if (!U->getType()->isPointerTy())
      Changed |= holdsPointer(U->getType()) && shadowEscaping();
    else if (Kind == CallKind::Body && mayWrite(Call, Call.getArgOperandNo(&U)))
      Changed |= shadowObjects(U.get(), Call);
  Type *T = Call.getType();
  if (holdsPointer(T))
    Changed |= shadowLeaving(Call);
  if (holdsFloat(T) || holdsPointer(T) || becomesFloatOrPointer(Call)) {
    Changed |= setCarries(&Call);
    if (T->isPtrOrPtrVectorTy())
      Changed |= setMixed(&Call);
  }
  return Changed;
}

bool ForwardPlan::visit(Instruction &I) {
  AccessOperands Access = accessOperands(I);
  if (Access.Pointer >= 0) {
    Value *Pointer = I.getOperand(Access.Pointer);
    if (Access.IsStore)
      return visitStore(I, I.getOperand(Access.Value), Pointer);
    Type *T = I.getType();
    bool Carries = carries(Pointer) &&
                   (holdsFloat(T) || holdsPointer(T) || movesUnknownBits(I));
    if (Access.Value >= 0)
      Carries |= carries(I.getOperand(Access.Value));
    bool Changed = Carries && setCarries(&I);
    return (Carries && T->isPtrOrPtrVectorTy() && setMixed(&I)) || Changed;
  }
  if (isa<AtomicRMWInst>(I)) {
    Type *T = I.getType();
    bool Changed = visitStore(I, I.getOperand(1), I.getOperand(0));
    return (carries(I.getOperand(0)) && (holdsFloat(T) || holdsPointer(T)) &&
            setCarries(&I)) ||
           Changed;
  }
  bool Changed = visitBits(I);
  auto Moved = movedOperands(I);
  if (!Moved.empty()) {
    bool IsInt = I.getType()->isIntOrIntVectorTy();
    if (IsInt && !isa<BitCastInst, PtrToIntInst, ExtractValueInst>(I))
      return moveBits(I, 0) || Changed;
    bool Carries =
        any_of(Moved, [&](unsigned K) { return carries(I.getOperand(K)); });
    if (isa<IntToPtrInst>(I) && isComputedBits(I.getOperand(0)))
      Carries = addressRoot(I.getOperand(0)) != nullptr;
    // An integer member of a struct that carries is data, unless it is used
    // as something else.
    if (isa<ExtractValueInst>(I) && IsInt)
      Carries = Carries && becomesFloatOrPointer(I);
    return (Carries && setCarries(&I)) || Changed;
  }
  if (isa<ReturnInst, AtomicCmpXchgInst>(I))
    return shadowLeaving(I) || Changed;
  if (const MathRule *Rule = findMathRule(I)) {
    for (unsigned K = 0; K != I.getNumOperands(); ++K)
      if (carries(I.getOperand(K)) && hasPartial(*Rule, K))
        return setCarries(&I) || Changed;
    return Changed;
  }
  if (auto *Call = dyn_cast<CallBase>(&I))
    return visitCall(*Call) || Changed;
  return Changed;
}

const Value *ForwardPlan::addressRoot(const Value *Bits) const {
  for (unsigned Depth = 0; Depth != 16; ++Depth) {
    if (!isComputedBits(Bits))
      return carries(Bits) ? Bits : nullptr;
    const auto *Op = dyn_cast<BinaryOperator>(Bits);
    if (!Op)
      return nullptr;
    switch (Op->getOpcode()) {
    case Instruction::Add:
    case Instruction::Sub:
    case Instruction::And:
    case Instruction::Or:
      break;
    default:
      return nullptr;
    }
    auto Counts = [&](const Value *V) {
      return isComputedBits(V) || carries(V);
    };
    bool Left = Counts(Op->getOperand(0)), Right = Counts(Op->getOperand(1));
    if (Left == Right || (Right && Op->getOpcode() == Instruction::Sub))
      return nullptr;
    Bits = Op->getOperand(Left ? 0 : 1);
  }
  return nullptr;
}

void ForwardPlan::rename(const Value *From, const Value *To) {
  for (auto *Set : {&Carrying, &Mixed, &Computed})
    if (Set->erase(From))
      Set->insert(To);
}

/// When it is known what carries: an address that comes round a loop does not
/// when its phi is seen first.
void ForwardPlan::findMixedMoves() {
  bool Changed = true;
  while (Changed) {
    Changed = false;
    for (Instruction &I : instructions(F))
      if (carries(&I) && makesMixed(I))
        Changed |= setMixed(&I);
  }
}

bool ForwardPlan::run(const std::string &Primal) {
  ReversePostOrderTraversal<Function *> Order(&F);
  bool Changed = true;
  while (Changed) {
    Changed = false;
    for (BasicBlock *BB : Order)
      for (Instruction &I : *BB)
        Changed |= visit(I);
  }
  findMixedMoves();
  for (BasicBlock *BB : Order)
    for (Instruction &I : *BB)
      if (!check(I, Primal))
        return false;
  findDoubtfulStores();
  return checkBitsInMemory(Primal) && checkLostStores(Primal);
}

} // namespace tern
