// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ForeignGlobals.h"
#include "../Closure.h"
#include "Calls.h"
#include "GlobalActivity.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace tern {

bool isInactiveGlobal(const GlobalVariable &G) {
  return G.hasAttribute("tern_inactive");
}

static bool isForeign(const GlobalVariable &G) {
  return (G.isDeclaration() || isInactiveGlobal(G)) && !G.isConstant() &&
         !G.getName().starts_with("llvm.");
}

/// The variables that a constant speaks of.
static void addForeign(const Constant &C,
                       SmallSetVector<const GlobalVariable *, 4> &Found) {
  if (const auto *G = dyn_cast<GlobalVariable>(&C)) {
    if (isForeign(*G))
      Found.insert(G);
    return;
  }
  if (isa<ConstantExpr, ConstantAggregate>(C))
    for (const Use &Part : C.operands())
      addForeign(*cast<Constant>(Part), Found);
}

SmallVector<const GlobalVariable *, 4> foreignGlobalsOf(const CallBase &Call,
                                                        GlobalUse Wanted) {
  SmallSetVector<const GlobalVariable *, 4> Found;
  Function *Callee = calledFunction(Call);
  if (!Callee)
    return {};
  for (Function *Reached : closureOf(*Callee))
    for (Instruction &I : instructions(*Reached))
      for (const Value *Operand : I.operands())
        if (auto *C = dyn_cast<Constant>(Operand))
          addForeign(*C, Found);
  if (Wanted == GlobalUse::Written)
    Found.remove_if(
        [&](const GlobalVariable *G) { return !isWrittenGlobal(*G, *Callee); });
  return Found.takeVector();
}

} // namespace tern
