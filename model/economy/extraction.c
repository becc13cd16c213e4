#include "model/economy/extraction.h"

#include <string.h>

#include "base/alloc.h"

/* What drives all losses when the share of industry j goes: x - x* = L_j times this, and for purchases (L_j - e_j). */
static double industry_factor(const hf_leontief *l, size_t j, hf_extraction kind, double share)
{
    double x = kind == HF_EXTRACT_FORWARD ? l->x[j] - l->y[j] : l->x[j];
    return share * x / (1 + share * (l->inverse[j * (size_t)l->n + j] - 1));
}

void hf_extract_industry(const hf_leontief *leontief, int industry, hf_extraction kind, double share, double *ret_loss)
{
    size_t n = (size_t)leontief->n, j = (size_t)industry;
    const double *l = leontief->inverse;
    double factor = industry_factor(leontief, j, kind, share);
    for (size_t i = 0; i < n; i++) ret_loss[i] = l[i * n + j] * factor;
    if (kind == HF_EXTRACT_BACKWARD) ret_loss[j] = (l[j * n + j] - 1) * factor;
}

hf_err hf_extract_each(const hf_leontief *leontief, hf_extraction kind, double share, const double *weight, double *ret_total)
{
    size_t n = (size_t)leontief->n;
    double *weight_l = hf_calloc(n, sizeof *weight_l);
    if (!weight_l) return HF_E_NOMEM;
    hf_leontief_multipliers(leontief, weight, weight_l);
    for (size_t j = 0; j < n; j++) {
        double own = kind == HF_EXTRACT_BACKWARD ? (weight ? weight[j] : 1) : 0;
        ret_total[j] = (weight_l[j] - own) * industry_factor(leontief, j, kind, share);
    }
    hf_free(weight_l);
    return HF_OK;
}

static hf_err members_check(int n, const int *member, int n_members)
{
    bool *seen = hf_calloc((size_t)n, sizeof *seen);
    hf_err err = seen ? HF_OK : HF_E_NOMEM;
    for (int k = 0; err == HF_OK && k < n_members; k++) {
        if (member[k] < 0 || member[k] >= n) err = HF_E_RANGE;
        else if (seen[member[k]]) err = HF_E_DUPLICATE;
        else seen[member[k]] = true;
    }
    hf_free(seen);
    return err;
}

/* ret_loss = L_.K u, with L given by its columns `member`. */
static void columns_combine(const hf_leontief *l, const int *member, int k, const double *u, double *ret_loss)
{
    size_t n = (size_t)l->n;
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (int p = 0; p < k; p++) sum += l->inverse[i * n + (size_t)member[p]] * u[p];
        ret_loss[i] = sum;
    }
}

hf_err hf_extract_set(const hf_leontief *leontief, const int *member, int n_members, hf_extraction kind, double *ret_loss)
{
    hf_err err = HF_OK;
    size_t n = (size_t)leontief->n, k = (size_t)n_members;
    hf_lu *lu = NULL;
    double *block = NULL, *u = NULL;
    HF_TRY(members_check(leontief->n, member, n_members));
    if (n_members == 0) {
        memset(ret_loss, 0, n * sizeof *ret_loss);
        return HF_OK;
    }
    block = hf_malloc(k * k * sizeof *block);
    u = hf_malloc(k * sizeof *u);
    if (!block || !u) HF_TRY(HF_E_NOMEM);
    for (size_t p = 0; p < k; p++) {
        size_t i = (size_t)member[p];
        u[p] = kind == HF_EXTRACT_FORWARD ? leontief->x[i] - leontief->y[i] : leontief->x[i];
        for (size_t q = 0; q < k; q++) block[p * k + q] = leontief->inverse[i * n + (size_t)member[q]];
    }
    HF_TRY(hf_lu_new(n_members, block, 1, &lu));
    hf_lu_solve(lu, u);
    columns_combine(leontief, member, n_members, u, ret_loss);
    if (kind == HF_EXTRACT_BACKWARD)
        for (size_t p = 0; p < k; p++) ret_loss[member[p]] -= u[p];
out:
    hf_lu_free(lu);
    hf_free(block);
    hf_free(u);
    return err;
}

hf_err hf_extract_region(const hf_leontief *leontief, int region, int n_sectors, hf_extraction kind, double *ret_loss)
{
    if (n_sectors < 1 || region < 0 || region >= leontief->n / n_sectors) return HF_E_RANGE;
    int *member = hf_calloc((size_t)n_sectors, sizeof *member);
    if (!member) return HF_E_NOMEM;
    for (int k = 0; k < n_sectors; k++) member[k] = region * n_sectors + k;
    hf_err err = hf_extract_set(leontief, member, n_sectors, kind, ret_loss);
    hf_free(member);
    return err;
}

/* The change of x_i that drives all others: x - x* = L_i times this. */
static double link_factor(const hf_leontief *l, int i, int j, double phi)
{
    size_t n = (size_t)l->n;
    double cut = phi * l->a[(size_t)i * n + (size_t)j];
    return cut * l->x[j] / (1 + cut * l->inverse[(size_t)j * n + (size_t)i]);
}

void hf_extract_link(const hf_leontief *leontief, int i, int j, double phi, double *ret_loss)
{
    size_t n = (size_t)leontief->n;
    double factor = link_factor(leontief, i, j, phi);
    for (size_t k = 0; k < n; k++) ret_loss[k] = leontief->inverse[k * n + (size_t)i] * factor;
}

double hf_extract_link_total(const hf_leontief *leontief, int i, int j, double phi, const double *weight_l)
{
    return link_factor(leontief, i, j, phi) * weight_l[i];
}

/* system [s x s] = I + phi A_rs L_sr and right side u = phi A_rs (x - L_.r dy)_s, with r = from, s = to. */
static void trade_system(const hf_leontief *l, size_t from, size_t to, size_t s, double phi, const double *demand_loss, double *system, double *u)
{
    size_t n = (size_t)l->n;
    for (size_t p = 0; p < s; p++) {
        const double *a = l->a + (from + p) * n + to;
        u[p] = 0;
        for (size_t q = 0; q < s; q++) {
            double x = l->x[to + q];
            for (size_t k = 0; demand_loss && k < s; k++) x -= l->inverse[(to + q) * n + from + k] * demand_loss[k];
            u[p] += phi * a[q] * x;
        }
        for (size_t k = 0; k < s; k++) {
            double sum = p == k;
            for (size_t q = 0; q < s; q++) sum += phi * a[q] * l->inverse[(to + q) * n + from + k];
            system[p * s + k] = sum;
        }
    }
}

hf_err hf_extract_trade(const hf_leontief *leontief, int from, int to, int n_sectors, double phi, const double *demand_loss, double *ret_loss)
{
    hf_err err = HF_OK;
    hf_lu *lu = NULL;
    double *system = NULL, *u = NULL;
    if (n_sectors < 1) return HF_E_RANGE;
    size_t n = (size_t)leontief->n, s = (size_t)n_sectors;
    int regions = leontief->n / n_sectors;
    if (from < 0 || to < 0 || from >= regions || to >= regions) return HF_E_RANGE;
    system = hf_malloc(s * s * sizeof *system);
    u = hf_malloc(s * sizeof *u);
    if (!system || !u) HF_TRY(HF_E_NOMEM);
    trade_system(leontief, (size_t)from * s, (size_t)to * s, s, phi, demand_loss, system, u);
    HF_TRY(hf_lu_new(n_sectors, system, 1, &lu));
    hf_lu_solve(lu, u);
    for (size_t k = 0; demand_loss && k < s; k++) u[k] += demand_loss[k];
    for (size_t i = 0; i < n; i++) {
        const double *row = leontief->inverse + i * n + (size_t)from * s;
        double sum = 0;
        for (size_t k = 0; k < s; k++) sum += row[k] * u[k];
        ret_loss[i] = sum;
    }
out:
    hf_lu_free(lu);
    hf_free(system);
    hf_free(u);
    return err;
}
