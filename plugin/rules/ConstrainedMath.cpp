// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code compiled for a floating-point environment of its own.
//
// Problem. With -frounding-math or -ffp-model=strict every operation is a call
// of llvm.experimental.constrained.*, which says that the rounding mode may
// change or that exception flags are read. None of them has a row.
//
// Idea. A derivative promises nothing about exception flags, and its operations
// obey the rounding mode that they run under like any others. So the copy that
// is differentiated is ordinary code; the user's function stays as it is.
//
//   %r = call double @llvm.experimental.constrained.fmul.f64(
//            double %x, double %y, metadata !"round.dynamic",
//            metadata !"fpexcept.strict")             ->   %r = fmul double %x,
//            %y
#include "rules/ConstrainedMath.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

/// The opcode of the instruction that it stands for; 0 for a function.
static unsigned opcodeOf(Intrinsic::ID ID) {
  switch (ID) {
#define INSTRUCTION(Name, Args, Rounds, Constrained)                           \
  case Intrinsic::Constrained:                                                 \
    return Instruction::Name;
#define FUNCTION(Name, Args, Rounds, Constrained)
#define DAG_FUNCTION(Name, Args, Rounds, Constrained, Node)
#include "llvm/IR/ConstrainedOps.def"
  default:
    return 0;
  }
}

static Intrinsic::ID functionOf(Intrinsic::ID ID) {
  StringRef Name = Intrinsic::getBaseName(ID);
  if (!Name.consume_front("llvm.experimental.constrained."))
    return Intrinsic::not_intrinsic;
  return Intrinsic::lookupIntrinsicID(("llvm." + Name).str());
}

static Value *ordinary(ConstrainedFPIntrinsic &Call, IRBuilder<> &B) {
  SmallVector<Value *, 3> Args;
  for (unsigned N = 0; N != Call.getNonMetadataArgCount(); ++N)
    Args.push_back(Call.getArgOperand(N));
  unsigned Opcode = opcodeOf(Call.getIntrinsicID());
  if (auto *Compare = dyn_cast<ConstrainedFPCmpIntrinsic>(&Call))
    return B.CreateFCmp(Compare->getPredicate(), Args[0], Args[1]);
  if (Instruction::isCast(Opcode))
    return B.CreateCast(Instruction::CastOps(Opcode), Args[0], Call.getType());
  if (Instruction::isBinaryOp(Opcode))
    return B.CreateBinOp(Instruction::BinaryOps(Opcode), Args[0], Args[1]);
  Intrinsic::ID Function = functionOf(Call.getIntrinsicID());
  if (Opcode || Function == Intrinsic::not_intrinsic)
    return nullptr;
  return B.CreateIntrinsic(Call.getType(), Function, Args);
}

void relaxConstrainedMath(Function &F) {
  bool Changed = false;
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    auto *Call = dyn_cast<ConstrainedFPIntrinsic>(&I);
    if (!Call)
      continue;
    IRBuilder<> B(Call);
    if (isa<FPMathOperator>(Call))
      B.setFastMathFlags(Call->getFastMathFlags());
    if (Value *Result = ordinary(*Call, B)) {
      Call->replaceAllUsesWith(Result);
      Call->eraseFromParent();
      Changed = true;
    }
  }
  if (Changed)
    F.removeFnAttr(Attribute::StrictFP);
}

} // namespace tern
