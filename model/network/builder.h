/* Makes a network from rows in any order.
 *
 * The builder checks what makes an engine meaningless (unknown ids, duplicates, ranges, self-supply, shares that can never cover) and
 * reports every finding to the diag it was made with, at the origin given with the row; hf_builder_finish fails with HF_E_DATA if
 * there was any error. Readers check what concerns their format before they call it. Ids and texts are copied. */
#ifndef HF_NETWORK_BUILDER_H
#define HF_NETWORK_BUILDER_H

#include <stddef.h>

#include "base/diag.h"
#include "model/network/network.h"

typedef struct hf_builder hf_builder;

/* Where a row came from; zero for rows that no file holds. `file` must outlive the builder. `column` is filled with the row's first column. */
typedef struct hf_origin {
    const char *file;
    int line;
} hf_origin;

/* NULL texts mean not given. hf_entity_row_default() fills the defaults of every field but id, sector and country. */
typedef struct hf_entity_row {
    const char *id, *name, *sector, *subsector, *country, *region, *owner;
    double users, value_eur_h, weight, market_share, lat, lon, repair_h, repair_sigma, restart_h, restart_below; /* weight NaN: users, or market share */
    bool black_start, isolated, confidential;
} hf_entity_row;

typedef struct hf_requirement_row {
    const char *entity, *requirement;
    hf_kind kind;
    hf_response response;
    double threshold, refill;
    const char *curve; /* "12:1" or "1:0.3 24:0.8"; NULL means "0:1" */
} hf_requirement_row;

typedef struct hf_supply_row {
    const char *entity, *requirement, *supplier;
    double share, demand; /* 1, 1 */
    int shed_class;       /* 1 */
} hf_supply_row;

typedef struct hf_carrier_row {
    const char *carrier, *unit;
    hf_rule rule;
    bool directed;
} hf_carrier_row;

typedef struct hf_carrier_node_row {
    const char *carrier, *entity;
    double supply, demand;
    int shed_class;
} hf_carrier_node_row;

typedef struct hf_carrier_line_row {
    const char *carrier, *from, *to, *entity; /* entity NULL: the line cannot fail */
    double capacity, reactance, length_km;    /* INFINITY, NaN, NaN where not given */
} hf_carrier_line_row;

hf_entity_row hf_entity_row_default(void);
hf_requirement_row hf_requirement_row_default(void);
hf_supply_row hf_supply_row_default(void);

hf_err hf_builder_new(hf_diag *diag, hf_builder **ret_builder);
void hf_builder_free(hf_builder *b);

/* Each adds one row. A row that names something unknown is checked at the end, so rows may come in any order.
 * Errors: HF_E_NOMEM only; findings go to the diag. */
hf_err hf_builder_entity(hf_builder *b, const hf_entity_row *row, hf_origin at);
hf_err hf_builder_requirement(hf_builder *b, const hf_requirement_row *row, hf_origin at);
hf_err hf_builder_supply(hf_builder *b, const hf_supply_row *row, hf_origin at);
hf_err hf_builder_carrier(hf_builder *b, const hf_carrier_row *row, hf_origin at);
hf_err hf_builder_carrier_node(hf_builder *b, const hf_carrier_node_row *row, hf_origin at);
hf_err hf_builder_carrier_line(hf_builder *b, const hf_carrier_line_row *row, hf_origin at);
hf_err hf_builder_abroad(hf_builder *b, const char *entity, const char *country, double users, hf_origin at);
hf_err hf_builder_hazard(hf_builder *b, const char *hazard, const char *title, double frequency_per_year, hf_origin at);
hf_err hf_builder_damage(hf_builder *b, const char *hazard, const char *entity, double probability, double severity, double repair_h,
                         hf_origin at);

/* Compiles the rows. O((V + E) log). The builder is spent and must still be freed. The network is the caller's.
 * HF_E_DATA if any finding of severity HF_ERROR was reported to the diag, HF_E_NOMEM. */
hf_err hf_builder_finish(hf_builder *b, hf_network **ret_net);

/* Reads an impact curve "h:loss h:loss …" (hours >= 0 rising strictly, losses 0..1 not falling) into arrays of at most `capacity` steps.
 * Returns the number of steps, or -1 with a static explanation in *ret_why and the offset of the fault in *ret_at. */
int hf_curve_parse(const char *text, double *hours, double *loss, int capacity, const char **ret_why, size_t *ret_at);

#endif
