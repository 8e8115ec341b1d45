// A program without any request compiles and runs as ever.
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>

int main(int argc, char **) {
  double sum = 0;
  for (int i = 0; i < 10 * argc; ++i)
    sum += std::sqrt(double(i));
  std::printf("%.17g\n", sum);
  return std::fabs(sum - 19.306000525951) < 1e-9 * argc ? 0 : 1;
}
