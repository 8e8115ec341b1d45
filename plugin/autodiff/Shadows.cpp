// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Shadows.h"
#include "../Diagnostics.h"
#include "../analysis/Calls.h"
#include "../rules/Rules.h"
#include "ShadowGlobals.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

Shadows::Shadows(Function &G, const ActivityFacts &Facts, unsigned Width)
    : G(G), Facts(Facts), Width(Width) {}

void Shadows::set(Value *Pointer, unsigned Lane, Value *Shadow) {
  auto &All = Lanes_[Pointer];
  All.resize(Width);
  All[Lane] = Shadow;
}

Value *Shadows::get(Value *Pointer, unsigned Lane) {
  auto It = Lanes_.find(Pointer);
  if (It != Lanes_.end())
    return It->second[Lane];
  if (auto *Global = dyn_cast<GlobalVariable>(Pointer))
    if (Facts.hasShadow(Global))
      return shadowOfGlobal(*Global, Lane);
  if (auto *Expr = dyn_cast<ConstantExpr>(Pointer);
      Expr && Facts.hasShadow(Expr)) {
    SmallVector<Constant *, 4> Operands;
    for (Value *Operand : Expr->operands())
      Operands.push_back(cast<Constant>(
          Operand->getType()->isPointerTy() ? get(Operand, Lane) : Operand));
    return Expr->getWithOperands(Operands);
  }
  if (Facts.hasShadow(Pointer) && reportedErrors() == ErrorsBefore) {
    Failed = true;
    report(Diag::Internal, G,
           {"shadows", "no shadow was made for '" + Pointer->getName().str() +
                           "' in " + readableName(G.getName())});
  }
  return Pointer;
}

bool Shadows::insert(function_ref<void(CallBase &)> OnCall) {
  ReversePostOrderTraversal<Function *> Order(&G);
  SmallVector<Instruction *, 64> Primal;
  for (BasicBlock *BB : Order)
    for (Instruction &I : *BB)
      Primal.push_back(&I);
  for (Instruction *I : Primal)
    visit(*I, OnCall);
  fillPhis();
  return !Failed;
}

void Shadows::visit(Instruction &I, function_ref<void(CallBase &)> OnCall) {
  if (isa<StoreInst, MemTransferInst, MemSetInst>(I))
    return visitStore(I);
  if (auto *Call = dyn_cast<CallBase>(&I))
    OnCall(*Call);
  if (!holdsPointer(I.getType()) || !Facts.hasShadow(&I))
    return;
  for (unsigned Lane = 0; Lane != Width; ++Lane)
    if (Value *Shadow = mirror(I, Lane))
      set(&I, Lane, Shadow);
}

static Instruction *after(Instruction &I) {
  if (auto *Invoke = dyn_cast<InvokeInst>(&I))
    return &*Invoke->getNormalDest()->getFirstInsertionPt();
  return isa<PHINode>(I) ? &*I.getParent()->getFirstInsertionPt()
                         : I.getNextNode();
}

Value *Shadows::mirrorAlloca(AllocaInst &I) {
  IRBuilder<> B(after(I));
  auto *Shadow = cast<AllocaInst>(I.clone());
  B.Insert(Shadow, I.getName() + ".shadow");
  Value *Bytes =
      B.getInt64(I.getDataLayout().getTypeAllocSize(I.getAllocatedType()));
  if (I.isArrayAllocation())
    Bytes = B.CreateMul(Bytes,
                        B.CreateZExtOrTrunc(I.getArraySize(), B.getInt64Ty()));
  B.CreateMemSet(Shadow, B.getInt8(0), Bytes, I.getAlign());
  return Shadow;
}

/// The shadow comes from the same allocator, so that the same function can
/// release it.
Value *Shadows::mirrorAllocation(CallBase &Call) {
  IRBuilder<> B(after(Call));
  SmallVector<Value *, 4> Args(Call.args());
  CallInst *Shadow =
      B.CreateCall(Call.getFunctionType(), Call.getCalledOperand(), Args,
                   Call.getName() + ".shadow");
  Shadow->setAttributes(Call.getAttributes());
  Shadow->setDebugLoc(Call.getDebugLoc());
  if (!isZeroedAllocation(Call))
    B.CreateMemSet(Shadow, B.getInt8(0), emitAllocationSize(Call, B),
                   MaybeAlign());
  return Shadow;
}

static StringRef calledName(const CallBase &Call) {
  const Function *Callee = calledFunction(Call);
  return Callee ? Callee->getName() : "";
}

/// Locals of a record function live on the tape, and so do their shadows.
Value *Shadows::mirrorTapeBlock(CallBase &Call) {
  IRBuilder<> B(after(Call));
  auto *Shadow = cast<CallInst>(Call.clone());
  B.Insert(Shadow, Call.getName() + ".shadow");
  B.CreateMemSet(Shadow, B.getInt8(0), Call.getArgOperand(1), MaybeAlign());
  return Shadow;
}

/// Pointers that the program itself has put in memory have no shadow there.
/// Behind variables they get one; what others point to is inactive.
Value *Shadows::ownIfNone(LoadInst &Load, Value &Shadow, unsigned Lane,
                          IRBuilderBase &B) {
  if (!Load.getType()->isPtrOrPtrVectorTy() ||
      Facts.pointer(&Load) != PointerActivity::Mixed)
    return &Shadow;
  if (Facts.mayLackShadows() && Load.getType()->isPointerTy())
    return shadowOfLoaded(&Load, &Shadow, Lane, B);
  return B.CreateSelect(B.CreateIsNull(&Shadow), &Load, &Shadow,
                        Load.getName() + ".shadow");
}

Value *Shadows::mirror(Instruction &I, unsigned Lane) {
  if (auto *Alloca = dyn_cast<AllocaInst>(&I))
    return mirrorAlloca(*Alloca);
  if (auto *Call = dyn_cast<CallBase>(&I)) {
    if (classify(*Call) == CallKind::Allocation)
      return mirrorAllocation(*Call);
    return calledName(*Call) == "tern_tape_alloc" ? mirrorTapeBlock(*Call)
                                                  : nullptr;
  }
  IRBuilder<> B(after(I));
  if (auto *Phi = dyn_cast<PHINode>(&I)) {
    if (Lane == 0)
      Phis.push_back(Phi);
    B.SetInsertPoint(Phi);
    return B.CreatePHI(Phi->getType(), Phi->getNumIncomingValues(),
                       Phi->getName() + ".shadow");
  }
  if (!isa<GetElementPtrInst, LoadInst, SelectInst, AddrSpaceCastInst,
           FreezeInst, ExtractValueInst, InsertValueInst, ExtractElementInst,
           InsertElementInst, ShuffleVectorInst, BitCastInst>(I)) {
    report(Diag::UnknownInstruction, I,
           {I.getOpcodeName(), readableName(G.getName())});
    Failed = true;
    return PoisonValue::get(I.getType());
  }
  Instruction *Shadow = I.clone();
  for (Use &U : Shadow->operands())
    if (holdsPointer(U->getType()))
      U.set(get(U.get(), Lane));
  B.Insert(Shadow, I.getName() + ".shadow");
  if (auto *Load = dyn_cast<LoadInst>(&I)) {
    cast<LoadInst>(Shadow)->setVolatile(false);
    Shadow->setMetadata(LLVMContext::MD_noalias, nullptr);
    Shadow->setMetadata(LLVMContext::MD_alias_scope, nullptr);
    PrimalLoads[cast<LoadInst>(Shadow)] = Load;
    return ownIfNone(*Load, *Shadow, Lane, B);
  }
  return Shadow;
}

/// Pointers stored in memory have shadow pointers at the same place of the
/// shadow; floats stored are the reverse sweep's business.
void Shadows::visitStore(Instruction &I) {
  IRBuilder<> B(after(I));
  auto *Store = dyn_cast<StoreInst>(&I);
  if (Store && (!holdsPointer(Store->getValueOperand()->getType()) ||
                !Facts.hasShadow(Store->getPointerOperand())))
    return;
  auto *Mem = dyn_cast<MemIntrinsic>(&I);
  if (Mem && (bitsOf(I) != "pointer" || !Facts.hasShadow(Mem->getDest())))
    return;
  for (unsigned Lane = 0; Lane != Width; ++Lane) {
    auto *Shadow = I.clone();
    Shadow->setMetadata(LLVMContext::MD_noalias, nullptr);
    Shadow->setMetadata(LLVMContext::MD_alias_scope, nullptr);
    if (Store)
      cast<StoreInst>(Shadow)->setVolatile(false);
    for (Use &U : Shadow->operands())
      if (holdsPointer(U->getType()) && !isa<Function>(U))
        U.set(get(U.get(), Lane));
    keepInactive(I, *Shadow, B);
    B.Insert(Shadow);
  }
}

/// Where memory turns out to have no shadow, its own pointers stay in it.
void Shadows::keepInactive(Instruction &I, Instruction &Shadow,
                           IRBuilderBase &B) {
  auto *Store = dyn_cast<StoreInst>(&I);
  auto *Copy = dyn_cast<MemTransferInst>(&I);
  if (!Store && !Copy)
    return;
  Value *To = Store ? Store->getPointerOperand() : Copy->getRawDest();
  if (Facts.pointer(To) != PointerActivity::Mixed)
    return;
  Value *IsInactive = B.CreateICmpEQ(To, Shadow.getOperand(Store ? 1 : 0));
  Use &Kept = Shadow.getOperandUse(Store ? 0 : 2);
  Value *Instead = Store ? Store->getValueOperand()
                         : ConstantInt::get(Copy->getLength()->getType(), 0);
  if (Kept != Instead)
    Kept.set(B.CreateSelect(IsInactive, Instead, Kept));
}

void Shadows::fillPhis() {
  for (PHINode *Phi : Phis)
    for (unsigned Lane = 0; Lane != Width; ++Lane) {
      auto *Shadow = cast<PHINode>(get(Phi, Lane));
      for (unsigned I = 0; I != Phi->getNumIncomingValues(); ++I)
        Shadow->addIncoming(get(Phi->getIncomingValue(I), Lane),
                            Phi->getIncomingBlock(I));
    }
}

} // namespace tern
