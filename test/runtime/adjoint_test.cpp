// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The adjoint of memmove against its definition, computed with temporaries, for
// every distance between the ranges. Numbers are small integers: sums are exact
// in all types.
#include "runtime/adjoint.h"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <vector>

namespace {

/// All of dst's adjoints are taken before any is added to src.
template <class T>
void reference(std::vector<T> &Shadow, size_t Dst, size_t Src, size_t Count) {
  std::vector<T> Taken(Shadow.begin() + Dst, Shadow.begin() + Dst + Count);
  std::fill_n(Shadow.begin() + Dst, Count, T(0));
  for (size_t I = 0; I != Count; ++I)
    Shadow[Src + I] += Taken[I];
}

template <class T>
void compareAll(void (*AdjointCopy)(void *, void *, uint64_t)) {
  const size_t Size = 40;
  for (size_t Count : {0, 1, 2, 7, 16, 19})
    for (size_t Dst = 0; Dst + Count <= Size; ++Dst)
      for (size_t Src = 0; Src + Count <= Size; ++Src) {
        std::vector<T> Expected(Size);
        for (size_t I = 0; I != Size; ++I)
          Expected[I] = T(static_cast<int>(I) % 13 - 6);
        std::vector<T> Got = Expected;
        reference(Expected, Dst, Src, Count);
        AdjointCopy(&Got[Dst], &Got[Src], Count * sizeof(T));
        ASSERT_TRUE(Got == Expected) << Dst << ' ' << Src << ' ' << Count;
      }
}

TEST(AdjointCopy, Float) { compareAll<float>(tern_adjoint_copy_float); }
TEST(AdjointCopy, Double) { compareAll<double>(tern_adjoint_copy_double); }
#if defined(__x86_64__)
TEST(AdjointCopy, Half) { compareAll<_Float16>(tern_adjoint_copy_half); }
TEST(AdjointCopy, X86Fp80) {
  compareAll<long double>(tern_adjoint_copy_x86_fp80);
}
TEST(AdjointCopy, Fp128) { compareAll<__float128>(tern_adjoint_copy_fp128); }
#endif

uint16_t bfloatBits(float Value) {
  uint32_t Bits;
  std::memcpy(&Bits, &Value, sizeof(Bits));
  return static_cast<uint16_t>(Bits >> 16);
}

/// Overlap is the same code for every type; here it is the sums that count.
TEST(AdjointCopy, BfloatRoundsToNearestEven) {
  struct {
    float Dst, Src, Sum;
  } Rows[] = {{1, 2, 3},
              {-4, 4, 0},
              {256, 1, 256},
              {256, 3, 260},
              {258, 1, 260},
              {1, 1 / 512.0f, 1},
              {INFINITY, 1, INFINITY},
              {3e38f, 3e38f, INFINITY}};
  for (const auto &Row : Rows) {
    uint16_t Dst = bfloatBits(Row.Dst), Src = bfloatBits(Row.Src);
    tern_adjoint_copy_bfloat(&Dst, &Src, 2);
    EXPECT_EQ(Dst, 0);
    EXPECT_EQ(Src, bfloatBits(Row.Sum)) << Row.Dst << " + " << Row.Src;
  }
  uint16_t Dst = bfloatBits(INFINITY), Src = bfloatBits(-INFINITY);
  tern_adjoint_copy_bfloat(&Dst, &Src, 2);
  EXPECT_EQ(Src & 0x7fc0, 0x7fc0);
}

TEST(AdjointCopy, LastPartOfAnElementIsLeftAlone) {
  double Dst[2] = {1, 2}, Src[2] = {10, 20};
  tern_adjoint_copy_double(Dst, Src, 12);
  EXPECT_EQ(Src[0], 11);
  EXPECT_EQ(Src[1], 20);
  EXPECT_EQ(Dst[0], 0);
  EXPECT_EQ(Dst[1], 2);
}

} // namespace
