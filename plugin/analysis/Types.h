// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the values and the memory of a function hold, inferred from all the
// evidence in its body.
//
// Problem. `load i64` may move a double; `memcpy(p, q, 24)` may move anything.
//
// Idea. Read the body once into constraints on a TypeGraph: accesses tie a
// value's slot to a field of the memory it points to, getelementptr derives one
// place from another, copies tie fields to fields. Solve until nothing changes.
// A value of struct or vector type has one slot per scalar in it (its leaves),
// so that {double, i64} stays two things.
#pragma once
#include "TypeGraph.h"
#include <memory>

namespace llvm {
class Function;
class Value;
} // namespace llvm

namespace tern {

class TypeConstraints;

/// A number that divides V, 0 if V is 0 (as gcd wants it). Follows the few
/// forms in which byte offsets and lengths are computed.
uint64_t divisorOf(const llvm::Value *V);

class Types {
public:
  explicit Types(llvm::Function &F);
  ~Types();

  /// What all bits of the value are; Unknown if its parts differ.
  Bits ofValue(const llvm::Value &V);
  /// What the `Size` bytes at `Ptr` hold, byte by byte; if `Ptr` is known to be
  /// an array of elements of `Period` bytes, any element counts as the first.
  llvm::SmallVector<TypeGraph::Byte, 64>
  ofMemory(const llvm::Value &Ptr, uint64_t Size, uint64_t Period = 0);
  /// True if the place is inside of a float that is larger than `Size` bytes,
  /// whatever else is accessed there.
  bool isInsideFloat(const llvm::Value &Ptr, uint64_t Size);
  /// The distance after which the layout behind `Ptr` repeats, 0 if none is
  /// known: the largest stride at which it is accessed.
  uint64_t periodOf(const llvm::Value &Ptr);
  /// The kind of every value that is known in the object at `Ptr`, if they are
  /// all of one kind and lie side by side; else Unknown.
  Bits onlyKindBehind(const llvm::Value &Ptr);

private:
  TypeGraph Graph;
  std::unique_ptr<TypeConstraints> Constraints;
};

} // namespace tern
