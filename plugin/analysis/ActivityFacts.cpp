// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ActivityFacts.h"
#include "../Closure.h"
#include "../autodiff/InnerStacks.h"
#include "../autodiff/ShadowGlobals.h"
#include "../rules/Rules.h"
#include "Calls.h"
#include "ForeignGlobals.h"
#include "Objects.h"
#include "Retype.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace tern {

/// An object of this function whose activity follows from what is stored.
static bool isLocalObject(const Value *V) {
  if (const auto *G = dyn_cast<GlobalVariable>(V))
    return !G->isConstant() && tern::hasShadow(*G);
  const auto *Call = dyn_cast<CallBase>(V);
  return isOwnObject(V) || (Call && classify(*Call) == CallKind::Tape);
}

static PointerActivity join(PointerActivity A, PointerActivity B) {
  if (A == PointerActivity::Neutral || A == B)
    return B;
  return B == PointerActivity::Neutral ? A : PointerActivity::Mixed;
}

ActivityFacts::ActivityFacts(Function &F, const ArgumentActivity &Arguments,
                             bool ResultIsActive, const Context &Around)
    : F(F), Arguments(Arguments), Effects(Around.Effects),
      MixedParameters(Around.MixedParameters),
      CallersLackShadows(Around.MayLackShadows),
      Globals(F, Around.Targets, Around.IsCalled) {
  for (const Instruction &I : instructions(F)) {
    if (isChainedFrame(I))
      ActiveObjects.insert(&I);
    if (isLocalObject(&I) && PointerMayBeCaptured(&I, /*ReturnCaptures=*/false))
      EscapedObjects.push_back(&I);
    for (const Value *Operand : I.operands()) {
      const Value *Base = Operand->stripInBoundsOffsets();
      if (auto *G = dyn_cast<GlobalVariable>(Base))
        if (Globals.isActive(*G))
          ActiveObjects.insert(G);
    }
  }
  // Activating an object changes pointers from Inactive to Active, which is no
  // step up in the lattice: start over until the set of objects is stable.
  size_t Before;
  do {
    Before = ActiveObjects.size();
    ActiveValues.clear();
    Pointers.clear();
    MixedObjects.clear();
    AllLoadsMixed = MixedParameters;
    propagate();
  } while (ActiveObjects.size() != Before);
  findLostStores();
  keepUseful(ResultIsActive);
}

/// Before useless values are dropped: what is only stored there has no other
/// use.
void ActivityFacts::findLostStores() {
  auto Add = [&](const Instruction &I, const Value *Address) {
    PointerActivity P = pointer(Address);
    if (P == PointerActivity::Inactive)
      LostStores.push_back({&I, Address});
    else if (P == PointerActivity::Mixed)
      DoubtfulStores.push_back({&I, Address});
  };
  auto AddStored = [&](const Instruction &I, const Value *Stored,
                       const Value *Address) {
    bool Carries = holdsFloat(Stored->getType()) && isActive(Stored);
    bool Points = holdsPointer(Stored->getType()) && hasShadow(Stored);
    if (Carries || Points ||
        (isa<AtomicCmpXchgInst>(I) && carriesOpenBits(Stored)))
      Add(I, Address);
  };
  for (const Instruction &I : instructions(F)) {
    if (const auto *Store = dyn_cast<StoreInst>(&I)) {
      AddStored(I, Store->getValueOperand(), Store->getPointerOperand());
    } else if (const auto *RMW = dyn_cast<AtomicRMWInst>(&I)) {
      AddStored(I, RMW->getValOperand(), RMW->getPointerOperand());
    } else if (const auto *Swap = dyn_cast<AtomicCmpXchgInst>(&I)) {
      AddStored(I, Swap->getNewValOperand(), Swap->getPointerOperand());
    } else if (const auto *Copy = dyn_cast<MemTransferInst>(&I)) {
      if (hasShadow(Copy->getRawSource()))
        Add(I, Copy->getRawDest());
    } else if (const auto *Call = dyn_cast<CallBase>(&I);
               Call && classify(*Call) == CallKind::Body &&
               isActiveCall(*Call)) {
      findLostBy(*Call);
    }
  }
}

/// The callee stores out of sight. (Through a pointer that may or may not have
/// a shadow it watches its own stores.)
void ActivityFacts::findLostBy(const CallBase &Call) {
  const CalleeEffects::Summary &Callee = Effects.of(*calledFunction(Call));
  for (unsigned Number : Callee.Through.set_bits())
    if (Number < Call.arg_size()) {
      const Use &Arg = Call.getArgOperandUse(Number);
      if (pointer(Arg) == PointerActivity::Inactive &&
          !Effects.isIntegerUse(Arg))
        LostStores.push_back({&Call, Arg});
    }
  for (const GlobalVariable *G : foreignGlobalsOf(Call, GlobalUse::Written))
    LostStores.push_back({&Call, G});
}

/// Where a derivative leaves the values of the function: memory, calls, the
/// result.
bool ActivityFacts::isSink(const Instruction &I, bool ResultIsActive) const {
  if (isa<ReturnInst>(I))
    return ResultIsActive;
  if (isa<StoreInst, AtomicRMWInst, AtomicCmpXchgInst>(I))
    return true;
  // Whether bits come back as a float is for the check of bits to find out.
  if (isa<BitCastInst>(I) && I.getType()->isIntOrIntVectorTy())
    return true;
  const auto *Call = dyn_cast<CallBase>(&I);
  if (!Call)
    return false;
  CallKind Kind = classify(*Call);
  return Kind != CallKind::Math && Kind != CallKind::Inactive &&
         Kind != CallKind::Reduction;
}

/// A value that reaches no sink has a zero adjoint whatever happens.
void ActivityFacts::keepUseful(bool ResultIsActive) {
  DenseSet<const Value *> Useful;
  SmallVector<const Instruction *, 32> Work;
  for (const Instruction &I : instructions(F))
    if (isSink(I, ResultIsActive))
      Work.push_back(&I);
  while (!Work.empty())
    for (const Value *Operand : Work.pop_back_val()->operands()) {
      const auto *I = dyn_cast<Instruction>(Operand);
      if (I && ActiveValues.contains(I) && Useful.insert(I).second)
        Work.push_back(I);
    }
  // A call may be a sink and have an unused result.
  for (const Value *V : ActiveValues)
    if (isa<CallBase>(V) && isSink(*cast<Instruction>(V), ResultIsActive))
      Useful.insert(V);
  ActiveValues = std::move(Useful);
}

SmallVector<const GlobalVariable *, 4> ActivityFacts::activeGlobals() const {
  SmallVector<const GlobalVariable *, 4> Found;
  for (const Value *Object : ActiveObjects)
    if (const auto *G = dyn_cast<GlobalVariable>(Object))
      Found.push_back(G);
  return Found;
}

void ActivityFacts::propagate() {
  ReversePostOrderTraversal<Function *> Order(&F);
  bool Changed = true;
  while (Changed) {
    Changed = false;
    for (BasicBlock *BB : Order)
      for (Instruction &I : *BB)
        Changed |= visit(I);
  }
}

bool ActivityFacts::isActive(const Value *V) const {
  if (const auto *A = dyn_cast<Argument>(V)) {
    auto It = Arguments.find(A);
    return It != Arguments.end() && It->second != Activity::Const &&
           holdsFloat(V->getType());
  }
  return ActiveValues.contains(V);
}

PointerActivity ActivityFacts::pointer(const Value *V) const {
  if (const auto *A = dyn_cast<Argument>(V)) {
    auto It = Arguments.find(A);
    bool Shadowed = It != Arguments.end() && It->second != Activity::Const;
    if (Shadowed && MixedParameters)
      return PointerActivity::Mixed;
    return Shadowed ? PointerActivity::Active : PointerActivity::Inactive;
  }
  if (isa<ConstantPointerNull, UndefValue, Function, ConstantAggregateZero>(V))
    return PointerActivity::Neutral;
  if (const auto *G = dyn_cast<GlobalVariable>(V)) {
    if (isVirtualTable(*G))
      return PointerActivity::Neutral;
    return ActiveObjects.contains(G) ? PointerActivity::Active
                                     : PointerActivity::Inactive;
  }
  if (const auto *E = dyn_cast<ConstantExpr>(V)) {
    auto Result = PointerActivity::Neutral;
    for (const Value *Operand : E->operands())
      if (Operand->getType()->isPtrOrPtrVectorTy())
        Result = join(Result, pointer(Operand));
    return Result;
  }
  if (isa<Constant>(V))
    return PointerActivity::Inactive;
  return Pointers.lookup(V);
}

bool ActivityFacts::isActiveCall(const CallBase &Call) const {
  for (const Value *Arg : Call.args())
    if (isActive(Arg) || (holdsPointer(Arg->getType()) && hasShadow(Arg)))
      return true;
  // A callee may read a global that active code writes. One that nobody sees
  // can carry nothing otherwise, as `what()` of an exception.
  Function *Callee = calledFunction(Call);
  if (Callee && Callee->isDeclaration())
    return false;
  return any_of(ActiveObjects,
                [](const Value *V) { return isa<GlobalVariable>(V); }) ||
         (Callee && Globals.isUsedBy(*Callee));
}

bool ActivityFacts::activate(const Value *Address) {
  bool Changed = false;
  for (const Value *Object : objectsOf(Address)) {
    if (isLocalObject(Object))
      Changed |= ActiveObjects.insert(Object).second;
    else if (!isa<Argument>(Object) &&
             pointer(Object) != PointerActivity::Active)
      Changed |= activateEscaped();
  }
  return Changed;
}

/// A store through a pointer of unknown origin that may have no shadow can
/// reach any local object whose address was stored somewhere.
bool ActivityFacts::activateEscaped() {
  bool Changed = false;
  for (const Value *Object : EscapedObjects)
    Changed |= ActiveObjects.insert(Object).second;
  return Changed;
}

bool ActivityFacts::markMixed(const Value *Address) {
  bool Changed = false;
  for (const Value *Object : objectsOf(Address)) {
    if (isLocalObject(Object)) {
      Changed |= MixedObjects.insert(Object).second;
    } else if (!AllLoadsMixed) {
      AllLoadsMixed = Changed = true;
    }
  }
  return Changed;
}

bool ActivityFacts::loadsMixed(const Value *Address) const {
  if (!hasMixedMemory())
    return false;
  return AllLoadsMixed || any_of(objectsOf(Address), [&](const Value *Object) {
           return MixedObjects.contains(Object) || !isLocalObject(Object) ||
                  (Globals.meetsPointers() && isa<GlobalVariable>(Object));
         });
}

/// Bits that may be those of an active float, or parts of one: taken from
/// memory that has a shadow, or from the float itself.
bool ActivityFacts::carriesOpenBits(const Value *Bits) const {
  SmallVector<const Value *, 8> Work = {Bits};
  SmallPtrSet<const Value *, 8> Seen;
  while (!Work.empty()) {
    const auto *I = dyn_cast<Instruction>(Work.pop_back_val());
    if (!I || !I->getType()->isIntOrIntVectorTy() || !Seen.insert(I).second)
      continue;
    if (const auto *Load = dyn_cast<LoadInst>(I)) {
      if (bitsOf(*Load) == "unknown" && hasShadow(Load->getPointerOperand()))
        return true;
    } else if (isa<BitCastInst>(I) && isActive(I->getOperand(0))) {
      return true;
    } else if (isa<PHINode, SelectInst, FreezeInst, CastInst, BinaryOperator,
                   ExtractElementInst, InsertElementInst, ShuffleVectorInst>(
                   I)) {
      Work.append(I->value_op_begin(), I->value_op_end());
    }
  }
  return false;
}

bool ActivityFacts::visitStored(const Value *Stored, const Value *Address) {
  bool Changed = false;
  if (holdsPointer(Stored->getType())) {
    PointerActivity P = pointer(Stored);
    if (P == PointerActivity::Active || P == PointerActivity::Mixed)
      Changed |= activate(Address);
    if (P == PointerActivity::Inactive || P == PointerActivity::Mixed)
      if (hasShadow(Address))
        Changed |= activateLeaving(Stored, Address) || markMixed(Address);
  }
  if (holdsFloat(Stored->getType()) && isActive(Stored))
    Changed |= activate(Address);
  return Changed;
}

/// Heap memory whose address gets out of the function, into memory that has a
/// shadow or as the result: others may put derivatives in it.
bool ActivityFacts::activateLeaving(const Value *Stored, const Value *Address) {
  if (Address && all_of(objectsOf(Address), isLocalObject))
    return false;
  bool Changed = false;
  for (const Value *Object : objectsOf(Stored))
    if (isa<CallBase>(Object) && isLocalObject(Object))
      Changed |= ActiveObjects.insert(Object).second;
  return Changed;
}

/// Copied addresses keep or lack their shadows at the new place.
bool ActivityFacts::visitCopy(const MemTransferInst &Copy) {
  const Value *To = Copy.getRawDest(), *From = Copy.getRawSource();
  bool Changed = hasShadow(From) && activate(To);
  if (hasShadow(To) && mayMovePointers(Copy) &&
      (pointer(From) != PointerActivity::Active || loadsMixed(From)))
    Changed |= markMixed(To);
  return Changed;
}

/// The call is handed memory, other than of integers, that may have no shadow.
bool ActivityFacts::takesUnshadowed(const CallBase &Call) const {
  bool IsBody = classify(Call) == CallKind::Body;
  return hasMixedMemory() || any_of(Call.args(), [&](const Use &Arg) {
           PointerActivity P = holdsPointer(Arg->getType())
                                   ? pointer(Arg)
                                   : PointerActivity::Neutral;
           return (P == PointerActivity::Inactive ||
                   P == PointerActivity::Mixed) &&
                  !(IsBody && Effects.isIntegerUse(Arg));
         });
}

/// A callee that stores pointers, and knows some without a shadow, may have put
/// them anywhere; one that stores through pointers that it loads may reach any
/// local whose address was stored.
bool ActivityFacts::touchReachable(const CallBase &Call) {
  bool Changed = false;
  const CalleeEffects::Summary *Callee = nullptr;
  // A rule does to memory what the function does, and so to the shadow.
  if (Function *Called = calledFunction(Call);
      Called && !Called->isDeclaration())
    Callee = &Effects.of(*Called);
  if (!Callee || Callee->Elsewhere)
    Changed |= activateEscaped();
  bool Places = !Callee || Callee->PlacesGlobals ||
                (Callee->PlacesPointers && takesUnshadowed(Call));
  if (Places && !AllLoadsMixed)
    AllLoadsMixed = Changed = true;
  return Changed;
}

/// A callee may store through any pointer that it is given; where it stores
/// integers only, no derivative gets there.
bool ActivityFacts::touchCallArguments(const CallBase &Call) {
  CallKind Kind = classify(Call);
  if (Kind != CallKind::Body && Kind != CallKind::Indirect &&
      Kind != CallKind::Custom)
    return false;
  if (!isActiveCall(Call))
    return false;
  bool Changed = touchReachable(Call);
  for (const Use &Arg : Call.args())
    if (Arg->getType()->isPointerTy() &&
        !(Kind == CallKind::Body && Effects.isIntegerUse(Arg)))
      Changed |= activate(Arg);
  return Changed;
}

bool ActivityFacts::visit(Instruction &I) {
  bool Changed = false;
  if (auto *Store = dyn_cast<StoreInst>(&I)) {
    Changed |=
        visitStored(Store->getValueOperand(), Store->getPointerOperand());
    // With a shadow, the memory is one into which bits are refused.
    if (bitsOf(I) == "unknown" && carriesOpenBits(Store->getValueOperand()))
      Changed |= activate(Store->getPointerOperand());
  }
  if (auto *RMW = dyn_cast<AtomicRMWInst>(&I))
    Changed |= visitStored(RMW->getValOperand(), RMW->getPointerOperand());
  if (auto *Swap = dyn_cast<AtomicCmpXchgInst>(&I)) {
    const Value *New = Swap->getNewValOperand();
    Changed |= visitStored(New, Swap->getPointerOperand());
    if (carriesOpenBits(New)) // with a shadow, it is refused
      Changed |= activate(Swap->getPointerOperand());
  }
  if (auto *Copy = dyn_cast<MemTransferInst>(&I))
    Changed |= visitCopy(*Copy);
  if (auto *Call = dyn_cast<CallBase>(&I); Call && isAdjointCopy(*Call))
    if (hasShadow(Call->getArgOperand(0)))
      Changed |= activate(Call->getArgOperand(1));
  if (auto *Return = dyn_cast<ReturnInst>(&I))
    if (Value *V = Return->getReturnValue(); V && V->getType()->isPointerTy())
      Changed |= activateLeaving(V, nullptr);
  if (auto *Call = dyn_cast<CallBase>(&I))
    Changed |= touchCallArguments(*Call);
  if (holdsFloat(I.getType()))
    Changed |= updateValue(I);
  if (holdsPointer(I.getType()))
    Changed |= updatePointer(I);
  return Changed;
}

bool ActivityFacts::updateValue(Instruction &I) {
  return !ActiveValues.contains(&I) && isActiveResult(I) &&
         ActiveValues.insert(&I).second;
}

bool ActivityFacts::isActiveResult(Instruction &I) const {
  if (auto *Load = dyn_cast<LoadInst>(&I))
    return hasShadow(Load->getPointerOperand());
  if (auto *Call = dyn_cast<CallBase>(&I)) {
    CallKind Kind = classify(*Call);
    if (Kind == CallKind::Inactive || Kind == CallKind::Allocation ||
        Kind == CallKind::Missing)
      return Kind == CallKind::Missing && isActiveCall(*Call);
    if (Kind != CallKind::Math && Kind != CallKind::Reduction)
      return isActiveCall(*Call);
  }
  if (auto *RMW = dyn_cast<AtomicRMWInst>(&I))
    return hasShadow(RMW->getPointerOperand());
  if (const MathRule *Rule = findMathRule(I)) {
    for (unsigned Op = 0; Op != I.getNumOperands(); ++Op)
      if (isActive(I.getOperand(Op)) && hasPartial(*Rule, Op))
        return true;
    return false;
  }
  return any_of(I.operands(), [&](const Use &U) { return isActive(U.get()); });
}

bool ActivityFacts::updatePointer(Instruction &I) {
  PointerActivity &Known = Pointers[&I];
  PointerActivity New = join(Known, pointerResult(I));
  // pointerResult may have grown the map.
  PointerActivity &Slot = Pointers[&I];
  bool Changed = Slot != New;
  Slot = New;
  return Changed;
}

PointerActivity ActivityFacts::pointerResult(Instruction &I) const {
  auto Local = [&](const Value *V) {
    return ActiveObjects.contains(V) ? PointerActivity::Active
                                     : PointerActivity::Inactive;
  };
  if (isa<AllocaInst>(I))
    return Local(&I);
  if (auto *Load = dyn_cast<LoadInst>(&I)) {
    const Value *Address = Load->getPointerOperand();
    PointerActivity P = pointer(Address);
    if (P == PointerActivity::Active && loadsMixed(Address))
      return PointerActivity::Mixed;
    return P;
  }
  if (auto *Call = dyn_cast<CallBase>(&I)) {
    CallKind Kind = classify(*Call);
    if (Kind == CallKind::Allocation || Kind == CallKind::Tape)
      return Local(&I);
    bool Passes = Kind == CallKind::Body || Kind == CallKind::Indirect ||
                  Kind == CallKind::Custom || Kind == CallKind::Missing;
    if (!Passes || !isActiveCall(*Call))
      return PointerActivity::Inactive;
    if (Call->hasMetadata("tern.trap")) // the program stops there
      return PointerActivity::Neutral;
    return takesUnshadowed(*Call) ? PointerActivity::Mixed
                                  : PointerActivity::Active;
  }
  if (isa<IntToPtrInst>(I)) // of unknown origin: refused where it matters
    return isa<Constant>(I.getOperand(0)) ? PointerActivity::Inactive
                                          : PointerActivity::Active;
  auto Result = PointerActivity::Neutral;
  for (const Value *Operand : I.operands())
    if (holdsPointer(Operand->getType()))
      Result = join(Result, pointer(Operand));
  return Result;
}

} // namespace tern
