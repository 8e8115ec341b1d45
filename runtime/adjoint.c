/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The adjoint of a copy, in place. See adjoint.h for the equation.
 *
 * Overlap. memmove reads every source element before it writes any. So an
 * element that lies in both ranges must have its adjoint taken (as part of dst)
 * before it is added to (as part of src). With dst = src + k, element src[i] is
 * dst[i - k]: it is taken in step i - k and added to in step i, thus
 *
 *   k > 0: ascending       k < 0: descending       k = 0: nothing changes
 *
 * Without overlap the order is free, and the loop says so (restrict), which
 * lets it vectorise.
 */
#include "adjoint.h"

#define PLUS(a, b) ((a) + (b))

#define MOVE_ADJOINT(dst, src, i, add)                                         \
  do {                                                                         \
    __typeof__(*(dst)) adjoint = (dst)[i];                                     \
    (dst)[i] = 0;                                                              \
    (src)[i] = add((src)[i], adjoint);                                         \
  } while (0)

/* may_alias: the program may move its numbers under any type (as integers). */
#define ADJOINT_COPY(name, element, add)                                       \
  typedef element type_##name __attribute__((may_alias));                      \
  static void disjoint_##name(type_##name *restrict dst,                       \
                              type_##name *restrict src, uint64_t count) {     \
    for (uint64_t i = 0; i != count; ++i)                                      \
      MOVE_ADJOINT(dst, src, i, add);                                          \
  }                                                                            \
  static void ascending_##name(type_##name *dst, type_##name *src,             \
                               uint64_t count) {                               \
    for (uint64_t i = 0; i != count; ++i)                                      \
      MOVE_ADJOINT(dst, src, i, add);                                          \
  }                                                                            \
  static void descending_##name(type_##name *dst, type_##name *src,            \
                                uint64_t count) {                              \
    for (uint64_t i = count; i-- != 0;)                                        \
      MOVE_ADJOINT(dst, src, i, add);                                          \
  }                                                                            \
  void tern_adjoint_copy_##name(void *dst_shadow, void *src_shadow,            \
                                uint64_t bytes) {                              \
    type_##name *dst = dst_shadow, *src = src_shadow;                          \
    uint64_t count = bytes / sizeof(element);                                  \
    uintptr_t to = (uintptr_t)dst, from = (uintptr_t)src;                      \
    if (to == from)                                                            \
      return;                                                                  \
    if (to - from >= bytes && from - to >= bytes)                              \
      disjoint_##name(dst, src, count);                                        \
    else if (to > from)                                                        \
      ascending_##name(dst, src, count);                                       \
    else                                                                       \
      descending_##name(dst, src, count);                                      \
  }

/* bfloat sums in float, rounded to nearest even here: the compiler would call
 * __truncsfbf2, which not every libgcc has. */
static float bfloat_to_float(uint16_t bits) {
  uint32_t wide = (uint32_t)bits << 16;
  float value;
  __builtin_memcpy(&value, &wide, sizeof value);
  return value;
}

static uint16_t add_bfloat(uint16_t a, uint16_t b) {
  float sum = bfloat_to_float(a) + bfloat_to_float(b);
  uint32_t bits;
  __builtin_memcpy(&bits, &sum, sizeof bits);
  if (sum != sum)
    return (uint16_t)(bits >> 16) | 0x40; /* stays a quiet NaN */
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

ADJOINT_COPY(bfloat, uint16_t, add_bfloat)
ADJOINT_COPY(half, _Float16, PLUS)
ADJOINT_COPY(float, float, PLUS)
ADJOINT_COPY(double, double, PLUS)
#if defined(__x86_64__)
ADJOINT_COPY(x86_fp80, long double, PLUS)
ADJOINT_COPY(fp128, __float128, PLUS)
#elif defined(__aarch64__) && defined(__LP64__)
ADJOINT_COPY(fp128, long double, PLUS)
#endif
