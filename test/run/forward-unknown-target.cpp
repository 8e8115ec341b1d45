// An indirect call whose target is not visible stops the program with a
// message; with inactive arguments it is just called.
//
// RUN: %clang++ -O1 -DTARGET -c %s -o %t.target.o
// RUN: %tern-clang++ -O1 %s %t.target.o -o %t
// RUN: %t known
// RUN: %not --crash %t unknown 2>&1 | FileCheck %s
// CHECK: no derivative for the target of an indirect call
#include "Inputs/forward.h"
#include <cstring>

#ifdef TARGET
double far(double x) { return 3 * x; }
double near_by(double x) { return 4 * x; }
#else
double far(double);
double near_by(double);

static double twice(double x) { return 2 * x; }
static double (*choose(int which))(double) { return which ? far : twice; }
static double call(double x, double k, int which) {
  double (*f)(double) = choose(opaque(which));
  double (*g)(double) = opaque(which) ? twice : near_by;
  return f(x) + g(k) * x;
}

int main(int, char **argv) {
  bool known = !std::strcmp(argv[1], "known");
  check("known",
        __enzyme_fwddiff<double>((void *)call, enzyme_dup, 1.0, 1.0,
                                 enzyme_const, 5.0, enzyme_const, int(!known)),
        2 + 20);
  return verdict();
}
#endif
