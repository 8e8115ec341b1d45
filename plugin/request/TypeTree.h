// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What rustc says about the memory behind a parameter.
//
// A tree maps paths of byte offsets to kinds. The first offset is one into the
// value itself, each further one is into what the pointer before it points to;
// -1 means every offset. `&[f64]` and a struct { f64, *f32 }:
//
//   {[-1]:Pointer, [-1,-1]:Float@double}
//   {[0]:Float@double, [8]:Pointer, [8,-1]:Float@float}
//
// rustc builds trees through the C functions of Rustc.cpp and writes their text
// into the parameter attribute "enzyme_type", where Retype reads them.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace llvm {
class DataLayout;
class StringRef;
} // namespace llvm

namespace tern {

class TypeTree {
public:
  /// The numbers are rustc's.
  enum Kind : uint32_t {
    Anything = 0,
    Integer = 1,
    Pointer = 2,
    Half = 3,
    Float = 4,
    Double = 5,
    Unknown = 6,
    X86FP80 = 7,
    BFloat = 8,
    FP128 = 9,
  };
  using Path = std::vector<int64_t>;
  /// Part of a value or of memory: the bytes from From, Size of them (-1: to
  /// the end), as seen at To.
  struct Window {
    int64_t From, Size;
    uint64_t To;
  };

  /// Adds an entry. Two kinds that contradict each other become Unknown;
  /// Anything gives way. Returns true on change.
  bool insert(const Path &At, Kind What);
  /// Adds all entries of Other. Returns true on change.
  bool merge(const TypeTree &Other);
  /// The tree of a pointer (or, with an offset, a struct) that has this one at
  /// Offset: every path gets Offset in front.
  void wrap(int64_t Offset);
  /// The tree of what the value at offset 0 points to.
  void unwrap();
  /// What is seen through the window. Entries for every offset are spelt out
  /// if the window ends; if it doesn't, they stay only if it is no shift.
  void shift(const Window &W, const llvm::DataLayout &DL);

  const std::map<Path, Kind> &entries() const { return Entries; }
  std::string text() const;
  /// The tree that `Text` describes, or nothing if it is malformed.
  static std::optional<TypeTree> parse(llvm::StringRef Text);

private:
  std::map<Path, Kind> Entries;
};

} // namespace tern
