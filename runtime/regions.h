/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Shadows of memory that a program's variables point to before a derivative
 * starts: nobody knows how large it is, or has made it a shadow.
 *
 * A region is a stretch of mapped memory with a shadow as long beside it, of
 * which the system provides the pages that are touched. Pointers into it are
 * moved as far as the two lie apart. Regions belong to one request.
 */
#ifndef TERN_REGIONS_H
#define TERN_REGIONS_H
#include <stdint.h>

typedef struct tern_regions {
  void *first;
} tern_regions;

/* `shadow`, or if it is null the shadow of `primal` (null for null): the place
 * in its region, which is made now if need be. Memory that cannot be written is
 * its own shadow. Ends the program (D07) where the system does not tell. */
void *tern_shadow_of(tern_regions *regions, void *shadow, void *primal,
                     uint64_t lane);
/* What to release with `primal`: its shadow, or null where that is no block of
 * its own. */
void *tern_shadow_to_free(tern_regions *regions, void *shadow, void *primal);
/* `bytes` at `primal` have this shadow, whatever region lies around them. */
void tern_regions_add(tern_regions *regions, void *primal, void *shadow,
                      uint64_t bytes, uint64_t lane);
/* Drops what lies in the shadows of `inner`, which are about to go. */
void tern_regions_forget(tern_regions *regions, const tern_regions *inner);
/* Around the reverse sweeps of a pullback, as in shadows.h. */
void tern_regions_keep(tern_regions *regions);
void tern_regions_reset(tern_regions *regions);
void tern_regions_free(void *regions);

#endif
