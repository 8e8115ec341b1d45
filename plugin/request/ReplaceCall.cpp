// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The marker call gives way to a call of the generated function.
//
//   %g = call double @__enzyme_autodiff(ptr @f, double %x)
// becomes
//   %r = call { double } @f.grad(double %x, double 1.0)
//   %g = extractvalue { double } %r, 0
//
// findRequests has checked that the declared return type can carry the
// results; here they are only laid out.
#include "../autodiff/TapeCalls.h"
#include "Request.h"
#include "Reshape.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace tern {

/// A block on the edge to the invoke's normal destination.
static BasicBlock *landingOf(InvokeInst &Invoke) {
  BasicBlock *From = Invoke.getParent(), *Dest = Invoke.getNormalDest();
  BasicBlock *Landing =
      BasicBlock::Create(Dest->getContext(), "", Dest->getParent(), Dest);
  BranchInst::Create(Dest, Landing)->setDebugLoc(Invoke.getDebugLoc());
  Dest->replacePhiUsesWith(From, Landing);
  return Landing;
}

/// The new call, and `B` set to where its results are known.
static CallBase *emitCall(const Request &R, Function &Derivative,
                          IRBuilderBase &B) {
  CallBase &Marker = *R.Call;
  SmallVector<Value *, 16> Args(R.Operands.begin(), R.Operands.end());
  CallBase *New;
  if (auto *Invoke = dyn_cast<InvokeInst>(&Marker)) {
    BasicBlock *Landing = landingOf(*Invoke);
    New = B.CreateInvoke(&Derivative, Landing, Invoke->getUnwindDest(), Args);
    B.SetInsertPoint(Landing, Landing->getFirstInsertionPt());
  } else {
    New = B.CreateCall(&Derivative, Args);
  }
  New->setCallingConv(Derivative.getCallingConv());
  New->setDebugLoc(Marker.getDebugLoc());
  return New;
}

static SmallVector<Value *, 8> resultsOf(const Request &R, CallBase &New,
                                         IRBuilderBase &B) {
  SmallVector<Value *, 8> Results;
  if (R.TapeToReturn)
    Results.push_back(R.TapeToReturn);
  for (unsigned Field : R.ResultFields)
    Results.push_back(B.CreateExtractValue(&New, Field));
  return Results;
}

static void releaseTape(const Request &R, IRBuilderBase &B) {
  if (!R.TapeToFree)
    return;
  freeTape(B, R.TapeToFree);
  if (R.FreesTapeStruct)
    B.CreateCall(R.Call->getModule()->getOrInsertFunction("free", B.getVoidTy(),
                                                          B.getPtrTy()),
                 {R.TapeToFree});
}

void replaceCall(const Request &R, Function &Derivative) {
  CallBase &Marker = *R.Call;
  IRBuilder<> B(&Marker);
  CallBase *New = emitCall(R, Derivative, B);
  SmallVector<Value *, 8> Results = resultsOf(R, *New, B);
  for (const Request::Store &S : R.Stores)
    B.CreateAlignedStore(B.CreateExtractValue(New, S.Field), S.Place, Align(1));
  releaseTape(R, B);
  if (Marker.arg_size() && Marker.paramHasAttr(0, Attribute::StructRet)) {
    if (!Results.empty())
      storeResults(Marker.getArgOperand(0), Results, B);
  } else if (!Marker.use_empty()) {
    Marker.replaceAllUsesWith(packResults(Marker.getType(), Results, B));
  }
  // The words' loads are dead now. They must go even at -O0: nothing defines
  // the globals that they read.
  SmallVector<WeakTrackingVH, 16> Spent(Marker.arg_begin(), Marker.arg_end());
  Marker.eraseFromParent();
  RecursivelyDeleteTriviallyDeadInstructionsPermissive(Spent);
}

} // namespace tern
