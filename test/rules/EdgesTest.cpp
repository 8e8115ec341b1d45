// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The edges that docs/edge-points.md decides, the zero rule, casts, vectors,
// and fast-math flags.
#include "Forms.h"
#include "Jit.h"
#include "rules/MathRule.h"
#include "rules/Rules.h"
#include "llvm/Analysis/VectorUtils.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsX86.h"
#include "llvm/IR/Operator.h"
#include "llvm/IR/Verifier.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace llvm;
using namespace tern;
using namespace tern::test;

namespace {

constexpr double Infinity = HUGE_VAL;

const Sample &sampleOf(const std::string &Name) {
  for (const Sample &S : samples())
    if (S.Name == Name)
      return S;
  report_fatal_error("no such sample");
}

/// One row in double, on any operands.
struct Row {
  explicit Row(const std::string &Name, Kind Wanted = Kind::Intrinsic) {
    auto Context = std::make_unique<LLVMContext>();
    auto M = std::make_unique<Module>("row", *Context);
    std::string Symbol;
    for (const Form &F : formsFor(sampleOf(Name), Type::getDoubleTy(*Context)))
      if (Symbol.empty() || F.TheKind == Wanted) {
        Symbol = F.Symbol;
        emitForm(F, *M);
      }
    Session.add(std::move(M), std::move(Context));
    Run = Session.find(Symbol);
  }

  struct Answer {
    double Partial, Tangent, Adjoint;
  };
  Answer at(double X, double Y, unsigned Operand, double Direction) {
    Slot In[4] = {}, Out[Slots] = {};
    memcpy(In[0].Bytes, &X, sizeof X);
    memcpy(In[1].Bytes, &Y, sizeof Y);
    memcpy(In[DirectionIn].Bytes, &Direction, sizeof Direction);
    Run(In, Out);
    auto Read = [&](unsigned Index) {
      double Value;
      memcpy(&Value, Out[Index].Bytes, sizeof Value);
      return Value;
    };
    return {Read(PartialAt + Operand), Read(PushAt + Operand),
            Read(PullAt + Operand)};
  }
  double partial(double X, double Y = 0, unsigned Operand = 0) {
    return at(X, Y, Operand, 1).Partial;
  }

  Jit Session;
  Compiled Run;
};

struct Edge {
  const char *Name;
  double X, Y;
  unsigned Operand;
  double Wanted;
};

} // namespace

TEST(Edges, AsDocumented) {
  const Edge Edges[] = {
      {"sqrt", 0, 0, 0, Infinity},
      {"fabs", 0, 0, 0, 0},
      {"fabs", -0.0, 0, 0, 0},
      {"copysign", 0, -1, 0, 0},
      {"hypot", 0, 0, 0, 0},
      {"hypot", 0, 0, 1, 0},
      {"atan2", 0, 0, 0, 0},
      {"atan2", 0, 0, 1, 0},
      {"atan2", 1e-200, 1e-200, 0, 5e199},
      {"atan2", 1e200, 1e200, 0, 5e-201},
      {"pow", 0, 0, 0, 0},
      {"pow", 0, 1, 0, 1},
      {"pow", 0, 2, 0, 0},
      {"pow", 0, 0.5, 0, Infinity},
      {"pow", 0, -1, 0, -Infinity},
      {"pow", 0, 2, 1, 0},
      {"pow", -2, 3, 0, 12},
      {"pow", -2, 3, 1, 0},
      {"fmin", 3, 3, 0, 1},
      {"fmin", 3, 3, 1, 0},
      {"maximum", 3, 3, 0, 1},
      {"maximum", 3, 3, 1, 0},
      {"fmax", NAN, 3, 0, 0},
      {"fmax", NAN, 3, 1, 1},
      {"fmax", 3, NAN, 0, 1},
      {"fmax", 3, NAN, 1, 0},
      {"fdim", 3, 3, 0, 0},
      {"fmod", 5, Infinity, 0, 1},
      {"fmod", 5, Infinity, 1, 0},
      {"asin", 1, 0, 0, Infinity},
      {"acos", -1, 0, 0, -Infinity},
      {"acosh", 1, 0, 0, Infinity},
      {"cbrt", 0, 0, 0, Infinity},
      {"log", 0, 0, 0, Infinity},
      {"j1", 0, 0, 0, 0.5},
      {"tanh", 1000, 0, 0, 0},
      {"erf", 30, 0, 0, 0},
      {"exp", -1000, 0, 0, 0},
  };
  for (const Edge &E : Edges) {
    double Got = Row(E.Name).partial(E.X, E.Y, E.Operand);
    double Error = std::fabs(Got - E.Wanted);
    EXPECT_TRUE(Got == E.Wanted || Error <= 1e-15 * std::fabs(E.Wanted))
        << E.Name << "(" << E.X << ", " << E.Y << ") operand " << E.Operand
        << ": " << Got << ", not " << E.Wanted;
  }
}

/// A zero tangent or adjoint stays zero where the partial is infinite.
TEST(Edges, ZeroTimesInfinityIsZero) {
  const Edge Edges[] = {
      {"sqrt", 0, 0, 0, 0},   {"cbrt", 0, 0, 0, 0},   {"log", 0, 0, 0, 0},
      {"log2", 0, 0, 0, 0},   {"log10", 0, 0, 0, 0},  {"log1p", -1, 0, 0, 0},
      {"asin", 1, 0, 0, 0},   {"acos", -1, 0, 0, 0},  {"acosh", 1, 0, 0, 0},
      {"atanh", 1, 0, 0, 0},  {"pow", 0, 0.5, 0, 0},  {"pow", 0, -1, 0, 0},
      {"powi", 0, 0, 0, 0},   {"fdiv", 1, 0, 0, 0},   {"fdiv", 1, 0, 1, 0},
      {"tgamma", 0, 0, 0, 0}, {"lgamma", 0, 0, 0, 0}, {"y0", 0, 0, 0, 0},
      {"y1", 0, 0, 0, 0}};
  for (const Edge &E : Edges) {
    auto Answer = Row(E.Name).at(E.X, E.Y, E.Operand, 0);
    EXPECT_EQ(Answer.Tangent, 0) << E.Name;
    EXPECT_EQ(Answer.Adjoint, 0) << E.Name;
  }
}

namespace {

/// Applies a row to a form with the given flags and reports what was emitted.
template <typename Check>
void forEachEmitted(Type *Ty, FastMathFlags Flags, Check Each) {
  Module M("flags", Ty->getContext());
  for (const Sample &S : samples())
    for (const Form &F : formsFor(S, Ty)) {
      Type *Ptr = PointerType::getUnqual(Ty->getContext());
      auto *Into =
          Function::Create(FunctionType::get(Type::getVoidTy(Ty->getContext()),
                                             {Ptr, Ptr, Ty}, false),
                           Function::ExternalLinkage, F.Symbol, M);
      IRBuilder<> B(BasicBlock::Create(Ty->getContext(), "entry", Into));
      auto Args = loadOperands(F, Into->getArg(0), B);
      Instruction *I = emitPrimal(F, Args, B);
      if (isa<FPMathOperator>(I))
        I->setFastMathFlags(Flags);
      const MathRule *Rule = findMathRule(*I);
      ASSERT_TRUE(Rule) << F.Symbol;
      // The builder's own flags must not leak into what a rule emits.
      FastMathFlags Foreign;
      Foreign.setFast();
      B.setFastMathFlags(Foreign);
      for (unsigned N = 0; N != Args.size() && !S.hasFields(); ++N)
        if (hasPartial(*Rule, N)) {
          emitPartial(*Rule, *I, N, B);
          pushTangent(*Rule, *I, N, Into->getArg(2), B);
          pullAdjoint(*Rule, *I, N, Into->getArg(2), B);
        }
      EXPECT_TRUE(B.getFastMathFlags().isFast()) << "flags not restored";
      for (Instruction *J = I->getNextNode(); J; J = J->getNextNode())
        Each(F, *J);
      B.CreateRetVoid();
    }
  std::string Errors;
  raw_string_ostream Stream(Errors);
  EXPECT_FALSE(verifyModule(M, &Stream)) << Errors;
}

} // namespace

TEST(Flags, NoneThatThePrimalLacks) {
  LLVMContext Context;
  forEachEmitted(Type::getDoubleTy(Context), FastMathFlags(),
                 [](const Form &F, Instruction &I) {
                   if (isa<FPMathOperator>(I))
                     EXPECT_FALSE(I.getFastMathFlags().any()) << F.Symbol;
                 });
}

TEST(Flags, ThePrimalsOwn) {
  FastMathFlags Some;
  Some.setNoNaNs();
  Some.setAllowReassoc();
  LLVMContext Context;
  forEachEmitted(Type::getDoubleTy(Context), Some,
                 [&](const Form &F, Instruction &I) {
                   if (isa<FPMathOperator>(I))
                     EXPECT_FALSE(I.getFastMathFlags() != Some) << F.Symbol;
                 });
}

/// Rows in every floating-point type and as vectors: the IR must be valid.
TEST(Types, EveryOneVerifies) {
  LLVMContext Context;
  Type *Double = Type::getDoubleTy(Context);
  for (Type *Ty :
       {Type::getHalfTy(Context), Type::getBFloatTy(Context),
        Type::getFP128Ty(Context), (Type *)FixedVectorType::get(Double, 3),
        (Type *)ScalableVectorType::get(Double, 2)})
    forEachEmitted(Ty, FastMathFlags(), [](const Form &, Instruction &) {});
}

/// No branch, and nothing that a vectoriser could not widen but libm's calls.
TEST(Types, StraightLine) {
  LLVMContext Context;
  forEachEmitted(Type::getDoubleTy(Context), FastMathFlags(),
                 [](const Form &F, Instruction &I) {
                   EXPECT_FALSE(I.isTerminator() || I.mayReadOrWriteMemory())
                       << F.Symbol;
                 });
}

TEST(Vectors, LaneByLane) {
  constexpr unsigned Lanes = 4;
  auto Context = std::make_unique<LLVMContext>();
  auto M = std::make_unique<Module>("lanes", *Context);
  Type *Double = Type::getDoubleTy(*Context);
  std::vector<std::pair<Form, Form>> Pairs;
  for (const Sample &S : samples())
    for (const Form &Wide : formsFor(S, FixedVectorType::get(Double, Lanes)))
      for (const Form &Scalar : formsFor(S, Double))
        if (Scalar.TheKind == Wide.TheKind) {
          emitForm(Wide, *M);
          emitForm(Scalar, *M);
          Pairs.push_back({Wide, Scalar});
        }
  ASSERT_GT(Pairs.size(), 40u);
  Jit Session;
  Session.add(std::move(M), std::move(Context));
  for (auto &[Wide, Scalar] : Pairs) {
    Slot WideIn[4] = {}, WideOut[Slots] = {};
    Slot In[Lanes][4] = {}, Out[Lanes][Slots] = {};
    const std::string &Signature = Scalar.Of->Signature;
    for (unsigned Lane = 0; Lane != Lanes; ++Lane) {
      const Point &P = Scalar.Of->Points[Lane % Scalar.Of->Points.size()];
      const double Values[] = {P.X, P.Y, P.Z, -0.75};
      for (unsigned N = 0; N != 4; ++N) {
        bool IsInteger = N < Signature.size() && Signature[N] == 'i';
        int Integer = int(Scalar.Of->Points[0].Y);
        const void *From = IsInteger ? (const void *)&Integer : &Values[N];
        size_t Size = IsInteger ? sizeof Integer : sizeof(double);
        memcpy(In[Lane][N].Bytes, From, Size);
        memcpy(WideIn[N].Bytes + (IsInteger ? 0 : Lane * Size), From, Size);
      }
      Session.find(Scalar.Symbol)(In[Lane], Out[Lane]);
    }
    Session.find(Wide.Symbol)(WideIn, WideOut);
    for (unsigned Lane = 0; Lane != Lanes; ++Lane)
      for (unsigned N = 0; N != SecondAt; ++N) {
        double Got, Wanted;
        memcpy(&Got, WideOut[N].Bytes + Lane * sizeof Got, sizeof Got);
        memcpy(&Wanted, Out[Lane][N].Bytes, sizeof Wanted);
        EXPECT_TRUE(std::fabs(Got - Wanted) <= 1e-14 * std::fabs(Wanted))
            << Wide.Symbol << " lane " << Lane << " slot " << N << ": " << Got
            << ", not " << Wanted;
      }
  }
}

/// Casts: the partial is one, the product changes its type.
TEST(Casts, ChangeOnlyTheType) {
  LLVMContext Context;
  Module M("casts", Context);
  Type *Float = Type::getFloatTy(Context), *Double = Type::getDoubleTy(Context);
  auto *F = Function::Create(
      FunctionType::get(Type::getVoidTy(Context), {Float, Double}, false),
      Function::ExternalLinkage, "casts", M);
  IRBuilder<> B(BasicBlock::Create(Context, "entry", F));
  auto *Wider = cast<Instruction>(B.CreateFPExt(F->getArg(0), Double));
  auto *Narrower = cast<Instruction>(B.CreateFPTrunc(F->getArg(1), Float));
  for (Instruction *I : {Wider, Narrower}) {
    Type *From = I->getOperand(0)->getType();
    const MathRule *Rule = findMathRule(*I);
    ASSERT_TRUE(Rule);
    EXPECT_EQ(emitPartial(*Rule, *I, 0, B), ConstantFP::get(I->getType(), 1.0));
    Value *Pushed = pushTangent(*Rule, *I, 0, I->getOperand(0), B);
    EXPECT_EQ(Pushed->getType(), I->getType());
    EXPECT_EQ(pullAdjoint(*Rule, *I, 0, I, B)->getType(), From);
  }
  EXPECT_FALSE(findMathRule(
      *cast<Instruction>(B.CreateFPToSI(F->getArg(0), B.getInt32Ty()))));
}

/// The sum of lanes spreads an adjoint and sums a tangent.
TEST(Reductions, SumOfLanes) {
  LLVMContext Context;
  Module M("sum", Context);
  Type *Double = Type::getDoubleTy(Context);
  Type *Lanes = FixedVectorType::get(Double, 4);
  auto *F = Function::Create(
      FunctionType::get(Type::getVoidTy(Context), {Double, Lanes}, false),
      Function::ExternalLinkage, "sum", M);
  IRBuilder<> B(BasicBlock::Create(Context, "entry", F));
  Instruction *Sum = B.CreateFAddReduce(F->getArg(0), F->getArg(1));
  const MathRule *Rule = findMathRule(*Sum);
  ASSERT_TRUE(Rule);
  EXPECT_EQ(pullAdjoint(*Rule, *Sum, 0, F->getArg(0), B), F->getArg(0));
  Value *Spread = pullAdjoint(*Rule, *Sum, 1, F->getArg(0), B);
  EXPECT_EQ(getSplatValue(Spread), F->getArg(0));
  EXPECT_EQ(pushTangent(*Rule, *Sum, 0, F->getArg(0), B), F->getArg(0));
  Value *Pushed = pushTangent(*Rule, *Sum, 1, F->getArg(1), B);
  auto *Call = dyn_cast<IntrinsicInst>(Pushed);
  ASSERT_TRUE(Call);
  EXPECT_EQ(Call->getIntrinsicID(), Intrinsic::vector_reduce_fadd);
  EXPECT_EQ(Call->getArgOperand(1), F->getArg(1));
}

/// x86's reciprocals: the slope of the function that they approximate.
TEST(Approximate, Reciprocals) {
  auto Context = std::make_unique<LLVMContext>();
  auto M = std::make_unique<Module>("approximate", *Context);
  IRBuilder<> B(*Context);
  Type *Lanes = FixedVectorType::get(B.getFloatTy(), 4);
  auto *F = Function::Create(
      FunctionType::get(B.getVoidTy(), {B.getPtrTy(), B.getPtrTy()}, false),
      Function::ExternalLinkage, "approximate", *M);
  B.SetInsertPoint(BasicBlock::Create(*Context, "entry", F));
  Value *X = B.CreateLoad(Lanes, F->getArg(0));
  unsigned Index = 0;
  for (auto ID : {Intrinsic::x86_sse_rcp_ps, Intrinsic::x86_sse_rsqrt_ps}) {
    auto *I = cast<Instruction>(B.CreateIntrinsic(ID, {X}));
    const MathRule *Rule = findMathRule(*I);
    ASSERT_TRUE(Rule);
    B.CreateStore(emitPartial(*Rule, *I, 0, B), slot(F->getArg(1), Index++, B));
  }
  B.CreateRetVoid();
  Jit Session;
  Session.add(std::move(M), std::move(Context));
  Slot In = {}, Out[2] = {};
  float Four = 4, Got[2];
  memcpy(In.Bytes, &Four, sizeof Four);
  Session.find("approximate")(&In, Out);
  for (unsigned N : {0, 1})
    memcpy(&Got[N], Out[N].Bytes, sizeof(float));
  EXPECT_NEAR(Got[0], -1 / 16.0, 1e-4);
  EXPECT_NEAR(Got[1], -1 / 16.0, 1e-4);
}

/// A double-double is no floating-point number of one rounding.
TEST(Types, PpcDoubleDoubleHasNoRule) {
  LLVMContext Context;
  Module M("ppc", Context);
  Type *Ty = Type::getPPC_FP128Ty(Context);
  auto *F = Function::Create(FunctionType::get(Ty, {Ty}, false),
                             Function::ExternalLinkage, "f", M);
  IRBuilder<> B(BasicBlock::Create(Context, "entry", F));
  Value *Sum = B.CreateFAdd(F->getArg(0), F->getArg(0));
  EXPECT_FALSE(findMathRule(*cast<Instruction>(Sum)));
}
