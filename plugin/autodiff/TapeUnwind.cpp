// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "TapeUnwind.h"
#include "TapeCalls.h"
#include "llvm/IR/EHPersonalities.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace tern {

using Emit = function_ref<void(IRBuilderBase &)>;

static bool mayThrow(const CallInst &Call) {
  const Function *F = Call.getCalledFunction();
  bool IsOwn = F && F->getName().starts_with("tern_tape_");
  return !Call.doesNotThrow() && !Call.isMustTailCall() && !IsOwn &&
         !Call.isInlineAsm() && !isa<IntrinsicInst>(Call);
}

/// The language's personality, as the functions around G have it.
static Constant *personalityFor(Function &G) {
  if (G.hasPersonalityFn())
    return G.getPersonalityFn();
  for (Function &F : *G.getParent())
    if (F.hasPersonalityFn())
      return F.getPersonalityFn();
  auto *Type = FunctionType::get(Type::getInt32Ty(G.getContext()), true);
  return cast<Constant>(G.getParent()
                            ->getOrInsertFunction("__gcc_personality_v0", Type)
                            .getCallee());
}

static BasicBlock *unwindBlock(Function &G, Emit Release) {
  auto *Block = BasicBlock::Create(G.getContext(), "unwind", &G);
  IRBuilder<> B(Block);
  LandingPadInst *Pad = B.CreateLandingPad(
      StructType::get(B.getPtrTy(), B.getInt32Ty()), /*NumClauses=*/0);
  Pad->setCleanup(true);
  Release(B);
  B.CreateResume(Pad);
  return Block;
}

void releaseOnUnwind(Function &G, Emit Release) {
  if (G.doesNotThrow())
    return;
  SmallVector<CallInst *, 8> Throwing;
  SmallVector<ResumeInst *, 4> Resumes;
  for (Instruction &I : instructions(G)) {
    if (auto *Resume = dyn_cast<ResumeInst>(&I))
      Resumes.push_back(Resume);
    else if (auto *Call = dyn_cast<CallInst>(&I); Call && mayThrow(*Call))
      Throwing.push_back(Call);
  }
  for (ResumeInst *Resume : Resumes) {
    IRBuilder<> B(Resume);
    Release(B);
  }
  if (Throwing.empty())
    return;
  Constant *Personality = personalityFor(G);
  if (isScopedEHPersonality(classifyEHPersonality(Personality)))
    return; // Windows and WebAssembly unwind through funclets
  G.setPersonalityFn(Personality);
  BasicBlock *Unwind = unwindBlock(G, Release);
  for (CallInst *Call : Throwing)
    changeToInvokeAndSplitBasicBlock(Call, Unwind);
}

void freeTapeOnUnwind(Function &G, Value &Tape) {
  releaseOnUnwind(G, [&](IRBuilderBase &B) { freeTape(B, &Tape); });
}

} // namespace tern
