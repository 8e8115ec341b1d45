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
#endif
// LAST-CASE: 6
