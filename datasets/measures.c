#include "datasets/measures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/reader.h"

static hf_origin place(const hf_reader *r)
{
    return (hf_origin){hf_table_file(r->table), hf_table_line(r->table, r->row)};
}

static hf_measure_row measure_row(hf_reader *r)
{
    static const char *const kinds[] = {"harden", "backup", "supplier", "repair", "detect", "line", "black_start", "spare", "build_capacity"};
    int kind = hf_reader_choice(r, "kind", -1), effect = hf_reader_choice(r, "effect", -1);
    hf_measure_row row = {.measure = hf_reader_text(r, "measure")};
    row.title = hf_reader_text(r, "title");
    row.kind = kind < 0 ? NULL : kinds[kind];
    row.effect = effect < 0 ? NULL : kinds[effect];
    row.target = hf_reader_text(r, "target");
    row.cost = hf_reader_number(r, "cost", NAN);
    row.payer = hf_reader_text(r, "payer");
    row.hazards = hf_reader_text(r, "hazards");
    row.autonomy_h = hf_reader_number(r, "autonomy_h", NAN);
    row.supplier = hf_reader_text(r, "supplier");
    row.share = hf_reader_number(r, "share", NAN);
    row.repair_h = hf_reader_number(r, "repair_h", NAN);
    row.factor = hf_reader_number(r, "factor", NAN);
    row.carrier = hf_reader_text(r, "carrier");
    row.from = hf_reader_text(r, "from");
    row.to = hf_reader_text(r, "to");
    row.capacity = hf_reader_number(r, "capacity", NAN);
    row.requires_ids = hf_reader_text(r, "requires");
    row.excludes_ids = hf_reader_text(r, "excludes");
    row.cofunding_max = hf_reader_number(r, "cofunding_max", NAN);
    row.lead_time_y = hf_reader_number(r, "lead_time_y", NAN);
    return row;
}

static hf_budget_row budget_row(hf_reader *r)
{
    hf_budget_row row = {.payer = hf_reader_text(r, "payer"), .amount = hf_reader_number(r, "amount", INFINITY)};
    row.joint = hf_reader_choice(r, "kind", 0) == 1;
    row.floors = hf_reader_text(r, "region_floor");
    row.at = place(r);
    return row;
}

/* Rows as read, in file order. */
typedef struct rows {
    hf_measure_row *measure;
    hf_origin *at;
    hf_budget_row *budget;
    int n_measures, n_budgets;
} rows;

static hf_err rows_init(rows *all, hf_reader *measures, hf_reader *budgets)
{
    all->n_measures = hf_table_rows(measures->table);
    all->n_budgets = budgets ? hf_table_rows(budgets->table) : 0;
    all->measure = hf_calloc((size_t)all->n_measures, sizeof *all->measure);
    all->at = hf_calloc((size_t)all->n_measures, sizeof *all->at);
    all->budget = hf_calloc((size_t)all->n_budgets, sizeof *all->budget);
    if (!all->measure || !all->at || !all->budget) return HF_E_NOMEM;
    for (measures->row = 0; measures->row < all->n_measures; measures->row++) {
        all->measure[measures->row] = measure_row(measures);
        all->at[measures->row] = place(measures);
    }
    for (int k = 0; k < all->n_budgets; k++) {
        budgets->row = k;
        all->budget[k] = budget_row(budgets);
    }
    return HF_OK;
}

/* The column of a table that a finding's first word names, as it is or in the plural; -1 where it names none. */
static int column_named(const hf_table *table, const char *text)
{
    char name[64];
    int length = (int)strcspn(text, " ");
    if (length >= (int)sizeof name - 1) return -1;
    snprintf(name, sizeof name, "%.*s", length, text);
    int column = hf_table_column(table, name);
    snprintf(name, sizeof name, "%.*ss", length, text);
    return column >= 0 ? column : hf_table_column(table, name);
}

/* The model knows in which row something is wrong, the table where in the row it stands. */
static void columns_say(hf_diag *diag, size_t first, const hf_table *table)
{
    for (size_t f = first; diag && table && f < hf_diag_kept(diag); f++) {
        const hf_finding *finding = hf_diag_get(diag, f);
        if (finding->severity != HF_ERROR || !finding->file || strcmp(finding->file, hf_table_file(table)) != 0) continue;
        int column = column_named(table, finding->text);
        for (int row = 0; column >= 0 && row < hf_table_rows(table); row++)
            if (hf_table_line(table, row) == finding->line) hf_diag_set_column(diag, f, hf_table_column_at(table, row, column));
    }
}

hf_err hf_measures_read(const hf_table *measures, const hf_table *budgets, const hf_network *net, const char *const *scenarios, int n_scenarios,
                        hf_diag *diag, hf_measures **ret_measures)
{
    hf_err err = HF_OK;
    rows all = {0};
    hf_reader measure_reader, budget_reader;
    size_t errors = hf_diag_count(diag, HF_ERROR);
    hf_reader_init(&measure_reader, measures, hf_resource_find("measures"), diag);
    if (budgets) hf_reader_init(&budget_reader, budgets, hf_resource_find("budgets"), diag);
    if (hf_diag_count(diag, HF_ERROR) > errors) return HF_E_DATA; /* without its columns no row can be read */
    HF_TRY(rows_init(&all, &measure_reader, budgets ? &budget_reader : NULL));
    if (hf_diag_count(diag, HF_ERROR) > errors) HF_TRY(HF_E_DATA);
    size_t first = diag ? hf_diag_kept(diag) : 0;
    err = hf_measures_new(net, all.measure, all.at, all.n_measures, all.budget, all.n_budgets, scenarios, n_scenarios, diag, ret_measures);
    columns_say(diag, first, measures);
    columns_say(diag, first, budgets);
out:
    hf_free(all.measure);
    hf_free(all.at);
    hf_free(all.budget);
    return err;
}
