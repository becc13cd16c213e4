/* The portfolio optimiser against full enumeration: random small networks with loops, k of n, unequal shares, linear response, every kind of
 * effect, budget, rule, floor and objective. The enumeration has its own cascade, its own budgets and its own measures of loss. */
#include "solver/portfolio.h"

#include <glpk.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/cascade/steady.h"
#include "model/network/builder.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

enum { MOST_E = 10, MOST_R = 24, MOST_S = 5, MOST_M = 9, MOST_P = 2, MOST_RULES = 3 };

typedef struct instance {
    hf_network *net;
    hf_portfolio in;
    hf_damage_case cases[MOST_S];
    int damaged[MOST_S][MOST_E];
    hf_measure measures[MOST_M];
    hf_effect effects[MOST_M][3];
    int hazards[MOST_M][2];
    hf_payer payers[MOST_P];
    hf_measure_rule rules[MOST_RULES];
    hf_floor floor;
    int floor_of[3];
    int keep[1];
    int region[MOST_E];
} instance;

static hf_rng rng;

static int below(int n)
{
    return (int)hf_rng_below(&rng, (uint64_t)n);
}

static void requirement_random(hf_builder *b, int i, int g, int n)
{
    char owner[16], name[16], supplier[16];
    hf_requirement_row row = hf_requirement_row_default();
    snprintf(owner, sizeof owner, "e%d", i);
    snprintf(name, sizeof name, "g%d", g);
    row.entity = owner, row.requirement = name;
    int k = 1 + below(3), first = below(n), form = below(4);
    if (k > n - 1) k = n - 1;
    row.response = form == 3 ? HF_LINEAR : HF_THRESHOLD;
    row.threshold = form == 2 ? 0.5 + 0.25 * below(3) : 1;
    CHECK_INT(hf_builder_requirement(b, &row, (hf_origin){0}), HF_OK);
    int needed = 1 + below(k);
    for (int j = 0, at = first; j < k; j++, at = (at + 1) % n) {
        if (at == i) at = (at + 1) % n;
        snprintf(supplier, sizeof supplier, "e%d", at);
        hf_supply_row s = hf_supply_row_default();
        s.entity = owner, s.requirement = name, s.supplier = supplier;
        s.share = form < 2 ? 1.0 / needed : j == 0 ? 1 : 0.25 * (1 + below(4));
        CHECK_INT(hf_builder_supply(b, &s, (hf_origin){0}), HF_OK);
    }
}

static hf_network *network_random(void)
{
    hf_builder *b = NULL;
    hf_network *net = NULL;
    hf_diag *diag = NULL;
    char id[16];
    int n = 4 + below(MOST_E - 4);
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_builder_new(diag, &b), HF_OK);
    for (int i = 0; i < n; i++) {
        hf_entity_row row = hf_entity_row_default();
        snprintf(id, sizeof id, "e%d", i);
        row.id = id, row.sector = "energy", row.country = "AT";
        row.users = below(4) ? 1 + below(20) : 0;
        CHECK_INT(hf_builder_entity(b, &row, (hf_origin){0}), HF_OK);
    }
    for (int i = 0; i < n; i++)
        for (int g = below(3); g > 0; g--) requirement_random(b, i, g, n);
    hf_err err = hf_builder_finish(b, &net);
    for (size_t k = 0; err != HF_OK && k < hf_diag_kept(diag); k++) printf("# %s\n", hf_diag_get(diag, k)->text);
    CHECK_INT(err, HF_OK);
    hf_builder_free(b);
    hf_diag_free(diag);
    return net;
}

static hf_effect effect_random(const hf_network *net)
{
    int kind = below(4), g = net->n_requirements ? below(net->n_requirements) : -1;
    if (kind == 0 && g >= 0) {
        int j = below(net->n_entities - 1);
        return (hf_effect){HF_EFFECT_SUPPLIER, net->req_entity[g], g, j + (j >= net->req_entity[g])};
    }
    if (kind == 1 && g >= 0) return (hf_effect){HF_EFFECT_BACKUP, net->req_entity[g], g, -1};
    return (hf_effect){kind == 2 ? HF_EFFECT_BACKUP : HF_EFFECT_HARDEN, below(net->n_entities), -1, -1};
}

static void measures_random(instance *x)
{
    int n = 3 + below(MOST_M - 2);
    for (int m = 0; m < n; m++) {
        hf_measure *a = &x->measures[m];
        *a = (hf_measure){.n_effects = 1 + (below(3) == 0) + (below(4) == 0), .effects = x->effects[m], .hazards = x->hazards[m]};
        for (int k = 0; k < a->n_effects; k++) x->effects[m][k] = effect_random(x->net);
        a->n_hazards = below(4) == 0;
        x->hazards[m][0] = below(2);
        a->cost = below(12) ? 1 + below(9) : 0;
        a->payer = below(8) ? below(MOST_P) : -1;
        a->cofunding_max = below(2) ? 0 : 0.25 * (1 + below(4));
    }
    x->in.n_measures = n;
    x->in.measures = x->measures;
    x->in.n_payers = MOST_P;
    x->in.payers = x->payers;
    for (int k = 0; k < MOST_P; k++) x->payers[k].budget = below(10) ? below(16) : INFINITY;
    x->in.joint = below(2) ? 0 : below(12);
    for (int r = below(MOST_RULES + 1); r > 0; r--) x->rules[x->in.n_rules++] = (hf_measure_rule){below(n), below(n), below(2)};
    x->in.rules = x->rules;
    if (below(3) == 0) {
        x->floor = (hf_floor){"floor", 0, x->floor_of, 1 + below(4)};
        for (int m = 0; m < n && x->floor.n_measures < 3; m++)
            if (below(2)) x->floor_of[x->floor.n_measures++] = m;
        x->in.n_floors = 1;
        x->in.floors = &x->floor;
    }
}

static void scenarios_random(instance *x)
{
    x->in.n_scenarios = 1 + below(MOST_S);
    x->in.scenarios = x->cases;
    for (int s = 0; s < x->in.n_scenarios; s++) {
        hf_damage_case *c = &x->cases[s];
        *c = (hf_damage_case){.frequency = 0.25 * (1 + below(4)), .hazard = below(2), .damaged = x->damaged[s]};
        for (int i = 0; i < x->net->n_entities; i++)
            if (below(3) == 0) x->damaged[s][c->n_damaged++] = i;
    }
}

static void instance_random(uint64_t number, instance *x)
{
    *x = (instance){.in = hf_portfolio_default()};
    rng = (hf_rng){7, number, 0};
    x->net = network_random();
    x->in.network = x->net;
    scenarios_random(x);
    measures_random(x);
    x->in.objective = (hf_objective)(number % 6);
    x->in.tail = 0.25 * below(4);
    if (x->in.objective == HF_OBJECTIVE_BUDGET || below(4) == 0) {
        if (below(2)) x->in.limit_expected = below(40);
        if (below(2)) x->in.limit_worst = below(60);
        if (below(3) == 0) {
            x->keep[0] = below(x->net->n_entities);
            x->in.keep = x->keep;
            x->in.n_keep = 1;
        }
    }
    for (int i = 0; i < x->net->n_entities; i++) x->region[i] = below(4) - 1;
    x->in.region = x->region;
}

/* --- The enumeration --- */

static bool has(unsigned plan, int m)
{
    return plan >> m & 1;
}

static bool hardened(const instance *x, unsigned plan, int i, int hazard)
{
    for (int m = 0; m < x->in.n_measures; m++)
        for (int k = 0; has(plan, m) && k < x->measures[m].n_effects; k++)
            if (x->effects[m][k].kind == HF_EFFECT_HARDEN && x->effects[m][k].entity == i && (!x->measures[m].n_hazards || x->hazards[m][0] == hazard))
                return true;
    return false;
}

static bool requirement_met(const instance *x, unsigned plan, int g, const bool *failed)
{
    const hf_network *net = x->net;
    double threshold = net->req_response[g] == HF_LINEAR ? x->in.out_below : net->req_threshold[g], supply = 0;
    double new_share = net->sup_share[net->sup_off[g]];
    for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) {
        if (!failed[net->sup_supplier[k]]) supply += net->sup_share[k];
        if (fabs(net->sup_share[k] - net->sup_share[net->sup_off[g]]) > 1e-9) new_share = 1;
    }
    for (int m = 0; m < x->in.n_measures; m++)
        for (int k = 0; has(plan, m) && k < x->measures[m].n_effects; k++) {
            const hf_effect *e = &x->effects[m][k];
            if (e->kind == HF_EFFECT_BACKUP && (e->requirement == g || (e->requirement < 0 && e->entity == net->req_entity[g]))) return true;
            if (e->kind == HF_EFFECT_SUPPLIER && e->requirement == g && !failed[e->supplier]) supply += new_share;
        }
    return supply >= threshold - 1e-9;
}

static void cascade(const instance *x, unsigned plan, int s, bool *failed)
{
    memset(failed, 0, MOST_E * sizeof *failed);
    for (int k = 0; k < x->cases[s].n_damaged; k++) failed[x->damaged[s][k]] = !hardened(x, plan, x->damaged[s][k], x->cases[s].hazard);
    for (bool more = true; more;) {
        more = false;
        for (int g = 0; g < x->net->n_requirements; g++)
            if (!failed[x->net->req_entity[g]] && !requirement_met(x, plan, g, failed)) failed[x->net->req_entity[g]] = more = true;
    }
}

static bool affordable(const instance *x, unsigned plan)
{
    double joint = 0, floor = 0;
    for (int k = 0; k < MOST_P; k++) {
        double spent = 0, help = 0;
        for (int m = 0; m < x->in.n_measures; m++)
            if (has(plan, m) && x->measures[m].payer == k) spent += x->measures[m].cost, help += x->measures[m].cost * x->measures[m].cofunding_max;
        double beyond = fmax(0, spent - x->payers[k].budget);
        if (beyond > help + 1e-9) return false;
        joint += beyond;
    }
    for (int r = 0; r < x->in.n_rules; r++) {
        bool a = has(plan, x->rules[r].a), b = has(plan, x->rules[r].b);
        if (x->rules[r].excludes ? a && b : a && !b) return false;
    }
    for (int k = 0; k < x->floor.n_measures; k++)
        if (has(plan, x->floor_of[k])) floor += x->measures[x->floor_of[k]].cost;
    return joint <= x->in.joint + 1e-9 && floor >= x->floor.amount - 1e-9;
}

typedef struct outcome {
    bool allowed; /* budgets, rules, floors */
    bool kept;    /* limits */
    double loss[MOST_S], cost, by_region[3];
} outcome;

static outcome look(const instance *x, unsigned plan)
{
    outcome o = {.allowed = affordable(x, plan), .kept = true};
    double heads[3] = {0}, expected = 0;
    for (int i = 0; i < x->net->n_entities; i++)
        if (x->region[i] >= 0) heads[x->region[i]] += x->net->users[i];
    for (int s = 0; s < x->in.n_scenarios; s++) {
        bool failed[MOST_E];
        cascade(x, plan, s, failed);
        for (int i = 0; i < x->net->n_entities; i++) {
            if (!failed[i]) continue;
            o.loss[s] += x->net->users[i];
            if (x->region[i] >= 0 && heads[x->region[i]] > 0)
                o.by_region[x->region[i]] += x->cases[s].frequency * x->net->users[i] / heads[x->region[i]];
            if (x->in.n_keep && x->keep[0] == i) o.kept = false;
        }
        expected += x->cases[s].frequency * o.loss[s];
        if (o.loss[s] > x->in.limit_worst + 1e-9) o.kept = false;
    }
    if (expected > x->in.limit_expected + 1e-9) o.kept = false;
    for (int m = 0; m < x->in.n_measures; m++)
        if (has(plan, m)) o.cost += x->measures[m].cost;
    return o;
}

/* The mean of the worst part, as the maximum over ways to share out the part: sorted by hand. */
static double tail_mean(const instance *x, const outcome *o)
{
    double mass = 0, sum = 0;
    bool used[MOST_S] = {0};
    for (int s = 0; s < x->in.n_scenarios; s++) mass += x->cases[s].frequency;
    double left = (1 - x->in.tail) * mass, part = left;
    while (left > 1e-12) {
        int worst = -1;
        for (int s = 0; s < x->in.n_scenarios; s++)
            if (!used[s] && (worst < 0 || o->loss[s] > o->loss[worst])) worst = s;
        used[worst] = true;
        sum += fmin(left, x->cases[worst].frequency) * o->loss[worst];
        left -= x->cases[worst].frequency;
    }
    return sum / part;
}

static double value_of(const instance *x, const outcome *o, const double *alone)
{
    double value = x->in.objective == HF_OBJECTIVE_REGRET ? -INFINITY : 0;
    switch (x->in.objective) {
    case HF_OBJECTIVE_EXPECTED:
        for (int s = 0; s < x->in.n_scenarios; s++) value += x->cases[s].frequency * o->loss[s];
        break;
    case HF_OBJECTIVE_CVAR: return tail_mean(x, o);
    case HF_OBJECTIVE_WORST:
        for (int s = 0; s < x->in.n_scenarios; s++) value = fmax(value, o->loss[s]);
        break;
    case HF_OBJECTIVE_REGRET:
        for (int s = 0; s < x->in.n_scenarios; s++) value = fmax(value, o->loss[s] - alone[s]);
        break;
    case HF_OBJECTIVE_EQUITY:
        for (int r = 0; r < 3; r++) value = fmax(value, o->by_region[r]);
        break;
    case HF_OBJECTIVE_BUDGET: return o->cost;
    }
    return value;
}

static double enumerate(const instance *x)
{
    double alone[MOST_S], best = INFINITY;
    for (int s = 0; s < MOST_S; s++) alone[s] = INFINITY;
    for (unsigned plan = 0; plan < 1u << x->in.n_measures; plan++) {
        outcome o = look(x, plan);
        for (int s = 0; o.allowed && s < x->in.n_scenarios; s++) alone[s] = fmin(alone[s], o.loss[s]);
    }
    for (unsigned plan = 0; plan < 1u << x->in.n_measures; plan++) {
        outcome o = look(x, plan);
        if (o.allowed && o.kept) best = fmin(best, value_of(x, &o, alone));
    }
    return best;
}

static void plan_check(const instance *x, const hf_plan *plan, double best)
{
    unsigned bits = 0;
    double paid = 0, granted = 0;
    for (int m = 0; m < x->in.n_measures; m++) bits |= (unsigned)plan->bought[m] << m;
    outcome o = look(x, bits);
    CHECK(o.allowed && o.kept);
    CHECK_INT(plan->status, HF_PLAN_PROVED);
    CHECK_NEAR(plan->value, best, 1e-6 * fmax(1, fabs(best)));
    CHECK(plan->bound <= best + 1e-9 * fmax(1, fabs(best)));
    CHECK_NEAR(plan->cost, o.cost, 1e-9);
    for (int s = 0; s < x->in.n_scenarios; s++) CHECK_NEAR(plan->loss[s], o.loss[s], 1e-9);
    for (int k = 0; k < MOST_P; k++) {
        CHECK(plan->paid[k] <= x->payers[k].budget + 1e-9);
        paid += plan->paid[k], granted += plan->granted[k];
    }
    CHECK(granted <= x->in.joint + 1e-9 && paid + granted <= plan->cost + 1e-9);
}

static void equal_to_enumeration(void)
{
    int n_answers = 0, n_none = 0;
    for (uint64_t number = 0; number < 3000; number++) {
        instance x;
        hf_plan *plan = NULL;
        instance_random(number, &x);
        double best = enumerate(&x);
        hf_err err = hf_portfolio_solve(&x.in, NULL, &plan);
        int bad = tap_bad;
        CHECK_INT(err, isinf(best) ? HF_E_NO_ANSWER : HF_OK);
        if (plan && !isinf(best)) plan_check(&x, plan, best);
        if (tap_bad > bad) printf("# instance %d, objective %d\n", (int)number, (int)x.in.objective);
        n_answers += plan != NULL;
        n_none += plan == NULL;
        hf_plan_free(plan);
        hf_network_free(x.net);
    }
    printf("# %d answers, %d without one\n", n_answers, n_none);
    CHECK(n_answers > 1500 && n_none > 20);
}

/* GLPK's own reader and its own branch and bound on an exported program; INFINITY: infeasible. */
static double solved_from_file(const char *path)
{
    glp_iocp options;
    glp_term_out(GLP_OFF);
    glp_prob *lp = glp_create_prob();
    CHECK_INT(glp_read_lp(lp, NULL, path), 0);
    glp_init_iocp(&options);
    options.presolve = GLP_ON;
    int rc = glp_intopt(lp, &options);
    double value = rc == 0 && glp_mip_status(lp) == GLP_OPT ? glp_mip_obj_val(lp) : INFINITY;
    glp_delete_prob(lp);
    return value;
}

static void extensive_form_says_the_same(void)
{
    int n = 0;
    scratch_folder();
    for (uint64_t number = 5000; number < 5240; number++) {
        instance x;
        instance_random(number, &x);
        double best = enumerate(&x);
        hf_err err = hf_portfolio_export(&x.in, scratch_path("p.lp"), "lp", NULL);
        if (x.in.objective == HF_OBJECTIVE_REGRET && isinf(best)) CHECK(err == HF_OK || err == HF_E_NO_ANSWER);
        else CHECK_INT(err, HF_OK);
        if (err == HF_OK) {
            double value = solved_from_file(scratch_path("p.lp"));
            CHECK_NEAR(value, best, 1e-5 * fmax(1, fabs(best)));
            if (!(value == best || fabs(value - best) < 1e-5 * fmax(1, fabs(best)))) printf("# instance %d, objective %d\n", (int)number, (int)x.in.objective);
            n++;
        }
        hf_network_free(x.net);
    }
    scratch_done();
    CHECK(n > 100);
}

/* The same network under rising budgets: each as if it were solved alone, and never worse than with less. */
static void rising_budgets(void)
{
    enum { POINTS = 5 };
    for (uint64_t number = 9000; number < 9240; number++) {
        instance x;
        hf_plan *plans[POINTS];
        double budgets[POINTS][MOST_P], joint[POINTS];
        instance_random(number, &x);
        if (x.in.objective == HF_OBJECTIVE_REGRET) x.in.objective = HF_OBJECTIVE_EXPECTED;
        for (int j = 0; j < POINTS; j++) {
            for (int k = 0; k < MOST_P; k++) budgets[j][k] = x.payers[k].budget * j / 2.0;
            for (int k = 0; k < MOST_P; k++)
                if (isinf(x.payers[k].budget)) budgets[j][k] = INFINITY;
            joint[j] = x.in.joint * j / 2.0;
        }
        CHECK_INT(hf_portfolio_series(&x.in, POINTS, budgets[0], joint, NULL, plans), HF_OK);
        for (int j = 0; j < POINTS; j++) {
            for (int k = 0; k < MOST_P; k++) x.payers[k].budget = budgets[j][k];
            x.in.joint = joint[j];
            double best = enumerate(&x);
            CHECK((plans[j] == NULL) == isinf(best));
            if (plans[j] && !isinf(best)) plan_check(&x, plans[j], best);
            if (j > 0 && plans[j - 1]) CHECK(plans[j] && plans[j]->value <= plans[j - 1]->value + 1e-9);
        }
        for (int j = 0; j < POINTS; j++) hf_plan_free(plans[j]);
        hf_network_free(x.net);
    }
}

static double expected_of(const instance *x, unsigned plan)
{
    outcome o = look(x, plan);
    double sum = 0;
    for (int s = 0; s < x->in.n_scenarios; s++) sum += x->cases[s].frequency * o.loss[s];
    return sum;
}

/* Walks through every order; returns how many there are below. */
static int orders(const instance *x, unsigned bought, unsigned before, double *share)
{
    int n = 0;
    for (int m = 0; m < x->in.n_measures; m++) {
        if (!has(bought & ~before, m)) continue;
        int behind = orders(x, bought, before | 1u << m, share);
        share[m] += behind * (expected_of(x, before) - expected_of(x, before | 1u << m));
        n += behind;
    }
    return n ? n : 1;
}

static void shapley_is_the_mean_over_orders(void)
{
    for (uint64_t number = 0; number < 60; number++) {
        instance x;
        double share[MOST_M], mean[MOST_M] = {0}, sum = 0;
        bool bought[MOST_M];
        unsigned bits = 0;
        instance_random(number, &x);
        if (x.in.n_measures > 6) x.in.n_measures = 6;
        for (int k = 0; k < x.floor.n_measures; k++)
            if (x.floor_of[k] >= 6) x.in.n_floors = 0;
        x.in.n_rules = 0;
        for (int m = 0; m < x.in.n_measures; m++) bits |= (unsigned)(bought[m] = below(4) > 0) << m;
        int n = orders(&x, bits, 0, mean);
        CHECK_INT(hf_portfolio_shapley(&x.in, bought, 10, 1, share, NULL), HF_OK);
        for (int m = 0; m < x.in.n_measures; m++) {
            CHECK_NEAR(share[m], mean[m] / n, 1e-9);
            sum += share[m];
        }
        CHECK_NEAR(sum, expected_of(&x, 0) - expected_of(&x, bits), 1e-9);
        hf_network_free(x.net);
    }
}

/* Stopped before it began: still a plan that is allowed, with a bound that holds, or HF_E_INTERRUPTED. */
static void stopped_at_once(void)
{
    static const volatile bool stop = true;
    int n = 0;
    for (uint64_t number = 0; number < 300; number++) {
        instance x;
        hf_plan *plan = NULL;
        unsigned bits = 0;
        instance_random(number, &x);
        double best = enumerate(&x);
        if (x.in.objective == HF_OBJECTIVE_REGRET) x.in.objective = HF_OBJECTIVE_WORST, best = enumerate(&x);
        x.in.cancel = &stop;
        hf_err err = hf_portfolio_solve(&x.in, NULL, &plan);
        CHECK(err == HF_OK || err == HF_E_INTERRUPTED || (err == HF_E_NO_ANSWER && isinf(best)));
        for (int m = 0; plan && m < x.in.n_measures; m++) bits |= (unsigned)plan->bought[m] << m;
        if (plan) {
            outcome o = look(&x, bits);
            CHECK(o.allowed && o.kept);
            CHECK(plan->bound <= best + 1e-9 && plan->value >= best - 1e-9);
            n += plan->status == HF_PLAN_STOPPED;
        }
        hf_plan_free(plan);
        hf_network_free(x.net);
    }
    CHECK(n > 50);
}

/* The engine for cascades, on the network with the plan carried out, loses what the program says. */
static void engine_agrees(void)
{
    int n = 0;
    for (uint64_t number = 0; number < 400; number++) {
        instance x;
        hf_network *net = NULL;
        hf_timeline *tl = NULL;
        bool bought[MOST_M], partial = false;
        double loss[MOST_S];
        instance_random(number, &x);
        for (int g = 0; g < x.net->n_requirements; g++) partial |= x.net->req_response[g] == HF_LINEAR;
        for (int m = 0; m < x.in.n_measures; m++) bought[m] = below(2);
        CHECK_INT(hf_portfolio_network(&x.in, bought, NULL, &net), HF_OK);
        CHECK_INT(hf_portfolio_losses(&x.in, bought, loss, NULL), HF_OK);
        CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
        for (int s = 0; s < x.in.n_scenarios && !partial; s++) {
            int left[MOST_E], n_left = hf_portfolio_damage(&x.in, bought, s, left);
            hf_inject injects[MOST_E];
            double sum = 0;
            for (int k = 0; k < n_left; k++) injects[k] = (hf_inject){0, HF_INJECT_FAIL, left[k], 0, NAN};
            CHECK_INT(hf_steady_run(tl, injects, n_left, NULL), HF_OK);
            for (int i = 0; i < net->n_entities; i++)
                if (hf_timeline_level(tl, i) < 0.5) sum += net->users[i];
            CHECK_NEAR(loss[s], sum, 1e-9);
            n++;
        }
        hf_timeline_free(tl);
        hf_network_free(net);
        hf_network_free(x.net);
    }
    CHECK(n > 100);
}

/* The largest loss that r failures can cause under a plan. */
static double attacked(instance *x, unsigned plan, int r)
{
    double worst = 0;
    for (unsigned set = 0; set < 1u << x->net->n_entities; set++) {
        bool failed[MOST_E];
        double loss = 0;
        if (__builtin_popcount(set) != r) continue;
        x->cases[0].n_damaged = 0;
        for (int i = 0; i < x->net->n_entities; i++)
            if (set >> i & 1) x->damaged[0][x->cases[0].n_damaged++] = i;
        cascade(x, plan, 0, failed);
        for (int i = 0; i < x->net->n_entities; i++) loss += failed[i] ? x->net->users[i] : 0;
        worst = fmax(worst, loss);
    }
    return worst;
}

static void best_defence(void)
{
    int n_answers = 0;
    for (uint64_t number = 0; number < 200; number++) {
        instance x;
        hf_plan *plan = NULL;
        int attack[3], r = 1 + (int)(number % 3);
        double best = INFINITY;
        unsigned bits = 0;
        instance_random(number, &x);
        x.cases[0].hazard = 0;
        for (unsigned p = 0; p < 1u << x.in.n_measures; p++)
            if (affordable(&x, p)) best = fmin(best, attacked(&x, p, r));
        hf_err err = hf_portfolio_attack(&x.in, r, 0, NULL, &plan, attack);
        CHECK_INT(err, isinf(best) ? HF_E_NO_ANSWER : HF_OK);
        for (int m = 0; plan && m < x.in.n_measures; m++) bits |= (unsigned)plan->bought[m] << m;
        if (plan) {
            CHECK_INT(plan->status, HF_PLAN_PROVED);
            CHECK_NEAR(plan->value, best, 1e-6 * fmax(1, best));
            CHECK_NEAR(attacked(&x, bits, r), plan->value, 1e-9);
            CHECK_NEAR(plan->value_without, attacked(&x, 0, r), 1e-9);
            CHECK(affordable(&x, bits));
            n_answers++;
        }
        hf_plan_free(plan);
        hf_network_free(x.net);
    }
    CHECK(n_answers > 100);
}

/* Three entities in a row, the first is hit. Keeping the last needs one of three measures that cost 10, 12 and 14. */
static void conflicts_are_named(void)
{
    hf_builder *b = NULL;
    hf_network *net = NULL;
    hf_diag *diag = NULL;
    hf_plan *plan = NULL;
    CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    static const char *const id[] = {"a", "b", "c"};
    for (int i = 0; i < 3; i++) {
        hf_entity_row row = hf_entity_row_default();
        row.id = id[i], row.sector = "energy", row.country = "AT", row.users = 10;
        CHECK_INT(hf_builder_entity(b, &row, (hf_origin){0}), HF_OK);
        if (i == 0) continue;
        hf_requirement_row need = hf_requirement_row_default();
        need.entity = id[i], need.requirement = "power";
        hf_supply_row supply = hf_supply_row_default();
        supply.entity = id[i], supply.requirement = "power", supply.supplier = id[i - 1];
        CHECK_INT(hf_builder_requirement(b, &need, (hf_origin){0}), HF_OK);
        CHECK_INT(hf_builder_supply(b, &supply, (hf_origin){0}), HF_OK);
    }
    CHECK_INT(hf_builder_finish(b, &net), HF_OK);
    int hit = 0, keep = 2;
    hf_effect effects[] = {{HF_EFFECT_HARDEN, 0, -1, -1}, {HF_EFFECT_BACKUP, 1, -1, -1}, {HF_EFFECT_BACKUP, 2, -1, -1}};
    hf_measure measures[3];
    for (int m = 0; m < 3; m++) measures[m] = (hf_measure){.id = id[m], .n_effects = 1, .effects = &effects[m], .cost = 10 + 2 * m};
    hf_payer payers[] = {{"ministry", 9}, {"utility", 3}};
    hf_damage_case hazard = {"flood", 0.1, 0, 1, &hit};
    hf_portfolio in = hf_portfolio_default();
    in.network = net, in.scenarios = &hazard, in.n_scenarios = 1, in.measures = measures, in.n_measures = 3;
    in.payers = payers, in.n_payers = 2, in.keep = &keep, in.n_keep = 1, in.limit_expected = 3;
    CHECK_INT(hf_portfolio_solve(&in, diag, &plan), HF_E_NO_ANSWER);
    CHECK_INT(hf_diag_count(diag, HF_ERROR), 2);
    CHECK_STR(hf_diag_get(diag, hf_diag_kept(diag) - 2)->text, "conflict: the budget of ministry is 9");
    CHECK_STR(hf_diag_get(diag, hf_diag_kept(diag) - 1)->text, "conflict: c may not fail in any scenario");
    payers[0].budget = 11; /* one measure: harden the first, and nothing fails */
    CHECK_INT(hf_portfolio_solve(&in, diag, &plan), HF_OK);
    CHECK(plan && plan->bought[0] && !plan->bought[1] && !plan->bought[2] && plan->value == 0 && plan->cost == 10);
    hf_plan_free(plan);
    hf_network_free(net);
    hf_builder_free(b);
    hf_diag_free(diag);
}

static void bad_input_is_named(void)
{
    instance x;
    hf_plan *plan = NULL;
    hf_diag *diag = NULL;
    instance_random(0, &x);
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    x.measures[0].id = "wall";
    x.measures[0].cost = NAN;
    x.measures[1].payer = 7;
    x.in.tail = 1;
    CHECK_INT(hf_portfolio_solve(&x.in, diag, &plan), HF_E_RANGE);
    CHECK_INT(hf_diag_count(diag, HF_ERROR), 3);
    CHECK(strstr(hf_diag_get(diag, 0)->text, "\"wall\"") != NULL);
    x.in.tail = 0, x.measures[0].cost = 1, x.measures[1].payer = 0;
    x.in.n_scenarios = 0;
    CHECK_INT(hf_portfolio_solve(&x.in, diag, &plan), HF_E_MISSING);
    CHECK(plan == NULL);
    hf_diag_free(diag);
    hf_network_free(x.net);
}

int main(void)
{
    RUN(equal_to_enumeration);
    RUN(extensive_form_says_the_same);
    RUN(rising_budgets);
    RUN(shapley_is_the_mean_over_orders);
    RUN(stopped_at_once);
    RUN(engine_agrees);
    RUN(best_defence);
    RUN(conflicts_are_named);
    RUN(bad_input_is_named);
    return tap_done();
}
