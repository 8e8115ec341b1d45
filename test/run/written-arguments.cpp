// RUN: %run-all-levels %s
// Functions that write to the elements of what they take by reference: each
// sweep, and the call that learns the result's size, starts from the caller's
// values.
#include "Inputs/near.h"
#include <tern/tern.hpp>
#include <vector>

using numbers = std::vector<double>;
static numbers square(numbers &v) {
  for (double &x : v)
    x = x * x;
  return v;
}
static double sum_of_squares_squared(numbers &v) {
  double sum = 0;
  for (double &x : v) {
    x = x * x;
    sum += x * x; // x^4
  }
  return sum / 4;
}
// The size of the result depends on the elements.
static numbers as_many(numbers &v) {
  v[0] += 1;
  return numbers(static_cast<std::size_t>(v[0]), v[1] * v[1]);
}
// The other arguments, too, are what they were.
static numbers counted(const numbers &v, numbers &state) {
  state[0] += 1;
  return {v[0] * state[0], v[1] * state[0]};
}
static numbers counted_in_array(const numbers &v, double *state) {
  state[1] += 1;
  return {v[0] * state[1]};
}

static void jacobians() {
  numbers v{3, 3};
  auto J = tern::jacfwd<square, 1>(v);
  near(J(0, 0), 6);
  near(J(1, 1), 6);
  near(v[1], 9); // as one call leaves it
  v = {3, 3};
  J = tern::jacrev<square, 1>(v);
  near(J(0, 0), 6);
  near(J(1, 1), 6);
  near(J(0, 1), 0);
  v = {2, 3};
  J = tern::jacfwd<as_many, 1>(v);
  near(double(J.rows), 3);
  near(J(2, 1), 6);
  numbers state{0};
  v = {2, 3};
  J = tern::jacfwd<counted, 1>(v, tern::Const{state});
  near(J(1, 1), 1);
  near(state[0], 1);
  double two[2] = {0, 0};
  near(tern::jacrev<counted_in_array>(v, tern::Const{two})(0, 0), 1);
  near(two[1], 1);
}
static void second() {
  numbers v{4, 4, 4, 4, 4};
  auto H = tern::hessian<sum_of_squares_squared>(v);
  for (int i = 0; i != 5; ++i)
    near(H(i, i), 48);
  v = {4, 4};
  near(tern::hvp<sum_of_squares_squared>(v, numbers{1, 0})[0], 48);
}
static void once() {
  numbers v{3, 3}, d{1, 0};
  near(tern::jvp<square>(tern::Dual{v, d})[0], 6);
  near(v[0], 9);
  v = {3, 3};
  auto [value, back] = tern::vjp<square>(v);
  near(value[0], 9);
  near(back(numbers{1, 0})[0], 6);
  near(back(numbers{0, 2})[1], 12);
  v = {3, 3};
  auto [all, again] = tern::vjp([](auto &w) { return square(w); })(v);
  near(all[1], 9);
  near(again(numbers{1, 0})[0], 6);
  v = {1, 2};
  near(bool(tern::check_grads<sum_of_squares_squared>(v)), 1);
}

int main() {
  jacobians();
  second();
  once();
  return failures();
}
