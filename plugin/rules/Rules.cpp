// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From an instruction to its row, and from a row to IR.
#include "rules/Rules.h"
#include "rules/MathRule.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;
using namespace llvm::PatternMatch;

namespace tern {

// ---- finding the row -----------------------------------------------------

static StringMap<const MathRule *> indexCalls() {
  StringMap<const MathRule *> Index;
  for (const MathRule &Rule : callRules())
    Index[Rule.Name] = &Rule;
  for (const Alias &A : callAliases())
    Index[A.Other] = Index.lookup(A.Name);
  return Index;
}

static StringMap<const MathRule *> indexInstructions() {
  StringMap<const MathRule *> Index;
  for (const MathRule &Rule : instructionRules())
    Index[Rule.Name] = &Rule;
  return Index;
}

static const MathRule *lookUpCall(StringRef Name) {
  static const StringMap<const MathRule *> Index = indexCalls();
  return Index.lookup(Name);
}

/// The suffixes under which libm offers a function for the type.
static ArrayRef<StringRef> suffixes(Type *Ty) {
  static const StringRef Float[] = {"f", "f32"};
  static const StringRef Double[] = {"", "f64", "f32x"};
  static const StringRef Extended[] = {"l", "f64x"};
  static const StringRef Quad[] = {"l", "f128", "f64x"};
  if (Ty->isFloatTy())
    return Float;
  if (Ty->isDoubleTy())
    return Double;
  if (Ty->isX86_FP80Ty())
    return Extended;
  if (Ty->isFP128Ty())
    return Quad;
  return {};
}

static const MathRule *findLibm(StringRef Name, Type *Ty) {
  if (Name.consume_front("__") && !Name.consume_back("_finite"))
    Name = StringRef(Name.data() - 2, Name.size() + 2);
  // The run-time libraries of compilers have the type in the name's middle.
  if (Name.starts_with("__powi") || Name.starts_with("_FortranA"))
    return lookUpCall(Name);
  for (StringRef Suffix : suffixes(Ty)) {
    StringRef Stem = Name;
    if (Stem.consume_back(Suffix))
      if (const MathRule *Rule = lookUpCall(Stem))
        return Rule;
  }
  return nullptr;
}

static const MathRule *findIntrinsic(const Function &F) {
  StringRef Name = Intrinsic::getBaseName(F.getIntrinsicID());
  return Name.consume_front("llvm.") ? lookUpCall(Name) : nullptr;
}

/// ppc_fp128 is a sum of two doubles; none of the formulas hold for it.
static bool hasRuleType(Type *Ty) {
  return Ty->isFPOrFPVectorTy() && !Ty->getScalarType()->isPPC_FP128Ty();
}

/// The runtime has polygamma for C's own types; on x86 __float128 is none.
static bool isBeyondRuntime(const MathRule &Rule, const CallBase &Call) {
  StringRef Name = Rule.Name;
  return Call.getType()->isFP128Ty() &&
         Call.getModule()->getTargetTriple().isX86() &&
         (Name == "tgamma" || Name == "lgamma" || Name == "tern_polygamma");
}

/// A user's function of the same name but another signature is not libm's.
static bool fitsSignature(const MathRule &Rule, Type *Result,
                          ArrayRef<Type *> Operands) {
  if (Operands.size() < Rule.Operands)
    return false;
  if (Rule.Fields)
    return hasRuleType(Operands[0]);
  if (Operands.size() != Rule.Operands)
    return false;
  for (unsigned I = 0; I != Rule.Operands; ++I)
    if (Rule.Partials[I] && Operands[I] != Result)
      return false;
  return true;
}

static bool fitsSignature(const MathRule &Rule, const CallBase &Call) {
  if (isa<IntrinsicInst>(Call) && !Rule.Fields)
    return Call.arg_size() >= Rule.Operands;
  SmallVector<Type *, 4> Operands;
  for (const Use &Operand : Call.args())
    Operands.push_back(Operand->getType());
  return fitsSignature(Rule, Call.getType(), Operands);
}

static const MathRule *findLike(const Function &F) {
  StringRef Name = F.getFnAttribute("tern_function_like").getValueAsString();
  const MathRule *Rule = lookUpCall(Name);
  return Rule ? Rule : findLibm(Name, F.getReturnType());
}

bool isLikeKnownFunction(const Function &F) {
  if (!F.hasFnAttribute("tern_function_like"))
    return false;
  const MathRule *Rule = findLike(F);
  Type *Result = F.getReturnType();
  return Rule && !F.isVarArg() &&
         (hasRuleType(Result) || Result->isStructTy()) &&
         fitsSignature(*Rule, Result, F.getFunctionType()->params());
}

static const MathRule *findCall(const CallBase &Call) {
  const Function *F = Call.getCalledFunction();
  if (!F)
    return nullptr;
  const MathRule *Rule = nullptr;
  if (F->hasFnAttribute("tern_function_like"))
    Rule = findLike(*F);
  else if (F->isIntrinsic())
    Rule = findIntrinsic(*F);
  // A body is a better rule than a name, except for the runtime's own.
  else if (F->isDeclaration() || F->getName().starts_with("tern_"))
    Rule = findLibm(F->getName(), Call.getType());
  return Rule && fitsSignature(*Rule, Call) && !isBeyondRuntime(*Rule, Call)
             ? Rule
             : nullptr;
}

const MathRule *findMathRule(const Instruction &I) {
  if (!hasRuleType(I.getType()) && !I.getType()->isStructTy())
    return nullptr;
  if (auto *Call = dyn_cast<CallBase>(&I))
    return findCall(*Call);
  static const StringMap<const MathRule *> Index = indexInstructions();
  return Index.lookup(I.getOpcodeName());
}

bool hasPartial(const MathRule &Rule, unsigned Operand) {
  if (Rule.Fields)
    return Operand == 0;
  return Operand < Rule.Operands && Rule.Partials[Operand];
}

// ---- applying it -----------------------------------------------------------

namespace {
/// One use of a row: where to emit, and with whose flags.
struct Application {
  Application(const MathRule &Rule, Instruction &I, IRBuilderBase &B)
      : Rule(Rule), I(I), B(B), Guard(B) {
    B.setFastMathFlags(isa<FPMathOperator>(I) ? I.getFastMathFlags()
                                              : FastMathFlags());
    B.setDefaultFPMathTag(nullptr);
  }

  Value *along(unsigned Index, Value *D, Type *Wanted);
  Value *one() { return ConstantFP::get(I.getType(), 1.0); }

private:
  Expr operand(unsigned N) {
    return N < Rule.Operands ? Expr(I.getOperand(N), B) : Expr();
  }
  Expr field(unsigned N) { return {B.CreateExtractValue(&I, N), B}; }
  Value *conform(Value *V, Type *Wanted);
  bool needsZeroTest() const;

  const MathRule &Rule;
  Instruction &I;
  IRBuilderBase &B;
  IRBuilderBase::FastMathFlagGuard Guard;
};
} // namespace

/// Casts and reductions: the formula is in d's type, the caller's may differ.
Value *Application::conform(Value *V, Type *Wanted) {
  Type *Ty = V->getType();
  if (Ty == Wanted)
    return V;
  if (Wanted->isVectorTy() == Ty->isVectorTy())
    return B.CreateFPCast(V, Wanted);
  if (auto *Vector = dyn_cast<VectorType>(Wanted))
    return B.CreateVectorSplat(Vector->getElementCount(), V);
  return B.CreateFAddReduce(ConstantFP::getNegativeZero(Wanted), V);
}

static bool isOrdinaryConstant(Value *V) {
  const APFloat *C = nullptr;
  return match(V, m_APFloat(C)) && C->isFiniteNonZero();
}

/// Zero times an infinite partial must be zero. Testing for it costs a compare
/// and a select; it is left out where the flags or a constant exclude it.
bool Application::needsZeroTest() const {
  if (Rule.Singular == Singularity::Never)
    return false;
  if (Rule.Singular == Singularity::Branch)
    return true;
  FastMathFlags Flags = B.getFastMathFlags();
  bool ResultIsFinite = Flags.noInfs() && Flags.noNaNs();
  return !ResultIsFinite &&
         !isOrdinaryConstant(I.getOperand(Rule.Operands - 1));
}

Value *Application::along(unsigned Index, Value *D, Type *Wanted) {
  if (match(D, m_AnyZeroFP()))
    return Constant::getNullValue(Wanted);
  Expr Result =
      Rule.Fields
          ? Rule.Partials[Index]({D, B}, operand(0), field(0), field(1), Expr())
          : Rule.Partials[Index]({D, B}, operand(0), operand(1), operand(2),
                                 {&I, B});
  if (!isa<Constant>(D) && needsZeroTest())
    Result = select(Expr(D, B) == 0, 0, Result);
  return conform(Result.value(), Wanted);
}

/// Struct results: what `Each` gives for every floating-point field.
static Value *collectFields(const MathRule &Rule, Instruction &I,
                            IRBuilderBase &B,
                            function_ref<Value *(unsigned)> Each) {
  Value *Result = Constant::getNullValue(I.getType());
  for (unsigned Field = 0; Field != Rule.Fields; ++Field)
    if (Rule.Partials[Field])
      Result = B.CreateInsertValue(Result, Each(Field), Field);
  return Result;
}

Value *emitPartial(const MathRule &Rule, Instruction &I, unsigned Operand,
                   IRBuilderBase &B) {
  Application Here(Rule, I, B);
  if (!Rule.Fields)
    return Here.along(Operand, Here.one(), I.getType());
  Type *Ty = I.getOperand(0)->getType();
  return collectFields(Rule, I, B, [&](unsigned Field) {
    return Here.along(Field, ConstantFP::get(Ty, 1.0), Ty);
  });
}

/// The result's type, for all lanes where the tangents of a scalar come as a
/// vector.
static Type *pushedType(Instruction &I, unsigned Operand, Value *Tangent) {
  auto *Lanes = dyn_cast<VectorType>(Tangent->getType());
  bool IsWide = Lanes && !I.getOperand(Operand)->getType()->isVectorTy();
  return IsWide ? VectorType::get(I.getType(), Lanes->getElementCount())
                : I.getType();
}

Value *pushTangent(const MathRule &Rule, Instruction &I, unsigned Operand,
                   Value *Tangent, IRBuilderBase &B) {
  Application Here(Rule, I, B);
  if (!Rule.Fields)
    return Here.along(Operand, Tangent, pushedType(I, Operand, Tangent));
  return collectFields(Rule, I, B, [&](unsigned Field) {
    return Here.along(Field, Tangent, Tangent->getType());
  });
}

Value *pullAdjoint(const MathRule &Rule, Instruction &I, unsigned Operand,
                   Value *Adjoint, IRBuilderBase &B) {
  Application Here(Rule, I, B);
  Type *Ty = I.getOperand(Operand)->getType();
  if (!Rule.Fields)
    return Here.along(Operand, Adjoint, Ty);
  Value *Sum = nullptr;
  for (unsigned Field = 0; Field != Rule.Fields; ++Field) {
    if (!Rule.Partials[Field])
      continue;
    Value *Part = Here.along(Field, B.CreateExtractValue(Adjoint, Field), Ty);
    Sum = Sum ? B.CreateFAdd(Sum, Part) : Part;
  }
  return Sum;
}

} // namespace tern
