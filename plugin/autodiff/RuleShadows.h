// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shadows for rules of the user's where the memory itself has none.
//
// Problem. A rule takes a shadow for every pointer, also for a table of
// constants, which has none and needs none.
//
//   static const double w[3] = {1, 2, 1};
//   axpy(a, w, y, 3);        axpy_jvp(a, a.tan, w, ???, y, y.shadow, 3)
//
// Idea. A table's size is known. Forward mode: zeros of that size. Reverse
// mode: a block of that size, to which the rule adds what nobody reads. Where
// the size is not known, as for memory that was passed as Const, the rule
// cannot be called: that is refused. Where only the run shows whether a pointer
// has a shadow, the program stops if it has none.
#pragma once
#include "llvm/IR/IRBuilder.h"

namespace llvm {
class Function;
class GlobalVariable;
class Value;
} // namespace llvm

namespace tern {

/// The table of constants, without pointers in it, that `Pointer` points into.
llvm::GlobalVariable *tableBehind(const llvm::Value *Pointer);

/// Where `Pointer` would point if its table were at `Base`.
llvm::Value *placeInTwin(llvm::Value *Pointer, llvm::Value *Base,
                         llvm::IRBuilderBase &B);

/// Constant zeros of the table's size.
llvm::GlobalVariable *zerosFor(const llvm::GlobalVariable &Table);

/// True if F's gradient rule takes a shadow for every pointer, whether that
/// carries a derivative or not.
bool recordTakesAllShadows(const llvm::Function &F);

/// Stops the program if `Pointer` points to memory and is its own shadow.
void stopIfUnshadowed(llvm::Value *Pointer, llvm::Value *Shadow,
                      const llvm::Function &F, llvm::IRBuilderBase &B);

} // namespace tern
