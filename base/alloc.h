/* The only door to the heap. Every allocation of the library passes here, so that tests can make the n-th one fail. */
#ifndef HF_BASE_ALLOC_H
#define HF_BASE_ALLOC_H

#include <stddef.h>

#include "base/error.h"

/* As malloc, calloc, realloc and free; sizes of 0 give a valid pointer. Products that overflow size_t fail. Return NULL when out of memory. */
void *hf_malloc(size_t bytes);
void *hf_calloc(size_t count, size_t bytes);
void *hf_realloc(void *block, size_t count, size_t bytes);
void hf_free(void *block);

/* Asks the system for large pages under a block that was just allocated and not yet written: long walks over it then miss fewer page tables. Changes
 * nothing else, and nothing at all where the system has none or the block is small. */
void hf_large_pages(void *block, size_t bytes);

/* Grows the array *block of elements of `bytes` bytes so that it holds at least `need`; *capacity is its present size in elements.
 * Growth is by half, so appending is O(1) amortised. On HF_E_NOMEM nothing changes. */
hf_err hf_grow(void **block, size_t *capacity, size_t need, size_t bytes);

/* Test hook: the n-th allocation from now on fails (n >= 1), and every later one too; 0 switches the hook off. */
void hf_alloc_fail_at(long n);

/* Allocations made since hf_alloc_fail_at was last called. */
long hf_alloc_count(void);

#endif
