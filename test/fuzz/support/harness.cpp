// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls every program of a batch and compares what Tern made of it with what
// dual numbers say.
//
// Problem. A wrong derivative looks like any other number, a bad sweep may
// crash or loop, and one program must not take the others with it.
//
// Idea. Each program runs in a process of its own, with a time limit. With the
// state vector s and random v, u it checks, at three points:
//
//   primal     result and memory equal the oracle's, whoever runs them
//   forward    J v            against the dual numbers, each component
//   reverse    J' u           against the dual numbers, each component
//   dot        u . (J v) == (J' u) . v   (Tern against itself)
//   rerun      a second call gives the same bits
//   leak       what the sweeps allocate they free
//   overrun    no block of the heap was written past its end
//   wide       two tangents at once, two adjoints at once
//   fixed      both modes with x and b passed as Const
//   split      record sweep and reverse sweep as two calls
//   fov, rov   the two second-order modes against duals of duals
//
//   harness [--validate] [index...]   prints one line per program:
//   <index> ok | <index> skip <why> | <index> fail <check> <figures>
//   <index> crash <check> <signal>  | <index> hang <check>
//   <index> stop <tag> <check>        it stopped itself, and said why
#include "harness.h"
#include "dual.h"
#include "oracle.h"
#include "points.h"
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tern_fuzz;

extern const derivatives fuzz_programs[];
extern const oracle fuzz_oracles[];
extern const int fuzz_program_count;

// ---- live allocations -----------------------------------------------------

// Counted for leaks. Fresh and freed memory is filled, so that nobody reads it
// unnoticed, and each block ends in bytes that nobody may write.
static long live_blocks = 0;
static bool block_overrun = false;
#ifndef FUZZ_SANITIZED
static const unsigned long guard_word = 0xfd5ea1ed0ddba11u;
struct block_head {
  void *base;
  size_t size;
};

static void write_guard(char *end) {
  memcpy(end, &guard_word, sizeof guard_word);
  memcpy(end + 8, &guard_word, sizeof guard_word);
}
static bool guard_broken(const char *end) {
  return memcmp(end, &guard_word, 8) || memcmp(end + 8, &guard_word, 8);
}

extern "C" {
void *__libc_malloc(size_t);
void __libc_free(void *);
void *memalign(size_t align, size_t n) {
  if (align < 16)
    align = 16;
  if (n > 1ul << 40)
    return nullptr;
  char *base = static_cast<char *>(__libc_malloc(n + 2 * align + 32));
  if (!base)
    return nullptr;
  size_t start = reinterpret_cast<size_t>(base) + sizeof(block_head);
  char *block =
      base + ((start + align - 1) / align * align - start) + sizeof(block_head);
  reinterpret_cast<block_head *>(block)[-1] = {base, n};
  memset(block, 0xab, n);
  write_guard(block + n);
  ++live_blocks;
  return block;
}
void *malloc(size_t n) { return memalign(16, n); }
void *calloc(size_t n, size_t size) {
  void *p = malloc(n * size);
  return p ? memset(p, 0, n * size) : p;
}
void free(void *p) {
  if (!p)
    return;
  block_head head = static_cast<block_head *>(p)[-1];
  block_overrun |= guard_broken(static_cast<char *>(p) + head.size);
  memset(p, 0xdd, head.size);
  --live_blocks;
  __libc_free(head.base);
}
void *realloc(void *p, size_t n) {
  void *fresh = malloc(n);
  if (!p || !fresh)
    return fresh;
  size_t old = static_cast<block_head *>(p)[-1].size;
  memcpy(fresh, p, old < n ? old : n);
  free(p);
  return fresh;
}
// What Tern makes of realloc copies as much as the old block holds.
size_t malloc_usable_size(void *p) {
  return p ? static_cast<block_head *>(p)[-1].size : 0;
}
void *aligned_alloc(size_t align, size_t n) { return memalign(align, n); }
int posix_memalign(void **p, size_t align, size_t n) {
  *p = memalign(align, n);
  return *p ? 0 : 12;
}
}
#endif

// ---- numbers ---------------------------------------------------------------

// Outputs: x', y', result.
struct outputs {
  double value[output_length];
};
static outputs outputs_of(const state<double> &s, double result) {
  outputs o;
  for (int i = 0; i < 16; ++i)
    o.value[i] = entry(s, i);
  o.value[16] = result;
  return o;
}

struct expected {
  outputs primal, tangent;       // f(s), J v
  double gradient[state_length]; // J' u
  outputs column[state_length];  // J
  double hessian_v[state_length];
  double scale;  // size of the numbers met; errors are relative to it
  double scale2; // the same for second order
};

static dual1 lift(double v, double d) { return {v, d}; }

static outputs tangent_of(const oracle &o, const point &p,
                          const state<double> &v, outputs *primal) {
  state<dual1> s;
  for (int i = 0; i < state_length; ++i)
    entry(s, i) = lift(entry(p.s, i), entry(v, i));
  dual1 r = o.first(s, p.sizes);
  outputs t;
  for (int i = 0; i < output_length; ++i) {
    dual1 e = i < 16 ? entry(s, i) : r;
    t.value[i] = e.d;
    if (primal)
      primal->value[i] = e.v;
  }
  return t;
}

static double weighted(const outputs &t, const state<double> &u) {
  double sum = t.value[16]; // the result's seed is 1
  for (int i = 0; i < 16; ++i)
    sum += t.value[i] * entry(u, i);
  return sum;
}

static void grow(double &scale, double x) {
  double size = __builtin_fabs(x);
  if (!(size <= scale))
    scale = size;
}

static expected expectation(const oracle &o, const point &p) {
  expected e;
  e.scale = 1e-3;
  e.tangent = tangent_of(o, p, p.v, &e.primal);
  for (double t : e.tangent.value)
    grow(e.scale, t);
  for (int i = 0; i < state_length; ++i) {
    state<double> unit = {};
    entry(unit, i) = 1;
    e.column[i] = tangent_of(o, p, unit, nullptr);
    for (double t : e.column[i].value)
      grow(e.scale, t);
    e.gradient[i] = weighted(e.column[i], p.u);
  }
  return e;
}

// Row i: d/dv of (J' u)_i = u . d2 f [e_i, v].
static void expect_second_order(const oracle &o, const point &p, expected &e) {
  e.scale2 = e.scale;
  for (int i = 0; i < state_length; ++i) {
    state<dual2> s;
    for (int j = 0; j < state_length; ++j)
      entry(s, j) = {{entry(p.s, j), entry(p.v, j)}, {j == i ? 1.0 : 0.0, 0.0}};
    dual2 r = o.second(s, p.sizes);
    double sum = r.d.d;
    for (int j = 0; j < 16; ++j) {
      sum += entry(p.u, j) * entry(s, j).d.d;
      grow(e.scale2, entry(s, j).d.d);
    }
    grow(e.scale2, r.d.d);
    e.hessian_v[i] = sum;
  }
}

// ---- checks ----------------------------------------------------------------

static const double tolerance_double = 1e-8, tolerance_float = 2e-3;
static char *const current_check = static_cast<char *>(mmap(
    nullptr, 64, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));

static void now(const char *check) { strncpy(current_check, check, 63); }

static void failed(int index, const char *check, int component, double got,
                   double want) {
  printf("%d fail %s component %d: got %.12g, want %.12g\n", index, check,
         component, got, want);
  fflush(stdout);
  _exit(0);
}
static void skipped(int index, const char *why) {
  printf("%d skip %s\n", index, why);
  fflush(stdout);
  _exit(0);
}

struct subject {
  int index;
  const derivatives &program;
  const point &p;
  const expected &want;
  double tolerance;

  void compare(const char *check, int component, double got, double wanted,
               double scale) const {
    double error = __builtin_fabs(got - wanted);
    if (!(error <= tolerance * scale))
      failed(index, check, component, got, wanted);
  }
  void primal_kept(const char *check, const state<double> &s) const {
    for (int i = 0; i < 16; ++i)
      compare(check, i, entry(s, i), want.primal.value[i], 1.0);
  }
};

static void check_primal(const subject &c) {
  now("primal");
  state<double> s = c.p.s;
  double r = c.program.primal(&s, c.p.sizes);
  c.primal_kept("primal", s);
  c.compare("primal", 16, r, c.want.primal.value[16],
            1.0 + __builtin_fabs(c.want.primal.value[16]));
}

static outputs check_forward(const subject &c) {
  now("forward");
  state<double> s = c.p.s, t = c.p.v;
  double dr = c.program.forward(&s, &t, c.p.sizes);
  c.primal_kept("forward-primal", s);
  outputs got = outputs_of(t, dr);
  for (int i = 0; i < output_length; ++i)
    c.compare("forward", i, got.value[i], c.want.tangent.value[i],
              c.want.scale);
  return got;
}

// `a` and `b` of the shadow come back as returned adjoints.
static state<double> run_reverse(const subject &c) {
  state<double> s = c.p.s, adjoint = c.p.u;
  c.program.reverse(&s, &adjoint, c.p.sizes);
  c.primal_kept("reverse-primal", s);
  return adjoint;
}

static void check_reverse(const subject &c, const outputs &tangent) {
  now("reverse");
  state<double> g = run_reverse(c);
  for (int i = 0; i < state_length; ++i)
    c.compare("reverse", i, entry(g, i), c.want.gradient[i], c.want.scale);
  double left = weighted(tangent, c.p.u), right = 0;
  for (int i = 0; i < state_length; ++i)
    right += entry(g, i) * entry(c.p.v, i);
  c.compare("dot", 0, left, right, 10 * c.want.scale);
  now("rerun");
  long before = live_blocks;
  state<double> again = run_reverse(c);
  long after = live_blocks;
  for (int i = 0; i < state_length; ++i)
    c.compare("rerun", i, entry(again, i), entry(g, i), c.want.scale);
  if (after != before)
    failed(c.index, "leak", 0, double(after - before), 0);
}

static void check_split(const subject &c) {
  if (!c.program.split)
    return;
  now("split");
  for (int round = 0; round < 2; ++round) {
    long before = live_blocks;
    state<double> s = c.p.s, g = c.p.u;
    c.program.split(&s, &g, c.p.sizes);
    long after = live_blocks;
    c.primal_kept("split-primal", s);
    for (int i = 0; i < state_length; ++i)
      c.compare("split", i, entry(g, i), c.want.gradient[i], c.want.scale);
    if (round == 1 && after != before)
      failed(c.index, "leak", 1, double(after - before), 0);
  }
}

static void check_second_order(const subject &c) {
  if (c.program.forward_over_reverse) {
    now("fov");
    state<double> s = c.p.s, t = c.p.v, g = c.p.u, h = {};
    c.program.forward_over_reverse(&s, &t, &g, &h, c.p.sizes);
    for (int i = 0; i < state_length; ++i)
      c.compare("fov", i, entry(h, i), c.want.hessian_v[i], c.want.scale2);
  }
  if (c.program.reverse_over_reverse) {
    now("rov");
    state<double> s = c.p.s, h = {};
    c.program.reverse_over_reverse(&s, &h, &c.p.u, &c.p.v, c.p.sizes);
    for (int i = 0; i < state_length; ++i)
      c.compare("rov", i, entry(h, i), c.want.hessian_v[i], c.want.scale2);
  }
}

// The second lane runs along u, which is a direction as good as v.
static void check_wide(const subject &c, const oracle &o) {
  if (!c.program.wide)
    return;
  now("wide");
  outputs other = tangent_of(o, c.p, c.p.u, nullptr);
  state<double> s = c.p.s, t = c.p.v, u = c.p.u;
  double results[2];
  c.program.wide(&s, &t, &u, results, c.p.sizes);
  c.primal_kept("wide-primal", s);
  outputs got[2] = {outputs_of(t, results[0]), outputs_of(u, results[1])};
  for (int i = 0; i < output_length; ++i) {
    c.compare("wide", i, got[0].value[i], c.want.tangent.value[i],
              c.want.scale);
    c.compare("wide", i + 100, got[1].value[i], other.value[i],
              10 * c.want.scale);
  }
}

static void check_wide_reverse(const subject &c) {
  if (!c.program.wide_reverse)
    return;
  now("wide-reverse");
  state<double> s = c.p.s, g = c.p.u, h = c.p.v;
  c.program.wide_reverse(&s, &g, &h, c.p.sizes);
  c.primal_kept("wide-reverse-primal", s);
  for (int i = 0; i < state_length; ++i) {
    c.compare("wide-reverse", i, entry(g, i), c.want.gradient[i], c.want.scale);
    c.compare("wide-reverse", i + 100, entry(h, i),
              weighted(c.want.column[i], c.p.v), c.want.scale);
  }
}

// Only y and a have shadows, so that only y and the result have derivatives.
static void check_fixed(const subject &c, const oracle &o) {
  if (!c.program.fixed)
    return;
  now("fixed");
  state<double> s = c.p.s, t = c.p.v, g = c.p.u, u = c.p.u;
  for (int i = 0; i < 8; ++i)
    t.x[i] = g.x[i] = u.x[i] = 0;
  t.b = 0;
  outputs wanted = tangent_of(o, c.p, t, nullptr);
  double dr = c.program.fixed(&s, &t, &g, c.p.sizes);
  c.primal_kept("fixed-primal", s);
  outputs got = outputs_of(t, dr);
  for (int i = 8; i < output_length; ++i)
    c.compare("fixed-forward", i, got.value[i], wanted.value[i], c.want.scale);
  for (int i = 8; i <= 16; ++i)
    c.compare("fixed-reverse", i, entry(g, i), weighted(c.want.column[i], u),
              c.want.scale);
}

// Central differences in long double: is the oracle itself right?
static void validate(int index, const oracle &o, const point &p,
                     const expected &e) {
  const long double h = 1e-8L;
  state<long double> plus, minus;
  for (int i = 0; i < state_length; ++i) {
    entry(plus, i) = entry(p.s, i) + h * entry(p.v, i);
    entry(minus, i) = entry(p.s, i) - h * entry(p.v, i);
  }
  long double up = o.extended(plus, p.sizes);
  long double down = o.extended(minus, p.sizes);
  for (int i = 0; i < output_length; ++i) {
    long double difference =
        i < 16 ? entry(plus, i) - entry(minus, i) : up - down;
    double got = double(difference / (2 * h));
    if (!(__builtin_fabs(got - e.tangent.value[i]) <= 1e-5 * (1 + e.scale)))
      failed(index, "validate", i, got, e.tangent.value[i]);
  }
}

static void examine(int index, bool validating) {
  const derivatives &d = fuzz_programs[index];
  random_state = first_random_state;
  for (int round = 0; round < 3; ++round) {
    point p = random_point(round);
    now("oracle");
    expected e = expectation(fuzz_oracles[index], p);
    if (at_singular_point)
      skipped(index, "singular");
    if (!(e.scale < 1e5))
      skipped(index, "ill-conditioned");
    if (validating) {
      validate(index, fuzz_oracles[index], p, e);
      continue;
    }
    subject c{index, d, p, e,
              d.has_floats ? tolerance_float : tolerance_double};
    check_primal(c);
    outputs tangent = check_forward(c);
    check_reverse(c, tangent);
    check_split(c);
    check_wide(c, fuzz_oracles[index]);
    check_wide_reverse(c);
    check_fixed(c, fuzz_oracles[index]);
    if (!d.forward_over_reverse && !d.reverse_over_reverse)
      continue;
    expect_second_order(fuzz_oracles[index], p, e);
    if (e.scale2 < 1e6 && !at_singular_point)
      check_second_order(c);
  }
  if (block_overrun)
    failed(index, "overrun", 0, 1, 0);
  printf("%d ok\n", index);
  fflush(stdout);
  _exit(0);
}

// What a child says goes through a file, where its parent finds the tag of a
// derivative that stopped at run time: a refusal, not a crash.
static int said = memfd_create("stderr", 0);

static bool stopped_with_tag(char tag[9]) {
  static char text[4097];
  ssize_t n = pread(said, text, sizeof text - 1, 0);
  text[n < 0 ? 0 : n] = 0;
  fputs(text, stderr);
  const char *found = strstr(text, "[tern-D");
  if (!found || strlen(found) < 9)
    return false;
  memcpy(tag, found + 1, 8);
  tag[8] = 0;
  return true;
}

static void examine_in_child(int index, bool validating) {
  if (!fuzz_programs[index].primal && !validating)
    return; // left out of this batch
  fflush(stdout);
  bool listening = ftruncate(said, 0) == 0 && lseek(said, 0, SEEK_SET) == 0;
  pid_t child = fork();
  if (child == 0) {
    if (listening)
      dup2(said, 2);
    alarm(10);
    examine(index, validating);
  }
  int status = 0;
  waitpid(child, &status, 0);
  char tag[9];
  bool tagged = stopped_with_tag(tag);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
    printf("%d hang %s\n", index, current_check);
  else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && tagged)
    printf("%d stop %s %s\n", index, tag, current_check);
  else
    printf("%d crash %s %d\n", index, current_check,
           WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status));
}

int main(int argc, char **argv) {
  bool validating = argc > 1 && !strcmp(argv[1], "--validate");
  int first = validating ? 2 : 1;
  for (int i = first; i < argc; ++i)
    examine_in_child(atoi(argv[i]), validating);
  for (int i = 0; argc <= first && i < fuzz_program_count; ++i)
    examine_in_child(i, validating);
}
