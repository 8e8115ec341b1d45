// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ForeignGlobals.h"
#include "../Closure.h"
#include "Calls.h"
#include "GlobalActivity.h"
#include "llvm/IR/GlobalVariable.h"
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

SmallVector<const GlobalVariable *, 4> foreignGlobalsOf(const CallBase &Call,
                                                        GlobalUse Wanted) {
  SmallVector<const GlobalVariable *, 4> Found;
  if (Function *Callee = calledFunction(Call))
    for (const GlobalVariable *G : variablesIn(closureOf(*Callee)))
      if (isForeign(*G) &&
          (Wanted == GlobalUse::Any || isWrittenGlobal(*G, *Callee)))
        Found.push_back(G);
  return Found;
}

} // namespace tern
