/* The CER assessment for programs. */
#include <math.h>

#include "cli/assess.h"
#include "cli/json_parts.h"
#include "datasets/table.h"

static const char *const criteria[HF_CRITERIA] = {"a", "b", "c", "d", "e", "f"};

static void rules_json(hf_json *json, const hf_rules *r)
{
    hf_json_key(json, "rules");
    hf_json_object(json);
    hf_json_key_text(json, "rules", r->name);
    hf_json_key_text(json, "version", r->version);
    hf_json_key_text(json, "source", r->source);
    hf_json_end(json);
}

static void counts_json(hf_json *json, const char *key, const int *count)
{
    hf_json_key(json, key);
    hf_json_array(json);
    for (int h = 0; h < HF_ASSESS_HOURS; h++) {
        hf_json_array(json);
        hf_json_number(json, hf_assess_hours[h]);
        hf_json_number(json, count[h]);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static void figures_json(hf_json *json, const hf_significance *of)
{
    hf_json_key_number(json, "own_users", of->users_own);
    hf_json_key_number(json, "users_hit", of->cascade.users_hit_peak);
    hf_json_key_number(json, "users_share", of->users_share);
    hf_json_key_number(json, "user_hours", of->cascade.user_hours);
    hf_json_key_number(json, "value_eur", of->cascade.value_eur);
    hf_json_key_number(json, "other_entities", of->others_hit);
    hf_json_key_number(json, "other_sectors", of->sectors_hit);
    hf_json_key_number(json, "other_subsectors", of->subsectors_hit);
    hf_json_key_number(json, "sector_within_h", of->first_sector_h);
    hf_json_key_number(json, "states", of->states);
    hf_json_key_number(json, "member_states", of->member_states);
    hf_json_key_number(json, "member_states_served", of->member_states_served);
    hf_json_key_number(json, "regions", of->regions);
    hf_json_key_number(json, "isolated", of->isolated);
    hf_json_key_number(json, "uncovered", of->uncovered);
    hf_json_key_number(json, "bridged_h", of->bridged_h);
    counts_json(json, "others_by_hour", of->others_by);
    counts_json(json, "sectors_by_hour", of->sectors_by);
}

static void entity_json(hf_json *json, const hf_cer *cer, const hf_standing *s)
{
    const hf_network *net = cer->cli->net;
    hf_json_object(json);
    hf_json_key_text(json, "id", net->id[s->entity]);
    hf_json_key_text(json, "sector", net->sectors.name[net->sector[s->entity]]);
    hf_json_key_text(json, "country", net->countries.name[net->country[s->entity]]);
    hf_json_key_text(json, "class", s->class_reached < 0 ? NULL : cer->rules.classes[s->class_reached].name);
    hf_json_key(json, "criteria");
    hf_json_object(json);
    for (int k = 0; k < HF_CRITERIA; k++) hf_json_key_text(json, criteria[k], hf_verdict_word(s->criterion[k]));
    hf_json_end(json);
    hf_json_key_number(json, "market_share", net->market_share[s->entity]);
    figures_json(json, &cer->all->of[s->entity]);
    hf_json_end(json);
}

static void matrix_json(hf_json *json, const char *key, const hf_labels *labels, const double *share, const char *count_key, const int *count)
{
    int n = labels->n;
    hf_json_key(json, key);
    hf_json_array(json);
    for (int a = 0; a < n; a++)
        for (int b = 0; b < n; b++) {
            if (!(share[a * n + b] > 0) && count[a * n + b] == 0) continue;
            hf_json_object(json);
            hf_json_key_text(json, "fails", labels->name[a]);
            hf_json_key_text(json, "loses", labels->name[b]);
            hf_json_key_number(json, count_key, count[a * n + b]);
            hf_json_key_number(json, "mean_share", share[a * n + b]);
            hf_json_end(json);
        }
    hf_json_end(json);
}

static void risks_json(hf_json *json, const hf_cer *cer)
{
    hf_json_key(json, "hazards");
    hf_json_array(json);
    for (int k = 0; k < cer->n_risks; k++) {
        const hf_hazard_risk *r = &cer->risk[k];
        hf_json_object(json);
        hf_json_key_text(json, "hazard", cer->cli->net->hazard_id[r->hazard]);
        hf_json_key_number(json, "per_year", r->per_year);
        hf_json_key_number(json, "user_hours", r->user_hours);
        hf_json_key_number(json, "user_hours_low", r->user_hours_low);
        hf_json_key_number(json, "user_hours_high", r->user_hours_high);
        hf_json_key_number(json, "value_eur", r->value_eur);
        hf_json_end(json);
    }
    hf_json_end(json);
}

hf_err hf_cer_json(hf_cer *cer)
{
    const hf_network *net = cer->cli->net;
    hf_json json;
    hf_json_start(&json, &cer->cli->out);
    hf_json_head(&json, cer->cli);
    hf_json_key_text(&json, "assessment", "cer");
    rules_json(&json, &cer->rules);
    hf_json_key_text(&json, "state", cer->state < 0 ? NULL : net->countries.name[cer->state]);
    hf_json_key_number(&json, "horizon_h", cer->options.run.horizon_h);
    hf_json_key(&json, "entities");
    hf_json_array(&json);
    for (int k = 0; k < net->n_entities; k++)
        if (cer->state < 0 || net->country[cer->standing[k].entity] == cer->state) entity_json(&json, cer, &cer->standing[k]);
    hf_json_end(&json);
    matrix_json(&json, "sectors", &net->sectors, cer->all->sector_share, "supply_links", cer->all->links);
    matrix_json(&json, "countries", &net->countries, cer->all->country_share, "entities", cer->all->country_hits);
    risks_json(&json, cer);
    hf_json_end(&json);
    hf_buf_puts(&cer->cli->out, "\n");
    return cer->cli->out.err;
}

static void thresholds_json(hf_json *json, const hf_cer *cer, int entity)
{
    const hf_network *net = cer->cli->net;
    const hf_significance *of = &cer->all->of[entity];
    hf_json_key(json, "thresholds");
    hf_json_array(json);
    for (int c = 0; c < cer->rules.n_classes; c++)
        for (int k = 0; k < cer->rules.classes[c].n_thresholds; k++) {
            const hf_threshold *t = &cer->rules.classes[c].threshold[k];
            double figure = hf_threshold_figure(t, net, entity, of, &cer->options);
            hf_json_object(json);
            hf_json_key_text(json, "class", cer->rules.classes[c].name);
            hf_json_key_text(json, "criterion", criteria[t->criterion]);
            hf_json_key_text(json, "indicator", hf_indicator_name(t->indicator));
            hf_json_key_text(json, "needs", t->needs);
            hf_json_key_number(json, "level", t->level);
            hf_json_key_number(json, "figure", figure);
            hf_json_key_number(json, "limit", t->limit);
            hf_json_key_number(json, "margin", hf_threshold_margin(t, figure));
            hf_json_key_text(json, "verdict", hf_verdict_word(hf_threshold_judge(&cer->rules, t, net, entity, of, &cer->options)));
            hf_json_key_text(json, "source", t->source);
            hf_json_end(json);
        }
    hf_json_end(json);
}

hf_err hf_cer_entity_json(hf_cer *cer, int entity)
{
    hf_json json;
    hf_json_start(&json, &cer->cli->out);
    hf_json_head(&json, cer->cli);
    hf_json_key_text(&json, "assessment", "cer");
    rules_json(&json, &cer->rules);
    for (int k = 0; k < cer->cli->net->n_entities; k++) {
        if (cer->standing[k].entity != entity) continue;
        hf_json_key(&json, "entity");
        entity_json(&json, cer, &cer->standing[k]);
    }
    thresholds_json(&json, cer, entity);
    hf_err err = hf_cer_sheet_json(cer, entity, &json);
    hf_json_end(&json);
    hf_buf_puts(&cer->cli->out, "\n");
    return err == HF_OK ? cer->cli->out.err : err;
}

hf_err hf_cer_csv(hf_cer *cer)
{
    static const char *const columns[] = {"id", "name", "sector", "country", "class", "a", "b", "c", "d", "e", "f", "own_users", "users_hit", "user_hours",
                                          "value_eur", "other_entities", "other_sectors", "sector_within_h", "states", "member_states",
                                          "member_states_served", "regions", "isolated", "uncovered", "bridged_h"};
    enum { TEXTS = 11, NUMBERS = 14 };
    const hf_network *net = cer->cli->net;
    hf_table *table = NULL;
    hf_err err;
    HF_TRY(hf_table_new("", columns, TEXTS + NUMBERS, &table));
    for (int k = 0; k < net->n_entities; k++) {
        const hf_standing *s = &cer->standing[k];
        const hf_significance *of = &cer->all->of[s->entity];
        if (cer->state >= 0 && net->country[s->entity] != cer->state) continue;
        const double numbers[NUMBERS] = {of->users_own, of->cascade.users_hit_peak, of->cascade.user_hours, of->cascade.value_eur,
                                         of->others_hit, of->sectors_hit, of->first_sector_h, of->states, of->member_states,
                                         of->member_states_served, of->regions, of->isolated, of->uncovered, of->bridged_h};
        char text[NUMBERS][32];
        const char *cells[TEXTS + NUMBERS] = {net->id[s->entity], net->name[s->entity], net->sectors.name[net->sector[s->entity]],
                                              net->countries.name[net->country[s->entity]],
                                              s->class_reached < 0 ? "" : cer->rules.classes[s->class_reached].name};
        for (int c = 0; c < HF_CRITERIA; c++) cells[5 + c] = hf_verdict_word(s->criterion[c]);
        for (int j = 0; j < NUMBERS; j++) {
            hf_number_format(numbers[j], text[j]);
            cells[TEXTS + j] = isfinite(numbers[j]) ? text[j] : NULL;
        }
        HF_TRY(hf_table_append(table, cells));
    }
    hf_table_write(table, &cer->cli->out);
    err = cer->cli->out.err;
out:
    hf_table_free(table);
    return err;
}
