// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "WrittenArguments.h"
#include "../analysis/Calls.h"
#include "../rules/Rules.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

namespace {
/// The values that hold addresses reached from the parameter, callees included.
struct Reached {
  SmallVector<const Value *, 16> Work;
  DenseSet<const Value *> Seen;
  void add(const Value *V) {
    if (Seen.insert(V).second)
      Work.push_back(V);
  }
};
} // namespace

/// False if the use may write, or lets the address out of sight.
static bool isReadByCall(const Use &U, const CallBase &Call, Reached &R) {
  if (const auto *Copy = dyn_cast<MemTransferInst>(&Call))
    return &U == &Copy->getRawSourceUse();
  if (!Call.isArgOperand(&U))
    return false;
  unsigned Number = Call.getArgOperandNo(&U);
  if (Call.onlyReadsMemory(Number) && Call.doesNotCapture(Number))
    return true;
  if (isInactiveCall(Call) || isDeallocation(Call))
    return true;
  const Function *Callee = calledFunction(Call);
  if (!Callee || Callee->isDeclaration() || Number >= Callee->arg_size())
    return false;
  R.add(Callee->getArg(Number));
  if (holdsPointer(Call.getType()))
    R.add(&Call);
  return true;
}

/// Unoptimised code keeps the parameter in a local variable: what is loaded
/// from there is the parameter. False if the variable is used otherwise.
static bool isKeptInLocal(const StoreInst &Store, Reached &R) {
  const auto *Local = dyn_cast<AllocaInst>(Store.getPointerOperand());
  if (!Local || !Local->getAllocatedType()->isPointerTy())
    return false;
  for (const User *Other : Local->users()) {
    const auto *Kept = dyn_cast<StoreInst>(Other);
    if (isa<LoadInst>(Other))
      R.add(Other);
    else if (!(Kept && Kept->getPointerOperand() == Local) &&
             !isa<LifetimeIntrinsic>(Other))
      return false;
  }
  return true;
}

static bool isRead(const Use &U, Reached &R) {
  const auto *I = dyn_cast<Instruction>(U.getUser());
  if (!I)
    return false;
  if (const auto *Store = dyn_cast<StoreInst>(I))
    return U.get() == Store->getValueOperand() && isKeptInLocal(*Store, R);
  if (isa<CmpInst, ReturnInst>(I))
    return true;
  if (isa<LoadInst, GetElementPtrInst, PHINode, SelectInst, CastInst,
          FreezeInst, ExtractValueInst, InsertValueInst>(I)) {
    if (holdsPointer(I->getType()))
      R.add(I);
    // An address in an integer is out of sight.
    return !isa<PtrToIntInst>(I);
  }
  if (const auto *Call = dyn_cast<CallBase>(I))
    return isReadByCall(U, *Call, R);
  return false;
}

bool mayWriteThrough(const Function &F, unsigned Parameter) {
  if (F.isDeclaration() || Parameter >= F.arg_size())
    return true;
  Reached R;
  R.add(F.getArg(Parameter));
  while (!R.Work.empty())
    for (const Use &U : R.Work.pop_back_val()->uses())
      if (!isRead(U, R))
        return true;
  return false;
}

} // namespace tern
