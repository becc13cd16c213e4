/* Links of trade: deliveries of a product from a region to another that are held up or late, to industries and to final demand.
 *
 * What is sent late lies in a ring of slots by day of arrival. Each user region has one ring for a product, whoever sent it; final demand has one
 * for each link, for what is late is owed by its seller. */
#include <math.h>
#include <string.h>

#include "model/economy/adaptive_state.h"

enum { TILE = HF_ADAPTIVE_TILE };

/* What scenarios may do to a link. */
enum { MARK_LINK = 1, MARK_LATE = 2 };

static bool is_named(int wanted, int here)
{
    return wanted < 0 || wanted == here;
}

static bool is_on_links(const hf_adaptive_shock *s)
{
    return s->kind == HF_SHOCK_TRADE || s->kind == HF_SHOCK_DELAY;
}

/* A link between two regions that a shock is on, the product apart. */
static bool is_between(const hf_adaptive_shock *s, int from, int to)
{
    return is_named(s->region, from) && (s->partner < 0 ? from != to : s->partner == to);
}

/* ---- which links ---- */

static void shock_mark(const hf_adaptive *m, const hf_adaptive_shock *s, unsigned char *marks)
{
    size_t R = (size_t)m->R;
    unsigned char mark = s->kind == HF_SHOCK_DELAY ? MARK_LINK | MARK_LATE : MARK_LINK;
    for (int i = 0; i < m->S; i++)
        for (int from = 0; from < m->R && is_named(s->sector, i); from++)
            for (int to = 0; to < m->R && is_named(s->region, from); to++)
                if (is_between(s, from, to)) marks[((size_t)i * R + (size_t)from) * R + (size_t)to] |= mark;
}

static hf_err links_list(hf_adaptive *m, const unsigned char *marks, int *ret_inlets)
{
    size_t R = (size_t)m->R, cells = (size_t)m->S * R * R;
    for (size_t k = 0; k < cells; k++) m->n_links += marks[k] > 0;
    m->links = hf_arena_calloc(&m->run, (size_t)m->n_links, sizeof *m->links);
    if (!m->links) return HF_E_NOMEM;
    int n = 0;
    for (int i = 0; i < m->S; i++) {
        m->link_off[i] = n;
        for (size_t k = (size_t)i * R * R; k < ((size_t)i + 1) * R * R; k++)
            if (marks[k]) m->links[n++] = (hf_adaptive_link){.sector = i, .from = (int)(k / R % R), .to = (int)(k % R), .inlet = marks[k] & MARK_LATE ? 0 : -1};
    }
    m->link_off[m->S] = n;
    for (int k = 0; k < n; k++) *ret_inlets += m->links[k].inlet >= 0;
    return HF_OK;
}

static int link_lower(const hf_adaptive *m, int sector, int from, int to)
{
    int low = m->link_off[sector], high = m->link_off[sector + 1];
    while (low < high) {
        int middle = low + (high - low) / 2;
        const hf_adaptive_link *link = &m->links[middle];
        if (link->from < from || (link->from == from && link->to < to)) low = middle + 1;
        else high = middle;
    }
    return low;
}

int hf_adaptive_link_find(const hf_adaptive *m, int sector, int from, int to)
{
    int n = link_lower(m, sector, from, to);
    return n < m->link_off[sector + 1] && m->links[n].from == from && m->links[n].to == to ? n : -1;
}

void hf_adaptive_links_hit(hf_adaptive *m, const hf_adaptive_shock *s, int lane, double size)
{
    bool one = s->region >= 0 && s->partner >= 0;
    for (int i = s->sector < 0 ? 0 : s->sector; i <= (s->sector < 0 ? m->S - 1 : s->sector); i++) {
        int first = one ? link_lower(m, i, s->region, s->partner) : m->link_off[i], last = one ? first + 1 : m->link_off[i + 1];
        for (int n = first; n < last; n++) {
            hf_adaptive_link *link = &m->links[n];
            if (!is_between(s, link->from, link->to)) continue;
            link->hit = true;
            if (s->kind == HF_SHOCK_DELAY) link->days[lane] += size;
            else link->phi[lane] = 1 - (1 - link->phi[lane]) * (1 - size);
        }
    }
}

void hf_adaptive_links_open(hf_adaptive *m)
{
    for (int n = 0; n < m->n_links; n++) {
        m->links[n].hit = false;
        memset(m->links[n].phi, 0, sizeof m->links[n].phi);
        memset(m->links[n].days, 0, sizeof m->links[n].days);
    }
}

/* ---- queues ---- */

/* Slots that the longest delay of any scenario needs. */
static int slots_needed(hf_adaptive *m)
{
    double longest = 0;
    for (int l = 0; l < m->n_lanes; l++)
        for (int k = 0; k < m->scenarios[l].n; k++)
            if (m->scenarios[l].shocks[k].kind == HF_SHOCK_DELAY) hf_adaptive_links_hit(m, &m->scenarios[l].shocks[k], l, m->scenarios[l].shocks[k].size);
    for (int n = 0; n < m->n_links; n++)
        for (int l = 0; l < m->n_lanes; l++) longest = fmax(longest, m->links[n].days[l]);
    hf_adaptive_links_open(m);
    return (int)ceil(longest) + 1;
}

/* The late links of a product to one region share an inlet; without any there is none. */
static hf_err inlet_make(hf_adaptive *m, int sector, int to)
{
    size_t lanes = (size_t)m->L;
    bool any = false;
    for (int n = m->link_off[sector]; n < m->link_off[sector + 1]; n++) {
        hf_adaptive_link *link = &m->links[n];
        if (link->to != to || link->inlet < 0) continue;
        any = true;
        link->inlet = m->n_inlets;
        link->due = hf_adaptive_doubles(&m->run, (size_t)m->n_due * lanes);
        if (!link->due) return HF_E_NOMEM;
    }
    if (!any) return HF_OK;
    hf_adaptive_inlet *inlet = &m->inlets[m->n_inlets++];
    *inlet = (hf_adaptive_inlet){to, -1, hf_adaptive_doubles(&m->run, (size_t)m->n_due * (size_t)m->S * lanes)};
    return inlet->due ? HF_OK : HF_E_NOMEM;
}

/* Inlets by product and region, whatever the links are: sums over them run in that order. `most` is enough for all. */
static hf_err queues_make(hf_adaptive *m, int most)
{
    hf_err err = HF_OK;
    m->n_due = slots_needed(m);
    m->inlets = hf_arena_calloc(&m->run, (size_t)most, sizeof *m->inlets);
    if (!m->inlets) return HF_E_NOMEM;
    for (int i = 0; i < m->S; i++) {
        m->inlet_off[i] = m->n_inlets;
        for (int to = 0; to < m->R; to++) HF_TRY(inlet_make(m, i, to));
    }
    m->inlet_off[m->S] = m->n_inlets;
out:
    return err;
}

hf_err hf_adaptive_links_start(hf_adaptive *m)
{
    hf_err err = HF_OK;
    int late = 0;
    bool any = false;
    m->n_links = m->n_inlets = m->n_due = m->due_today = 0;
    m->links = NULL;
    m->link_off = hf_arena_calloc(&m->run, (size_t)m->S + 1, sizeof(int));
    m->inlet_off = hf_arena_calloc(&m->run, (size_t)m->S + 1, sizeof(int));
    if (!m->link_off || !m->inlet_off) return HF_E_NOMEM;
    for (int l = 0; l < m->n_lanes; l++)
        for (int k = 0; k < m->scenarios[l].n; k++) any |= is_on_links(&m->scenarios[l].shocks[k]);
    if (!any) return HF_OK;
    unsigned char *marks = hf_arena_calloc(&m->run, (size_t)m->S * (size_t)m->R * (size_t)m->R, 1);
    if (!marks) return HF_E_NOMEM;
    for (int l = 0; l < m->n_lanes; l++)
        for (int k = 0; k < m->scenarios[l].n; k++)
            if (is_on_links(&m->scenarios[l].shocks[k])) shock_mark(m, &m->scenarios[l].shocks[k], marks);
    HF_TRY(links_list(m, marks, &late));
    if (late > 0) HF_TRY(queues_make(m, late));
out:
    return err;
}

/* ---- a day ---- */

/* The slot of what arrives in so many days, at most as many as the longest delay. */
static int slot_after(const hf_adaptive *m, int days)
{
    int slot = m->due_today + days;
    return slot < m->n_due ? slot : slot - m->n_due;
}

/* Puts goods that a link passes on into a ring (a slot is `stride` doubles): a delay of n and a part of a day is n days for some and n + 1 for
 * the rest. Returns what of them is late. */
static double send_late(const hf_adaptive *m, double *due, size_t stride, double days, double passing)
{
    int whole = (int)days, slot = slot_after(m, whole);
    double part = days - whole, later = passing * part, sooner = whole > 0 ? passing - later : 0;
    due[(size_t)slot * stride] += sooner;
    if (part > 0) due[(size_t)(slot + 1 < m->n_due ? slot + 1 : 0) * stride] += later;
    return sooner + later;
}

/* Takes what arrives today out of a ring. */
static double arrive(const hf_adaptive *m, double *due, size_t stride)
{
    double *today = due + (size_t)slot_after(m, 0) * stride, goods = *today;
    *today = 0;
    return goods;
}

void hf_adaptive_links_final(hf_adaptive *m)
{
    size_t lanes = (size_t)m->L, R = (size_t)m->R, level = (size_t)m->final_level * (size_t)m->N * lanes;
    for (int n = 0; n < m->n_links; n++) {
        hf_adaptive_link *link = &m->links[n];
        if (link->inlet < 0) continue;
        size_t q = (size_t)link->sector * R + (size_t)link->from, h = (size_t)link->sector * R + (size_t)link->to;
        for (size_t l = 0; l < lanes; l++) {
            double ordered = m->y_home[q * R + (size_t)link->to] * (1 + m->y_change[h * lanes + l]);
            double passing = ordered * m->rho[level + q * lanes + l] * (1 - link->phi[l]);
            double late = link->days[l] > 0 ? send_late(m, link->due + l, lanes, link->days[l], passing) : 0;
            link->late[l] = late - arrive(m, link->due + l, lanes);
            m->unmet[q * lanes + l] += link->late[l];
        }
    }
}

/* The slots f of a tile that hold users of a region; false when there are none. */
static bool is_in_tile(const hf_adaptive *m, int region, int tile)
{
    return tile >= m->first_tile[region] && tile <= m->last_tile[region];
}

static void link_user(hf_adaptive_worker *worker, const hf_adaptive_link *link, int user, int f, double flow, const double *sent, const double *ratio)
{
    hf_adaptive *m = worker->model;
    size_t lanes = (size_t)m->L, stride = (size_t)m->S * lanes;
    double *a = worker->a + (size_t)f * lanes, *back = m->back + ((size_t)link->sector * (size_t)m->R + (size_t)link->from) * lanes;
    hf_adaptive_inlet *inlet = link->inlet < 0 ? NULL : &m->inlets[link->inlet];
    for (size_t l = 0; l < lanes; l++) {
        double going = flow * sent[l], held = going * link->phi[l], w = ratio[(size_t)f * lanes + l];
        a[l] -= held;
        back[l] += w * held;
        if (!(link->days[l] > 0)) continue;
        a[l] -= (going - held) * fmin(1, link->days[l]);
        worker->under[l] += send_late(m, inlet->due + (size_t)user * lanes + l, stride, link->days[l], w * (going - held));
        if (inlet->last < m->day + (int)link->days[l] + 1) inlet->last = m->day + (int)link->days[l] + 1;
    }
}

static void inlet_arrives(hf_adaptive_worker *worker, hf_adaptive_inlet *inlet, int tile, double *w)
{
    hf_adaptive *m = worker->model;
    size_t lanes = (size_t)m->L, stride = (size_t)m->S * lanes;
    for (int j = 0; j < m->S; j++) {
        int f = m->user_slot[inlet->to * m->S + j] - tile * TILE;
        if (f < 0 || f >= TILE) continue;
        for (size_t l = 0; l < lanes; l++) {
            double goods = arrive(m, inlet->due + (size_t)j * lanes + l, stride);
            w[(size_t)f * lanes + l] += goods;
            worker->under[l] -= goods;
        }
    }
}

void hf_adaptive_links_tile(hf_adaptive_worker *worker, int sector, int tile, const double *z, const double *sent, const double *ratio, double *w)
{
    hf_adaptive *m = worker->model;
    for (int n = m->link_off[sector]; n < m->link_off[sector + 1]; n++) {
        const hf_adaptive_link *link = &m->links[n];
        for (int j = 0; j < m->S && link->hit && is_in_tile(m, link->to, tile); j++) {
            int f = m->user_slot[link->to * m->S + j] - tile * TILE;
            if (f >= 0 && f < TILE)
                link_user(worker, link, j, f, z[(size_t)link->from * TILE + (size_t)f], sent + (size_t)link->from * (size_t)m->L, ratio);
        }
    }
    for (int k = m->inlet_off[sector]; k < m->inlet_off[sector + 1]; k++)
        if (m->inlets[k].last >= m->day && is_in_tile(m, m->inlets[k].to, tile)) inlet_arrives(worker, &m->inlets[k], tile, w);
}

/* ---- under way ---- */

/* In order of arrival, so that a longer ring gives the same bits. */
static double ring_sum(const hf_adaptive *m, const double *due, size_t stride)
{
    double sum = 0;
    for (int k = m->due_today; k < m->n_due; k++) sum += due[(size_t)k * stride];
    for (int k = 0; k < m->due_today; k++) sum += due[(size_t)k * stride];
    return sum;
}

double hf_adaptive_inlet_sum(const hf_adaptive *m, int inlet, int j, int lane)
{
    size_t lanes = (size_t)m->L;
    return ring_sum(m, m->inlets[inlet].due + (size_t)j * lanes + (size_t)lane, (size_t)m->S * lanes);
}

void hf_adaptive_under_way(const hf_adaptive *m, int lane, double *ret_goods, double *ret_final)
{
    size_t lanes = (size_t)m->L, S = (size_t)m->S, N = (size_t)m->N;
    if (ret_goods) memset(ret_goods, 0, S * N * sizeof *ret_goods);
    if (ret_final) memset(ret_final, 0, N * sizeof *ret_final);
    for (int i = 0; i < m->S; i++)
        for (int k = m->inlet_off[i]; k < m->inlet_off[i + 1] && ret_goods; k++)
            for (int j = 0; j < m->S; j++)
                ret_goods[(size_t)i * N + (size_t)m->inlets[k].to * S + (size_t)j] = hf_adaptive_inlet_sum(m, k, j, lane);
    for (int n = 0; n < m->n_links && ret_final; n++)
        if (m->links[n].inlet >= 0) ret_final[(size_t)m->links[n].from * S + (size_t)m->links[n].sector] += ring_sum(m, m->links[n].due + lane, lanes);
}
