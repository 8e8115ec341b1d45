// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Floating-point numbers that arrive in an integer register.
//
// Problem. The C calling convention packs small structs into words:
// `struct { float x; int n; }` by value is one i64, an argument that carries no
// derivative by the looks of it. That of x would be lost.
//
// Idea. The canonical form shows what the function makes of the word.
//
//   double @f(i64 %s)      %1 = trunc i64 %s to i32
//                          %x = bitcast i32 %1 to float      refuse (D05)
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

struct Request;

/// False, after reporting it, if an integer argument that nobody declared
/// inactive holds a floating-point number. `Form`: of the function asked for.
bool checkPackedFloats(const Request &R, const llvm::Function &Form);

} // namespace tern
