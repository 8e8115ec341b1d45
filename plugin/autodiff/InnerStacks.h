// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reverse mode over a derivative that pushes frames on a tape of its own.
//
// Problem. Pushed and popped memory is used again for frames of another layout:
// an adjoint would be added where the shadow of a pointer was. And the outer
// reverse sweep cannot follow a stack that has been emptied.
//
// Idea. Nothing is used again: a frame becomes a block, and the stack a chain
// of blocks, in loads and stores that are differentiated like any other. The
// tape's field `frames` (runtime/tape.h) is the top of the chain.
//
//   %f = tern_tape_push(%t, %n)   ->  %b = tern_tape_alloc(%t, %n + 16)
//                                     %b.below = %t.frames; %t.frames = %b
//                                     %f = %b + 16
//   %f = tern_tape_pop(%t, %n)    ->  %b = %t.frames; %t.frames = %b.below
//                                     %f = %b + 16
#pragma once

namespace llvm {
class Function;
class Instruction;
} // namespace llvm

namespace tern {

void chainInnerFrames(llvm::Function &G);
/// True for the block of a frame: it counts as active, so that the chain's
/// pointers all have shadows or none.
bool isChainedFrame(const llvm::Instruction &I);

} // namespace tern
