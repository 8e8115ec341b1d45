/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Each shadow is a block of the tape's arena, a list hangs off the struct:
 *
 *   [ header | the shadow | what it held when the record sweep ended ]
 */
#include "shadows.h"
#include <string.h>

typedef struct shadow {
  _Alignas(64) struct shadow *next;
  uint64_t number;
  uint64_t bytes; /* a multiple of 64 */
} shadow;

static char *content(shadow *s) { return (char *)(s + 1); }

void *tern_variable_on_tape(tern_tape *tape, uint64_t number, uint64_t bytes) {
  for (shadow *s = tape->shadows; s; s = s->next)
    if (s->number == number)
      return content(s);
  uint64_t size = (bytes + 63) & ~(uint64_t)63;
  uint64_t total = sizeof(shadow) + 2 * size;
  /* From 512 bytes on a block is 64-byte aligned. */
  shadow *s = tern_tape_alloc(tape, total < 512 ? 512 : total);
  *s = (shadow){tape->shadows, number, size};
  memset(content(s), 0, 2 * size);
  tape->shadows = s;
  return content(s);
}

void tern_shadows_keep(tern_tape *tape) {
  for (shadow *s = tape->shadows; s; s = s->next)
    memcpy(content(s) + s->bytes, content(s), s->bytes);
}

void tern_shadows_reset(tern_tape *tape) {
  for (shadow *s = tape->shadows; s; s = s->next)
    memcpy(content(s), content(s) + s->bytes, s->bytes);
}
