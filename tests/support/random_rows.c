#include "tests/support/random_rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

hf_rng rng;

double hours(const recipe *r, double most)
{
    double h = hf_rng_unit(&rng) * most;
    return r->quarter_hours ? floor(h * 4) / 4 : h;
}

bool chance(double p)
{
    return hf_rng_unit(&rng) < p;
}

int below(int n)
{
    return (int)hf_rng_below(&rng, (uint64_t)n);
}

static void curve_write(const recipe *r, char *text, size_t size)
{
    if (chance(0.4)) snprintf(text, size, "0:1");
    else if (r->boolean || chance(0.5)) snprintf(text, size, "%.17g:1", hours(r, 24));
    else {
        double h1 = hours(r, 6), h2 = h1 + 0.25 + hours(r, 12), l1 = hf_rng_unit(&rng), l2 = l1 + (1 - l1) * hf_rng_unit(&rng);
        snprintf(text, size, "%.17g:%.17g %.17g:%.17g", h1, l1, h2, chance(0.5) ? 1 : l2);
    }
}

static void requirement_make(rows_of *w, const recipe *r, int entity)
{
    int k = w->n_requirements++, suppliers = 1 + below(3), used[4];
    hf_requirement_row *row = &w->requirement[k];
    *row = hf_requirement_row_default();
    snprintf(w->name[k], sizeof w->name[k], "r%d", k % 100000);
    curve_write(r, w->curve[k], sizeof w->curve[k]);
    row->entity = w->id[entity];
    row->requirement = w->name[k];
    row->curve = w->curve[k];
    row->refill = chance(0.2) ? INFINITY : 0.25 + 2 * hf_rng_unit(&rng);
    int need = 1 + below(suppliers);
    bool threshold = r->boolean || chance(0.4);
    row->response = threshold ? HF_THRESHOLD : HF_LINEAR;
    row->threshold = threshold && !r->boolean && chance(0.5) ? 0.6 : 1;
    for (int s = 0; s < suppliers; s++) {
        bool again;
        do {
            used[s] = below(w->n_entities);
            again = used[s] == entity;
            for (int t = 0; t < s; t++) again |= used[t] == used[s];
        } while (again);
        hf_supply_row *link = &w->supply[w->n_supplies++];
        *link = hf_supply_row_default();
        link->entity = row->entity;
        link->requirement = row->requirement;
        link->supplier = w->id[used[s]];
        link->share = 1.0 / need;
        if (r->classes) link->shed_class = 1 + below(3), link->demand = 0.5 + hf_rng_unit(&rng);
    }
}

/* Limits of lines, some of them tight, and reactances; what a carrier without them has stays as it is. */
static void lines_limit(rows_of *w, const recipe *r, int n)
{
    for (int k = 0; k < w->n_lines; k++) {
        if (!chance(0.3)) w->line[k].capacity = 1 + hf_rng_unit(&rng) * (r->dc ? 4 : 2) * n;
        if (r->dc) w->line[k].reactance = 0.05 + hf_rng_unit(&rng);
    }
    if (r->flow && chance(0.3)) w->carrier.directed = true;
}

static void carrier_make(rows_of *w, const recipe *r)
{
    int n = r->flow && w->n_entities > 16 ? 8 : w->n_entities / 2;
    w->has_carrier = true;
    w->carrier = (hf_carrier_row){"net", "MW", r->dc ? HF_DC : r->flow ? HF_FLOW : r->balance ? HF_BALANCE : HF_REACH, r->reach && chance(0.3)};
    for (int i = 0; i < n; i++) {
        w->node[w->n_nodes++] = (hf_carrier_node_row){"net", w->id[i], 0, (double)below(10), r->classes ? 1 + below(2) : 1};
        if (i == 0 || chance(0.15)) w->node[i].supply = 5.0 * n + below(20);
    }
    for (int i = 1; i < n; i++) {
        const char *own = chance(0.3) ? w->id[n + below(w->n_entities - n)] : NULL;
        w->line[w->n_lines++] = (hf_carrier_line_row){"net", w->id[below(i)], w->id[i], own, INFINITY, NAN, NAN};
        if (chance(0.3) && i > 1) w->line[w->n_lines++] = (hf_carrier_line_row){"net", w->id[i], w->id[below(i)], NULL, INFINITY, NAN, NAN};
    }
    if (r->flow || r->dc) lines_limit(w, r, n);
}

void rows_make(rows_of *w, const recipe *r, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    rng = (hf_rng){seed, 1, 0};
    w->n_entities = 6 + below(MAX_ENTITIES - 6);
    for (int i = 0; i < w->n_entities; i++) {
        hf_entity_row *row = &w->entity[i];
        *row = hf_entity_row_default();
        snprintf(w->id[i], sizeof w->id[i], "e%d", i % 1000);
        row->id = row->name = w->id[i];
        row->sector = i % 3 ? "energy" : "health";
        row->country = i % 2 ? "AT" : "RS";
        row->users = below(1000);
        if (r->repairs && chance(0.7)) row->repair_h = hours(r, 48);
        if (r->restarts && chance(0.4)) row->restart_h = 0.25 + hours(r, 8), row->restart_below = 0.25 + 0.75 * hf_rng_unit(&rng);
    }
    for (int i = 0; i < w->n_entities; i++)
        for (int k = below(3); k > 0; k--) requirement_make(w, r, i);
    if (r->reach || r->balance || r->flow || r->dc) carrier_make(w, r);
}

hf_network *rows_build(const rows_of *w, bool turned)
{
    hf_diag *diag = NULL;
    hf_builder *b = NULL;
    hf_network *net = NULL;
    hf_origin at = {"random", 0};
    hf_diag_new(&diag);
    hf_builder_new(diag, &b);
#define EACH(count, call)                                                                                                                  \
    for (int q = 0; q < (count); q++) {                                                                                                    \
        int k = turned ? ((count)-1 - q + (count) / 3) % (count) : q;                                                                      \
        call;                                                                                                                              \
    }
    if (turned && w->has_carrier) EACH(w->n_lines, hf_builder_carrier_line(b, &w->line[k], at))
    if (w->has_carrier) hf_builder_carrier(b, &w->carrier, at);
    EACH(w->n_supplies, hf_builder_supply(b, &w->supply[k], at))
    EACH(w->n_entities, hf_builder_entity(b, &w->entity[k], at))
    EACH(w->n_nodes, hf_builder_carrier_node(b, &w->node[k], at))
    EACH(w->n_requirements, hf_builder_requirement(b, &w->requirement[k], at))
    if (!turned && w->has_carrier) EACH(w->n_lines, hf_builder_carrier_line(b, &w->line[k], at))
    hf_err err = hf_builder_finish(b, &net);
    for (size_t k = 0; err != HF_OK && k < hf_diag_kept(diag); k++) printf("# %s\n", hf_diag_get(diag, k)->text);
    if (err != HF_OK) abort();
    hf_builder_free(b);
    hf_diag_free(diag);
    return net;
}
