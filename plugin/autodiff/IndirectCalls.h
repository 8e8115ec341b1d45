// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Indirect and virtual calls become a choice among direct ones.
//
// Problem. The derivative of a call through a pointer is that of whatever is
// called, and a shadow of a function pointer would need memory and tables that
// user code does not set up.
//
// Idea. Choose by the primal pointer, among the visible functions of this type
// whose address is taken. Each choice is an ordinary call with an ordinary
// derivative. What is left over, an unknown function, keeps the indirect call,
// marked !tern.trap: it may be called with inactive arguments only.
//
//   %r = call double %fp(double %x)
//     ->  if (%fp == @f) %a = call @f(%x)
//         else if (%fp == @g) %b = call @g(%x)
//         else %c = call double %fp(double %x), !tern.trap
//         %r = phi [%a], [%b], [%c]
#pragma once

namespace llvm {
class CallBase;
class Function;
} // namespace llvm

namespace tern {

/// Expands the indirect calls in F that have at least one candidate. The normal
/// destination of an invoke must have no other predecessor.
void expandIndirectCalls(llvm::Function &F);

/// Ends the program with a message before a call marked !tern.trap.
void stopAtUnknownTarget(llvm::CallBase &Call);

} // namespace tern
