// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Closure.h"
#include "request/Markers.h"
#include "request/Request.h"
#include "rules/Rules.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

SmallVector<Function *, 16> closureOf(Function &F) {
  SmallSetVector<Function *, 16> Reached;
  if (!F.isDeclaration())
    Reached.insert(&F);
  for (unsigned I = 0; I != Reached.size(); ++I)
    for (Instruction &Inst : instructions(*Reached[I]))
      for (Value *Operand : Inst.operands())
        if (auto *G = dyn_cast<Function>(Operand->stripPointerCasts()))
          if (!G->isDeclaration())
            Reached.insert(G);
  return Reached.takeVector();
}

static bool isUnknownExternal(const CallBase &Call) {
  const auto *Callee =
      dyn_cast<Function>(Call.getCalledOperand()->stripPointerCasts());
  if (!Callee || Callee->getName().contains("__enzyme_") ||
      Callee->getName().contains("__tern_"))
    return false; // requests are served by the pipeline
  return Callee->isDeclaration() && !Callee->isIntrinsic() &&
         !isInactiveCall(Call) && !findMathRule(Call) && !isAllocation(Call) &&
         !isDeallocation(Call) && !findCustomRule(*Callee);
}

/// A request inside F whose function another file defines: to be served first,
/// hence not before that file is linked.
static bool asksForMissing(const CallBase &Call) {
  if (hookOf(Call) == Hook::None)
    return false;
  return any_of(Call.args(), [](const Use &Argument) {
    auto *Asked = dyn_cast<Function>(Argument->stripPointerCasts());
    return Asked && Asked->isDeclaration();
  });
}

bool hasMissingBody(Function &F) {
  if (F.isDeclaration())
    return true;
  for (Function *G : closureOf(F))
    for (Instruction &I : instructions(*G))
      if (auto *Call = dyn_cast<CallBase>(&I))
        if (isUnknownExternal(*Call) || asksForMissing(*Call))
          return true;
  return false;
}

} // namespace tern
