/* The portfolio optimiser against full enumeration. */
#include <glpk.h>

#include "tests/support/scratch.h"
#include "tests/support/small_portfolio.h"

/* Of the instances only every so-manieth; no divisor of the number of objectives. */
static unsigned step = 1;

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
    for (uint64_t number = 0; number < 3000; number += step) {
        instance x;
        hf_plan *plan = NULL;
        instance_random(number, &x);
        double best = enumerate(&x);
        hf_err err = hf_portfolio_solve(&x.in, NULL, &plan);
        int bad = tap_bad;
        CHECK_INT(err, isinf(best) ? HF_E_NO_ANSWER : HF_OK);
        if (plan && !isinf(best)) plan_check(&x, plan, best);
        if (tap_bad > bad)
            printf("# instance %d, objective %d: %.12g, bound %.12g\n", (int)number, (int)x.in.objective, plan ? plan->value : NAN, plan ? plan->bound : NAN);
        n_answers += plan != NULL;
        n_none += plan == NULL;
        hf_plan_free(plan);
        hf_network_free(x.net);
    }
    printf("# %d answers, %d without one\n", n_answers, n_none);
    CHECK(n_answers > 1500 / (int)step && n_none > 20 / (int)step);
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
    for (uint64_t number = 5000; number < 5240; number += step) {
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
    CHECK(n > 100 / (int)step);
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
        CHECK_INT(hf_portfolio_series(&x.in, POINTS, budgets[0], joint, NULL, NULL, plans), HF_OK);
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
    for (uint64_t number = 0; number < 60; number += step) {
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

/* The largest loss that r failures can cause under a plan. */
static double attacked(instance *x, unsigned plan, int r)
{
    double worst = 0;
    x->cases[0].severity = NULL;
    for (unsigned set = 0; set < 1u << x->net->n_entities; set++) {
        double f[MOST_E], loss = 0;
        if (__builtin_popcount(set) != r) continue;
        x->cases[0].n_damaged = 0;
        for (int i = 0; i < x->net->n_entities; i++)
            if (set >> i & 1) x->damaged[0][x->cases[0].n_damaged++] = i;
        states(x, plan, 0, f);
        for (int i = 0; i < x->net->n_entities; i++) loss += f[i] * x->net->users[i];
        worst = fmax(worst, loss);
    }
    return worst;
}

static void best_defence(void)
{
    int n_answers = 0;
    for (uint64_t number = 0; number < 200; number += step) {
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
    CHECK(n_answers > 100 / (int)step);
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
    hf_effect effects[] = {{HF_EFFECT_HARDEN, 0, -1, -1, 0}, {HF_EFFECT_BACKUP, 1, -1, -1, 0}, {HF_EFFECT_BACKUP, 2, -1, -1, 0}};
    hf_measure measures[3];
    for (int m = 0; m < 3; m++) measures[m] = (hf_measure){.id = id[m], .n_effects = 1, .effects = &effects[m], .cost = 10 + 2 * m};
    hf_payer payers[] = {{"ministry", 9}, {"utility", 3}};
    hf_damage_case hazard = {.id = "flood", .frequency = 0.1, .n_damaged = 1, .damaged = &hit};
    hf_portfolio in = hf_portfolio_default();
    in.network = net, in.scenarios = &hazard, in.n_scenarios = 1, in.measures = measures, in.n_measures = 3;
    in.payers = payers, in.n_payers = 2, in.keep = &keep, in.n_keep = 1, in.limit_expected = 3;
    CHECK_INT(hf_portfolio_solve(&in, diag, &plan), HF_E_NO_ANSWER);
    CHECK_INT(hf_diag_count(diag, HF_ERROR), 2);
    CHECK_STR(hf_diag_get(diag, hf_diag_kept(diag) - 2)->text, "conflict: the budget of ministry is 9");
    CHECK_STR(hf_diag_get(diag, hf_diag_kept(diag) - 1)->text, "conflict: c may not fail in any scenario");
    CHECK_INT(hf_diag_count(diag, HF_WARNING), 1);
    CHECK_STR(hf_diag_get(diag, 0)->text, "no measure fits the budget of ministry: 9, the cheapest costs it 10");
    payers[0].budget = 11; /* one measure: harden the first, and nothing fails */
    CHECK_INT(hf_portfolio_solve(&in, diag, &plan), HF_OK);
    CHECK(plan && plan->bought[0] && !plan->bought[1] && !plan->bought[2] && plan->value == 0 && plan->cost == 10);
    hf_plan_free(plan);
    hf_diag_free(diag);
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    hf_measure_rule rules[] = {{0, 1, false}, {1, 2, false}, {2, 1, false}};
    effects[0].entity = 1; /* is never damaged */
    in.rules = rules, in.n_rules = 3, payers[0].budget = 40;
    CHECK_INT(hf_portfolio_solve(&in, diag, &plan), HF_OK);
    CHECK(plan && !plan->bought[0] && plan->bought[1] && plan->bought[2] && plan->expected == 1);
    CHECK(plan->idle[0] && !plan->idle[1] && !plan->idle[2]);
    CHECK_INT(hf_diag_count(diag, HF_WARNING), 1);
    CHECK_STR(hf_diag_get(diag, 0)->text, "measures require each other in a circle, so all are bought or none: b, c");
    hf_plan_free(plan);
    hf_network_free(net);
    hf_builder_free(b);
    hf_diag_free(diag);
}

/* a needs x and b, b needs y and a: each `own` of the first and the rest of the other. x and y are lost, so a and b are lost too: f_a = own +
 * (1 - own) f_b. With x hardened f_a = (1 - own) f_b, so f_b = own / (1 - (1 - own)^2). */
static hf_network *loop_of_two(double own)
{
    static const char *const id[] = {"a", "b", "x", "y"};
    hf_builder *b = NULL;
    hf_network *net = NULL;
    CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
    for (int i = 0; i < 4; i++) {
        hf_entity_row row = hf_entity_row_default();
        row.id = id[i], row.sector = "energy", row.country = "AT", row.users = i < 2 ? 10 + 10 * i : 0;
        CHECK_INT(hf_builder_entity(b, &row, (hf_origin){0}), HF_OK);
    }
    for (int i = 0; i < 2; i++) {
        hf_requirement_row need = hf_requirement_row_default();
        need.entity = id[i], need.requirement = "power", need.response = HF_LINEAR;
        CHECK_INT(hf_builder_requirement(b, &need, (hf_origin){0}), HF_OK);
        for (int k = 0; k < 2; k++) {
            hf_supply_row supply = hf_supply_row_default();
            supply.entity = id[i], supply.requirement = "power", supply.supplier = k ? id[1 - i] : id[2 + i], supply.share = k ? 1 - own : own;
            CHECK_INT(hf_builder_supply(b, &supply, (hf_origin){0}), HF_OK);
        }
    }
    CHECK_INT(hf_builder_finish(b, &net), HF_OK);
    hf_builder_free(b);
    return net;
}

static void loops_that_feed_back(void)
{
    static const double own[] = {0.5, 0.02, 0.001};
    for (int k = 0; k < 3; k++) {
        hf_network *net = loop_of_two(own[k]);
        hf_plan *plan = NULL;
        int hit[] = {2, 3};
        double q = 1 - own[k], f_b = own[k] / (1 - q * q);
        hf_effect effects[] = {{HF_EFFECT_HARDEN, 2, -1, -1, 0}, {HF_EFFECT_HARDEN, 3, -1, -1, 0}, {HF_EFFECT_BACKUP, 0, -1, -1, 0}};
        hf_measure measures[3];
        for (int m = 0; m < 3; m++) measures[m] = (hf_measure){.n_effects = 1, .effects = &effects[m], .cost = 10 + m};
        hf_payer payer = {"state", 11};
        hf_damage_case both = {"flood", 1, 0, 2, hit, NULL, NULL};
        hf_portfolio in = hf_portfolio_default();
        in.network = net, in.scenarios = &both, in.n_scenarios = 1, in.measures = measures, in.n_measures = 3, in.payers = &payer, in.n_payers = 1;
        in.linear = true;
        CHECK_INT(hf_portfolio_solve(&in, NULL, &plan), HF_OK);
        CHECK(plan && plan->status == HF_PLAN_PROVED && plan->bought[1]);
        CHECK_NEAR(plan->value_without, 30, 1e-6);
        CHECK_NEAR(plan->value, 10 * f_b + 20 * q * f_b, 1e-6); /* y hardened: f_a = f_b of above */
        hf_plan_free(plan);
        payer.budget = 12; /* a backed up: b alone loses its own part */
        CHECK_INT(hf_portfolio_solve(&in, NULL, &plan), HF_OK);
        CHECK(plan && plan->status == HF_PLAN_PROVED && plan->bought[2]);
        CHECK_NEAR(plan->value, 20 * own[k], 1e-6);
        hf_plan_free(plan);
        hf_network_free(net);
    }
}

/* Both need all of each other: a third of a's own damage goes round and stays a third. */
static void a_loop_of_gain_one(void)
{
    hf_network *net = loop_of_two(1e-9);
    double loss[1], severity = 1.0 / 3;
    int hit = 0;
    hf_damage_case c = {"fire", 1, 0, 1, &hit, &severity, NULL};
    hf_portfolio in = hf_portfolio_default();
    bool nothing[1] = {false};
    hf_effect effect = {HF_EFFECT_HARDEN, 0, -1, -1, 0.5};
    hf_measure half = {.n_effects = 1, .effects = &effect, .cost = 1, .payer = -1};
    in.network = net, in.scenarios = &c, in.n_scenarios = 1, in.measures = &half, in.n_measures = 1, in.linear = true;
    CHECK_INT(hf_portfolio_losses(&in, nothing, loss, NULL), HF_OK);
    CHECK_NEAR(loss[0], 10, 1e-6);
    nothing[0] = true;
    CHECK_INT(hf_portfolio_losses(&in, nothing, loss, NULL), HF_OK);
    CHECK_NEAR(loss[0], 5, 1e-6);
    hf_network_free(net);
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

/* All of it once more with states in part. */
static void in_part_too(void)
{
    in_part = true;
    equal_to_enumeration();
    extensive_form_says_the_same();
    rising_budgets();
    shapley_is_the_mean_over_orders();
    stopped_at_once();
    best_defence();
    in_part = false;
}

/* And with lead times, Boolean and in part. */
static void over_years_too(void)
{
    over_years = true;
    step = 5;
    for (int part = 0; part < 2; part++) {
        in_part = part;
        equal_to_enumeration();
        extensive_form_says_the_same();
        shapley_is_the_mean_over_orders();
        best_defence();
    }
    over_years = in_part = false;
    step = 1;
}

/* Two phases: 1.5 of 4 years without the wall. */
static void a_wall_takes_time(void)
{
    hf_network *net = loop_of_two(1e-9);
    hf_plan *plan = NULL;
    int hit = 0;
    hf_damage_case c = {"flood", 0.1, 0, 1, &hit, NULL, NULL};
    hf_effect effect = {HF_EFFECT_HARDEN, 0, -1, -1, 0};
    hf_measure wall = {.n_effects = 1, .effects = &effect, .cost = 1, .payer = -1, .lead_y = 1.5};
    hf_portfolio in = hf_portfolio_default();
    double start_y[2], weight[2];
    in.network = net, in.scenarios = &c, in.n_scenarios = 1, in.measures = &wall, in.n_measures = 1, in.linear = true, in.years = 4;
    CHECK_INT(hf_portfolio_phases(&in, start_y, weight), 2);
    CHECK_NEAR(start_y[1], 1.5, 0);
    CHECK_NEAR(weight[0], 1.5 / 4, 1e-12);
    CHECK_INT(hf_portfolio_solve(&in, NULL, &plan), HF_OK);
    CHECK(plan && plan->bought[0] && plan->n_scenarios == 1);
    CHECK_NEAR(plan->expected_without, 3, 1e-6);
    CHECK_NEAR(plan->expected, 3 * 1.5 / 4, 1e-6);
    CHECK_NEAR(plan->loss[0], 30 * 1.5 / 4, 1e-6);
    hf_plan_free(plan);
    in.discount = 0.1; /* early years count more */
    CHECK_INT(hf_portfolio_phases(&in, start_y, weight), 2);
    CHECK_NEAR(weight[0], (1 - pow(1.1, -1.5)) / (1 - pow(1.1, -4)), 1e-12);
    CHECK_NEAR(weight[0] + weight[1], 1, 1e-12);
    wall.lead_y = 4; /* ready when it is over */
    CHECK_INT(hf_portfolio_solve(&in, NULL, &plan), HF_OK);
    CHECK(plan && plan->idle[0] && fabs(plan->expected - 3) < 1e-6);
    hf_plan_free(plan);
    hf_network_free(net);
}

int main(void)
{
    RUN(equal_to_enumeration);
    RUN(extensive_form_says_the_same);
    RUN(rising_budgets);
    RUN(shapley_is_the_mean_over_orders);
    RUN(stopped_at_once);
    RUN(best_defence);
    RUN(in_part_too);
    RUN(over_years_too);
    RUN(a_wall_takes_time);
    RUN(loops_that_feed_back);
    RUN(a_loop_of_gain_one);
    RUN(conflicts_are_named);
    RUN(bad_input_is_named);
    return tap_done();
}
