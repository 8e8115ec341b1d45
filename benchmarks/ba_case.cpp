// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The Jacobian of the reprojection by hand. With X the shifted point, q the
// rotated one, w the rotation vector and R(w) its matrix:
//
//   dq/dX = R,  dq/dcentre = -R,
//   dq/dw: from q = X cos a + (k x X) sin a + k (k.X)(1 - cos a), w = a k.
//
// Both rows share everything up to the image point.
#include "ba.hpp"
#include "problem.hpp"
#include <array>
#include <cmath>

namespace bench::BENCH_VARIANT {

namespace {

using Triple = std::array<double, 3>;
using Matrix = std::array<Triple, 3>;

Triple cross(const Triple &a, const Triple &b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2],
          a[0] * b[1] - a[1] * b[0]};
}

double dot(const Triple &a, const Triple &b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

struct Rotated {
  Triple seen;
  Matrix by_point;    ///< R
  Matrix by_rotation; ///< column j in by_rotation[.][j]
};

Rotated rotate_with_derivative(const double *w, const Triple &x) {
  const double angle2 = w[0] * w[0] + w[1] * w[1] + w[2] * w[2];
  Rotated result;
  if (angle2 == 0) {
    const Triple turned = cross({w[0], w[1], w[2]}, x);
    for (int i = 0; i < 3; ++i)
      result.seen[i] = x[i] + turned[i];
    result.by_point = {Triple{1, 0, 0}, Triple{0, 1, 0}, Triple{0, 0, 1}};
    result.by_rotation = {Triple{0, x[2], -x[1]}, Triple{-x[2], 0, x[0]},
                          Triple{x[1], -x[0], 0}};
    return result;
  }
  const double angle = std::sqrt(angle2), c = std::cos(angle),
               s = std::sin(angle);
  const Triple k = {w[0] / angle, w[1] / angle, w[2] / angle};
  const Triple turned = cross(k, x);
  const double along = dot(k, x);
  const Matrix skew = {Triple{0, -k[2], k[1]}, Triple{k[2], 0, -k[0]},
                       Triple{-k[1], k[0], 0}};
  const Matrix by_axis_of_turned = {
      Triple{0, x[2], -x[1]}, Triple{-x[2], 0, x[0]}, Triple{x[1], -x[0], 0}};
  for (int i = 0; i < 3; ++i) {
    result.seen[i] = x[i] * c + turned[i] * s + k[i] * along * (1 - c);
    const double by_angle = -x[i] * s + turned[i] * c + k[i] * along * s;
    double by_axis[3], by_axis_along = 0;
    for (int j = 0; j < 3; ++j) {
      result.by_point[i][j] =
          (i == j) * c + skew[i][j] * s + k[i] * k[j] * (1 - c);
      by_axis[j] = by_axis_of_turned[i][j] * s +
                   (k[i] * x[j] + (i == j) * along) * (1 - c);
      by_axis_along += by_axis[j] * k[j];
    }
    // da/dw_j = k_j, dk/dw = (1 - k k^T) / a.
    for (int j = 0; j < 3; ++j)
      result.by_rotation[i][j] =
          by_angle * k[j] + (by_axis[j] - by_axis_along * k[j]) / angle;
  }
  return result;
}

void rows_by_hand(const double *camera, const double *point, double weight,
                  const double *feature, double *BENCH_RESTRICT rows) {
  const Triple shifted = {point[0] - camera[3], point[1] - camera[4],
                          point[2] - camera[5]};
  const Rotated rotated = rotate_with_derivative(camera, shifted);
  const auto &q = rotated.seen;
  const double inverse = 1 / q[2], u = q[0] * inverse, v = q[1] * inverse;
  const double r2 = u * u + v * v, focal = camera[6];
  const double distortion = 1 + camera[9] * r2 + camera[10] * r2 * r2;
  const double slope = 2 * (camera[9] + 2 * camera[10] * r2);
  const double uv[2] = {u, v};
  for (int which = 0; which < 2; ++which, rows += RowSize) {
    // The image coordinate is w = uv[which] * distortion(u, v).
    const double by_u = uv[which] * slope * u + (which == 0 ? distortion : 0);
    const double by_v = uv[which] * slope * v + (which == 1 ? distortion : 0);
    const double scale = weight * focal * inverse;
    const Triple by_seen = {scale * by_u, scale * by_v,
                            -scale * (by_u * u + by_v * v)};
    for (int j = 0; j < 3; ++j) {
      double by_rotation = 0, by_point = 0;
      for (int i = 0; i < 3; ++i) {
        by_rotation += by_seen[i] * rotated.by_rotation[i][j];
        by_point += by_seen[i] * rotated.by_point[i][j];
      }
      rows[j] = by_rotation;
      rows[3 + j] = -by_point;
      rows[CameraSize + j] = by_point;
    }
    const double distorted = uv[which] * distortion;
    rows[6] = weight * distorted;
    rows[7] = which == 0 ? weight : 0;
    rows[8] = which == 1 ? weight : 0;
    rows[9] = weight * focal * uv[which] * r2;
    rows[10] = weight * focal * uv[which] * r2 * r2;
    rows[CameraSize + 3] =
        distorted * focal + camera[7 + which] - feature[which];
  }
}

} // namespace

void ba_by_hand(const BaProblem *problem, const double *BENCH_RESTRICT cameras,
                const double *BENCH_RESTRICT points,
                const double *BENCH_RESTRICT weights,
                double *BENCH_RESTRICT jacobian) {
  const int p = problem->observations;
  for (int i = 0; i < p; ++i)
    rows_by_hand(&cameras[problem->camera_of[i] * CameraSize],
                 &points[problem->point_of[i] * 3], weights[i],
                 &problem->feature[2 * i], &jacobian[2 * i * RowSize]);
  for (int i = 0; i < p; ++i)
    jacobian[2 * p * RowSize + i] = -2 * weights[i];
}

namespace {

struct Published {
  const char *input;
  double sum_of_squares;
};

const Published published_sums[] = {{"ba1_n49_m7776_p31843", 478.4571488},
                                    {"ba2_n21_m11315_p36455", 547.7547768}};

class BaCase final : public Problem {
public:
  explicit BaCase(const Published *of) : published(of->sum_of_squares) {
    name = "ba";
    input = of->input;
    target = 8; // two gradients
    step = 1e-5;
    Vector numbers = read_numbers("adbench/ba/" + input + ".txt");
    if (numbers.empty()) {
      generated = true;
      input += " (generated)";
      numbers = {49, 7776, 31843, -0.7,  -1.1, -0.8, 34, 40,  54,  420,
                 6,  -8.5, 0.08,  0.003, 7,    0.1,  3,  0.4, 270, 830};
    }
    replicate(numbers);
  }

  std::span<double> parameters() override { return all; }
  Vector outputs() override {
    Vector residuals(3 * problem.observations);
    ba(&problem, cameras(), points(), weights(), residuals.data());
    return residuals;
  }
  double primal() override {
    ba(&problem, cameras(), points(), weights(), residuals.data());
    return residuals[0];
  }
  void by_hand(Vector &jacobian) override {
    jacobian.resize(jacobian_size());
    ba_by_hand(&problem, cameras(), points(), weights(), jacobian.data());
  }
  void by_tern([[maybe_unused]] Vector &jacobian) override {
#ifdef BENCH_TERN
    jacobian.resize(jacobian_size());
    ba_by_tern(&problem, cameras(), points(), weights(), jacobian.data());
#endif
  }

  Vector times(const Vector &jacobian, const Vector &direction) override {
    const int p = problem.observations;
    const double *d_cameras = direction.data(),
                 *d_points = d_cameras + problem.cameras * CameraSize,
                 *d_weights = d_points + 3 * problem.points;
    Vector product(3 * p);
    for (int i = 0; i < 2 * p; ++i) {
      const double *row = &jacobian[i * RowSize];
      for (int j = 0; j < CameraSize; ++j)
        product[i] +=
            row[j] * d_cameras[problem.camera_of[i / 2] * CameraSize + j];
      for (int j = 0; j < 3; ++j)
        product[i] +=
            row[CameraSize + j] * d_points[problem.point_of[i / 2] * 3 + j];
      product[i] += row[CameraSize + 3] * d_weights[i / 2];
    }
    for (int i = 0; i < p; ++i)
      product[2 * p + i] = jacobian[2 * p * RowSize + i] * d_weights[i];
    return product;
  }

  std::string compare_with_published(const Vector &) override {
    // Of the reprojections, without the residuals of the weights.
    const Vector all = outputs();
    double sum = 0;
    for (int i = 0; i < 2 * problem.observations; ++i)
      sum += all[i] * all[i];
    if (generated || std::abs(sum - published) <= 1e-8 * published)
      return "";
    return "sum of squares " + std::to_string(sum) + ", published " +
           std::to_string(published);
  }

private:
  double published;
  bool generated = false;
  BaProblem problem{};
  std::vector<int> camera_of, point_of;
  Vector features, all, residuals;

  const double *cameras() const { return all.data(); }
  const double *points() const {
    return cameras() + problem.cameras * CameraSize;
  }
  const double *weights() const { return points() + 3 * problem.points; }
  std::size_t jacobian_size() const {
    return problem.observations * (2 * RowSize + 1);
  }

  /// The files hold one camera, point, weight and feature for all.
  void replicate(const Vector &numbers) {
    problem.cameras = static_cast<int>(numbers[0]);
    problem.points = static_cast<int>(numbers[1]);
    problem.observations = static_cast<int>(numbers[2]);
    const auto append = [](Vector &to, const double *from, int size,
                           int times) {
      for (int i = 0; i < times; ++i)
        to.insert(to.end(), from, from + size);
    };
    append(all, &numbers[3], CameraSize, problem.cameras);
    append(all, &numbers[14], 3, problem.points);
    append(all, &numbers[17], 1, problem.observations);
    append(features, &numbers[18], 2, problem.observations);
    for (int i = 0; i < problem.observations; ++i) {
      camera_of.push_back(i % problem.cameras);
      point_of.push_back(i % problem.points);
    }
    problem.camera_of = camera_of.data();
    problem.point_of = point_of.data();
    problem.feature = features.data();
    residuals.resize(3 * problem.observations);
  }
};

const Registration cases[] = {
    Registration(make_case<BaCase, &published_sums[0]>),
    Registration(make_case<BaCase, &published_sums[1]>)};

} // namespace
} // namespace bench::BENCH_VARIANT
