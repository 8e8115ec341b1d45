// lld with -flto: the body is in another file. Through the wrapper, and with
// the options written out as a build system would.
// RUN: %tern-clang++ -flto -O2 %s %S/Inputs/polynomial.cpp -o %t && %t
// RUN: %tern-clang++ -flto -O0 %s %S/Inputs/polynomial.cpp -o %t && %t
// RUN: clang++ -flto -O1 -fpass-plugin=%plugin -c %s -o %t.1.o
// RUN: clang++ -flto -O1 -fpass-plugin=%plugin -c %S/Inputs/polynomial.cpp -o %t.2.o
// RUN: clang++ -flto -fuse-ld=lld -Wl,--load-pass-plugin=%plugin %t.1.o %t.2.o -o %t && %t
//
// Without -flto the missing body is an error with the caller's position.
// RUN: not %tern-clang++ -O1 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: lto-across-files.cpp:{{[0-9]+}}:{{.*}}error: {{.*}}polynomial{{.*}}tern-D01
#include <cmath>

double __enzyme_autodiff(void *, ...);
double polynomial(double x, int degree);

int main() {
  // 1 + x/2 + x^2/3 + x^3/4
  double x = 0.3, expected = 0.5 + 2 * x / 3 + 3 * x * x / 4;
  double slope = __enzyme_autodiff((void *)polynomial, x, 3);
  return std::fabs(slope - expected) > 1e-14;
}
