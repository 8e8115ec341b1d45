// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Problem. An internal error (tern-X01) is of use to those who mend it only
// with the module that shows it, and a whole build is hard to hand over.
//
// Idea. A request that fails takes back all that it built, so the module is
// again an input that fails in the same way. The error names a file and the
// `opt` line that reads it; the pipeline writes the file when it has ended.
//
//   report(Diag::Internal, ...)   "... opt-22 ... -passes=tern ...
//   tern-1a2b.bc" end of runPipeline            writes tern-1a2b.bc
#pragma once
#include <string>

namespace llvm {
class Module;
} // namespace llvm

namespace tern {

/// The command that repeats the failure. Its file does not hold the module yet.
std::string reproducingLine();

/// Writes M to the file that reproducingLine() named, if it was called.
void writeReproducer(const llvm::Module &M);

} // namespace tern
