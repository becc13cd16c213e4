#include <string.h>

#include "base/text.h"
#include "datasets/table.h"

/* A cell is quoted when reading it plain would give something else. A lone empty cell would read as a blank line. */
static bool needs_quotes(hf_cell cell, bool alone)
{
    if (cell.length == 0) return alone;
    if (strpbrk(cell.text, ",\"\n\r")) return true;
    const char *blanks = " \t";
    return strchr(blanks, cell.text[0]) || strchr(blanks, cell.text[cell.length - 1]);
}

static void cell_write(hf_cell cell, bool alone, hf_buf *out)
{
    if (!needs_quotes(cell, alone)) {
        hf_buf_add(out, cell.text, cell.length);
        return;
    }
    hf_buf_puts(out, "\"");
    for (size_t k = 0; k < cell.length; k++) {
        if (cell.text[k] == '"') hf_buf_puts(out, "\"");
        hf_buf_add(out, cell.text + k, 1);
    }
    hf_buf_puts(out, "\"");
}

/* The header decides which delimiter a reader finds: names that hold `;` or a tab are quoted. */
static void name_write(const char *name, hf_buf *out)
{
    hf_cell cell = {name, strlen(name)};
    if (strpbrk(name, ";\t") && !needs_quotes(cell, false)) {
        hf_buf_printf(out, "\"%s\"", name);
        return;
    }
    cell_write(cell, false, out);
}

void hf_table_write(const hf_table *table, hf_buf *out)
{
    int columns = hf_table_columns(table), rows = hf_table_rows(table);
    for (int c = 0; c < columns; c++) {
        if (c > 0) hf_buf_puts(out, ",");
        name_write(hf_table_column_name(table, c), out);
    }
    hf_buf_puts(out, "\n");
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
            if (c > 0) hf_buf_puts(out, ",");
            cell_write(hf_table_cell(table, r, c), columns == 1, out);
        }
        hf_buf_puts(out, "\n");
    }
}
