#include "solver/portfolio/ceiling.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/heuristic.h"

static const double PROVED = 2e-7, NEAR = 4e-3;

static bool group_counts(const hf_portfolio_problem *p, int g)
{
    return !p->counts || p->counts[g];
}

bool hf_ceiling_fits(const hf_scenes *scenes)
{
    const hf_portfolio_problem *p = scenes->problem;
    int n = 0;
    if (p->lead_y) return false; /* a scene for each phase */
    for (int s = 0; s < scenes->n; s++) {
        int g = scenes->scene[s].group;
        if (!group_counts(p, g)) continue;
        if (s > 0 && scenes->scene[s - 1].group == g) return false; /* scenes of a group are neighbours */
        n++;
    }
    return p->aim == HF_AIM_LARGEST && n > 1;
}

typedef struct ceilings {
    hf_portfolio_problem problem; /* the least cost of a plan under the ceilings */
    hf_scenes scenes;             /* those of the problem, seen so */
    double *limit;
    bool *counts;
    hf_valuation value;           /* of the problem itself */
    double least;                 /* of what losses are told apart by */
    double low, high;             /* no plan is below; there is one */
    double first, last;           /* least and largest ceiling that could not be decided with so many nodes */
    long nodes;
} ceilings;

static hf_err ceilings_init(const hf_scenes *scenes, const hf_optimum *o, ceilings *x)
{
    hf_err err = HF_OK;
    *x = (ceilings){.problem = *scenes->problem, .scenes = *scenes, .low = o->bound, .high = o->value, .first = o->value, .last = o->bound};
    x->scenes.problem = &x->problem;
    x->limit = hf_malloc((size_t)x->problem.n_groups * sizeof *x->limit);
    x->counts = hf_calloc((size_t)x->problem.n_groups, sizeof *x->counts);
    if (!x->limit || !x->counts) HF_TRY(HF_E_NOMEM);
    for (int s = 0; s < scenes->n; s++) x->least = fmax(x->least, 1e-6 * scenes->scene[s].loss);
    x->problem.aim = HF_AIM_COST;
    x->problem.limit = x->limit, x->problem.counts = x->counts;
    HF_TRY(hf_valuation_init(scenes, &x->value));
out:
    return err;
}

static void ceilings_done(ceilings *x)
{
    hf_valuation_done(&x->value);
    hf_free(x->limit);
    hf_free(x->counts);
}

static void ceilings_set(ceilings *x, const hf_portfolio_problem *p, double v)
{
    for (int g = 0; g < p->n_groups; g++) {
        double own = p->limit ? p->limit[g] : INFINITY;
        x->limit[g] = group_counts(p, g) ? fmin(own, fmax(0, v + (p->offset ? p->offset[g] : 0))) : own;
    }
}

/* Is there a plan under the ceiling v? */
static hf_err ceiling_try(ceilings *x, const hf_optimise_options *options, double v, bool from_above, hf_optimum *o, bool *ret_stuck)
{
    hf_optimum found = {0};
    hf_optimise_options own = {.gap = 1e9, .deadline = options->deadline, .cancel = options->cancel, .limit_nodes = true, .most_nodes = x->nodes,
                               .bound_only = !from_above && x->nodes == 0};
    ceilings_set(x, x->value.scenes->problem, v);
    hf_err err = hf_optimise(&x->scenes, &own, &found);
    if (err != HF_OK) return err;
    o->cuts += found.cuts;
    o->nodes += found.nodes;
    if (found.infeasible) {
        x->low = fmax(x->low, v);
    } else if (found.plan) {
        double value = hf_valuation_set(&x->value, found.plan).value;
        if (value < o->value) {
            x->high = o->value = value;
            memcpy(o->plan, found.plan, (size_t)x->problem.n_measures * sizeof(bool));
        } else {
            *ret_stuck = true; /* the ceiling was below by less than rounding */
        }
    } else {
        x->first = fmin(x->first, v);
        x->last = fmax(x->last, v);
        *ret_stuck = found.exhausted;
    }
    x->first = fmin(x->first, x->high);
    x->last = fmax(x->last, x->low);
    hf_optimum_done(&found);
    return HF_OK;
}

/* What gaps are measured by. */
static double unit(const ceilings *x)
{
    return fmax(x->least, fabs(x->high));
}

static bool is_good(const ceilings *x, double gap)
{
    return x->high - x->low <= fmax(gap * fabs(x->high), 2 * PROVED * unit(x));
}

/* The next ceiling, in turn from below and from above; more nodes when both sides stand. At first a relaxation is likely to be within a tenth of
 * the best. *from_above: what is hoped for, a plan or a proof. */
static double ceiling_next(ceilings *x, bool *from_above)
{
    double near = NEAR * unit(x), just_below = x->high - PROVED * unit(x);
    if (x->first - x->low <= near && x->high - x->last <= near) {
        x->nodes = x->nodes == 0 ? 8 : 2 * x->nodes;
        x->first = x->high, x->last = x->low;
    }
    if (x->high - x->low <= near) {
        *from_above = true;
        return just_below;
    }
    bool above_stands = x->high - x->last <= near, below_stands = x->first - x->low <= near;
    *from_above = (*from_above && !above_stands) || below_stands;
    if (*from_above) return fmin(just_below, fmin(0.5 * (x->high + x->last), x->last + 0.1 * unit(x)));
    return fmin(just_below, fmin(0.5 * (x->low + x->first), x->low + 0.025 * unit(x)));
}

hf_err hf_ceiling_search(const hf_scenes *scenes, const hf_optimise_options *options, hf_optimum *o)
{
    ceilings x;
    hf_err err = ceilings_init(scenes, o, &x);
    bool from_above = true, stopped = false, stuck = false;
    while (err == HF_OK && !is_good(&x, options->gap) && !stopped && !stuck) {
        double v = ceiling_next(&x, &from_above);
        HF_TRY(ceiling_try(&x, options, v, from_above, o, &stuck));
        from_above = !from_above;
        o->bound = fmax(o->bound, x.low);
        if (options->watch) options->watch(options->watch_context, o->value, o->bound);
        stopped = (options->cancel && *options->cancel) || hf_clock() > options->deadline;
    }
    if (err == HF_OK && is_good(&x, 0)) o->bound = o->value;
out:
    ceilings_done(&x);
    return err;
}
