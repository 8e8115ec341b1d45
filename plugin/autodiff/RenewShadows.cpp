// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RenewShadows.h"
#include "../analysis/Calls.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace tern {

using Shadows = SetVector<GlobalVariable *>;

static constexpr StringRef KnownSuffix = ".known";

static void collectShadows(Constant &C, Shadows &Found) {
  if (auto *G = dyn_cast<GlobalVariable>(&C)) {
    if (G->getName().contains(".shadow") &&
        !G->getName().ends_with(KnownSuffix) && !G->isConstant())
      Found.insert(G);
    return;
  }
  if (!isa<GlobalValue>(C))
    for (Use &Op : C.operands())
      if (auto *Part = dyn_cast<Constant>(Op))
        collectShadows(*Part, Found);
}

static Shadows shadowsUsedBy(ArrayRef<Function *> Functions) {
  Shadows Found;
  for (Function *F : Functions)
    for (Instruction &I : instructions(*F))
      for (Use &Op : I.operands())
        if (auto *C = dyn_cast<Constant>(Op))
          collectShadows(*C, Found);
  // What initialisers point to is reached through memory.
  for (unsigned K = 0; K != Found.size(); ++K)
    if (Found[K]->hasInitializer())
      collectShadows(*Found[K]->getInitializer(), Found);
  return Found;
}

/// @g for @g.shadow, @g.shadow.1 and so on.
static GlobalVariable *primalOf(GlobalVariable &Shadow) {
  StringRef Name = Shadow.getName();
  return Shadow.getParent()->getNamedGlobal(
      Name.take_front(Name.rfind(".shadow")));
}

/// What @g held when the last request ended. At first, what it starts with: the
/// shadow starts with the shadows of that.
static GlobalVariable *knownOf(GlobalVariable &Shadow, GlobalVariable &Primal) {
  std::string Name = (Shadow.getName() + KnownSuffix).str();
  Module &M = *Shadow.getParent();
  if (GlobalVariable *Known = M.getNamedGlobal(Name))
    return Known;
  auto *Known =
      new GlobalVariable(M, Primal.getValueType(), false, Shadow.getLinkage(),
                         Primal.getInitializer(), Name, &Primal,
                         Primal.getThreadLocalMode(), Primal.getAddressSpace());
  Known->setAlignment(Primal.getAlign());
  Known->setVisibility(Shadow.getVisibility());
  Known->addAttribute("tern_inactive");
  return Known;
}

namespace {

/// Goes through the members of one variable, before or after a request.
class Walk {
public:
  Walk(Instruction &At, bool IsStart)
      : B(&At), DL(At.getDataLayout()), IsStart(IsStart) {}
  void run(GlobalVariable &Shadow, GlobalVariable &Primal,
           GlobalVariable &Known) {
    visit(Primal.getValueType(), {&Shadow, &Primal, &Known});
  }

private:
  struct Places {
    Value *Shadow, *Primal, *Known;
  };
  Places member(Type *T, const Places &P, ArrayRef<Value *> Path) {
    return {B.CreateInBoundsGEP(T, P.Shadow, Path),
            B.CreateInBoundsGEP(T, P.Primal, Path),
            B.CreateInBoundsGEP(T, P.Known, Path)};
  }
  void visit(Type *T, const Places &P);
  void visitArray(ArrayType &T, const Places &P);
  void visitPointer(Type *T, const Places &P);

  IRBuilder<> B;
  const DataLayout &DL;
  const bool IsStart;
};

} // namespace

/// What is known are numbers, so that nobody asks for the shadow of that.
void Walk::visitPointer(Type *T, const Places &P) {
  Type *Word = DL.getIntPtrType(T);
  Value *Held = B.CreatePtrToInt(B.CreateLoad(T, P.Primal), Word);
  if (!IsStart) {
    B.CreateStore(Held, P.Known);
    return;
  }
  Value *IsSame = B.CreateICmpEQ(Held, B.CreateLoad(Word, P.Known), "same");
  Value *Shadow = B.CreateLoad(T, P.Shadow);
  B.CreateStore(B.CreateSelect(IsSame, Shadow, Constant::getNullValue(T)),
                P.Shadow);
}

void Walk::visitArray(ArrayType &T, const Places &P) {
  Value *Zero = B.getInt64(0);
  constexpr unsigned MaxWrittenOut = 4;
  if (T.getNumElements() <= MaxWrittenOut) {
    for (uint64_t K = 0; K != T.getNumElements(); ++K)
      visit(T.getElementType(), member(&T, P, {Zero, B.getInt64(K)}));
    return;
  }
  Instruction *After = &*B.GetInsertPoint();
  auto [Body, Index] = SplitBlockAndInsertSimpleForLoop(
      B.getInt64(T.getNumElements()), After->getIterator());
  B.SetInsertPoint(Body);
  visit(T.getElementType(), member(&T, P, {Zero, Index}));
  B.SetInsertPoint(After);
}

void Walk::visit(Type *T, const Places &P) {
  if (!holdsPointer(T)) {
    if (IsStart && holdsFloat(T))
      B.CreateMemSet(P.Shadow, B.getInt8(0), DL.getTypeStoreSize(T), Align(1));
  } else if (auto *Struct = dyn_cast<StructType>(T)) {
    for (unsigned K = 0; K != Struct->getNumElements(); ++K)
      visit(Struct->getElementType(K),
            member(T, P, {B.getInt64(0), B.getInt32(K)}));
  } else if (auto *Array = dyn_cast<ArrayType>(T)) {
    visitArray(*Array, P);
  } else if (T->isPtrOrPtrVectorTy()) {
    visitPointer(T, P);
  }
}

/// Where an invoke ends well, and nowhere else.
static Instruction *firstAfter(CallBase &Call) {
  if (auto *Invoke = dyn_cast<InvokeInst>(&Call))
    return SplitEdge(Invoke->getParent(), Invoke->getNormalDest())
        ->getTerminator();
  return Call.getNextNode();
}

void renewShadowsAround(CallBase &At, bool IsStart,
                        ArrayRef<Function *> Derivative) {
  Instruction *After = nullptr;
  for (GlobalVariable *Shadow : shadowsUsedBy(Derivative)) {
    Type *T = Shadow->getValueType();
    if (!holdsPointer(T)) {
      IRBuilder<> B(&At);
      if (IsStart)
        B.CreateMemSet(Shadow, B.getInt8(0),
                       At.getDataLayout().getTypeAllocSize(T),
                       Shadow->getAlign());
      continue;
    }
    GlobalVariable *Primal = primalOf(*Shadow);
    if (!Primal || !Primal->hasInitializer())
      continue;
    GlobalVariable *Known = knownOf(*Shadow, *Primal);
    if (IsStart)
      Walk(At, true).run(*Shadow, *Primal, *Known);
    if (!After)
      After = firstAfter(At);
    Walk(*After, false).run(*Shadow, *Primal, *Known);
  }
}

} // namespace tern
