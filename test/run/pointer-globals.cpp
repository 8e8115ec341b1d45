// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Global variables with pointers that the program has set outside of all
// derivatives: what they point to gets a shadow for each derivative, whoever has
// made it.
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

extern int enzyme_out, enzyme_const, enzyme_dup, enzyme_width;
template <class R, class... T> R __enzyme_autodiff(void *, T...);
template <class R, class... T> R __enzyme_fwddiff(void *, T...);

static struct {
  double *p;
  double scale;
} model;
static std::vector<double> weights, scratch;
static double *rows[6];

static double scaled(double x, int sets) {
  if (sets)
    model.scale = 3 * x;
  return model.scale * x + model.p[0];
}

__attribute__((noinline)) static double weighted(const std::vector<double> &w,
                                                 double x) {
  double sum = 0;
  for (double v : w)
    sum += v * x * x;
  return sum;
}
static double from_weights(double x) {
  model.scale = x;
  return weighted(weights, x) + rows[5][0] * model.scale;
}

static double squares(double x, int n) {
  scratch.resize(n);
  for (int i = 0; i < n; ++i)
    scratch[i] = x * i;
  double sum = 0;
  for (double v : scratch)
    sum += v * v;
  return sum;
}

static double slope(double x, int n) {
  return __enzyme_autodiff<double>((void *)squares, enzyme_out, x, enzyme_const,
                                   n);
}

static int wrong = 0;
static void expect(const char *what, double got, double wanted) {
  if (std::fabs(got - wanted) < 1e-12)
    return;
  std::printf("%s: %.17g, expected %g\n", what, got, wanted);
  ++wrong;
}

struct two {
  double a, b;
};

int main() {
  model.p = static_cast<double *>(std::calloc(1, sizeof(double)));
  model.scale = 5;
  weights = {1, 2, 3};
  for (double *&row : rows)
    row = weights.data();

  void *f = (void *)scaled;
  // What the first leaves in the shadow of `scale` is not the second's.
  expect("reverse",
         __enzyme_autodiff<double>(f, enzyme_out, 2., enzyme_const, 0), 5);
  expect("reverse, set",
         __enzyme_autodiff<double>(f, enzyme_out, 2., enzyme_const, 1), 12);
  expect("forward, set",
         __enzyme_fwddiff<double>(f, enzyme_dup, 2., 1., enzyme_const, 1), 12);
  expect("weights, forward",
         __enzyme_fwddiff<double>((void *)from_weights, 2., 1.), 25);
  expect("weights, reverse",
         __enzyme_autodiff<double>((void *)from_weights, enzyme_out, 2.), 25);
  two w = __enzyme_fwddiff<two>((void *)from_weights, enzyme_width, 2,
                                enzyme_dup, 2., 1., 3.);
  expect("weights, two tangents", w.a + w.b, 100);

  expect("scratch, forward over reverse",
         __enzyme_fwddiff<double>((void *)slope, 2., 1., enzyme_const, 4), 28);
  expect("scratch", slope(2, 4), 56);
  expect("scratch again", slope(2, 4), 56);
  expect("scratch, grown", slope(2, 5), 120);
  squares(1.0, 100); // the program itself has made a new buffer
  expect("replaced", slope(2, 100), 1313400);
  std::free(model.p);
  return wrong != 0;
}
