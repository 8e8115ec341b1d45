// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops of which one iteration alone receives an adjoint.
//
// Problem. A running minimum or maximum compares in every iteration. Reversed
// step by step, all comparisons are recorded and all iterations walked through
// again, though the adjoint goes to the last one that won, and what came before
// it gets nothing.
//
// Idea. Where all that an iteration hands on is such a choice, carry the number
// of the iteration that won last; the reverse sweep runs that one, or none.
//
//   for c: m = d(c) < m ? d(c) : m         w = won ? c : w   (from -1)
//   reverse:  if w < 0, m.adj to the start; else the reverse of iteration w
//
// A loop qualifies if
//   - each active phi of its header becomes, at the end of an iteration, what
//     it was (the iteration lost) or something that does not depend on it (it
//     won), all of them by the same decision, and nothing else active uses it;
//   - nothing else that is active leaves an iteration, through memory neither;
//   - trip counts in it are known on entry: what an iteration has on the tape
//     is found by its number.
// A maximum over memory that the user's flags let the compiler vectorise is not
// to be slowed down by a number carried along; it is searched for afterwards
// (WinnerSearch.h).
#pragma once

namespace tern {

class ActivityFacts;
class FlowFacts;

/// Fills in LoopFacts::Winner and what goes with it, and inserts these values
/// into the record sweep.
void findWinners(FlowFacts &Flow, const ActivityFacts &Facts);

} // namespace tern
