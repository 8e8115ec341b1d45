// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "LoopGuards.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;

namespace tern {

namespace {
/// The values that an expression is made of.
struct Leaves {
  SmallPtrSet<const Value *, 8> Values;
  bool follow(const SCEV *S) {
    if (auto *Unknown = dyn_cast<SCEVUnknown>(S))
      Values.insert(Unknown->getValue());
    return true;
  }
  bool isDone() const { return false; }
};
} // namespace

static SmallPtrSet<const Value *, 8> leavesOf(const SCEV *S) {
  Leaves Found;
  visitAll(S, Found);
  return Found.Values;
}

/// True if V is computed from one of the values; when in doubt, too.
static bool dependsOn(const Value *V,
                      const SmallPtrSet<const Value *, 8> &Values) {
  constexpr size_t Patience = 32;
  SmallPtrSet<const Value *, 32> Seen;
  SmallVector<const Value *, 8> Work = {V};
  while (!Work.empty()) {
    const Value *At = Work.pop_back_val();
    if (!Seen.insert(At).second)
      continue;
    if (Values.contains(At) || Seen.size() > Patience)
      return true;
    if (auto *I = dyn_cast<Instruction>(At))
      if (!isa<LoadInst, CallBase>(I))
        Work.append(I->value_op_begin(), I->value_op_end());
  }
  return false;
}

SmallVector<LoopGuard, 4> LoopGuards::find(Loop &L, Loop &Outer,
                                           const SCEV *Trips) const {
  SmallVector<LoopGuard, 4> Guards;
  SmallPtrSet<const Value *, 8> Values = leavesOf(Trips);
  auto Add = [&](Value *Condition, bool IsTrue) {
    if (dependsOn(Condition, Values))
      Guards.push_back({Condition, IsTrue});
  };
  BasicBlock *Reached = L.getLoopPreheader();
  for (BasicBlock *BB = Reached; Outer.contains(BB);) {
    for (Instruction &I : *BB)
      if (auto *Assumed = dyn_cast<AssumeInst>(&I))
        Add(Assumed->getArgOperand(0), true);
    BasicBlock *Above = DT.getNode(BB)->getIDom()->getBlock();
    if (!Outer.contains(Above))
      break;
    Instruction *End = Above->getTerminator();
    if (auto *Branch = dyn_cast<BranchInst>(End);
        Branch && Branch->isConditional())
      for (unsigned K : {0u, 1u})
        if (DT.dominates(BasicBlockEdge(Above, Branch->getSuccessor(K)),
                         Reached))
          Add(Branch->getCondition(), K == 0);
    // No i1 says which case it was: never known before.
    if (auto *Switch = dyn_cast<SwitchInst>(End))
      Add(Switch->getCondition(), true);
    BB = Above;
  }
  return Guards;
}

bool LoopGuards::isKnownAt(Value *V, Instruction *At, Loop &Outer) const {
  if (!V->getType()->isIntegerTy(1))
    return false;
  auto *I = dyn_cast<Instruction>(V);
  if (!I || DT.dominates(I, At))
    return true;
  auto *Compare = dyn_cast<ICmpInst>(I);
  return Compare && all_of(Compare->operands(), [&](Use &Operand) {
           if (!Operand->getType()->isIntegerTy())
             return false;
           const SCEV *S = SE.getSCEV(Operand);
           return SE.isAvailableAtLoopEntry(S, &Outer) &&
                  Expander.isSafeToExpandAt(S, At);
         });
}

bool LoopGuards::areKnownBefore(Loop &L, Loop &Outer, const SCEV *Trips) const {
  Instruction *At = Outer.getLoopPreheader()->getTerminator();
  return isa<SCEVConstant>(Trips) ||
         all_of(find(L, Outer, Trips),
                [&](LoopGuard G) { return isKnownAt(G.Condition, At, Outer); });
}

Value *LoopGuards::expandAt(Value *V, Instruction *At) const {
  auto *I = dyn_cast<Instruction>(V);
  if (!I || DT.dominates(I, At))
    return V;
  auto *Compare = cast<ICmpInst>(I);
  Value *Operands[2];
  for (unsigned K : {0u, 1u})
    Operands[K] = Expander.expandCodeFor(SE.getSCEV(Compare->getOperand(K)),
                                         Compare->getOperand(K)->getType(), At);
  return IRBuilder<>(At).CreateICmp(Compare->getPredicate(), Operands[0],
                                    Operands[1]);
}

Value *LoopGuards::expandTrips(Loop &L, Loop &Outer, const SCEV *Trips) const {
  Instruction *At = Outer.getLoopPreheader()->getTerminator();
  Type *I64 = Type::getInt64Ty(SE.getContext());
  if (isa<SCEVConstant>(Trips) || &L == &Outer)
    return Expander.expandCodeFor(Trips, I64, At);
  SmallVector<LoopGuard, 4> Guards = find(L, Outer, Trips);
  // A guard that does not speak of the count may still be why it is positive.
  if (!SE.isKnownNonNegative(Trips))
    Trips = SE.getSMaxExpr(Trips, SE.getZero(I64));
  Value *Count = Expander.expandCodeFor(Trips, I64, At);
  IRBuilder<> B(At);
  for (LoopGuard G : Guards) {
    Value *Holds = B.CreateFreeze(expandAt(G.Condition, At), "runs");
    Value *Zero = B.getInt64(0);
    Count = G.IsTrue ? B.CreateSelect(Holds, Count, Zero, "trips")
                     : B.CreateSelect(Holds, Zero, Count, "trips");
  }
  return Count;
}

} // namespace tern
