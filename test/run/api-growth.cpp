// A function that grows, swaps or replaces a container that it takes by
// reference: the gradient could not follow, the program stops and says so. What
// stays where it was is right, spare room or not.
// RUN: %tern-clang++ -std=c++20 -O0 %s -o %t.0
// RUN: %tern-clang++ -std=c++20 -O2 %s -o %t.2
// RUN: %t.0 fine && %t.2 fine
// RUN: %python %S/Inputs/each-stops.py %t.0 %t.2 -- grow room resize swap member \
// RUN:   nested lambda pullback rows columns hessian product duplicated \
// RUN:   mutable | FileCheck %s
// RUN: %python %S/Inputs/each-stops.py %t.0 %t.2 -- seed direction | FileCheck %s --check-prefix=SEED
// SEED: tern: a seed or direction has another size than what it is for
// CHECK: tern: the differentiated function changes the size of a container
// CHECK-SAME: [tern-D05]
#include "Inputs/near.h"
#include <cstring>
#include <tern/tern.hpp>
#include <utility>
#include <vector>

using numbers = std::vector<double>;
static double grow(numbers &a) {
  a.push_back(a[0] * a[1]);
  return a.back() * a[0];
}
static double exchange(numbers &a, numbers &b) {
  std::swap(a, b);
  return a[0] * a[0] + 3 * b[0];
}
struct model {
  numbers v;
  double k;
};
static double widen(model &m) {
  m.v.resize(50, m.k);
  double sum = 0;
  for (double e : m.v)
    sum += e * e;
  return sum;
}
struct caching {
  numbers v;
  mutable numbers cache;
};
static double remember(const caching &c) {
  c.cache.resize(c.cache.size() + 50, c.v[0]);
  double sum = 0;
  for (double e : c.cache)
    sum += e * c.v[1];
  return sum;
}
static double grow_row(std::vector<numbers> &rows) { return grow(rows[1]); }
static numbers grown(numbers &a) {
  a.push_back(a[0] * a[1]);
  return {a.back(), a[0]};
}

// Right, and stays so.
static double in_place(numbers &a) {
  a[0] *= 2;
  return a[0] * a[1];
}
static double for_a_while(numbers &a) {
  a.push_back(a[0] * a[1]);
  double top = a.back();
  a.pop_back();
  return top * a[0];
}
static double of_copy(numbers a) { return grow(a); }
static double weighed(const numbers &a, double x) { return a[0] * a[1] * x; }

static numbers mixed(const numbers &a) { return {a[0] * a[1], a[0]}; }
static double product_of(const numbers &a) { return a[0] * a[1]; }

static void fine() {
  numbers v{2, 3};
  near(tern::grad<of_copy>(v)[0], 12);
  near(tern::grad<of_copy>(v)[1], 4);
  near(tern::grad([](const numbers &a) { return a[0] * a[1]; })(v)[0], 3);
  near(tern::grad([](auto &a) { return a[0] * a[1]; })(v)[0], 3);
  near(std::get<0>(tern::grad<weighed>(v, 2.0))[1], 4);
  auto g = tern::grad<in_place>(v);
  near(g[0], 6);
  near(g[1], 4);
  near(v[0], 4);
  v = {2, 3};
  v.reserve(10);
  for (int twice = 0; twice != 2; ++twice) {
    g = tern::grad<for_a_while>(v);
    near(g[0], 12);
    near(g[1], 4);
  }
  auto [value, back] = tern::vjp<for_a_while>(v);
  near(value, 12);
  near(back(1.0)[0], 12);
  near(back(2.0)[0], 24);
  auto H = tern::hessian<for_a_while>(v); // a0^2 a1
  near(H(0, 0), 6);
  near(H(0, 1), 4);
  near(tern::hvp<for_a_while>(v, numbers{1, 0})[0], 6);
  numbers w{2, 3}, dw{1, 0};
  near(tern::jvp<grow>(tern::Dual{w, dw}), 12);
}

int main(int, char **argv) {
  numbers v{2, 3}, d{0, 0};
  model m{{1, 2}, 3};
  std::vector<numbers> rows{{1}, {2, 3}};
  auto is = [&](const char *word) { return !std::strcmp(argv[1], word); };
  if (is("fine")) {
    fine();
    return failures();
  }
  if (is("grow"))
    tern::grad<grow>(v);
  if (is("room")) {
    v.reserve(10);
    tern::grad<grow>(v);
  }
  if (is("resize"))
    tern::value_and_grad<grow>(v);
  if (is("swap"))
    tern::grad<exchange>(v, d);
  if (is("member"))
    tern::grad<widen>(m);
  if (is("mutable"))
    tern::grad<remember>(caching{{2, 3}, {1}});
  if (is("nested"))
    tern::grad<grow_row>(rows);
  if (is("lambda"))
    tern::grad([](auto &a) { return grow(a); })(v);
  if (is("pullback"))
    tern::vjp<grow>(v);
  if (is("rows"))
    tern::jacrev<grown>(v);
  if (is("columns"))
    tern::jacfwd<grown>(v);
  if (is("hessian"))
    tern::hessian<grow>(v);
  if (is("product"))
    tern::hvp<grow>(v, d);
  if (is("seed")) {
    auto [value, back] = tern::vjp<mixed>(v);
    back(numbers(50, 1.0));
  }
  if (is("direction"))
    tern::hvp<product_of>(v, numbers{1});
  if (is("duplicated"))
    tern::grad<grow>(tern::Duplicated{v, d});
  return 0;
}
