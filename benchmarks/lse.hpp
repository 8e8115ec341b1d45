// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// log(sum(exp(x))) of n numbers, in two sweeps over them so that nothing
// overflows. Its gradient is the softmax.
#pragma once
#include "variant.hpp"

namespace bench::BENCH_VARIANT {

double lse(int n, const double *BENCH_RESTRICT x);
void lse_by_tern(int n, const double *x, double *d_x);
double lse_by_hand(int n, const double *BENCH_RESTRICT x,
                   double *BENCH_RESTRICT d_x);

} // namespace bench::BENCH_VARIANT
