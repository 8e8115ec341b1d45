// Trees of nodes with virtual functions, built and released in the function
// that is differentiated: destructors that call destructors through the table.
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>
#include <memory>
#include <tern/tern.hpp>
#include <utility>
#include <vector>

static int failures = 0;
static void check(const char *what, double got, double want) {
  if (!(std::fabs(got - want) <= 1e-9 * (1 + std::fabs(want)))) {
    std::printf("%s is %.15g, should be %.15g\n", what, got, want);
    ++failures;
  }
}

//===- One owner ----------------------------------------------------------===//

struct Node {
  virtual ~Node() = default;
  virtual double at(double t) const = 0;
};
using Child = std::unique_ptr<Node>;
struct Variable : Node {
  double at(double t) const override { return t; }
};
struct Number : Node { // an active number in the tree
  double value;
  explicit Number(double value) : value(value) {}
  double at(double) const override { return value; }
};
struct Product : Node {
  Child a, b;
  Product(Child a, Child b) : a(std::move(a)), b(std::move(b)) {}
  double at(double t) const override { return a->at(t) * b->at(t); }
};
struct Sine : Node {
  Child a;
  explicit Sine(Child a) : a(std::move(a)) {}
  double at(double t) const override { return std::sin(a->at(t)); }
};

static double two(double x, double y) {
  Child tree = std::make_unique<Product>(
      std::make_unique<Variable>(),
      std::make_unique<Sine>(std::make_unique<Variable>()));
  return tree->at(x) + tree->at(y);
}

// t = x y: sin(sin(x) t) y
static double deep(double x, double y) {
  Child inner = std::make_unique<Product>(
      std::make_unique<Sine>(std::make_unique<Number>(x)),
      std::make_unique<Variable>());
  Child tree = std::make_unique<Product>(
      std::make_unique<Sine>(std::move(inner)), std::make_unique<Number>(y));
  return tree->at(x * y);
}

// A tree that changes: what it had is deleted at once, and used no more.
static double replaced(double x, double y) {
  auto tree = std::make_unique<Product>(std::make_unique<Number>(x),
                                        std::make_unique<Variable>());
  double first = tree->at(y); // x y
  tree->a = std::make_unique<Sine>(std::move(tree->a));
  double second = tree->at(y); // sin(x) y
  tree->b.reset(new Number(x * y));
  return first * second + tree->at(0); // x y y sin(x) + sin(x) x y
}

static Child chain(double x, int depth) {
  if (depth == 0)
    return std::make_unique<Number>(x);
  return std::make_unique<Product>(chain(x, depth - 1),
                                   std::make_unique<Variable>());
}
static double recursive(double x, double y) {
  return chain(x, 5)->at(y); // x y^5
}

//===- Many children ------------------------------------------------------===//

struct Sum : Node {
  std::vector<Child> terms;
  double at(double t) const override {
    double sum = 0;
    for (const Child &term : terms)
      sum += term->at(t);
    return sum;
  }
};

// Sum over i of (x + i) t (t + sin(x)), with t = y
static double many(double x, double y) {
  auto tree = std::make_unique<Sum>();
  for (int i = 0; i < 4; ++i) {
    auto factor = std::make_unique<Sum>();
    factor->terms.push_back(std::make_unique<Variable>());
    factor->terms.push_back(
        std::make_unique<Sine>(std::make_unique<Number>(x)));
    tree->terms.push_back(std::make_unique<Product>(
        std::make_unique<Product>(std::make_unique<Number>(x + i),
                                  std::make_unique<Variable>()),
        std::move(factor)));
  }
  return tree->at(y);
}

//===- Shared children ----------------------------------------------------===//

struct Shared {
  virtual ~Shared() = default;
  virtual double at(double t) const = 0;
};
using Link = std::shared_ptr<Shared>;
struct SharedNumber : Shared {
  double value;
  explicit SharedNumber(double value) : value(value) {}
  double at(double t) const override { return value * t; }
};
struct SharedProduct : Shared {
  Link a, b;
  SharedProduct(Link a, Link b) : a(std::move(a)), b(std::move(b)) {}
  double at(double t) const override { return a->at(t) * b->at(t); }
};

static double graph(double x, double y) {
  Link leaf = std::make_shared<SharedNumber>(x);
  Link square = std::make_shared<SharedProduct>(leaf, leaf);
  Link cube = std::make_shared<SharedProduct>(square, leaf);
  square.reset();
  return cube->at(y); // x^3 y^3
}

//===- By hand ------------------------------------------------------------===//

struct Cell {
  Cell *next;
  double value;
  Cell(Cell *next, double value) : next(next), value(value) {}
  virtual ~Cell() { delete next; }
  virtual double total() const { return value + (next ? next->total() : 0); }
};
struct Squared : Cell {
  using Cell::Cell;
  double total() const override { return value * value + next->total(); }
};
static double cells(double x, double y) {
  Cell *list =
      new Squared(new Squared(new Cell(nullptr, x * y), x), std::sin(y));
  double total = list->total();
  delete list;
  return total; // sin(y)^2 + x^2 + x y
}

//===- Checks -------------------------------------------------------------===//

template <auto f>
static void compare(const char *name, double x, double y, double dx,
                    double dy) {
  std::printf("%s\n", name);
  auto [gx, gy] = tern::grad<f>(x, y);
  check("reverse d/dx", gx, dx);
  check("reverse d/dy", gy, dy);
  check("forward d/dx", tern::jvp<f>(tern::Dual{x, 1.0}, tern::Dual{y, 0.0}),
        dx);
  check("forward d/dy", tern::jvp<f>(tern::Dual{x, 0.0}, tern::Dual{y, 1.0}),
        dy);
}

int main() {
  double x = 1.3, y = 0.7, s = std::sin(x), c = std::cos(x);
  compare<two>("two", x, y, s + x * c, std::sin(y) + y * std::cos(y));
  double u = s * x * y;
  compare<deep>("deep", x, y, y * std::cos(u) * (c * x * y + s * y),
                std::sin(u) + y * std::cos(u) * s * x);
  compare<replaced>("replaced", x, y, y * y * (s + x * c) + y * (s + x * c),
                    2 * x * y * s + s * x);
  compare<recursive>("recursive", x, y, std::pow(y, 5), 5 * x * std::pow(y, 4));
  double k = 4 * x + 6, w = y * (y + s);
  compare<many>("many", x, y, 4 * w + k * y * c, k * (2 * y + s));
  compare<graph>("graph", x, y, 3 * x * x * y * y * y, 3 * x * x * x * y * y);
  compare<cells>("cells", x, y, 2 * x + y, std::sin(2 * y) + x);
  return failures;
}
