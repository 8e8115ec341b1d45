// RUN: %run-all-levels %s
// Containers in containers, filled, copied and grown: the moves of their
// elements are typed at every level.
#include "Inputs/near.h"
#include <tern/tern.hpp>
#include <variant>
#include <vector>

using Matrix = std::vector<std::vector<double>>;

static double filled(double x) {
  Matrix a(3, std::vector<double>(4, x));
  double sum = 0;
  for (auto &row : a)
    for (double e : row)
      sum += e * e;
  return sum;
}

static double grown(double x) {
  Matrix a(3, std::vector<double>(4, x));
  a.push_back({x, x * x});
  a[1].push_back(x * 3);
  Matrix b = a;
  b.resize(6);
  b[5] = {x};
  double sum = 0;
  for (auto &row : b)
    for (double e : row)
      sum += e * e;
  return sum;
}

struct Circle {
  double radius;
};
struct Box {
  double width, height;
};
using Shape = std::variant<Circle, Box>;

static double areas(double x) {
  std::vector<Shape> shapes;
  shapes.push_back(Circle{x});
  shapes.push_back(Box{x, 2 * x});
  shapes.push_back(Circle{x * x});
  std::vector<Shape> copy = shapes;
  double sum = 0;
  for (const Shape &s : copy)
    sum += std::visit(
        [](const auto &v) {
          if constexpr (requires { v.radius; })
            return 3 * v.radius * v.radius;
          else
            return v.width * v.height;
        },
        s);
  return sum;
}

int main() {
  double x = 0.7;
  near(tern::grad<filled>(x), 24 * x);
  near(tern::grad<grown>(x), 2 * x * (12 + 1 + 9 + 1) + 4 * x * x * x);
  near(tern::jvp<grown>(tern::Dual{x, 1.0}), tern::grad<grown>(x));
  near(tern::grad<areas>(x), 6 * x + 4 * x + 12 * x * x * x);
  return failures();
}
