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
#endif
// LAST-CASE: 3
