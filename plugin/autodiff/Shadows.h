// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shadow pointers in the record sweep: beside each pointer instruction that
// points to active memory, the same instruction on the shadow.
//
//   %q = getelementptr double, ptr %p, i64 %i
//     ->  %q.shadow = getelementptr double, ptr %p.shadow, i64 %i
//   %a = alloca double        ->  %a.shadow = alloca double, zeroed
//   %m = call @malloc(%n)     ->  %m.shadow = call @malloc(%n), zeroed
//   %r = load ptr, ptr %p     ->  %r.shadow = load ptr, ptr %p.shadow
//   store ptr %r, ptr %p      ->  store ptr %r.shadow, ptr %p.shadow
//
// They are ordinary values of the record sweep; the reverse sweep refers to
// them and what it cannot recompute is recorded like anything else.
#pragma once
#include "../Diagnostics.h"
#include "../analysis/ActivityFacts.h"
#include "../analysis/Retype.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/IRBuilder.h"

namespace llvm {
class AllocaInst;
class Function;
class LoadInst;
class PHINode;
} // namespace llvm

namespace tern {

class Shadows {
public:
  Shadows(llvm::Function &G, const ActivityFacts &Facts, unsigned Width);

  /// Sets the shadows of a parameter before `insert`.
  void setParameter(llvm::Value *Parameter,
                    llvm::SmallVector<llvm::Value *, 1> Lanes) {
    Lanes_[Parameter] = std::move(Lanes);
  }
  /// Walks the record sweep in order and inserts all shadow instructions.
  /// `OnCall` sees every call when the shadows of its arguments are known, and
  /// `set`s the shadow of a returned pointer. False after a reported error.
  bool insert(llvm::function_ref<void(llvm::CallBase &)> OnCall);
  void set(llvm::Value *Pointer, unsigned Lane, llvm::Value *Shadow);
  /// The shadow; the primal pointer itself where there is none.
  llvm::Value *get(llvm::Value *Pointer, unsigned Lane);
  /// The primal load that a load of a shadow pointer mirrors, or null.
  llvm::LoadInst *primalOf(llvm::LoadInst *ShadowLoad) const {
    return PrimalLoads.lookup(ShadowLoad);
  }

private:
  void visit(llvm::Instruction &I,
             llvm::function_ref<void(llvm::CallBase &)> OnCall);
  llvm::Value *mirror(llvm::Instruction &I, unsigned Lane);
  llvm::Value *ownIfNone(llvm::LoadInst &Load, llvm::Value &Shadow,
                         unsigned Lane, llvm::IRBuilderBase &B);
  llvm::Value *mirrorAlloca(llvm::AllocaInst &I);
  llvm::Value *mirrorAllocation(llvm::CallBase &Call);
  llvm::Value *mirrorTapeBlock(llvm::CallBase &Call);
  void keepInactive(llvm::Instruction &I, llvm::Instruction &Shadow,
                    llvm::IRBuilderBase &B);
  void visitStore(llvm::Instruction &I);
  void fillPhis();

  llvm::Function &G;
  const ActivityFacts &Facts;
  unsigned Width;
  llvm::DenseMap<llvm::Value *, llvm::SmallVector<llvm::Value *, 1>> Lanes_;
  llvm::DenseMap<llvm::LoadInst *, llvm::LoadInst *> PrimalLoads;
  llvm::SmallVector<llvm::PHINode *, 8> Phis;
  bool Failed = false;
  const unsigned ErrorsBefore = reportedErrors();
};

} // namespace tern
