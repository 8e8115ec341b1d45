// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "InactiveEffects.h"
#include "Calls.h"
#include "Objects.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

/// By the user. What has a rule, or allocates, is not classified as inactive.
static bool isMarkedInactive(const CallBase &Call) {
  return Call.hasFnAttr("tern_inactive") || Call.hasFnAttr("enzyme_inactive");
}

/// Writes of one call, seen from outside. What callees write through pointers
/// of their own caller's counts as elsewhere, unless it is their caller's own.
namespace {
class BodyWrites {
public:
  explicit BodyWrites(Function &F) : Root(F) { Reached.insert(&F); }
  InactiveEffects find();

private:
  void visit(Instruction &I);
  void visitCall(CallBase &Call);
  void addWriteTo(const Value *Pointer);
  void addArguments(const CallBase &Call);

  Function &Root;
  SetVector<Function *> Reached;
  InactiveEffects Found;
};
} // namespace

void BodyWrites::addWriteTo(const Value *Pointer) {
  for (const Value *Object : objectsOf(Pointer)) {
    const auto *Arg = dyn_cast<Argument>(Object);
    if (const auto *G = dyn_cast<GlobalVariable>(Object))
      Found.Variables.insert(G);
    else if (Arg && Arg->getParent() == &Root)
      Found.Through.set(Arg->getArgNo());
    else if (!isOwnObject(Object))
      Found.Elsewhere = true;
  }
}

void BodyWrites::addArguments(const CallBase &Call) {
  for (const Use &Arg : Call.args())
    if (holdsPointer(Arg->getType()) &&
        !Call.onlyReadsMemory(Call.getArgOperandNo(&Arg)))
      addWriteTo(Arg);
}

void BodyWrites::visitCall(CallBase &Call) {
  if (Call.onlyReadsMemory() || Call.onlyAccessesInaccessibleMemory())
    return;
  switch (classify(Call)) {
  case CallKind::Math:
  case CallKind::Allocation:
  case CallKind::Deallocation:
  case CallKind::Reduction:
    return;
  case CallKind::Copy:
  case CallKind::Fill:
    return addWriteTo(cast<MemIntrinsic>(Call).getRawDest());
  case CallKind::Body:
    Reached.insert(calledFunction(Call));
    Found.Elsewhere |= calledFunction(Call)->isInterposable();
    return;
  case CallKind::Inactive:
    if (!isMarkedInactive(Call))
      return addArguments(Call);
    [[fallthrough]];
  default:
    Found.Elsewhere = true;
  }
}

void BodyWrites::visit(Instruction &I) {
  if (auto *Call = dyn_cast<CallBase>(&I))
    visitCall(*Call);
  else if (auto *Store = dyn_cast<StoreInst>(&I))
    addWriteTo(Store->getPointerOperand());
  else if (auto *RMW = dyn_cast<AtomicRMWInst>(&I))
    addWriteTo(RMW->getPointerOperand());
  else if (auto *Swap = dyn_cast<AtomicCmpXchgInst>(&I))
    addWriteTo(Swap->getPointerOperand());
  else if (!isa<FenceInst>(I) && !I.isTerminator())
    Found.Elsewhere |= I.mayWriteToMemory() && !isa<LoadInst>(I);
}

InactiveEffects BodyWrites::find() {
  constexpr unsigned MaxFunctions = 64;
  Found.Through.resize(Root.arg_size());
  for (unsigned K = 0; K != Reached.size() && !Found.Elsewhere; ++K) {
    if (K == MaxFunctions)
      Found.Elsewhere = true;
    for (Instruction &I : instructions(*Reached[K]))
      visit(I);
  }
  return std::move(Found);
}

InactiveEffects effectsOfInactive(const CallBase &Call) {
  InactiveEffects Effects;
  Function *Callee = calledFunction(Call);
  if (isMarkedInactive(Call)) {
    if (Callee && !Callee->isDeclaration() && !Callee->isInterposable())
      return BodyWrites(*Callee).find();
    Effects.Elsewhere = !Callee || !Callee->getName().starts_with("tern_");
    return Effects;
  }
  Effects.Through.resize(Call.arg_size());
  for (const Use &Arg : Call.args())
    if (holdsPointer(Arg->getType()) &&
        !Call.onlyReadsMemory(Call.getArgOperandNo(&Arg)))
      Effects.Through.set(Call.getArgOperandNo(&Arg));
  return Effects;
}

/// Where the libraries keep it: glibc and musl, BSD and macOS, newlib and
/// Android, Windows.
static bool isLibraryState(StringRef Name) {
  return StringSwitch<bool>(Name)
      .Cases({"__errno_location", "__error", "__errno", "_errno", "errno"},
             true)
      .Cases({"signgam", "__signgam"}, true)
      .Default(false);
}

bool readsLibraryState(const LoadInst &Load) {
  return any_of(objectsOf(Load.getPointerOperand()), [](const Value *Object) {
    if (const auto *Call = dyn_cast<CallBase>(Object))
      Object = calledFunction(*Call);
    const auto *Known = dyn_cast_or_null<GlobalValue>(Object);
    return Known && Known->isDeclaration() && isLibraryState(Known->getName());
  });
}

} // namespace tern
