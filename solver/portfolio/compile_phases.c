/* Years: every scenario once for each phase between two moments at which measures become ready. */
#include <math.h>
#include <string.h>

#include "solver/portfolio/compile.h"

static double lead_of(const hf_portfolio *in, int m)
{
    return fmax(0, in->measures[m].lead_y);
}

/* What comes after year t counts so much, of all that comes from now on without end. */
static double worth_after(double t, double discount)
{
    return pow(1 + discount, -t);
}

int hf_portfolio_phases(const hf_portfolio *in, double *ret_start_y, double *ret_weight)
{
    int n = 1;
    ret_start_y[0] = 0, ret_weight[0] = 1;
    if (!(in->years > 0)) return 1;
    for (int m = 0; m < in->n_measures; m++) {
        double lead = lead_of(in, m);
        int at = n;
        while (at > 0 && ret_start_y[at - 1] > lead) at--;
        if (!(lead < in->years) || ret_start_y[at - 1] == lead) continue;
        memmove(ret_start_y + at + 1, ret_start_y + at, (size_t)(n - at) * sizeof *ret_start_y);
        ret_start_y[at] = lead;
        n++;
    }
    for (int k = 0; k < n; k++) {
        double from = ret_start_y[k], to = k + 1 < n ? ret_start_y[k + 1] : in->years, r = in->discount;
        ret_weight[k] = r > 0 ? (worth_after(from, r) - worth_after(to, r)) / (1 - worth_after(in->years, r)) : (to - from) / in->years;
    }
    return n;
}

static void *take(hf_arena *arena, size_t n, size_t bytes)
{
    return hf_arena_calloc(arena, n + 1, bytes);
}

/* Scenario k n + s of the new problem is scenario s in phase k. */
static hf_err scenarios_repeat(hf_arena *arena, int phases, const double *start_y, const double *weight, hf_portfolio_problem *p)
{
    hf_portfolio_problem old = *p;
    size_t n = (size_t)old.n_scenarios, all = n * (size_t)phases, n_damaged = (size_t)old.damage_start[n];
    double *frequency = take(arena, all, sizeof *frequency), *severity = take(arena, n_damaged * (size_t)phases, sizeof *severity);
    double *time_y = take(arena, all, sizeof *time_y);
    int *hazard = take(arena, all, sizeof *hazard), *start = take(arena, all + 1, sizeof *start);
    int *damaged = take(arena, n_damaged * (size_t)phases, sizeof *damaged);
    if (!frequency || !severity || !time_y || !hazard || !start || !damaged) return HF_E_NOMEM;
    for (size_t k = 0; k < (size_t)phases; k++) {
        for (size_t s = 0; s < n; s++) {
            frequency[k * n + s] = old.frequency[s] * weight[k];
            hazard[k * n + s] = old.hazard[s];
            time_y[k * n + s] = start_y[k];
            start[k * n + s + 1] = (int)(k * n_damaged) + old.damage_start[s + 1];
        }
        for (size_t d = 0; d < n_damaged; d++) {
            damaged[k * n_damaged + d] = old.damaged[d];
            severity[k * n_damaged + d] = old.severity ? old.severity[d] : 1;
        }
    }
    p->n_scenarios = (int)all;
    p->frequency = frequency, p->hazard = hazard, p->damage_start = start, p->damaged = damaged, p->time_y = time_y;
    if (old.severity) p->severity = severity;
    return HF_OK;
}

hf_err hf_portfolio_spread(const hf_portfolio *in, hf_compiled *compiled)
{
    size_t room = (size_t)in->n_measures + 2;
    double *start_y = take(&compiled->arena, room, sizeof *start_y), *weight = take(&compiled->arena, room, sizeof *weight);
    double *lead_y = take(&compiled->arena, room, sizeof *lead_y);
    if (!start_y || !weight || !lead_y) return HF_E_NOMEM;
    compiled->n_phases = hf_portfolio_phases(in, start_y, weight);
    compiled->phase_weight = weight;
    if (!(in->years > 0)) return HF_OK;
    for (int m = 0; m < in->n_measures; m++) lead_y[m] = lead_of(in, m);
    compiled->plain.lead_y = lead_y;
    return scenarios_repeat(&compiled->arena, compiled->n_phases, start_y, weight, &compiled->plain);
}
