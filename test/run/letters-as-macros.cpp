// RUN: %run-all-levels %s
// A program may have macros of single letters before it includes the header,
// and has them afterwards.
#define N 12
#define T float
#define F(x) x
#define M 3
#define I 1
#define R 2
#define X 5
#define A 6
#define B 7
#define C 8
#define G 9
#define V 10
#define f +
#define n 4
#include <tern/tern.hpp>
#undef f
#include "Inputs/near.h"
#include <vector>

static double square(const std::vector<double> &v) { return N * v[0] * v[0]; }

int main() {
  std::vector<double> v{2};
  near(tern::grad<square>(v)[0], 48);
  near(tern::hessian<square>(v)(0, 0), 24);
  near(bool(tern::check_grads<square>(v)), 1);
  near(n, 4);
  return failures();
}
