/* The simulator of part.h: states rise from 0 and wake the requirements that they supply, until nothing rises any more. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/part.h"
#include "solver/portfolio/reach.h"

static const double RISES = 1e-13;      /* smaller rises are none */
enum { MOST_RISES = 100000 };           /* of one entity in one run: a loop that has not settled by then is left as it is */

typedef struct added {
    int measure, effect;
} added;

struct hf_part_simulator {
    const hf_portfolio_problem *p;
    int *owner;                         /* of each requirement */
    int *use_start, *use;               /* entity -> requirements that it may supply, new links among them */
    int *new_start;                     /* requirement -> supplier effects */
    added *new_links;
    int *harden_start;                  /* entity -> harden effects */
    added *harden;
    bool *backed;                       /* requirement */
    const bool *plan;
    double *f;
    int *rises, *queue, *touched, n_touched;
    bool *queued, *is_touched;          /* the queue holds requirements, and n_requirements + carrier */
    int *carrier_start, *carrier;       /* entity -> carriers in which it conducts */
    bool *vertex_out, *line_out, *marked;
    int *stack;
    bool unsettled;                     /* some run ended because of MOST_RISES */
};

bool hf_problem_is_partial(const hf_portfolio_problem *p)
{
    return p->share != NULL;
}

/* Lists of effects of one kind by object: counts are in start[x + 1] on entry, `list` is filled. */
static void effects_list(const hf_portfolio_problem *p, hf_effect_kind kind, int *start, int n, added *list)
{
    for (int i = 0; i < n; i++) start[i + 1] += start[i];
    for (int m = 0; m < p->n_measures; m++)
        for (int k = p->effect_start[m]; k < p->effect_start[m + 1]; k++) {
            const hf_effect *e = &p->effect[k];
            if (e->kind == kind) list[start[kind == HF_EFFECT_SUPPLIER ? e->requirement : e->entity]++] = (added){m, k};
        }
    for (int i = n; i > 0; i--) start[i] = start[i - 1];
    start[0] = 0;
}

static void uses_list(hf_part_simulator *x)
{
    const hf_portfolio_problem *p = x->p;
    for (int i = 0; i < p->n_entities; i++) x->use_start[i + 1] += x->use_start[i];
    for (int g = 0; g < p->n_requirements; g++) {
        for (int k = p->supplier_start[g]; k < p->supplier_start[g + 1]; k++) x->use[x->use_start[p->supplier[k]]++] = g;
        for (int k = x->new_start[g]; k < x->new_start[g + 1]; k++) x->use[x->use_start[p->effect[x->new_links[k].effect].supplier]++] = g;
    }
    for (int i = p->n_entities; i > 0; i--) x->use_start[i] = x->use_start[i - 1];
    x->use_start[0] = 0;
}

/* Counts entity i in carrier c, or writes it down. */
static void carrier_note(hf_part_simulator *x, int i, int c, bool write)
{
    if (write) x->carrier[x->carrier_start[i]++] = c;
    else x->carrier_start[i + 1]++;
}

static hf_err carriers_list(hf_part_simulator *x)
{
    const hf_portfolio_problem *p = x->p;
    size_t vertices = 1, lines = 1, n = 1;
    for (int c = 0; c < p->n_reach; c++) {
        if ((size_t)p->reach[c].n_vertices > vertices) vertices = (size_t)p->reach[c].n_vertices;
        if ((size_t)p->reach[c].n_lines > lines) lines = (size_t)p->reach[c].n_lines;
        n += (size_t)p->reach[c].n_vertices + (size_t)p->reach[c].n_lines;
    }
    x->carrier_start = hf_calloc((size_t)p->n_entities + 1, sizeof(int));
    x->carrier = hf_malloc(n * sizeof(int));
    x->stack = hf_malloc(vertices * sizeof(int));
    x->vertex_out = hf_malloc(vertices * sizeof(bool));
    x->marked = hf_malloc(vertices * sizeof(bool));
    x->line_out = hf_malloc(lines * sizeof(bool));
    if (!x->carrier_start || !x->carrier || !x->stack || !x->vertex_out || !x->marked || !x->line_out) return HF_E_NOMEM;
    for (int write = 0; write < 2; write++) {
        for (int c = 0; c < p->n_reach; c++) {
            for (int v = 0; v < p->reach[c].n_vertices; v++) carrier_note(x, p->reach[c].entity[v], c, write);
            for (int l = 0; l < p->reach[c].n_lines; l++)
                if (p->reach[c].line_entity[l] >= 0) carrier_note(x, p->reach[c].line_entity[l], c, write);
        }
        for (int i = 0; i < p->n_entities && !write; i++) x->carrier_start[i + 1] += x->carrier_start[i];
    }
    for (int i = p->n_entities; i > 0; i--) x->carrier_start[i] = x->carrier_start[i - 1];
    x->carrier_start[0] = 0;
    return HF_OK;
}

static hf_err lists_make(hf_part_simulator *x)
{
    const hf_portfolio_problem *p = x->p;
    size_t entities = (size_t)p->n_entities + 1, requirements = (size_t)p->n_requirements + 1, effects = (size_t)p->effect_start[p->n_measures] + 1;
    x->owner = hf_malloc(requirements * sizeof(int));
    x->use_start = hf_calloc(entities, sizeof(int));
    x->use = hf_malloc(((size_t)p->supplier_start[p->n_requirements] + effects) * sizeof(int));
    x->new_start = hf_calloc(requirements, sizeof(int));
    x->harden_start = hf_calloc(entities, sizeof(int));
    x->new_links = hf_malloc(effects * sizeof(added));
    x->harden = hf_malloc(effects * sizeof(added));
    if (!x->owner || !x->use_start || !x->use || !x->new_start || !x->harden_start || !x->new_links || !x->harden) return HF_E_NOMEM;
    for (int i = 0; i < p->n_entities; i++)
        for (int g = p->requirement_start[i]; g < p->requirement_start[i + 1]; g++) x->owner[g] = i;
    for (int k = 0; k < p->supplier_start[p->n_requirements]; k++) x->use_start[p->supplier[k] + 1]++;
    for (int k = 0; k < p->effect_start[p->n_measures]; k++) {
        const hf_effect *e = &p->effect[k];
        if (e->kind == HF_EFFECT_SUPPLIER) x->use_start[e->supplier + 1]++, x->new_start[e->requirement + 1]++;
        if (e->kind == HF_EFFECT_HARDEN) x->harden_start[e->entity + 1]++;
    }
    effects_list(p, HF_EFFECT_SUPPLIER, x->new_start, p->n_requirements, x->new_links);
    effects_list(p, HF_EFFECT_HARDEN, x->harden_start, p->n_entities, x->harden);
    uses_list(x);
    return HF_OK;
}

hf_err hf_part_simulator_new(const hf_portfolio_problem *p, hf_part_simulator **ret_simulator)
{
    hf_err err = HF_OK;
    size_t entities = (size_t)p->n_entities + 1, requirements = (size_t)p->n_requirements + (size_t)p->n_reach + 1;
    hf_part_simulator *x = hf_calloc(1, sizeof *x);
    if (!x) return HF_E_NOMEM;
    x->p = p;
    HF_TRY(lists_make(x));
    HF_TRY(carriers_list(x));
    x->backed = hf_calloc(requirements, sizeof(bool));
    x->queued = hf_calloc(requirements, sizeof(bool));
    x->queue = hf_malloc(requirements * sizeof(int));
    x->f = hf_calloc(entities, sizeof(double));
    x->rises = hf_calloc(entities, sizeof(int));
    x->touched = hf_malloc(entities * sizeof(int));
    x->is_touched = hf_calloc(entities, sizeof(bool));
    if (!x->backed || !x->queued || !x->queue || !x->f || !x->rises || !x->touched || !x->is_touched) HF_TRY(HF_E_NOMEM);
    *ret_simulator = x;
out:
    if (err != HF_OK) hf_part_simulator_free(x);
    return err;
}

void hf_part_simulator_free(hf_part_simulator *x)
{
    if (!x) return;
    void *blocks[] = {x->owner, x->use_start, x->use, x->new_start, x->new_links, x->harden_start, x->harden, x->backed,
                      x->queued, x->queue,    x->f,   x->rises,     x->touched,   x->is_touched, x->carrier_start, x->carrier,
                      x->vertex_out, x->line_out, x->marked, x->stack};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_free(x);
}

void hf_part_simulator_plan(hf_part_simulator *x, const bool *plan)
{
    const hf_portfolio_problem *p = x->p;
    for (int g = 0; g < p->n_requirements; g++) x->backed[g] = p->needed[g] == 0;
    for (int m = 0; m < p->n_measures; m++)
        for (int k = p->effect_start[m]; plan[m] && k < p->effect_start[m + 1]; k++) {
            const hf_effect *e = &p->effect[k];
            if (e->kind != HF_EFFECT_BACKUP) continue;
            int from = e->requirement >= 0 ? e->requirement : p->requirement_start[e->entity];
            int to = e->requirement >= 0 ? e->requirement + 1 : p->requirement_start[e->entity + 1];
            for (int g = from; g < to; g++) x->backed[g] = true;
        }
    x->plan = plan;
}

/* What requirement g takes from its owner at the present states. */
static double taken(const hf_part_simulator *x, int g)
{
    const hf_portfolio_problem *p = x->p;
    double supply = 0;
    for (int k = p->supplier_start[g]; k < p->supplier_start[g + 1]; k++) supply += p->share[k] * (1 - x->f[p->supplier[k]]);
    for (int k = x->new_start[g]; k < x->new_start[g + 1]; k++)
        if (x->plan[x->new_links[k].measure]) {
            const hf_effect *e = &p->effect[x->new_links[k].effect];
            supply += e->amount * (1 - x->f[e->supplier]);
        }
    if (p->threshold[g] > 0) return supply >= p->threshold[g] - HF_PART_FULL ? 0 : p->gain[g];
    return p->gain[g] * fmax(0, 1 - supply);
}

static void wake(hf_part_simulator *x, int g, int *end)
{
    if (x->queued[g]) return;
    x->queued[g] = true;
    x->queue[(*end)++ % (x->p->n_requirements + x->p->n_reach + 1)] = g;
}

/* Entity i is at least so far gone; what it supplies, and where it conducts, is woken. */
static void raise_to(hf_part_simulator *x, int i, double f, int *end)
{
    double before = x->f[i];
    if (!(f > before + RISES)) return;
    if (x->rises[i] >= MOST_RISES) {
        x->unsettled = true;
        return;
    }
    x->f[i] = f;
    x->rises[i]++;
    if (!x->is_touched[i]) x->is_touched[i] = true, x->touched[x->n_touched++] = i;
    for (int k = x->use_start[i]; k < x->use_start[i + 1]; k++)
        if (!x->backed[x->use[k]]) wake(x, x->use[k], end);
    for (int k = x->carrier_start[i]; before < HF_REACH_GONE && f >= HF_REACH_GONE && k < x->carrier_start[i + 1]; k++)
        wake(x, x->p->n_requirements + x->carrier[k], end);
}

/* Services of carrier c that no path leads to any more. */
static void carrier_run(hf_part_simulator *x, int c, int *end)
{
    const hf_reach *reach = &x->p->reach[c];
    for (int v = 0; v < reach->n_vertices; v++) x->vertex_out[v] = x->f[reach->entity[v]] >= HF_REACH_GONE;
    for (int l = 0; l < reach->n_lines; l++)
        x->line_out[l] = (reach->line_entity[l] >= 0 && x->f[reach->line_entity[l]] >= HF_REACH_GONE) ||
                         (reach->line_measure[l] >= 0 && !x->plan[reach->line_measure[l]]);
    hf_reach_served(reach, &(hf_reach_states){x->vertex_out, x->line_out}, x->stack, x->marked);
    for (int v = 0; v < reach->n_vertices; v++)
        if (reach->service[v] >= 0 && !x->marked[v]) raise_to(x, reach->service[v], 1, end);
}

static double damage_left(const hf_part_simulator *x, int i, int s, double severity)
{
    for (int k = x->harden_start[i]; k < x->harden_start[i + 1]; k++)
        if (x->plan[x->harden[k].measure] && hf_measure_acts(x->p, x->harden[k].measure, s)) severity *= x->p->effect[x->harden[k].effect].amount;
    return severity;
}

bool hf_part_simulator_unsettled(const hf_part_simulator *x)
{
    return x->unsettled;
}

double hf_part_simulator_run(hf_part_simulator *x, int s, double *ret_f)
{
    const hf_portfolio_problem *p = x->p;
    const double *weight = p->weight_by_scenario ? p->weight + (size_t)s * (size_t)p->n_entities : p->weight;
    int head = 0, end = 0;
    double loss = 0;
    for (int k = p->damage_start[s]; k < p->damage_start[s + 1]; k++)
        raise_to(x, p->damaged[k], damage_left(x, p->damaged[k], s, p->severity ? p->severity[k] : 1), &end);
    while (head != end) {
        int g = x->queue[head++ % (p->n_requirements + p->n_reach + 1)];
        x->queued[g] = false;
        if (g < p->n_requirements) raise_to(x, x->owner[g], taken(x, g), &end);
        else carrier_run(x, g - p->n_requirements, &end);
    }
    if (ret_f && p->n_entities > 0) memcpy(ret_f, x->f, (size_t)p->n_entities * sizeof *ret_f);
    for (int k = 0; k < x->n_touched; k++) {
        int i = x->touched[k];
        loss += weight[i] * x->f[i];
        x->f[i] = 0, x->rises[i] = 0, x->is_touched[i] = false;
    }
    x->n_touched = 0;
    return loss;
}
