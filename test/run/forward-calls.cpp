// Forward mode through calls: recursion, structs by value, function pointers,
// virtual functions, lambdas, exceptions, and functions known to be inactive.
// RUN: %run-all-levels %s
#include "Inputs/forward.h"
#include <array>
#include <cstdlib>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

#define COMPARE(f, x, t)                                                       \
  check(#f, __enzyme_fwddiff<double>((void *)f, enzyme_dup, x, t),             \
        slope([](double e) { return f((x) + (t) * e); }, 1e-3), 1e-8)

NOINLINE static double power(double x, int n) {
  return n == 0 ? 1.0 : x * power(x, n - 1);
}
static double recursion(double x) { return power(x, opaque(5)); }

NOINLINE static double odd(double x, int n);
NOINLINE static double even(double x, int n) {
  return n == 0 ? x : std::sin(odd(x, n - 1));
}
NOINLINE static double odd(double x, int n) {
  return n == 0 ? 2 * x : x * even(x, n - 1);
}
static double mutual(double x) { return even(x, opaque(6)); }

NOINLINE static void tree(double *a, int n, double x) {
  if (n == 1) {
    a[0] = std::sin(a[0] * x);
    return;
  }
  tree(a, n / 2, x);
  tree(a + n / 2, n - n / 2, x * 1.1);
  for (int i = 0; i + 1 < n; ++i)
    a[i] += 0.1 * a[i + 1];
}
static double recursive_memory(double x) {
  double a[9];
  for (int i = 0; i < 9; ++i)
    a[i] = i + 1;
  tree(a, 9, x);
  return a[0] + a[4];
}

struct Two {
  float a, b;
};
struct Mixed {
  int n;
  float x;
};
struct Three {
  double x, y, z;
};
struct Large {
  double v[8];
  int n;
};
NOINLINE static Two two(float x, int depth) {
  if (depth)
    return two(x * 1.5f, depth - 1);
  return {x * x, 3 * x};
}
NOINLINE static Mixed mixed(Mixed m, int depth) {
  if (depth)
    return mixed({m.n + 1, m.x * 2}, depth - 1);
  return m;
}
NOINLINE static Three three(double x, int depth) {
  if (depth)
    return three(x + 1, depth - 1);
  return {x, x * x, 1 / x};
}
NOINLINE static double large(Large l, int depth) {
  l.v[1] *= l.v[0];
  if (depth)
    return large(l, depth - 1);
  return l.v[1] + l.n;
}
static double struct_results(double x) {
  Two t = two(float(x), opaque(2));
  Mixed m = mixed({1, float(x)}, opaque(3));
  Three r = three(x, opaque(2));
  Large l{{x, 2, 3, 4, 5, 6, 7, 8}, 3};
  double s = large(l, opaque(2));
  return t.a * t.b + m.x * m.n + r.x * r.y + r.z + s + l.v[1];
}

static double square(double x) { return x * x; }
static double inverse(double x) { return 1 / x; }
static double (*const functions[])(double) = {square, inverse, std::sin};
static double pointers(double x) {
  double s = 0;
  for (int i = 0; i < 3; ++i)
    s += functions[opaque(i)](x + i);
  return s;
}

struct Shape {
  double size;
  explicit Shape(double s) : size(s) {}
  virtual ~Shape() = default;
  virtual double area() const = 0;
};
struct Square : Shape {
  using Shape::Shape;
  double area() const override { return size * size; }
};
struct Disc : Shape {
  using Shape::Shape;
  double area() const override { return 3.14 * size * size; }
};
static double virtuals(double x) {
  std::vector<std::unique_ptr<Shape>> shapes;
  for (int i = 0; i < opaque(4); ++i)
    if (i % 2)
      shapes.push_back(std::make_unique<Square>(x * i));
    else
      shapes.push_back(std::make_unique<Disc>(x + i));
  double s = 0;
  for (auto &shape : shapes)
    s += shape->area();
  return s;
}

static double lambdas(double x) {
  double k = x * x;
  auto f = [&](double y) { return k * y + x; };
  std::function<double(double)> g = [k](double y) { return k + y * y; };
  return f(g(x));
}

NOINLINE static double may_throw(double x, int i) {
  if (i == 3)
    throw std::runtime_error("three");
  return std::log(x + i);
}
static double exceptions(double x) {
  double s = 0;
  for (int i = 0; i < opaque(5); ++i) {
    std::vector<double> v(3, x);
    try {
      s += v[1] * may_throw(x, i);
    } catch (const std::exception &) {
      s += x * x * x;
    }
  }
  return s;
}

static double chatter(double x) {
  char text[64];
  std::snprintf(text, sizeof text, "%g", x);
  std::fprintf(stderr, "%s", "");
  if (std::getenv("TERN_NO_SUCH_VARIABLE"))
    std::puts(text);
  return x * x;
}

static double arrays(double x) {
  std::array<double, 3> a{x, 2 * x, 3 * x};
  auto b = a;
  b[1] *= a[2];
  return b[0] + b[1] * a[0];
}

int main() {
  COMPARE(recursion, 0.7, 1.0);
  COMPARE(mutual, 0.7, 1.0);
  COMPARE(recursive_memory, 0.7, 1.0);
  check("struct_results",
        __enzyme_fwddiff<double>((void *)struct_results, enzyme_dup, 0.5, 1.0),
        3 * 3 * 2.25 * 2.25 * 2.25 * 0.25 + 8 * 4 + 3 * 6.25 - 1 / 6.25 +
            2 * 3 * 0.25,
        1e-6);
  COMPARE(pointers, 0.7, 1.0);
  COMPARE(virtuals, 0.7, 1.0);
  COMPARE(lambdas, 0.7, 1.0);
  COMPARE(exceptions, 0.7, 1.0);
  COMPARE(chatter, 0.7, 1.0);
  COMPARE(arrays, 0.7, 1.0);
  return verdict();
}
