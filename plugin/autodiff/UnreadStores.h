// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stores that an iteration, run again for its reverse, makes for nobody.
//
// Problem. The reverse of a time step needs the stages of the step, not the new
// state that they add up to. The gradient of the step computes and stores it
// all the same; to the optimiser the arrays are memory of the caller.
//
// Idea. They are scratch, or state that is put back before it is read again
// (Replay.h): only the gradient itself reads what it stores there. A store that
// no load can follow, but one of the same place in an earlier iteration of its
// loop, goes; with it goes what only computed its value.
//
//   for i: k[i] = f(x, middle, i);               (nothing)
//   for i: y[i] = y[i] + h * k[i];         ->    (nothing)
//   for i: x.shadow[i] += ... middle[i]          for i: x.shadow[i] += ...
#pragma once

namespace llvm {
class Argument;
class Function;
} // namespace llvm

namespace tern {

/// Says that a parameter of an iteration's gradient is as above.
void markScratch(llvm::Argument &Parameter);

/// True if any store was removed.
bool dropUnreadStores(llvm::Function &Gradient);

} // namespace tern
