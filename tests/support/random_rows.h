/* Small random networks as rows, so that they can be added in another order; for laws that must hold on every network. */
#ifndef HF_TESTS_RANDOM_ROWS_H
#define HF_TESTS_RANDOM_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rng.h"
#include "model/network/builder.h"

/* What a random network may contain. */
typedef struct recipe {
    bool boolean;   /* thresholds and single full steps only */
    bool classes, restarts, repairs;
    bool reach, balance, flow, dc; /* a carrier of that rule; the last two with limits on many lines */
    bool quarter_hours;  /* autonomies and times on a grid, so that many events meet in one instant */
} recipe;

enum { MAX_ENTITIES = 40, MAX_ROWS = 400 };

typedef struct rows_of {
    int n_entities, n_requirements, n_supplies, n_nodes, n_lines;
    char id[MAX_ENTITIES][8];
    hf_entity_row entity[MAX_ENTITIES];
    hf_requirement_row requirement[MAX_ROWS];
    char name[MAX_ROWS][8], curve[MAX_ROWS][112];
    hf_supply_row supply[MAX_ROWS * 4];
    hf_carrier_node_row node[MAX_ENTITIES];
    hf_carrier_line_row line[MAX_ROWS];
    bool has_carrier;
    hf_carrier_row carrier;
} rows_of;

/* The generator that everything is drawn from; rows_make seeds it. */
extern hf_rng rng;

bool chance(double p);
int below(int n);
double hours(const recipe *r, double most); /* 0 .. most */

void rows_make(rows_of *w, const recipe *r, uint64_t seed);

/* Builds the network; rows start at another row and go the other way when `turned`. */
hf_network *rows_build(const rows_of *w, bool turned);

#endif
