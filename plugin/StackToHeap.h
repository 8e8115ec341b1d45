// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Local arrays that would not fit the stack together with their shadows become
// heap memory of the function that is differentiated.
//
// Problem. Each lane has a shadow of its own: a megabyte that the program can
// afford on its stack is nine with eight lanes. And what a loop's body declares
// with variable length lives until the end of the derivative, since the reverse
// sweep looks at it: n times the memory.
//
//   %a = alloca [150000 x double]     ->   %a = malloc(1200000) ... free(%a)
//
//   for i: %s = stacksave             ->   for i: %a = malloc(8 * %n)
//          %a = alloca double, %n                 ...
//          ...; stackrestore %s                   free(%a)
//
// The sweeps know what to do with memory of the heap. Before: as the program
// was written. After: no dynamic alloca whose end is known, no large one.
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

/// Before scope markers go.
void moveVariableArraysToHeap(llvm::Function &F);
/// When what can be promoted has been.
void moveLargeArraysToHeap(llvm::Function &F);

} // namespace tern
