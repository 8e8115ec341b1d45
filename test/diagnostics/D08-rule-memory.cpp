// Memory without a shadow, of a size that is not known, in the hands of a rule;
// where only the run shows it, the program stops.
// RUN: not %tern-clang++ -std=c++20 -O1 -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=GRADIENT
// RUN: not %tern-clang++ -std=c++20 -O1 -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=FORWARD
// RUN: %tern-clang++ -std=c++20 -O1 -DMIXED %s -o %t.exe
// RUN: %t.exe
// RUN: not --crash %t.exe table 2>&1 | FileCheck %s --check-prefix=STOPS
// RUN: %tern-clang++ -std=c++20 -O1 -DMIXED -DFORWARD %s -o %t.exe
// RUN: %t.exe
// RUN: not --crash %t.exe table 2>&1 | FileCheck %s --check-prefix=STOPS
#include <tern/tern.hpp>

double scaled(double a, const double *x) { return a * (x[0] + x[1]); }
struct recorded {
  void *tape;
  double result;
};
recorded scaled_record(double a, const double *x, double *) {
  return {nullptr, scaled(a, x)};
}
double scaled_reverse(double a, const double *x, double *x_adj, double adj,
                      void *) {
  for (int i = 0; i < 2; ++i)
    x_adj[i] += a * adj;
  return adj * scaled(1, x);
}
TERN_GRADIENT(scaled, scaled_record, scaled_reverse);
double scaled_jvp(double a, double a_tan, const double *x,
                  const double *x_tan) {
  return scaled(a_tan, x) + scaled(a, x_tan);
}
TERN_DERIVATIVE(scaled, scaled_jvp);

// GRADIENT: D08-rule-memory.cpp:[[@LINE+2]]:{{.*}} error: memory without a shadow, of a size not known here, passed to the rule for 'scaled(double, double const*)' is not supported while differentiating 'with_both(double, double const*)' [tern-D08]; pass that memory with a zeroed shadow
// FORWARD: D08-rule-memory.cpp:[[@LINE+1]]:{{.*}} error: memory without a shadow, of a size not known here, passed to the rule for 'scaled(double, double const*)' is not supported while differentiating 'with_both(double, double const*)' [tern-D08]; pass that memory with a zeroed shadow
double with_both(double a, const double *x) { return scaled(a, x); }

// STOPS: memory without a shadow is passed to the rule for scaled(double, double const*): pass it with a zeroed shadow [tern-D08]
double with_either(double a, const double *x, bool other) {
  static const double table[2] = {1, 2};
  return scaled(a, other ? table : x);
}

int main(int argc, char **) {
  double x[2] = {1, 2}, dx[2] = {};
#if defined(MIXED) && defined(FORWARD)
  return tern::jvp<with_either>(tern::Dual{2.0, 1.0}, tern::Dual{&x[0], &dx[0]},
                                argc > 1) != 3;
#elif defined(MIXED)
  return tern::grad<with_either>(2.0, tern::Duplicated{&x[0], &dx[0]},
                                 argc > 1) != 3;
#elif defined(FORWARD)
  return tern::jvp<with_both>(tern::Dual{2.0, 1.0}, tern::Const{&x[0]}) != 3;
#else
  return tern::grad<with_both>(2.0, tern::Const{&x[0]}) != 3;
#endif
}
