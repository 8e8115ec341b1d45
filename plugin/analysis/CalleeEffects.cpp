// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CalleeEffects.h"
#include "Calls.h"
#include "InactiveEffects.h"
#include "Objects.h"
#include "Retype.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

/// Functions with a body that F calls directly.
static void addCallees(Function &F, SetVector<Function *> &Found) {
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallBase>(&I))
      if (classify(*Call) == CallKind::Body)
        Found.insert(calledFunction(*Call));
}

const CalleeEffects::Summary &CalleeEffects::of(Function &F) {
  if (auto It = Known.find(&F); It != Known.end())
    return It->second;
  SetVector<Function *> Reached;
  Reached.insert(&F);
  for (unsigned I = 0; I != Reached.size(); ++I)
    if (!Known.contains(Reached[I]))
      addCallees(Canonical(*Reached[I]), Reached);
  SmallVector<Function *, 8> New;
  for (Function *G : Reached)
    if (auto [It, IsNew] = Known.try_emplace(G); IsNew) {
      It->second.Through.resize(G->arg_size());
      It->second.Rich.resize(G->arg_size());
      New.push_back(G);
    }
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (Function *G : New)
      Changed |= update(*G);
  }
  return Known[&F];
}

/// Summaries only grow. True if F's did.
bool CalleeEffects::update(Function &F) {
  Summary S = Known[&F];
  for (Instruction &I : instructions(Canonical(F))) {
    visit(I, S);
    for (const Use &U : I.operands())
      if (holdsPointer(U->getType()) && !isIntegerUse(U))
        for (const Value *Object : objectsOf(U))
          if (const auto *Arg = dyn_cast<Argument>(Object))
            S.Rich.set(Arg->getArgNo());
  }
  Summary &Old = Known[&F];
  bool Grew = S.Elsewhere != Old.Elsewhere ||
              S.PlacesPointers != Old.PlacesPointers ||
              S.PlacesGlobals != Old.PlacesGlobals ||
              S.Through != Old.Through || S.Rich != Old.Rich;
  Old = std::move(S);
  return Grew;
}

//===-- Integers only -----------------------------------------------------===//

/// A view of the pointer; its uses are looked at by themselves.
static bool isView(const Instruction &I) {
  return isa<GetElementPtrInst, PHINode, SelectInst, FreezeInst, BitCastInst,
             AddrSpaceCastInst, ICmpInst>(I);
}

/// An integer, and not just a word of which nothing more is known (Retype.h).
static bool movesInteger(const Instruction &I, const Type &Moved) {
  return Moved.isIntOrIntVectorTy() && bitsOf(I) != "unknown";
}

bool CalleeEffects::isIntegerUse(const Use &Pointer) {
  const auto *I = cast<Instruction>(Pointer.getUser());
  if (isView(*I))
    return true;
  if (isa<LoadInst>(I))
    return movesInteger(*I, *I->getType());
  if (const auto *Store = dyn_cast<StoreInst>(I))
    return Pointer.getOperandNo() == StoreInst::getPointerOperandIndex() &&
           movesInteger(*I, *Store->getValueOperand()->getType());
  const auto *Call = dyn_cast<CallBase>(I);
  if (!Call || !Call->isArgOperand(&Pointer))
    return Call != nullptr; // the called function
  switch (classify(*Call)) {
  case CallKind::Fill:
  case CallKind::Inactive:
  case CallKind::Deallocation:
    return true;
  case CallKind::Body: {
    unsigned Number = Call->getArgOperandNo(&Pointer);
    const Summary &Callee = of(*calledFunction(*Call));
    return Number < Callee.Rich.size() && !Callee.Rich.test(Number);
  }
  default:
    return false;
  }
}

//===-- Writes ------------------------------------------------------------===//

static void addWriteTo(const Value *Pointer, CalleeEffects::Summary &S) {
  for (const Value *Object : objectsOf(Pointer)) {
    if (const auto *Arg = dyn_cast<Argument>(Object);
        Arg && Arg->getType()->isPointerTy())
      S.Through.set(Arg->getArgNo());
    else if (!isOwnObject(Object))
      S.Elsewhere = true;
  }
}

/// A value that is stored or returned.
static void addPlaced(const Value *Placed, CalleeEffects::Summary &S) {
  if (!holdsPointer(Placed->getType()))
    return;
  S.PlacesPointers = true;
  for (const Value *Object : objectsOf(Placed))
    if (const auto *G = dyn_cast<GlobalVariable>(Object))
      S.PlacesGlobals |= holdsFloat(G->getValueType());
}

void CalleeEffects::visit(Instruction &I, Summary &S) {
  if (auto *Call = dyn_cast<CallBase>(&I))
    visitCall(*Call, S);
  else if (auto *Store = dyn_cast<StoreInst>(&I)) {
    addWriteTo(Store->getPointerOperand(), S);
    addPlaced(Store->getValueOperand(), S);
  } else if (auto *Return = dyn_cast<ReturnInst>(&I)) {
    if (Return->getReturnValue())
      addPlaced(Return->getReturnValue(), S);
  } else
    S.Elsewhere |= I.mayWriteToMemory();
}

void CalleeEffects::visitCall(CallBase &Call, Summary &S) {
  switch (classify(Call)) {
  case CallKind::Math: // errno is not user memory
  case CallKind::Allocation:
  case CallKind::Deallocation: // delayed past the reverse sweep
  case CallKind::Reduction:
  case CallKind::Regions:
    return;
  case CallKind::Tape:
    if (isAdjointCopy(Call))
      for (unsigned I : {0u, 1u}) // from one to the other
        addWriteTo(Call.getArgOperand(I), S);
    return;
  case CallKind::Copy:
    S.PlacesPointers |= mayMovePointers(Call);
    [[fallthrough]];
  case CallKind::Fill:
    return addWriteTo(cast<MemIntrinsic>(Call).getRawDest(), S);
  case CallKind::Inactive: {
    InactiveEffects Effects = effectsOfInactive(Call);
    S.Elsewhere |= Effects.Elsewhere ? Call.mayWriteToMemory()
                                     : !Effects.Variables.empty();
    for (unsigned I : Effects.Through.set_bits())
      if (I < Call.arg_size())
        addWriteTo(Call.getArgOperand(I), S);
    return;
  }
  case CallKind::Body: {
    const Summary Callee = of(*calledFunction(Call));
    S.Elsewhere |= Callee.Elsewhere;
    S.PlacesPointers |= Callee.PlacesPointers;
    S.PlacesGlobals |= Callee.PlacesGlobals;
    for (unsigned I : Callee.Through.set_bits())
      if (I < Call.arg_size())
        addWriteTo(Call.getArgOperand(I), S);
    return;
  }
  default:
    S.Elsewhere |= Call.mayWriteToMemory();
    S.PlacesPointers = true;
  }
}

} // namespace tern
