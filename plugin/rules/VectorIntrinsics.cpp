// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Vector intrinsics in terms of generic ones.
//
// Problem. Code with _mm_max_pd and its like contains intrinsics of one
// processor, which have no row; and a reduction's partials are products of all
// other lanes.
//
// Idea. Nearly all of them equal a few generic instructions; the back end finds
// the processor's own again.
//
//   x86.sse2.min.pd(a, b)          a < b ? a : b      (b where one is NaN)
//   x86.sse41.blendvpd(a, b, m)    m < 0 ? b : a      (sign bits)
//   x86.sse41.round.pd(a, 1)       llvm.floor(a)
//   x86.sse3.hadd.pd(a, b)         shuffle + shuffle
//   x86.sse3.addsub.pd(a, b)       lanes of a - b and of a + b
//   aarch64.neon.fmaxnm(a, b)      llvm.maxnum(a, b)
//   vector.reduce.fmul(s, v)       s * v[0] * v[1] ...
#include "rules/VectorIntrinsics.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

using Rewrite = Value *(*)(IntrinsicInst & Call, IRBuilder<> &B);

// ---- lane by lane ----

static Value *choose(CmpInst::Predicate First, Value *X, Value *Y,
                     IRBuilder<> &B) {
  return B.CreateSelect(B.CreateFCmp(First, X, Y), X, Y);
}

/// AVX-512 has a rounding operand; 4 is the current mode, hence none.
static bool hasOwnRounding(IntrinsicInst &Call) {
  if (Call.arg_size() < 3)
    return false;
  auto *Rounding = dyn_cast<ConstantInt>(Call.getArgOperand(2));
  return !Rounding || Rounding->getZExtValue() != 4;
}

static Value *lesser(IntrinsicInst &Call, IRBuilder<> &B) {
  return hasOwnRounding(Call) ? nullptr
                              : choose(CmpInst::FCMP_OLT, Call.getArgOperand(0),
                                       Call.getArgOperand(1), B);
}
static Value *greater(IntrinsicInst &Call, IRBuilder<> &B) {
  return hasOwnRounding(Call) ? nullptr
                              : choose(CmpInst::FCMP_OGT, Call.getArgOperand(0),
                                       Call.getArgOperand(1), B);
}

/// The scalar forms work on lane 0 and keep the others of the first operand.
static Value *chooseFirstLane(CmpInst::Predicate First, IntrinsicInst &Call,
                              IRBuilder<> &B) {
  Value *A = Call.getArgOperand(0);
  Value *X = B.CreateExtractElement(A, uint64_t(0));
  Value *Y = B.CreateExtractElement(Call.getArgOperand(1), uint64_t(0));
  return B.CreateInsertElement(A, choose(First, X, Y, B), uint64_t(0));
}
static Value *lesserFirst(IntrinsicInst &Call, IRBuilder<> &B) {
  return chooseFirstLane(CmpInst::FCMP_OLT, Call, B);
}
static Value *greaterFirst(IntrinsicInst &Call, IRBuilder<> &B) {
  return chooseFirstLane(CmpInst::FCMP_OGT, Call, B);
}

static Value *blend(IntrinsicInst &Call, IRBuilder<> &B) {
  auto *Bits = VectorType::getInteger(cast<VectorType>(Call.getType()));
  Value *Mask = B.CreateBitCast(Call.getArgOperand(2), Bits);
  Value *IsSecond = B.CreateICmpSLT(Mask, Constant::getNullValue(Bits));
  return B.CreateSelect(IsSecond, Call.getArgOperand(1), Call.getArgOperand(0));
}

static Value *roundBy(IntrinsicInst &Call, IRBuilder<> &B) {
  static const Intrinsic::ID Modes[] = {Intrinsic::roundeven, Intrinsic::floor,
                                        Intrinsic::ceil, Intrinsic::trunc};
  unsigned Mode = cast<ConstantInt>(Call.getArgOperand(1))->getZExtValue();
  constexpr unsigned Current = 4, Quiet = 8;
  Intrinsic::ID ID = !(Mode & Current) ? Modes[Mode & 3]
                     : Mode & Quiet    ? Intrinsic::nearbyint
                                       : Intrinsic::rint;
  return B.CreateUnaryIntrinsic(ID, Call.getArgOperand(0));
}

template <Intrinsic::ID ID>
static Value *generic(IntrinsicInst &Call, IRBuilder<> &B) {
  return B.CreateBinaryIntrinsic(ID, Call.getArgOperand(0),
                                 Call.getArgOperand(1));
}

// ---- across lanes ----

/// Even or odd elements of both operands, 128 bits at a time.
static Value *everySecond(IntrinsicInst &Call, unsigned First, IRBuilder<> &B) {
  auto *Ty = cast<FixedVectorType>(Call.getType());
  unsigned Count = Ty->getNumElements();
  unsigned Group = 128 / Ty->getScalarSizeInBits();
  SmallVector<int, 8> Lanes;
  for (unsigned Start = 0; Start != Count; Start += Group)
    for (unsigned Operand : {0u, Count})
      for (unsigned Lane = First; Lane < Group; Lane += 2)
        Lanes.push_back(Operand + Start + Lane);
  return B.CreateShuffleVector(Call.getArgOperand(0), Call.getArgOperand(1),
                               Lanes);
}
static Value *addPairs(IntrinsicInst &Call, IRBuilder<> &B) {
  return B.CreateFAdd(everySecond(Call, 0, B), everySecond(Call, 1, B));
}
static Value *subtractPairs(IntrinsicInst &Call, IRBuilder<> &B) {
  return B.CreateFSub(everySecond(Call, 0, B), everySecond(Call, 1, B));
}

static Value *subtractAndAdd(IntrinsicInst &Call, IRBuilder<> &B) {
  Value *X = Call.getArgOperand(0), *Y = Call.getArgOperand(1);
  unsigned Count = cast<FixedVectorType>(Call.getType())->getNumElements();
  SmallVector<int, 8> Lanes;
  for (unsigned Lane = 0; Lane != Count; ++Lane)
    Lanes.push_back(Lane + (Lane % 2 ? Count : 0));
  return B.CreateShuffleVector(B.CreateFSub(X, Y), B.CreateFAdd(X, Y), Lanes);
}

template <typename Combine>
static Value *reduce(IntrinsicInst &Call, IRBuilder<> &B, Combine Both) {
  Value *Lanes = Call.getArgOperand(Call.arg_size() - 1);
  auto *Ty = dyn_cast<FixedVectorType>(Lanes->getType());
  if (!Ty)
    return nullptr;
  bool HasStart = Call.arg_size() == 2;
  Value *Result = HasStart ? Call.getArgOperand(0)
                           : B.CreateExtractElement(Lanes, uint64_t(0));
  for (unsigned Lane = HasStart ? 0 : 1; Lane != Ty->getNumElements(); ++Lane)
    Result = Both(Result, B.CreateExtractElement(Lanes, Lane));
  return Result;
}

static Value *reduceByProduct(IntrinsicInst &Call, IRBuilder<> &B) {
  return reduce(Call, B,
                [&](Value *X, Value *Y) { return B.CreateFMul(X, Y); });
}
template <Intrinsic::ID ID>
static Value *reduceBy(IntrinsicInst &Call, IRBuilder<> &B) {
  return reduce(Call, B, [&](Value *X, Value *Y) {
    return B.CreateBinaryIntrinsic(ID, X, Y);
  });
}

// ---- choice ----

static Rewrite findOnX86(StringRef Name) {
  return StringSwitch<Rewrite>(Name)
      .Cases({"sse.min.ps", "sse2.min.pd", "avx.min.ps.256", "avx.min.pd.256",
              "avx512.min.ps.512", "avx512.min.pd.512"},
             lesser)
      .Cases({"sse.max.ps", "sse2.max.pd", "avx.max.ps.256", "avx.max.pd.256",
              "avx512.max.ps.512", "avx512.max.pd.512"},
             greater)
      .Cases({"sse.min.ss", "sse2.min.sd"}, lesserFirst)
      .Cases({"sse.max.ss", "sse2.max.sd"}, greaterFirst)
      .Cases({"sse41.blendvps", "sse41.blendvpd", "avx.blendv.ps.256",
              "avx.blendv.pd.256"},
             blend)
      .Cases({"sse41.round.ps", "sse41.round.pd", "avx.round.ps.256",
              "avx.round.pd.256"},
             roundBy)
      .Cases({"sse3.hadd.ps", "sse3.hadd.pd", "avx.hadd.ps.256",
              "avx.hadd.pd.256"},
             addPairs)
      .Cases({"sse3.hsub.ps", "sse3.hsub.pd", "avx.hsub.ps.256",
              "avx.hsub.pd.256"},
             subtractPairs)
      .Cases({"sse3.addsub.ps", "sse3.addsub.pd", "avx.addsub.ps.256",
              "avx.addsub.pd.256"},
             subtractAndAdd)
      .Default(nullptr);
}

static Rewrite findRewrite(StringRef Name) {
  if (Name.consume_front("llvm.x86."))
    return findOnX86(Name);
  return StringSwitch<Rewrite>(Name)
      .Case("llvm.aarch64.neon.fmax", generic<Intrinsic::maximum>)
      .Case("llvm.aarch64.neon.fmin", generic<Intrinsic::minimum>)
      .Case("llvm.aarch64.neon.fmaxnm", generic<Intrinsic::maxnum>)
      .Case("llvm.aarch64.neon.fminnm", generic<Intrinsic::minnum>)
      .Case("llvm.vector.reduce.fmul", reduceByProduct)
      .Case("llvm.vector.reduce.fmax", reduceBy<Intrinsic::maxnum>)
      .Case("llvm.vector.reduce.fmin", reduceBy<Intrinsic::minnum>)
      .Case("llvm.vector.reduce.fmaximum", reduceBy<Intrinsic::maximum>)
      .Case("llvm.vector.reduce.fminimum", reduceBy<Intrinsic::minimum>)
      .Default(nullptr);
}

Value *writeOutVectorIntrinsic(IntrinsicInst &Call) {
  Rewrite Apply = findRewrite(Intrinsic::getBaseName(Call.getIntrinsicID()));
  if (!Apply)
    return nullptr;
  IRBuilder<> B(&Call);
  if (isa<FPMathOperator>(Call))
    B.setFastMathFlags(Call.getFastMathFlags());
  return Apply(Call, B);
}

} // namespace tern
