// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Indirect and virtual calls become a choice among direct ones.
//
// Problem. The derivative of a call through a pointer is that of whatever is
// called, and a shadow of a function pointer would need memory and tables that
// user code does not set up.
//
// Idea. Choose by the primal pointer, among the visible functions of this type
// whose address the program takes. Derivatives take addresses, too (of what
// releases memory later), and are built one after the other: the targets are
// written down before the first, so that a record sweep and its reverse sweep
// number the same choices. Each choice is an ordinary call with an ordinary
// derivative. What is left over, an unknown function, keeps the indirect call,
// marked !tern.trap: it may be called with inactive arguments only.
//
//   %r = call double %fp(double %x)
//     ->  if (%fp == @f) %a = call @f(%x)
//         else if (%fp == @g) %b = call @g(%x)
//         else %c = call double %fp(double %x), !tern.trap
//         %r = phi [%a], [%b], [%c]
#pragma once
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/ValueHandle.h"

namespace llvm {
class CallBase;
class Function;
class FunctionType;
class Module;
} // namespace llvm

namespace tern {

/// The functions of the program whose address is taken, in the module's order.
class CallTargets {
public:
  /// M holds no derivative yet.
  explicit CallTargets(llvm::Module &M);
  /// Those that the call may reach and that have a derivative.
  llvm::SmallVector<llvm::Function *, 8>
  candidatesOf(const llvm::CallBase &Call) const;

  /// The closure of F, and what it may call through pointers.
  llvm::SmallVector<llvm::Function *, 16> reachedFrom(llvm::Function &F) const;

private:
  llvm::SmallVector<llvm::Function *, 8> ofType(llvm::FunctionType &T) const;

  llvm::SmallVector<llvm::WeakVH, 16> All; ///< null where one was erased
};

/// Expands the indirect calls in F that have at least one candidate. The normal
/// destination of an invoke must have no other predecessor.
void expandIndirectCalls(llvm::Function &F, const CallTargets &Targets);

/// Ends the program with a message before a call marked !tern.trap.
void stopAtUnknownTarget(llvm::CallBase &Call);

} // namespace tern
