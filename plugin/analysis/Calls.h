// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a call is to differentiation; the one place that decides it.
#pragma once

namespace llvm {
class CallBase;
class Function;
class Type;
} // namespace llvm

namespace tern {

enum class CallKind {
  Math,         ///< a row of the rule tables
  Inactive,     ///< never carries a derivative
  Allocation,   ///< returns fresh memory
  Deallocation, ///< releases it
  Copy,         ///< memcpy, memmove
  Fill,         ///< memset
  Tape,         ///< tern_tape_*, tern_adjoint_*: generated code, nested
  Regions,      ///< tern_shadow_*, tern_regions_*: likewise (ShadowGlobals.h)
  Custom,       ///< a rule that the program registered
  Body,         ///< visible function that was not inlined
  Indirect,     ///< target known only at run time
  Reduction,    ///< llvm.vector.reduce.fadd
  Missing,      ///< declared only
};

CallKind classify(const llvm::CallBase &Call);

/// The called function, casts looked through; null for indirect calls.
llvm::Function *calledFunction(const llvm::CallBase &Call);

/// What is copied may be addresses, for all that Retype.h has found out.
bool mayMovePointers(const llvm::CallBase &Copy);

/// True for the calls that mark a place on the tape, or go back there.
bool isTapePlace(const llvm::CallBase &Call);

/// True for tern_adjoint_copy_* (runtime/adjoint.h).
bool isAdjointCopy(const llvm::CallBase &Call);

/// True if a value of this type can carry a derivative: floating point, or a
/// vector, array or struct with floating point in it.
bool holdsFloat(llvm::Type *T);
/// True for pointers and aggregates with a pointer in them.
bool holdsPointer(llvm::Type *T);

} // namespace tern
