/* Inside of the cut sets: what runs the cascade. Not installed. */
#ifndef HF_SOLVER_CUTSETS_INSIDE_H
#define HF_SOLVER_CUTSETS_INSIDE_H

#include "solver/cutsets.h"

/* Runs sets of columns; a column is a candidate from which dependencies lead to the target. */
typedef struct hf_cut_oracle {
    const hf_network *net;
    const hf_cut_options *options;
    hf_diag *diag;
    hf_timeline *tl;
    int n;              /* columns */
    int *candidate;     /* [n] index of each among the candidates, by entity ascending */
    hf_inject *injects; /* [n] scratch of a run */
    double *weight;     /* [entities] of the target; 0 for others */
    double need;        /* weight that must be out */
    bool monotone;
    long runs;
} hf_cut_oracle;

hf_err hf_cut_oracle_new(const hf_network *net, const hf_cut_options *options, hf_diag *diag, hf_cut_oracle *ret_oracle);
void hf_cut_oracle_done(hf_cut_oracle *o);

/* Whether the target is down when n columns fail together. */
hf_err hf_cut_oracle_run(hf_cut_oracle *o, const int *columns, int n, bool *ret_down);

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

/* The two searches. The target is up while nothing fails. */
hf_err hf_cut_search_programs(hf_cut_search *s);
hf_err hf_cut_search_every(hf_cut_search *s);

#endif
