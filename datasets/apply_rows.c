/* The tables of the network with a plan carried out. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/apply_inside.h"

static bool differs(double a, double b)
{
    return !(a == b || (isnan(a) && isnan(b)));
}

int hf_apply_requirement(const hf_network *net, const char *entity, const char *requirement)
{
    int i = hf_network_find(net, entity);
    for (int g = i < 0 ? 0 : net->req_off[i]; i >= 0 && g < net->req_off[i + 1]; g++)
        if (strcmp(net->req_labels.name[net->req_label[g]], requirement) == 0) return g;
    return -1;
}

hf_err hf_apply_entities(const hf_applying *x, const hf_table *from, hf_rewrite *draft)
{
    const hf_network *net = x->net;
    const char *more[2];
    int n_more = 0;
    bool repair = false, start = false;
    for (int i = 0; i < net->n_entities; i++) {
        repair |= differs(x->edits.repair_h[i], net->repair_h[i]);
        start |= x->edits.black_start[i];
    }
    if (repair) more[n_more++] = "repair_h";
    if (start) more[n_more++] = "black_start";
    hf_err err = hf_rewrite_open(draft, from, more, n_more);
    for (int row = 0; err == HF_OK && row < hf_table_rows(from); row++) {
        hf_rewrite_take(draft, from, row);
        int i = hf_network_find(net, hf_rewrite_get(draft, "id"));
        if (i >= 0 && differs(x->edits.repair_h[i], net->repair_h[i])) hf_rewrite_set_number(draft, "repair_h", x->edits.repair_h[i]);
        if (i >= 0 && x->edits.black_start[i]) hf_rewrite_set(draft, "black_start", "yes");
        err = hf_rewrite_keep(draft);
    }
    return err;
}

/* The impact curve with every step `later` hours later. */
static hf_err curve_set(hf_rewrite *draft, const hf_network *net, int curve, double later)
{
    hf_buf text = {0};
    for (int k = net->curve_off[curve]; k < net->curve_off[curve + 1]; k++) {
        if (k > net->curve_off[curve]) hf_buf_puts(&text, " ");
        hf_buf_number(&text, net->curve_h[k] + later);
        hf_buf_puts(&text, ":");
        hf_buf_number(&text, net->curve_loss[k]);
    }
    if (text.err == HF_OK) hf_rewrite_set(draft, "curve", text.text);
    hf_err err = text.err;
    hf_buf_done(&text);
    return err;
}

hf_err hf_apply_requirements(const hf_applying *x, const hf_table *from, hf_rewrite *draft)
{
    bool later = false;
    for (int g = 0; g < x->net->n_requirements; g++) later |= x->edits.autonomy_h[g] > 0 && !isinf(x->edits.autonomy_h[g]);
    hf_err err = hf_rewrite_open(draft, from, (const char *const[]){"curve"}, later);
    for (int row = 0; err == HF_OK && row < hf_table_rows(from); row++) {
        hf_rewrite_take(draft, from, row);
        int g = hf_apply_requirement(x->net, hf_rewrite_get(draft, "entity"), hf_rewrite_get(draft, "requirement"));
        if (g >= 0 && isinf(x->edits.autonomy_h[g])) continue;
        if (g >= 0 && x->edits.autonomy_h[g] > 0) err = curve_set(draft, x->net, x->net->req_curve[g], x->edits.autonomy_h[g]);
        if (err == HF_OK) err = hf_rewrite_keep(draft);
    }
    return err;
}

static hf_err supply_add(const hf_applying *x, const hf_measure_effect *e, hf_rewrite *draft)
{
    hf_rewrite_clear(draft);
    hf_rewrite_set(draft, "entity", x->net->id[e->entity]);
    hf_rewrite_set(draft, "requirement", x->net->req_labels.name[x->net->req_label[e->requirement]]);
    hf_rewrite_set(draft, "supplier", x->net->id[e->supplier]);
    hf_rewrite_set_number(draft, "share", e->amount);
    return hf_rewrite_keep(draft);
}

static hf_err line_add(const hf_applying *x, const hf_measure_effect *e, hf_rewrite *draft)
{
    hf_rewrite_clear(draft);
    hf_rewrite_set(draft, "carrier", x->net->carrier_id[e->carrier]);
    hf_rewrite_set(draft, "from", x->net->id[e->entity]);
    hf_rewrite_set(draft, "to", x->net->id[e->supplier]);
    if (!isinf(e->amount)) hf_rewrite_set_number(draft, "capacity", e->amount);
    return hf_rewrite_keep(draft);
}

/* Adds the rows of one kind that the plan adds. */
static hf_err rows_add(const hf_applying *x, hf_measure_kind kind, hf_err (*add)(const hf_applying *x, const hf_measure_effect *e, hf_rewrite *draft),
                       hf_rewrite *draft)
{
    hf_err err = HF_OK;
    for (int m = 0; m < x->set->n; m++)
        for (int e = 0; e < x->set->measure[m].n_effects && err == HF_OK; e++)
            if (x->set->measure[m].effects[e].kind == kind && hf_plan_adds_row(x->set, x->options->bought, &x->edits, m, e))
                err = add(x, &x->set->measure[m].effects[e], draft);
    return err;
}

hf_err hf_apply_supplies(const hf_applying *x, const hf_table *from, hf_rewrite *draft)
{
    static const char *const columns[] = {"entity", "requirement", "supplier", "share"};
    hf_err err = hf_rewrite_open(draft, from, columns, 4);
    for (int row = 0; err == HF_OK && from && row < hf_table_rows(from); row++) {
        hf_rewrite_take(draft, from, row);
        int g = hf_apply_requirement(x->net, hf_rewrite_get(draft, "entity"), hf_rewrite_get(draft, "requirement"));
        if (g < 0 || !isinf(x->edits.autonomy_h[g])) err = hf_rewrite_keep(draft);
    }
    return err == HF_OK ? rows_add(x, HF_MEASURE_SUPPLIER, supply_add, draft) : err;
}

hf_err hf_apply_lines(const hf_applying *x, const hf_table *from, hf_rewrite *draft)
{
    static const char *const columns[] = {"carrier", "from", "to", "capacity"};
    hf_err err = hf_rewrite_open(draft, from, columns, 4);
    for (int row = 0; err == HF_OK && from && row < hf_table_rows(from); row++) {
        hf_rewrite_take(draft, from, row);
        err = hf_rewrite_keep(draft);
    }
    return err == HF_OK ? rows_add(x, HF_MEASURE_LINE, line_add, draft) : err;
}

/* ---- damage ---- */

/* Damage rows of a hazard are in order of entity. */
static int damage_find(const hf_network *net, const char *hazard, const char *entity)
{
    int i = hf_network_find(net, entity), z = 0;
    while (z < net->n_hazards && strcmp(net->hazard_id[z], hazard) != 0) z++;
    if (i < 0 || z == net->n_hazards) return -1;
    int low = net->hazard_off[z], high = net->hazard_off[z + 1];
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (net->damage_entity[middle] < i) low = middle + 1;
        else high = middle;
    }
    return low < net->hazard_off[z + 1] && net->damage_entity[low] == i ? low : -1;
}

static bool is_changed(const hf_applying *x, int d)
{
    return differs(x->edits.severity[d], x->net->damage_severity[d]) || differs(x->edits.damage_repair_h[d], x->net->damage_repair_h[d]);
}

static void damage_set(const hf_applying *x, int d, hf_rewrite *draft)
{
    if (differs(x->edits.severity[d], x->net->damage_severity[d])) hf_rewrite_set_number(draft, "severity", x->edits.severity[d]);
    if (differs(x->edits.damage_repair_h[d], x->net->damage_repair_h[d])) hf_rewrite_set_number(draft, "repair_h", x->edits.damage_repair_h[d]);
}

/* Rows for damage that came from areas and that the plan changes: a row of the table goes before an area. */
static hf_err areas_add(const hf_applying *x, const bool *seen, hf_rewrite *draft)
{
    const hf_network *net = x->net;
    hf_err err = HF_OK;
    for (int z = 0; z < net->n_hazards; z++)
        for (int d = net->hazard_off[z]; d < net->hazard_off[z + 1] && err == HF_OK; d++) {
            if (seen[d] || !is_changed(x, d)) continue;
            hf_rewrite_clear(draft);
            hf_rewrite_set(draft, "hazard", net->hazard_id[z]);
            hf_rewrite_set(draft, "entity", net->id[net->damage_entity[d]]);
            hf_rewrite_set_number(draft, "probability", net->damage_probability[d]);
            hf_rewrite_set_number(draft, "severity", x->edits.severity[d]);
            if (!isnan(x->edits.damage_repair_h[d])) hf_rewrite_set_number(draft, "repair_h", x->edits.damage_repair_h[d]);
            err = hf_rewrite_keep(draft);
        }
    return err;
}

hf_err hf_apply_damage(const hf_applying *x, const hf_table *from, hf_rewrite *draft)
{
    static const char *const columns[] = {"hazard", "entity", "probability", "severity", "repair_h"};
    bool any = false;
    for (int d = 0; d < x->net->n_damage; d++) any |= is_changed(x, d);
    bool *seen = hf_calloc((size_t)x->net->n_damage, sizeof *seen);
    hf_err err = seen ? hf_rewrite_open(draft, from, columns, any ? 5 : from ? 0 : 2) : HF_E_NOMEM;
    for (int row = 0; err == HF_OK && from && row < hf_table_rows(from); row++) {
        hf_rewrite_take(draft, from, row);
        int d = damage_find(x->net, hf_rewrite_get(draft, "hazard"), hf_rewrite_get(draft, "entity"));
        if (d >= 0) {
            seen[d] = true;
            damage_set(x, d, draft);
            if (x->edits.severity[d] <= 0 && is_changed(x, d) && !x->areas) continue;
        }
        err = hf_rewrite_keep(draft);
    }
    if (err == HF_OK) err = areas_add(x, seen, draft);
    hf_free(seen);
    return err;
}
