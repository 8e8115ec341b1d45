// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Derivative.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"

using namespace llvm;

namespace tern {

static Type *derivativeResult(const DerivativeKey &Key) {
  Function &F = *Key.Primal;
  SmallVector<Type *, 8> Fields;
  Type *Result = F.getReturnType();
  if (Key.NeedsPrimal && Key.TheMode != Mode::Reverse && !Result->isVoidTy())
    Fields.push_back(Result);
  bool HasShadowResult =
      (Key.TheMode == Mode::Jvp && Key.Result == Activity::Dual) ||
      ((Key.TheMode == Mode::Grad || Key.TheMode == Mode::Record) &&
       Key.Result == Activity::Duplicated);
  if (HasShadowResult)
    Fields.append(Key.Width, Result);
  if (Key.TheMode == Mode::Grad || Key.TheMode == Mode::Reverse)
    for (auto [Arg, Act] : zip(F.args(), Key.Args))
      if (Act == Activity::Active)
        Fields.append(Key.Width, Arg.getType());
  if (Fields.empty())
    return Type::getVoidTy(F.getContext());
  return StructType::get(F.getContext(), Fields);
}

FunctionType *derivativeType(const DerivativeKey &Key) {
  Function &F = *Key.Primal;
  SmallVector<Type *, 8> Params;
  for (auto [Arg, Act] : zip(F.args(), Key.Args)) {
    Params.push_back(Arg.getType());
    if (Act == Activity::Duplicated || Act == Activity::Dual)
      Params.append(Key.Width, Arg.getType());
  }
  bool IsReverse = Key.TheMode == Mode::Grad || Key.TheMode == Mode::Reverse;
  if (IsReverse && Key.Result == Activity::Active)
    Params.append(Key.Width, F.getReturnType());
  if (Key.TheMode == Mode::Record || Key.TheMode == Mode::Reverse ||
      Key.SharesTape)
    Params.push_back(PointerType::getUnqual(F.getContext()));
  return FunctionType::get(derivativeResult(Key), Params, false);
}

} // namespace tern
