// With -flto a request waits for the link step if a body is in another file; the
// rules of its own file still hold there. The rule is not the body's derivative.
// RUN: %clang++ -std=c++20 -O1 -flto -fpass-plugin=%plugin -DLIBRARY -c %s -o %t.library.o
// RUN: %clang++ -std=c++20 -O1 -flto -fpass-plugin=%plugin -I %include -c %s -o %t.o
// RUN: %clang++ -flto -fuse-ld=lld -Wl,--load-pass-plugin=%plugin %t.o %t.library.o -o %t
// RUN: %t
#ifdef LIBRARY
double square(double x) { return x * x; }
double helper(double x) { return 3 * x * x / 2; }
#else
#include <tern/tern.hpp>
double square(double x);
double helper(double x);
struct recorded {
  void *tape;
  double result;
};
static recorded square_record(double x) { return {nullptr, x * x}; }
static double square_reverse(double x, double adjoint, void *) {
  return 20 * x * adjoint;
}
TERN_GRADIENT(square, square_record, square_reverse);
static double f(double x) { return helper(x) + square(x); }
int main() { return tern::grad<f>(2.0) == 46 ? 0 : 1; }
#endif
