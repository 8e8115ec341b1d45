// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A local tape is freed when an exception leaves the gradient, too.
//
//   call @g(%x)             invoke @g(%x) to %next unwind label %unwind
//                      ->   unwind: landingpad cleanup
//                                   call @tern_tape_free(%tape)
//                                   resume
//   resume %e          ->   call @tern_tape_free(%tape); resume %e
#pragma once

namespace llvm {
class Function;
class Value;
} // namespace llvm

namespace tern {

/// G owns `Tape` (an alloca) and frees it on its normal way out already.
void freeTapeOnUnwind(llvm::Function &G, llvm::Value &Tape);

} // namespace tern
