/* Each route has two columns: what it keeps, up to its flow in normal times, and what is new on it. */
#include "solver/rerouting.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

static const double holds = 1e-6;
/* A new way costs this much more, of 1 + the largest cost: to decide between equals, or more than any way can save. */
static const double keep = 1e-6, stay = 1;

typedef struct job {
    const hf_rerouting_input *in;
    const hf_corridors *c;
    hf_lp *lp;
    int P, L;
    double unit;
    double *usual;             /* [P] flow of a route in normal times, in units */
    double *room;              /* [P] capacity left, in units */
    double *cost, *low, *high; /* [2 P + L] columns: kept, new, left behind */
    double *value;             /* scratch for rows */
    int *column;
    int *gate_row;             /* [gates] row, or -1 without limit */
} job;

static double value_of(const job *j, int lane)
{
    return j->in->value ? j->in->value[lane] : 1;
}

static hf_err input_check(const hf_rerouting_input *in, hf_diag *diag)
{
    const hf_corridors *c = in->corridors;
    for (int l = 0; l < c->n_lanes; l++) {
        double flow = in->flow[l], value = in->value ? in->value[l] : 1;
        if (flow >= 0 && !isinf(flow) && value > 0 && !isinf(value)) continue;
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "lane %d: a flow of %g with a value of %g: they must be 0 or more and above 0", l + 1, flow, value);
        return HF_E_RANGE;
    }
    for (int k = 0; k < c->n_gates; k++) {
        if (in->beta[k] >= 0 && in->beta[k] <= 1) continue;
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "gate %d: an availability of %g: it must be from 0 to 1", k + 1, in->beta[k]);
        return HF_E_RANGE;
    }
    return HF_OK;
}

static hf_err job_new(job *j)
{
    size_t P = (size_t)j->P, L = (size_t)j->L, columns = 2 * P + L;
    j->usual = hf_calloc(2 * P + 4 * columns, sizeof *j->usual);
    j->column = hf_calloc(columns + (size_t)j->c->n_gates, sizeof *j->column);
    if (!j->usual || !j->column) return HF_E_NOMEM;
    j->room = j->usual + P;
    j->cost = j->room + P;
    j->low = j->cost + columns;
    j->high = j->low + columns;
    j->value = j->high + columns;
    j->gate_row = j->column + columns;
    for (int l = 0; l < j->L; l++) j->unit += j->in->flow[l] / j->L;
    if (!(j->unit > 0)) j->unit = 1;
    for (int l = 0; l < j->L; l++) {
        const hf_lane *lane = &j->c->lane[l];
        for (int p = lane->first; p < lane->first + lane->n_routes; p++) {
            double open = hf_corridors_open(j->c, p, j->in->beta);
            j->usual[p] = j->c->route[p].share * j->in->flow[l] / j->unit;
            j->room[p] = open > 0 ? j->c->route[p].capacity * open / j->unit : 0;
        }
    }
    return hf_lp_new(&j->lp);
}

static void job_done(job *j)
{
    hf_lp_free(j->lp);
    hf_free(j->usual);
    hf_free(j->column);
}

static hf_err row_add(job *j, int n, double low, double high)
{
    return hf_lp_add_rows(j->lp, 1, &low, &high, (int[]){0, n}, j->column, j->value);
}

static int entry(job *j, int n, int column, double value)
{
    j->column[n] = column;
    j->value[n] = value;
    return n + 1;
}

static hf_err lane_rows(job *j)
{
    hf_err err = HF_OK;
    for (int l = 0; l < j->L; l++) {
        const hf_lane *lane = &j->c->lane[l];
        int n = entry(j, 0, 2 * j->P + l, 1);
        double whole = 0;
        for (int p = lane->first; p < lane->first + lane->n_routes; p++) {
            n = entry(j, n, p, 1);
            n = entry(j, n, j->P + p, 1);
            whole += j->usual[p];
        }
        HF_TRY(row_add(j, n, whole, whole));
    }
out:
    return err;
}

static hf_err route_rows(job *j)
{
    hf_err err = HF_OK;
    for (int p = 0; p < j->P; p++) {
        if (isinf(j->room[p]) || j->room[p] == 0) continue;
        int n = entry(j, entry(j, 0, p, 1), j->P + p, 1);
        HF_TRY(row_add(j, n, -INFINITY, j->room[p]));
    }
out:
    return err;
}

/* What a gate can take, in units. Where no capacity is known and the gate is open in part, that part of what passes it in normal times. */
static double gate_room(const job *j, int gate)
{
    double capacity = j->c->gate[gate].capacity, beta = j->in->beta[gate], usual = 0;
    if (!isinf(capacity)) return capacity * beta / j->unit;
    for (int p = 0; p < j->P && beta < 1; p++)
        for (int g = 0; g < j->c->route[p].n_gates; g++) usual += j->c->route[p].gate[g] == gate ? j->usual[p] : 0;
    return usual > 0 ? usual * beta : INFINITY;
}

static hf_err gate_rows(job *j)
{
    hf_err err = HF_OK;
    for (int k = 0; k < j->c->n_gates; k++) {
        int n = 0;
        j->gate_row[k] = -1;
        if (isinf(gate_room(j, k))) continue;
        for (int p = 0; p < j->P; p++)
            for (int g = 0; g < j->c->route[p].n_gates; g++)
                if (j->c->route[p].gate[g] == k) n = entry(j, entry(j, n, p, 1), j->P + p, 1);
        if (n == 0) continue;
        j->gate_row[k] = hf_lp_rows(j->lp);
        HF_TRY(row_add(j, n, -INFINITY, gate_room(j, k)));
    }
out:
    return err;
}

/* The first program: only what stays behind has a price. */
static hf_err program(job *j)
{
    hf_err err = HF_OK;
    for (int p = 0; p < j->P; p++) {
        j->high[p] = fmin(j->usual[p], j->room[p]);
        j->high[j->P + p] = j->room[p];
    }
    for (int l = 0; l < j->L; l++) {
        j->cost[2 * j->P + l] = value_of(j, l);
        j->high[2 * j->P + l] = INFINITY;
    }
    HF_TRY(hf_lp_add_columns(j->lp, 2 * j->P + j->L, j->cost, j->low, j->high, NULL));
    HF_TRY(lane_rows(j));
    HF_TRY(route_rows(j));
    HF_TRY(gate_rows(j));
out:
    return err;
}

/* The second: the loss is held at its least, ways have their costs. */
static hf_err cost_program(job *j)
{
    hf_err err = HF_OK;
    int n = 0;
    double dearest = 0, best = hf_lp_objective(j->lp);
    for (int p = 0; p < j->P; p++) dearest = fmax(dearest, j->c->route[p].cost);
    for (int p = 0; p < j->P; p++) {
        HF_TRY(hf_lp_set_cost(j->lp, p, j->c->route[p].cost));
        HF_TRY(hf_lp_set_cost(j->lp, j->P + p, j->c->route[p].cost + (j->in->stay ? stay : keep) * (1 + dearest)));
    }
    for (int l = 0; l < j->L; l++) {
        HF_TRY(hf_lp_set_cost(j->lp, 2 * j->P + l, 0));
        n = entry(j, n, 2 * j->P + l, value_of(j, l));
    }
    HF_TRY(row_add(j, n, -INFINITY, best + 1e-11 * (1 + best)));
out:
    return err;
}

void hf_rerouting_done(hf_rerouting *r)
{
    hf_free(r->phi);
    *r = (hf_rerouting){0};
}

static hf_err result_room(hf_rerouting *r, const hf_corridors *c)
{
    size_t lanes = (size_t)c->n_lanes, routes = (size_t)c->n_routes, gates = (size_t)c->n_gates, n = 2 * lanes + routes + 2 * gates;
    double *block = r->phi && r->n_lanes == c->n_lanes && r->n_routes == c->n_routes && r->n_gates == c->n_gates ? r->phi : NULL;
    if (!block) {
        hf_rerouting_done(r);
        block = hf_malloc(n * sizeof *block);
        if (!block) return HF_E_NOMEM;
    }
    memset(block, 0, n * sizeof *block);
    *r = (hf_rerouting){.n_lanes = c->n_lanes, .n_routes = c->n_routes, .n_gates = c->n_gates, .phi = block, .days = block + lanes};
    r->shipped = r->days + lanes;
    r->gate_flow = r->shipped + routes;
    r->gate_price = r->gate_flow + gates;
    return HF_OK;
}

/* A lane from its routes alone: what stays behind, days, cost; returns how far its routes are outside. */
static double lane_read(const job *j, int l, hf_rerouting *r)
{
    const hf_lane *lane = &j->c->lane[l];
    double flow = j->in->flow[l], outside = 0, shipped = 0, days = 0, usual = 0, usual_days = 0, usual_cost = 0;
    for (int p = lane->first; p < lane->first + lane->n_routes; p++) {
        const hf_route *route = &j->c->route[p];
        double s = r->shipped[p], open = hf_corridors_open(j->c, p, j->in->beta);
        outside = fmax(outside, s - (open > 0 ? route->capacity * open : 0));
        shipped += s;
        days += s * route->days;
        usual += route->share;
        usual_days += route->share * route->days;
        usual_cost += route->share * route->cost;
        r->extra_cost += s * route->cost;
        for (int k = 0; k < route->n_gates; k++) r->gate_flow[route->gate[k]] += s;
    }
    double left = lane->share * flow - shipped;
    outside = fmax(outside, -left);
    r->lost += fmax(0, left);
    r->value_lost += value_of(j, l) * fmax(0, left);
    r->phi[l] = flow > 0 ? fmin(1, fmax(0, left / flow)) : 0;
    if (usual > 0) r->extra_cost -= shipped * usual_cost / usual;
    r->days[l] = shipped > holds * flow && usual > 0 ? days / shipped - usual_days / usual : 0;
    return outside;
}

static hf_err result_read(const job *j, double best, hf_rerouting *r)
{
    const double *x = hf_lp_x(j->lp);
    double outside = 0;
    for (int p = 0; p < j->P; p++) r->shipped[p] = (fmax(0, x[p]) + fmax(0, x[j->P + p])) * j->unit;
    for (int l = 0; l < j->L; l++) outside = fmax(outside, lane_read(j, l, r));
    for (int k = 0; k < j->c->n_gates; k++)
        if (j->gate_row[k] >= 0) outside = fmax(outside, r->gate_flow[k] - gate_room(j, k) * j->unit);
    r->violation = outside / j->unit;
    return r->violation <= holds && fabs(r->value_lost / j->unit - best) <= holds * (1 + best) ? HF_OK : HF_E_SOLVER;
}

static hf_err solved(job *j, double time_limit_s, hf_rerouting *r)
{
    hf_err err = hf_lp_solve(j->lp, HF_LP_PRIMAL, time_limit_s);
    r->status = hf_lp_get_status(j->lp);
    if (err == HF_OK && r->status != HF_LP_OPTIMAL && r->status != HF_LP_STOPPED) err = HF_E_SOLVER;
    return err;
}

hf_err hf_rerouting_solve(const hf_rerouting_input *in, hf_diag *diag, hf_rerouting *r)
{
    hf_err err = HF_OK;
    job j = {.in = in, .c = in->corridors, .P = in->corridors->n_routes, .L = in->corridors->n_lanes};
    HF_TRY(input_check(in, diag));
    HF_TRY(result_room(r, j.c));
    HF_TRY(job_new(&j));
    HF_TRY(program(&j));
    HF_TRY(solved(&j, in->time_limit_s, r));
    if (r->status == HF_LP_STOPPED) goto out;
    double best = hf_lp_objective(j.lp);
    for (int k = 0; k < j.c->n_gates; k++)
        if (j.gate_row[k] >= 0) r->gate_price[k] = fmax(0, -hf_lp_duals(j.lp)[j.gate_row[k]]);
    HF_TRY(cost_program(&j));
    HF_TRY(solved(&j, in->time_limit_s, r));
    if (r->status == HF_LP_STOPPED) goto out;
    HF_TRY(result_read(&j, best, r));
out:
    job_done(&j);
    return err;
}
