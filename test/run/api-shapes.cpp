// RUN: %run-all-levels %s
// What arguments and functions may look like.
#include "Inputs/near.h"
#include <cmath>
#include <memory>
#include <string_view>
#include <tern/tern.hpp>
#include <vector>

// Nested containers, containers of structs.
static double frobenius(const std::vector<std::vector<double>> &m) {
  double sum = 0;
  for (const auto &row : m)
    for (double x : row)
      sum += x * x;
  return sum;
}
struct particle {
  double position[2];
  float charge;
  int kind;
};
static double energy(const std::vector<particle> &all) {
  double sum = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      double dx = all[i].position[0] - all[j].position[0];
      double dy = all[i].position[1] - all[j].position[1];
      sum += all[i].charge * all[j].charge * (dx * dx + dy * dy);
    }
  return sum;
}

// Member functions, overloads, noexcept, several float types.
struct spring {
  double stiffness;
  double energy(double stretch) const {
    return 0.5 * stiffness * stretch * stretch;
  }
  static double square(double x) noexcept { return x * x; }
};
static double twice(double x) { return 2 * x * x; }
static float twice(float x) { return 2 * x * x; }
static long double cubed(long double x) { return x * x * x; }
enum class shape { round, square };
static double area(shape s, double side, bool doubled) {
  double a = s == shape::round ? 3 * side * side : side * side;
  return doubled ? 2 * a : a;
}

// A class that zeros_like can't see into, with a shadow made by its owner.
class grid {
public:
  explicit grid(int n) : n(n), cells(new double[n]()) {}
  double &operator[](int i) { return cells[i]; }
  double sum_of_squares() const {
    double sum = 0;
    for (int i = 0; i < n; ++i)
      sum += cells[i] * cells[i];
    return sum;
  }

private:
  int n;
  std::unique_ptr<double[]> cells;
};
static double total(const grid &g, double weight) {
  return weight * g.sum_of_squares();
}

// Linked structures: the shadow list is parallel.
struct node {
  double value;
  node *next;
};
static double chain(const node *list) {
  double sum = 0;
  for (const node *n = list; n; n = n->next)
    sum = sum * n->value + n->value;
  return sum;
}

// References that are written to.
static void rotate(double &x, double &y, double angle) {
  double old = x;
  x = std::cos(angle) * x - std::sin(angle) * y;
  y = std::sin(angle) * old + std::cos(angle) * y;
}
static double rotated(double x, double y, double angle) {
  rotate(x, y, angle);
  return x * y;
}
static double by_value(std::vector<double> v) {
  for (double &x : v)
    x *= x;
  return v[0] + 2 * v[1];
}

// Results that are not trivially copyable.
struct fit {
  std::vector<double> residuals;
  double scale[2];
};
static std::pair<double, float> polar(double x, double y) {
  return {std::hypot(x, y), float(x * y)};
}
static fit residuals(double x, int n) {
  fit f{std::vector<double>(n), {x * x, 3 * x}};
  for (int i = 0; i < n; ++i)
    f.residuals[i] = (i + 1) * x;
  return f;
}

// Text says what to do and carries no derivative.
static double named(double x, const char *what, std::string_view unit) {
  return (what[0] == 's' ? x * x : x) * double(unit.size());
}

struct counts {
  int first;
  std::vector<int> more;
};
static double count_squares(const counts &all, double x) {
  return (all.first + all.more[0]) * x * x;
}

int main() {
  std::vector<std::vector<double>> m{{1, 2}, {3}, {}};
  auto dm = tern::grad<frobenius>(m);
  near(dm.size(), 3);
  near(dm[0][1], 4);
  near(dm[1][0], 6);
  std::vector<particle> all{{{0, 0}, 2, 1}, {{3, 4}, 5, 2}};
  auto forces = tern::grad<energy>(all);
  near(forces[1].position[0], 60);
  near(forces[0].position[1], -80);
  near_float(forces[0].charge, 125);
  near(forces[1].kind, 2);

  auto [ds, dx] = tern::grad<&spring::energy>(spring{4}, 3.0);
  near(ds.stiffness, 4.5);
  near(dx, 12);
  near(tern::grad<&spring::square>(3.0), 6);
  near(tern::grad<static_cast<double (*)(double)>(twice)>(3.0), 12);
  near_float(tern::grad<static_cast<float (*)(float)>(twice)>(3.0f), 12);
  near(double(tern::grad<cubed>(2.0L)), 12);
  near(tern::grad<area>(shape::round, 2.0, true), 24);

  grid g(3), dg(3);
  g[0] = 1;
  g[2] = 3;
  near(tern::grad<total>(tern::Duplicated{g, dg}, 2.0), 10);
  near(dg[2], 12);
  near(tern::grad<total>(tern::Const{g}, 2.0), 10);

  node last{3, nullptr}, first{2, &last}, dlast{0, nullptr}, dfirst{0, &dlast};
  node *list = &first, *dlist = &dfirst;
  tern::grad<chain>(tern::Duplicated{list, dlist}); // 2 * 3 + 3
  near(dfirst.value, 3);
  near(dlast.value, 3);

  const double angle = 0.3, c = std::cos(angle), s = std::sin(angle);
  auto [rx, ry, ra] = tern::grad<rotated>(2.0, 3.0, angle);
  double nx = c * 2 - s * 3, ny = s * 2 + c * 3;
  near(rx, c * ny + s * nx);
  near(ry, -s * ny + c * nx);
  near(ra, -ny * ny + nx * nx);
  auto dv = tern::grad<by_value>(std::vector<double>{3, 5});
  near(dv[0], 6);
  near(dv[1], 20);

  auto turn = tern::jvp<polar>(tern::Dual{3.0, 1.0}, tern::Const{4.0});
  near(turn.first, 0.6);
  near_float(turn.second, 4);
  auto [where, pull] = tern::vjp<polar>(3.0, 4.0);
  near(where.first, 5);
  auto [px, py] = pull({1.0, 2.0f});
  near(px, 0.6 + 8);
  near(py, 0.8 + 6);
  auto slopes = tern::jacfwd<residuals>(2.0, 3),
       rows = tern::jacrev<residuals>(2.0, 3);
  const double expected[] = {1, 2, 3, 4, 3};
  for (std::size_t i = 0; i < 5; ++i) {
    near(slopes(i, 0), expected[i]);
    near(rows(i, 0), expected[i]);
  }
  near(tern::grad<named>(3.0, "square", std::string_view("cm")), 12);
  near(tern::jvp<named>(tern::Dual{3.0, 1.0}, "x", std::string_view("m")), 1);
  // Without numbers of its own a struct is like an integer.
  near(tern::grad<count_squares>(counts{2, {3}}, 3.0), 30);
  near(tern::jvp<count_squares>(counts{2, {3}}, tern::Dual{3.0, 1.0}), 30);
  return failures();
}
