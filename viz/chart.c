#include "viz/chart.h"

#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "viz/dot_style.h"
#include "viz/svg.h"

enum { WIDTH = 860, LEFT_CURVE = 80, LEFT_ROWS = 270, RIGHT = 30, TOP = 44, ROW = 20, CURVE_HEIGHT = 240, FOOT = 58, LABEL_COLUMNS = 34, SIZE = 12, CELL = 26 };

static const char *const ink = "#222222", *const grey = "#666666", *const grid = "#dddddd", *const bar_fill = "#0072b2";

/* "2.5 M": short figures for axes. */
static void amount_words(double value, char text[32])
{
    const struct {
        double unit;
        const char *name;
    } units[] = {{1e12, " tn"}, {1e9, " bn"}, {1e6, " M"}, {1e3, " k"}};
    for (size_t k = 0; k < sizeof units / sizeof *units; k++)
        if (value >= 0.9995 * units[k].unit) {
            snprintf(text, 32, "%.3g%s", value / units[k].unit, units[k].name);
            return;
        }
    snprintf(text, 32, "%.3g", value);
}

/* A step of 1, 2 or 5 times a power of ten that cuts `most` into three to seven parts. */
static double amount_step(double most)
{
    double step = pow(10, floor(log10(most)));
    if (most / step < 1.5) step /= 5;
    else if (most / step < 3) step /= 2;
    return step;
}

/* Hours that people count in. */
static double hour_step(double end_h)
{
    static const double steps[] = {1, 2, 6, 12, 24, 48, 72, 168, 336, 720, 1440};
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++)
        if (end_h / steps[k] <= 12) return end_h < 1 ? end_h / 2 : steps[k];
    return ceil(end_h / 10 / 720) * 720;
}

typedef struct frame {
    double left, top, width, height, end_h;
} frame;

static double x_of(const frame *f, double hour)
{
    return f->left + fmin(hour, f->end_h) / f->end_h * f->width;
}

static void head_write(const hf_chart_words *words, hf_buf *out)
{
    hf_svg_text(out, 12, 22, HF_ANCHOR_START, 15, ink, words->title);
}

static void foot_write(const hf_chart_words *words, const char *axis, const frame *f, hf_buf *out)
{
    double y = f->top + f->height;
    hf_svg_text(out, f->left + f->width / 2, y + 34, HF_ANCHOR_MIDDLE, SIZE, grey, axis);
    hf_svg_text(out, 12, y + 52, HF_ANCHOR_START, 10, grey, words->source);
}

static void hours_write(const frame *f, hf_buf *out)
{
    double step = hour_step(f->end_h);
    for (double h = 0; h <= f->end_h * (1 + 1e-9); h += step) {
        char text[32];
        snprintf(text, sizeof text, "%g", h);
        hf_svg_line(out, x_of(f, h), f->top, x_of(f, h), f->top + f->height, grid, 1, NULL);
        hf_svg_text(out, x_of(f, h), f->top + f->height + 16, HF_ANCHOR_MIDDLE, SIZE, grey, text);
    }
}

static void amounts_write(const frame *f, double most, hf_buf *out)
{
    double step = amount_step(most);
    for (double v = 0; v <= most * (1 + 1e-9); v += step) {
        char text[32];
        double y = f->top + f->height * (1 - v / most);
        amount_words(v, text);
        hf_svg_line(out, f->left, y, f->left + f->width, y, grid, 1, NULL);
        hf_svg_text(out, f->left - 6, y + 4, HF_ANCHOR_END, SIZE, grey, text);
    }
}

/* The corners of a line in steps; returns how many, at most 2 n + 2. */
static int corners(const frame *f, const hf_chart_steps *steps, double most, double *x, double *y)
{
    int n = 0;
    double level = 0;
    x[n] = f->left, y[n++] = f->top + f->height;
    for (int k = 0; k < steps->n && steps->hour[k] <= f->end_h; k++) {
        x[n] = x_of(f, steps->hour[k]), y[n++] = f->top + f->height * (1 - level / most);
        level = steps->y[k];
        x[n] = x_of(f, steps->hour[k]), y[n++] = f->top + f->height * (1 - level / most);
    }
    x[n] = f->left + f->width, y[n++] = f->top + f->height * (1 - level / most);
    return n;
}

static void peak_write(const frame *f, const hf_chart_steps *steps, double most, int peak, hf_buf *out)
{
    char amount[32], text[96];
    double x = x_of(f, steps->hour[peak]), y = f->top + f->height * (1 - steps->y[peak] / most);
    amount_words(steps->y[peak], amount);
    snprintf(text, sizeof text, "%s at hour %.3g", amount, steps->hour[peak]);
    bool left_half = x < f->left + f->width / 2;
    hf_svg_text(out, x + (left_half ? 4 : -4), y - 5, left_half ? HF_ANCHOR_START : HF_ANCHOR_END, SIZE, ink, text);
}

hf_err hf_chart_curve(const hf_chart_words *words, const hf_chart_steps *steps, double end_h, hf_buf *out)
{
    frame f = {LEFT_CURVE, TOP + 12, WIDTH - LEFT_CURVE - RIGHT, CURVE_HEIGHT, end_h};
    int peak = -1;
    double *x = hf_malloc((2 * (size_t)steps->n + 2) * sizeof *x), *y = hf_malloc((2 * (size_t)steps->n + 2) * sizeof *y);
    if (x && y) {
        for (int k = 0; k < steps->n; k++)
            if (steps->hour[k] <= end_h && steps->y[k] > (peak < 0 ? 0 : steps->y[peak])) peak = k;
        double most = peak < 0 ? 1 : steps->y[peak];
        hf_svg_open(out, WIDTH, f.top + f.height + FOOT, words->title);
        head_write(words, out);
        hf_svg_text(out, 12, TOP, HF_ANCHOR_START, SIZE, grey, words->axis);
        hours_write(&f, out);
        amounts_write(&f, most, out);
        hf_svg_polyline(out, x, y, corners(&f, steps, most, x, y), bar_fill, 2, NULL);
        if (peak >= 0) peak_write(&f, steps, most, peak, out);
        foot_write(words, "hours", &f, out);
        hf_svg_close(out);
    }
    hf_err err = x && y ? out->err : HF_E_NOMEM;
    hf_free(x);
    hf_free(y);
    return err;
}

static void label_write(const char *label, double right, double y, hf_buf *out)
{
    hf_buf text = {0};
    hf_svg_shorten(&text, label, LABEL_COLUMNS);
    if (text.text) hf_svg_text(out, right - 8, y + ROW - 6, HF_ANCHOR_END, SIZE, ink, text.text);
    if (text.err != HF_OK) out->err = text.err;
    hf_buf_done(&text);
}

/* A cell for every stretch of one level; the pointer over it says which. */
static void heat_row(const frame *f, const hf_chart_steps *row, double y, hf_buf *out)
{
    for (int k = 0; k < row->n && row->hour[k] < f->end_h; k++) {
        double until = k + 1 < row->n ? fmin(row->hour[k + 1], f->end_h) : f->end_h;
        char share[32], tip[96];
        if (row->y[k] <= 0 || until <= row->hour[k]) continue;
        snprintf(share, sizeof share, "%.3g", 100 * row->y[k]);
        snprintf(tip, sizeof tip, "%s %% lost from %.4g to %.4g h", share, row->hour[k], until);
        hf_svg_rectangle(out, x_of(f, row->hour[k]), y + 2, fmax(x_of(f, until) - x_of(f, row->hour[k]), 1), ROW - 4, hf_dot_fill(1 - row->y[k]), "none", tip);
    }
}

/* What the colours mean, on the line of the title. */
static void heat_legend(hf_buf *out)
{
    static const double lost[] = {0.2, 0.45, 0.7, 0.9, 1};
    static const char *const words[] = {"to 25 %", "to 50 %", "to 75 %", "more", "all lost"};
    double x = WIDTH - RIGHT - 5 * 76;
    for (int k = 0; k < 5; k++, x += 76) {
        hf_svg_rectangle(out, x, 31, 12, 10, hf_dot_fill(1 - lost[k]), "#888888", NULL);
        hf_svg_text(out, x + 16, 40, HF_ANCHOR_START, 11, grey, words[k]);
    }
}

hf_err hf_chart_heat(const hf_chart_words *words, const hf_chart_steps *rows, int n, double end_h, hf_buf *out)
{
    frame f = {LEFT_ROWS, TOP + 8, WIDTH - LEFT_ROWS - RIGHT, (double)n * ROW, end_h};
    hf_svg_open(out, WIDTH, f.top + f.height + FOOT, words->title);
    head_write(words, out);
    heat_legend(out);
    hours_write(&f, out);
    for (int r = 0; r < n; r++) {
        label_write(rows[r].name, f.left, f.top + r * ROW, out);
        heat_row(&f, &rows[r], f.top + r * ROW, out);
    }
    foot_write(words, words->axis, &f, out);
    hf_svg_close(out);
    return out->err;
}

hf_err hf_chart_bars(const hf_chart_words *words, const hf_chart_bar *bars, int n, hf_buf *out)
{
    double most = 0;
    for (int k = 0; k < n; k++) most = fmax(most, isnan(bars[k].high) ? bars[k].value : bars[k].high);
    if (most <= 0) most = 1;
    frame f = {LEFT_ROWS, TOP, WIDTH - LEFT_ROWS - RIGHT - 60, (double)n * ROW, most};
    hf_svg_open(out, WIDTH, f.top + f.height + FOOT, words->title);
    head_write(words, out);
    double step = amount_step(most);
    for (double v = 0; v <= most * (1 + 1e-9); v += step) {
        char text[32];
        amount_words(v, text);
        hf_svg_line(out, x_of(&f, v), f.top, x_of(&f, v), f.top + f.height, grid, 1, NULL);
        hf_svg_text(out, x_of(&f, v), f.top + f.height + 16, HF_ANCHOR_MIDDLE, SIZE, grey, text);
    }
    for (int k = 0; k < n; k++) {
        double y = f.top + k * ROW, right = x_of(&f, bars[k].value);
        char amount[32];
        label_write(bars[k].label, f.left, y, out);
        hf_svg_rectangle(out, f.left, y + 3, right - f.left, ROW - 6, bar_fill, "none", NULL);
        if (!isnan(bars[k].low)) {
            hf_svg_line(out, x_of(&f, bars[k].low), y + ROW / 2.0, x_of(&f, bars[k].high), y + ROW / 2.0, ink, 2, NULL);
            right = fmax(right, x_of(&f, bars[k].high));
        }
        amount_words(bars[k].value, amount);
        hf_svg_text(out, right + 6, y + ROW - 6, HF_ANCHOR_START, SIZE, ink, amount);
    }
    foot_write(words, words->axis, &f, out);
    hf_svg_close(out);
    return out->err;
}

/* The shade of a share: the steps of losses, but for shares that are small. */
static const char *matrix_fill(double share)
{
    static const double steps[] = {0.01, 0.05, 0.2, 0.5}, lost[] = {0.2, 0.45, 0.7, 0.9, 1};
    int k = 0;
    if (!(share > 0)) return hf_dot_fill(1);
    while (k < 4 && share > steps[k]) k++;
    return hf_dot_fill(1 - lost[k]);
}

static void matrix_cell(double x, double y, double width, double share, hf_buf *out)
{
    char text[32];
    hf_svg_rectangle(out, x, y, width, CELL, isnan(share) ? "#eeeeee" : matrix_fill(share), "#cccccc", NULL);
    if (!(share > 0)) return;
    if (share < 0.0005) snprintf(text, sizeof text, "<0.1");
    else snprintf(text, sizeof text, "%.3g", 100 * share < 10 ? round(1000 * share) / 10 : round(100 * share));
    hf_svg_text(out, x + width / 2, y + CELL - 8, HF_ANCHOR_MIDDLE, 11, share > 0.2 ? "#ffffff" : ink, text);
}

hf_err hf_chart_matrix(const hf_chart_words *words, const char *const *labels, int n, const double *share, hf_buf *out)
{
    double longest = 0;
    for (int k = 0; k < n; k++) longest = fmax(longest, hf_svg_text_width(labels[k], SIZE));
    double left = longest + 28, cell = fmin(64, (WIDTH - left - RIGHT) / fmax(n, 1)), top = TOP + 0.71 * longest;
    frame f = {left, top, cell * n, (double)n * CELL, 1};
    hf_svg_open(out, WIDTH, top + f.height + FOOT - 14, words->title);
    head_write(words, out);
    for (int k = 0; k < n; k++) {
        double x = f.left + (k + 0.5) * cell;
        hf_buf_printf(out, "<g transform=\"translate(%.1f %.1f) rotate(-45)\">\n", x, top - 6);
        hf_svg_text(out, 0, 0, HF_ANCHOR_START, SIZE, ink, labels[k]);
        hf_buf_puts(out, "</g>\n");
        hf_svg_text(out, f.left - 8, top + k * CELL + CELL - 8, HF_ANCHOR_END, SIZE, ink, labels[k]);
        for (int j = 0; j < n; j++) matrix_cell(f.left + j * cell, top + k * CELL, cell, share[k * n + j], out);
    }
    hf_svg_text(out, 12, top + f.height + 20, HF_ANCHOR_START, SIZE, grey, words->axis);
    hf_svg_text(out, 12, top + f.height + 38, HF_ANCHOR_START, 10, grey, words->source);
    hf_svg_close(out);
    return out->err;
}
