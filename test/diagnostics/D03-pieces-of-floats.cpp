// A double that travels as bytes, one by one, or through a std::string, of
// which the functions are the library's: its adjoint would end there.
// RUN: not %tern-clang++ -O1 -DSWAP -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O1 -DSHIFTS -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O0 -DSTRING -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O2 -DSTRING -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: %tern-clang++ -O0 -DTEXT -c %s -o %t.o
// RUN: %tern-clang++ -O2 -DTEXT -c %s -o %t.o
#include "Inputs/ask.h"
#include <cstdint>
#include <cstring>
#include <string>

// CHECK: error: cannot tell whether {{.*}} bytes moved in 'f({{.*}}[tern-D03]
#ifdef SWAP
double f(double x, int n) {
  double t[2] = {x * x, x};
  char *a = (char *)t, *b = (char *)(t + 1);
  for (int k = 0; k < n; ++k) {
    char c = a[k];
    a[k] = b[k];
    b[k] = c;
  }
  return t[0] * t[1];
}
#elif defined(SHIFTS)
double f(double x, int n) {
  unsigned char b[8];
  std::memcpy(b, &x, 8);
  uint64_t w = 0;
  for (int i = 0; i < n; ++i)
    w |= uint64_t(b[i]) << (8 * i);
  std::memcpy(&x, &w, 8);
  return x * x;
}
#elif defined(STRING)
double f(double x, int n) {
  std::string s;
  double t = x * n, u;
  s.append((const char *)&t, 8);
  std::string c = s + "tail";
  std::memcpy(&u, c.data(), 8);
  return u * x;
}
#else // strings of text, and one that numbers go into for output
double f(double x, int n) {
  std::string s = "abc", log;
  s += std::to_string(n) + "tail";
  double t = x * n;
  log.append((const char *)&t, 8);
  return s.size() * t + s[2] + log.size();
}
#endif

double slope(double x) { return __enzyme_autodiff((void *)f, x, 8); }
