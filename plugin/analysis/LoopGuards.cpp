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

/// The values that S is computed from, and what those are computed from: a
/// count of `n & -16` is positive because somebody looked at n.
static SmallPtrSet<const Value *, 8> sourcesOf(const SCEV *S) {
  Leaves Found;
  visitAll(S, Found);
  SmallVector<const Value *, 8> Work(Found.Values.begin(), Found.Values.end());
  while (!Work.empty()) {
    auto *I = dyn_cast<Instruction>(Work.pop_back_val());
    if (!I || isa<PHINode, LoadInst, CallBase>(I))
      continue;
    for (const Value *Operand : I->operand_values())
      if (!isa<Constant>(Operand) && Found.Values.insert(Operand).second)
        Work.push_back(Operand);
  }
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

//===-- On which ways is the loop reached? --------------------------------===//

/// The ways from the head of Outer to L, with the conditions that speak of what
/// L's count is made of.
class LoopGuards::Ways {
public:
  Ways(const LoopGuards &G, Loop &L, Loop &Outer, const SCEV *Trips)
      : G(G), L(L), Outer(Outer), Sources(sourcesOf(Trips)),
        At(Outer.getLoopPreheader()->getTerminator()) {}
  bool areKnown() { return isKnown(L.getLoopPreheader()); }
  /// After areKnown(): true if no condition was taken for granted.
  bool areExact() const { return IsExact; }
  /// An i1 before Outer; null if L is reached in any case.
  Value *emitReached() { return emit(L.getLoopPreheader()); }

private:
  struct Condition {
    Value *V = nullptr; ///< null: none that matters
    bool IsTrue = true;
  };
  struct Way {
    BasicBlock *From;
    Condition If;
  };
  SmallVector<Way, 2> into(BasicBlock *BB);
  SmallVector<Condition, 2> assumedIn(BasicBlock &BB);
  /// What can be had early is asked in any case: in an outlined iteration the
  /// condition may be a parameter that says nothing of where it comes from.
  Condition relevant(Value *V, bool IsTrue) {
    bool Matters = G.isKnownAt(V, At, Outer) || dependsOn(V, Sources);
    IsExact &= Matters;
    return Matters ? Condition{V, IsTrue} : Condition{};
  }
  bool isKnown(BasicBlock *BB);
  bool isKnown(const Condition &C) const {
    return !C.V || G.isKnownAt(C.V, At, Outer);
  }
  Value *emit(BasicBlock *BB);
  Value *emitBoth(Value *Reached, const Condition &If) const;

  const LoopGuards &G;
  Loop &L, &Outer;
  const SmallPtrSet<const Value *, 8> Sources;
  Instruction *At;
  bool IsExact = true;
  SmallPtrSet<BasicBlock *, 16> Seen;
  DenseMap<BasicBlock *, Value *> Reached;
};

/// Loops on the way end, so they are reached where their exits are.
SmallVector<LoopGuards::Ways::Way, 2> LoopGuards::Ways::into(BasicBlock *BB) {
  SmallVector<Way, 2> Found;
  SmallPtrSet<BasicBlock *, 4> Seen;
  if (BB == Outer.getHeader())
    return Found;
  for (BasicBlock *Pred : predecessors(BB)) {
    bool IsBackedge =
        G.LI.isLoopHeader(BB) && G.LI.getLoopFor(BB)->contains(Pred);
    if (IsBackedge || !G.DT.isReachableFromEntry(Pred))
      continue;
    Loop *Left = G.LI.getLoopFor(Pred);
    while (Left && !Left->contains(BB) && Left->getParentLoop() &&
           !Left->getParentLoop()->contains(BB))
      Left = Left->getParentLoop();
    bool IsExit = Left && !Left->contains(BB);
    BasicBlock *From = IsExit ? Left->getLoopPreheader() : Pred;
    if (!Seen.insert(From).second)
      continue;
    Way W = {From, {}};
    Instruction *End = Pred->getTerminator();
    if (auto *Branch = dyn_cast<BranchInst>(End); Branch && !IsExit) {
      if (Branch->isConditional() &&
          Branch->getSuccessor(0) != Branch->getSuccessor(1))
        W.If = relevant(Branch->getCondition(), Branch->getSuccessor(0) == BB);
    } else if (auto *Switch = dyn_cast<SwitchInst>(End); Switch && !IsExit) {
      // No i1 says which case it was: never known before.
      W.If = relevant(Switch->getCondition(), true);
    }
    Found.push_back(W);
  }
  return Found;
}

SmallVector<LoopGuards::Ways::Condition, 2>
LoopGuards::Ways::assumedIn(BasicBlock &BB) {
  SmallVector<Condition, 2> Found;
  for (Instruction &I : BB)
    if (auto *Assumed = dyn_cast<AssumeInst>(&I))
      Found.push_back(relevant(Assumed->getArgOperand(0), true));
  return Found;
}

bool LoopGuards::Ways::isKnown(BasicBlock *BB) {
  if (!BB)
    return false;
  if (!Seen.insert(BB).second)
    return true;
  return all_of(assumedIn(*BB), [&](Condition C) { return isKnown(C); }) &&
         all_of(into(BB),
                [&](Way W) { return isKnown(W.If) && isKnown(W.From); });
}

/// Reached and If; null for true.
Value *LoopGuards::Ways::emitBoth(Value *Reached, const Condition &If) const {
  if (!If.V)
    return Reached;
  IRBuilder<> B(At);
  Value *Holds = B.CreateFreeze(G.expandAt(If.V, At), "runs");
  if (!If.IsTrue)
    Holds = B.CreateNot(Holds);
  return Reached ? B.CreateAnd(Reached, Holds) : Holds;
}

Value *LoopGuards::Ways::emit(BasicBlock *BB) {
  if (auto Known = Reached.find(BB); Known != Reached.end())
    return Known->second;
  Value *Any = nullptr;
  bool Always = BB == Outer.getHeader();
  for (const Way &W : into(BB)) {
    Value *ThisWay = emitBoth(emit(W.From), W.If);
    Always |= !ThisWay;
    Any = Any && ThisWay ? IRBuilder<>(At).CreateOr(Any, ThisWay) : ThisWay;
    if (Always)
      break;
  }
  Value *Here = Always ? nullptr : Any;
  for (const Condition &C : assumedIn(*BB))
    Here = emitBoth(Here, C);
  return Reached[BB] = Here;
}

//===-- What a condition taken for granted may have meant -----------------===//

namespace {
/// A number that is divided counts what is left to do: below zero that is
/// nothing, and no loop runs 2^63 times.
///
///   1 + (k - 3) /u 2   ->   1 + smax(k - 3, 0) /u 2
struct Unwrap : SCEVRewriteVisitor<Unwrap> {
  using SCEVRewriteVisitor::SCEVRewriteVisitor;
  const SCEV *visitUDivExpr(const SCEVUDivExpr *S) {
    const SCEV *Left = visit(S->getLHS()), *By = visit(S->getRHS());
    if (SE.getTypeSizeInBits(S->getType()) == 64 &&
        !SE.isKnownNonNegative(Left))
      Left = SE.getSMaxExpr(Left, SE.getZero(Left->getType()));
    return SE.getUDivExpr(Left, By);
  }
};

/// The numbers below 64 bits that are divided or widened as unsigned ones.
struct Narrow {
  SmallVector<const SCEV *, 4> Operands;
  bool follow(const SCEV *S) {
    if (auto *Wide = dyn_cast<SCEVZeroExtendExpr>(S))
      Operands.push_back(Wide->getOperand());
    if (auto *Quotient = dyn_cast<SCEVUDivExpr>(S);
        Quotient && Quotient->getType()->getIntegerBitWidth() < 64)
      Operands.push_back(Quotient->getLHS());
    return true;
  }
  bool isDone() const { return false; }
};
} // namespace

/// True if no part of Trips wraps around for a reason that is not seen. A count
/// of 32 bits that did, and one of 2^32 - 1 iterations, look alike.
bool LoopGuards::isBounded(Loop &L, const SCEV *Trips) const {
  Narrow Found;
  visitAll(Trips, Found);
  const Instruction *Entry = L.getLoopPreheader()->getTerminator();
  return all_of(Found.Operands, [&](const SCEV *S) {
    return SE.isKnownNonNegative(S) ||
           SE.isKnownPredicateAt(ICmpInst::ICMP_SGE, S,
                                 SE.getZero(S->getType()), Entry);
  });
}

//===-- Evaluating it early -----------------------------------------------===//

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
  if (isa<SCEVConstant>(Trips) || &L == &Outer)
    return true;
  Ways To(*this, L, Outer, Trips);
  return To.areKnown() && (To.areExact() || isBounded(L, Trips));
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
  Value *Runs = Ways(*this, L, Outer, Trips).emitReached();
  // A guard that does not speak of the count may still be why it is positive.
  Trips = Unwrap(SE).visit(Trips);
  if (!SE.isKnownNonNegative(Trips))
    Trips = SE.getSMaxExpr(Trips, SE.getZero(I64));
  Value *Count = Expander.expandCodeFor(Trips, I64, At);
  IRBuilder<> B(At);
  return Runs ? B.CreateSelect(Runs, Count, B.getInt64(0), "trips") : Count;
}

} // namespace tern
