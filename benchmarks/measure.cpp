// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The timing loop. Of every case that is linked in, primal, derivative by hand
// and derivative by Tern take turns, so that all three see the same machine;
// the best round of each counts. A derivative that differs from the one by
// hand is an error and is not timed.
//
//   measure [--check] [--seconds S]     one JSON object per line and case
#include "allocations.hpp"
#include "problem.hpp"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>

using bench::Problem;
using bench::Vector;

namespace {

struct Settings {
  bool only_check = false;
  double seconds = 1; ///< per case, roughly
};

/// Processor time: what others run on the machine does not count.
double now() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) +
         1e-9 * static_cast<double>(time.tv_nsec);
}

/// One thing to be timed: how often it runs per round, the best round so far.
struct Timed {
  std::function<void()> run;
  int repetitions = 1;
  double best = INFINITY;

  double round() {
    const double start = now();
    for (int i = 0; i < repetitions; ++i)
      run();
    const double each = (now() - start) / repetitions;
    best = std::min(best, each);
    return each;
  }
};

/// At least a millisecond per round, else the clock is part of the result.
void take_turns(std::vector<Timed> &contestants, double seconds) {
  double per_round = 0;
  for (auto &timed : contestants) {
    const double once = timed.round();
    timed.repetitions = static_cast<int>(std::ceil(2e-3 / once));
    per_round += once * timed.repetitions;
  }
  const int rounds =
      static_cast<int>(std::clamp(seconds / per_round, 5., 200.));
  for (int i = 0; i < rounds; ++i)
    for (auto &timed : contestants)
      timed.round();
}

/// Of the largest entry, per position: "" or what is wrong.
std::string differs(const Vector &by_tern, const Vector &by_hand) {
  if (by_tern.size() != by_hand.size())
    return "wrong size";
  double largest = 0;
  for (double entry : by_hand)
    largest = std::max(largest, std::abs(entry));
  for (std::size_t i = 0; i < by_hand.size(); ++i)
    if (!(std::abs(by_tern[i] - by_hand[i]) <= 1e-9 * largest))
      return "entry " + std::to_string(i) + " is " +
             std::to_string(by_tern[i]) + ", by hand " +
             std::to_string(by_hand[i]);
  return "";
}

long long bytes_taken(const std::function<void()> &run) {
  const auto before = bench::allocated_bytes();
  run();
  return static_cast<long long>(bench::allocated_bytes() - before);
}

/// Prints the case's line; false if the derivative is wrong.
bool measure(Problem &problem, const Settings &settings) {
  volatile double sink;
  Vector by_hand, by_tern;
  problem.by_hand(by_hand);
  problem.by_tern(by_tern);
  std::string error = problem.compare_with_published(by_hand);
  if (error.empty())
    error = differs(by_tern, by_hand);

  double square = 0;
  for (double entry : by_hand)
    square += entry * entry;
  std::printf("{\"name\": \"%s\", \"input\": \"%s\", \"variant\": \"%s\", "
              "\"target\": %g, \"error\": \"%s\", \"square\": %.17g",
              problem.name.c_str(), problem.input.c_str(),
              problem.variant.c_str(), problem.target, error.c_str(), square);
  if (!settings.only_check) {
    std::vector<Timed> contestants{{[&] { sink = problem.primal(); }},
                                   {[&] { problem.by_hand(by_hand); }}};
    if (error.empty())
      contestants.push_back({[&] { problem.by_tern(by_tern); }});
    take_turns(contestants, settings.seconds);
    std::printf(", \"primal\": %g, \"by_hand\": %g", contestants[0].best,
                contestants[1].best);
    if (error.empty())
      std::printf(", \"by_tern\": %g, \"tape\": %lld", contestants[2].best,
                  bytes_taken(contestants[2].run) -
                      bytes_taken(contestants[0].run));
  }
  std::printf("}\n");
  std::fflush(stdout);
  return error.empty();
}

} // namespace

int main(int argc, char **argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i)
    if (!std::strcmp(argv[i], "--check"))
      settings.only_check = true;
    else if (!std::strcmp(argv[i], "--seconds") && i + 1 < argc)
      settings.seconds = std::atof(argv[++i]);
    else
      return std::fprintf(stderr, "unknown argument %s\n", argv[i]), 2;
  bool good = !bench::problem_makers().empty();
  for (auto make : bench::problem_makers())
    good &= measure(*make(), settings);
  return good ? 0 : 1;
}
