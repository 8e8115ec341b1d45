// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The forms in which a row's name occurs in IR: as an instruction, as an
// intrinsic, as a libm call; and a function around one that applies the row.
#pragma once
#include "Samples.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include <optional>

namespace tern::test {

enum class Kind { Instruction, Intrinsic, Libm };

struct Form {
  Form(const Sample &S, Kind TheKind, llvm::Type *Ty);
  const Sample *Of;
  Kind TheKind;
  llvm::Type *Ty;     ///< of the floating-point operands
  std::string Symbol; ///< of its function
};

/// The forms that exist for the type on this machine.
std::vector<Form> formsFor(const Sample &S, llvm::Type *Ty);

/// Where the results of a form's function are.
enum : unsigned {
  ResultAt = 0,
  PartialAt = 1, ///< + operand or field
  PushAt = 4,
  PullAt = 7,
  SecondAt = 10, ///< + 3 * operand + other operand
  Slots = 19,
  DirectionIn = 3, ///< the tangent or adjoint, after the operands
};

/// The instruction itself, on the given operands.
llvm::Instruction *emitPrimal(const Form &F, llvm::ArrayRef<llvm::Value *> Args,
                              llvm::IRBuilderBase &B);
/// The operands, loaded from slots.
llvm::SmallVector<llvm::Value *, 3> loadOperands(const Form &F, llvm::Value *In,
                                                 llvm::IRBuilderBase &B);
llvm::Value *slot(llvm::Value *Base, unsigned Index, llvm::IRBuilderBase &B);

/// void symbol(const Slot *In, Slot *Out): result, partials and products.
llvm::Function *emitForm(const Form &F, llvm::Module &M);

} // namespace tern::test
