// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gives integer-typed moves the type of what they move.
//
// Idea. Each move is rewritten on its own, with a cast to the old type behind
// it and casts to the new type before it; between two rewritten moves the casts
// cancel. What remains are casts at the border to true integer uses.
//
//   %v = load i64, ptr %p         %v.typed = load double, ptr %p
//   %w = phi i64 [%v], [0]   ->   %w.typed = phi double [%v.typed], [0.0]
//   store i64 %w, ptr %q          store double %w.typed, ptr %q
//
// Two floats in an i64 become <2 x float>; the shifts that took them apart or
// packed them become extracts and inserts.
#include "RetypePlan.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;
using namespace llvm::PatternMatch;

namespace tern {

/// double for i64, <2 x float> for i64, <4 x ptr> for <4 x i64>; null if the
/// bits do not divide evenly.
static Type *typeFor(Type *Old, Bits Kind, const DataLayout &DL) {
  Type *Element = bitsType(Kind, Old->getContext());
  if (!Element || isa<ScalableVectorType>(Old))
    return nullptr;
  if (Kind == Bits::Pointer && DL.isNonIntegralPointerType(Element))
    return nullptr;
  uint64_t Whole = DL.getTypeSizeInBits(Old);
  uint64_t Unit = DL.getTypeSizeInBits(Element);
  auto *Vector = dyn_cast<FixedVectorType>(Old);
  if (Whole % Unit)
    return nullptr;
  bool SameShape = Vector && Whole / Unit == Vector->getNumElements();
  if (Whole == Unit && !SameShape)
    return Element;
  return FixedVectorType::get(Element, Whole / Unit);
}

/// The integer type that pointers in `Ty` are cast through.
static Type *integersFor(Type *Ty, const DataLayout &DL) {
  return Ty->isPtrOrPtrVectorTy() ? DL.getIntPtrType(Ty) : Ty;
}

static Value *castBits(Value *V, Type *To, IRBuilderBase &B) {
  const DataLayout &DL = B.GetInsertBlock()->getDataLayout();
  if (V->getType() == To)
    return V;
  Value *Source;
  if (match(V, m_BitCast(m_Value(Source))) ||
      match(V, m_PtrToInt(m_Value(Source))) ||
      match(V, m_IntToPtr(m_Value(Source))))
    if (Source->getType() == To)
      return Source;
  if (V->getType()->isPtrOrPtrVectorTy())
    V = B.CreatePtrToInt(V, integersFor(V->getType(), DL));
  V = B.CreateBitCast(V, integersFor(To, DL));
  return To->isPtrOrPtrVectorTy() ? B.CreateIntToPtr(V, To) : V;
}

namespace {
class Rewriter {
public:
  void rewrite(ArrayRef<RetypePlan::Move> Moves);

private:
  void rewriteMove(Instruction &I, Bits Kind);
  Value *typedLoad(LoadInst &I, Type *Ty);
  void rewriteStore(StoreInst &I, Bits Kind);
  Value *typedValue(Instruction &I, Type *Ty);
  bool canRewrite(Instruction &I);
  void replace(Instruction &I, Value *Typed);
  void fillPhis();
  void cleanUp();
  void unpack(Instruction &Back);
  void repack(Instruction &Front);

  std::vector<std::pair<PHINode *, PHINode *>> Phis; ///< old, typed
  std::vector<WeakVH> Casts;
  std::vector<Instruction *> Old;
};
} // namespace

static void copyAccess(Instruction &From, Instruction &To) {
  To.copyMetadata(From, {LLVMContext::MD_tbaa, LLVMContext::MD_alias_scope,
                         LLVMContext::MD_noalias, LLVMContext::MD_nontemporal,
                         LLVMContext::MD_invariant_load,
                         LLVMContext::MD_access_group});
  To.setDebugLoc(From.getDebugLoc());
}

Value *Rewriter::typedLoad(LoadInst &I, Type *Ty) {
  auto *New = new LoadInst(Ty, I.getPointerOperand(), I.getName() + ".typed",
                           I.isVolatile(), I.getAlign(), I.getOrdering(),
                           I.getSyncScopeID(), I.getIterator());
  copyAccess(I, *New);
  return New;
}

void Rewriter::rewriteStore(StoreInst &I, Bits Kind) {
  Value *V = I.getValueOperand();
  Type *Ty = typeFor(V->getType(), Kind, I.getDataLayout());
  if (!Ty || (I.isAtomic() && Ty->isVectorTy()))
    return markBits(I, "unknown");
  IRBuilder<> B(&I);
  Value *Typed = castBits(V, Ty, B);
  Casts.push_back(Typed);
  auto *New =
      new StoreInst(Typed, I.getPointerOperand(), I.isVolatile(), I.getAlign(),
                    I.getOrdering(), I.getSyncScopeID(), I.getIterator());
  copyAccess(I, *New);
  Old.push_back(&I);
}

// Where a cast could not stand: after a block's terminator.
bool Rewriter::canRewrite(Instruction &I) {
  auto *Phi = dyn_cast<PHINode>(&I);
  if (!Phi)
    return true;
  if (I.getParent()->getFirstInsertionPt() == I.getParent()->end())
    return false;
  for (unsigned In = 0; In < Phi->getNumIncomingValues(); ++In) {
    Instruction *End = Phi->getIncomingBlock(In)->getTerminator();
    if (Phi->getIncomingValue(In) == End || isa<CatchSwitchInst>(End))
      return false;
  }
  return true;
}

Value *Rewriter::typedValue(Instruction &I, Type *Ty) {
  IRBuilder<> B(&I);
  auto Operand = [&](unsigned N, Type *As) {
    Value *V = castBits(I.getOperand(N), As, B);
    Casts.push_back(V);
    return V;
  };
  bool SameShape = false;
  if (auto *V = dyn_cast<FixedVectorType>(I.getType()))
    if (auto *W = dyn_cast<FixedVectorType>(Ty))
      SameShape = V->getNumElements() == W->getNumElements();
  switch (I.getOpcode()) {
  case Instruction::Load:
    if (cast<LoadInst>(I).isAtomic() && Ty->isVectorTy())
      return nullptr;
    return typedLoad(cast<LoadInst>(I), Ty);
  case Instruction::PHI: {
    auto *New = PHINode::Create(Ty, cast<PHINode>(I).getNumIncomingValues(),
                                I.getName() + ".typed", I.getIterator());
    New->setDebugLoc(I.getDebugLoc());
    Phis.push_back({&cast<PHINode>(I), New});
    return New;
  }
  case Instruction::Select:
    if (I.getOperand(0)->getType()->isVectorTy() && !SameShape)
      return nullptr;
    return B.CreateSelect(I.getOperand(0), Operand(1, Ty), Operand(2, Ty));
  case Instruction::Freeze:
    return B.CreateFreeze(Operand(0, Ty));
  case Instruction::ExtractElement: {
    auto *From = dyn_cast<FixedVectorType>(I.getOperand(0)->getType());
    if (!From || Ty->isVectorTy())
      return nullptr;
    return B.CreateExtractElement(
        Operand(0, FixedVectorType::get(Ty, From->getNumElements())),
        I.getOperand(1));
  }
  case Instruction::InsertElement:
    if (!SameShape)
      return nullptr;
    return B.CreateInsertElement(
        Operand(0, Ty), Operand(1, cast<VectorType>(Ty)->getElementType()),
        I.getOperand(2));
  case Instruction::ShuffleVector: {
    auto *From = dyn_cast<FixedVectorType>(I.getOperand(0)->getType());
    if (!From || !SameShape)
      return nullptr;
    Type *As = FixedVectorType::get(cast<VectorType>(Ty)->getElementType(),
                                    From->getNumElements());
    return B.CreateShuffleVector(Operand(0, As), Operand(1, As),
                                 cast<ShuffleVectorInst>(I).getShuffleMask());
  }
  default:
    return nullptr;
  }
}

// The old instruction stays until the end: it is a key in nobody's table any
// more, but others in the list may still use it.
void Rewriter::replace(Instruction &I, Value *Typed) {
  auto Where = isa<PHINode>(I) ? I.getParent()->getFirstInsertionPt()
                               : std::next(I.getIterator());
  IRBuilder<> B(I.getParent(), Where);
  B.SetCurrentDebugLocation(I.getDebugLoc());
  Value *Back = castBits(Typed, I.getType(), B);
  I.replaceAllUsesWith(Back);
  if (auto *C = dyn_cast<Instruction>(Typed); C && !C->hasName())
    C->takeName(&I);
  Casts.push_back(Back);
  Old.push_back(&I);
}

void Rewriter::rewriteMove(Instruction &I, Bits Kind) {
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return rewriteStore(*Store, Kind);
  Type *Ty = typeFor(I.getType(), Kind, I.getDataLayout());
  Value *Typed = Ty && canRewrite(I) ? typedValue(I, Ty) : nullptr;
  if (Typed)
    replace(I, Typed);
  else if (isa<LoadInst>(I))
    markBits(I, "unknown");
}

// Last, when every incoming value has its final form.
void Rewriter::fillPhis() {
  for (auto [From, To] : Phis)
    for (unsigned In = 0; In < From->getNumIncomingValues(); ++In) {
      BasicBlock *BB = From->getIncomingBlock(In);
      Value *V = From->getIncomingValue(In);
      // Several edges from one block must bring the same value.
      if (int Index = To->getBasicBlockIndex(BB); Index >= 0) {
        To->addIncoming(To->getIncomingValue(Index), BB);
        continue;
      }
      IRBuilder<> B(BB->getTerminator());
      Value *Typed = castBits(V, To->getType(), B);
      Casts.push_back(Typed);
      To->addIncoming(Typed, BB);
    }
}

// trunc (lshr %back, 32) to i32, %back a cast of <2 x float>: lane 1.
void Rewriter::unpack(Instruction &Back) {
  auto *Vector = dyn_cast<FixedVectorType>(Back.getOperand(0)->getType());
  if (!Vector || !isa<BitCastInst>(Back) || !Back.getType()->isIntegerTy() ||
      Back.getDataLayout().isBigEndian())
    return;
  uint64_t Unit = Vector->getScalarSizeInBits();
  SmallVector<std::pair<Instruction *, uint64_t>, 4> Found;
  for (User *U : Back.users()) {
    const APInt *Shift;
    if (isa<TruncInst>(U))
      Found.push_back({cast<Instruction>(U), 0});
    else if (match(U, m_LShr(m_Specific(&Back), m_APInt(Shift))))
      for (User *T : U->users())
        if (isa<TruncInst>(T))
          Found.push_back({cast<Instruction>(T), Shift->getLimitedValue()});
  }
  for (auto [Trunc, Shift] : Found) {
    if (Trunc->getType()->getIntegerBitWidth() != Unit || Shift % Unit)
      continue;
    IRBuilder<> B(Trunc);
    Value *Lane = B.CreateExtractElement(Back.getOperand(0), Shift / Unit);
    Value *As = B.CreateBitCast(Lane, Trunc->getType());
    Casts.push_back(As);
    Trunc->replaceAllUsesWith(As);
    Casts.push_back(Trunc); // dies last: Back may go with it
  }
}

// bitcast (or (shl (zext %hi), 32), (zext %lo)) to <2 x float>: two inserts.
void Rewriter::repack(Instruction &Front) {
  auto *Vector = dyn_cast<FixedVectorType>(Front.getType());
  Value *Lo, *Hi;
  const APInt *Shift;
  if (!Vector || Vector->getNumElements() != 2 || !isa<BitCastInst>(Front) ||
      Front.getDataLayout().isBigEndian() ||
      !match(Front.getOperand(0),
             m_c_Or(m_Shl(m_ZExt(m_Value(Hi)), m_APInt(Shift)),
                    m_ZExt(m_Value(Lo)))))
    return;
  uint64_t Unit = Vector->getScalarSizeInBits();
  if (*Shift != Unit || !Lo->getType()->isIntegerTy(Unit) ||
      !Hi->getType()->isIntegerTy(Unit))
    return;
  IRBuilder<> B(&Front);
  Type *Lane = Vector->getElementType();
  Value *V = B.CreateInsertElement(PoisonValue::get(Vector),
                                   castBits(Lo, Lane, B), uint64_t(0));
  V = B.CreateInsertElement(V, castBits(Hi, Lane, B), uint64_t(1));
  Front.replaceAllUsesWith(V);
}

/// A cast that undoes the cast it uses.
static bool cancel(CastInst &Outer) {
  auto *Inner = dyn_cast<CastInst>(Outer.getOperand(0));
  const DataLayout &DL = Outer.getDataLayout();
  if (!Inner || Inner->getOperand(0)->getType() != Outer.getType() ||
      !Inner->isNoopCast(DL) || !Outer.isNoopCast(DL))
    return false;
  Outer.replaceAllUsesWith(Inner->getOperand(0));
  return true;
}

void Rewriter::cleanUp() {
  for (Instruction *I : Old)
    I->dropAllReferences();
  for (Instruction *I : Old)
    I->eraseFromParent();
  // Casts of casts that came about before both sides were rewritten.
  for (size_t N = 0; N < Casts.size(); ++N) {
    auto *Cast = dyn_cast_or_null<CastInst>(Casts[N]);
    if (!Cast)
      continue;
    cancel(*Cast);
    SmallVector<User *, 4> Users(Cast->users());
    for (User *U : Users)
      if (auto *Outer = dyn_cast<CastInst>(U); Outer && cancel(*Outer))
        Casts.push_back(Outer);
    unpack(*Cast);
    repack(*Cast);
  }
  for (WeakVH &Cast : Casts)
    if (auto *I = dyn_cast_or_null<Instruction>(Cast))
      RecursivelyDeleteTriviallyDeadInstructions(I);
}

void Rewriter::rewrite(ArrayRef<RetypePlan::Move> Moves) {
  for (const RetypePlan::Move &M : Moves)
    rewriteMove(*M.At, M.Kind);
  fillPhis();
  cleanUp();
}

void retypeMoves(ArrayRef<RetypePlan::Move> Moves) {
  Rewriter().rewrite(Moves);
}

} // namespace tern
