// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The programs of a batch under the other meanings of `real`. Included by the
// generated oracle.cpp, which defines FUZZ_BATCH as the file with their text.
#pragma once
#include "dual.h"
#include "harness.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace tern_fuzz {
using dual1 = dual<double>;
using dual2 = dual<dual<double>>;

struct oracle {
  dual1 (*first)(state<dual1> &, call_sizes);
  dual2 (*second)(state<dual2> &, call_sizes);
  long double (*extended)(state<long double> &, call_sizes);
};
} // namespace tern_fuzz
