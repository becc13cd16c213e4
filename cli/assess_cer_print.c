/* The CER assessment for people. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/assess.h"
#include "cli/cause_words.h"
#include "cli/cells.h"
#include "cli/section.h"
#include "cli/titles.h"
#include "cli/words.h"
#include "viz/chart.h"
#include "viz/html.h"

static const char *const criterion_columns[HF_CRITERIA] = {"a", "b", "c", "d", "e", "f"};

static bool is_assessed(const hf_cer *cer, int entity)
{
    return cer->state < 0 || cer->cli->net->country[entity] == cer->state;
}

static int rows_shown(const hf_cer *cer, int n)
{
    int top = (int)hf_args_number(&cer->cli->args, "top", 15);
    return top > 0 && top < n ? top : n;
}

static void heading_words(char text[128], const char *what, int shown, int n)
{
    if (shown < n) snprintf(text, 128, "%s (%d of %d; --top 0 shows all)", what, shown, n);
    else snprintf(text, 128, "%s", what);
}

static void figure_cell(hf_text_table *table, hf_indicator indicator, double figure)
{
    hf_buf text = {0};
    hf_figure_words(indicator, figure, &text);
    hf_text_table_cell(table, text.text ? text.text : "");
    hf_buf_done(&text);
}

static void entity_cells(hf_text_table *table, const hf_network *net, int i)
{
    hf_text_table_cell(table, hf_entity_label(net, i));
    hf_text_table_cell(table, net->sectors.name[net->sector[i]]);
    hf_text_table_cell(table, net->countries.name[net->country[i]]);
}

static void entity_columns(hf_text_table *table)
{
    hf_text_table_column(table, "entity", HF_ALIGN_LEFT);
    hf_text_table_column(table, "sector", HF_ALIGN_LEFT);
    hf_text_table_column(table, "in", HF_ALIGN_LEFT);
}

/* How many of the entities assessed reach a class. */
static int candidates_count(const hf_cer *cer, int *ret_assessed)
{
    int n = 0;
    *ret_assessed = 0;
    for (int k = 0; k < cer->cli->net->n_entities; k++) {
        if (!is_assessed(cer, cer->standing[k].entity)) continue;
        (*ret_assessed)++;
        n += cer->standing[k].class_reached >= 0;
    }
    return n;
}

static void answer_print(hf_cer *cer)
{
    hf_buf text = {0};
    int assessed, n = candidates_count(cer, &assessed);
    hf_buf_printf(&text, "%d of %d entities", n, assessed);
    if (cer->state >= 0) hf_buf_printf(&text, " in %s", cer->cli->net->countries.name[cer->state]);
    hf_buf_printf(&text, " are candidates under the rule set %s, version %s: %s.", cer->rules.name, cer->rules.version, cer->rules.title);
    hf_buf_printf(&text, " Each failed alone, in full, for up to %g h. A candidate provides a service of its sector, lies on the territory, and reaches ",
                  cer->options.run.horizon_h);
    for (int c = 0; c < cer->rules.n_classes; c++) hf_buf_printf(&text, "%s\"%s\"", c ? " or " : "", cer->rules.classes[c].name);
    hf_buf_puts(&text, ".");
    if (text.text) hf_section_text(cer->cli, text.text);
    hf_buf_done(&text);
    hf_section_text(cer->cli, cer->rules.verified);
}

/* What the rules ask for and no data set holds, each once. */
static void gaps_print(hf_cer *cer)
{
    hf_buf text = {0};
    for (int c = 0; c < cer->rules.n_classes; c++)
        for (int k = 0; k < cer->rules.classes[c].n_thresholds; k++) {
            const hf_threshold *t = &cer->rules.classes[c].threshold[k];
            hf_buf words = {0};
            if (t->indicator != HF_NOT_ASSESSABLE) continue;
            hf_threshold_words(t, &words);
            if (words.text && !(text.text && strstr(text.text, words.text))) {
                hf_buf_puts(&text, text.text ? "; " : "Not assessed, for want of figures: ");
                hf_buf_puts(&text, words.text);
            }
            hf_buf_done(&words);
        }
    if (text.text) {
        hf_buf_puts(&text, ".");
        hf_section_text(cer->cli, text.text);
    }
    hf_buf_done(&text);
}

static hf_err candidates_print(hf_cer *cer)
{
    const hf_network *net = cer->cli->net;
    int assessed, n = candidates_count(cer, &assessed), shown = rows_shown(cer, n > 0 ? n : assessed), row = 0;
    char heading[128];
    hf_text_table *table = NULL;
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    entity_columns(table);
    if (cer->rules.n_classes > 1) hf_text_table_column(table, "class", HF_ALIGN_LEFT);
    for (int k = 0; k < HF_CRITERIA; k++) hf_text_table_column(table, criterion_columns[k], HF_ALIGN_LEFT);
    hf_text_table_column(table, "users hit", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "user-h", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "sectors", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "states", HF_ALIGN_RIGHT);
    for (int k = 0; k < net->n_entities && row < shown; k++) {
        const hf_standing *s = &cer->standing[k];
        const hf_significance *of = &cer->all->of[s->entity];
        if (!is_assessed(cer, s->entity)) continue;
        row++;
        entity_cells(table, net, s->entity);
        if (cer->rules.n_classes > 1) hf_text_table_cell(table, s->class_reached < 0 ? "-" : cer->rules.classes[s->class_reached].name);
        for (int c = 0; c < HF_CRITERIA; c++) hf_text_table_cell(table, hf_verdict_word(s->criterion[c]));
        hf_cell_amount(table, of->cascade.users_hit_peak);
        hf_cell_amount(table, of->cascade.user_hours);
        hf_text_table_cellf(table, "%d", of->sectors_hit);
        hf_text_table_cellf(table, "%d", of->states);
    }
    heading_words(heading, n > 0 ? "Candidates, gravest first" : "No candidate; the nearest", shown, n > 0 ? n : assessed);
    HF_TRY(hf_section_table(cer->cli, heading, table));
    hf_section_text(cer->cli, "Criteria of Article 7: a users, b other sectors, c degree and duration, d market share, e area and borders, f alternatives. "
                              "met, near or no; ? the data has no figure; - not asked of this sector.");
out:
    hf_text_table_free(table);
    return err;
}

/* A pair of groups and what the failure of one does to the other. */
typedef struct pair {
    int from, to, count;
    double share;
} pair;

static int compare_pair(const void *pa, const void *pb)
{
    const pair *a = pa, *b = pb;
    if (a->share != b->share) return a->share > b->share ? -1 : 1;
    if (a->count != b->count) return b->count - a->count;
    return a->from != b->from ? a->from - b->from : a->to - b->to;
}

/* Pairs of different groups with any share, most first; the caller frees them. */
static pair *pairs_of(const double *share, const int *count, int n, int concerned, int *ret_n)
{
    pair *pairs = hf_malloc((size_t)n * (size_t)n * sizeof *pairs);
    *ret_n = 0;
    for (int a = 0; pairs && a < n; a++)
        for (int b = 0; b < n; b++)
            if (a != b && share[a * n + b] > 0 && (concerned < 0 || a == concerned || b == concerned))
                pairs[(*ret_n)++] = (pair){a, b, count[a * n + b], share[a * n + b]};
    if (pairs) qsort(pairs, (size_t)*ret_n, sizeof *pairs, compare_pair);
    return pairs;
}

/* Article 5: inward is what the state that is assessed depends on, outward what depends on it. */
static const char *border_words(const hf_cer *cer, const pair *p)
{
    bool in_union = cer->is_member[p->from] && cer->is_member[p->to];
    if (cer->state < 0) return in_union ? "Member States" : "third country";
    if (p->to == cer->state) return in_union ? "inward" : "inward, third country";
    return in_union ? "outward" : "outward, third country";
}

/* With five columns the pairs are of states, and the last is what stands between them. */
static hf_err pairs_print(hf_cer *cer, const char *what, const char *const columns[5], const hf_labels *labels, const double *share, const int *count,
                          int concerned)
{
    int n = 0;
    char heading[128];
    hf_text_table *table = NULL;
    pair *pairs = pairs_of(share, count, labels->n, concerned, &n);
    hf_err err = pairs ? HF_OK : HF_E_NOMEM;
    HF_TRY(err);
    if (n == 0) goto out;
    HF_TRY(hf_text_table_new(&table));
    for (int k = 0; k < 5 && columns[k]; k++) hf_text_table_column(table, columns[k], k == 2 || k == 3 ? HF_ALIGN_RIGHT : HF_ALIGN_LEFT);
    int shown = rows_shown(cer, n);
    for (int k = 0; k < shown; k++) {
        hf_text_table_cell(table, labels->name[pairs[k].from]);
        hf_text_table_cell(table, labels->name[pairs[k].to]);
        hf_text_table_cellf(table, "%d", pairs[k].count);
        hf_cell_share(table, pairs[k].share);
        if (columns[4]) hf_text_table_cell(table, border_words(cer, &pairs[k]));
    }
    heading_words(heading, what, shown, n);
    err = hf_section_table(cer->cli, heading, table);
out:
    hf_text_table_free(table);
    hf_free(pairs);
    return err;
}

static bool is_european(const hf_cer *cer, int entity)
{
    const hf_significance *of = &cer->all->of[entity];
    return cer->is_member[cer->cli->net->country[entity]] && (of->member_states_served >= HF_EUROPEAN_STATES || of->member_states >= HF_EUROPEAN_STATES);
}

/* Articles 17 and 18. An entity outside the Union cannot be identified, but the states should know of it. */
static hf_err european_print(hf_cer *cer)
{
    const hf_network *net = cer->cli->net;
    hf_text_table *table = NULL;
    int n = 0;
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    entity_columns(table);
    hf_text_table_column(table, "Member States served", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "that lose service", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "Article 17", HF_ALIGN_LEFT);
    for (int k = 0; k < net->n_entities; k++) {
        int i = cer->standing[k].entity;
        const hf_significance *of = &cer->all->of[i];
        if (!is_assessed(cer, i) || (of->member_states_served < HF_EUROPEAN_STATES && of->member_states < HF_EUROPEAN_STATES)) continue;
        n++;
        entity_cells(table, net, i);
        hf_text_table_cellf(table, "%d", of->member_states_served);
        hf_text_table_cellf(table, "%d", of->member_states);
        bool serves = of->member_states_served >= HF_EUROPEAN_STATES;
        hf_text_table_cell(table, !is_european(cer, i) ? "third country" : serves ? "by its services" : "by the cascade only");
    }
    if (n > 0) err = hf_section_table(cer->cli, "Particular European significance: six or more Member States", table);
    else hf_section_text(cer->cli, "No entity serves six or more Member States or takes service from users there.");
out:
    hf_text_table_free(table);
    return err;
}

static hf_err risks_print(hf_cer *cer)
{
    hf_text_table *table = NULL;
    hf_err err;
    if (cer->n_risks == 0) return HF_OK;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "hazard", HF_ALIGN_LEFT);
    hf_text_table_column(table, "a year", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "user-h an event (95 %)", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "user-h a year", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "EUR a year", HF_ALIGN_RIGHT);
    for (int k = 0; k < cer->n_risks; k++) {
        const hf_hazard_risk *r = &cer->risk[k];
        hf_buf event = {0};
        hf_text_table_cell(table, cer->cli->net->hazard_title[r->hazard]);
        hf_text_table_cellf(table, "%.3g", r->per_year);
        hf_word_amount(&event, r->user_hours);
        hf_buf_puts(&event, " (");
        hf_word_amount(&event, r->user_hours_low);
        hf_buf_puts(&event, " to ");
        hf_word_amount(&event, r->user_hours_high);
        hf_buf_puts(&event, ")");
        hf_text_table_cell(table, event.text ? event.text : "");
        hf_buf_done(&event);
        hf_cell_amount(table, r->per_year * r->user_hours);
        hf_cell_amount(table, r->per_year * r->value_eur);
    }
    err = hf_section_table(cer->cli, "Hazards by expected loss (Article 5)", table);
out:
    hf_text_table_free(table);
    return err;
}

/* On a page, a matrix as a picture; on a terminal nothing: the pairs say it. */
static hf_err matrix_print(hf_cer *cer, const char *title, const hf_labels *labels, const double *share)
{
    hf_buf source = {0}, svg = {0};
    hf_err err = HF_OK;
    if (!cer->cli->page) return HF_OK;
    hf_source_words(cer->cli, &source);
    HF_TRY(source.err);
    hf_chart_words words = {title, "per cent of the column's users without service when one of the row fails, on average; grey: no users", source.text};
    HF_TRY(hf_chart_matrix(&words, labels->name, labels->n, share, &svg));
    hf_html_picture(&cer->cli->out, &svg);
out:
    hf_buf_done(&source);
    hf_buf_done(&svg);
    return err;
}

hf_err hf_cer_print(hf_cer *cer)
{
    static const char *const sector_columns[5] = {"when one of", "fails, users of", "supply links", "lose on average"};
    const char *const country_columns[5] = {"when one in", "fails, users in", "entities that reach them", "lose on average",
                                            cer->state < 0 ? "between" : "direction"};
    const hf_assessment *all = cer->all;
    const hf_network *net = cer->cli->net;
    hf_err err;
    answer_print(cer);
    gaps_print(cer);
    HF_TRY(candidates_print(cer));
    HF_TRY(matrix_print(cer, "Sectors that depend on others", &net->sectors, all->sector_share));
    HF_TRY(pairs_print(cer, "Sectors that depend on others (Article 5)", sector_columns, &net->sectors, all->sector_share, all->links, -1));
    HF_TRY(matrix_print(cer, "States that depend on others", &net->countries, all->country_share));
    HF_TRY(pairs_print(cer, "States that depend on others, and should consult (Articles 5 and 11)", country_columns, &net->countries, all->country_share,
                       all->country_hits, cer->state));
    HF_TRY(european_print(cer));
    HF_TRY(risks_print(cer));
    hf_buf next = {0};
    hf_buf_puts(&next, "One of them, threshold by threshold: holdfast assess cer ");
    hf_shell_word(&next, cer->cli->args.words[0]);
    hf_buf_puts(&next, " --entity ");
    for (int k = 0; k < net->n_entities; k++)
        if (is_assessed(cer, cer->standing[k].entity)) {
            hf_shell_word(&next, net->id[cer->standing[k].entity]);
            break;
        }
    if (next.text) hf_section_line(cer->cli, next.text);
    hf_buf_done(&next);
    err = cer->cli->out.err;
out:
    return err;
}

static void margin_cell(hf_text_table *table, double margin)
{
    if (!isfinite(margin)) hf_text_table_cell(table, "-");
    else if (margin >= 1000) hf_text_table_cell(table, "> 1,000");
    else hf_text_table_cellf(table, margin >= 10 ? "%.0f" : "%.2g", margin);
}

static hf_err thresholds_print(hf_cer *cer, int entity)
{
    const hf_network *net = cer->cli->net;
    const hf_significance *of = &cer->all->of[entity];
    hf_text_table *table = NULL;
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "class", HF_ALIGN_LEFT);
    hf_text_table_column(table, "criterion", HF_ALIGN_LEFT);
    hf_text_table_column(table, "figure", HF_ALIGN_LEFT);
    hf_text_table_column(table, "is", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "limit", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "margin", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "", HF_ALIGN_LEFT);
    hf_text_table_column(table, "limit from", HF_ALIGN_LEFT);
    for (int c = 0; c < cer->rules.n_classes; c++)
        for (int k = 0; k < cer->rules.classes[c].n_thresholds; k++) {
            const hf_threshold *t = &cer->rules.classes[c].threshold[k];
            hf_verdict verdict = hf_threshold_judge(&cer->rules, t, net, entity, of, &cer->options);
            hf_buf words = {0};
            if (verdict == HF_NO_CONCERN) continue;
            hf_threshold_words(t, &words);
            hf_text_table_cell(table, cer->rules.classes[c].name);
            hf_text_table_cell(table, criterion_columns[t->criterion]);
            hf_text_table_cell(table, words.text ? words.text : "");
            figure_cell(table, t->indicator, hf_threshold_figure(t, net, entity, of, &cer->options));
            figure_cell(table, t->indicator, t->limit);
            margin_cell(table, hf_threshold_margin(t, hf_threshold_figure(t, net, entity, of, &cer->options)));
            hf_text_table_cell(table, hf_verdict_word(verdict));
            hf_text_table_cell(table, t->source);
            hf_buf_done(&words);
        }
    err = hf_section_table(cer->cli, "Criterion by criterion (margin: figure over limit; for hours left, limit over figure)", table);
out:
    hf_text_table_free(table);
    return err;
}

static hf_err how_soon_print(hf_cer *cer, int entity)
{
    const hf_significance *of = &cer->all->of[entity];
    hf_text_table *table = NULL;
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "after", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "others hit", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "other sectors hit", HF_ALIGN_RIGHT);
    for (int h = 0; h < HF_ASSESS_HOURS; h++) {
        hf_cell_hours(table, hf_assess_hours[h]);
        hf_text_table_cellf(table, "%d", of->others_by[h]);
        hf_text_table_cellf(table, "%d", of->sectors_by[h]);
    }
    err = hf_section_table(cer->cli, "How soon others are hit (criterion b)", table);
out:
    hf_text_table_free(table);
    return err;
}

/* Article 12: the hazards that damage it. */
static hf_err own_hazards_print(hf_cer *cer, int entity)
{
    const hf_network *net = cer->cli->net;
    hf_text_table *table = NULL;
    int n = 0;
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "hazard", HF_ALIGN_LEFT);
    hf_text_table_column(table, "a year", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "damages it with", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "to", HF_ALIGN_RIGHT);
    for (int z = 0; z < net->n_hazards; z++)
        for (int row = net->hazard_off[z]; row < net->hazard_off[z + 1]; row++) {
            if (net->damage_entity[row] != entity) continue;
            n++;
            hf_text_table_cell(table, net->hazard_title[z]);
            hf_text_table_cellf(table, "%.3g", isnan(net->hazard_frequency[z]) ? 0 : net->hazard_frequency[z]);
            hf_cell_share(table, net->damage_probability[row]);
            hf_cell_share(table, 1 - net->damage_severity[row]);
        }
    if (n > 0) err = hf_section_table(cer->cli, "Its own hazards (Article 12)", table);
out:
    hf_text_table_free(table);
    return err;
}

hf_err hf_cer_entity_print(hf_cer *cer, int entity)
{
    hf_buf text = {0};
    hf_err err;
    const hf_network *net = cer->cli->net;
    for (int k = 0; k < net->n_entities; k++) {
        const hf_standing *s = &cer->standing[k];
        if (s->entity != entity) continue;
        hf_entity_words(net, entity, &text);
        if (s->class_reached >= 0) hf_buf_printf(&text, " reaches the class \"%s\"", cer->rules.classes[s->class_reached].title);
        else hf_buf_puts(&text, " reaches no class");
        hf_buf_printf(&text, " under the rule set %s, version %s: %d criteria are met, %d are near. It stands at %d of %d entities.", cer->rules.name,
                      cer->rules.version, s->met, s->near, k + 1, net->n_entities);
    }
    err = text.err;
    if (text.text) hf_section_text(cer->cli, text.text);
    hf_buf_done(&text);
    HF_TRY(err);
    HF_TRY(thresholds_print(cer, entity));
    HF_TRY(how_soon_print(cer, entity));
    HF_TRY(own_hazards_print(cer, entity));
    HF_TRY(hf_cer_sheet_print(cer, entity));
    hf_buf_puts(&text, "All that it needs and supplies: holdfast show ");
    hf_shell_word(&text, cer->cli->args.words[0]);
    hf_buf_puts(&text, " ");
    hf_shell_word(&text, net->id[entity]);
    if (text.text) hf_section_line(cer->cli, text.text);
    err = text.err;
out:
    hf_buf_done(&text);
    return err;
}
