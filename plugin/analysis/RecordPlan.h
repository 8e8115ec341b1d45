// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Record or recompute: the decision, without changing anything.
//
// A value that the reverse sweep needs can be recomputed from its operands if
// it is cheap and pure (a load also if its memory is still as it was); then
// its operands are needed instead. What cannot (overwritten loads, sums
// carried around a loop, calls) or should not (division, square root, libm)
// be recomputed must be recorded, or something between it and the needs. The
// cheapest choice is a minimum cut between those sources and the needs; cutting
// a value costs its bytes, ten times more for each loop it is in.
#pragma once
#include "Flow.h"
#include "Overwrites.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SetVector.h"
#include <functional>

namespace llvm {
class PHINode;
class Value;
} // namespace llvm

namespace tern {

/// phi = start + step * iteration.
struct Induction {
  llvm::Value *Start = nullptr;
  llvm::Value *Step = nullptr;   ///< constant or invariant in the loop
  llvm::Type *Element = nullptr; ///< pointers: the type that Step counts
};

class RecordPlan {
public:
  /// `LoadFor` maps a load of a shadow pointer to the primal load it mirrors.
  /// With `OneFunction`, what lies outside loops is there in both sweeps.
  RecordPlan(FlowFacts &Flow, Overwrites &Writes, bool OneFunction,
             std::function<llvm::LoadInst *(llvm::LoadInst *)> LoadFor)
      : Flow(Flow), Writes(Writes), OneFunction(OneFunction),
        LoadFor(std::move(LoadFor)) {}

  /// The values to record so that all of `Needs` can be had.
  llvm::SetVector<llvm::Value *>
  choose(const llvm::SetVector<llvm::Value *> &Needs);

  /// There without a tape: constants, parameters, the counters of loops, and
  /// (sweeps in one function) what lies outside all loops.
  bool isFree(llvm::Value *V) const;
  bool isRecomputable(llvm::Value *V) const;
  bool isInduction(llvm::PHINode &Phi, Induction &Out) const;
  /// What recomputing V needs.
  llvm::SmallVector<llvm::Value *, 4> inputs(llvm::Value *V) const;

private:
  llvm::Loop *loopOf(llvm::Value *V) const;
  uint64_t recordingCost(llvm::Value *V) const;

  FlowFacts &Flow;
  Overwrites &Writes;
  bool OneFunction;
  std::function<llvm::LoadInst *(llvm::LoadInst *)> LoadFor;
};

} // namespace tern
