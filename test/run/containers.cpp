// Containers whose nodes the standard library links: lists, trees, hash tables.
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>
#include <forward_list>
#include <list>
#include <map>
#include <set>
#include <tern/tern.hpp>
#include <unordered_map>

static int failures = 0;
static void check(const char *what, double got, double want) {
  if (!(std::fabs(got - want) <= 1e-6 * (1 + std::fabs(want)))) {
    std::printf("%s is %.15g, should be %.15g\n", what, got, want);
    ++failures;
  }
}
static double lists(double x) {
  std::list<double> l, other;
  for (int i = 0; i < 6; ++i)
    if (i % 2)
      l.push_back(x * i);
    else
      l.push_front(x + i);
  other.splice(other.begin(), l, std::next(l.begin()), std::next(l.begin(), 3));
  l.reverse();
  l.erase(l.begin());
  double s = 0, place = 1;
  for (double a : l)
    s += a * a * place++;
  for (double a : other)
    s *= a;
  return s;
}
static double trees(double x) {
  std::map<int, double> m;
  for (int i = 0; i < 8; ++i)
    m[(i * 5) % 8] = x * i;
  m.erase(3);
  double s = 0;
  for (auto &[k, v] : m)
    s = s * 0.5 + k * v * v;
  m.erase(m.begin());
  return s * m.rbegin()->second + m.at(2);
}
static double hashes(double x) {
  std::unordered_map<int, double> m;
  for (int i = 0; i < 40; ++i)
    m[i * 7] = x * i;
  m.erase(28);
  double s = 0;
  for (auto &[k, v] : m)
    s += v * v * k;
  return m[7] * m[14] + m.at(21) * x + s;
}
/// Enough insertions and removals for every kind of rebalancing.
static double changed(double x) {
  std::map<unsigned, double> m;
  unsigned random = 1;
  for (int i = 0; i < 600; ++i) {
    random = random * 1103515245 + 12345;
    auto [at, fresh] = m.emplace(random >> 16 & 63, x + i * 0.01);
    if (!fresh && random >> 24 & 1)
      m.erase(at);
    else if (!fresh)
      at->second *= x;
  }
  double s = 0;
  for (auto at = m.rbegin(); at != m.rend(); ++at)
    s = s * 0.9 + at->first * at->second;
  return s;
}
static double ordered(double x) {
  std::list<double> l;
  for (int i = 0; i < 9; ++i)
    l.insert(l.begin(), x * ((i * 4) % 9));
  l.sort();
  std::list<double> copy(l), empty;
  swap(copy, empty);
  empty.merge(l);
  double s = 0, place = 1;
  for (double a : empty)
    s += a * a * place++;
  return s + copy.size();
}
static double sorted(double x) {
  std::set<double> s;
  for (int i = 0; i < 9; ++i)
    s.insert(x * ((i * 4) % 9));
  double sum = 0, place = 1;
  for (double a : s)
    sum += a * a * place++;
  return sum;
}
static double chained(double x) {
  std::forward_list<double> l;
  for (int i = 0; i < 5; ++i)
    l.push_front(x * i);
  l.remove_if([](double a) { return a > 2.5; });
  double p = 1;
  for (double a : l)
    p = p * a + a;
  return p;
}

template <auto F> void both(const char *name, double x) {
  double h = 1e-5, slope = (F(x + h) - F(x - h)) / (2 * h);
  check(name, tern::grad<F>(x), slope);
  check(name, tern::jvp<F>(tern::Dual{x, 1.0}), slope);
}

/// A map of the caller's, with a shadow of the same keys.
static double weighted(const std::map<int, double> &m) {
  double s = 0;
  for (auto &[k, v] : m)
    s += k * v * v;
  return s;
}

int main() {
  std::map<int, double> m{{1, 2.0}, {2, 3.0}, {5, 4.0}}, shadow;
  for (auto &[k, v] : m)
    shadow[k] = 0;
  tern::grad<weighted>(tern::Duplicated{m, shadow});
  for (auto &[k, v] : m)
    check("weighted", shadow[k], 2 * k * v);
  both<lists>("lists", 0.7);
  both<trees>("trees", 0.7);
  both<hashes>("hashes", 0.7);
  both<changed>("changed", 0.7);
  both<ordered>("ordered", 0.7);
  both<sorted>("sorted", 0.7);
  both<chained>("chained", 0.7);
  return failures;
}
