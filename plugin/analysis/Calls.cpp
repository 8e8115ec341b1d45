// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Calls.h"
#include "../request/Request.h"
#include "../rules/Rules.h"
#include "Retype.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

Function *calledFunction(const CallBase &Call) {
  return dyn_cast<Function>(Call.getCalledOperand()->stripPointerCasts());
}

CallKind classify(const CallBase &Call) {
  if (isa<MemTransferInst>(Call))
    return CallKind::Copy;
  if (isa<MemSetInst>(Call))
    return CallKind::Fill;
  if (Call.getIntrinsicID() == Intrinsic::vector_reduce_fadd)
    return CallKind::Reduction;
  if (findMathRule(Call))
    return CallKind::Math;
  if (isAllocation(Call))
    return CallKind::Allocation;
  if (isDeallocation(Call))
    return CallKind::Deallocation;
  const Function *Callee = calledFunction(Call);
  if (Callee && findCustomRule(*Callee))
    return CallKind::Custom;
  if (isInactiveCall(Call))
    return CallKind::Inactive;
  if (!Callee)
    return CallKind::Indirect;
  if (Callee->getName().starts_with("tern_tape_") ||
      Callee->getName().starts_with("tern_adjoint_"))
    return CallKind::Tape;
  if (Callee->getName().starts_with("tern_shadow_") ||
      Callee->getName().starts_with("tern_regions_"))
    return CallKind::Regions;
  return Callee->isDeclaration() ? CallKind::Missing : CallKind::Body;
}

bool mayMovePointers(const CallBase &Copy) {
  StringRef Bits = bitsOf(Copy);
  return Bits.empty() || Bits == "pointer" || Bits == "unknown" ||
         Bits == "mixed";
}

bool isTapePlace(const CallBase &Call) {
  const Function *Callee = calledFunction(Call);
  return Callee && (Callee->getName() == "tern_tape_mark" ||
                    Callee->getName() == "tern_tape_rewind");
}

bool isAdjointCopy(const CallBase &Call) {
  const Function *Callee = calledFunction(Call);
  return Callee && Callee->getName().starts_with("tern_adjoint_copy_");
}

bool holdsFloat(Type *T) {
  if (auto *S = dyn_cast<StructType>(T))
    return any_of(S->elements(), holdsFloat);
  if (auto *A = dyn_cast<ArrayType>(T))
    return holdsFloat(A->getElementType());
  return T->isFPOrFPVectorTy();
}

bool holdsPointer(Type *T) {
  if (auto *S = dyn_cast<StructType>(T))
    return any_of(S->elements(), holdsPointer);
  if (auto *A = dyn_cast<ArrayType>(T))
    return holdsPointer(A->getElementType());
  return T->isPtrOrPtrVectorTy();
}

} // namespace tern
