#include "base/alloc.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

static atomic_long allocations;
static atomic_long fail_at;

static int must_fail(void)
{
    long n = atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed) + 1;
    long limit = atomic_load_explicit(&fail_at, memory_order_relaxed);
    return limit > 0 && n >= limit;
}

void *hf_malloc(size_t bytes)
{
    if (must_fail()) return NULL;
    return malloc(bytes ? bytes : 1);
}

void *hf_calloc(size_t count, size_t bytes)
{
    if (must_fail()) return NULL;
    if (count == 0 || bytes == 0) return calloc(1, 1);
    return calloc(count, bytes);
}

void *hf_realloc(void *block, size_t count, size_t bytes)
{
    if (must_fail()) return NULL;
    if (bytes && count > SIZE_MAX / bytes) return NULL;
    size_t total = count * bytes;
    return realloc(block, total ? total : 1);
}

void hf_free(void *block)
{
    free(block);
}

void hf_large_pages(void *block, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    enum { LARGE = 2 << 20 };
    uintptr_t first = ((uintptr_t)block + LARGE - 1) / LARGE * LARGE, end = ((uintptr_t)block + bytes) / LARGE * LARGE;
    if (end > first) (void)madvise((char *)block + (first - (uintptr_t)block), end - first, MADV_HUGEPAGE); /* as good without */
#else
    (void)block, (void)bytes;
#endif
}

hf_err hf_grow(void **block, size_t *capacity, size_t need, size_t bytes)
{
    if (need <= *capacity) return HF_OK;
    size_t wanted = *capacity + *capacity / 2;
    if (wanted < need) wanted = need;
    if (wanted < 8) wanted = 8;
    void *grown = hf_realloc(*block, wanted, bytes);
    if (!grown) return HF_E_NOMEM;
    *block = grown;
    *capacity = wanted;
    return HF_OK;
}

void hf_alloc_fail_at(long n)
{
    atomic_store(&allocations, 0);
    atomic_store(&fail_at, n);
}

long hf_alloc_count(void)
{
    return atomic_load(&allocations);
}
