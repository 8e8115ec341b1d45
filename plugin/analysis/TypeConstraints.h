// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The constraints that a function's body puts on its TypeGraph, and their
// solution (Types.h). Places depend on each other (a pointer that advances in a
// loop), so they are solved first, then what is found there, in rounds.
#pragma once
#include "TypeGraph.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <deque>
#include <functional>

namespace llvm {
class Constant;
class DataLayout;
class Function;
class Instruction;
class Type;
class User;
class Value;
} // namespace llvm

namespace tern {

/// A scalar inside a type. A long vector is one leaf with a stride.
struct Leaf {
  uint64_t Offset;
  uint64_t Size;
  uint64_t Stride;
  llvm::Type *Ty;
};

class TypeConstraints {
public:
  using SlotId = TypeGraph::SlotId;
  TypeConstraints(TypeGraph &Graph, const llvm::DataLayout &DL)
      : Graph(Graph), DL(DL) {}

  /// False if the body is not visible, or (unless `Always`) too much has been
  /// read already.
  bool readFunction(llvm::Function &F, bool Always = false);
  void solve();

  llvm::ArrayRef<Leaf> leavesOf(llvm::Type *Ty);
  /// The value's first slot (its leaves follow), None where any kind fits: zero
  /// and undefined integers.
  SlotId slotOf(llvm::Value *V);
  /// The same, without making one.
  SlotId knownSlot(const llvm::Value *V) const;
  TypeGraph &graph() { return Graph; }

  /// The leaf that an extractvalue path starts at.
  unsigned leafAt(llvm::Type *Ty, llvm::ArrayRef<unsigned> Path);
  void moveLeaf(llvm::Value *To, unsigned ToLeaf, llvm::Value *From,
                unsigned FromLeaf);
  void moveLeaves(llvm::Value *To, unsigned ToLeaf, llvm::Value *From,
                  unsigned FromLeaf, unsigned Count);
  void move(llvm::Value *To, llvm::Value *From);
  void moveAll(llvm::Value *To, llvm::Value *From);
  void access(llvm::Value *Ptr, llvm::Type *Ty, llvm::Value *V,
              int64_t Offset = 0);
  /// A byte offset of which nothing is known, as in `begin + (end - begin)`:
  /// some multiple of the stride at which the memory is otherwise accessed.
  static constexpr uint64_t AnyStride = ~uint64_t(0);
  void derive(llvm::Value *Result, llvm::Value *Base, int64_t Offset,
              uint64_t Stride);
  /// Size 0: unknown.
  void copy(llvm::Value *To, llvm::Value *From, uint64_t Size);
  /// `Piece` is some of the bits of `Whole`; IsAll: the others are zero.
  void part(llvm::Value *Whole, llvm::Value *Piece, bool IsAll = false);
  void note(llvm::Value *V, Bits Kind, bool Strong = true);
  void hint(std::function<void()> Later) { Hints.push_back(std::move(Later)); }
  TypeGraph::Place placeOf(llvm::Value *Ptr);
  const llvm::DataLayout &layout() const { return DL; }

private:
  struct Derive {
    SlotId Result, Base;
    int64_t Offset;
    uint64_t Stride;
  };
  struct Access {
    SlotId Ptr, Value;
    Leaf Where;
    int64_t Offset; ///< of the whole from where the pointer points
  };
  /// One direction of a copy.
  struct Copy {
    SlotId To, From;
    uint64_t Size;
    TypeGraph::Place ToPlace, FromPlace; ///< as they were when last copied
    unsigned Version = 0;                ///< of the graph before that
  };
  struct Part {
    SlotId Whole, Piece;
    unsigned PieceSize;
    bool IsAll;
  };

  SlotId makeSlots(llvm::Type *Ty);
  SlotId slotOfConstant(llvm::Constant *C);
  void readConstantExpression(llvm::User *E);
  bool appendLeaves(llvm::Type *Ty, uint64_t Offset, std::vector<Leaf> &Out);
  void solvePlaces(bool AnyStrides);
  void solveDerive(const Derive &D);
  void solveAccesses();
  void solveCopies();
  void solveCopy(Copy &C);
  void copyFields(TypeGraph::Place To, TypeGraph::Place From, uint64_t Size);
  /// What single kind the pieces of a copy's source hold, while the source does
  /// not change.
  struct Pieces {
    TypeGraph::Place From;
    unsigned Version = 0;
    llvm::DenseMap<std::pair<int64_t, uint64_t>, Bits> Kinds; ///< place, size
  };
  Bits pieceKind(Pieces &Known, TypeGraph::Place From, int64_t At,
                 uint64_t Size);
  void copyElement(TypeGraph::Place To, TypeGraph::Place From, uint64_t Size);
  void solveParts();

  TypeGraph &Graph;
  const llvm::DataLayout &DL;
  llvm::DenseMap<const llvm::Value *, SlotId> Slots;
  std::map<llvm::Type *, std::vector<Leaf>> Leaves; ///< stable addresses
  llvm::SmallPtrSet<llvm::Function *, 8> FunctionsRead;
  unsigned Budget = 0; ///< instructions that may still be read
  std::vector<Derive> Derives;
  std::vector<Access> Accesses;
  std::vector<Copy> Copies;
  std::vector<Part> Parts;
  std::deque<std::function<void()>> Hints; ///< a hint may add hints
};

} // namespace tern
