/* Corridors: the hand check of the design, small networks route by route, chokepoints against an extraction solved directly, delays, and
 * what must be refused. */
#include "model/economy/corridors.h"

#include "base/rng.h"
#include "model/economy/linear.h"
#include "tests/tap.h"

enum { MAX_GATES = 6, MAX_ROUTES = 24, R = 3, S = 3, N = 9, K = 2 };

/* Flow 100, routes .6 and .4, the first one's gate at half: 30 are lost. */
static void hand_check(void)
{
    const int gate = 0;
    hf_gate gates[1] = {{.entity = 1, .capacity = INFINITY}};
    hf_route routes[2] = {{.origin = 0, .destination = 1, .share = 0.6, .capacity = 60, .gate = &gate, .n_gates = 1},
                          {.origin = 0, .destination = 1, .share = 0.4, .capacity = 60}};
    hf_corridors *c = NULL;
    double beta = -1, phi = -1;
    CHECK_INT(hf_corridors_new(2, 1, 1, gates, 2, routes, NULL, &c), HF_OK);
    hf_corridors_availability(c, (double[]){0.1, 0.5}, &beta);
    CHECK_NEAR(beta, 0.5, 0);
    hf_corridors_lost(c, &beta, &phi);
    CHECK_NEAR(phi, 0.3, 1e-15);
    CHECK_INT(c->n_lanes, 1);
    CHECK_NEAR(c->lane[0].share, 1, 1e-15);
    hf_corridors_free(c);
}

typedef struct small {
    int n_gates, n_routes, n_gate_of[MAX_ROUTES], gate_of[MAX_ROUTES][MAX_GATES];
    hf_gate gate[MAX_GATES];
    hf_route route[MAX_ROUTES];
    double beta[MAX_GATES];
} small;

static void random_network(hf_rng *rng, small *s)
{
    double left[R][R][2];
    for (int k = 0; k < R * R * 2; k++) (&left[0][0][0])[k] = 1;
    s->n_gates = 1 + (int)hf_rng_below(rng, MAX_GATES);
    s->n_routes = (int)hf_rng_below(rng, MAX_ROUTES + 1);
    for (int k = 0; k < s->n_gates; k++) {
        s->gate[k] = (hf_gate){.entity = -1, .capacity = INFINITY};
        s->beta[k] = hf_rng_below(rng, 3) ? hf_rng_unit(rng) : 1;
    }
    for (int p = 0; p < s->n_routes; p++) {
        hf_route *r = &s->route[p];
        *r = (hf_route){.origin = (int)hf_rng_below(rng, R), .destination = (int)hf_rng_below(rng, R), .goods = (int)hf_rng_below(rng, 2),
                        .capacity = INFINITY};
        double *rest = &left[r->origin][r->destination][r->goods];
        r->share = *rest * hf_rng_unit(rng);
        *rest -= r->share;
        for (int k = 0; k < s->n_gates; k++)
            if (hf_rng_below(rng, 3) == 0) s->gate_of[p][r->n_gates++] = k;
        r->gate = s->gate_of[p];
    }
}

/* Class of each sector: goods 0, goods 1, a service. */
static const int sector_goods[S] = {0, 1, -1};

/* The lost share of what region o sells to d in one class, read off the given routes. */
static double lost_by_hand(const small *s, int o, int d, int goods)
{
    double lost = 0;
    for (int p = 0; p < s->n_routes; p++) {
        const hf_route *r = &s->route[p];
        double open = 1;
        if (r->origin != o || r->destination != d || r->goods != goods) continue;
        for (int k = 0; k < r->n_gates; k++)
            if (s->beta[r->gate[k]] < open) open = s->beta[r->gate[k]];
        lost += r->share * (1 - open);
    }
    return lost;
}

static hf_io_table *random_table(hf_rng *rng)
{
    const char *region[] = {"A", "B", "C"}, *sector[] = {"farms", "mills", "banks"};
    hf_io_table *t = NULL;
    CHECK_INT(hf_io_table_new(R, S, K, region, sector, NULL, 1, 0, &t), HF_OK);
    for (int g = 0; g < N; g++) {
        for (int j = 0; j < N; j++) t->x[g] += t->z[g * N + j] = hf_rng_below(rng, 4) ? hf_rng_unit(rng) : 0;
        for (int k = 0; k < R * K; k++) t->x[g] += t->y[g * R * K + k] = 0.5 + hf_rng_unit(rng);
    }
    for (int j = 0; j < N; j++) {
        t->v[j] = t->x[j];
        for (int g = 0; g < N; g++) t->v[j] -= t->z[g * N + j];
    }
    return t;
}

static void deliveries_route_by_route(void)
{
    hf_rng rng = {.seed = 31};
    for (int round = 0; round < 40; round++) {
        small s;
        hf_corridors *c = NULL;
        random_network(&rng, &s);
        hf_io_table *t = random_table(&rng);
        double phi[MAX_ROUTES], pass[N * R], z[N * N], y[N * R * K], lost[R * R], flow[MAX_ROUTES];
        CHECK_INT(hf_corridors_new(R, 2, s.n_gates, s.gate, s.n_routes, s.route, NULL, &c), HF_OK);
        hf_corridors_lost(c, s.beta, phi);
        CHECK_INT(hf_corridors_pass(c, t, sector_goods, phi, pass), HF_OK);
        CHECK_INT(hf_corridors_flows(c, t, sector_goods, flow), HF_OK);
        hf_corridors_deliver(t, pass, z, y, lost);
        double missing = 0, by_lane = 0, by_pair = 0;
        for (int g = 0; g < N; g++) {
            for (int j = 0; j < N; j++) {
                double expected = g % S == 2 ? 1 : 1 - lost_by_hand(&s, g / S, j / S, g % S);
                CHECK_NEAR(z[g * N + j], t->z[g * N + j] * expected, 1e-12);
                missing += t->z[g * N + j] - z[g * N + j];
            }
            for (int k = 0; k < R * K; k++) {
                double expected = g % S == 2 ? 1 : 1 - lost_by_hand(&s, g / S, k / K, g % S);
                CHECK_NEAR(y[g * R * K + k], t->y[g * R * K + k] * expected, 1e-12);
                missing += t->y[g * R * K + k] - y[g * R * K + k];
            }
        }
        for (int l = 0; l < c->n_lanes; l++) by_lane += phi[l] * flow[l];
        for (int k = 0; k < R * R; k++) by_pair += lost[k];
        CHECK_NEAR(by_lane, missing, 1e-9);
        CHECK_NEAR(by_pair, missing, 1e-9);
        hf_corridors_free(c);
        hf_io_table_free(t);
    }
}

/* Output when only z, y are delivered: x* solves (I - A*) x* = y*, and value added of it. */
static void solved(const hf_io_table *t, const double *z, const double *y, double *ret)
{
    double m[N * N], x[N];
    hf_lu *lu = NULL;
    for (int g = 0; g < N; g++) {
        x[g] = 0;
        for (int j = 0; j < N; j++) m[g * N + j] = (g == j) - z[g * N + j] / t->x[j];
        for (int k = 0; k < R * K; k++) x[g] += y[g * R * K + k];
    }
    CHECK_INT(hf_lu_new(N, m, 1, &lu), HF_OK);
    hf_lu_solve(lu, x);
    ret[0] = ret[1] = 0;
    for (int g = 0; g < N; g++) {
        ret[0] += x[g];
        ret[1] += x[g] * t->v[g] / t->x[g];
    }
    hf_lu_free(lu);
}

static void chokepoints_by_extraction(void)
{
    hf_rng rng = {.seed = 32};
    int hit = 0;
    for (int round = 0; round < 30; round++) {
        small s;
        hf_corridors *c = NULL;
        random_network(&rng, &s);
        hf_io_table *t = random_table(&rng);
        hf_gate_loss loss[MAX_GATES];
        double phi[MAX_ROUTES], pass[N * R], z[N * N], y[N * R * K], pairs[R * R], base[2], shut[2], lost0 = 0;
        CHECK_INT(hf_corridors_new(R, 2, s.n_gates, s.gate, s.n_routes, s.route, NULL, &c), HF_OK);
        CHECK_INT(hf_corridors_rank(c, t, sector_goods, s.beta, 0.2, loss), HF_OK);
        hf_corridors_lost(c, s.beta, phi);
        CHECK_INT(hf_corridors_pass(c, t, sector_goods, phi, pass), HF_OK);
        hf_corridors_deliver(t, pass, z, y, pairs);
        for (int k = 0; k < R * R; k++) lost0 += pairs[k];
        solved(t, z, y, base);
        for (int k = 0; k < s.n_gates; k++) {
            double beta[MAX_GATES], lost = 0;
            memcpy(beta, s.beta, sizeof beta);
            if (beta[loss[k].gate] > 0.2) beta[loss[k].gate] = 0.2;
            hf_corridors_lost(c, beta, phi);
            CHECK_INT(hf_corridors_pass(c, t, sector_goods, phi, pass), HF_OK);
            hf_corridors_deliver(t, pass, z, y, pairs);
            for (int q = 0; q < R * R; q++) lost += pairs[q];
            solved(t, z, y, shut);
            CHECK_NEAR(loss[k].trade_lost, lost - lost0, 1e-9);
            CHECK_NEAR(loss[k].intermediate_lost + loss[k].final_lost, loss[k].trade_lost, 1e-9);
            CHECK_NEAR(loss[k].output_lost, base[0] - shut[0], 1e-9);
            CHECK_NEAR(loss[k].value_added_lost, base[1] - shut[1], 1e-9);
            CHECK(k == 0 || loss[k].output_lost <= loss[k - 1].output_lost);
            CHECK((loss[k].origin >= 0) == (loss[k].lanes > 0 && loss[k].trade_lost > 0));
            hit += loss[k].lanes > 0;
        }
        hf_corridors_free(c);
        hf_io_table_free(t);
    }
    CHECK(hit > 30);
}

static hf_err attempt(hf_route a, hf_route b, hf_diag *diag)
{
    hf_gate gates[2] = {{-1, 10}, {-1, INFINITY}};
    hf_corridors *c = NULL;
    hf_err err = hf_corridors_new(2, 1, 2, gates, 2, (hf_route[]){a, b}, diag, &c);
    hf_corridors_free(c);
    return err;
}

static void refuses(void)
{
    const int twice[] = {1, 1}, none[] = {2};
    const hf_route good = {.destination = 1, .share = 0.5, .capacity = 1};
    hf_route bad = good;
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(attempt(good, good, diag), HF_OK);
    bad.share = 0.6;
    CHECK_INT(attempt(good, bad, diag), HF_E_DATA);
    bad.share = NAN;
    CHECK_INT(attempt(good, bad, diag), HF_E_RANGE);
    bad = good, bad.gate = twice, bad.n_gates = 2;
    CHECK_INT(attempt(good, bad, diag), HF_E_DUPLICATE);
    bad = good, bad.gate = none, bad.n_gates = 1;
    CHECK_INT(attempt(good, bad, diag), HF_E_RANGE);
    bad = good, bad.origin = 2;
    CHECK_INT(attempt(bad, good, diag), HF_E_RANGE);
    CHECK_STR(hf_diag_get(diag, 4)->text, "route 1: origin is 2: there is none of this number");
    CHECK_INT(hf_diag_count(diag, HF_ERROR), 5);
    hf_diag_free(diag);
    hf_rng rng = {.seed = 34};
    hf_io_table *t = random_table(&rng);
    hf_corridors *c = NULL;
    double flow;
    CHECK_INT(hf_corridors_new(R, 1, 0, NULL, 0, NULL, NULL, &c), HF_OK);
    CHECK_INT(hf_corridors_flows(c, t, sector_goods, &flow), HF_E_RANGE); /* class 1 is not there */
    hf_corridors_free(c);
    hf_io_table_free(t);
}

int main(void)
{
    RUN(hand_check);
    RUN(deliveries_route_by_route);
    RUN(chokepoints_by_extraction);
    RUN(refuses);
    return tap_done();
}
