#include "tests/support/boolean_network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/network/builder.h"

static hf_rng dice;

static int pick(int n)
{
    return (int)hf_rng_below(&dice, (uint64_t)n);
}

static void need(hf_err err)
{
    if (err != HF_OK) abort();
}

/* Shares of n suppliers and a threshold that they reach; kind 0: full substitutes (linear), 1: k of n, 2: unequal whole shares, 3: decimals. */
static void shares_make(int kind, int n, double *share, double *threshold)
{
    double sum = 0;
    int k = 1 + pick(n);
    for (int j = 0; j < n; j++) {
        share[j] = kind == 0 ? 1 + pick(2) * 0.5 : kind == 1 ? 1.0 / k : kind == 2 ? 0.25 * (1 + pick(4)) : 0.1 * (1 + pick(9));
        sum += share[j];
    }
    *threshold = kind < 2 ? 1 : fmin(1, kind == 2 ? 0.25 * (1 + pick((int)(sum * 4 + 0.5))) : 0.1 * (1 + pick((int)(sum * 10 + 0.5))));
}

static void requirement_add(hf_builder *b, int entities, int entity, int number, bool instant)
{
    static const char *const curves[] = {"0:1", "4:1", "2:0.3 24:1", "0:0.5 1:0.7 30:1", "8:0"};
    char id[16], name[16], supplier[16];
    int used[6], n = 1 + pick(entities > 6 ? 6 : entities - 1), kind = pick(4);
    double share[6];
    hf_requirement_row row = hf_requirement_row_default();
    snprintf(id, sizeof id, "e%d", entity);
    snprintf(name, sizeof name, "r%d", number);
    row.entity = id, row.requirement = name;
    row.curve = curves[instant ? (pick(20) ? 0 : 4) : pick(5)];
    shares_make(kind, n, share, &row.threshold);
    row.response = kind == 0 ? HF_LINEAR : HF_THRESHOLD;
    need(hf_builder_requirement(b, &row, (hf_origin){0}));
    for (int j = 0; j < n; j++) {
        bool again = true;
        while (again) {
            used[j] = pick(entities);
            again = used[j] == entity;
            for (int k = 0; k < j; k++) again |= used[k] == used[j];
        }
        hf_supply_row link = hf_supply_row_default();
        snprintf(supplier, sizeof supplier, "e%d", used[j]);
        link.entity = id, link.requirement = name, link.supplier = supplier, link.share = share[j];
        link.shed_class = 1 + pick(2);
        need(hf_builder_supply(b, &link, (hf_origin){0}));
    }
}

static void hazards_add(hf_builder *b, int n)
{
    char id[16];
    need(hf_builder_hazard(b, "storm", NULL, 0.2, (hf_origin){0}));
    need(hf_builder_hazard(b, "flood", NULL, 0.1, (hf_origin){0}));
    for (int i = 0; i < n; i++) {
        snprintf(id, sizeof id, "e%d", i);
        need(hf_builder_damage(b, "storm", id, pick(2) ? 0.05 : 0.3, 1, NAN, (hf_origin){0}));
        if (i == 0 || pick(2)) need(hf_builder_damage(b, "flood", id, i == 0 ? 0.5 : pick(3) * 0.5, 1, NAN, (hf_origin){0}));
    }
}

hf_network *boolean_network(uint64_t seed, int most_entities, bool instant)
{
    static const char *const countries[] = {"AT", "HU", "RS"}, *const sectors[] = {"energy", "health", "food"};
    hf_builder *b = NULL;
    hf_network *net = NULL;
    char id[16];
    dice = (hf_rng){seed, 77, 0};
    int n = 3 + pick(most_entities - 2);
    need(hf_builder_new(NULL, &b));
    for (int i = 0; i < n; i++) {
        hf_entity_row row = hf_entity_row_default();
        snprintf(id, sizeof id, "e%d", i);
        row.id = id, row.sector = sectors[pick(3)], row.country = countries[pick(3)];
        row.users = instant ? pick(1000) : 1000 * hf_rng_unit(&dice);
        row.value_eur_h = instant ? pick(1000) : 100 * hf_rng_unit(&dice);
        if (!instant && pick(4) == 0) row.restart_h = 3;
        need(hf_builder_entity(b, &row, (hf_origin){0}));
    }
    int number = 0;
    for (int i = 0; i < n; i++)
        for (int k = pick(4); k > 0; k--) requirement_add(b, n, i, number++, instant);
    hazards_add(b, n);
    need(hf_builder_finish(b, &net));
    hf_builder_free(b);
    return net;
}
