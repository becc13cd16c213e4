#include "datasets/economy_write.h"

#include <math.h>
#include <string.h>

#include "datasets/new_folder.h"
#include "datasets/package_inside.h"

/* A cell of CSV: quoted where it must be. */
static void cell(hf_buf *out, const char *text)
{
    if (!strpbrk(text, ",\"\n\r")) {
        hf_buf_puts(out, text);
        return;
    }
    hf_buf_puts(out, "\"");
    for (const char *c = text; *c; c++) {
        if (*c == '"') hf_buf_puts(out, "\"");
        hf_buf_add(out, c, 1);
    }
    hf_buf_puts(out, "\"");
}

static void industry(const hf_io_table *t, int f, hf_buf *out)
{
    cell(out, t->region[f / t->n_sectors]);
    hf_buf_puts(out, ",");
    cell(out, t->sector[f % t->n_sectors]);
}

static void number(hf_buf *out, double value)
{
    hf_buf_puts(out, ",");
    hf_buf_number(out, value);
}

static void industries(const hf_economy *e, const hf_io_table *t, hf_buf *out)
{
    hf_buf_puts(out, "region,industry,name,code,output,jobs\n");
    for (int f = 0; f < t->n_industries; f++) {
        industry(t, f, out);
        hf_buf_puts(out, ",");
        cell(out, e->title ? e->title[f] : "");
        hf_buf_puts(out, ",");
        cell(out, e->code ? e->code[f] : "");
        number(out, t->x[f]);
        if (e->jobs) number(out, e->jobs[f]);
        else hf_buf_puts(out, ",");
        hf_buf_puts(out, "\n");
    }
}

static void trade(const hf_io_table *t, double least, hf_buf *out)
{
    size_t n = (size_t)t->n_industries;
    hf_buf_puts(out, "region,industry,to_region,to_industry,value\n");
    for (size_t g = 0; g < n; g++)
        for (size_t f = 0; f < n; f++) {
            if (fabs(t->z[g * n + f]) < least) continue;
            industry(t, (int)g, out);
            hf_buf_puts(out, ",");
            industry(t, (int)f, out);
            number(out, t->z[g * n + f]);
            hf_buf_puts(out, "\n");
        }
}

static void final_demand(const hf_economy *e, const hf_io_table *t, double least, hf_buf *out)
{
    size_t columns = (size_t)t->n_demand_columns;
    hf_buf_puts(out, "region,industry,to_region,category,value\n");
    for (int f = 0; f < t->n_industries; f++)
        for (int c = 0; c < t->n_demand_columns; c++) {
            double value = t->y[(size_t)f * columns + (size_t)c];
            if (fabs(value) < least) continue;
            industry(t, f, out);
            hf_buf_puts(out, ",");
            cell(out, t->region[c / t->n_demand]);
            hf_buf_puts(out, ",");
            cell(out, e->category[c % t->n_demand]);
            number(out, value);
            hf_buf_puts(out, "\n");
        }
}

static void value_added(const hf_io_table *t, hf_buf *out)
{
    hf_buf_puts(out, "region,industry,value\n");
    for (int f = 0; f < t->n_industries; f++) {
        industry(t, f, out);
        number(out, t->v[f]);
        hf_buf_puts(out, "\n");
    }
}

static hf_err parts_write(const hf_package *package, const hf_economy *e, const hf_io_table *t, const hf_new_folder *folder, hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_buf text = {0};
    double least = 1e-9 * hf_io_totals_of(t).x / t->n_industries;
    for (int k = 0; k < package->n_parts; k++) {
        const hf_part *part = &package->parts[k];
        if (strchr(part->path, '/')) {
            hf_diag_add(diag, HF_ERROR, HF_E_UNSUPPORTED, part->label, 0, 0, "a package with files in folders below cannot be written with another table");
            HF_TRY(HF_E_DATA);
        }
        if (strcmp(part->resource, "industries") == 0) industries(e, t, &text);
        else if (strcmp(part->resource, "trade") == 0) trade(t, least, &text);
        else if (strcmp(part->resource, "final_demand") == 0) final_demand(e, t, least, &text);
        else if (strcmp(part->resource, "value_added") == 0) value_added(t, &text);
        else if (part->table) hf_table_write(part->table, &text);
        else hf_buf_add(&text, part->bytes, part->length);
        HF_TRY(hf_new_folder_file(folder, part->path, &text));
    }
out:
    hf_buf_done(&text);
    return err;
}

hf_err hf_economy_write(const hf_package *package, const hf_economy *economy, const hf_io_table *table, const char *into, hf_diag *diag)
{
    hf_new_folder folder;
    hf_err err = hf_new_folder_begin(&folder, into, diag);
    if (err != HF_OK) return err;
    err = parts_write(package, economy, table, &folder, diag);
    if (err == HF_OK) err = hf_new_folder_check(&folder, "in the balanced package", diag);
    return hf_new_folder_end(&folder, err);
}
