// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "UnreadStores.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

static constexpr StringRef ScratchAttribute = "tern_scratch";

void markScratch(Argument &Parameter) {
  Parameter.addAttr(Attribute::get(Parameter.getContext(), ScratchAttribute));
}

namespace {

class UnreadStores {
public:
  explicit UnreadStores(Function &F)
      : DT(F), LI(DT), Names(F.getParent()->getTargetTriple()), TLI(Names, &F),
        AC(F), SE(F, TLI, AC, DT, LI) {}
  void findIn(Argument &Memory);

  SmallVector<StoreInst *, 8> Found;

private:
  bool mayRead(LoadInst &Load, StoreInst &Store);
  bool mayFollow(LoadInst &Load, StoreInst &Store);
  bool readsOnlyBefore(LoadInst &Load, StoreInst &Store);

  DominatorTree DT;
  LoopInfo LI;
  TargetLibraryInfoImpl Names;
  TargetLibraryInfo TLI;
  AssumptionCache AC;
  ScalarEvolution SE;
  DenseMap<BasicBlock *, SmallPtrSet<BasicBlock *, 16>> Reachable;
};

} // namespace

/// y[i] = ... y[i] ...: in later iterations the load reads elsewhere.
bool UnreadStores::readsOnlyBefore(LoadInst &Load, StoreInst &Store) {
  Loop *L = LI.getLoopFor(Store.getParent());
  if (!L || L->getParentLoop() || L != LI.getLoopFor(Load.getParent()) ||
      !DT.dominates(&Load, &Store))
    return false;
  const SCEV *Address = SE.getSCEV(Store.getPointerOperand());
  const auto *Rec = dyn_cast<SCEVAddRecExpr>(Address);
  if (Address != SE.getSCEV(Load.getPointerOperand()) || !Rec ||
      Rec->getLoop() != L || !Rec->isAffine())
    return false;
  const auto *Step = dyn_cast<SCEVConstant>(Rec->getStepRecurrence(SE));
  const DataLayout &DL = Load.getDataLayout();
  auto BytesOf = [&](Type *T) {
    return DL.getTypeStoreSize(T).getFixedValue();
  };
  return Step && Step->getAPInt().abs().uge(
                     std::max(BytesOf(Load.getType()),
                              BytesOf(Store.getValueOperand()->getType())));
}

bool UnreadStores::mayFollow(LoadInst &Load, StoreInst &Store) {
  BasicBlock *From = Store.getParent(), *To = Load.getParent();
  if (From == To && Store.comesBefore(&Load))
    return true;
  auto [It, IsNew] = Reachable.try_emplace(From);
  SmallVector<BasicBlock *, 16> Work;
  if (IsNew)
    Work.append(succ_begin(From), succ_end(From));
  while (!Work.empty()) {
    BasicBlock *BB = Work.pop_back_val();
    if (It->second.insert(BB).second)
      Work.append(succ_begin(BB), succ_end(BB));
  }
  return It->second.contains(To);
}

bool UnreadStores::mayRead(LoadInst &Load, StoreInst &Store) {
  return mayFollow(Load, Store) && !readsOnlyBefore(Load, Store);
}

/// Nothing if the memory has users other than plain loads and stores.
void UnreadStores::findIn(Argument &Memory) {
  SmallSetVector<Value *, 16> Views;
  SmallVector<LoadInst *, 16> Loads;
  SmallVector<StoreInst *, 8> Stores;
  Views.insert(&Memory);
  for (unsigned K = 0; K != Views.size(); ++K)
    for (Use &U : Views[K]->uses()) {
      auto *I = cast<Instruction>(U.getUser());
      auto *Load = dyn_cast<LoadInst>(I);
      auto *Store = dyn_cast<StoreInst>(I);
      if (isa<GetElementPtrInst>(I))
        Views.insert(I);
      else if (Load)
        Loads.push_back(Load);
      else if (Store && U.getOperandNo() && Store->isSimple())
        Stores.push_back(Store);
      else
        return;
    }
  copy_if(Stores, std::back_inserter(Found), [&](StoreInst *Store) {
    return none_of(Loads,
                   [&](LoadInst *Load) { return mayRead(*Load, *Store); });
  });
}

bool dropUnreadStores(Function &Gradient) {
  SmallVector<Argument *, 8> Scratch;
  for (Argument &Arg : Gradient.args())
    if (Arg.hasAttribute(ScratchAttribute) && Arg.hasNoAliasAttr())
      Scratch.push_back(&Arg);
  if (Scratch.empty())
    return false;
  UnreadStores Stores(Gradient);
  for (Argument *Arg : Scratch)
    Stores.findIn(*Arg);
  for (StoreInst *Store : Stores.Found)
    Store->eraseFromParent();
  return !Stores.Found.empty();
}

} // namespace tern
