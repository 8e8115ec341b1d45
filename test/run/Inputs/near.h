/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A test program calls near() for each number and returns failures(). */
#ifndef TEST_NEAR_H
#define TEST_NEAR_H
#include <math.h>
#include <stdio.h>

static int near_failures = 0;
static int near_checks = 0;

/* `found` within 1e-9 (relative, or absolute below 1) of `wanted`. */
static void near_at(int line, double found, double wanted, double tolerance) {
  double scale = fabs(wanted) > 1 ? fabs(wanted) : 1;
  ++near_checks;
  if (!(fabs(found - wanted) <= tolerance * scale)) {
    printf("line %d: %.17g instead of %.17g\n", line, found, wanted);
    ++near_failures;
  }
}
#define near(found, wanted) near_at(__LINE__, found, wanted, 1e-9)
#define near_float(found, wanted) near_at(__LINE__, found, wanted, 1e-5)

/* Exit status: a program that checks nothing fails too. */
static int failures(void) { return near_checks == 0 || near_failures != 0; }
#endif
