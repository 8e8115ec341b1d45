/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What the header library and the compiler plugin agree on. Nothing else does
 * the plugin know of these headers.
 *
 * A derivative is asked for by calling a function that nobody defines, a hook,
 * with the function to differentiate, words about its arguments, and the
 * arguments. The plugin replaces the call; without the plugin the program does
 * not link, and the symbol's name says why. A word is the address of one of the
 * globals below, which are never read and never defined (weak, so that only the
 * hook is reported missing).
 *
 *   hook(f, call words..., argument words..., arguments...,
 *        &tern_shadow_of_each, one operand per argument...)
 *
 * Programs in C use Enzyme's spelling (docs/enzyme-convention.md); the same
 * words exist with either prefix.
 */
#ifndef TERN_MARKER_H
#define TERN_MARKER_H

#ifdef __cplusplus
extern "C" {
#endif

#define TERN_WORD(word) extern const char word __attribute__((weak))

/* One per argument, in order: carries no derivative; has a shadow; is passed
 * by value and its adjoint wanted. */
TERN_WORD(tern_const);
TERN_WORD(tern_dup);
TERN_WORD(tern_out);
/* One per argument, in order: what the memory behind a pointer holds. */
TERN_WORD(tern_pointee_unknown);
TERN_WORD(tern_pointee_float);
TERN_WORD(tern_pointee_double);
/* Ends the arguments. After it comes one operand per argument: the shadow or
 * tangent of a dup, the place for the adjoint of an out, anything for a const.
 */
TERN_WORD(tern_shadow_of_each);
/* Pointers that the function is given or finds in memory may be their own
 * shadows, which means "no derivative here"; never are. */
TERN_WORD(tern_runtime_activity);
TERN_WORD(tern_distinct_shadows);
/* Followed by a constant W: that many tangents or adjoints at once. */
TERN_WORD(tern_width);
/* A dup's operand after tern_shadow_of_each is the address of W of them. */
TERN_WORD(tern_lanes);
/* Followed by an address: of the W adjoints of the result, where the result
 * goes, where its W tangents go; ignored. */
TERN_WORD(tern_seed);
TERN_WORD(tern_primal_into);
TERN_WORD(tern_tangent_into);
TERN_WORD(tern_skip);
/* Followed by the address of a tape, which the record sweep fills and the
 * reverse sweep reads; the latter leaves it as it is. */
TERN_WORD(tern_on_tape);

#undef TERN_WORD

/* The bytes of a tape, 8-byte aligned. All zero is an empty tape. */
#define TERN_TAPE_BYTES 80
typedef struct tern_tape tern_tape;
/* Releases what a tape holds. The plugin gives this a body. */
void tern_tape_free(tern_tape *tape);

#ifdef __cplusplus
}
#endif
#endif
