// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The sample points of every row, and their partials by finite differences in
// 113-bit arithmetic.
#pragma once
#include <string>
#include <vector>

namespace tern::test {

using Quad = __float128;

struct Point {
  double X = 0, Y = 0, Z = 0;
};

struct Sample {
  using Reference = Quad (*)(Quad X, Quad Y, Quad Z);
  std::string Name;
  std::string Signature;             ///< one letter per operand: f, i, w, L
  std::vector<Reference> References; ///< one, or one per field
  std::vector<Point> Points;

  bool hasFields() const { return References.size() > 1; }
};

const std::vector<Sample> &samples();
/// Rows with tests of their own.
const std::vector<std::string> &testedElsewhere();

/// d reference / d operand at a point.
Quad partialAt(Sample::Reference F, const Quad (&At)[3], unsigned Operand);
/// d^2 reference / d operand d other.
Quad secondPartialAt(Sample::Reference F, const Quad (&At)[3], unsigned Operand,
                     unsigned Other);
/// How far off that may be because references are rounded to 113 bits.
Quad secondNoiseAt(Sample::Reference F, const Quad (&At)[3], unsigned Operand,
                   unsigned Other);

} // namespace tern::test
