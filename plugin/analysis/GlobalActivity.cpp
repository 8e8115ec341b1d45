// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "GlobalActivity.h"
#include "../autodiff/IndirectCalls.h"
#include "../autodiff/ShadowGlobals.h"
#include "Calls.h"
#include "Objects.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace tern {

bool isVirtualTable(const GlobalVariable &G) {
  return G.isConstant() &&
         (G.getName().starts_with("_ZTV") || G.getName().starts_with("_ZTC") ||
          G.getName().starts_with("vtable."));
}

static bool hasOtherBodies(const Function &F) {
  for (const Instruction &I : instructions(F))
    if (const auto *Call = dyn_cast<CallBase>(&I)) {
      CallKind Kind = classify(*Call);
      if (Kind == CallKind::Body || Kind == CallKind::Indirect)
        return true;
    }
  return false;
}

bool isWrittenGlobal(const GlobalVariable &G, const Function &F,
                     bool Anywhere) {
  if (G.isConstant())
    return false;
  Anywhere |= hasOtherBodies(F);
  SmallVector<const User *, 8> Work(G.users());
  SmallPtrSet<const User *, 8> Seen;
  while (!Work.empty()) {
    const User *U = Work.pop_back_val();
    if (!Seen.insert(U).second)
      continue;
    if (const auto *Holder = dyn_cast<GlobalVariable>(U);
        Holder && !Holder->getName().starts_with("llvm."))
      return true; // written through a pointer, for all we know
    const auto *I = dyn_cast<Instruction>(U);
    if (I && I->getFunction() != &F && !Anywhere)
      continue;
    bool IsView = !I || isa<GetElementPtrInst, PHINode, SelectInst,
                            AddrSpaceCastInst, FreezeInst>(I);
    if (IsView)
      Work.append(U->user_begin(), U->user_end());
    else if (!isa<LoadInst, CmpInst>(I) &&
             !(isa<MemTransferInst>(I) &&
               objectsOf(cast<MemTransferInst>(I)->getDest()) != Objects{&G}))
      return true;
  }
  return false;
}

SmallVector<const GlobalVariable *, 8>
variablesIn(ArrayRef<Function *> Functions) {
  SetVector<const Constant *> Seen;
  SmallVector<const GlobalVariable *, 8> Found;
  for (Function *Reached : Functions)
    for (Instruction &I : instructions(*Reached))
      for (const Value *Operand : I.operands())
        if (auto *C = dyn_cast<Constant>(Operand); C && !isa<ConstantData>(C))
          Seen.insert(C);
  for (unsigned K = 0; K != Seen.size(); ++K) {
    if (auto *G = dyn_cast<GlobalVariable>(Seen[K]))
      Found.push_back(G);
    else if (isa<ConstantExpr, ConstantAggregate>(Seen[K]))
      for (const Use &Part : Seen[K]->operands())
        Seen.insert(cast<Constant>(Part));
  }
  return Found;
}

/// What it holds at first has addresses of memory with a shadow in it.
static bool startsWithAddresses(const GlobalVariable &G) {
  return !isVirtualTable(G) && G.hasInitializer() &&
         tern::hasShadow(*G.getInitializer());
}

/// Storage of bytes, as a variant has it, may hold anything.
static bool mayHoldPointers(Type *T) {
  if (auto *S = dyn_cast<StructType>(T))
    return any_of(S->elements(), mayHoldPointers);
  if (auto *A = dyn_cast<ArrayType>(T))
    return (A->getElementType()->isIntegerTy(8) &&
            A->getNumElements() >= sizeof(void *)) ||
           mayHoldPointers(A->getElementType());
  return T->isPtrOrPtrVectorTy();
}

bool meetsPointerGlobals(Function &F, const CallTargets &Targets) {
  return any_of(variablesIn(Targets.reachedFrom(F)), [](auto *G) {
    return mayHoldPointers(G->getValueType()) && tern::hasShadow(*G) &&
           !isVirtualTable(*G);
  });
}

GlobalActivity::GlobalActivity(Function &F, const CallTargets &Targets,
                               bool IsCalled)
    : F(F), Targets(Targets),
      IsCalled(IsCalled || F.hasFnAttribute(CallersGlobalsAttribute)),
      MeetsPointers(meetsPointerGlobals(F, Targets)) {}

bool GlobalActivity::isActive(const GlobalVariable &G) const {
  return tern::hasShadow(G) &&
         (startsWithAddresses(G) || isWrittenGlobal(G, F, IsCalled));
}

/// Bytes may hold anything; wider integers are what they say.
static bool mayHoldNumbers(Type *T) {
  if (auto *S = dyn_cast<StructType>(T))
    return any_of(S->elements(), mayHoldNumbers);
  if (auto *A = dyn_cast<ArrayType>(T))
    return A->getElementType()->isIntegerTy(8) ||
           mayHoldNumbers(A->getElementType());
  return holdsFloat(T) || holdsPointer(T);
}

bool GlobalActivity::isUsedBy(Function &Callee) const {
  if (auto Known = Users.find(&Callee); Known != Users.end())
    return Known->second;
  return Users[&Callee] =
             any_of(variablesIn(Targets.reachedFrom(Callee)), [&](auto *G) {
               return mayHoldNumbers(G->getValueType()) && isActive(*G);
             });
}

} // namespace tern
