/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The tape's two bump allocators. See tape.h for what they promise.
 *
 * A region is a list of chunks. The struct holds the cursor (top, limit and
 * chunk), the chunks hold everything else, so that a copy of the struct is a
 * second cursor over the same content:
 *
 *   struct: top ----------------------.      limit, chunk
 *                                     v
 *   [header|frame|frame|..] <-> [header|frame|frame|      free      ]
 *                         ^          |
 *                         `- below --'   where the older chunk's top was
 *
 * A frame never straddles two chunks. Popping the first frame of a chunk leaves
 * the cursor at the chunk's first byte; the next pop continues in the older
 * chunk from `below`. Emptied chunks stay linked and are entered again by later
 * pushes.
 *
 * Padding. A frame whose size is a multiple of 16 is 16-byte aligned. If the
 * top is only 8-byte aligned, 8 bytes are skipped before the frame *and* after
 * it: the top keeps its remainder modulo 16, from which a pop sees that the
 * padding is there. Empty frames take nothing at all.
 */
#include "tape.h"
#include <stdio.h>
#include <stdlib.h>

#define ALWAYS_INLINE __attribute__((always_inline))
/* Out of line, but not `cold`: the first block of a gradient passes here, and
 * LLVM would take the whole gradient for cold and optimise it for size. */
#define OUT_OF_LINE __attribute__((noinline))
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

enum { block_alignment = 64, large_block = 512, deferred_per_block = 62 };
static const uint64_t first_chunk = 64 << 10, largest_growth = 30 << 20;

typedef struct chunk {
  _Alignas(block_alignment) struct chunk *older;
  struct chunk *newer;
  char *below;
  char *limit;
  void *memory; /* what malloc returned: aligned_alloc takes twice as long */
  uint64_t next_size;
} chunk;

/* Deferred releases, oldest first. `next` of the newest list is the oldest. */
typedef struct deferred_list {
  struct deferred_list *next;
  uint64_t count;
  struct {
    void *memory;
    void (*release)(void *);
  } entry[deferred_per_block];
} deferred_list;

/* A region's part of the struct. The cold functions take and return it by
 * value: a tape whose address stays in one function is then promoted to
 * registers there, and a push costs a compare and an add. */
typedef struct cursor {
  char *top;
  char *limit;
  chunk *chunk;
} cursor;

uint64_t tern_tape_peak;

OUT_OF_LINE void tern_stop(const char *message) {
  fflush(stdout);
  fprintf(stderr, "tern: %s\n", message);
  abort();
}

void tern_stop_if(int condition, const char *message) {
  if (UNLIKELY(condition))
    tern_stop(message);
}

static char *first_byte(const chunk *c) { return (char *)c + sizeof(chunk); }

static uint64_t room(const char *top, const char *limit) {
  return (uintptr_t)limit - (uintptr_t)top;
}

/* A chunk after `older` with room for `bytes`. Four times as large: with twice,
 * all chunks together reach glibc's trim threshold (twice the largest block
 * ever freed), and every gradient would fault its pages in again. For the same
 * reason no chunk reaches 32 MB, from where on glibc always maps anew. Unless a
 * block needs more: it gets that, and those after it do not grow with it. */
OUT_OF_LINE static chunk *new_chunk(chunk *older, char *below, uint64_t bytes) {
  uint64_t size = older ? older->next_size : first_chunk;
  uint64_t next_size = size < largest_growth / 4 ? 4 * size : largest_growth;
  uint64_t needed = bytes + sizeof(chunk) + block_alignment;
  if (size < needed)
    size = needed;
  char *memory = NULL;
  if (needed > bytes && size <= (uint64_t)PTRDIFF_MAX)
    memory = malloc(size);
  if (!memory) {
    fflush(stdout);
    fprintf(stderr, "tern: out of memory: the tape needs %llu bytes more\n",
            (unsigned long long)bytes);
    abort();
  }
  uintptr_t to_next = -(uintptr_t)memory % block_alignment;
  chunk *fresh = (chunk *)(memory + to_next);
  fresh->memory = memory;
  fresh->next_size = next_size;
  fresh->older = older;
  fresh->newer = older ? older->newer : NULL;
  fresh->below = below;
  fresh->limit = memory + size;
  if (fresh->newer)
    fresh->newer->older = fresh;
  if (older)
    older->newer = fresh;
  return fresh;
}

/* Enters the next chunk: an emptied one if it is large enough. */
OUT_OF_LINE static cursor tape_grow(char *top, chunk *current, uint64_t size) {
  chunk *next = current ? current->newer : NULL;
  if (!next || room(first_byte(next), next->limit) < size)
    next = new_chunk(current, top, size);
  next->below = top;
  return (cursor){first_byte(next) + size, next->limit, next};
}

/* ---- arena ------------------------------------------------------------- */

/* How far after a top that is 16-byte aligned a block starts. */
ALWAYS_INLINE static uint64_t skip(const char *top, uint64_t bytes) {
  uint64_t to_next = -(uintptr_t)top % block_alignment;
  return bytes < large_block ? 0 : to_next;
}

ALWAYS_INLINE void *tern_tape_alloc(tern_tape *tape, uint64_t bytes) {
  uint64_t size = (bytes + 15) & ~(uint64_t)15;
  char *block = tape->arena_top + skip(tape->arena_top, bytes);
  uint64_t needed = size + (uint64_t)(block - tape->arena_top);
  if (UNLIKELY(size < bytes ||
               room(tape->arena_top, tape->arena_limit) < needed)) {
    size = size < bytes ? bytes : size;
    cursor grown = tape_grow(tape->arena_top, tape->arena_chunk, size);
    tape->arena_limit = grown.limit;
    tape->arena_chunk = grown.chunk;
    tape->arena_top = grown.top;
    return grown.top - size;
  }
  tape->arena_top = block + size;
  return block;
}

ALWAYS_INLINE void tern_tape_mark(const tern_tape *tape,
                                  tern_tape_place *place) {
  place->top = tape->arena_top;
  place->chunk = tape->arena_chunk;
}

/* An arena that was empty then is rewound to its oldest chunk. */
OUT_OF_LINE static cursor oldest_or(chunk *wanted, chunk *from, char *top) {
  while (from->older && from != wanted)
    from = from->older;
  return (cursor){from == wanted ? top : first_byte(from), from->limit, from};
}

ALWAYS_INLINE void tern_tape_rewind(tern_tape *tape,
                                    const tern_tape_place *place) {
  if (tape->arena_chunk == place->chunk) {
    tape->arena_top = place->top;
    return;
  }
  cursor to = oldest_or(place->chunk, tape->arena_chunk, place->top);
  tape->arena_top = to.top;
  tape->arena_limit = to.limit;
  tape->arena_chunk = to.chunk;
}

/* ---- stack ------------------------------------------------------------- */

/* The current chunk is empty: continues in the chunk before. */
OUT_OF_LINE static cursor stack_shrink(char *top, chunk *current) {
  while (current->older && top == first_byte(current)) {
    top = current->below;
    current = current->older;
  }
  if (top == first_byte(current))
    tern_stop("internal error: more popped from the tape than was pushed");
  return (cursor){top, current->limit, current};
}

ALWAYS_INLINE static void set_stack(tern_tape *tape, cursor to) {
  tape->stack_top = to.top;
  tape->stack_limit = to.limit;
  tape->stack_chunk = to.chunk;
}

ALWAYS_INLINE static uint64_t padding(const char *top, uint64_t bytes) {
  return bytes % 16 || !bytes ? 0 : (uintptr_t)top & 8;
}

ALWAYS_INLINE void *tern_tape_push(tern_tape *tape, uint64_t bytes) {
  uint64_t size = (bytes + 7) & ~(uint64_t)7;
  char *top = tape->stack_top;
  uint64_t pad = padding(top, bytes);
  uint64_t needed = size + 2 * pad;
  if (UNLIKELY(needed < bytes || room(top, tape->stack_limit) < needed)) {
    size = size < bytes ? bytes : size;
    cursor grown = tape_grow(top, tape->stack_chunk, size);
    set_stack(tape, grown);
    return grown.top - size;
  }
  tape->stack_top = top + needed;
  return top + pad;
}

ALWAYS_INLINE void *tern_tape_pop(tern_tape *tape, uint64_t bytes) {
  uintptr_t first = (uintptr_t)tape->stack_chunk + sizeof(chunk);
  if (UNLIKELY(bytes && (uintptr_t)tape->stack_top == first))
    set_stack(tape, stack_shrink(tape->stack_top, tape->stack_chunk));
  char *top = tape->stack_top;
  uint64_t pad = padding(top, bytes);
  char *frame = top - ((bytes + 7) & ~(uint64_t)7) - pad;
  tape->stack_top = frame - pad;
  return frame;
}

/* ---- deferred releases and the end ------------------------------------- */

static void append(deferred_list *fresh, deferred_list *newest) {
  fresh->count = 0;
  fresh->next = newest ? newest->next : fresh;
  if (newest)
    newest->next = fresh;
}

ALWAYS_INLINE void tern_tape_defer(tern_tape *tape, void *memory,
                                   void (*release)(void *)) {
  deferred_list *list = tape->deferred;
  if (UNLIKELY(!list || list->count == deferred_per_block)) {
    list = tern_tape_alloc(tape, sizeof(deferred_list));
    append(list, tape->deferred);
    tape->deferred = list;
  }
  list->entry[list->count].memory = memory;
  list->entry[list->count].release = release;
  ++list->count;
}

static void release_deferred(deferred_list *newest) {
  if (!newest)
    return;
  deferred_list *list = newest;
  do {
    list = list->next;
    for (uint64_t i = 0; i != list->count; ++i)
      list->entry[i].release(list->entry[i].memory);
  } while (list != newest);
}

static void free_chunks(chunk *any) {
  while (any && any->newer)
    any = any->newer;
  while (any) {
    chunk *older = any->older;
    free(any->memory);
    any = older;
  }
}

OUT_OF_LINE static void free_all(chunk *stack, chunk *arena,
                                 deferred_list *deferred) {
  release_deferred(deferred);
  free_chunks(stack);
  free_chunks(arena);
}

ALWAYS_INLINE void tern_tape_free(tern_tape *tape) {
  if (!tape->stack_chunk && !tape->arena_chunk)
    return;
  tern_tape old = *tape;
  *tape = (tern_tape){0};
  free_all(old.stack_chunk, old.arena_chunk, old.deferred);
}

/* ---- measurement ------------------------------------------------------- */

OUT_OF_LINE static uint64_t bytes_below(const chunk *c, const char *top) {
  uint64_t sum = 0;
  for (; c; top = c->below, c = c->older)
    sum += room(first_byte(c), top);
  return sum;
}

ALWAYS_INLINE uint64_t tern_tape_bytes(const tern_tape *tape) {
  return bytes_below(tape->stack_chunk, tape->stack_top) +
         bytes_below(tape->arena_chunk, tape->arena_top);
}

OUT_OF_LINE static void raise_peak(uint64_t now) {
  uint64_t peak = __atomic_load_n(&tern_tape_peak, __ATOMIC_RELAXED);
  while (now > peak &&
         !__atomic_compare_exchange_n(&tern_tape_peak, &peak, now, 1,
                                      __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    ;
}

ALWAYS_INLINE void tern_tape_turn(const tern_tape *tape) {
  raise_peak(tern_tape_bytes(tape));
}
