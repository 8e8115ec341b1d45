// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bundle adjustment: how far m points in space, seen by n cameras, land from
// where they were observed. Two residuals per observation and one per weight.
// The Jacobian is sparse: 2 x 15 per observation (camera, point, weight), one
// number per weight, which the objective of ADBench lists in this order.
//
//   camera   3 rotation (angle times axis), 3 centre, focal length,
//            2 principal point, 2 radial distortion
#pragma once
#include "variant.hpp"

namespace bench::BENCH_VARIANT {

enum { CameraSize = 11, RowSize = CameraSize + 3 + 1 };

struct BaProblem {
  int cameras, points, observations;
  const int *camera_of, *point_of; ///< per observation
  const double *feature;           ///< where it was seen, 2 each
};

/// Per observation its two residuals, then one residual per weight.
void ba(const BaProblem *problem, const double *BENCH_RESTRICT cameras,
        const double *BENCH_RESTRICT points,
        const double *BENCH_RESTRICT weights, double *BENCH_RESTRICT residuals);

/// Per observation two rows of RowSize, then one number per weight.
void ba_by_tern(const BaProblem *problem, const double *cameras,
                const double *points, const double *weights, double *jacobian);

void ba_by_hand(const BaProblem *problem, const double *BENCH_RESTRICT cameras,
                const double *BENCH_RESTRICT points,
                const double *BENCH_RESTRICT weights,
                double *BENCH_RESTRICT jacobian);

} // namespace bench::BENCH_VARIANT
