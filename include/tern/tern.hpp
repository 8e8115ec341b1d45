// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Derivatives of C++ functions, made by the compiler. Start with autodiff.hpp.
#ifndef TERN_TERN_HPP
#define TERN_TERN_HPP
#if __cplusplus < 202002L
#error "tern/tern.hpp needs C++20: compile with -std=c++20 or later"
#else
#include "autodiff.hpp"
#include "check.hpp"
#include "jacobian.hpp"
#include "rule.hpp"
#endif
#endif
