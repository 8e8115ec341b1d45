// A callee without a body has no derivative, and none is made up.
// RUN: not %tern-clang++ -O1 -c %s -o %t.o 2>&1 | FileCheck %s --check-prefixes=CHECK,REVERSE
// RUN: not %tern-clang++ -O0 -g -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s --check-prefixes=CHECK,FORWARD
#include "Inputs/ask.h"

double unknown(double x);
#ifdef FORWARD // a rule for the other mode is none
struct recorded {
  void *tape;
  double result;
};
recorded record(double x) { return {nullptr, x}; }
double reverse(double, double adjoint, void *) { return adjoint; }
void *__enzyme_register_gradient_unknown[] = {(void *)unknown, (void *)record,
                                              (void *)reverse};
#else
double jvp(double, double x_tan) { return x_tan; }
void *__enzyme_register_derivative_unknown[] = {(void *)unknown, (void *)jvp};
#endif

// CHECK: D01-missing-body.cpp:[[@LINE+3]]:{{.*}} error: {{.*}}no derivative for call to 'unknown(double)' while differentiating 'f(double)'{{.*}}[tern-D01]
// REVERSE-SAME: or give a rule for this mode with TERN_GRADIENT
// FORWARD-SAME: or give a rule for this mode with TERN_DERIVATIVE
double f(double x) { return 2 * unknown(x); }

#ifdef FORWARD
double slope(double x) { return __enzyme_fwddiff((void *)f, x, 1.0); }
#else
double slope(double x) { return __enzyme_autodiff((void *)f, x); }
#endif
