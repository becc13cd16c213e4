#include "tests/support/typed_cascade.h"

#include <math.h>

#include "model/network/builder.h"
#include "tests/support/rows.h"

static const char *const types[] = {"celltower", "health", "power_line", "power_plant", "wastewater"};
static const char *const services[] = {"power_line", "celltower", "wastewater", "health"};

typedef struct loader {
    typed_case *c;
    hf_builder *b;
    const char *name;
    double threshold[6][6]; /* source x target, 0: no such dependency; index 5 is people */
    int n_edges, *edge_from, *edge_to;
} loader;

static int type_index(const char *type)
{
    for (int k = 0; k < 5; k++)
        if (strcmp(types[k], type) == 0) return k;
    return 5;
}

static bool open_part(loader *l, rows *r, const char *part)
{
    char name[128];
    snprintf(name, sizeof name, "parity/typed-cascade/%s/%s", l->name, part);
    return rows_open(r, name);
}

static void add_entity(loader *l, const char *id, const char *sector)
{
    hf_entity_row row = hf_entity_row_default();
    row.id = row.name = id;
    row.sector = sector;
    row.country = "XX";
    hf_builder_entity(l->b, &row, (hf_origin){0});
}

static void add_requirement(loader *l, const char *entity, const char *requirement, hf_response response, double threshold)
{
    hf_requirement_row row = hf_requirement_row_default();
    row.entity = entity;
    row.requirement = requirement;
    row.response = response;
    row.threshold = threshold;
    hf_builder_requirement(l->b, &row, (hf_origin){0});
}

static void add_supply(loader *l, const char *entity, const char *requirement, const char *supplier)
{
    hf_supply_row row = hf_supply_row_default();
    row.entity = entity;
    row.requirement = requirement;
    row.supplier = supplier;
    hf_builder_supply(l->b, &row, (hf_origin){0});
}

static void add_node(loader *l, rows *r)
{
    typed_case *c = l->c;
    int k = c->n_nodes++, type = type_index(r->cell[1]);
    char id[32], out[32];
    snprintf(c->type[k], sizeof c->type[k], "%s", r->cell[1]);
    c->people[k] = type == 5 ? atof(r->cell[6]) : 0;
    snprintf(id, sizeof id, "n%d", k);
    add_entity(l, id, r->cell[1]);
    if (type == 2 || type == 3 || type == 5) {
        hf_carrier_node_row node = {"grid", id, atof(r->cell[4]), atof(r->cell[5]), 1};
        hf_builder_carrier_node(l->b, &node, (hf_origin){0});
    }
    if (type == 2) {
        snprintf(out, sizeof out, "out%d", k);
        add_entity(l, out, "delivery");
        add_requirement(l, out, "grid", HF_LINEAR, 1);
        add_supply(l, out, "grid", id);
    }
    for (int source = 0; source < 5; source++) {
        double threshold = l->threshold[source][type];
        if (threshold == 0) continue;
        if (type == 5) {
            snprintf(id, sizeof id, "n%d.%s", k, types[source]);
            add_entity(l, id, "service");
        }
        add_requirement(l, id, types[source], HF_THRESHOLD, threshold);
    }
}

static void add_edge(loader *l, rows *r)
{
    int from = atoi(r->cell[0]), to = atoi(r->cell[1]);
    char a[32], b[32], edge[48];
    if (strcmp(r->cell[2], "power_line") == 0) {
        if (from > to) return; /* each edge is listed in both directions */
        snprintf(a, sizeof a, "n%d", from);
        snprintf(b, sizeof b, "n%d", to);
        snprintf(edge, sizeof edge, "edge%d-%d", from, to);
        add_entity(l, edge, "edge");
        hf_carrier_line_row line = {"grid", a, b, edge, INFINITY, NAN, NAN};
        hf_builder_carrier_line(l->b, &line, (hf_origin){0});
        l->edge_from[l->n_edges] = from;
        l->edge_to[l->n_edges++] = to;
        return;
    }
    const char *source = l->c->type[from];
    bool people = type_index(l->c->type[to]) == 5, power = strcmp(source, "power_line") == 0;
    snprintf(a, sizeof a, power ? "out%d" : "n%d", from);
    snprintf(b, sizeof b, people ? "n%d.%s" : "n%d", to, source);
    add_supply(l, b, source, a);
    if (people && power) {
        snprintf(a, sizeof a, "n%d", from);
        snprintf(b, sizeof b, "n%d", to);
        hf_carrier_line_row line = {"grid", a, b, NULL, INFINITY, NAN, NAN};
        hf_builder_carrier_line(l->b, &line, (hf_origin){0});
    }
}

static bool read_dependencies(loader *l)
{
    rows r;
    if (!open_part(l, &r, "deps.csv")) return false;
    while (rows_next(&r)) l->threshold[type_index(r.cell[0])][type_index(r.cell[1])] = atof(r.cell[3]);
    rows_close(&r);
    return true;
}

static bool read_network(loader *l)
{
    rows r;
    hf_carrier_row grid = {"grid", "MW", HF_BALANCE, false};
    hf_builder_carrier(l->b, &grid, (hf_origin){0});
    if (!open_part(l, &r, "nodes.csv.gz")) return false;
    while (rows_next(&r)) add_node(l, &r);
    rows_close(&r);
    if (!open_part(l, &r, "edges.csv.gz")) return false;
    while (rows_next(&r)) add_edge(l, &r);
    rows_close(&r);
    return hf_builder_finish(l->b, &l->c->net) == HF_OK;
}

static bool read_scenarios(loader *l)
{
    rows r;
    typed_case *c = l->c;
    if (!open_part(l, &r, "expected.csv")) return false;
    for (; rows_next(&r); c->n_scenarios++) {
        c->failed[c->n_scenarios] = atoi(r.cell[1]);
        for (int k = 0; k < TYPED_RESULTS; k++) c->expected[c->n_scenarios][k] = atol(r.cell[2 + k]);
    }
    rows_close(&r);
    return true;
}

static void index_entities(loader *l)
{
    typed_case *c = l->c;
    char id[64];
    for (int k = 0; k < c->n_nodes; k++) {
        snprintf(id, sizeof id, strcmp(c->type[k], "power_line") == 0 ? "out%d" : "n%d", k);
        c->entity[k] = hf_network_find(c->net, id);
        for (int s = 0; s < 4; s++) {
            snprintf(id, sizeof id, "n%d.%s", k, services[s]);
            c->service[k][s] = hf_network_find(c->net, id);
        }
    }
    for (int e = 0; e < l->n_edges; e++) c->edge_off[l->edge_from[e] + 1]++, c->edge_off[l->edge_to[e] + 1]++;
    for (int k = 0; k < c->n_nodes; k++) c->edge_off[k + 1] += c->edge_off[k];
    int *at = calloc(c->n_nodes > 0 ? (size_t)c->n_nodes : 1, sizeof *at);
    for (int e = 0; e < l->n_edges; e++) {
        snprintf(id, sizeof id, "edge%d-%d", l->edge_from[e], l->edge_to[e]);
        int entity = hf_network_find(c->net, id);
        c->edge_entity[c->edge_off[l->edge_from[e]] + at[l->edge_from[e]]++] = entity;
        c->edge_entity[c->edge_off[l->edge_to[e]] + at[l->edge_to[e]]++] = entity;
    }
    free(at);
}

bool typed_case_load(const char *name, typed_case *ret_case)
{
    enum { NODES = 20000, EDGES = 100000 };
    typed_case *c = ret_case;
    *c = (typed_case){.entity = calloc(NODES, sizeof(int)), .type = calloc(NODES, sizeof *c->type), .people = calloc(NODES, sizeof(double)),
                      .service = calloc(NODES, sizeof *c->service), .edge_off = calloc(NODES + 1, sizeof(int)),
                      .edge_entity = calloc(2 * EDGES, sizeof(int))};
    loader l = {.c = c, .name = name, .edge_from = calloc(EDGES, sizeof(int)), .edge_to = calloc(EDGES, sizeof(int))};
    hf_diag *diag = NULL;
    bool ok = hf_diag_new(&diag) == HF_OK && hf_builder_new(diag, &l.b) == HF_OK && read_dependencies(&l) && read_network(&l) &&
              read_scenarios(&l);
    for (size_t k = 0; diag && k < hf_diag_kept(diag) && k < 10; k++)
        if (hf_diag_get(diag, k)->severity == HF_ERROR) printf("# %s\n", hf_diag_get(diag, k)->text);
    if (ok) index_entities(&l);
    else typed_case_done(c);
    hf_builder_free(l.b);
    hf_diag_free(diag);
    free(l.edge_from);
    free(l.edge_to);
    return ok;
}

void typed_case_done(typed_case *c)
{
    hf_network_free(c->net);
    free(c->entity);
    free(c->type);
    free(c->people);
    free(c->service);
    free(c->edge_off);
    free(c->edge_entity);
    *c = (typed_case){0};
}

int typed_case_injects(const typed_case *c, int scenario, hf_inject *ret_injects, int capacity)
{
    int node = c->failed[scenario], n = 0;
    ret_injects[n++] = (hf_inject){0, HF_INJECT_FAIL, c->entity[node], 0, NAN};
    for (int k = c->edge_off[node]; k < c->edge_off[node + 1] && n < capacity; k++)
        ret_injects[n++] = (hf_inject){0, HF_INJECT_FAIL, c->edge_entity[k], 0, NAN};
    return n;
}

void typed_case_count(const typed_case *c, const hf_timeline *tl, long ret_result[TYPED_RESULTS])
{
    for (int k = 0; k < TYPED_RESULTS; k++) ret_result[k] = 0;
    for (int k = 0; k < c->n_nodes; k++) {
        int type = type_index(c->type[k]);
        /* A line node fails only by the inject itself; a delivery below 1 is capacity, not failure. */
        double level = type == 2 ? hf_timeline_availability(tl, c->entity[k]) : hf_timeline_level(tl, c->entity[k]);
        if (type < 5 && type != 3 && level < 0.5) ret_result[type]++;
        for (int s = 0; type == 5 && s < 4; s++)
            if (c->service[k][s] >= 0 && hf_timeline_level(tl, c->service[k][s]) < 0.5) ret_result[5 + s] += (long)c->people[k];
    }
}
