/* Turning rows into a network: carriers, and what stands beside the dependencies (services abroad, hazards). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "model/network/build.h"

static hf_err carriers_list(hf_builder *b)
{
    hf_network *net = b->net;
    hf_labels names = {0};
    hf_err err = hf_compile_labels(b, b->carriers, &names, &b->carrier_rank);
    if (err != HF_OK) return err;
    size_t n = (size_t)names.n;
    net->carrier_id = names.name;
    net->carrier_unit = hf_build_array(b, n, sizeof *net->carrier_unit);
    net->carrier_rule = hf_build_array(b, n, sizeof *net->carrier_rule);
    net->carrier_directed = hf_build_array(b, n, sizeof *net->carrier_directed);
    if (!net->carrier_unit || !net->carrier_rule || !net->carrier_directed) return HF_E_NOMEM;
    net->n_carriers = names.n;
    for (size_t k = 0; k < b->carrier_rows.n; k++) {
        const hf_row_carrier *row = &b->carrier_rows.row[k];
        int c = b->carrier_rank[row->carrier];
        if (net->carrier_unit[c]) hf_build_error(b, row->at, HF_E_DUPLICATE, "carrier \"%s\" is there twice", names.name[c]);
        net->carrier_unit[c] = row->unit;
        net->carrier_rule[c] = (unsigned char)row->rule;
        net->carrier_directed[c] = row->directed;
    }
    return HF_OK;
}

/* Canonical index of a carrier that a row names; -1, with an error, when no row of carriers has it. */
static int carrier_find(hf_builder *b, int number, hf_row_origin at)
{
    int c = b->carrier_rank[number];
    if (b->net->carrier_unit[c]) return c;
    hf_build_error(b, at, HF_E_UNKNOWN_ID, "carrier \"%s\" is not in carriers", b->net->carrier_id[c]);
    return -1;
}

typedef struct node_key {
    int carrier, entity;
    size_t row;
} node_key;

static int compare_nodes(const void *a, const void *b)
{
    const node_key *x = a, *y = b;
    if (x->carrier != y->carrier) return x->carrier < y->carrier ? -1 : 1;
    if (x->entity != y->entity) return x->entity < y->entity ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static hf_err node_arrays(hf_builder *b, size_t n)
{
    hf_network *net = b->net;
    net->cnode_off = hf_build_array(b, (size_t)net->n_carriers + 1, sizeof *net->cnode_off);
    net->cnode_carrier = hf_build_array(b, n, sizeof *net->cnode_carrier);
    net->cnode_entity = hf_build_array(b, n, sizeof *net->cnode_entity);
    net->cnode_class = hf_build_array(b, n, sizeof *net->cnode_class);
    net->cnode_supply = hf_build_array(b, n, sizeof *net->cnode_supply);
    net->cnode_demand = hf_build_array(b, n, sizeof *net->cnode_demand);
    net->ent_cnode_off = hf_build_array(b, (size_t)net->n_entities + 1, sizeof *net->ent_cnode_off);
    net->ent_cnode = hf_build_array(b, n, sizeof *net->ent_cnode);
    return net->cnode_off && net->cnode_carrier && net->cnode_entity && net->cnode_class && net->cnode_supply && net->cnode_demand &&
                   net->ent_cnode_off && net->ent_cnode
               ? HF_OK
               : HF_E_NOMEM;
}

/* Fills off [owners + 1] and list with the items of each owner, ascending; `off` is zero on entry. Items of owner -1 are left out. */
static void index_by(const int *owner, int n, int owners, int *off, int *list)
{
    for (int k = 0; k < n; k++)
        if (owner[k] >= 0) off[owner[k] + 1]++;
    for (int v = 0; v < owners; v++) off[v + 1] += off[v];
    int total = off[owners];
    for (int k = n - 1; k >= 0; k--)
        if (owner[k] >= 0) list[--off[owner[k] + 1]] = k;
    for (int v = 0; v < owners; v++) off[v] = off[v + 1];
    off[owners] = total;
}

static void node_fill(hf_network *net, int carrier, int entity, const hf_row_node *row)
{
    int n = net->n_cnodes++;
    net->cnode_carrier[n] = carrier;
    net->cnode_entity[n] = entity;
    net->cnode_class[n] = row->shed_class;
    net->cnode_supply[n] = row->supply;
    net->cnode_demand[n] = row->demand;
    net->cnode_off[carrier + 1]++;
}

static hf_err nodes_compile(hf_builder *b)
{
    hf_network *net = b->net;
    size_t keys = 0;
    hf_err err = node_arrays(b, b->nodes.n);
    node_key *key = hf_malloc(b->nodes.n * sizeof *key);
    if (!key || err != HF_OK) {
        hf_free(key);
        return HF_E_NOMEM;
    }
    for (size_t k = 0; k < b->nodes.n; k++) {
        const hf_row_node *row = &b->nodes.row[k];
        node_key node = {carrier_find(b, row->carrier, row->at), hf_build_entity(b, row->entity, "entity", row->at), k};
        if (node.carrier >= 0 && node.entity >= 0) key[keys++] = node;
    }
    qsort(key, keys, sizeof *key, compare_nodes);
    for (size_t k = 0; k < keys; k++) {
        const hf_row_node *row = &b->nodes.row[key[k].row];
        if (k > 0 && key[k].carrier == key[k - 1].carrier && key[k].entity == key[k - 1].entity)
            hf_build_error(b, row->at, HF_E_DUPLICATE, "%s is a node of carrier %s twice (first in line %d)", net->id[key[k].entity],
                           net->carrier_id[key[k].carrier], b->nodes.row[key[k - 1].row].at.line);
        else node_fill(net, key[k].carrier, key[k].entity, row);
    }
    for (int c = 0; c < net->n_carriers; c++) net->cnode_off[c + 1] += net->cnode_off[c];
    index_by(net->cnode_entity, net->n_cnodes, net->n_entities, net->ent_cnode_off, net->ent_cnode);
    hf_free(key);
    return HF_OK;
}

/* Carrier node of an entity, or -1 with an error at the row. */
static int end_find(hf_builder *b, int carrier, int id, const char *role, hf_row_origin at)
{
    const hf_network *net = b->net;
    int entity = hf_build_entity(b, id, role, at);
    if (entity < 0) return -1;
    for (int k = net->ent_cnode_off[entity]; k < net->ent_cnode_off[entity + 1]; k++)
        if (net->cnode_carrier[net->ent_cnode[k]] == carrier) return net->ent_cnode[k];
    hf_build_error(b, at, HF_E_UNKNOWN_ID, "%s %s is not a node of carrier %s (add a row to carrier_nodes)", role, net->id[entity],
                   net->carrier_id[carrier]);
    return -1;
}

typedef struct line_key {
    int carrier, from, to, entity;
    double capacity, reactance, length_km;
    hf_row_origin at;
} line_key;

static int compare_doubles(double x, double y)
{
    if (isnan(x) || isnan(y)) return isnan(x) - isnan(y);
    return (x > y) - (x < y);
}

static int compare_lines(const void *a, const void *b)
{
    const line_key *x = a, *y = b;
    if (x->carrier != y->carrier) return x->carrier < y->carrier ? -1 : 1;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    if (x->to != y->to) return x->to < y->to ? -1 : 1;
    if (x->entity != y->entity) return x->entity < y->entity ? -1 : 1;
    int order = compare_doubles(x->capacity, y->capacity);
    if (order == 0) order = compare_doubles(x->reactance, y->reactance);
    return order ? order : compare_doubles(x->length_km, y->length_km);
}

static bool line_resolve(hf_builder *b, const hf_row_line *row, line_key *ret_key)
{
    int c = carrier_find(b, row->carrier, row->at);
    if (c < 0) return false;
    int from = end_find(b, c, row->from, "from", row->at), to = end_find(b, c, row->to, "to", row->at), entity = -1;
    if (row->entity >= 0 && (entity = hf_build_entity(b, row->entity, "entity", row->at)) < 0) return false;
    if (from < 0 || to < 0) return false;
    if (!b->net->carrier_directed[c] && from > to) {
        int swap = from;
        from = to;
        to = swap;
    }
    *ret_key = (line_key){c, from, to, entity, row->capacity, row->reactance, row->length_km, row->at};
    return true;
}

static hf_err line_arrays(hf_builder *b, size_t n)
{
    hf_network *net = b->net;
    net->cline_off = hf_build_array(b, (size_t)net->n_carriers + 1, sizeof *net->cline_off);
    net->cline_carrier = hf_build_array(b, n, sizeof *net->cline_carrier);
    net->cline_from = hf_build_array(b, n, sizeof *net->cline_from);
    net->cline_to = hf_build_array(b, n, sizeof *net->cline_to);
    net->cline_entity = hf_build_array(b, n, sizeof *net->cline_entity);
    net->cline_capacity = hf_build_array(b, n, sizeof *net->cline_capacity);
    net->cline_reactance = hf_build_array(b, n, sizeof *net->cline_reactance);
    net->cline_length_km = hf_build_array(b, n, sizeof *net->cline_length_km);
    net->cadj_off = hf_build_array(b, (size_t)net->n_cnodes + 1, sizeof *net->cadj_off);
    net->cadj_line = hf_build_array(b, 2 * n, sizeof *net->cadj_line);
    net->ent_cline_off = hf_build_array(b, (size_t)net->n_entities + 1, sizeof *net->ent_cline_off);
    net->ent_cline = hf_build_array(b, n, sizeof *net->ent_cline);
    return net->cline_off && net->cline_carrier && net->cline_from && net->cline_to && net->cline_entity && net->cline_capacity &&
                   net->cline_reactance && net->cline_length_km && net->cadj_off && net->cadj_line && net->ent_cline_off && net->ent_cline
               ? HF_OK
               : HF_E_NOMEM;
}

static void adjacency_fill(hf_network *net)
{
    for (int l = 0; l < net->n_clines; l++) net->cadj_off[net->cline_from[l] + 1]++, net->cadj_off[net->cline_to[l] + 1]++;
    for (int n = 0; n < net->n_cnodes; n++) net->cadj_off[n + 1] += net->cadj_off[n];
    for (int l = net->n_clines - 1; l >= 0; l--) {
        net->cadj_line[--net->cadj_off[net->cline_from[l] + 1]] = l;
        net->cadj_line[--net->cadj_off[net->cline_to[l] + 1]] = l;
    }
    for (int n = 0; n < net->n_cnodes; n++) net->cadj_off[n] = net->cadj_off[n + 1];
    if (net->n_cnodes > 0) net->cadj_off[net->n_cnodes] = 2 * net->n_clines;
}

static hf_err lines_compile(hf_builder *b)
{
    hf_network *net = b->net;
    size_t n = 0;
    hf_err err = line_arrays(b, b->lines.n);
    line_key *key = hf_malloc(b->lines.n * sizeof *key);
    if (!key || err != HF_OK) {
        hf_free(key);
        return HF_E_NOMEM;
    }
    for (size_t k = 0; k < b->lines.n; k++)
        if (line_resolve(b, &b->lines.row[k], &key[n])) n++;
    qsort(key, n, sizeof *key, compare_lines);
    b->line_at = hf_malloc(n * sizeof *b->line_at);
    for (size_t l = 0; b->line_at && l < n; l++) {
        b->line_at[l] = key[l].at;
        net->cline_carrier[l] = key[l].carrier;
        net->cline_from[l] = key[l].from;
        net->cline_to[l] = key[l].to;
        net->cline_entity[l] = key[l].entity;
        net->cline_capacity[l] = key[l].capacity;
        net->cline_reactance[l] = key[l].reactance;
        net->cline_length_km[l] = key[l].length_km;
        net->cline_off[key[l].carrier + 1]++;
    }
    net->n_clines = b->line_at ? (int)n : 0;
    for (int c = 0; c < net->n_carriers; c++) net->cline_off[c + 1] += net->cline_off[c];
    index_by(net->cline_entity, net->n_clines, net->n_entities, net->ent_cline_off, net->ent_cline);
    adjacency_fill(net);
    hf_free(key);
    return b->line_at ? HF_OK : HF_E_NOMEM;
}

static int root(int *parent, int n)
{
    while (parent[n] != n) n = parent[n] = parent[parent[n]];
    return n;
}

/* Components are numbered in the order of their first nodes, so they follow the carriers. */
static hf_err comps_compile(hf_builder *b)
{
    hf_network *net = b->net;
    int n = net->n_cnodes;
    int *parent = hf_malloc((size_t)n * sizeof *parent);
    net->cnode_comp = hf_build_array(b, (size_t)n, sizeof *net->cnode_comp);
    net->comp_off = hf_build_array(b, (size_t)n + 1, sizeof *net->comp_off);
    net->comp_cnode = hf_build_array(b, (size_t)n, sizeof *net->comp_cnode);
    if (!parent || !net->cnode_comp || !net->comp_off || !net->comp_cnode) {
        hf_free(parent);
        return HF_E_NOMEM;
    }
    for (int k = 0; k < n; k++) parent[k] = k;
    for (int l = 0; l < net->n_clines; l++) {
        int p = root(parent, net->cline_from[l]), q = root(parent, net->cline_to[l]);
        parent[p > q ? p : q] = p > q ? q : p;
    }
    for (int k = 0; k < n; k++) {
        int r = root(parent, k);
        net->cnode_comp[k] = r == k ? net->n_comps++ : net->cnode_comp[r];
    }
    index_by(net->cnode_comp, n, net->n_comps, net->comp_off, net->comp_cnode);
    hf_free(parent);
    return HF_OK;
}

/* Warns of components that cannot serve their nodes although nothing has failed. */
static void comp_check(hf_builder *b, int comp)
{
    const hf_network *net = b->net;
    double supply = 0, demand = 0;
    int first = net->comp_cnode[net->comp_off[comp]], carrier = net->cnode_carrier[first];
    const hf_row_origin nowhere = {-1, 0};
    for (int k = net->comp_off[comp]; k < net->comp_off[comp + 1]; k++) {
        supply += net->cnode_supply[net->comp_cnode[k]];
        demand += net->cnode_demand[net->comp_cnode[k]];
    }
    int others = net->comp_off[comp + 1] - net->comp_off[comp] - 1;
    if (supply <= 0)
        hf_build_warn(b, nowhere, "carrier %s: the island of %s and %d other node%s has no source and is never served", net->carrier_id[carrier],
                      net->id[net->cnode_entity[first]], others, others == 1 ? "" : "s");
    else if (net->carrier_rule[carrier] != HF_REACH && supply < demand * (1 - 1e-9))
        hf_build_warn(b, nowhere, "carrier %s: the island of %s and %d other node%s is short before anything fails: supply %g %s, demand %g %s",
                      net->carrier_id[carrier], net->id[net->cnode_entity[first]], others, others == 1 ? "" : "s", supply,
                      net->carrier_unit[carrier], demand, net->carrier_unit[carrier]);
}

/* The rule `dc` needs the reactance of every line; one error for each component that lacks some, at the first line that does. */
static hf_err reactances_check(hf_builder *b)
{
    const hf_network *net = b->net;
    int *lacking = hf_calloc((size_t)net->n_comps, sizeof *lacking), *all = hf_calloc((size_t)net->n_comps, sizeof *all);
    for (int l = 0; lacking && all && l < net->n_clines; l++) {
        if (net->carrier_rule[net->cline_carrier[l]] != HF_DC) continue;
        int comp = net->cnode_comp[net->cline_from[l]];
        all[comp]++;
        lacking[comp] += isnan(net->cline_reactance[l]);
    }
    for (int l = 0; lacking && all && l < net->n_clines; l++) {
        int comp = net->cnode_comp[net->cline_from[l]];
        if (net->carrier_rule[net->cline_carrier[l]] != HF_DC || lacking[comp] == 0) continue;
        if (!isnan(net->cline_reactance[l])) continue;
        hf_build_error(b, b->line_at[l], HF_E_MISSING, "carrier %s: %d of %d lines of the island of %s have no reactance, the first from %s to %s "
                       "(rule dc needs one above 0 for every line)", net->carrier_id[net->cline_carrier[l]], lacking[comp], all[comp],
                       net->id[net->cnode_entity[net->comp_cnode[net->comp_off[comp]]]], net->id[net->cnode_entity[net->cline_from[l]]],
                       net->id[net->cnode_entity[net->cline_to[l]]]);
        lacking[comp] = 0;
    }
    hf_err err = lacking && all ? HF_OK : HF_E_NOMEM;
    hf_free(lacking);
    hf_free(all);
    return err;
}

hf_err hf_compile_carriers(hf_builder *b)
{
    hf_err err = HF_OK;
    HF_TRY(carriers_list(b));
    HF_TRY(nodes_compile(b));
    HF_TRY(lines_compile(b));
    HF_TRY(comps_compile(b));
    for (int comp = 0; comp < b->net->n_comps; comp++) comp_check(b, comp);
    HF_TRY(reactances_check(b));
out:
    return err;
}

/* A row that belongs to an owner and has a second key, both canonical. */
typedef struct pair_key {
    int owner, other;
    size_t row;
} pair_key;

static int compare_pairs(const void *a, const void *b)
{
    const pair_key *x = a, *y = b;
    if (x->owner != y->owner) return x->owner < y->owner ? -1 : 1;
    if (x->other != y->other) return x->other < y->other ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static bool same_pair(const pair_key *a, const pair_key *b)
{
    return a->owner == b->owner && a->other == b->other;
}

static hf_err abroad_compile(hf_builder *b)
{
    hf_network *net = b->net;
    size_t n = 0;
    net->abroad_off = hf_build_array(b, (size_t)net->n_entities + 1, sizeof *net->abroad_off);
    net->abroad_country = hf_build_array(b, b->abroad.n, sizeof *net->abroad_country);
    net->abroad_users = hf_build_array(b, b->abroad.n, sizeof *net->abroad_users);
    pair_key *key = hf_malloc(b->abroad.n * sizeof *key);
    if (!net->abroad_off || !net->abroad_country || !net->abroad_users || !key) {
        hf_free(key);
        return HF_E_NOMEM;
    }
    for (size_t k = 0; k < b->abroad.n; k++) {
        const hf_row_abroad *row = &b->abroad.row[k];
        int entity = hf_build_entity(b, row->entity, "entity", row->at);
        if (entity >= 0) key[n++] = (pair_key){entity, b->country_rank[row->country], k};
    }
    qsort(key, n, sizeof *key, compare_pairs);
    for (size_t k = 0; k < n; k++) {
        const hf_row_abroad *row = &b->abroad.row[key[k].row];
        if (k > 0 && same_pair(&key[k], &key[k - 1])) {
            hf_build_error(b, row->at, HF_E_DUPLICATE, "%s in %s is there twice (first in line %d)", net->id[key[k].owner],
                           net->countries.name[key[k].other], b->abroad.row[key[k - 1].row].at.line);
            continue;
        }
        net->abroad_country[net->n_abroad] = key[k].other;
        net->abroad_users[net->n_abroad++] = row->users;
        net->abroad_off[key[k].owner + 1]++;
    }
    for (int i = 0; i < net->n_entities; i++) net->abroad_off[i + 1] += net->abroad_off[i];
    hf_free(key);
    return HF_OK;
}

static hf_err hazards_list(hf_builder *b)
{
    hf_network *net = b->net;
    hf_labels names = {0};
    hf_err err = hf_compile_labels(b, b->hazards, &names, &b->hazard_rank);
    if (err != HF_OK) return err;
    net->n_hazards = names.n;
    net->hazard_id = names.name;
    net->hazard_title = hf_build_array(b, (size_t)names.n, sizeof *net->hazard_title);
    net->hazard_frequency = hf_build_array(b, (size_t)names.n, sizeof *net->hazard_frequency);
    if (!net->hazard_title || !net->hazard_frequency) return HF_E_NOMEM;
    for (size_t k = 0; k < b->hazard_rows.n; k++) {
        const hf_row_hazard *row = &b->hazard_rows.row[k];
        int z = b->hazard_rank[row->hazard];
        if (net->hazard_title[z]) hf_build_error(b, row->at, HF_E_DUPLICATE, "hazard \"%s\" is there twice", names.name[z]);
        net->hazard_title[z] = row->title;
        net->hazard_frequency[z] = row->frequency;
    }
    return HF_OK;
}

static hf_err damage_arrays(hf_builder *b, size_t n)
{
    hf_network *net = b->net;
    net->hazard_off = hf_build_array(b, (size_t)net->n_hazards + 1, sizeof *net->hazard_off);
    net->damage_entity = hf_build_array(b, n, sizeof *net->damage_entity);
    net->damage_probability = hf_build_array(b, n, sizeof *net->damage_probability);
    net->damage_severity = hf_build_array(b, n, sizeof *net->damage_severity);
    net->damage_repair_h = hf_build_array(b, n, sizeof *net->damage_repair_h);
    return net->hazard_off && net->damage_entity && net->damage_probability && net->damage_severity && net->damage_repair_h ? HF_OK : HF_E_NOMEM;
}

static hf_err damage_compile(hf_builder *b)
{
    hf_network *net = b->net;
    size_t n = 0;
    hf_err err = damage_arrays(b, b->damage.n);
    pair_key *key = hf_malloc(b->damage.n * sizeof *key);
    if (!key || err != HF_OK) {
        hf_free(key);
        return HF_E_NOMEM;
    }
    for (size_t k = 0; k < b->damage.n; k++) {
        const hf_row_damage *row = &b->damage.row[k];
        int entity = hf_build_entity(b, row->entity, "entity", row->at), z = b->hazard_rank[row->hazard];
        if (!net->hazard_title[z]) hf_build_error(b, row->at, HF_E_UNKNOWN_ID, "hazard \"%s\" is not in hazards", net->hazard_id[z]);
        else if (entity >= 0) key[n++] = (pair_key){z, entity, k};
    }
    qsort(key, n, sizeof *key, compare_pairs);
    for (size_t k = 0; k < n; k++) {
        const hf_row_damage *row = &b->damage.row[key[k].row];
        if (k > 0 && same_pair(&key[k], &key[k - 1])) {
            hf_build_error(b, row->at, HF_E_DUPLICATE, "hazard %s damages %s twice (first in line %d)", net->hazard_id[key[k].owner],
                           net->id[key[k].other], b->damage.row[key[k - 1].row].at.line);
            continue;
        }
        int d = net->n_damage++;
        net->damage_entity[d] = key[k].other;
        net->damage_probability[d] = row->probability;
        net->damage_severity[d] = row->severity;
        net->damage_repair_h[d] = row->repair_h;
        net->hazard_off[key[k].owner + 1]++;
    }
    for (int z = 0; z < net->n_hazards; z++) net->hazard_off[z + 1] += net->hazard_off[z];
    hf_free(key);
    return HF_OK;
}

hf_err hf_compile_context(hf_builder *b)
{
    hf_err err = HF_OK;
    HF_TRY(abroad_compile(b));
    HF_TRY(hazards_list(b));
    HF_TRY(damage_compile(b));
out:
    return err;
}

hf_err hf_builder_finish(hf_builder *b, hf_network **ret_net)
{
    hf_err err = HF_OK;
    HF_TRY(hf_compile_entities(b));
    HF_TRY(hf_compile_requirements(b));
    HF_TRY(hf_compile_supplies(b));
    HF_TRY(hf_compile_carriers(b));
    HF_TRY(hf_compile_context(b));
    if (b->errors > 0) return HF_E_DATA;
    b->net->owner_memory = b->memory;
    *ret_net = b->net;
    b->net = NULL;
    b->memory = NULL;
out:
    return err;
}
