// Forward mode through the containers and algorithms of the standard library.
// RUN: %run-all-levels %s
#include "Inputs/forward.h"
#include <algorithm>
#include <complex>
#include <deque>
#include <map>
#include <numeric>
#include <optional>
#include <sstream>
#include <string>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

#define COMPARE(f, x)                                                          \
  check(#f, __enzyme_fwddiff<double>((void *)f, enzyme_dup, x, 1.0),           \
        slope([](double e) { return f((x) + e); }, 1e-3), 1e-8)

static double maps(double x) {
  std::map<int, double> m;
  for (int i = 0; i < 8; ++i)
    m[(i * 5) % 8] = x * i;
  m.erase(3);
  double s = 0;
  for (auto &[k, v] : m)
    s = s * 0.5 + k * v * v;
  return s;
}
static double hashes(double x) {
  std::unordered_map<int, double> m;
  for (int i = 0; i < 40; ++i)
    m[i * 7] = x * i;
  return m[7] * m[14] + m.at(21) * x;
}
static double sorted(double x) {
  std::vector<double> v;
  for (int i = 0; i < 25; ++i)
    v.push_back(std::sin(i * x * 3));
  std::sort(v.begin(), v.end());
  std::reverse(v.begin(), v.begin() + 5);
  return v[3] * v[12] + std::accumulate(v.begin(), v.end() - 4, 0.0);
}
static double queues(double x) {
  std::deque<double> d;
  for (int i = 0; i < 100; ++i) {
    d.push_back(x + i);
    d.push_front(x * i);
  }
  while (d.size() > 10)
    d.pop_back();
  return d[3] * d[9];
}
static double words(double x) {
  std::string s = "a fairly long string that does not fit inside";
  s += std::to_string(3);
  std::map<std::string, double> m{{s, x}, {"two", x * x}};
  return m[s] * m["two"] + double(s.size());
}
static double streams(double x) {
  std::ostringstream out;
  out << "value " << x << '\n';
  return x * x + 0 * double(out.str().size());
}
static double sums(double x) {
  std::complex<double> z(x, 2 * x);
  z = z / (z * z + 1.0) + std::complex<double>(1, x);
  z = std::sqrt(std::exp(z)) + std::log(z) * std::sin(z) - std::cos(z);
  std::complex<float> w(float(x), 1.0f);
  w = w * w / (w + 2.0f);
  return std::norm(z) + std::abs(z) + std::arg(z) + 0 * double(w.imag());
}
static double choices(double x) {
  std::optional<double> o;
  if (opaque(1))
    o = x * 3;
  std::variant<int, double> v = x * x;
  std::tuple<int, double, float> t{1, x, float(x)};
  auto [a, b, c] = t;
  return *o * std::get<double>(v) + a * b;
}

int main() {
  COMPARE(maps, 0.7);
  COMPARE(hashes, 0.7);
  // Steps so short that the order stays.
  check("sorted",
        __enzyme_fwddiff<double>((void *)sorted, enzyme_dup, 0.7, 1.0),
        slope([](double e) { return sorted(0.7 + e); }, 1e-6), 1e-7);
  COMPARE(queues, 0.7);
  COMPARE(words, 0.7);
  COMPARE(streams, 0.7);
  COMPARE(sums, 0.7);
  COMPARE(choices, 0.7);
  return verdict();
}
