/* A critical entity's own sheet: Articles 12 and 13 of the CER Directive. */
#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "cli/assess.h"
#include "cli/cause_words.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/section.h"
#include "cli/titles.h"
#include "cli/words.h"
#include "datasets/confidence.h"

/* Supply links that the entity's service hangs on: its own, and those of its suppliers. */
typedef struct needs {
    int n, n_first;
    int *link;
    double *sure; /* confidence in the link and in its requirement, 0..1 */
} needs;

static void needs_done(needs *found)
{
    hf_free(found->link);
    hf_free(found->sure);
}

static int links_of(const hf_network *net, int entity, int *link)
{
    int first = net->sup_off[net->req_off[entity]], end = net->sup_off[net->req_off[entity + 1]];
    for (int k = first; link && k < end; k++) link[k - first] = k;
    return end - first;
}

static hf_err sure_find(const hf_cer *cer, needs *found)
{
    const hf_network *net = cer->cli->net;
    hf_err err = HF_OK;
    double *requirement = hf_malloc((size_t)net->n_requirements * sizeof *requirement), *supply = hf_malloc((size_t)net->n_supplies * sizeof *supply);
    found->sure = hf_malloc((size_t)found->n * sizeof *found->sure);
    if (!requirement || !supply || !found->sure) HF_TRY(HF_E_NOMEM);
    hf_confidence_read(cer->cli->package, requirement, supply);
    for (int r = 0; r < found->n; r++) found->sure[r] = requirement[net->sup_req[found->link[r]]] * supply[found->link[r]];
out:
    hf_free(requirement);
    hf_free(supply);
    return err;
}

/* A supplier of several requirements is followed once. Free with needs_done. */
static hf_err needs_find(const hf_cer *cer, int entity, needs *ret_needs)
{
    const hf_network *net = cer->cli->net;
    needs found = {.n_first = links_of(net, entity, NULL)};
    bool *seen = hf_calloc((size_t)net->n_entities, sizeof *seen);
    found.link = hf_malloc(((size_t)net->n_supplies + (size_t)found.n_first) * sizeof *found.link);
    hf_err err = seen && found.link ? HF_OK : HF_E_NOMEM;
    HF_TRY(err);
    found.n = links_of(net, entity, found.link);
    seen[entity] = true;
    for (int k = 0; k < found.n_first; k++) {
        int supplier = net->sup_supplier[found.link[k]];
        if (seen[supplier]) continue;
        seen[supplier] = true;
        found.n += links_of(net, supplier, found.link + found.n);
    }
    HF_TRY(sure_find(cer, &found));
    *ret_needs = found;
    found = (needs){0};
out:
    hf_free(seen);
    needs_done(&found);
    return err;
}

/* The longest time that an entity is out, by its own failure or another's. */
static double longest_out(const hf_assessment *all, int i)
{
    return fmax(all->own_out_h[i], all->longest_out_h[i]);
}

/* Whether the loss of a supply link for the longest outage of its supplier is felt; with that link alone lost. */
static const char *bearing_words(const hf_assessment *all, int k)
{
    const hf_network *net = all->net;
    if (hf_assess_covered(net, k) >= 1) return "others cover it";
    return hf_assess_bridged_h(net, net->sup_req[k]) >= longest_out(all, net->sup_supplier[k]) ? "stock bridges it" : "not bridged";
}

static void out_cell(hf_text_table *table, double hours, const char *without_end)
{
    if (isinf(hours)) hf_text_table_cell(table, without_end);
    else hf_cell_hours(table, hours);
}

static hf_err needs_print(hf_cer *cer, int entity)
{
    const hf_network *net = cer->cli->net;
    needs found = {0};
    hf_text_table *table = NULL;
    char heading[128];
    hf_err err;
    HF_TRY(needs_find(cer, entity, &found));
    if (found.n == 0) goto out;
    HF_TRY(hf_text_table_new(&table));
    static const char *const columns[] = {"order", "who needs", "what", "from", "in", "sure", "holds out", "supplier out", "then"};
    for (int k = 0; k < 9; k++) hf_text_table_column(table, columns[k], k == 0 || (k >= 5 && k <= 7) ? HF_ALIGN_RIGHT : HF_ALIGN_LEFT);
    int top = (int)hf_args_number(&cer->cli->args, "top", 15), shown = top > 0 && top < found.n ? top : found.n;
    for (int r = 0; r < shown; r++) {
        int k = found.link[r], g = net->sup_req[k], supplier = net->sup_supplier[k];
        hf_text_table_cell(table, r < found.n_first ? "1" : "2");
        hf_text_table_cell(table, r < found.n_first ? "itself" : hf_entity_label(net, net->req_entity[g]));
        hf_text_table_cell(table, net->req_labels.name[net->req_label[g]]);
        hf_text_table_cell(table, hf_entity_label(net, supplier));
        hf_text_table_cell(table, net->countries.name[net->country[supplier]]);
        hf_cell_share(table, found.sure[r]);
        out_cell(table, hf_assess_bridged_h(net, g), "always");
        out_cell(table, longest_out(cer->all, supplier), "not back");
        hf_text_table_cell(table, bearing_words(cer->all, k));
    }
    if (shown < found.n) snprintf(heading, sizeof heading, "What it depends on (Article 12) (%d of %d; --top 0 shows all)", shown, found.n);
    else snprintf(heading, sizeof heading, "What it depends on (Article 12)");
    HF_TRY(hf_section_table(cer->cli, heading, table));
    hf_section_text(cer->cli, "order 1: its own needs, 2: those of its suppliers. sure: confidence in the link, 100 % where the data say nothing. "
                              "holds out: hours until a need that is not met costs any service. supplier out: its longest outage by any "
                              "single failure, its own among them. not bridged: the loss of this supplier alone is felt, if only in part.");
out:
    hf_text_table_free(table);
    needs_done(&found);
    return err;
}

/* How long it is out itself, and the carriers, whose flows are no links. */
static hf_err outages_print(hf_cer *cer, int entity)
{
    const hf_network *net = cer->cli->net;
    const hf_assessment *all = cer->all;
    hf_buf text = {0};
    double by_others = all->longest_out_h[entity];
    int from = all->longest_from[entity];
    if (from < 0) hf_buf_puts(&text, "No failure of a single other entity takes it out");
    if (from >= 0) {
        hf_buf_puts(&text, "Its longest outage by the failure of another: ");
        if (isinf(by_others)) hf_buf_puts(&text, "not back within the time looked at");
        else hf_word_hours(&text, by_others);
        hf_buf_puts(&text, ", when ");
        hf_entity_words(net, from, &text);
        hf_buf_puts(&text, " fails");
    }
    hf_buf_puts(&text, " (out: service below ");
    hf_word_share(&text, cer->options.out_below);
    hf_buf_puts(&text, ").");
    for (int k = net->ent_cnode_off[entity]; k < net->ent_cnode_off[entity + 1]; k++) {
        hf_buf_puts(&text, k == net->ent_cnode_off[entity] ? " It is a node of carriers, whose flows are not listed as links: " : ", ");
        hf_buf_puts(&text, net->carrier_id[net->cnode_carrier[net->ent_cnode[k]]]);
    }
    if (net->ent_cnode_off[entity] < net->ent_cnode_off[entity + 1]) hf_buf_puts(&text, ".");
    hf_err err = text.err;
    if (err == HF_OK) hf_section_text(cer->cli, text.text);
    hf_buf_done(&text);
    return err;
}

/* Our reading of Article 13(1): (a) prevent, (c) respond and mitigate, (d) recover, go on and find other supply chains. */
static const char *article_words(hf_measure_kind kind)
{
    switch (kind) {
    case HF_MEASURE_HARDEN: return "a prevent";
    case HF_MEASURE_DETECT: return "c respond";
    default: return "d recover";
    }
}

/* Whether an effect is on the entity; a line is on both its ends. */
static bool is_on(const hf_measure_effect *effect, int entity)
{
    return effect->entity == entity || (effect->kind == HF_MEASURE_LINE && effect->supplier == entity);
}

/* The first effect of a measure on the entity, or NULL. */
static const hf_measure_effect *effect_on(const hf_measure_entry *measure, int entity)
{
    for (int e = 0; e < measure->n_effects; e++)
        if (is_on(&measure->effects[e], entity)) return &measure->effects[e];
    return NULL;
}

static hf_err measures_print(hf_cer *cer, int entity)
{
    const hf_measures *set = hf_package_measures(cer->cli->package);
    hf_text_table *table = NULL;
    int n = 0;
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "measure", HF_ALIGN_LEFT);
    hf_text_table_column(table, "kind", HF_ALIGN_LEFT);
    hf_text_table_column(table, "Article 13(1)", HF_ALIGN_LEFT);
    hf_text_table_column(table, "cost", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "payer", HF_ALIGN_LEFT);
    for (int m = 0; set && m < set->n; m++) {
        const hf_measure_entry *measure = &set->measure[m];
        const hf_measure_effect *effect = effect_on(measure, entity);
        if (!effect) continue;
        n++;
        hf_text_table_cell(table, measure->title && *measure->title ? measure->title : measure->id);
        hf_text_table_cell(table, hf_measure_kind_name(effect->kind));
        hf_text_table_cell(table, article_words(effect->kind));
        hf_cell_amount(table, measure->cost);
        hf_text_table_cell(table, measure->payer < 0 ? "-" : set->payer[measure->payer].id);
    }
    if (n > 0) err = hf_section_table(cer->cli, "Measures that target it (Article 13)", table);
    else hf_section_text(cer->cli, "No measure of the data set targets it (Article 13).");
out:
    hf_text_table_free(table);
    return err;
}

hf_err hf_cer_sheet_print(hf_cer *cer, int entity)
{
    hf_err err;
    HF_TRY(needs_print(cer, entity));
    HF_TRY(outages_print(cer, entity));
    HF_TRY(measures_print(cer, entity));
out:
    return err;
}

static hf_err needs_json(hf_cer *cer, int entity, hf_json *json)
{
    const hf_network *net = cer->cli->net;
    needs found = {0};
    hf_err err = needs_find(cer, entity, &found);
    if (err != HF_OK) return err;
    hf_json_key(json, "depends_on");
    hf_json_array(json);
    for (int r = 0; r < found.n; r++) {
        int k = found.link[r], g = net->sup_req[k], supplier = net->sup_supplier[k];
        hf_json_object(json);
        hf_json_key_number(json, "order", r < found.n_first ? 1 : 2);
        hf_json_key_text(json, "entity", net->id[net->req_entity[g]]);
        hf_json_key_text(json, "requirement", net->req_labels.name[net->req_label[g]]);
        hf_json_key_text(json, "supplier", net->id[supplier]);
        hf_json_key_number(json, "confidence", found.sure[r]);
        hf_json_key_number(json, "covered", hf_assess_covered(net, k));
        hf_json_key_number(json, "bridged_h", hf_assess_bridged_h(net, g));
        hf_json_key_number(json, "supplier_out_h", longest_out(cer->all, supplier));
        hf_json_end(json);
    }
    hf_json_end(json);
    needs_done(&found);
    return HF_OK;
}

hf_err hf_cer_sheet_json(hf_cer *cer, int entity, hf_json *json)
{
    const hf_measures *set = hf_package_measures(cer->cli->package);
    int from = cer->all->longest_from[entity];
    hf_json_key_number(json, "own_out_h", cer->all->own_out_h[entity]);
    hf_json_key_number(json, "longest_out_h", cer->all->longest_out_h[entity]);
    hf_json_key_text(json, "longest_out_by", from < 0 ? NULL : cer->cli->net->id[from]);
    hf_err err = needs_json(cer, entity, json);
    if (err != HF_OK) return err;
    hf_json_key(json, "measures");
    hf_json_array(json);
    for (int m = 0; set && m < set->n; m++) {
        const hf_measure_effect *effect = effect_on(&set->measure[m], entity);
        if (!effect) continue;
        hf_json_object(json);
        hf_json_key_text(json, "id", set->measure[m].id);
        hf_json_key_text(json, "kind", hf_measure_kind_name(effect->kind));
        hf_json_key_number(json, "cost", set->measure[m].cost);
        hf_json_key_text(json, "payer", set->measure[m].payer < 0 ? NULL : set->payer[set->measure[m].payer].id);
        hf_json_end(json);
    }
    hf_json_end(json);
    return HF_OK;
}
