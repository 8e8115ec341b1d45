// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "allocations.hpp"
#include <cstdlib>
#include <new>

static unsigned long long total;

unsigned long long bench::allocated_bytes() { return total; }

extern "C" {
void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void *__real_aligned_alloc(size_t, size_t);
int __real_posix_memalign(void **, size_t, size_t);

void *__wrap_malloc(size_t bytes) {
  total += bytes;
  return __real_malloc(bytes);
}
void *__wrap_calloc(size_t count, size_t bytes) {
  total += count * bytes;
  return __real_calloc(count, bytes);
}
void *__wrap_realloc(void *memory, size_t bytes) {
  total += bytes;
  return __real_realloc(memory, bytes);
}
void *__wrap_aligned_alloc(size_t alignment, size_t bytes) {
  total += bytes;
  return __real_aligned_alloc(alignment, bytes);
}
int __wrap_posix_memalign(void **memory, size_t alignment, size_t bytes) {
  total += bytes;
  return __real_posix_memalign(memory, alignment, bytes);
}
}

void *operator new(size_t bytes) {
  if (void *memory = __wrap_malloc(bytes ? bytes : 1))
    return memory;
  throw std::bad_alloc();
}
void *operator new[](size_t bytes) { return operator new(bytes); }
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete[](void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, size_t) noexcept { std::free(memory); }
void operator delete[](void *memory, size_t) noexcept { std::free(memory); }
