// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One canonical form to differentiate, whatever -O level the user chose.
//
// Problem. The same source gives very different IR at -O0 and -O3: wrappers not
// inlined, locals in memory, loops peeled or unrolled, copies turned into
// integers. A derivative must not depend on that.
//
// Idea. Work on a clone of the function and bring it to one form with a fixed
// pipeline of our own: inline all that is visible, promote memory to values,
// give untyped bits their types, simplify loops. The user's -O pipeline then
// optimises the derivative like any other code.
//
//   define double @f(double) optnone noinline { alloca ... call @g ... }
//     ->  define internal double @f.canonical(double) { ; g inlined, SSA }
//
// On exit: only calls remain that recursion, a rule, a missing body or sheer
// size keep; every loop is in simplified and LCSSA form with one latch and
// dedicated exits; the flow is reducible; there is at most one return; no
// lifetime markers, debug records or stack saves.
#pragma once

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace tern {

/// Whether short loops of constant length are written out. It turns small
/// arrays into values; with many tangents at once, each instruction is repeated
/// so often that the code only gets long.
enum class ShortLoops : bool { Kept, Unrolled };

/// A new internal function `<F>.canonical`. F itself is not changed.
llvm::Function *canonicalize(llvm::Function &F, ShortLoops Treatment);

/// Inlines always_inline functions: a front end's markers may hide in them.
void inlineWrappers(llvm::Module &M);

/// Makes the marker calls in F readable: promotes the locals that hold their
/// arguments.
void exposeRequests(llvm::Function &F);

/// Cleans up a generated derivative so that it is decent even at -O0.
void simplifyDerivative(llvm::Function &F);

} // namespace tern
