/* Measures and budgets that are left when a plan is carried out. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/apply_inside.h"

void hf_apply_left_out(hf_applying *x)
{
    const hf_measures *set = x->set;
    for (int m = 0; m < set->n; m++) x->left_out[m] = x->options->bought[m];
    for (int k = 0; k < set->n_rules; k++) {
        const hf_measure_tie *rule = &set->rule[k];
        if (!rule->excludes) continue;
        if (x->options->bought[rule->a]) x->left_out[rule->b] = true;
        if (x->options->bought[rule->b]) x->left_out[rule->a] = true;
    }
    for (bool more = true; more;) {
        more = false;
        for (int k = 0; k < set->n_rules; k++) {
            const hf_measure_tie *rule = &set->rule[k];
            if (rule->excludes || x->left_out[rule->a] || !x->left_out[rule->b] || x->options->bought[rule->b]) continue;
            x->left_out[rule->a] = more = true; /* it needs what can never be bought */
        }
    }
}

static int measure_find(const hf_measures *set, const char *id, size_t length)
{
    for (int m = 0; m < set->n; m++)
        if (strlen(set->measure[m].id) == length && memcmp(set->measure[m].id, id, length) == 0) return m;
    return -1;
}

/* Whether the target of a row is the requirement g, written entity/requirement. */
static bool is_requirement(const hf_network *net, const char *target, int g)
{
    const char *entity = net->id[net->req_entity[g]], *name = net->req_labels.name[net->req_label[g]];
    size_t n = strlen(entity);
    return strncmp(target, entity, n) == 0 && target[n] == '/' && strcmp(target + n + 1, name) == 0;
}

/* A row would do nothing any more, and could not be read: its requirement is met for good, or has the supplier already. */
static bool is_void(const hf_applying *x, const hf_rewrite *row)
{
    const char *kind = hf_rewrite_get(row, "kind"), *target = hf_rewrite_get(row, "target"), *supplier = hf_rewrite_get(row, "supplier");
    if (strcmp(kind, "build_capacity") == 0) kind = hf_rewrite_get(row, "effect");
    bool adds = strcmp(kind, "supplier") == 0;
    if (!adds && strcmp(kind, "backup") != 0) return false;
    for (int g = 0; g < x->net->n_requirements; g++)
        if (isinf(x->edits.autonomy_h[g]) && is_requirement(x->net, target, g)) return true;
    for (int m = 0; adds && m < x->set->n; m++)
        for (int e = 0; e < x->set->measure[m].n_effects; e++) {
            const hf_measure_effect *effect = &x->set->measure[m].effects[e];
            if (hf_plan_adds_row(x->set, x->options->bought, &x->edits, m, e) && effect->kind == HF_MEASURE_SUPPLIER &&
                strcmp(x->net->id[effect->supplier], supplier) == 0 && is_requirement(x->net, target, effect->requirement))
                return true;
        }
    return false;
}

/* Ids of measures that are left out leave the cell: what is bought is there, what is excluded cannot come. */
static void ties_set(const hf_applying *x, hf_rewrite *row, const char *column)
{
    hf_buf kept = {0};
    const char *text = hf_rewrite_get(row, column);
    while (*text) {
        size_t skip = strspn(text, " ,;"), length = strcspn(text + skip, " ,;");
        int m = measure_find(x->set, text + skip, length);
        if (length > 0 && (m < 0 || !x->left_out[m])) hf_buf_printf(&kept, "%s%.*s", kept.length ? " " : "", (int)length, text + skip);
        text += skip + length;
    }
    hf_rewrite_set_buf(row, column, &kept);
    hf_buf_done(&kept);
}

/* ---- terms: they stand in the first row of a measure, lists in any ---- */

static const char *const terms[] = {"title", "cost", "payer", "cofunding_max", "lead_time_y", "hazards", "requires", "excludes"};
enum { TERMS = 8, LISTS = 5 };

/* Terms of a row that goes, kept for the next row of its measure. */
static void terms_hold(const hf_rewrite *row, hf_buf held[TERMS])
{
    for (int k = 0; k < TERMS; k++) {
        const char *text = hf_rewrite_get(row, terms[k]);
        if (!*text || (k < LISTS && held[k].length > 0)) continue;
        hf_buf_printf(&held[k], "%s%s", held[k].length ? " " : "", text);
    }
}

static void terms_give(hf_rewrite *row, hf_buf held[TERMS])
{
    hf_buf joined = {0};
    for (int k = 0; k < TERMS; k++) {
        const char *own = hf_rewrite_get(row, terms[k]);
        if (held[k].err != HF_OK) hf_rewrite_set_buf(row, terms[k], &held[k]);
        if (held[k].length == 0 || (k < LISTS && *own)) continue;
        joined.length = 0;
        hf_buf_printf(&joined, "%s%s%s", held[k].text, *own ? " " : "", own);
        hf_rewrite_set_buf(row, terms[k], &joined);
        held[k].length = 0;
    }
    hf_buf_done(&joined);
}

static bool names_hazard(const char *target)
{
    return strstr(target, "hazard=") != NULL;
}

/* A filter by hazard names those whom the hazard damages, who are fewer now: the row is written for each of those it named. */
static hf_err filter_spread(const hf_applying *x, hf_rewrite *row)
{
    int *entities = NULL, n = 0;
    const char *why = NULL;
    hf_err err = hf_target_resolve(x->net, hf_rewrite_get(row, "target"), &entities, &n, &why);
    for (int k = 0; k < n && err == HF_OK; k++) {
        hf_rewrite_set(row, "target", x->net->id[entities[k]]);
        err = hf_rewrite_keep(row);
        for (int t = 0; t < TERMS; t++) hf_rewrite_set(row, terms[t], "");
    }
    hf_free(entities);
    return err;
}

hf_err hf_apply_measures(const hf_applying *x, const hf_table *from, hf_rewrite *draft)
{
    hf_buf(*held)[TERMS] = hf_calloc((size_t)x->set->n, sizeof *held);
    hf_err err = held ? hf_rewrite_open(draft, from, NULL, 0) : HF_E_NOMEM;
    for (int row = 0; err == HF_OK && row < hf_table_rows(from); row++) {
        hf_rewrite_take(draft, from, row);
        const char *id = hf_rewrite_get(draft, "measure");
        int m = measure_find(x->set, id, strlen(id));
        if (m < 0 || x->left_out[m]) continue;
        if (is_void(x, draft)) {
            terms_hold(draft, held[m]);
            continue;
        }
        terms_give(draft, held[m]);
        ties_set(x, draft, "requires");
        ties_set(x, draft, "excludes");
        err = names_hazard(hf_rewrite_get(draft, "target")) ? filter_spread(x, draft) : hf_rewrite_keep(draft);
    }
    for (int m = 0; held && m < x->set->n; m++)
        for (int k = 0; k < TERMS; k++) hf_buf_done(&held[m][k]);
    hf_free(held);
    return err;
}

/* ---- budgets ---- */

/* What the plan spends on measures in a place out of a payer's budget. */
static double spent_in(const hf_applying *x, int payer, const char *place)
{
    double sum = 0;
    for (int m = 0; m < x->set->n; m++) {
        const hf_measure_entry *entry = &x->set->measure[m];
        if (!x->options->bought[m] || entry->payer != payer || entry->n_effects == 0) continue;
        int i = entry->effects[0].entity, region = x->net->region[i];
        if (strcmp(x->net->countries.name[x->net->country[i]], place) == 0 || (region >= 0 && strcmp(x->net->regions.name[region], place) == 0))
            sum += entry->cost;
    }
    return sum;
}

static void floors_set(const hf_applying *x, int payer, hf_rewrite *draft)
{
    hf_buf text = {0};
    for (int k = 0; k < x->set->n_floors; k++) {
        const hf_measure_floor *floor = &x->set->floor[k];
        double left = floor->payer == payer ? floor->amount - spent_in(x, payer, floor->place) : 0;
        if (left <= 0) continue;
        hf_buf_printf(&text, "%s%s:", text.length ? " " : "", floor->place);
        hf_buf_number(&text, left);
    }
    hf_rewrite_set_buf(draft, "region_floor", &text);
    hf_buf_done(&text);
}

hf_err hf_apply_budgets(const hf_applying *x, const hf_table *from, hf_rewrite *draft)
{
    hf_err err = hf_rewrite_open(draft, from, NULL, 0);
    for (int row = 0; err == HF_OK && row < hf_table_rows(from); row++) {
        hf_rewrite_take(draft, from, row);
        for (int k = 0; k < x->set->n_payers; k++) {
            if (strcmp(x->set->payer[k].id, hf_rewrite_get(draft, "payer")) != 0) continue;
            if (x->options->spent[k] > 0 && !isinf(x->set->payer[k].amount))
                hf_rewrite_set_number(draft, "amount", fmax(0, x->set->payer[k].amount - x->options->spent[k]));
            if (*hf_rewrite_get(draft, "region_floor")) floors_set(x, k, draft);
        }
        err = hf_rewrite_keep(draft);
    }
    return err;
}
