// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The shadows of global variables belong to a request.
//
// Problem. Were they variables of the program, one derivative would find what
// another left in them, and threads would write over each other's.
//
// Idea. A request has memory of its own for each shadow that it needs. Each
// generated function takes those that it or its callees mention as further
// arguments. An entry in front of the derivative makes them, zeroed; pointers
// in them start as the initialiser says, where the variable still holds what it
// started with, and null elsewhere: regions have the shadows of what such a
// pointer leads to (runtime/regions.h).
//
//   define @f.grad(double %x) { ... @w.shadow ... }
//   ->
//   define @f.grad(double %x, ptr noalias %w.shadow) { ... %w.shadow ... }
//   define @f.grad.request(double %x) {
//     %w.shadow = alloca double, zeroed
//     call @f.grad(double %x, ptr %w.shadow)
//   }
//
// In a split sweep they live on the tape; each reverse sweep starts from what
// the record sweep has left in them (runtime/shadows.h). A request that needs
// none stays as it is.
//
// On exit no function mentions a stand-in (ShadowGlobals.h).
#pragma once
#include "../Derivative.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

namespace llvm {
class Function;
class GlobalVariable;
class Module;
} // namespace llvm

namespace tern {

class ShadowFrames {
public:
  /// All shadows that a function needs, its callees' included.
  using StandIns = llvm::SmallSetVector<llvm::GlobalVariable *, 4>;

  /// What to call for `Derivative`, which is built with all that it calls: a
  /// function of the same type.
  llvm::Function *entryOf(const DerivativeKey &Key, llvm::Function &Derivative);
  /// At the end: what stood for functions and shadows goes.
  void eraseLeftovers(llvm::Module &M);

private:
  /// The function that took over the body and has the further parameters.
  struct Lowered {
    llvm::Function *With = nullptr;
    StandIns Needs;
  };
  void lower(llvm::ArrayRef<llvm::Function *> Functions);
  llvm::Function *addParameters(llvm::Function &F, const StandIns &Needs);
  void passOn(llvm::Function &F, const StandIns &Mine);

  llvm::DenseMap<llvm::Function *, Lowered> Known; ///< by the function before
  llvm::DenseMap<llvm::Function *, llvm::Function *> Entries;
};

} // namespace tern
