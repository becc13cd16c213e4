/* Requirements as they are: one row each, with shares, gain and threshold. Entities that must be kept get a watcher, which fails when they are
 * below out_below, so that "fails in no scenario" is said in states that are shares. */
#include <math.h>
#include <string.h>

#include "solver/portfolio/compile.h"
#include "solver/portfolio/reach.h"

static const double FULL = 1e-9; /* as the engines */
enum { MOST_UNEQUAL = 20 };      /* suppliers of unequal shares that the Boolean program looks through */

static double gain_of(const hf_network *net, int g)
{
    return net->curve_loss[net->curve_off[net->req_curve[g] + 1] - 1];
}

static bool shares_differ(const hf_network *net, int g)
{
    for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++)
        if (fabs(net->sup_share[k] - net->sup_share[net->sup_off[g]]) > FULL) return true;
    return false;
}

double hf_portfolio_new_share(const hf_network *net, const hf_effect *e)
{
    if (e->amount > 0) return e->amount;
    bool none = net->sup_off[e->requirement] == net->sup_off[e->requirement + 1];
    return none || shares_differ(net, e->requirement) ? 1 : net->sup_share[net->sup_off[e->requirement]];
}

static bool requirement_in_part(const hf_network *net, int g)
{
    double gain = gain_of(net, g);
    if (net->sup_off[g] == net->sup_off[g + 1] || gain <= FULL) return false;
    if (gain < 1 - FULL || (net->sup_off[g + 1] - net->sup_off[g] > MOST_UNEQUAL && shares_differ(net, g))) return true;
    for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++)
        if (net->req_response[g] == HF_LINEAR && net->sup_share[k] < 1 - FULL) return true;
    return false;
}

static bool effect_in_part(const hf_network *net, const hf_effect *e)
{
    if (e->kind == HF_EFFECT_HARDEN) return e->amount > 0;
    hf_effect as_others = *e;
    as_others.amount = 0;
    return e->kind == HF_EFFECT_SUPPLIER && fabs(hf_portfolio_new_share(net, e) - hf_portfolio_new_share(net, &as_others)) > FULL;
}

bool hf_portfolio_needs_parts(const hf_portfolio *in)
{
    if (!in->linear || in->n_slots > 0) return false;
    if (hf_reach_any(in->network)) return true;
    for (int g = 0; g < in->network->n_requirements; g++)
        if (requirement_in_part(in->network, g)) return true;
    for (int s = 0; s < in->n_scenarios; s++)
        for (int k = 0; in->scenarios[s].severity && k < in->scenarios[s].n_damaged; k++)
            if (in->scenarios[s].severity[k] < 1) return true;
    for (int m = 0; m < in->n_measures; m++)
        for (int k = 0; k < in->measures[m].n_effects; k++)
            if (effect_in_part(in->network, &in->measures[m].effects[k])) return true;
    return false;
}

typedef struct lists {
    int *entity_start, *needed, *supplier_start, *supplier;
    double *share, *gain, *threshold;
} lists;

static void network_write(const hf_network *net, const int *service_of, lists *x)
{
    memcpy(x->entity_start, net->req_off, ((size_t)net->n_entities + 1) * sizeof(int));
    memcpy(x->supplier_start, net->sup_off, ((size_t)net->n_requirements + 1) * sizeof(int));
    for (int k = 0; k < net->n_supplies; k++) x->supplier[k] = service_of[net->sup_supplier[k]], x->share[k] = net->sup_share[k];
    for (int g = 0; g < net->n_requirements; g++) {
        x->gain[g] = gain_of(net, g);
        x->threshold[g] = net->req_response[g] == HF_THRESHOLD ? net->req_threshold[g] : 0;
        bool nothing_needed = net->req_response[g] == HF_THRESHOLD && net->req_threshold[g] <= FULL;
        x->needed[g] = x->gain[g] > FULL && net->sup_off[g + 1] > net->sup_off[g] && !nothing_needed;
    }
}

/* One more entity, number i, which needs all of `supplier` (threshold 0) or a part. */
static void entity_write(const hf_network *net, int i, int supplier, double threshold, lists *x)
{
    int g = net->n_requirements + i - net->n_entities, link = net->n_supplies + i - net->n_entities;
    x->needed[g] = 1, x->gain[g] = 1, x->threshold[g] = threshold;
    x->supplier[link] = supplier, x->share[link] = 1;
    x->entity_start[i + 1] = g + 1, x->supplier_start[g + 1] = link + 1;
}

static void classes_say(const hf_network *net, hf_diag *diag)
{
    int n = 0;
    for (int k = 0; k < net->n_supplies; k++) n += net->sup_from[k] != 0 || net->sup_width[k] != 1;
    if (n > 0)
        hf_diag_add(diag, HF_WARNING, HF_E_NOT_BOOLEAN, NULL, 0, 0,
                    "%d supply links have shedding classes; in the portfolio program each link gets the part that its supplier has left", n);
}

static void islands_say(const hf_portfolio_problem *p, hf_diag *diag)
{
    int n = 0;
    for (int c = 0; c < p->n_reach; c++)
        for (int v = 0; v < p->reach[c].n_vertices; v++) n += p->reach[c].service[v] < 0;
    if (n > 0)
        hf_diag_add(diag, HF_WARNING, HF_E_NOT_BOOLEAN, NULL, 0, 0,
                    "%d carrier nodes are not reached by any source even when all is well; in the portfolio program they count as reached", n);
}

static hf_err lists_new(hf_arena *arena, size_t entities, size_t requirements, size_t supplies, lists *x)
{
    *x = (lists){hf_arena_calloc(arena, entities + 1, sizeof(int)), hf_arena_calloc(arena, requirements + 1, sizeof(int)),
                 hf_arena_calloc(arena, requirements + 1, sizeof(int)), hf_arena_calloc(arena, supplies + 1, sizeof(int)),
                 hf_arena_calloc(arena, supplies + 1, sizeof(double)), hf_arena_calloc(arena, requirements + 1, sizeof(double)),
                 hf_arena_calloc(arena, requirements + 1, sizeof(double))};
    return x->entity_start && x->needed && x->supplier_start && x->supplier && x->share && x->gain && x->threshold ? HF_OK : HF_E_NOMEM;
}

/* Entities behind the network's own: services, then watchers. */
static void others_write(const hf_portfolio *in, const int *service_of, int n_services, lists *x, int *origin)
{
    const hf_network *net = in->network;
    for (int i = 0; i < net->n_entities; i++) origin[i] = service_of[i] == i ? i : -1;
    for (int i = 0; i < net->n_entities; i++) {
        if (service_of[i] == i) continue;
        entity_write(net, service_of[i], i, 0, x);
        origin[service_of[i]] = i;
    }
    for (int k = 0; k < in->n_keep; k++) {
        int i = net->n_entities + n_services + k;
        entity_write(net, i, service_of[in->keep[k]], in->out_below, x);
        origin[i] = -1;
    }
}

hf_err hf_portfolio_parts(const hf_portfolio *in, hf_diag *diag, hf_arena *arena, hf_portfolio_problem *p, int **ret_origin, int **ret_service_of,
                          int **ret_piece_start, int **ret_copies)
{
    const hf_network *net = in->network;
    hf_err err = HF_OK;
    lists x;
    int n_services = 0, *service_of = hf_arena_calloc(arena, (size_t)net->n_entities + 1, sizeof(int));
    if (!service_of) return HF_E_NOMEM;
    HF_TRY(hf_reach_compile(in, arena, &p->n_reach, &p->reach, service_of, &n_services));
    size_t more = (size_t)n_services + (size_t)in->n_keep, entities = (size_t)net->n_entities + more, requirements = (size_t)net->n_requirements + more;
    HF_TRY(lists_new(arena, entities, requirements, (size_t)net->n_supplies + more, &x));
    int *origin = hf_arena_calloc(arena, entities + 1, sizeof(int)), *piece_start = hf_arena_calloc(arena, requirements + 1, sizeof(int));
    int *copies = hf_arena_calloc(arena, requirements + 1, sizeof(int));
    if (!origin || !piece_start || !copies) return HF_E_NOMEM;
    network_write(net, service_of, &x);
    others_write(in, service_of, n_services, &x, origin);
    for (size_t g = 0; g < requirements; g++) piece_start[g + 1] = (int)g + 1, copies[g] = 1;
    classes_say(net, diag);
    islands_say(p, diag);
    p->n_entities = (int)entities;
    p->n_requirements = (int)requirements;
    p->requirement_start = x.entity_start, p->needed = x.needed, p->supplier_start = x.supplier_start, p->supplier = x.supplier;
    p->share = x.share, p->gain = x.gain, p->threshold = x.threshold;
    *ret_origin = origin, *ret_service_of = service_of, *ret_piece_start = piece_start, *ret_copies = copies;
out:
    return err;
}
