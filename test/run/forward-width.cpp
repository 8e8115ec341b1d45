// Several tangents at once equal as many separate runs.
// RUN: %run-all-levels %s
#include "Inputs/forward.h"
#include <memory>
#include <vector>

struct Four {
  double lane[4];
};

static double scalar(double x, double y) {
  double s = x;
  for (int i = 0; i < opaque(5); ++i)
    s = std::sin(s * y) + x / (i + 1);
  return s;
}

NOINLINE static double walk(const double *x, int n, double scale) {
  return n == 0 ? 0 : std::exp(-x[0] * scale) + walk(x + 1, n - 1, scale * 1.5);
}
static double memory(const double *x, int n) {
  std::vector<double> copy(x, x + n);
  for (int k = 0; k < 3; ++k)
    for (int i = 1; i < n; ++i)
      copy[i] = copy[i] * 0.5 + copy[i - 1] * copy[i];
  auto tail = std::make_unique<double>(copy[n - 1]);
  return walk(copy.data(), n, *tail);
}

int main() {
  double tx[4] = {1, 0, 2, -1}, ty[4] = {0, 1, 0.5, 3};
  Four all = __enzyme_fwddiff<Four>((void *)scalar, enzyme_width, 4, enzyme_dup,
                                    0.7, tx[0], tx[1], tx[2], tx[3], enzyme_dup,
                                    0.4, ty[0], ty[1], ty[2], ty[3]);
  for (int i = 0; i < 4; ++i)
    check("scalar", all.lane[i],
          __enzyme_fwddiff<double>((void *)scalar, enzyme_dup, 0.7, tx[i],
                                   enzyme_dup, 0.4, ty[i]),
          1e-14);
  double x[5] = {0.1, 0.2, 0.3, 0.4, 0.5};
  double t[4][5] = {{1}, {0, 1}, {0, 0, 1, 1, 0}, {0.5, 0.25, 0, 1, 2}};
  all = __enzyme_fwddiff<Four>((void *)memory, enzyme_width, 4, enzyme_dup, x,
                               t[0], t[1], t[2], t[3], enzyme_const, 5);
  for (int i = 0; i < 4; ++i) {
    check("memory", all.lane[i],
          __enzyme_fwddiff<double>((void *)memory, enzyme_dup, x, t[i],
                                   enzyme_const, 5),
          1e-14);
    check("memory against slope", all.lane[i],
          slope(
              [&](double e) {
                double moved[5];
                for (int k = 0; k < 5; ++k)
                  moved[k] = x[k] + e * t[i][k];
                return memory(moved, 5);
              },
              1e-3),
          1e-8);
  }
  return verdict();
}
