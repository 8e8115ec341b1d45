// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instructions by what they do to tangents: those that move values and so move
// tangents the same way, and those that access memory.
//
//   %r = select i1 %c, double %x, double %y     moves operands 1 and 2
//     ->  %r.tan = select i1 %c, double %x.tan, double %y.tan
#pragma once
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class CallBase;
class Function;
class Instruction;
class Value;
} // namespace llvm

namespace tern {

/// The operands whose tangents make the tangent of an instruction that moves
/// values without computing (phi, select, casts, insert, extract, shuffles,
/// linear intrinsics); empty for all others.
llvm::SmallVector<unsigned, 4> movedOperands(const llvm::Instruction &I);

/// Masked and plain loads and stores: the operands, or -1.
struct AccessOperands {
  int Pointer = -1; ///< both
  int Value = -1;   ///< stores: what is stored; masked loads: the pass-through
  bool IsStore = false;
};
AccessOperands accessOperands(const llvm::Instruction &I);

/// Null, undef, and addresses in the first page, which is never mapped: Rust
/// has its empty slices and vectors point to their alignment.
bool pointsNowhere(const llvm::Value &Pointer);

/// True if the type of the bits that `I` moves stayed open (!tern.bits).
bool movesUnknownBits(const llvm::Instruction &I);

/// True for library functions that only link, unlink and follow pointers, as
/// those behind std::list and std::map do, and for those of std::string: the
/// shadow structure obeys the same call. Parts of such functions may be
/// inlined; a shadow that missed the others would be torn.
bool onlyMovesPointers(const llvm::Function &F);

/// True for a call of inline assembly that does nothing.
bool isEmptyAsm(const llvm::CallBase &Call);

} // namespace tern
