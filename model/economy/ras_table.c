/* Balancing a whole table: flows and final demand side by side in one matrix. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "model/economy/ras.h"

typedef struct margins {
    const double *output, *value_added;
    double *row, *column; /* [n], [n + m] */
    double *cells;        /* [n x (n + m)] */
} margins;

static hf_err output_check(const hf_io_table *t, const double *output, hf_diag *diag)
{
    for (int f = 0; f < t->n_industries; f++) {
        if (output[f] >= 0 && isfinite(output[f])) continue;
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "output of %s/%s is %g: it must be a number from 0 on", t->region[f / t->n_sectors],
                    t->sector[f % t->n_sectors], output[f]);
        return HF_E_RANGE;
    }
    return HF_OK;
}

/* Demand totals as they are, times the one factor that makes final demand what output leaves: sum of output less of inputs. */
static hf_err demand_scale(const hf_io_table *t, margins *m, hf_diag *diag)
{
    size_t n = (size_t)t->n_industries, d = (size_t)t->n_demand_columns;
    double rest = 0, sum = 0;
    for (size_t i = 0; i < n; i++) {
        rest += m->row[i] - m->column[i];
        for (size_t c = 0; c < d; c++) m->column[n + c] += t->y[i * d + c];
    }
    for (size_t c = 0; c < d; c++) sum += m->column[n + c];
    if (!(rest * sum > 0) && rest != sum) {
        hf_diag_add(diag, HF_ERROR, HF_E_NO_ANSWER, NULL, 0, 0, "output less inputs leaves %g for final demand, which is %g: no factor makes them equal", rest,
                    sum);
        return HF_E_NO_ANSWER;
    }
    for (size_t c = 0; c < d && rest != sum; c++) m->column[n + c] *= rest / sum;
    return HF_OK;
}

static hf_err margins_make(const hf_io_table *t, const hf_io_margins *given, margins *m, hf_diag *diag)
{
    size_t n = (size_t)t->n_industries, d = (size_t)t->n_demand_columns;
    m->row = hf_malloc(n * sizeof *m->row);
    m->column = hf_calloc(n + d, sizeof *m->column);
    m->cells = hf_malloc(n * (n + d) * sizeof *m->cells);
    if (!m->row || !m->column || !m->cells) return HF_E_NOMEM;
    hf_err err = output_check(t, m->output, diag);
    if (err != HF_OK) return err;
    for (size_t i = 0; i < n; i++) {
        m->row[i] = m->output[i];
        m->column[i] = m->output[i] - m->value_added[i];
        memcpy(m->cells + i * (n + d), t->z + i * n, n * sizeof *t->z);
        memcpy(m->cells + i * (n + d) + n, t->y + i * d, d * sizeof *t->y);
    }
    if (!given || !given->demand) return demand_scale(t, m, diag);
    memcpy(m->column + n, given->demand, d * sizeof *given->demand);
    return HF_OK;
}

static hf_err note(hf_io_report *report, hf_io_place place, int row, int column, double before, double after)
{
    if (!report || before == after) return HF_OK;
    hf_err err = hf_grow((void **)&report->change, &report->capacity, report->n + 1, sizeof *report->change);
    if (err == HF_OK) report->change[report->n++] = (hf_io_change){HF_IO_BALANCED, place, row, column, before, after};
    return err;
}

static hf_err changes_list(const hf_io_table *t, const margins *m, hf_io_report *report)
{
    hf_err err = HF_OK;
    int n = t->n_industries, d = t->n_demand_columns;
    for (int i = 0; i < n; i++) {
        const double *after = m->cells + (size_t)i * (size_t)(n + d);
        for (int j = 0; j < n; j++) HF_TRY(note(report, HF_IO_Z, i, j, t->z[(size_t)i * (size_t)n + (size_t)j], after[j]));
        for (int c = 0; c < d; c++) HF_TRY(note(report, HF_IO_Y, i, c, t->y[(size_t)i * (size_t)d + (size_t)c], after[n + c]));
        HF_TRY(note(report, HF_IO_X, i, -1, t->x[i], m->output[i]));
        HF_TRY(note(report, HF_IO_V, i, -1, t->v[i], m->value_added[i]));
    }
out:
    return err;
}

static void write_back(hf_io_table *t, const margins *m)
{
    size_t n = (size_t)t->n_industries, d = (size_t)t->n_demand_columns;
    for (size_t i = 0; i < n; i++) {
        memcpy(t->z + i * n, m->cells + i * (n + d), n * sizeof *t->z);
        memcpy(t->y + i * d, m->cells + i * (n + d) + n, d * sizeof *t->y);
        t->x[i] = m->output[i];
        t->v[i] = m->value_added[i];
    }
}

hf_err hf_io_balance(hf_io_table *table, const hf_io_margins *given, const hf_ras_options *options, hf_io_report *report, hf_diag *diag,
                     hf_ras_result *ret_result)
{
    hf_err err = HF_OK;
    size_t listed = report ? report->n : 0;
    margins m = {.output = given && given->output ? given->output : table->x, .value_added = given && given->value_added ? given->value_added : table->v};
    HF_TRY(margins_make(table, given, &m, diag));
    HF_TRY(hf_ras(table->n_industries, table->n_industries + table->n_demand_columns, m.cells, m.row, m.column, options, NULL, NULL, diag, ret_result));
    HF_TRY(changes_list(table, &m, report));
    write_back(table, &m);
out:
    if (err != HF_OK && report) report->n = listed;
    hf_free(m.row);
    hf_free(m.column);
    hf_free(m.cells);
    return err;
}
