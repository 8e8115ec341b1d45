// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a program of the batch is asked for its derivatives, in Enzyme's
// convention, in C and in C++: one macro per kind, each defines one function of
// the table `derivatives` in harness.h. A program is
//   real P(real *x, real *y, real a, real b, long n, long m)
#pragma once
#include "harness.h"

#ifdef __cplusplus
extern int enzyme_dup, enzyme_out, enzyme_const, enzyme_width;
template <class R, class... T> R __enzyme_autodiff(void *, T...);
template <class R, class... T> R __enzyme_fwddiff(void *, T...);
template <class R, class... T> R __enzyme_augmentfwd(void *, T...);
template <class R, class... T> R __enzyme_reverse(void *, T...);
#define FUZZ_ASK(hook, result) __enzyme_##hook<result>

namespace tern_fuzz {
struct two {
  double a, b;
};
struct four {
  double a[2], b[2];
};
struct recorded {
  void *tape;
  double result;
};
} // namespace tern_fuzz
using tern_fuzz::call_sizes;
using tern_fuzz::derivatives;
using tern_fuzz::four;
using tern_fuzz::point_state;
using tern_fuzz::recorded;
using tern_fuzz::two;
#else
typedef struct {
  double a, b;
} two;
typedef struct {
  double a[2], b[2];
} four;
typedef struct {
  void *tape;
  double result;
} recorded;
extern int enzyme_dup, enzyme_out, enzyme_const, enzyme_width;
two __enzyme_autodiff_two(void *, ...);
four __enzyme_autodiff_four(void *, ...);
double __enzyme_autodiff_double(void *, ...);
double __enzyme_fwddiff_double(void *, ...);
two __enzyme_fwddiff_two(void *, ...);
void __enzyme_fwddiff_void(void *, ...);
recorded __enzyme_augmentfwd_recorded(void *, ...);
two __enzyme_reverse_two(void *, ...);
#define FUZZ_ASK(hook, result) __enzyme_##hook##_##result
#endif

// The parts of a batch (see text.py) and its table.
#ifndef FUZZ_PART
#define FUZZ_SHARED static
#else
#define FUZZ_SHARED
#endif
#ifdef __cplusplus
#define FUZZ_EXPORTED extern const
#else
#define FUZZ_EXPORTED const
#endif
#define FUZZ_TABLE FUZZ_EXPORTED derivatives fuzz_programs[] = {
#define FUZZ_COUNT(n) FUZZ_EXPORTED int fuzz_program_count = n;

#define FUZZ_PRIMAL(P)                                                         \
  static double P##_primal(point_state *s, call_sizes z) {                     \
    return P(s->x, s->y, s->a, s->b, z.n, z.m);                                \
  }

// Marked: every argument says what it is. Unmarked: the defaults must agree.
#define FUZZ_FORWARD(P)                                                        \
  static double P##_forward(point_state *s, point_state *t, call_sizes z) {    \
    return FUZZ_ASK(fwddiff, double)((void *)P, enzyme_dup, s->x, t->x,        \
                                     enzyme_dup, s->y, t->y, enzyme_dup, s->a, \
                                     t->a, enzyme_dup, s->b, t->b,             \
                                     enzyme_const, z.n, enzyme_const, z.m);    \
  }
#define FUZZ_FORWARD_UNMARKED(P)                                               \
  static double P##_forward(point_state *s, point_state *t, call_sizes z) {    \
    return FUZZ_ASK(fwddiff, double)((void *)P, s->x, t->x, s->y, t->y, s->a,  \
                                     t->a, s->b, t->b, z.n, z.m);              \
  }
#define FUZZ_REVERSE(P)                                                        \
  static void P##_reverse(point_state *s, point_state *g, call_sizes z) {      \
    two r = FUZZ_ASK(autodiff, two)(                                           \
        (void *)P, enzyme_dup, s->x, g->x, enzyme_dup, s->y, g->y, enzyme_out, \
        s->a, enzyme_out, s->b, enzyme_const, z.n, enzyme_const, z.m);         \
    g->a = r.a;                                                                \
    g->b = r.b;                                                                \
  }
#define FUZZ_REVERSE_UNMARKED(P)                                               \
  static void P##_reverse(point_state *s, point_state *g, call_sizes z) {      \
    two r = FUZZ_ASK(autodiff, two)((void *)P, s->x, g->x, s->y, g->y, s->a,   \
                                    s->b, z.n, z.m);                           \
    g->a = r.a;                                                                \
    g->b = r.b;                                                                \
  }

// The gradient as a function of its own: x, y and the shadows are its memory.
#define FUZZ_FORWARD_OVER_REVERSE(P)                                           \
  static void P##_inner(double *x, double *gx, double *y, double *gy,          \
                        double a, double b, double *gab, long n, long m) {     \
    two r = FUZZ_ASK(autodiff, two)((void *)P, enzyme_dup, x, gx, enzyme_dup,  \
                                    y, gy, enzyme_out, a, enzyme_out, b,       \
                                    enzyme_const, n, enzyme_const, m);         \
    gab[0] = r.a;                                                              \
    gab[1] = r.b;                                                              \
  }                                                                            \
  static void P##_fov(point_state *s, point_state *t, point_state *g,          \
                      point_state *h, call_sizes z) {                          \
    double gab[2] = {0, 0}, hab[2] = {0, 0};                                   \
    FUZZ_ASK(fwddiff, void)((void *)P##_inner, enzyme_dup, s->x, t->x,         \
                            enzyme_dup, g->x, h->x, enzyme_dup, s->y, t->y,    \
                            enzyme_dup, g->y, h->y, enzyme_dup, s->a, t->a,    \
                            enzyme_dup, s->b, t->b, enzyme_dup, gab, hab,      \
                            enzyme_const, z.n, enzyme_const, z.m);             \
    h->a = hab[0];                                                             \
    h->b = hab[1];                                                             \
  }

#define FUZZ_REVERSE_OVER_REVERSE(P)                                           \
  static double P##_slope(double *x, double *y, double a, double b,            \
                          const point_state *u, const point_state *v, long n,  \
                          long m) {                                            \
    double gx[8], gy[8], sum = 0;                                              \
    for (int i = 0; i < 8; ++i) {                                              \
      gx[i] = u->x[i];                                                         \
      gy[i] = u->y[i];                                                         \
    }                                                                          \
    two r = FUZZ_ASK(autodiff, two)((void *)P, enzyme_dup, x, gx, enzyme_dup,  \
                                    y, gy, enzyme_out, a, enzyme_out, b,       \
                                    enzyme_const, n, enzyme_const, m);         \
    for (int i = 0; i < 8; ++i)                                                \
      sum += gx[i] * v->x[i] + gy[i] * v->y[i];                                \
    return sum + r.a * v->a + r.b * v->b;                                      \
  }                                                                            \
  static void P##_rov(point_state *s, point_state *h, const point_state *u,    \
                      const point_state *v, call_sizes z) {                    \
    two r = FUZZ_ASK(autodiff, two)(                                           \
        (void *)P##_slope, enzyme_dup, s->x, h->x, enzyme_dup, s->y, h->y,     \
        enzyme_out, s->a, enzyme_out, s->b, enzyme_const, u, enzyme_const, v,  \
        enzyme_const, z.n, enzyme_const, z.m);                                 \
    h->a = r.a;                                                                \
    h->b = r.b;                                                                \
  }

#define FUZZ_WIDE(P)                                                           \
  static void P##_wide(point_state *s, point_state *t, point_state *u,         \
                       double results[2], call_sizes z) {                      \
    two r = FUZZ_ASK(fwddiff, two)(                                            \
        (void *)P, enzyme_width, 2, enzyme_dup, s->x, t->x, u->x, enzyme_dup,  \
        s->y, t->y, u->y, enzyme_dup, s->a, t->a, u->a, enzyme_dup, s->b,      \
        t->b, u->b, enzyme_const, z.n, enzyme_const, z.m);                     \
    results[0] = r.a;                                                          \
    results[1] = r.b;                                                          \
  }

#define FUZZ_SPLIT(P)                                                          \
  static void P##_split(point_state *s, point_state *g, call_sizes z) {        \
    recorded r = FUZZ_ASK(augmentfwd, recorded)(                               \
        (void *)P, enzyme_dup, s->x, g->x, enzyme_dup, s->y, g->y, enzyme_out, \
        s->a, enzyme_out, s->b, enzyme_const, z.n, enzyme_const, z.m);         \
    two t = FUZZ_ASK(reverse, two)((void *)P, enzyme_dup, s->x, g->x,          \
                                   enzyme_dup, s->y, g->y, enzyme_out, s->a,   \
                                   enzyme_out, s->b, enzyme_const, z.n,        \
                                   enzyme_const, z.m, 1.0, r.tape);            \
    g->a = t.a;                                                                \
    g->b = t.b;                                                                \
  }

#define FUZZ_WIDE_REVERSE(P)                                                   \
  static void P##_wide_reverse(point_state *s, point_state *g, point_state *h, \
                               call_sizes z) {                                 \
    four r = FUZZ_ASK(autodiff, four)(                                         \
        (void *)P, enzyme_width, 2, enzyme_dup, s->x, g->x, h->x, enzyme_dup,  \
        s->y, g->y, h->y, enzyme_out, s->a, enzyme_out, s->b, enzyme_const,    \
        z.n, enzyme_const, z.m);                                               \
    g->a = r.a[0];                                                             \
    h->a = r.a[1];                                                             \
    g->b = r.b[0];                                                             \
    h->b = r.b[1];                                                             \
  }

// x and b carry no derivative: forward mode on a copy, then reverse mode.
// Programs that write derivatives into x are refused.
#define FUZZ_FIXED(P)                                                          \
  static double P##_fixed(point_state *s, point_state *t, point_state *g,      \
                          call_sizes z) {                                      \
    point_state c = *s;                                                        \
    double r = FUZZ_FIXED_MODES(P, c);                                         \
    return r;                                                                  \
  }
// The same for a function that works on a copy of x, which it may write to.
#define FUZZ_FIXED_COPY(P)                                                     \
  static double P##_copying(double *x, double *y, double a, double b, long n,  \
                            long m) {                                          \
    double own[8];                                                             \
    for (int i = 0; i < 8; ++i)                                                \
      own[i] = x[i];                                                           \
    return P(own, y, a, b, n, m);                                              \
  }                                                                            \
  static double P##_fixed(point_state *s, point_state *t, point_state *g,      \
                          call_sizes z) {                                      \
    point_state c = *s, primal = *s;                                           \
    double r = FUZZ_FIXED_MODES(P##_copying, c);                               \
    P(primal.x, primal.y, primal.a, primal.b, z.n, z.m);                       \
    for (int i = 0; i < 8; ++i)                                                \
      s->x[i] = primal.x[i];                                                   \
    return r;                                                                  \
  }
#define FUZZ_FIXED_MODES(F, c)                                                 \
  FUZZ_ASK(fwddiff, double)((void *)F, enzyme_const, c.x, enzyme_dup, c.y,     \
                            t->y, enzyme_dup, c.a, t->a, enzyme_const, c.b,    \
                            enzyme_const, z.n, enzyme_const, z.m);             \
  g->a = FUZZ_ASK(autodiff, double)(                                           \
      (void *)F, enzyme_const, s->x, enzyme_dup, s->y, g->y, enzyme_out, s->a, \
      enzyme_const, s->b, enzyme_const, z.n, enzyme_const, z.m)
