/* Inside of the cut sets: what runs the cascade. Not installed. */
#ifndef HF_SOLVER_CUTSETS_INSIDE_H
#define HF_SOLVER_CUTSETS_INSIDE_H

#include "solver/cutsets.h"

/* What more failures can do to the target. */
typedef enum hf_cut_effect {
    HF_CUT_NEVER_HELPS,
    HF_CUT_BOUNDED, /* it may help, by parting islands that share; hf_timeline_bound says how much at most */
    HF_CUT_OPEN
} hf_cut_effect;

/* Runs sets of columns; a column is a candidate from which dependencies lead to the target. */
typedef struct hf_cut_oracle {
    const hf_network *net;
    const hf_cut_options *options;
    hf_diag *diag;
    hf_timeline *tl;
    int n;              /* columns */
    int *candidate;     /* [n] index of each among the candidates, by entity ascending */
    int *near;          /* [n] columns, nearest to the target first, along dependencies and lines */
    hf_inject *injects; /* [n] scratch of a run */
    double *weight;     /* [entities] of the target; 0 for others */
    double need;        /* weight that must be out */
    hf_cut_effect effect;
    long runs;
} hf_cut_oracle;

hf_err hf_cut_oracle_new(const hf_network *net, const hf_cut_options *options, hf_diag *diag, hf_cut_oracle *ret_oracle);
void hf_cut_oracle_done(hf_cut_oracle *o);

/* Whether the target is down when n columns fail together. */
hf_err hf_cut_oracle_run(hf_cut_oracle *o, const int *columns, int n, bool *ret_down);

/* Whether the target can be down when any of n columns fail: exact for HF_CUT_NEVER_HELPS, true of every part of them when it is false. */
hf_err hf_cut_oracle_bound(hf_cut_oracle *o, const int *columns, int n, bool *ret_down);

/* Whether the search shall end: stopped, or as many runs as allowed. */
bool hf_cut_oracle_spent(const hf_cut_oracle *o);

/* The sets found so far, as columns. */
typedef struct hf_cut_list {
    int n, size; /* size: members in all */
    int *off, *column;
    size_t off_capacity, column_capacity;
} hf_cut_list;

hf_err hf_cut_list_add(hf_cut_list *list, const int *columns, int n);
void hf_cut_list_done(hf_cut_list *list);
/* Whether a set (ascending) holds one of the list. */
bool hf_cut_list_covers(const hf_cut_list *list, const int *columns, int n);

/* How far a search came. */
typedef struct hf_cut_search {
    hf_cut_oracle *oracle;
    hf_cut_list found;
    bool complete;
    int complete_to;
    long programs;
} hf_cut_search;

/* Tells who looks how many sets there are. */
void hf_cut_progress(const hf_cut_search *s);

/* The searches. The target is up while nothing fails. The first two need bounds. The last lists sets from a size on; smaller ones are known. */
hf_err hf_cut_search_boxes(hf_cut_search *s);
hf_err hf_cut_search_programs(hf_cut_search *s);
hf_err hf_cut_search_every(hf_cut_search *s, int from_size);

#endif
