// Numbers whose bits are computed on, lie in memory as integers and are put
// together again when they are read. That memory has no shadow: each of these
// gave 0.
// RUN: not %tern-clang++ -O0 -DSWAP -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O2 -DSWAP -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O2 -DROTATE -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O0 -DTIMES3 -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O2 -DHALVES -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O1 -DHALVES -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O2 -DBYTES -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %tern-clang++ -O0 -DBYTES -DFORWARD -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: %tern-clang++ -O2 -DHASH -c %s -o %t.o
// RUN: %tern-clang++ -O0 -DHASH -DFORWARD -c %s -o %t.o
#include "Inputs/ask.h"
#include <cstdint>
#include <cstring>
#include <vector>

volatile int count = 4;

static uint64_t bits_of(double x) {
  uint64_t bits;
  std::memcpy(&bits, &x, 8);
  return bits;
}
static double number(uint64_t bits) {
  double x;
  std::memcpy(&x, &bits, 8);
  return x;
}

// CHECK: error: {{.*}}computed on as an integer in 'f(double)'{{.*}}[tern-D06]
double f(double x) {
  int n = count;
  double sum = 0;
#if defined(SWAP)
  std::vector<uint64_t> sent;
  for (int i = 0; i < n; ++i)
    sent.push_back(__builtin_bswap64(bits_of(i * x)));
  for (int i = 0; i < n; ++i)
    sum += number(__builtin_bswap64(sent[i]));
#elif defined(ROTATE)
  auto *sent = new uint64_t[n];
  for (int i = 0; i < n; ++i)
    sent[i] = bits_of(i * x) << 13 | bits_of(i * x) >> 51;
  for (int i = 0; i < n; ++i)
    sum += number(sent[i] >> 13 | sent[i] << 51);
  delete[] sent;
#elif defined(TIMES3)
  uint64_t sent[4];
  for (int i = 0; i < n; ++i)
    sent[i] = bits_of(i * x) * 3;
  for (int i = 0; i < n; ++i)
    sum += number(sent[i] * 0xaaaaaaaaaaaaaaab);
#elif defined(HALVES) // all low halves, then all high ones
  auto *sent = new uint32_t[2 * n];
  for (int i = 0; i < n; ++i) {
    sent[i] = bits_of(i * x);
    sent[n + i] = bits_of(i * x) >> 32;
  }
  for (int i = 0; i < n; ++i)
    sum += number(uint64_t(sent[n + i]) << 32 | sent[i]);
  delete[] sent;
#elif defined(BYTES) // transposed, as before compression
  std::vector<double> from(n), to(n);
  std::vector<unsigned char> sent(8 * n);
  for (int i = 0; i < n; ++i)
    from[i] = i * x;
  auto *p = (unsigned char *)from.data(), *q = (unsigned char *)to.data();
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < 8; ++k)
      sent[k * n + i] = p[8 * i + k];
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < 8; ++k)
      q[8 * i + k] = sent[k * n + i];
  for (double v : to)
    sum += v;
#elif defined(HASH) // bits that are only looked at
  auto *seen = new uint64_t[n];
  for (int i = 0; i < n; ++i)
    seen[i] = bits_of(i * x) * 0x9e3779b97f4a7c15 >> 60;
  for (int i = 0; i < n; ++i)
    sum += seen[i] > 7 ? x : x * x;
  delete[] seen;
#endif
  return sum;
}

#ifdef FORWARD
double slope(double x) { return __enzyme_fwddiff((void *)f, x, 1.0); }
#else
double slope(double x) { return __enzyme_autodiff((void *)f, x); }
#endif
