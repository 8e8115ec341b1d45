// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls of the runtime's tape functions, in generated code. What each does is
// said in runtime/tape.h; this is the one place that knows their names and
// signatures.
//
//   newBlock(B, Tape, Bytes)   ->   call noalias ptr @tern_tape_alloc(ptr, i64)
#pragma once
#include "llvm/IR/IRBuilder.h"

namespace tern {

/// Every block's alignment. From 512 bytes on it is 64.
inline constexpr llvm::Align BlockAlign = llvm::Align::Constant<16>();
inline constexpr uint64_t LargeBlock = 512;

/// An empty tape on the stack of the function.
llvm::AllocaInst *newTape(llvm::IRBuilderBase &B);
/// Memory until the tape is freed: a fresh object.
llvm::CallInst *newBlock(llvm::IRBuilderBase &B, llvm::Value *Tape,
                         llvm::Value *Bytes, const llvm::Twine &Name = "");
/// The address of a frame on top of the stack.
llvm::CallInst *pushFrame(llvm::IRBuilderBase &B, llvm::Value *Tape,
                          uint64_t Bytes);
llvm::CallInst *popFrame(llvm::IRBuilderBase &B, llvm::Value *Tape,
                         uint64_t Bytes);
/// `Release(Memory)` when the tape is freed.
void deferRelease(llvm::IRBuilderBase &B, llvm::Value *Tape,
                  llvm::Value *Memory, llvm::Value *Release);
void freeTape(llvm::IRBuilderBase &B, llvm::Value *Tape);
/// The type of tern_tape_place; `markTape` fills one in.
llvm::Type *tapePlaceType(llvm::IRBuilderBase &B);
void markTape(llvm::IRBuilderBase &B, llvm::Value *Tape, llvm::Value *Place);
void rewindTape(llvm::IRBuilderBase &B, llvm::Value *Tape, llvm::Value *Place);

} // namespace tern
