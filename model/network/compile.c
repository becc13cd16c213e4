/* Turning rows into a network: vocabularies, entities, requirements, supplies. Carriers are in compile_carriers.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "model/network/build.h"
#include "model/network/shedding.h"

/* Rows that are compiled make room for what comes next. */
#define ROWS_DROP(rows)                                                                                                                    \
    do {                                                                                                                                   \
        hf_free((rows).row);                                                                                                               \
        (rows).row = NULL;                                                                                                                 \
        (rows).n = (rows).capacity = 0;                                                                                                    \
    } while (0)

void *hf_build_array(hf_builder *b, size_t count, size_t bytes)
{
    return hf_arena_calloc(&b->memory->arena, count, bytes);
}

int hf_build_entity(hf_builder *b, int id, const char *role, hf_row_origin at)
{
    int rank = b->memory->rank[id];
    if (rank < 0) hf_build_error(b, at, HF_E_UNKNOWN_ID, "%s \"%s\" is not in entities", role, hf_idmap_text(b->memory->ids, id));
    return rank;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

hf_err hf_compile_labels(hf_builder *b, const hf_idmap *map, hf_labels *ret_labels, int **ret_rank)
{
    int n = hf_idmap_count(map);
    const char **name = hf_build_array(b, (size_t)n, sizeof *name);
    if (!name) return HF_E_NOMEM;
    for (int k = 0; k < n; k++) {
        const char *text = hf_idmap_text(map, k);
        name[k] = hf_arena_strndup(&b->memory->arena, text, strlen(text)); /* the map goes with the builder, the network stays */
        if (!name[k]) return HF_E_NOMEM;
    }
    qsort(name, (size_t)n, sizeof *name, compare_texts);
    *ret_labels = (hf_labels){n, name};
    if (!ret_rank) return HF_OK;
    int *rank = hf_malloc((size_t)n * sizeof *rank);
    if (!rank) return HF_E_NOMEM;
    for (int k = 0; k < n; k++) rank[k] = hf_labels_find(ret_labels, hf_idmap_text(map, k));
    *ret_rank = rank;
    return HF_OK;
}

static int rank_of(const int *rank, int number)
{
    return number < 0 ? -1 : rank[number];
}

typedef struct sort_key {
    const char *id;
    int row;
} sort_key;

static int compare_keys(const void *a, const void *b)
{
    const sort_key *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

/* Leaves in `key` the rows in order of id, each id once; fills the map from numbers to canonical indices. */
static int entities_sort(hf_builder *b, sort_key *key)
{
    int n = (int)b->entities.n, kept = 0;
    for (int k = 0; k < n; k++) key[k] = (sort_key){hf_idmap_text(b->memory->ids, b->entities.row[k].id), k};
    qsort(key, (size_t)n, sizeof *key, compare_keys);
    for (int k = 0; k < n; k++) {
        const hf_row_entity *row = &b->entities.row[key[k].row];
        if (b->memory->rank[row->id] >= 0) {
            const hf_row_entity *first = &b->entities.row[key[kept - 1].row];
            hf_build_error(b, row->at, HF_E_DUPLICATE, "entity \"%s\" is there twice (first in line %d)", key[k].id, first->at.line);
            continue;
        }
        b->memory->rank[row->id] = kept;
        key[kept++] = key[k];
    }
    return kept;
}

static hf_err entity_arrays(hf_builder *b, int n)
{
    hf_network *net = b->net;
    size_t count = (size_t)n;
    void **ints[] = {(void **)&net->sector, (void **)&net->subsector, (void **)&net->country, (void **)&net->region, (void **)&net->owner};
    void **doubles[] = {(void **)&net->users, (void **)&net->value_eur_h, (void **)&net->weight, (void **)&net->market_share, (void **)&net->lat,
                        (void **)&net->lon, (void **)&net->repair_h, (void **)&net->repair_sigma, (void **)&net->restart_h, (void **)&net->restart_below};
    void **bools[] = {(void **)&net->black_start, (void **)&net->isolated, (void **)&net->confidential};
    for (size_t k = 0; k < sizeof ints / sizeof *ints; k++)
        if (!(*ints[k] = hf_build_array(b, count, sizeof(int)))) return HF_E_NOMEM;
    for (size_t k = 0; k < sizeof doubles / sizeof *doubles; k++)
        if (!(*doubles[k] = hf_build_array(b, count, sizeof(double)))) return HF_E_NOMEM;
    for (size_t k = 0; k < sizeof bools / sizeof *bools; k++)
        if (!(*bools[k] = hf_build_array(b, count, sizeof(bool)))) return HF_E_NOMEM;
    net->id = hf_build_array(b, count, sizeof *net->id);
    net->name = hf_build_array(b, count, sizeof *net->name);
    return net->id && net->name ? HF_OK : HF_E_NOMEM;
}

static double weight_of(const hf_row_entity *row)
{
    if (!isnan(row->weight)) return row->weight;
    if (row->users > 0) return row->users;
    return row->market_share > 0 ? row->market_share : 1;
}

typedef struct ranks {
    int *sector, *subsector, *region, *owner;
} ranks;

static void entity_fill(hf_builder *b, int i, const hf_row_entity *row, const ranks *r)
{
    hf_network *net = b->net;
    net->id[i] = hf_idmap_text(b->memory->ids, row->id);
    net->name[i] = row->name;
    net->sector[i] = rank_of(r->sector, row->sector);
    net->subsector[i] = rank_of(r->subsector, row->subsector);
    net->country[i] = rank_of(b->country_rank, row->country);
    net->region[i] = rank_of(r->region, row->region);
    net->owner[i] = rank_of(r->owner, row->owner);
    net->users[i] = row->users;
    net->value_eur_h[i] = row->value_eur_h;
    net->weight[i] = weight_of(row);
    net->market_share[i] = row->market_share;
    net->lat[i] = row->lat;
    net->lon[i] = row->lon;
    net->repair_h[i] = row->repair_h;
    net->repair_sigma[i] = row->repair_sigma;
    net->restart_h[i] = row->restart_h;
    net->restart_below[i] = row->restart_below;
    net->black_start[i] = row->black_start;
    net->isolated[i] = row->isolated;
    net->confidential[i] = row->confidential;
}

hf_err hf_compile_entities(hf_builder *b)
{
    hf_err err = HF_OK;
    hf_network *net = b->net;
    ranks r = {0};
    int ids = hf_idmap_count(b->memory->ids);
    sort_key *key = hf_malloc(b->entities.n * sizeof *key);
    b->memory->rank = hf_malloc((size_t)ids * sizeof *b->memory->rank);
    if (!key || !b->memory->rank) {
        err = HF_E_NOMEM;
        goto out;
    }
    for (int k = 0; k < ids; k++) b->memory->rank[k] = -1;
    HF_TRY(hf_compile_labels(b, b->sectors, &net->sectors, &r.sector));
    HF_TRY(hf_compile_labels(b, b->subsectors, &net->subsectors, &r.subsector));
    HF_TRY(hf_compile_labels(b, b->countries, &net->countries, &b->country_rank));
    HF_TRY(hf_compile_labels(b, b->regions, &net->regions, &r.region));
    HF_TRY(hf_compile_labels(b, b->owners, &net->owners, &r.owner));
    net->n_entities = entities_sort(b, key);
    HF_TRY(entity_arrays(b, net->n_entities));
    for (int i = 0; i < net->n_entities; i++) entity_fill(b, i, &b->entities.row[key[i].row], &r);
    ROWS_DROP(b->entities);
out:
    hf_free(key);
    hf_free(r.sector);
    hf_free(r.subsector);
    hf_free(r.region);
    hf_free(r.owner);
    return err;
}

/* Sorts rows by an owner (counting, stable) into *ret_order; *ret_off [owners + 1]. Rows of owner -1 are left out. Both on the heap. */
static hf_err order_by_owner(const int *owner, size_t rows, int owners, int **ret_off, int **ret_order)
{
    int *off = hf_calloc((size_t)owners + 2, sizeof *off), *order = hf_malloc(rows * sizeof *order);
    if (!off || !order) {
        hf_free(off);
        hf_free(order);
        return HF_E_NOMEM;
    }
    for (size_t k = 0; k < rows; k++)
        if (owner[k] >= 0) off[owner[k] + 2]++;
    for (int v = 0; v < owners; v++) off[v + 2] += off[v + 1];
    for (size_t k = 0; k < rows; k++)
        if (owner[k] >= 0) order[off[owner[k] + 1]++] = (int)k;
    *ret_off = off;
    *ret_order = order;
    return HF_OK;
}

static bool row_after(int a, int b, const int *key)
{
    return key[a] != key[b] ? key[a] > key[b] : a > b;
}

static void sift_down(int *order, int at, int n, const int *key)
{
    for (int child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && row_after(order[child + 1], order[child], key)) child++;
        if (!row_after(order[child], order[at], key)) return;
        int swap = order[at];
        order[at] = order[child];
        order[child] = swap;
    }
}

/* Sorts row numbers by key, then by row; runs are short but for a few (heap sort, in place). */
static void run_sort(int *order, int n, const int *key)
{
    for (int k = n / 2 - 1; k >= 0; k--) sift_down(order, k, n, key);
    for (int k = n - 1; k > 0; k--) {
        int swap = order[0];
        order[0] = order[k];
        order[k] = swap;
        sift_down(order, 0, k, key);
    }
}

static hf_err requirement_arrays(hf_builder *b, size_t n)
{
    hf_network *net = b->net;
    net->req_off = hf_build_array(b, (size_t)net->n_entities + 1, sizeof *net->req_off);
    net->req_entity = hf_build_array(b, n, sizeof *net->req_entity);
    net->req_label = hf_build_array(b, n, sizeof *net->req_label);
    net->req_kind = hf_build_array(b, n, sizeof *net->req_kind);
    net->req_response = hf_build_array(b, n, sizeof *net->req_response);
    net->req_threshold = hf_build_array(b, n, sizeof *net->req_threshold);
    net->req_refill = hf_build_array(b, n, sizeof *net->req_refill);
    net->req_curve = hf_build_array(b, n, sizeof *net->req_curve);
    return net->req_off && net->req_entity && net->req_label && net->req_kind && net->req_response && net->req_threshold && net->req_refill &&
                   net->req_curve
               ? HF_OK
               : HF_E_NOMEM;
}

/* Stores the curves in the order in which the sorted requirements name them, each once. */
static hf_err curves_compile(hf_builder *b, const int *row_of)
{
    hf_network *net = b->net;
    int n = hf_idmap_count(b->curves), used = 0, steps = 0;
    double h[HF_CURVE_STEPS], loss[HF_CURVE_STEPS];
    int *place = hf_malloc((size_t)n * sizeof *place);
    net->curve_off = hf_build_array(b, (size_t)n + 1, sizeof *net->curve_off);
    size_t room = 0;
    for (int c = 0; c < n; c++) room += strlen(hf_idmap_text(b->curves, c)) / 4 + 2; /* "0:1 " is the shortest step */
    net->curve_h = hf_build_array(b, room, sizeof *net->curve_h);
    net->curve_loss = hf_build_array(b, room, sizeof *net->curve_loss);
    if (!place || !net->curve_off || !net->curve_h || !net->curve_loss) {
        hf_free(place);
        return HF_E_NOMEM;
    }
    for (int c = 0; c < n; c++) place[c] = -1;
    for (int g = 0; g < net->n_requirements; g++) {
        const hf_row_requirement *row = &b->requirements.row[row_of[g]];
        const char *text = hf_idmap_text(b->curves, row->curve), *why = NULL;
        size_t at = 0;
        if (place[row->curve] < 0) {
            int count = hf_curve_parse(text, h, loss, HF_CURVE_STEPS, &why, &at);
            if (count < 0) {
                hf_build_error(b, row->at, HF_E_RANGE, "curve \"%s\" at character %zu: %s", text, at + 1, why);
                continue;
            }
            memcpy(net->curve_h + steps, h, (size_t)count * sizeof *h);
            memcpy(net->curve_loss + steps, loss, (size_t)count * sizeof *loss);
            steps += count;
            place[row->curve] = used++;
            net->curve_off[used] = steps;
        }
        net->req_curve[g] = place[row->curve];
    }
    net->n_curves = used;
    hf_free(place);
    return HF_OK;
}

static void requirement_fill(hf_builder *b, int g, int entity, const hf_row_requirement *row)
{
    hf_network *net = b->net;
    net->req_entity[g] = entity;
    net->req_label[g] = b->label_rank[row->label];
    net->req_kind[g] = row->kind;
    net->req_response[g] = row->response;
    net->req_threshold[g] = row->threshold;
    net->req_refill[g] = row->refill;
}

/* Puts the rows of one entity in order of name; a name twice is an error and left out. Returns how many were filled. */
static int requirements_of(hf_builder *b, int entity, int *order, int n, const int *label, int first, int *ret_row_of)
{
    int kept = 0;
    run_sort(order, n, label);
    for (int k = 0; k < n; k++) {
        const hf_row_requirement *row = &b->requirements.row[order[k]];
        if (kept > 0 && b->net->req_label[first + kept - 1] == label[order[k]]) {
            hf_build_error(b, row->at, HF_E_DUPLICATE, "requirement \"%s\" of %s is there twice (first in line %d)",
                           hf_idmap_text(b->labels, row->label), b->net->id[entity], b->requirements.row[ret_row_of[first + kept - 1]].at.line);
            continue;
        }
        requirement_fill(b, first + kept, entity, row);
        ret_row_of[first + kept++] = order[k];
    }
    return kept;
}

hf_err hf_compile_requirements(hf_builder *b)
{
    hf_err err = HF_OK;
    hf_network *net = b->net;
    size_t rows = b->requirements.n;
    int *entity = hf_malloc(rows * sizeof *entity), *label = hf_malloc(rows * sizeof *label), *row_of = hf_malloc(rows * sizeof *row_of);
    int *off = NULL, *order = NULL;
    if (!entity || !label || !row_of) {
        err = HF_E_NOMEM;
        goto out;
    }
    HF_TRY(hf_compile_labels(b, b->labels, &net->req_labels, &b->label_rank));
    HF_TRY(requirement_arrays(b, rows));
    for (size_t k = 0; k < rows; k++) {
        entity[k] = hf_build_entity(b, b->requirements.row[k].entity, "entity", b->requirements.row[k].at);
        label[k] = b->label_rank[b->requirements.row[k].label];
    }
    HF_TRY(order_by_owner(entity, rows, net->n_entities, &off, &order));
    for (int i = 0; i < net->n_entities; i++) {
        net->n_requirements += requirements_of(b, i, order + off[i], off[i + 1] - off[i], label, net->n_requirements, row_of);
        net->req_off[i + 1] = net->n_requirements;
    }
    HF_TRY(curves_compile(b, row_of));
    b->requirement_row = row_of;
    row_of = NULL;
out:
    hf_free(entity);
    hf_free(label);
    hf_free(row_of);
    hf_free(off);
    hf_free(order);
    return err;
}

static int requirement_find(const hf_network *net, int entity, int label)
{
    for (int g = net->req_off[entity]; g < net->req_off[entity + 1]; g++)
        if (net->req_label[g] == label) return g;
    return -1;
}

static hf_err supply_arrays(hf_builder *b, size_t n)
{
    hf_network *net = b->net;
    net->sup_off = hf_build_array(b, (size_t)net->n_requirements + 1, sizeof *net->sup_off);
    net->sup_req = hf_build_array(b, n, sizeof *net->sup_req);
    net->sup_supplier = hf_build_array(b, n, sizeof *net->sup_supplier);
    net->sup_share = hf_build_array(b, n, sizeof *net->sup_share);
    net->sup_demand = hf_build_array(b, n, sizeof *net->sup_demand);
    net->sup_class = hf_build_array(b, n, sizeof *net->sup_class);
    net->sup_from = hf_build_array(b, n, sizeof *net->sup_from);
    net->sup_width = hf_build_array(b, n, sizeof *net->sup_width);
    net->out_off = hf_build_array(b, (size_t)net->n_entities + 1, sizeof *net->out_off);
    net->out_supply = hf_build_array(b, n, sizeof *net->out_supply);
    return net->sup_off && net->sup_req && net->sup_supplier && net->sup_share && net->sup_demand && net->sup_class && net->sup_from &&
                   net->sup_width && net->out_off && net->out_supply
               ? HF_OK
               : HF_E_NOMEM;
}

/* Puts the rows of one requirement in order of supplier; a supplier twice is an error and left out. */
static void supplies_of(hf_builder *b, int g, int *order, int n, const int *supplier)
{
    hf_network *net = b->net;
    const hf_row_supply *last = NULL;
    run_sort(order, n, supplier);
    for (int k = 0; k < n; k++) {
        const hf_row_supply *row = &b->supplies.row[order[k]];
        if (last && last->supplier == row->supplier) {
            hf_build_error(b, row->at, HF_E_DUPLICATE, "supplier \"%s\" of %s of %s is there twice (first in line %d)",
                           net->id[supplier[order[k]]], hf_idmap_text(b->labels, row->label), net->id[net->req_entity[g]], last->at.line);
            continue;
        }
        int s = net->n_supplies++;
        net->sup_req[s] = g;
        net->sup_supplier[s] = supplier[order[k]];
        net->sup_share[s] = row->share;
        net->sup_demand[s] = row->demand;
        net->sup_class[s] = row->shed_class;
        last = row;
    }
}

static void cover_check(hf_builder *b, int g)
{
    const hf_network *net = b->net;
    const hf_row_requirement *row = &b->requirements.row[b->requirement_row[g]];
    const char *name = hf_idmap_text(b->labels, row->label), *id = net->id[net->req_entity[g]];
    double sum = 0, need = net->req_response[g] == HF_THRESHOLD ? net->req_threshold[g] : 1;
    for (int s = net->sup_off[g]; s < net->sup_off[g + 1]; s++) sum += net->sup_share[s];
    if (net->sup_off[g] == net->sup_off[g + 1])
        hf_build_error(b, row->at, HF_E_MISSING, "requirement \"%s\" of %s has no supplier (add a row to supplies)", name, id);
    else if (sum < need - 1e-9)
        hf_build_error(b, row->at, HF_E_RANGE, "the shares of requirement \"%s\" of %s add up to %g and can never cover it (needed: %g)", name, id,
                       sum, need);
}

static void links_by_supplier(hf_network *net)
{
    for (int s = 0; s < net->n_supplies; s++) net->out_off[net->sup_supplier[s] + 1]++;
    for (int i = 0; i < net->n_entities; i++) net->out_off[i + 1] += net->out_off[i];
    for (int s = net->n_supplies - 1; s >= 0; s--) net->out_supply[--net->out_off[net->sup_supplier[s] + 1]] = s;
    for (int i = 0; i < net->n_entities; i++) net->out_off[i] = net->out_off[i + 1];
    net->out_off[net->n_entities] = net->n_supplies;
}

hf_err hf_compile_supplies(hf_builder *b)
{
    hf_err err = HF_OK;
    hf_network *net = b->net;
    size_t rows = b->supplies.n;
    int *requirement = hf_malloc(rows * sizeof *requirement), *supplier = hf_malloc(rows * sizeof *supplier);
    int *off = NULL, *order = NULL;
    if (!requirement || !supplier) {
        err = HF_E_NOMEM;
        goto out;
    }
    HF_TRY(supply_arrays(b, rows));
    for (size_t k = 0; k < rows; k++) {
        const hf_row_supply *row = &b->supplies.row[k];
        int entity = hf_build_entity(b, row->entity, "entity", row->at);
        supplier[k] = hf_build_entity(b, row->supplier, "supplier", row->at);
        requirement[k] = entity < 0 ? -1 : requirement_find(net, entity, b->label_rank[row->label]);
        if (entity >= 0 && requirement[k] < 0)
            hf_build_error(b, row->at, HF_E_UNKNOWN_ID, "%s has no requirement \"%s\" (add a row to requirements)", net->id[entity],
                           hf_idmap_text(b->labels, row->label));
        if (supplier[k] < 0) requirement[k] = -1;
    }
    HF_TRY(order_by_owner(requirement, rows, net->n_requirements, &off, &order));
    for (int g = 0; g < net->n_requirements; g++) {
        supplies_of(b, g, order + off[g], off[g + 1] - off[g], supplier);
        net->sup_off[g + 1] = net->n_supplies;
        cover_check(b, g);
    }
    links_by_supplier(net);
    for (int i = 0; i < net->n_entities; i++) hf_shed_places(net, i, NULL, requirement, net->sup_from, net->sup_width);
    ROWS_DROP(b->supplies);
    ROWS_DROP(b->requirements);
out:
    hf_free(requirement);
    hf_free(supplier);
    hf_free(off);
    hf_free(order);
    return err;
}
