/* The Vale, the example region of Koks & Thissen, "A multiregional impact assessment model for disaster analysis", Economic Systems Research
 * 28(4), 2016; data and marginals of its published implementation (github.com/ElcoK/MRIA, commit ce4fc16), read from data/parity/vale. */
#include <stdlib.h>

#include "solver/mria.h"
#include "tests/tap.h"

enum { R = 6, S = 4, N = 24, ELMS = 0, OATLANDS = 20, MANUFACTURE = 2 };

static double z[N * N], demand[N * R], exports[N];

static bool numbers_read(const char *name, double *values, int n)
{
    const char *shared = getenv("HOLDFAST_SHARED");
    char path[1024];
    snprintf(path, sizeof path, "%s/parity/vale/%s", shared ? shared : "../shared/data", name);
    FILE *file = fopen(path, "r");
    if (!file) return false;
    int k = 0;
    while (k < n && fscanf(file, "%lf%*[,\r\n]", &values[k]) >= 1) k++;
    fclose(file);
    return k == n;
}

static hf_mria *vale(void)
{
    hf_mria_input input = {.n_regions = R, .n_sectors = S, .z = z, .demand = demand, .exports = exports};
    hf_mria *mria = NULL;
    CHECK_INT(hf_mria_new(&input, NULL, &mria), HF_OK);
    return mria;
}

static void marginals_of_rationing(void)
{
    static const double elms[S] = {5.204188481, 1.808937872, 4.096636629, 1.376208171};
    static const double oatlands[S] = {2.794523846, 1.618811661, 3.836811174, 1.471473718};
    hf_mria *mria = vale();
    for (int s = 0; s < S; s++) {
        CHECK_NEAR(hf_mria_marginals(mria)[ELMS + s], elms[s], 2e-9); /* nine decimals, the last one from an interior point solver */
        CHECK_NEAR(hf_mria_marginals(mria)[OATLANDS + s], oatlands[s], 2e-9);
    }
    hf_mria_free(mria);
}

static void undisturbed_is_the_table(void)
{
    hf_mria *mria = vale();
    hf_mria_result r = {0};
    double available[N], capacity[N];
    for (int f = 0; f < N; f++) available[f] = 1;
    hf_mria_capacity(mria, available, capacity);
    CHECK_INT(hf_mria_solve(mria, capacity, NULL, 0, NULL, &r), HF_OK);
    for (int f = 0; f < N; f++) CHECK_NEAR(r.output[f], hf_mria_output_before(mria)[f], 1e-9 * hf_mria_output_before(mria)[f]);
    CHECK_NEAR(r.rationed_total + r.imported_total, 0, 1e-6);
    hf_mria_result_done(&r);
    hf_mria_free(mria);
}

/* The paper's disruption, manufacturing of Elms at 90 %, and deeper ones in every region: the relaxation is complementary, as the published
 * form demands, and shortage costs more the deeper it is. */
static void relaxation_is_complementary(void)
{
    hf_mria *mria = vale();
    hf_mria_result r = {0};
    for (int region = 0; region < R; region++) {
        double last = 0;
        for (int tenth = 9; tenth >= 1; tenth -= 2) {
            double available[N], capacity[N];
            for (int f = 0; f < N; f++) available[f] = f == region * S + MANUFACTURE ? tenth / 10.0 : 1;
            hf_mria_capacity(mria, available, capacity);
            CHECK_INT(hf_mria_solve(mria, capacity, NULL, 0, NULL, &r), HF_OK);
            CHECK_NEAR(r.complementarity, 0, 1e-9);
            CHECK(r.objective > last);
            CHECK(r.output[region * S + MANUFACTURE] <= capacity[region * S + MANUFACTURE] * (1 + 1e-9));
            CHECK(hf_lp_dual_fault(hf_mria_lp(mria)) < 1e-7);
            last = r.objective;
        }
    }
    hf_mria_result_done(&r);
    hf_mria_free(mria);
}

int main(void)
{
    if (!numbers_read("T.csv", z, N * N) || !numbers_read("FD.csv", demand, N * R) || !numbers_read("ExpROW.csv", exports, N)) {
        SKIP("The Vale", "../shared/data/parity/vale is not there");
        return tap_done();
    }
    RUN(marginals_of_rationing);
    RUN(undisturbed_is_the_table);
    RUN(relaxation_is_complementary);
    return tap_done();
}
