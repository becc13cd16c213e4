/* The best defence against the worst r failures at once: attacks are simulated against the present plan, the worst becomes one more scenario
 * of a worst-case problem, until none is worse than what the problem already knows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/compile.h"
#include "solver/portfolio/heuristic.h"

static const double MOST_ATTACKS = 5e6; /* tried against each plan */

typedef struct attacker {
    hf_compiled c;
    hf_portfolio_problem one; /* one scenario: the attack that is tried */
    hf_simulator *sim;
    int start[2], *set;       /* r entities, ascending */
    int r, n;
    double begin, deadline;
} attacker;

static void attacker_done(attacker *a)
{
    hf_simulator_free(a->sim);
    hf_free(a->set);
    hf_compiled_done(&a->c);
}

/* The entities, requirements and measures do not change from attack to attack. */
static hf_err attacker_init(const hf_portfolio *in, int r, int hazard, hf_diag *diag, attacker *a)
{
    static const double once = 1;
    hf_damage_case nothing = {.frequency = 1, .hazard = hazard};
    hf_portfolio network = *in;
    hf_err err = HF_OK;
    *a = (attacker){.r = r, .n = in->network->n_entities, .begin = hf_clock()};
    network.scenarios = &nothing, network.n_scenarios = 1, network.n_slots = 0, network.years = 0;
    HF_TRY(hf_portfolio_compile(&network, diag, &a->c));
    a->set = hf_malloc((size_t)r * sizeof *a->set);
    if (!a->set) HF_TRY(HF_E_NOMEM);
    a->deadline = in->time_limit_s > 0 ? a->begin + in->time_limit_s : INFINITY;
    a->start[1] = r;
    a->one = a->c.plain;
    a->one.frequency = &once;
    a->one.damage_start = a->start;
    a->one.damaged = a->set;
    a->one.severity = NULL;
    HF_TRY(hf_simulator_new(&a->one, &a->sim));
out:
    return err;
}

static bool next_set(int *set, int r, int n)
{
    int k = r - 1;
    while (k >= 0 && set[k] == n - r + k) k--;
    if (k < 0) return false;
    set[k]++;
    for (int j = k + 1; j < r; j++) set[j] = set[j - 1] + 1;
    return true;
}

/* The worst attack on a plan, the first in order among equals; all are tried. */
static double worst_attack(attacker *a, const bool *plan, int *ret_set)
{
    double worst = -1;
    hf_simulator_plan(a->sim, plan);
    for (int k = 0; k < a->r; k++) a->set[k] = k;
    do {
        double loss = hf_simulator_run(a->sim, 0, NULL);
        if (loss > worst + 1e-9 * fmax(1, worst)) {
            worst = loss;
            memcpy(ret_set, a->set, (size_t)a->r * sizeof *ret_set);
        }
    } while (next_set(a->set, a->r, a->n));
    return worst;
}

static hf_err options_check(const hf_portfolio *in, int r, hf_diag *diag)
{
    double attacks = 1;
    int n = in->network->n_entities;
    if (r < 1 || r > n) {
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "an attack on %d entities: from 1 to %d are allowed", r, n);
        return HF_E_RANGE;
    }
    for (int k = 0; k < r; k++) attacks = attacks * (n - k) / (k + 1);
    if (attacks <= MOST_ATTACKS) return HF_OK;
    hf_diag_add(diag, HF_ERROR, HF_E_TOO_LARGE, NULL, 0, 0, "%d of %d entities can fail in %.3g ways; at most %.3g are tried", r, n, attacks, MOST_ATTACKS);
    return HF_E_TOO_LARGE;
}

/* What the rounds know: attacks, and the best plan so far. */
typedef struct contest {
    int *sets;
    size_t capacity, case_capacity;
    hf_damage_case *cases;
    int n;
    hf_plan *best;
    double value, bound;
    int *worst;  /* against the best */
} contest;

static hf_err attack_add(contest *x, const int *set, int r, int hazard)
{
    hf_err err = hf_grow((void **)&x->sets, &x->capacity, (size_t)(x->n + 1) * (size_t)r, sizeof(int));
    if (err == HF_OK) err = hf_grow((void **)&x->cases, &x->case_capacity, (size_t)x->n + 1, sizeof *x->cases);
    if (err != HF_OK) return err;
    memcpy(x->sets + (size_t)x->n * (size_t)r, set, (size_t)r * sizeof(int));
    x->n++;
    for (int k = 0; k < x->n; k++) x->cases[k] = (hf_damage_case){.frequency = 1, .hazard = hazard, .n_damaged = r, .damaged = x->sets + (size_t)k * (size_t)r};
    return HF_OK;
}

/* One plan against all attacks so far, and the worst attack against it. *ret_over: nothing is left to be gained, or it was stopped. */
static hf_err contest_round(const hf_portfolio *in, attacker *a, int hazard, contest *x, int *set, bool *ret_over)
{
    hf_err err = HF_OK;
    hf_portfolio known = *in;
    hf_plan *plan = NULL;
    known.scenarios = x->cases, known.n_scenarios = x->n;
    known.objective = HF_OBJECTIVE_WORST;
    known.limit_expected = known.limit_worst = INFINITY;
    known.n_keep = known.n_slots = 0;
    known.years = 0;
    known.time_limit_s = isinf(a->deadline) ? 0 : fmax(1e-3, a->deadline - hf_clock());
    *ret_over = true;
    HF_TRY(hf_portfolio_solve(&known, NULL, &plan));
    x->bound = fmax(x->bound, plan->bound);
    double known_value = plan->value, value = worst_attack(a, plan->bought, set);
    bool stopped = plan->status == HF_PLAN_STOPPED;
    if (value < x->value) {
        hf_plan *other = x->best;
        x->best = plan, x->value = value;
        plan = other;
        memcpy(x->worst, set, (size_t)a->r * sizeof *set);
    }
    bool known_attack = value <= known_value + 1e-9 * fmax(1, value);
    *ret_over = stopped || known_attack || x->value - x->bound <= in->gap * fmax(1e-9, x->value) || (in->cancel && *in->cancel) || hf_clock() > a->deadline;
    if (!*ret_over) err = attack_add(x, set, a->r, hazard);
out:
    hf_plan_free(plan);
    return err;
}

hf_err hf_portfolio_attack(const hf_portfolio *in, int r, int hazard, hf_diag *diag, hf_plan **ret_plan, int *ret_attack)
{
    attacker a = {0};
    contest x = {.value = INFINITY, .bound = 0};
    bool *nothing = hf_calloc((size_t)in->n_measures, sizeof *nothing), over = false;
    int *set = NULL;
    hf_err err = options_check(in, r, diag);
    if (err != HF_OK) goto out;
    HF_TRY(attacker_init(in, r, hazard, diag, &a));
    set = hf_malloc((size_t)r * sizeof *set);
    x.worst = hf_malloc((size_t)r * sizeof *x.worst);
    if (!nothing || !set || !x.worst) HF_TRY(HF_E_NOMEM);
    double without = worst_attack(&a, nothing, set);
    HF_TRY(attack_add(&x, set, r, hazard));
    while (!over) HF_TRY(contest_round(in, &a, hazard, &x, set, &over));
    hf_plan *plan = x.best;
    x.best = NULL;
    plan->value = x.value, plan->bound = fmin(x.bound, x.value), plan->value_without = without;
    plan->gap = plan->value - plan->bound <= 1e-9 ? 0 : (plan->value - plan->bound) / plan->value;
    plan->status = plan->gap <= 1e-6 ? HF_PLAN_PROVED : plan->gap <= in->gap ? HF_PLAN_GAP : HF_PLAN_STOPPED;
    plan->seconds = hf_clock() - a.begin;
    memcpy(ret_attack, x.worst, (size_t)r * sizeof *ret_attack);
    *ret_plan = plan;
out:
    hf_plan_free(x.best);
    hf_free(x.sets);
    hf_free(x.cases);
    hf_free(x.worst);
    hf_free(nothing);
    hf_free(set);
    attacker_done(&a);
    return err;
}
