// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "InnerStacks.h"
#include "../analysis/Calls.h"
#include "TapeCalls.h"
#include "runtime/tape.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

static constexpr uint64_t HeaderBytes = 16;
static constexpr StringLiteral Mark = "tern.frame";

static StringRef calledName(const Instruction &I) {
  const auto *Call = dyn_cast<CallInst>(&I);
  const Function *Callee = Call ? calledFunction(*Call) : nullptr;
  return Callee ? Callee->getName() : "";
}

bool isChainedFrame(const Instruction &I) { return I.hasMetadata(Mark); }

static Value *topOf(Value *Tape, IRBuilderBase &B) {
  return B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Tape,
                                      offsetof(tern_tape, frames));
}

static void replaceByFrame(CallInst &Call, Value *Block, IRBuilderBase &B) {
  Value *Frame =
      B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Block, HeaderBytes);
  Frame->takeName(&Call);
  Call.replaceAllUsesWith(Frame);
  Call.eraseFromParent();
}

static void chainPush(CallInst &Call) {
  IRBuilder<> B(&Call);
  Value *Tape = Call.getArgOperand(0);
  CallInst *Block = newBlock(
      B, Tape, B.CreateAdd(Call.getArgOperand(1), B.getInt64(HeaderBytes)),
      "block");
  Block->setMetadata(Mark, MDNode::get(Call.getContext(), {}));
  Value *Top = topOf(Tape, B);
  B.CreateStore(B.CreateLoad(B.getPtrTy(), Top, "below"), Block);
  B.CreateStore(Block, Top);
  replaceByFrame(Call, Block, B);
}

static void chainPop(CallInst &Call) {
  IRBuilder<> B(&Call);
  Value *Top = topOf(Call.getArgOperand(0), B);
  Value *Block = B.CreateLoad(B.getPtrTy(), Top, "block");
  B.CreateStore(B.CreateLoad(B.getPtrTy(), Block, "below"), Top);
  replaceByFrame(Call, Block, B);
}

void chainInnerFrames(Function &G) {
  for (Instruction &I : make_early_inc_range(instructions(G))) {
    StringRef Name = calledName(I);
    if (Name == "tern_tape_push")
      chainPush(cast<CallInst>(I));
    else if (Name == "tern_tape_pop")
      chainPop(cast<CallInst>(I));
  }
}

} // namespace tern
