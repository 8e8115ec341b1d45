// RUN: %run-all-levels %s
// Closures behind std::function, kept in its own memory or on the heap.
#include "Inputs/near.h"
#include <cmath>
#include <functional>
#include <tern/tern.hpp>

static double integral(const std::function<double(double)> &f, double a,
                       double b) {
  double sum = 0;
  for (int i = 0; i < 50; ++i)
    sum += f(a + (b - a) * (i + 0.5) / 50);
  return sum * (b - a) / 50;
}

static double two_numbers(double x) {
  double k = 2 * x;
  return integral([=](double t) { return x * k * t + x; }, 0, x);
}

[[maybe_unused]] static double several(double x) {
  double k = 2 * x;
  return integral([k](double t) { return std::sin(k * t); }, 0, x) +
         integral([&](double t) { return k * x * t; }, 0, 1) +
         integral([=](double t) { return x * k * t + x; }, 0, x);
}

[[maybe_unused]] static double on_the_heap(double x) {
  double a = x, b = x * x, c = 3;
  return integral([=](double t) { return a * t + b * c * std::cos(t * a); }, 0,
                  x);
}

[[maybe_unused]] static double copied(double x) {
  double k = std::exp(x);
  std::function<double(double)> f = [=](double t) { return k * t + x; };
  std::function<double(double)> g = f;
  return f(x) * g(k);
}

template <auto F> static void check(double x) {
  const double h = 1e-6;
  double difference = (F(x + h) - F(x - h)) / (2 * h);
  near_at(__LINE__, tern::grad<F>(x), difference, 1e-7);
  near_at(__LINE__, tern::jvp<F>(tern::Dual{x, 1.0}), difference, 1e-7);
}

int main() {
  check<two_numbers>(0.7);
#ifdef __OPTIMIZE__ // without, nothing says what is copied: D03
  check<several>(0.7);
  check<on_the_heap>(0.7);
  check<copied>(0.7);
#endif
  return failures();
}
