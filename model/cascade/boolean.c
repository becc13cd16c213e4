/* From a network to the programs of its places, and the memory of 512 samples. */
#include "model/cascade/boolean.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "model/cascade/boolean_inside.h"
#include "model/cascade/engine.h"

void hf_boolean_explain(const hf_network *net, const hf_boolean_reason *reason, hf_buf *out)
{
    int g = reason->requirement;
    const char *name = g >= 0 ? net->req_labels.name[net->req_label[g]] : "", *id = reason->entity >= 0 ? net->id[reason->entity] : "";
    switch (reason->why) {
    case HF_BOOLEAN_YES: break;
    case HF_BOOLEAN_CARRIER:
        hf_buf_printf(out, "carrier %s can serve in part", net->carrier_id[reason->carrier]);
        break;
    case HF_BOOLEAN_PARTIAL_LOSS:
        hf_buf_printf(out, "without %s, %s loses a part only", name, id);
        break;
    case HF_BOOLEAN_PARTIAL_SUPPLY:
        hf_buf_printf(out, "%s of %s can be met in part", name, id);
        break;
    case HF_BOOLEAN_SHARES:
        hf_buf_printf(out, "the shares of %s of %s are no multiples of a common unit", name, id);
        break;
    case HF_BOOLEAN_DAMAGE:
        hf_buf_printf(out, "hazard %s damages %s in part", net->hazard_id[reason->hazard], id);
        break;
    }
}

/* What is found about a requirement before places are known. */
typedef struct draft {
    hf_boolean *b;
    const hf_link_doubt *doubt;
    hf_boolean_term term;
    bool *doubtful; /* scratch [most suppliers] */
    int *weight;    /* scratch [most suppliers] */
    bool *hard;     /* [n_supplies] the loss of this supplier alone is enough */
    bool *soft;     /* [n_supplies] it takes others too */
    bool *together; /* [n_requirements] all must fail */
    int *doubt_of;  /* [n_requirements] number among the doubtful of b->links, -1 */
    int *link_of;   /* [n_supplies] likewise */
    int *order;     /* scratch for sorting */
} draft;

static hf_err doubts_number(draft *d)
{
    const hf_network *net = d->b->net;
    for (int g = 0; g < net->n_requirements; g++) d->doubt_of[g] = -1;
    for (int k = 0; k < net->n_supplies; k++) d->link_of[k] = -1;
    if (!d->doubt) return HF_OK;
    hf_err err = hf_links_new(net, d->doubt, &d->b->links);
    if (err != HF_OK) return err;
    for (int q = 0; q < d->b->links->n_requirements; q++) d->doubt_of[d->b->links->requirement[q]] = q;
    for (int l = 0; l < d->b->links->n_supplies; l++) d->link_of[d->b->links->supply[l]] = l;
    return HF_OK;
}

static hf_boolean_why term_find(draft *d, int g)
{
    const hf_network *net = d->b->net;
    for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) d->doubtful[k - net->sup_off[g]] = d->link_of[k] >= 0;
    return hf_boolean_term_of(net, g, d->doubt_of[g] >= 0 ? d->doubtful : NULL, &d->term, d->weight);
}

/* Judges all requirements and marks their links. */
static hf_err requirements_judge(draft *d, hf_boolean_reason *ret_reason)
{
    const hf_network *net = d->b->net;
    for (int g = 0; g < net->n_requirements; g++) {
        int n = net->sup_off[g + 1] - net->sup_off[g];
        hf_boolean_why why = term_find(d, g);
        if (why != HF_BOOLEAN_YES) {
            *ret_reason = (hf_boolean_reason){why, net->req_entity[g], g, -1, -1};
            return HF_E_NOT_BOOLEAN;
        }
        d->together[g] = d->term.kind == HF_B_ALL;
        for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) {
            d->hard[k] = (d->term.kind == HF_B_ALL && n == 1) || (d->term.kind == HF_B_ADD && d->term.least == 1);
            d->soft[k] = d->term.kind >= 0 && !d->hard[k];
        }
    }
    return HF_OK;
}

/* Strong components of the graph supplier -> dependent over the links marked. */
static hf_err components(const hf_network *net, const bool *marked, const bool *also, int *ret_scc, int *ret_count)
{
    int n = net->n_entities, at = 0;
    hf_err err = HF_OK;
    int *off = hf_malloc(((size_t)n + 1) * sizeof *off), *to = hf_malloc((size_t)net->n_supplies * sizeof *to);
    if (!off || !to) HF_TRY(HF_E_NOMEM);
    off[0] = 0;
    for (int i = 0; i < n; i++) {
        for (int k = net->out_off[i]; k < net->out_off[i + 1]; k++) {
            int s = net->out_supply[k];
            if (marked[s] || (also && also[s])) to[at++] = net->req_entity[net->sup_req[s]];
        }
        off[i + 1] = at;
    }
    err = hf_scc(n, off, to, ret_scc, ret_count);
out:
    hf_free(off);
    hf_free(to);
    return err;
}

/* Stable counting sort of `from` by key. */
static hf_err sort_by(const int *key, int n_keys, int n, const int *from, int *to)
{
    int *start = hf_calloc((size_t)n_keys + 1, sizeof *start);
    if (!start) return HF_E_NOMEM;
    for (int k = 0; k < n; k++) start[key[from[k]] + 1]++;
    for (int c = 0; c < n_keys; c++) start[c + 1] += start[c];
    for (int k = 0; k < n; k++) to[start[key[from[k]]]++] = from[k];
    hf_free(start);
    return HF_OK;
}

static hf_err places_assign(draft *d)
{
    hf_boolean *b = d->b;
    int n = b->net->n_entities, n_all = 0, n_hard = 0;
    hf_err err = HF_OK;
    int *all = hf_malloc((size_t)n * sizeof *all), *hard = hf_malloc((size_t)n * sizeof *hard);
    if (!all || !hard) HF_TRY(HF_E_NOMEM);
    HF_TRY(components(b->net, d->hard, d->soft, all, &n_all));
    HF_TRY(components(b->net, d->hard, NULL, hard, &n_hard));
    for (int i = 0; i < n; i++) b->entity[i] = i;
    HF_TRY(sort_by(hard, n_hard, n, b->entity, d->order));
    HF_TRY(sort_by(all, n_all, n, d->order, b->entity));
    for (int p = 0; p < n; p++) b->start[p] = p > 0 && all[b->entity[p - 1]] == all[b->entity[p]] ? b->start[p - 1] : p;
    for (int p = n - 1; p >= 0; p--) {
        int i = b->entity[p];
        b->place[i] = p;
        b->end[p] = p + 1 < n && all[b->entity[p + 1]] == all[i] ? b->end[p + 1] : p + 1;
    }
out:
    hf_free(all);
    hf_free(hard);
    return err;
}

/* Requirement g is a pair of places: one supplier of two, both of which must fail. */
static bool is_pair(const draft *d, int g)
{
    return d->together[g] && d->doubt_of[g] < 0 && d->b->net->sup_off[g + 1] - d->b->net->sup_off[g] == 2;
}

static void pairs_write(const draft *d)
{
    hf_boolean *b = d->b;
    const hf_network *net = b->net;
    int at = b->pair_off[0] = 0;
    for (int p = 0; p < net->n_entities; p++) {
        for (int g = net->req_off[b->entity[p]]; g < net->req_off[b->entity[p] + 1]; g++)
            for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) {
                int place = b->place[net->sup_supplier[k]];
                if (d->hard[k] && d->doubt_of[g] < 0) b->pair[at++] = (hf_boolean_pair){place, place};
                else if (is_pair(d, g) && k == net->sup_off[g]) b->pair[at++] = (hf_boolean_pair){place, b->place[net->sup_supplier[k + 1]]};
            }
        while (at < b->pair_off[p] + HF_B_PAIRS) b->pair[at++] = (hf_boolean_pair){net->n_entities, net->n_entities};
        b->pair_off[p + 1] = at;
    }
}

/* Appends to a program, or only counts where there is none yet. */
static void put(int *code, int *at, int value)
{
    if (code) code[*at] = value;
    (*at)++;
}

static void term_write(draft *d, int g, int *code, int *at)
{
    const hf_network *net = d->b->net;
    int first = net->sup_off[g], n = net->sup_off[g + 1] - first, doubt = d->doubt_of[g];
    term_find(d, g);
    bool add = d->term.kind == HF_B_ADD;
    put(code, at, doubt < 0 ? (add ? HF_B_ADD : HF_B_ALL) : add ? HF_B_D_ADD : HF_B_D_ALL);
    put(code, at, n);
    if (doubt >= 0) put(code, at, doubt);
    else if (add) put(code, at, d->term.least);
    if (doubt >= 0 && add) {
        put(code, at, d->term.n_cases);
        for (int c = 0; c < d->term.n_cases; c++) {
            put(code, at, d->term.total[c]);
            put(code, at, d->term.case_least[c]);
        }
    }
    for (int j = 0; j < n; j++) {
        put(code, at, d->b->place[net->sup_supplier[first + j]]);
        if (doubt >= 0) put(code, at, d->link_of[first + j]);
        if (add) put(code, at, d->weight[j]);
    }
}

/* Writes the program of an entity to `code`, or only counts when it is NULL. */
static int program_write(draft *d, int entity, int *code)
{
    const hf_network *net = d->b->net;
    int at = 0;
    for (int g = net->req_off[entity]; g < net->req_off[entity + 1]; g++) {
        int k = net->sup_off[g];
        bool limits = net->sup_off[g + 1] > k && (d->hard[k] || d->soft[k]), paired = d->doubt_of[g] < 0 && (d->hard[k] || is_pair(d, g));
        if (limits && !paired) term_write(d, g, code, &at);
    }
    return at;
}

static hf_err code_write(draft *d)
{
    hf_boolean *b = d->b;
    int n = b->net->n_entities;
    b->code_off[0] = 0;
    for (int p = 0; p < n; p++) b->code_off[p + 1] = b->code_off[p] + program_write(d, b->entity[p], NULL);
    b->code = hf_malloc((size_t)b->code_off[n] * sizeof *b->code);
    if (!b->code) return HF_E_NOMEM;
    for (int p = 0; p < n; p++) program_write(d, b->entity[p], b->code + b->code_off[p]);
    return HF_OK;
}

/* How the failure of link k's supplier, at `place`, bears on its dependent: 0 with `with` in the same component, 1: ask, 2: a later component. */
static int bearing(const draft *d, int k, int place, int *ret_with)
{
    const hf_boolean *b = d->b;
    int g = b->net->sup_req[k], first = b->net->sup_off[g], user = b->place[b->net->req_entity[g]];
    *ret_with = place;
    if (user >= b->end[place]) return 2;
    if (d->doubt_of[g] >= 0) return 1;
    if (d->hard[k]) return 0;
    if (!is_pair(d, g)) return 1;
    *ret_with = b->place[b->net->sup_supplier[k == first ? first + 1 : first]];
    return b->start[*ret_with] == b->start[place] ? 0 : 1;
}

static void users_write(const draft *d)
{
    hf_boolean *b = d->b;
    const hf_network *net = b->net;
    int at = 0;
    for (int p = 0; p < net->n_entities; p++) {
        int i = b->entity[p];
        b->users[p].first = at;
        for (int wanted = 0; wanted < 3; wanted++) {
            for (int o = net->out_off[i]; o < net->out_off[i + 1]; o++) {
                int k = net->out_supply[o], with;
                if ((d->hard[k] || d->soft[k]) && bearing(d, k, p, &with) == wanted)
                    b->user[at++] = (hf_boolean_user){b->place[net->req_entity[net->sup_req[k]]], with};
            }
            if (wanted == 0) b->users[p].pairs = at;
            if (wanted == 1) b->users[p].asks = at;
        }
    }
    b->users[net->n_entities] = (hf_boolean_users){at, at, at};
}

static hf_err arrays_new(hf_boolean *b, draft *d)
{
    size_t n = (size_t)b->net->n_entities, g = (size_t)b->net->n_requirements, k = (size_t)b->net->n_supplies;
    int most = 0;
    for (int r = 0; r < b->net->n_requirements; r++)
        if (b->net->sup_off[r + 1] - b->net->sup_off[r] > most) most = b->net->sup_off[r + 1] - b->net->sup_off[r];
    b->place = hf_malloc(n * sizeof *b->place);
    b->entity = hf_malloc(n * sizeof *b->entity);
    b->start = hf_malloc(n * sizeof *b->start);
    b->end = hf_malloc(n * sizeof *b->end);
    b->code_off = hf_malloc((n + 1) * sizeof *b->code_off);
    b->pair_off = hf_malloc((n + 1) * sizeof *b->pair_off);
    b->pair = hf_malloc((k + HF_B_PAIRS * n) * sizeof *b->pair);
    b->users = hf_malloc((n + 1) * sizeof *b->users);
    b->user = hf_malloc(k * sizeof *b->user);
    d->doubtful = hf_calloc((size_t)most, sizeof *d->doubtful);
    d->weight = hf_calloc((size_t)most, sizeof *d->weight);
    d->hard = hf_calloc(k, sizeof *d->hard);
    d->soft = hf_calloc(k, sizeof *d->soft);
    d->together = hf_calloc(g, sizeof *d->together);
    d->doubt_of = hf_malloc(g * sizeof *d->doubt_of);
    d->link_of = hf_malloc(k * sizeof *d->link_of);
    d->order = hf_malloc(n * sizeof *d->order);
    bool made = b->place && b->entity && b->start && b->end && b->code_off && b->pair_off && b->pair && b->users && b->user && d->doubtful && d->weight &&
                d->hard && d->soft && d->together && d->doubt_of && d->link_of && d->order;
    return made ? HF_OK : HF_E_NOMEM;
}

hf_err hf_boolean_new(const hf_network *net, const hf_link_doubt *doubt, hf_boolean **ret_boolean, hf_boolean_reason *ret_reason)
{
    hf_err err = HF_OK;
    draft d = {.doubt = doubt};
    hf_boolean *b = NULL;
    *ret_reason = (hf_boolean_reason){HF_BOOLEAN_YES, -1, -1, -1, -1};
    if (net->n_carriers > 0) {
        *ret_reason = (hf_boolean_reason){HF_BOOLEAN_CARRIER, -1, -1, 0, -1};
        return HF_E_NOT_BOOLEAN;
    }
    if (!(b = hf_calloc(1, sizeof *b))) return HF_E_NOMEM;
    b->net = net;
    d.b = b;
    HF_TRY(arrays_new(b, &d));
    HF_TRY(doubts_number(&d));
    HF_TRY(requirements_judge(&d, ret_reason));
    HF_TRY(places_assign(&d));
    pairs_write(&d);
    HF_TRY(code_write(&d));
    users_write(&d);
out:
    hf_free(d.doubtful);
    hf_free(d.weight);
    hf_free(d.hard);
    hf_free(d.soft);
    hf_free(d.together);
    hf_free(d.doubt_of);
    hf_free(d.link_of);
    hf_free(d.order);
    if (err == HF_OK) *ret_boolean = b;
    else hf_boolean_free(b);
    return err;
}

void hf_boolean_free(hf_boolean *b)
{
    if (!b) return;
    hf_links_free(b->links);
    void *blocks[] = {b->place, b->entity, b->start, b->end, b->code_off, b->code, b->pair_off, b->pair, b->users, b->user};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_free(b);
}
