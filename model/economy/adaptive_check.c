/* What is wrong with an input, and what is dangerous about it. */
#include <math.h>

#include "base/text.h"
#include "model/economy/adaptive_state.h"

/* Findings of one kind beyond this many are counted in one line. */
enum { SHOWN = 20 };

/* ---- impossible input ---- */

static int bad_numbers(const double *values, size_t n, double low, double high, const char *name, hf_diag *diag)
{
    long bad = 0;
    if (!values) return 0;
    for (size_t k = 0; k < n; k++) {
        if (values[k] >= low && values[k] <= high) continue;
        if (bad++ < SHOWN) hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "%s[%zu] is %g; allowed: %g to %g", name, k, values[k], low, high);
    }
    if (bad > SHOWN) hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "%s: %ld values in all are out of range", name, bad);
    return bad > 0;
}

static int bad_number(double value, double low, double high, const char *name, hf_diag *diag)
{
    return bad_numbers(&value, 1, low, high, name, diag);
}

static int bad_options(const hf_adaptive_options *o, hf_diag *diag)
{
    const double tiny = 1e-9, huge = 1e9;
    int bad = 0;
    bad += bad_number(o->psi, tiny, 1, "psi", diag);
    bad += bad_number(o->alpha_max, 1, huge, "alpha_max", diag);
    bad += bad_number(o->alpha_days, 1, huge, "alpha_days", diag);
    bad += bad_number(o->stock_days, 1, huge, "stock_days", diag);
    bad += bad_number(o->restore_days, tiny, huge, "restore_days", diag);
    bad += bad_number(o->capital_ratio, tiny, huge, "capital_ratio", diag);
    bad += bad_number(o->relevance, 0, 1, "relevance", diag);
    bad += bad_number(o->switching, 0, 100, "switching", diag);
    bad += bad_number(o->rebuild_days, tiny, huge, "rebuild_days", diag);
    bad += bad_number(o->production, HF_PRODUCTION_LEONTIEF, HF_PRODUCTION_LINEAR, "production", diag);
    bad += bad_number(o->rationing, HF_RATIONING_PROPORTIONAL, HF_RATIONING_PRIORITY, "rationing", diag);
    bad += bad_number(o->threads, 1, 1024, "threads", diag);
    if (o->rationing == HF_RATIONING_PRIORITY) {
        bad += bad_number(o->final_level, 0, HF_ADAPTIVE_LEVELS - 1, "final_level", diag);
        bad += bad_number(o->rebuild_level, 0, HF_ADAPTIVE_LEVELS - 1, "rebuild_level", diag);
    }
    return bad;
}

static int bad_classes(const hf_adaptive_input *in, size_t n, hf_diag *diag)
{
    int bad = 0;
    for (size_t f = 0; in->priority && f < n; f++) bad += bad_number(in->priority[f], 0, HF_ADAPTIVE_LEVELS - 1, "priority", diag);
    for (size_t k = 0; in->essential && k < n * (size_t)in->n_sectors; k++)
        if (in->essential[k] > HF_ESSENTIAL_CRITICAL) bad += bad_number(in->essential[k], 0, HF_ESSENTIAL_CRITICAL, "essential", diag);
    return bad;
}

static int bad_rebuild(const hf_adaptive_options *o, int n_sectors, hf_diag *diag)
{
    double sum = 0;
    if (!o->rebuild_share || bad_numbers(o->rebuild_share, (size_t)n_sectors, 0, 1, "rebuild_share", diag)) return o->rebuild_share != NULL;
    for (int i = 0; i < n_sectors; i++) sum += o->rebuild_share[i];
    if (fabs(sum - 1) <= 1e-9) return 0;
    hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "the shares of products in rebuilding sum to %g, not to 1", sum);
    return 1;
}

hf_err hf_adaptive_input_check(const hf_adaptive_input *in, const hf_adaptive_options *options, hf_diag *diag)
{
    const double most = 1e30;
    if (in->n_regions < 1 || in->n_sectors < 1 || in->n_final < 1 || in->n_regions > 1000000 / in->n_sectors || !in->z || !in->y) {
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "%d regions, %d sectors, %d final demands: at least 1 each, at most 1,000,000 industries",
                    in->n_regions, in->n_sectors, in->n_final);
        return HF_E_RANGE;
    }
    size_t S = (size_t)in->n_sectors, n = (size_t)in->n_regions * S;
    int bad = bad_options(options, diag);
    bad += bad_numbers(in->z, n * n, 0, most, "z", diag);
    bad += bad_numbers(in->y, n * (size_t)in->n_regions * (size_t)in->n_final, 0, most, "y", diag);
    bad += bad_numbers(in->x, n, 0, most, "x", diag);
    bad += bad_numbers(in->value_added, n, 0, most, "value_added", diag);
    bad += bad_numbers(in->capital, n, 0, most, "capital", diag);
    bad += bad_numbers(in->stock_days, S, 1, most, "stock_days", diag);
    bad += bad_numbers(in->restore_days, S, 1e-9, most, "restore_days", diag);
    bad += bad_classes(in, n, diag);
    bad += bad_rebuild(options, in->n_sectors, diag);
    return bad ? HF_E_RANGE : HF_OK;
}

/* ---- dangerous dynamics ---- */

double hf_adaptive_spiral_threshold(double psi, double stock_days, double restore_days)
{
    if (!(stock_days < restore_days)) return 0;
    double acting = psi * stock_days < 1 ? 1 : psi * stock_days;
    return (1 - stock_days / restore_days) / (1 - acting / restore_days);
}

static bool is_used(const hf_adaptive *m, int sector)
{
    for (int p = 0; p < m->n_slots; p++)
        if (m->a[(size_t)sector * (size_t)m->n_slots + (size_t)p] > 0) return true;
    return false;
}

/* The products from `first` on that are used and whose stocks are as those of `first`, as a list of names; earlier ones had their turn. */
static bool named_together(const hf_adaptive *m, int first, const char *const *names, hf_buf *list)
{
    int n = 0, used = 0;
    if (!is_used(m, first)) return false;
    for (int i = 0; i < m->S; i++) {
        used += is_used(m, i);
        if (m->stock_days[i] != m->stock_days[first] || m->restore_days[i] != m->restore_days[first] || !is_used(m, i)) continue;
        if (i < first) return false;
        if (n < SHOWN && names) hf_buf_printf(list, "%s%s", n ? ", " : "", names[i]);
        else if (n < SHOWN) hf_buf_printf(list, "%s%d", n ? ", " : "sector ", i);
        n++;
    }
    if (n > SHOWN) hf_buf_printf(list, " and %d more", n - SHOWN);
    if (n == used && n > 1) {
        hf_buf_done(list);
        hf_buf_puts(list, "all products");
    }
    return true;
}

int hf_adaptive_warn(const hf_adaptive *model, const char *const *names, hf_diag *diag)
{
    int warnings = 0;
    for (int i = 0; i < model->S; i++) {
        double s = model->stock_days[i], tau = model->restore_days[i];
        hf_buf list = {0};
        bool asked = (s < tau || s >= HF_ADAPTIVE_OVERSHOOT * tau || tau < 1) && named_together(model, i, names, &list);
        if (asked && s < tau) {
            warnings++;
            hf_diag_add(diag, HF_WARNING, HF_E_RANGE, NULL, 0, 0,
                        "stocks of %g days are shorter than the %g days of their restoration (%s): once less than %.4g %% of what is ordered is delivered, "
                        "orders fall instead of rising, and the economy can spiral to zero",
                        s, tau, list.text ? list.text : "", 100 * hf_adaptive_spiral_threshold(model->options.psi, s, tau));
        }
        if (asked && (s >= HF_ADAPTIVE_OVERSHOOT * tau || tau < 1)) {
            warnings++;
            hf_diag_add(diag, HF_WARNING, HF_E_RANGE, NULL, 0, 0,
                        "stocks of %g days restored in %g days (%s): orders overshoot by about %.3g times the share that is missing (warned from %g times on, "
                        "and below 1 day)",
                        s, tau, list.text ? list.text : "", s / tau, HF_ADAPTIVE_OVERSHOOT);
        }
        hf_buf_done(&list);
    }
    return warnings;
}
