// A linked list built, changed and released node by node inside the function.
// REQUIRES: valgrind, slow
// RUN: %run-valgrind %s
#include <cmath>
#include <cstdio>
#include <tern/tern.hpp>

struct Node {
  double value;
  Node *next;
};

static double listSum(const double *x, int n) {
  Node *head = nullptr;
  for (int i = 0; i < n; ++i)
    head = new Node{x[i] * x[i], head};
  for (Node *at = head; at->next; at = at->next)
    at->value *= at->next->value;
  double sum = 0;
  while (head) {
    Node *next = head->next;
    sum += std::sqrt(head->value);
    delete head;
    head = next;
  }
  return sum;
}

int main() {
  const int n = 6;
  double x[n] = {1, 2, 3, 4, 5, 6}, gradient[n] = {};
  tern::grad<listSum>(tern::Duplicated{&x[0], &gradient[0]}, n);
  int failures = 0;
  for (int i = 0; i < n; ++i) {
    // sum = x0 + x0 x1 + x1 x2 + ... + x4 x5
    double expected = (i == 0 ? 1 : x[i - 1]) + (i + 1 < n ? x[i + 1] : 0);
    if (!(std::fabs(gradient[i] - expected) < 1e-9)) {
      std::printf("d/dx%d is %.12g, should be %.12g\n", i, gradient[i],
                  expected);
      ++failures;
    }
  }
  return failures;
}
