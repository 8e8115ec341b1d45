// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ShadowGlobals.h"
#include "../analysis/Calls.h"
#include "../analysis/ForeignGlobals.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalAlias.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Module.h"
#include <string>

using namespace llvm;

namespace tern {

static thread_local unsigned ShadowLevel = 0;

void setShadowLevel(unsigned Level) { ShadowLevel = Level; }

using Visited = SmallPtrSet<const Constant *, 16>;

static bool refersToShadowed(const Constant &C, Visited &Seen);

/// Constant memory can have a shadow only for the pointers in it.
static bool isShadowed(const GlobalVariable &G, Visited &Seen) {
  if (G.isDeclaration() || isInactiveGlobal(G) ||
      G.getName().starts_with("llvm."))
    return false;
  return !G.isConstant() || refersToShadowed(*G.getInitializer(), Seen);
}

static bool refersToShadowed(const Constant &C, Visited &Seen) {
  if (!Seen.insert(&C).second)
    return false;
  if (const auto *G = dyn_cast<GlobalVariable>(&C))
    return isShadowed(*G, Seen);
  if (const auto *Alias = dyn_cast<GlobalAlias>(&C))
    return refersToShadowed(*Alias->getAliasee(), Seen);
  if (isa<GlobalValue, BlockAddress, DSOLocalEquivalent, NoCFIValue>(C))
    return false;
  return any_of(C.operands(), [&](const Use &Op) {
    return refersToShadowed(*cast<Constant>(Op), Seen);
  });
}

bool hasShadow(const Constant &C) {
  if (isa<ConstantData>(C))
    return false;
  Visited Seen;
  return refersToShadowed(C, Seen);
}

/// The initialiser with numbers zeroed and pointers replaced by their shadows.
static Constant *shadowInitializer(Constant &C, unsigned Lane) {
  if (!isa<ConstantAggregate>(C)) {
    if (C.getType()->isPtrOrPtrVectorTy())
      return shadowOfConstant(C, Lane);
    return Constant::getNullValue(C.getType());
  }
  SmallVector<Constant *, 8> Elements;
  for (Use &Op : C.operands())
    Elements.push_back(shadowInitializer(*cast<Constant>(Op), Lane));
  if (auto *Array = dyn_cast<ConstantArray>(&C))
    return ConstantArray::get(Array->getType(), Elements);
  if (auto *Struct = dyn_cast<ConstantStruct>(&C))
    return ConstantStruct::get(Struct->getType(), Elements);
  return ConstantVector::get(Elements);
}

Constant *shadowOfGlobal(GlobalVariable &G, unsigned Lane) {
  Visited Seen;
  if (!isShadowed(G, Seen))
    return &G;
  if (!G.hasName())
    G.setName("global");
  Module &M = *G.getParent();
  std::string Name = (G.getName() + ".shadow").str();
  if (ShadowLevel)
    Name += ".level" + std::to_string(ShadowLevel);
  if (Lane)
    Name += "." + std::to_string(Lane);
  if (GlobalVariable *Known = M.getNamedGlobal(Name))
    return Known;
  // One definition for all translation units that see the same variable.
  auto Linkage = G.hasLocalLinkage() ? GlobalValue::InternalLinkage
                                     : GlobalValue::WeakAnyLinkage;
  auto *Shadow =
      new GlobalVariable(M, G.getValueType(), false, Linkage,
                         Constant::getNullValue(G.getValueType()), Name, &G,
                         G.getThreadLocalMode(), G.getAddressSpace());
  Shadow->setAlignment(G.getAlign());
  if (!G.hasLocalLinkage())
    Shadow->setVisibility(GlobalValue::HiddenVisibility);
  // Set last: initialisers may be cyclic.
  Shadow->setInitializer(shadowInitializer(*G.getInitializer(), Lane));
  return Shadow;
}

static Constant *rebuild(Constant &C, ArrayRef<Constant *> Operands) {
  if (auto *Expr = dyn_cast<ConstantExpr>(&C))
    return Expr->getWithOperands(Operands);
  if (auto *Array = dyn_cast<ConstantArray>(&C))
    return ConstantArray::get(Array->getType(), Operands);
  if (auto *Struct = dyn_cast<ConstantStruct>(&C))
    return ConstantStruct::get(Struct->getType(), Operands);
  if (isa<ConstantVector>(C))
    return ConstantVector::get(Operands);
  return &C;
}

Constant *shadowOfConstant(Constant &C, unsigned Lane) {
  if (!hasShadow(C))
    return &C;
  if (auto *G = dyn_cast<GlobalVariable>(&C))
    return shadowOfGlobal(*G, Lane);
  if (auto *Alias = dyn_cast<GlobalAlias>(&C))
    return shadowOfConstant(*Alias->getAliasee(), Lane);
  SmallVector<Constant *, 8> Operands;
  for (Use &Op : C.operands())
    Operands.push_back(shadowOfConstant(*cast<Constant>(Op), Lane));
  return rebuild(C, Operands);
}

} // namespace tern
