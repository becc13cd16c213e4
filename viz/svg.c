#include "viz/svg.h"

#include <string.h>

#include "viz/html.h"

void hf_svg_open(hf_buf *out, double width, double height, const char *title)
{
    hf_buf_printf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
                  "font-family=\"system-ui,Noto Sans,Noto Sans CJK JP,sans-serif\">\n",
                  width, height, width, height);
    hf_html_element(out, "title", NULL, title);
    hf_svg_rectangle(out, 0, 0, width, height, "#ffffff", "none", NULL);
}

void hf_svg_close(hf_buf *out)
{
    hf_buf_puts(out, "</svg>\n");
}

void hf_svg_rectangle(hf_buf *out, double x, double y, double width, double height, const char *fill, const char *stroke, const char *tip)
{
    hf_buf_printf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"", x, y, width, height, fill);
    if (strcmp(stroke, "none") != 0) hf_buf_printf(out, " stroke=\"%s\"", stroke);
    if (!tip) {
        hf_buf_puts(out, "/>\n");
        return;
    }
    hf_buf_puts(out, "><title>");
    hf_html_text(out, tip);
    hf_buf_puts(out, "</title></rect>\n");
}

static void stroke_write(hf_buf *out, const char *stroke, double width, const char *dash)
{
    hf_buf_printf(out, " stroke=\"%s\" stroke-width=\"%.1f\"", stroke, width);
    if (dash) hf_buf_printf(out, " stroke-dasharray=\"%s\"", dash);
    hf_buf_puts(out, "/>\n");
}

void hf_svg_line(hf_buf *out, double x1, double y1, double x2, double y2, const char *stroke, double width, const char *dash)
{
    hf_buf_printf(out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"", x1, y1, x2, y2);
    stroke_write(out, stroke, width, dash);
}

void hf_svg_polyline(hf_buf *out, const double *x, const double *y, int n, const char *stroke, double width, const char *dash)
{
    hf_buf_puts(out, "<polyline fill=\"none\" points=\"");
    for (int k = 0; k < n; k++) hf_buf_printf(out, "%s%.1f,%.1f", k ? " " : "", x[k], y[k]);
    hf_buf_puts(out, "\"");
    stroke_write(out, stroke, width, dash);
}

void hf_svg_polygon(hf_buf *out, const double *x, const double *y, int n, const char *fill, const char *stroke, double width, const char *tip)
{
    hf_buf_printf(out, "<polygon fill=\"%s\" stroke=\"%s\" stroke-width=\"%.1f\" points=\"", fill, stroke, width);
    for (int k = 0; k < n; k++) hf_buf_printf(out, "%s%.1f,%.1f", k ? " " : "", x[k], y[k]);
    if (!tip) {
        hf_buf_puts(out, "\"/>\n");
        return;
    }
    hf_buf_puts(out, "\"><title>");
    hf_html_text(out, tip);
    hf_buf_puts(out, "</title></polygon>\n");
}

void hf_svg_clip_open(hf_buf *out, double x, double y, double width, double height)
{
    hf_buf_printf(out, "<svg x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" viewBox=\"%.1f %.1f %.1f %.1f\" overflow=\"hidden\">\n", x, y, width,
                  height, x, y, width, height);
}

void hf_svg_clip_close(hf_buf *out)
{
    hf_buf_puts(out, "</svg>\n");
}

void hf_svg_text(hf_buf *out, double x, double y, hf_anchor anchor, double size, const char *fill, const char *text)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    hf_buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%g\" fill=\"%s\">", x, y, anchors[anchor], size, fill);
    hf_html_text(out, text);
    hf_buf_puts(out, "</text>\n");
}

double hf_svg_text_width(const char *text, double size)
{
    return 0.56 * size * hf_utf8_width(text);
}

void hf_svg_shorten(hf_buf *out, const char *text, int columns)
{
    if (hf_utf8_width(text) <= columns) {
        hf_buf_puts(out, text);
        return;
    }
    for (int used = 0; *text;) {
        char one[8] = "";
        size_t bytes = 1;
        while (((unsigned char)text[bytes] & 0xC0) == 0x80 && bytes < sizeof one - 1) bytes++;
        memcpy(one, text, bytes);
        used += hf_utf8_width(one);
        if (used > columns - 1) break;
        hf_buf_add(out, text, bytes);
        text += bytes;
    }
    hf_buf_puts(out, "…");
}
