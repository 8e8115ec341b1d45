// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Complex arithmetic that the compiler or the user leaves to the C library,
// written out in real operations, each of which has a rule.
//
//   %z = call { double, double } @cexp(double %a, double %b)
//     ->  { exp(%a) * cos(%b), exp(%a) * sin(%b) }
//
// Products are the plain formula: where __muldc3 would turn NaN into an
// infinity there is no derivative. Quotients are scaled as Smith's method does,
// so that they overflow only where the result does.
#pragma once
#include "llvm/IR/IRBuilder.h"

namespace llvm {
class CallBase;
class Value;
} // namespace llvm

namespace tern {

/// The value of the call, in its type; null if it is none of these functions or
/// its arguments have an unknown form.
llvm::Value *writeOutComplexCall(llvm::CallBase &Call, llvm::IRBuilderBase &B);

} // namespace tern
