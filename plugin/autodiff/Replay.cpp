// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Replay.h"
#include "../analysis/Calls.h"
#include "../analysis/Objects.h"
#include "../analysis/Overwrites.h"
#include "CarriedSums.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/CodeExtractor.h"

using namespace llvm;

namespace tern {

static constexpr StringRef ReplayAttribute = "tern_replay";
static constexpr StringRef ReplayGradientAttribute = "tern_replay_gradient";

bool isReplayed(const CallBase &Call) {
  const Function *Callee = calledFunction(Call);
  return Callee && Callee->hasFnAttribute(ReplayAttribute);
}

void markReplayGradient(Function &F, const Function &Iteration) {
  F.addFnAttr(ReplayGradientAttribute, Iteration.getName());
  F.setDoesNotThrow();
}

bool writesThrough(const CallBase &Replayed, unsigned Argument) {
  Function &F = *calledFunction(Replayed);
  return any_of(instructions(F), [&](const Instruction &I) {
    const auto *Store = dyn_cast<StoreInst>(&I);
    return Store && is_contained(objectsOf(Store->getPointerOperand()),
                                 F.getArg(Argument));
  });
}

//===-- Does the loop qualify? --------------------------------------------===//

static bool isReplayable(Instruction &I, Loop &L, WrittenFirst &Proof,
                         CarriedState &State) {
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return Store->isSimple() && isScratch(Store->getPointerOperand());
  if (auto *Load = dyn_cast<LoadInst>(&I))
    return Load->isSimple() && (Proof.isStable(*Load, L) || State.add(*Load));
  if (auto *Call = dyn_cast<CallBase>(&I))
    return isa<CallInst>(I) && classify(*Call) == CallKind::Math;
  return !I.mayReadOrWriteMemory() && !isa<AllocaInst>(I);
}

static bool qualifies(Loop &L, WrittenFirst &Proof, CarriedState &State) {
  BasicBlock *Latch = L.getLoopLatch();
  // Without inner loops there is little to record per iteration.
  if (L.getSubLoops().empty() || !L.getLoopPreheader() || !Latch ||
      L.getExitingBlock() != Latch || !L.getExitBlock() ||
      Latch == L.getHeader())
    return false;
  for (BasicBlock *BB : L.blocks())
    for (Instruction &I : *BB)
      if (!isReplayable(I, L, Proof, State))
        return false;
  return true;
}

//===-- Outlining ---------------------------------------------------------===//

namespace {

/// Splits one loop into header (phis) · iteration · latch (steps, sums, test).
class Outliner {
public:
  explicit Outliner(Loop &L) : L(L) {}
  /// False, with nothing changed, if the loop's steps cannot be told from its
  /// iteration. What is neither step nor sum is state.
  bool plan(CarriedState &State);
  void split();
  SmallVector<BasicBlock *, 16> iteration() const;
  /// Says which of the iteration's parameters are sums that it goes on with.
  void markSums(Function &Iteration, const CallBase &Call) const;

private:
  bool addStep(Value *V, unsigned Depth);
  bool isSum(Instruction &I) const;
  Value *again(Value *V);

  Loop &L;
  SmallSetVector<Instruction *, 16> Steps; ///< operands first
  SmallSetVector<Value *, 2> Sums;         ///< phis, and what they become
  BasicBlock *Header = nullptr, *Body = nullptr, *Tail = nullptr;
};

} // namespace

/// phi + t, where nothing but the sum itself reads the phi.
bool Outliner::isSum(Instruction &I) const {
  if (I.getOpcode() != Instruction::FAdd && I.getOpcode() != Instruction::FSub)
    return false;
  auto *Phi = dyn_cast<PHINode>(I.getOperand(0));
  if (!Phi && I.getOpcode() == Instruction::FAdd)
    Phi = dyn_cast<PHINode>(I.getOperand(1));
  return Phi && Phi->getParent() == L.getHeader() && Phi->hasOneUse() &&
         Phi->getIncomingValueForBlock(L.getLoopLatch()) == &I;
}

/// V can be had again in the latch from header phis alone.
bool Outliner::addStep(Value *V, unsigned Depth) {
  auto *I = dyn_cast<Instruction>(V);
  if (!I || !L.contains(I) ||
      (isa<PHINode>(I) && I->getParent() == L.getHeader()))
    return true;
  if (Depth == 0 || isa<PHINode>(I) || I->mayReadOrWriteMemory() ||
      !isSafeToSpeculativelyExecute(I))
    return false;
  for (Value *Operand : I->operands())
    if (!addStep(Operand, Depth - 1))
      return false;
  Steps.insert(I);
  return true;
}

/// V, computed by the iteration, is used outside of it.
static bool carries(CarriedState &State, Value *V) {
  if (!V->getType()->isFloatingPointTy() && !V->getType()->isIntegerTy())
    return false;
  State.add(*V);
  return true;
}

bool Outliner::plan(CarriedState &State) {
  constexpr unsigned MaxDepth = 4;
  auto IsStep = [&](Value *V) {
    unsigned Before = Steps.size();
    if (addStep(V, MaxDepth))
      return true;
    while (Steps.size() != Before)
      Steps.pop_back();
    return false;
  };
  auto *Branch = dyn_cast<BranchInst>(L.getLoopLatch()->getTerminator());
  if (!Branch || !Branch->isConditional() ||
      (!IsStep(Branch->getCondition()) &&
       !carries(State, Branch->getCondition())))
    return false;
  for (PHINode &Phi : L.getHeader()->phis()) {
    auto *Next =
        dyn_cast<Instruction>(Phi.getIncomingValueForBlock(L.getLoopLatch()));
    if (!Next || !L.contains(Next))
      continue;
    if (isSum(*Next))
      Steps.insert(Next);
    else if (isCarriedSum(Phi, L))
      Sums.insert_range(ArrayRef<Value *>{&Phi, Next});
    else if ((Phi.getType()->isFloatingPointTy() || !IsStep(Next)) &&
             !carries(State, Next))
      return false;
  }
  // Values used after the loop.
  for (BasicBlock *BB : L.blocks())
    for (Instruction &I : *BB)
      if (!Steps.contains(&I) && !Sums.contains(&I) &&
          !(isa<PHINode>(I) && BB == L.getHeader()) &&
          any_of(I.users(),
                 [&](User *U) { return !L.contains(cast<Instruction>(U)); }) &&
          !carries(State, &I))
        return false;
  return true;
}

void Outliner::split() {
  Header = L.getHeader();
  BasicBlock *OldLatch = L.getLoopLatch();
  Body = Header->splitBasicBlock(Header->getFirstNonPHIIt(), "iteration");
  if (OldLatch == Header)
    OldLatch = Body;
  Tail = OldLatch->splitBasicBlock(OldLatch->getTerminator(), "step");
  // The steps move to the latch; what the iteration itself needs of them it
  // computes as well.
  DenseMap<Instruction *, Instruction *> Moved;
  for (Instruction *I : Steps) {
    Instruction *Copy = I->clone();
    Copy->insertBefore(Tail->getTerminator()->getIterator());
    for (Use &U : Copy->operands())
      if (auto *Operand = dyn_cast<Instruction>(U))
        if (Instruction *To = Moved.lookup(Operand))
          U.set(To);
    Moved[I] = Copy;
    I->replaceUsesWithIf(Copy, [&](Use &U) {
      auto *User = cast<Instruction>(U.getUser());
      BasicBlock *BB = User->getParent();
      return User != Copy && (BB == Tail || BB == Header || !L.contains(BB)) &&
             BB != Body;
    });
    if (I->use_empty())
      I->eraseFromParent();
  }
}

SmallVector<BasicBlock *, 16> Outliner::iteration() const {
  SmallVector<BasicBlock *, 16> Blocks = {Body};
  SmallPtrSet<BasicBlock *, 16> Seen = {Body, Tail};
  for (unsigned I = 0; I != Blocks.size(); ++I)
    for (BasicBlock *Succ : successors(Blocks[I]))
      if (Seen.insert(Succ).second)
        Blocks.push_back(Succ);
  return Blocks;
}

void Outliner::markSums(Function &Iteration, const CallBase &Call) const {
  for (const Use &Arg : Call.args())
    if (Sums.contains(Arg))
      markSumParameter(Iteration, Call.getArgOperandNo(&Arg));
}

/// What the function does not give away stays its caller's own, so that further
/// loops may use it.
static void keepPrivacy(Function &Iteration) {
  LLVMContext &Context = Iteration.getContext();
  for (Argument &Arg : Iteration.args())
    if (Arg.getType()->isPointerTy() &&
        !PointerMayBeCaptured(&Arg, /*ReturnCaptures=*/true))
      Arg.addAttr(Attribute::getWithCaptureInfo(Context, CaptureInfo::none()));
}

/// Arguments that were distinct objects stay so in the function.
static void keepDistinctness(Function &Iteration, CallBase &Call) {
  for (unsigned I = 0; I != Call.arg_size(); ++I) {
    Value *Arg = Call.getArgOperand(I);
    if (!Arg->getType()->isPointerTy())
      continue;
    Objects Mine = objectsOf(Arg);
    bool IsDistinct = all_of(Mine, isIdentifiedObject);
    for (unsigned J = 0; IsDistinct && J != Call.arg_size(); ++J)
      if (J != I && Call.getArgOperand(J)->getType()->isPointerTy())
        for (const Value *Other : objectsOf(Call.getArgOperand(J)))
          IsDistinct &= !is_contained(Mine, Other);
    if (IsDistinct)
      Iteration.addParamAttr(I, Attribute::NoAlias);
  }
}

/// The blocks use a variable that has a shadow, since G writes to it. In the
/// iteration alone that does not show.
static bool meetShadowedGlobals(ArrayRef<BasicBlock *> Blocks,
                                const ActivityFacts &Facts) {
  for (BasicBlock *BB : Blocks)
    for (Instruction &I : *BB)
      for (const Value *Operand : I.operands())
        if (isa<Constant>(Operand) &&
            Operand->getType()->isPtrOrPtrVectorTy() &&
            Facts.hasShadow(Operand))
          return true;
  return false;
}

static bool outlineOne(Function &G, ActivityNow FactsNow,
                       ReplayStates &States) {
  WrittenFirst Proof(G);
  std::optional<ActivityFacts> Known;
  auto Facts = [&]() -> const ActivityFacts & {
    return Known ? *Known : Known.emplace(FactsNow());
  };
  auto IsActive = [&](const Value *V) { return Facts().isActive(V); };
  for (Loop *L : Proof.loops()) {
    CarriedState State(*L, Proof);
    if (!qualifies(*L, Proof, State))
      continue;
    Outliner Cut(*L);
    if (!Cut.plan(State) || (!State.isEmpty() && !State.pays(IsActive)))
      continue;
    auto Ranges = State.ranges();
    Facts(); // of G as it is
    Cut.split();
    bool MeetsGlobals = meetShadowedGlobals(Cut.iteration(), Facts());
    DominatorTree DT(G);
    CodeExtractorAnalysisCache Cache(G);
    CodeExtractor Extractor(Cut.iteration(), &DT, false, nullptr, nullptr,
                            nullptr, false, false, &G.getEntryBlock(),
                            "iteration");
    Function *Iteration = Extractor.extractCodeRegion(Cache);
    if (!Iteration)
      return false;
    Iteration->addFnAttr(ReplayAttribute);
    if (MeetsGlobals)
      Iteration->addFnAttr(CallersGlobalsAttribute);
    Iteration->setDoesNotThrow(); // nothing but mathematics
    Iteration->removeFnAttr(Attribute::NoInline);
    Iteration->addFnAttr(Attribute::AlwaysInline);
    keepPrivacy(*Iteration);
    for (User *U : Iteration->users())
      if (auto *Call = dyn_cast<CallBase>(U)) {
        keepDistinctness(*Iteration, *Call);
        Cut.markSums(*Iteration, *Call);
        States[Call] = Ranges;
      }
    return true;
  }
  return false;
}

/// Reloads of what an iteration returns by pointer carry lifetime markers.
static void dropLifetimes(Function &G) {
  for (BasicBlock &BB : G)
    for (Instruction &I : make_early_inc_range(BB))
      if (auto *Marker = dyn_cast<IntrinsicInst>(&I))
        if (Marker->isLifetimeStartOrEnd())
          Marker->eraseFromParent();
}

ReplayStates outlineIterations(Function &G, ActivityNow FactsNow) {
  ReplayStates States;
  while (outlineOne(G, FactsNow, States))
    ;
  if (!States.empty())
    dropLifetimes(G);
  return States;
}

//===-- Iterations nobody needs -------------------------------------------===//

/// Iterations, and their gradients, write before they read what other runs of
/// them wrote.
static bool readsNothing(const Use &U, const Function &Iteration) {
  const auto *I = cast<Instruction>(U.getUser());
  if (isa<ICmpInst>(I))
    return true;
  if (isa<LoadInst>(I))
    return feedsSumsOnly(*I);
  if (isa<StoreInst>(I))
    return U.getOperandNo() == StoreInst::getPointerOperandIndex();
  const auto *Call = dyn_cast<CallBase>(I);
  if (!Call)
    return false;
  const Function *Callee = calledFunction(*Call);
  CallKind Kind = classify(*Call);
  return Callee == &Iteration || Kind == CallKind::Fill ||
         Kind == CallKind::Deallocation || Kind == CallKind::Tape ||
         (Callee &&
          Callee->getFnAttribute(ReplayGradientAttribute).getValueAsString() ==
              Iteration.getName());
}

static bool isReadByNobody(const Value *Object, const Function &Iteration) {
  if (!isOwnObject(Object))
    return false;
  SmallPtrSet<const Value *, 8> Seen = {Object};
  SmallVector<const Value *, 8> Views = {Object};
  while (!Views.empty())
    for (const Use &U : Views.pop_back_val()->uses()) {
      const User *View = U.getUser();
      if (isa<GetElementPtrInst, PHINode, SelectInst>(View)) {
        if (Seen.insert(View).second)
          Views.push_back(View);
      } else if (!readsNothing(U, Iteration)) {
        return false;
      }
    }
  return true;
}

static bool isIdle(const CallBase &Call) {
  auto IsUnread = [&](const Value *Object) {
    return isReadByNobody(Object, *calledFunction(Call));
  };
  return isReplayed(Call) && isa<CallInst>(Call) && Call.use_empty() &&
         all_of(Call.args(), [&](const Use &Arg) {
           return !Arg->getType()->isPointerTy() ||
                  !writesThrough(Call, Call.getArgOperandNo(&Arg)) ||
                  all_of(objectsOf(Arg), IsUnread);
         });
}

bool dropIdleIterations(Function &G) {
  SmallVector<CallBase *, 4> Idle;
  for (Instruction &I : instructions(G))
    if (auto *Call = dyn_cast<CallBase>(&I); Call && isIdle(*Call))
      Idle.push_back(Call);
  for (CallBase *Call : Idle)
    Call->eraseFromParent();
  return !Idle.empty();
}

} // namespace tern
