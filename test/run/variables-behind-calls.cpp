// Variables that carry a derivative from one function to another: recursive
// functions, functions behind pointers and tables, and variables that hold the
// address of another. Reverse mode took them for inactive.
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdio>
#include <tern/tern.hpp>

static int failures = 0;
template <auto f> static void compare(const char *name, double x, double want) {
  double reverse = tern::grad<f>(x);
  double forward = tern::jvp<f>(tern::Dual{x, 1.0});
  for (double got : {reverse, forward})
    if (!(std::fabs(got - want) <= 1e-9 * std::fabs(want))) {
      std::printf("%s at %g is %.12g, should be %.12g\n", name, x, got, want);
      ++failures;
    }
}

static double box, other;

static void put(double x, int n) { n > 0 ? put(x * x, n - 1) : void(box = x); }
static double get(int n) { return n > 0 ? get(n - 1) * 2 : box; }
static double recursive(double x) {
  put(x, 1);
  return get(2); // 4 x^2
}

static double triple() { return box * 3; }
static void square(double x) { box = x * x; }
static double (*volatile reader)() = triple;
static void (*volatile writer)(double) = square;
static double read_by_pointer(double x) {
  box = x * x;
  return reader();
}
static double both_by_pointer(double x) {
  writer(x);
  return reader();
}
static double written_by_pointer(double x) {
  writer(x);
  return box * x;
}

struct Reader {
  virtual ~Reader() = default;
  virtual double value() const { return box; }
};
struct Cube : Reader {
  double value() const override { return box * box * box; }
};
static Cube cube;
static Reader *volatile table = &cube;
static double by_table(double x) {
  box = x * x;
  return table->value();
}
static double deep(int n) { return n ? deep(n - 1) : table->value(); }
static double by_table_and_recursion(double x) {
  put(x, 1);
  return deep(2);
}

static double *place = &box;
static double addressed(double x) {
  box = x * x;
  return *place * 3;
}
static double written_there(double x) {
  *place = x * x;
  return box * 3;
}
static double through_address() { return *place * 5; }
static double (*volatile follower)() = through_address;
static double addressed_behind(double x) {
  box = x * x;
  return follower();
}

static double *const places[] = {&box, &other};
static int volatile which = 1;
static double chosen(double x) {
  box = x;
  other = x * x;
  return *places[which] * 3;
}

int main() {
  for (double x : {2.0, 0.5}) {
    compare<recursive>("recursive", x, 8 * x);
    compare<read_by_pointer>("read_by_pointer", x, 6 * x);
    compare<both_by_pointer>("both_by_pointer", x, 6 * x);
    compare<written_by_pointer>("written_by_pointer", x, 3 * x * x);
    compare<by_table>("by_table", x, 6 * std::pow(x, 5));
    compare<by_table_and_recursion>("by_table_and_recursion", x,
                                    6 * std::pow(x, 5));
    compare<addressed>("addressed", x, 6 * x);
    compare<written_there>("written_there", x, 6 * x);
    compare<addressed_behind>("addressed_behind", x, 10 * x);
    compare<chosen>("chosen", x, 6 * x);
  }
  return failures;
}
