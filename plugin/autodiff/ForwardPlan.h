// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What forward mode has to know before it changes anything: which values get a
// tangent, and which pointers may turn out to have none at run time.
//
// Problem. Beside `load double, ptr %p` stands a load of the tangent only if %p
// has a shadow; %p may come from a phi that is filled later; a local array
// needs a shadow only if something active is stored in it.
//
// Idea. A fixpoint from below. A value *carries* a tangent if its definition
// takes one from an operand. Local memory starts without a shadow and gets one
// with the first carrying value stored there. A pointer is *mixed* if its
// shadow may be the primal pointer itself, which stands for "inactive".
//
//   %q = select i1 %c, ptr %dual, ptr %const        carries, mixed
//   %v = load double, ptr %q                        carries
//   %n = load i64, ptr %q                           an integer: nothing
//   %b = load i64, ptr %q, !tern.bits !"unknown"    carries, as bits
//
// Integers. Retype gave every move of floats and pointers its type, so that a
// plain integer is data without derivative. What it left open ("unknown") is
// moved bit by bit; so are float and pointer bits in integers. Integers
// computed from such bits by arithmetic are *computed bits*: harmless as a hash
// or an exponent, refused (ActiveBits) where they become a float or pointer
// again.
#pragma once
#include "../analysis/Calls.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallVector.h"
#include <string>

namespace llvm {
class CallBase;
class Function;
class Instruction;
class Value;
} // namespace llvm

namespace tern {

class ForwardPlan {
public:
  ForwardPlan(llvm::Function &F, llvm::ArrayRef<llvm::Value *> Duals,
              bool HasMixedParameters);

  /// False after a refusal was reported; `Primal` is the name to report.
  bool run(const std::string &Primal);

  bool carries(const llvm::Value *V) const;
  bool isMixed(const llvm::Value *V) const { return Mixed.contains(V); }
  /// A store that loses a tangent if its memory has no shadow at run time.
  bool isDoubtful(const llvm::Instruction &Store) const {
    return Doubtful.contains(&Store);
  }
  /// True for a sum or product of open bits: an integer, however open its type.
  bool isCount(const llvm::Value *V) const {
    return Computed.contains(V) && !ComputedFloats.contains(V);
  }
  bool isComputedBits(const llvm::Value *V) const {
    return Computed.contains(V);
  }
  CallKind kindOf(const llvm::CallBase &Call) const;
  /// True if a call of a visible function is replaced by its derivative.
  bool isDerived(const llvm::CallBase &Call) const;
  bool anyCarries(const llvm::CallBase &Call) const;
  /// The pointer in whose bits `Bits` is an offset, or null:
  /// ptrtoint(p) + 8 -> ptrtoint(p).
  const llvm::Value *addressRoot(const llvm::Value *Bits) const;

  /// `To` stands for `From` from now on.
  void rename(const llvm::Value *From, const llvm::Value *To);

private:
  /// How far the bits of an integer have been cut: `Grain` is the size of the
  /// floats in it where known, `Unit` of the smallest piece cut off.
  struct Pieces {
    unsigned Grain = 0, Unit = ~0u;
  };

  bool visit(llvm::Instruction &I);
  bool visitCall(llvm::CallBase &Call);
  bool visitBits(llvm::Instruction &I);
  bool visitStore(llvm::Instruction &I, const llvm::Value *Stored,
                  llvm::Value *Pointer);
  bool setCarries(llvm::Value *V);
  bool setMixed(llvm::Value *V);
  bool setComputed(llvm::Instruction &I);
  bool moveBits(llvm::Instruction &I, unsigned Cut);
  bool shadowObjects(llvm::Value *Pointer, llvm::Instruction &At);
  bool shadowLocals(const llvm::Value *Pointer);
  bool shadowLeaving(const llvm::Instruction &I);
  bool shadowEscaping();
  bool shadowForRule(llvm::CallBase &Call);
  bool mayWrite(const llvm::CallBase &Call, unsigned Number);
  bool isPlainLocal(const llvm::Value *Object) const;
  void findMixedMoves();
  bool makesMixed(const llvm::Instruction &I) const;

  bool check(llvm::Instruction &I, const std::string &Primal);
  bool checkCall(llvm::CallBase &Call, const std::string &Primal);
  bool mayHideEscaping(const llvm::Instruction &Store) const;
  bool checkLostStores(const std::string &Primal);
  bool checkBitsInMemory(const std::string &Primal);
  void findLostBy(const llvm::CallBase &Call);
  void findDoubtfulStores();

  llvm::Function &F;
  const bool HasMixedParameters;
  llvm::DenseSet<const llvm::Value *> Carrying, Mixed, Computed;
  /// Of the computed bits, those that may be parts of a float: made from bits
  /// of a known float, or by more than counting.
  llvm::DenseSet<const llvm::Value *> ComputedFloats;
  llvm::DenseSet<const llvm::Value *> Locals; ///< allocas and allocations
  llvm::SmallVector<const llvm::Value *, 8> Escaping; ///< of those
  llvm::DenseMap<const llvm::Value *, Pieces> BitPieces;
  llvm::DenseMap<const llvm::CallBase *, CallKind> Kinds;
  llvm::DenseMap<const llvm::Function *, bool> GlobalUsers;
  llvm::DenseMap<std::pair<const llvm::Function *, unsigned>, bool> Writes;
  /// Stores of carrying values to memory without a shadow.
  llvm::MapVector<const llvm::Instruction *,
                  llvm::SmallVector<const llvm::Value *, 2>>
      LostStores;
  llvm::DenseSet<const llvm::Instruction *> Doubtful;
};

} // namespace tern
