// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Untyped bits get their types back.
//
// Problem. Optimised IR moves doubles as i64 loads and stores, as memcpy, in
// integer phis. Reverse mode must know what bits hold before it can add to
// their shadow.
//
// Idea. Infer, per abstract memory cell and per value, what the bits are
// (unification over the uses, see Types.h), then rewrite the moves so that the
// IR says it itself. Nothing after this stage infers types again.
//
//   %v = load i64, ptr %p            %v = load double, ptr %p
//   store i64 %v, ptr %q       ->    store double %v, ptr %q
//   memcpy(%a, %b, 24)         ->    three typed loads and stores
//   memcpy(%a, %b, %n)         ->    memcpy(...), !tern.bits !"double"
//
// On exit every load, store, phi and select that moves floats or pointers has
// that type; every remaining memcpy/memmove/memset carries !tern.bits with one
// of "half" "bfloat" "float" "double" "x86_fp80" "fp128" "pointer" "integer"
// "unknown" for all of its bytes (mixed structs were lowered to a loop of typed
// moves); an integer load, store or memcpy whose bits stay open carries
// !tern.bits !"unknown". A memset may also be "mixed": floats, pointers and
// integers, all known. Its constant bytes carry no derivative, so the shadow
// can be cleared bytewise whatever they are. Padding moves as an integer.
#pragma once
#include "llvm/ADT/StringRef.h"

namespace llvm {
class Function;
class Instruction;
class Type;
} // namespace llvm

namespace tern {

/// Returns true if anything changed. Parameter attributes "tern_pointee"
/// ("double", "float", ...: what a pointer parameter points to) and rustc's
/// "enzyme_type" are sources.
bool retype(llvm::Function &F);

/// Says that the copy moves floats of this type.
void markCopyOf(const llvm::Type *Float, llvm::Instruction &Copy);

/// The word in !tern.bits, or "" where there is none.
llvm::StringRef bitsOf(const llvm::Instruction &I);

} // namespace tern
