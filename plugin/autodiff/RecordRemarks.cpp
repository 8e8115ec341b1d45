// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "RecordRemarks.h"
#include "../Diagnostics.h"
#include "../analysis/Calls.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"

using namespace llvm;

namespace tern {

static std::string reasonFor(const Instruction &I) {
  if (isa<PHINode>(I))
    return I.getType()->isFPOrFPVectorTy()
               ? "a value that the loop carries from one iteration to the next"
               : "which way the flow took, or a value that depends on it";
  if (isa<LoadInst>(I))
    return "the memory that this was loaded from may be overwritten before the "
           "reverse sweep reads it";
  if (const auto *Call = dyn_cast<CallBase>(&I)) {
    const Function *Callee = calledFunction(*Call);
    std::string Name = Callee ? readableName(Callee->getName()) : "the callee";
    return "calling '" + Name + "' again costs more than to keep its result";
  }
  if (I.getType()->isPointerTy())
    return "an address that the reverse sweep cannot compute again";
  return "computing this again costs more than to keep it";
}

void remarkRecords(Function &G, ArrayRef<Value *> Values) {
  const DiagnosticHandler *Handler = G.getContext().getDiagHandlerPtr();
  if (!Handler || !Handler->isAnalysisRemarkEnabled("tern"))
    return;
  for (Value *V : Values) {
    const auto &I = *cast<Instruction>(V);
    uint64_t Bytes = G.getDataLayout().getTypeAllocSize(I.getType());
    report(Diag::Records, I,
           {std::to_string(Bytes) + " bytes per iteration",
            readableName(G.getName()), reasonFor(I)});
  }
}

} // namespace tern
