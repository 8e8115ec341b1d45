#include <cmath>
#include <tern/tern.hpp>

static double wave(double x) { return x * std::sin(x); }

int main() {
  double x = 0.7;
  double slope = tern::grad<wave>(x);
  return std::fabs(slope - std::sin(x) - x * std::cos(x)) > 1e-14;
}
