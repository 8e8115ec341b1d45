// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is fitted: ADBench's gmm_d2_K5 where the data are there (in $TERN_DATA,
// or in ../shared/data beside the repository if that is not set), else points
// of the same number drawn from five Gaussians.
#pragma once
#include "mixture.hpp"
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

struct Input {
  std::string name;
  std::vector<double> parameters; ///< to start from
  std::vector<double> xy;
  Points points;               ///< looks into xy
  double published_square = 0; ///< |gradient|^2 at the start; 0: not known
};

/// Stops the program: nothing can be fitted to a file that is damaged.
[[noreturn]] inline void reject(const std::string &path, const char *reason) {
  std::fprintf(stderr, "gmm_fit: %s: %s\n", path.c_str(), reason);
  std::exit(1);
}

/// "d k n", then the parameters, n points, "gamma m".
inline Input read_gmm(std::ifstream &file, const std::string &path) {
  Input input;
  std::vector<double> numbers;
  for (double number; file >> number;)
    numbers.push_back(number);
  if (!file.eof() || numbers.size() < 5)
    reject(path, "not a list of numbers that starts with d, k and n");
  const auto is_count = [](double v) { return v >= 1 && v <= 1e6; };
  if (numbers[0] != 2 || !is_count(numbers[1]) || !is_count(numbers[2]))
    reject(path, "needs d = 2, k >= 1 and n >= 1");
  const int k = static_cast<int>(numbers[1]), n = static_cast<int>(numbers[2]);
  if (numbers.size() != 5 + PerGaussian * std::size_t(k) + 2 * std::size_t(n))
    reject(path, "has too few or too many numbers for its d, k and n");
  const auto first_point = numbers.begin() + 3 + PerGaussian * k;
  input.name = "gmm_d2_K5";
  input.published_square = 1631211.396;
  input.parameters.assign(numbers.begin() + 3, first_point);
  input.xy.assign(first_point, first_point + 2 * n);
  input.points = {.gaussians = k,
                  .count = n,
                  .wishart_gamma = *(numbers.end() - 2),
                  .wishart_m = static_cast<int>(numbers.back())};
  return input;
}

inline Input generate_gmm() {
  Input input;
  input.name = "generated, shape of gmm_d2_K5";
  input.points = {.gaussians = 5, .count = 1000};
  std::mt19937_64 engine(42);
  std::normal_distribution<double> normal;
  for (int i = 0; i < input.points.count; ++i) {
    const double angle = 2 * std::numbers::pi * (i % 5) / 5;
    const double along = 0.8 * normal(engine), across = 0.25 * normal(engine);
    input.xy.push_back(3 * std::cos(angle) + along * std::cos(angle + 1) -
                       across * std::sin(angle + 1));
    input.xy.push_back(3 * std::sin(angle) + along * std::sin(angle + 1) +
                       across * std::cos(angle + 1));
  }
  for (int i = 0; i < PerGaussian * input.points.gaussians; ++i)
    input.parameters.push_back(0.5 * normal(engine));
  return input;
}

inline Input read_or_generate() {
  const char *named = std::getenv("TERN_DATA");
  const std::string folder =
      named ? named : EXAMPLE_REPOSITORY "/../shared/data";
  const std::string path = folder + "/adbench/gmm/gmm_d2_K5.txt";
  Input input;
  if (std::ifstream file(path); file)
    input = read_gmm(file, path);
  else
    input = generate_gmm();
  input.points.xy = input.xy.data(); // moving a vector keeps its elements
  return input;
}
