// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ShadowFrames.h"
#include "../Closure.h"
#include "ShadowGlobals.h"
#include "TapeCalls.h"
#include "TapeUnwind.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/ReplaceConstant.h"
#include "llvm/Support/xxhash.h"
#include <map>

using namespace llvm;

namespace tern {

using StandIns = ShadowFrames::StandIns;

//===- Who needs which ---------------------------------------------------===//

static void collect(const Constant &C, StandIns &Found) {
  if (auto *G = dyn_cast<GlobalVariable>(&C)) {
    if (shadowedBy(*G))
      Found.insert(const_cast<GlobalVariable *>(G));
  } else if (!isa<GlobalValue, ConstantData>(C)) {
    for (const Use &Part : C.operands())
      if (auto *Inner = dyn_cast<Constant>(Part))
        collect(*Inner, Found);
  }
}

static StandIns mentionedBy(Function &F) {
  StandIns Found;
  for (Instruction &I : instructions(F))
    for (Use &Op : I.operands())
      if (auto *C = dyn_cast<Constant>(Op))
        collect(*C, Found);
  return Found;
}

/// What the initialisers point to is reached through memory.
static StandIns withThoseBehind(StandIns Set) {
  for (unsigned K = 0; K != Set.size(); ++K)
    collect(*Set[K]->getInitializer(), Set);
  return Set;
}

/// Whether other pointers may hold the address of the variable, anywhere in the
/// program: then other pointers may hold that of its shadow, too.
static bool escapes(GlobalVariable &G) {
  if (!G.hasLocalLinkage())
    return true;
  SmallVector<User *, 8> Work(G.users());
  while (!Work.empty()) {
    User *U = Work.pop_back_val();
    auto *Store = dyn_cast<StoreInst>(U);
    bool IsAddress =
        Store && !Store->getValueOperand()->getType()->isPtrOrPtrVectorTy();
    if (isa<ConstantExpr, GetElementPtrInst>(U))
      Work.append(U->user_begin(), U->user_end());
    else if (!isa<LoadInst, MemIntrinsic>(U) && !IsAddress)
      return true;
  }
  return false;
}

//===- Further parameters ------------------------------------------------===//

static AttributeSet attributesFor(GlobalVariable &StandIn) {
  AttrBuilder B(StandIn.getContext());
  const DataLayout &DL = StandIn.getDataLayout();
  B.addAttribute(Attribute::NonNull);
  B.addDereferenceableAttr(DL.getTypeAllocSize(StandIn.getValueType()));
  B.addAlignmentAttr(
      StandIn.getAlign().value_or(DL.getABITypeAlign(StandIn.getValueType())));
  if (!escapes(*shadowedBy(StandIn)->Primal))
    B.addAttribute(Attribute::NoAlias);
  return AttributeSet::get(StandIn.getContext(), B);
}

/// Moves the body to a new function that has the old one's name.
Function *ShadowFrames::addParameters(Function &F, const StandIns &Needs) {
  LLVMContext &Ctx = F.getContext();
  SmallVector<Type *, 8> Types(F.getFunctionType()->params());
  AttributeList Old = F.getAttributes();
  SmallVector<AttributeSet, 8> Attributes;
  for (unsigned K = 0; K != F.arg_size(); ++K)
    Attributes.push_back(Old.getParamAttrs(K));
  for (GlobalVariable *StandIn : Needs) {
    Types.push_back(StandIn->getType());
    Attributes.push_back(attributesFor(*StandIn));
  }
  auto *New = Function::Create(
      FunctionType::get(F.getReturnType(), Types, false),
      GlobalValue::InternalLinkage, F.getAddressSpace(), "", F.getParent());
  New->takeName(&F);
  F.setName(New->getName() + ".without");
  New->copyAttributesFrom(&F);
  New->setAttributes(
      AttributeList::get(Ctx, Old.getFnAttrs(), Old.getRetAttrs(), Attributes));
  New->splice(New->begin(), &F);
  for (auto [From, To] : zip_first(F.args(), New->args())) {
    To.takeName(&From);
    From.replaceAllUsesWith(&To);
  }
  New->copyMetadata(&F, 0);
  F.clearMetadata();
  F.setPersonalityFn(nullptr);
  F.setLinkage(GlobalValue::ExternalLinkage);
  Argument *Next = New->arg_begin() + F.arg_size();
  for (GlobalVariable *StandIn : Needs)
    (Next++)->setName(StandIn->getName());
  return New;
}

/// The same call of `With`, with the shadows as further arguments.
static void callWith(CallBase &Call, Function &With, ArrayRef<Value *> More) {
  SmallVector<Value *, 12> Args(Call.args());
  Args.append(More.begin(), More.end());
  SmallVector<AttributeSet, 8> Attributes;
  for (unsigned K = 0; K != Call.arg_size(); ++K)
    Attributes.push_back(Call.getAttributes().getParamAttrs(K));
  IRBuilder<> B(&Call);
  CallBase *New;
  if (auto *Invoke = dyn_cast<InvokeInst>(&Call)) {
    New = B.CreateInvoke(&With, Invoke->getNormalDest(),
                         Invoke->getUnwindDest(), Args);
  } else {
    New = B.CreateCall(&With, Args);
    cast<CallInst>(New)->setTailCallKind(
        cast<CallInst>(Call).getTailCallKind());
  }
  New->setAttributes(
      AttributeList::get(Call.getContext(), Call.getAttributes().getFnAttrs(),
                         Call.getAttributes().getRetAttrs(), Attributes));
  New->setCallingConv(Call.getCallingConv());
  New->copyMetadata(Call);
  New->takeName(&Call);
  Call.replaceAllUsesWith(New);
  Call.eraseFromParent();
}

/// In F, which has a parameter for each of `Mine`.
void ShadowFrames::passOn(Function &F, const StandIns &Mine) {
  DenseMap<GlobalVariable *, Value *> Passed;
  Argument *Next = F.arg_end() - Mine.size();
  for (GlobalVariable *StandIn : Mine) {
    convertUsersOfConstantsToInstructions({StandIn}, &F);
    StandIn->replaceUsesWithIf(Next, [&](Use &U) {
      auto *I = dyn_cast<Instruction>(U.getUser());
      return I && I->getFunction() == &F;
    });
    Passed[StandIn] = Next++;
  }
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    auto *Call = dyn_cast<CallBase>(&I);
    auto It = Call ? Known.find(Call->getCalledFunction()) : Known.end();
    if (It == Known.end())
      continue;
    SmallVector<Value *, 4> More;
    for (GlobalVariable *StandIn : It->second.Needs)
      More.push_back(Passed.lookup(StandIn));
    callWith(*Call, *It->second.With, More);
  }
}

void ShadowFrames::lower(ArrayRef<Function *> Functions) {
  std::map<Function *, StandIns> Needs;
  for (Function *F : Functions)
    Needs[F] = mentionedBy(*F);
  auto Take = [&](StandIns &Mine, const Function *Callee) {
    size_t Before = Mine.size();
    if (auto Old = Known.find(Callee); Old != Known.end())
      Mine.insert_range(Old->second.Needs);
    else if (auto New = Needs.find(const_cast<Function *>(Callee));
             New != Needs.end() && &New->second != &Mine)
      Mine.insert_range(New->second);
    return Mine.size() != Before;
  };
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (Function *F : Functions)
      for (Instruction &I : instructions(*F))
        if (auto *Call = dyn_cast<CallBase>(&I);
            Call && Call->getCalledFunction())
          Changed |= Take(Needs[F], Call->getCalledFunction());
  }
  SmallVector<Function *, 8> Ready;
  for (Function *F : Functions)
    if (!Needs[F].empty()) {
      Known[F] = {addParameters(*F, Needs[F]), Needs[F]};
      Ready.push_back(F);
    }
  for (Function *F : Ready) {
    Lowered L = Known[F];
    passOn(*L.With, L.Needs);
  }
}

//===- The entry ---------------------------------------------------------===//

namespace {

/// Builds the body of one entry.
class Entry {
public:
  Entry(const DerivativeKey &Key, Function &F, StandIns Needed)
      : Key(Key), F(F), B(BasicBlock::Create(F.getContext(), "entry", &F)),
        DL(F.getDataLayout()), All(withThoseBehind(std::move(Needed))) {}
  void build(Function &With, const StandIns &Needs);

private:
  bool isSplit() const {
    return Key.TheMode == Mode::Record || Key.TheMode == Mode::Reverse;
  }
  void makeShadows();
  Value *newShadow(GlobalVariable &StandIn);
  void setPointers(GlobalVariable &StandIn);
  void setPointersIn(Constant &Initial, Constant &OfPrimal, Value *Shadow,
                     Value *Primal, bool IsConstant);
  Value *rebuilt(Constant &C);
  void addToRegions();
  void release(IRBuilderBase &At);
  void callRuntime(StringRef Name, Value *Argument, IRBuilderBase &At);

  const DerivativeKey &Key;
  Function &F;
  IRBuilder<> B;
  const DataLayout &DL;
  const StandIns All;
  DenseMap<GlobalVariable *, Value *> Shadows;
  Value *Tape = nullptr, *Regions = nullptr;
};

} // namespace

void Entry::callRuntime(StringRef Name, Value *Argument, IRBuilderBase &At) {
  At.CreateCall(
        F.getParent()->getOrInsertFunction(Name, At.getVoidTy(), At.getPtrTy()),
        {Argument})
      ->setDoesNotThrow();
}

/// The same in both halves of a pair, whatever each of them needs.
static uint64_t numberOf(const GlobalVariable &StandIn) {
  ShadowedGlobal Of = *shadowedBy(StandIn);
  return xxh3_64bits(Of.Primal->getName()) + Of.Lane;
}

/// Small ones lie on the stack, where they may become registers.
Value *Entry::newShadow(GlobalVariable &StandIn) {
  constexpr uint64_t LargeShadow = 4096;
  Type *T = StandIn.getValueType();
  uint64_t Bytes = DL.getTypeAllocSize(T);
  if (isSplit()) {
    FunctionCallee OnTape = F.getParent()->getOrInsertFunction(
        "tern_variable_on_tape", B.getPtrTy(), B.getPtrTy(), B.getInt64Ty(),
        B.getInt64Ty());
    CallInst *Block = B.CreateCall(
        OnTape, {Tape, B.getInt64(numberOf(StandIn)), B.getInt64(Bytes)},
        StandIn.getName());
    Block->setDoesNotThrow();
    return Block;
  }
  Align Alignment = StandIn.getAlign().value_or(DL.getABITypeAlign(T));
  Value *Shadow;
  if (Bytes < LargeShadow || Alignment > Align(64)) {
    AllocaInst *Local = B.CreateAlloca(T, nullptr, StandIn.getName());
    Local->setAlignment(Alignment);
    Shadow = Local;
  } else {
    if (!Tape)
      Tape = newTape(B);
    Shadow = newBlock(B, Tape, B.getInt64(Bytes), StandIn.getName());
  }
  B.CreateMemSet(Shadow, B.getInt8(0), Bytes, Alignment);
  return Shadow;
}

/// A constant of an initialiser with the stand-ins in it replaced.
Value *Entry::rebuilt(Constant &C) {
  if (auto *G = dyn_cast<GlobalVariable>(&C))
    if (Value *Shadow = Shadows.lookup(G))
      return Shadow;
  auto *Expr = dyn_cast<ConstantExpr>(&C);
  if (!Expr)
    return &C;
  Instruction *I = Expr->getAsInstruction();
  for (Use &Op : I->operands())
    if (auto *Inner = dyn_cast<Constant>(Op))
      Op.set(rebuilt(*Inner));
  return B.Insert(I);
}

/// `Initial` is what the shadow, `OfPrimal` what the variable starts with.
void Entry::setPointersIn(Constant &Initial, Constant &OfPrimal, Value *Shadow,
                          Value *Primal, bool IsConstant) {
  if (Initial.isNullValue())
    return;
  Type *T = Initial.getType();
  if (isa<ConstantAggregate>(Initial) && !T->isVectorTy()) {
    for (unsigned K = 0; K != Initial.getNumOperands(); ++K)
      setPointersIn(*Initial.getAggregateElement(K),
                    *OfPrimal.getAggregateElement(K),
                    B.CreateConstInBoundsGEP2_32(T, Shadow, 0, K),
                    B.CreateConstInBoundsGEP2_32(T, Primal, 0, K), IsConstant);
    return;
  }
  Value *Start = rebuilt(Initial);
  if (!IsConstant && T->isPointerTy()) {
    Value *IsSame = B.CreateICmpEQ(B.CreateLoad(T, Primal), &OfPrimal, "same");
    Start = B.CreateSelect(IsSame, Start, Constant::getNullValue(T));
  }
  B.CreateStore(Start, Shadow);
}

void Entry::setPointers(GlobalVariable &StandIn) {
  GlobalVariable &Primal = *shadowedBy(StandIn)->Primal;
  setPointersIn(*StandIn.getInitializer(), *Primal.getInitializer(),
                Shadows.lookup(&StandIn), &Primal, Primal.isConstant());
}

/// Variables that other pointers may point to, so that these find the shadow.
void Entry::addToRegions() {
  FunctionCallee Add = F.getParent()->getOrInsertFunction(
      "tern_regions_add", B.getVoidTy(), B.getPtrTy(), B.getPtrTy(),
      B.getPtrTy(), B.getInt64Ty(), B.getInt64Ty());
  // One that is empty, so that the list of a split sweep never starts anew.
  Value *None = Constant::getNullValue(B.getPtrTy());
  if (isSplit())
    B.CreateCall(Add, {Regions, None, None, B.getInt64(0), B.getInt64(0)})
        ->setDoesNotThrow();
  for (GlobalVariable *StandIn : All) {
    ShadowedGlobal Of = *shadowedBy(*StandIn);
    if (isRegions(*StandIn) || !escapes(*Of.Primal))
      continue;
    uint64_t Bytes = DL.getTypeAllocSize(StandIn->getValueType());
    B.CreateCall(Add, {Regions, Of.Primal, Shadows.lookup(StandIn),
                       B.getInt64(Bytes), B.getInt64(Of.Lane)})
        ->setDoesNotThrow();
  }
}

void Entry::makeShadows() {
  for (GlobalVariable *StandIn : All) {
    Shadows[StandIn] = newShadow(*StandIn);
    if (isRegions(*StandIn))
      Regions = Shadows[StandIn];
  }
  if (Key.TheMode == Mode::Reverse) {
    callRuntime("tern_shadows_reset", Tape, B);
    if (Regions)
      callRuntime("tern_regions_reset", Regions, B);
    return;
  }
  for (GlobalVariable *StandIn : All)
    setPointers(*StandIn);
  if (Regions)
    addToRegions();
  if (Regions && isSplit())
    deferRelease(B, Tape, Regions,
                 F.getParent()
                     ->getOrInsertFunction("tern_regions_free", B.getVoidTy(),
                                           B.getPtrTy())
                     .getCallee());
}

/// What does not live on a tape of the caller's.
void Entry::release(IRBuilderBase &At) {
  if (Regions)
    callRuntime("tern_regions_free", Regions, At);
  if (Tape)
    freeTape(At, Tape);
}

void Entry::build(Function &With, const StandIns &Needs) {
  if (isSplit())
    Tape = F.getArg(F.arg_size() - 1);
  makeShadows();
  SmallVector<Value *, 12> Args;
  for (Argument &A : F.args())
    Args.push_back(&A);
  for (GlobalVariable *StandIn : Needs)
    Args.push_back(Shadows.lookup(StandIn));
  CallInst *Call = B.CreateCall(&With, Args);
  Call->setCallingConv(With.getCallingConv());
  if (Key.TheMode == Mode::Record) {
    callRuntime("tern_shadows_keep", Tape, B);
    if (Regions)
      callRuntime("tern_regions_keep", Regions, B);
  }
  if (!isSplit())
    release(B);
  if (F.getReturnType()->isVoidTy())
    B.CreateRetVoid();
  else
    B.CreateRet(Call);
  if (!isSplit() && (Regions || Tape))
    releaseOnUnwind(F, [&](IRBuilderBase &At) { release(At); });
}

/// `Before` has the type that the request was declared with.
static Function *declareEntry(Function &Before, Function &With) {
  auto *New =
      Function::Create(Before.getFunctionType(), GlobalValue::InternalLinkage,
                       With.getName() + ".request", With.getParent());
  New->setAttributes(AttributeList::get(
      New->getContext(), With.getAttributes().getFnAttrs(), {}, {}));
  return New;
}

Function *ShadowFrames::entryOf(const DerivativeKey &Key,
                                Function &Derivative) {
  if (!Known.contains(&Derivative))
    lower(closureOf(Derivative));
  auto It = Known.find(&Derivative);
  if (It == Known.end())
    return &Derivative;
  Function *&Mine = Entries[&Derivative];
  if (!Mine) {
    const Lowered &L = It->second;
    Mine = declareEntry(Derivative, *L.With);
    Entry(Key, *Mine, L.Needs).build(*L.With, L.Needs);
  }
  return Mine;
}

void ShadowFrames::eraseLeftovers(Module &M) {
  for (auto &[Before, L] : Known)
    if (Before->use_empty())
      Before->eraseFromParent();
  Known.clear();
  eraseStandIns(M);
}

} // namespace tern
