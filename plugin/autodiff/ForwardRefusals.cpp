// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What forward mode refuses, looked for when the plan is complete and before
// anything is changed: instructions without a rule, calls without a body, bits
// that were computed on and become a float again, tangents that would be lost
// in memory without a shadow and are read again (LostStores.h).
#include "../Diagnostics.h"
#include "../analysis/ForeignGlobals.h"
#include "../analysis/Objects.h"
#include "../rules/Rules.h"
#include "BitsInMemory.h"
#include "ForwardOperands.h"
#include "ForwardPlan.h"
#include "LostStores.h"
#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

/// A pointer of unknown origin may point to a local whose address escapes; what
/// was stored through it without a tangent is read there with a stale one.
bool ForwardPlan::mayHideEscaping(const Instruction &Store) const {
  auto IsUnknown = [&](const Value *Object) {
    return !carries(Object) && !isa<Argument, Constant>(Object);
  };
  if (Escaping.empty() || none_of(LostStores.lookup(&Store), IsUnknown))
    return false;
  for (const Instruction &I : instructions(F)) {
    AccessOperands Access = accessOperands(I);
    if (Access.Pointer < 0 || Access.IsStore || !carries(&I))
      continue;
    if (any_of(objectsOf(I.getOperand(Access.Pointer)),
               [&](const Value *R) { return is_contained(Escaping, R); }))
      if (isPotentiallyReachable(&Store, &I))
        return true;
  }
  return false;
}

/// What a callee stores out of sight in variables without a shadow.
void ForwardPlan::findLostBy(const CallBase &Call) {
  if (kindOf(Call) == CallKind::Body && isDerived(Call))
    for (const GlobalVariable *G : foreignGlobalsOf(Call, GlobalUse::Written))
      LostStores[&Call].push_back(G);
}

bool ForwardPlan::checkLostStores(const std::string &Primal) {
  for (const Instruction &I : instructions(F))
    if (const auto *Call = dyn_cast<CallBase>(&I))
      findLostBy(*Call);
  auto HasShadow = [&](const Value *V) { return carries(V); };
  for (auto &[Store, Objects] : LostStores)
    if (isReadAgain(*Store, Objects, HasShadow) || mayHideEscaping(*Store)) {
      report(Diag::ActiveConstMemory, *Store, {Primal});
      return false;
    }
  return true;
}

bool ForwardPlan::checkBitsInMemory(const std::string &Primal) {
  auto Carries = [&](const Value *V) { return carries(V); };
  const Instruction *Sink = findBitsFromMemory(F, {Carries, Carries});
  if (Sink)
    report(Diag::ActiveBits, *Sink, {Primal});
  return !Sink;
}

void ForwardPlan::findDoubtfulStores() {
  auto HasShadow = [&](const Value *V) { return carries(V) && !isMixed(V); };
  for (const Instruction &I : instructions(F)) {
    AccessOperands Access = accessOperands(I);
    if (Access.Pointer < 0 || !Access.IsStore)
      continue;
    const Value *Pointer = I.getOperand(Access.Pointer);
    if (!isMixed(Pointer) || !Pointer->getType()->isPointerTy() ||
        !carries(I.getOperand(Access.Value)))
      continue;
    // The caller may read what comes out of a call.
    if (HasMixedParameters || isReadAgain(I, objectsOf(Pointer), HasShadow))
      Doubtful.insert(&I);
  }
}

/// Comparisons, conversions to integers and flow have no tangent.
static bool endsTangent(const Instruction &I) {
  return isa<CmpInst, FPToSIInst, FPToUIInst, SIToFPInst, UIToFPInst, FenceInst,
             LandingPadInst, ReturnInst, ResumeInst, UnreachableInst,
             BranchInst, SwitchInst, AllocaInst>(I) ||
         I.getType()->isIntOrIntVectorTy();
}

bool ForwardPlan::check(Instruction &I, const std::string &Primal) {
  auto Refuse = [&](Diag Which, std::vector<std::string> Holes) {
    report(Which, I, std::move(Holes));
    return false;
  };
  AccessOperands Access = accessOperands(I);
  if (Access.Pointer >= 0) {
    if (Access.IsStore && carries(I.getOperand(Access.Pointer)) &&
        movesUnknownBits(I) && isComputedBits(I.getOperand(Access.Value)) &&
        !isCount(I.getOperand(Access.Value)))
      return Refuse(Diag::ActiveBits, {Primal});
    return true;
  }
  if (isa<BitCastInst, IntToPtrInst>(I) && !I.getType()->isIntOrIntVectorTy()) {
    Value *Bits = I.getOperand(0);
    bool FromBits = Bits->getType()->isIntOrIntVectorTy();
    bool IsAddress = isa<IntToPtrInst>(I) && addressRoot(Bits);
    if (FromBits && isComputedBits(Bits) && !IsAddress)
      return Refuse(Diag::ActiveBits, {Primal});
    unsigned Size = I.getType()->isPtrOrPtrVectorTy()
                        ? 64
                        : I.getType()->getScalarSizeInBits();
    if (FromBits && carries(Bits) && !isComputedBits(Bits) &&
        BitPieces.lookup(Bits).Unit < Size)
      return Refuse(Diag::ActiveBits, {Primal});
    return true;
  }
  if (!movedOperands(I).empty() || findMathRule(I))
    return true;
  if (auto *Call = dyn_cast<CallBase>(&I))
    return checkCall(*Call, Primal);
  bool Touches =
      any_of(I.operands(), [&](const Use &U) { return carries(U.get()); });
  if (auto *RMW = dyn_cast<AtomicRMWInst>(&I)) {
    auto Op = RMW->getOperation();
    // Where the memory may turn out to have no shadow, nothing watches.
    bool IsPlain = !isMixed(RMW->getPointerOperand());
    bool IsSum =
        IsPlain && (Op == AtomicRMWInst::FAdd || Op == AtomicRMWInst::FSub);
    bool IsSwap = IsPlain && Op == AtomicRMWInst::Xchg;
    bool IsInteger =
        I.getType()->isIntegerTy() && !carries(RMW->getValOperand());
    if (!Touches || IsSum || IsSwap || IsInteger)
      return true;
  } else if (auto *Swap = dyn_cast<AtomicCmpXchgInst>(&I)) {
    bool IsInteger = Swap->getNewValOperand()->getType()->isIntegerTy() &&
                     !carries(Swap->getNewValOperand());
    if (!Touches || IsInteger)
      return true;
  } else if (endsTangent(I) || !Touches) {
    if (!isa<VAArgInst>(I))
      return true;
  }
  return Refuse(Diag::UnknownInstruction, {I.getOpcodeName(), Primal});
}

bool ForwardPlan::checkCall(CallBase &Call, const std::string &Primal) {
  auto Refuse = [&](Diag Which, std::vector<std::string> Holes) {
    report(Which, Call, std::move(Holes));
    return false;
  };
  if (!anyCarries(Call) || isEmptyAsm(Call))
    return true;
  if (isa<InlineAsm>(Call.getCalledOperand()))
    return Refuse(Diag::UnknownInstruction, {"asm", Primal});
  const Function *Callee = calledFunction(Call);
  switch (kindOf(Call)) {
  case CallKind::Indirect:
    if (Call.hasMetadata("tern.trap"))
      return true;
    return Refuse(Diag::IndirectCall, {Primal});
  case CallKind::Missing:
    if (onlyMovesPointers(*Callee) ||
        (Callee->isIntrinsic() && Call.getType()->isIntOrIntVectorTy()))
      return true;
    if (Callee->isIntrinsic())
      return Refuse(Diag::UnknownInstruction,
                    {Callee->getName().str(), Primal});
    return Refuse(Diag::MissingBody,
                  {readableName(Callee->getName()), Primal, "TERN_DERIVATIVE"});
  case CallKind::Body:
    if (Callee->isVarArg())
      return Refuse(Diag::UnsupportedFlow,
                    {"a call of the variadic function '" +
                         readableName(Callee->getName()) + "'",
                     Primal, "pass the arguments in an array"});
    return true;
  default:
    return true;
  }
}

} // namespace tern
