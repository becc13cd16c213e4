/* Pages and charts: well-formed whatever the names hold, and what is drawn is where its numbers say. */
#include <stdlib.h>

#include "tests/tap.h"
#include "viz/chart.h"
#include "viz/html.h"
#include "viz/svg.h"

/* Elements opened and closed in order, no bare & or <; DOCTYPE aside. Returns how many elements there are, -1 when it is not well-formed. */
static int elements(const char *text)
{
    char open[64][32];
    int depth = 0, count = 0;
    while (*text) {
        if (*text == '&' && !strchr("algq#", text[1])) return -1;
        if (*text++ != '<' || *text == '!') continue;
        char name[32] = "";
        bool closes = *text == '/', empty;
        text += closes;
        size_t n = strcspn(text, " />\n"), end = strcspn(text, ">");
        if (n == 0 || n >= sizeof name || text[end] != '>') return -1;
        memcpy(name, text, n);
        empty = text[end - 1] == '/';
        text += end + 1;
        if (closes) {
            if (depth == 0 || strcmp(open[--depth], name) != 0) return -1;
        } else {
            count++;
            if (!empty && depth == 64) return -1;
            if (!empty) strcpy(open[depth++], name);
        }
    }
    return depth == 0 ? count : -1;
}

static const char *const wild = "Ђердап & \"病院\" <b>'1'</b>\x01";

static void text_is_escaped(void)
{
    hf_buf out = {0};
    hf_html_text(&out, wild);
    CHECK_STR(out.text, "Ђердап &amp; &quot;病院&quot; &lt;b&gt;&#39;1&#39;&lt;/b&gt;");
    hf_buf_done(&out);
}

static void a_page_is_well_formed(void)
{
    hf_buf out = {0}, svg = {0};
    hf_text_table *table = NULL;
    CHECK_INT(hf_text_table_new(&table), HF_OK);
    hf_text_table_column(table, wild, HF_ALIGN_LEFT);
    hf_text_table_column(table, "user-h", HF_ALIGN_RIGHT);
    hf_text_table_cell(table, wild);
    hf_text_table_cell(table, "3 M");
    hf_html_open(&out, wild);
    CHECK_INT(hf_html_table(&out, table), HF_OK);
    hf_buf_puts(&svg, "<?xml version=\"1.0\"?>\n<svg><g/></svg>\n");
    hf_html_picture(&out, &svg);
    hf_html_close(&out);
    CHECK(strncmp(out.text, "<!DOCTYPE html>", 15) == 0);
    CHECK(strstr(out.text, "<td class=\"r\">3 M</td>") != NULL);
    CHECK(strstr(out.text, "<?xml") == NULL);
    CHECK_INT(elements(out.text), 5 + 2 + 1 + 7 + 3); /* html head meta meta title, style body, h1, a table of two rows, a picture in a div */
    hf_text_table_free(table);
    hf_buf_done(&out);
    hf_buf_done(&svg);
}

/* The number behind `key` at the k-th place where `start` begins. */
static double number_at(const char *text, const char *start, int k, const char *key)
{
    for (; k >= 0 && text; k--) text = strstr(text, start), text += text ? strlen(start) : 0;
    text = text ? strstr(text, key) : NULL;
    return text ? atof(text + strlen(key)) : NAN;
}

static void bars_are_as_long_as_their_values(void)
{
    const hf_chart_bar bars[] = {{wild, 4000000, NAN, NAN}, {"half", 2000000, 1000000, 3000000}, {"none", 0, NAN, NAN}};
    const hf_chart_words words = {"Ranking", "user-hours", wild};
    hf_buf out = {0};
    CHECK_INT(hf_chart_bars(&words, bars, 3, &out), HF_OK);
    CHECK(elements(out.text) > 10);
    double whole = number_at(out.text, "<rect ", 1, "width=\""), half = number_at(out.text, "<rect ", 2, "width=\"");
    CHECK_NEAR(half, whole / 2, 0.06);
    CHECK_NEAR(number_at(out.text, "<rect ", 3, "width=\""), 0, 0);
    CHECK(strstr(out.text, ">4 M</text>") != NULL);
    hf_buf_done(&out);
}

static void cells_stand_at_their_hours(void)
{
    const double hour[] = {12, 24, 36}, lost[] = {0.5, 1, 0};
    const hf_chart_steps rows[] = {{wild, 3, hour, lost}, {"never", 0, NULL, NULL}};
    const hf_chart_words words = {"Who is down", "hours", "source"};
    hf_buf out = {0};
    CHECK_INT(hf_chart_heat(&words, rows, 2, 48, &out), HF_OK);
    CHECK(elements(out.text) > 10);
    CHECK(strstr(out.text, "50 % lost from 12 to 24 h") != NULL);
    CHECK(strstr(out.text, "100 % lost from 24 to 36 h") != NULL);
    CHECK(strstr(out.text, "from 36") == NULL);
    double first = number_at(out.text, "<rect ", 6, "x=\""), width = number_at(out.text, "<rect ", 6, "width=\""); /* after the ground and five of the legend */
    CHECK_NEAR(number_at(out.text, "<rect ", 7, "x=\""), first + width, 0.11);
    CHECK_NEAR(number_at(out.text, "<rect ", 7, "width=\""), width, 0.11);
    hf_buf_done(&out);
}

static void a_matrix_says_its_shares(void)
{
    const char *const labels[] = {"energy", wild};
    const double share[] = {0.123, 0.0001, NAN, 0};
    const hf_chart_words words = {"Who depends on whom", "per cent", "source"};
    hf_buf out = {0};
    CHECK_INT(hf_chart_matrix(&words, labels, 2, share, &out), HF_OK);
    CHECK(elements(out.text) > 10);
    CHECK(strstr(out.text, ">12</text>") != NULL);
    CHECK(strstr(out.text, ">&lt;0.1</text>") != NULL);
    CHECK(strstr(out.text, "#eeeeee") != NULL); /* nothing to lose */
    CHECK(strstr(out.text, "nan") == NULL);
    hf_buf_done(&out);
}

static void a_curve_names_its_peak(void)
{
    const double hour[] = {0, 6, 30}, users[] = {1000, 2500000, 0};
    const hf_chart_steps steps = {"users", 3, hour, users}, nothing = {"users", 0, NULL, NULL};
    const hf_chart_words words = {"Users without service", "users", wild};
    hf_buf out = {0}, empty = {0};
    CHECK_INT(hf_chart_curve(&words, &steps, 33, &out), HF_OK);
    CHECK(elements(out.text) > 10);
    CHECK(strstr(out.text, "2.5 M at hour 6") != NULL);
    CHECK_INT(hf_chart_curve(&words, &nothing, 1, &empty), HF_OK);
    CHECK(elements(empty.text) > 3);
    CHECK(strstr(empty.text, "at hour") == NULL);
    hf_buf_done(&out);
    hf_buf_done(&empty);
}

static void long_labels_are_cut_between_characters(void)
{
    hf_buf out = {0};
    hf_svg_shorten(&out, "Београд", 7);
    CHECK_STR(out.text, "Београд");
    hf_buf_done(&out);
    hf_svg_shorten(&out, "Београд", 4);
    CHECK_STR(out.text, "Бео…");
    hf_buf_done(&out);
    hf_svg_shorten(&out, "病院病院", 6); /* two columns a character */
    CHECK_STR(out.text, "病院…");
    hf_buf_done(&out);
    CHECK(hf_svg_text_width("病院", 10) == 2 * hf_svg_text_width("ab", 10));
}

int main(void)
{
    RUN(text_is_escaped);
    RUN(a_page_is_well_formed);
    RUN(bars_are_as_long_as_their_values);
    RUN(cells_stand_at_their_hours);
    RUN(a_matrix_says_its_shares);
    RUN(a_curve_names_its_peak);
    RUN(long_labels_are_cut_between_characters);
    return tap_done();
}
