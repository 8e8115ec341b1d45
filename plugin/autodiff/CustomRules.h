// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Derivatives that the program gives itself (TERN_GRADIENT, TERN_DERIVATIVE,
// __enzyme_register_*).
//
// Problem. A rule has the signature of a C function that a person writes; the
// modes call derivatives with the signature of derivativeType, and keep what
// the reverse sweep needs on a tern_tape.
//
// Idea. An adapter: the derivative that was asked for, with a body that calls
// the rule. The modes then treat the call as that of any function that they do
// not look into.
//
//   @f.record(x, p, p.shadow, tape):   {t, y} = f_record(x, p, p.shadow)
//                                      push t on the tape
//   @f.reverse(x, p, p.shadow, seed, tape):
//                                      pop t
//                                      x.adj = f_reverse(x, p, p.shadow, seed,
//                                      t)
//
// Request.h has the rules' signatures; one that does not fit is an error (D05).
#pragma once
#include "../Derivative.h"

namespace tern {

/// True if the program gave a rule for this mode.
bool hasRuleFor(const llvm::Function &F, Mode M);

/// Fills `Into`, declared with derivativeType(Key), by calls of the rule for
/// Key.Primal (hasRuleFor holds). Returns false after reporting an error.
bool buildFromRule(const DerivativeKey &Key, llvm::Function &Into);

} // namespace tern
