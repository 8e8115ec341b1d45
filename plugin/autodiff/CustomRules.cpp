// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CustomRules.h"
#include "../Diagnostics.h"
#include "../analysis/Calls.h"
#include "../request/Request.h"
#include "RuleShadows.h"
#include "TapeCalls.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

bool hasRuleFor(const Function &F, Mode M) {
  const CustomRule *Rule = findCustomRule(F);
  return Rule && (M == Mode::Jvp ? Rule->Jvp : Rule->Record);
}

namespace {

class Adapter {
public:
  Adapter(const DerivativeKey &Key, Function &Into)
      : Key(Key), F(*Key.Primal), Rule(*findCustomRule(F)), Into(Into),
        B(BasicBlock::Create(Into.getContext(), "entry", &Into)),
        DL(Into.getDataLayout()) {}
  bool build();

private:
  /// What a rule returned, in memory.
  struct Returned {
    AllocaInst *Memory = nullptr;
    StructType *Layout = nullptr;
  };

  void nameParameters();
  bool gatherArguments(Function &To, unsigned Trailing, unsigned Lane);
  bool callRule(Function &To, ArrayRef<Type *> Results);
  Value *result(unsigned Index);
  bool buildJvp();
  bool buildRecord();
  bool buildReverse();
  void pushTape();
  bool popTape();
  void finish();
  bool refuse(const Function &At, std::string What);

  bool isForward() const { return Key.TheMode == Mode::Jvp; }
  static bool isNumber(Type *T) { return holdsFloat(T) && !holdsPointer(T); }
  /// The type of what f_record hands to f_reverse, which takes it last.
  Type *tapeType() const {
    Function &Reverse = *Rule.Reverse;
    return Reverse.arg_empty()
               ? nullptr
               : Reverse.getArg(Reverse.arg_size() - 1)->getType();
  }

  const DerivativeKey &Key;
  Function &F;
  const CustomRule &Rule;
  Function &Into;
  IRBuilder<> B;
  const DataLayout &DL;

  SmallVector<Value *, 8> Primals;
  SmallVector<SmallVector<Value *, 1>, 8> Shadows;
  Value *Seed = nullptr, *Tape = nullptr;

  SmallVector<Value *, 16> Args; ///< of the rule to call next
  Returned Last;
  Value *Kept = nullptr; ///< what f_record hands to f_reverse
  Value *PrimalResult = nullptr;
  SmallVector<Value *, 8> Results; ///< fields of our own result, in order
};

} // namespace

bool Adapter::refuse(const Function &At, std::string What) {
  report(Diag::BadRequest, At.isDeclaration() && !F.isDeclaration() ? F : At,
         {"the rule '" + readableName(At.getName()) + "' for '" +
              readableName(F.getName()) + "' " + What,
          "docs/api.md and docs/enzyme-convention.md show the signatures of "
          "rules"});
  return false;
}

/// Sorts the parameters of `Into` as derivativeType laid them out.
void Adapter::nameParameters() {
  auto *Arg = Into.arg_begin();
  for (Activity Act : Key.Args) {
    Primals.push_back(Arg++);
    Shadows.emplace_back();
    if (Act == Activity::Duplicated || Act == Activity::Dual)
      for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
        Shadows.back().push_back(Arg++);
  }
  bool HasSeed = Key.Result == Activity::Active &&
                 (Key.TheMode == Mode::Grad || Key.TheMode == Mode::Reverse);
  if (HasSeed)
    Seed = Arg++;
  if (Arg != Into.arg_end())
    Tape = Arg;
}

/// The arguments of rule `To` up to the `Trailing` last ones: shadows follow
/// all pointers, or only those that carry derivatives; To's parameters tell.
bool Adapter::gatherArguments(Function &To, unsigned Trailing, unsigned Lane) {
  unsigned Numbers = 0, Pointers = 0, Carrying = 0;
  for (auto [Arg, Shadow] : zip(Primals, Shadows)) {
    Numbers += isForward() && isNumber(Arg->getType());
    Pointers += holdsPointer(Arg->getType());
    Carrying += holdsPointer(Arg->getType()) && !Shadow.empty();
  }
  unsigned Given = To.arg_size() - To.hasStructRetAttr() - Trailing;
  unsigned Known = Primals.size() + Numbers;
  bool WantsAll = Given == Known + Pointers;
  if (!WantsAll && Given != Known + Carrying)
    return refuse(To, "takes " + std::to_string(To.arg_size()) +
                          " arguments, which is not what it should take");
  for (auto [Arg, Shadow] : zip(Primals, Shadows)) {
    Args.push_back(Arg);
    bool IsPointer = holdsPointer(Arg->getType());
    if (Key.HasMixedPointers && !Shadow.empty() &&
        Arg->getType()->isPointerTy())
      stopIfUnshadowed(Arg, Shadow[Lane], F, B);
    if (!Shadow.empty() && (IsPointer || isForward()))
      Args.push_back(Shadow[Lane]);
    else if (IsPointer && WantsAll)
      return refuse(To,
                    "wants a shadow for a pointer to memory that has none, of "
                    "a size not known here; pass that memory with a zeroed "
                    "shadow (Duplicated, Dual, enzyme_dup)");
    else if (isForward() && isNumber(Arg->getType()))
      Args.push_back(Constant::getNullValue(Arg->getType()));
  }
  return true;
}

/// Calls the rule with Args; what it returns is laid out as C would.
bool Adapter::callRule(Function &To, ArrayRef<Type *> Results) {
  Last = {};
  Type *Declared =
      To.hasStructRetAttr() ? To.getParamStructRetType(0) : To.getReturnType();
  if (!Results.empty()) {
    Last.Layout = StructType::get(Into.getContext(), Results);
    if (Declared->isVoidTy() ||
        DL.getTypeAllocSize(Declared) < DL.getTypeAllocSize(Last.Layout))
      return refuse(To, "returns less than it should");
    BasicBlock &Entry = Into.getEntryBlock();
    Last.Memory = IRBuilder<>(&Entry, Entry.begin()).CreateAlloca(Declared);
  }
  if (To.hasStructRetAttr()) {
    if (!Last.Memory)
      return refuse(To, "returns more than it should");
    Args.insert(Args.begin(), Last.Memory);
  }
  FunctionType *Ty = To.getFunctionType();
  for (auto [Arg, Wanted] : zip(Args, Ty->params()))
    if (Arg->getType() != Wanted)
      return refuse(To, "has a parameter of another type than it should");
  CallInst *Call = B.CreateCall(&To, Args);
  Call->setCallingConv(To.getCallingConv());
  if (To.hasStructRetAttr())
    Call->addParamAttr(0, To.getParamAttribute(0, Attribute::StructRet));
  else if (Last.Memory)
    B.CreateStore(Call, Last.Memory);
  Args.clear();
  return true;
}

Value *Adapter::result(unsigned Index) {
  uint64_t Offset = DL.getStructLayout(Last.Layout)->getElementOffset(Index);
  Value *Place =
      B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Last.Memory, Offset);
  return B.CreateAlignedLoad(Last.Layout->getElementType(Index), Place,
                             Align(1));
}

bool Adapter::buildJvp() {
  Function &To = *Rule.Jvp;
  Type *T = F.getReturnType();
  bool TangentAlone = To.getReturnType() == T;
  SmallVector<Value *, 4> Tangents;
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    SmallVector<Type *, 2> Types;
    if (!T->isVoidTy())
      Types.assign(TangentAlone ? 1 : 2, T);
    if (!gatherArguments(To, 0, Lane) || !callRule(To, Types))
      return false;
    if (T->isVoidTy())
      continue;
    if (!TangentAlone)
      PrimalResult = result(0);
    Tangents.push_back(result(TangentAlone ? 0 : 1));
  }
  if (Key.NeedsPrimal && TangentAlone && !T->isVoidTy())
    PrimalResult = B.CreateCall(&F, Primals);
  if (Key.NeedsPrimal && PrimalResult)
    Results.push_back(PrimalResult);
  if (Key.Result == Activity::Dual)
    append_range(Results, Tangents);
  return true;
}

bool Adapter::buildRecord() {
  Function &To = *Rule.Record;
  Type *T = F.getReturnType();
  bool HasShadow = Key.Result == Activity::Duplicated;
  if (!tapeType())
    return refuse(*Rule.Reverse, "takes no tape");
  SmallVector<Type *, 3> Types = {tapeType()};
  if (!T->isVoidTy())
    Types.push_back(T);
  if (HasShadow)
    Types.push_back(T);
  if (!gatherArguments(To, 0, 0) || !callRule(To, Types))
    return false;
  Kept = result(0);
  if (!T->isVoidTy() && Key.NeedsPrimal)
    Results.push_back(result(1));
  if (HasShadow)
    Results.push_back(result(2));
  return true;
}

void Adapter::pushTape() {
  uint64_t Bytes = alignTo(DL.getTypeAllocSize(Kept->getType()), 8);
  Value *Frame = pushFrame(B, Tape, Bytes);
  B.CreateAlignedStore(Kept, Frame, Align(8));
}

bool Adapter::popTape() {
  if (!tapeType())
    return refuse(*Rule.Reverse, "takes no tape");
  uint64_t Bytes = alignTo(DL.getTypeAllocSize(tapeType()), 8);
  Value *Frame = popFrame(B, Tape, Bytes);
  Kept = B.CreateAlignedLoad(tapeType(), Frame, Align(8));
  return true;
}

bool Adapter::buildReverse() {
  Function &To = *Rule.Reverse;
  Type *T = F.getReturnType();
  bool TakesSeed = isNumber(T);
  if (!gatherArguments(To, 1 + TakesSeed, 0))
    return false;
  if (TakesSeed)
    Args.push_back(Seed ? Seed : Constant::getNullValue(T));
  Args.push_back(Kept);
  SmallVector<Type *, 8> Types;
  for (Argument &Arg : F.args())
    if (isNumber(Arg.getType()))
      Types.push_back(Arg.getType());
  if (!callRule(To, Types))
    return false;
  unsigned Number = 0;
  for (auto [Arg, Act] : zip(F.args(), Key.Args)) {
    if (Act == Activity::Active)
      Results.push_back(result(Number));
    Number += isNumber(Arg.getType());
  }
  return true;
}

void Adapter::finish() {
  Type *Ty = Into.getReturnType();
  if (Ty->isVoidTy()) {
    B.CreateRetVoid();
    return;
  }
  Value *All = PoisonValue::get(Ty);
  for (auto [Index, V] : enumerate(Results))
    All = B.CreateInsertValue(All, V, Index);
  B.CreateRet(All);
}

bool Adapter::build() {
  bool Built = false;
  if (!isForward() && Key.Width > 1) {
    B.CreateUnreachable();
    return refuse(*Rule.Reverse, "gives one adjoint at a time, and several are "
                                 "asked for (use jacrev<F, 1>)");
  }
  nameParameters();
  switch (Key.TheMode) {
  case Mode::Jvp:
    Built = buildJvp();
    break;
  case Mode::Grad:
    Built = buildRecord() && buildReverse();
    break;
  case Mode::Record:
    Built = buildRecord();
    if (Built)
      pushTape();
    break;
  case Mode::Reverse:
    Built = popTape() && buildReverse();
    break;
  }
  if (Built)
    finish();
  else // the passes that still run want whole functions
    B.CreateUnreachable();
  return Built;
}

bool buildFromRule(const DerivativeKey &Key, Function &Into) {
  return Adapter(Key, Into).build();
}

} // namespace tern
