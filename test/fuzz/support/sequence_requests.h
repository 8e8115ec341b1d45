// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Defines the requests of a program whose text has been included in both
// namespaces: `real f(real, real, long)`, `std::array<real, 2> pair_of(
// std::array<real, 2>, long)` over f, and `void each(V visit, long k)` over the
// numbers that it keeps.
#ifdef SEQUENCE_NO_FORWARD
#define SEQUENCE_FORWARD(...)
#else
#define SEQUENCE_FORWARD(...) __VA_ARGS__
#endif
#ifdef SEQUENCE_NO_REVERSE
#define SEQUENCE_REVERSE(...)
#else
#define SEQUENCE_REVERSE(...) __VA_ARGS__
#endif

#pragma once
#include "sequence.h"

namespace tern_fuzz {

/// The state of one line of requests; each thread has its own.
struct sequence {
  long row; ///< what `each` is about
  using pullback = std::function<std::pair<double, double>(double)>;
  std::map<int, pullback> backs;
  std::map<int, wanted> recorded;

  wanted expected(double a, double b, long k) {
    model::each(make_constant, row);
    wanted w = parts(model::f(lifted(a, 1, 0, 1), lifted(b, 0, 1, 0), k));
    model::each(make_constant, row);
    return w;
  }
  /// The program's memory is what the model's is.
  void same_memory(const char *check) {
    double got[64], want[64];
    int n = 0, m = 0;
    plain::each(
        [&](double &x) {
          if (n < 64)
            got[n++] = x;
        },
        row);
    model::each(
        [&](model_number &x) {
          if (m < 64)
            want[m++] = value_of(x);
        },
        row);
    agree(check, "cells", n, m);
    for (int i = 0; i < n && i < m; ++i)
      agree(check, "memory", got[i], want[i]);
  }

  void call(double a, double b, long k) {
    wanted w = expected(a, b, k);
    agree("primal", "value", plain::f(a, b, k), w.value);
    same_memory("primal");
  }
  void grad(double a, double b, long k) {
    SEQUENCE_REVERSE(wanted w = expected(a, b, k);
                     auto [value, g] = tern::value_and_grad<plain::f>(a, b, k);
                     auto [da, db] = g; agree("grad", "value", value, w.value);
                     agree("grad", "da", da, w.da);
                     agree("grad", "db", db, w.db); same_memory("grad");)
  }
  void jvp(double a, double b, long k, double ta, double tb) {
    SEQUENCE_FORWARD(
        wanted w = expected(a, b, k);
        double t = tern::jvp<plain::f>(tern::Dual{a, ta}, tern::Dual{b, tb}, k);
        agree("jvp", "tangent", t, w.da * ta + w.db * tb); same_memory("jvp");)
  }
  void open(int slot, double a, double b, long k) {
    SEQUENCE_REVERSE(wanted w = expected(a, b, k);
                     auto [value, recorded_back] = tern::vjp<plain::f>(a, b, k);
                     agree("vjp", "value", value, w.value); same_memory("vjp");
                     auto shared = std::make_shared<decltype(recorded_back)>(
                         std::move(recorded_back));
                     backs[slot] =
                         [shared](double seed) {
                           auto [da, db] = (*shared)(seed);
                           return std::pair<double, double>(da, db);
                         };
                     recorded[slot] = w;)
  }
  void back(int slot, double seed) {
    SEQUENCE_REVERSE(auto [da, db] = backs[slot](seed);
                     agree("back", "da", da, seed * recorded[slot].da);
                     agree("back", "db", db, seed * recorded[slot].db);
                     same_memory("back");)
  }
  void close(int slot) { backs.erase(slot); }
  void hvp(double a, double b, long k, double v) {
#ifdef SEQUENCE_SECOND
    wanted w = expected(a, b, k);
    agree("hvp", "daa", tern::hvp<plain::f>(a, v, b, k), v * w.daa);
    same_memory("hvp");
#endif
  }
  void jacobian(bool forward, double a, double b, long k) {
    model::each(make_constant, row);
    auto r = model::pair_of({lifted(a, 1, 0, 0), lifted(b, 0, 1, 0)}, k);
    model::each(make_constant, row);
    std::array<double, 2> x = {a, b};
    const char *check = forward ? "jacfwd" : "jacrev";
    auto compare = [&](const auto &J) {
      for (int i = 0; i < 2; ++i) {
        agree(check, "da", J(i, 0), parts(r[i]).da);
        agree(check, "db", J(i, 1), parts(r[i]).db);
      }
    };
    if (forward) {
      SEQUENCE_FORWARD(compare(tern::jacfwd<plain::pair_of>(x, k));
                       same_memory(check);)
    } else {
      SEQUENCE_REVERSE(compare(tern::jacrev<plain::pair_of>(x, k));
                       same_memory(check);)
    }
  }
};

} // namespace tern_fuzz
