// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What retyping will do, decided while the inference is valid and carried out
// after it: rewritten instructions would leave its tables dangling.
#pragma once
#include "TypeGraph.h"
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class Function;
class Instruction;
class LoadInst;
class MemIntrinsic;
class StoreInst;
} // namespace llvm

namespace tern {

/// Bytes [Offset, Offset + Size) of a stretch of memory, moved as one.
/// Unknown and Conflict: as an integer that is marked.
struct Piece {
  uint64_t Offset;
  uint64_t Size;
  Bits Kind;
};

/// The pieces that the bytes divide into: floats and pointers each, integers
/// and unknown bytes in runs of 8, 4, 2 or 1.
llvm::SmallVector<Piece, 16> piecesOf(llvm::ArrayRef<TypeGraph::Byte> Bytes);

struct RetypePlan {
  /// Loads, stores, phis, selects, ... to be given the type of the kind.
  struct Move {
    llvm::Instruction *At;
    Bits Kind;
  };
  /// Integer loads and the stores that are their only uses, or (Load null)
  /// stores of zero, that move several kinds at once.
  struct Split {
    llvm::LoadInst *Load;
    llvm::SmallVector<llvm::StoreInst *, 2> Stores;
    llvm::SmallVector<Piece, 16> Pieces;
  };
  enum class Treatment {
    Mark,   ///< leave it, say what it moves
    Expand, ///< one load and store per piece
    Runs,   ///< one marked copy per run of pieces of one kind
    Loop,   ///< a loop over elements of one period
  };
  /// memcpy, memmove, memset.
  struct Copy {
    llvm::MemIntrinsic *At;
    Treatment How;
    const char *Mark;                    ///< for Mark
    llvm::SmallVector<Piece, 16> Pieces; ///< of the whole, or of one period
    uint64_t Period = 0;                 ///< for Loop
    bool IsWhole = true; ///< the length is a multiple of the period
  };
  std::vector<Move> Moves;
  std::vector<Split> Splits;
  std::vector<Copy> Copies;
  std::vector<llvm::Instruction *> Unknown; ///< to be marked
};

RetypePlan planRetyping(llvm::Function &F);

void markBits(llvm::Instruction &I, llvm::StringRef Name);
/// Rewrites the moves so that each has the type of its bits.
void retypeMoves(llvm::ArrayRef<RetypePlan::Move> Moves);
void splitMoves(llvm::ArrayRef<RetypePlan::Split> Splits);
void lowerCopies(llvm::ArrayRef<RetypePlan::Copy> Copies);

} // namespace tern
