/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Linux: /proc/self/maps says what is mapped around a pointer. Neighbouring
 * stretches count as one, so that the end of an array is never taken for the
 * start of something else.
 */
#define _GNU_SOURCE
#include "regions.h"
#include "tape.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ALWAYS_INLINE __attribute__((always_inline))
#define OUT_OF_LINE __attribute__((noinline))

enum { page_bytes = 4096 };

typedef struct kept_page {
  struct kept_page *next;
  char *place;
  char content[page_bytes];
} kept_page;

typedef struct region {
  struct region *next;
  char *first, *end; /* of the primal */
  char *shadow;
  uint64_t lane;
  int is_mapped; /* by us: to be given back */
  kept_page *kept;
} region;

typedef struct stretch {
  char *first, *end;
  int is_writable;
} stretch;

static const char *read_bound(const char *text, char **bound) {
  uintptr_t value = 0;
  for (; *text != '-' && *text != ' '; ++text)
    value =
        value * 16 + (uintptr_t)(*text <= '9' ? *text - '0' : *text - 'a' + 10);
  *bound = (char *)value;
  return text + 1;
}

/* One line of the file: "first-end rwxp ...". Returns where the next starts, or
 * null if the line is not there as a whole. */
static const char *read_line(const char *text, const char *limit, stretch *s) {
  const char *newline = memchr(text, '\n', (size_t)(limit - text));
  if (!newline)
    return NULL;
  const char *rights = read_bound(read_bound(text, &s->first), &s->end);
  s->is_writable = rights[0] == 'r' && rights[1] == 'w';
  return newline + 1;
}

/* Joins the stretches that touch and are alike; true once `found` is the one
 * around `wanted`. */
static int join(stretch *found, stretch next, const char *wanted) {
  if (found->end == next.first && found->is_writable == next.is_writable) {
    found->end = next.end;
    return 0;
  }
  if (found->first <= wanted && wanted < found->end)
    return 1;
  *found = next;
  return 0;
}

static stretch stretch_around(const char *wanted) {
  enum { buffer_bytes = 16384 };
  char buffer[buffer_bytes];
  stretch found = {0, 0, 0}, next;
  int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  size_t filled = 0;
  int is_found = 0;
  while (file >= 0 && !is_found) {
    ssize_t got = read(file, buffer + filled, buffer_bytes - filled);
    if (got <= 0)
      break;
    filled += (size_t)got;
    const char *text = buffer, *limit = buffer + filled;
    for (const char *rest; !is_found && (rest = read_line(text, limit, &next));
         text = rest)
      is_found = join(&found, next, wanted);
    filled = (size_t)(limit - text);
    memmove(buffer, text, filled);
  }
  if (file >= 0)
    close(file);
  if (!is_found && !(found.first <= wanted && wanted < found.end))
    found = (stretch){0, 0, 0};
  return found;
}

static region *new_region(region content) {
  region *r = malloc(sizeof(region));
  if (!r)
    tern_stop("out of memory: the shadow of a variable");
  *r = content;
  return r;
}

/* The list never starts anew once it has a region: the copies of its start that
 * pullbacks keep stay good. */
static region *append_region(tern_regions *regions, region *fresh) {
  void **link = &regions->first;
  while (*link)
    link = (void **)&((region *)*link)->next;
  return *link = fresh;
}

/* Pages that nobody may touch on both sides keep the system from counting it as
 * one stretch with a neighbour. */
static char *map_alone(size_t bytes) {
  char *memory = mmap(NULL, bytes + 2 * page_bytes, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    return NULL;
  if (!mprotect(memory + page_bytes, bytes, PROT_READ | PROT_WRITE))
    return memory + page_bytes;
  munmap(memory, bytes + 2 * page_bytes);
  return NULL;
}

static region *map_region(tern_regions *regions, char *primal, uint64_t lane) {
  stretch s = stretch_around(primal);
  region r = {.first = s.first, .end = s.end, .shadow = s.first, .lane = lane};
  if (s.is_writable) {
    r.shadow = map_alone((size_t)(s.end - s.first));
    r.is_mapped = r.shadow != NULL;
  }
  if (!s.first || (s.is_writable && !r.is_mapped))
    tern_stop("a variable points to memory for which there is no shadow "
              "[tern-D07]");
  return append_region(regions, new_region(r));
}

OUT_OF_LINE static void *place_in_region(tern_regions *regions, char *primal,
                                         uint64_t lane) {
  region *r = regions->first;
  while (r && !(r->lane == lane && r->first <= primal && primal < r->end))
    r = r->next;
  if (!r)
    r = map_region(regions, primal, lane);
  return r->shadow + (primal - r->first);
}

ALWAYS_INLINE void *tern_shadow_of(tern_regions *regions, void *shadow,
                                   void *primal, uint64_t lane) {
  return shadow || !primal ? shadow : place_in_region(regions, primal, lane);
}

OUT_OF_LINE static void *unless_in_region(const region *r, char *shadow) {
  for (; r; r = r->next)
    if (r->shadow <= shadow && shadow < r->shadow + (r->end - r->first))
      return NULL;
  return shadow;
}

ALWAYS_INLINE void *tern_shadow_to_free(tern_regions *regions, void *shadow,
                                        void *primal) {
  if (shadow == primal)
    return NULL;
  return regions->first ? unless_in_region(regions->first, shadow) : shadow;
}

void tern_regions_add(tern_regions *regions, void *primal, void *shadow,
                      uint64_t bytes, uint64_t lane) {
  region *r = new_region((region){.first = primal,
                                  .end = (char *)primal + bytes,
                                  .shadow = shadow,
                                  .lane = lane});
  r->next = regions->first;
  regions->first = r;
}

static int lies_in_shadow(const region *r, const region *inner) {
  for (; inner; inner = inner->next)
    if (inner->shadow != inner->first && inner->shadow <= r->first &&
        r->end <= inner->shadow + (inner->end - inner->first))
      return 1;
  return 0;
}

static void free_region(region *r);

void tern_regions_forget(tern_regions *regions, const tern_regions *inner) {
  void **link = &regions->first;
  while (*link) {
    region *r = *link;
    if (lies_in_shadow(r, inner->first)) {
      *link = r->next;
      free_region(r);
    } else {
      link = (void **)&r->next;
    }
  }
}

/* The record sweep stores addresses only: few pages, as a rule none. */
static void keep_page(region *r, char *place) {
  kept_page *page = malloc(sizeof(kept_page));
  if (!page)
    tern_stop("out of memory: the shadow of a variable");
  page->place = place;
  memcpy(page->content, place, page_bytes);
  page->next = r->kept;
  r->kept = page;
}

static void keep_touched(region *r) {
  enum { pages_at_once = 1024 };
  unsigned char is_touched[pages_at_once];
  uint64_t count = (uint64_t)(r->end - r->first) / page_bytes;
  for (uint64_t base = 0; base < count; base += pages_at_once) {
    uint64_t n = count - base < pages_at_once ? count - base : pages_at_once;
    char *place = r->shadow + base * page_bytes;
    if (mincore(place, n * page_bytes, is_touched))
      tern_stop("the shadow of a variable cannot be kept [tern-D07]");
    for (uint64_t i = 0; i != n; ++i)
      if (is_touched[i] & 1)
        keep_page(r, place + i * page_bytes);
  }
}

void tern_regions_keep(tern_regions *regions) {
  for (region *r = regions->first; r; r = r->next)
    if (r->is_mapped)
      keep_touched(r);
}

void tern_regions_reset(tern_regions *regions) {
  for (region *r = regions->first; r; r = r->next) {
    if (!r->is_mapped)
      continue;
    madvise(r->shadow, (size_t)(r->end - r->first), MADV_DONTNEED);
    for (kept_page *page = r->kept; page; page = page->next)
      memcpy(page->place, page->content, page_bytes);
  }
}

static void free_region(region *r) {
  for (kept_page *page = r->kept; page;) {
    kept_page *next = page->next;
    free(page);
    page = next;
  }
  if (r->is_mapped)
    munmap(r->shadow - page_bytes,
           (size_t)(r->end - r->first) + 2 * page_bytes);
  free(r);
}

OUT_OF_LINE static void free_regions(region *r) {
  while (r) {
    region *next = r->next;
    free_region(r);
    r = next;
  }
}

ALWAYS_INLINE void tern_regions_free(void *regions) {
  tern_regions *mine = regions;
  if (mine->first)
    free_regions(mine->first);
  mine->first = NULL;
}
