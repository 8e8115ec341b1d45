// RUN: %run-all-levels %s
// Copying a map is a recursion that moves whole values; only the names of the
// types say what they hold.
#include "Inputs/near.h"
#include <array>
#include <cmath>
#include <complex>
#include <map>
#include <set>
#include <string>
#include <tern/tern.hpp>
#include <vector>

static double numbers(double x) {
  std::map<int, double> m;
  for (int i = 0; i < 5; ++i)
    m[i * 3 % 5] = x * i;
  std::map<int, double> copy = m;
  copy[2] *= x;
  double sum = 0;
  for (auto &[key, value] : copy)
    sum += key * value + m[key] * value;
  return sum;
}

static double words(double x) {
  std::map<std::string, double> m;
  m["alpha"] = x;
  m["beta"] = x * x;
  m["a rather long key that does not fit"] = std::sin(x);
  auto copy = m;
  double sum = 0;
  for (auto &[key, value] : copy)
    sum += key.size() * value * value;
  return sum * m.at("beta");
}

struct Particle {
  double mass;
  int kind;
  float charge;
  double at[3];
};

static double structs(double x) {
  std::map<short, Particle> m;
  for (short i = 0; i < 4; ++i)
    m[i] = {x * i, i, 2.0f, {x, x * x, 1}};
  auto copy = m;
  copy[1].at[2] = x;
  double sum = 0;
  for (auto &[key, p] : copy)
    sum += p.mass * p.at[1] * p.kind + p.at[2] * p.charge;
  return sum;
}

static double nested(double x) {
  std::map<std::pair<int, int>, std::array<double, 2>> m;
  for (int i = 0; i < 4; ++i)
    m[{i, -i}] = {x * i, x * x};
  auto copy = m;
  std::map<int, std::vector<double>> lists = {{1, {x, x}}, {2, {x * x}}};
  lists[1].push_back(3 * x);
  std::map<int, std::complex<double>> turns = {{0, {x, 1}}, {7, {0, x}}};
  auto turned = turns;
  double sum = 0;
  for (auto &[key, pair] : copy)
    sum += pair[0] * pair[1] * key.first;
  for (auto &[key, list] : lists)
    for (double e : list)
      sum += key * e * e;
  return sum + std::norm(turned[0] + turned[7]);
}

static double sets(double x) {
  std::set<double> s = {x, 2 * x, x * x};
  auto copy = s;
  double product = 1;
  for (double e : copy)
    product *= e;
  return product;
}

template <auto F> static void check(double x) {
  const double h = 1e-6;
  double difference = (F(x + h) - F(x - h)) / (2 * h);
  near_at(__LINE__, tern::grad<F>(x), difference, 1e-7);
  near_at(__LINE__, tern::jvp<F>(tern::Dual{x, 1.0}), difference, 1e-7);
}

int main() {
  check<numbers>(0.7);
  check<words>(0.7);
  check<structs>(0.7);
  check<nested>(0.7);
  check<sets>(0.7);
  return failures();
}
