// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What builds add to the code: sanitizers, coverage, hardening.
// RUN: %tern-clang++ -std=c++20 -O0 -fsanitize=undefined %s -o %t && %t
// RUN: %tern-clang++ -std=c++20 -O2 -fsanitize=undefined,integer %s -o %t && %t
// RUN: %tern-clang++ -std=c++20 -O1 -fsanitize=address %s -o %t && %t
// RUN: mkdir -p %t.dir && cd %t.dir && %tern-clang++ -std=c++20 -O2 --coverage %s -o %t && %t
// RUN: %tern-clang++ -std=c++20 -O2 -ftrapv -finstrument-functions %s -o %t && %t
// RUN: %tern-clang++ -std=c++20 -O2 -D_FORTIFY_SOURCE=3 %s -o %t && %t
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <tern/tern.hpp>
#include <vector>
struct particle {
  double x, v;
  int kind;
};
static double force(const particle &p, double k) {
  switch (p.kind) {
  case 0:
    return -k * p.x;
  case 1:
    return -k * std::sin(p.x);
  default:
    return 0;
  }
}
double energy(const std::vector<double> &start, double k) {
  std::vector<particle> ps;
  for (std::size_t i = 0; i < start.size(); ++i)
    ps.push_back({start[i], 0.1 * start[i], int(i % 3)});
  for (int step = 0; step < 20; ++step)
    for (auto &p : ps) {
      p.v += 0.05 * force(p, k);
      p.x += 0.05 * p.v;
    }
  double e = 0;
  char text[64];
  std::array<double, 4> hist{};
  for (std::size_t i = 0; i < ps.size(); ++i) {
    e += 0.5 * ps[i].v * ps[i].v + ps[i].x * ps[i].x;
    hist[i & 3] += ps[i].x;
  }
  std::snprintf(text, sizeof text, "%g", e);
  return e + hist[1] * hist[2];
}
int main() {
  std::vector<double> x{0.3, -0.7, 1.1, 0.2, 0.9};
  auto [dx, dk] = tern::grad<energy>(x, 1.7);
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    auto hi = x, lo = x;
    hi[i] += 1e-6;
    lo[i] -= 1e-6;
    worst = std::fmax(
        worst, std::fabs((energy(hi, 1.7) - energy(lo, 1.7)) / 2e-6 - dx[i]));
  }
  worst = std::fmax(
      worst,
      std::fabs((energy(x, 1.7 + 1e-6) - energy(x, 1.7 - 1e-6)) / 2e-6 - dk));
  double t = tern::jvp<energy>(
      tern::Dual{x, std::vector<double>{1, 0, 0, 0, 0}}, tern::Const{1.7});
  worst = std::fmax(worst, std::fabs(t - dx[0]));
  std::printf("%s %g\n", worst < 1e-7 ? "right" : "WRONG", worst);
  return worst < 1e-7 ? 0 : 1;
}
