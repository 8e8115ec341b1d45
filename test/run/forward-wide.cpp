// Many tangents at once, whose lanes lie side by side in memory that the
// function makes itself, equal as many separate runs.
// RUN: %run-all-levels %s
#include "Inputs/forward.h"
#include <cstdlib>
#include <cstring>
#include <vector>

extern int enzyme_dupv;
template <class Result, class... Args>
Result __enzyme_autodiff(void *, Args...);
constexpr int Size = 4;

/// Scratch arrays on the heap and on the stack, addresses that move, copies.
static void scratch(const double *x, double *y) {
  const int n = opaque(Size);
  double table[Size][2], copy[Size][2];
  std::vector<double> heap(x, x + n);
  for (int i = 0; i < n; ++i) {
    table[i][0] = x[i] * x[(i + 1) % n];
    table[i][1] = std::sin(x[i]);
  }
  std::memcpy(copy, table, sizeof copy);
  for (int round = 0; round < opaque(3); ++round)
    for (double *p = heap.data(); p != heap.data() + n; ++p)
      *p = *p * copy[p - heap.data()][round % 2] + heap[0];
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += heap[i] > 0.3 ? heap[i] : -std::sqrt(1 + heap[i] * heap[i]);
  for (int i = 0; i < n; ++i)
    y[i] = heap[i] + sum * copy[i][1];
}

/// Chosen between two arrays, cleared, freed on two ways; floats in between.
static void chosen(const double *x, double *y) {
  const int n = opaque(Size);
  float *rough = static_cast<float *>(std::malloc(n * sizeof(float)));
  double *a = static_cast<double *>(std::calloc(n, sizeof(double)));
  double *b = static_cast<double *>(std::calloc(n, sizeof(double)));
  for (int i = 0; i < n; ++i) {
    rough[i] = static_cast<float>(x[i]);
    (x[i] > 0.2 ? a : b)[i] = std::ldexp(x[i] * x[i], 2);
  }
  for (int i = 0; i < n; ++i)
    a[i] += b[n - 1 - i] / (2 + rough[i]);
  double *result = opaque(1) ? a : b, *other = opaque(1) ? b : a;
  for (int i = 0; i < n; ++i)
    y[i] = result[i] * rough[0] + other[i];
  std::memset(result, 0, n * sizeof(double));
  y[0] += result[0];
  std::free(rough);
  std::free(a);
  std::free(b);
}

/// What callees get, holds integers or meets other memory has a shadow per
/// lane, beside memory that has not.
NOINLINE static double horner(const double *c, int n, double at) {
  return n == 0 ? 0 : c[0] + at * horner(c + 1, n - 1, at);
}
struct Entry {
  double value;
  long number;
};
static void mixed(const double *x, double *y) {
  const int n = opaque(Size);
  std::vector<double> passed(n), own(n);
  std::vector<Entry> entries(n);
  for (int i = 0; i < n; ++i) {
    passed[i] = std::exp(x[i]);
    entries[i] = {x[i] * x[i], n - 1 - i};
  }
  for (int round = 0; round < opaque(2); ++round)
    for (int i = 0; i < n; ++i)
      own[i] += passed[i] * own[(i + 1) % n] + entries[i].value;
  for (int i = 0; i < n; ++i) {
    const double *from = i % 2 ? own.data() : x;
    y[i] = horner(passed.data(), n, own[i]) + from[entries[i].number];
  }
}

/// Tables that start with constants, and what one function makes for another.
static std::vector<double> made(const double *x, int n) {
  std::vector<double> out;
  double table[Size] = {1, 2, 3, 4};
  for (int round = 0; round < opaque(3); ++round)
    for (int i = 0; i < n; ++i)
      table[i] = table[(i + 1) % n] * (i % 2 ? 0.5 : x[i]);
  for (int i = 0; i < n; ++i)
    out.push_back(table[i] + x[i] * x[0]);
  return out;
}
static void grown(const double *x, double *y) {
  std::vector<double> all = made(x, opaque(Size));
  std::vector<double> again(all);
  for (std::size_t i = 1; i < again.size(); ++i)
    again[i] += again[i - 1] * all[i];
  for (std::size_t i = 0; i < all.size(); ++i)
    y[i] = again[i] / (1 + all[i] * all[i]);
}

/// A loop-carried product, and a step that depends on the numbers.
static void recurrence(const double *x, double *y) {
  const int n = opaque(Size);
  std::vector<double> state(x, x + n), next(n);
  for (int step = 0; step < opaque(4); ++step) {
    double product = 1;
    for (int i = 0; i < n; ++i) {
      product *= 0.5 + state[i] * state[i];
      next[i] = std::pow(state[i], 2) * product + std::fmin(state[0], state[i]);
    }
    state.swap(next);
  }
  std::memcpy(y, state.data(), n * sizeof(double));
}

using Function = void(const double *, double *);

template <Function F>
static void one(const double *x, const double *t, double *dy) {
  double y[Size];
  __enzyme_fwddiff<void>((void *)F, enzyme_dup, x, t, enzyme_dup, y, dy);
}

template <Function F, int Width>
static void lanes(const double *x, double *all) {
  double t[Width][Size], y[Size];
  for (int lane = 0; lane < Width; ++lane)
    for (int i = 0; i < Size; ++i)
      t[lane][i] = std::cos(lane * 3 + i);
  __enzyme_fwddiff<void>((void *)F, enzyme_width, Width, enzyme_dupv,
                         sizeof t[0], x, &t[0][0], enzyme_dupv, sizeof y, y,
                         all);
}

template <Function F, int Width> static void compare(const char *name) {
  const double x[Size] = {0.7, 0.1, -0.4, 0.5};
  double all[Width * Size];
  lanes<F, Width>(x, all);
  for (int lane = 0; lane < Width; ++lane) {
    double t[Size], want[Size];
    for (int i = 0; i < Size; ++i)
      t[i] = std::cos(lane * 3 + i);
    one<F>(x, t, want);
    for (int i = 0; i < Size; ++i)
      check(name, all[lane * Size + i], want[i], 1e-13);
  }
}

template <Function F> static void compareWidths(const char *name) {
  compare<F, 3>(name);
  compare<F, 8>(name);
  compare<F, 13>(name);
}

/// Wide over wide: the derivative of eight lanes in eight directions.
static void eight(const double *x, double *all) { lanes<scratch, 8>(x, all); }

static void compareSecond() {
  constexpr int Out = 8 * Size;
  const double x[Size] = {0.7, 0.1, -0.4, 0.5};
  double t[8][Size], y[Out], got[8][Out];
  for (int lane = 0; lane < 8; ++lane)
    for (int i = 0; i < Size; ++i)
      t[lane][i] = std::sin(lane + 2 * i);
  __enzyme_fwddiff<void>((void *)eight, enzyme_width, 8, enzyme_dupv,
                         sizeof t[0], x, &t[0][0], enzyme_dupv, sizeof y, y,
                         &got[0][0]);
  for (int lane = 0; lane < 8; ++lane)
    for (int i = 0; i < Out; ++i)
      check("second", got[lane][i],
            slope(
                [&](double e) {
                  double moved[Size], all[Out];
                  for (int k = 0; k < Size; ++k)
                    moved[k] = x[k] + e * t[lane][k];
                  eight(moved, all);
                  return all[i];
                },
                1e-3),
            1e-8);
}

/// Reverse over wide.
static double square(const double *x) {
  double all[8 * Size], sum = 0;
  eight(x, all);
  for (double v : all)
    sum += v * v;
  return sum;
}
static void compareReverse() {
  const double x[Size] = {0.7, 0.1, -0.4, 0.5};
  double gradient[Size] = {};
  __enzyme_autodiff<void>((void *)square, enzyme_dup, x, gradient);
  for (int i = 0; i < Size; ++i)
    check("reverse", gradient[i],
          slope(
              [&](double e) {
                double moved[Size];
                std::memcpy(moved, x, sizeof x);
                moved[i] += e;
                return square(moved);
              },
              1e-3),
          1e-8);
}

int main() {
  compareWidths<scratch>("scratch");
  compareWidths<chosen>("chosen");
  compareWidths<mixed>("mixed");
  compareWidths<recurrence>("recurrence");
  compareWidths<grown>("grown");
  compareSecond();
  compareReverse();
  return verdict();
}
