/* Shapley values of measures. The value is additive over scenarios, and in each only the few measures that act on it matter: so it is exact
 * scenario by scenario where their sets can be looked through, where the whole could not be (L. S. Shapley: A value for n-person games, 1953). */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "solver/portfolio/compile.h"
#include "solver/portfolio/scene.h"

enum { EXACT = 14 };

typedef struct game {
    const hf_scene *scene;
    hf_scene_work work;
    bool *plan;         /* n_measures */
    int *player, n;     /* bought measures that act on the scene */
    double *loss;       /* of each set of them, when few */
} game;

static void exact_shares(game *g, double *share)
{
    double weight[EXACT + 1]; /* |S|! (n-|S|-1)! / n! */
    weight[0] = 1.0 / g->n;
    for (int k = 1; k < g->n; k++) weight[k] = weight[k - 1] * k / (g->n - k);
    for (unsigned set = 0; set < 1u << g->n; set++) {
        for (int k = 0; k < g->n; k++) g->plan[g->player[k]] = set >> k & 1;
        g->loss[set] = hf_scene_run(g->scene, g->plan, &g->work);
    }
    for (int k = 0; k < g->n; k++) {
        double sum = 0;
        for (unsigned set = 0; set < 1u << g->n; set++) {
            int size = __builtin_popcount(set);
            if (!(set >> k & 1)) sum += weight[size] * (g->loss[set] - g->loss[set | 1u << k]);
        }
        share[g->player[k]] += g->scene->frequency * sum;
    }
    for (int k = 0; k < g->n; k++) g->plan[g->player[k]] = false;
}

static void sampled_shares(game *g, int samples, hf_rng *rng, double *share)
{
    for (int sample = 0; sample < samples; sample++) {
        for (int k = g->n - 1; k > 0; k--) {
            int j = (int)hf_rng_below(rng, (uint64_t)k + 1), other = g->player[k];
            g->player[k] = g->player[j];
            g->player[j] = other;
        }
        double before = g->scene->loss;
        for (int k = 0; k < g->n; k++) {
            g->plan[g->player[k]] = true;
            double after = hf_scene_run(g->scene, g->plan, &g->work);
            share[g->player[k]] += g->scene->frequency * (before - after) / samples;
            before = after;
        }
        for (int k = 0; k < g->n; k++) g->plan[g->player[k]] = false;
    }
}

hf_err hf_portfolio_shapley(const hf_portfolio *in, const bool *bought, int samples, uint64_t seed, double *ret_share, hf_diag *diag)
{
    hf_compiled c = {0};
    hf_scenes *scenes = NULL;
    game g = {0};
    hf_err err = hf_portfolio_compile(in, diag, &c);
    if (err != HF_OK) goto out;
    if (samples < 1) HF_TRY(HF_E_RANGE);
    HF_TRY(hf_scenes_new(&c.plain, &scenes));
    g.plan = hf_calloc((size_t)in->n_measures, sizeof *g.plan);
    g.player = hf_malloc((size_t)in->n_measures * sizeof *g.player);
    g.loss = hf_malloc(((size_t)1 << EXACT) * sizeof *g.loss);
    if (!g.plan || !g.player || !g.loss) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_scene_work_init(scenes, &g.work));
    for (int m = 0; m < in->n_measures; m++) ret_share[m] = 0;
    for (int s = 0; s < scenes->n; s++) {
        hf_rng rng = {seed, (uint64_t)s, 0};
        g.scene = &scenes->scene[s];
        g.n = 0;
        for (int k = 0; k < g.scene->n_measures; k++)
            if (bought[g.scene->measure[k]]) g.player[g.n++] = g.scene->measure[k];
        if (g.n == 0) continue;
        if (g.n <= EXACT) exact_shares(&g, ret_share);
        else sampled_shares(&g, samples, &rng, ret_share);
    }
out:
    hf_scene_work_done(&g.work);
    hf_free(g.plan);
    hf_free(g.player);
    hf_free(g.loss);
    hf_scenes_free(scenes);
    hf_compiled_done(&c);
    return err;
}
