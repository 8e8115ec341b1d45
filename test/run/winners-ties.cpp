// Which of equal entries has the derivative of a minimum or maximum: the same
// in both modes, and the one that docs/edge-points.md says, though the reverse
// sweep does not look at the comparisons. Also: no entry, one entry, none that
// exceeds the start, signed zeros and infinities.
// RUN: %run-all-levels %s -lm
// RUN: %run-all-levels %s -lm -ffast-math -DFINITE
#include <math.h>
#include <stdio.h>

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
int enzyme_dup, enzyme_const;

static double first_largest(double *x, long n) {
  double most = x[0];
  for (long i = 1; i < n; ++i)
    most = x[i] > most ? x[i] : most;
  return most;
}

static double last_largest(double *x, long n) {
  double most = x[0];
  for (long i = 1; i < n; ++i)
    most = x[i] >= most ? x[i] : most;
  return most;
}

static double carried_first(double *x, long n) {
  double most = x[0];
  for (long i = 1; i < n; ++i)
    most = fmax(most, x[i]);
  return most;
}

static double entry_first(double *x, long n) {
  double most = x[0];
  for (long i = 1; i < n; ++i)
    most = fmax(x[i], most);
  return most;
}

static double smallest(double *x, long n) {
  double least = x[0];
  for (long i = 1; i < n; ++i)
    if (x[i] < least)
      least = x[i];
  return least;
}

// With two steps between, so that an iteration's number is not its index.
static double backwards(double *x, long n) {
  double most = -100;
  for (long i = n - 1; i >= 0; i -= 2)
    most = x[i] > most ? x[i] : most;
  return most;
}

static int failed;

template <class F>
static void check(const char *name, F f, const double *at, long n, long want) {
  double x[9] = {}, g[9] = {};
  for (long i = 0; i < 9; ++i)
    x[i] = at[i];
  __enzyme_autodiff((void *)f, enzyme_dup, x, g, enzyme_const, n);
  for (long i = 0; i < 9; ++i) {
    double t[9] = {};
    t[i] = 1;
    double forward =
        __enzyme_fwddiff((void *)f, enzyme_dup, x, t, enzyme_const, n);
    // Fast maths may write a select as a maximum: then both modes agree still.
    bool IsRight = g[i] == forward;
#ifndef FINITE
    IsRight &= forward == (i == want ? 1 : 0);
#endif
    if (!IsRight) {
      printf("%s, n = %ld, want %ld: %ld has %g forward, %g reverse\n", name, n,
             want, i, forward, g[i]);
      failed = 1;
    }
  }
}

int main() {
  const double ties[] = {1, 3, 2, 3, 0, 3, 1, 0, 9};
  const double falling[] = {5, 4, 5, 3, 5, 2, 1, 0, 9};
  const double zeros[] = {-0.0, 0.0, -0.0, 0.0, -0.0, -1, -2, -3, 9};
  check("first", first_largest, ties, 8, 1);
  check("last", last_largest, ties, 8, 5);
  check("fmax(most, x)", carried_first, ties, 8, 1);
  check("fmax(x, most)", entry_first, ties, 8, 5);
  check("smallest", smallest, ties, 8, 4);
  check("backwards", backwards, ties, 8, 5);
  check("first", first_largest, falling, 8, 0);
  check("last", last_largest, falling, 8, 4);
  check("fmax(most, x)", carried_first, falling, 8, 0);
  check("fmax(x, most)", entry_first, falling, 8, 4);
  check("smallest", smallest, falling, 8, 7);
  check("first", first_largest, zeros, 8, 0);
  check("last", last_largest, zeros, 8, 4);
  check("smallest", smallest, zeros, 5, 0);
  for (long n = 0; n < 2; ++n) {
    check("first", first_largest, ties, n, 0);
    check("fmax(most, x)", carried_first, ties, n, 0);
    check("fmax(x, most)", entry_first, ties, n, 0);
    check("backwards", backwards, ties, n, n ? 0 : -1);
  }
#ifndef FINITE
  const double special[] = {-INFINITY, NAN,      1, NAN, INFINITY,
                            2,         INFINITY, 0, 9};
  check("first", first_largest, special, 8, 4);
  check("last", last_largest, special, 8, 6);
  check("fmax(most, x)", carried_first, special, 8, 4);
  check("fmax(x, most)", entry_first, special, 8, 6);
#endif
  return failed;
}
