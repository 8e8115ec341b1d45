// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Canonical.h"
#include "AliasScopes.h"
#include "AtomicFloats.h"
#include "ChosenStores.h"
#include "Inlining.h"
#include "IntegerPointers.h"
#include "PieceLoops.h"
#include "Runtime.h"
#include "StackToHeap.h"
#include "Variadics.h"
#include "WithoutErrno.h"
#include "analysis/Calls.h"
#include "analysis/NeverThrows.h"
#include "analysis/PoisonLanes.h"
#include "analysis/Retype.h"
#include "rules/Rules.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Transforms/IPO/AlwaysInliner.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/ADCE.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/GVN.h"
#include "llvm/Transforms/Scalar/IndVarSimplify.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/LoopRotation.h"
#include "llvm/Transforms/Scalar/LoopUnrollPass.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/Scalarizer.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/BreakCriticalEdges.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/FixIrreducible.h"
#include "llvm/Transforms/Utils/LCSSA.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/LowerSwitch.h"
#include "llvm/Transforms/Utils/UnifyFunctionExitNodes.h"

using namespace llvm;

namespace tern {

namespace {

/// The analysis managers that a run of passes needs, registered the usual way.
struct Analyses {
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CGAM;
  ModuleAnalysisManager MAM;
  PassBuilder PB;
  Analyses() {
    PB.registerModuleAnalyses(MAM);
    PB.registerCGSCCAnalyses(CGAM);
    PB.registerFunctionAnalyses(FAM);
    PB.registerLoopAnalyses(LAM);
    PB.crossRegisterProxies(LAM, FAM, CGAM, MAM);
  }
};

struct RetypePass : PassInfoMixin<RetypePass> {
  PreservedAnalyses run(Function &F, FunctionAnalysisManager &) {
    return retype(F) ? PreservedAnalyses::none() : PreservedAnalyses::all();
  }
};

struct SimplifyCallsPass : PassInfoMixin<SimplifyCallsPass> {
  PreservedAnalyses run(Function &F, FunctionAnalysisManager &) {
    simplifyLibraryCalls(F);
    callMathWithoutErrno(F);
    separateChosenStores(F);
    restoreFloatExchanges(F);
    return PreservedAnalyses::none();
  }
};

/// After promotion: what is added to an address may be a difference of two,
/// which shows when it is no longer in a variable.
struct RestorePointersPass : PassInfoMixin<RestorePointersPass> {
  PreservedAnalyses run(Function &F, FunctionAnalysisManager &) {
    restorePointers(F);
    return PreservedAnalyses::none();
  }
};

} // namespace

/// Markers that only say when memory is live or where a variable is. The
/// reverse sweep reads memory after its scope has ended, so they must go.
static bool isScopeMarker(const Instruction &I) {
  const auto *Call = dyn_cast<IntrinsicInst>(&I);
  if (!Call)
    return false;
  switch (Call->getIntrinsicID()) {
  case Intrinsic::lifetime_start:
  case Intrinsic::lifetime_end:
  case Intrinsic::invariant_start:
  case Intrinsic::invariant_end:
  case Intrinsic::stackrestore:
  case Intrinsic::experimental_noalias_scope_decl:
    return true;
  default:
    return false;
  }
}

static void dropScopeMarkers(Function &F) {
  for (BasicBlock &BB : F) {
    for (Instruction &I : make_early_inc_range(BB)) {
      I.dropDbgRecords();
      if (isScopeMarker(I)) {
        I.replaceAllUsesWith(PoisonValue::get(I.getType()));
        I.eraseFromParent();
      }
    }
  }
}

static void dropAttributes(Function &F) {
  for (Attribute::AttrKind Kind :
       {Attribute::OptimizeNone, Attribute::NoInline, Attribute::AlwaysInline,
        Attribute::Memory, Attribute::NoReturn, Attribute::WillReturn,
        Attribute::MinSize, Attribute::OptimizeForSize, Attribute::StackProtect,
        Attribute::StackProtectStrong, Attribute::StackProtectReq,
        Attribute::Speculatable, Attribute::AllocKind, Attribute::AllocSize,
        Attribute::NoFree})
    F.removeFnAttr(Kind);
}

/// Freed memory does not escape: without this, a call of unknown effect would
/// count as a write to every array that the function frees in the end.
static void keepFreedMemoryLocal(Function &F) {
  LLVMContext &Context = F.getContext();
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallBase>(&I))
      if (classify(*Call) == CallKind::Deallocation && Call->arg_size() &&
          Call->getArgOperand(0)->getType()->isPointerTy())
        Call->addParamAttr(
            0, Attribute::getWithCaptureInfo(Context, CaptureInfo::none()));
}

static SimplifyCFGOptions flowOptions() {
  return SimplifyCFGOptions()
      .convertSwitchToLookupTable(false)
      .convertSwitchRangeToICmp(true)
      .hoistCommonInsts(false)
      .sinkCommonInsts(false)
      .needCanonicalLoops(true);
}

/// Values instead of memory, types instead of bits.
static void addPromotion(FunctionPassManager &FPM) {
  FPM.addPass(SimplifyCallsPass());
  FPM.addPass(SROAPass(SROAOptions::ModifyCFG));
  FPM.addPass(RestorePointersPass());
  FPM.addPass(EarlyCSEPass(true));
  FPM.addPass(RetypePass());
  // Bit tricks on signs show once values are out of memory and have types.
  FPM.addPass(SimplifyCallsPass());
  FPM.addPass(SROAPass(SROAOptions::ModifyCFG));
  FPM.addPass(RestorePointersPass());
  FPM.addPass(SimplifyCFGPass(flowOptions()));
  FPM.addPass(InstCombinePass());
}

/// Loops in one shape, short ones of constant length gone unless kept.
static void addLoops(FunctionPassManager &FPM, ShortLoops Treatment) {
  LoopPassManager Rotate, Indices, Unroll;
  Rotate.addPass(LoopRotatePass(true, false));
  Rotate.addPass(LICMPass(LICMOptions()));
  Indices.addPass(IndVarSimplifyPass(/*WidenIndVars=*/true));
  Indices.addPass(PieceLoopsPass());
  Unroll.addPass(LoopFullUnrollPass(/*OptLevel=*/2));
  FPM.addPass(createFunctionToLoopPassAdaptor(std::move(Rotate), true));
  FPM.addPass(SimplifyCFGPass(flowOptions()));
  FPM.addPass(InstCombinePass());
  FPM.addPass(createFunctionToLoopPassAdaptor(std::move(Indices)));
  if (Treatment == ShortLoops::Unrolled)
    FPM.addPass(createFunctionToLoopPassAdaptor(std::move(Unroll)));
  FPM.addPass(SROAPass(SROAOptions::ModifyCFG));
}

static void addCleanup(FunctionPassManager &FPM) {
  // No partial redundancy elimination: it carries loads from one iteration to
  // the next, which would be state to record.
  LoopPassManager Hoist;
  Hoist.addPass(LICMPass(LICMOptions()));
  FPM.addPass(EarlyCSEPass(true));
  FPM.addPass(GVNPass(GVNOptions().setPRE(false).setLoadPRE(false)));
  FPM.addPass(InstCombinePass());
  FPM.addPass(createFunctionToLoopPassAdaptor(std::move(Hoist), true));
  FPM.addPass(ADCEPass());
  FPM.addPass(SimplifyCFGPass(flowOptions()));
  // Guards of inner loops, hoisted, turn out to be decided further out.
  FPM.addPass(EarlyCSEPass(true));
  FPM.addPass(SimplifyCFGPass(flowOptions()));
  FPM.addPass(SimplifyCallsPass());
  FPM.addPass(RetypePass());
}

static void addFinalForm(FunctionPassManager &FPM) {
  FPM.addPass(UnifyFunctionExitNodesPass());
  FPM.addPass(LoopSimplifyPass());
  FPM.addPass(LCSSAPass());
}

/// True if some cycle has more than one entry: walking the blocks in reverse
/// post-order, an edge leads backwards to a block that does not dominate it.
static bool isIrreducible(Function &F) {
  DominatorTree DT(F);
  ReversePostOrderTraversal<Function *> Order(&F);
  DenseMap<BasicBlock *, unsigned> Number;
  for (BasicBlock *BB : Order)
    Number[BB] = Number.size();
  for (BasicBlock *BB : Order)
    for (BasicBlock *Succ : successors(BB))
      if (Number[Succ] <= Number[BB] && !DT.dominates(Succ, BB))
        return true;
  return false;
}

static void runPasses(Function &F,
                      function_ref<void(FunctionPassManager &)> Add) {
  Analyses A;
  FunctionPassManager FPM;
  Add(FPM);
  FPM.run(F, A.FAM);
}

/// A function without body, such as libm's sin, or one that is to have the
/// derivative of such a function: its canonical form calls it, so that a rule
/// applies or the refusal is that of any other call.
static void callPrimal(Function &Clone, Function &F) {
  IRBuilder<> B(BasicBlock::Create(F.getContext(), "entry", &Clone));
  SmallVector<Value *, 4> Args;
  for (Argument &Arg : Clone.args())
    Args.push_back(&Arg);
  CallInst *Call = B.CreateCall(&F, Args);
  Call->setCallingConv(F.getCallingConv());
  if (F.getReturnType()->isVoidTy())
    B.CreateRetVoid();
  else
    B.CreateRet(Call);
}

/// The callee owns what is passed byval: from here on it makes that copy itself
/// and is passed plain pointers, of which derivatives get shadows.
static void copyByValArguments(Function &Clone) {
  BasicBlock &Entry = Clone.getEntryBlock();
  IRBuilder<> B(&Entry, Entry.begin());
  for (Argument &Arg : Clone.args()) {
    if (!Arg.hasByValAttr())
      continue;
    Type *T = Arg.getParamByValType();
    AllocaInst *Copy = B.CreateAlloca(T, nullptr, Arg.getName() + ".copy");
    Align Alignment =
        std::max(Arg.getParamAlign().valueOrOne(), Copy->getAlign());
    Copy->setAlignment(Alignment);
    Arg.replaceAllUsesWith(Copy);
    B.CreateMemCpy(Copy, Alignment, &Arg, Arg.getParamAlign(),
                   Clone.getDataLayout().getTypeAllocSize(T));
    Arg.removeAttr(Attribute::ByVal);
  }
}

static Function *cloneForCanonical(Function &F) {
  ValueToValueMapTy VMap;
  Function *Clone = CloneFunction(&F, VMap);
  bool CallsPrimal = F.isDeclaration() || isLikeKnownFunction(F);
  if (CallsPrimal)
    Clone->deleteBody();
  Clone->setName(F.getName() + ".canonical");
  Clone->setLinkage(GlobalValue::InternalLinkage);
  Clone->setVisibility(GlobalValue::DefaultVisibility);
  Clone->setDSOLocal(true);
  Clone->setComdat(nullptr);
  dropAttributes(*Clone);
  if (CallsPrimal)
    callPrimal(*Clone, F);
  copyByValArguments(*Clone);
  return Clone;
}

/// What the sweeps put behind an invoke stands at the head of its normal
/// destination, which must not be reached any other way.
static void separateInvokes(Function &F) {
  SmallVector<InvokeInst *, 8> Invokes;
  for (Instruction &I : instructions(F))
    if (auto *Invoke = dyn_cast<InvokeInst>(&I))
      if (!Invoke->getNormalDest()->getSinglePredecessor())
        Invokes.push_back(Invoke);
  for (InvokeInst *Invoke : Invokes)
    SplitEdge(Invoke->getParent(), Invoke->getNormalDest());
}

/// The scalarizer puts the addresses of lanes right behind the instruction that
/// makes the pointer, which is no place if that is an invoke.
static void copyInvokedPointers(Function &F) {
  separateInvokes(F);
  SmallVector<InvokeInst *, 8> Invokes;
  for (Instruction &I : instructions(F))
    if (auto *Invoke = dyn_cast<InvokeInst>(&I))
      if (Invoke->getType()->isPointerTy())
        Invokes.push_back(Invoke);
  for (InvokeInst *Invoke : Invokes) {
    BasicBlock *Normal = Invoke->getNormalDest();
    auto *Copy = new BitCastInst(Invoke, Invoke->getType(), "",
                                 Normal->getFirstInsertionPt());
    Invoke->replaceUsesWithIf(Copy, [&](Use &U) {
      auto *Phi = dyn_cast<PHINode>(U.getUser());
      return U.getUser() != Copy && !(Phi && Phi->getParent() == Normal);
    });
  }
}

Function *canonicalize(Function &F, ShortLoops Treatment) {
  Function *Clone = cloneForCanonical(F);
  // Simplifying turns indirect calls into direct ones, hence the rounds.
  constexpr unsigned MaxRounds = 6;
  LastingScopes Lasting;
  for (unsigned Round = 0; Round != MaxRounds; ++Round) {
    fixVariadicCalls(*Clone);
    bool Inlined = inlineVisibleCalls(*Clone, F);
    markCallsThatNeverThrow(*Clone);
    keepLastingScopes(*Clone, Lasting);
    moveVariableArraysToHeap(*Clone);
    dropScopeMarkers(*Clone);
    if (Round && !Inlined)
      break;
    runPasses(*Clone, addPromotion);
    linkContainers(*F.getParent());
  }
  moveLargeArraysToHeap(*Clone);
  keepFreedMemoryLocal(*Clone);
  if (isIrreducible(*Clone))
    runPasses(*Clone, [](FunctionPassManager &FPM) {
      FPM.addPass(LowerSwitchPass());
      // LLVM 22 loses what a block that branches to two entries of the cycle
      // hands to one of them.
      FPM.addPass(BreakCriticalEdgesPass());
      FPM.addPass(FixIrreduciblePass());
    });
  runPasses(*Clone, [&](FunctionPassManager &FPM) {
    addLoops(FPM, Treatment);
    addCleanup(FPM);
  });
  if (computesOnPoisonLanes(*Clone)) {
    copyInvokedPointers(*Clone);
    runPasses(*Clone, [](FunctionPassManager &FPM) {
      ScalarizerPassOptions Everything;
      Everything.ScalarizeLoadStore = true;
      FPM.addPass(ScalarizerPass(Everything));
      addCleanup(FPM);
    });
  }
  separateInvokes(*Clone);
  runPasses(*Clone, addFinalForm);
  return Clone;
}

void inlineWrappers(Module &M) {
  Analyses A;
  ModulePassManager MPM;
  MPM.addPass(AlwaysInlinerPass(/*InsertLifetime=*/false));
  MPM.run(M, A.MAM);
}

void exposeRequests(Function &F) {
  F.removeFnAttr(Attribute::OptimizeNone);
  runPasses(F, [](FunctionPassManager &FPM) {
    FPM.addPass(SROAPass(SROAOptions::PreserveCFG));
    FPM.addPass(EarlyCSEPass());
  });
}

void simplifyDerivative(Function &F) {
  runPasses(F, [](FunctionPassManager &FPM) {
    FPM.addPass(SROAPass(SROAOptions::ModifyCFG));
    FPM.addPass(EarlyCSEPass(true));
    FPM.addPass(ADCEPass());
    FPM.addPass(SimplifyCFGPass());
  });
}

} // namespace tern
