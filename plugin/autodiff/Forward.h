// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The forward-mode transformation of one function: the state that its parts
// share. Forward.cpp drives, ForwardMoves.cpp, ForwardMemory.cpp and
// ForwardCalls.cpp each treat one kind of instruction.
#pragma once
#include "../analysis/GlobalActivity.h"
#include "ForwardPlan.h"
#include "Modes.h"
#include "WideLanes.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/IRBuilder.h"

namespace llvm {
class AllocaInst;
class GetElementPtrInst;
class MemIntrinsic;
class MemSetInst;
class MemTransferInst;
class PHINode;
class ReturnInst;
} // namespace llvm

namespace tern {

/// A call of something else in place of `Call`, with its flow; `Call` stays.
llvm::CallBase *callInstead(llvm::CallBase &Call, llvm::FunctionCallee Callee,
                            llvm::ArrayRef<llvm::Value *> Args,
                            llvm::IRBuilderBase &B);
/// Drops what does not hold for the repetition of an access on the shadow.
void keepAliasFacts(llvm::Instruction &I);
/// Ends the program with a message (tern_stop).
void emitStop(llvm::StringRef Message, llvm::IRBuilderBase &B);

class ForwardBuilder {
public:
  ForwardBuilder(const DerivativeKey &Key, llvm::Function &F, WorkList &Work,
                 ForwardPlan &Plan)
      : Key(Key), F(F), Work(Work), Plan(Plan), Wide(F, Plan, Key.Width),
        MayLackShadows(Key.MayLackShadows ||
                       meetsPointerGlobals(F, Work.callTargets())) {}

  /// The tangents or shadows of a parameter, one per lane.
  void setTangents(llvm::Value *V, llvm::ArrayRef<llvm::Value *> Lanes);
  /// Adds the tangents to the whole body. False after a refusal.
  bool build();

private:
  using Lanes = llvm::SmallVector<llvm::Value *, 2>;

  void emit(llvm::Instruction &I);
  void emitReturn(llvm::ReturnInst &Ret);

  // Values.
  llvm::Value *tangent(llvm::Value *V, unsigned Lane, llvm::IRBuilderBase &B);
  llvm::Value *neutral(llvm::Value *V, bool OpenBits, llvm::IRBuilderBase &B);
  llvm::Value *isInactive(llvm::Value *Pointer);
  void setEach(llvm::Instruction &I,
               llvm::function_ref<llvm::Value *(unsigned)> Emit);
  void setAfter(llvm::IRBuilderBase &B, llvm::Instruction &I);

  // ForwardMoves.cpp
  void emitPhi(llvm::PHINode &Phi);
  void fillPhis();
  void emitMove(llvm::Instruction &I);
  void emitMath(llvm::Instruction &I);
  llvm::Value *
  pushTangents(llvm::Instruction &I,
               llvm::function_ref<llvm::Value *(llvm::Value *)> TangentOf,
               llvm::IRBuilderBase &B);
  llvm::Value *shiftShadow(llvm::Instruction &Cast, unsigned Lane,
                           llvm::IRBuilderBase &B);

  // ForwardMemory.cpp
  void emitAlloca(llvm::AllocaInst &I);
  void emitLoad(llvm::Instruction &I);
  llvm::Value *ownIfNone(llvm::Instruction &Load, llvm::Value &Shadow,
                         llvm::Value &Address, unsigned Lane,
                         llvm::IRBuilderBase &B);
  void emitStore(llvm::Instruction &I);
  void emitAtomic(llvm::Instruction &I);
  void emitCopy(llvm::MemTransferInst &I);
  void emitFill(llvm::MemSetInst &I);
  void zero(llvm::Value *Memory, llvm::Value *Size, llvm::MaybeAlign Align,
            llvm::IRBuilderBase &B);

  // ForwardWide.cpp
  bool emitWide(llvm::Instruction &I);
  llvm::Value *wideTangent(llvm::Value *V, unsigned Vector,
                           llvm::IRBuilderBase &B);
  llvm::Value *wideShadow(llvm::Value *Pointer, llvm::IRBuilderBase &B);
  void setWideShadow(llvm::Instruction &I, llvm::Value *Shadow);
  void setEachVector(llvm::Instruction &I,
                     llvm::function_ref<llvm::Value *(unsigned)> Emit);
  void emitWideAlloca(llvm::AllocaInst &I, llvm::IRBuilderBase &B);
  void emitWideAllocation(llvm::CallBase &Call, llvm::IRBuilderBase &B);
  void emitWideDeallocation(llvm::CallBase &Call, llvm::IRBuilderBase &B);
  void emitWideAddress(llvm::GetElementPtrInst &I, llvm::IRBuilderBase &B);
  void emitWideAccess(llvm::Instruction &I, llvm::IRBuilderBase &B);
  llvm::Value *accessedWide(llvm::Instruction &I);
  void emitTransposed(llvm::MemTransferInst &I, llvm::IRBuilderBase &B);
  void emitWideMove(llvm::MemIntrinsic &I, llvm::IRBuilderBase &B);
  void emitWideValue(llvm::Instruction &I, llvm::IRBuilderBase &B);
  void emitWidePhi(llvm::PHINode &Phi);

  // ForwardCalls.cpp
  bool emitCall(llvm::CallBase &Call);
  void emitAllocation(llvm::CallBase &Call);
  void emitDeallocation(llvm::CallBase &Call);
  void emitTape(llvm::CallBase &Call);
  void emitRegions(llvm::CallBase &Call);
  void emitTapeDefer(llvm::CallBase &Call);
  void emitAdjointCopy(llvm::CallBase &Call);
  void emitDerived(llvm::CallBase &Call);
  void replaceCall(llvm::CallBase &Call, llvm::Value *Primal);
  void emitPointerMoves(llvm::CallBase &Call);
  void emitTrap(llvm::CallBase &Call);
  void removeStopped();

  // ForwardCustom.cpp
  struct CustomCall;
  bool emitCustom(llvm::CallBase &Call);
  bool checkCustom(CustomCall &C);
  bool layOutCustomResult(CustomCall &C);
  llvm::SmallVector<llvm::Value *, 16>
  customArguments(CustomCall &C, unsigned Lane, llvm::IRBuilderBase &B);

  const DerivativeKey &Key;
  llvm::Function &F;
  WorkList &Work;
  ForwardPlan &Plan;
  const WideLanes Wide;
  /// As in ActivityFacts.
  const bool MayLackShadows;
  llvm::DenseMap<llvm::Value *, Lanes> Tangents;
  llvm::DenseMap<llvm::Value *, llvm::Value *> InactiveFlags;
  llvm::SmallVector<llvm::CallBase *, 2> Stopped; ///< at a call of nobody
  llvm::SmallVector<llvm::PHINode *, 8> Phis;
};

} // namespace tern
