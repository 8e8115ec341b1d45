// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the calculus knows about an instruction or a library function.
//
// A rule gives one partial per operand and may use the operands and the result.
// It knows nothing of mode, width or cloning: forward mode sums
// `partial_i * tangent_i`, reverse mode adds `partial_i * adjoint` to each
// operand. The rows stand in Math.def (intrinsics and libm), Instructions.def,
// Inactive.def and Memory.def; tests iterate over them.
#pragma once
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/IRBuilder.h"

namespace llvm {
class CallBase;
class Function;
class Instruction;
class TargetLibraryInfo;
class Value;
} // namespace llvm

namespace tern {

struct MathRule;

/// The row for an arithmetic instruction, a floating-point cast, an intrinsic
/// or a libm call (scalar or vector, any of its float/double/long double
/// names), or null. Structure (phi, select, load, insert/extract, ...) is not a
/// row: the modes treat it themselves.
const MathRule *findMathRule(const llvm::Instruction &I);

/// True if F is registered to have the derivative of a function that has a row
/// and F's signature; its own body is not looked at then.
bool isLikeKnownFunction(const llvm::Function &F);

/// True if the result depends on operand `Operand` (false: partial is zero, as
/// for the sign operand of copysign or the exponent of powi).
bool hasPartial(const MathRule &Rule, unsigned Operand);

/// d I / d operand, built at `B` from I's operands and result, with I's own
/// fast-math flags and no others. ConstantFP 1.0 / -1.0 for linear rules.
/// The type is the result's (casts: see multiplyByPartial).
llvm::Value *emitPartial(const MathRule &Rule, llvm::Instruction &I,
                         unsigned Operand, llvm::IRBuilderBase &B);

/// Forward: `partial * tangent`, in the result's type.
/// `Tangent` has the operand's type; for a scalar operand, it may be a vector
/// of several tangents, and so is the result then.
llvm::Value *pushTangent(const MathRule &Rule, llvm::Instruction &I,
                         unsigned Operand, llvm::Value *Tangent,
                         llvm::IRBuilderBase &B);
/// Reverse: `partial * adjoint`, in the operand's type. `Adjoint` has the
/// result's type. A zero adjoint times an infinite partial is zero; that is
/// decided here and nowhere else.
llvm::Value *pullAdjoint(const MathRule &Rule, llvm::Instruction &I,
                         unsigned Operand, llvm::Value *Adjoint,
                         llvm::IRBuilderBase &B);

/// True for functions that never carry a derivative: I/O, timing, logging, RNG
/// state, comparisons of strings, asserts, lifetime and debug intrinsics, and
/// everything the user marked TERN_INACTIVE / enzyme_inactive.
bool isInactiveCall(const llvm::CallBase &Call);

/// malloc, calloc, operator new, aligned_alloc, __rust_alloc, ...
/// True if the call returns fresh memory; the modes give it a zeroed shadow by
/// calling the same function again.
bool isAllocation(const llvm::CallBase &Call);
/// The allocated size in bytes as i64, built at B (calloc: the product).
llvm::Value *emitAllocationSize(llvm::CallBase &Call, llvm::IRBuilderBase &B);
bool isZeroedAllocation(const llvm::CallBase &Call);
/// True if the call releases the memory that its operand 0 points to.
bool isDeallocation(const llvm::CallBase &Call);

/// Rewrites library calls that have an easier equal form, before any analysis:
/// sincos -> sin + cos, complex functions -> real ones, modf -> trunc + sub,
/// realloc -> malloc + memcpy + free, posix_memalign -> aligned_alloc,
/// __memcpy_chk -> memcpy, bit tricks on the sign (xor/and/or masks) ->
/// fneg/fabs/copysign, x86/ARM vector intrinsics -> generic ones.
void simplifyLibraryCalls(llvm::Function &F);

} // namespace tern
