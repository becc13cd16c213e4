#include "bench/random_portfolio.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "model/network/builder.h"

static void need(bool ok)
{
    if (ok) return;
    fprintf(stderr, "bench: the random portfolio cannot be made\n");
    exit(1);
}

static int below(hf_rng *rng, int n)
{
    return (int)hf_rng_below(rng, (uint64_t)n);
}

/* An entity near i, not i: lower numbers of the row and column are drawn in as they are in real grids, by distance alone. */
static int near(hf_rng *rng, int i, int n, int side)
{
    for (;;) {
        int x = i % side + below(rng, 9) - 4, y = i / side + below(rng, 9) - 4, j = y * side + x;
        if (x >= 0 && x < side && y >= 0 && j < n && j != i && (j % 5 <= i % 5 || below(rng, 6) == 0)) return j;
    }
}

static void requirement_add(hf_builder *b, hf_rng *rng, int i, int g, int n, int side, bool in_part)
{
    char owner[16], name[16], supplier[16];
    int many = below(rng, 2) ? 1 : 2 + below(rng, 2), chosen[3];
    bool two_of_three = many == 3 && below(rng, 2);
    hf_requirement_row row = hf_requirement_row_default();
    snprintf(owner, sizeof owner, "e%05d", i);
    snprintf(name, sizeof name, "g%d", g);
    row.entity = owner, row.requirement = name, row.response = in_part ? HF_LINEAR : HF_THRESHOLD, row.threshold = 1;
    need(hf_builder_requirement(b, &row, (hf_origin){0}) == HF_OK);
    for (int k = 0; k < many; k++) {
        bool again = true;
        while (again) {
            chosen[k] = near(rng, i, n, side);
            again = false;
            for (int j = 0; j < k; j++) again |= chosen[j] == chosen[k];
        }
        hf_supply_row s = hf_supply_row_default();
        snprintf(supplier, sizeof supplier, "e%05d", chosen[k]);
        s.entity = owner, s.requirement = name, s.supplier = supplier, s.share = two_of_three ? 0.5 : in_part ? 1.0 / many : 1;
        need(hf_builder_supply(b, &s, (hf_origin){0}) == HF_OK);
    }
}

static hf_network *network_make(hf_rng *rng, int n, int side, bool in_part)
{
    hf_builder *b = NULL;
    hf_network *net = NULL;
    char id[16];
    need(hf_builder_new(NULL, &b) == HF_OK);
    for (int i = 0; i < n; i++) {
        hf_entity_row row = hf_entity_row_default();
        snprintf(id, sizeof id, "e%05d", i);
        row.id = id, row.sector = "energy", row.country = "AT";
        row.users = below(rng, 5) ? 1 + below(rng, 10) : 20 + below(rng, 81);
        need(hf_builder_entity(b, &row, (hf_origin){0}) == HF_OK);
        for (int g = i % 5 == 0 ? 0 : below(rng, 4); g > 0; g--) requirement_add(b, rng, i, g, n, side, in_part);
    }
    need(hf_builder_finish(b, &net) == HF_OK);
    hf_builder_free(b);
    return net;
}

static void case_make(hf_rng *rng, int n, int side, int total, hf_damage_case *c)
{
    int cx = below(rng, side), cy = below(rng, side), radius = 2 + below(rng, 3);
    int *damaged = hf_malloc((size_t)(2 * radius + 1) * (size_t)(2 * radius + 1) * sizeof *damaged);
    need(damaged != NULL);
    *c = (hf_damage_case){.frequency = 1.0 / total, .damaged = damaged};
    for (int y = cy - radius; y <= cy + radius; y++)
        for (int x = cx - radius; x <= cx + radius; x++) {
            bool inside = x >= 0 && x < side && y >= 0 && y * side + x < n && (x - cx) * (x - cx) + (y - cy) * (y - cy) <= radius * radius;
            if (inside && below(rng, 2)) damaged[c->n_damaged++] = y * side + x;
        }
}

void bench_portfolio_make(int n, int scenarios, unsigned long seed, bool in_part, bench_portfolio *x)
{
    hf_rng rng = {seed, 1, 0};
    int side = (int)ceil(sqrt(n));
    *x = (bench_portfolio){.in = hf_portfolio_default()};
    x->network = network_make(&rng, n, side, in_part);
    x->in.linear = in_part;
    x->cases = hf_calloc((size_t)scenarios, sizeof *x->cases);
    x->measures = hf_calloc(2 * (size_t)n, sizeof *x->measures);
    x->effects = hf_calloc(2 * (size_t)n, sizeof *x->effects);
    need(x->cases && x->measures && x->effects);
    for (int s = 0; s < scenarios; s++) case_make(&rng, n, side, scenarios, &x->cases[s]);
    x->payer.id = "fund";
    for (int m = 0; m < 2 * n; m++) {
        x->effects[m] = (hf_effect){m % 2 ? HF_EFFECT_BACKUP : HF_EFFECT_HARDEN, m / 2, -1, -1, in_part && m % 4 == 0 ? 0.25 : 0};
        x->measures[m] = (hf_measure){.n_effects = 1, .effects = &x->effects[m], .cost = 1 + below(&rng, 20)};
        x->payer.budget += 0.03 * x->measures[m].cost;
    }
    x->in.network = x->network;
    x->in.scenarios = x->cases, x->in.n_scenarios = scenarios;
    x->in.measures = x->measures, x->in.n_measures = 2 * n;
    x->in.payers = &x->payer, x->in.n_payers = 1;
}

void bench_portfolio_done(bench_portfolio *x)
{
    hf_damage_cases_free(x->cases, x->in.n_scenarios);
    hf_free(x->measures);
    hf_free(x->effects);
    hf_network_free(x->network);
    *x = (bench_portfolio){0};
}
