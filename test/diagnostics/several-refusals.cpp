// One compilation reports every refusal, each once however many requests meet
// it, and serves the requests that remain.
// RUN: not %tern-clang++ -O1 -c %s -o %t.o 2>&1 | FileCheck %s --implicit-check-not=error:
#include "Inputs/ask.h"

double first(double x);
double second(double x);

// CHECK: :[[@LINE+1]]:{{.*}} error: {{.*}}'first(double)'{{.*}}[tern-D01]
double f(double x) { return 2 * first(x); }
// CHECK: :[[@LINE+1]]:{{.*}} error: {{.*}}'second(double)'{{.*}}[tern-D01]
double g(double x) { return 2 * second(x); }
double square(double x) { return x * x; }

double slope_f(double x) { return __enzyme_autodiff((void *)f, x); }
double tangent_f(double x) { return __enzyme_fwddiff((void *)f, x, 1.0); }
double slope_g(double x) { return __enzyme_autodiff((void *)g, x); }
double slope_square(double x) { return __enzyme_autodiff((void *)square, x); }
// No word of a request around one that is refused already.
double curvature_g(double x) { return __enzyme_autodiff((void *)slope_g, x); }
