/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Tern from C, by Enzyme's convention: a marker before each argument says what
 * it is. The gradient of a least-squares fit of a line.
 *
 *   tern-clang -O2 in_c.c -o in_c -lm && ./in_c
 */
#include <math.h>
#include <stdio.h>

extern int enzyme_dup, enzyme_const, enzyme_out;
double __enzyme_autodiff(void *, ...);
void __enzyme_autodiff_line(void *, ...);

double square(double x) { return x * x; }

/* sum of (line[0] + line[1] t - y)^2 */
double misfit(const double *line, const double *t, const double *y, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += square(line[0] + line[1] * t[i] - y[i]);
  return sum;
}

int main(void) {
  const double t[] = {0, 1, 2, 3}, y[] = {1, 3, 5, 8};
  const double line[] = {0.5, 2.0};
  double d_line[] = {0, 0};
  __enzyme_autodiff_line((void *)misfit, enzyme_dup, line, d_line, enzyme_const,
                         t, enzyme_const, y, enzyme_const, 4);

  double expected[] = {0, 0};
  for (int i = 0; i < 4; ++i) {
    const double residual = line[0] + line[1] * t[i] - y[i];
    expected[0] += 2 * residual;
    expected[1] += 2 * residual * t[i];
  }
  const double slope = __enzyme_autodiff((void *)square, enzyme_out, 3.0);
  printf("d/da %g (expected %g), d/db %g (expected %g), slope %g\n", d_line[0],
         expected[0], d_line[1], expected[1], slope);
  return fabs(d_line[0] - expected[0]) < 1e-12 &&
                 fabs(d_line[1] - expected[1]) < 1e-12 && slope == 6
             ? 0
             : 1;
}
