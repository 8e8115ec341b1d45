// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "PackedFloats.h"
#include "../Diagnostics.h"
#include "Request.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace tern {

/// Passes bits on, some or all of them.
static bool passesBits(const Instruction &I) {
  switch (I.getOpcode()) {
  case Instruction::Trunc:
  case Instruction::ZExt:
  case Instruction::LShr:
  case Instruction::Shl:
  case Instruction::And:
  case Instruction::Or:
  case Instruction::PHI:
  case Instruction::Select:
  case Instruction::Freeze:
  case Instruction::BitCast:
    return true;
  default:
    return false;
  }
}

static bool becomesFloat(const Argument &Bits) {
  SmallVector<const User *, 8> Work(Bits.users());
  SmallPtrSet<const User *, 8> Seen;
  while (!Work.empty()) {
    const auto *I = dyn_cast<Instruction>(Work.pop_back_val());
    if (!I || !Seen.insert(I).second || !passesBits(*I))
      continue;
    if (I->getType()->isFPOrFPVectorTy()) {
      if (isa<BitCastInst>(I))
        return true;
      continue; // a condition that chooses between numbers
    }
    Work.append(I->user_begin(), I->user_end());
  }
  return false;
}

bool checkPackedFloats(const Request &R, const Function &Form) {
  for (unsigned Param : R.UnmarkedIntegers)
    if (becomesFloat(*Form.getArg(Param))) {
      report(Diag::BadRequest, *R.Call,
             {"argument " + std::to_string(Param + 1) + " of '" +
                  readableName(R.Key.Primal->getName()) +
                  "' is a word of a struct with a floating-point number in it",
              "pass the struct by pointer, with a shadow, or mark it "
              "enzyme_const"});
      return false;
    }
  return true;
}

} // namespace tern
