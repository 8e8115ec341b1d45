// RUN: %run-all-levels %s
// memmove within memory of which only the run shows whether it has a shadow:
// the reverse sweep moves the adjoints back and then clears those that had no
// source with a shadow. Where the ranges overlap these are adjoints that were
// just moved, so they must stay if the source has one.
#include "Inputs/near.h"
#include <cstring>

extern int enzyme_dup, enzyme_const;
template <class... T> void __enzyme_autodiff(void *, T...);

template <int To, int From>
static double moved(const double *start, double *x, double *c, int which,
                    long n) {
  double *p = which ? x : c;
  std::memmove(p + To, p + From, n * sizeof(double));
  double sum = 0;
  for (int i = 0; i < 8; ++i)
    sum += (i + 1) * p[i];
  return sum * start[0];
}

template <int To, int From> static void check(const double (&expected)[8]) {
  double start[1] = {2}, one[1] = {0};
  double x[8] = {1, 2, 3, 4, 5, 6, 7, 8}, c[8] = {8, 7, 6, 5, 4, 3, 2, 1};
  double dx[8] = {};
  __enzyme_autodiff((void *)moved<To, From>, enzyme_dup, start, one, enzyme_dup,
                    x, dx, enzyme_const, c, 1, 5L);
  for (int i = 0; i < 8; ++i)
    near(dx[i], 2 * expected[i]);
  // The same on memory without a shadow: nothing is added anywhere.
  double still[8] = {};
  double y[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  one[0] = 0;
  __enzyme_autodiff((void *)moved<To, From>, enzyme_dup, start, one, enzyme_dup,
                    y, still, enzyme_const, c, 0, 5L);
  double sum = 0;
  for (int i = 0; i < 8; ++i) {
    near(still[i], 0);
    sum += (i + 1) * c[i];
  }
  near(one[0], sum);
}

int main() {
  check<0, 3>({0, 0, 0, 1, 2, 3 + 6, 4 + 7, 5 + 8});
  check<3, 0>({1 + 4, 2 + 5, 3 + 6, 7, 8, 0, 0, 0});
  return failures();
}
