// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RuleShadows.h"
#include "../Diagnostics.h"
#include "../analysis/Calls.h"
#include "../analysis/Objects.h"
#include "../request/Request.h"
#include "LostStores.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

GlobalVariable *tableBehind(const Value *Pointer) {
  if (!Pointer->getType()->isPointerTy())
    return nullptr;
  Objects All = objectsOf(Pointer);
  const auto *Table =
      All.size() == 1 ? dyn_cast<GlobalVariable>(All[0]) : nullptr;
  bool IsKnown = Table && Table->isConstant() && Table->hasInitializer() &&
                 !holdsPointer(Table->getValueType()) &&
                 Table->getType() == Pointer->getType();
  return IsKnown ? const_cast<GlobalVariable *>(Table) : nullptr;
}

Value *placeInTwin(Value *Pointer, Value *Base, IRBuilderBase &B) {
  const DataLayout &DL = B.GetInsertBlock()->getDataLayout();
  APInt Offset(DL.getIndexTypeSizeInBits(Pointer->getType()), 0);
  GlobalVariable *Table = tableBehind(Pointer);
  bool IsConstant = Pointer->stripAndAccumulateConstantOffsets(
                        DL, Offset, /*AllowNonInbounds=*/true) == Table;
  Value *Bytes = IsConstant ? B.getInt(Offset)
                            : B.CreatePtrDiff(B.getInt8Ty(), Pointer, Table);
  return B.CreateGEP(B.getInt8Ty(), Base, Bytes);
}

GlobalVariable *zerosFor(const GlobalVariable &Table) {
  Module &M = *const_cast<Module *>(Table.getParent());
  uint64_t Bytes = M.getDataLayout().getTypeAllocSize(Table.getValueType());
  auto *Zeros = ConstantAggregateZero::get(
      ArrayType::get(Type::getInt8Ty(M.getContext()), Bytes));
  auto *Shadow =
      new GlobalVariable(M, Zeros->getType(), /*isConstant=*/true,
                         GlobalValue::PrivateLinkage, Zeros, "tern.zeros");
  Shadow->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
  Shadow->setAlignment(Align(64));
  return Shadow;
}

bool recordTakesAllShadows(const Function &F) {
  const CustomRule *Rule = findCustomRule(F);
  if (!Rule || !Rule->Record)
    return false;
  unsigned Pointers = count_if(
      F.args(), [](const Argument &A) { return holdsPointer(A.getType()); });
  return Rule->Record->arg_size() - Rule->Record->hasStructRetAttr() ==
         F.arg_size() + Pointers;
}

/// The first page holds nothing: null, and Rust's empty slices.
static constexpr unsigned FirstPage = 4096;

void stopIfUnshadowed(Value *Pointer, Value *Shadow, const Function &F,
                      IRBuilderBase &B) {
  Value *Address = B.CreatePtrToInt(
      Pointer,
      B.GetInsertBlock()->getDataLayout().getIntPtrType(Pointer->getType()));
  Value *IsMemory =
      B.CreateICmpUGE(Address, ConstantInt::get(Address->getType(), FirstPage));
  stopIf(B.CreateAnd(B.CreateICmpEQ(Pointer, Shadow), IsMemory),
         "memory without a shadow is passed to the rule for " +
             readableName(F.getName()) +
             ": pass it with a zeroed shadow [tern-D08]",
         B);
}

} // namespace tern
