// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "TapeCalls.h"
#include "runtime/tape.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

static CallInst *call(IRBuilderBase &B, StringRef Name, Type *Result,
                      ArrayRef<Value *> Args, const Twine &ResultName = "") {
  SmallVector<Type *, 3> Types;
  for (Value *Arg : Args)
    Types.push_back(Arg->getType());
  FunctionCallee Callee = B.GetInsertBlock()->getModule()->getOrInsertFunction(
      Name, FunctionType::get(Result, Types, false));
  CallInst *Call = B.CreateCall(Callee, Args, ResultName);
  Call->setDoesNotThrow(); // inlined into a try block it stays a call
  return Call;
}

AllocaInst *newTape(IRBuilderBase &B) {
  auto *T = ArrayType::get(B.getPtrTy(), sizeof(tern_tape) / sizeof(void *));
  AllocaInst *Tape = B.CreateAlloca(T, nullptr, "tape");
  B.CreateMemSet(Tape, B.getInt8(0), sizeof(tern_tape), Tape->getAlign());
  return Tape;
}

CallInst *newBlock(IRBuilderBase &B, Value *Tape, Value *Bytes,
                   const Twine &Name) {
  CallInst *Block =
      call(B, "tern_tape_alloc", B.getPtrTy(), {Tape, Bytes}, Name);
  Block->addRetAttr(Attribute::NoAlias);
  return Block;
}

CallInst *pushFrame(IRBuilderBase &B, Value *Tape, uint64_t Bytes) {
  return call(B, "tern_tape_push", B.getPtrTy(), {Tape, B.getInt64(Bytes)},
              "frame");
}

CallInst *popFrame(IRBuilderBase &B, Value *Tape, uint64_t Bytes) {
  return call(B, "tern_tape_pop", B.getPtrTy(), {Tape, B.getInt64(Bytes)},
              "frame");
}

void deferRelease(IRBuilderBase &B, Value *Tape, Value *Memory,
                  Value *Release) {
  call(B, "tern_tape_defer", B.getVoidTy(), {Tape, Memory, Release});
}

void freeTape(IRBuilderBase &B, Value *Tape) {
  call(B, "tern_tape_free", B.getVoidTy(), {Tape});
}

Type *tapePlaceType(IRBuilderBase &B) {
  return ArrayType::get(B.getPtrTy(), 2);
}

void markTape(IRBuilderBase &B, Value *Tape, Value *Place) {
  call(B, "tern_tape_mark", B.getVoidTy(), {Tape, Place});
}

void rewindTape(IRBuilderBase &B, Value *Tape, Value *Place) {
  call(B, "tern_tape_rewind", B.getVoidTy(), {Tape, Place});
}

} // namespace tern
