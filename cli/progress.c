#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR = 30 };

static struct {
    double start, shown; /* seconds; 0: nothing is shown */
    bool told;           /* by hf_progress_say */
} state;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void show(void *context, long done, long n)
{
    (void)context;
    char bar[BAR + 1];
    double time = now(), spent = time - state.start, part = n > 0 ? (double)done / (double)n : 1;
    if (spent < 1 || time - state.shown < 0.2 || part <= 0) return;
    state.shown = time;
    int full = (int)(part * BAR);
    memset(bar, '-', BAR);
    memset(bar, '#', (size_t)full);
    bar[BAR] = '\0';
    fprintf(stderr, "\r[%s] %3.0f %%  %.0f s left \033[K", bar, 100 * part, spent / part - spent);
    fflush(stderr);
}

void hf_progress_start(const hf_cli *cli)
{
    state.start = now();
    state.shown = 0;
    state.told = !cli->quiet && isatty(STDERR_FILENO);
}

void hf_progress_say(const char *text)
{
    double time = now();
    if (!state.told || time - state.start < 1 || time - state.shown < 0.2) return;
    state.shown = time;
    fprintf(stderr, "\r%.0f s: %s \033[K", time - state.start, text);
    fflush(stderr);
}

void hf_progress_clear(void)
{
    if (state.shown > 0) fputs("\r\033[K", stderr);
    state.shown = 0;
}

hf_watch hf_progress_watch(const hf_cli *cli)
{
    state.start = now();
    state.shown = 0;
    return (hf_watch){hf_interrupt_flag(), !cli->quiet && isatty(STDERR_FILENO) ? show : NULL, NULL};
}
