// Every way to write a marker call wrong is an error at the call, and says what
// was found and what to do.
// RUN: %python %S/Inputs/each-case.py %s %tern-clang -g -c -o %t.o | FileCheck %s
// RUN: %python %S/Inputs/each-case.py %s %tern-clang -g -O2 -c -o %t.o | FileCheck %s
#include <stddef.h>
int enzyme_const, enzyme_dup, enzyme_out, enzyme_dupv, enzyme_width;
int enzyme_byref, enzyme_active_return, enzyme_tape, enzyme_allocated;
struct two {
  double a, b;
};
struct big {
  double a[8];
};
double __enzyme_autodiff(void *, ...);
void __enzyme_autodiff_void(void *, ...);
struct two __enzyme_autodiff_two(void *, ...);
double __enzyme_fwddiff(void *, ...);
double __enzyme_reverse(void *, ...);
double __enzyme_batch(void *, ...);
double square(double x) { return x * x; }
double product(double x, double y) { return x * y; }
double first(double *p, long n) { return n ? p[0] : 0; }
double by_struct(struct two s) { return s.a * s.b; }
double by_big_struct(struct big s) { return s.a[0] * s.a[1]; }
double open_ended(double x, ...) { return x; }
void nothing(double *p) { *p = 1; }

double call(double x, double *p, double *dp, int n, double (*f)(double),
            struct two s, struct big b) {
#if CASE == 1
  // CHECK-LABEL: case 1:
  // CHECK: D05-malformed-calls.c:[[@LINE+1]]:10: error: the function to differentiate is not known at compile time [tern-D05]; name the function itself
  return __enzyme_autodiff((void *)f, x);
#elif CASE == 2
  // CHECK-LABEL: case 2:
  // CHECK: error: 'product' takes 2 arguments, but the call gives 1 [tern-D05]
  return __enzyme_autodiff((void *)product, x);
#elif CASE == 3
  // CHECK-LABEL: case 3:
  // CHECK: error: the call gives 1 more arguments than 'square' takes [tern-D05]
  return __enzyme_fwddiff((void *)square, x, 1.0, 2.0);
#elif CASE == 4
  // CHECK-LABEL: case 4:
  // CHECK: error: argument 1 of 'first' has 0 shadows instead of 1 [tern-D05]
  return __enzyme_autodiff((void *)first, enzyme_dup, p);
#elif CASE == 5
  // CHECK-LABEL: case 5:
  // CHECK: error: argument 1 of 'square' arrives as i32, but the function takes double [tern-D05]; cast it
  return __enzyme_autodiff((void *)square, n);
#elif CASE == 6
  // CHECK-LABEL: case 6:
  // CHECK: error: argument 1 of 'first' is marked enzyme_out but is passed as ptr [tern-D05]
  return __enzyme_autodiff((void *)first, enzyme_out, p, 1L);
#elif CASE == 7
  // CHECK-LABEL: case 7:
  // CHECK: error: argument 1 of 'square' is marked enzyme_out in forward mode [tern-D05]
  return __enzyme_fwddiff((void *)square, enzyme_out, x);
#elif CASE == 8
  // CHECK-LABEL: case 8:
  // CHECK: error: enzyme_width is not followed by a constant from 1 to 1024 [tern-D05]
  return __enzyme_fwddiff((void *)square, enzyme_width, n, x, 1.0);
#elif CASE == 9
  // CHECK-LABEL: case 9:
  // CHECK: error: enzyme_dup is not followed by an argument [tern-D05]
  return __enzyme_autodiff((void *)square, x, enzyme_dup);
#elif CASE == 10
  // CHECK-LABEL: case 10:
  // CHECK: error: argument 1 of 'square' is marked enzyme_dup in reverse mode but is passed by value [tern-D05]; mark it enzyme_out
  return __enzyme_autodiff((void *)square, enzyme_dup, x, x);
#elif CASE == 11
  // CHECK-LABEL: case 11:
  // CHECK: error: the call is declared to return double, but the derivative of 'product' gives { double, double } [tern-D05]
  return __enzyme_autodiff((void *)product, x, x);
#elif CASE == 12
  // CHECK-LABEL: case 12:
  // CHECK: error: the reverse sweep is given no tape [tern-D05]
  return __enzyme_reverse((void *)square, x, 1.0);
#elif CASE == 13
  // CHECK-LABEL: case 13:
  // CHECK: error: argument 1 of 'by_big_struct' is a struct passed by value, whose derivative would be lost [tern-D05]
  __enzyme_autodiff_void((void *)by_big_struct, enzyme_dup, b, b);
#elif CASE == 14
  // CHECK-LABEL: case 14:
  // CHECK: error: 'open_ended' takes a variable number of arguments [tern-D05]
  return __enzyme_autodiff((void *)open_ended, x);
#elif CASE == 15
  // CHECK-LABEL: case 15:
  // CHECK: error: argument 1 of 'by_struct' is part of a struct whose shadow is not given [tern-D05]
  return __enzyme_fwddiff((void *)by_struct, enzyme_dup, s);
#elif CASE == 16
  // CHECK-LABEL: case 16:
  // CHECK: error: '__enzyme_batch' is not supported [tern-D05]
  return __enzyme_batch((void *)square, x);
#elif CASE == 17
  // CHECK-LABEL: case 17:
  // CHECK: error: argument 2 of 'first' arrives as i32, but the function takes i64 [tern-D05]
  return __enzyme_autodiff((void *)first, p, dp, n);
#elif CASE == 18
  // CHECK-LABEL: case 18:
  // CHECK: error: the result of 'nothing' is marked active but is no floating-point number [tern-D05]
  __enzyme_autodiff_void((void *)nothing, enzyme_active_return, p, dp);
#elif CASE == 19
  // CHECK-LABEL: case 19:
  // CHECK: error: the call is declared to return double, but the derivative of 'nothing' gives nothing [tern-D05]
  return __enzyme_autodiff((void *)nothing, p, dp);
#elif CASE == 20
  // CHECK-LABEL: case 20:
  // CHECK: error: the tape is given 8 bytes and takes 80 [tern-D05]
  return __enzyme_reverse((void *)square, enzyme_allocated, 8, enzyme_tape, p, x, 1.0);
#elif CASE == 21
  // CHECK-LABEL: case 21:
  // CHECK: error: enzyme_dupv is not followed by a stride in bytes [tern-D05]
  return __enzyme_fwddiff((void *)first, enzyme_dupv, p, dp, 1L);
#elif CASE == 22
  // CHECK-LABEL: case 22:
  // CHECK: error: the function to differentiate is not known at compile time [tern-D05]
  return __enzyme_autodiff(0);
#elif CASE == 23
  // CHECK-LABEL: case 23:
  // CHECK: error: the shadow of argument 1 of 'square' arrives as i32, but should be double [tern-D05]
  return __enzyme_fwddiff((void *)square, x, 1);
#elif CASE == 24
  // CHECK-LABEL: case 24:
  // CHECK: error: enzyme_width stands after an argument [tern-D05]
  return __enzyme_autodiff((void *)square, x, enzyme_width, 2);
#elif CASE == 25
  // CHECK-LABEL: case 25:
  // CHECK: error: enzyme_byref is not followed by a constant size [tern-D05]
  return __enzyme_autodiff((void *)square, enzyme_byref, x);
#elif CASE == 26
  // CHECK-LABEL: case 26:
  // CHECK: error: argument 1 of 'by_struct' is part of a struct passed by value [tern-D05]; write a function that takes a pointer to the struct
  return __enzyme_fwddiff((void *)by_struct, enzyme_dupv, 16L, s, s);
#elif CASE == 27
  // CHECK-LABEL: case 27:
  // CHECK: error: argument 2 of 'product' has no word while the one before it has [tern-D05]
  return __enzyme_fwddiff((void *)product, enzyme_dup, x, x, x, x);
#elif CASE == 28
  // CHECK-LABEL: case 28:
  // CHECK: error: the shadow of argument 1 of 'first' is the argument itself [tern-D05]; mark it enzyme_const
  return __enzyme_reverse((void *)first, enzyme_dup, p, p, 1L, 1.0, dp);
#endif
  return 0;
}
// LAST-CASE: 28
