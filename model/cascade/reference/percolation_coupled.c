/* A network of networks with partial coupling: the published equations, iterated down from the state before anything spread. */
#include <math.h>

#include "base/alloc.h"
#include "model/cascade/reference/percolation.h"

enum { MAX_STEPS = 1000000 };

/* What a network sends over a coupling: the share of its nodes that live, were the other end of the coupling whole. Coupling c sends
 * [2c] from a to b and [2c + 1] from b to a. */
typedef struct iteration {
    const hf_percolation_coupled *in;
    double *x, *giant; /* [networks] left before a network breaks up; in its largest component, of those */
    double *sent, *met; /* [2 couplings] sent over; share of the receiver's nodes whose need is met */
} iteration;

static bool is_possible(const hf_percolation_coupled *in)
{
    if (in->n_networks < 1 || in->n_couplings < 0) return false;
    for (int i = 0; i < in->n_networks; i++)
        if (!(in->mean_degree[i] >= 0 && in->mean_degree[i] <= 1e300 && in->survive[i] >= 0 && in->survive[i] <= 1)) return false;
    for (int c = 0; c < in->n_couplings; c++) {
        int a = in->a[c], b = in->b[c];
        if (a < 0 || b < 0 || a >= in->n_networks || b >= in->n_networks || a == b) return false;
        if (!(in->share_a[c] >= 0 && in->share_a[c] <= 1 && in->share_b[c] >= 0 && in->share_b[c] <= 1)) return false;
    }
    return true;
}

/* x_i = p_i times what is met over every coupling of i but `without`. */
static double product(const iteration *it, int i, int without)
{
    double left = it->in->survive[i];
    for (int c = 0; c < it->in->n_couplings; c++) {
        if (c == without) continue;
        if (it->in->b[c] == i) left *= it->met[2 * c];
        if (it->in->a[c] == i) left *= it->met[2 * c + 1];
    }
    return left;
}

static double step(iteration *it)
{
    const hf_percolation_coupled *in = it->in;
    double moved = 0;
    for (int c = 0; c < in->n_couplings; c++) {
        it->met[2 * c] = 1 - in->share_b[c] * (1 - it->sent[2 * c] * it->giant[in->a[c]]);
        it->met[2 * c + 1] = 1 - in->share_a[c] * (1 - it->sent[2 * c + 1] * it->giant[in->b[c]]);
    }
    for (int i = 0; i < in->n_networks; i++) {
        double x = product(it, i, -1);
        moved += fabs(x - it->x[i]);
        it->x[i] = x;
        it->giant[i] = x > 0 ? hf_percolation_giant(in->mean_degree[i], x) / x : 0;
    }
    for (int c = 0; c < in->n_couplings; c++) {
        it->sent[2 * c] = product(it, in->a[c], c);
        it->sent[2 * c + 1] = product(it, in->b[c], c);
    }
    return moved;
}

hf_err hf_percolation_coupled_solve(const hf_percolation_coupled *in, double *ret_share)
{
    hf_err err = HF_OK;
    if (!is_possible(in)) return HF_E_RANGE;
    size_t n = (size_t)in->n_networks, couplings = 2 * (size_t)in->n_couplings;
    double *room = hf_calloc(2 * n + 2 * couplings, sizeof *room);
    if (!room) return HF_E_NOMEM;
    iteration it = {in, room, room + n, room + 2 * n, room + 2 * n + couplings};
    for (size_t c = 0; c < couplings; c++) it.sent[c] = 1;
    for (size_t i = 0; i < n; i++) it.giant[i] = 1;
    int steps = 0;
    while (step(&it) > 1e-15 * (double)n && steps < MAX_STEPS) steps++;
    if (steps == MAX_STEPS) HF_TRY(HF_E_NO_CONVERGENCE);
    for (size_t i = 0; i < n; i++) ret_share[i] = it.x[i] * it.giant[i];
out:
    hf_free(room);
    return err;
}
