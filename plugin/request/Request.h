// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A request is one call in the user's program that stands for a derivative.
// findRequests turns every front end's words into this form; after that nobody
// knows which front end it was.
#pragma once
#include "../Derivative.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/ValueHandle.h"

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
  /// They follow replacements: one marker call's result may be another's
  /// operand.
  llvm::SmallVector<llvm::WeakTrackingVH, 16> Operands;
  /// For each value the marker call returns, in order: the index into the
  /// fields of the generated function's result. The front end decides it.
  llvm::SmallVector<unsigned, 8> ResultFields;
  /// Fields of the generated function's result to store at an address.
  struct Store {
    unsigned Field;
    llvm::WeakTrackingVH Place;
  };
  llvm::SmallVector<Store, 4> Stores;
  /// Integer parameters that the request does not call inactive.
  llvm::SmallVector<unsigned, 2> UnmarkedIntegers;

  /// Split mode. The tape's pointer is the marker call's first result.
  llvm::WeakTrackingVH TapeToReturn;
  /// The tape to release after the call, and whether its struct was allocated.
  llvm::WeakTrackingVH TapeToFree;
  bool FreesTapeStruct = false;
};

/// All functions of the module that contain marker calls of any front end.
/// Wrappers that pass the function to differentiate on as an argument are
/// inlined into their callers first.
llvm::SmallVector<llvm::Function *, 8> functionsWithRequests(llvm::Module &M);

/// The requests in one function, read off its (mem2reg'd, wrappers inlined)
/// body. Malformed ones are reported and left out.
llvm::SmallVector<Request, 4> findRequests(llvm::Function &F);

/// Puts a call to `Derivative` in place of the marker call and hands its
/// results over in the shape that the marker's declared type asks for.
void replaceCall(const Request &R, llvm::Function &Derivative);

/// Custom rules that the program registers (TERN_GRADIENT, TERN_DERIVATIVE,
/// __enzyme_register_*). Null where there is none. Below, `args` are F's
/// parameters in order, each pointer p that carries derivatives followed by its
/// shadow; the result is one value (plain, struct or sret buffer).
///
///   Record(args)             -> {tape, result, shadow of result}
///                               what F lacks is left out: {tape, result} if
///                               the result is no pointer; `ptr tape` alone,
///                               not in a struct, if F returns void
///   Reverse(args, seed, tape)-> the adjoints of F's floating-point parameters
///                               (all of them, active or not) in order; one
///                               alone as a plain scalar; void if none. `seed`
///                               only if F's result is floating-point. `tape`
///                               is the first field of Record's result, passed
///                               back untouched
///   Jvp(args, where a floating-point parameter too is followed by its tangent)
///                            -> {result, tangent}, or the tangent alone if the
///                               rule's own type says so; void if F returns
///                               void
struct CustomRule {
  llvm::Function *Record = nullptr, *Reverse = nullptr, *Jvp = nullptr;
};
const CustomRule *findCustomRule(const llvm::Function &F);

/// Reads registrations and annotations of the module into the rule map and
/// these attributes, and lowers the hooks that ask for no derivative:
///   function attribute "tern_inactive"            carries no derivative
///   function attribute "tern_function_like"="sin" has sin's derivative
///   function attribute "tern_nofree"              releases no memory
///   function attributes "tern_allocation_like"="<index of the size argument>"
///                       and "tern_deallocation_like" on the one that frees
///   call-site attribute "tern_inactive"           __enzyme_call_inactive
///   global attribute "tern_inactive"              inactive memory
void readRegistrations(llvm::Module &M);

} // namespace tern
