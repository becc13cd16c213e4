/* What the portfolio program says that a plan loses, against the engines for cascades on the network with the plan carried out. */
#include "model/cascade/losses.h"
#include "model/cascade/steady.h"
#include "tests/support/small_portfolio.h"

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
            int left[MOST_E], n_left = hf_portfolio_damage(&x.in, bought, s, left, NULL);
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

/* The same with states in part: the engine's levels are the program's shares, on loops too. */
static void engine_agrees_in_part(void)
{
    int n = 0, n_partly = 0;
    in_part = true;
    for (uint64_t number = 0; number < 600; number++) {
        instance x;
        hf_network *net = NULL;
        hf_timeline *tl = NULL;
        bool bought[MOST_M];
        double loss[MOST_S];
        instance_random(number, &x);
        for (int m = 0; m < x.in.n_measures; m++) bought[m] = below(2);
        CHECK_INT(hf_portfolio_network(&x.in, bought, NULL, &net), HF_OK);
        CHECK_INT(hf_portfolio_losses(&x.in, bought, loss, NULL), HF_OK);
        CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
        for (int s = 0; s < x.in.n_scenarios; s++) {
            int left[MOST_E];
            double severity[MOST_E], sum = 0;
            int n_left = hf_portfolio_damage(&x.in, bought, s, left, severity);
            hf_inject injects[MOST_E];
            for (int k = 0; k < n_left; k++) injects[k] = (hf_inject){0, HF_INJECT_FAIL, left[k], 1 - severity[k], NAN};
            CHECK_INT(hf_steady_run(tl, injects, n_left, NULL), HF_OK);
            for (int i = 0; i < net->n_entities; i++) {
                double f = 1 - hf_timeline_level(tl, i);
                sum += net->users[i] * f;
                n_partly += f > 1e-6 && f < 1 - 1e-6;
            }
            CHECK_NEAR(loss[s], sum, 1e-7);
            n++;
        }
        hf_timeline_free(tl);
        hf_network_free(net);
        hf_network_free(x.net);
    }
    in_part = false;
    printf("# %d scenarios, %d entities that work in part\n", n, n_partly);
    CHECK(n > 1000 && n_partly > 2000);
}

/* A network without loops whose outages, autonomies and repairs all begin and end with the slots of two hours. */
static hf_network *network_in_time(void)
{
    hf_builder *b = NULL;
    hf_network *net = NULL;
    int n = 4 + below(MOST_E - 4);
    CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
    for (int i = 0; i < n; i++) {
        char id[16], name[16], curve[16], supplier[16];
        hf_entity_row row = hf_entity_row_default();
        snprintf(id, sizeof id, "e%d", i);
        row.id = id, row.sector = "energy", row.country = "AT", row.users = 1 + below(20);
        row.repair_h = below(4) ? 2 * (1 + below(6)) : NAN;
        CHECK_INT(hf_builder_entity(b, &row, (hf_origin){0}), HF_OK);
        for (int g = i ? below(3) : 0; g > 0; g--) {
            int k = 1 + below(i < 3 ? i : 3), needed = 1 + below(k), first = below(i);
            hf_requirement_row need = hf_requirement_row_default();
            snprintf(name, sizeof name, "g%d", g);
            snprintf(curve, sizeof curve, "%d:1", 2 * below(4));
            need.entity = id, need.requirement = name, need.response = HF_THRESHOLD, need.threshold = 1, need.curve = curve, need.refill = INFINITY;
            CHECK_INT(hf_builder_requirement(b, &need, (hf_origin){0}), HF_OK);
            for (int j = 0; j < k; j++) {
                hf_supply_row s = hf_supply_row_default();
                snprintf(supplier, sizeof supplier, "e%d", (first + j) % i);
                s.entity = id, s.requirement = name, s.supplier = supplier, s.share = 1.0 / needed;
                CHECK_INT(hf_builder_supply(b, &s, (hf_origin){0}), HF_OK);
            }
        }
    }
    CHECK_INT(hf_builder_finish(b, &net), HF_OK);
    hf_builder_free(b);
    return net;
}

/* Backups that end after some slots, and damage with repair times of its own. */
static void lasting_and_repairs(instance *x, double damage_h[MOST_S][MOST_E])
{
    for (int m = 0; m < x->in.n_measures; m++)
        for (int k = 0; k < x->measures[m].n_effects; k++)
            if (x->effects[m][k].kind == HF_EFFECT_BACKUP && below(2)) x->effects[m][k].amount = 2 * (1 + below(4));
    for (int s = 0; s < x->in.n_scenarios; s++) {
        for (int k = 0; k < x->cases[s].n_damaged; k++) damage_h[s][k] = below(2) ? NAN : 2 * (1 + below(8));
        x->cases[s].repair_h = damage_h[s];
    }
}

/* Hours until the damage is repaired, where it has its own: faster repairs count for it too. */
static double repair_then(const instance *x, const bool *bought, int s, int entity)
{
    double hours = NAN;
    for (int k = 0; k < x->cases[s].n_damaged; k++)
        if (x->damaged[s][k] == entity) hours = x->cases[s].repair_h[k];
    for (int m = 0; m < x->in.n_measures && !isnan(hours); m++)
        for (int k = 0; bought[m] && k < x->measures[m].n_effects; k++)
            if (x->effects[m][k].kind == HF_EFFECT_REPAIR && x->effects[m][k].entity == entity) hours = fmin(hours, x->in.repair_h[m]);
    return hours;
}

/* User-hours by the exact timeline on the network with the plan carried out. */
static void timeline_agrees(void)
{
    enum { SLOTS = 12 };
    double slot_h[SLOTS + 1], repair_h[MOST_M], damage_h[MOST_S][MOST_E];
    int n_late = 0;
    for (int t = 0; t <= SLOTS; t++) slot_h[t] = 2 * t;
    for (uint64_t number = 0; number < 300; number++) {
        instance x = {.in = hf_portfolio_default()};
        hf_network *net = NULL;
        hf_timeline *tl = NULL;
        bool bought[MOST_M];
        double loss[MOST_S];
        rng = (hf_rng){11, number, 0};
        x.in.network = x.net = network_in_time();
        scenarios_random(&x);
        measures_random(&x);
        x.in.n_slots = SLOTS, x.in.slot_h = slot_h, x.in.repair_h = repair_h;
        for (int m = 0; m < x.in.n_measures; m++) {
            bought[m] = below(2);
            repair_h[m] = 2 * (1 + below(3));
            if (below(3) == 0) x.effects[m][0] = (hf_effect){HF_EFFECT_REPAIR, below(x.net->n_entities), -1, -1, 0}, x.measures[m].n_hazards = 0;
            for (int k = 0; k < x.measures[m].n_effects; k++) /* new suppliers must not close loops */
                if (x.effects[m][k].kind == HF_EFFECT_SUPPLIER && x.effects[m][k].supplier > x.effects[m][k].entity)
                    x.effects[m][k] = (hf_effect){HF_EFFECT_HARDEN, x.effects[m][k].entity, -1, -1, 0};
        }
        lasting_and_repairs(&x, damage_h);
        CHECK_INT(hf_portfolio_network(&x.in, bought, NULL, &net), HF_OK);
        CHECK_INT(hf_portfolio_losses(&x.in, bought, loss, NULL), HF_OK);
        CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
        for (int s = 0; s < x.in.n_scenarios; s++) {
            int left[MOST_E], n_left = hf_portfolio_damage(&x.in, bought, s, left, NULL);
            hf_inject injects[MOST_E];
            hf_run_options options = hf_run_options_default();
            hf_losses *losses = NULL;
            options.horizon_h = slot_h[SLOTS];
            for (int k = 0; k < n_left; k++) injects[k] = (hf_inject){0, HF_INJECT_FAIL, left[k], 0, repair_then(&x, bought, s, left[k])};
            CHECK_INT(hf_timeline_run(tl, injects, n_left, &options, NULL), HF_OK);
            CHECK_INT(hf_losses_compute(tl, net, 0.5, &losses), HF_OK);
            CHECK_NEAR(loss[s], losses->user_hours, 1e-6);
            n_late += losses->depth > 0;
            hf_losses_free(losses);
        }
        hf_plan *plan = NULL;
        x.in.n_floors = x.in.n_rules = 0;
        CHECK_INT(hf_portfolio_solve(&x.in, NULL, &plan), HF_OK);
        CHECK(plan && plan->status == HF_PLAN_PROVED && fabs(plan->value - plan->expected) <= 1e-9 * fmax(1, plan->expected));
        hf_plan_free(plan);
        hf_timeline_free(tl);
        hf_network_free(net);
        hf_network_free(x.net);
    }
    CHECK(n_late > 200);
}

int main(void)
{
    RUN(engine_agrees);
    RUN(engine_agrees_in_part);
    RUN(timeline_agrees);
    return tap_done();
}
