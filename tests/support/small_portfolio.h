/* Small random investment problems: loops, k of n, unequal shares, linear response, every kind of effect, budget, rule, floor and objective;
 * with `over_years` set lead times; with `in_part` set impact curves that leave something, damage and protection in part, shares of new
 * suppliers and a carrier. And what full enumeration says of them, with its own cascade, its own budgets and its own measures of loss. */
#ifndef HF_TESTS_SMALL_PORTFOLIO_H
#define HF_TESTS_SMALL_PORTFOLIO_H

#include <stdlib.h>

#include "base/rng.h"
#include "model/network/builder.h"
#include "solver/portfolio.h"
#include "tests/tap.h"

enum { MOST_E = 10, MOST_R = 24, MOST_S = 5, MOST_M = 9, MOST_P = 2, MOST_RULES = 3 };

typedef struct instance {
    hf_network *net;
    hf_portfolio in;
    hf_damage_case cases[MOST_S];
    int damaged[MOST_S][MOST_E];
    double severity[MOST_S][MOST_E];
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

static hf_rng rng; /* of the instance being made */
static bool in_part, over_years;

static inline int below(int n)
{
    return (int)hf_rng_below(&rng, (uint64_t)n);
}

static inline void requirement_random(hf_builder *b, int i, int g, int n)
{
    char owner[16], name[16], supplier[16];
    hf_requirement_row row = hf_requirement_row_default();
    snprintf(owner, sizeof owner, "e%d", i);
    snprintf(name, sizeof name, "g%d", g);
    row.entity = owner, row.requirement = name;
    int k = 1 + below(3), first = below(n), form = below(4);
    if (k > n - 1) k = n - 1;
    row.response = form == 3 ? HF_LINEAR : HF_THRESHOLD;
    if (in_part && below(2)) row.curve = below(2) ? "0:0.5 2:0.75" : "1:0.9";
    row.threshold = form == 2 ? 0.5 + 0.25 * below(3) : 1;
    CHECK_INT(hf_builder_requirement(b, &row, (hf_origin){0}), HF_OK);
    int needed = 1 + below(k);
    for (int j = 0, at = first; j < k; j++, at = (at + 1) % n) {
        if (at == i) at = (at + 1) % n;
        snprintf(supplier, sizeof supplier, "e%d", at);
        hf_supply_row s = hf_supply_row_default();
        s.entity = owner, s.requirement = name, s.supplier = supplier;
        s.share = form < 2 ? 1.0 / needed : j == 0 ? 1 : 0.25 * (1 + below(4));
        if (in_part && form == 3) s.share = j == k - 1 ? 1 - 0.2 * j : 0.2 + 0.1 * below(5);
        CHECK_INT(hf_builder_supply(b, &s, (hf_origin){0}), HF_OK);
    }
}

/* A carrier of rule `reach` on some of the entities: a tree from one or two sources, and some lines more; lines may be entities. */
static inline void carrier_random(hf_builder *b, int n)
{
    int node[MOST_E], n_nodes = 3 + below(n - 3), first = below(n);
    char id[3][16];
    bool directed = below(2);
    hf_carrier_row row = {"net", "", HF_REACH, directed};
    CHECK_INT(hf_builder_carrier(b, &row, (hf_origin){0}), HF_OK);
    for (int v = 0; v < n_nodes; v++) {
        node[v] = (first + v) % n;
        snprintf(id[0], sizeof id[0], "e%d", node[v]);
        hf_carrier_node_row at = {"net", id[0], v == 0 || below(6) == 0, 1, 1};
        CHECK_INT(hf_builder_carrier_node(b, &at, (hf_origin){0}), HF_OK);
    }
    for (int l = 1, more = below(3); l < n_nodes + more; l++) {
        int to = l < n_nodes ? l : 1 + below(n_nodes - 1), from = l < n_nodes ? below(l) : below(n_nodes), entity = (first + below(n)) % n;
        if (from == to) continue;
        snprintf(id[0], sizeof id[0], "e%d", node[from]);
        snprintf(id[1], sizeof id[1], "e%d", node[to]);
        snprintf(id[2], sizeof id[2], "e%d", entity);
        hf_carrier_line_row line = {"net", id[0], id[1], below(2) ? id[2] : NULL, INFINITY, NAN, NAN};
        CHECK_INT(hf_builder_carrier_line(b, &line, (hf_origin){0}), HF_OK);
    }
}

static inline hf_network *network_random(void)
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
    if (in_part && below(2)) carrier_random(b, n);
    hf_err err = hf_builder_finish(b, &net);
    for (size_t k = 0; err != HF_OK && k < hf_diag_kept(diag); k++) printf("# %s\n", hf_diag_get(diag, k)->text);
    CHECK_INT(err, HF_OK);
    hf_builder_free(b);
    hf_diag_free(diag);
    return net;
}

static inline hf_effect effect_random(const hf_network *net)
{
    if (net->n_carriers > 0 && below(5) == 0) {
        int from = below(net->n_cnodes), to = below(net->n_cnodes - 1);
        return (hf_effect){HF_EFFECT_LINE, net->cnode_entity[from], 0, net->cnode_entity[to + (to >= from)], 0};
    }
    int kind = below(4), g = net->n_requirements ? below(net->n_requirements) : -1;
    if (kind == 0 && g >= 0) {
        int j = below(net->n_entities - 1);
        return (hf_effect){HF_EFFECT_SUPPLIER, net->req_entity[g], g, j + (j >= net->req_entity[g]), 0};
    }
    if (kind == 1 && g >= 0) return (hf_effect){HF_EFFECT_BACKUP, net->req_entity[g], g, -1, 0};
    return (hf_effect){kind == 2 ? HF_EFFECT_BACKUP : HF_EFFECT_HARDEN, below(net->n_entities), -1, -1, 0};
}

static inline void measures_random(instance *x)
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

/* Shares for new suppliers, protection that leaves something. */
static inline void measures_soften(instance *x)
{
    for (int m = 0; m < x->in.n_measures; m++)
        for (int k = 0; k < x->measures[m].n_effects; k++) {
            hf_effect *e = &x->effects[m][k];
            if (e->kind == HF_EFFECT_SUPPLIER) e->amount = below(2) ? 0.1 * (1 + below(9)) : 0;
            if (e->kind == HF_EFFECT_HARDEN) e->amount = below(2) ? 0.1 * below(10) : 0;
        }
}

static inline void scenarios_random(instance *x)
{
    x->in.n_scenarios = 1 + below(MOST_S);
    x->in.scenarios = x->cases;
    for (int s = 0; s < x->in.n_scenarios; s++) {
        hf_damage_case *c = &x->cases[s];
        *c = (hf_damage_case){.frequency = 0.25 * (1 + below(4)), .hazard = below(2), .damaged = x->damaged[s]};
        for (int i = 0; i < x->net->n_entities; i++)
            if (below(3) == 0) x->damaged[s][c->n_damaged++] = i;
        for (int k = 0; in_part && k < c->n_damaged; k++) x->severity[s][k] = below(2) ? 1 : 0.1 * (1 + below(10));
        if (in_part) c->severity = x->severity[s];
    }
}

static inline void instance_random(uint64_t number, instance *x)
{
    *x = (instance){.in = hf_portfolio_default()};
    rng = (hf_rng){7, number, 0};
    x->net = network_random();
    x->in.network = x->net;
    scenarios_random(x);
    measures_random(x);
    if (in_part) measures_soften(x);
    if (over_years) {
        static const double lead[] = {0, 0, 1, 1, 2.5, 4, 5, 9};
        for (int m = 0; m < x->in.n_measures; m++) x->measures[m].lead_y = lead[below(8)];
        x->in.years = 5;
        x->in.discount = below(2) ? 0 : 0.08;
    }
    x->in.linear = in_part;
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

static inline bool has(unsigned plan, int m)
{
    return plan >> m & 1;
}

static inline bool hardened(const instance *x, unsigned plan, int i, int hazard)
{
    for (int m = 0; m < x->in.n_measures; m++)
        for (int k = 0; has(plan, m) && k < x->measures[m].n_effects; k++)
            if (x->effects[m][k].kind == HF_EFFECT_HARDEN && x->effects[m][k].entity == i && (!x->measures[m].n_hazards || x->hazards[m][0] == hazard))
                return true;
    return false;
}

static inline bool requirement_met(const instance *x, unsigned plan, int g, const bool *failed)
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

static inline void cascade(const instance *x, unsigned plan, int s, bool *failed)
{
    memset(failed, 0, MOST_E * sizeof *failed);
    for (int k = 0; k < x->cases[s].n_damaged; k++) failed[x->damaged[s][k]] = !hardened(x, plan, x->damaged[s][k], x->cases[s].hazard);
    for (bool more = true; more;) {
        more = false;
        for (int g = 0; g < x->net->n_requirements; g++)
            if (!failed[x->net->req_entity[g]] && !requirement_met(x, plan, g, failed)) failed[x->net->req_entity[g]] = more = true;
    }
}

/* --- The same in part: value iteration from nothing failed --- */

static inline double damage_left(const instance *x, unsigned plan, int i, int s)
{
    double left = 0;
    for (int k = 0; k < x->cases[s].n_damaged; k++)
        if (x->damaged[s][k] == i) left = x->cases[s].severity ? x->cases[s].severity[k] : 1;
    for (int m = 0; m < x->in.n_measures; m++)
        for (int k = 0; has(plan, m) && k < x->measures[m].n_effects; k++)
            if (x->effects[m][k].kind == HF_EFFECT_HARDEN && x->effects[m][k].entity == i &&
                (!x->measures[m].n_hazards || x->hazards[m][0] == x->cases[s].hazard))
                left *= x->effects[m][k].amount;
    return left;
}

static inline double requirement_takes(const instance *x, unsigned plan, int g, const double *f)
{
    const hf_network *net = x->net;
    double supply = 0, new_share = net->sup_share[net->sup_off[g]], loss = net->curve_loss[net->curve_off[net->req_curve[g] + 1] - 1];
    for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) {
        supply += net->sup_share[k] * (1 - f[net->sup_supplier[k]]);
        if (fabs(net->sup_share[k] - net->sup_share[net->sup_off[g]]) > 1e-9) new_share = 1;
    }
    for (int m = 0; m < x->in.n_measures; m++)
        for (int k = 0; has(plan, m) && k < x->measures[m].n_effects; k++) {
            const hf_effect *e = &x->effects[m][k];
            if (e->kind == HF_EFFECT_BACKUP && (e->requirement == g || (e->requirement < 0 && e->entity == net->req_entity[g]))) return 0;
            if (e->kind == HF_EFFECT_SUPPLIER && e->requirement == g) supply += (e->amount > 0 ? e->amount : new_share) * (1 - f[e->supplier]);
        }
    if (net->req_response[g] == HF_THRESHOLD) return supply >= net->req_threshold[g] - 1e-9 ? 0 : loss;
    return loss * (1 - fmin(1, supply));
}

/* Is carrier node k served, as far as lines and nodes are not wholly lost? Paths are followed one line at a time, from the sources. */
static inline void nodes_served(const instance *x, unsigned plan, const double *condition, bool *served)
{
    const hf_network *net = x->net;
    for (int k = 0; k < net->n_cnodes; k++) served[k] = net->cnode_supply[k] > 0 && condition[net->cnode_entity[k]] < 1 - 1e-9;
    for (bool more = net->n_cnodes > 0; more;) {
        more = false;
        for (int l = 0; l < net->n_clines + 3 * x->in.n_measures; l++) {
            int end[2] = {-1, -1};
            if (l < net->n_clines) {
                if (net->cline_entity[l] >= 0 && condition[net->cline_entity[l]] >= 1 - 1e-9) continue;
                end[0] = net->cline_from[l], end[1] = net->cline_to[l];
            } else {
                int m = (l - net->n_clines) / 3, e = (l - net->n_clines) % 3;
                if (!has(plan, m) || e >= x->measures[m].n_effects || x->effects[m][e].kind != HF_EFFECT_LINE) continue;
                for (int k = 0; k < net->n_cnodes; k++) {
                    if (net->cnode_entity[k] == x->effects[m][e].entity) end[0] = k;
                    if (net->cnode_entity[k] == x->effects[m][e].supplier) end[1] = k;
                }
            }
            for (int way = 0; way < (net->carrier_directed[0] ? 1 : 2); way++)
                if (served[end[way]] && !served[end[1 - way]] && condition[net->cnode_entity[end[1 - way]]] < 1 - 1e-9) served[end[1 - way]] = more = true;
        }
    }
}

static inline void states(const instance *x, unsigned plan, int s, double *f)
{
    double rise = 1;
    if (!x->in.linear) {
        bool failed[MOST_E];
        cascade(x, plan, s, failed);
        for (int i = 0; i < x->net->n_entities; i++) f[i] = failed[i];
        return;
    }
    memset(f, 0, MOST_E * sizeof *f); /* what others see: the condition, or 1 where no path leads */
    for (int sweep = 0; rise > 0 && sweep < 100000; sweep++) {
        double next[MOST_E];
        bool served[MOST_E];
        rise = 0;
        for (int i = 0; i < x->net->n_entities; i++) next[i] = damage_left(x, plan, i, s);
        for (int g = 0; g < x->net->n_requirements; g++) next[x->net->req_entity[g]] = fmax(next[x->net->req_entity[g]], requirement_takes(x, plan, g, f));
        nodes_served(x, plan, next, served);
        for (int k = 0; k < x->net->n_cnodes; k++)
            if (!served[k]) next[x->net->cnode_entity[k]] = 1;
        for (int i = 0; i < x->net->n_entities; i++) {
            rise = fmax(rise, next[i] - f[i]);
            f[i] = fmax(f[i], next[i]);
        }
    }
}

static inline bool affordable(const instance *x, unsigned plan)
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

/* Years between two moments at which measures become ready: how much each counts. A plan without those that are not ready then. */
enum { MOST_PHASES = MOST_M + 1 };

static inline int phases_of(const instance *x, double *begin, double *weight)
{
    int n = 1;
    double last = x->in.years, k = log1p(x->in.discount);
    begin[0] = 0, weight[0] = 1;
    if (!(last > 0)) return 1;
    for (;;) {
        double next = last;
        for (int m = 0; m < x->in.n_measures; m++)
            if (x->measures[m].lead_y > begin[n - 1]) next = fmin(next, x->measures[m].lead_y);
        weight[n - 1] = k > 0 ? (exp(-k * begin[n - 1]) - exp(-k * next)) / (1 - exp(-k * last)) : (next - begin[n - 1]) / last;
        if (next == last) return n;
        begin[n++] = next;
    }
}

static inline unsigned ready(const instance *x, unsigned plan, double year)
{
    for (int m = 0; m < x->in.n_measures && x->in.years > 0; m++)
        if (x->measures[m].lead_y > year) plan &= ~(1u << m);
    return plan;
}

typedef struct outcome {
    bool allowed; /* budgets, rules, floors */
    bool kept;    /* limits */
    double loss[MOST_S], cost, by_region[3];
    int n_events; /* scenario and phase */
    double event_loss[MOST_S * MOST_PHASES], event_mass[MOST_S * MOST_PHASES];
} outcome;

static inline outcome look(const instance *x, unsigned plan)
{
    outcome o = {.allowed = affordable(x, plan), .kept = true};
    double heads[3] = {0}, expected = 0;
    for (int i = 0; i < x->net->n_entities; i++)
        if (x->region[i] >= 0) heads[x->region[i]] += x->net->users[i];
    double begin[MOST_PHASES], weight[MOST_PHASES];
    int n_phases = phases_of(x, begin, weight);
    for (int s = 0; s < x->in.n_scenarios; s++) {
        for (int k = 0; k < n_phases; k++) {
            double f[MOST_E], loss = 0;
            states(x, ready(x, plan, begin[k]), s, f);
            for (int i = 0; i < x->net->n_entities; i++) {
                loss += f[i] * x->net->users[i];
                if (x->region[i] >= 0 && heads[x->region[i]] > 0)
                    o.by_region[x->region[i]] += weight[k] * x->cases[s].frequency * f[i] * x->net->users[i] / heads[x->region[i]];
                if (x->in.n_keep && x->keep[0] == i && k == n_phases - 1 && 1 - f[i] < x->in.out_below - 1e-9) o.kept = false;
            }
            o.loss[s] += weight[k] * loss;
            o.event_loss[o.n_events] = loss;
            o.event_mass[o.n_events++] = weight[k] * x->cases[s].frequency;
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
static inline double tail_mean(const instance *x, const outcome *o)
{
    double mass = 0, sum = 0;
    bool used[MOST_S * MOST_PHASES] = {0};
    for (int s = 0; s < x->in.n_scenarios; s++) mass += x->cases[s].frequency;
    double left = (1 - x->in.tail) * mass, part = left;
    while (left > 1e-12) {
        int worst = -1;
        for (int s = 0; s < o->n_events; s++)
            if (!used[s] && (worst < 0 || o->event_loss[s] > o->event_loss[worst])) worst = s;
        if (worst < 0) break;
        used[worst] = true;
        sum += fmin(left, o->event_mass[worst]) * o->event_loss[worst];
        left -= o->event_mass[worst];
    }
    return sum / part;
}

static inline double value_of(const instance *x, const outcome *o, const double *alone)
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

static inline double enumerate(const instance *x)
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

#endif
