/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

   A float that shares a register with an integer: its derivative was dropped,
   in forward mode (0 instead of 8) as in reverse mode.
   RUN: not %tern-clang -O0 -c %s -o %t 2>&1 | FileCheck %s
   RUN: not %tern-clang -O2 -c %s -o %t 2>&1 | FileCheck %s
   RUN: %tern-clang -O2 -DINACTIVE %s -o %t && %t */
extern int enzyme_dup, enzyme_const, enzyme_out;
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

typedef struct {
  double a;
  float b;
  int n;
} mixed;
static double product(mixed s) { return s.a * s.b * s.n; }

static double apart(double a, float b, int n) { return a * b * n; }

#ifdef INACTIVE
int main(void) { /* What to do instead. */
  return __enzyme_autodiff((void *)apart, enzyme_out, 2.0, enzyme_const, 3.0f,
                           enzyme_const, 4) != 12;
}
#else
double forward(mixed s, mixed along) {
  return __enzyme_fwddiff((void *)product, enzyme_dup, s, along);
}
double reverse(mixed s) { return __enzyme_autodiff((void *)product, s); }
#endif
/*
CHECK: error: argument 2 of 'product' is a word of a struct with a
CHECK-SAME: floating-point number in it [tern-D05]; pass the struct by pointer
CHECK: error: argument 2 of 'product' is a word of a struct
*/
