// Reverse mode where types hide: structs of mixed members that are copied,
// moved and kept in containers, unions, doubles moved as integers, lists,
// tables of pointers, memory grown by realloc. Against central differences.
// RUN: %run-all-levels %s
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);

constexpr int n = 8;
struct mixed {
  double a;
  int b;
  float c;
  const double *d;
};
union number {
  double d;
  long i;
};
struct node {
  double v;
  node *next;
};
struct embedded {
  double x[3];
  int n;
  float f[2];
  const double *p;
  embedded *q;
};

double struct_copy(const double *x) {
  mixed p{x[0], 2, (float)x[1], x + 2}, q = p;
  q.a *= 2;
  mixed r = q;
  return r.a * r.b + r.c * r.d[1];
}
double vector_of_structs(const double *x) {
  std::vector<mixed> v;
  for (int i = 0; i < 4; i++)
    v.push_back(mixed{x[i], i, (float)x[i + 1], x + i});
  std::vector<mixed> w(v);
  double s = 0;
  for (auto &p : w)
    s += p.a * p.b + p.c + *p.d;
  return s;
}
double union_copy(const double *x) {
  number u;
  u.d = x[0] * x[1];
  number v = u, w[3];
  w[1] = v;
  return w[1].d * x[2];
}
double pairs_and_tuples(const double *x) {
  auto p = std::make_pair(x[0] * x[1], 3), q = p;
  std::pair<double, int> r[2] = {q, p};
  auto u = std::make_tuple(x[0], 1, x[1]), v = u;
  return r[0].first * q.second * r[1].first + std::get<0>(v) * std::get<2>(v);
}
std::array<double, 3> product(std::array<double, 3> a,
                              std::array<double, 3> b) {
  for (int i = 0; i < 3; i++)
    a[i] *= b[i];
  return a;
}
double arrays(const double *x) {
  std::array<double, 3> a = {x[0], x[1], x[2]}, b = a, c = product(a, b), e;
  memcpy(&e, &c, sizeof e);
  return e[0] * e[1] + e[2];
}
double list(const double *x) {
  node *h = nullptr;
  for (int i = 0; i < n; i++) {
    node *k = (node *)malloc(sizeof(node));
    k->v = x[i], k->next = h, h = k;
  }
  double s = 0;
  while (h) {
    s += h->v * h->v;
    node *t = h->next;
    free(h);
    h = t;
  }
  return s;
}
double grown(const double *x) {
  double *p = nullptr;
  for (int i = 0, c = 0; i < n; i++) {
    if (i >= c)
      p = (double *)realloc(p, (c = 2 * c + 1) * sizeof(double));
    p[i] = x[i] * x[0];
  }
  double s = 0;
  for (int i = 0; i < n; i++)
    s += p[i] * p[i];
  free(p);
  return s;
}
double arrays_inside(const double *x) {
  embedded e{{x[0], x[1], x[2]}, 4, {(float)x[3], (float)x[4]}, x + 5, nullptr};
  embedded a = e;
  int i = n / 4;
  a.x[i] *= 2;
  embedded b = a;
  return b.x[(i + 1) % 3] * b.n + b.f[i & 1] * b.p[0] + b.x[i] * b.x[i];
}
double shuffled(const double *x) {
  std::vector<double> v(x, x + n);
  std::reverse(v.begin(), v.end());
  std::swap(v[0], v[3]);
  v.insert(v.begin() + 1, x[2] * x[2]);
  v.erase(v.begin());
  double s = 0;
  for (size_t i = 0; i < v.size(); i++)
    s += v[i] * (i + 1) * v[i];
  return s;
}
std::optional<double> square(double y) {
  if (y > 0)
    return y * y;
  return {};
}
double optional(const double *x) {
  auto o = square(x[0]), p = o;
  return p.value_or(2.0) * x[1];
}
double pointer_table(const double *x) {
  const double *l[n], *m[n];
  for (int i = 0; i < n; i++)
    l[i] = x + (n - 1 - i);
  memcpy(m, l, sizeof l);
  double s = 0;
  for (int i = 0; i < n; i++)
    s += *m[i] * i * *m[i];
  return s;
}
double as_integers(const double *x) {
  long w[n];
  memcpy(w, x, sizeof w);
  std::swap(w[0], w[3]);
  double y[n], s = 0;
  memcpy(y, w, sizeof y);
  for (int i = 0; i < n; i++)
    s += y[i] * y[i] * (i + 1);
  return s;
}
double overlapping(const double *x) {
  mixed a[4], b[4];
  for (int i = 0; i < 4; i++)
    a[i] = mixed{x[i] * x[i], i, (float)x[i], x + i};
  int k = (int)(x[0] * 0) + 4;
  memmove(b, a, k * sizeof(mixed));
  memmove(b + 1, b, (k - 1) * sizeof(mixed));
  double s = 0;
  for (auto &p : b)
    s += p.a * p.d[1] + p.c * p.b;
  return s;
}

template <double (*f)(const double *)> int check(const char *name) {
  double x[n], d[n] = {};
  for (int i = 0; i < n; i++)
    x[i] = 0.5 + 0.13 * i;
  __enzyme_autodiff((void *)f, enzyme_dup, x, d);
  double worst = 0;
  for (int i = 0; i < n; i++) {
    // A step wide enough for what passes through a float.
    double h = 1.0 / 256, s = x[i];
    x[i] = s + h;
    double up = f(x);
    x[i] = s - h;
    double down = f(x);
    x[i] = s;
    double expected = (up - down) / (2 * h);
    worst =
        std::max(worst, std::fabs(expected - d[i]) / (1 + std::fabs(expected)));
  }
  if (worst < 1e-3)
    return 0;
  printf("%s: off by %g\n", name, worst);
  return 1;
}

int main() {
#define CHECK(f) check<f>(#f)
  return CHECK(struct_copy) + CHECK(vector_of_structs) + CHECK(union_copy) +
         CHECK(pairs_and_tuples) + CHECK(arrays) + CHECK(list) + CHECK(grown) +
         CHECK(arrays_inside) + CHECK(shuffled) + CHECK(optional) +
         CHECK(pointer_table) + CHECK(as_integers) + CHECK(overlapping);
}
