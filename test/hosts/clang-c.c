/* clang -fpass-plugin: C, memory and a loop. The derivative of a sum of squares
   is added to the shadow.
   RUN: clang -fpass-plugin=%plugin -O0 %s -o %t -lm && %t
   RUN: %tern-clang -O2 %s -o %t && %t */
#include <math.h>

void __enzyme_autodiff(void *, ...);

static double sum_of_squares(const double *x, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += x[i] * x[i];
  return sum;
}

int main(void) {
  double x[4] = {1, -2, 3, 0.5}, shadow[4] = {0, 0, 0, 10};
  __enzyme_autodiff((void *)sum_of_squares, x, shadow, 4);
  double expected[4] = {2, -4, 6, 11};
  for (int i = 0; i < 4; ++i)
    if (fabs(shadow[i] - expected[i]) > 1e-14)
      return 1;
  return 0;
}
