// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which loads of the record sweep can be done again in the reverse sweep: those
// whose memory nothing overwrites after they ran. The reverse sweep itself
// writes to shadows only, and the primal's frees are delayed past its end.
#pragma once
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include <memory>

namespace llvm {
class BasicBlock;
class Function;
class Instruction;
class LoadInst;
} // namespace llvm

namespace tern {

class Overwrites {
public:
  /// `IsSplit`: the sweeps are two functions, and between them the caller may
  /// write to all memory that it can reach.
  Overwrites(llvm::Function &F, llvm::DominatorTree &DT, llvm::LoopInfo &LI,
             llvm::function_ref<bool(llvm::BasicBlock *)> IsLive, bool IsSplit);
  ~Overwrites();
  /// True if the loaded memory may have changed when the reverse sweep runs.
  /// Known for the loads in loops that were there when this was built.
  bool isOverwritten(llvm::LoadInst &Load) const;

private:
  struct AliasQueries;
  bool findOverwrite(llvm::LoadInst &Load);
  bool mayFollow(llvm::Instruction &Later, llvm::Instruction &Earlier);
  bool mayWriteTo(llvm::Instruction &Write, llvm::LoadInst &Load);
  bool isSettledBefore(llvm::Instruction &Write, llvm::LoadInst &Load);

  llvm::DominatorTree &DT;
  llvm::LoopInfo &LI;
  bool IsSplit;
  std::unique_ptr<AliasQueries> Queries;
  llvm::SmallVector<llvm::Instruction *, 32> Writes;
  llvm::DenseMap<llvm::BasicBlock *, llvm::SmallPtrSet<llvm::BasicBlock *, 16>>
      Reachable;
  llvm::DenseMap<llvm::LoadInst *, bool> Known;
};

} // namespace tern
