// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls that the front end takes for throwing ones and that do not throw.
//
// Problem. C++ declares few functions noexcept. Within try, each call of a
// recursive function (all others are inlined) is an invoke, and the sweeps
// refuse one whose exception is caught: what it did until then would have to be
// undone.
//
// Idea. A function throws if an instruction in it, or in what it calls, may.
// Functions that call each other are taken together: none of them throws if
// nothing else in them does.
//
//   invoke double @recursive(double %x) to label %next unwind label %catch
//     ->  invoke double @recursive(double %x) nounwind ...
//
// after which simplifying the flow makes it a call.
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

/// Marks the invokes in F whose callees cannot throw.
void markCallsThatNeverThrow(llvm::Function &F);

} // namespace tern
