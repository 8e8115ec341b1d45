// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Linear least squares: a polynomial with m coefficients fitted to the sign
// function at n points in [-1, 1].
//
//   1/2 sum_i (sign(t_i) - sum_j x_j t_i^j)^2
#pragma once
#include "variant.hpp"

namespace bench::BENCH_VARIANT {

double llsq(int n, int m, const double *BENCH_RESTRICT x);
void llsq_by_tern(int n, int m, const double *x, double *d_x);
double llsq_by_hand(int n, int m, const double *BENCH_RESTRICT x,
                    double *BENCH_RESTRICT d_x);

} // namespace bench::BENCH_VARIANT
