// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CarriedSums.h"
#include "../analysis/Calls.h"
#include "Replay.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

static constexpr StringRef SumAttribute = "tern_sum";

namespace {
using Sums = SmallSetVector<Instruction *, 8>;
} // namespace

static bool isProductPlus(const Instruction &I) {
  const auto *Call = dyn_cast<IntrinsicInst>(&I);
  return Call && (Call->getIntrinsicID() == Intrinsic::fmuladd ||
                  Call->getIntrinsicID() == Intrinsic::fma);
}

/// Exactly one of the sums goes into I, with a factor of one.
static bool addsToSum(Instruction &I, const Sums &All) {
  auto IsSum = [&](Value *V) {
    auto *Operand = dyn_cast<Instruction>(V);
    return Operand && All.contains(Operand);
  };
  if (auto *Phi = dyn_cast<PHINode>(&I))
    return all_of(Phi->incoming_values(), IsSum);
  if (auto *Select = dyn_cast<SelectInst>(&I))
    return IsSum(Select->getTrueValue()) && IsSum(Select->getFalseValue());
  if (I.getOpcode() == Instruction::FAdd)
    return IsSum(I.getOperand(0)) != IsSum(I.getOperand(1));
  if (I.getOpcode() == Instruction::FSub)
    return IsSum(I.getOperand(0)) && !IsSum(I.getOperand(1));
  return isProductPlus(I) && IsSum(I.getOperand(2)) &&
         !IsSum(I.getOperand(0)) && !IsSum(I.getOperand(1));
}

bool isCarriedSum(PHINode &Phi, const Loop &L) {
  auto *Next =
      dyn_cast<Instruction>(Phi.getIncomingValueForBlock(L.getLoopLatch()));
  if (!Phi.getType()->isFloatingPointTy() || !Next || !L.contains(Next))
    return false;
  Sums All;
  All.insert(&Phi);
  for (unsigned I = 0; I != All.size(); ++I)
    for (User *U : All[I]->users()) {
      auto *User = cast<Instruction>(U);
      if (L.contains(User))
        All.insert(User);
      else if (All[I] != &Phi && All[I] != Next)
        return false;
    }
  return All.contains(Next) && all_of(All, [&](Instruction *I) {
           return I == &Phi || addsToSum(*I, All);
         });
}

void markSumParameter(Function &Iteration, unsigned Parameter) {
  Iteration.addParamAttr(Parameter,
                         Attribute::get(Iteration.getContext(), SumAttribute));
}

bool isSumArgument(const CallBase &Replayed, unsigned Argument) {
  return isReplayed(Replayed) &&
         calledFunction(Replayed)->getAttributes().hasParamAttr(Argument,
                                                                SumAttribute);
}

bool feedsSumsOnly(const Value &V) {
  SmallSetVector<const Value *, 8> Work;
  Work.insert(&V);
  for (unsigned I = 0; I != Work.size(); ++I)
    for (const Use &U : Work[I]->uses()) {
      const auto *Call = dyn_cast<CallBase>(U.getUser());
      if (isa<PHINode>(U.getUser()))
        Work.insert(U.getUser());
      else if (!Call || !Call->isArgOperand(&U) ||
               !isSumArgument(*Call, Call->getArgOperandNo(&U)))
        return false;
    }
  return true;
}

} // namespace tern
