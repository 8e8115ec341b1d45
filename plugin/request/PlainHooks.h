// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hooks that ask for no derivative.
//
//   __enzyme_call_inactive(f, x)   ->  f(x), with "tern_inactive" on the call
//   __enzyme_augmentsize(f, ...)   ->  the size of a tern_tape
//   __enzyme_double(p, n)          ->  nothing; if p is a parameter it gets the
//                                      attribute "tern_pointee"="double"
#pragma once

namespace llvm {
class Module;
} // namespace llvm

namespace tern {

/// Returns true if there were any.
bool lowerPlainHooks(llvm::Module &M);

} // namespace tern
