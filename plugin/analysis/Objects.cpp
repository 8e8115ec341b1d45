// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Objects.h"
#include "Calls.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace tern {

Objects objectsOf(const Value *Pointer) {
  if (!Pointer->getType()->isPointerTy())
    return {Pointer};
  Objects Found;
  getUnderlyingObjects(Pointer, Found, nullptr, /*MaxLookup=*/0);
  return Found;
}

bool isOwnObject(const Value *Object) {
  const auto *Call = dyn_cast<CallBase>(Object);
  return isa<AllocaInst>(Object) ||
         (Call && classify(*Call) == CallKind::Allocation);
}

} // namespace tern
