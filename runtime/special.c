/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The polygamma function: what the derivatives of tgamma and lgamma need, and
 * their derivatives again (the table has a row for it: order + 1).
 *
 *   tern_polygamma(n, x) = the n-th derivative of digamma at x
 *
 * For large x an asymptotic series with Bernoulli numbers B(2k) holds
 * (Abramowitz and Stegun 6.3.18 and 6.4.11):
 *
 *   digamma(x)      ~ log x - 1/(2x) - sum B(2k) / (2k x^2k)
 *   polygamma(n, x) ~ (-1)^(n+1) [ (n-1)!/x^n + n!/(2 x^(n+1))
 *                       + sum B(2k) (2k+n-1)! / ((2k)! x^(2k+n)) ]
 *
 * Small x are moved up first, one step at a time:
 *
 *   polygamma(n, x) = polygamma(n, x + 1) - (-1)^n n! / x^(n+1)
 *
 * and negative x are reflected:
 *
 *   polygamma(n, x) = (-1)^n polygamma(n, 1 - x) - (d/dx)^n pi cot(pi x)
 *
 * All of it in long double, so that the double result is rounded once: relative
 * error below 1e-15 (1e-17 in long double), except beside the zeros of digamma,
 * where that is the absolute error. Poles: infinite at zero, NaN at the
 * negative integers, as tgamma itself. */
#include <math.h>

enum { max_order = 60, bernoulli_count = 13 };

/* B(2k) / (2k)!, k = 1 ... 13 */
static const long double bernoulli_over_factorial[bernoulli_count] = {
    8.3333333333333333333333333333333333e-2L,
    -1.3888888888888888888888888888888889e-3L,
    3.3068783068783068783068783068783069e-5L,
    -8.2671957671957671957671957671957672e-7L,
    2.0876756987868098979210090321201432e-8L,
    -5.2841901386874931848476822021795567e-10L,
    1.3382536530684678832826980975129123e-11L,
    -3.3896802963225828668301953912494425e-13L,
    8.5860620562778445641359054504256271e-15L,
    -2.1748686985580618730415164238659179e-16L,
    5.5090028283602295152026526089022549e-18L,
    -1.3954464685812523340707686264063550e-19L,
    3.5347070396294674716932299778037992e-21L,
};

static long double series_digamma(long double x) {
  long double inverse_square = 1 / (x * x);
  long double sum = 0, factorial_over_k = 1; /* (2k)! / 2k = (2k - 1)! */
  long double power = inverse_square;
  for (int k = 1; k <= bernoulli_count; ++k) {
    sum += bernoulli_over_factorial[k - 1] * factorial_over_k * power;
    factorial_over_k *= (2.0L * k) * (2.0L * k + 1);
    power *= inverse_square;
  }
  return logl(x) - 0.5L / x - sum;
}

/* |polygamma(n, x)| / n! for n >= 1; the division keeps high orders in range.
 */
static long double series_polygamma(int n, long double x) {
  long double inverse = 1 / x, power = powl(inverse, n);
  long double sum = power / n + 0.5L * power * inverse;
  long double rising = n + 1; /* (2k + n - 1)! / n! */
  power *= inverse * inverse;
  for (int k = 1; k <= bernoulli_count; ++k) {
    sum += bernoulli_over_factorial[k - 1] * rising * power;
    rising *= (2.0L * k + n) * (2.0L * k + n + 1);
    power *= inverse * inverse;
  }
  return sum;
}

static long double factorial(int n) {
  long double product = 1;
  for (int i = 2; i <= n; ++i)
    product *= i;
  return product;
}

static long double polygamma_positive(int n, long double x) {
  long double moved = 0, least = 16 + 2.0L * n;
  for (; x < least; x += 1)
    moved += n == 0 ? 1 / x : powl(x, -(n + 1));
  if (n == 0)
    return series_digamma(x) - moved;
  long double size = factorial(n) * (series_polygamma(n, x) + moved);
  return n % 2 == 0 ? -size : size;
}

/* (d/dx)^n pi cot(pi x) = pi^(n+1) P(cot(pi x)), where P starts as P(c) = c and
 * each derivative makes it -(1 + c^2) P'(c). */
static long double cotangent_derivative(int n, long double x) {
  const long double pi = 3.14159265358979323846264338327950288L;
  long double P[max_order + 2] = {0, 1}, next[max_order + 2];
  for (int step = 0; step < n; ++step) {
    for (int i = 0; i <= step + 2; ++i)
      next[i] = (i <= step ? -(i + 1) * P[i + 1] : 0) -
                (i >= 2 ? (i - 1) * P[i - 1] : 0);
    for (int i = 0; i <= step + 2; ++i)
      P[i] = next[i];
  }
  long double turn = x - roundl(x);
  long double cotangent = cosl(pi * turn) / sinl(pi * turn), value = 0;
  for (int i = n + 1; i >= 0; --i)
    value = value * cotangent + P[i];
  return value * powl(pi, n + 1);
}

long double tern_polygammal(int n, long double x) {
  if (isnan(x) || n < 0 || n > max_order)
    return x + NAN;
  if (x == 0)
    return n % 2 == 0 ? -1 / x : INFINITY;
  if (x > 0)
    return polygamma_positive(n, x);
  if (x == floorl(x))
    return NAN;
  long double reflected = polygamma_positive(n, 1 - x);
  return (n % 2 == 0 ? reflected : -reflected) - cotangent_derivative(n, x);
}

double tern_polygamma(int n, double x) { return (double)tern_polygammal(n, x); }

float tern_polygammaf(int n, float x) { return (float)tern_polygammal(n, x); }
