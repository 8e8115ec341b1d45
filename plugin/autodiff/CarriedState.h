// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an iteration finds in memory that the ones before it have left there.
//
// Problem. A step of a simulation reads the state and overwrites it. To run it
// again (Replay.h), the memory must hold the state that it started from.
//
//   for steps: { slope(y, k); y[i] += h * k[i]; }       state: y[0 .. n)
//
// Idea. Of each object that such loads read, keep the bytes from the first to
// the last address (affine in the loops inside the iteration, cut off at the
// object's ends, where loops that do not run give any number), or else all of
// it. One piece of contiguous bytes per object and iteration.
//
// It is worth it where what would be recorded instead is much more.
#pragma once
#include "../analysis/WrittenFirst.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace llvm {
class Instruction;
class Type;
} // namespace llvm

namespace tern {

/// Bytes of an object, known before the loop.
struct StateRange {
  llvm::Value *Begin = nullptr;
  llvm::Value *Bytes = nullptr;  ///< i64
  llvm::Type *Element = nullptr; ///< what is in there; i8 if this and that
};

class CarriedState {
public:
  CarriedState(llvm::Loop &L, WrittenFirst &Proof) : L(L), Proof(Proof) {}

  /// The load reads what other iterations write. False if that is not the
  /// content of objects that this function owns, known before the loop.
  bool add(llvm::LoadInst &Load);
  /// A number that the iteration hands over to the next, or out of the loop.
  void add(llvm::Value &Carried) { Scalars.push_back(&Carried); }
  bool isEmpty() const { return Objects.empty() && Scalars.empty(); }

  /// Keeping this takes much less than recording what the reverse of an
  /// iteration needs.
  bool pays(llvm::function_ref<bool(const llvm::Value *)> IsActive) const;
  /// Computes the ranges at the end of the loop's preheader.
  llvm::SmallVector<StateRange, 2> ranges() const;

private:
  using Loads = llvm::SmallVector<llvm::LoadInst *, 4>;
  struct Offsets {
    const llvm::SCEV *First = nullptr, *Last = nullptr;
  };
  Offsets offsetsIn(llvm::Value &Object, llvm::LoadInst &Load) const;
  StateRange rangeOf(llvm::Value &Object, const Loads &Readers) const;
  uint64_t weight(llvm::Instruction &V) const;
  uint64_t keptBytes() const;
  uint64_t
  recordedBytes(llvm::function_ref<bool(const llvm::Value *)> IsActive) const;

  llvm::Loop &L;
  WrittenFirst &Proof;
  llvm::MapVector<llvm::Value *, Loads> Objects;
  llvm::SmallVector<llvm::Value *, 2> Scalars;
};

/// Memory of this function alone: what an iteration leaves there is of no
/// interest to the caller.
bool isScratch(const llvm::Value *Pointer);

} // namespace tern
