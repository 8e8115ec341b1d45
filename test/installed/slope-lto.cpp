#include <cmath>
#include <tern/tern.hpp>

double cube(double x); // in cube.cpp

int main() {
  double slope = tern::grad<cube>(2.0);
  return std::fabs(slope - 12) > 1e-14;
}
