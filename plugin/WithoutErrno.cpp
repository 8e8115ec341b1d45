// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "WithoutErrno.h"
#include "request/Request.h"
#include "rules/Rules.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

/// What `errno` is on glibc and musl, BSD and macOS, newlib and Android,
/// Windows.
static bool asksForErrno(const Module &M) {
  for (StringRef Name :
       {"__errno_location", "__error", "__errno", "_errno", "errno"})
    if (const GlobalValue *G = M.getNamedValue(Name); G && !G->use_empty())
      return true;
  return false;
}

/// A call of libm's function of that name, by a caller who lets the compiler
/// know what it does. fp128 has other names on each system.
static bool isLibmCall(const CallInst &Call) {
  const Function *Callee = Call.getCalledFunction();
  Type *T = Call.getType();
  return Callee && Callee->isDeclaration() && !isa<IntrinsicInst>(Call) &&
         (T->isFloatTy() || T->isDoubleTy() || T->isX86_FP80Ty()) &&
         !Call.isNoBuiltin() && !Call.isStrictFP() &&
         !Callee->hasFnAttribute("tern_function_like") &&
         !findCustomRule(*Callee) && !isInactiveCall(Call) &&
         findMathRule(Call);
}

/// Functions that rules call for other functions. For the rest an intrinsic
/// buys little, and the vectoriser takes loops apart for it.
static bool isWantedByRules(Intrinsic::ID ID) {
  switch (ID) {
  case Intrinsic::sin:
  case Intrinsic::cos:
  case Intrinsic::sinh:
  case Intrinsic::cosh:
  case Intrinsic::sqrt:
    return true;
  default:
    return false;
  }
}

/// The intrinsic that does the same but for errno, or not_intrinsic.
static Intrinsic::ID withoutErrno(CallInst &Call,
                                  const TargetLibraryInfo &TLI) {
  AttributeList Before = Call.getAttributes();
  Call.setDoesNotAccessMemory();
  Intrinsic::ID ID = getIntrinsicForCallSite(Call, &TLI);
  Call.setAttributes(Before);
  return ID;
}

static void replaceBy(Intrinsic::ID ID, CallInst &Call) {
  IRBuilder<> B(&Call);
  B.setFastMathFlags(Call.getFastMathFlags());
  SmallVector<Value *, 2> Args(Call.args());
  Value *Result = B.CreateIntrinsic(ID, {Call.getType()}, Args);
  Result->takeName(&Call);
  Call.replaceAllUsesWith(Result);
  Call.eraseFromParent();
}

void callMathWithoutErrno(Function &F) {
  const Module &M = *F.getParent();
  if (asksForErrno(M))
    return;
  TargetLibraryInfoImpl Names(M.getTargetTriple());
  TargetLibraryInfo TLI(Names, &F);
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    auto *Call = dyn_cast<CallInst>(&I);
    if (!Call || !isLibmCall(*Call))
      continue;
    Intrinsic::ID ID = withoutErrno(*Call, TLI);
    if (isWantedByRules(ID))
      replaceBy(ID, *Call);
  }
}

} // namespace tern
