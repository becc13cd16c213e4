#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/compile.h"

static const double FULL = 1e-9; /* as the engines: a supply within this of a threshold reaches it */
enum { MOST_UNEQUAL = 20 };      /* suppliers of unequal shares whose sets are looked through */

typedef struct pieces {
    int *needed, *supplier_start, *supplier, *copies;
    size_t needed_capacity, start_capacity, supplier_capacity, copies_capacity;
    int n, n_suppliers;
} pieces;

static hf_err piece_add(pieces *x, int needed, int copies)
{
    hf_err err = hf_grow((void **)&x->needed, &x->needed_capacity, (size_t)x->n + 1, sizeof(int));
    if (err == HF_OK) err = hf_grow((void **)&x->copies, &x->copies_capacity, (size_t)x->n + 1, sizeof(int));
    if (err == HF_OK) err = hf_grow((void **)&x->supplier_start, &x->start_capacity, (size_t)x->n + 2, sizeof(int));
    if (err != HF_OK) return err;
    x->needed[x->n] = needed;
    x->copies[x->n] = copies;
    if (x->n == 0) x->supplier_start[0] = 0;
    x->supplier_start[++x->n] = x->n_suppliers;
    return HF_OK;
}

static hf_err supplier_add(pieces *x, int entity)
{
    hf_err err = hf_grow((void **)&x->supplier, &x->supplier_capacity, (size_t)x->n_suppliers + 1, sizeof(int));
    if (err != HF_OK) return err;
    x->supplier[x->n_suppliers++] = entity;
    x->supplier_start[x->n] = x->n_suppliers;
    return HF_OK;
}

static int by_share(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* k when any k suppliers are enough and no k - 1 are; -1 when it depends on which. */
static int needed_of_any(const double *share, int n, double threshold)
{
    double *sorted = hf_malloc((size_t)n * sizeof *sorted), least = 0;
    int k = 0;
    if (!sorted) return -2;
    for (int j = 0; j < n; j++) sorted[j] = share[j];
    qsort(sorted, (size_t)n, sizeof *sorted, by_share);
    while (k < n && least < threshold - FULL) least += sorted[k++];
    double most = 0;
    for (int j = 0; j < k - 1; j++) most += sorted[n - 1 - j];
    bool any = least >= threshold - FULL && (k == 0 || most < threshold - FULL);
    hf_free(sorted);
    return any ? k : -1;
}

/* Every smallest set whose loss leaves too little becomes a requirement for one of them. */
static hf_err sets_add(pieces *x, const hf_network *net, int g, const double *share, int n, double threshold)
{
    const int *supplier = net->sup_supplier + net->sup_off[g];
    hf_err err = HF_OK;
    double all = 0;
    for (int j = 0; j < n; j++) all += share[j];
    for (unsigned set = 1; set < 1u << n; set++) {
        double left = all, smallest = INFINITY;
        for (int j = 0; j < n; j++)
            if (set >> j & 1) {
                left -= share[j];
                smallest = fmin(smallest, share[j]);
            }
        if (left >= threshold - FULL || left + smallest < threshold - FULL) continue;
        HF_TRY(piece_add(x, 1, 1));
        for (int j = 0; j < n; j++)
            if (set >> j & 1) HF_TRY(supplier_add(x, supplier[j]));
    }
out:
    return err;
}

/* What the working suppliers must give together so that the owner does not count as failed; 0: nothing. */
static double threshold_of(const hf_network *net, int g, double out_below)
{
    double loss = net->curve_loss[net->curve_off[net->req_curve[g] + 1] - 1];
    if (1 - loss >= out_below - FULL) return 0;
    if (net->req_response[g] == HF_THRESHOLD) return net->req_threshold[g];
    return 1 - (1 - out_below) / loss;
}

double hf_portfolio_autonomy(const hf_network *net, int g, double out_below)
{
    int c = net->req_curve[g], k = net->curve_off[c];
    while (k < net->curve_off[c + 1] - 1 && 1 - net->curve_loss[k] >= out_below - FULL) k++;
    return net->curve_h[k];
}

static hf_err requirement_add(pieces *x, const hf_network *net, int g, double out_below, hf_diag *diag, int *n_partial)
{
    const double *share = net->sup_share + net->sup_off[g];
    int n = net->sup_off[g + 1] - net->sup_off[g];
    double threshold = threshold_of(net, g, out_below);
    hf_err err = HF_OK;
    if (threshold <= FULL || n == 0) return HF_OK;
    bool equal = true, enough_alone = true;
    for (int j = 0; j < n; j++) {
        if (fabs(share[j] - share[0]) > FULL) equal = false;
        if (share[j] < 1 - FULL) enough_alone = false;
    }
    if (net->req_response[g] == HF_LINEAR && !enough_alone) (*n_partial)++;
    int k = needed_of_any(share, n, threshold);
    if (k == -2) return HF_E_NOMEM;
    if (k >= 0) {
        HF_TRY(piece_add(x, k, equal ? 1 : k));
        for (int j = 0; j < n; j++) HF_TRY(supplier_add(x, net->sup_supplier[net->sup_off[g] + j]));
        return HF_OK;
    }
    if (n > MOST_UNEQUAL) {
        hf_diag_add(diag, HF_ERROR, HF_E_UNSUPPORTED, NULL, 0, 0,
                    "%s needs \"%s\" from %d suppliers of unequal shares; at most %d are allowed where it depends on which of them fail",
                    net->id[net->req_entity[g]], net->req_labels.name[net->req_label[g]], n, MOST_UNEQUAL);
        return HF_E_UNSUPPORTED;
    }
    err = sets_add(x, net, g, share, n, threshold);
out:
    return err;
}

static int *keep(hf_arena *arena, const int *list, int n)
{
    int *copy = hf_arena_calloc(arena, (size_t)n + 1, sizeof *copy);
    if (copy && n > 0) memcpy(copy, list, (size_t)n * sizeof *copy);
    return copy;
}

void hf_portfolio_carriers_hint(const hf_portfolio *in, hf_diag *diag)
{
    const hf_network *net = in->network;
    char names[200] = "";
    size_t length = 0;
    for (int c = 0; c < net->n_carriers && length < sizeof names - 1; c++)
        if (net->carrier_rule[c] != HF_REACH || !in->linear || in->n_slots > 0)
            length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", length ? ", " : "", net->carrier_id[c]);
    if (length > 0)
        hf_diag_add(diag, HF_WARNING, HF_E_NOT_BOOLEAN, NULL, 0, 0,
                    "carriers that are not part of the portfolio program: %s; what is lost by their networks is left out", names);
}

static void say_what_is_not_boolean(int n_partial, hf_diag *diag)
{
    if (n_partial > 0)
        hf_diag_add(diag, HF_WARNING, HF_E_NOT_BOOLEAN, NULL, 0, 0,
                    "%d requirements can be met in part; in the portfolio program they are met or lost, at the level from which their owner counts as out",
                    n_partial);
}

hf_err hf_portfolio_requirements(const hf_network *net, double out_below, hf_diag *diag, hf_arena *arena, hf_portfolio_problem *p, int **ret_piece_start,
                               int **ret_copies)
{
    hf_err err = HF_OK;
    pieces x = {0};
    int n_partial = 0;
    int *entity_start = hf_arena_calloc(arena, (size_t)net->n_entities + 1, sizeof(int));
    int *piece_start = hf_arena_calloc(arena, (size_t)net->n_requirements + 1, sizeof(int));
    if (!entity_start || !piece_start) return HF_E_NOMEM;
    for (int i = 0; i < net->n_entities; i++) {
        for (int g = net->req_off[i]; g < net->req_off[i + 1]; g++) {
            HF_TRY(requirement_add(&x, net, g, out_below, diag, &n_partial));
            piece_start[g + 1] = x.n;
        }
        entity_start[i + 1] = x.n;
    }
    say_what_is_not_boolean(n_partial, diag);
    p->n_entities = net->n_entities;
    p->n_requirements = x.n;
    p->requirement_start = entity_start;
    p->needed = keep(arena, x.needed, x.n);
    p->supplier_start = keep(arena, x.supplier_start, x.n > 0 ? x.n + 1 : 0);
    p->supplier = keep(arena, x.supplier, x.n_suppliers);
    *ret_copies = keep(arena, x.copies, x.n);
    *ret_piece_start = piece_start;
    if (!p->needed || !p->supplier_start || !p->supplier || !*ret_copies) err = HF_E_NOMEM;
out:
    hf_free(x.needed);
    hf_free(x.supplier_start);
    hf_free(x.supplier);
    hf_free(x.copies);
    return err;
}
