// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Forward mode: values that are moved, and values that are computed.
//
//   %r = select i1 %c, double %x, double %y
//     ->  %r.tan = select i1 %c, double %x.tan, double %y.tan
//   %q = getelementptr double, ptr %p, i64 %i
//     ->  %q.shadow = getelementptr double, ptr %p.shadow, i64 %i
//   %r = fmul double %x, %y
//     ->  %r.tan = %y * %x.tan + %x * %y.tan       (Rules.h)
//   %r = fmuladd(%x, %y, %z)
//     ->  %r.tan = fmuladd(%x.tan, %y, fmuladd(%y.tan, %x, %z.tan))
#include "../rules/Rules.h"
#include "Forward.h"
#include "ForwardOperands.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace tern {

void ForwardBuilder::emitPhi(PHINode &Phi) {
  if (!Plan.carries(&Phi))
    return;
  Phis.push_back(&Phi);
  setEach(Phi, [&](unsigned) {
    auto *T = PHINode::Create(Phi.getType(), Phi.getNumIncomingValues(), "",
                              std::next(Phi.getIterator()));
    T->setDebugLoc(Phi.getDebugLoc());
    return T;
  });
}

/// Incoming tangents exist only when the whole function was walked.
void ForwardBuilder::fillPhis() {
  for (PHINode *Phi : Phis)
    for (unsigned Lane = 0; Lane != Tangents[Phi].size(); ++Lane) {
      auto *T = cast<PHINode>(Tangents[Phi][Lane]);
      for (auto [V, BB] : zip(Phi->incoming_values(), Phi->blocks())) {
        // A block may come in by several edges, with one value for all.
        if (int Known = T->getBasicBlockIndex(BB); Known >= 0) {
          T->addIncoming(T->getIncomingValue(Known), BB);
          continue;
        }
        IRBuilder<> B(BB->getTerminator());
        if (Wide.holds(Phi)) {
          T->addIncoming(wideTangent(V, Lane, B), BB);
          continue;
        }
        bool IsBits = V->getType()->isIntOrIntVectorTy();
        T->addIncoming(IsBits && !Plan.carries(V) ? neutral(V, true, B)
                                                  : tangent(V, Lane, B),
                       BB);
      }
    }
}

/// inttoptr of computed bits: the shadow lies as far from the shadow of the
/// pointer that the bits came from as the result lies from that pointer.
Value *ForwardBuilder::shiftShadow(Instruction &Cast, unsigned Lane,
                                   IRBuilderBase &B) {
  Value *Bits = Cast.getOperand(0);
  auto *Root = const_cast<Value *>(Plan.addressRoot(Bits));
  Value *Distance = B.CreateSub(Bits, Root);
  Value *Shadow = B.CreateAdd(tangent(Root, Lane, B), Distance);
  return B.CreateIntToPtr(Shadow, Cast.getType());
}

void ForwardBuilder::emitMove(Instruction &I) {
  if (!Plan.carries(&I))
    return;
  IRBuilder<> B(F.getContext());
  setAfter(B, I);
  if (isa<IntToPtrInst>(I) && Plan.isComputedBits(I.getOperand(0)))
    return setEach(I, [&](unsigned Lane) { return shiftShadow(I, Lane, B); });
  auto Moved = movedOperands(I);
  if (Moved.empty())
    for (unsigned K = 0; K != I.getNumOperands(); ++K)
      if (Plan.carries(I.getOperand(K)) || I.getOpcode() == Instruction::Or)
        Moved.push_back(K);
  setEach(I, [&](unsigned Lane) -> Value * {
    Instruction *T = I.clone();
    for (unsigned K : Moved) {
      Value *Op = I.getOperand(K);
      bool IsBits = Op->getType()->isIntOrIntVectorTy();
      T->setOperand(K, IsBits && !Plan.carries(Op) ? neutral(Op, true, B)
                                                   : tangent(Op, Lane, B));
    }
    // The flags speak of the primal's values; those of addresses hold for the
    // shadow, which is laid out the same.
    if (isa<FPMathOperator>(T) && !isa<CallBase>(T))
      T->setFastMathFlags(FastMathFlags());
    if (I.getType()->isIntOrIntVectorTy())
      T->dropPoisonGeneratingFlags();
    T->dropUnknownNonDebugMetadata();
    return B.Insert(T);
  });
}

static bool isMulAdd(const Instruction &I) {
  auto *Call = dyn_cast<IntrinsicInst>(&I);
  return Call && Call->getIntrinsicID() == Intrinsic::fmuladd;
}

/// Sum + Term, where Term was emitted just now. Whoever lets the compiler round
/// a product and a sum once lets it do so in the tangent: half the instructions
/// for all that follows.
static Value *addProduct(Value *Sum, Value *Term, IRBuilderBase &B) {
  auto *Product = dyn_cast<Instruction>(Term);
  if (!Product || Product->getOpcode() != Instruction::FMul)
    return B.CreateFAdd(Sum, Term);
  Value *Result =
      B.CreateIntrinsic(Intrinsic::fmuladd, {Term->getType()},
                        {Product->getOperand(0), Product->getOperand(1), Sum});
  Product->eraseFromParent();
  return Result;
}

/// The rule's partials times the operands' tangents, summed up.
Value *ForwardBuilder::pushTangents(Instruction &I,
                                    function_ref<Value *(Value *)> TangentOf,
                                    IRBuilderBase &B) {
  const MathRule *Rule = findMathRule(I);
  unsigned Count =
      isa<CallBase>(I) ? cast<CallBase>(I).arg_size() : I.getNumOperands();
  // The summand of an fmuladd first: products can be added to it.
  bool IsMulAdd = isMulAdd(I);
  Value *Sum = nullptr;
  for (unsigned N = 0; N != Count; ++N) {
    unsigned K = IsMulAdd ? Count - 1 - N : N;
    Value *Op = I.getOperand(K);
    if (!Plan.carries(Op) || !hasPartial(*Rule, K))
      continue;
    Value *Tangent = TangentOf(Op);
    Value *Term = pushTangent(*Rule, I, K, Tangent, B);
    if (!Sum)
      Sum = Term;
    else if (IsMulAdd && Term != Tangent)
      Sum = addProduct(Sum, Term, B);
    else
      Sum = B.CreateFAdd(Sum, Term);
  }
  return Sum;
}

void ForwardBuilder::emitMath(Instruction &I) {
  if (!Plan.carries(&I) || !findMathRule(I))
    return;
  IRBuilder<> B(F.getContext());
  setAfter(B, I);
  if (isa<FPMathOperator>(I))
    B.setFastMathFlags(I.getFastMathFlags());
  setEach(I, [&](unsigned Lane) {
    return pushTangents(I, [&](Value *Op) { return tangent(Op, Lane, B); }, B);
  });
}

} // namespace tern
