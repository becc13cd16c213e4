#include "solver/portfolio/cuts.h"

#include <string.h>

#include "base/alloc.h"

/* Added to the price of every measure, so that among claims of equal cost the smaller set wins: its cut is stronger elsewhere. */
static const double RAISE = 1e-5;
static const double NO_CLAIM = 2;
enum { PASSES = 4 };

hf_err hf_claims_init(const hf_scenes *scenes, hf_claims *c)
{
    size_t nodes = (size_t)scenes->max_nodes, words = (size_t)scenes->max_measures / 64 + 1, members = 1;
    *c = (hf_claims){0};
    if (hf_problem_is_partial(scenes->problem)) return hf_part_lines_init(scenes, &c->lines);
    for (int s = 0; s < scenes->n; s++) {
        const hf_scene *sc = &scenes->scene[s];
        for (int q = 0; q < sc->n_requirements; q++) {
            size_t n = (size_t)(sc->member_start[q + 1] - sc->member_start[q]);
            if (n > members) members = n;
        }
    }
    hf_err err = hf_recourse_init(scenes, &c->recourse);
    if (err != HF_OK) return err;
    c->set = hf_calloc(nodes * words, sizeof *c->set);
    c->cost = hf_malloc(nodes * sizeof *c->cost);
    c->price = hf_malloc((size_t)scenes->max_measures * sizeof *c->price);
    c->taken = hf_malloc(members * sizeof *c->taken);
    c->trial = hf_calloc(words, sizeof *c->trial);
    c->order = hf_malloc(nodes * sizeof *c->order);
    if (c->set && c->cost && c->price && c->taken && c->trial && c->order) return HF_OK;
    hf_claims_done(c);
    return HF_E_NOMEM;
}

void hf_claims_done(hf_claims *c)
{
    void *blocks[] = {c->set, c->cost, c->price, c->taken, c->trial, c->order};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_recourse_done(&c->recourse);
    hf_part_lines_done(&c->lines);
    *c = (hf_claims){0};
}

static uint64_t *set_of(hf_claims *c, int node)
{
    return c->set + (size_t)node * (size_t)c->words;
}

/* What the measures of `add` that are not in `have` cost; stops once above `limit`. */
static double price_beyond(const hf_claims *c, const uint64_t *have, const uint64_t *add, double limit)
{
    double price = 0;
    for (int w = 0; w < c->words && price <= limit; w++)
        for (uint64_t bits = add[w] & ~have[w]; bits; bits &= bits - 1) price += c->price[w * 64 + __builtin_ctzll(bits)];
    return price;
}

/* Adds listed measures to a set; returns what that costs. */
static double set_add(const hf_claims *c, uint64_t *set, const int *list, int from, int to)
{
    double price = 0;
    for (int k = from; k < to; k++) {
        uint64_t bit = (uint64_t)1 << (list[k] & 63);
        if (!(set[list[k] >> 6] & bit)) price += c->price[list[k]];
        set[list[k] >> 6] |= bit;
    }
    return price;
}

/* Looks for a claim by requirement q in c->trial: the member whose claim adds least, t times. Returns its cost, or NO_CLAIM when that is
 * not below `limit`. */
static double claim_by(const hf_scene *sc, hf_claims *c, int q, double limit)
{
    int from = sc->member_start[q], to = sc->member_start[q + 1];
    memset(c->trial, 0, (size_t)c->words * sizeof *c->trial);
    memset(c->taken, 0, (size_t)(to - from) * sizeof *c->taken);
    double cost = set_add(c, c->trial, sc->backup, sc->backup_start[q], sc->backup_start[q + 1]);
    for (int n = 0; n < sc->defeat[q]; n++) {
        int best = -1;
        double least = limit - cost;
        for (int k = from; k < to; k++) {
            int j = sc->member[k];
            if (c->taken[k - from] || c->cost[j] >= 1) continue;
            double more = price_beyond(c, c->trial, set_of(c, j), least);
            if (more < least) least = more, best = k;
        }
        if (best < 0) return NO_CLAIM;
        const uint64_t *set = set_of(c, sc->member[best]);
        for (int w = 0; w < c->words; w++) c->trial[w] |= set[w];
        cost += least;
        c->taken[best - from] = true;
    }
    return cost;
}

/* Takes the claim by requirement q when it is cheaper than what its owner has. */
static bool claim_take(const hf_scene *sc, hf_claims *c, int q)
{
    int i = sc->owner[q];
    double limit = c->cost[i] < 1 ? c->cost[i] - 1e-9 : 1;
    double cost = claim_by(sc, c, q, limit);
    if (cost >= limit) return false;
    memcpy(set_of(c, i), c->trial, (size_t)c->words * sizeof *c->trial);
    c->cost[i] = cost;
    return true;
}

static void claims_start(const hf_scene *sc, hf_claims *c)
{
    for (int v = 0; v < sc->n_nodes; v++) {
        uint64_t *set = set_of(c, v);
        c->cost[v] = NO_CLAIM;
        memset(set, 0, (size_t)c->words * sizeof *set);
        if (!sc->damaged[v]) continue;
        double cost = set_add(c, set, sc->harden, sc->harden_start[v], sc->harden_start[v + 1]);
        if (cost < 1) c->cost[v] = cost;
    }
    for (int k = 0; k < c->recourse.n_settled; k++) {
        int q = c->recourse.binding[c->recourse.order[k]];
        if (q >= 0) claim_take(sc, c, q);
    }
}

hf_err hf_claims_cut(const hf_scene *sc, const double *y, hf_claims *c, double *ret_loss, double *slope, double *ret_constant)
{
    double loss, constant = 0;
    if (sc->part) {
        hf_part_cut(sc, y, &c->lines, ret_loss, slope, ret_constant);
        return HF_OK;
    }
    hf_err err = hf_recourse_solve(sc, y, &c->recourse, &loss, NULL, NULL);
    if (err != HF_OK) return err;
    c->words = (sc->n_measures + 63) / 64;
    if (c->words == 0) c->words = 1;
    for (int k = 0; k < sc->n_measures; k++) c->price[k] = y[sc->measure[k]] + RAISE;
    claims_start(sc, c);
    bool better = true;
    for (int pass = 0; better && pass < PASSES; pass++) {
        better = false;
        for (int q = 0; q < sc->n_requirements; q++) better |= claim_take(sc, c, q);
    }
    memset(slope, 0, (size_t)sc->n_measures * sizeof *slope);
    for (int v = 0; v < sc->n_nodes; v++) {
        if (!(c->cost[v] < 1) || !(sc->weight[v] > 0)) continue;
        constant += sc->weight[v];
        const uint64_t *set = set_of(c, v);
        for (int w = 0; w < c->words; w++)
            for (uint64_t bits = set[w]; bits; bits &= bits - 1) slope[w * 64 + __builtin_ctzll(bits)] += sc->weight[v];
    }
    loss = constant;
    for (int k = 0; k < sc->n_measures; k++) loss -= slope[k] * y[sc->measure[k]];
    *ret_loss = loss;
    *ret_constant = constant;
    return HF_OK;
}
