// Calls through pointers and virtual calls in reverse mode: the target is
// chosen by the primal's pointer, in loops as well. RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>
#include <memory>
#include <tern/tern.hpp>
#include <vector>

static double square(double x) { return x * x; }
static double wave(double x) { return std::sin(x); }
static double shifted(double x) { return x + 1; }

static double (*const table[])(double) = {square, wave, shifted};

static double chain(double x, const int *choice, int n) {
  for (int i = 0; i < n; ++i)
    x = table[choice[i]](x);
  return x;
}

struct Layer {
  virtual ~Layer() = default;
  virtual void apply(double *values, int n) const = 0;
};
struct Squash : Layer {
  void apply(double *values, int n) const override {
    for (int i = 0; i < n; ++i)
      values[i] = std::tanh(values[i]);
  }
};
struct Mix : Layer {
  double weight;
  explicit Mix(double weight) : weight(weight) {}
  void apply(double *values, int n) const override {
    for (int i = 1; i < n; ++i)
      values[i] += weight * values[i - 1] * values[i];
  }
};

static double network(const Layer *const *layers, int count, double *values,
                      int n) {
  for (int i = 0; i < count; ++i)
    layers[i]->apply(values, n);
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += values[i] * values[i];
  return sum;
}

static int failures = 0;
static void expect(const char *what, double got, double expected) {
  if (std::fabs(got - expected) <= 1e-7 * (1 + std::fabs(expected)))
    return;
  std::printf("%s is %.12g, should be %.12g\n", what, got, expected);
  ++failures;
}

int main() {
  const double h = 1e-6;
  const int choice[] = {0, 1, 2, 2, 0, 1, 1, 0};
  double slope = tern::grad<chain>(0.7, tern::Const{&choice[0]}, 8);
  expect("slope", slope,
         (chain(0.7 + h, choice, 8) - chain(0.7 - h, choice, 8)) / (2 * h));

  Mix first(0.5), last(-0.25);
  Squash middle;
  const Layer *layers[] = {&first, &middle, &last, &middle};
  const double start[] = {0.3, -0.6, 1.1};
  double values[3], shadow[3] = {};
  std::copy(start, start + 3, values);
  tern::grad<network>(tern::Const{&layers[0]}, 4,
                      tern::Duplicated{&values[0], &shadow[0]}, 3);
  for (int i = 0; i < 3; ++i) {
    double sums[2];
    for (int side : {0, 1}) {
      std::copy(start, start + 3, values);
      values[i] += side ? h : -h;
      sums[side] = network(layers, 4, values, 3);
    }
    expect("d/dvalue", shadow[i], (sums[1] - sums[0]) / (2 * h));
  }
  return failures;
}
