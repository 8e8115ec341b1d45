// Storage in which only the run decides what a word holds is refused, with the
// tag, at every level.
// RUN: not %tern-clang++ -std=c++20 -O1 -DBYTES -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -std=c++20 -O0 -DBYTES -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -std=c++20 -O2 -DCLOSURES -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -std=c++20 -O0 -DCOPY -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=COPY
#include <cmath>
#include <cstring>
#include <functional>
#include <tern/tern.hpp>
#include <vector>

// CHECK: D03-mixed-storage.cpp:{{.*}} error: {{.*}}'f(double)' hold floating-point numbers, pointers or integers [tern-D03]; access the memory through its real type
#ifdef BYTES
// Records that are inserted byte by byte, and the bytes moved as they grow.
struct Record {
  int kind;
  double a, b;
};
static double f(double x) {
  std::vector<unsigned char> bytes;
  for (int i = 0; i < 3; ++i) {
    Record r{1, x * i, x + 1};
    auto *first = (const unsigned char *)&r;
    bytes.insert(bytes.end(), first, first + sizeof r);
  }
  double sum = 0;
  for (int i = 0; i < 3; ++i) {
    Record r;
    std::memcpy(&r, bytes.data() + i * sizeof r, sizeof r);
    sum += r.a * r.b * r.kind;
  }
  return sum;
}
#elif defined(COPY)
// The closure's numbers are copied where other cases store pointers; without
// tags they were taken for pointers, and their adjoints were lost.
// COPY: error: cannot tell whether 16 bytes moved in 'std::_Function_handler{{.*}}_M_manager{{.*}}[tern-D03]
static double f(double x) {
  double k = std::exp(x);
  std::function<double(double)> a = [=](double t) { return k * t + x; };
  std::function<double(double)> b = a;
  return a(x) * b(k);
}
#else
// One closure keeps a number in place, the other a pointer.
static double f(double x) {
  double k = 2 * x;
  std::vector<std::function<double(double)>> steps;
  steps.push_back([k](double t) { return k * t; });
  steps.push_back([&x](double t) { return std::sin(t) + x; });
  double value = x;
  for (auto &step : steps)
    value = step(value);
  return value;
}
#endif

double slope(double x) { return tern::grad<f>(x); }
