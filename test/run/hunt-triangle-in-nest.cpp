// The tape block of an innermost loop whose trip count depends on the outermost
// one is taken in each iteration of that; its index counts from there, not from
// where the block of the loop between is taken. Written past the end before.
// RUN: %tern-clang++ -O0 %s -o %t -lm && %t
// RUN: %tern-clang++ -O2 %s -o %t -lm && %t
#include <cmath>
#include <cstdio>

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double f(double x, long n, long m) {
  double b = x;
  for (long j = 0; j <= n; ++j)
    for (long i = 0; i < m; i++)
      for (long k = 0; k <= j; ++k)
        b = std::cos(x * b);
  return b;
}

int main() {
  double reverse = __enzyme_autodiff((void *)f, 0.7, 60l, 30l);
  double forward = __enzyme_fwddiff((void *)f, 0.7, 1.0, 60l, 30l);
  if (std::fabs(reverse - forward) < 1e-12 && std::fabs(forward) > 0.1)
    return 0;
  std::printf("%g, not %g\n", reverse, forward);
  return 1;
}
