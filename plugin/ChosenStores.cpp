// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ChosenStores.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace tern {

static constexpr unsigned MaxWays = 8;

static bool isChosenIn(const Value *V, const BasicBlock &BB) {
  const auto *Phi = dyn_cast<PHINode>(V);
  return Phi && Phi->getParent() == &BB;
}

/// True if V is known at the end of each block that leads to BB.
static bool isKnownBefore(const Value *V, const BasicBlock &BB) {
  const auto *I = dyn_cast<Instruction>(V);
  return !I || I->getParent() != &BB || isa<PHINode>(I);
}

/// A phi of BB, or one step of address arithmetic from a phi of BB.
static bool isChosenAddress(const Value *Address, const BasicBlock &BB) {
  if (isChosenIn(Address, BB))
    return true;
  const auto *Gep = dyn_cast<GetElementPtrInst>(Address);
  return Gep && Gep->getParent() == &BB &&
         any_of(Gep->operands(),
                [&](const Use &U) { return isChosenIn(U.get(), BB); }) &&
         all_of(Gep->operands(),
                [&](const Use &U) { return isKnownBefore(U.get(), BB); });
}

static bool isOfLocals(const Value *Address) {
  SmallVector<const Value *, 4> Objects;
  getUnderlyingObjects(Address, Objects);
  return all_of(Objects, [](const Value *V) { return isa<AllocaInst>(V); });
}

/// The first store of BB if it is one of those meant here.
static StoreInst *chosenStore(BasicBlock &BB) {
  if (BB.isEHPad() || !isa<PHINode>(BB.front()))
    return nullptr;
  for (Instruction &I : BB) {
    auto *Store = dyn_cast<StoreInst>(&I);
    if (!Store) {
      if (I.mayReadOrWriteMemory() || I.mayThrow() || I.isTerminator())
        return nullptr;
      continue;
    }
    Value *Address = Store->getPointerOperand();
    return Store->isSimple() && isChosenAddress(Address, BB) &&
                   isKnownBefore(Store->getValueOperand(), BB) &&
                   isOfLocals(Address)
               ? Store
               : nullptr;
  }
  return nullptr;
}

/// The way from Pred gets a block of its own unless Pred leads nowhere else.
static BasicBlock *endOfWay(BasicBlock *Pred, BasicBlock &BB) {
  auto *Branch = dyn_cast<BranchInst>(Pred->getTerminator());
  return Branch && Branch->isUnconditional() ? Pred : SplitEdge(Pred, &BB);
}

static bool canSplitWays(BasicBlock &BB) {
  SmallPtrSet<BasicBlock *, MaxWays> Seen;
  for (BasicBlock *Pred : predecessors(&BB))
    if (!isa<BranchInst, SwitchInst, InvokeInst>(Pred->getTerminator()) ||
        !Seen.insert(Pred).second || Seen.size() > MaxWays)
      return false;
  return true;
}

static void separate(StoreInst &Store) {
  BasicBlock &BB = *Store.getParent();
  Value *Address = Store.getPointerOperand();
  auto *Gep = dyn_cast<GetElementPtrInst>(Address);
  SmallVector<BasicBlock *, MaxWays> Ways(predecessors(&BB));
  for (BasicBlock *Pred : Ways) {
    BasicBlock *Way = endOfWay(Pred, BB);
    auto *Own = cast<StoreInst>(Store.clone());
    Own->insertBefore(Way->getTerminator()->getIterator());
    Value *Place = Address->DoPHITranslation(&BB, Way);
    if (Gep) {
      Instruction *Step = Gep->clone();
      for (Use &U : Step->operands())
        U.set(U->DoPHITranslation(&BB, Way));
      Step->insertBefore(Own->getIterator());
      Place = Step;
    }
    Own->setOperand(1, Place);
    Own->setOperand(0, Store.getValueOperand()->DoPHITranslation(&BB, Way));
  }
  Store.eraseFromParent();
  RecursivelyDeleteTriviallyDeadInstructions(Address);
}

void separateChosenStores(Function &F) {
  SmallVector<BasicBlock *, 32> Blocks;
  for (BasicBlock &BB : F)
    Blocks.push_back(&BB);
  for (BasicBlock *BB : Blocks)
    if (canSplitWays(*BB))
      while (StoreInst *Store = chosenStore(*BB))
        separate(*Store);
}

} // namespace tern
