// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hand tracking: a skeleton of bones is posed by 26 parameters, the vertices of
// a mesh follow their bones by linear blend skinning, and the residuals are
// what separates observed points from the vertices that they belong to. The
// model and the residuals are ADBench's. Wanted is the full Jacobian.
//
//   theta   3 global rotation (angle times axis), 3 translation, then for each
//           of 5 fingers: bend and spread of its first joint, bend of the
//           second and of the third
//
// Matrices are 3 x 4 (rotation and translation), row by row.
#pragma once
#include "variant.hpp"

namespace bench::BENCH_VARIANT {

enum { ThetaSize = 26 };

struct HandModel {
  int bones, vertices, points;
  const int *parent;              ///< per bone; -1: none; parents come first
  const double *base_relative;    ///< per bone 12
  const double *inverse_absolute; ///< per bone 12
  const double *weight;           ///< bones x vertices
  const double *base_position;    ///< 3 x vertices
  const int *vertex_of;           ///< per point
  const double *observed;         ///< per point 3
};

/// residuals: 3 per point.
void hand(const HandModel *model, const double *BENCH_RESTRICT theta,
          double *BENCH_RESTRICT residuals);

/// Jacobian column by column: ThetaSize times 3 per point.
void hand_by_tern(const HandModel *model, const double *theta,
                  double *residuals, double *jacobian);

void hand_by_hand(const HandModel *model, const double *BENCH_RESTRICT theta,
                  double *BENCH_RESTRICT residuals,
                  double *BENCH_RESTRICT jacobian);

} // namespace bench::BENCH_VARIANT
