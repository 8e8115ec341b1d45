// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a derivative owns, a local tape above all, is freed when an exception
// leaves it, too.
//
//   call @g(%x)             invoke @g(%x) to %next unwind label %unwind
//                      ->   unwind: landingpad cleanup
//                                   call @tern_tape_free(%tape)
//                                   resume
//   resume %e          ->   call @tern_tape_free(%tape); resume %e
#pragma once
#include "llvm/ADT/STLFunctionalExtras.h"

namespace llvm {
class Function;
class IRBuilderBase;
class Value;
} // namespace llvm

namespace tern {

/// Emits `Release` on each way that an exception takes out of G.
void releaseOnUnwind(llvm::Function &G,
                     llvm::function_ref<void(llvm::IRBuilderBase &)> Release);

/// G owns `Tape` (an alloca) and frees it on its normal way out already.
void freeTapeOnUnwind(llvm::Function &G, llvm::Value &Tape);

} // namespace tern
