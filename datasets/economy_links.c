/* What hangs on the industries: value added, entities, corridors and routes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/economy_inside.h"

hf_err hf_economy_value_added(hf_economy_reader *r, bool *known)
{
    hf_err err = HF_OK;
    hf_reader row;
    hf_idmap *seen = NULL;
    if (!r->parts->value_added || !hf_economy_begin(r, &row, r->parts->value_added, "value_added")) return HF_OK;
    HF_TRY(hf_idmap_new(&seen));
    for (row.row = 0; row.row < hf_table_rows(row.table); row.row++) {
        bool is_new = false;
        int f = hf_economy_industry(r, &row);
        double value = hf_reader_number(&row, "value", 0);
        const char *component = hf_reader_text(&row, "component");
        if (f < 0) continue;
        const char *key[] = {hf_reader_text(&row, "region"), hf_reader_text(&row, "industry"), component ? component : "all"};
        HF_TRY(hf_economy_once(seen, &row, "region", key, 3, &is_new));
        if (!is_new) continue;
        r->e->table->v[f] += value;
        known[f] = true;
    }
out:
    hf_idmap_free(seen);
    return err;
}

static int compare_links(const void *a, const void *b)
{
    const hf_industry_link *x = a, *y = b;
    if (x->industry != y->industry) return x->industry < y->industry ? -1 : 1;
    if (x->entity != y->entity) return x->entity < y->entity ? -1 : 1;
    return x->follows - y->follows;
}

hf_err hf_economy_links(hf_economy_reader *r)
{
    hf_err err = HF_OK;
    hf_economy *e = r->e;
    hf_reader row;
    hf_idmap *seen = NULL;
    double *carried = NULL;
    if (!r->parts->industry_links || !hf_economy_begin(r, &row, r->parts->industry_links, "industry_links")) return HF_OK;
    e->link = hf_arena_calloc(&e->memory, (size_t)hf_table_rows(row.table), sizeof *e->link);
    carried = hf_calloc((size_t)e->table->n_industries, sizeof *carried);
    if (!e->link || !carried) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_idmap_new(&seen));
    for (row.row = 0; row.row < hf_table_rows(row.table); row.row++) {
        bool is_new = false;
        hf_industry_link link = {hf_economy_industry(r, &row), hf_economy_entity(r, &row, "entity"), hf_reader_number(&row, "capacity_share", 1),
                                 hf_reader_choice(&row, "link", 0) == 1};
        if (link.industry < 0 || link.entity < 0) continue;
        const char *key[] = {hf_reader_text(&row, "entity"), hf_reader_text(&row, "region"), hf_reader_text(&row, "industry")};
        HF_TRY(hf_economy_once(seen, &row, "entity", key, 3, &is_new));
        if (!is_new) continue;
        double before = carried[link.industry];
        if (!link.follows) carried[link.industry] += link.share;
        if (before <= 1 + 1e-9 && carried[link.industry] > 1 + 1e-9)
            hf_economy_error(&row, "capacity_share", HF_E_RANGE, "the capacity shares of %.60s/%.60s add up to %g (allowed: up to 1)", key[1], key[2],
                             carried[link.industry]);
        e->link[e->n_links++] = link;
    }
    qsort(e->link, (size_t)e->n_links, sizeof *e->link, compare_links);
out:
    hf_idmap_free(seen);
    hf_free(carried);
    return err;
}

static hf_err corridors_read(hf_economy_reader *r, hf_idmap *names)
{
    hf_economy *e = r->e;
    hf_reader row;
    if (!r->parts->corridors || !hf_economy_begin(r, &row, r->parts->corridors, "corridors")) return HF_OK;
    e->corridor = hf_arena_calloc(&e->memory, (size_t)hf_table_rows(row.table), sizeof *e->corridor);
    if (!e->corridor) return HF_E_NOMEM;
    for (row.row = 0; row.row < hf_table_rows(row.table); row.row++) {
        const char *name = hf_reader_text(&row, "corridor"), *title = hf_reader_text(&row, "title");
        int entity = hf_economy_entity(r, &row, "entity"), index = 0;
        double capacity = hf_reader_number(&row, "capacity", INFINITY);
        bool added = false;
        if (!name) continue;
        hf_err err = hf_idmap_intern(names, name, strlen(name), &index, &added);
        if (err != HF_OK) return err;
        if (!added) {
            hf_economy_error(&row, "corridor", HF_E_DUPLICATE, "corridor \"%.60s\" is there twice", name);
            continue;
        }
        if (strchr(name, ';')) hf_economy_error(&row, "corridor", HF_E_RANGE, "corridor \"%.60s\" has a ; in its name (it separates gates)", name);
        hf_corridor *c = &e->corridor[e->n_corridors++];
        *c = (hf_corridor){hf_arena_strndup(&e->memory, name, strlen(name)), NULL, entity < 0 ? -1 : entity, capacity};
        c->title = title ? hf_arena_strndup(&e->memory, title, strlen(title)) : c->name;
        if (!c->name || !c->title) return HF_E_NOMEM;
    }
    return HF_OK;
}

/* A route on its way to its place. */
typedef struct route_row {
    hf_trade_route route;
    int row;
} route_row;

static int compare_routes(const void *a, const void *b)
{
    const route_row *x = a, *y = b;
    if (x->route.origin != y->route.origin) return x->route.origin < y->route.origin ? -1 : 1;
    if (x->route.destination != y->route.destination) return x->route.destination < y->route.destination ? -1 : 1;
    if (x->route.sector != y->route.sector) return x->route.sector < y->route.sector ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* The gates of the current row, `;` between them. */
static hf_err gates_read(hf_economy_reader *r, hf_reader *row, const hf_idmap *names, size_t *capacity, int **gates, hf_trade_route *route)
{
    hf_economy *e = r->e;
    route->gate_first = e->n_gates;
    const char *at = hf_reader_text(row, "gates");
    while (at && *at) {
        at += strspn(at, " ;");
        size_t n = strcspn(at, ";"), whole = n;
        while (n > 0 && at[n - 1] == ' ') n--;
        if (n == 0) break;
        int gate = hf_idmap_find(names, at, n);
        if (gate < 0) hf_economy_error(row, "gates", HF_E_UNKNOWN_ID, "corridor \"%.*s\" is not in corridors", n > 60 ? 60 : (int)n, at);
        hf_err err = hf_grow((void **)gates, capacity, (size_t)e->n_gates + 1, sizeof **gates);
        if (err != HF_OK) return err;
        (*gates)[e->n_gates++] = gate;
        at += whole;
    }
    route->n_gates = e->n_gates - route->gate_first;
    return HF_OK;
}

static hf_err route_read(hf_economy_reader *r, hf_reader *row, hf_idmap *seen, route_row *to, bool *ret_kept)
{
    hf_err err = HF_OK;
    const char *sector = hf_reader_text(row, "industry"), *name = hf_reader_text(row, "route");
    hf_trade_route *route = &to->route;
    *route = (hf_trade_route){.origin = hf_economy_region(r, row, "origin"), .destination = hf_economy_region(r, row, "destination"),
                        .sector = sector ? hf_idmap_find(r->sectors, sector, strlen(sector)) : -1, .share = hf_reader_number(row, "share", 1),
                        .extra_days = hf_reader_number(row, "extra_days", 0), .extra_cost = hf_reader_number(row, "extra_cost", 0)};
    to->row = row->row;
    *ret_kept = false;
    if (sector && route->sector < 0) hf_economy_error(row, "industry", HF_E_UNKNOWN_ID, "industry \"%.60s\" is in no row of industries", sector);
    if (!name || route->origin < 0 || route->destination < 0 || (sector && route->sector < 0)) return HF_OK;
    const char *key[] = {hf_reader_text(row, "origin"), hf_reader_text(row, "destination"), sector ? sector : "", name};
    HF_TRY(hf_economy_once(seen, row, "origin", key, 4, ret_kept));
    route->name = hf_arena_strndup(&r->e->memory, name, strlen(name));
    if (!route->name) err = HF_E_NOMEM;
out:
    return err;
}

/* The shares of a flow's routes must add up to 1. */
static void shares_check(hf_reader *row, const route_row *first, int n)
{
    double sum = 0;
    for (int k = 0; k < n; k++) sum += first[k].route.share;
    row->row = first->row;
    if (fabs(sum - 1) > 1e-6)
        hf_economy_error(row, "share", HF_E_RANGE, "the shares of the %d route%s from %.60s to %.60s add up to %.10g (allowed: 1)", n, n == 1 ? "" : "s",
                         hf_reader_text(row, "origin"), hf_reader_text(row, "destination"), sum);
}

static bool same_flow(const hf_trade_route *a, const hf_trade_route *b)
{
    return a->origin == b->origin && a->destination == b->destination && a->sector == b->sector;
}

static hf_err routes_keep(hf_economy *e, hf_reader *row, route_row *rows, int n, const int *gates)
{
    qsort(rows, (size_t)n, sizeof *rows, compare_routes);
    e->route = hf_arena_calloc(&e->memory, (size_t)n, sizeof *e->route);
    e->gate = hf_arena_calloc(&e->memory, (size_t)e->n_gates, sizeof *e->gate);
    if (!e->route || !e->gate) return HF_E_NOMEM;
    if (e->n_gates) memcpy(e->gate, gates, (size_t)e->n_gates * sizeof *gates);
    for (int k = 0, end; k < n; k = end) {
        for (end = k; end < n && same_flow(&rows[k].route, &rows[end].route); end++) e->route[e->n_routes++] = rows[end].route;
        shares_check(row, &rows[k], end - k);
    }
    return HF_OK;
}

static hf_err routes_read(hf_economy_reader *r, const hf_idmap *corridors)
{
    hf_err err = HF_OK;
    hf_reader row;
    hf_idmap *seen = NULL;
    route_row *rows = NULL;
    int *gates = NULL, n = 0;
    size_t gate_capacity = 0;
    if (!r->parts->routes || !hf_economy_begin(r, &row, r->parts->routes, "routes")) return HF_OK;
    rows = hf_calloc((size_t)hf_table_rows(row.table), sizeof *rows);
    if (!rows) return HF_E_NOMEM;
    HF_TRY(hf_idmap_new(&seen));
    for (row.row = 0; row.row < hf_table_rows(row.table); row.row++) {
        bool kept = false;
        HF_TRY(route_read(r, &row, seen, &rows[n], &kept));
        HF_TRY(gates_read(r, &row, corridors, &gate_capacity, &gates, &rows[n].route));
        n += kept;
    }
    HF_TRY(routes_keep(r->e, &row, rows, n, gates));
out:
    hf_idmap_free(seen);
    hf_free(rows);
    hf_free(gates);
    return err;
}

hf_err hf_economy_gates(hf_economy_reader *r)
{
    hf_idmap *corridors = NULL;
    hf_err err = hf_idmap_new(&corridors);
    if (err == HF_OK) err = corridors_read(r, corridors);
    if (err == HF_OK) err = routes_read(r, corridors);
    hf_idmap_free(corridors);
    return err;
}

bool hf_economy_is_goods(const hf_economy *economy, int sector)
{
    const char *code = "";
    for (int r = 0; r < economy->table->n_regions && !*code && economy->code; r++) code = economy->code[r * economy->table->n_sectors + sector];
    if (!*code) return true;
    if (code[0] >= 'A' && code[0] <= 'Z') return code[0] <= 'C';
    return code[0] < '3' || (code[0] == '3' && code[1] <= '3');
}

hf_err hf_economy_steps(const hf_economy *economy, const hf_scenario *scenario, hf_diag *diag, hf_trade_step **ret_steps, int *ret_n)
{
    hf_err err = HF_OK;
    int n = economy->n_corridors, S = economy->table->n_sectors;
    const char **corridor = hf_calloc((size_t)n, sizeof *corridor);
    bool *goods = hf_calloc((size_t)S, sizeof *goods);
    if (!corridor || !goods) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < n; k++) corridor[k] = economy->corridor[k].name;
    for (int i = 0; i < S; i++) goods[i] = hf_economy_is_goods(economy, i);
    hf_trade_names names = {economy->table, corridor, n, goods};
    HF_TRY(hf_trade_steps_resolve(scenario, &names, diag, ret_steps, ret_n));
out:
    hf_free(corridor);
    hf_free(goods);
    return err;
}

/* First route of a group or of the groups behind it. */
static int route_lower(const hf_economy *e, int origin, int destination, int sector)
{
    int low = 0, high = e->n_routes;
    while (low < high) {
        int middle = low + (high - low) / 2;
        const hf_trade_route *route = &e->route[middle];
        bool before = route->origin != origin             ? route->origin < origin
                      : route->destination != destination ? route->destination < destination
                                                          : route->sector < sector;
        if (before) low = middle + 1;
        else high = middle;
    }
    return low;
}

const hf_trade_route *hf_economy_routes(const hf_economy *economy, int origin, int destination, int sector, int *ret_n)
{
    for (int pass = 0; pass < 2; pass++, sector = -1) {
        int first = route_lower(economy, origin, destination, sector), end = first;
        hf_trade_route wanted = {.origin = origin, .destination = destination, .sector = sector};
        while (end < economy->n_routes && same_flow(&economy->route[end], &wanted)) end++;
        *ret_n = end - first;
        if (end > first) return &economy->route[first];
    }
    return NULL;
}
