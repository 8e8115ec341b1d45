// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Derivatives that memory without a shadow would swallow.
//
// Problem. An active number stored in memory that was passed as Const leaves
// its derivative behind: there is no shadow to keep it. That is harmless if
// the memory is only output, and a wrong derivative if it is read again.
//
//   store double %active, ptr %const
//   ...
//   %v = load double, ptr %const          would have no derivative: refuse
#pragma once
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace llvm {
class Function;
class IRBuilderBase;
class Instruction;
class Value;
} // namespace llvm

namespace tern {

/// True if F may read one of `Objects`, which have no shadow, after `Store`
/// wrote there.
bool isReadAgain(const llvm::Instruction &Store,
                 llvm::ArrayRef<const llvm::Value *> Objects,
                 llvm::function_ref<bool(const llvm::Value *)> HasShadow);

/// The program stops with the message if `Condition`.
void stopIf(llvm::Value *Condition, const std::string &Message,
            llvm::IRBuilderBase &B);

/// Where only the run shows whether the memory has a shadow: the program stops,
/// naming the place, if `IsLost`.
void stopIfLost(llvm::Value *IsLost, const llvm::Instruction &Store,
                llvm::IRBuilderBase &B);

} // namespace tern
