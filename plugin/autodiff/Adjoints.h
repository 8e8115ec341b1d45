// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The adjoint of every active value, in one stack slot each.
//
// Problem. A value's adjoint is the sum of what its users send back; users sit
// in many blocks, and in a loop the sum starts anew in each iteration.
//
// Idea. A slot per value, zero on entry. Users add to it; the reverse of the
// definition takes the sum and leaves zero for the next iteration. Promotion
// to registers afterwards turns slots into phis. Zero is -0.0, the one zero for
// which `zero + x` is x without any fast-math flag.
//
//   %y = fmul %x, %x      ->      %y.a = take(%y);  add(%x, %x * %y.a) twice
#pragma once
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/IRBuilder.h"

namespace llvm {
class AllocaInst;
class DominatorTree;
class Function;
} // namespace llvm

namespace tern {

class Adjoints {
public:
  Adjoints(llvm::Function &G, unsigned Width) : G(G), Width(Width) {}

  /// The sum so far; the slot is zero afterwards.
  llvm::Value *take(llvm::Value *V, unsigned Lane, llvm::IRBuilderBase &B);
  /// The sum so far.
  llvm::Value *read(llvm::Value *V, unsigned Lane, llvm::IRBuilderBase &B);
  /// V's adjoint += X (same type; in aggregates the floats only).
  void add(llvm::Value *V, unsigned Lane, llvm::Value *X,
           llvm::IRBuilderBase &B);
  /// The same for the element of the aggregate V that `Indices` names.
  void addAt(llvm::Value *V, llvm::ArrayRef<unsigned> Indices, unsigned Lane,
             llvm::Value *X, llvm::IRBuilderBase &B);
  /// Slots to registers.
  void promote(llvm::DominatorTree &DT);

  static llvm::Constant *zero(llvm::Type *T);
  /// A + X element by element in an aggregate; integers and pointers as in A.
  static llvm::Value *sum(llvm::Value *A, llvm::Value *X,
                          llvm::IRBuilderBase &B);

private:
  llvm::AllocaInst *slot(llvm::Value *V, unsigned Lane);

  llvm::Function &G;
  unsigned Width;
  llvm::MapVector<llvm::Value *, llvm::SmallVector<llvm::AllocaInst *, 1>>
      Slots;
};

} // namespace tern
