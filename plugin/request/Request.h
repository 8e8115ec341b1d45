// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A request is one call in the user's program that stands for a derivative.
// findRequests turns every front end's words into this form; after that nobody
// knows which front end it was.
#pragma once
#include "../Derivative.h"
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class CallBase;
class Function;
class Module;
class Value;
} // namespace llvm

namespace tern {

/// A call to replace. `Operands` are the arguments of the generated function in
/// the order of its signature (Derivative.h).
struct Request {
  llvm::CallBase *Call = nullptr;
  DerivativeKey Key;
  llvm::SmallVector<llvm::Value *, 16> Operands;
  /// For each value the marker call returns, in order: the index into the
  /// fields of the generated function's result. The front end decides it.
  llvm::SmallVector<unsigned, 8> ResultFields;
};

/// All functions of the module that contain marker calls of any front end.
llvm::SmallVector<llvm::Function *, 8> functionsWithRequests(llvm::Module &M);

/// The requests in one function, read off its (mem2reg'd, wrappers inlined)
/// body. Malformed ones are reported and left out.
llvm::SmallVector<Request, 4> findRequests(llvm::Function &F);

/// Puts a call to `Derivative` in place of the marker call and hands its
/// results over in the shape that the marker's declared type asks for.
void replaceCall(const Request &R, llvm::Function &Derivative);

/// Custom rules that the program registers (TERN_GRADIENT, TERN_DERIVATIVE,
/// __enzyme_register_*). Null where there is none.
struct CustomRule {
  llvm::Function *Record = nullptr, *Reverse = nullptr, *Jvp = nullptr;
};
const CustomRule *findCustomRule(const llvm::Function &F);

/// Reads registrations and annotations of the module (custom rules, inactive
/// functions and globals) into function attributes and the rule map.
void readRegistrations(llvm::Module &M);

} // namespace tern
