// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which values can carry a derivative, and which pointers have a shadow.
//
// Problem. Adjoint code for values that do not depend on an active input, or
// shadows for memory that never holds one, cost time and memory; leaving out
// one that matters is a wrong derivative.
//
// Idea. An optimistic fixpoint over one canonical function. A float is active
// if something active flows into it. A local object (alloca, malloc, global
// that the function writes) is active once an active float or a pointer to
// active memory is stored in it. A pointer is
//   Inactive   points to memory without shadow (Const arguments, constants),
//   Active     has a shadow pointer,
//   Mixed      one or the other, decided at run time (select, phi, or a load
//              from active memory that also holds inactive pointers); its
//              shadow equals the primal pointer where there is none.
#pragma once
#include "../Derivative.h"
#include "CalleeEffects.h"
#include "GlobalActivity.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringRef.h"

namespace llvm {
class CallBase;
class GlobalVariable;
class Instruction;
class MemTransferInst;
class Value;
} // namespace llvm

namespace tern {

enum class PointerActivity : unsigned char { Neutral, Inactive, Active, Mixed };

class ActivityFacts {
public:
  using ArgumentActivity = llvm::DenseMap<const llvm::Value *, Activity>;

  /// What holds outside of the function.
  struct Context {
    CalleeEffects &Effects;
    const CallTargets &Targets;
    /// Other functions of the request run before, and may write variables.
    bool IsCalled;
    /// Parameters with a shadow may be inactive at run time, and so may be the
    /// pointers in their memory.
    bool MixedParameters;
    bool MayLackShadows;
  };
  ActivityFacts(llvm::Function &F, const ArgumentActivity &Arguments,
                bool ResultIsActive, const Context &Around);

  /// V holds floats of which one may carry a derivative.
  bool isActive(const llvm::Value *V) const;
  PointerActivity pointer(const llvm::Value *V) const;
  bool hasShadow(const llvm::Value *V) const {
    PointerActivity P = pointer(V);
    return P == PointerActivity::Active || P == PointerActivity::Mixed;
  }
  bool carriesOpenBits(const llvm::Value *Bits) const;
  /// Memory with a shadow may hold pointers without.
  bool hasMixedMemory() const {
    return AllLoadsMixed || Globals.meetsPointers() || !MixedObjects.empty();
  }
  /// Shadows in memory may be null: variables with pointers in them are used
  /// here, in what is called, or in callers.
  bool mayLackShadows() const {
    return CallersLackShadows || Globals.meetsPointers();
  }
  /// A call (Body, Indirect, Custom, Missing) with a derivative passing
  /// through.
  bool isActiveCall(const llvm::CallBase &Call) const;
  /// A store, copy or call that puts something active in memory.
  struct LostStore {
    const llvm::Instruction *At;
    const llvm::Value *Address;
  };
  /// Those into memory without a shadow.
  llvm::ArrayRef<LostStore> lostStores() const { return LostStores; }
  /// The same where only the run shows whether the memory has a shadow.
  llvm::ArrayRef<LostStore> doubtfulStores() const { return DoubtfulStores; }
  /// The globals that active code may write.
  llvm::SmallVector<const llvm::GlobalVariable *, 4> activeGlobals() const;

private:
  void propagate();
  void findLostStores();
  void findLostBy(const llvm::CallBase &Call);
  void keepUseful(bool ResultIsActive);
  bool isSink(const llvm::Instruction &I, bool ResultIsActive) const;
  bool visit(llvm::Instruction &I);
  bool visitStored(const llvm::Value *Stored, const llvm::Value *Address);
  bool updateValue(llvm::Instruction &I);
  bool updatePointer(llvm::Instruction &I);
  PointerActivity pointerResult(llvm::Instruction &I) const;
  bool activate(const llvm::Value *Address);
  bool markMixed(const llvm::Value *Address);
  bool loadsMixed(const llvm::Value *Address) const;
  bool isActiveResult(llvm::Instruction &I) const;
  bool touchCallArguments(const llvm::CallBase &Call);
  bool touchReachable(const llvm::CallBase &Call);
  bool takesUnshadowed(const llvm::CallBase &Call) const;
  bool visitCopy(const llvm::MemTransferInst &Copy);
  bool activateLeaving(const llvm::Value *Stored, const llvm::Value *Address);
  bool activateEscaped();

  llvm::Function &F;
  const ArgumentActivity &Arguments;
  CalleeEffects &Effects;
  bool MixedParameters;
  const bool CallersLackShadows;
  llvm::DenseSet<const llvm::Value *> ActiveValues;
  llvm::DenseMap<const llvm::Value *, PointerActivity> Pointers;
  llvm::SmallPtrSet<const llvm::Value *, 16> ActiveObjects, MixedObjects;
  llvm::SmallVector<const llvm::Value *, 8> EscapedObjects;
  bool AllLoadsMixed = false;
  GlobalActivity Globals;
  llvm::SmallVector<LostStore, 4> LostStores, DoubtfulStores;
};

} // namespace tern
