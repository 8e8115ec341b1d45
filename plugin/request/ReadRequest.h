// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One marker call, word by word, into a Request.
//
// Problem. The operands of a marker call follow a small grammar:
//
//   call  := function item*
//   item  := width N | interleave | shadow_of_each | *_return | noret
//          | tape p | allocated N | nofree | word* argument shadow*
//   word  := const | dup | dupnoneed | out | dupv N | byref N | pointee_*
//
// Idea. One pass from left to right. Words about the next argument queue up and
// an argument takes the first of each kind, so that "dup p dp out x" and
// Tern's "dup out p x shadow_of_each dp -" read alike. What stands after the
// last argument is the seed of an active result, then the tape.
//
// In:  __enzyme_autodiff(f, enzyme_const, n, enzyme_dup, p, dp, x)
// Out: Grad of f, args {Const, Duplicated, Active}, result Active;
//      operands n, p, dp, x, 1.0; result field 0
//
// On entry allocas of the calling function are promoted (so that words are
// loads of globals, not of locals). On exit conversions and loads may stand
// before the call, which itself is unchanged. Anything malformed is reported
// (D05) and gives no request.
#pragma once
#include "Markers.h"
#include "Request.h"
#include <optional>

namespace tern {

std::optional<Request> readRequest(llvm::CallBase &Call, Hook Kind);

} // namespace tern
