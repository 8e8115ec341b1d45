// Arguments that share memory: right where the function only reads; where it
// may write through one of them the program stops, since the derivatives are
// apart.
// RUN: %tern-clang++ -std=c++20 -O0 %s -o %t.0
// RUN: %tern-clang++ -std=c++20 -O2 %s -o %t.2
// RUN: %t.0 fine && %t.2 fine
// RUN: %python %S/Inputs/each-stops.py %t.0 %t.2 -- grad value pullback element \
// RUN:   constant pointer tangents jacobian hessian | FileCheck %s
// CHECK: tern: two arguments share memory that the differentiated function may
// CHECK-SAME: [tern-D05]
#include "Inputs/near.h"
#include <cstring>
#include <tern/tern.hpp>
#include <vector>

using numbers = std::vector<double>;
static double doubled(numbers &a, const numbers &b) {
  a[0] = 2 * a[0];
  return b[0] * b[0];
}
static double of_row(std::vector<numbers> &m, const numbers &row) {
  m[0][0] *= 2;
  return row[0] * row[0];
}
static double of_pointer(numbers &a, const double *p) {
  a[0] *= 2;
  return p[0] * p[0];
}
static numbers squares(numbers &a, const numbers &b) {
  a[0] *= 2;
  return {b[0] * b[0]};
}
static double dot(const numbers &a, const numbers &b) {
  return a[0] * b[0] * b[0];
}

static void fine() {
  numbers v{3};
  auto [da, db] = tern::grad<dot>(v, v);
  near(da[0], 9);
  near(db[0], 18);
  numbers w{3};
  auto [dv, dw] = tern::grad<doubled>(v, w);
  near(dv[0], 0);
  near(dw[0], 6);
  v = {3};
  numbers shadow{0};
  tern::grad<doubled>(tern::Duplicated{v, shadow}, tern::Duplicated{v, shadow});
  near(shadow[0], 24);
  v = {3};
  numbers tangent{1};
  near(tern::jvp<doubled>(tern::Dual{v, tangent}, tern::Dual{v, tangent}), 24);
}

int main(int, char **argv) {
  auto is = [&](const char *word) { return !std::strcmp(argv[1], word); };
  numbers v{3}, d{1}, e{1};
  std::vector<numbers> m{{3}, {4}};
  if (is("fine")) {
    fine();
    return failures();
  }
  if (is("grad"))
    tern::grad<doubled>(v, v);
  if (is("value"))
    tern::value_and_grad<doubled>(v, v);
  if (is("pullback"))
    tern::vjp<doubled>(v, v);
  if (is("element"))
    tern::grad<of_row>(m, m[0]);
  if (is("constant"))
    tern::grad<doubled>(tern::Const{v}, v);
  if (is("pointer"))
    tern::grad<of_pointer>(v, tern::Const{v.data()});
  if (is("tangents"))
    tern::jvp<doubled>(tern::Dual{v, d}, tern::Dual{v, e});
  if (is("jacobian"))
    tern::jacfwd<squares>(v, v);
  if (is("hessian"))
    tern::hessian<doubled>(v, tern::Const{v});
  return 0;
}
