// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PlainHooks.h"
#include "../Diagnostics.h"
#include "Markers.h"
#include "Reshape.h"
#include "runtime/tape.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

static void refuse(CallBase &Call, std::string What, std::string Remedy) {
  report(Diag::BadRequest, Call, {What, Remedy});
}

/// Takes a call that can't throw out of the program.
static void eraseCall(CallBase &Call, Value *Result) {
  if (!Call.use_empty())
    Call.replaceAllUsesWith(Result ? Result : PoisonValue::get(Call.getType()));
  if (auto *Invoke = dyn_cast<InvokeInst>(&Call)) {
    Invoke->getUnwindDest()->removePredecessor(Invoke->getParent());
    BranchInst::Create(Invoke->getNormalDest(), Invoke->getIterator());
  }
  Call.eraseFromParent();
}

static void lowerTapeSize(CallBase &Call) {
  if (!Call.getType()->isIntegerTy())
    return refuse(Call, "__enzyme_augmentsize is not declared as an integer",
                  "declare it as size_t");
  eraseCall(Call, ConstantInt::get(Call.getType(), sizeof(tern_tape)));
}

static void lowerCallInactive(CallBase &Call) {
  bool HasSRet = Call.arg_size() && Call.paramHasAttr(0, Attribute::StructRet);
  Function *F = Call.arg_size() > HasSRet
                    ? functionOf(*Call.getArgOperand(HasSRet))
                    : nullptr;
  if (!F)
    return refuse(Call, "the function to call is not known at compile time",
                  "name it in the call");
  IRBuilder<> B(&Call);
  SmallVector<Value *, 8> Args;
  if (HasSRet)
    Args.push_back(Call.getArgOperand(0));
  FunctionType *Ty = F->getFunctionType();
  for (Use &Operand : drop_begin(Call.args(), HasSRet + 1)) {
    Value *V = Operand;
    if (Args.size() < Ty->getNumParams())
      V = unpromote(V, Ty->getParamType(Args.size()), B);
    if (!V)
      return refuse(Call,
                    "an argument of '" + readableName(F->getName()) +
                        "' has the wrong type",
                    "cast it to the parameter's type in the call");
    Args.push_back(V);
  }
  bool Fits = Args.size() == Ty->getNumParams() ||
              (Ty->isVarArg() && Args.size() > Ty->getNumParams());
  if (!Fits || (Ty->getReturnType() != Call.getType() && !Call.use_empty()))
    return refuse(Call,
                  "the call does not fit '" + readableName(F->getName()) + "'",
                  "pass its arguments, and declare the call with its result");
  CallBase *Plain;
  if (auto *Invoke = dyn_cast<InvokeInst>(&Call))
    Plain = B.CreateInvoke(F, Invoke->getNormalDest(), Invoke->getUnwindDest(),
                           Args);
  else
    Plain = B.CreateCall(F, Args);
  Plain->setCallingConv(F->getCallingConv());
  Plain->addFnAttr(Attribute::get(Call.getContext(), "tern_inactive"));
  if (!Call.use_empty())
    Call.replaceAllUsesWith(Plain);
  Call.eraseFromParent();
}

/// At -O0 a parameter is read from the slot that it was stored to.
static Argument *parameterBehind(Value *V) {
  V = V->stripPointerCasts();
  if (auto *Load = dyn_cast<LoadInst>(V))
    for (User *U : Load->getPointerOperand()->users())
      if (auto *Store = dyn_cast<StoreInst>(U);
          Store && Store->getPointerOperand() == Load->getPointerOperand())
        V = Store->getValueOperand();
  return dyn_cast<Argument>(V);
}

static void lowerTypeHint(CallBase &Call, StringRef Word) {
  Argument *Param =
      Call.arg_size() ? parameterBehind(Call.getArgOperand(0)) : nullptr;
  if (Param && Param->getType()->isPointerTy())
    Param->addAttr(Attribute::get(Call.getContext(), "tern_pointee", Word));
  eraseCall(Call, nullptr);
}

static void lowerHook(CallBase &Call, Function &Callee) {
  switch (hookOf(Callee)) {
  case Hook::TapeSize:
    return lowerTapeSize(Call);
  case Hook::CallInactive:
    return lowerCallInactive(Call);
  case Hook::TypeHint:
    return lowerTypeHint(Call, hookWord(Callee));
  default:
    return;
  }
}

bool lowerPlainHooks(Module &M) {
  bool Changed = false;
  for (Function &F : make_early_inc_range(M)) {
    if (hookOf(F) == Hook::None)
      continue;
    for (User *U : make_early_inc_range(F.users()))
      if (auto *Call = dyn_cast<CallBase>(U);
          Call && Call->getCalledOperand() == &F) {
        lowerHook(*Call, F);
        Changed = true;
      }
  }
  return Changed;
}

} // namespace tern
