/* The master program: measures y, and for clusters of scenes theta >= what the cuts found so far say that they lose.
 *
 *     min F(theta)    theta_c + sum_m slope_m y_m >= constant  (cuts.h),    budgets, rules, floors, limits,    0 <= y <= 1
 *
 * theta_c is in units of what its cluster loses when nothing is bought and the objective in units of F then, so that rows stay near 1. Its
 * optimum is a bound on F for all plans, whole or not. */
#ifndef HF_SOLVER_PORTFOLIO_MASTER_H
#define HF_SOLVER_PORTFOLIO_MASTER_H

#include "solver/lp.h"
#include "solver/portfolio/cuts.h"

typedef struct hf_master {
    const hf_scenes *scenes;
    hf_lp *lp;
    int n_measures, grant;      /* columns 0 .. n_measures-1 are y */
    int theta, n_thetas;        /* first column; clusters */
    int *theta_of;              /* scene -> cluster */
    int *cluster_start, *cluster; /* cluster -> scenes */
    double *unit;               /* cluster: loss that theta = 1 stands for */
    double *factor;             /* scene: its loss counts so often in the cluster */
    double *least;              /* scene: loss when everything is bought */
    double scale;               /* F = scale x objective of the program */
    int n_fixed_rows;           /* rows before the first cut */
    int *age;                   /* cut: solves since it last bound */
    size_t age_capacity;
    int *budget_row, joint_row, together_row;
    double *budget_scale, joint_scale, together_scale; /* what those rows were divided by */
    hf_claims claims;
    double *slope, *sum;        /* of a scene; of a cluster */
    double *mixed;              /* a point to cut at */
    double *at, *rounded;       /* of a row: the point there; other coefficients */
    int *column;
    double *value;
    long n_cuts;
    double bound;               /* F of the best relaxation so far at the root; -INFINITY: none yet */
} hf_master;

/* A program without cuts. HF_E_NOMEM, HF_E_SOLVER. */
hf_err hf_master_init(const hf_scenes *scenes, int max_clusters, hf_master *master);
void hf_master_done(hf_master *master);

/* The problem's budgets and joint money have changed (finite ones stay finite). Bounds of y are as at the start again; the cuts stay. */
hf_err hf_master_budgets(hf_master *master, const bool *allowed);

/* Its parts, for the extensive form: everything but the program; then grants, budgets, thetas, objective and limits into a program that has
 * the measures as its first columns. Whether theta itself carries the objective: one group counts, without offset. */
hf_err hf_master_start(const hf_scenes *scenes, int max_clusters, hf_master *master);
hf_err hf_master_rows(hf_master *master, hf_lp *lp);
bool hf_master_theta_carries(const hf_master *master, int cluster);

/* Solves the relaxation from the last basis; status and point are then the program's. */
hf_err hf_master_solve(hf_master *master, double time_limit_s);

/* F of the last relaxation. */
double hf_master_bound(const hf_master *master);

/* Adds the cuts found at y (n_measures numbers in [0,1]) that the present point of the program violates; *ret_added: how many. */
hf_err hf_master_separate(hf_master *master, const double *y, int *ret_added);

/* Solves and adds cuts in turn, up to `rounds` times; ends with a solve. *ret_done: no cut was found, the bound stands still or has reached
 * `cutoff` (F), or there is no point at all; else it ran out of rounds or was stopped. Separates at points between y and `centre`
 * (n_measures numbers, moved along; in-out: W. Ben-Ameur, J. Neto, Networks 49 (2007) 3-17). */
typedef struct hf_root_options {
    int rounds;
    double least_rise;           /* relative rise of the bound over `patience` rounds below which it ends */
    int patience;
    double cutoff, deadline;
    const volatile bool *cancel;
} hf_root_options;
hf_err hf_master_tighten(hf_master *master, const hf_root_options *options, double *centre, bool *ret_done);

/* Removes cuts that have not bound for `age` solves. */
hf_err hf_master_purge(hf_master *master, int age);

#endif
