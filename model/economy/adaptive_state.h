/* Inside of the adaptive dynamics: how the model lies in memory. Not for others.
 *
 * Industries are numbered q = sector * R + region here, so that the suppliers of a product are neighbours. Users lie in slots: ordered by the
 * level at which they are served and then by industry, each level filled up to whole tiles with empty slots. The table is packed as
 * [product][tile][region of supply][slot of the tile], in the order in which a day reads it. Lanes (scenarios) are innermost. */
#ifndef HF_MODEL_ECONOMY_ADAPTIVE_STATE_H
#define HF_MODEL_ECONOMY_ADAPTIVE_STATE_H


#include "base/arena.h"
#include "model/economy/adaptive.h"

enum { HF_ADAPTIVE_TILE = 64, HF_ADAPTIVE_VECTOR = 8 };

/* Deliveries of a product from a region to another that are held up, as shares by lane. Sorted by (sector, from, to). */
typedef struct hf_adaptive_link {
    int sector, from, to;
    double phi[HF_ADAPTIVE_LANES];
} hf_adaptive_link;

/* The damage of one industry (q) or of the homes of a region (q = -1) that is rebuilt. */
typedef struct hf_adaptive_repair {
    int lane, start, q;
    double share;      /* of the industry's capacity that is lost at first */
    double total;      /* sum of rest at first */
    double remaining;  /* sum of rest now */
    double *rest;      /* [N] what is still to be delivered by supplier q */
} hf_adaptive_repair;

/* What one thread of the pass keeps for itself. */
typedef struct hf_adaptive_worker {
    struct hf_adaptive *model;
    int first, last;         /* products first <= i < last */
    double *limit, *limit2;  /* [slots * L] least limit of critical and of important inputs */
    double *a, *d, *used;    /* [TILE * L] of the tile: received and potential orders per ratio, inputs used */
} hf_adaptive_worker;

struct hf_adaptive {
    /* fixed by hf_adaptive_new */
    int R, S, N, n_tiles, n_slots, n_levels, final_level, rebuild_level;
    hf_adaptive_options options;
    hf_arena arena;
    int *slot_user;      /* [slots] natural industry, -1 empty */
    int *user_slot;      /* [N] of a natural industry */
    int *slot_q;         /* [slots], -1 empty */
    int *tile_level;     /* [tiles] */
    double *z;           /* packed, money per day */
    double *y_home;      /* [N(q) * R] final demand by home region */
    double *y0, *x0;     /* [N(q)] */
    double *va_share;    /* [N(q)] value added / output */
    double *capital;     /* [N(q)] */
    double *stock_days, *restore_days, *rebuild_share; /* [S] */
    double *a;           /* [S * slots] a_if */
    double *inverse;     /* [S * slots] 1 / (max(psi s,1) a_if) where the input limits, else 0 */
    double *slack;       /* [S * slots] 0 where a critical input limits, else a huge number */
    double *slack2;      /* the same for important inputs; NULL unless half critical */
    double *linear;      /* [slots] 1 / sum of max(psi s,1) a_if; NULL unless linear */
    hf_adaptive_worker *workers; /* [threads] */

    /* fixed by hf_adaptive_start */
    hf_arena run;
    int L, n_lanes, day;
    const hf_adaptive_scenario *scenarios; /* copied into `run` */
    hf_adaptive_link *links;
    int n_links;
    int *link_off; /* [S + 1] links of a product */
    hf_adaptive_repair *repairs;
    int n_repairs;
    bool demand_shocks;
    bool keep_trade;     /* wanted from the next start on */

    /* state by lane: [N(q) * L] unless said otherwise */
    double *loss, *outside_loss, *alpha, *cap, *x, *xo, *demand, *y, *rebuild, *unsold, *back, *unmet, *c;
    double *y_change;    /* [S * R * L] change of the final demand of a region for a product */
    double *y_held;      /* final demand held up by trade shocks; used only with links */
    double *orders;      /* [levels][N(q) * L] */
    double *rho;         /* [levels][N(q) * L] */
    double *sent;        /* [levels][N(q) * L] c of the orders times rho: what a unit of Z and W receives */
    double *xs, *xos;    /* [slots * L] x and xo by user */
    double *w, *ratio;   /* [S * slots * L] stocks; W = T / D of the orders placed */
    double *stock_sum;   /* [S * L] */
    double *worst;       /* [S * L] largest residual of a product */
    double worst_supply[HF_ADAPTIVE_LANES];
    double *trade_lost;  /* [N(q) * R * L] what home regions got less than at rest so far; NULL unless kept */
};

/* adaptive_check.c: everything about input and options that would make the model impossible. */
hf_err hf_adaptive_input_check(const hf_adaptive_input *in, const hf_adaptive_options *options, hf_diag *diag);

/* adaptive_shock.c: what the scenarios do to the model. */
hf_err hf_adaptive_shocks_check(const hf_adaptive *m, const hf_adaptive_scenario *scenario, int number, hf_diag *diag);
hf_err hf_adaptive_shocks_start(hf_adaptive *m);
/* Sets loss, y, y_held, rebuild and the links' phi for day m->day. */
void hf_adaptive_shocks_apply(hf_adaptive *m);
/* Takes what was delivered today off the repairs. */
void hf_adaptive_repairs_deliver(hf_adaptive *m);

/* adaptive_pass.c: the products of a worker: receives, restocks and orders; one pass over their part of the table. */
void hf_adaptive_pass(hf_adaptive_worker *worker);
/* adaptive_trade.c: adds what the users of a worker's products get less than at rest; after the day's deliveries are known, before the pass. */
void hf_adaptive_trade_add(hf_adaptive_worker *worker);
/* The sums so far of a lane, by natural industry: ret_lost [N x R]. */
void hf_adaptive_trade_get(const hf_adaptive *model, int lane, double *ret_lost);

/* Orders at W = ratio and capacities c, without the rest of the pass. */
void hf_adaptive_pass_orders(hf_adaptive_worker *worker);

/* Doubles aligned for vectors, cleared; NULL when out of memory. */
double *hf_adaptive_doubles(hf_arena *arena, size_t count);

#endif
