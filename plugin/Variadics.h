// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Variadic functions with a body become ordinary ones.
//
// Problem. A function that reads its arguments through a va_list cannot be
// inlined, and has no parameters to which a derivative could belong.
//
// Idea. Each call gets a copy of the function with the types that it passes.
// The copy puts the further arguments side by side in a local array, and
// va_start makes a list that has nothing in registers and all in that array.
// va_arg is ordinary code by now and finds it there.
//
//   call @sum(i32 2, double %x, double %y)     with   define @sum(i32 %n, ...)
//     ->  call @sum.fixed(i32 2, double %x, double %y)
//
// For the lists of x86-64 (System V), whose layout is fixed; elsewhere such a
// call stays and is refused if it matters.
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

void fixVariadicCalls(llvm::Function &F);

} // namespace tern
