/* CSV tables: tolerant on form, strict on encoding. */
#include "datasets/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static hf_diag *diag;

static hf_table *parse(const char *text, size_t length)
{
    hf_table *table = NULL;
    hf_diag_free(diag);
    if (hf_diag_new(&diag) != HF_OK) abort();
    hf_err err = hf_table_parse("t.csv", text, length, diag, &table);
    CHECK((err == HF_OK) == (table != NULL));
    CHECK((err == HF_E_DATA) == (hf_diag_count(diag, HF_ERROR) > 0));
    return table;
}

static void check_same(const char *text, const char *expected)
{
    hf_table *table = parse(text, strlen(text));
    hf_buf out = {0};
    CHECK(table != NULL);
    if (table) hf_table_write(table, &out);
    CHECK_STR(out.text, expected);
    hf_buf_done(&out);
    hf_table_free(table);
}

static void check_refused(const char *text, size_t length, const char *finding)
{
    hf_table *table = parse(text, length);
    char *findings = findings_text(diag);
    CHECK(table == NULL);
    CHECK_STR(findings, finding);
    free(findings);
    hf_table_free(table);
}

static void forms_are_read(void)
{
    check_same("a,b\n1,2\n", "a,b\n1,2\n");
    check_same("a,b\n1,2", "a,b\n1,2\n");
    check_same("\xEF\xBB\xBF" "a;b\r\n1;2,5\r\n\r\n3;\"4\"\"4\"", "a,b\n1,\"2,5\"\n3,\"4\"\"4\"\n");
    check_same("a\tb\n 1 \t x y \n", "a,b\n1,x y\n");
    check_same("a,b\n\"1\n2\",\" 3\"\n", "a,b\n\"1\n2\",\" 3\"\n");
    check_same("a,b\n5\" pipe,\n", "a,b\n\"5\"\" pipe\",\n");
    check_same("a\n\n\"\"\nx\n", "a\nx\n"); /* in one column an empty row is a blank line */
    check_same("a,b\r1,2\r", "a,\"b\r1\",2\n"); /* a lone CR is part of a cell, one at the end of the file is not */
}

static void cells_know_their_place(void)
{
    const char *text = "a,b\n\n\"x\ny\",1\nzz,  22\n";
    hf_table *table = parse(text, strlen(text));
    CHECK_INT(hf_table_rows(table), 2);
    CHECK_INT(hf_table_line(table, 0), 3);
    CHECK_INT(hf_table_line(table, 1), 5);
    CHECK_INT(hf_table_column_at(table, 1, 1), 6);
    CHECK_STR(hf_table_cell(table, 1, 1).text, "22");
    CHECK_INT((int)hf_table_cell(table, 0, 0).length, 3);
    CHECK_INT(hf_table_column(table, "b"), 1);
    CHECK_INT(hf_table_column(table, "c"), -1);
    hf_table_free(table);
}

static void short_rows_are_filled(void)
{
    const char *text = "a,b,c\n1\n2,3\n4,5,6\n";
    hf_table *table = parse(text, strlen(text));
    char *findings = findings_text(diag);
    CHECK_STR(findings, "warning t.csv:0:0: 2 rows are shorter than the header: filled with empty cells\n");
    CHECK_STR(hf_table_cell(table, 0, 2).text, "");
    CHECK_STR(hf_table_cell(table, 1, 1).text, "3");
    free(findings);
    hf_table_free(table);
}

static void faults_are_refused(void)
{
    check_refused("", 0, "error t.csv:1:1: the file is empty (a header line is needed)\n");
    check_refused("a,b\n1,\"2\n", 9, "error t.csv:2:1: a quote that is opened in this row is never closed\n");
    check_refused("a,b\n1,\"2\" x\n", 12, "error t.csv:2:7: text after a closing quote (write a quote inside a quoted cell twice)\n");
    check_refused("a,b\n1,2,3\n4,5,6\n", 16, "error t.csv:2:1: the row has 3 cells, the header 2\nerror t.csv:3:1: the row has 3 cells, the header 2\n");
    check_refused("a,a\n", 4, "error t.csv:1:3: column 2 \"a\" is there twice\n");
    check_refused("a,,b\n", 5, "error t.csv:1:3: column 2 \"\" has no name\n");
    check_refused("a,b\n1,\xC3\x28\n", 9, "error t.csv:2:3: invalid UTF-8 (save the file as UTF-8)\n");
    check_refused("a,b\n1,\0\n", 8, "error t.csv:2:3: a NUL byte: this is not a text file\n");
}

static void long_lines_are_refused(void)
{
    size_t length = 100000000;
    char *text = malloc(length);
    if (!text) abort();
    memset(text, 'x', length);
    memcpy(text, "a\n", 2);
    check_refused(text, length, "error t.csv:2:1: a line is longer than 1 MiB\n");
    free(text);
}

static void rows_can_be_appended(void)
{
    const char *columns[] = {"id", "name"}, *one[] = {"x", NULL}, *two[] = {"y", "a, b"};
    hf_table *table = NULL;
    hf_buf out = {0};
    CHECK_INT(hf_table_new("new.csv", columns, 2, &table), HF_OK);
    CHECK_INT(hf_table_append(table, one), HF_OK);
    CHECK_INT(hf_table_append(table, two), HF_OK);
    hf_table_write(table, &out);
    CHECK_STR(out.text, "id,name\nx,\ny,\"a, b\"\n");
    hf_buf_done(&out);
    hf_table_free(table);
}

int main(void)
{
    RUN(forms_are_read);
    RUN(cells_know_their_place);
    RUN(short_rows_are_filled);
    RUN(faults_are_refused);
    RUN(long_lines_are_refused);
    RUN(rows_can_be_appended);
    hf_diag_free(diag);
    return tap_done();
}
