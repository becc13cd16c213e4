/* data/parity/adaptive: production and unmet final demand of every industry on each of 365 days, against BoARIO (Juhel, "BoARIO: a Python
 * package implementing the ARIO indirect economic cost model", JOSS 9(99), 2024, 6547), commit ecd475f, ARIOPsiModel.
 * The reference holds a shock for one day longer than its duration, and begins a shock on capacity a day after its occurrence. */
#include <stdlib.h>

#include "model/economy/adaptive.h"
#include "tests/tap.h"

enum { R = 10, S = 10, N = 100, DAYS = 365 };

static double z[N * N], y[N * R], x[N], value_added[N], production[DAYS * N], unmet[DAYS * R];

static FILE *open_file(const char *name)
{
    const char *shared = getenv("HOLDFAST_SHARED");
    char path[1024];
    snprintf(path, sizeof path, "%s/parity/adaptive/%s", shared ? shared : "../shared/data", name);
    return fopen(path, "r");
}

static bool numbers_read(const char *name, double *values, int n)
{
    FILE *file = open_file(name);
    if (!file) return false;
    int k = 0;
    while (k < n && fscanf(file, "%lf%*[,\r\n]", &values[k]) == 1) k++;
    fclose(file);
    return k == n;
}

static bool industries_read(void)
{
    FILE *file = open_file("industries.csv");
    if (!file) return false;
    int k = 0;
    if (fscanf(file, "%*[^\n]") == 0)
        while (k < N && fscanf(file, " %*[^,],%*[^,],%lf,%lf", &x[k], &value_added[k]) == 2) k++;
    fclose(file);
    return k == N;
}

static bool case_read(const char *name)
{
    char file[64];
    snprintf(file, sizeof file, "%s-production.csv", name);
    if (!numbers_read(file, production, DAYS * N)) return false;
    snprintf(file, sizeof file, "%s-unmet.csv", name);
    return numbers_read(file, unmet, DAYS * R);
}

/* The largest difference of output from the reference so far, as a share of x0, and where; the same of unmet demand by the region that
 * wants it, as a share of that region's output. */
typedef struct worst {
    double output, unmet;
    int day, industry;
} worst;

static void compare(void *context, const hf_adaptive *model, int lane, int scenario, int day)
{
    worst *w = context;
    double output[N], sum[R], rest[R] = {0};
    (void)scenario;
    hf_adaptive_get(model, lane, HF_ADAPTIVE_OUTPUT, output);
    hf_adaptive_unmet_by_home(model, lane, sum);
    for (int f = 0; f < N; f++) {
        double off = fabs(output[f] - production[day * N + f]) / (x[f] / 365);
        if (!(off <= w->output)) w->output = off, w->day = day, w->industry = f;
        rest[f / S] += x[f] / 365;
    }
    for (int r = 0; r < R; r++) {
        double off = fabs(sum[r] - unmet[day * R + r]) / rest[r];
        if (!(off <= w->unmet)) w->unmet = off;
    }
}

static void agrees(const hf_adaptive_shock *shock)
{
    hf_adaptive_input input = {.n_regions = R, .n_sectors = S, .n_final = 1, .z = z, .y = y, .x = x, .value_added = value_added};
    hf_adaptive_options options = hf_adaptive_options_default();
    hf_adaptive_scenario scenario = {shock, 1};
    hf_adaptive_result result = {0};
    hf_adaptive *model = NULL;
    worst w = {0, 0, -1, -1};
    CHECK_INT(hf_adaptive_new(&input, &options, NULL, &model), HF_OK);
    if (!model) return;
    CHECK_INT(hf_adaptive_run(model, &scenario, 1, DAYS, compare, &w, &result, NULL), HF_OK);
    printf("# output within %.2g of x0 (day %d, industry %d), unmet demand within %.2g, mass balance within %.2g\n", w.output, w.day, w.industry,
           w.unmet, result.residual);
    CHECK_NEAR(w.output, 0, 1e-9);
    CHECK_NEAR(w.unmet, 0, 1e-9);
    CHECK_NEAR(result.residual, 0, 1e-9);
    hf_adaptive_free(model);
}

static void capital_lost_and_recovered(void)
{
    hf_adaptive_shock shock = {
        .kind = HF_SHOCK_CAPITAL, .region = 0, .sector = -1, .size = 0.1, .start = 1, .duration = 1 + 1, .recovery_days = 60, .curve = HF_CURVE_LINEAR};
    agrees(&shock);
}

/* The reference rounds the share of capacity lost to six digits while it recovers; so the curve is given here. */
static void capacity_lost_for_a_time(void)
{
    enum { HELD = 60 + 1, RECOVERY = 60 };
    double given[HELD + RECOVERY];
    for (int k = 0; k < HELD + RECOVERY; k++) given[k] = k < HELD ? 1 : rint(1e5 * (1 - (double)(k - HELD) / RECOVERY)) / 1e5;
    hf_adaptive_shock shock = {.kind = HF_SHOCK_CAPACITY, .region = 0, .sector = -1, .size = 0.1, .start = 1 + 1, .curve = HF_CURVE_GIVEN,
                               .given = given, .n_given = HELD + RECOVERY};
    agrees(&shock);
}

int main(void)
{
    if (!numbers_read("Z.csv", z, N * N) || !numbers_read("Y.csv", y, N * R) || !industries_read()) {
        SKIP("adaptive parity", "../shared/data/parity/adaptive is not there");
        return tap_done();
    }
    if (case_read("recovery")) RUN(capital_lost_and_recovered);
    else SKIP("recovery", "recovery-*.csv are not there");
    if (case_read("arbitrary")) RUN(capacity_lost_for_a_time);
    else SKIP("arbitrary", "arbitrary-*.csv are not there");
    return tap_done();
}
