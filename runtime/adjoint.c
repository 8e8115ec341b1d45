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

#define MOVE_ADJOINT(dst, src, i)                                              \
  do {                                                                         \
    __typeof__(*(dst)) adjoint = (dst)[i];                                     \
    (dst)[i] = 0;                                                              \
    (src)[i] += adjoint;                                                       \
  } while (0)

/* may_alias: the program may move its numbers under any type (as integers). */
#define ADJOINT_COPY(name, element)                                            \
  typedef element type_##name __attribute__((may_alias));                      \
  static void disjoint_##name(type_##name *restrict dst,                       \
                              type_##name *restrict src, uint64_t count) {     \
    for (uint64_t i = 0; i != count; ++i)                                      \
      MOVE_ADJOINT(dst, src, i);                                               \
  }                                                                            \
  static void ascending_##name(type_##name *dst, type_##name *src,             \
                               uint64_t count) {                               \
    for (uint64_t i = 0; i != count; ++i)                                      \
      MOVE_ADJOINT(dst, src, i);                                               \
  }                                                                            \
  static void descending_##name(type_##name *dst, type_##name *src,            \
                                uint64_t count) {                              \
    for (uint64_t i = count; i-- != 0;)                                        \
      MOVE_ADJOINT(dst, src, i);                                               \
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

ADJOINT_COPY(half, _Float16)
ADJOINT_COPY(float, float)
ADJOINT_COPY(double, double)
#if defined(__x86_64__) || defined(__aarch64__)
ADJOINT_COPY(bfloat, __bf16)
#endif
#if defined(__x86_64__)
ADJOINT_COPY(x86_fp80, long double)
ADJOINT_COPY(fp128, __float128)
#elif defined(__aarch64__) && defined(__LP64__)
ADJOINT_COPY(fp128, long double)
#endif
