// RUN: %run-all-levels %s
// An array and its count in one struct: elements are moved up and down by
// lengths that only the run knows, the count stays what it is. And records of
// several kinds in one block of bytes.
#include "Inputs/near.h"
#include <cmath>
#include <cstring>
#include <tern/tern.hpp>
#include <vector>

struct Small {
  double values[8];
  long count = 0;

  void erase(long i) {
    std::memmove(values + i, values + i + 1, (count - i - 1) * sizeof(double));
    --count;
  }
  void insert(long i, double x) {
    std::memmove(values + i + 1, values + i, (count - i) * sizeof(double));
    values[i] = x;
    ++count;
  }
};

static double small(double x) {
  Small s;
  for (int i = 0; i < 7; ++i)
    s.values[s.count++] = x * (i + 1);
  for (long i = 0; i < s.count;)
    if (std::sin(s.values[i]) < 0.2)
      s.erase(i);
    else
      ++i;
  if (s.count < 8)
    s.insert(s.count / 2, x * x);
  Small t = s;
  if (t.count > 1)
    t.erase(0);
  double sum = 0;
  for (long i = 0; i < t.count; ++i)
    sum += (i + 1) * t.values[i] * s.values[i];
  return sum;
}

struct Pair {
  int kind;
  double a, b;
};
struct List {
  int kind;
  long count;
  double values[4];
};

static double walk(const char *at, const char *end) {
  double sum = 0;
  while (at < end) {
    int kind;
    std::memcpy(&kind, at, sizeof kind);
    if (kind == 1) {
      auto *pair = (const Pair *)at;
      sum += pair->a * pair->b;
      at += sizeof(Pair);
    } else {
      auto *list = (const List *)at;
      for (long i = 0; i < list->count; ++i)
        sum += list->values[i] * i;
      at += sizeof(List);
    }
  }
  return sum;
}

static double records(double x) {
  std::vector<char> block(1024);
  char *at = block.data();
  for (int i = 0; i < 6; ++i) {
    if (i & 1) {
      Pair pair{1, x * i, x + 1};
      std::memcpy(at, &pair, sizeof pair);
      at += sizeof pair;
    } else {
      List list{2, 3, {x, x * x, 1, x * i}};
      std::memcpy(at, &list, sizeof list);
      at += sizeof list;
    }
  }
  return walk(block.data(), at);
}

template <auto F> static void check(double x) {
  const double h = 1e-6;
  double difference = (F(x + h) - F(x - h)) / (2 * h);
  near_at(__LINE__, tern::grad<F>(x), difference, 1e-7);
  near_at(__LINE__, tern::jvp<F>(tern::Dual{x, 1.0}), difference, 1e-7);
}

int main() {
  check<small>(0.7);
  check<records>(0.7);
  return failures();
}
