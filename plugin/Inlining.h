// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls become code, so that most derivatives need no tape across functions.
//
// Everything whose body is visible is inlined except: functions on a cycle of
// the call graph (recursion keeps its calls), functions that a rule knows
// better than their body (libm, allocators, inactive, custom rules), and what
// would exceed the size budget.
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

/// Inlines into `Clone`, the working copy of `Origin`. True on change.
bool inlineVisibleCalls(llvm::Function &Clone, llvm::Function &Origin);

} // namespace tern
