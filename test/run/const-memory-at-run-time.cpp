// Whether memory has a shadow may depend on the input. A derivative that would
// get lost in memory without stops the program and names the line.
// RUN: %tern-clang++ -O1 -gline-tables-only %s -o %t
// RUN: %t forward 0 && %t reverse 0 && %t forward 1 && %t reverse 1
// RUN: %not --crash %t forward 2 2>&1 | FileCheck %s
// RUN: %not --crash %t reverse 2 2>&1 | FileCheck %s
// RUN: %tern-clang++ -O0 -gline-tables-only %s -o %t.0
// RUN: %not --crash %t.0 reverse 2 2>&1 | FileCheck %s
// CHECK: tern: a value that carries a derivative is stored at {{.*}}const-memory-at-run-time.cpp:[[#@LINE+13]] in memory without a shadow
#include <cmath>
#include <cstdlib>
#include <cstring>

extern int enzyme_dup, enzyme_const;
template <class R, class... T> R __enzyme_autodiff(void *, T...);
template <class R, class... T> R __enzyme_fwddiff(void *, T...);

static double f(double *x, double *fixed, double *work, long n) {
  double *table[4] = {x, work, fixed, fixed + 1};
  double sum = 0;
  for (long i = 0; i < n; ++i) {
    table[(i * i + n) & 3][0] = x[1] * x[1];
    sum += table[(i + n) & 3][0] * x[2];
  }
  return sum;
}

int main(int, char **argv) {
  double x[3] = {1, 2, 3}, fixed[3] = {}, work[3] = {}, dx[3] = {}, dwork[3] = {};
  long n = std::atoi(argv[2]);
  double want = n ? 12 : 0, got;
  if (!std::strcmp(argv[1], "forward")) {
    dx[1] = 1;
    got = __enzyme_fwddiff<double>((void *)f, enzyme_dup, x, dx, enzyme_const,
                                   fixed, enzyme_dup, work, dwork, enzyme_const,
                                   n);
  } else {
    __enzyme_autodiff<void>((void *)f, enzyme_dup, x, dx, enzyme_const, fixed,
                            enzyme_dup, work, dwork, enzyme_const, n);
    got = dx[1];
  }
  return std::fabs(got - want) > 1e-9;
}
