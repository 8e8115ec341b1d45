// The trip count of an inner loop is computed before the outer loop, also where
// the inner loop is skipped: it must then be 0, not what a count that wraps
// around says (plugin/analysis/LoopGuards.h). Tapes of 100 GB were asked for.
// RUN: %tern-clang++ -O0 %s -o %t -lm && %t
// RUN: %tern-clang++ -O2 %s -o %t -lm && %t
// RUN: %clang++ -O2 -emit-llvm -c %s -o %t.bc
// RUN: %tern-opt %t.bc -o %t.ad.bc && %clang++ -O2 %t.ad.bc -o %t -lm && %t
#include <cmath>
#include <cstdio>
#include <cstdlib>

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

template <class Int> static double two_loops(double x, Int n, Int m) {
  double b = x;
  for (Int i = 0; i < n; ++i) {
    for (Int j = 0; j < m; ++j)
      b = std::atan(x * b);
    for (Int j = 0; j < n + 3; ++j)
      b = std::sin(x * b);
  }
  return b;
}

// clang -O2 unrolls by four: the count is (m & ~3) / 4, guarded by m >= 4.
static double unrolled(double x, long n, long m) {
  double b = x;
  for (unsigned long i = 0; i != (unsigned long)n; ++i)
    for (int j = 0; j < (int)m; j++)
      b = std::atan(x * b * (i + 1.0));
  return b;
}

// Whether the inner loop runs is only known inside the outer one.
static double guarded(double x, long n, long m) {
  double b = x;
  for (long i = 0; i < n; ++i) {
    if (i < m) {
      long j = 0;
      do
        b = std::atan(x * b);
      while (++j != m);
    }
    b = std::cos(b * x);
  }
  return b;
}

template <class F, class Int>
static void check(const char *name, F f, Int n, Int m) {
  double reverse = __enzyme_autodiff((void *)f, 0.7, n, m);
  double forward = __enzyme_fwddiff((void *)f, 0.7, 1.0, n, m);
  if (std::fabs(reverse - forward) > 1e-12) {
    std::printf("%s %ld %ld: %g, not %g\n", name, (long)n, (long)m, reverse,
                forward);
    std::exit(1);
  }
}

int main() {
  for (int m = -3; m < 7; ++m) {
    check("int", two_loops<int>, 3, m);
    check("long", two_loops<long>, 3l, (long)m);
    check("guarded", guarded, 3l, (long)m);
    if (m >= 0)
      check("unrolled", unrolled, 3l, (long)m);
  }
}
