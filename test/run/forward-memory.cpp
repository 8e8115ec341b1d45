// Forward mode through memory: locals, heap, copies, tables of pointers, lists,
// unions and globals.
// RUN: %run-all-levels %s
#include "Inputs/forward.h"
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

#define COMPARE(f, x, t)                                                       \
  check(#f, __enzyme_fwddiff<double>((void *)f, enzyme_dup, x, t),             \
        slope([](double e) { return f((x) + (t) * e); }, 1e-3), 1e-8)

static double local_array(double x) {
  double a[10];
  for (int i = 0; i < 10; ++i)
    a[i] = x * i;
  for (int k = 0; k < 3; ++k)
    for (int i = 1; i < 9; ++i)
      a[i] = 0.5 * a[i] * std::cos(a[i - 1]) + 0.25 * a[i + 1];
  double s = 0;
  for (double v : a)
    s += v * v;
  return s;
}

static double heap(double x) {
  int n = opaque(7);
  double *a = static_cast<double *>(std::malloc(n * sizeof(double)));
  double *b = static_cast<double *>(std::calloc(n, sizeof(double)));
  for (int i = 0; i < n; ++i)
    a[i] = std::sin(x + i);
  std::memcpy(b + 1, a, (n - 1) * sizeof(double));
  std::memmove(b, b + 1, (n - 2) * sizeof(double));
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += a[i] * b[i];
  std::free(a);
  std::free(b);
  return s;
}

static double grow(double x) {
  int n = 2;
  double *a = static_cast<double *>(std::malloc(n * sizeof(double)));
  a[0] = x;
  a[1] = x * x;
  for (int i = 2; i < 20; ++i) {
    if (i == n) {
      n *= 2;
      a = static_cast<double *>(std::realloc(a, n * sizeof(double)));
    }
    a[i] = a[i - 1] * 0.5 + std::sin(a[i - 2]);
  }
  double r = a[19];
  std::free(a);
  return r;
}

static double vectors(double x) {
  std::vector<double> v;
  for (int i = 0; i < 12; ++i)
    v.push_back(x * i);
  std::vector<std::vector<double>> rows(3, v);
  rows[1].resize(5);
  rows[2] = rows[1];
  double s = 0;
  for (auto &row : rows)
    for (double &e : row)
      s += e * std::sqrt(e + 1);
  return s;
}

static double table(double x) {
  double a = x, b = 2 * x, c = 3 * x;
  double *p[3] = {&a, &b, &c};
  for (int i = 0; i < opaque(5); ++i) {
    double *t = p[0];
    p[0] = p[1];
    p[1] = p[2];
    p[2] = t;
    *p[0] += *p[1] * *p[2];
  }
  return a + 2 * b + 3 * c;
}

struct Node {
  double value;
  Node *next;
};
static double linked(double x) {
  Node *head = nullptr;
  for (int i = 0; i < opaque(6); ++i)
    head = new Node{x + i, head};
  double s = 0;
  while (head) {
    s = s * 0.5 + std::sin(head->value);
    Node *next = head->next;
    delete head;
    head = next;
  }
  return s;
}

union Bits {
  double d;
  unsigned long long u;
  unsigned half[2];
};
static double through_union(double x) {
  Bits a[3], b[3];
  for (int i = 0; i < 3; ++i)
    a[i].d = x * (i + 1);
  for (int i = 0; i < 3; ++i)
    b[i].u = a[2 - i].u;
  return b[0].d * b[1].d + b[2].d;
}

static double through_integers(double x) {
  double a[4] = {x, x * x, 3, std::exp(x)};
  unsigned long long bits[4];
  std::memcpy(bits, a, sizeof a);
  unsigned long long t = bits[0];
  bits[0] = bits[3];
  bits[3] = t;
  double b[4];
  std::memcpy(b, bits, sizeof b);
  return b[0] * b[3] + b[1] + b[2] * b[2];
}

static double global_value = 3.0;
static double global_array[4];
static double *global_pointer = &global_value;
NOINLINE static void set_global(double x) {
  global_value = x * x;
  for (int i = 0; i < 4; ++i)
    global_array[i] = x + i;
}
static double globals(double x) {
  set_global(x);
  double s = *global_pointer * x;
  for (int i = 0; i < 4; ++i)
    s += global_array[i] * global_array[3 - i];
  return s;
}

static double variable_length(double x) {
  int n = opaque(5);
  double *a = static_cast<double *>(__builtin_alloca(n * sizeof(double)));
  for (int i = 0; i < n; ++i)
    a[i] = x * x + i;
  double s = 1;
  for (int i = 0; i < n; ++i)
    s *= std::sqrt(a[i]);
  return s;
}

struct Particle {
  int id;
  float mass;
  double position[3];
  const char *name;
};
static double structs(double x) {
  Particle p{1, 2.0f, {x, 2 * x, x * x}, "p"}, q;
  q = p;
  q.position[1] += p.position[2] * q.mass;
  q.id += 3;
  Particle all[2] = {p, q};
  std::swap(all[0], all[1]);
  return all[0].position[1] * all[1].position[0] + all[0].id +
         all[0].position[2];
}

static double shared(double x) {
  auto p = std::make_shared<double>(x);
  auto q = p;
  *q *= 3;
  auto u = std::make_unique<double[]>(3);
  u[1] = *p * *q;
  return u[1] + *p;
}

static double cleared(double x) {
  double a[6];
  for (int i = 0; i < 6; ++i)
    a[i] = x * i;
  std::memset(a + 2, 0, 3 * sizeof(double));
  double s = 0;
  for (double v : a)
    s += v * v;
  return s;
}

static double local_then_overwritten(double x) {
  double v = x * x;
  double *p = &v;
  for (int i = 0; i < opaque(2); ++i)
    *p = 2.0 + i;
  return v * x;
}

int main() {
  COMPARE(local_array, 0.7, 1.0);
  COMPARE(heap, 0.7, 1.5);
  COMPARE(grow, 0.7, 1.0);
  COMPARE(vectors, 0.7, 1.0);
  COMPARE(table, 0.3, 1.0);
  COMPARE(linked, 0.7, 1.0);
  COMPARE(through_union, 0.7, 1.0);
  COMPARE(through_integers, 0.7, 1.0);
  COMPARE(globals, 0.7, 1.0);
  COMPARE(variable_length, 0.7, 1.0);
  COMPARE(structs, 0.7, 1.0);
  COMPARE(shared, 0.7, 1.0);
  COMPARE(cleared, 0.7, 1.0);
  COMPARE(local_then_overwritten, 0.7, 1.0);
  return verdict();
}
