// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "ba.hpp"
#include "ask.hpp"
#include <math.h>

namespace bench::BENCH_VARIANT {

static void cross(const double *BENCH_RESTRICT a,
                  const double *BENCH_RESTRICT b, double *BENCH_RESTRICT out) {
  out[0] = a[1] * b[2] - a[2] * b[1];
  out[1] = a[2] * b[0] - a[0] * b[2];
  out[2] = a[0] * b[1] - a[1] * b[0];
}

static double dot(const double *BENCH_RESTRICT a,
                  const double *BENCH_RESTRICT b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/// Rodrigues' formula; `rotation` is the axis times the angle.
static void rotate(const double *BENCH_RESTRICT rotation,
                   const double *BENCH_RESTRICT v, double *BENCH_RESTRICT out) {
  const double angle2 = rotation[0] * rotation[0] + rotation[1] * rotation[1] +
                        rotation[2] * rotation[2];
  double turned[3];
  if (angle2 == 0) {
    cross(rotation, v, turned);
    for (int i = 0; i < 3; ++i)
      out[i] = v[i] + turned[i];
    return;
  }
  const double angle = sqrt(angle2);
  const double cosine = cos(angle), sine = sin(angle);
  double axis[3];
  for (int i = 0; i < 3; ++i)
    axis[i] = rotation[i] / angle;
  cross(axis, v, turned);
  const double along = dot(axis, v) * (1 - cosine);
  for (int i = 0; i < 3; ++i)
    out[i] = v[i] * cosine + turned[i] * sine + axis[i] * along;
}

static void project(const double *BENCH_RESTRICT camera,
                    const double *BENCH_RESTRICT point,
                    double *BENCH_RESTRICT image) {
  double shifted[3], seen[3];
  for (int i = 0; i < 3; ++i)
    shifted[i] = point[i] - camera[3 + i];
  rotate(camera, shifted, seen);
  const double u = seen[0] / seen[2], v = seen[1] / seen[2];
  const double r2 = u * u + v * v;
  const double distortion = 1 + camera[9] * r2 + camera[10] * r2 * r2;
  image[0] = u * distortion * camera[6] + camera[7];
  image[1] = v * distortion * camera[6] + camera[8];
}

static void reprojection(const double *BENCH_RESTRICT camera,
                         const double *BENCH_RESTRICT point,
                         const double *BENCH_RESTRICT weight,
                         const double *BENCH_RESTRICT feature,
                         double *BENCH_RESTRICT residual) {
  double image[2];
  project(camera, point, image);
  residual[0] = *weight * (image[0] - feature[0]);
  residual[1] = *weight * (image[1] - feature[1]);
}

static double weight_residual(double weight) { return 1 - weight * weight; }

void ba(const BaProblem *problem, const double *BENCH_RESTRICT cameras,
        const double *BENCH_RESTRICT points,
        const double *BENCH_RESTRICT weights,
        double *BENCH_RESTRICT residuals) {
  const int p = problem->observations;
  for (int i = 0; i < p; ++i)
    reprojection(&cameras[problem->camera_of[i] * CameraSize],
                 &points[problem->point_of[i] * 3], &weights[i],
                 &problem->feature[2 * i], &residuals[2 * i]);
  for (int i = 0; i < p; ++i)
    residuals[2 * p + i] = weight_residual(weights[i]);
}

#ifdef BENCH_TERN
/// One row: the gradient of one of the two residuals.
static void add_row(const double *camera, const double *point,
                    const double *weight, const double *feature,
                    double *seed_and_row) {
  double residual[2];
  double *row = seed_and_row + 2;
  __enzyme_autodiff<void>((void *)reprojection, enzyme_dup, camera, row,
                          enzyme_dup, point, row + CameraSize, enzyme_dup,
                          weight, row + CameraSize + 3, enzyme_const, feature,
                          enzyme_dup, residual, seed_and_row);
}

void ba_by_tern(const BaProblem *problem, const double *cameras,
                const double *points, const double *weights, double *jacobian) {
  const int p = problem->observations;
  for (int i = 0; i < p; ++i)
    for (int which = 0; which < 2; ++which) {
      double seed_and_row[2 + RowSize] = {};
      seed_and_row[which] = 1;
      add_row(&cameras[problem->camera_of[i] * CameraSize],
              &points[problem->point_of[i] * 3], &weights[i],
              &problem->feature[2 * i], seed_and_row);
      for (int j = 0; j < RowSize; ++j)
        jacobian[(2 * i + which) * RowSize + j] = seed_and_row[2 + j];
    }
  for (int i = 0; i < p; ++i)
    jacobian[2 * p * RowSize + i] = __enzyme_autodiff<double>(
        (void *)weight_residual, enzyme_out, weights[i]);
}
#endif

} // namespace bench::BENCH_VARIANT
