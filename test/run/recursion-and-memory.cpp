// What a recursive function reads through a pointer may be read again by its
// reverse sweep only if nobody writes there in between: its callers, itself,
// another argument, a global.
// RUN: %run-all-levels %s -w -I%S/../fuzz/support -lm
#include "single.h"

static real kept[4] = {0.1, 0.2, 0.3, 0.4};

// Reads p, list and kept only.
static real minors(real *p, long *list, long left) {
  if (left == 1)
    return p[list[0]] * kept[list[0] & 3];
  long others[8];
  for (long i = 1; i < left; ++i)
    others[i - 1] = list[i];
  real sum = 0;
  for (long i = 0; i < left; ++i) {
    sum = sum + p[list[i]] * minors(p, others, left - 1);
    others[i] = list[i];
  }
  return sum;
}

// Reads p, then overwrites it; the caller reads what was written.
static real in_place(real *p, long n) {
  if (n == 0)
    return p[0] * p[1];
  real before = p[n & 3];
  p[n & 3] = sin(before) + 0.5 * p[(n + 1) & 3];
  real inner = in_place(p, n - 1);
  return inner * before + p[n & 3] * p[n & 3];
}

// One argument is the other.
static real two_views(real *from, real *to, long n) {
  if (n == 0)
    return from[0];
  real here = from[n & 3] * from[n & 3];
  to[(n + 1) & 3] = 0.3 * here + 0.1;
  return here + two_views(to, from, n - 1) * from[(n + 1) & 3];
}

// The caller overwrites the list between the calls, and a global meanwhile.
static real shared = 0.7;
static real with_global(real *p, long n) {
  if (n == 0)
    return shared * p[0];
  real a = with_global(p, n - 1);
  shared = 0.4 * shared + 0.2 * a;
  real b = with_global(p, n - 1);
  return a * b + shared * p[n & 3];
}

static real even(real *p, real *q, long n);
static real odd(real *p, real *q, long n) {
  real *t = n & 2 ? p : q;
  real r = t[n & 3] * even(q, p, n - 1);
  t[n & 3] = 0.5 * r + 0.25;
  return r + t[n & 3];
}
static real even(real *p, real *q, long n) {
  return n <= 0 ? p[0] * q[1] : q[n & 3] * p[1] + odd(p, q, n - 1);
}

static real recursions(real *x, real *y, real a, real b, long n, long m) {
  long list[4] = {0, 1, 2, 3};
  real r = minors(x, list, 4);
  list[0] = 3;
  real copy[4], more[4];
  for (int i = 0; i < 4; ++i) {
    copy[i] = x[i] * a;
    more[i] = y[i] + b;
  }
  r = r + in_place(copy, 9);
  r = r + two_views(copy, copy, 5) + two_views(more, copy, 6);
  shared = 0.7;
  r = r + with_global(x, 3);
  r = r + even(copy, more, 6);
  in_place(x, 3);
  return r + copy[1] * more[2];
}

FUZZ_SINGLE(recursions)
