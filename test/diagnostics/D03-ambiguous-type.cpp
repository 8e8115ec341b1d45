// Reverse mode must know what a copy moves. Through void pointers nothing says.
// RUN: not %tern-clang++ -O1 -c %s -o %t.o 2>&1 | FileCheck %s
#include "Inputs/ask.h"
#include <cstring>

// CHECK: D03-ambiguous-type.cpp:[[@LINE+1]]:{{.*}} error: {{.*}}cannot tell whether {{.*}}[tern-D03]
void f(void *to, const void *from, unsigned long bytes) {
  std::memcpy(to, from, bytes);
}

void slope(void *to, void *to_shadow, void *from, void *from_shadow) {
  __enzyme_autodiff((void *)f, enzyme_dup, to, to_shadow, enzyme_dup, from,
                    from_shadow, 80ul);
}
