/* The world as the engines see it: entities, requirements, supply links and carriers, compiled into plain arrays.
 *
 * A network is immutable; builder.h makes it. Rows are put in canonical order when it is built (entities by id, requirements by
 * entity and name, supplies by requirement and supplier, carriers by name, their nodes by entity, their lines by end nodes and
 * entity), so nothing that is computed from it depends on the order of rows in a file. All indices are 0-based ints, -1 means none;
 * `x_off` arrays have one element more than what they index (CSR). Symbols in brackets are those of the cascade semantics. */
#ifndef HF_NETWORK_NETWORK_H
#define HF_NETWORK_NETWORK_H

#include <stdbool.h>

#include "base/error.h"

/* A numbered vocabulary: sectors, countries, regions, requirement names … sorted by name. */
typedef struct hf_labels {
    int n;
    const char **name;
} hf_labels;

typedef enum hf_kind { HF_PHYSICAL, HF_CYBER, HF_GEOGRAPHIC, HF_LOGICAL } hf_kind;
typedef enum hf_response { HF_LINEAR, HF_THRESHOLD } hf_response;
typedef enum hf_rule { HF_REACH, HF_BALANCE, HF_FLOW, HF_DC } hf_rule;

typedef struct hf_network {
    /* Entities, [n_entities]. Texts are never NULL ("" where not given). */
    int n_entities;
    const char **id, **name;
    int *sector, *subsector, *country, *region, *owner; /* label index; -1 where not given (never for sector and country) */
    double *users;                                  /* people, >= 0 */
    double *value_eur_h;                            /* >= 0 */
    double *weight;                                 /* >= 0: what the entity counts in its sector's inoperability; users or market share */
    double *market_share;                           /* 0..1, NaN where not given */
    double *lat, *lon;                              /* degrees, NaN where not given */
    double *repair_h;                               /* > = 0, NaN: is not repaired by itself */
    double *repair_sigma;                           /* >= 0: spread of the repair time, sigma of its logarithm (Monte Carlo only) */
    double *restart_h;                              /* [R] >= 0 */
    double *restart_below;                          /* 0..1 */
    bool *black_start, *isolated, *confidential;
    hf_labels sectors, subsectors, countries, regions, owners;

    /* Requirements [g], [n_requirements]; those of entity i are req_off[i] .. req_off[i+1]-1. */
    int n_requirements;
    int *req_off;
    int *req_entity;
    int *req_label;                                 /* its name, in req_labels */
    unsigned char *req_kind, *req_response;         /* hf_kind, hf_response */
    double *req_threshold;                          /* [theta] 0..1, for HF_THRESHOLD */
    double *req_refill;                             /* [rho] h/h, > 0, may be INFINITY */
    int *req_curve;                                 /* index of its impact curve */
    hf_labels req_labels;

    /* Impact curves [lambda], each a step function; equal curves are stored once. */
    int n_curves;
    int *curve_off;                                 /* steps of curve c are curve_off[c] .. curve_off[c+1]-1, at least one */
    double *curve_h;                                /* hours, >= 0, rising strictly */
    double *curve_loss;                             /* 0..1, not falling */

    /* Supply links, [n_supplies]; those of requirement g are sup_off[g] .. sup_off[g+1]-1. */
    int n_supplies;
    int *sup_off;
    int *sup_req;
    int *sup_supplier;                              /* entity */
    double *sup_share;                              /* [sigma] > 0 */
    double *sup_demand;                             /* [d] > 0 */
    int *sup_class;                                 /* [p] >= 1 */
    /* delivered r = clamp((x - sup_from) / sup_width, 0, 1): where the link's class stands in its supplier's output. (0, 1) without classes. */
    double *sup_from, *sup_width;
    int *out_off, *out_supply;                      /* links of supplier j: out_supply[out_off[j] .. out_off[j+1]-1] */

    /* Carriers, [n_carriers]; nodes of c are cnode_off[c] .. cnode_off[c+1]-1, lines likewise. */
    int n_carriers;
    const char **carrier_id, **carrier_unit;
    unsigned char *carrier_rule;                    /* hf_rule */
    bool *carrier_directed;
    int n_cnodes, *cnode_off, *cnode_carrier, *cnode_entity, *cnode_class;
    double *cnode_supply, *cnode_demand;            /* carrier's unit, >= 0 */
    int n_clines, *cline_off, *cline_carrier, *cline_from, *cline_to; /* from, to: carrier node indices */
    int *cline_entity;                              /* the entity that is the line, or -1: cannot fail */
    double *cline_capacity;                         /* carrier's unit, INFINITY where not given */
    double *cline_reactance, *cline_length_km;      /* NaN where not given */
    int *cadj_off, *cadj_line;                      /* lines at carrier node n, in line order: cadj_line[cadj_off[n] ..] */
    int *ent_cnode_off, *ent_cnode;                 /* carrier nodes of entity i */
    int *ent_cline_off, *ent_cline;                 /* carrier lines that are entity i */
    int n_comps, *cnode_comp;                       /* weak component of each carrier node when nothing has failed */
    int *comp_off, *comp_cnode;                     /* nodes of each component, in node order */

    /* Users served in other states: rows of entity i are abroad_off[i] .. */
    int n_abroad, *abroad_off, *abroad_country;
    double *abroad_users;

    /* Hazards and the damage they do: rows of hazard z are hazard_off[z] .. */
    int n_hazards;
    const char **hazard_id, **hazard_title;
    double *hazard_frequency;                       /* per year, NaN where not given */
    int n_damage, *hazard_off, *damage_entity;
    double *damage_probability, *damage_severity;   /* 0..1; severity 1 = functionality 0 */
    double *damage_repair_h;                        /* NaN: the entity's own repair_h */

    void *owner_memory; /* the builder's arena and maps; see hf_network_free */
} hf_network;

void hf_network_free(hf_network *net);

/* Index of the entity with an id, or -1. O(1). */
int hf_network_find(const hf_network *net, const char *id);

/* Index of the hazard with an id, or -1. O(hazards). */
int hf_network_find_hazard(const hf_network *net, const char *id);

/* Index of a label by name, or -1. O(log n). */
int hf_labels_find(const hf_labels *labels, const char *name);

#endif
