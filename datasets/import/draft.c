#include "datasets/import/draft.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/text.h"
#include "datasets/files.h"
#include "datasets/new_folder.h"

void hf_draft_init(hf_draft *d, const hf_import_options *options, hf_diag *diag)
{
    *d = (hf_draft){.diag = diag, .options = options, .name = "", .title = "", .source = ""};
    hf_arena_init(&d->memory);
}

void hf_draft_done(hf_draft *d)
{
    for (int k = 0; k < d->n_tables; k++) {
        hf_table_free(d->table[k]);
        hf_buf_done(&d->text[k]);
    }
    hf_arena_done(&d->memory);
}

/* Cuts a comma separated list into names in the draft's memory; returns how many, or -1. */
static int list_cut(hf_draft *d, const char *list, const char **names, int most)
{
    int n = 0;
    for (const char *at = list; *at && n < most;) {
        size_t length = strcspn(at, ",");
        if (!(names[n++] = hf_arena_strndup(&d->memory, at, length))) return -1;
        at += length + (at[length] == ',');
    }
    return n;
}

hf_err hf_draft_table(hf_draft *d, const char *resource, const char *columns, hf_table **ret_table)
{
    const char *names[32];
    int n = list_cut(d, columns, names, 32);
    if (n < 0) return HF_E_NOMEM;
    hf_err err = hf_table_new(resource, names, n, &d->table[d->n_tables]);
    if (err != HF_OK) return err;
    d->resource[d->n_tables] = resource;
    *ret_table = d->table[d->n_tables++];
    return HF_OK;
}

hf_err hf_draft_matrix(hf_draft *d, const char *resource, hf_buf **ret_text)
{
    if (d->n_tables == HF_DRAFT_TABLES) return HF_E_TOO_LARGE;
    d->resource[d->n_tables] = resource;
    *ret_text = &d->text[d->n_tables++];
    return HF_OK;
}

void hf_draft_leave_out(hf_draft *d, const char *reason, const char *example)
{
    int k = 0;
    while (k < d->n_reasons && d->left_out[k].reason != reason) k++;
    if (k == HF_DRAFT_REASONS) return;
    if (k == d->n_reasons) {
        d->left_out[k].reason = reason;
        d->left_out[k].example = hf_draft_text(d, "%.80s", example);
        d->n_reasons++;
    }
    d->left_out[k].count++;
}

const char *hf_draft_text(hf_draft *d, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return hf_arena_strndup(&d->memory, text, strlen(text));
}

static void quoted(hf_buf *out, const char *text)
{
    hf_buf_puts(out, "\"");
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\') hf_buf_puts(out, "\\");
        if ((unsigned char)*c >= 0x20) hf_buf_add(out, c, 1);
    }
    hf_buf_puts(out, "\"");
}

static void metadata_write(const hf_draft *d, hf_buf *out)
{
    hf_buf_puts(out, "{\n  \"name\": ");
    quoted(out, d->name);
    hf_buf_puts(out, ",\n  \"title\": ");
    quoted(out, d->title);
    hf_buf_puts(out, ",\n  \"sources\": [{\"title\": ");
    quoted(out, d->source);
    hf_buf_puts(out, "}],");
    if (d->currency) {
        hf_buf_puts(out, "\n  \"currency\": ");
        quoted(out, d->currency);
        hf_buf_puts(out, ",\n  \"money_unit\": ");
        hf_buf_number(out, d->money_unit);
        if (d->base_year) hf_buf_printf(out, ",\n  \"base_year\": %d", d->base_year);
        hf_buf_puts(out, ",");
    }
    hf_buf_puts(out, "\n  \"resources\": [\n");
    for (int k = 0; k < d->n_tables; k++)
        hf_buf_printf(out, "    {\"name\": \"%s\", \"path\": \"%s.csv\"}%s\n", d->resource[k], d->resource[k], k + 1 < d->n_tables ? "," : "");
    hf_buf_puts(out, "  ]\n}\n");
}

static hf_err tables_write(hf_draft *d, const hf_new_folder *folder)
{
    hf_err err = HF_OK;
    hf_buf text = {0};
    for (int k = 0; k < d->n_tables; k++) {
        char name[80];
        snprintf(name, sizeof name, "%s.csv", d->resource[k]);
        if (d->table[k]) hf_table_write(d->table[k], &text);
        HF_TRY(hf_new_folder_file(folder, name, d->table[k] ? &text : &d->text[k]));
    }
    metadata_write(d, &text);
    HF_TRY(hf_new_folder_file(folder, "datapackage.json", &text));
out:
    return err;
}

static void left_out_report(const hf_draft *d)
{
    for (int k = 0; k < d->n_reasons; k++)
        hf_diag_add(d->diag, HF_NOTE, HF_OK, NULL, 0, 0, "%d left out: %s (first: %s)", d->left_out[k].count, d->left_out[k].reason,
                    d->left_out[k].example ? d->left_out[k].example : "");
}

hf_err hf_draft_write(hf_draft *d)
{
    hf_new_folder folder;
    hf_err err = hf_new_folder_begin(&folder, d->options->into, d->diag);
    if (err != HF_OK) return err;
    err = tables_write(d, &folder);
    if (err == HF_OK) err = hf_new_folder_check(&folder, "in the imported package", d->diag);
    err = hf_new_folder_end(&folder, err);
    if (err == HF_OK) left_out_report(d);
    return err;
}

hf_err hf_input_text(const char *path, hf_diag *diag, char **ret_text, size_t *ret_length)
{
    return hf_files_text(path, diag, ret_text, ret_length);
}

static bool ends_in(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcasecmp(text + n - m, end) == 0;
}

hf_err hf_input_table(const char *const *files, int n_files, const char *ending, const hf_table_form *form, bool needed, hf_diag *diag,
                      hf_table **ret_table)
{
    char *text = NULL;
    size_t length = 0;
    *ret_table = NULL;
    for (int k = 0; k < n_files; k++) {
        if (!ends_in(files[k], ending)) continue;
        hf_err err = hf_input_text(files[k], diag, &text, &length);
        if (err == HF_OK) err = hf_table_parse_form(files[k], text, length, form, diag, ret_table);
        hf_free(text);
        return err;
    }
    if (!needed) return HF_OK;
    hf_diag_add(diag, HF_ERROR, HF_E_MISSING, NULL, 0, 0, "a file whose name ends in \"%s\" is needed", ending);
    return HF_E_DATA;
}

hf_err hf_input_columns(const hf_table *table, const char *columns, int *ret, int n, hf_diag *diag)
{
    bool all = true;
    const char *at = columns;
    for (int k = 0; k < n; k++) {
        char name[64];
        size_t length = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        at += length + (at[length] == ',');
        ret[k] = hf_table_column(table, name);
        if (ret[k] >= 0) continue;
        all = false;
        hf_diag_add(diag, HF_ERROR, HF_E_MISSING, hf_table_file(table), 1, 1, "column \"%s\" is missing: this is not a file of the expected format", name);
    }
    return all ? HF_OK : HF_E_DATA;
}
