// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A chain of n linear reactions integrated over [0, 1] by the classical
// Runge-Kutta method in a number of steps: y_0' = x_0, y_i' = x_i y_{i-1}.
// The state is updated in place, which is what makes it interesting: the
// reverse sweep needs the states of all steps.
#pragma once
#include "variant.hpp"

namespace bench::BENCH_VARIANT {

struct OdeSizes {
  int n, steps;
};

/// The sum of squares of the state at the end, from zero at the start.
double ode(const OdeSizes *sizes, const double *BENCH_RESTRICT x);
void ode_by_tern(const OdeSizes *sizes, const double *x, double *d_x);
void ode_by_hand(const OdeSizes *sizes, const double *BENCH_RESTRICT x,
                 double *BENCH_RESTRICT d_x);

} // namespace bench::BENCH_VARIANT
