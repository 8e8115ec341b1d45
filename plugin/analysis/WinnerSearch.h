// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The winner of a minimum or maximum (Winners.h), found after the loop.
//
// Problem. With flags that promise that there are no NaNs, compilers vectorise
// a running maximum; not so if the number of the iteration that won is carried
// along.
//
// Idea. Leave the loop as it is, and compare once more with the result. That
// loop is a maximum of integers, which is vectorised too.
//
//   for i: m = max(x[i], m)      ->      for i: w = max(w, x[i] == m ? i : -1)
//
// Ties go to the first operand, as in rules/Math.def: the last equal entry has
// won in max(x[i], m), the first in max(m, x[i]), where it is none if the start
// is equal already.
#pragma once

namespace llvm {
class Loop;
class Value;
} // namespace llvm

namespace tern {

class FlowFacts;
struct Pick;

/// A single block that changes no memory and in which what is compared is cheap
/// to have again.
bool isSearchable(const llvm::Loop &L, const Pick &P);
/// Stands for the winner until the search is built.
llvm::Value *placeholderForSearch(llvm::Loop &L);
/// Puts the searches behind their loops. Last: FlowFacts does not know of the
/// new blocks.
void buildSearches(FlowFacts &Flow);

} // namespace tern
