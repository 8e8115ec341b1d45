// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Forms.h"
#include "Jit.h"
#include "rules/Rules.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/IntrinsicInst.h"
#include <map>
#include <set>

using namespace llvm;

namespace tern::test {

static StringRef suffix(Type *Ty) {
  return Ty->isFloatTy()      ? "f"
         : Ty->isX86_FP80Ty() ? "l"
         : Ty->isFP128Ty()    ? "f128"
                              : "";
}

static unsigned opcode(StringRef Name) {
  return StringSwitch<unsigned>(Name)
      .Case("fneg", Instruction::FNeg)
      .Case("fadd", Instruction::FAdd)
      .Case("fsub", Instruction::FSub)
      .Case("fmul", Instruction::FMul)
      .Case("fdiv", Instruction::FDiv)
      .Case("frem", Instruction::FRem)
      .Default(0);
}

static Intrinsic::ID intrinsicOf(const Sample &S) {
  return Intrinsic::lookupIntrinsicID("llvm." + S.Name);
}

/// The run-time libraries of compilers have the type in the name.
static std::string libmName(const Sample &S, Type *Ty) {
  StringRef Name = S.Name;
  if (!Name.starts_with("__powi") && !Name.starts_with("_FortranA"))
    return S.Name + suffix(Ty).str();
  bool Fits = Ty->isFloatTy()      ? Name.contains("sf") || Name.ends_with("4")
              : Ty->isDoubleTy()   ? Name.contains("df") || Name.ends_with("8")
              : Ty->isX86_FP80Ty() ? Name.contains("xf") || Name.ends_with("10")
                                   : false;
  return Fits ? S.Name : "";
}

/// What the x86 back end cannot select; the row is the same for the others.
static bool isSelectable(const Sample &S, Type *Ty) {
  if (S.Name == "sincospi")
    return false;
  static const std::set<std::string> NotExtended = {"canonicalize", "minimum",
                                                    "maximum"};
  return !Ty->isX86_FP80Ty() || !NotExtended.count(S.Name);
}

/// `sin.intrinsic.double`
Form::Form(const Sample &S, Kind TheKind, Type *Ty)
    : Of(&S), TheKind(TheKind), Ty(Ty) {
  static const char *const Kinds[] = {"instruction", "intrinsic", "libm"};
  raw_string_ostream(Symbol)
      << S.Name << '.' << Kinds[int(TheKind)] << '.' << *Ty;
}

static bool hasLibm(Type *Ty) {
  return Ty->isFloatTy() || Ty->isDoubleTy() || Ty->isX86_FP80Ty() ||
         Ty->isFP128Ty();
}

std::vector<Form> formsFor(const Sample &S, Type *Ty) {
  std::vector<Form> Forms;
  if (opcode(S.Name))
    Forms.emplace_back(S, Kind::Instruction, Ty);
  if (intrinsicOf(S) && isSelectable(S, Ty))
    Forms.emplace_back(S, Kind::Intrinsic, Ty);
  std::string Symbol = libmName(S, Ty);
  if (!S.hasFields() && !opcode(S.Name) && hasLibm(Ty) && !Symbol.empty() &&
      Jit::hasSymbol(Symbol))
    Forms.emplace_back(S, Kind::Libm, Ty);
  return Forms;
}

static Type *operandType(char Letter, Type *Ty) {
  LLVMContext &C = Ty->getContext();
  switch (Letter) {
  case 'i':
    return Type::getInt32Ty(C);
  case 'w':
    return Type::getInt64Ty(C);
  case 'L':
    return Type::getX86_FP80Ty(C);
  default:
    return Ty;
  }
}

Value *slot(Value *Base, unsigned Index, IRBuilderBase &B) {
  return B.CreateConstGEP1_64(B.getInt8Ty(), Base, Index * sizeof(Slot));
}

SmallVector<Value *, 3> loadOperands(const Form &F, Value *In,
                                     IRBuilderBase &B) {
  SmallVector<Value *, 3> Args;
  for (char Letter : F.Of->Signature)
    Args.push_back(
        B.CreateLoad(operandType(Letter, F.Ty), slot(In, Args.size(), B)));
  return Args;
}

static CallInst *callIntrinsic(const Form &F, ArrayRef<Value *> Args,
                               IRBuilderBase &B) {
  SmallVector<Type *, 2> Overloads = {F.Ty};
  StringRef Name = F.Of->Name;
  if (Name == "powi" || Name == "ldexp")
    Overloads.push_back(B.getInt32Ty());
  if (Name == "frexp")
    Overloads.push_back(F.Ty->getWithNewType(B.getInt32Ty()));
  return B.CreateIntrinsic(intrinsicOf(*F.Of), Overloads, Args);
}

Instruction *emitPrimal(const Form &F, ArrayRef<Value *> Args,
                        IRBuilderBase &B) {
  if (F.TheKind == Kind::Intrinsic)
    return callIntrinsic(F, Args, B);
  if (F.TheKind == Kind::Instruction) {
    unsigned Opcode = opcode(F.Of->Name);
    Value *V =
        Args.size() == 1
            ? B.CreateUnOp(Instruction::UnaryOps(Opcode), Args[0])
            : B.CreateBinOp(Instruction::BinaryOps(Opcode), Args[0], Args[1]);
    return cast<Instruction>(V);
  }
  SmallVector<Type *, 3> Params;
  for (char Letter : F.Of->Signature)
    Params.push_back(operandType(Letter, F.Ty));
  Module &M = *B.GetInsertBlock()->getModule();
  return B.CreateCall(
      M.getOrInsertFunction(libmName(*F.Of, F.Ty),
                            FunctionType::get(F.Ty, Params, false)),
      Args);
}

namespace {
/// Fills the slots of one form's function.
class FormWriter {
public:
  FormWriter(const Form &F, Function &Into)
      : F(F), In(Into.getArg(0)), Out(Into.getArg(1)),
        B(BasicBlock::Create(Into.getContext(), "entry", &Into)) {}
  void write();

private:
  void store(Value *V, unsigned Index) {
    B.CreateStore(V, slot(Out, Index, B));
  }
  void writeOperand(unsigned Operand);
  void writeFields();
  void writeSecond(unsigned Operand, Instruction *First);
  Value *tangentOf(Value *V);

  const Form &F;
  Value *In, *Out;
  IRBuilder<> B;
  Instruction *I = nullptr;
  const MathRule *Rule = nullptr;
  Value *Direction = nullptr;
  std::map<Value *, Value *> Tangents;
};
} // namespace

void FormWriter::write() {
  auto Args = loadOperands(F, In, B);
  Direction = B.CreateLoad(F.Ty, slot(In, DirectionIn, B));
  I = emitPrimal(F, Args, B);
  Rule = findMathRule(*I);
  if (!Rule) {
    B.CreateRetVoid();
    return;
  }
  if (F.Of->hasFields())
    writeFields();
  else
    store(I, ResultAt);
  for (unsigned N = 0; N != Args.size() && !F.Of->hasFields(); ++N)
    if (hasPartial(*Rule, N))
      writeOperand(N);
  B.CreateRetVoid();
}

void FormWriter::writeOperand(unsigned N) {
  Instruction *Before = &B.GetInsertBlock()->back();
  store(emitPartial(*Rule, *I, N, B), PartialAt + N);
  if (!F.Ty->isVectorTy())
    writeSecond(N, Before->getNextNode());
  store(pushTangent(*Rule, *I, N, Direction, B), PushAt + N);
  store(pullAdjoint(*Rule, *I, N, Direction, B), PullAt + N);
}

void FormWriter::writeFields() {
  Value *Partials = emitPartial(*Rule, *I, 0, B);
  Value *Pushed = pushTangent(*Rule, *I, 0, Direction, B);
  for (unsigned Field : {0, 1}) {
    if (!cast<StructType>(I->getType())
             ->getElementType(Field)
             ->isFPOrFPVectorTy())
      continue;
    store(B.CreateExtractValue(Partials, Field), PartialAt + Field);
    store(B.CreateExtractValue(Pushed, Field), PushAt + Field);
    Value *Adjoint = B.CreateInsertValue(Constant::getNullValue(I->getType()),
                                         Direction, Field);
    store(pullAdjoint(*Rule, *I, 0, Adjoint, B), PullAt + Field);
  }
}

/// Forward mode over the partial's own code: a rule of a rule.
void FormWriter::writeSecond(unsigned N, Instruction *First) {
  SmallVector<Instruction *, 16> Emitted;
  for (Instruction *J = First; J; J = J->getNextNode())
    Emitted.push_back(J);
  // The last ones are the slot's address and the store of the partial.
  auto *Store = cast<StoreInst>(Emitted.back());
  for (unsigned Other = 0; Other != I->getNumOperands(); ++Other) {
    if (!hasPartial(*Rule, Other))
      continue;
    Tangents.clear();
    Value *One = ConstantFP::get(F.Ty, 1.0);
    Tangents[I->getOperand(Other)] = One;
    Tangents[I] = pushTangent(*Rule, *I, Other, One, B);
    for (Instruction *J : Emitted)
      if (J->getType()->isFPOrFPVectorTy())
        Tangents[J] = tangentOf(J);
    store(tangentOf(Store->getValueOperand()), SecondAt + 3 * N + Other);
  }
}

Value *FormWriter::tangentOf(Value *V) {
  if (auto Found = Tangents.find(V); Found != Tangents.end())
    return Found->second;
  Value *Zero = Constant::getNullValue(V->getType());
  auto *J = dyn_cast<Instruction>(V);
  if (!J || isa<LoadInst, SIToFPInst>(J))
    return Zero;
  if (auto *Select = dyn_cast<SelectInst>(J))
    return B.CreateSelect(Select->getCondition(),
                          tangentOf(Select->getTrueValue()),
                          tangentOf(Select->getFalseValue()));
  const MathRule *Row = findMathRule(*J);
  if (!Row)
    report_fatal_error(Twine("no rule for what a rule emits: ") +
                       J->getOpcodeName());
  Value *Sum = Zero;
  for (unsigned N = 0; N != J->getNumOperands(); ++N)
    if (hasPartial(*Row, N))
      Sum = B.CreateFAdd(
          Sum, pushTangent(*Row, *J, N, tangentOf(J->getOperand(N)), B));
  return Sum;
}

Function *emitForm(const Form &F, Module &M) {
  Type *Ptr = PointerType::getUnqual(M.getContext());
  auto *Into = Function::Create(
      FunctionType::get(Type::getVoidTy(M.getContext()), {Ptr, Ptr}, false),
      Function::ExternalLinkage, F.Symbol, M);
  FormWriter(F, *Into).write();
  return Into;
}

} // namespace tern::test
