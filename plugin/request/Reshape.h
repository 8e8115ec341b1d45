// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The same bits under another type.
//
// A marker call is declared by the user, often as variadic, and so the types
// that reach it or that it returns are not always the primal's:
//
//   float through `...`      double     -> fptrunc
//   char, short through ...  i32        -> trunc
//   struct of two floats     <2 x float> or i64 or {float, float}, as the ABI
//                            likes      -> store and load again
#pragma once
#include "llvm/ADT/ArrayRef.h"
#include "llvm/IR/IRBuilder.h"

namespace llvm {
class StructType;
} // namespace llvm

namespace tern {

/// `V` as a value of type `Wanted`, undoing what C's argument passing did to
/// it. Null if no C argument of type `Wanted` would have arrived as `V`.
llvm::Value *unpromote(llvm::Value *V, llvm::Type *Wanted,
                       llvm::IRBuilderBase &B);

/// The struct that C would lay out for these results.
llvm::StructType *naturalStruct(llvm::ArrayRef<llvm::Type *> Fields);

/// True if a value of type `Declared` can carry the results: a scalar for the
/// one, or a struct, array or register pair of the same layout.
bool canCarry(llvm::Type *Declared, llvm::ArrayRef<llvm::Type *> Fields,
              const llvm::DataLayout &DL);

/// The results packed into a value of type `Declared` (canCarry holds).
llvm::Value *packResults(llvm::Type *Declared,
                         llvm::ArrayRef<llvm::Value *> Results,
                         llvm::IRBuilderBase &B);

/// Stores the results at `To` in their natural layout.
void storeResults(llvm::Value *To, llvm::ArrayRef<llvm::Value *> Results,
                  llvm::IRBuilderBase &B);

/// An alloca in the entry block of the function that `B` stands in.
llvm::AllocaInst *entryAlloca(llvm::Type *Ty, llvm::IRBuilderBase &B);

} // namespace tern
