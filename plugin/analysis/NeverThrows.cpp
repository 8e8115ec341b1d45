// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "NeverThrows.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace tern {

/// The function that a call enters for certain, or null.
static Function *bodyOf(const CallBase &Call) {
  Function *Callee = Call.getCalledFunction();
  return Callee && !Callee->isDeclaration() && !Callee->isInterposable()
             ? Callee
             : nullptr;
}

/// True if neither F nor a function that it reaches by calls throws. Exceptions
/// that are caught on the way count, too.
static bool neverThrows(Function &F) {
  SmallSetVector<Function *, 8> Reached;
  Reached.insert(&F);
  for (unsigned K = 0; K != Reached.size(); ++K)
    for (Instruction &I : instructions(*Reached[K])) {
      auto *Call = dyn_cast<CallBase>(&I);
      bool MayThrow = Call ? !Call->doesNotThrow() : I.mayThrow();
      if (!MayThrow)
        continue;
      Function *Callee = Call ? bodyOf(*Call) : nullptr;
      if (!Callee)
        return false;
      Reached.insert(Callee);
    }
  return true;
}

void markCallsThatNeverThrow(Function &F) {
  for (Instruction &I : instructions(F))
    if (auto *Invoke = dyn_cast<InvokeInst>(&I))
      if (Function *Callee = bodyOf(*Invoke))
        if (!Invoke->doesNotThrow() && neverThrows(*Callee))
          Invoke->setDoesNotThrow();
}

} // namespace tern
