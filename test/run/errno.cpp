// RUN: %run-all-levels %s
// A function that reads errno is differentiated along the way that it takes.
#include "Inputs/near.h"
#include <cerrno>
#include <cmath>
#include <tern/tern.hpp>

static double guarded_log(double x) {
  errno = 0;
  const double r = std::log(x);
  return errno ? x * x : r;
}

int main() {
  near_float(tern::grad<guarded_log>(4.0), 0.25);
  near_float(tern::grad<guarded_log>(-3.0), -6);
  near_float(tern::jvp<guarded_log>(tern::Dual{-3.0, 1.0}), -6);
  near_float(guarded_log(-3), 9);
  return failures();
}
