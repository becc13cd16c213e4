/* The portfolio optimiser: seconds to a gap of 1 % and to the proof, beside GLPK's branch and cut on the extensive form in the same run;
 * then a problem too large for that.
 *
 *     bench_portfolio [ENTITIES SCENARIOS SECONDS]        (default 5000 1000 20; 0 leaves the large one out)
 *     bench_portfolio large ENTITIES SCENARIOS SECONDS    only that
 *     bench_portfolio part ENTITIES SCENARIOS SECONDS     the same with linear responses and protection in part */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

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

int main(int n, char **argument)
{
    bool part = n > 1 && strcmp(argument[1], "part") == 0, only = part || (n > 1 && strcmp(argument[1], "large") == 0);
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
