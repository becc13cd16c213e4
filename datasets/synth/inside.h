/* Parts of the generator. Not installed. */
#ifndef HF_DATASETS_SYNTH_INSIDE_H
#define HF_DATASETS_SYNTH_INSIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* Kinds of entities, in the order in which they are made. */
typedef enum hf_synth_kind {
    SYNTH_SUBSTATION,
    SYNTH_PLANT,
    SYNTH_GAS,
    SYNTH_EXCHANGE,
    SYNTH_DATA_CENTRE,
    SYNTH_WATER,
    SYNTH_SEWAGE,
    SYNTH_HOSPITAL,
    SYNTH_TRANSPORT,
    SYNTH_BANK,
    SYNTH_OFFICE,
    SYNTH_FOOD,
    SYNTH_KINDS
} hf_synth_kind;

typedef struct hf_synth_kind_facts {
    const char *id, *name, *sector, *subsector;
    double share;      /* of all entities */
    double coverage;   /* users of all of a region's entities of the kind / its population */
    double value;      /* EUR/h a user */
    double repair_h;
} hf_synth_kind_facts;
extern const hf_synth_kind_facts hf_synth_kinds[SYNTH_KINDS];

/* One rule: the kind needs, by this name, the nearest k entities of another kind. */
typedef struct hf_synth_rule {
    hf_synth_kind user;
    const char *requirement;
    hf_synth_kind supplier;
    int k, needed;     /* any `needed` of the k suffice */
    const char *curve; /* impact curve */
    const char *kind;  /* physical, cyber, logical */
} hf_synth_rule;
extern const hf_synth_rule hf_synth_rules[];
extern const int hf_synth_rule_count;

/* Places in a plane, km. */
typedef struct hf_synth_points {
    int n;
    double *x, *y;
} hf_synth_points;

/* Buckets over points for nearest neighbours. */
typedef struct hf_synth_index hf_synth_index;
hf_err hf_synth_index_new(const hf_synth_points *points, hf_synth_index **ret_index);
void hf_synth_index_free(hf_synth_index *index);

/* The up to k points nearest to (x, y), nearest first, ties by number, `self` (or -1) left out. Returns how many. */
int hf_synth_nearest(const hf_synth_index *index, double x, double y, int self, int k, int *ret_point);

/* Edges [*ret_m] of a connected planar-like graph on the points with about mean_degree (2 .. 4); the arrays are the caller's (hf_free). */
hf_err hf_synth_grid(const hf_synth_points *points, double mean_degree, int **ret_from, int **ret_to, int *ret_m);

#endif
