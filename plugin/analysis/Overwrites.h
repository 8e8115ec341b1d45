// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which loads of the record sweep can be done again in the reverse sweep: those
// whose memory nothing overwrites after they ran. The reverse sweep itself
// writes to shadows only, and the primal's frees are delayed past its end.
#pragma once
#include "CalleeEffects.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include <memory>

namespace llvm {
class BasicBlock;
class Function;
class Instruction;
class LoadInst;
class MemoryLocation;
} // namespace llvm

namespace tern {

/// What is known about the world around the function.
struct Surroundings {
  /// The sweeps are two functions, and between them the caller may write to all
  /// memory that it can reach, except
  bool IsSplit = false;
  /// what these parameters point to.
  llvm::SmallPtrSet<const llvm::Value *, 4> Unchanged;
  /// What visible callees write to; null: anything they can reach.
  CalleeEffects *Effects = nullptr;
};

class Overwrites {
public:
  Overwrites(llvm::Function &F, llvm::DominatorTree &DT, llvm::LoopInfo &LI,
             llvm::function_ref<bool(llvm::BasicBlock *)> IsLive,
             Surroundings Around = {});
  ~Overwrites();
  /// True if the loaded memory may have changed when the reverse sweep runs.
  /// Known for the loads in loops that were there when this was built.
  bool isOverwritten(llvm::LoadInst &Load) const;
  /// The instructions that may do so.
  llvm::SmallVector<llvm::Instruction *, 4> overwritesOf(llvm::LoadInst &Load);
  /// True if nobody but the callee writes to what this argument points to,
  /// between the call and its reverse.
  bool staysUntilReverse(llvm::CallBase &Call, unsigned Argument) const;

private:
  struct AliasQueries;
  bool findOverwrite(llvm::LoadInst &Load);
  bool mayOverwrite(llvm::Instruction &Write, llvm::LoadInst &Load);
  bool mayFollow(llvm::Instruction &Later, llvm::Instruction &Earlier);
  bool mayWriteTo(llvm::Instruction &Write, const llvm::MemoryLocation &Loc);
  bool mayInactiveWriteTo(llvm::CallBase &Call,
                          const llvm::MemoryLocation &Loc);
  bool
  mayWriteThroughArguments(llvm::CallBase &Call,
                           const llvm::MemoryLocation &Loc,
                           llvm::function_ref<bool(unsigned)> MayWriteThrough);
  bool isOwnMemory(llvm::Value *Pointer) const;
  bool findChange(llvm::CallBase &Call, llvm::Value *Pointer);
  bool isSettledBefore(llvm::Instruction &Write, llvm::LoadInst &Load);

  llvm::DominatorTree &DT;
  llvm::LoopInfo &LI;
  Surroundings Around;
  std::unique_ptr<AliasQueries> Queries;
  llvm::SmallVector<llvm::Instruction *, 32> Writes;
  llvm::DenseMap<llvm::BasicBlock *, llvm::SmallPtrSet<llvm::BasicBlock *, 16>>
      Reachable;
  llvm::DenseMap<llvm::LoadInst *, bool> Known;
  llvm::DenseMap<llvm::CallBase *, llvm::SmallBitVector> Staying;
};

} // namespace tern
