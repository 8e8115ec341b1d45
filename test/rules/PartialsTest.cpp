// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every row of the tables against finite differences in 113-bit arithmetic:
// the partial itself, what forward and reverse mode make of it, and its own
// derivative by the rules of what it emits.
#include "Forms.h"
#include "Jit.h"
#include "rules/MathRule.h"
#include "rules/Rules.h"
#include "llvm/IR/Verifier.h"
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <set>

using namespace llvm;
using namespace tern;
using namespace tern::test;

TEST(Tables, EveryRowHasSamples) {
  std::set<std::string> Tried(testedElsewhere().begin(),
                              testedElsewhere().end());
  for (const Sample &S : samples()) {
    EXPECT_FALSE(S.Points.empty()) << S.Name;
    Tried.insert(S.Name);
  }
  for (const MathRule &Rule : callRules())
    EXPECT_TRUE(Tried.count(Rule.Name)) << "no sample points for " << Rule.Name;
  for (const MathRule &Rule : instructionRules())
    EXPECT_TRUE(Tried.count(Rule.Name)) << "no sample points for " << Rule.Name;
  for (const Alias &A : callAliases())
    EXPECT_TRUE(Tried.count(A.Other)) << "no sample points for " << A.Other;
}

namespace {

template <typename T> T read(const Slot &S, unsigned Lane = 0) {
  T Value;
  memcpy(&Value, S.Bytes + Lane * sizeof(T), sizeof(T));
  return Value;
}
template <typename T> void write(Slot &S, T Value, unsigned Lane = 0) {
  memcpy(S.Bytes + Lane * sizeof(T), &Value, sizeof(T));
}

/// One form at one point of type T, and what it should give.
template <typename T> struct Trial {
  Trial(const Form &F, const Point &P) : F(F), S(*F.Of) {
    const double Given[] = {P.X, P.Y, P.Z};
    for (unsigned N = 0; N != S.Signature.size(); ++N)
      place(S.Signature[N], N, Given[N]);
    write<T>(In[DirectionIn], Direction);
  }

  void place(char Letter, unsigned N, double Value) {
    if (Letter == 'i')
      write<int>(In[N], int(Value));
    else if (Letter == 'w')
      write<long>(In[N], long(Value));
    else if (Letter == 'L')
      write<long double>(In[N], Value);
    else
      write<T>(In[N], T(Value));
    At[N] = Letter == 'f' ? Quad(T(Value)) : Quad(Value);
  }

  static Quad size(Quad X) { return X < 0 ? -X : X; }

  /// Within `Ulps` roundings of a number of size `Scale`.
  static bool isNear(T Value, Quad Wanted, Quad Scale, double Ulps = 64) {
    return size(Value - Wanted) <=
           Scale * (std::numeric_limits<T>::epsilon() * Ulps);
  }

  void expect(unsigned Index, Quad Wanted, const char *What) {
    expect(Index, Wanted, What, Wanted == 0 ? 1 : size(Wanted), 64);
  }
  void expect(unsigned Index, Quad Wanted, const char *What, Quad Scale,
              double Ulps) {
    T Value = read<T>(Out[Index]);
    EXPECT_TRUE(isNear(Value, Wanted, Scale, Ulps))
        << F.Symbol << " " << What << " at (" << double(At[0]) << ", "
        << double(At[1]) << "): " << (long double)Value << ", not "
        << (long double)Wanted;
  }

  void check(Compiled Function, const MathRule &Rule) {
    Function(In, Out);
    unsigned Count = S.hasFields() ? 2 : S.Signature.size();
    for (unsigned N = 0; N != Count; ++N)
      checkPartial(N, Rule);
  }

  void checkPartial(unsigned N, const MathRule &Rule) {
    unsigned Operand = S.hasFields() ? 0 : N;
    auto Reference = S.References[S.hasFields() ? N : 0];
    if (S.Signature[Operand] != 'f')
      return;
    Quad Wanted = partialAt(Reference, At, Operand);
    if (!Rule.Partials[N]) {
      EXPECT_TRUE(isNear(0, Wanted, 1)) << F.Symbol << " should have a partial";
      return;
    }
    expect(PartialAt + N, Wanted, "partial");
    expect(PushAt + N, Wanted * Direction, "tangent");
    expect(PullAt + N, Wanted * Direction, "adjoint");
    if (!S.hasFields())
      checkSecond(N, Rule);
  }

  /// Second derivatives may cancel down from the size of the first ones.
  void checkSecond(unsigned N, const MathRule &Rule) {
    for (unsigned Other = 0; Other != S.Signature.size(); ++Other)
      if (S.Signature[Other] == 'f' && hasPartial(Rule, Other)) {
        Quad Wanted = secondPartialAt(S.References[0], At, N, Other);
        Quad First = size(partialAt(S.References[0], At, N));
        Quad Scale = size(Wanted) + First * (1 + 1 / (size(At[Other]) + 1));
        Quad Noise = secondNoiseAt(S.References[0], At, N, Other);
        Scale += Noise / std::numeric_limits<T>::epsilon();
        expect(SecondAt + 3 * N + Other, Wanted, "second", Scale, 256);
      }
  }

  static constexpr T Direction = T(-0.75);
  const Form &F;
  const Sample &S;
  Quad At[3] = {};
  Slot In[DirectionIn + 1] = {};
  Slot Out[Slots] = {};
};

/// All forms of all rows for one type, compiled at once.
template <typename T> void checkAllRows(Type *(*Make)(LLVMContext &)) {
  auto Context = std::make_unique<LLVMContext>();
  auto M = std::make_unique<Module>("rows", *Context);
  Type *Ty = Make(*Context);
  std::vector<Form> Forms;
  std::map<std::string, const MathRule *> RuleOf;
  for (const Sample &S : samples())
    for (const Form &F : formsFor(S, Ty)) {
      Function *Into = emitForm(F, *M);
      for (Instruction &I : Into->getEntryBlock())
        if (!RuleOf[F.Symbol])
          RuleOf[F.Symbol] = findMathRule(I);
      EXPECT_TRUE(RuleOf[F.Symbol]) << F.Symbol << " finds no row";
      Forms.push_back(F);
    }
  std::string Errors;
  raw_string_ostream Stream(Errors);
  ASSERT_FALSE(verifyModule(*M, &Stream)) << Errors;
  Jit Session;
  Session.add(std::move(M), std::move(Context));
  for (const Form &F : Forms)
    for (const Point &P : F.Of->Points)
      Trial<T>(F, P).check(Session.find(F.Symbol), *RuleOf[F.Symbol]);
}

} // namespace

TEST(Partials, Double) { checkAllRows<double>(Type::getDoubleTy); }
TEST(Partials, Float) { checkAllRows<float>(Type::getFloatTy); }
TEST(Partials, LongDouble) { checkAllRows<long double>(Type::getX86_FP80Ty); }
