/* The value of plans, scene by scene, so that a small change of plan costs only the scenes in which it matters. */
#ifndef HF_SOLVER_PORTFOLIO_VALUATION_H
#define HF_SOLVER_PORTFOLIO_VALUATION_H

#include "solver/portfolio/scene.h"

/* Less is better: first how far limits are exceeded, then the value. */
typedef struct hf_score {
    double excess; /* sum over groups of what V_G exceeds its limit by, relative to the limit; 0 within 1e-9 of it */
    double value;  /* F */
} hf_score;

bool hf_score_is_better(hf_score a, hf_score b);

typedef struct hf_valuation {
    const hf_scenes *scenes;
    double *loss;         /* scene */
    double *group;        /* V_G */
    double cost;
    double mass;          /* frequency of all scenarios that count, for HF_AIM_TAIL */
    hf_scene_work work;
    int *touched;         /* scenes that a move touches */
    bool *is_touched;
    double *before;       /* their losses before it */
    int n_touched;
    double cost_before;
    struct hf_tail_item *item; /* scenes, to be sorted by loss */
    double tail_from;     /* loss from which scenes are likely to be in the tail */
} hf_valuation;

hf_err hf_valuation_init(const hf_scenes *scenes, hf_valuation *v);
void hf_valuation_done(hf_valuation *v);

/* All scenes under a plan. */
hf_score hf_valuation_set(hf_valuation *v, const bool *plan);

/* The plan has changed in the measures listed; only scenes in which they have an effect are run. hf_valuation_undo takes the last such
 * change back (of the valuation; the plan is the caller's). */
hf_score hf_valuation_move(hf_valuation *v, const bool *plan, int n, const int *moved);
void hf_valuation_undo(hf_valuation *v);

hf_score hf_valuation_score(hf_valuation *v);

/* Sum of frequency x loss of the scenes that count, whatever F is. */
double hf_valuation_expected(const hf_valuation *v);

#endif
