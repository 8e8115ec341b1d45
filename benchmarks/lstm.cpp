// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lstm.hpp"
#include "ask.hpp"
#include <math.h>

namespace bench::BENCH_VARIANT {

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

/// log(2 + sum exp), as in ADBench.
static double log_sum_exp(int n, const double *BENCH_RESTRICT x) {
  double sum = 2;
  for (int i = 0; i < n; ++i)
    sum += exp(x[i]);
  return log(sum);
}

/// Advances one layer; `weight` is followed by its biases, `hidden` by `cell`.
static void layer(int b, const double *BENCH_RESTRICT weight,
                  double *BENCH_RESTRICT state,
                  const double *BENCH_RESTRICT input) {
  const double *bias = weight + 4 * b;
  double *hidden = state, *cell = state + b;
  for (int i = 0; i < b; ++i) {
    const double forget = sigmoid(input[i] * weight[i] + bias[i]);
    const double ingate = sigmoid(hidden[i] * weight[b + i] + bias[b + i]);
    const double outgate =
        sigmoid(input[i] * weight[2 * b + i] + bias[2 * b + i]);
    const double change = tanh(hidden[i] * weight[3 * b + i] + bias[3 * b + i]);
    cell[i] = cell[i] * forget + ingate * change;
    hidden[i] = outgate * tanh(cell[i]);
  }
}

static void predict(const LstmSizes *sizes, const double *BENCH_RESTRICT main,
                    const double *BENCH_RESTRICT extra,
                    double *BENCH_RESTRICT state,
                    const double *BENCH_RESTRICT input,
                    double *BENCH_RESTRICT prediction) {
  const int b = sizes->b;
  for (int i = 0; i < b; ++i)
    prediction[i] = input[i] * extra[i];
  layer(b, main, state, prediction);
  for (int l = 1; l < sizes->layers; ++l)
    layer(b, &main[8 * b * l], &state[2 * b * l], &state[2 * b * (l - 1)]);
  const double *top = &state[2 * b * (sizes->layers - 1)];
  for (int i = 0; i < b; ++i)
    prediction[i] = top[i] * extra[b + i] + extra[2 * b + i];
}

double lstm(const LstmSizes *sizes, const double *BENCH_RESTRICT main,
            const double *BENCH_RESTRICT extra, double *BENCH_RESTRICT state,
            const double *BENCH_RESTRICT sequence) {
  const int b = sizes->b, steps = sizes->length - 1;
  double *prediction = new double[b];
  double total = 0;
  for (int t = 0; t < steps; ++t) {
    predict(sizes, main, extra, state, &sequence[t * b], prediction);
    const double lse = log_sum_exp(b, prediction);
    const double *expected = &sequence[(t + 1) * b];
    for (int i = 0; i < b; ++i)
      total += expected[i] * (prediction[i] - lse);
  }
  delete[] prediction;
  return -total / (steps * b);
}

#ifdef BENCH_TERN
void lstm_by_tern(const LstmSizes *sizes, const double *main, double *d_main,
                  const double *extra, double *d_extra, double *state,
                  double *d_state, const double *sequence) {
  __enzyme_autodiff<void>((void *)lstm, enzyme_const, sizes, enzyme_dup, main,
                          d_main, enzyme_dup, extra, d_extra, enzyme_dup, state,
                          d_state, enzyme_const, sequence);
}
#endif

} // namespace bench::BENCH_VARIANT
