// RUN: %run-all-levels %s
// Structs with pointers and views in them: the copy that zeros_like makes shows
// the same memory, which then carries no derivative and is left as it is.
#include "Inputs/near.h"
#include <span>
#include <tern/tern.hpp>
#include <vector>

struct weighted {
  const double *w;
  int n;
  double b;
};
static double weigh(const weighted &m, double x) {
  double sum = 0;
  for (int i = 0; i < m.n; ++i)
    sum += m.w[i] * x * m.b;
  return sum;
}
struct shown {
  std::span<const double> w;
  std::vector<double> b;
};
static double weigh_all(const std::vector<shown> &all, double x) {
  double sum = 0;
  for (const shown &m : all)
    for (double w : m.w)
      sum += w * x * x * m.b[0] * m.b[0];
  return sum;
}
static std::vector<double> scale(const shown &m) {
  std::vector<double> all;
  for (double w : m.w)
    all.push_back(w * m.b[0] * m.b[0]);
  return all;
}
static double cube(const shown &m) {
  return m.w[0] * m.b[0] * m.b[0] * m.b[0] + m.b[0] * m.b[1];
}

// Whoever makes the shadow by hand may give it memory of its own.
static double both(const weighted *m, const double *const *rows, double x) {
  return weigh(*m, x) + rows[0][0] * rows[1][1] * x;
}
struct noted {
  double *note; // written, never read
  double b;
};
static double note(const noted &m, double x) {
  *m.note = 2;
  return x * x * m.b;
}

static void plain_structs() {
  double w[2] = {1, 2};
  weighted m{w, 2, 3};
  for (int twice = 0; twice != 2; ++twice) {
    auto [dm, dx] = tern::grad<weigh>(m, 5.0);
    near(dm.b, 15);
    near(dx, 9);
    near(w[0], 1);
    near(w[1], 2);
  }
  auto [value, back] = tern::vjp<weigh>(m, 5.0);
  auto [em, ex] = back(2.0);
  near(em.b, 30);
  near(ex, 18);
  weighted dm = tern::zeros_like(m);
  tern::grad<weigh>(tern::Duplicated{m, dm}, tern::Const{5.0});
  near(dm.b, 15);
  near(tern::jvp<weigh>(tern::Dual{m, dm}, tern::Dual{5.0, 1.0}), 9 + 225);
  near(bool(tern::check_grads<weigh>(m, 5.0)), 1);
  near(w[0], 1);
  near(w[1], 2);
}

static void views() {
  double w[2] = {1, 2};
  std::vector<shown> all{{w, {3, 1}}, {{w, 1}, {4, 1}}};
  auto [da, dx] = tern::grad<weigh_all>(all, 5.0);
  near(da[0].b[0], 6 * 75);
  near(da[1].b[0], 8 * 25);
  near(dx, 10 * (27 + 16));
  auto J = tern::jacfwd<scale>(all[0]), K = tern::jacrev<scale>(all[0]);
  near(J(0, 0), 6);
  near(J(1, 0), 12);
  near(K(1, 0), 12);
  near(K(1, 1), 0);
  auto H = tern::hessian<cube>(all[0]);
  near(H(0, 0), 18);
  near(H(0, 1), 1);
  near(H(1, 1), 0);
  shown v = all[0];
  v.b = {1, 0};
  near(tern::hvp<cube>(all[0], v).b[0], 18);
  near(w[0], 1);
  near(w[1], 2);
}

static void by_hand() {
  double w[2] = {1, 2}, dw[2] = {}, u[2] = {3, 4}, du[2] = {};
  weighted m{w, 2, 3}, dm{dw, 2, 0};
  const double *rows[2] = {w, u}, *drows[2] = {w, du};
  near(tern::grad<both>(tern::Duplicated{&m, &dm},
                        tern::Duplicated{&rows[0], &drows[0]}, 5.0),
       9 + 4);
  near(dm.b, 15);
  near(dw[0], 15);
  near(du[1], 5);
  near(du[0], 0);
  near(w[0], 1);
  double kept = 7;
  noted n{&kept, 3};
  auto [dn, dx] = tern::grad<note>(n, 5.0);
  near(dn.b, 25);
  near(dx, 30);
  near(kept, 2);
}

int main() {
  plain_structs();
  views();
  by_hand();
  return failures();
}
