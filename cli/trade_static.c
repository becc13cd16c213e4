/* trade --method static: what each industry, region and trade link is worth to the others, and what a shock costs when nothing adapts. */
#include "cli/trade_static.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

static void answer_done(hf_trade_still *a)
{
    hf_leontief_free(a->leontief);
    void *all[] = {a->weight,           a->weight_l,        a->extraction,  a->backward,      a->forward,   a->multiplier,
                   a->value_multiplier, a->jobs_multiplier, a->region_loss, a->region_abroad, a->pair_flow, a->pair_loss, a->lost};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
}

static hf_err answer_init(const hf_trade *t, hf_trade_still *a)
{
    size_t n = (size_t)t->table->n_industries, R = (size_t)t->table->n_regions;
    struct {
        double **array;
        size_t count;
    } all[] = {{&a->weight, n},     {&a->weight_l, n},   {&a->extraction, n},       {&a->backward, n},    {&a->forward, n},
               {&a->multiplier, n}, {&a->value_multiplier, n}, {&a->region_loss, R}, {&a->region_abroad, R}, {&a->pair_flow, R * R},
               {&a->pair_loss, R * R}};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (!(*all[k].array = hf_calloc(all[k].count, sizeof(double)))) return HF_E_NOMEM;
    return HF_OK;
}

/* ---- a shock ---- */

static bool is_cut(const hf_trade_shock *s, int f, int buyer, int n_sectors)
{
    int from = f / n_sectors;
    if (s->kind != HF_SHOCK_TRADE || (s->region >= 0 && s->region != from) || (s->sector >= 0 && s->sector != f % n_sectors)) return false;
    return s->partner < 0 ? buyer != from : s->partner == buyer;
}

/* What the shocks on trade let pass from an industry to a region. */
static double passing(const hf_trade *t, int f, int buyer)
{
    double pass = 1;
    for (int k = 0; k < t->n_shocks; k++)
        if (is_cut(&t->shocks[k], f, buyer, t->table->n_sectors)) pass *= 1 - t->shocks[k].size;
    return pass;
}

/* Flows and final demand as the shocks leave them: z [n x n] holds the flows and y [n] all final demand before. */
static void shocks_apply(const hf_trade *t, double *z, double *y)
{
    const hf_io_table *table = t->table;
    size_t n = (size_t)table->n_industries, m = (size_t)table->n_demand_columns;
    hf_trade_demand_change(t, y);
    for (size_t f = 0; f < n; f++)
        for (int r = 0; r < table->n_regions; r++) {
            double pass = passing(t, (int)f, r);
            if (pass == 1) continue;
            for (int j = 0; j < table->n_sectors; j++) z[f * n + (size_t)(r * table->n_sectors + j)] *= pass;
            for (int k = 0; k < table->n_demand; k++) y[f] -= (1 - pass) * table->y[f * m + (size_t)(r * table->n_demand + k)];
        }
    for (size_t f = 0; f < n; f++) y[f] = fmax(0, y[f] * (1 - t->closed[f]));
}

/* One shock: the power series on the changed table, no factorisation. */
static hf_err shock_solve(const hf_trade *t, hf_trade_still *a)
{
    hf_err err = HF_OK;
    enum { TERMS = 100000 };
    size_t n = (size_t)t->table->n_industries;
    hf_flows flows = {0};
    double *z = NULL, *y = NULL, *inverse_x = NULL, *work = NULL;
    if (t->n_shocks == 0) return HF_OK;
    z = hf_malloc(n * n * sizeof *z);
    y = hf_malloc(n * sizeof *y);
    inverse_x = hf_malloc(n * sizeof *inverse_x);
    work = hf_malloc(2 * n * sizeof *work);
    a->lost = hf_calloc(n, sizeof *a->lost);
    if (!z || !y || !inverse_x || !work || !a->lost) HF_TRY(HF_E_NOMEM);
    memcpy(z, t->table->z, n * n * sizeof *z);
    memcpy(y, a->leontief->y, n * sizeof *y);
    shocks_apply(t, z, y);
    for (size_t f = 0; f < n; f++) inverse_x[f] = t->table->x[f] > 0 ? 1 / t->table->x[f] : 0;
    HF_TRY(hf_flows_init(&flows, (int)n, (int)n, z));
    HF_TRY(hf_leontief_series(&flows, inverse_x, y, 1e-14, TERMS, work, a->lost));
    for (size_t f = 0; f < n; f++) a->lost[f] = t->table->x[f] - a->lost[f];
out:
    hf_flows_done(&flows);
    hf_free(z);
    hf_free(y);
    hf_free(inverse_x);
    hf_free(work);
    return err;
}

/* ---- rankings ---- */

static hf_err regions_solve(const hf_trade *t, hf_trade_still *a)
{
    hf_err err = HF_OK;
    int n = t->table->n_industries, S = t->table->n_sectors;
    double *lost = hf_calloc((size_t)n, sizeof *lost);
    if (!lost) return HF_E_NOMEM;
    for (int r = 0; r < t->table->n_regions; r++) {
        err = hf_extract_region(a->leontief, r, S, a->kind, lost);
        if (err == HF_E_NO_ANSWER) {
            err = HF_OK;
            continue;
        }
        HF_TRY(err);
        for (int f = 0; f < n; f++) {
            double value = lost[f] * a->weight[f];
            a->region_loss[r] += value;
            if (f / S != r) a->region_abroad[r] += value;
        }
    }
out:
    hf_free(lost);
    return err;
}

/* Trade from region p to region h: what it is, and what is lost when the share of it stops. demand and lost are working space. */
static hf_err pair_solve(const hf_trade *t, hf_trade_still *a, int p, int h, double *demand, double *lost)
{
    const hf_io_table *table = t->table;
    int S = table->n_sectors, at = p * table->n_regions + h;
    size_t n = (size_t)table->n_industries, m = (size_t)table->n_demand_columns;
    for (int i = 0; i < S; i++) {
        size_t f = (size_t)(p * S + i);
        double bought = 0;
        for (int k = 0; k < table->n_demand; k++) bought += table->y[f * m + (size_t)(h * table->n_demand + k)];
        for (int j = 0; j < S; j++) a->pair_flow[at] += table->z[f * n + (size_t)(h * S + j)];
        a->pair_flow[at] += bought;
        demand[i] = a->share * bought;
    }
    if (!(a->pair_flow[at] > 0)) return HF_OK;
    hf_err err = hf_extract_trade(a->leontief, p, h, S, a->share, demand, lost);
    for (size_t f = 0; err == HF_OK && f < n; f++) a->pair_loss[at] += lost[f] * a->weight[f];
    return err == HF_E_NO_ANSWER ? HF_OK : err;
}

static hf_err pairs_solve(const hf_trade *t, hf_trade_still *a)
{
    hf_err err = HF_OK;
    double *demand = hf_malloc((size_t)t->table->n_sectors * sizeof *demand), *lost = hf_malloc((size_t)t->table->n_industries * sizeof *lost);
    if (!demand || !lost) HF_TRY(HF_E_NOMEM);
    for (int p = 0; p < t->table->n_regions; p++)
        for (int h = 0; h < t->table->n_regions; h++)
            if (p != h) HF_TRY(pair_solve(t, a, p, h, demand, lost));
out:
    hf_free(demand);
    hf_free(lost);
    return err;
}

static hf_err multipliers_solve(const hf_trade *t, hf_trade_still *a)
{
    int n = t->table->n_industries;
    hf_leontief_linkages(a->leontief, true, a->backward, a->forward);
    hf_leontief_multipliers(a->leontief, NULL, a->multiplier);
    hf_leontief_multipliers(a->leontief, a->leontief->intensity, a->value_multiplier);
    if (!t->economy->jobs) return HF_OK;
    a->jobs_multiplier = hf_calloc((size_t)n, sizeof *a->jobs_multiplier);
    if (!a->jobs_multiplier) return HF_E_NOMEM;
    for (int f = 0; f < n; f++) a->jobs_multiplier[f] = t->table->x[f] > 0 ? t->economy->jobs[f] / t->table->x[f] : 0;
    hf_leontief_multipliers(a->leontief, a->jobs_multiplier, a->jobs_multiplier);
    return HF_OK;
}

static hf_err solve(const hf_trade *t, hf_trade_still *a)
{
    hf_err err = HF_OK;
    const char *kind = hf_args_text(&t->cli->args, "extract");
    a->share = hf_args_number(&t->cli->args, "lost-share", 1);
    a->kind = !kind || *kind == 'c' ? HF_EXTRACT_COMPLETE : *kind == 'b' ? HF_EXTRACT_BACKWARD : HF_EXTRACT_FORWARD;
    HF_TRY(answer_init(t, a));
    HF_TRY(hf_leontief_new(t->table, t->threads, t->cli->diag, &a->leontief));
    HF_TRY(hf_leontief_invert(a->leontief));
    for (int f = 0; f < t->table->n_industries; f++)
        if (t->home < 0 || f / t->table->n_sectors == t->home) a->weight[f] = a->leontief->intensity[f];
    hf_leontief_multipliers(a->leontief, a->weight, a->weight_l);
    HF_TRY(hf_extract_each(a->leontief, a->kind, a->share, a->weight, a->extraction));
    HF_TRY(multipliers_solve(t, a));
    HF_TRY(regions_solve(t, a));
    HF_TRY(pairs_solve(t, a));
    HF_TRY(shock_solve(t, a));
out:
    return err;
}

/* ---- single links ---- */

static bool is_worse(const hf_trade_link *a, const hf_trade_link *b)
{
    if (a->loss != b->loss) return a->loss > b->loss;
    return a->from != b->from ? a->from < b->from : a->to < b->to;
}

/* Puts a link into a list of at most `most`, the worst first. */
static void link_offer(hf_trade_link *links, int *n, int most, hf_trade_link link)
{
    int at = *n;
    if (*n == most && !is_worse(&link, &links[most - 1])) return;
    if (*n < most) ++*n;
    else at = most - 1;
    for (; at > 0 && is_worse(&link, &links[at - 1]); at--) links[at] = links[at - 1];
    links[at] = link;
}

hf_err hf_trade_links_worst(const hf_trade *t, const hf_trade_still *a, int n, hf_trade_link **ret_links, int *ret_n, size_t *ret_all)
{
    int N = t->table->n_industries, S = t->table->n_sectors;
    hf_trade_link *links = hf_calloc((size_t)n + 1, sizeof *links);
    if (!links) return HF_E_NOMEM;
    *ret_n = 0;
    *ret_all = 0;
    for (int f = 0; f < N; f++)
        for (int j = 0; j < N; j++) {
            double flow = t->table->z[(size_t)f * (size_t)N + (size_t)j];
            if (!(flow > 0) || f / S == j / S) continue;
            ++*ret_all;
            if (n > 0) link_offer(links, ret_n, n, (hf_trade_link){f, j, flow, hf_extract_link_total(a->leontief, f, j, a->share, a->weight_l)});
        }
    *ret_links = links;
    return HF_OK;
}

hf_err hf_trade_static(hf_trade *t)
{
    hf_trade_still a = {0};
    hf_err err = hf_trade_shocks_allow(t, "--method static", 1u << HF_SHOCK_CAPACITY | 1u << HF_SHOCK_DEMAND | 1u << HF_SHOCK_TRADE);
    if (err == HF_OK) err = solve(t, &a);
    if (err == HF_OK && hf_args_has(&t->cli->args, "json")) err = hf_trade_still_json(t, &a);
    else if (err == HF_OK && hf_args_has(&t->cli->args, "csv")) err = hf_trade_still_csv(t, &a);
    else if (err == HF_OK) err = hf_trade_still_print(t, &a);
    answer_done(&a);
    return err;
}
