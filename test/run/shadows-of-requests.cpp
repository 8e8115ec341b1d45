// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A derivative finds nothing that another derivative, in sequence, nested or in
// another thread, has left in the shadows of global variables. What the program
// has put into a variable before counts as constant.
//
// RUN: %run-all-levels %s -pthread
#include "tern/tern.hpp"
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <variant>
#include <vector>

static int failures = 0;
static void check(const char *what, double got, double want) {
  if (got == want)
    return;
  std::printf("%s: %g, want %g\n", what, got, want);
  ++failures;
}

static double kept[2];
static double keeps(double x, int i) {
  kept[i] = x * x;
  return kept[i] * x;
}

static void after_forward_mode() {
  (void)tern::jvp<keeps>(tern::Dual{2.0, 1.0}, 0);
  auto [y, back] = tern::vjp<keeps>(2.0, 0);
  check("after jvp", back(1.0), 12);
}

static double before[2] = {1, 1};
static double reads_before(double x, int i) {
  double s = before[i] * x;
  before[i] = x * x;
  return s + before[i] * x;
}
static double scratch_array(double x) {
  auto *t = static_cast<double *>(std::calloc(2, sizeof(double)));
  double s = t[0] * x;
  t[0] = x * x;
  double r = s + t[0] * x;
  std::free(t);
  return r;
}

static void pulled_back_twice() {
  auto [y, back] = tern::vjp<reads_before>(2.0, 1);
  for (int n = 0; n != 3; ++n)
    check("pulled back again", back(1.0), 13);
  auto [z, again] = tern::vjp<scratch_array>(2.0);
  for (int n = 0; n != 3; ++n)
    check("calloc, again", again(1.0), 12);
}

static double *made;
static double makes(double x) {
  if (!made)
    made = static_cast<double *>(std::calloc(4, 8));
  double s = made[0] * x;
  made[0] = x * x;
  return s + made[0] * x;
}
static std::vector<double> buffer;
static double fills(double x) {
  if (buffer.empty())
    buffer.resize(4, 1.0);
  buffer[0] = x * x;
  return buffer[0] * x;
}

static void memory_behind_a_pointer() {
  check("made, first", tern::grad<makes>(2.0), 12);
  check("made, second", tern::grad<makes>(2.0), 16);
  check("made, third", tern::grad<makes>(2.0), 16);
  check("made, forward", tern::jvp<makes>(tern::Dual{2.0, 1.0}), 16);
  for (int n = 0; n != 2; ++n) {
    check("vector, forward", tern::jvp<fills>(tern::Dual{2.0, 1.0}), 12);
    check("vector", tern::grad<fills>(2.0), 12);
    auto [y, back] = tern::vjp<fills>(2.0);
    check("vector, pulled back", back(1.0), 12);
    check("vector, pulled back again", back(1.0), 12);
  }
}

static double *lanes;
static double in_lanes(const std::vector<double> &x) {
  if (!lanes)
    lanes = new double[2];
  lanes[1] = x[0] * x[1];
  lanes[0] = x[0] * x[1];
  return lanes[1] * x[1] * lanes[0];
}

static void several_lanes() {
  std::vector<double> x = {1, 2};
  auto want = [](const std::vector<double> &g) {
    check("lane 0", g[0], 16);
    check("lane 1", g[1], 12);
  };
  want(tern::grad<in_lanes>(x));
  auto rows = tern::jacfwd<in_lanes>(x);
  want({rows(0, 0), rows(0, 1)});
  want(tern::grad<in_lanes>(x));
}

static double work[4][64];
static double in_a_row(double x, int row) {
  work[row][0] = x;
  for (int k = 1; k != 64; ++k)
    work[row][k] = work[row][k - 1] * 1.0625 + x;
  return work[row][63] * x;
}

static void several_threads() {
  double want = tern::grad<in_a_row>(2.0, 0);
  int wrong[4] = {};
  std::vector<std::thread> threads;
  for (int row = 0; row != 4; ++row)
    threads.emplace_back([&, row] {
      for (int n = 0; n != 2000; ++n)
        wrong[row] += tern::grad<in_a_row>(2.0, row) != want;
    });
  for (auto &t : threads)
    t.join();
  for (int row = 0; row != 4; ++row)
    check("thread", wrong[row], 0);
}

static std::variant<int, std::vector<double>> either;
static double in_a_variant(double x) {
  if (either.index() == 0)
    either = std::vector<double>(2, 0.0);
  auto &v = std::get<1>(either);
  v[0] = x * x;
  return v[0] * x;
}

static void without_pointer_type() {
  for (int n = 0; n != 3; ++n)
    check("variant", tern::grad<in_a_variant>(2.0), 12);
}

static std::unique_ptr<double[]> replaced;
static double replaces(double x) {
  replaced.reset(new double[2]);
  replaced[0] = x * x;
  return replaced[0] * x;
}

static void replaced_while_a_pullback_lives() {
  auto [y, back] = tern::vjp<replaces>(2.0);
  for (int n = 0; n != 3; ++n) {
    check("replaced", tern::grad<replaces>(2.0), 12);
    check("pullback from before", back(1.0), 12);
  }
}

static double shadow_like(double x) {
  static double shadow = 3.0, known = 2.0;
  known = shadow * x;
  return known * x;
}

static std::vector<double> nested;
static double fills_nested(const std::vector<double> &x) {
  if (nested.empty())
    nested.resize(4, 1.0);
  nested[0] = x[0] * x[0];
  nested[1] = nested[0] * x[1];
  return nested[1] * x[0] * nested[2];
}

static void second_derivatives() {
  for (int n = 0; n != 2; ++n) {
    auto h =
        tern::hvp<fills_nested>(std::vector{2.0, 3.0}, std::vector{1.0, 0.5});
    check("hvp, 0", h[0], 42);
    check("hvp, 1", h[1], 12);
    auto all = tern::hessian<fills_nested>(std::vector{2.0, 3.0});
    check("hessian, 00", all(0, 0), 36);
    check("hessian, 01", all(0, 1), 12);
    check("hessian, 11", all(1, 1), 0);
  }
}

int main() {
  second_derivatives();
  after_forward_mode();
  pulled_back_twice();
  memory_behind_a_pointer();
  several_lanes();
  several_threads();
  without_pointer_type();
  replaced_while_a_pullback_lives();
  for (int n = 0; n != 2; ++n) {
    check("named like ours", tern::grad<shadow_like>(2.0), 12);
    check("its value", shadow_like(2.0), 12);
  }
  return failures != 0;
}
