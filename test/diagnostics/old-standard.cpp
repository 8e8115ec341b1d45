// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// clang's default is C++17, the header needs C++20 and says so first.
// RUN: not %tern-clang++ -std=c++17 -fsyntax-only %s 2>&1 | FileCheck %s
#include <tern/tern.hpp>
// CHECK: error: {{.*}}needs C++20: compile with -std=c++20
