// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A call of a function that nobody sees, in a try block of which it is the only
// call that may throw: the program stops there, the landing pad goes.
// RUN: %tern-clang++ -O0 %s -o %t
// RUN: %t && %not --crash %t unknown 2>&1 | FileCheck %s
// RUN: %tern-clang++ -O2 %s -o %t
// RUN: %t && %not --crash %t unknown 2>&1 | FileCheck %s
// CHECK: no derivative for the target of an indirect call
#include <cstdio>

extern int enzyme_out, enzyme_const;
template <class R, class... T> R __enzyme_autodiff(void *, T...);
template <class R, class... T> R __enzyme_fwddiff(void *, T...);
using function = double (*)(double *);
static double seen(double *p) { return p[0] * p[1]; }
function volatile candidate = seen;

static double f(double x, function g) {
  double part[2] = {x, 1}, caught = 0;
  if (g)
    try {
      caught = x * g(part);
    } catch (int code) {
      caught = code * x;
    }
  return caught + x * x;
}

int main(int argc, char **) {
  function g = argc > 1 ? (function)0x1000 : nullptr;
  double t = __enzyme_fwddiff<double>((void *)f, 3.0, 1.0, enzyme_const, g);
  std::printf("%g\n", t);
  return t != 6;
}
