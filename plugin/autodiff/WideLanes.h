// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Several tangents in forward mode: where they lie next to each other.
//
// Problem. With one shadow per tangent, a loop that adds to a scratch array
// works on Width arrays at once: each lane has its own loads, stores and
// invariant factors, more than there are registers.
//
// Idea. Memory that the function makes itself and keeps to itself has one
// shadow for all lanes: what lies at offset o of the primal has its tangents
// side by side at offset Stride * o. A number read there has one vector of
// tangents, and so has what is computed from it.
//
//   %a = alloca [9 x double]             %a.shadow = alloca [4 x [9 x double]]
//   %p = gep double, ptr %a, i64 %i  ->  %p.shadow = gep [4 x double],
//                                                        ptr %a.shadow, i64 %i
//   %v = load double, ptr %p             %v.tan = load <4 x double>,
//                                                        ptr %p.shadow
//   %r = fmul double %v, %c              %r.tan = fmul <4 x double> %v.tan,
//                                                                   splat(%c)
//
// Only memory qualifies whose every use is seen and moves whole numbers:
// arguments, what callees get, what holds pointers or integers and what other
// addresses meet have separate shadows, as the convention has it. Where a loop
// works on both, it goes by what it does more often: numbers that cross cost an
// insertion or extraction per lane.
#pragma once
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/MathExtras.h"

namespace llvm {
class Function;
class Instruction;
class MemIntrinsic;
class MemTransferInst;
class Type;
class Use;
class Value;
} // namespace llvm

namespace tern {

class ForwardPlan;

class WideLanes {
public:
  WideLanes(llvm::Function &F, const ForwardPlan &Plan, unsigned Width);

  /// A pointer with one shadow for all lanes, or a number with vectors.
  bool holds(const llvm::Value *V) const {
    return Pointers.contains(V) || Numbers.contains(V);
  }
  /// Lanes in one vector: eight numbers are what a register holds, or two.
  static constexpr unsigned Lanes = 8;
  unsigned vectors() const { return llvm::divideCeil(Width, Lanes); }
  /// Lanes side by side: Width, and some unused ones.
  unsigned stride() const { return vectors() * Lanes; }
  /// The one type of the numbers in what the pointer points to, or null.
  llvm::Type *numberIn(const llvm::Value *Pointer) const;

private:
  void findPointers();
  bool dropUnfit();
  bool fits(const llvm::Use &U) const;
  bool fitsCopy(const llvm::MemTransferInst &Copy) const;
  bool fitsMerge(const llvm::Instruction &Merge) const;
  bool areMembers(const llvm::Value *Pointer) const;
  void findNumberTypes();
  void findNumbers();
  bool mayBeWide(const llvm::Instruction &I) const;
  bool isComputedFromWide(const llvm::Instruction &I) const;
  bool pays() const;

  llvm::Function &F;
  const ForwardPlan &Plan;
  unsigned Width;
  llvm::SetVector<const llvm::Value *> Objects;
  llvm::SetVector<const llvm::Value *> Pointers;
  llvm::DenseSet<const llvm::Value *> Numbers;
  /// The one type of number in an object; null: more than one.
  llvm::DenseMap<const llvm::Value *, llvm::Type *> NumberTypes;
};

} // namespace tern
