#include "solver/portfolio/extensive.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/master.h"
#include "solver/portfolio/part.h"
#include "solver/portfolio/reach.h"

enum { MOST_SETS = 200 };

typedef struct writer {
    hf_master *master;
    hf_lp *lp;
    const hf_scene *scene;
    int index;              /* of the scene */
    int first;              /* its first column */
    int *column, *chosen;
    double *value;
    int n;
} writer;

static void entry(writer *w, int column, double value)
{
    w->column[w->n] = column;
    w->value[w->n++] = value;
}

/* Entries of one column are added up: an entity may supply a requirement twice. */
static hf_err row_end(writer *w, double low)
{
    int n = 0;
    double high = INFINITY;
    for (int k = 0; k < w->n; k++) {
        int at = 0;
        while (at < n && w->column[at] != w->column[k]) at++;
        if (at < n) {
            w->value[at] += w->value[k];
            continue;
        }
        w->column[n] = w->column[k];
        w->value[n++] = w->value[k];
    }
    w->n = 0;
    return hf_lp_add_rows(w->lp, 1, &low, &high, (int[]){0, n}, w->column, w->value);
}

static void backup_entries(writer *w, int q)
{
    for (int k = w->scene->backup_start[q]; k < w->scene->backup_start[q + 1]; k++) entry(w, w->scene->measure[w->scene->backup[k]], 1);
}

static bool many_sets(int n, int t)
{
    double sets = 1;
    for (int k = 0; k < t; k++) sets = sets * (n - k) / (k + 1);
    return sets > MOST_SETS;
}

/* The next t of n in lexicographic order; false after the last. */
static bool choose_next(int *chosen, int t, int n)
{
    int k = t - 1;
    while (k >= 0 && chosen[k] == n - t + k) k--;
    if (k < 0) return false;
    chosen[k]++;
    for (int j = k + 1; j < t; j++) chosen[j] = chosen[j - 1] + 1;
    return true;
}

static hf_err sets_rows(writer *w, int q)
{
    const hf_scene *sc = w->scene;
    const int *member = sc->member + sc->member_start[q];
    int n = sc->member_start[q + 1] - sc->member_start[q], t = sc->defeat[q];
    for (int k = 0; k < t; k++) w->chosen[k] = k;
    do {
        entry(w, w->first + sc->owner[q], 1);
        for (int k = 0; k < t; k++) entry(w, w->first + member[w->chosen[k]], -1);
        backup_entries(w, q);
        hf_err err = row_end(w, 1 - t);
        if (err != HF_OK) return err;
    } while (choose_next(w->chosen, t, n));
    return HF_OK;
}

static hf_err largest_rows(writer *w, int q)
{
    const hf_scene *sc = w->scene;
    const int *member = sc->member + sc->member_start[q];
    int n = sc->member_start[q + 1] - sc->member_start[q], t = sc->defeat[q], column = hf_lp_columns(w->lp);
    hf_err err = HF_OK;
    double zero = 0, one = 1, infinity = INFINITY;
    HF_TRY(hf_lp_add_columns(w->lp, 1, &zero, &zero, &one, NULL));
    for (int k = 0; k < n; k++) {
        HF_TRY(hf_lp_add_columns(w->lp, 1, &zero, &zero, &infinity, NULL));
        entry(w, column + 1 + k, 1);
        entry(w, column, 1);
        entry(w, w->first + member[k], -1);
        HF_TRY(row_end(w, 0));
    }
    entry(w, w->first + sc->owner[q], 1);
    entry(w, column, -t);
    for (int k = 0; k < n; k++) entry(w, column + 1 + k, -1);
    backup_entries(w, q);
    HF_TRY(row_end(w, 1 - t));
out:
    return err;
}

/* f >= what of the damage is left: one column for each measure that takes a part of it off, the last of them f itself.
 *     v_k >= left_k v_k-1,     v_k >= v_k-1 - (1 - left_k) d y_k,     v_0 = d (1 - the measures that take it all) */
static hf_err part_damage_rows(writer *w, int v)
{
    const hf_part *p = w->scene->part;
    const int *measure = w->scene->measure;
    double d = p->severity[v], zero = 0, infinity = INFINITY;
    int from = p->damage_start[v], to = p->damage_start[v + 1], left = 0, last = -1;
    hf_err err = HF_OK;
    for (int k = from; k < to; k++) left += p->left[k] > 0;
    for (int k = from; k <= to && d > 0; k++) {
        if (k < to && !(p->left[k] > 0)) continue;
        if (k == to && last >= 0) break;
        int column = w->first + v;
        double factor = k < to ? p->left[k] : 1;
        if (k < to && --left > 0) {
            column = hf_lp_columns(w->lp);
            HF_TRY(hf_lp_add_columns(w->lp, 1, &zero, &zero, &infinity, NULL));
        }
        for (int way = 0; way < (k < to ? 2 : 1); way++) { /* scaled, or less the part */
            double times = way == 0 ? factor : 1;
            entry(w, column, 1);
            if (way == 1) entry(w, measure[p->damage_measure[k]], (1 - factor) * d);
            if (last >= 0) entry(w, last, -times);
            for (int q = from; last < 0 && q < to; q++)
                if (!(p->left[q] > 0)) entry(w, measure[p->damage_measure[q]], times * d);
            HF_TRY(row_end(w, last >= 0 ? 0 : times * d));
        }
        last = column;
    }
out:
    return err;
}

static hf_err part_row(writer *w, int r)
{
    const hf_part *p = w->scene->part;
    const int *measure = w->scene->measure;
    hf_err err = HF_OK;
    double zero = 0, one = 1, most = 0;
    int b = hf_lp_columns(w->lp), threshold = p->kind[r] == HF_PART_THRESHOLD;
    if (threshold) { /* b: what is lost defeats it */
        HF_TRY(hf_lp_add_columns(w->lp, 1, &zero, &zero, &one, &(bool){true}));
        for (int k = p->member_start[r]; k < p->member_start[r + 1]; k++) most += p->share[k];
        entry(w, b, most - p->constant[r]);
        for (int k = p->member_start[r]; k < p->member_start[r + 1]; k++) entry(w, w->first + p->member[k], -p->share[k]);
        HF_TRY(row_end(w, -p->constant[r]));
    }
    entry(w, w->first + p->owner[r], 1);
    if (threshold) entry(w, b, -p->full[r]);
    for (int k = p->member_start[r]; !threshold && k < p->member_start[r + 1]; k++) entry(w, w->first + p->member[k], -p->share[k]);
    for (int k = p->relax_start[r]; k < p->relax_start[r + 1]; k++) entry(w, measure[p->relax[k]], p->full[r]);
    HF_TRY(row_end(w, threshold ? 0 : p->constant[r]));
out:
    return err;
}

static hf_err column_add(writer *w, double high, bool whole, int *ret_column)
{
    double zero = 0;
    *ret_column = hf_lp_columns(w->lp);
    return hf_lp_add_columns(w->lp, 1, &zero, &zero, &high, &whole);
}

/* Whether a member of a carrier's row conducts: -1 always, else a column that is 0 when it is wholly lost; -2 never. */
static hf_err conducts_column(writer *w, int r, int member, int *ret_column)
{
    const hf_part *p = w->scene->part;
    hf_err err = HF_OK;
    *ret_column = member;
    if (member <= HF_PART_ADDED) *ret_column = w->scene->measure[p->relax[p->relax_start[r] + HF_PART_ADDED - member]];
    if (member < 0) return HF_OK;
    HF_TRY(column_add(w, 1, true, ret_column));
    entry(w, w->first + member, -1); /* f + 1e-5 k <= 1 */
    entry(w, *ret_column, -1e-5);
    HF_TRY(row_end(w, -1));
out:
    return err;
}

/* -flow + most x conducts >= 0, where it does not always conduct. */
static hf_err capacity_row(writer *w, int flow, double most, int conducts)
{
    if (conducts == HF_PART_ALWAYS) return HF_OK;
    entry(w, flow, -1);
    if (conducts >= 0) entry(w, conducts, most);
    return row_end(w, 0);
}

/* A unit flows from the sources to every service that is not lost, over what conducts. `at` [vertices x 3]: in, reached, source. */
static hf_err carrier_rows(writer *w, int r)
{
    const hf_part *p = w->scene->part;
    const hf_reach *x = &p->reach[(int)p->constant[r]];
    const int *member = p->member + p->member_start[r];
    double most = 0; /* services that may be lost here: no more need flow */
    hf_err err = HF_OK;
    int n = x->n_vertices, conducts, *flow = hf_malloc(2 * (size_t)x->n_lines * sizeof *flow), reached, source;
    if (!flow) return HF_E_NOMEM;
    for (int v = 0; v < n; v++) most += member[n + v] >= 0;
    for (int l = 0; l < x->n_lines; l++) {
        HF_TRY(conducts_column(w, r, member[2 * n + l], &conducts));
        for (int way = 0; way < 2; way++) {
            HF_TRY(column_add(w, x->directed && way ? 0 : most, false, &flow[2 * l + way]));
            HF_TRY(capacity_row(w, flow[2 * l + way], most, conducts));
        }
    }
    for (int v = 0; v < n; v++) {
        int service = member[n + v];
        HF_TRY(conducts_column(w, r, member[v], &conducts));
        HF_TRY(column_add(w, service >= 0 ? 1 : 0, false, &reached));
        HF_TRY(column_add(w, x->source[v] ? most : 0, false, &source));
        HF_TRY(capacity_row(w, source, most, conducts));
        HF_TRY(capacity_row(w, reached, 1, conducts));
        for (int k = x->line_start[v]; k < x->line_start[v + 1]; k++) /* nothing goes into or out of a vertex that is lost */
            for (int way = 0; way < 2; way++) HF_TRY(capacity_row(w, flow[2 * x->line_at[k] + way], most, conducts));
        entry(w, source, 1); /* what comes in is at least what goes on */
        entry(w, reached, -1);
        for (int k = x->line_start[v]; k < x->line_start[v + 1]; k++)
            for (int way = 0; way < 2; way++) entry(w, flow[2 * x->line_at[k] + way], (x->from[x->line_at[k]] == v) == (way == 0) ? -1 : 1);
        HF_TRY(row_end(w, 0));
        if (service < 0) continue;
        entry(w, w->first + service, 1);
        entry(w, reached, 1);
        HF_TRY(row_end(w, 1));
    }
out:
    hf_free(flow);
    return err;
}

static hf_err part_rows(writer *w)
{
    hf_err err = HF_OK;
    for (int v = 0; v < w->scene->n_nodes; v++) HF_TRY(part_damage_rows(w, v));
    for (int r = 0; r < w->scene->part->n_rows; r++) HF_TRY(w->scene->part->kind[r] == HF_PART_CARRIER ? carrier_rows(w, r) : part_row(w, r));
out:
    return err;
}

static hf_err scene_write(writer *w, bool carries)
{
    const hf_scene *sc = w->scene;
    const hf_master *x = w->master;
    hf_err err = HF_OK;
    double zero = 0, one = 1;
    char name[64];
    w->first = hf_lp_columns(w->lp);
    for (int v = 0; v < sc->n_nodes; v++) {
        double cost = carries ? x->factor[w->index] * sc->weight[v] / x->scale : 0;
        HF_TRY(hf_lp_add_columns(w->lp, 1, &cost, &zero, &one, NULL));
        snprintf(name, sizeof name, "f_s%d_n%d", w->index, v);
        HF_TRY(hf_lp_name_column(w->lp, w->first + v, name));
    }
    if (sc->part) return part_rows(w);
    for (int v = 0; v < sc->n_nodes; v++) {
        if (!sc->damaged[v]) continue;
        entry(w, w->first + v, 1);
        for (int k = sc->harden_start[v]; k < sc->harden_start[v + 1]; k++) entry(w, sc->measure[sc->harden[k]], 1);
        HF_TRY(row_end(w, 1));
    }
    for (int q = 0; q < sc->n_requirements; q++) {
        bool many = many_sets(sc->member_start[q + 1] - sc->member_start[q], sc->defeat[q]);
        HF_TRY(many ? largest_rows(w, q) : sets_rows(w, q));
    }
out:
    return err;
}

/* unit theta >= sum of factor x weight x f over the scenes of a cluster; `first_of` [scenes] are their first columns. */
static hf_err link_write(writer *w, int c, const int *first_of)
{
    const hf_master *x = w->master;
    w->n = 0;
    entry(w, x->theta + c, 1);
    for (int k = x->cluster_start[c]; k < x->cluster_start[c + 1]; k++) {
        const hf_scene *sc = &x->scenes->scene[x->cluster[k]];
        for (int v = 0; v < sc->n_nodes; v++)
            if (sc->weight[v] > 0) entry(w, first_of[x->cluster[k]] + v, -x->factor[x->cluster[k]] * sc->weight[v] / x->unit[c]);
    }
    double low = 0, high = INFINITY;
    int n = w->n;
    w->n = 0;
    return hf_lp_add_rows(w->lp, 1, &low, &high, (int[]){0, n}, w->column, w->value);
}

static bool name_fits(const char *name)
{
    if (!name || !*name || strlen(name) > 200) return false;
    for (const char *c = name; *c; c++)
        if (!(*c == '_' || (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z'))) return false;
    return true;
}

static hf_err measures_write(writer *w, const char *const *names)
{
    const hf_portfolio_problem *p = w->master->scenes->problem;
    hf_err err = HF_OK;
    double zero = 0;
    char name[256];
    for (int m = 0; m < p->n_measures; m++) {
        double cost = p->aim == HF_AIM_COST ? p->cost[m] / w->master->scale : zero;
        HF_TRY(hf_lp_add_columns(w->lp, 1, &cost, &zero, &(double){1}, &(bool){true}));
        if (names && name_fits(names[m])) snprintf(name, sizeof name, "y_%s", names[m]);
        else snprintf(name, sizeof name, "y_%d", m);
        HF_TRY(hf_lp_name_column(w->lp, m, name));
    }
out:
    return err;
}

hf_err hf_extensive_new(const hf_scenes *scenes, const char *const *names, hf_lp **ret_lp)
{
    hf_err err = HF_OK;
    hf_master master = {0};
    writer w = {.master = &master};
    size_t most = 64 + 2 * (size_t)scenes->n_measures;
    int *first_of = hf_malloc((size_t)scenes->n * sizeof *first_of);
    HF_TRY(hf_lp_new(&w.lp));
    HF_TRY(hf_master_start(scenes, 1, &master));
    for (int s = 0; s < scenes->n; s++) most += (size_t)scenes->scene[s].n_nodes + (size_t)scenes->max_nodes;
    for (int c = 0; c < scenes->problem->n_reach; c++) most += 4 * (size_t)scenes->problem->reach[c].n_lines;
    w.column = hf_malloc(most * sizeof *w.column);
    w.value = hf_malloc(most * sizeof *w.value);
    w.chosen = hf_malloc(((size_t)scenes->max_nodes + most) * sizeof *w.chosen);
    if (!first_of || !w.column || !w.value || !w.chosen) HF_TRY(HF_E_NOMEM);
    master.scale = 1;
    HF_TRY(measures_write(&w, names));
    HF_TRY(hf_master_rows(&master, w.lp));
    for (int s = 0; s < scenes->n; s++) {
        w.scene = &scenes->scene[s], w.index = s;
        bool carries = hf_master_theta_carries(&master, master.theta_of[s]);
        HF_TRY(scene_write(&w, carries));
        first_of[s] = w.first;
    }
    for (int c = 0; c < master.n_thetas; c++) {
        bool limited = scenes->problem->limit && !isinf(scenes->problem->limit[scenes->scene[master.cluster[master.cluster_start[c]]].group]);
        if (hf_master_theta_carries(&master, c)) HF_TRY(hf_lp_set_cost(w.lp, master.theta + c, 0));
        if (!hf_master_theta_carries(&master, c) || limited) HF_TRY(link_write(&w, c, first_of));
    }
    *ret_lp = w.lp;
    w.lp = NULL;
out:
    hf_free(first_of);
    hf_free(w.column);
    hf_free(w.value);
    hf_free(w.chosen);
    hf_lp_free(w.lp);
    hf_master_done(&master);
    return err;
}
