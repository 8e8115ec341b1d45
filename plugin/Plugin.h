// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pass names that hosts can ask for.
#pragma once

namespace llvm {
class PassBuilder;
} // namespace llvm

namespace tern {

/// Makes `tern`, its other name `enzyme`, and the names of single stages for
/// tests known to PB.
void registerPassNames(llvm::PassBuilder &PB);
/// The same, and the places where a pipeline runs Tern without being asked.
void registerCallbacks(llvm::PassBuilder &PB);

} // namespace tern
