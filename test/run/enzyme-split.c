// RUN: %run-all-levels %s
// __enzyme_augmentfwd and __enzyme_reverse: tapes of our own and of the caller.
#include "Inputs/near.h"
#include <stdlib.h>

int enzyme_const, enzyme_dup, enzyme_allocated, enzyme_tape, enzyme_nofree;

struct recorded {
  void *tape;
  double result;
};
void *__enzyme_augmentfwd(void *, ...);
struct recorded __enzyme_augmentfwd_result(void *, ...);
double __enzyme_augmentfwd_on_tape(void *, ...);
size_t __enzyme_augmentsize(void *, ...);
double __enzyme_reverse(void *, ...);
double __enzyme_autodiff(void *, ...);
void __enzyme_reverse_void(void *, ...);

static double powers(double x, double *p, int n) {
  double product = x;
  for (int i = 0; i < n; ++i)
    product *= p[i];
  return product;
}
static void square_all(double *p, int n) {
  for (int i = 0; i < n; ++i)
    p[i] = p[i] * p[i];
}

// Small structs, which come back in registers, and their adjoints.
typedef struct {
  double a, b;
} two;
typedef struct {
  float a, b, c;
} three;
struct recorded_two {
  void *tape;
  two result;
};
struct recorded_three {
  void *tape;
  three result;
};
struct recorded_two __enzyme_augmentfwd_two(void *, ...);
struct recorded_three __enzyme_augmentfwd_three(void *, ...);

static two square_and_triple(double x) {
  two r = {x * x, 3 * x};
  return r;
}
static three multiples(double x) {
  three r = {(float)x, (float)(x * x), (float)(4 * x)};
  return r;
}

static void adjoints_of_structs(void) {
  two seed2 = {10, 1};
  struct recorded_two r2 =
      __enzyme_augmentfwd_two((void *)square_and_triple, 2.0);
  near(r2.result.a, 4);
  near(r2.result.b, 6);
  near(__enzyme_reverse((void *)square_and_triple, 2.0, seed2, r2.tape), 43);
  near(__enzyme_autodiff((void *)square_and_triple, 2.0, seed2), 43);
  near(__enzyme_autodiff((void *)square_and_triple, 2.0), 7);
  three seed3 = {1, 10, 100};
  struct recorded_three r3 = __enzyme_augmentfwd_three((void *)multiples, 3.0);
  near(r3.result.c, 12);
  near(__enzyme_reverse((void *)multiples, 3.0, seed3, r3.tape), 461);
}

int main(void) {
  adjoints_of_structs();
  double p[3] = {2, 3, 5}, dp[3] = {0, 0, 0};
  struct recorded r = __enzyme_augmentfwd_result((void *)powers, 7.0, p, dp, 3);
  near(r.result, 210);
  near(__enzyme_reverse((void *)powers, 7.0, p, dp, 3, 2.0, r.tape), 60);
  near(dp[0], 210);
  near(dp[2], 84);

  dp[0] = dp[1] = dp[2] = 1;
  void *tape = __enzyme_augmentfwd((void *)square_all, p, dp, 3);
  near(p[2], 25);
  __enzyme_reverse_void((void *)square_all, p, dp, 3, tape);
  near(dp[0], 4);
  near(dp[2], 10);

  // The tape in our memory, read twice.
  double q[2] = {2, 3}, dq[2] = {0, 0};
  static char memory[256];
  size_t size = __enzyme_augmentsize((void *)powers, enzyme_dup, enzyme_dup);
  near(size <= sizeof memory, 1);
  near(__enzyme_augmentfwd_on_tape((void *)powers, enzyme_allocated, 80,
                                   enzyme_tape, memory, 7.0, q, dq, 2),
       42);
  near(__enzyme_reverse((void *)powers, enzyme_allocated, 80, enzyme_tape,
                        memory, enzyme_nofree, 7.0, q, dq, 2, 1.0),
       6);
  near(__enzyme_reverse((void *)powers, enzyme_allocated, 80, enzyme_tape,
                        memory, 7.0, q, dq, 2, 1.0),
       6);
  near(dq[0], 42);
  return failures();
}
