// Without debug information a refusal stands at the user's function, not at
// the wrapper of the header that is differentiated.
// RUN: not %tern-clang++ -std=c++20 -O1 -c %s -o /dev/null 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -std=c++20 -O0 -c %s -o /dev/null 2>&1 | FileCheck %s
// With it, at the line.
// RUN: not %tern-clang++ -std=c++20 -O0 -g -c %s -o /dev/null 2>&1 | FileCheck --check-prefix=LINE %s
// RUN: not %tern-clang++ -std=c++20 -O2 -g -c %s -o /dev/null 2>&1 | FileCheck --check-prefix=LINE %s
#include <tern/tern.hpp>

extern double elsewhere(double);

// CHECK: place-behind-wrapper.cpp:[[@LINE+1]]:{{[0-9]+}}: error: no derivative for call to 'elsewhere(double)' while differentiating 'f(double)'
static double f(double x) {
  double y = x * x;
  // LINE: place-behind-wrapper.cpp:[[@LINE+1]]:{{[0-9]+}}: error: no derivative for call to 'elsewhere(double)'
  return elsewhere(y);
}

double slope(double x) { return tern::grad<f>(x); }

double slope_of_lambda(double x) {
  // CHECK: place-behind-wrapper.cpp:[[@LINE+1]]:{{[0-9]+}}: error: no derivative for call to 'elsewhere(double)'
  auto g = [](double t) {
    // LINE: place-behind-wrapper.cpp:[[@LINE+1]]:{{[0-9]+}}: error: no derivative for call to 'elsewhere(double)'
    return elsewhere(t) * t;
  };
  return tern::grad(g)(x);
}
