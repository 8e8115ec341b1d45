// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Forward mode: calls.
//
//   %m = call ptr @malloc(%n)       +  %m.shadow = call ptr @calloc(%n, 1)
//   call void @free(ptr %m)         +  call void @free(ptr %m.shadow)
//   %b = call ptr @tern_tape_push   +  the same on the shadow of the tape
//   %r = call double @g(double %x)  -> %s = call { double, double }
//                                           @g.jvp(double %x, double %x.tan)
//
// An invoke stays an invoke. Whether a pointer argument of g may be inactive at
// run time is part of what is asked for (HasMixedPointers).
#include "../Diagnostics.h"
#include "../rules/Rules.h"
#include "Forward.h"
#include "ForwardOperands.h"
#include "IndirectCalls.h"
#include "ShadowGlobals.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace tern {

/// The same function called again, with other arguments.
static CallInst *repeatCall(CallBase &Call, ArrayRef<Value *> Args,
                            IRBuilderBase &B) {
  CallInst *Again =
      B.CreateCall(Call.getFunctionType(), Call.getCalledOperand(), Args);
  Again->setCallingConv(Call.getCallingConv());
  Again->setAttributes(Call.getAttributes());
  return Again;
}

static SmallVector<Value *, 8> argumentsOf(CallBase &Call) {
  return SmallVector<Value *, 8>(Call.args());
}

/// Continues where `Skip` is false; a null `Skip` never holds.
static void unless(Value *Skip, IRBuilderBase &B) {
  if (!Skip)
    return;
  Instruction *Next = &*B.GetInsertPoint();
  DebugLoc Loc = B.getCurrentDebugLocation();
  Value *Taken = B.CreateNot(Skip);
  B.SetInsertPoint(
      SplitBlockAndInsertIfThen(Taken, Next->getIterator(), false));
  B.SetCurrentDebugLocation(Loc);
}

//===- Memory that is asked for and given back ---------------------------===//

void ForwardBuilder::emitAllocation(CallBase &Call) {
  if (!Plan.carries(&Call))
    return;
  IRBuilder<> B(F.getContext());
  setAfter(B, Call);
  const Function *Callee = calledFunction(Call);
  if (Callee && Callee->getName() == "malloc") {
    // Zeroed, and null where malloc would be null.
    Value *Size = Call.getArgOperand(0);
    FunctionCallee Calloc = F.getParent()->getOrInsertFunction(
        "calloc", Call.getType(), Size->getType(), Size->getType());
    return setEach(Call, [&](unsigned) {
      return B.CreateCall(Calloc, {ConstantInt::get(Size->getType(), 1), Size});
    });
  }
  setEach(Call, [&](unsigned) {
    CallInst *Shadow = repeatCall(Call, argumentsOf(Call), B);
    if (isZeroedAllocation(Call))
      return Shadow;
    Value *Size = emitAllocationSize(Call, B);
    if (!Call.hasRetAttr(Attribute::NonNull))
      Size = B.CreateSelect(B.CreateIsNull(Shadow),
                            Constant::getNullValue(Size->getType()), Size);
    zero(Shadow, Size, MaybeAlign(), B);
    return Shadow;
  });
}

void ForwardBuilder::emitDeallocation(CallBase &Call) {
  Value *Memory = Call.getArgOperand(0);
  if (!Plan.carries(Memory))
    return;
  Value *Inactive = isInactive(Memory);
  IRBuilder<> B(F.getContext());
  setAfter(B, Call);
  if (Inactive && MayLackShadows)
    Inactive = B.CreateIsNull(shadowToFree(Memory, tangent(Memory, 0, B), B));
  unless(Inactive, B);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    auto Args = argumentsOf(Call);
    Args[0] = tangent(Memory, Lane, B);
    repeatCall(Call, Args, B);
  }
}

//===- The tape of a reverse sweep that is itself differentiated ---------===//

/// Defers the release of the shadow, if there is one.
void ForwardBuilder::emitTapeDefer(CallBase &Call) {
  Value *Memory = Call.getArgOperand(1);
  if (!Plan.carries(Memory))
    return;
  Value *Inactive = isInactive(Memory);
  IRBuilder<> B(F.getContext());
  setAfter(B, Call);
  unless(Inactive, B);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    auto Args = argumentsOf(Call);
    Args[0] = tangent(Args[0], Lane, B);
    Args[1] = tangent(Memory, Lane, B);
    repeatCall(Call, Args, B);
  }
}

/// source.shadow += destination.shadow, destination.shadow = 0 is linear: the
/// tangents obey the same call. Where the source has none, only the second
/// half.
void ForwardBuilder::emitAdjointCopy(CallBase &Call) {
  Value *To = Call.getArgOperand(0), *From = Call.getArgOperand(1);
  if (!Plan.carries(To))
    return;
  Value *ToInactive = isInactive(To);
  Value *FromInactive = Plan.carries(From) ? isInactive(From) : nullptr;
  IRBuilder<> B(F.getContext());
  setAfter(B, Call);
  unless(ToInactive, B);
  Value *Size = Call.getArgOperand(2),
        *None = ConstantInt::get(Size->getType(), 0);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane) {
    auto Args = argumentsOf(Call);
    Args[0] = tangent(To, Lane, B);
    Args[1] = tangent(From, Lane, B);
    if (FromInactive)
      Args[2] = B.CreateSelect(FromInactive, None, Size);
    if (Plan.carries(From))
      repeatCall(Call, Args, B);
    if (!Plan.carries(From) || FromInactive)
      zero(Args[0],
           FromInactive ? B.CreateSelect(FromInactive, Size, None) : Size,
           MaybeAlign(), B);
  }
}

void ForwardBuilder::emitTape(CallBase &Call) {
  StringRef Name = calledFunction(Call)->getName();
  if (Name.starts_with("tern_adjoint_"))
    return emitAdjointCopy(Call);
  Value *Tape = Call.getArgOperand(0);
  if (!Plan.carries(Tape) || Name == "tern_tape_turn" ||
      Name == "tern_tape_bytes")
    return;
  if (Name == "tern_tape_defer")
    return emitTapeDefer(Call);
  IRBuilder<> B(F.getContext());
  setAfter(B, Call);
  auto Repeat = [&](unsigned Lane) {
    auto Args = argumentsOf(Call);
    Args[0] = tangent(Tape, Lane, B);
    if (isTapePlace(Call))
      Args[1] = tangent(Args[1], Lane, B);
    return repeatCall(Call, Args, B);
  };
  if (Plan.carries(&Call))
    return setEach(Call, Repeat);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
    Repeat(Lane);
}

/// The inner derivative's shadows of memory that variables point to have
/// tangents in regions of this one. Both are looked for where they are needed.
void ForwardBuilder::emitRegions(CallBase &Call) {
  StringRef Name = calledFunction(Call)->getName();
  IRBuilder<> B(&Call);
  if (Name == "tern_regions_free") // before its memory goes
    return forgetRegions(Call.getArgOperand(0), B);
  setAfter(B, Call);
  if (Name == "tern_regions_add") {
    for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
      if (Value *Shadow = Call.getArgOperand(2); Plan.carries(Shadow))
        addRegion(Shadow, tangent(Shadow, Lane, B), Call.getArgOperand(3), Lane,
                  B);
    return;
  }
  if (!Call.getType()->isPointerTy())
    return;
  Value *Given = Call.getArgOperand(1);
  setEach(Call, [&](unsigned Lane) {
    Value *None = Constant::getNullValue(Call.getType());
    Value *Known = Plan.carries(Given) ? tangent(Given, Lane, B) : None;
    Known = B.CreateSelect(B.CreateIsNull(Given), None, Known);
    return shadowOfLoaded(&Call, Known, Lane, B);
  });
}

//===- Structures of pointers -------------------------------------------===//

/// The shadow structure is changed in the same way, or followed.
void ForwardBuilder::emitPointerMoves(CallBase &Call) {
  if (!Plan.anyCarries(Call) || !onlyMovesPointers(*calledFunction(Call)))
    return;
  Value *Inactive = nullptr;
  for (Value *Arg : Call.args())
    if (!Inactive && Plan.carries(Arg))
      Inactive = isInactive(Arg);
  IRBuilder<> B(F.getContext());
  setAfter(B, Call);
  auto Repeat = [&](unsigned Lane) {
    SmallVector<Value *, 4> Args;
    for (Value *Arg : Call.args())
      Args.push_back(tangent(Arg, Lane, B));
    return repeatCall(Call, Args, B);
  };
  if (Plan.carries(&Call))
    return setEach(Call, Repeat);
  unless(Inactive, B);
  for (unsigned Lane = 0; Lane != Key.Width; ++Lane)
    Repeat(Lane);
}

//===- Functions ---------------------------------------------------------===//

/// A call of something else in place of `Call`, with its flow.
CallBase *callInstead(CallBase &Call, FunctionCallee Callee,
                      ArrayRef<Value *> Args, IRBuilderBase &B) {
  CallBase *New = nullptr;
  if (auto *Invoke = dyn_cast<InvokeInst>(&Call))
    New = B.CreateInvoke(Callee, Invoke->getNormalDest(),
                         Invoke->getUnwindDest(), Args);
  else
    New = B.CreateCall(Callee, Args);
  if (auto *Known = dyn_cast<Function>(Callee.getCallee()))
    New->setCallingConv(Known->getCallingConv());
  if (Call.doesNotThrow())
    New->setDoesNotThrow();
  New->setDebugLoc(B.getCurrentDebugLocation());
  return New;
}

/// `Primal` is what `Call` was; nothing refers to the call any more.
void ForwardBuilder::replaceCall(CallBase &Call, Value *Primal) {
  if (Primal) {
    if (isa<Instruction>(Primal))
      Primal->takeName(&Call);
    Plan.rename(&Call, Primal);
    auto Known = Tangents.find(&Call);
    if (Known != Tangents.end()) {
      Lanes Mine = std::move(Known->second);
      Tangents.erase(Known);
      Tangents[Primal] = std::move(Mine);
    }
    Call.replaceAllUsesWith(Primal);
  }
  Call.eraseFromParent();
}

void ForwardBuilder::emitDerived(CallBase &Call) {
  DerivativeKey Inner;
  Inner.MayLackShadows = MayLackShadows;
  Inner.Primal = calledFunction(Call);
  Inner.TheMode = Mode::Jvp;
  Inner.Width = Key.Width;
  Inner.NeedsPrimal = !Call.getType()->isVoidTy();
  Inner.Result = Plan.carries(&Call) ? Activity::Dual : Activity::Const;
  IRBuilder<> B(F.getContext());
  setAfter(B, Call);
  B.SetInsertPoint(&Call);
  SmallVector<Value *, 16> Args;
  for (Value *Arg : Call.args()) {
    Args.push_back(Arg);
    bool IsDual = Plan.carries(Arg);
    Inner.Args.push_back(IsDual ? Activity::Dual : Activity::Const);
    Inner.HasMixedPointers |= IsDual && Arg->getType()->isPtrOrPtrVectorTy() &&
                              (MayLackShadows || Plan.isMixed(Arg));
    for (unsigned Lane = 0; IsDual && Lane != Key.Width; ++Lane)
      Args.push_back(tangent(Arg, Lane, B));
  }
  CallBase *New = callInstead(Call, Work.request(Inner), Args, B);
  Value *Primal = nullptr;
  IRBuilder<> After(F.getContext());
  setAfter(After, *New);
  unsigned Field = 0;
  if (Inner.NeedsPrimal)
    Primal = After.CreateExtractValue(New, Field++);
  if (Inner.Result == Activity::Dual)
    setEach(Call,
            [&](unsigned) { return After.CreateExtractValue(New, Field++); });
  replaceCall(Call, Primal);
}

void emitStop(StringRef Message, IRBuilderBase &B) {
  Module &M = *B.GetInsertBlock()->getModule();
  FunctionCallee Stop =
      M.getOrInsertFunction("tern_stop", B.getVoidTy(), B.getPtrTy());
  B.CreateCall(Stop, {B.CreateGlobalString(Message)});
}

/// The indirect call that is left when no candidate was the target.
void ForwardBuilder::emitTrap(CallBase &Call) {
  if (!Plan.anyCarries(Call))
    return;
  stopAtUnknownTarget(Call);
  if (!Call.getType()->isVoidTy())
    Call.replaceAllUsesWith(PoisonValue::get(Call.getType()));
  Stopped.push_back(&Call);
}

/// Last: phis of a landing pad that nobody reaches any more go with the edge.
void ForwardBuilder::removeStopped() {
  for (CallBase *Call : Stopped) {
    if (auto *Invoke = dyn_cast<InvokeInst>(Call)) {
      Invoke->getUnwindDest()->removePredecessor(Call->getParent());
      BranchInst::Create(Invoke->getNormalDest(), Call->getIterator());
    }
    Call->eraseFromParent();
  }
}

bool ForwardBuilder::emitCall(CallBase &Call) {
  switch (Plan.kindOf(Call)) {
  case CallKind::Allocation:
    emitAllocation(Call);
    return true;
  case CallKind::Deallocation:
    emitDeallocation(Call);
    return true;
  case CallKind::Copy:
    emitCopy(cast<MemTransferInst>(Call));
    return true;
  case CallKind::Fill:
    emitFill(cast<MemSetInst>(Call));
    return true;
  case CallKind::Tape:
    emitTape(Call);
    return true;
  case CallKind::Regions:
    emitRegions(Call);
    return true;
  case CallKind::Custom:
    return !Plan.isDerived(Call) || emitCustom(Call);
  case CallKind::Body:
    if (Plan.isDerived(Call))
      emitDerived(Call);
    return true;
  case CallKind::Indirect:
    emitTrap(Call);
    return true;
  case CallKind::Missing:
    emitPointerMoves(Call);
    return true;
  default:
    return true;
  }
}

} // namespace tern
