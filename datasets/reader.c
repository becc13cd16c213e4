#include "datasets/reader.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "datasets/codes.h"

static bool field_known(const hf_resource *resource, const char *name)
{
    for (int f = 0; f < resource->n_fields; f++)
        if (strcmp(resource->fields[f].name, name) == 0) return true;
    return false;
}

static void unknown_columns(const hf_reader *r)
{
    hf_buf names = {0};
    int n = 0;
    for (int c = 0; c < hf_table_columns(r->table); c++) {
        const char *name = hf_table_column_name(r->table, c);
        if (field_known(r->resource, name)) continue;
        hf_buf_printf(&names, "%s%s", n++ ? ", " : "", name);
    }
    if (n && names.text)
        hf_diag_add(r->diag, HF_NOTE, HF_OK, hf_table_file(r->table), 1, 0, "column%s without a meaning here, kept as %s: %.300s", n == 1 ? "" : "s",
                    n == 1 ? "it is" : "they are", names.text);
    hf_buf_done(&names);
}

void hf_reader_init(hf_reader *r, const hf_table *table, const hf_resource *resource, hf_diag *diag)
{
    *r = (hf_reader){.table = table, .resource = resource, .diag = diag};
    for (int f = 0; f < resource->n_fields; f++) {
        const hf_field *field = &resource->fields[f];
        r->column[f] = hf_table_column(table, field->name);
        if (r->column[f] < 0 && field->required)
            hf_diag_add(diag, HF_ERROR, HF_E_MISSING, hf_table_file(table), 1, 1, "column \"%s\" is missing (%s)", field->name, field->meaning);
    }
    unknown_columns(r);
}

void hf_reader_done(hf_reader *r)
{
    if (r->aliases)
        hf_diag_add(r->diag, HF_NOTE, HF_OK, hf_table_file(r->table), 0, 0, "%d country name%s understood as ISO 3166-1 code%s, first %s", r->aliases,
                    r->aliases == 1 ? "" : "s", r->aliases == 1 ? "" : "s", r->alias_first);
}

/* Callers ask row after row with the same literals: their addresses are remembered. */
static int field_index(hf_reader *r, const char *name)
{
    for (int f = 0; f < r->resource->n_fields; f++)
        if (r->asked[f] == name) return f;
    for (int f = 0; f < r->resource->n_fields; f++)
        if (strcmp(r->resource->fields[f].name, name) == 0) return r->asked[f] = name, f;
    return -1; /* not reached: names are those of the field tables (tests read every resource) */
}

static void complain(const hf_reader *r, int f, hf_err code, const char *format, const char *value, const char *allowed)
{
    char shown[80];
    snprintf(shown, sizeof shown, "%.70s%s", value, strlen(value) > 70 ? "…" : "");
    int column = r->column[f] < 0 ? 1 : hf_table_column_at(r->table, r->row, r->column[f]);
    char text[320];
    snprintf(text, sizeof text, "%s \"%s\" %s (allowed: %s)", r->resource->fields[f].name, shown, format, allowed);
    hf_diag_add(r->diag, HF_ERROR, code, hf_table_file(r->table), hf_table_line(r->table, r->row), column, "%s", text);
}

/* The cell of a field in the current row; length 0 when it is empty, an error when it must not be. */
static hf_cell cell_of(const hf_reader *r, int f)
{
    if (r->column[f] < 0) return (hf_cell){"", 0};
    hf_cell cell = hf_table_cell(r->table, r->row, r->column[f]);
    if (cell.length == 0 && r->resource->fields[f].required)
        hf_diag_add(r->diag, HF_ERROR, HF_E_MISSING, hf_table_file(r->table), hf_table_line(r->table, r->row),
                    hf_table_column_at(r->table, r->row, r->column[f]), "%s is empty (%s)", r->resource->fields[f].name,
                    r->resource->fields[f].meaning);
    return cell;
}

const char *hf_reader_text(hf_reader *r, const char *field)
{
    hf_cell cell = cell_of(r, field_index(r, field));
    return cell.length ? cell.text : NULL;
}

static void range_text(const hf_field *field, char *text, size_t room)
{
    const char *kind = field->type == HF_FIELD_INTEGER ? "a whole number" : "a number";
    const char *more = field->type == HF_FIELD_SHARE ? ", or 1/k" : field->type == HF_FIELD_RATE ? ", or inf" : "";
    char unit[32] = "";
    if (*field->unit && field->type != HF_FIELD_RATE) snprintf(unit, sizeof unit, " %s", field->unit);
    if (field->type == HF_FIELD_SHARE && isfinite(field->max)) snprintf(text, room, "%s above 0 and up to %g%s", kind, field->max, more);
    else if (field->type == HF_FIELD_SHARE || field->type == HF_FIELD_RATE) snprintf(text, room, "%s above 0%s", kind, more);
    else if (isfinite(field->min) && isfinite(field->max)) snprintf(text, room, "%s from %g to %g%s", kind, field->min, field->max, unit);
    else if (isfinite(field->min)) snprintf(text, room, "%s of %g or more%s", kind, field->min, unit);
    else snprintf(text, room, "%s%s", kind, unit);
}

/* "1/k". */
static bool share_parse(hf_cell cell, double *ret_value)
{
    const char *slash = memchr(cell.text, '/', cell.length);
    double above = 0, below = 0;
    if (!slash) return hf_number_parse(cell.text, cell.length, ret_value);
    size_t n = (size_t)(slash - cell.text);
    if (!hf_number_parse(cell.text, n, &above) || !hf_number_parse(slash + 1, cell.length - n - 1, &below) || !(below > 0)) return false;
    *ret_value = above / below;
    return true;
}

static bool number_parse(const hf_field *field, hf_cell cell, double *ret_value)
{
    if (field->type == HF_FIELD_SHARE) return share_parse(cell, ret_value);
    if (field->type == HF_FIELD_RATE && strcmp(cell.text, "inf") == 0) return *ret_value = INFINITY, true;
    return hf_number_parse(cell.text, cell.length, ret_value);
}

double hf_reader_number(hf_reader *r, const char *field_name, double fallback)
{
    int f = field_index(r, field_name);
    const hf_field *field = &r->resource->fields[f];
    hf_cell cell = cell_of(r, f);
    double value = 0;
    char allowed[96];
    if (cell.length == 0) return fallback;
    bool positive = field->type == HF_FIELD_SHARE || field->type == HF_FIELD_RATE, is_number = number_parse(field, cell, &value);
    if (is_number && value >= field->min && value <= field->max && !(positive && value <= 0)) return value == 0 ? 0 : value; /* "-0" is 0 */
    range_text(field, allowed, sizeof allowed);
    complain(r, f, HF_E_RANGE, is_number ? "is out of range" : "is not a number", cell.text, allowed);
    return fallback;
}

int hf_reader_integer(hf_reader *r, const char *field_name, int fallback)
{
    double value = hf_reader_number(r, field_name, fallback);
    if (value == floor(value) && fabs(value) <= 1e9) return (int)value;
    int f = field_index(r, field_name);
    complain(r, f, HF_E_RANGE, "is not a whole number", hf_table_cell(r->table, r->row, r->column[f]).text, "a whole number up to 1e9");
    return fallback;
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(text, *words) == 0) return true;
    return false;
}

bool hf_reader_yes(hf_reader *r, const char *field)
{
    static const char *const yes[] = {"yes", "true", "1", "y", NULL}, *const no[] = {"no", "false", "0", "n", NULL};
    int f = field_index(r, field);
    hf_cell cell = cell_of(r, f);
    if (cell.length == 0 || is_one_of(cell.text, no)) return false;
    if (is_one_of(cell.text, yes)) return true;
    complain(r, f, HF_E_RANGE, "is neither", cell.text, "yes or no");
    return false;
}

int hf_reader_choice(hf_reader *r, const char *field_name, int fallback)
{
    int f = field_index(r, field_name), place = 0;
    const char *choices = r->resource->fields[f].choices;
    hf_cell cell = cell_of(r, f);
    if (cell.length == 0) return fallback;
    for (const char *at = choices; at; place++) {
        size_t length = strcspn(at, "|");
        if (length == cell.length && memcmp(at, cell.text, length) == 0) return place;
        at = at[length] ? at + length + 1 : NULL;
    }
    char allowed[200];
    snprintf(allowed, sizeof allowed, "%s", choices);
    for (char *c = allowed; *c; c++)
        if (*c == '|') *c = ' ';
    complain(r, f, HF_E_RANGE, "is unknown", cell.text, allowed);
    return fallback;
}

const char *hf_reader_country(hf_reader *r, const char *field)
{
    int f = field_index(r, field);
    hf_cell cell = cell_of(r, f);
    if (cell.length == 0) return NULL;
    const char *code = hf_country_code(cell.text);
    if (!code) complain(r, f, HF_E_RANGE, "is no country", cell.text, "ISO 3166-1 alpha-2, as RS");
    else if (strcmp(code, cell.text) != 0 && r->aliases++ == 0) snprintf(r->alias_first, sizeof r->alias_first, "%.32s as %s", cell.text, code);
    return code;
}
