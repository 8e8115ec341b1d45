// A derivative that goes into memory that a struct and its shadow share would
// be lost: the program stops.
// RUN: %tern-clang++ -std=c++20 -O0 %s -o %t.0
// RUN: %tern-clang++ -std=c++20 -O2 %s -o %t.2
// RUN: %not --crash %t.0 pointer 2>&1 | FileCheck %s
// RUN: %not --crash %t.2 pointer 2>&1 | FileCheck %s
// RUN: %not --crash %t.0 span 2>&1 | FileCheck %s
// RUN: %not --crash %t.2 span 2>&1 | FileCheck %s
// RUN: %not --crash %t.0 forward 2>&1 | FileCheck %s
// RUN: %not --crash %t.2 forward 2>&1 | FileCheck %s
// CHECK: tern: a value that carries a derivative is stored {{.*}} in memory without a shadow and may be read again [tern-D07]
#include <cstring>
#include <span>
#include <tern/tern.hpp>

struct with_pointer {
  double *scratch;
  double b;
};
static double fill_pointer(const with_pointer &m, double x) {
  m.scratch[0] = x * x;
  return m.scratch[0] * m.b;
}
struct with_span {
  std::span<double> scratch;
  double b;
};
static double fill_span(const with_span &m, double x) {
  for (double &cell : m.scratch)
    cell = x * x;
  double sum = 0;
  for (double cell : m.scratch)
    sum += cell;
  return sum * m.b;
}

int main(int, char **argv) {
  double w[2] = {1, 2};
  if (!std::strcmp(argv[1], "pointer"))
    tern::grad<fill_pointer>(with_pointer{w, 3}, 5.0);
  else if (!std::strcmp(argv[1], "span"))
    tern::grad<fill_span>(with_span{w, 3}, 5.0);
  else {
    with_pointer m{w, 3};
    tern::jvp<fill_pointer>(tern::Dual{m, tern::zeros_like(m)},
                            tern::Dual{5.0, 1.0});
  }
}
