// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a call of a visible function does to memory, callees included.
//
// Problem. To an analysis of one function, a call that was not inlined writes
// to everything it is handed and may put derivatives there: what was read
// before could not be read again, and index lists would need shadows.
//
// Idea. Summarise each function over its canonical form: the parameters it
// stores through, whether it stores anywhere else but to its own locals, and
// the parameters whose memory it knows as integers only. Recursion: start from
// "nothing", repeat until stable.
//
//   double minor(a, cols)   writes a local only; cols: integers
//   void axpy(n, x, y)      writes through y; x, y: floats
#pragma once
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallBitVector.h"
#include <functional>

namespace llvm {
class CallBase;
class Function;
class Instruction;
class Use;
class Value;
} // namespace llvm

namespace tern {

class CalleeEffects {
public:
  struct Summary {
    llvm::SmallBitVector Through; ///< parameters that are stored through
    bool Elsewhere = false;       ///< globals, loaded pointers, unknown calls
    /// Stores or returns pointers: memory and the result may come to hold ones
    /// that the caller takes for pointers with a shadow.
    bool PlacesPointers = false;
    bool PlacesGlobals = false; ///< among them pointers to globals with floats
    /// Parameters whose memory may hold floats or pointers, or that are kept.
    llvm::SmallBitVector Rich;
  };
  /// `Canonical` gives the form of a function that is looked at.
  explicit CalleeEffects(
      std::function<llvm::Function &(llvm::Function &)> Canonical)
      : Canonical(std::move(Canonical)) {}

  /// F has a body.
  const Summary &of(llvm::Function &F);
  /// The pointer is used here for nothing but integers in memory: loads, stores
  /// and calls that use it so.
  bool isIntegerUse(const llvm::Use &Pointer);

private:
  bool update(llvm::Function &F);
  void visit(llvm::Instruction &I, Summary &S);
  void visitCall(llvm::CallBase &Call, Summary &S);

  std::function<llvm::Function &(llvm::Function &)> Canonical;
  llvm::DenseMap<llvm::Function *, Summary> Known;
};

} // namespace tern
