/* Inside of the builder: the rows as they were added, ids replaced by numbers. */
#ifndef HF_NETWORK_BUILD_H
#define HF_NETWORK_BUILD_H

#include "base/arena.h"
#include "base/idmap.h"
#include "model/network/builder.h"
#include "model/network/memory.h"

enum { HF_CURVE_STEPS = 64, HF_BUILD_FILES = 64 };

typedef struct hf_row_origin {
    int file; /* index into the builder's files */
    int line;
} hf_row_origin;

typedef struct hf_row_entity {
    int id; /* number in the id map */
    int sector, subsector, country, region, owner; /* number in the vocabulary's map, -1 */
    const char *name;
    double users, value_eur_h, weight, market_share, lat, lon, repair_h, repair_sigma, restart_h, restart_below;
    bool black_start, isolated, confidential;
    hf_row_origin at;
} hf_row_entity;

typedef struct hf_row_requirement {
    int entity, label, curve;
    unsigned char kind, response;
    double threshold, refill;
    hf_row_origin at;
} hf_row_requirement;

typedef struct hf_row_supply {
    int entity, label, supplier, shed_class;
    double share, demand;
    hf_row_origin at;
} hf_row_supply;

typedef struct hf_row_carrier {
    int carrier;
    const char *unit;
    hf_rule rule;
    bool directed;
    hf_row_origin at;
} hf_row_carrier;

typedef struct hf_row_node {
    int carrier, entity, shed_class;
    double supply, demand;
    hf_row_origin at;
} hf_row_node;

typedef struct hf_row_line {
    int carrier, from, to, entity;
    double capacity, reactance, length_km;
    hf_row_origin at;
} hf_row_line;

typedef struct hf_row_abroad {
    int entity, country;
    double users;
    hf_row_origin at;
} hf_row_abroad;

typedef struct hf_row_hazard {
    int hazard;
    const char *title;
    double frequency;
    hf_row_origin at;
} hf_row_hazard;

typedef struct hf_row_damage {
    int hazard, entity;
    double probability, severity, repair_h;
    hf_row_origin at;
} hf_row_damage;

/* A growing array of one kind of row. */
#define HF_ROWS(type, name)                                                                                                                \
    struct {                                                                                                                               \
        type *row;                                                                                                                         \
        size_t n, capacity;                                                                                                                \
    } name

struct hf_builder {
    hf_diag *diag;
    hf_network_memory *memory; /* moves into the network */
    hf_network *net;
    hf_idmap *sectors, *subsectors, *countries, *regions, *owners, *labels, *curves, *carriers, *hazards;
    const char *files[HF_BUILD_FILES];
    int n_files;
    size_t errors; /* findings of severity HF_ERROR that the builder itself added */
    int *requirement_row; /* row of each compiled requirement */
    hf_row_origin *line_at; /* of each compiled carrier line */
    int *country_rank, *label_rank, *carrier_rank, *hazard_rank; /* vocabulary number -> sorted index */
    HF_ROWS(hf_row_entity, entities);
    HF_ROWS(hf_row_requirement, requirements);
    HF_ROWS(hf_row_supply, supplies);
    HF_ROWS(hf_row_carrier, carrier_rows);
    HF_ROWS(hf_row_node, nodes);
    HF_ROWS(hf_row_line, lines);
    HF_ROWS(hf_row_abroad, abroad);
    HF_ROWS(hf_row_hazard, hazard_rows);
    HF_ROWS(hf_row_damage, damage);
};

/* Adds a finding at a row; errors are counted. */
void hf_build_error(hf_builder *b, hf_row_origin at, hf_err code, const char *format, ...) __attribute__((format(printf, 4, 5)));
void hf_build_warn(hf_builder *b, hf_row_origin at, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Canonical entity index of a numbered id; -1, with an error at the row, when it was never defined. `role` is "entity", "supplier" … */
int hf_build_entity(hf_builder *b, int id, const char *role, hf_row_origin at);

/* Memory for the network's arrays; NULL when out of memory. */
void *hf_build_array(hf_builder *b, size_t count, size_t bytes);

/* The stages of compiling, in this order; each leaves out rows that it reported. */
hf_err hf_compile_entities(hf_builder *b);
hf_err hf_compile_requirements(hf_builder *b);
hf_err hf_compile_supplies(hf_builder *b);
hf_err hf_compile_carriers(hf_builder *b);
hf_err hf_compile_context(hf_builder *b); /* services abroad, hazards */

/* Sorts a vocabulary by name into *ret_labels; *ret_rank (on the heap, or NULL if not wanted) maps its numbers to sorted indices. */
hf_err hf_compile_labels(hf_builder *b, const hf_idmap *map, hf_labels *ret_labels, int **ret_rank);

#endif
