/* The two searches for cut sets. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/cutsets_inside.h"
#include "solver/lp.h"

enum { SIZE_ROW, OPEN_MOST = 400 }; /* sets of a size shut out one by one, before all are tried */

/* Integer programs: their rows, and the set in hand. */
typedef struct hitting {
    hf_cut_search *s;
    hf_lp *lp;
    bool *dead;        /* [n] columns that are cut sets alone: fixed at 0 */
    int size;          /* every set of fewer columns is known */
    int *open, n_open; /* rows that shut out one set of that size each: it leaves the target up, but no bound says so of its parts and others */
    size_t open_capacity;
    bool *in;          /* [n] scratch: the survivor set */
    int *set, *order;  /* [n] scratch */
    int *row_column;   /* [n] a row's entries */
    double *row_value; /* [n] all 1 */
} hitting;

static hf_err hitting_new(hf_cut_search *s, hitting *h)
{
    hf_err err = HF_OK;
    size_t n = (size_t)s->oracle->n;
    *h = (hitting){.s = s};
    h->dead = hf_calloc(n, sizeof *h->dead);
    h->in = hf_calloc(n, sizeof *h->in);
    h->set = hf_malloc(n * sizeof *h->set);
    h->order = hf_malloc(n * sizeof *h->order);
    h->row_column = hf_malloc(n * sizeof *h->row_column);
    h->row_value = hf_malloc(n * sizeof *h->row_value);
    if (!h->dead || !h->in || !h->set || !h->order || !h->row_column || !h->row_value) HF_TRY(HF_E_NOMEM);
    for (size_t k = 0; k < n; k++) h->row_value[k] = 1;
    HF_TRY(hf_lp_new(&h->lp));
out:
    return err;
}

static void hitting_done(hitting *h)
{
    hf_lp_free(h->lp);
    hf_free(h->open);
    hf_free(h->dead);
    hf_free(h->in);
    hf_free(h->set);
    hf_free(h->order);
    hf_free(h->row_column);
    hf_free(h->row_value);
}

static hf_err row_add(hitting *h, int n, double low, double high)
{
    int start[2] = {0, n};
    return hf_lp_add_rows(h->lp, 1, &low, &high, start, h->row_column, h->row_value);
}

/* Adds a verified set; its supersets are excluded from now on. */
static hf_err found_add(hitting *h, const int *set, int n)
{
    hf_err err = hf_cut_list_add(&h->s->found, set, n);
    if (err != HF_OK || n == 1) return err;
    memcpy(h->row_column, set, (size_t)n * sizeof *set);
    return row_add(h, n, -INFINITY, n - 1);
}

/* Every column alone. What takes the target down by itself is in no other cut set. Then the columns, and the row of all. */
static hf_err singles_run(hitting *h)
{
    hf_cut_oracle *o = h->s->oracle;
    hf_err err = HF_OK;
    for (int c = 0; c < o->n; c++) {
        HF_TRY(hf_cut_oracle_run(o, &c, 1, &h->dead[c]));
        if (h->dead[c] && h->s->found.n < o->options->max_sets) HF_TRY(found_add(h, &c, 1));
        else if (h->dead[c]) return HF_E_INTERRUPTED;
        if (hf_cut_oracle_spent(o)) return HF_E_INTERRUPTED;
    }
    for (int c = 0; c < o->n; c++) {
        double cost = 1, low = 0, high = h->dead[c] ? 0 : 1;
        bool integer = true;
        HF_TRY(hf_lp_add_columns(h->lp, 1, &cost, &low, &high, &integer));
        h->row_column[c] = c;
    }
    HF_TRY(row_add(h, o->n, 2, INFINITY));
    h->size = 2;
out:
    return err;
}

/* Bounds the columns of `in` with the first n of a list. */
static hf_err with_first(hitting *h, const int *list, int n, bool *ret_down)
{
    int m = 0;
    for (int c = 0; c < h->s->oracle->n; c++)
        if (h->in[c]) h->set[m++] = c;
    if (n > 0) memcpy(h->set + m, list, (size_t)n * sizeof *list);
    return hf_cut_oracle_bound(h->s->oracle, h->set, m + n, ret_down);
}

/* Columns that are not in the set and may still join it, those that the set takes down first: they cost nothing. */
static int joiners(hitting *h)
{
    const hf_cut_oracle *o = h->s->oracle;
    int n = 0;
    for (int turn = 0; turn < 2; turn++)
        for (int c = 0; c < o->n; c++) {
            int entity = o->options->candidates[o->candidate[c]].entity;
            bool gone = hf_timeline_level(o->tl, entity) <= 0;
            if (!h->in[c] && !h->dead[c] && gone == (turn == 0)) h->order[n++] = c;
        }
    return n;
}

/* Grows the set of `in`, which leaves the target up by a bound and was the last to be run, to one that no column can join. The longest run of joiners
 * that leaves it up is found by halving; the joiner behind it can never join (bounds never rise when more fails), and so on. */
static hf_err survivor_grow(hitting *h)
{
    hf_err err = HF_OK;
    int n = joiners(h), first = 0;
    while (first < n) {
        int good = 0, bad = n - first + 1; /* so many join; so many do not */
        for (int step = bad - 1; bad - good > 1; step = good + (bad - good) / 2) {
            bool down;
            HF_TRY(with_first(h, h->order + first, step, &down));
            if (down) bad = step;
            else good = step;
        }
        for (int k = 0; k < good; k++) h->in[h->order[first + k]] = true;
        first += good + 1;
    }
out:
    return err;
}

/* Every cut set holds a column outside a survivor set; when there is none outside, there is no further cut set. */
static hf_err survivor_row(hitting *h)
{
    int n = 0;
    for (int c = 0; c < h->s->oracle->n; c++)
        if (!h->in[c] && !h->dead[c]) h->row_column[n++] = c;
    if (n == 0) h->s->complete = true;
    return n == 0 ? HF_E_INTERRUPTED : row_add(h, n, 1, INFINITY);
}

/* No member may be left out. True of an optimal set when the model is monotone; run all the same. */
static hf_err minimal_verify(hitting *h, const int *set, int n)
{
    hf_err err = HF_OK;
    for (int out = 0; out < n; out++) {
        bool down;
        int m = 0;
        for (int k = 0; k < n; k++)
            if (k != out) h->set[m++] = set[k];
        HF_TRY(hf_cut_oracle_run(h->s->oracle, h->set, m, &down));
        if (!down) continue;
        hf_diag_add(h->s->oracle->diag, HF_ERROR, HF_E_SOLVER, NULL, 0, 0, "a set of %d failures was found before the smaller one that it holds", n);
        err = HF_E_SOLVER;
        goto out;
    }
out:
    return err;
}

/* The next smallest set that the rows allow. *ret_n is -1 when there is none. */
static hf_err program_solve(hitting *h, int *ret_n)
{
    hf_lp_integer_options options = {.cancel = h->s->oracle->options->watch.stop};
    hf_err err;
    HF_TRY(hf_lp_solve_integer(h->lp, &options));
    h->s->programs++;
    *ret_n = -1;
    hf_lp_status status = hf_lp_get_status(h->lp);
    if (status == HF_LP_INFEASIBLE) return HF_OK;
    if (status != HF_LP_OPTIMAL) return status == HF_LP_NUMERIC ? HF_E_SOLVER : HF_E_INTERRUPTED;
    *ret_n = 0;
    for (int c = 0; c < h->s->oracle->n; c++)
        if (hf_lp_x(h->lp)[c] > 0.5) h->order[(*ret_n)++] = c;
out:
    return err;
}

void hf_cut_progress(const hf_cut_search *s)
{
    const hf_watch *watch = &s->oracle->options->watch;
    if (watch->progress) watch->progress(watch->context, s->found.n, s->oracle->options->max_sets);
}

/* Shuts out a set of the size in hand, and with it, until that size is done, those that hold it. */
static hf_err open_add(hitting *h, int n)
{
    hf_err err;
    HF_TRY(hf_grow((void **)&h->open, &h->open_capacity, (size_t)h->n_open + 1, sizeof *h->open));
    h->open[h->n_open++] = hf_lp_rows(h->lp);
    memcpy(h->row_column, h->order, (size_t)n * sizeof *h->row_column);
    HF_TRY(row_add(h, n, -INFINITY, n - 1));
out:
    return err;
}

/* Every set of up to `size` columns is known now. */
static hf_err size_done(hitting *h, int size)
{
    hf_err err = HF_OK;
    h->s->complete_to = size;
    h->size = size + 1;
    if (h->n_open == 0) return HF_OK;
    HF_TRY(hf_lp_delete_rows(h->lp, h->n_open, h->open));
    h->n_open = 0;
    HF_TRY(hf_lp_set_row_bounds(h->lp, SIZE_ROW, h->size, INFINITY));
out:
    return err;
}

/* The set in `order` is a cut set, or makes a row. */
static hf_err set_try(hitting *h, int n)
{
    hf_cut_search *s = h->s;
    hf_err err;
    bool down;
    HF_TRY(hf_cut_oracle_run(s->oracle, h->order, n, &down));
    if (down) {
        if (s->found.n == s->oracle->options->max_sets) return HF_E_INTERRUPTED;
        HF_TRY(minimal_verify(h, h->order, n));
        hf_cut_progress(s);
        return found_add(h, h->order, n);
    }
    if (s->oracle->effect == HF_CUT_BOUNDED) HF_TRY(hf_cut_oracle_bound(s->oracle, h->order, n, &down));
    if (down) return open_add(h, n);
    memset(h->in, 0, (size_t)s->oracle->n * sizeof *h->in);
    for (int k = 0; k < n; k++) h->in[h->order[k]] = true;
    HF_TRY(survivor_grow(h));
    HF_TRY(survivor_row(h));
out:
    return err;
}

/* Set after set, smallest first. Sets that are shut out hide larger ones that hold them, so their rows go when their size is done. */
static hf_err programs_run(hitting *h)
{
    hf_cut_search *s = h->s;
    hf_err err = HF_OK;
    while (!hf_cut_oracle_spent(s->oracle)) {
        int n;
        HF_TRY(program_solve(h, &n));
        if (n < 0 && h->n_open == 0) {
            s->complete = true;
            return HF_OK;
        }
        bool hidden = h->n_open > 0 && (n < 0 || n > h->size);
        if (hidden) HF_TRY(size_done(h, h->size));
        else if (n > h->size) HF_TRY(size_done(h, n - 1));
        if (h->size > s->oracle->options->max_size) return HF_OK;
        if (hidden) continue;
        HF_TRY(set_try(h, n));
        if (h->n_open > OPEN_MOST) return hf_cut_search_every(s, h->size);
    }
out:
    return err;
}

hf_err hf_cut_search_programs(hf_cut_search *s)
{
    hitting h;
    hf_err err;
    HF_TRY(hitting_new(s, &h));
    HF_TRY(singles_run(&h));
    s->complete_to = 1;
    HF_TRY(programs_run(&h));
out:
    hitting_done(&h);
    return err == HF_E_INTERRUPTED ? HF_OK : err; /* what was found stands */
}

/* The next set of `size` out of n, in lexical order; false after the last. */
static bool next_set(int *set, int size, int n)
{
    int k = size - 1;
    while (k >= 0 && set[k] == n - size + k) k--;
    if (k < 0) return false;
    set[k]++;
    for (int j = k + 1; j < size; j++) set[j] = set[j - 1] + 1;
    return true;
}

/* All sets of a size; columns that are cut sets alone are left out. */
static hf_err size_run(hf_cut_search *s, const int *live, int n, int size, int *at, int *set)
{
    hf_err err = HF_OK;
    for (int k = 0; k < size; k++) at[k] = k;
    do {
        bool down;
        for (int k = 0; k < size; k++) set[k] = live[at[k]];
        if (hf_cut_list_covers(&s->found, set, size)) continue;
        if (hf_cut_oracle_spent(s->oracle)) return HF_E_INTERRUPTED;
        HF_TRY(hf_cut_oracle_run(s->oracle, set, size, &down));
        if (!down) continue;
        if (s->found.n == s->oracle->options->max_sets) return HF_E_INTERRUPTED;
        HF_TRY(hf_cut_list_add(&s->found, set, size));
        hf_cut_progress(s);
    } while (next_set(at, size, n));
out:
    return err;
}

/* The columns that are no cut set alone. */
static int live_choose(const hf_cut_search *s, int *ret_live)
{
    int kept = 0;
    for (int c = 0; c < s->oracle->n; c++)
        if (!hf_cut_list_covers(&s->found, &c, 1)) ret_live[kept++] = c;
    return kept;
}

hf_err hf_cut_search_every(hf_cut_search *s, int from_size)
{
    hf_err err = HF_OK;
    int n = s->oracle->n, most = s->oracle->options->max_size;
    int *live = hf_malloc((size_t)n * sizeof *live), *at = hf_malloc((size_t)n * sizeof *at), *set = hf_malloc((size_t)n * sizeof *set);
    if (!live || !at || !set) HF_TRY(HF_E_NOMEM);
    n = live_choose(s, live);
    for (int size = from_size; size <= n && size <= most; size++) {
        HF_TRY(size_run(s, live, n, size, at, set));
        s->complete_to = size;
        if (size == 1) n = live_choose(s, live);
    }
    s->complete = most >= n;
out:
    hf_free(live);
    hf_free(at);
    hf_free(set);
    return err == HF_E_INTERRUPTED ? HF_OK : err;
}
