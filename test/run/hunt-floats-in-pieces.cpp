// Doubles copied byte by byte or word by word, in loops that are unrolled at no
// level (-O1) or have no known length: the copy had no adjoint.
// RUN: %run-all-levels %s
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
extern int enzyme_dup;

volatile int eight = 8, two = 2;
union words {
  double d;
  unsigned long u;
  unsigned w[2];
};

static double bytes(const double *x) {
  double t = x[0] * x[1], u;
  auto *p = (const unsigned char *)&t;
  auto *q = (unsigned char *)&u;
  for (int i = 0; i < 8; ++i)
    q[i] = p[i];
  return u * x[0];
}
static double unknown_count(const double *x) {
  double t = x[0] * x[1], u;
  auto *p = (const unsigned char *)&t;
  auto *q = (unsigned char *)&u;
  int n = eight;
  for (int i = 0; i < n; ++i)
    q[i] = p[i];
  return u * x[0];
}
static double union_words(const double *x) {
  words a, b, c;
  a.d = x[0] * x[1];
  for (int i = 0; i < 2; ++i)
    b.w[i] = a.w[i];
  c.u = b.u;
  return c.d * x[0];
}
static double halves(const double *x) {
  double t = x[0] * x[1], u;
  uint32_t a[2], b[2];
  memcpy(a, &t, 8);
  int n = two;
  for (int i = 0; i < n; ++i)
    b[i] = a[i];
  memcpy(&u, b, 8);
  return u * x[0];
}
static double heap(const double *x) {
  int n = two;
  double t[2] = {x[0] * x[1], x[0]}, r = 1;
  auto *b = (char *)malloc(n * 8);
  auto *p = (const char *)t;
  for (int i = 0; i < n * 8; ++i)
    b[i] = p[i];
  for (int i = 0; i < n; ++i) {
    double d;
    memcpy(&d, b + 8 * i, 8);
    r *= d;
  }
  free(b);
  return r;
}
static double swapped(const double *x) {
  double t = x[0] * x[1], u = x[0];
  auto *p = (char *)&t, *q = (char *)&u;
  for (int i = 0; i < 8; ++i) {
    char c = p[i];
    p[i] = q[i];
    q[i] = c;
  }
  return t * u;
}
// Bytes that are only looked at, and text beside numbers, have no derivative.
static double hashed(const double *x) {
  double t = x[0] * x[1];
  auto *p = (const unsigned char *)&t;
  unsigned h = 0;
  for (int i = 0; i < eight; ++i)
    h = h * 31 + p[i];
  return h ? t * x[0] : t * x[0];
}
struct named {
  char name[16];
  double v;
};
static double text(const double *x) {
  named a{"abc", x[0] * x[1]}, b = a;
  int n = two;
  for (int i = 0; i < n; ++i)
    b.name[i] = a.name[i];
  return b.name[1] == 'b' ? b.v * x[0] : 0;
}

template <double (*f)(const double *)> static int check(const char *name) {
  double x[2] = {1.3, 0.7}, d[2] = {}, along[2] = {1, 0};
  __enzyme_autodiff((void *)f, enzyme_dup, x, d);
  double slope = __enzyme_fwddiff((void *)f, enzyme_dup, x, along);
  if (std::fabs(d[0] - 1.82) + std::fabs(d[1] - 1.69) < 1e-9 &&
      std::fabs(slope - 1.82) < 1e-9)
    return 0;
  printf("%s: %g %g, %g\n", name, d[0], d[1], slope);
  return 1;
}

int main() {
#define CHECK(f) check<f>(#f)
  return CHECK(bytes) + CHECK(unknown_count) + CHECK(union_words) +
         CHECK(halves) + CHECK(heap) + CHECK(swapped) + CHECK(hashed) +
         CHECK(text);
}
