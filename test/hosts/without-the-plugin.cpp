// The header in a compiler without the plugin: no warnings, and the linker names
// what is missing.
// RUN: %clang++ -std=c++20 -Wall -Wextra -Werror -I %include -c %s -o %t.o
// RUN: %not %clang++ %t.o -o %t 2>&1 | FileCheck %s
// CHECK: __tern_autodiff_needs_the_tern_plugin_see_README
// CHECK-NOT: undefined {{.*}}tern_const
#include <tern/tern.hpp>
static double square(double x) { return x * x; }
int main() { return tern::grad<square>(2.0) == 4 ? 0 : 1; }
