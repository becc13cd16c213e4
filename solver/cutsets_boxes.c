/* Cut sets of a few members among many candidates, by halving: all sets with so many members of each of some blocks of candidates are a box.
 * When all of a box's candidates may fail together and a bound still leaves the target up, none of its sets is a cut set; else its largest
 * block is halved. Neighbours stand together, so that most boxes go at once. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/cutsets_inside.h"

/* `count` of the columns near[first] .. near[first + n - 1]. */
typedef struct block {
    int first, n, count;
} block;

typedef struct box_search {
    hf_cut_search *s;
    const int *near; /* columns, nearest to the target first, without those that are cut sets alone */
    int *set;        /* scratch */
} box_search;

static int compare_ints(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

/* Columns of the blocks, or of those alone of which all are in every set of the box; ascending. */
static int columns_of(const box_search *b, const block *blocks, int n_blocks, bool certain, int *ret_columns)
{
    int n = 0;
    for (int k = 0; k < n_blocks; k++)
        for (int j = 0; j < blocks[k].n && (!certain || blocks[k].n == blocks[k].count); j++) ret_columns[n++] = b->near[blocks[k].first + j];
    qsort(ret_columns, (size_t)n, sizeof *ret_columns, compare_ints);
    return n;
}

static int largest(const block *blocks, int n)
{
    int best = 0;
    for (int k = 1; k < n; k++)
        if (blocks[k].n - blocks[k].count > blocks[best].n - blocks[best].count) best = k;
    return best;
}

/* One set is left. */
static hf_err set_run(box_search *b, int size)
{
    hf_cut_search *s = b->s;
    hf_err err;
    bool down = true;
    if (s->oracle->effect == HF_CUT_BOUNDED) HF_TRY(hf_cut_oracle_run(s->oracle, b->set, size, &down));
    if (!down) return HF_OK;
    if (s->found.n == s->oracle->options->max_sets) return HF_E_INTERRUPTED;
    HF_TRY(hf_cut_list_add(&s->found, b->set, size));
    hf_cut_progress(s);
out:
    return err;
}

/* The blocks fill an array with room for one more than the members of a set. */
static hf_err box_run(box_search *b, const block *blocks, int n_blocks, int size)
{
    hf_cut_search *s = b->s;
    hf_err err = HF_OK;
    bool down;
    if (hf_cut_oracle_spent(s->oracle)) return HF_E_INTERRUPTED;
    if (hf_cut_list_covers(&s->found, b->set, columns_of(b, blocks, n_blocks, true, b->set))) return HF_OK;
    int n = columns_of(b, blocks, n_blocks, false, b->set);
    HF_TRY(hf_cut_oracle_bound(s->oracle, b->set, n, &down));
    if (!down) return HF_OK;
    if (n == size) return set_run(b, size);
    block *parts = hf_malloc(((size_t)n_blocks + 1) * sizeof *parts);
    if (!parts) return HF_E_NOMEM;
    int split = largest(blocks, n_blocks), half = blocks[split].n / 2, rest = blocks[split].n - half, count = blocks[split].count;
    for (int near = count < half ? count : half; err == HF_OK && near >= 0 && count - near <= rest; near--) {
        int m = 0;
        for (int k = 0; k < n_blocks; k++)
            if (k != split) parts[m++] = blocks[k];
        if (near > 0) parts[m++] = (block){blocks[split].first, half, near};
        if (count > near) parts[m++] = (block){blocks[split].first + half, rest, count - near};
        err = box_run(b, parts, m, size);
    }
    hf_free(parts);
out:
    return err;
}

hf_err hf_cut_search_boxes(hf_cut_search *s)
{
    const hf_cut_oracle *o = s->oracle;
    hf_err err = HF_OK;
    int *near = hf_malloc((size_t)o->n * sizeof *near), n = o->n;
    box_search b = {.s = s, .near = near, .set = hf_malloc((size_t)o->n * sizeof *b.set)};
    if (!near || !b.set) HF_TRY(HF_E_NOMEM);
    memcpy(near, o->near, (size_t)n * sizeof *near);
    for (int size = 1; size <= o->options->max_size && size <= n; size++) {
        HF_TRY(box_run(&b, &(block){0, n, size}, 1, size));
        s->complete_to = size;
        if (size > 1) continue;
        int kept = 0;
        for (int k = 0; k < n; k++)
            if (!hf_cut_list_covers(&s->found, &near[k], 1)) near[kept++] = near[k];
        n = kept;
    }
    s->complete = o->options->max_size >= n;
out:
    hf_free(near);
    hf_free(b.set);
    return err == HF_E_INTERRUPTED ? HF_OK : err; /* what was found stands */
}
