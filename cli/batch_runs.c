#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/batch.h"
#include "model/cascade/timeline.h"

typedef struct context {
    const hf_job *job;
    const hf_package *package;
    const hf_network *net;
    hf_arena *memory;
    hf_diag *diag;
    hf_batch_run *runs;
    int n;
    size_t capacity;
} context;

void hf_batch_runs_free(hf_batch_run *runs, int n)
{
    for (int k = 0; k < n; k++) hf_free(runs[k].injects);
    hf_free(runs);
}

static double horizon_of(const hf_job *job, const hf_scenario *scenario)
{
    if (!isnan(job->horizon_h)) return job->horizon_h;
    return scenario && !isnan(scenario->horizon_h) ? scenario->horizon_h : hf_run_options_default().horizon_h;
}

/* "scenario=x horizon_h=720 no_repair=0 out_below=0.5". */
static const char *options_text(const hf_job *job, const char *what, const char *name, double horizon_h, hf_arena *memory)
{
    hf_buf text = {0};
    hf_buf_printf(&text, "%s%s%s horizon_h=", what, *name ? "=" : "", name);
    hf_buf_number(&text, horizon_h);
    hf_buf_printf(&text, " no_repair=%d out_below=", job->no_repair);
    hf_buf_number(&text, job->out_below);
    const char *kept = text.text && text.err == HF_OK ? hf_arena_strndup(memory, text.text, text.length) : NULL;
    hf_buf_done(&text);
    return kept;
}

const char *hf_batch_singles_options(const hf_job *job, hf_arena *memory)
{
    return options_text(job, "singles", "", horizon_of(job, NULL), memory);
}

/* Takes the injects over, also on failure. */
static hf_err run_add(context *c, const char *what, const char *name, const hf_scenario *scenario, hf_inject *injects, int n_injects)
{
    hf_batch_run run = {.injects = injects, .n_injects = n_injects, .run = hf_run_options_default(), .out_below = c->job->out_below};
    hf_err err;
    run.run.horizon_h = horizon_of(c->job, scenario);
    run.run.no_repair = c->job->no_repair;
    run.options = options_text(c->job, what, name, run.run.horizon_h, c->memory);
    if (!run.options) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_grow((void **)&c->runs, &c->capacity, (size_t)c->n + 1, sizeof *c->runs));
    c->runs[c->n++] = run;
    return HF_OK;
out:
    hf_free(injects);
    return err;
}

static hf_err scenario_add(context *c, const hf_scenario *scenario)
{
    hf_inject *injects = NULL;
    int n = 0;
    hf_err err = hf_scenario_resolve(scenario, c->net, c->diag, &injects, &n);
    if (err == HF_E_DATA) return HF_OK; /* it is told */
    if (err != HF_OK) return err;
    if (n > 0) return run_add(c, "scenario", scenario->name, scenario, injects, n);
    hf_free(injects); /* it acts on trade alone */
    if (!c->job->scenarios.all) hf_diag_add(c->diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "scenario \"%.60s\" fails no entity", scenario->name);
    return HF_OK;
}

static hf_err scenarios_add(context *c)
{
    hf_err err = HF_OK;
    for (int s = 0; c->job->scenarios.all && s < hf_package_scenario_count(c->package); s++) HF_TRY(scenario_add(c, hf_package_scenario(c->package, s)));
    for (int k = 0; k < c->job->scenarios.n; k++) {
        const hf_scenario *scenario = hf_package_find_scenario(c->package, c->job->scenarios.name[k]);
        if (scenario) HF_TRY(scenario_add(c, scenario));
        else hf_diag_add(c->diag, HF_ERROR, HF_E_UNKNOWN_ID, NULL, 0, 0, "there is no scenario \"%.60s\" in this data set", c->job->scenarios.name[k]);
    }
out:
    return err;
}

/* Everybody whom a hazard damages, to what its severity leaves: as `cascade --hazard`. */
static hf_err hazard_add(context *c, int z)
{
    const hf_network *net = c->net;
    int first = net->hazard_off[z], n = net->hazard_off[z + 1] - first;
    if (n == 0) return HF_OK;
    hf_inject *injects = hf_malloc((size_t)n * sizeof *injects);
    if (!injects) return HF_E_NOMEM;
    for (int k = 0; k < n; k++) injects[k] = hf_damage_inject(net, first + k);
    return run_add(c, "hazard", net->hazard_id[z], NULL, injects, n);
}

static hf_err hazards_add(context *c)
{
    hf_err err = HF_OK;
    for (int z = 0; c->job->hazards.all && z < c->net->n_hazards; z++) HF_TRY(hazard_add(c, z));
    for (int k = 0; k < c->job->hazards.n; k++) {
        int found = hf_network_find_hazard(c->net, c->job->hazards.name[k]);
        if (found >= 0) HF_TRY(hazard_add(c, found));
        else hf_diag_add(c->diag, HF_ERROR, HF_E_UNKNOWN_ID, NULL, 0, 0, "there is no hazard \"%.60s\" in this data set", c->job->hazards.name[k]);
    }
out:
    return err;
}

static hf_err fail_add(context *c, const hf_job_names *targets)
{
    hf_inject *injects = NULL;
    size_t capacity = 0;
    int n = 0;
    hf_buf name = {0};
    hf_err err = HF_OK;
    for (int t = 0; t < targets->n; t++) {
        int *entities = NULL, count = 0;
        const char *why = NULL;
        HF_TRY(hf_target_resolve(c->net, targets->name[t], &entities, &count, &why));
        if (count == 0) hf_diag_add(c->diag, HF_ERROR, HF_E_UNKNOWN_ID, NULL, 0, 0, "\"%.60s\": %s", targets->name[t], why ? why : "names no entity");
        err = hf_grow((void **)&injects, &capacity, (size_t)(n + count), sizeof *injects);
        for (int k = 0; err == HF_OK && k < count; k++) injects[n++] = (hf_inject){0, HF_INJECT_FAIL, entities[k], 0, NAN};
        hf_free(entities);
        HF_TRY(err);
        if (count == 0) goto out;
        hf_buf_printf(&name, "%s%s", t ? "," : "", targets->name[t]);
    }
    HF_TRY(name.err);
    err = run_add(c, "fail", name.text ? name.text : "", NULL, injects, n);
    injects = NULL;
out:
    hf_free(injects);
    hf_buf_done(&name);
    return err;
}

hf_err hf_batch_runs(const hf_job *job, const hf_package *package, hf_arena *memory, hf_diag *diag, hf_batch_run **ret_runs, int *ret_n)
{
    context c = {.job = job, .package = package, .net = hf_package_network(package), .memory = memory, .diag = diag};
    hf_err err;
    HF_TRY(scenarios_add(&c));
    HF_TRY(hazards_add(&c));
    for (int k = 0; k < job->n_fails; k++) HF_TRY(fail_add(&c, &job->fails[k]));
    *ret_runs = c.runs;
    *ret_n = c.n;
    return HF_OK;
out:
    hf_batch_runs_free(c.runs, c.n);
    return err;
}

hf_err hf_batch_result(const hf_network *net, const hf_losses *losses, hf_result *result, hf_result_entity **ret_entities, hf_result_sector **ret_sectors)
{
    *ret_entities = hf_malloc((size_t)losses->n_entities * sizeof **ret_entities);
    *ret_sectors = hf_malloc((size_t)losses->n_sectors * sizeof **ret_sectors);
    if (!*ret_entities || !*ret_sectors) return HF_E_NOMEM;
    for (int k = 0; k < losses->n_entities; k++) {
        const hf_entity_loss *e = &losses->entities[k];
        (*ret_entities)[k] = (hf_result_entity){net->id[e->entity], e->first_loss_h, e->out_h, e->back_h, e->lowest, e->user_hours, e->value_eur, e->depth};
    }
    for (int k = 0; k < losses->n_sectors; k++) {
        const hf_group_loss *g = &losses->sectors[k];
        (*ret_sectors)[k] = (hf_result_sector){net->sectors.name[g->sector], net->countries.name[g->country], g->entities_hit, g->users_hit_peak, g->user_hours,
                                               g->value_eur};
    }
    result->entities_out = losses->entities_out;
    result->users_hit_peak = losses->users_hit_peak;
    result->user_hours = losses->user_hours;
    result->value_eur = losses->value_eur;
    result->worst_hour = losses->worst_hour;
    result->n_entities = losses->n_entities;
    result->n_sectors = losses->n_sectors;
    result->entities = *ret_entities;
    result->sectors = *ret_sectors;
    return HF_OK;
}
