// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Inlining.h"
#include "request/Request.h"
#include "rules/Rules.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace tern {

/// Instructions after which no further call is inlined: keeps compile time
/// near-linear on very large programs.
static constexpr unsigned SizeBudget = 40000;

static Function *directCallee(const CallBase &Call) {
  return dyn_cast<Function>(Call.getCalledOperand()->stripPointerCasts());
}

/// True if a chain of direct calls leads from F back to F.
static bool isRecursive(Function &F) {
  SmallPtrSet<Function *, 16> Seen;
  SmallVector<Function *, 16> Work = {&F};
  while (!Work.empty()) {
    for (Instruction &I : instructions(*Work.pop_back_val())) {
      auto *Call = dyn_cast<CallBase>(&I);
      Function *Callee = Call ? directCallee(*Call) : nullptr;
      if (Callee == &F)
        return true;
      if (Callee && !Callee->isDeclaration() && Seen.insert(Callee).second)
        Work.push_back(Callee);
    }
  }
  return false;
}

static bool hasRule(const CallBase &Call, const Function &Callee) {
  return isInactiveCall(Call) || findMathRule(Call) || isAllocation(Call) ||
         isDeallocation(Call) || findCustomRule(Callee) ||
         Callee.getName().starts_with("tern_");
}

static bool isInlinable(const CallBase &Call, Function *Callee,
                        Function &Origin) {
  if (!Callee || Callee->isDeclaration() || Callee == &Origin ||
      Callee->isInterposable() || isa<CallBrInst>(Call) ||
      Callee->getFunctionType() != Call.getFunctionType() ||
      Callee->hasFnAttribute(Attribute::Naked) || Callee->isVarArg() ||
      hasRule(Call, *Callee))
    return false;
  return !isRecursive(*Callee);
}

bool inlineVisibleCalls(Function &Clone, Function &Origin) {
  bool Changed = false;
  SmallPtrSet<Function *, 16> Kept;
  SmallVector<CallBase *, 32> Work;
  for (Instruction &I : instructions(Clone))
    if (auto *Call = dyn_cast<CallBase>(&I))
      Work.push_back(Call);
  unsigned Size = Clone.getInstructionCount();
  while (!Work.empty()) {
    CallBase *Call = Work.pop_back_val();
    Function *Callee = directCallee(*Call);
    if (Kept.contains(Callee))
      continue;
    if (!isInlinable(*Call, Callee, Origin)) {
      if (Callee && !isa<IntrinsicInst>(Call) && !Callee->isDeclaration())
        Kept.insert(Callee);
      continue;
    }
    unsigned Added = Callee->getInstructionCount();
    if (Size + Added > SizeBudget)
      continue;
    InlineFunctionInfo Inlined;
    if (!InlineFunction(*Call, Inlined, /*MergeAttributes=*/false,
                        /*CalleeAAR=*/nullptr, /*InsertLifetime=*/false)
             .isSuccess())
      continue;
    Size += Added;
    Changed = true;
    Work.append(Inlined.InlinedCallSites.begin(),
                Inlined.InlinedCallSites.end());
  }
  return Changed;
}

} // namespace tern
