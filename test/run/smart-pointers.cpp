// Smart pointers: memory that destructors release, reference counts, and the
// virtual calls behind them.
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>
#include <memory>
#include <tern/tern.hpp>
#include <vector>

static int failures = 0;
static void check(const char *what, double got, double want) {
  if (!(std::fabs(got - want) <= 1e-9 * (1 + std::fabs(want)))) {
    std::printf("%s is %.15g, should be %.15g\n", what, got, want);
    ++failures;
  }
}
static double array(double x) {
  auto a = std::make_unique<double[]>(8);
  a[0] = x;
  for (int i = 1; i < 8; ++i)
    a[i] = a[i - 1] * x;
  return a[3] + a[7];
}

struct Pair {
  double a, b;
};
static double one(double x) {
  auto p = std::make_unique<Pair>(Pair{x, x * x});
  std::unique_ptr<Pair> q = std::move(p);
  q->a *= q->b;
  return q->a + q->b;
}

static double shared(double x) {
  auto p = std::make_shared<Pair>(Pair{x, x * x});
  auto q = p;
  q->a *= p->b;
  std::shared_ptr<double> alias(p, &p->a);
  p.reset();
  return *alias + q->b;
}

static double owned(double x) {
  std::shared_ptr<double> p(new double(x * x));
  std::weak_ptr<double> w = p;
  double s = 0;
  if (auto q = w.lock())
    s = *q * x;
  return s;
}
struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
};
struct Square : Shape {
  double a;
  Square(double a) : a(a) {}
  double area() const override { return a * a; }
};
struct Disc : Shape {
  double r;
  Disc(double r) : r(r) {}
  double area() const override { return 3 * r * r; }
};
static double shapes(double x) {
  std::vector<std::unique_ptr<Shape>> v;
  for (int i = 0; i < 4; ++i)
    if (i % 2)
      v.push_back(std::make_unique<Square>(x * i));
    else
      v.push_back(std::make_unique<Disc>(x + i));
  double s = 0;
  for (auto &p : v)
    s += p->area();
  return s;
}
#define BOTH(f, x, slope)                                                      \
  check(#f, std::get<0>(std::tuple(tern::grad<f>(x))), slope),                 \
      check("forward " #f, tern::jvp<f>(tern::Dual{x, 1.0}), slope)

int main() {
  double x = 0.7;
  BOTH(array, x, 4 * x * x * x + 8 * std::pow(x, 7));
  BOTH(one, x, 3 * x * x + 2 * x);
  BOTH(shared, x, 3 * x * x + 2 * x);
  BOTH(owned, x, 3 * x * x);
  BOTH(shapes, x, 2 * x * 10 + 6 * x + 6 * (x + 2));
  return failures;
}
