// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the benchmarks ask for a derivative: Enzyme's calling convention, so
// that the same files can be measured with other tools that speak it.
#pragma once

extern int enzyme_dup;
extern int enzyme_dupv;
extern int enzyme_dupnoneedv;
extern int enzyme_const;
extern int enzyme_out;
extern int enzyme_width;

template <class Result, class... Arguments>
Result __enzyme_autodiff(void *, Arguments...);
template <class Result, class... Arguments>
Result __enzyme_fwddiff(void *, Arguments...);
