// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ForwardOperands.h"
#include "../analysis/Retype.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

static SmallVector<unsigned, 4> movedByIntrinsic(Intrinsic::ID ID) {
  switch (ID) {
  case Intrinsic::launder_invariant_group:
  case Intrinsic::strip_invariant_group:
  case Intrinsic::threadlocal_address:
  case Intrinsic::ssa_copy:
  case Intrinsic::ptrmask:
  case Intrinsic::vector_reverse:
  case Intrinsic::vector_extract:
  case Intrinsic::vector_deinterleave2:
  case Intrinsic::matrix_transpose:
    return {0};
  case Intrinsic::vector_insert:
  case Intrinsic::vector_splice_left:
  case Intrinsic::vector_splice_right:
  case Intrinsic::vector_interleave2:
  case Intrinsic::vector_reduce_fadd:
    return {0, 1};
  default:
    return {};
  }
}

SmallVector<unsigned, 4> movedOperands(const Instruction &I) {
  switch (I.getOpcode()) {
  case Instruction::PHI: {
    SmallVector<unsigned, 4> All;
    for (unsigned K = 0; K != I.getNumOperands(); ++K)
      All.push_back(K);
    return All;
  }
  case Instruction::Select:
    return {1, 2};
  case Instruction::InsertElement:
  case Instruction::InsertValue:
  case Instruction::ShuffleVector:
    return {0, 1};
  case Instruction::GetElementPtr:
  case Instruction::ExtractElement:
  case Instruction::ExtractValue:
  case Instruction::Freeze:
  case Instruction::BitCast:
  case Instruction::AddrSpaceCast:
  case Instruction::PtrToInt:
  case Instruction::IntToPtr:
    return {0};
  case Instruction::Call:
    if (const auto *Call = dyn_cast<IntrinsicInst>(&I))
      return movedByIntrinsic(Call->getIntrinsicID());
    return {};
  default:
    return {};
  }
}

AccessOperands accessOperands(const Instruction &I) {
  if (isa<LoadInst>(I))
    return {0, -1, false};
  if (isa<StoreInst>(I))
    return {1, 0, true};
  const auto *Call = dyn_cast<IntrinsicInst>(&I);
  if (!Call)
    return {};
  switch (Call->getIntrinsicID()) {
  case Intrinsic::masked_load:
  case Intrinsic::masked_gather:
  case Intrinsic::masked_expandload:
    return {0, 2, false};
  case Intrinsic::masked_store:
  case Intrinsic::masked_scatter:
  case Intrinsic::masked_compressstore:
    return {1, 0, true};
  default:
    return {};
  }
}

bool pointsNowhere(const Value &Pointer) {
  if (isa<ConstantPointerNull, UndefValue>(Pointer))
    return true;
  const auto *Address = dyn_cast<ConstantExpr>(&Pointer);
  if (!Address || Address->getOpcode() != Instruction::IntToPtr)
    return false;
  const auto *Number = dyn_cast<ConstantInt>(Address->getOperand(0));
  return Number && Number->getValue().ult(4096);
}

bool movesUnknownBits(const Instruction &I) { return bitsOf(I) == "unknown"; }

bool onlyMovesPointers(const Function &F) {
  return StringSwitch<bool>(F.getName())
      .StartsWith("_ZNSt7__cxx1112basic_string", true)
      .Default(false);
}

bool isEmptyAsm(const CallBase &Call) {
  const auto *Asm = dyn_cast<InlineAsm>(Call.getCalledOperand());
  return Asm && Asm->getAsmString().empty() && Call.getType()->isVoidTy();
}

} // namespace tern
