// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stores whose place was chosen by the way that led to them.
//
// Problem. Optimised code merges `a = x` on one path and `b = y` on another to
// one store through a phi of addresses. Variables that are written so cannot be
// promoted to values, and share one type although one may hold a size and the
// other a pointer (Rust's Vec grows through such a union).
//
// Idea. Give each way its own store.
//
//   join:  %p = phi [%a, %left], [%b, %right]     left:   store %x, %a
//          %v = phi [%x, %left], [%y, %right]  -> right:  store %y, %b
//          store %v, %p                           join:   ...
//
// Only for variables of the function itself, and only at the head of a block,
// where nothing can come between.
#pragma once

namespace llvm {
class Function;
} // namespace llvm

namespace tern {

void separateChosenStores(llvm::Function &F);

} // namespace tern
