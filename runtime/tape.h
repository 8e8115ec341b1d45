/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The tape: what the record sweep leaves for the reverse sweep.
 *
 * Two regions, both chunked, both bump-allocated, neither with a malloc per
 * value. The arena holds blocks whose address the generated code keeps (one per
 * loop nest of known trip count); the stack holds frames that are found again
 * by popping in the opposite order (loops of unknown trip count, calls that
 * were not inlined). Popping leaves the content in place, so that a reverse
 * sweep can be run again on a copy of the struct. A zeroed struct is an empty
 * tape. Compiled to bitcode, embedded in the plugin and linked into the user's
 * module as linkonce_odr: no library is needed at link time.
 *
 * A copy of the struct may pop. Pushing, allocating, deferring and freeing are
 * for the original alone. Running out of memory ends the program.
 */
#ifndef TERN_TAPE_H
#define TERN_TAPE_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tern_tape {
  char *stack_top;   /* next free byte of the current stack chunk */
  char *stack_limit; /* its end */
  void *stack_chunk; /* its header; older chunks hang off it */
  char *arena_top;   /* the same for the arena */
  char *arena_limit;
  void *arena_chunk;
  void *deferred; /* memory to release when the tape is freed */
  void *frames;   /* of an inner tape: see plugin/autodiff/InnerStacks.h */
  void *shadows;  /* of global variables: shadows.h */
  void *reserved;
} tern_tape;

/* A block of `bytes`, valid until tern_tape_free: 16-byte aligned, and 64-byte
 * aligned from 512 bytes on. */
void *tern_tape_alloc(tern_tape *tape, uint64_t bytes);
/* Where the blocks end now; rewinding to it gives up those allocated since, and
 * keeps their memory for the next. */
typedef struct tern_tape_place {
  char *top;
  void *chunk;
} tern_tape_place;
void tern_tape_mark(const tern_tape *tape, tern_tape_place *place);
void tern_tape_rewind(tern_tape *tape, const tern_tape_place *place);
/* A frame of `bytes` (8-byte aligned; 16 where bytes is a multiple of 16). */
void *tern_tape_push(tern_tape *tape, uint64_t bytes);
/* The address of the frame pushed last and not popped yet; `bytes` as pushed.
 */
void *tern_tape_pop(tern_tape *tape, uint64_t bytes);
/* release(memory) is called by tern_tape_free, in the order of the calls to
 * tern_tape_defer: the primal's own frees, delayed until the reverse sweep no
 * longer needs the memory. */
void tern_tape_defer(tern_tape *tape, void *memory, void (*release)(void *));
/* Releases everything; the struct is an empty tape again. */
void tern_tape_free(tern_tape *tape);

/* Bytes that blocks and unpopped frames take now, padding included. */
uint64_t tern_tape_bytes(const tern_tape *tape);
/* Generated code may call this where the reverse sweep starts: the tape is at
 * its largest, and tern_tape_peak rises to its size. For measurements; reset it
 * by assigning 0. */
void tern_tape_turn(const tern_tape *tape);
extern uint64_t tern_tape_peak;

/* Ends the program with `message`: where generated code meets at run time what
 * it has no derivative for (an unknown target of an indirect call). */
void tern_stop(const char *message);
void tern_stop_if(int condition, const char *message);

#ifdef __cplusplus
}
#endif
#endif
