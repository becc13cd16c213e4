/* A region allocator: many small pieces that live and die together (all strings of a file, all arrays of a network). */
#ifndef HF_BASE_ARENA_H
#define HF_BASE_ARENA_H

#include <stddef.h>

typedef struct hf_arena {
    struct hf_arena_block *blocks;
} hf_arena;

/* Makes *arena empty. Cannot fail and allocates nothing. */
void hf_arena_init(hf_arena *arena);

/* Releases everything that was taken from the arena. */
void hf_arena_done(hf_arena *arena);

/* `bytes` of memory aligned for any type, not cleared; NULL when out of memory. */
void *hf_arena_alloc(hf_arena *arena, size_t bytes);

/* As above for `count` elements, cleared to zero; NULL also when the product overflows. */
void *hf_arena_calloc(hf_arena *arena, size_t count, size_t bytes);

/* A NUL-terminated copy of the `length` bytes at `text`; NULL when out of memory. */
char *hf_arena_strndup(hf_arena *arena, const char *text, size_t length);

#endif
