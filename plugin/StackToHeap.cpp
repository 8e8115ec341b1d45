// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "StackToHeap.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

/// From here on, eight shadows and their like may be too much.
static constexpr uint64_t LargeBytes = 1 << 16;

/// What malloc promises.
static constexpr uint64_t MallocAlign = 16;

static void freeBefore(Value *Memory, Instruction &At) {
  IRBuilder<> B(&At);
  FunctionCallee Free =
      At.getModule()->getOrInsertFunction("free", B.getVoidTy(), B.getPtrTy());
  B.CreateCall(Free, {Memory})->setDoesNotThrow();
}

/// The alloca's uses become those of fresh heap memory.
static Value *replaceByHeap(AllocaInst &Local) {
  IRBuilder<> B(&Local);
  const DataLayout &DL = Local.getDataLayout();
  Value *Size =
      B.getInt64(DL.getTypeAllocSize(Local.getAllocatedType()).getFixedValue());
  if (Local.isArrayAllocation())
    Size = B.CreateMul(
        Size, B.CreateZExtOrTrunc(Local.getArraySize(), B.getInt64Ty()));
  FunctionCallee Malloc = Local.getModule()->getOrInsertFunction(
      "malloc", B.getPtrTy(), B.getInt64Ty());
  CallInst *Memory = B.CreateCall(Malloc, {Size});
  Memory->takeName(&Local);
  Memory->addRetAttr(Attribute::NoAlias);
  Memory->setDoesNotThrow();
  Local.replaceAllUsesWith(Memory);
  Local.eraseFromParent();
  return Memory;
}

static bool canMove(const AllocaInst &Local) {
  return Local.getAlign().value() <= MallocAlign &&
         Local.getType()->getPointerAddressSpace() == 0 &&
         !Local.isUsedWithInAlloca() && !Local.isSwiftError() &&
         !Local.getAllocatedType()->isScalableTy() &&
         Local.getDataLayout().getPointerSizeInBits() == 64;
}

/// Where the stack's height was asked for that comes back here. At -O0 it is
/// kept in a variable.
static const Instruction *startOf(const IntrinsicInst &End) {
  const Value *Height = End.getArgOperand(0);
  if (const auto *Load = dyn_cast<LoadInst>(Height)) {
    const StoreInst *Only = nullptr;
    for (const User *U : Load->getPointerOperand()->users())
      if (const auto *Store = dyn_cast<StoreInst>(U)) {
        if (Only)
          return nullptr;
        Only = Store;
      }
    Height = Only ? Only->getValueOperand() : nullptr;
  }
  const auto *Start = dyn_cast_or_null<IntrinsicInst>(Height);
  return Start && Start->getIntrinsicID() == Intrinsic::stacksave ? Start
                                                                  : nullptr;
}

/// Where the array's life ends, each way once; nothing if that is not certain.
static SmallVector<IntrinsicInst *, 2> endsOf(AllocaInst &Array,
                                              ArrayRef<IntrinsicInst *> Ends,
                                              DominatorTree &DT, LoopInfo &LI) {
  SmallVector<IntrinsicInst *, 2> All, First;
  copy_if(Ends, std::back_inserter(All), [&](IntrinsicInst *End) {
    const Instruction *Start = startOf(*End);
    return Start && DT.dominates(Start, &Array) && DT.dominates(&Array, End);
  });
  copy_if(All, std::back_inserter(First), [&](IntrinsicInst *End) {
    return none_of(All, [&](IntrinsicInst *Other) {
      return Other != End && DT.dominates(Other, End);
    });
  });
  SmallPtrSet<BasicBlock *, 1> Again = {Array.getParent()};
  bool IsOnce = all_of(First, [&](IntrinsicInst *End) {
    const Loop *L = LI.getLoopFor(End->getParent());
    return (!L || L->contains(&Array)) &&
           none_of(First, [&](IntrinsicInst *Other) {
             return Other != End &&
                    isPotentiallyReachable(Other, End, &Again, &DT);
           });
  });
  return IsOnce ? First : SmallVector<IntrinsicInst *, 2>();
}

void moveVariableArraysToHeap(Function &F) {
  SmallVector<AllocaInst *, 4> Arrays;
  SmallVector<IntrinsicInst *, 4> Ends;
  for (Instruction &I : instructions(F)) {
    auto *Local = dyn_cast<AllocaInst>(&I);
    if (Local && !Local->isStaticAlloca() && canMove(*Local))
      Arrays.push_back(Local);
    auto *End = dyn_cast<IntrinsicInst>(&I);
    if (End && End->getIntrinsicID() == Intrinsic::stackrestore)
      Ends.push_back(End);
  }
  if (Arrays.empty() || Ends.empty())
    return;
  DominatorTree DT(F);
  LoopInfo LI(DT);
  for (AllocaInst *Array : Arrays) {
    SmallVector<IntrinsicInst *, 2> Own = endsOf(*Array, Ends, DT, LI);
    if (Own.empty())
      continue;
    Value *Memory = replaceByHeap(*Array);
    for (IntrinsicInst *End : Own)
      freeBefore(Memory, *End);
  }
}

void moveLargeArraysToHeap(Function &F) {
  SmallVector<AllocaInst *, 4> Arrays;
  SmallVector<Instruction *, 2> Exits;
  for (Instruction &I : instructions(F)) {
    auto *Local = dyn_cast<AllocaInst>(&I);
    if (Local && Local->isStaticAlloca() && canMove(*Local) &&
        Local->getAllocationSize(F.getDataLayout())->getFixedValue() >=
            LargeBytes)
      Arrays.push_back(Local);
    if (isa<ReturnInst, ResumeInst>(I))
      Exits.push_back(&I);
  }
  for (AllocaInst *Array : Arrays) {
    Value *Memory = replaceByHeap(*Array);
    for (Instruction *Exit : Exits)
      freeBefore(Memory, *Exit);
  }
}

} // namespace tern
