/* The portfolio optimiser: seconds to a gap of 1 % and to the proof, beside GLPK's branch and cut on the extensive form in the same run;
 * then a problem too large for that.
 *
 *     bench_portfolio [ENTITIES SCENARIOS SECONDS]        (default 5000 1000 20; 0 leaves the large one out)
 *     bench_portfolio large ENTITIES SCENARIOS SECONDS    only that
 *     bench_portfolio part ENTITIES SCENARIOS SECONDS     the same with linear responses and protection in part
 *     bench_portfolio objectives SECONDS                  worst case, regret and CVaR of n1000-s200, so long each
 *     bench_portfolio front                               twenty budgets of n1000-s200, each to 1 %
 *     bench_portfolio growth [MOST [PLOT.svg]]            from 100 to MOST entities (default 10000), beside GLPK while it takes under a minute */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench/clock.h"
#include "bench/plot.h"
#include "bench/random_portfolio.h"
#include "solver/portfolio/compile.h"
#include "solver/portfolio/extensive.h"
#include "solver/portfolio/heuristic.h"
#include "tests/support/parity_portfolio.h"

static void need(hf_err err)
{
    if (err == HF_OK) return;
    fprintf(stderr, "bench: %s\n", hf_err_text(err));
    exit(1);
}

static double peak_mib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static void ours(hf_portfolio *in, double gap, double limit_s, const char *what)
{
    hf_plan *plan = NULL;
    in->gap = gap, in->time_limit_s = limit_s;
    need(hf_portfolio_solve(in, NULL, &plan));
    printf("  %-34s %8.2f s   value %.6g, bound %.6g, gap %.3f %%, %ld cuts, %ld nodes, peak %.0f MiB\n", what, plan->seconds, plan->value, plan->bound,
           100 * plan->gap, plan->cuts, plan->nodes, peak_mib());
    fflush(stdout);
    hf_plan_free(plan);
}

/* How large the cascades are. */
static void scenes_print(const hf_portfolio *in)
{
    hf_compiled c;
    hf_scenes *scenes = NULL;
    double nodes = 0;
    need(hf_portfolio_compile(in, NULL, &c));
    need(hf_scenes_new(&c.plain, &scenes));
    for (int s = 0; s < scenes->n; s++) nodes += scenes->scene[s].n_nodes;
    printf("  %d different scenarios, %.1f entities fail in the mean\n", scenes->n, nodes / scenes->n);
    hf_scenes_free(scenes);
    hf_compiled_done(&c);
}

static void extensive(const hf_portfolio *in, double gap, double limit_s)
{
    hf_compiled c;
    hf_scenes *scenes = NULL;
    hf_lp *lp = NULL;
    need(hf_portfolio_compile(in, NULL, &c));
    need(hf_portfolio_objective(in, NULL, &c));
    need(hf_scenes_new(&c.full, &scenes));
    double start = hf_clock();
    need(hf_extensive_new(scenes, NULL, &lp));
    need(hf_lp_solve_integer(lp, &(hf_lp_integer_options){.gap = gap, .time_limit_s = limit_s}));
    double value = hf_lp_get_status(lp) == HF_LP_STOPPED ? NAN : hf_lp_objective(lp);
    printf("  GLPK, extensive form %-12s  %8.2f s   value %.6g, bound %.6g, %d columns, %d rows\n", gap > 0 ? "to 1 %" : "to the end", hf_clock() - start,
           value, hf_lp_bound(lp), hf_lp_columns(lp), hf_lp_rows(lp));
    fflush(stdout);
    hf_lp_free(lp);
    hf_scenes_free(scenes);
    hf_compiled_done(&c);
}

static void instance(const char *name, double limit_s)
{
    parity_portfolio x;
    if (!parity_portfolio_open(name, &x)) {
        printf("%s is not there\n", name);
        return;
    }
    printf("%s\n", name);
    ours(&x.in, 0.01, 0, "to 1 %");
    ours(&x.in, 0, 0, "to the end");
    extensive(&x.in, 0.01, limit_s);
    extensive(&x.in, 0, limit_s);
    parity_portfolio_close(&x);
}

static void large(int entities, int scenarios, double limit_s, bool in_part)
{
    bench_portfolio x;
    bench_portfolio_make(entities, scenarios, 1, in_part, &x);
    printf("%d entities, %d scenarios, %d measures%s\n", entities, scenarios, x.in.n_measures, in_part ? ", states in part" : "");
    scenes_print(&x.in);
    ours(&x.in, 0.01, limit_s, "to 1 %");
    ours(&x.in, 0, limit_s, "until the time is up");
    if (in_part && entities <= 1000) {
        extensive(&x.in, 0.01, limit_s);
        extensive(&x.in, 0, limit_s);
    }
    bench_portfolio_done(&x);
}

static void objectives(double limit_s)
{
    static const struct {
        hf_objective objective;
        const char *name;
    } all[] = {{HF_OBJECTIVE_WORST, "worst case"}, {HF_OBJECTIVE_REGRET, "regret"}, {HF_OBJECTIVE_CVAR, "CVaR 0.95"}};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        parity_portfolio x;
        if (!parity_portfolio_open("n1000-s200", &x)) return;
        x.in.objective = all[k].objective;
        ours(&x.in, 0, limit_s, all[k].name);
        parity_portfolio_close(&x);
    }
}

static void front(void)
{
    enum { POINTS = 20 };
    parity_portfolio x;
    hf_plan *plans[POINTS];
    double budget[POINTS], worst = 0, start = hf_clock();
    if (!parity_portfolio_open("n1000-s200", &x)) return;
    for (int j = 0; j < POINTS; j++) budget[j] = x.payers[0].budget * (j + 1) / 10;
    x.in.gap = 0.01;
    need(hf_portfolio_series(&x.in, POINTS, budget, NULL, NULL, NULL, plans));
    for (int j = 0; j < POINTS; j++) {
        worst = fmax(worst, plans[j]->gap);
        hf_plan_free(plans[j]);
    }
    printf("twenty budgets of n1000-s200: %.2f s, gaps of %.2f %% at most\n", hf_clock() - start, 100 * worst);
    parity_portfolio_close(&x);
}

/* Processor seconds to 1 %; NAN when it takes longer than the limit. */
static double seconds_ours(hf_portfolio *in, double limit_s, double *ret_gap)
{
    hf_plan *plan = NULL;
    in->gap = 0.01, in->time_limit_s = limit_s;
    double start = bench_seconds();
    need(hf_portfolio_solve(in, NULL, &plan));
    double seconds = bench_seconds() - start;
    *ret_gap = plan->gap;
    bool stopped = plan->status == HF_PLAN_STOPPED;
    hf_plan_free(plan);
    return stopped ? NAN : seconds;
}

static double seconds_extensive(const hf_portfolio *in, double limit_s)
{
    hf_compiled c;
    hf_scenes *scenes = NULL;
    hf_lp *lp = NULL;
    double start = bench_seconds();
    need(hf_portfolio_compile(in, NULL, &c));
    need(hf_portfolio_objective(in, NULL, &c));
    need(hf_scenes_new(&c.full, &scenes));
    need(hf_extensive_new(scenes, NULL, &lp));
    need(hf_lp_solve_integer(lp, &(hf_lp_integer_options){.gap = 0.01, .time_limit_s = limit_s}));
    double seconds = hf_lp_get_status(lp) == HF_LP_STOPPED ? NAN : bench_seconds() - start;
    hf_lp_free(lp);
    hf_scenes_free(scenes);
    hf_compiled_done(&c);
    return seconds > limit_s ? NAN : seconds;
}

static void growth(int most, const char *plot)
{
    static const int sizes[] = {100, 300, 1000, 3000, 10000, 30000, 100000};
    enum { SCENARIOS = 200, LIMIT = 60 };
    bench_series series[2] = {{.name = "Holdfast, to 1 %"}, {.name = "GLPK, extensive form, to 1 %"}};
    bool with_glpk = true;
    printf("%10s %10s %10s %14s %8s %14s %10s\n", "entities", "measures", "scenarios", "seconds to 1 %", "gap %", "GLPK, seconds", "MiB");
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes && sizes[k] <= most; k++) {
        bench_portfolio x;
        double gap, glpk = NAN;
        bench_portfolio_make(sizes[k], SCENARIOS, 1, false, &x);
        double seconds = seconds_ours(&x.in, LIMIT, &gap);
        if (with_glpk) glpk = seconds_extensive(&x.in, LIMIT);
        with_glpk = with_glpk && !isnan(glpk);
        printf("%10d %10d %10d %14.3f %8.2f %14.2f %10.0f\n", sizes[k], x.in.n_measures, SCENARIOS, seconds, 100 * gap, glpk, peak_mib());
        fflush(stdout);
        double figure[] = {seconds, glpk};
        for (int s = 0; s < 2; s++)
            if (!isnan(figure[s])) series[s].x[series[s].n] = sizes[k], series[s].y[series[s].n++] = figure[s];
        bench_portfolio_done(&x);
    }
    if (plot) bench_plot(plot, "Time to a proved gap of 1 % as the network grows", "entities (two measures each, 200 scenarios)", "seconds", series, 2);
}

int main(int n, char **argument)
{
    const char *what = n > 1 ? argument[1] : "";
    if (strcmp(what, "objectives") == 0) {
        objectives(n > 2 ? strtod(argument[2], NULL) : 20);
        return 0;
    }
    if (strcmp(what, "front") == 0) {
        front();
        return 0;
    }
    if (strcmp(what, "growth") == 0) {
        growth(n > 2 ? atoi(argument[2]) : 10000, n > 3 ? argument[3] : NULL);
        return 0;
    }
    bool part = strcmp(what, "part") == 0, only = part || strcmp(what, "large") == 0;
    int at = only ? 2 : 1;
    int entities = n > at ? atoi(argument[at]) : 5000, scenarios = n > at + 1 ? atoi(argument[at + 1]) : 1000;
    double seconds = n > at + 2 ? strtod(argument[at + 2], NULL) : 20;
    if (!only) {
        instance("small/seed1", 120);
        instance("n200-s50", 120);
        instance("n1000-s200", 120);
    }
    if (entities > 0) large(entities, scenarios, seconds, part);
    return 0;
}
