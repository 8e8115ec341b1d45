// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ShadowGlobals.h"
#include "../analysis/Calls.h"
#include "../analysis/ForeignGlobals.h"
#include "runtime/regions.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalAlias.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

/// On a variable: its stand-ins, by lane. On a stand-in: variable and lane.
static constexpr StringLiteral StandInsMark = "tern.shadows",
                               PrimalMark = "tern.shadow_of";
/// On the module: the variable of which the regions are the shadow.
static constexpr StringLiteral RegionsMark = "tern.regions";

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

static GlobalVariable *variableIn(const MDNode &Node, unsigned K) {
  if (K >= Node.getNumOperands() || !Node.getOperand(K))
    return nullptr;
  return mdconst::dyn_extract<GlobalVariable>(Node.getOperand(K));
}

std::optional<ShadowedGlobal> shadowedBy(const GlobalVariable &StandIn) {
  const MDNode *Mark = StandIn.getMetadata(PrimalMark);
  if (!Mark)
    return std::nullopt;
  auto *Lane = mdconst::extract<ConstantInt>(Mark->getOperand(1));
  return ShadowedGlobal{variableIn(*Mark, 0),
                        static_cast<unsigned>(Lane->getZExtValue())};
}

static void markStandIn(GlobalVariable &G, GlobalVariable &StandIn,
                        unsigned Lane) {
  LLVMContext &Ctx = G.getContext();
  SmallVector<Metadata *, 4> Lanes;
  if (const MDNode *Known = G.getMetadata(StandInsMark))
    Lanes.append(Known->op_begin(), Known->op_end());
  Lanes.resize(std::max<size_t>(Lanes.size(), Lane + 1));
  Lanes[Lane] = ConstantAsMetadata::get(&StandIn);
  G.setMetadata(StandInsMark, MDNode::get(Ctx, Lanes));
  auto *Number = ConstantInt::get(Type::getInt32Ty(Ctx), Lane);
  StandIn.setMetadata(PrimalMark,
                      MDNode::get(Ctx, {ConstantAsMetadata::get(&G),
                                        ConstantAsMetadata::get(Number)}));
}

Constant *shadowOfGlobal(GlobalVariable &G, unsigned Lane) {
  Visited Seen;
  if (!isShadowed(G, Seen))
    return &G;
  if (const MDNode *Known = G.getMetadata(StandInsMark))
    if (GlobalVariable *StandIn = variableIn(*Known, Lane))
      return StandIn;
  if (!G.hasName()) // by its name the halves of a pair know it
    G.setName("global");
  auto *StandIn = new GlobalVariable(
      *G.getParent(), G.getValueType(), false, GlobalValue::InternalLinkage,
      Constant::getNullValue(G.getValueType()), G.getName() + ".shadow", &G,
      GlobalValue::NotThreadLocal, G.getAddressSpace());
  StandIn->setAlignment(G.getAlign());
  markStandIn(G, *StandIn, Lane);
  // Set last: initialisers may be cyclic.
  StandIn->setInitializer(shadowInitializer(*G.getInitializer(), Lane));
  return StandIn;
}

/// A variable of ours that nobody reads: its shadow is all that is used.
static GlobalVariable *regionsVariable(const Module &M) {
  const NamedMDNode *Mark = M.getNamedMetadata(RegionsMark);
  return Mark ? variableIn(*Mark->getOperand(0), 0) : nullptr;
}

GlobalVariable *regionsOf(Module &M) {
  GlobalVariable *Variable = regionsVariable(M);
  if (!Variable) {
    Type *T = ArrayType::get(Type::getInt64Ty(M.getContext()),
                             sizeof(tern_regions) / sizeof(uint64_t));
    Variable = new GlobalVariable(M, T, false, GlobalValue::InternalLinkage,
                                  Constant::getNullValue(T), "regions");
    M.getOrInsertNamedMetadata(RegionsMark)
        ->addOperand(
            MDNode::get(M.getContext(), {ConstantAsMetadata::get(Variable)}));
  }
  return cast<GlobalVariable>(shadowOfGlobal(*Variable));
}

bool isRegions(const GlobalVariable &StandIn) {
  return shadowedBy(StandIn)->Primal == regionsVariable(*StandIn.getParent());
}

static Value *askRegions(StringRef Function, Type *Result,
                         ArrayRef<Value *> Args, IRBuilderBase &B) {
  Module &M = *B.GetInsertBlock()->getModule();
  SmallVector<Value *, 4> All = {regionsOf(M)};
  All.append(Args.begin(), Args.end());
  SmallVector<Type *, 4> Types;
  for (Value *Arg : All)
    Types.push_back(Arg->getType());
  CallInst *Call = B.CreateCall(
      M.getOrInsertFunction(Function, FunctionType::get(Result, Types, false)),
      All);
  Call->setDoesNotThrow();
  return Call;
}

Value *shadowOfLoaded(Value *Primal, Value *Shadow, unsigned Lane,
                      IRBuilderBase &B) {
  return askRegions("tern_shadow_of", B.getPtrTy(),
                    {Shadow, Primal, B.getInt64(Lane)}, B);
}

Value *shadowToFree(Value *Primal, Value *Shadow, IRBuilderBase &B) {
  return askRegions("tern_shadow_to_free", B.getPtrTy(), {Shadow, Primal}, B);
}

void addRegion(Value *Primal, Value *Shadow, Value *Bytes, unsigned Lane,
               IRBuilderBase &B) {
  askRegions("tern_regions_add", B.getVoidTy(),
             {Primal, Shadow, Bytes, B.getInt64(Lane)}, B);
}

void forgetRegions(Value *Inner, IRBuilderBase &B) {
  askRegions("tern_regions_forget", B.getVoidTy(), {Inner}, B);
}

void eraseStandIns(Module &M) {
  GlobalVariable *Regions = regionsVariable(M);
  SmallVector<GlobalVariable *, 8> StandIns;
  for (GlobalVariable &G : M.globals()) {
    G.eraseMetadata(M.getMDKindID(StandInsMark));
    if (shadowedBy(G))
      StandIns.push_back(&G);
  }
  // Initialisers may be cyclic.
  for (GlobalVariable *G : StandIns)
    G->setInitializer(Constant::getNullValue(G->getValueType()));
  for (GlobalVariable *G : StandIns)
    G->removeDeadConstantUsers();
  for (GlobalVariable *G : StandIns)
    if (G->use_empty())
      G->eraseFromParent();
  if (Regions) {
    M.eraseNamedMetadata(M.getNamedMetadata(RegionsMark));
    Regions->eraseFromParent();
  }
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
