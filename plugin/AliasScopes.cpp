// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "AliasScopes.h"
#include "llvm/ADT/SCCIterator.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

static void addScopes(Instruction &I, LastingScopes &Lasting) {
  if (auto *Marker = dyn_cast<NoAliasScopeDeclInst>(&I))
    for (const MDOperand &Scope : Marker->getScopeList()->operands())
      Lasting.insert(cast<MDNode>(Scope));
}

static void filterScopes(Instruction &I, const LastingScopes &Lasting) {
  MDNode *Promised = I.getMetadata(LLVMContext::MD_noalias);
  if (!Promised)
    return;
  SmallVector<Metadata *, 8> Kept;
  for (const MDOperand &Scope : Promised->operands())
    if (Lasting.contains(cast<MDNode>(Scope)))
      Kept.push_back(Scope);
  if (Kept.size() != Promised->getNumOperands())
    I.setMetadata(LLVMContext::MD_noalias,
                  Kept.empty() ? nullptr : MDNode::get(I.getContext(), Kept));
}

void keepLastingScopes(Function &F, LastingScopes &Lasting) {
  for (auto Cycle = scc_begin(&F); !Cycle.isAtEnd(); ++Cycle)
    if (!Cycle.hasCycle())
      for (Instruction &I : *Cycle->front())
        addScopes(I, Lasting);
  for (Instruction &I : instructions(F))
    filterScopes(I, Lasting);
}

} // namespace tern
