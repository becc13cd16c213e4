#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#include "base/alloc.h"

enum { BLOCK_BYTES = 64 * 1024, ALIGNMENT = 16 };

typedef struct hf_arena_block {
    struct hf_arena_block *next;
    size_t used, size;
    _Alignas(16) unsigned char bytes[];
} block;

void hf_arena_init(hf_arena *arena)
{
    arena->blocks = NULL;
}

void hf_arena_done(hf_arena *arena)
{
    for (block *b = arena->blocks; b;) {
        block *next = b->next;
        hf_free(b);
        b = next;
    }
    arena->blocks = NULL;
}

static block *block_add(hf_arena *arena, size_t bytes)
{
    size_t size = bytes > BLOCK_BYTES / 4 ? bytes : BLOCK_BYTES;
    if (size > SIZE_MAX - sizeof(block)) return NULL;
    block *b = hf_malloc(sizeof(block) + size);
    if (!b) return NULL;
    b->used = 0;
    b->size = size;
    /* A large piece goes behind the current block, so that the room left there is still used. */
    if (size == bytes && arena->blocks) {
        b->next = arena->blocks->next;
        arena->blocks->next = b;
    } else {
        b->next = arena->blocks;
        arena->blocks = b;
    }
    return b;
}

void *hf_arena_alloc(hf_arena *arena, size_t bytes)
{
    if (bytes > SIZE_MAX - ALIGNMENT) return NULL;
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    block *b = arena->blocks;
    if (!b || b->size - b->used < rounded) {
        b = block_add(arena, rounded);
        if (!b) return NULL;
    }
    void *piece = b->bytes + b->used;
    b->used += rounded;
    return piece;
}

void *hf_arena_calloc(hf_arena *arena, size_t count, size_t bytes)
{
    if (bytes && count > SIZE_MAX / bytes) return NULL;
    void *piece = hf_arena_alloc(arena, count * bytes);
    if (piece) memset(piece, 0, count * bytes);
    return piece;
}

char *hf_arena_strndup(hf_arena *arena, const char *text, size_t length)
{
    if (length == SIZE_MAX) return NULL;
    char *copy = hf_arena_alloc(arena, length + 1);
    if (!copy) return NULL;
    if (length) memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}
