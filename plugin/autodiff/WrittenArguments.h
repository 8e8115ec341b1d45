// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether a function writes memory that it reaches through a pointer parameter.
//
// Problem. A call that passes Const memory beside active values would lose
// tangents if the callee stored them there. Unoptimised and generated functions
// do not say `readonly`.
//
// Idea. Follow the parameter through address computations, loaded pointers and
// further calls, to a store or out of sight.
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

bool mayWriteThrough(const llvm::Function &F, unsigned Parameter);

} // namespace tern
