/* Inside of the adaptive dynamics: how the model lies in memory. Not for others.
 *
 * Industries are numbered q = sector * R + region here, so that the suppliers of a product are neighbours. Users lie in slots: ordered by the
 * level at which they are served and then by industry, each level filled up to whole tiles with empty slots. The table is packed as
 * [product][tile][region of supply][slot of the tile], in the order in which a day reads it. Lanes (scenarios) are innermost. */
#ifndef HF_MODEL_ECONOMY_ADAPTIVE_STATE_H
#define HF_MODEL_ECONOMY_ADAPTIVE_STATE_H


#include "base/arena.h"
#include "model/economy/adaptive.h"

enum { HF_ADAPTIVE_TILE = 32, HF_ADAPTIVE_VECTOR = 8 };

/* Deliveries of a product from a region to another that are held up, as shares, or late, by lane. Sorted by (sector, from, to). */
typedef struct hf_adaptive_link {
    int sector, from, to;
    int inlet;                      /* where what is late for industries waits, -1: never late */
    bool hit;                       /* held up or late today in any lane; otherwise it changes no bit */
    double phi[HF_ADAPTIVE_LANES];  /* share not shipped today */
    double days[HF_ADAPTIVE_LANES]; /* delay of what is shipped today */
    double late[HF_ADAPTIVE_LANES]; /* final demand: sent today to arrive later, less what of earlier days arrives today */
    double *due;                    /* [n_due * L] final demand under way by slot; NULL: never late */
} hf_adaptive_link;

/* A product on its way to the industries of a region, by day of arrival; the inlets of a product stand together. */
typedef struct hf_adaptive_inlet {
    int to, last; /* last: day after which it is empty, -1: it is */
    double *due; /* [n_due * S * L] */
} hf_adaptive_inlet;

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
    double under[HF_ADAPTIVE_LANES]; /* of the product: sent today to arrive later, less what of earlier days arrives today */
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
    int *first_tile, *last_tile; /* [R] tiles that hold users of a region */
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
    int *link_off;  /* [S + 1] links of a product */
    hf_adaptive_inlet *inlets;
    int n_inlets;
    int *inlet_off; /* [S + 1] inlets of a product */
    int n_due;      /* slots of a ring */
    int due_today;  /* the slot of what arrives today (or, after a day, tomorrow) */
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
/* Sets loss, y, y_held, rebuild and the links' phi and days for day m->day. */
void hf_adaptive_shocks_apply(hf_adaptive *m);
/* Takes what was delivered today off the repairs. */
void hf_adaptive_repairs_deliver(hf_adaptive *m);

/* adaptive_links.c: held up and late. */
hf_err hf_adaptive_links_start(hf_adaptive *m);
/* No link is held up or late; a shock then adds its size of today to the links that it is on. */
void hf_adaptive_links_open(hf_adaptive *m);
void hf_adaptive_links_hit(hf_adaptive *m, const hf_adaptive_shock *s, int lane, double size);
/* Index of a link, or -1. O(log links). */
int hf_adaptive_link_find(const hf_adaptive *m, int sector, int from, int to);
/* Final demand that goes late today, and that of earlier days that arrives: changes unmet. After deliveries are known. */
void hf_adaptive_links_final(hf_adaptive *m);
/* Goods under way to user j of an inlet's region. */
double hf_adaptive_inlet_sum(const hf_adaptive *m, int inlet, int j, int lane);
/* Takes what is held up or late off what a tile would receive, and adds to its stocks w what arrives; held goods go back to the sellers. */
void hf_adaptive_links_tile(hf_adaptive_worker *worker, int sector, int tile, const double *z, const double *sent, const double *ratio, double *w);

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
