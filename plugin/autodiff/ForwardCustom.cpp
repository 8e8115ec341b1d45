// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Forward mode: functions with a jvp rule of the user's.
//
// The rule takes the parameters with tangents and shadows interleaved and
// returns {primal, tangent}, the tangent alone, or nothing (everything goes
// through pointers). It is an ordinary C++ function, so that its result comes
// as its calling convention wants it: struct, vector, or memory (sret).
//
//   %r = call double @f(double %x)
//     ->  %both = call { double, double } @f_jvp(double %x, double %x.tan)
//         %r, %r.tan = the two doubles in it
#include "../Diagnostics.h"
#include "../request/Request.h"
#include "Forward.h"
#include "ForwardOperands.h"
#include "RuleShadows.h"
#include "WrittenArguments.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace tern {

/// How the rule's parameters follow from those of the function.
enum class PointerShadows { None, Carrying, All, Unclear };

static PointerShadows pointerShadows(const CallBase &Call, const Function &Rule,
                                     const ForwardPlan &Plan) {
  unsigned Floats = 0, Pointers = 0, Carrying = 0;
  for (const Value *Arg : Call.args()) {
    Floats += holdsFloat(Arg->getType());
    bool IsPointer = Arg->getType()->isPointerTy();
    Pointers += IsPointer;
    Carrying += IsPointer && Plan.carries(Arg);
  }
  unsigned Given = Rule.arg_size() - Rule.hasStructRetAttr();
  unsigned Known = Call.arg_size() + Floats;
  if (Given == Known + Pointers)
    return PointerShadows::All;
  if (Given == Known + Carrying)
    return PointerShadows::Carrying;
  return Given == Known ? PointerShadows::None : PointerShadows::Unclear;
}

/// The value of type T at `Offset` in what the rule returned.
static Value *readResult(Value *Memory, Type *T, uint64_t Offset,
                         IRBuilderBase &B) {
  Value *Address = B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Memory, Offset);
  return B.CreateAlignedLoad(T, Address, Align(1));
}

/// One call of a function with a rule.
struct ForwardBuilder::CustomCall {
  CallBase &Call;
  Function &Rule;
  PointerShadows Shadows;
  bool TangentAlone;            ///< the rule does not compute the primal
  AllocaInst *Memory = nullptr; ///< where {primal, tangent} is read from
  uint64_t TangentOffset = 0;

  bool refuse(const DerivativeKey &Key, const std::string &What,
              const std::string &Remedy) const {
    report(Diag::UnsupportedFlow, Call,
           {What + " '" + readableName(calledFunction(Call)->getName()) + "'",
            readableName(Key.Primal->getName()), Remedy});
    return false;
  }
  bool takesShadow(const Value *Arg, bool Carries) const {
    if (!Arg->getType()->isPointerTy())
      return false;
    return Shadows == PointerShadows::All ||
           (Shadows == PointerShadows::Carrying && Carries);
  }
};

/// Refuses what would be wrong; at run time, memory that turns out inactive.
bool ForwardBuilder::checkCustom(CustomCall &C) {
  if (C.Shadows == PointerShadows::Unclear)
    return C.refuse(Key, "the parameter list of the derivative rule for",
                    "give it the parameters of the function, each "
                    "floating-point or pointer parameter followed by its "
                    "tangent or shadow");
  for (Use &U : C.Call.args()) {
    bool Carries = Plan.carries(U);
    if (!C.takesShadow(U, Carries) || pointsNowhere(*U))
      continue;
    if (!Carries && tableBehind(U))
      continue;
    if (!Carries)
      return C.refuse(Key,
                      "memory without a shadow, of a size not known here, "
                      "passed to the rule for",
                      "pass that memory with a zeroed shadow (Dual, "
                      "Duplicated, enzyme_dup)");
    // The rule runs once per tangent.
    unsigned Number = C.Call.getArgOperandNo(&U);
    if (Key.Width > 1 && !C.Call.onlyReadsMemory(Number) &&
        mayWriteThrough(*calledFunction(C.Call), Number))
      return C.refuse(Key,
                      "several tangents at once through memory written by the "
                      "derivative rule for",
                      "ask for one tangent at a time");
    IRBuilder<> B(&C.Call);
    if (Plan.isMixed(U))
      stopIfUnshadowed(U, tangent(U, 0, B), *calledFunction(C.Call), B);
  }
  return true;
}

/// Finds out how the rule gives its results. False if they do not fit.
bool ForwardBuilder::layOutCustomResult(CustomCall &C) {
  Type *T = C.Call.getType();
  if (T->isVoidTy() || C.TangentAlone)
    return true;
  const DataLayout &DL = F.getParent()->getDataLayout();
  StructType *Pair = StructType::get(T, T);
  Type *Returned = C.Rule.hasStructRetAttr() ? C.Rule.getParamStructRetType(0)
                                             : C.Rule.getReturnType();
  if (Returned->isVoidTy() ||
      DL.getTypeStoreSize(Returned) < DL.getTypeStoreSize(Pair))
    return C.refuse(Key, "the result of the derivative rule for",
                    "return a struct of the result and its tangent");
  IRBuilder<> Head(&*F.getEntryBlock().getFirstInsertionPt());
  C.Memory = Head.CreateAlloca(Returned);
  C.TangentOffset = DL.getStructLayout(Pair)->getElementOffset(1);
  return true;
}

SmallVector<Value *, 16> ForwardBuilder::customArguments(CustomCall &C,
                                                         unsigned Lane,
                                                         IRBuilderBase &B) {
  SmallVector<Value *, 16> Args;
  if (C.Rule.hasStructRetAttr())
    Args.push_back(C.Memory);
  for (Value *Arg : C.Call.args()) {
    Args.push_back(Arg);
    bool TakesShadow = C.takesShadow(Arg, Plan.carries(Arg));
    GlobalVariable *Table =
        TakesShadow && !Plan.carries(Arg) ? tableBehind(Arg) : nullptr;
    if (Table)
      Args.push_back(placeInTwin(Arg, zerosFor(*Table), B));
    else if (TakesShadow || holdsFloat(Arg->getType()))
      Args.push_back(tangent(Arg, Lane, B));
  }
  return Args;
}

bool ForwardBuilder::emitCustom(CallBase &Call) {
  Function &Rule = *findCustomRule(*calledFunction(Call))->Jvp;
  Type *T = Call.getType();
  CustomCall C{Call, Rule, pointerShadows(Call, Rule, Plan),
               !T->isVoidTy() && Rule.getReturnType() == T};
  if (!checkCustom(C) || !layOutCustomResult(C))
    return false;
  IRBuilder<> B(F.getContext());
  setAfter(B, Call);
  if (!C.TangentAlone)
    B.SetInsertPoint(&Call);
  Value *Primal = nullptr;
  Lanes Results;
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    auto Args = customArguments(C, Lane, B);
    // The first call takes the place in the flow unless the primal stays there.
    bool Replaces = Lane == 0 && !C.TangentAlone;
    CallBase *New = Replaces ? callInstead(Call, &Rule, Args, B)
                             : B.CreateCall(&Rule, Args);
    if (Replaces)
      setAfter(B, *New);
    if (C.TangentAlone)
      Results.push_back(New);
    if (!C.Memory)
      continue;
    if (!Rule.hasStructRetAttr())
      B.CreateStore(New, C.Memory);
    if (!Primal)
      Primal = readResult(C.Memory, T, 0, B);
    Results.push_back(readResult(C.Memory, T, C.TangentOffset, B));
  }
  if (Plan.carries(&Call))
    Tangents[&Call] = Results;
  if (!C.TangentAlone)
    replaceCall(Call, Primal);
  return true;
}

} // namespace tern
