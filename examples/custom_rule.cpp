// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A derivative of one's own for a solver. Kepler's equation
//
//   E - e sin E = M
//
// is solved by iteration. There is no need to differentiate the iteration: from
// the equation itself follows, with w = 1 / (1 - e cos E),
//
//   dE/dM = w,   dE/de = w sin E.
#include <cmath>
#include <cstdio>
#include <tern/tern.hpp>

/// Of an orbit of eccentricity e; M, E in radians.
double kepler(double e, double M) {
  double E = M;
  for (int i = 0; i < 100; ++i) {
    const double step = (E - e * std::sin(E) - M) / (1 - e * std::cos(E));
    E -= step;
    if (std::abs(step) < 1e-15)
      break;
  }
  return E;
}

static int rules_used = 0;

struct KeplerRecorded {
  void *tape;
  double E;
};
KeplerRecorded kepler_record(double e, double M) {
  auto *solution = new double(kepler(e, M));
  return {solution, *solution};
}
struct KeplerAdjoints {
  double e, M;
};
KeplerAdjoints kepler_reverse(double e, double, double adjoint, void *tape) {
  auto *solution = static_cast<double *>(tape);
  const double w = 1 / (1 - e * std::cos(*solution));
  const KeplerAdjoints adjoints = {adjoint * w * std::sin(*solution),
                                   adjoint * w};
  delete solution;
  ++rules_used;
  return adjoints;
}
TERN_GRADIENT(kepler, kepler_record, kepler_reverse);

/// How far from the centre's line the planet is at time M.
double height(double e, double M) {
  return std::sqrt(1 - e * e) * std::sin(kepler(e, M));
}

int main() {
  const double e = 0.3, M = 1.1, h = 1e-5;
  auto [d_e, d_M] = tern::grad<height>(e, M);
  const double by_e = (height(e + h, M) - height(e - h, M)) / (2 * h);
  const double by_M = (height(e, M + h) - height(e, M - h)) / (2 * h);
  std::printf("d/de %.9f (differences: %.9f)\n", d_e, by_e);
  std::printf("d/dM %.9f (differences: %.9f)\n", d_M, by_M);
  return std::abs(d_e - by_e) < 1e-8 && std::abs(d_M - by_M) < 1e-8 &&
                 rules_used == 1
             ? 0
             : 1;
}
