/* The columns of each layer. */
#include "datasets/export/layers.h"

#include <math.h>

#define COUNT(columns) (int)(sizeof columns / sizeof *columns), columns

static hf_value text(const char *value)
{
    return (hf_value){value && *value, value, 0};
}

static hf_value number(double value)
{
    return (hf_value){isfinite(value), NULL, value};
}

static hf_value label(const hf_labels *labels, int index)
{
    return text(index >= 0 ? labels->name[index] : NULL);
}

/* What the engines do not need stays in the tables: a cell by its column's name. */
static const char *cell(const hf_table *table, int row, const char *column)
{
    int c = table && row >= 0 ? hf_table_column(table, column) : -1;
    return c >= 0 ? hf_table_cell(table, row, c).text : "";
}

static hf_value number_cell(const hf_table *table, int row, const char *column)
{
    hf_value value = {0};
    int c = table && row >= 0 ? hf_table_column(table, column) : -1;
    hf_cell found = c >= 0 ? hf_table_cell(table, row, c) : (hf_cell){"", 0};
    value.there = hf_number_parse(found.text, found.length, &value.number);
    return value;
}

#define GET(name, expression)                                                                                                              \
    static hf_value name(const hf_export_data *d, int i)                                                                                   \
    {                                                                                                                                      \
        return expression;                                                                                                                 \
    }

/* Entities. */
GET(e_id, text(d->net->id[i]))
GET(e_name, text(d->net->name[i]))
GET(e_sector, label(&d->net->sectors, d->net->sector[i]))
GET(e_subsector, label(&d->net->subsectors, d->net->subsector[i]))
GET(e_country, label(&d->net->countries, d->net->country[i]))
GET(e_region, label(&d->net->regions, d->net->region[i]))
GET(e_operator, label(&d->net->owners, d->net->owner[i]))
GET(e_lat, number(d->net->lat[i]))
GET(e_lon, number(d->net->lon[i]))
GET(e_users, number(d->net->users[i]))
GET(e_share, number(d->net->market_share[i]))
GET(e_value, number(d->net->value_eur_h[i]))
GET(e_weight, number(d->net->weight[i]))
GET(e_repair, number(d->net->repair_h[i]))
GET(e_sigma, number(d->net->repair_sigma[i]))
GET(e_restart, number(d->net->restart_h[i]))
GET(e_below, number(d->net->restart_below[i]))
GET(e_black, number(d->net->black_start[i]))
GET(e_isolated, number(d->net->isolated[i]))
GET(e_confidential, number(d->net->confidential[i]))
GET(e_service, text(cell(d->entity_table, d->entity_row[i], "essential_service")))
GET(e_source, text(cell(d->entity_table, d->entity_row[i], "source")))
GET(e_confidence, number_cell(d->entity_table, d->entity_row[i], "confidence"))
GET(e_needs, number(d->net->req_off[i + 1] - d->net->req_off[i]))
GET(e_needed, number(d->net->out_off[i + 1] - d->net->out_off[i]))

static const hf_layer_column entity_columns[] = {
    {"id", HF_VALUE_TEXT, true, e_id},
    {"name", HF_VALUE_TEXT, false, e_name},
    {"sector", HF_VALUE_TEXT, false, e_sector},
    {"country", HF_VALUE_TEXT, false, e_country},
    {"subsector", HF_VALUE_TEXT, false, e_subsector},
    {"essential_service", HF_VALUE_TEXT, false, e_service},
    {"operator", HF_VALUE_TEXT, false, e_operator},
    {"region", HF_VALUE_TEXT, false, e_region},
    {"lat", HF_VALUE_REAL, false, e_lat},
    {"lon", HF_VALUE_REAL, false, e_lon},
    {"users", HF_VALUE_REAL, false, e_users},
    {"market_share", HF_VALUE_REAL, false, e_share},
    {"value_eur_h", HF_VALUE_REAL, false, e_value},
    {"weight", HF_VALUE_REAL, false, e_weight},
    {"repair_h", HF_VALUE_REAL, false, e_repair},
    {"repair_sigma", HF_VALUE_REAL, false, e_sigma},
    {"restart_h", HF_VALUE_REAL, false, e_restart},
    {"restart_below", HF_VALUE_REAL, false, e_below},
    {"black_start", HF_VALUE_YES_NO, false, e_black},
    {"isolated", HF_VALUE_YES_NO, false, e_isolated},
    {"confidential", HF_VALUE_YES_NO, false, e_confidential},
    {"requirements", HF_VALUE_WHOLE, false, e_needs},
    {"needed_by", HF_VALUE_WHOLE, false, e_needed},
    {"source", HF_VALUE_TEXT, false, e_source},
    {"confidence", HF_VALUE_REAL, false, e_confidence},
};

static int entity_rows(const hf_export_data *d)
{
    return d->net->n_entities;
}

static void entity_ends(const hf_export_data *d, int row, int *from, int *to)
{
    *from = row;
    *to = -1;
}

/* Supply links: service goes from the supplier to the entity. */
static const char *const kinds[] = {"physical", "cyber", "geographic", "logical"};
static const char *const responses[] = {"linear", "threshold"};
static const char *const rules[] = {"reach", "balance", "flow", "dc"};

/* Hours without supply until the first loss. */
static double autonomy(const hf_network *net, int requirement)
{
    int step = net->curve_off[net->req_curve[requirement]];
    while (step + 1 < net->curve_off[net->req_curve[requirement] + 1] && net->curve_loss[step] <= 0) step++;
    return net->curve_h[step];
}

static double threshold(const hf_network *net, int requirement)
{
    return net->req_response[requirement] == HF_THRESHOLD ? net->req_threshold[requirement] : NAN;
}

GET(s_supplier, text(d->net->id[d->net->sup_supplier[i]]))
GET(s_entity, text(d->net->id[d->net->req_entity[d->net->sup_req[i]]]))
GET(s_requirement, label(&d->net->req_labels, d->net->req_label[d->net->sup_req[i]]))
GET(s_kind, text(kinds[d->net->req_kind[d->net->sup_req[i]]]))
GET(s_response, text(responses[d->net->req_response[d->net->sup_req[i]]]))
GET(s_threshold, number(threshold(d->net, d->net->sup_req[i])))
GET(s_autonomy, number(autonomy(d->net, d->net->sup_req[i])))
GET(s_share, number(d->net->sup_share[i]))
GET(s_demand, number(d->net->sup_demand[i]))
GET(s_class, number(d->net->sup_class[i]))
GET(s_distance, number_cell(d->supply_table, d->supply_row[i], "distance_km"))
GET(s_derived, text(cell(d->supply_table, d->supply_row[i], "derived")))
GET(s_source, text(cell(d->supply_table, d->supply_row[i], "source")))
GET(s_confidence, number_cell(d->supply_table, d->supply_row[i], "confidence"))

static const hf_layer_column supply_columns[] = {
    {"entity", HF_VALUE_TEXT, true, s_entity},
    {"requirement", HF_VALUE_TEXT, false, s_requirement},
    {"supplier", HF_VALUE_TEXT, true, s_supplier},
    {"kind", HF_VALUE_TEXT, false, s_kind},
    {"response", HF_VALUE_TEXT, false, s_response},
    {"threshold", HF_VALUE_REAL, false, s_threshold},
    {"autonomy_h", HF_VALUE_REAL, false, s_autonomy},
    {"share", HF_VALUE_REAL, false, s_share},
    {"demand", HF_VALUE_REAL, false, s_demand},
    {"class", HF_VALUE_WHOLE, false, s_class},
    {"distance_km", HF_VALUE_REAL, false, s_distance},
    {"derived", HF_VALUE_TEXT, false, s_derived},
    {"source", HF_VALUE_TEXT, false, s_source},
    {"confidence", HF_VALUE_REAL, false, s_confidence},
};

static int supply_rows(const hf_export_data *d)
{
    return d->net->n_supplies;
}

static void supply_ends(const hf_export_data *d, int row, int *from, int *to)
{
    *from = d->net->sup_supplier[row];
    *to = d->net->req_entity[d->net->sup_req[row]];
}

/* Lines and nodes of carriers. */
GET(l_carrier, text(d->net->carrier_id[d->net->cline_carrier[i]]))
GET(l_from, text(d->net->id[d->net->cnode_entity[d->net->cline_from[i]]]))
GET(l_to, text(d->net->id[d->net->cnode_entity[d->net->cline_to[i]]]))
GET(l_entity, text(d->net->cline_entity[i] >= 0 ? d->net->id[d->net->cline_entity[i]] : NULL))
GET(l_unit, text(d->net->carrier_unit[d->net->cline_carrier[i]]))
GET(l_rule, text(rules[d->net->carrier_rule[d->net->cline_carrier[i]]]))
GET(l_directed, number(d->net->carrier_directed[d->net->cline_carrier[i]]))
GET(l_capacity, number(d->net->cline_capacity[i]))
GET(l_reactance, number(d->net->cline_reactance[i]))
GET(l_length, number(d->net->cline_length_km[i]))

static const hf_layer_column line_columns[] = {
    {"carrier", HF_VALUE_TEXT, false, l_carrier},
    {"from", HF_VALUE_TEXT, true, l_from},
    {"to", HF_VALUE_TEXT, true, l_to},
    {"line_entity", HF_VALUE_TEXT, false, l_entity},
    {"unit", HF_VALUE_TEXT, false, l_unit},
    {"rule", HF_VALUE_TEXT, false, l_rule},
    {"directed", HF_VALUE_YES_NO, false, l_directed},
    {"capacity", HF_VALUE_REAL, false, l_capacity},
    {"reactance", HF_VALUE_REAL, false, l_reactance},
    {"length_km", HF_VALUE_REAL, false, l_length},
};

static int line_rows(const hf_export_data *d)
{
    return d->net->n_clines;
}

static void line_ends(const hf_export_data *d, int row, int *from, int *to)
{
    *from = d->net->cnode_entity[d->net->cline_from[row]];
    *to = d->net->cnode_entity[d->net->cline_to[row]];
}

GET(n_carrier, text(d->net->carrier_id[d->net->cnode_carrier[i]]))
GET(n_entity, text(d->net->id[d->net->cnode_entity[i]]))
GET(n_unit, text(d->net->carrier_unit[d->net->cnode_carrier[i]]))
GET(n_supply, number(d->net->cnode_supply[i]))
GET(n_demand, number(d->net->cnode_demand[i]))
GET(n_class, number(d->net->cnode_class[i]))

static const hf_layer_column node_columns[] = {
    {"carrier", HF_VALUE_TEXT, false, n_carrier},
    {"entity", HF_VALUE_TEXT, true, n_entity},
    {"unit", HF_VALUE_TEXT, false, n_unit},
    {"supply", HF_VALUE_REAL, false, n_supply},
    {"demand", HF_VALUE_REAL, false, n_demand},
    {"class", HF_VALUE_WHOLE, false, n_class},
};

static int node_rows(const hf_export_data *d)
{
    return d->net->n_cnodes;
}

static void node_ends(const hf_export_data *d, int row, int *from, int *to)
{
    *from = d->net->cnode_entity[row];
    *to = -1;
}

/* The cascade, for an entity; what was not hit kept its service and lost nothing. */
static const hf_entity_loss *loss(const hf_export_data *d, int entity)
{
    return d->entity_loss[entity] >= 0 ? &d->losses->entities[d->entity_loss[entity]] : NULL;
}

#define LOSS(name, field, unhit) GET(name, number(loss(d, i) ? loss(d, i)->field : unhit))
LOSS(c_first, first_loss_h, NAN)
LOSS(c_out, out_h, NAN)
LOSS(c_back, back_h, NAN)
LOSS(c_lowest, lowest, 1)
LOSS(c_lost, lost_h, 0)
LOSS(c_user_hours, user_hours, 0)
LOSS(c_value, value_eur, 0)
LOSS(c_depth, depth, NAN)

#define CASCADE(get)                                                                                                                       \
    {"first_loss_h", HF_VALUE_REAL, false, get(c_first)}, {"out_h", HF_VALUE_REAL, false, get(c_out)},                                     \
        {"back_h", HF_VALUE_REAL, false, get(c_back)}, {"lowest", HF_VALUE_REAL, false, get(c_lowest)},                                    \
        {"lost_h", HF_VALUE_REAL, false, get(c_lost)}, {"user_hours", HF_VALUE_REAL, false, get(c_user_hours)},                            \
        {"value_eur", HF_VALUE_REAL, false, get(c_value)}, {"depth", HF_VALUE_WHOLE, false, get(c_depth)},

#define BY_ENTITY(get) get
#define BY_HIT(get) hit_##get
#define HIT(get) GET(hit_##get, get(d, d->losses->entities[i].entity))

HIT(e_id)
HIT(e_name)
HIT(e_sector)
HIT(e_country)
HIT(c_first)
HIT(c_out)
HIT(c_back)
HIT(c_lowest)
HIT(c_lost)
HIT(c_user_hours)
HIT(c_value)
HIT(c_depth)

const hf_layer_column hf_cascade_columns[] = {CASCADE(BY_ENTITY)};
const int hf_cascade_column_count = (int)(sizeof hf_cascade_columns / sizeof *hf_cascade_columns);

static const hf_layer_column hit_columns[] = {
    {"id", HF_VALUE_TEXT, true, hit_e_id},
    {"name", HF_VALUE_TEXT, false, hit_e_name},
    {"sector", HF_VALUE_TEXT, false, hit_e_sector},
    {"country", HF_VALUE_TEXT, false, hit_e_country},
    CASCADE(BY_HIT)
};

static int hit_rows(const hf_export_data *d)
{
    return d->losses ? d->losses->n_entities : 0;
}

static void hit_ends(const hf_export_data *d, int row, int *from, int *to)
{
    *from = d->losses->entities[row].entity;
    *to = -1;
}

const hf_layer hf_layers[HF_LAYER_COUNT] = {
    {"entities", "Entities", false, COUNT(entity_columns), entity_rows, entity_ends},
    {"supplies", "Supply links", true, COUNT(supply_columns), supply_rows, supply_ends},
    {"carrier_lines", "Lines of carriers", true, COUNT(line_columns), line_rows, line_ends},
    {"carrier_nodes", "Nodes of carriers", false, COUNT(node_columns), node_rows, node_ends},
    {"cascade", "Entities hit by the cascade", false, COUNT(hit_columns), hit_rows, hit_ends},
};
