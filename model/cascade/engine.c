/* The engine object: its memory, what a run touches, and undoing it. */
#include "model/cascade/engine.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "model/cascade/carrier_rules.h"

static void entity_reset(hf_entity_state *e)
{
    *e = (hf_entity_state){.cond = 1, .avail = 1, .hold_since = NAN, .last_change = -1, .inject = -1};
}

static void requirement_reset(hf_requirement_state *r)
{
    *r = (hf_requirement_state){.supply = 1, .limit = 1, .event_supply = 1};
}

void hf_touch_entity(hf_timeline *tl, int entity)
{
    hf_entity_state *e = &tl->e[entity];
    if (!e->touched) {
        e->touched = true;
        tl->touched_e.item[tl->touched_e.n++] = entity;
    }
    if (!e->in_instant) {
        e->in_instant = true;
        tl->instant_e.item[tl->instant_e.n++] = entity;
    }
}

void hf_touch_requirement(hf_timeline *tl, int requirement)
{
    unsigned char *flags = &tl->r_flags[requirement];
    if (!(*flags & HF_R_TOUCHED)) {
        *flags |= HF_R_TOUCHED;
        tl->touched_r.item[tl->touched_r.n++] = requirement;
    }
    if (!(*flags & HF_R_IN_INSTANT)) {
        *flags |= HF_R_IN_INSTANT;
        tl->instant_r.item[tl->instant_r.n++] = requirement;
    }
}

void hf_touch_comp(hf_timeline *tl, int comp)
{
    if (tl->c[comp].touched) return;
    tl->c[comp].touched = true;
    tl->touched_c.item[tl->touched_c.n++] = comp;
}

void hf_line_open(hf_timeline *tl, int line)
{
    if (tl->line_open[line]) return;
    tl->line_open[line] = true;
    tl->open_lines.item[tl->open_lines.n++] = line;
}

void hf_lines_close(hf_timeline *tl)
{
    for (int k = 0; k < tl->open_lines.n; k++) tl->line_open[tl->open_lines.item[k]] = false;
    tl->open_lines.n = 0;
}

void hf_touched_reset(hf_timeline *tl, int keep_e, int keep_r, int keep_c)
{
    const hf_network *net = tl->net;
    for (int k = keep_e; k < tl->touched_e.n; k++) {
        entity_reset(&tl->e[tl->touched_e.item[k]]);
        tl->x[tl->touched_e.item[k]] = 1;
    }
    for (int k = keep_r; k < tl->touched_r.n; k++) {
        requirement_reset(&tl->r[tl->touched_r.item[k]]);
        tl->r_flags[tl->touched_r.item[k]] = 0;
    }
    for (int k = keep_c; k < tl->touched_c.n; k++) {
        int comp = tl->touched_c.item[k];
        tl->c[comp] = (hf_comp_state){0};
        for (int n = net->comp_off[comp]; n < net->comp_off[comp + 1]; n++) tl->share[net->comp_cnode[n]] = 1;
        if (tl->line_share)
            for (int l = tl->comp_line_off[comp]; l < tl->comp_line_off[comp + 1]; l++) tl->line_share[tl->comp_line[l]] = 1;
    }
    tl->touched_e.n = keep_e;
    tl->touched_r.n = keep_r;
    tl->touched_c.n = keep_c;
}

void hf_engine_undo(hf_timeline *tl)
{
    hf_work_clear(tl);
    hf_touched_reset(tl, 0, 0, 0);
    hf_lines_close(tl);
    tl->instant_e.n = tl->instant_r.n = tl->deferred.n = tl->locked.n = 0;
    tl->n_events = tl->n_changes = tl->instant_first_change = 0;
    tl->event_count = tl->evaluations = 0;
    tl->err = HF_OK;
    tl->recording = true;
    tl->locked_out = false;
    hf_deadlocks_clear(tl);
}

static int compare_ints(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

/* Numbers the shedding classes of each component's nodes 0, 1, … in rising order of class; returns the largest need of nodes x classes. */
static size_t classes_index(hf_timeline *tl)
{
    const hf_network *net = tl->net;
    size_t largest = 0;
    for (int comp = 0; comp < net->n_comps; comp++) {
        int first = net->comp_off[comp], last = net->comp_off[comp + 1], n = 0, distinct = 0;
        for (int k = first; k < last; k++) tl->stack[n++] = net->cnode_class[net->comp_cnode[k]];
        qsort(tl->stack, (size_t)n, sizeof *tl->stack, compare_ints);
        for (int k = 0; k < n; k++)
            if (k == 0 || tl->stack[k] != tl->stack[k - 1]) tl->stack[distinct++] = tl->stack[k];
        for (int k = first; k < last; k++) {
            const int *found = bsearch(&net->cnode_class[net->comp_cnode[k]], tl->stack, (size_t)distinct, sizeof(int), compare_ints);
            tl->cnode_class_index[net->comp_cnode[k]] = (int)(found - tl->stack);
        }
        tl->comp_classes[comp] = distinct;
        if (distinct > tl->most_classes) tl->most_classes = distinct;
        if ((size_t)n * (size_t)distinct > largest) largest = (size_t)n * (size_t)distinct;
    }
    return largest;
}

/* Components that do not serve every node in full, or overload a line, although nothing has failed: each run starts with evaluating them. */
static void short_comps_find(hf_timeline *tl)
{
    const hf_network *net = tl->net;
    for (int comp = 0; comp < net->n_comps; comp++) {
        hf_carrier_evaluate(tl, comp);
        bool is_short = false;
        for (int k = net->comp_off[comp]; k < net->comp_off[comp + 1]; k++) is_short |= tl->new_share[net->comp_cnode[k]] < 1;
        is_short |= tl->c[comp].overloaded;
        tl->c[comp].overloaded = false;
        if (is_short) tl->short_comps.item[tl->short_comps.n++] = comp;
    }
}

static bool list_reserve(hf_list *list, int n)
{
    list->item = hf_malloc((size_t)n * sizeof *list->item);
    return list->item != NULL;
}

/* Lists the lines of components with the rule `dc`, and makes what that rule keeps. */
static hf_err dc_init(hf_timeline *tl)
{
    const hf_network *net = tl->net;
    size_t lines = (size_t)net->n_clines;
    tl->line_share = hf_malloc(lines * sizeof *tl->line_share);
    tl->new_line_share = hf_malloc(lines * sizeof *tl->new_line_share);
    tl->line_open = hf_calloc(lines, sizeof *tl->line_open);
    tl->comp_line_off = hf_calloc((size_t)net->n_comps + 1, sizeof *tl->comp_line_off);
    tl->comp_line = hf_malloc(lines * sizeof *tl->comp_line);
    if (!list_reserve(&tl->open_lines, net->n_clines) || !tl->line_open || !tl->line_share || !tl->new_line_share ||
        !tl->comp_line_off || !tl->comp_line) return HF_E_NOMEM;
    for (int l = 0; l < net->n_clines; l++) {
        tl->line_share[l] = tl->new_line_share[l] = 1;
        if (net->carrier_rule[net->cline_carrier[l]] == HF_DC) tl->comp_line_off[net->cnode_comp[net->cline_from[l]] + 1]++;
    }
    for (int comp = 0; comp < net->n_comps; comp++) tl->comp_line_off[comp + 1] += tl->comp_line_off[comp];
    for (int l = net->n_clines - 1; l >= 0; l--)
        if (net->carrier_rule[net->cline_carrier[l]] == HF_DC) tl->comp_line[--tl->comp_line_off[net->cnode_comp[net->cline_from[l]] + 1]] = l;
    int total = 0;
    for (int l = 0; l < net->n_clines; l++) total += net->carrier_rule[net->cline_carrier[l]] == HF_DC;
    for (int comp = 0; comp < net->n_comps; comp++) tl->comp_line_off[comp] = tl->comp_line_off[comp + 1];
    tl->comp_line_off[net->n_comps] = total;
    return hf_dc_new(net, &tl->dc);
}

static hf_err carriers_init(hf_timeline *tl)
{
    const hf_network *net = tl->net;
    size_t nodes = (size_t)net->n_cnodes;
    tl->share = hf_malloc(nodes * sizeof *tl->share);
    tl->new_share = hf_malloc(nodes * sizeof *tl->new_share);
    tl->island = hf_malloc(nodes * sizeof *tl->island);
    tl->stack = hf_malloc(nodes * sizeof *tl->stack);
    tl->cnode_class_index = hf_malloc(nodes * sizeof *tl->cnode_class_index);
    tl->comp_classes = hf_malloc((size_t)net->n_comps * sizeof *tl->comp_classes);
    tl->island_supply = hf_malloc(nodes * sizeof *tl->island_supply);
    if (!tl->share || !tl->new_share || !tl->island || !tl->stack || !tl->cnode_class_index || !tl->comp_classes || !tl->island_supply)
        return HF_E_NOMEM;
    for (size_t k = 0; k < nodes; k++) tl->share[k] = 1;
    tl->island_demand = hf_malloc(classes_index(tl) * sizeof *tl->island_demand);
    if (!tl->island_demand) return HF_E_NOMEM;
    hf_err err = HF_OK;
    bool has_rule[HF_DC + 1] = {false};
    for (int c = 0; c < net->n_carriers; c++) has_rule[net->carrier_rule[c]] = true;
    if (has_rule[HF_FLOW]) HF_TRY(hf_flow_new(net, &tl->flow));
    if (has_rule[HF_DC]) HF_TRY(dc_init(tl));
    short_comps_find(tl);
out:
    return err;
}

static hf_err engine_init(hf_timeline *tl)
{
    const hf_network *net = tl->net;
    int items = net->n_entities + net->n_comps;
    tl->x = hf_malloc((size_t)net->n_entities * sizeof *tl->x);
    tl->link = hf_malloc((size_t)net->n_supplies * sizeof *tl->link);
    tl->e = hf_malloc((size_t)net->n_entities * sizeof *tl->e);
    tl->r = hf_malloc((size_t)net->n_requirements * sizeof *tl->r);
    tl->e_flags = hf_calloc((size_t)net->n_entities, 1);
    tl->r_flags = hf_calloc((size_t)net->n_requirements, 1);
    tl->c = hf_calloc((size_t)net->n_comps, sizeof *tl->c);
    tl->scc = hf_malloc((size_t)items * sizeof *tl->scc);
    tl->work = hf_malloc((size_t)items * sizeof *tl->work);
    if (!tl->x || !tl->link || !tl->e || !tl->r || !tl->e_flags || !tl->r_flags || !tl->c || !tl->scc || !tl->work) return HF_E_NOMEM;
    hf_large_pages(tl->x, (size_t)net->n_entities * sizeof *tl->x); /* these are read all over the place */
    hf_large_pages(tl->link, (size_t)net->n_supplies * sizeof *tl->link);
    hf_large_pages(tl->e, (size_t)net->n_entities * sizeof *tl->e);
    hf_large_pages(tl->r, (size_t)net->n_requirements * sizeof *tl->r);
    if (!list_reserve(&tl->touched_e, net->n_entities) || !list_reserve(&tl->instant_e, net->n_entities) ||
        !list_reserve(&tl->touched_r, net->n_requirements) || !list_reserve(&tl->instant_r, net->n_requirements) ||
        !list_reserve(&tl->touched_c, net->n_comps) || !list_reserve(&tl->short_comps, net->n_comps) || !list_reserve(&tl->deferred, items) ||
        !list_reserve(&tl->locked, net->n_entities))
        return HF_E_NOMEM;
    for (int i = 0; i < net->n_entities; i++) {
        entity_reset(&tl->e[i]);
        tl->x[i] = 1;
        tl->has_black_start |= net->black_start[i];
    }
    tl->sup_from = net->sup_from;
    tl->sup_width = net->sup_width;
    for (int k = 0; k < net->n_supplies; k++)
        tl->link[k] = (hf_link){net->sup_share[k], net->sup_supplier[k], net->sup_from[k] != 0 || net->sup_width[k] != 1};
    for (int g = 0; g < net->n_requirements; g++) requirement_reset(&tl->r[g]);
    hf_err err = carriers_init(tl);
    return err != HF_OK ? err : hf_order_compute(net, tl->scc);
}

hf_err hf_timeline_new(const hf_network *net, hf_timeline **ret_timeline)
{
    hf_timeline *tl = hf_calloc(1, sizeof *tl);
    if (!tl) return HF_E_NOMEM;
    tl->net = net;
    hf_err err = engine_init(tl);
    if (err != HF_OK) {
        hf_timeline_free(tl);
        return err;
    }
    *ret_timeline = tl;
    return HF_OK;
}

void hf_timeline_free(hf_timeline *tl)
{
    if (!tl) return;
    hf_deadlocks_clear(tl);
    void *blocks[] = {tl->x, tl->link, tl->e_flags, tl->r_flags, tl->e, tl->r, tl->c, tl->share, tl->scc, tl->work, tl->events,
                      tl->rises, tl->changes, tl->new_share, tl->island_supply, tl->island_demand, tl->island, tl->stack,
                      tl->cnode_class_index, tl->comp_classes, tl->touched_e.item, tl->touched_r.item, tl->touched_c.item,
                      tl->instant_e.item, tl->instant_r.item, tl->deferred.item, tl->locked.item, tl->short_comps.item, tl->line_share, tl->new_line_share,
                      tl->line_open, tl->open_lines.item, tl->comp_line_off, tl->comp_line};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_flow_free(tl->flow);
    hf_dc_free(tl->dc);
    hf_bound_free(tl->bound);
    hf_free(tl);
}
