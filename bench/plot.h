/* A plot of measurements as SVG: lines over sizes, both axes logarithmic. */
#ifndef HF_BENCH_PLOT_H
#define HF_BENCH_PLOT_H

typedef struct bench_series {
    const char *name;
    int n;
    double x[16], y[16]; /* > 0 */
} bench_series;

/* Writes the file; ends the program when it cannot. */
void bench_plot(const char *path, const char *title, const char *x_axis, const char *y_axis, const bench_series *series, int n);

#endif
