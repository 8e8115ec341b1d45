// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "problem.hpp"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <sstream>

namespace bench {

Vector Problem::times(const Vector &derivative, const Vector &direction) {
  return {std::inner_product(direction.begin(), direction.end(),
                             derivative.begin(), 0.0)};
}

std::vector<MakeProblem> &problem_makers() {
  static std::vector<MakeProblem> makers;
  return makers;
}

static std::ifstream open_data(const std::string &relative_path) {
  std::vector<std::filesystem::path> roots;
  if (const char *named = std::getenv("TERN_DATA"))
    roots.emplace_back(named);
  roots.emplace_back(BENCH_REPOSITORY "/../shared/data");
  for (const auto &root : roots)
    if (std::filesystem::exists(root / relative_path))
      return std::ifstream(root / relative_path);
  return {};
}

Vector read_numbers(const std::string &relative_path) {
  Vector numbers;
  auto file = open_data(relative_path);
  for (double number; file.is_open() && file >> number;)
    numbers.push_back(number);
  return numbers;
}

std::vector<std::vector<std::string>>
read_table(const std::string &relative_path) {
  std::vector<std::vector<std::string>> rows;
  auto file = open_data(relative_path);
  for (std::string line; file.is_open() && std::getline(file, line);) {
    auto &row = rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ':');)
      row.push_back(cell);
  }
  return rows;
}

double Generator::operator()(double low, double high) {
  // Knuth's MMIX generator; the upper bits are good enough for test inputs.
  state = state * 6364136223846793005ull + 1442695040888963407ull;
  return low + (high - low) * static_cast<double>(state >> 11) * 0x1p-53;
}

Vector Generator::vector(std::size_t count, double low, double high) {
  Vector numbers(count);
  for (auto &number : numbers)
    number = (*this)(low, high);
  return numbers;
}

} // namespace bench
