// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Iterations that are run again (Replay.h). An outlined iteration runs in the
// record sweep as it is; the reverse sweep runs its gradient, both sweeps of
// it. What it starts from goes to the tape before it and is put back before its
// gradient:
//
//   call @iteration(%y, ...)
//     record:   memcpy(%kept, %y, %bytes);  call @iteration(%y, ...)
//     reverse:  memcpy(%y, %kept, %bytes);  call @iteration.grad(%y, ...)
//
// Nobody misses what is overwritten by putting it back: memory of the
// function's own, whose later content the reverse sweep is done with.
#include "../analysis/Retype.h"
#include "CarriedSums.h"
#include "ReverseSweep.h"
#include "TapeCalls.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace tern {

/// In one block for all iterations if their number is known on entry, else in a
/// block for this one.
Value *ReverseSweep::stateBlock(CallBase &Call, const StateRange &State) {
  IRBuilder<> At(&Call);
  Loop *L = Flow.LI.getLoopFor(Call.getParent());
  const LoopFacts &Facts = Flow.loop(L);
  if (!Facts.Nest)
    return newBlock(At, Tape, State.Bytes, "kept");
  constexpr uint64_t Alignment = 64;
  uint64_t Width = G.getDataLayout().getTypeAllocSize(State.Element);
  IRBuilder<> Before(L->getLoopPreheader()->getTerminator());
  Value *Stride = Before.CreateAnd(
      Before.CreateAdd(State.Bytes, Before.getInt64(Alignment - 1)),
      Before.getInt64(-Alignment));
  Value *All = newBlock(Before, Tape, Before.CreateMul(Stride, Facts.Trips),
                        "tape.states");
  Value *Elements = Before.CreateLShr(Stride, Log2_64(Width));
  return At.CreateGEP(State.Element, All,
                      At.CreateMul(Facts.Iteration, Elements), "kept");
}

void ReverseSweep::keepState(CallBase &Call) {
  auto It = States.find(&Call);
  if (It == States.end())
    return;
  IRBuilder<> At(&Call);
  for (const StateRange &State : It->second) {
    Value *Block = stateBlock(Call, State);
    CallInst *Copy =
        At.CreateMemCpy(Block, BlockAlign, State.Begin, Align(1), State.Bytes);
    markCopyOf(State.Element, *Copy);
    OwnCalls.insert(Copy);
    Kept[&Call].push_back(Block);
    UsesTape = true;
  }
}

/// What a sum is does not matter to the gradient: nothing to record.
static void forgetSums(const CallBase &Call, MutableArrayRef<Value *> Args) {
  for (const Use &Arg : Call.args())
    if (isSumArgument(Call, Call.getArgOperandNo(&Arg)))
      for (Value *&Passed : Args)
        if (Passed == Arg)
          Passed = Constant::getNullValue(Arg->getType());
}

void ReverseSweep::replay(CallBase &Call) {
  for (auto [State, Block] : zip(States[&Call], Kept[&Call]))
    markCopyOf(State.Element, *B.CreateMemCpy(State.Begin, Align(1), Block,
                                              BlockAlign, State.Bytes));
  DerivativeKey K = keyOf(Call, Mode::Grad);
  K.SharesTape = true;
  Function *Gradient = Work.request(K);
  Gradient->addFnAttr(Attribute::AlwaysInline);
  markReplayGradient(*Gradient, *K.Primal);
  SmallVector<Value *, 8> Args = sweepArguments(Call, K, B);
  forgetSums(Call, Args);
  Args.push_back(Tape);
  UsesTape = true;
  addAdjointsOf(Call, K, B.CreateCall(Gradient, Args));
}

} // namespace tern
