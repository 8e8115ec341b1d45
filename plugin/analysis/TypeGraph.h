// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The graph in which evidence about bits is collected.
//
// Problem. A double may be stored in one place, copied as i64 in a second and
// computed with in a third; the three must learn from each other, quickly.
//
// Idea. Unification with fields (Steensgaard; the graph of Lattner's data
// structure analysis). A slot stands for bits that are equal because they were
// moved: an SSA value, or a field of memory. A cell stands for a piece of
// memory; its fields are slots. A slot that is a pointer points to a place:
// cell, offset and, when an index varies, a stride (offset plus any multiple).
// Moves unify slots; unifying pointers unifies what they point to.
//
//   %p = getelementptr {double, i64}, %a, %i, 1     place(%p) = (A, 8 step 16)
//   %v = load i64, %p                                slot(%v) = A[8 step 16]
//
// An offset with a stride keeps where the array was entered: a struct may hold
// several arrays, and the one that starts last before a byte is the one that
// the byte lies in.
//
// Evidence is a set of kinds, so that nothing depends on the order in which it
// arrives. Strong evidence is a use; weak evidence (declared types) counts only
// where there is no strong one.
#pragma once
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <map>
#include <vector>

namespace llvm {
class LLVMContext;
class Type;
} // namespace llvm

namespace tern {

/// What bits hold. Conflict: evidence of kinds that exclude each other.
enum class Bits : uint8_t {
  Unknown,
  Integer,
  Pointer,
  Half,
  BFloat,
  Float,
  Double,
  X86FP80,
  FP128,
  Conflict
};

/// "double", "pointer", ... as in !tern.bits; Conflict is "unknown".
llvm::StringRef bitsName(Bits Kind);
Bits bitsNamed(llvm::StringRef Name);
/// Bytes of one value in memory as loads count them (x86_fp80: 10); 0 where the
/// kind has no size of its own.
unsigned bitsSize(Bits Kind);
bool isFloatBits(Bits Kind);
/// float, double, ..., ptr; null for the others.
llvm::Type *bitsType(Bits Kind, llvm::LLVMContext &Ctx);
/// The kind that a scalar type fixes: integers fix nothing.
Bits bitsOfType(const llvm::Type *Ty);

/// Two kinds claimed for the same bits: floats and pointers that are also
/// computed on as integers are still floats and pointers.
Bits joinBits(Bits A, Bits B);

class TypeGraph {
public:
  using SlotId = unsigned;
  using CellId = unsigned;
  static constexpr unsigned None = ~0u;

  struct Place {
    CellId Cell = None;
    int64_t Offset = 0;
    uint64_t Stride = 0; ///< 0: exactly at Offset
    bool operator==(const Place &) const = default;
  };
  struct FieldKey {
    uint64_t Stride;
    int64_t Offset;
    uint64_t Size;
    bool operator<(const FieldKey &O) const {
      return std::tie(Stride, Offset, Size) <
             std::tie(O.Stride, O.Offset, O.Size);
    }
  };
  struct Field {
    FieldKey Key;
    SlotId Slot;
  };
  /// One byte of memory: what it belongs to, and whether the value starts here.
  struct Byte {
    Bits Kind = Bits::Unknown;
    bool Starts = false;
    uint8_t Level = 0;     ///< how good the evidence is, 1 best, 0 none
    uint64_t Distance = 0; ///< from the start of the array, if it is in one
  };

  SlotId addSlot();
  void addEvidence(SlotId S, Bits Kind, bool Strong = true);
  void unify(SlotId A, SlotId B);
  /// Where the pointer in `S` points; a fresh cell if nothing is known yet.
  Place pointee(SlotId S);
  void unifyPointee(SlotId S, Place P);
  bool hasPointee(SlotId S);
  /// The field of `Size` bytes at `P`, made where there is none.
  SlotId field(Place P, uint64_t Size);
  Bits kind(SlotId S);
  bool hasStrongEvidence(SlotId S);
  SlotId find(SlotId S);

  Place shifted(Place P, int64_t Offset, uint64_t Stride = 0);
  /// The largest stride at which the cell is accessed, 0 if none.
  uint64_t period(Place P);
  /// The fields of the cell that `P` lies in, at their offsets from its base.
  std::vector<Field> fieldsAround(Place P);
  /// Of those, the arrays, and the single fields that start in the `Size` bytes
  /// from `P`.
  std::vector<Field> fieldsFrom(Place P, uint64_t Size);
  /// What `Size` bytes from `P` hold, byte by byte.
  llvm::SmallVector<Byte, 64> paint(Place P, uint64_t Size);
  /// Lets overlapping fields of each cell learn from each other.
  void linkFields();
  /// Grows with every change; equal versions mean that nothing was learnt.
  unsigned version() const { return Version; }
  /// The version at which the fields around `P`, or what is known of them,
  /// changed last. What was read off them before then may read otherwise now.
  unsigned changed(Place P) { return Cells[normal(P).Cell].Changed; }
  bool hasArrays(Place P) { return period({normal(P).Cell, 0, 0}) != 0; }
  size_t numFields(Place P) { return Cells[normal(P).Cell].Fields.size(); }
  unsigned numCells() const { return Cells.size(); }

private:
  struct Slot {
    SlotId Parent;
    uint16_t Strong = 0, Weak = 0;
    Place Pointee;
    unsigned FirstOwner = None, LastOwner = None; ///< list in Owners
  };
  /// A cell that has the slot as a field.
  struct Owner {
    CellId Cell;
    FieldKey Key;
    unsigned Next;
  };
  /// Arrays whose elements lie in the same places, by where the arrays start.
  struct Starts {
    std::map<int64_t, SlotId> Strong, Weak;
  };
  /// Single fields that look alike when they are seen as elements of an array.
  struct Element {
    int64_t Residue;
    uint64_t Size;
    Bits Kind;
    uint8_t Level;
    auto operator<=>(const Element &) const = default;
  };
  struct Elements {
    unsigned Version = 0; ///< of the graph when they were collected
    std::vector<Element> All;
  };
  struct Cell {
    CellId Parent;
    int64_t Shift = 0; ///< my offset 0 is the parent's offset Shift
    uint64_t Widest = 1;
    unsigned Changed = 0; ///< the version of the last change
    unsigned Linked = 0;  ///< the version that linkFields looked at last
    std::map<FieldKey, SlotId> Fields;
    /// The arrays of known kind, by stride, residue of the offset, and size.
    std::map<FieldKey, Starts> Arrays;
    std::map<uint64_t, Elements> ElementsAt; ///< by stride, as last asked for
  };

  Place normal(Place P);
  void noteChange(const Slot &Root);
  void adopt(Slot &Root, CellId C, FieldKey Key);
  llvm::ArrayRef<Element> elements(Place P);
  void paintElements(llvm::MutableArrayRef<Byte> Bytes, Place P);
  void paintFixed(llvm::MutableArrayRef<Byte> Bytes, Place P);
  void paintArrays(llvm::MutableArrayRef<Byte> Bytes, Place P);
  std::vector<Field> arraysOver(Place P, int64_t Length);
  CellId addCell();
  SlotId fieldAt(CellId C, FieldKey Key);
  void unifySlotsNow(SlotId A, SlotId B);
  Place unifyPlaces(Place A, Place B);
  void mergeCells(CellId Into, CellId From, int64_t Shift);
  void drain();
  Byte elementOrArray(const Byte &Element, const Byte &Array, Place P);
  void linkArrays(llvm::ArrayRef<Field> Fields);
  void linkNested(CellId C, llvm::ArrayRef<Field> Fields);

  std::vector<Slot> Slots;
  std::vector<Cell> Cells;
  std::vector<Owner> Owners;
  std::vector<std::pair<SlotId, SlotId>> Pending;
  bool Draining = false;
  unsigned Version = 0;
};

} // namespace tern
