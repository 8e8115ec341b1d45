// A registration that does not hold what its name promises is an error.
// RUN: %python %S/Inputs/each-case.py %s %tern-clang -g -c -o %t.o | FileCheck %s
double __enzyme_autodiff(void *, ...);
double square(double x) { return x * x; }
double call(double x) { return __enzyme_autodiff((void *)square, x); }
#if CASE == 1
// CHECK-LABEL: case 1:
// CHECK: error: the registration '__enzyme_register_gradient_square' does not hold what it should, or not as constants [tern-D05]; gradient: {f, record, reverse}
void *__enzyme_register_gradient_square[2] = {(void *)square, (void *)square};
#elif CASE == 2
// CHECK-LABEL: case 2:
// CHECK: error: the registration '__enzyme_register_derivative_square' does not hold what it should, or not as constants [tern-D05]
void *__enzyme_register_derivative_square[2] = {(void *)square, 0};
#elif CASE == 3
// CHECK-LABEL: case 3:
// CHECK: error: the registration '__enzyme_function_like_square' does not hold what it should, or not as constants [tern-D05]
void *__enzyme_function_like_square[1] = {(void *)square};
#elif CASE == 4
// CHECK-LABEL: case 4:
// CHECK: error: 'square' is to have the derivative of 'nosuch', but Tern has no rule of that name for these parameters [tern-D05]; name a function of libm that takes the same, or give a rule with TERN_GRADIENT and TERN_DERIVATIVE
void *__enzyme_function_like_square[2] = {(void *)square, "nosuch"};
#elif CASE == 5
// CHECK-LABEL: case 5:
// CHECK: error: 'square' is to have the derivative of 'pow', but
void *__enzyme_function_like_square[2] = {(void *)square, "pow"};
#elif CASE == 6
// CHECK-LABEL: case 6:
// CHECK: error: 'like' is to have the derivative of 'nosuch', but
__attribute__((annotate("enzyme_function_like=nosuch"))) double like(double x) {
  return x;
}
#elif CASE == 7
// CHECK-LABEL: case 7:
// CHECK: error: 'square' has two rules for the same mode, 'slope' and 'slope2' [tern-D05]; keep one
double slope(double x, double t) { return 2 * x * t; }
double slope2(double x, double t) { return 3 * x * t; }
void *__enzyme_register_derivative_1[] = {(void *)square, (void *)slope};
void *__enzyme_register_derivative_2[] = {(void *)square, (void *)slope2};
#elif CASE == 8
// CHECK-LABEL: case 8:
// CHECK: error: 'square' has two rules for the same mode, 'back' and 'back2' [tern-D05]; keep one
struct recorded {
  void *tape;
  double result;
} record(double x);
double back(double x, double t, void *tape);
double back2(double x, double t, void *tape);
void *__enzyme_register_gradient_1[] = {(void *)square, (void *)record,
                                        (void *)back};
void *__enzyme_register_gradient_2[] = {(void *)square, (void *)record,
                                        (void *)back2};
#endif
// LAST-CASE: 8
