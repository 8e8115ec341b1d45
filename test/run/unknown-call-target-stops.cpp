// A call through a pointer whose target is found at run time only: the program
// ends with a message in either mode, it does not go on with a zero.
// RUN: %tern-clang++ -std=c++20 -O1 %s -o %t
// RUN: %not --crash %t reverse 2>&1 | FileCheck %s
// RUN: %not --crash %t forward 2>&1 | FileCheck %s
// CHECK: tern: no derivative for the target of an indirect call
// CHECK-NOT: derivative is
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <tern/tern.hpp>

using Function = double (*)(double);

static double square(double x) { return x * x; }
static double apply(double x, const Function *f) { return (*f)(x)*x; }

int main(int, char **argv) {
  Function candidates[] = {
      square, reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, "strtod"))};
  Function f = candidates[argv[1] != nullptr];
  double slope = std::strcmp(argv[1], "reverse") == 0
                     ? tern::grad<apply>(2.0, tern::Const{&f})
                     : tern::jvp<apply>(tern::Dual{2.0, 1.0}, tern::Const{&f});
  std::printf("derivative is %g\n", slope);
}
