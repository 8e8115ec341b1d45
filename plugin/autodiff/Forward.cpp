// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Forward mode (jvp), function in, function out.
//
// Problem. Compute, beside f(x), the directional derivatives f'(x) t for Width
// directions t at once, for any code that can stand in an LLVM function.
//
// Idea. Clone the canonical body and put beside each instruction the same
// instruction on tangents. Flow, addresses and integers stay as they are. The
// tangent of a float is a float; of a pointer a pointer, its shadow: memory is
// shadowed byte for byte, so that tangents lie in the shadow where the values
// lie in the primal. What carries no tangent (ForwardPlan.h) is left alone.
//
//   define double @f(ptr %p, double %x) {
//     %v = load double, ptr %p                 %v.tan = load double, ptr
//     %p.shadow %r = fmul double %v, %x             +    %r.tan = %v.tan * %x +
//     %v * %x.tan store double %r, ptr %p                  store double %r.tan,
//     ptr %p.shadow ret double %r                            ret { %r, %r.tan }
//
// Memory contract. A shadow mirrors its primal: floats are tangents, pointers
// are shadow pointers, and integers are copies of the primal's integers, so
// that a struct with sizes in it has a usable shadow. Integers are never read
// back from a shadow. A shadow pointer equal to its primal means "inactive":
// tangents read there are zero and none are written; the test is made only
// where the plan says that the two can meet.
#include "Forward.h"
#include "../Diagnostics.h"
#include "ForwardOperands.h"
#include "IndirectCalls.h"
#include "Reductions.h"
#include "ShadowGlobals.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace tern {

//===- Values ------------------------------------------------------------===//

void ForwardBuilder::setTangents(Value *V, ArrayRef<Value *> Lanes) {
  Tangents[V].assign(Lanes.begin(), Lanes.end());
}

Value *ForwardBuilder::tangent(Value *V, unsigned Lane, IRBuilderBase &B) {
  auto Known = Tangents.find(V);
  if (Known != Tangents.end())
    return Wide.holds(V)
               ? B.CreateExtractElement(Known->second[Lane / WideLanes::Lanes],
                                        Lane % WideLanes::Lanes)
               : Known->second[Lane];
  if (auto *C = dyn_cast<Constant>(V); C && hasShadow(*C))
    return shadowOfConstant(*C, Lane);
  return neutral(V, /*OpenBits=*/false, B);
}

/// What stands in the shadow for a value without tangent: zero for floats, the
/// primal itself for pointers and integers, zero for bits of open type.
Value *ForwardBuilder::neutral(Value *V, bool OpenBits, IRBuilderBase &B) {
  Type *T = V->getType();
  if (T->isFPOrFPVectorTy() || isa<UndefValue>(V))
    return Constant::getNullValue(T);
  if (T->isPtrOrPtrVectorTy())
    return V;
  if (!T->isAggregateType())
    return OpenBits && !isa<PtrToIntInst>(V) ? Constant::getNullValue(T) : V;
  if (!holdsFloat(T) && !OpenBits)
    return V;
  Value *Result = V;
  unsigned Count =
      isa<StructType>(T) ? T->getStructNumElements() : T->getArrayNumElements();
  for (unsigned K = 0; K != Count; ++K) {
    Value *Element = B.CreateExtractValue(V, K);
    Result = B.CreateInsertValue(Result, neutral(Element, OpenBits, B), K);
  }
  return Result;
}

void ForwardBuilder::setAfter(IRBuilderBase &B, Instruction &I) {
  BasicBlock::iterator Next;
  if (auto *Invoke = dyn_cast<InvokeInst>(&I))
    Next = Invoke->getNormalDest()->getFirstInsertionPt();
  else if (isa<PHINode>(I))
    Next = I.getParent()->getFirstInsertionPt();
  else
    Next = std::next(I.getIterator());
  B.SetInsertPoint(Next->getParent(), Next);
  DebugLoc Loc = I.getDebugLoc();
  if (!Loc)
    if (DISubprogram *SP = F.getSubprogram())
      Loc = DILocation::get(F.getContext(), 0, 0, SP);
  B.SetCurrentDebugLocation(Loc);
}

/// Null if the pointer surely has a shadow of its own; else an i1 (or a vector)
/// that is true where the shadow is the primal pointer.
Value *ForwardBuilder::isInactive(Value *Pointer) {
  if (!Plan.isMixed(Pointer))
    return nullptr;
  if (Value *Known = InactiveFlags.lookup(Pointer))
    return Known;
  auto *I = dyn_cast<Instruction>(Pointer);
  Value *Flag = nullptr;
  if (I && isa<GetElementPtrInst, AddrSpaceCastInst, BitCastInst>(I) &&
      I->getOperand(0)->getType()->isPtrOrPtrVectorTy())
    Flag = isInactive(I->getOperand(0));
  if (!Flag) {
    Value *Shadow = Tangents.lookup(Pointer)[0];
    auto *Definition = dyn_cast<Instruction>(Shadow);
    IRBuilder<> B(&*F.getEntryBlock().getFirstInsertionPt());
    if (Definition)
      setAfter(B, *Definition);
    Flag = B.CreateICmpEQ(Pointer, Shadow, Pointer->getName() + ".inactive");
  }
  return InactiveFlags[Pointer] = Flag;
}

void ForwardBuilder::setEach(Instruction &I,
                             function_ref<Value *(unsigned)> Emit) {
  Lanes &Mine = Tangents[&I];
  Mine.clear();
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    Value *T = Emit(Lane);
    if (isa<Instruction>(T) && !T->hasName() && I.hasName())
      T->setName(I.getName() +
                 (I.getType()->isPtrOrPtrVectorTy() ? ".shadow" : ".tan"));
    // Emitting may have grown the map.
    Tangents[&I].push_back(T);
  }
}

//===- The walk ----------------------------------------------------------===//

void ForwardBuilder::emitReturn(ReturnInst &Ret) {
  IRBuilder<> B(&Ret);
  Type *T = F.getReturnType();
  if (T->isVoidTy()) {
    ReturnInst::Create(F.getContext(), nullptr, Ret.getIterator());
    Ret.eraseFromParent();
    return;
  }
  Value *Primal = Ret.getReturnValue();
  Value *Result = PoisonValue::get(T);
  unsigned Field = 0;
  if (Key.NeedsPrimal)
    Result = B.CreateInsertValue(Result, Primal, Field++);
  if (Key.Result == Activity::Dual)
    for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
      Value *T = Plan.carries(Primal) ? tangent(Primal, Lane, B)
                                      : neutral(Primal, true, B);
      Result = B.CreateInsertValue(Result, T, Field++);
    }
  B.CreateRet(Result);
  Ret.eraseFromParent();
}

void ForwardBuilder::emit(Instruction &I) {
  AccessOperands Access = accessOperands(I);
  if (Access.Pointer >= 0)
    return Access.IsStore ? emitStore(I) : emitLoad(I);
  if (auto *Alloca = dyn_cast<AllocaInst>(&I))
    return emitAlloca(*Alloca);
  if (auto *Phi = dyn_cast<PHINode>(&I))
    return emitPhi(*Phi);
  if (auto *Ret = dyn_cast<ReturnInst>(&I))
    return emitReturn(*Ret);
  if (isa<AtomicRMWInst>(I))
    return emitAtomic(I);
  if (!movedOperands(I).empty())
    return emitMove(I);
  // Shifts and masks that carry bits around.
  if (Plan.carries(&I) && I.getType()->isIntOrIntVectorTy() &&
      !isa<CallBase>(I))
    return emitMove(I);
  if (isa<CallBase>(I) && Plan.kindOf(cast<CallBase>(I)) != CallKind::Math)
    return;
  emitMath(I);
}

bool ForwardBuilder::build() {
  SmallVector<Instruction *, 64> Order;
  for (BasicBlock *BB : ReversePostOrderTraversal<Function *>(&F))
    for (Instruction &I : *BB)
      Order.push_back(&I);
  for (Instruction *I : Order) {
    if (emitWide(*I))
      continue;
    auto *Call = dyn_cast<CallBase>(I);
    bool IsCall = Call && movedOperands(*I).empty() &&
                  accessOperands(*I).Pointer < 0 &&
                  Plan.kindOf(*Call) != CallKind::Math;
    if (!IsCall)
      emit(*I);
    else if (!emitCall(*Call))
      return false;
  }
  fillPhis();
  removeStopped();
  return true;
}

//===- Into --------------------------------------------------------------===//

/// Results of an invoke get a place of their own on its normal edge.
static void splitInvokeEdges(Function &F) {
  SmallVector<InvokeInst *, 8> Invokes;
  for (Instruction &I : instructions(F))
    if (auto *Invoke = dyn_cast<InvokeInst>(&I))
      Invokes.push_back(Invoke);
  for (InvokeInst *Invoke : Invokes) {
    BasicBlock *Next = Invoke->getNormalDest();
    BasicBlock *Between = BasicBlock::Create(
        F.getContext(), Invoke->getParent()->getName() + ".cont", &F, Next);
    BranchInst::Create(Next, Between);
    Invoke->setNormalDest(Between);
    Next->replacePhiUsesWith(Invoke->getParent(), Between);
    if (Invoke->getUnwindDest() == Next)
      llvm_unreachable("the unwind destination is a landing pad");
  }
}

static void copyParameterAttributes(const Argument &From, Argument &To,
                                    bool MayAlias) {
  AttrBuilder B(From.getContext());
  if (MaybeAlign Align = From.getParamAlign();
      Align && From.getType()->isPointerTy())
    B.addAlignmentAttr(Align);
  if (From.hasNoAliasAttr() && !MayAlias)
    B.addAttribute(Attribute::NoAlias);
  To.addAttrs(B);
}

namespace {
/// The clone, and what in it has a tangent from outside.
struct Parameters {
  ValueToValueMapTy Map;
  SmallVector<Value *, 8> Duals;
  SmallVector<SmallVector<Value *, 2>, 8> Tangents;
};
} // namespace

static void mapParameters(const DerivativeKey &Key, Function &Canonical,
                          Function &Into, Parameters &P) {
  auto Next = Into.arg_begin();
  for (auto [A, Act] : zip(Canonical.args(), Key.Args)) {
    auto Take = [&, &A = A](const Twine &Name) -> Value * {
      Argument &Mine = *Next++;
      Mine.setName(Name);
      copyParameterAttributes(A, Mine, Key.HasMixedPointers);
      return &Mine;
    };
    Value *Primal = Take(A.getName());
    P.Map[&A] = Primal;
    if (Act != Activity::Dual)
      continue;
    P.Duals.push_back(Primal);
    bool IsPointer = A.getType()->isPtrOrPtrVectorTy();
    auto &Mine = P.Tangents.emplace_back();
    for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
      Mine.push_back(Take(A.getName() + (IsPointer ? ".shadow" : ".tan")));
  }
}

/// `Into` gets the canonical body, ready for tangents.
static void cloneBody(const DerivativeKey &Key, Function &Canonical,
                      Function &Into, Parameters &P) {
  AttributeList Declared = Into.getAttributes();
  mapParameters(Key, Canonical, Into, P);
  AttributeList WithParameters = Into.getAttributes();
  SmallVector<ReturnInst *, 4> Returns;
  CloneFunctionInto(&Into, &Canonical, P.Map,
                    CloneFunctionChangeType::LocalChangesOnly, Returns);
  // The attributes of the primal do not all hold for the derivative, and its
  // callers expect the convention that they declared.
  Into.setCallingConv(CallingConv::C);
  Into.setAttributes(WithParameters.addFnAttributes(
      Into.getContext(),
      AttrBuilder(Into.getContext(), Declared.getFnAttrs())));
  EliminateUnreachableBlocks(Into);
  splitInvokeEdges(Into);
}

bool buildForward(const DerivativeKey &Key, Function &Canonical, Function &Into,
                  WorkList &Work) {
  Parameters P;
  cloneBody(Key, Canonical, Into, P);
  expandIndirectCalls(Into, Work.callTargets());
  expandReductions(Into);
  ForwardPlan Plan(Into, P.Duals, Key.HasMixedPointers);
  if (!Plan.run(readableName(Key.Primal->getName())))
    return false;
  ForwardBuilder Builder(Key, Into, Work, Plan);
  for (auto [V, Lanes] : zip(P.Duals, P.Tangents))
    Builder.setTangents(V, Lanes);
  return Builder.build();
}

} // namespace tern
