// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is fitted: ADBench's gmm_d2_K5 where the data are there ($TERN_DATA or
// ../shared/data beside the repository), else points of the same number drawn
// from five Gaussians.
#pragma once
#include "mixture.hpp"
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

/// The file starts "d k n" and ends "gamma m".
inline Input read_gmm(std::ifstream &file) {
  Input input;
  std::vector<double> numbers;
  for (double number; file >> number;)
    numbers.push_back(number);
  const int k = static_cast<int>(numbers[1]), n = static_cast<int>(numbers[2]);
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
  std::vector<std::string> folders;
  if (const char *named = std::getenv("TERN_DATA"))
    folders.emplace_back(named);
  folders.emplace_back(EXAMPLE_REPOSITORY "/../shared/data");
  Input input;
  for (const auto &folder : folders)
    if (std::ifstream file(folder + "/adbench/gmm/gmm_d2_K5.txt"); file) {
      input = read_gmm(file);
      break;
    }
  if (input.name.empty())
    input = generate_gmm();
  input.points.xy = input.xy.data(); // moving a vector keeps its elements
  return input;
}
