/* What scenarios do to the economy: capacity, capital, rebuilding, final demand, trade links. */
#include <math.h>
#include <string.h>

#include "model/economy/adaptive_state.h"

/* A repair whose rest is below this share of the damage is finished in a day, for a share of what is left would take for ever. */
static const double REPAIR_END = 1e-6;

/* ---- checks ---- */

static bool is_share(double v, double low, double high)
{
    return v >= low && v <= high;
}

static const char *size_complaint(const hf_adaptive_shock *s)
{
    if (!isfinite(s->size)) return "the size is not a number";
    if (s->kind == HF_SHOCK_HOUSEHOLD) return s->size < 0 ? "damage to homes is below 0" : NULL;
    if (s->kind == HF_SHOCK_DEMAND) return s->size < -1 ? "demand falls by more than 100 %" : NULL;
    if (s->kind == HF_SHOCK_DELAY) return s->size < 0 ? "the delay is below 0 days" : s->size > HF_ADAPTIVE_LATE ? "the delay is above 366 days" : NULL;
    return is_share(s->size, 0, 1) ? NULL : "the size is not a share from 0 to 1";
}

static const char *time_complaint(const hf_adaptive_shock *s)
{
    if (s->start < 0) return "the start is below 0";
    if (s->kind == HF_SHOCK_REBUILD || s->kind == HF_SHOCK_HOUSEHOLD) return NULL;
    if (s->curve == HF_CURVE_GIVEN) {
        if (s->n_given < 1 || !s->given) return "no curve is given";
        for (int k = 0; k < s->n_given; k++)
            if (!is_share(s->given[k], 0, 1)) return "the curve leaves 0 to 1";
        return NULL;
    }
    if (s->curve != HF_CURVE_LINEAR && s->curve != HF_CURVE_CONVEX && s->curve != HF_CURVE_CONCAVE) return "unknown curve";
    if (s->duration < 0) return "the duration is below 0";
    if (!(s->recovery_days >= 0) || !isfinite(s->recovery_days)) return "the recovery time is below 0 or not a number";
    return NULL;
}

static const char *complaint(const hf_adaptive *m, const hf_adaptive_shock *s)
{
    if (s->kind < HF_SHOCK_CAPACITY || s->kind > HF_SHOCK_DELAY) return "unknown kind";
    if (s->region < -1 || s->region >= m->R) return "no such region";
    if (s->sector < -1 || s->sector >= m->S) return "no such sector";
    if ((s->kind == HF_SHOCK_TRADE || s->kind == HF_SHOCK_DELAY) && (s->partner < -1 || s->partner >= m->R)) return "no such partner";
    if ((s->kind == HF_SHOCK_REBUILD || s->kind == HF_SHOCK_HOUSEHOLD) && !m->rebuild_share) return "the shares of products in rebuilding are missing";
    const char *why = size_complaint(s);
    return why ? why : time_complaint(s);
}

hf_err hf_adaptive_shocks_check(const hf_adaptive *m, const hf_adaptive_scenario *scenario, int number, hf_diag *diag)
{
    hf_err err = HF_OK;
    for (int k = 0; k < scenario->n; k++) {
        const hf_adaptive_shock *s = &scenario->shocks[k];
        const char *why = complaint(m, s);
        if (!why) continue;
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "scenario %d, shock %d (size %g): %s", number, k, s->size, why);
        err = HF_E_RANGE;
    }
    return err;
}

static bool is_named(int wanted, int here)
{
    return wanted < 0 || wanted == here;
}

static bool has_kind(const hf_adaptive *m, hf_adaptive_shock_kind kind)
{
    for (int l = 0; l < m->n_lanes; l++)
        for (int k = 0; k < m->scenarios[l].n; k++)
            if (m->scenarios[l].shocks[k].kind == kind) return true;
    return false;
}

/* ---- repairs ---- */

/* How suppliers of a product share what a buyer asks for: as the industry's inputs, else as the final demand of the region, else as all. */
static double supplier_weight(const hf_adaptive *m, int basis, int q, int industry_q, int region)
{
    if (basis == 0) {
        if (industry_q < 0) return 0;
        int f = industry_q % m->R * m->S + industry_q / m->R, slot = m->user_slot[f], tile = slot / HF_ADAPTIVE_TILE;
        size_t row = ((size_t)(q / m->R) * (size_t)m->n_tiles + (size_t)tile) * (size_t)m->R + (size_t)(q % m->R);
        return m->z[row * HF_ADAPTIVE_TILE + (size_t)(slot % HF_ADAPTIVE_TILE)];
    }
    return basis == 1 ? m->y_home[(size_t)q * (size_t)m->R + (size_t)region] : m->x0[q];
}

static void repair_spread(hf_adaptive *m, hf_adaptive_repair *repair, double damage, int region)
{
    for (int i = 0; i < m->S; i++)
        for (int basis = 0; basis < 3; basis++) {
            double sum = 0;
            for (int q = i * m->R; q < (i + 1) * m->R; q++) sum += supplier_weight(m, basis, q, repair->q, region);
            if (!(sum > 0)) continue;
            for (int q = i * m->R; q < (i + 1) * m->R; q++)
                repair->rest[q] = damage * m->rebuild_share[i] * supplier_weight(m, basis, q, repair->q, region) / sum;
            break;
        }
    for (int q = 0; q < m->N; q++) repair->total += repair->rest[q];
    repair->remaining = repair->total;
}

static hf_err repair_add(hf_adaptive *m, const hf_adaptive_shock *s, int lane, int q, int region, double damage)
{
    if (!(damage > 0)) return HF_OK;
    hf_adaptive_repair *repair = &m->repairs[m->n_repairs];
    *repair = (hf_adaptive_repair){.lane = lane, .start = s->start, .q = q, .share = q < 0 ? 0 : s->size};
    repair->rest = hf_adaptive_doubles(&m->run, (size_t)m->N);
    if (!repair->rest) return HF_E_NOMEM;
    repair_spread(m, repair, damage, region);
    m->n_repairs++;
    return HF_OK;
}

static hf_err shock_repairs(hf_adaptive *m, const hf_adaptive_shock *s, int lane)
{
    hf_err err = HF_OK;
    for (int r = 0; r < m->R; r++) {
        if (!is_named(s->region, r)) continue;
        if (s->kind == HF_SHOCK_HOUSEHOLD) HF_TRY(repair_add(m, s, lane, -1, r, s->size));
        if (s->kind != HF_SHOCK_REBUILD) continue;
        for (int i = 0; i < m->S; i++) {
            int q = i * m->R + r;
            if (is_named(s->sector, i)) HF_TRY(repair_add(m, s, lane, q, r, s->size * m->capital[q]));
        }
    }
out:
    return err;
}

static hf_err repairs_start(hf_adaptive *m)
{
    hf_err err = HF_OK;
    size_t most = 0;
    for (int l = 0; l < m->n_lanes; l++)
        for (int k = 0; k < m->scenarios[l].n; k++) {
            const hf_adaptive_shock *s = &m->scenarios[l].shocks[k];
            int regions = s->region < 0 ? m->R : 1, sectors = s->sector < 0 ? m->S : 1;
            if (s->kind == HF_SHOCK_REBUILD) most += (size_t)regions * (size_t)sectors;
            if (s->kind == HF_SHOCK_HOUSEHOLD) most += (size_t)regions;
        }
    m->n_repairs = 0;
    m->repairs = hf_arena_calloc(&m->run, most, sizeof *m->repairs);
    if (!m->repairs) return HF_E_NOMEM;
    for (int l = 0; l < m->n_lanes; l++)
        for (int k = 0; k < m->scenarios[l].n; k++) HF_TRY(shock_repairs(m, &m->scenarios[l].shocks[k], l));
out:
    return err;
}

hf_err hf_adaptive_shocks_start(hf_adaptive *m)
{
    hf_err err = hf_adaptive_links_start(m);
    m->demand_shocks = has_kind(m, HF_SHOCK_DEMAND);
    return err == HF_OK ? repairs_start(m) : err;
}

/* ---- a day ---- */

static double curve_share(const hf_adaptive_shock *s, int day)
{
    int since = day - s->start;
    if (since < 0) return 0;
    if (s->curve == HF_CURVE_GIVEN) return since < s->n_given ? s->given[since] : 0;
    if (since < s->duration) return 1;
    double u = since - s->duration;
    if (u >= s->recovery_days) return 0;
    u /= s->recovery_days;
    if (s->curve == HF_CURVE_CONVEX) return (1 - u) * (1 - u);
    return s->curve == HF_CURVE_CONCAVE ? 1 - u * u : 1 - u;
}

static void industries_hit(hf_adaptive *m, const hf_adaptive_shock *s, int lane, double size)
{
    for (int q = 0; q < m->N; q++)
        if (is_named(s->region, q % m->R) && is_named(s->sector, q / m->R)) m->loss[(size_t)q * (size_t)m->L + (size_t)lane] += size;
}

static void demand_changed(hf_adaptive *m, const hf_adaptive_shock *s, int lane, double size)
{
    for (int k = 0; k < m->N; k++)
        if (is_named(s->region, k % m->R) && is_named(s->sector, k / m->R)) {
            double *change = &m->y_change[(size_t)k * (size_t)m->L + (size_t)lane];
            *change = *change + size < -1 ? -1 : *change + size;
        }
}

static void shock_apply(hf_adaptive *m, const hf_adaptive_shock *s, int lane)
{
    double size = s->size * curve_share(s, m->day);
    if (size == 0) return;
    switch (s->kind) {
    case HF_SHOCK_CAPACITY:
    case HF_SHOCK_CAPITAL: industries_hit(m, s, lane, size); break;
    case HF_SHOCK_DEMAND: demand_changed(m, s, lane, size); break;
    case HF_SHOCK_TRADE:
    case HF_SHOCK_DELAY: hf_adaptive_links_hit(m, s, lane, size); break;
    case HF_SHOCK_REBUILD:
    case HF_SHOCK_HOUSEHOLD: break; /* in the repairs */
    }
}

/* What of a repair's rest is ordered today. */
static double repair_rate(const hf_adaptive *m, const hf_adaptive_repair *repair)
{
    if (repair->remaining <= REPAIR_END * repair->total || m->options.rebuild_days <= 1) return 1;
    return 1 / m->options.rebuild_days;
}

static bool is_repairing(const hf_adaptive *m, const hf_adaptive_repair *repair)
{
    return m->day >= repair->start && repair->remaining > 0;
}

static void repairs_apply(hf_adaptive *m)
{
    size_t lanes = (size_t)m->L;
    memset(m->rebuild, 0, (size_t)m->N * lanes * sizeof(double));
    for (int k = 0; k < m->n_repairs; k++) {
        const hf_adaptive_repair *repair = &m->repairs[k];
        if (!is_repairing(m, repair)) continue;
        double rate = repair_rate(m, repair);
        for (size_t q = 0; q < (size_t)m->N; q++) m->rebuild[q * lanes + (size_t)repair->lane] += rate * repair->rest[q];
        if (repair->q >= 0) m->loss[(size_t)repair->q * lanes + (size_t)repair->lane] += repair->share * (repair->remaining / repair->total);
    }
}

void hf_adaptive_repairs_deliver(hf_adaptive *m)
{
    size_t lanes = (size_t)m->L, level = (size_t)m->rebuild_level * (size_t)m->N * lanes;
    for (int k = 0; k < m->n_repairs; k++) {
        hf_adaptive_repair *repair = &m->repairs[k];
        if (!is_repairing(m, repair)) continue;
        double rate = repair_rate(m, repair), sum = 0;
        for (size_t q = 0; q < (size_t)m->N; q++) {
            repair->rest[q] -= m->rho[level + q * lanes + (size_t)repair->lane] * (rate * repair->rest[q]);
            sum += repair->rest[q];
        }
        repair->remaining = sum;
    }
}

/* Final demand with its changes and what of it the links hold up. Without either it stays as it was at the start. */
static void final_demand_apply(hf_adaptive *m)
{
    size_t lanes = (size_t)m->L, R = (size_t)m->R;
    if (m->demand_shocks)
        for (size_t q = 0; q < (size_t)m->N; q++)
            for (size_t l = 0; l < lanes; l++) {
                double sum = m->y0[q];
                for (size_t h = 0; h < R; h++) sum += m->y_home[q * R + h] * m->y_change[(q / R * R + h) * lanes + l];
                m->y[q * lanes + l] = sum > 0 ? sum : 0;
            }
    memset(m->y_held, 0, (size_t)m->N * lanes * sizeof(double));
    for (int n = 0; n < m->n_links; n++) {
        const hf_adaptive_link *link = &m->links[n];
        size_t q = (size_t)link->sector * R + (size_t)link->from, to = (size_t)link->sector * R + (size_t)link->to;
        double ordered = m->y_home[q * R + (size_t)link->to];
        for (size_t l = 0; l < lanes; l++) m->y_held[q * lanes + l] += ordered * (1 + m->y_change[to * lanes + l]) * link->phi[l];
    }
}

void hf_adaptive_shocks_apply(hf_adaptive *m)
{
    size_t n = (size_t)m->N * (size_t)m->L;
    memcpy(m->loss, m->outside_loss, n * sizeof(double));
    if (m->demand_shocks) memset(m->y_change, 0, n * sizeof(double));
    hf_adaptive_links_open(m);
    for (int l = 0; l < m->n_lanes; l++)
        for (int k = 0; k < m->scenarios[l].n; k++) shock_apply(m, &m->scenarios[l].shocks[k], l);
    repairs_apply(m);
    for (size_t e = 0; e < n; e++)
        if (m->loss[e] > 1) m->loss[e] = 1;
    final_demand_apply(m);
}
