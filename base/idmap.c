#include "base/idmap.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"

struct hf_idmap {
    hf_arena arena;
    const char **text;
    uint32_t *hash;
    size_t text_capacity, hash_capacity;
    int count;
    int *slot; /* open addressing, -1 empty; size is a power of two */
    size_t slots;
};

/* FNV-1a, finished with a mix so that the low bits depend on every byte. */
static uint32_t hash_bytes(const char *id, size_t length)
{
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < length; i++) h = (h ^ (unsigned char)id[i]) * 1099511628211u;
    h ^= h >> 32;
    h *= 0x9E3779B97F4A7C15u;
    return (uint32_t)(h >> 32);
}

hf_err hf_idmap_new(hf_idmap **ret_map)
{
    hf_idmap *map = hf_calloc(1, sizeof *map);
    if (!map) return HF_E_NOMEM;
    hf_arena_init(&map->arena);
    *ret_map = map;
    return HF_OK;
}

void hf_idmap_free(hf_idmap *map)
{
    if (!map) return;
    hf_arena_done(&map->arena);
    hf_free(map->text);
    hf_free(map->hash);
    hf_free(map->slot);
    hf_free(map);
}

int hf_idmap_count(const hf_idmap *map)
{
    return map->count;
}

/* The slot that holds the id, or the empty slot where it belongs. Needs at least one empty slot. */
static size_t slot_of(const hf_idmap *map, const char *id, size_t length, uint32_t hash)
{
    size_t mask = map->slots - 1;
    size_t s = hash & mask;
    for (;; s = (s + 1) & mask) {
        int i = map->slot[s];
        if (i < 0) return s;
        if (map->hash[i] == hash && strncmp(map->text[i], id, length) == 0 && map->text[i][length] == '\0') return s;
    }
}

int hf_idmap_find(const hf_idmap *map, const char *id, size_t length)
{
    if (map->slots == 0) return -1;
    return map->slot[slot_of(map, id, length, hash_bytes(id, length))];
}

static hf_err rehash(hf_idmap *map, size_t slots)
{
    int *slot = hf_malloc(slots * sizeof *slot);
    if (!slot) return HF_E_NOMEM;
    for (size_t s = 0; s < slots; s++) slot[s] = -1;
    for (int i = 0; i < map->count; i++) {
        size_t s = map->hash[i] & (slots - 1);
        while (slot[s] >= 0) s = (s + 1) & (slots - 1);
        slot[s] = i;
    }
    hf_free(map->slot);
    map->slot = slot;
    map->slots = slots;
    return HF_OK;
}

hf_err hf_idmap_intern(hf_idmap *map, const char *id, size_t length, int *ret_index, bool *ret_added)
{
    hf_err err = HF_OK;
    if ((size_t)map->count * 2 >= map->slots) HF_TRY(rehash(map, map->slots ? map->slots * 2 : 64));
    uint32_t hash = hash_bytes(id, length);
    size_t s = slot_of(map, id, length, hash);
    bool added = map->slot[s] < 0;
    if (added) {
        if (map->count == INT_MAX) return HF_E_TOO_LARGE;
        size_t need = (size_t)map->count + 1;
        HF_TRY(hf_grow((void **)&map->text, &map->text_capacity, need, sizeof *map->text));
        HF_TRY(hf_grow((void **)&map->hash, &map->hash_capacity, need, sizeof *map->hash));
        const char *copy = hf_arena_strndup(&map->arena, id, length);
        if (!copy) return HF_E_NOMEM;
        map->text[map->count] = copy;
        map->hash[map->count] = hash;
        map->slot[s] = map->count++;
    }
    *ret_index = map->slot[s];
    if (ret_added) *ret_added = added;
out:
    return err;
}

const char *hf_idmap_text(const hf_idmap *map, int index)
{
    return map->text[index];
}
