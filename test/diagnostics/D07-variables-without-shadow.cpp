// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A derivative that would get lost in a variable of another file, in one marked
// inactive, or in a callee's stores to memory passed as Const. Gradients were
// wrong: the variables counted as their own shadows, calls were not looked
// into.
// RUN: not %tern-clang++ -std=c++20 -O0 -c %s -o %t 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -std=c++20 -O2 -c %s -o %t 2>&1 | FileCheck %s
#include <tern/tern.hpp>

extern double elsewhere, several[8];
TERN_INACTIVE double marked[8];

static double through_array(double x, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    several[i & 7] = x * i;
  for (int i = 0; i < n; ++i)
    sum += several[i & 7] * x;
  return sum;
}
static double through_marked(double x, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    marked[i & 7] = x * i;
  for (int i = 0; i < n; ++i)
    sum += marked[i & 7] * x;
  return sum;
}
static void write_deep(double x, int n) {
  if (n)
    write_deep(x / 2, n - 1);
  else
    elsewhere = x * x;
}
static double read_deep(double x, int n) {
  return n ? read_deep(x / 2, n - 1) : elsewhere * x;
}
static double deep_store(double x, int n) {
  write_deep(x, n);
  return elsewhere * x;
}
static double deep_load(double x, int n) {
  elsewhere = x * x;
  return read_deep(x, n);
}
static void fill_deep(double *p, double x, int n) {
  if (n)
    fill_deep(p, x / 2, n - 1);
  else
    p[0] = x * x;
}
static double deep_const(double x, double *p, int n) {
  fill_deep(p, x, n);
  return p[0] * x;
}

double ask(double x, double *p, int n) {
  // CHECK-DAG: and read again in 'through_array(double, int)' [tern-D07]
  double sum = tern::grad<through_array>(x, n);
  sum += tern::jvp<through_array>(tern::Dual{x, 1.0}, n);
  // CHECK-DAG: and read again in 'through_marked(double, int)' [tern-D07]
  sum += tern::grad<through_marked>(x, n);
  // CHECK-DAG: and read again in 'deep_store(double, int)' [tern-D07]
  sum += tern::grad<deep_store>(x, n);
  sum += tern::jvp<deep_store>(tern::Dual{x, 1.0}, n);
  // CHECK-DAG: and read again in 'deep_load(double, int)' [tern-D07]
  sum += tern::grad<deep_load>(x, n);
  sum += tern::jvp<deep_load>(tern::Dual{x, 1.0}, n);
  // CHECK-DAG: and read again in 'deep_const(double, double*, int)' [tern-D07]
  sum += tern::grad<deep_const>(x, tern::Const{p}, n);
  return sum + tern::jvp<deep_const>(tern::Dual{x, 1.0}, tern::Const{p}, n);
}
