// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Back-propagation through time by hand: the record sweep keeps the gates, the
// old hidden and cell and tanh of the new cell of every layer and step, seven
// numbers each; no exponential is computed twice.
#include "lstm.hpp"
#include "problem.hpp"
#include <cmath>

namespace bench::BENCH_VARIANT {

namespace {

enum Kept {
  Hidden,
  Cell,
  Forget,
  Ingate,
  Outgate,
  Change,
  TanhCell,
  KeptCount
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// One layer; pointers to its part of parameters, state and kept values.
struct Layer {
  int b;
  const double *weight;
  double *d_weight;

  void record(const double *BENCH_RESTRICT input, double *BENCH_RESTRICT state,
              double *BENCH_RESTRICT kept) const {
    const double *w = weight, *bias = weight + 4 * b;
    for (int i = 0; i < b; ++i) {
      const double hidden = state[i], cell = state[b + i];
      const double forget = sigmoid(input[i] * w[i] + bias[i]);
      const double ingate = sigmoid(hidden * w[b + i] + bias[b + i]);
      const double outgate = sigmoid(input[i] * w[2 * b + i] + bias[2 * b + i]);
      const double change = std::tanh(hidden * w[3 * b + i] + bias[3 * b + i]);
      const double new_cell = cell * forget + ingate * change;
      const double tanh_cell = std::tanh(new_cell);
      state[b + i] = new_cell;
      state[i] = outgate * tanh_cell;
      const double values[KeptCount] = {hidden,  cell,   forget,   ingate,
                                        outgate, change, tanh_cell};
      for (int v = 0; v < KeptCount; ++v)
        kept[v * b + i] = values[v];
    }
  }

  /// d_state: adjoint of the new state on entry, of the old one on exit.
  void reverse(const double *BENCH_RESTRICT input,
               double *BENCH_RESTRICT d_input, double *BENCH_RESTRICT d_state,
               const double *BENCH_RESTRICT kept) const {
    const double *w = weight;
    double *BENCH_RESTRICT d_w = d_weight;
    double *BENCH_RESTRICT d_bias = d_weight + 4 * b;
    const auto at = [&](Kept v, int i) { return kept[v * b + i]; };
    for (int i = 0; i < b; ++i) {
      const double forget = at(Forget, i), ingate = at(Ingate, i),
                   outgate = at(Outgate, i), change = at(Change, i),
                   tanh_cell = at(TanhCell, i), hidden = at(Hidden, i);
      const double d_hidden = d_state[i];
      const double d_cell =
          d_state[b + i] + d_hidden * outgate * (1 - tanh_cell * tanh_cell);
      // Adjoints of what the four gates are functions of.
      const double d_forget = d_cell * at(Cell, i) * forget * (1 - forget);
      const double d_ingate = d_cell * change * ingate * (1 - ingate);
      const double d_outgate = d_hidden * tanh_cell * outgate * (1 - outgate);
      const double d_change = d_cell * ingate * (1 - change * change);
      d_w[i] += d_forget * input[i];
      d_w[b + i] += d_ingate * hidden;
      d_w[2 * b + i] += d_outgate * input[i];
      d_w[3 * b + i] += d_change * hidden;
      d_bias[i] += d_forget;
      d_bias[b + i] += d_ingate;
      d_bias[2 * b + i] += d_outgate;
      d_bias[3 * b + i] += d_change;
      d_input[i] += d_forget * w[i] + d_outgate * w[2 * b + i];
      d_state[i] = d_ingate * w[b + i] + d_change * w[3 * b + i];
      d_state[b + i] = d_cell * forget;
    }
  }
};

} // namespace

void lstm_by_hand(const LstmSizes *sizes, const double *BENCH_RESTRICT main,
                  double *BENCH_RESTRICT d_main,
                  const double *BENCH_RESTRICT extra,
                  double *BENCH_RESTRICT d_extra, double *BENCH_RESTRICT state,
                  const double *BENCH_RESTRICT sequence) {
  const int b = sizes->b, layers = sizes->layers, steps = sizes->length - 1;
  const long per_layer = KeptCount * b, per_step = per_layer * layers;
  std::unique_ptr<double[]> kept(new double[per_step * steps]);
  // Inputs of the first layer, outputs of the last one, softmax: per step.
  std::unique_ptr<double[]> ends(new double[3l * b * steps]);
  const auto layer = [&](int l) {
    return Layer{b, &main[8 * b * l], &d_main[8 * b * l]};
  };

  for (int t = 0; t < steps; ++t) {
    double *step = &kept[t * per_step], *first = &ends[3l * b * t],
           *top = first + b, *softmax = first + 2 * b;
    for (int i = 0; i < b; ++i)
      first[i] = sequence[t * b + i] * extra[i];
    for (int l = 0; l < layers; ++l)
      layer(l).record(l == 0 ? first : &state[2 * b * (l - 1)],
                      &state[2 * b * l], step + l * per_layer);
    double sum = 2;
    for (int i = 0; i < b; ++i) {
      top[i] = state[2 * b * (layers - 1) + i];
      softmax[i] = std::exp(top[i] * extra[b + i] + extra[2 * b + i]);
      sum += softmax[i];
    }
    for (int i = 0; i < b; ++i)
      softmax[i] /= sum;
  }

  Vector d_state(2 * b * layers), d_input(b), input(b);
  const double scale = -1.0 / (steps * b);
  for (int t = steps - 1; t >= 0; --t) {
    const double *step = &kept[t * per_step], *first = &ends[3l * b * t],
                 *top = first + b, *softmax = first + 2 * b;
    const double *expected = &sequence[(t + 1) * b];
    double total = 0;
    for (int i = 0; i < b; ++i)
      total += expected[i];
    for (int i = 0; i < b; ++i) {
      const double d_prediction = scale * (expected[i] - total * softmax[i]);
      d_extra[b + i] += d_prediction * top[i];
      d_extra[2 * b + i] += d_prediction;
      d_state[2 * b * (layers - 1) + i] += d_prediction * extra[b + i];
      d_input[i] = 0;
    }
    for (int l = layers - 1; l >= 0; --l) {
      // The new hidden of the layer below: outgate * tanh(cell).
      const double *below = step + (l - 1) * per_layer;
      for (int i = 0; i < b; ++i)
        input[i] = l == 0 ? first[i]
                          : below[Outgate * b + i] * below[TanhCell * b + i];
      layer(l).reverse(input.data(),
                       l == 0 ? d_input.data() : &d_state[2 * b * (l - 1)],
                       &d_state[2 * b * l], step + l * per_layer);
    }
    for (int i = 0; i < b; ++i)
      d_extra[i] += d_input[i] * sequence[t * b + i];
  }
}

namespace {

class LstmCase final : public Problem {
public:
  explicit LstmCase(int layers) : sizes{layers, 1024, 14} {
    name = "lstm";
    input = "lstm_l" + std::to_string(layers) + "_c1024";
    target = 1.5;
    Vector numbers = read_numbers("adbench/lstm/" + input + ".txt");
    if (numbers.empty()) {
      input += " (generated)";
      numbers = Generator(6).vector(3 + main_size() + 3 * sizes.b +
                                        state_size() + sizes.length * sizes.b,
                                    0, 1);
    }
    auto next = numbers.begin() + 3;
    all.assign(next, next + main_size() + 3 * sizes.b);
    next += main_size() + 3 * sizes.b;
    start.assign(next, next + state_size());
    sequence.assign(next + state_size(), numbers.end());
  }
  std::span<double> parameters() override { return all; }
  double primal() override {
    state = start;
    return lstm(&sizes, all.data(), extra(), state.data(), sequence.data());
  }
  void by_hand(Vector &derivative) override {
    state = start;
    derivative.assign(all.size(), 0);
    lstm_by_hand(&sizes, all.data(), derivative.data(), extra(),
                 derivative.data() + main_size(), state.data(),
                 sequence.data());
  }
  void by_tern([[maybe_unused]] Vector &derivative) override {
#ifdef BENCH_TERN
    state = start;
    derivative.assign(all.size(), 0);
    d_state.assign(state.size(), 0);
    lstm_by_tern(&sizes, all.data(), derivative.data(), extra(),
                 derivative.data() + main_size(), state.data(), d_state.data(),
                 sequence.data());
#endif
  }

private:
  LstmSizes sizes;
  Vector all, start, state, d_state, sequence;

  const double *extra() const { return all.data() + main_size(); }
  int main_size() const { return 8 * sizes.layers * sizes.b; }
  int state_size() const { return 2 * sizes.layers * sizes.b; }
};

const Registration cases[] = {Registration(make_case<LstmCase, 2>),
                              Registration(make_case<LstmCase, 4>)};

} // namespace
} // namespace bench::BENCH_VARIANT
