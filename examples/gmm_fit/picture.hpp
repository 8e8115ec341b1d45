// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Points and Gaussians as SVG: each point in the colour of the Gaussian that
// most probably made it, ellipses at one and two standard deviations.
#pragma once
#include "mixture.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

namespace picture {

constexpr double Size = 800, Margin = 50;
constexpr std::array Colours = {"#0072b2", "#d55e00", "#009e73",
                                "#cc79a7", "#e69f00", "#56b4e9"};

/// From the plane to the page; one scale for both axes.
struct Frame {
  double left, top, scale;

  explicit Frame(const Points &points) {
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (int i = 0; i < 2 * points.count; ++i) {
      low[i % 2] = std::min(low[i % 2], points.xy[i]);
      high[i % 2] = std::max(high[i % 2], points.xy[i]);
    }
    const double extent = std::max(high[0] - low[0], high[1] - low[1]);
    scale = (Size - 2 * Margin) / extent;
    left = (low[0] + high[0]) / 2 - Size / scale / 2;
    top = (low[1] + high[1]) / 2 + Size / scale / 2;
  }
  std::string at(double x, double y) const {
    return std::to_string((x - left) * scale) + "," +
           std::to_string((top - y) * scale);
  }
};

/// The Gaussian that gives the point its largest term.
inline int most_probable(const Points &points, const double *parameters,
                         int point) {
  const int k = points.gaussians;
  int best = 0;
  double largest = -INFINITY;
  for (int c = 0; c < k; ++c) {
    const double *root = &parameters[3 * k + 3 * c];
    const double term =
        parameters[c] + root[0] + root[1] -
        half_distance(root, &parameters[k + 2 * c], &points.xy[2 * point]);
    if (term > largest) {
      largest = term;
      best = c;
    }
  }
  return best;
}

/// The points mean + Q^-1 (r cos t, r sin t).
inline std::string ellipse(const Frame &frame, const double *mean,
                           const double *root, double radius) {
  std::string path;
  for (int i = 0; i < 72; ++i) {
    const double t = 2 * std::numbers::pi * i / 72;
    const double u = radius * std::cos(t) / std::exp(root[0]);
    const double v = (radius * std::sin(t) - root[2] * u) / std::exp(root[1]);
    path += frame.at(mean[0] + u, mean[1] + v) + " ";
  }
  return path;
}

} // namespace picture

inline bool draw(const std::string &path, const Points &points,
                 const std::vector<double> &parameters) {
  using namespace picture;
  const int k = points.gaussians;
  const Frame frame(points);
  std::ofstream svg(path);
  svg << "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 " << Size << " "
      << Size << "' width='" << Size << "' height='" << Size << "'>\n"
      << "<rect width='100%' height='100%' fill='white'/>\n";
  for (int i = 0; i < points.count; ++i) {
    const int made_by = most_probable(points, parameters.data(), i);
    const std::string at = frame.at(points.xy[2 * i], points.xy[2 * i + 1]);
    const auto comma = at.find(',');
    svg << "<circle cx='" << at.substr(0, comma) << "' cy='"
        << at.substr(comma + 1) << "' r='2.5' fill='"
        << Colours[made_by % Colours.size()] << "' fill-opacity='0.55'/>\n";
  }
  for (int c = 0; c < k; ++c) {
    const double *mean = &parameters[k + 2 * c],
                 *root = &parameters[3 * (k + c)];
    const char *colour = Colours[c % Colours.size()];
    // A Gaussian that the fit had no use for stays in the background.
    const double weight =
        std::exp(parameters[c] - log_sum_exp(k, parameters.data()));
    for (double radius : {1.0, 2.0})
      svg << "<polygon points='" << ellipse(frame, mean, root, radius)
          << "' fill='" << colour << "' fill-opacity='" << 0.3 * weight
          << "' stroke='" << colour << "' stroke-opacity='"
          << std::clamp(5 * weight, 0.15, 1.0) << "' stroke-width='"
          << (radius == 1 ? 3 : 1.5) << "'/>\n";
  }
  svg << "</svg>\n";
  return static_cast<bool>(svg);
}
