// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A stack of LSTM layers with diagonal weights predicts a sequence of
// characters of b bits; the objective of ADBench. The state is carried along
// and updated in place.
//
//   main[2 layers][4 b]    per layer the weights, then the biases, of the
//                          gates forget, input, output and of the change
//   extra[3][b]            scale of the input, scale and bias of the output
//   state[2 layers][b]     per layer hidden, cell
//   sequence[length][b]
#pragma once
#include "variant.hpp"

namespace bench::BENCH_VARIANT {

struct LstmSizes {
  int layers, length, b;
};

/// Works on `state` in place.
double lstm(const LstmSizes *sizes, const double *BENCH_RESTRICT main,
            const double *BENCH_RESTRICT extra, double *BENCH_RESTRICT state,
            const double *BENCH_RESTRICT sequence);

/// Adds to d_main and d_extra; d_state is room for the adjoint of the state.
void lstm_by_tern(const LstmSizes *sizes, const double *main, double *d_main,
                  const double *extra, double *d_extra, double *state,
                  double *d_state, const double *sequence);

void lstm_by_hand(const LstmSizes *sizes, const double *BENCH_RESTRICT main,
                  double *BENCH_RESTRICT d_main,
                  const double *BENCH_RESTRICT extra,
                  double *BENCH_RESTRICT d_extra, double *BENCH_RESTRICT state,
                  const double *BENCH_RESTRICT sequence);

} // namespace bench::BENCH_VARIANT
