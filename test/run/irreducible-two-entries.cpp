// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A cycle with two entries, and a block that branches to both of them. LLVM's
// fix-irreducible forgot what that block hands to one of the two: the counter
// stood still. (Found by the hunt, in a second derivative.)
// RUN: %run-all-levels %s
#include "Inputs/near.h"
#include <cmath>
#include <tern/tern.hpp>

static double around(double x, long n, int start, long again) {
  double s = x;
  long i = n;
  if (start)
    goto one;
two:
  s = std::sin(s) + 0.1 * i;
  goto body;
one:
  s = s * 0.9 + 0.2 * i;
body:
  s = s * x;
  if (i == 0)
    return s;
  i -= 1;
  if (again)
    goto one;
  goto two;
}

// The same, spelled with loops.
static double around_twin(double x, long n, int start, long again) {
  double s = x;
  for (long i = n;; --i) {
    bool is_one = i == n ? start != 0 : again != 0;
    s = (is_one ? s * 0.9 + 0.2 * i : std::sin(s) + 0.1 * i) * x;
    if (i == 0)
      return s;
  }
}

int main() {
  for (int start = 0; start < 2; ++start)
    for (long again = 0; again < 2; ++again)
      for (long n = 0; n < 4; ++n) {
        double slope = tern::grad<around_twin>(0.7, n, start, again);
        near(tern::grad<around>(0.7, n, start, again), slope);
        near(tern::jvp<around>(tern::Dual{0.7, 1.0}, n, start, again), slope);
      }
  return failures();
}
