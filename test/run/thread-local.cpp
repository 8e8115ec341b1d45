// RUN: %run-all-levels %s -pthread
// Scratch memory of a thread has a shadow of that thread: gradients may be
// taken on several threads at once.
#include "Inputs/near.h"
#include <atomic>
#include <cmath>
#include <tern/tern.hpp>
#include <thread>
#include <vector>

static thread_local double scratch[4];
static thread_local double last = 0.5;
static thread_local int calls;

static double through_scratch(double x) {
  ++calls;
  for (int i = 0; i < 4; ++i)
    scratch[i] = std::sin(x * i);
  double sum = 0;
  for (int i = 0; i < 4; ++i)
    sum += scratch[i] * scratch[3 - i];
  last = sum * x;
  return sum + last * last;
}

static double through_vector(double x) {
  static thread_local std::vector<double> buffer;
  buffer.assign(3, x);
  buffer[1] *= x;
  return buffer[0] * buffer[1] + buffer[2];
}

static std::atomic<int> wrong;

static void expect(double found, double wanted, double tolerance) {
  if (!(std::fabs(found - wanted) < tolerance))
    ++wrong;
}

static void work(double x) {
  const double h = 1e-6;
  for (int round = 0; round < 50; ++round, x += 0.01) {
    double difference =
        (through_scratch(x + h) - through_scratch(x - h)) / (2 * h);
    expect(tern::grad<through_scratch>(x), difference, 1e-7);
    expect(tern::jvp<through_scratch>(tern::Dual{x, 1.0}), difference, 1e-7);
    expect(tern::grad<through_vector>(x), 3 * x * x + 1, 1e-12);
  }
}

int main() {
  work(0.7);
  std::thread a(work, 0.3), b(work, 1.3);
  a.join();
  b.join();
  near(wrong, 0);
  return failures();
}
