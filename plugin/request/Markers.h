// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which functions and values are words of a marker call.
//
// Problem. A marker call such as
//
//   __enzyme_autodiff((void *)f, enzyme_const, n, enzyme_dup, p, dp)
//
// mixes arguments with words about them. In IR a word is a load of a global
// (C, C++), its address (Rust, Tern's header) or something cast from either.
//
// Idea. A value is classified by the global that it comes from, a callee by the
// hook name that it contains (templates and Rust decorate the name). Only
// functions without a body are hooks: a user's function with such a name in its
// mangled form is left alone.
#pragma once
#include "llvm/ADT/StringRef.h"

namespace llvm {
class CallBase;
class Function;
class Value;
} // namespace llvm

namespace tern {

enum class Marker : unsigned char {
  None,
#define MARKER(Name, Word) Name,
#include "Markers.def"
};

enum class Hook : unsigned char {
  None,
  Autodiff,
  Fwddiff,
  Record,
  Reverse,
  TapeSize,
  CallInactive,
  TypeHint,
  Refused,
};

/// The word that `V` stands for; None for an ordinary argument.
Marker markerOf(const llvm::Value &V);
/// The word as Enzyme's users write it, without prefix.
llvm::StringRef markerName(Marker M);

Hook hookOf(const llvm::Function &F);
Hook hookOf(const llvm::CallBase &Call);
/// What the hook's name says after its prefix: "double" for __enzyme_double.
llvm::StringRef hookWord(const llvm::Function &F);

/// The function that a hook's operand stands for, through casts, aliases and
/// loads of constant globals; null where the compiler can't tell.
llvm::Function *functionOf(llvm::Value &V);

} // namespace tern
