#include "bench/random_network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/network/builder.h"

static void need(hf_err err)
{
    if (err == HF_OK) return;
    fprintf(stderr, "bench: %s\n", hf_err_text(err));
    exit(1);
}

static void entities_add(hf_builder *b, int n, hf_rng *rng)
{
    static const char *const sectors[] = {"energy", "digital", "health", "drinking_water", "transport", "banking"};
    static const char *const countries[] = {"AT", "HU", "RS", "RO"};
    char id[16];
    for (int i = 0; i < n; i++) {
        hf_entity_row row = hf_entity_row_default();
        snprintf(id, sizeof id, "e%d", i);
        row.id = id;
        row.sector = sectors[hf_rng_below(rng, 6)];
        row.country = countries[hf_rng_below(rng, 4)];
        row.users = (double)hf_rng_below(rng, 10000);
        row.value_eur_h = (double)hf_rng_below(rng, 1000);
        row.repair_h = 8 + (double)hf_rng_below(rng, 65);
        need(hf_builder_entity(b, &row, (hf_origin){0}));
    }
}

static void requirement_add(hf_builder *b, int n, int entity, const char *name, int suppliers, hf_rng *rng)
{
    static const char *const curves[] = {"0:1", "4:1", "12:1", "24:1"};
    char id[16], supplier[16];
    int first = -1;
    snprintf(id, sizeof id, "e%d", entity);
    hf_requirement_row row = hf_requirement_row_default();
    row.entity = id;
    row.requirement = name;
    row.curve = curves[hf_rng_below(rng, 4)];
    need(hf_builder_requirement(b, &row, (hf_origin){0}));
    for (int k = 0; k < suppliers; k++) {
        int other;
        do other = (int)hf_rng_below(rng, (uint64_t)n);
        while (other == entity || other == first);
        first = other;
        snprintf(supplier, sizeof supplier, "e%d", other);
        hf_supply_row link = hf_supply_row_default();
        link.entity = id;
        link.requirement = name;
        link.supplier = supplier;
        need(hf_builder_supply(b, &link, (hf_origin){0}));
    }
}

static void storm_add(hf_builder *b, int n, double probability)
{
    char id[16];
    need(hf_builder_hazard(b, "storm", NULL, 1, (hf_origin){0}));
    for (int i = 0; i < n; i++) {
        snprintf(id, sizeof id, "e%d", i);
        need(hf_builder_damage(b, "storm", id, probability, 1, NAN, (hf_origin){0}));
    }
}

static hf_network *network_make(int n, unsigned long seed, double storm)
{
    hf_rng rng = {.seed = seed};
    hf_builder *b = NULL;
    hf_network *net = NULL;
    need(hf_builder_new(NULL, &b));
    entities_add(b, n, &rng);
    for (int i = 0; i < n; i++) {
        if (hf_rng_unit(&rng) < 0.8) requirement_add(b, n, i, "only", 1, &rng);
        requirement_add(b, n, i, "either", 2, &rng);
        if (hf_rng_unit(&rng) < 0.1) requirement_add(b, n, i, "also", 2, &rng);
    }
    if (storm > 0) storm_add(b, n, storm);
    need(hf_builder_finish(b, &net));
    hf_builder_free(b);
    return net;
}

hf_network *bench_random_network(int n, unsigned long seed)
{
    return network_make(n, seed, 0);
}

hf_network *bench_storm_network(int n, unsigned long seed, double probability)
{
    return network_make(n, seed, probability);
}
