#include "bench/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 720, HEIGHT = 420, LEFT = 80, RIGHT = 190, TOP = 50, BOTTOM = 60 };

static const char *const color[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7"}; /* Okabe and Ito: told apart by everyone */
static const char *const dash[] = {"", "6 3", "2 3", "8 3 2 3"};

typedef struct scale {
    double low, high; /* powers of ten */
} scale;

static scale scale_of(const bench_series *series, int n, int is_y)
{
    scale s = {INFINITY, -INFINITY};
    for (int k = 0; k < n; k++)
        for (int j = 0; j < series[k].n; j++) {
            double value = log10(is_y ? series[k].y[j] : series[k].x[j]);
            s.low = fmin(s.low, floor(value));
            s.high = fmax(s.high, ceil(value));
        }
    if (s.high <= s.low) s.high = s.low + 1;
    return s;
}

static double place_x(scale s, double value)
{
    return LEFT + (log10(value) - s.low) / (s.high - s.low) * (WIDTH - LEFT - RIGHT);
}

static double place_y(scale s, double value)
{
    return HEIGHT - BOTTOM - (log10(value) - s.low) / (s.high - s.low) * (HEIGHT - TOP - BOTTOM);
}

static void axes_draw(FILE *f, scale x, scale y, const char *x_axis, const char *y_axis)
{
    for (double p = x.low; p <= x.high; p++)
        fprintf(f, "<line x1='%.1f' y1='%d' x2='%.1f' y2='%d' stroke='#ddd'/><text x='%.1f' y='%d' text-anchor='middle'>%.15g</text>\n", place_x(x, pow(10, p)),
                TOP, place_x(x, pow(10, p)), HEIGHT - BOTTOM, place_x(x, pow(10, p)), HEIGHT - BOTTOM + 18, pow(10, p));
    for (double p = y.low; p <= y.high; p++)
        fprintf(f, "<line x1='%d' y1='%.1f' x2='%d' y2='%.1f' stroke='#ddd'/><text x='%d' y='%.1f' text-anchor='end'>%.3g</text>\n", LEFT,
                place_y(y, pow(10, p)), WIDTH - RIGHT, place_y(y, pow(10, p)), LEFT - 6, place_y(y, pow(10, p)) + 4, pow(10, p));
    fprintf(f, "<text x='%d' y='%d' text-anchor='middle'>%s</text>\n", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 18, x_axis);
    fprintf(f, "<text transform='translate(20 %d) rotate(-90)' text-anchor='middle'>%s</text>\n", (TOP + HEIGHT - BOTTOM) / 2, y_axis);
}

void bench_plot(const char *path, const char *title, const char *x_axis, const char *y_axis, const bench_series *series, int n)
{
    FILE *f = fopen(path, "w");
    if (!f) {
        fprintf(stderr, "bench: cannot write %s\n", path);
        exit(1);
    }
    scale x = scale_of(series, n, 0), y = scale_of(series, n, 1);
    fprintf(f, "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='13'>\n<rect width='%d' height='%d' "
               "fill='white'/>\n<text x='%d' y='24' font-size='15'>%s</text>\n", WIDTH, HEIGHT, WIDTH, HEIGHT, LEFT, title);
    axes_draw(f, x, y, x_axis, y_axis);
    for (int k = 0; k < n; k++) {
        fprintf(f, "<polyline fill='none' stroke='%s' stroke-width='2' stroke-dasharray='%s' points='", color[k % 4], dash[k % 4]);
        for (int j = 0; j < series[k].n; j++) fprintf(f, "%.1f,%.1f ", place_x(x, series[k].x[j]), place_y(y, series[k].y[j]));
        fprintf(f, "'/>\n");
        int last = series[k].n - 1;
        fprintf(f, "<text x='%.1f' y='%.1f' fill='%s'>%s</text>\n", place_x(x, series[k].x[last]) + 8, place_y(y, series[k].y[last]) + 4, color[k % 4],
                series[k].name);
    }
    fprintf(f, "</svg>\n");
    if (fclose(f) != 0) exit(1);
}
