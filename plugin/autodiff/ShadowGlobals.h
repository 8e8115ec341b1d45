// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shadows of global variables and of the constants that point to them.
//
// Problem. A function may keep numbers in globals; both modes need memory for
// their tangents or adjoints, and all generated functions must use the same.
//
// Idea. A mutable global @g gets one shadow, @g.shadow, zero on start; its name
// is the registry. Where the initialiser points to other globals, the shadow
// points to their shadows. What cannot carry a derivative is its own shadow:
// functions, constants made of numbers or of pointers to functions (vtables),
// what the user marked inactive, and globals whose definition is elsewhere.
//
//   @x = global double 2.0          @x.shadow = internal global double 0.0
//   @p = global ptr @x        ->    @p.shadow = internal global ptr @x.shadow
//   @k = constant [2 x double]      (itself)
#pragma once

namespace llvm {
class Constant;
class GlobalVariable;
} // namespace llvm

namespace tern {

/// A derivative of a function that itself asks for derivatives has shadows of
/// its own: its tangent of @g is not the inner request's adjoint of @g. Level 0
/// is the innermost.
void setShadowLevel(unsigned Level);

/// The shadow of a global variable; the global itself if it is inactive. Each
/// of several tangents or adjoints at once (lane) has its own.
llvm::Constant *shadowOfGlobal(llvm::GlobalVariable &G, unsigned Lane = 0);

/// The constant with each global in it replaced by its shadow; the same
/// constant if none of them has one. Numbers in it stay as they are.
llvm::Constant *shadowOfConstant(llvm::Constant &C, unsigned Lane = 0);

/// Whether shadowOfConstant gives something else, without creating it.
bool hasShadow(const llvm::Constant &C);

} // namespace tern
