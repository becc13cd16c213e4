/* Rerouting: the hand check of the design, small networks corner by corner, prices by differences, and ways that are kept. */
#include "solver/rerouting.h"

#include "base/rng.h"
#include "tests/support/vertices.h"
#include "tests/tap.h"

enum { GATES = 3, MAX_ROUTES = 5, LANES = 2 };

/* Flow 100, routes .6 and .4 with room for 60 each, the first one's gate at half: 30 + 60 are shipped. */
static void hand_check(void)
{
    const int gate = 0;
    hf_gate gates[1] = {{.entity = -1, .capacity = INFINITY}};
    hf_route routes[2] = {{.destination = 1, .share = 0.6, .capacity = 60, .cost = 1, .days = 10, .gate = &gate, .n_gates = 1},
                          {.destination = 1, .share = 0.4, .capacity = 60, .cost = 3, .days = 20}};
    hf_corridors *c = NULL;
    hf_rerouting r = {0};
    CHECK_INT(hf_corridors_new(2, 1, 1, gates, 2, routes, NULL, &c), HF_OK);
    hf_rerouting_input input = {.corridors = c, .flow = (double[]){100}, .beta = (double[]){0.5}};
    CHECK_INT(hf_rerouting_solve(&input, NULL, &r), HF_OK);
    CHECK_INT(r.status, HF_LP_OPTIMAL);
    CHECK_NEAR(r.shipped[0], 30, 1e-8);
    CHECK_NEAR(r.shipped[1], 60, 1e-8);
    CHECK_NEAR(r.phi[0], 0.1, 1e-10);
    CHECK_NEAR(r.lost, 10, 1e-8);
    CHECK_NEAR(r.days[0], (30 * 10 + 60 * 20) / 90.0 - 14, 1e-8);
    CHECK_NEAR(r.extra_cost, 30 * 1 + 60 * 3 - 90 * 1.8, 1e-7);
    CHECK_NEAR(r.gate_flow[0], 30, 1e-8);
    /* Shut altogether, and open again: then everything is as it was though the second way has room to spare. */
    input.beta = (double[]){0};
    CHECK_INT(hf_rerouting_solve(&input, NULL, &r), HF_OK);
    CHECK_NEAR(r.phi[0], 0.4, 1e-10);
    input.beta = (double[]){1};
    CHECK_INT(hf_rerouting_solve(&input, NULL, &r), HF_OK);
    CHECK_NEAR(r.phi[0], 0, 1e-10);
    CHECK_NEAR(r.shipped[0], 60, 1e-8);
    CHECK_NEAR(r.days[0], 0, 1e-8);
    hf_rerouting_done(&r);
    hf_corridors_free(c);
}

/* No capacities at all: half a gate takes half of what it took, as in the hand check. What is left goes by the cheaper of two new ways; with `stay`
 * nothing else moves, without it all goes by the cheapest. */
static void half_a_gate_and_those_who_stay(void)
{
    const int gate = 0;
    hf_gate gates[1] = {{.entity = -1, .capacity = INFINITY}};
    hf_route routes[3] = {{.destination = 1, .share = 0.6, .capacity = INFINITY, .cost = 3, .days = 10, .gate = &gate, .n_gates = 1},
                          {.destination = 1, .share = 0.4, .capacity = INFINITY, .cost = 2, .days = 20},
                          {.destination = 1, .share = 0, .capacity = INFINITY, .cost = 1, .days = 40}};
    hf_corridors *c = NULL;
    hf_rerouting r = {0};
    CHECK_INT(hf_corridors_new(2, 1, 1, gates, 3, routes, NULL, &c), HF_OK);
    hf_rerouting_input input = {.corridors = c, .flow = (double[]){100}, .beta = (double[]){0.5}, .stay = true};
    CHECK_INT(hf_rerouting_solve(&input, NULL, &r), HF_OK);
    CHECK_NEAR(r.shipped[0], 30, 1e-8);
    CHECK_NEAR(r.shipped[1], 40, 1e-8);
    CHECK_NEAR(r.shipped[2], 30, 1e-8);
    CHECK_NEAR(r.days[0], (30 * 10 + 40 * 20 + 30 * 40) / 100.0 - 14, 1e-8);
    input.stay = false;
    CHECK_INT(hf_rerouting_solve(&input, NULL, &r), HF_OK);
    CHECK_NEAR(r.shipped[2], 100, 1e-8);
    hf_rerouting_done(&r);
    hf_corridors_free(c);
}

typedef struct small {
    int n, gate_of[MAX_ROUTES][GATES];
    hf_gate gate[GATES];
    hf_route route[MAX_ROUTES];
    double flow[LANES], value[LANES], beta[GATES];
} small;

/* Routes 0 and 1 make sure that there are two lanes. */
static void random_network(hf_rng *rng, small *s)
{
    double left[LANES] = {1, 1};
    s->n = 3 + (int)hf_rng_below(rng, MAX_ROUTES - 2);
    for (int k = 0; k < GATES; k++) {
        s->gate[k] = (hf_gate){.entity = -1, .capacity = hf_rng_below(rng, 3) ? 20 + 100 * hf_rng_unit(rng) : INFINITY};
        s->beta[k] = hf_rng_below(rng, 2) ? hf_rng_unit(rng) : hf_rng_below(rng, 4) > 0;
    }
    for (int l = 0; l < LANES; l++) {
        s->flow[l] = 20 + 100 * hf_rng_unit(rng);
        s->value[l] = 1 + 3 * hf_rng_unit(rng);
    }
    for (int p = 0; p < s->n; p++) {
        hf_route *r = &s->route[p];
        int lane = p < LANES ? p : (int)hf_rng_below(rng, LANES);
        double share = hf_rng_below(rng, 3) ? left[lane] * hf_rng_unit(rng) : 0;
        left[lane] -= share;
        *r = (hf_route){.origin = 0, .destination = lane, .share = share, .capacity = 10 + 90 * hf_rng_unit(rng), .cost = hf_rng_below(rng, 6),
                        .days = 1 + (double)hf_rng_below(rng, 30), .gate = s->gate_of[p]};
        for (int k = 0; k < GATES; k++)
            if (hf_rng_below(rng, 2)) s->gate_of[p][r->n_gates++] = k;
    }
}

/* Without what stays behind as a variable: least value lost, or at a loss of at most `held` the least cost. */
static double by_corners(const small *s, double held)
{
    int rows = 0, n = s->n;
    double g[40 * MAX_ROUTES] = {0}, h[40], c[MAX_ROUTES], constant = 0, whole[LANES] = {0}, far = 0;
    for (int p = 0; p < n; p++) whole[s->route[p].destination] += s->route[p].share * s->flow[s->route[p].destination];
    for (int l = 0; l < LANES; l++) {
        for (int p = 0; p < n; p++) g[rows * n + p] = s->route[p].destination == l;
        h[rows++] = whole[l];
        constant += s->value[l] * whole[l];
    }
    for (int k = 0; k < GATES; k++) {
        double usual = 0;
        for (int p = 0; p < n; p++)
            for (int q = 0; q < s->route[p].n_gates; q++)
                if (s->route[p].gate[q] == k) g[rows * n + p] += 1, usual += s->route[p].share * s->flow[s->route[p].destination];
        if (isinf(s->gate[k].capacity) && (s->beta[k] == 1 || usual == 0)) {
            for (int p = 0; p < n; p++) g[rows * n + p] = 0;
            continue;
        }
        h[rows++] = (isinf(s->gate[k].capacity) ? usual : s->gate[k].capacity) * s->beta[k];
    }
    for (int p = 0; p < n; p++) {
        double open = 1;
        for (int q = 0; q < s->route[p].n_gates; q++) open = fmin(open, s->beta[s->route[p].gate[q]]);
        g[rows * n + p] = 1;
        h[rows++] = open * s->route[p].capacity;
        g[rows * n + p] = -1;
        h[rows++] = 0;
        far += s->route[p].capacity;
        c[p] = held < 0 ? -s->value[s->route[p].destination] : s->route[p].cost;
    }
    if (held < 0) return constant + vertices_least(n, c, rows, g, h, NULL);
    for (int p = 0; p < n; p++) g[rows * n + p] = -s->value[s->route[p].destination];
    h[rows++] = held - constant;
    return vertices_least(n, c, rows, g, h, NULL);
}

static hf_corridors *corridors_of(const small *s)
{
    hf_corridors *c = NULL;
    CHECK_INT(hf_corridors_new(2, 1, GATES, s->gate, s->n, s->route, NULL, &c), HF_OK);
    return c;
}

static void random_networks_by_corners(void)
{
    hf_rng rng = {.seed = 41};
    int rerouted = 0;
    for (int round = 0; round < 150; round++) {
        small s;
        random_network(&rng, &s);
        hf_corridors *c = corridors_of(&s);
        hf_rerouting r = {0};
        double phi[LANES], least = fmax(0, by_corners(&s, -1)), cost = 0, by_phi = 0;
        hf_rerouting_input input = {.corridors = c, .flow = s.flow, .value = s.value, .beta = s.beta};
        CHECK_INT(hf_rerouting_solve(&input, NULL, &r), HF_OK);
        CHECK_NEAR(r.value_lost, least, 1e-6 * (1 + least));
        for (int p = 0; p < s.n; p++) cost += r.shipped[p] * c->route[p].cost;
        /* Cost to within the price of a new way, 1e-6 of 1 + the dearest. */
        double cheapest = by_corners(&s, least);
        CHECK(cost >= cheapest - 1e-4 && cost <= cheapest + 1e-6 * 6 * 500 + 1e-4);
        hf_corridors_lost(c, s.beta, phi);
        for (int l = 0; l < LANES; l++) by_phi += s.value[l] * s.flow[l] * r.phi[l];
        CHECK_NEAR(by_phi, r.value_lost, 1e-9 * (1 + by_phi));
        rerouted += r.value_lost + 1 < s.value[0] * s.flow[0] * phi[0] + s.value[1] * s.flow[1] * phi[1];
        hf_rerouting_done(&r);
        hf_corridors_free(c);
    }
    CHECK(rerouted > 30);
}

static void gate_prices_are_differences(void)
{
    hf_rng rng = {.seed = 42};
    int priced = 0;
    for (int round = 0; round < 60; round++) {
        small s;
        random_network(&rng, &s);
        hf_corridors *c = corridors_of(&s);
        hf_rerouting r = {0};
        hf_rerouting_input input = {.corridors = c, .flow = s.flow, .value = s.value, .beta = s.beta};
        CHECK_INT(hf_rerouting_solve(&input, NULL, &r), HF_OK);
        double here = by_corners(&s, -1), step = 1e-3;
        for (int k = 0; k < GATES; k++) {
            if (isinf(s.gate[k].capacity) || !(s.beta[k] * s.gate[k].capacity > 1)) continue;
            small other = s; /* its routes point at the gates of s: the same numbers */
            other.gate[k].capacity += step / s.beta[k];
            double up = (here - by_corners(&other, -1)) / step;
            other.gate[k].capacity = s.gate[k].capacity - step / s.beta[k];
            double down = (by_corners(&other, -1) - here) / step;
            CHECK(r.gate_price[k] >= up - 1e-5 && r.gate_price[k] <= down + 1e-5);
            priced += up > 1e-3;
        }
        hf_rerouting_done(&r);
        hf_corridors_free(c);
    }
    CHECK(priced > 10);
}

static void refuses_and_edges(void)
{
    hf_diag *diag = NULL;
    hf_corridors *c = NULL;
    hf_rerouting r = {0};
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_corridors_new(2, 1, 0, NULL, 0, NULL, NULL, &c), HF_OK);
    hf_rerouting_input input = {.corridors = c};
    CHECK_INT(hf_rerouting_solve(&input, diag, &r), HF_OK); /* no routes at all */
    CHECK_INT(r.status, HF_LP_OPTIMAL);
    hf_corridors_free(c);
    const int gate = 0;
    hf_gate one = {-1, INFINITY};
    hf_route route = {.destination = 1, .share = 1, .capacity = INFINITY, .gate = &gate, .n_gates = 1};
    CHECK_INT(hf_corridors_new(2, 1, 1, &one, 1, &route, NULL, &c), HF_OK);
    hf_rerouting_done(&r);
    input = (hf_rerouting_input){.corridors = c, .flow = (double[]){7}, .beta = (double[]){0}};
    CHECK_INT(hf_rerouting_solve(&input, diag, &r), HF_OK); /* shut: no capacity, limit or not */
    CHECK_NEAR(r.phi[0], 1, 1e-12);
    input.beta = (double[]){1.5};
    CHECK_INT(hf_rerouting_solve(&input, diag, &r), HF_E_RANGE);
    CHECK_STR(hf_diag_get(diag, 0)->text, "gate 1: an availability of 1.5: it must be from 0 to 1");
    input.beta = (double[]){1};
    input.flow = (double[]){-1};
    CHECK_INT(hf_rerouting_solve(&input, diag, &r), HF_E_RANGE);
    hf_rerouting_done(&r);
    hf_corridors_free(c);
    hf_diag_free(diag);
}

int main(void)
{
    RUN(hand_check);
    RUN(half_a_gate_and_those_who_stay);
    RUN(random_networks_by_corners);
    RUN(gate_prices_are_differences);
    RUN(refuses_and_edges);
    return tap_done();
}
