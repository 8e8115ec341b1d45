// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every problem is compiled once per variant, into a namespace of its own, so
// that the variants can be timed in one process: with and without `restrict`
// on the pointers.
#pragma once

#ifndef BENCH_VARIANT
#define BENCH_VARIANT with_restrict
#define BENCH_RESTRICT __restrict
#endif
