// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the tape is told to the user who asks with -Rpass-analysis=tern: one
// remark (tern-R01) for each recorded value, with its bytes, where it is
// computed and why it is neither still there nor computed again.
//
//   for (...) x = sin(x) * x;
//     remark: records 8 bytes per iteration in 'f(double, int)': a value that
//     the loop carries from one iteration to the next
#pragma once
#include "llvm/ADT/ArrayRef.h"

namespace llvm {
class Function;
class Value;
} // namespace llvm

namespace tern {

/// `Values` are computed in loops of `G` and go to the tape.
void remarkRecords(llvm::Function &G, llvm::ArrayRef<llvm::Value *> Values);

} // namespace tern
