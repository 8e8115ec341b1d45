// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hand.hpp"
#include "ask.hpp"
#include <math.h>

namespace bench::BENCH_VARIANT {

/// out = a b, 3 x 4 matrices with an implied last row 0 0 0 1.
static void times(const double *BENCH_RESTRICT a,
                  const double *BENCH_RESTRICT b, double *BENCH_RESTRICT out) {
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 4; ++j)
      out[4 * i + j] = a[4 * i] * b[j] + a[4 * i + 1] * b[4 + j] +
                       a[4 * i + 2] * b[8 + j] + (j == 3 ? a[4 * i + 3] : 0);
}

/// Rz(spread) Rx(bend), no translation.
static void joint(double bend, double spread, double *BENCH_RESTRICT out) {
  const double cx = cos(bend), sx = sin(bend);
  const double cz = cos(spread), sz = sin(spread);
  const double rotation[12] = {cz,       -sz * cx, sz * sx, 0,  sz, cz * cx,
                               -cz * sx, 0,        0,       sx, cx, 0};
  for (int i = 0; i < 12; ++i)
    out[i] = rotation[i];
}

static void global_rotation(const double *BENCH_RESTRICT w,
                            double *BENCH_RESTRICT out) {
  const double angle = sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2]);
  if (angle < 0.0001) {
    for (int i = 0; i < 9; ++i)
      out[i] = i % 4 == 0;
    return;
  }
  const double x = w[0] / angle, y = w[1] / angle, z = w[2] / angle;
  const double s = sin(angle), c = cos(angle);
  out[0] = x * x + (1 - x * x) * c;
  out[1] = x * y * (1 - c) - z * s;
  out[2] = x * z * (1 - c) + y * s;
  out[3] = x * y * (1 - c) + z * s;
  out[4] = y * y + (1 - y * y) * c;
  out[5] = y * z * (1 - c) - x * s;
  out[6] = x * z * (1 - c) - y * s;
  out[7] = y * z * (1 - c) + x * s;
  out[8] = z * z + (1 - z * z) * c;
}

/// Every bone's transformation of the mesh at rest: its place in the pose
/// after the inverse of its place at rest.
static void pose(const HandModel *model, const double *BENCH_RESTRICT theta,
                 double *BENCH_RESTRICT absolute,
                 double *BENCH_RESTRICT transform) {
  for (int bone = 0; bone < model->bones; ++bone) {
    // Bone 0 is the wrist, then four a finger, of which the last three bend.
    const int finger = (bone - 1) / 4, segment = (bone - 1) % 4;
    const double *angles = &theta[6 + 4 * finger];
    const bool bends = segment > 0 && finger < 5;
    const double bend = bends ? angles[segment == 1 ? 0 : segment] : 0;
    const double spread = bends && segment == 1 ? angles[1] : 0;
    double bent[12], relative[12];
    joint(bend, spread, bent);
    times(&model->base_relative[12 * bone], bent, relative);
    double *own = &absolute[12 * bone];
    if (model->parent[bone] < 0)
      for (int i = 0; i < 12; ++i)
        own[i] = relative[i];
    else
      times(&absolute[12 * model->parent[bone]], relative, own);
    times(own, &model->inverse_absolute[12 * bone], &transform[12 * bone]);
  }
}

/// Adds the weighted images of all vertices under one bone's transformation.
static void skin(const HandModel *model, int bone,
                 const double *BENCH_RESTRICT transform,
                 double *BENCH_RESTRICT positions) {
  const int vertices = model->vertices;
  const double *weight = &model->weight[bone * vertices];
  const double *x = model->base_position, *y = x + vertices, *z = y + vertices;
  for (int i = 0; i < 3; ++i) {
    const double *row = &transform[4 * i];
    for (int v = 0; v < vertices; ++v)
      positions[i * vertices + v] +=
          weight[v] * (row[0] * x[v] + row[1] * y[v] + row[2] * z[v] + row[3]);
  }
}

void hand(const HandModel *model, const double *BENCH_RESTRICT theta,
          double *BENCH_RESTRICT residuals) {
  const int bones = model->bones, vertices = model->vertices;
  double *absolute = new double[12 * bones];
  double *transform = new double[12 * bones];
  double *positions = new double[3 * vertices];
  double rotation[9];

  global_rotation(theta, rotation);
  pose(model, theta, absolute, transform);
  for (int i = 0; i < 3 * vertices; ++i)
    positions[i] = 0;
  for (int bone = 0; bone < bones; ++bone)
    skin(model, bone, &transform[12 * bone], positions);
  for (int point = 0; point < model->points; ++point) {
    const double *position = &positions[model->vertex_of[point]];
    for (int i = 0; i < 3; ++i) {
      const double *row = &rotation[3 * i];
      const double placed = row[0] * position[0] + row[1] * position[vertices] +
                            row[2] * position[2 * vertices] + theta[3 + i];
      residuals[3 * point + i] = model->observed[3 * point + i] - placed;
    }
  }
  delete[] absolute;
  delete[] transform;
  delete[] positions;
}

#ifdef BENCH_TERN
/// Forward mode with 13 tangents at once, twice.
constexpr int Width = ThetaSize / 2;

void hand_by_tern(const HandModel *model, const double *theta,
                  double *residuals, double *jacobian) {
  const long column = 3 * sizeof(double) * model->points;
  for (int first = 0; first < ThetaSize; first += Width) {
    double directions[Width][ThetaSize] = {};
    for (int lane = 0; lane < Width; ++lane)
      directions[lane][first + lane] = 1;
    __enzyme_fwddiff<void>((void *)hand, enzyme_width, Width, enzyme_const,
                           model, enzyme_dupv, sizeof directions[0], theta,
                           &directions[0][0], enzyme_dupv, column, residuals,
                           &jacobian[3 * model->points * first]);
  }
}
#endif

} // namespace bench::BENCH_VARIANT
