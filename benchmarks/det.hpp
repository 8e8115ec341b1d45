// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Determinant by recursive expansion into minors along the first row: a
// recursion that no inliner removes, with n! leaves. Columns that are gone are
// taken out of an index list on the way down.
#pragma once
#include "variant.hpp"

namespace bench::BENCH_VARIANT {

/// a is n x n, row by row.
double det(int n, const double *BENCH_RESTRICT a);
void det_by_tern(int n, const double *a, double *d_a);
void det_by_hand(int n, const double *BENCH_RESTRICT a,
                 double *BENCH_RESTRICT d_a);

} // namespace bench::BENCH_VARIANT
