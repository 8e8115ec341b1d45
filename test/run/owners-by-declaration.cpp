// RUN: %run-all-levels %s
// Classes with begin and end: an aggregate has all its members differentiated,
// others count as owners once the program says so.
#include "Inputs/near.h"
#include <tern/tern.hpp>
#include <vector>

struct grid {
  std::vector<double> cells;
  double spacing;
  auto begin() const { return cells.begin(); }
  auto end() const { return cells.end(); }
};
static double integral(const grid &g) {
  double sum = 0;
  for (double cell : g)
    sum += cell * cell * g.spacing;
  return sum;
}

struct row : std::vector<double> {
  using vector::vector;
};
template <> inline constexpr bool tern::is_owner<row> = true;
static double squares(const row &r) {
  double sum = 0;
  for (double x : r)
    sum += x * x;
  return sum;
}

int main() {
  grid g{{1, 2}, 5};
  grid dg = tern::grad<integral>(g);
  near(dg.spacing, 5);
  near(dg.cells[1], 20);
  near(g.spacing, 5);
  near(tern::grad<squares>(row{1, 2})[1], 4);
  return failures();
}
