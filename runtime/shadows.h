/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Shadows of global variables in a split sweep: they live on the tape, from the
 * record sweep to the last reverse sweep. Each is known by a number.
 */
#ifndef TERN_SHADOWS_H
#define TERN_SHADOWS_H
#include "tape.h"

/* The shadow with this number on this tape; zeroed when it is asked for first.
 * 64-byte aligned. */
void *tern_variable_on_tape(tern_tape *tape, uint64_t number, uint64_t bytes);
/* The end of the record sweep: what the shadows hold now is what each reverse
 * sweep starts from. */
void tern_shadows_keep(tern_tape *tape);
/* The start of a reverse sweep. */
void tern_shadows_reset(tern_tape *tape);

#endif
