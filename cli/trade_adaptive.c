/* trade --method adaptive: day by day, after shocks or coupled to a cascade; who loses from whose outage. */
#include "cli/trade_adaptive.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "model/coupling.h"

static void answer_done(hf_trade_days *a)
{
    hf_adaptive_free(a->model);
    hf_trade_gates_done(&a->gates);
    void *all[] = {a->ways,   a->output,       a->value,   a->unmet, a->unmet_home, a->trade, a->flow,
                   a->by_day, a->value_by_day, a->regions, a->given, a->matrix,     a->from};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
}

static hf_err answer_init(const hf_trade *t, hf_trade_days *a)
{
    size_t n = (size_t)t->table->n_industries, R = (size_t)t->table->n_regions, days = (size_t)a->days;
    struct {
        double **array;
        size_t count;
    } all[] = {{&a->output, n},     {&a->value, n},     {&a->unmet, n},        {&a->unmet_home, R},           {&a->trade, n * R},
               {&a->flow, n * R},   {&a->by_day, days}, {&a->value_by_day, days}, {&a->regions, days * R * HF_REGION_DAY}};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (!(*all[k].array = hf_calloc(all[k].count, sizeof(double)))) return HF_E_NOMEM;
    a->result = (hf_adaptive_result){.output_lost = a->output, .value_added_lost = a->value, .unmet = a->unmet, .unmet_by_home = a->unmet_home,
                                     .trade_lost = a->trade, .output_by_day = a->by_day, .value_added_by_day = a->value_by_day,
                                     .regions_by_day = a->regions};
    return hf_trade_model(t, &a->model, &a->warnings);
}

/* What each region gets of each industry's product over the days when nothing happens. */
static void flows_fill(const hf_trade *t, hf_trade_days *a)
{
    const hf_io_table *table = t->table;
    size_t n = (size_t)table->n_industries, R = (size_t)table->n_regions, m = (size_t)table->n_demand_columns;
    double years = a->days / 365.0;
    for (size_t f = 0; f < n; f++) {
        for (size_t j = 0; j < n; j++) a->flow[f * R + j / (size_t)table->n_sectors] += table->z[f * n + j] * years;
        for (size_t c = 0; c < m; c++) a->flow[f * R + c / (size_t)table->n_demand] += table->y[f * m + c] * years;
    }
}

static hf_err matrix_init(const hf_trade *t, hf_trade_days *a, int n_from, const char *const *names)
{
    a->n_from = n_from;
    a->matrix = hf_calloc((size_t)n_from * (size_t)t->table->n_regions, sizeof *a->matrix);
    a->from = hf_calloc((size_t)n_from, sizeof *a->from);
    if (!a->matrix || !a->from) return HF_E_NOMEM;
    for (int k = 0; k < n_from; k++) a->from[k] = names[k];
    return HF_OK;
}

/* ---- shocks ---- */

/* How shocks go away: a curve by name, or its values from the first day on, divided by commas. */
typedef struct fading {
    hf_adaptive_curve curve;
    int duration;
    double recovery_days;
} fading;

static hf_err curve_values_read(const hf_trade *t, const char *text, hf_trade_days *a)
{
    int n = 1;
    for (const char *c = text; *c; c++) n += *c == ',';
    a->given = hf_malloc((size_t)n * sizeof *a->given);
    if (!a->given) return HF_E_NOMEM;
    for (const char *from = text; a->n_given < n; from += strcspn(from, ",") + 1) {
        double value = 0;
        if (!hf_number_parse(from, strcspn(from, ","), &value) || value < 0 || value > 1)
            return hf_cli_usage(t->cli, "--curve %s: linear, convex, concave, or the share of the shock on each day, such as 1,0.8,0.5 (each from 0 to 1)",
                                text);
        a->given[a->n_given++] = value;
    }
    return HF_OK;
}

static hf_err fading_read(const hf_trade *t, hf_trade_days *a, fading *ret)
{
    static const char *const names[] = {[HF_CURVE_LINEAR] = "linear", [HF_CURVE_CONVEX] = "convex", [HF_CURVE_CONCAVE] = "concave"};
    const char *curve = hf_args_text(&t->cli->args, "curve");
    *ret = (fading){HF_CURVE_GIVEN, (int)hf_args_number(&t->cli->args, "duration", 30), hf_args_number(&t->cli->args, "recovery", 60)};
    for (int k = 0; k < 3; k++)
        if (strcmp(curve, names[k]) == 0) ret->curve = (hf_adaptive_curve)k;
    return ret->curve == HF_CURVE_GIVEN ? curve_values_read(t, curve, a) : HF_OK;
}

/* The shocks that begin in one region, or all (-1); those on every region are taken apart. Returns their number. */
static int shocks_of(const hf_trade *t, const hf_trade_days *a, const fading *how, int region, hf_adaptive_shock *shocks)
{
    int n = 0;
    for (int k = 0; k < t->n_shocks; k++) {
        const hf_trade_shock *s = &t->shocks[k];
        if (region >= 0 && s->region >= 0 && s->region != region) continue;
        shocks[n++] = (hf_adaptive_shock){.kind = s->kind, .region = region >= 0 ? region : s->region, .sector = s->sector, .partner = s->partner,
                                          .size = s->size, .start = s->day, .duration = how->duration, .recovery_days = how->recovery_days,
                                          .curve = how->curve, .given = a->given, .n_given = a->n_given};
    }
    return n;
}

/* Value added [n] lost by the industries, into row `from` of the matrix. */
static void matrix_add(const hf_trade *t, hf_trade_days *a, int from, const double *value)
{
    int R = t->table->n_regions, S = t->table->n_sectors;
    for (int f = 0; f < t->table->n_industries; f++) a->matrix[from * R + f / S] += value[f];
}

/* Each shocked region alone; one alone has been run already. */
static hf_err shock_matrix(const hf_trade *t, hf_trade_days *a, const fading *how)
{
    hf_err err = HF_OK;
    size_t R = (size_t)t->table->n_regions, n = (size_t)t->table->n_industries, most = (size_t)t->n_shocks;
    int active = 0, *region = hf_calloc(R, sizeof *region);
    double *value = hf_calloc(n * R, sizeof *value);
    hf_adaptive_shock *shocks = hf_calloc(most * R, sizeof *shocks);
    hf_adaptive_scenario *scenarios = hf_calloc(R, sizeof *scenarios);
    hf_adaptive_result *results = hf_calloc(R, sizeof *results);
    if (!region || !value || !shocks || !scenarios || !results) HF_TRY(HF_E_NOMEM);
    HF_TRY(matrix_init(t, a, (int)R, t->table->region));
    for (int r = 0; r < (int)R; r++) {
        hf_adaptive_shock *own = shocks + (size_t)active * most;
        int own_n = shocks_of(t, a, how, r, own);
        if (own_n == 0) continue;
        scenarios[active] = (hf_adaptive_scenario){own, own_n};
        results[active].value_added_lost = value + (size_t)active * n;
        region[active++] = r;
    }
    if (active == 1) matrix_add(t, a, region[0], a->value);
    if (active < 2) goto out;
    HF_TRY(hf_adaptive_run(a->model, scenarios, active, a->days, NULL, NULL, results, NULL));
    for (int k = 0; k < active; k++) matrix_add(t, a, region[k], results[k].value_added_lost);
out:
    hf_free(region);
    hf_free(value);
    hf_free(shocks);
    hf_free(scenarios);
    hf_free(results);
    return err;
}

static hf_err shocks_run(const hf_trade *t, hf_trade_days *a)
{
    hf_err err = HF_OK;
    fading how;
    hf_adaptive_shock *shocks = hf_calloc((size_t)t->n_shocks, sizeof *shocks);
    if (!shocks) return HF_E_NOMEM;
    HF_TRY(fading_read(t, a, &how));
    hf_adaptive_scenario scenario = {shocks, shocks_of(t, a, &how, -1, shocks)};
    size_t first = hf_diag_kept(t->cli->diag);
    err = hf_adaptive_run(a->model, &scenario, 1, a->days, NULL, NULL, &a->result, t->cli->diag);
    if (err != HF_OK) hf_cli_findings(t->cli, first, HF_ERROR);
    HF_TRY(err);
    HF_TRY(shock_matrix(t, a, &how));
out:
    hf_free(shocks);
    return err;
}

/* ---- coupled to a cascade ---- */

typedef struct links {
    hf_coupling_link *forward;
    hf_coupling_back *back;
    int n_forward, n_back;
} links;

static hf_err links_read(const hf_economy *economy, links *l)
{
    l->forward = hf_calloc((size_t)economy->n_links, sizeof *l->forward);
    l->back = hf_calloc((size_t)economy->n_links, sizeof *l->back);
    if (!l->forward || !l->back) return HF_E_NOMEM;
    for (int k = 0; k < economy->n_links; k++) {
        const hf_industry_link *link = &economy->link[k];
        if (link->follows) l->back[l->n_back++] = (hf_coupling_back){link->industry, link->entity};
        else l->forward[l->n_forward++] = (hf_coupling_link){link->industry, link->entity, link->share};
    }
    return HF_OK;
}

/* The parts of the matrix: each country's facilities, then what is given besides them, then for the gates all gates alone, with and
 * without other ways. */
static hf_err parts_run(const hf_trade *t, hf_trade_days *a, const hf_coupling *c, hf_timeline *tl)
{
    hf_err err = HF_OK;
    const hf_labels *countries = &t->cli->net->countries;
    int n = 0, rows = countries->n + (c->n_shocks > 0 || a->gates.any_given);
    hf_coupling_part *parts = hf_calloc((size_t)rows + 2, sizeof *parts);
    const char **names = hf_calloc((size_t)rows, sizeof *names);
    if (!parts || !names) HF_TRY(HF_E_NOMEM);
    for (; n < countries->n; n++) {
        parts[n] = (hf_coupling_part){.country = n, .capacity = true, .gates = true};
        names[n] = countries->name[n];
    }
    if (n < rows) {
        names[n] = c->n_shocks == 0 ? "gates and borders" : a->gates.any_given ? "shocks, gates, borders" : "shocks";
        parts[n++] = (hf_coupling_part){.country = -1, .given = true};
    }
    for (int k = 0; k < 2; k++) parts[n + k] = (hf_coupling_part){.country = -1, .gates = true, .given = true, .no_detour = k == 1};
    HF_TRY(matrix_init(t, a, rows, names));
    HF_TRY(hf_coupling_parts(c, tl, a->model, parts, rows, a->matrix, NULL));
    hf_coupling alone = *c;
    alone.n_shocks = 0;
    if (a->with_gates) HF_TRY(hf_coupling_parts(&alone, tl, a->model, parts + rows, 2, a->by_gates, NULL));
out:
    hf_free(parts);
    hf_free(names);
    return err;
}

/* Room for what the gates do. */
static hf_err ways_init(const hf_trade *t, hf_trade_days *a)
{
    const hf_corridors *c = a->gates.corridors;
    size_t R = (size_t)t->table->n_regions, days = (size_t)a->days, gates = c ? (size_t)c->n_gates : 0, lanes = c ? (size_t)c->n_lanes : 0;
    a->ways = hf_calloc(2 * R + days * (gates + 2 * lanes), sizeof *a->ways);
    if (!a->ways) return HF_E_NOMEM;
    a->by_gates = a->ways;
    a->no_other_way = a->by_gates + R;
    a->open = a->no_other_way + R;
    a->held = a->open + days * gates;
    a->late = a->held + days * lanes;
    return HF_OK;
}

static hf_err coupled_run(const hf_trade *t, hf_trade_days *a, const hf_what_if *w, const links *l)
{
    hf_err err = HF_OK;
    hf_timeline *tl = NULL;
    fading how;
    hf_cli *cli = t->cli;
    hf_adaptive_shock *shocks = hf_calloc((size_t)t->n_shocks, sizeof *shocks);
    if (!shocks) return HF_E_NOMEM;
    HF_TRY(fading_read(t, a, &how));
    hf_coupling c = {.net = cli->net, .injects = w->injects, .n_injects = w->n_injects, .run = w->options, .links = l->forward, .n_links = l->n_forward,
                     .back = l->back, .n_back = l->n_back, .n_regions = t->table->n_regions, .n_sectors = t->table->n_sectors, .days = a->days,
                     .gates = a->with_gates ? &a->gates.coupling : NULL, .shocks = shocks, .n_shocks = shocks_of(t, a, &how, -1, shocks)};
    HF_TRY(ways_init(t, a));
    HF_TRY(hf_timeline_new(cli->net, &tl));
    HF_TRY(parts_run(t, a, &c, tl));
    if (a->gates.corridors) HF_TRY(hf_coupling_ways(&c, tl, a->open, a->held, a->late, NULL));
    HF_TRY(hf_coupling_run(&c, tl, a->model, &a->result, &a->back, cli->diag));
out:
    hf_free(shocks);
    hf_timeline_free(tl);
    return err;
}

/* Facilities, gates or both; with shocks on top if there are any. */
static hf_err cascade_run(const hf_trade *t, hf_trade_days *a)
{
    hf_err err = HF_OK;
    hf_cli *cli = t->cli;
    hf_what_if w = {.options = hf_run_options_default()};
    links l = {0};
    if (hf_what_if_asked(cli)) HF_TRY(hf_what_if_read(cli, &w));
    HF_TRY(links_read(t->economy, &l));
    HF_TRY(hf_trade_gates_init(t, &a->gates));
    HF_TRY(hf_trade_gates_shut(t, &a->gates, w.scenario, a->days));
    a->with_gates = a->gates.corridors || a->gates.coupling.n_limits > 0;
    if (l.n_forward == 0 && !a->with_gates) {
        hf_cli_message(cli, "no industry is linked to an entity (table industry_links) and no trade passes gates: the cascade does not reach the economy");
        cli->told = true;
        HF_TRY(HF_E_NO_ANSWER);
    }
    HF_TRY(coupled_run(t, a, &w, &l));
out:
    hf_free(l.forward);
    hf_free(l.back);
    hf_what_if_done(&w);
    return err;
}

/* ---- what all writers need ---- */

double hf_trade_region_sum(const hf_trade *t, const double *values, int region)
{
    double sum = 0;
    for (int i = 0; i < t->table->n_sectors; i++) sum += values[region * t->table->n_sectors + i];
    return sum;
}

hf_trade_course hf_trade_course_of(const hf_trade *t, const hf_trade_days *a, int region)
{
    int R = t->table->n_regions;
    double rest = 0;
    hf_trade_course course = {.lowest = 1};
    if (region < 0) return (hf_trade_course){a->result.lowest, a->result.lowest_day, a->result.return_day};
    rest = hf_trade_region_sum(t, t->table->x, region) / 365;
    for (int day = 0; day < a->days && rest > 0; day++) {
        double share = a->regions[((size_t)day * (size_t)R + (size_t)region) * HF_REGION_DAY + HF_REGION_DAY_OUTPUT] / rest;
        if (day == 0 || share < course.lowest) course.lowest = share, course.lowest_day = day;
        if (fabs(share - 1) > HF_ADAPTIVE_RETURN) course.return_day = day + 1;
    }
    return course;
}

hf_err hf_trade_adaptive(hf_trade *t)
{
    hf_trade_days a = {.days = (int)hf_args_number(&t->cli->args, "days", 365), .coupled = hf_what_if_asked(t->cli) || hf_args_has(&t->cli->args, "gate")};
    hf_err err = HF_OK;
    if (!a.coupled && t->n_shocks == 0)
        return hf_cli_usage(t->cli, "--method adaptive needs a shock: --shock REGION/INDUSTRY=SHARE, a gate that shuts (--gate NAME), or a cascade "
                                   "(--scenario, --hazard, --fail)");
    HF_TRY(answer_init(t, &a));
    flows_fill(t, &a);
    HF_TRY(a.coupled ? cascade_run(t, &a) : shocks_run(t, &a));
    if (hf_args_has(&t->cli->args, "json")) HF_TRY(hf_trade_days_json(t, &a));
    else if (hf_args_has(&t->cli->args, "csv")) HF_TRY(hf_trade_days_csv(t, &a));
    else HF_TRY(hf_trade_days_print(t, &a));
out:
    answer_done(&a);
    return err;
}
