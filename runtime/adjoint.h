/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Adjoints of whole-memory operations, one function per element type.
 *
 * tern_adjoint_copy_T is the adjoint of memcpy and memmove(dst, src, bytes):
 *
 *   src.shadow += dst.shadow;  dst.shadow = 0;     for every element
 *
 * where the ranges may overlap as memmove allows. `bytes` is the primal's; a
 * last part smaller than an element carries no number and is left alone.
 */
#ifndef TERN_ADJOINT_H
#define TERN_ADJOINT_H
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void tern_adjoint_copy_half(void *dst_shadow, void *src_shadow, uint64_t bytes);
void tern_adjoint_copy_bfloat(void *dst_shadow, void *src_shadow,
                              uint64_t bytes);
void tern_adjoint_copy_float(void *dst_shadow, void *src_shadow,
                             uint64_t bytes);
void tern_adjoint_copy_double(void *dst_shadow, void *src_shadow,
                              uint64_t bytes);
/* Only on targets that have the type. */
void tern_adjoint_copy_x86_fp80(void *dst_shadow, void *src_shadow,
                                uint64_t bytes);
void tern_adjoint_copy_fp128(void *dst_shadow, void *src_shadow,
                             uint64_t bytes);

#ifdef __cplusplus
}
#endif
#endif
