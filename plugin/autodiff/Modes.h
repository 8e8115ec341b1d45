// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The two modes, function in and function out, and the list of work between
// them: a transformation that meets a call asks for another derivative and
// never recurses into it.
#pragma once
#include "../Derivative.h"
#include "../analysis/CalleeEffects.h"

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

class CallTargets;

class WorkList {
public:
  virtual ~WorkList() = default;
  /// The function for `Key`, declared now, filled in later.
  virtual llvm::Function *request(const DerivativeKey &Key) = 0;
  /// What the functions of the module do to memory.
  virtual CalleeEffects &calleeEffects() = 0;
  /// What calls through pointers can reach.
  virtual const CallTargets &callTargets() const = 0;
};

/// Fills the body of `Into` (declared with derivativeType(Key)) with the
/// forward-mode derivative of `Canonical`, the canonical form of Key.Primal.
/// Returns false after reporting an error.
bool buildForward(const DerivativeKey &Key, llvm::Function &Canonical,
                  llvm::Function &Into, WorkList &Work);

/// The same for reverse mode (Grad, Record, Reverse).
bool buildReverse(const DerivativeKey &Key, llvm::Function &Canonical,
                  llvm::Function &Into, WorkList &Work);

} // namespace tern
