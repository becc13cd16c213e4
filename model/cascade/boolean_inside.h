/* Inside of the Boolean engine: the compiled form. Not installed.
 *
 * Entities stand in places: by strong component in topological order, inside a component by the strong components of its hard
 * dependencies alone (those where the loss of one supplier is enough), so that one pass carries a failure down a whole chain.
 * A place fails when both places of any of its pairs do (a supplier that is needed alone is paired with itself), or when a short program of
 * whole numbers says so, by kind:
 *
 *     ALL     n, place x n                                  fails when all do
 *     ADD     n, least, (place, weight) x n                 fails when the weights that have failed reach `least`
 *     D_ALL   n, doubt, (place, link) x n                   ALL of the links that are there
 *     D_ADD   n, doubt, cases, (total, least) x cases, (place, link, weight) x n
 *                                                           ADD of the links that are there; `least` depends on their total weight
 *
 * `doubt` numbers a requirement that may be absent, `link` a supply link that may be, -1 where it is sure. */
#ifndef HF_CASCADE_BOOLEAN_INSIDE_H
#define HF_CASCADE_BOOLEAN_INSIDE_H

#include "model/cascade/boolean.h"
#include "model/cascade/links.h"

enum { HF_B_ALL, HF_B_ADD, HF_B_D_ALL, HF_B_D_ADD };
enum { HF_B_PLANES = 12, HF_B_WEIGHT_MOST = (1 << HF_B_PLANES) - 1, HF_B_CASES_MOST = 64 };

typedef struct hf_boolean_pair {
    int a, b;
} hf_boolean_pair;

/* Whom a place's failure bears on: users in its component that fail if `with` has failed too (the place itself where it is enough alone), up to
 * `pairs`; users in its component whose conditions must be asked, up to `asks`; users in later components, up to the next one's `first`. */
typedef struct hf_boolean_user {
    int place, with;
} hf_boolean_user;

typedef struct hf_boolean_users {
    int first, pairs, asks;
} hf_boolean_users;

enum { HF_B_PAIRS = 2 };

struct hf_boolean {
    const hf_network *net;
    int *place, *entity;      /* of an entity; at a place */
    int *start, *end;         /* [places] where its strong component begins and ends */
    int *code_off, *code;
    int *pair_off;            /* at least HF_B_PAIRS each, filled up with a place behind the last that never fails */
    hf_boolean_pair *pair;
    hf_boolean_users *users;  /* [places + 1] */
    hf_boolean_user *user;
    hf_links *links;          /* what may be absent; NULL when everything is sure */
};

struct hf_boolean_state {
    const hf_boolean *b;
    void *memory;
    uint64_t *failed;         /* [(places + 1) x HF_BOOLEAN_WORDS], on cache lines; the last row stays zero */
    uint64_t *needed, *absent; /* of doubtful requirements and links, likewise */
    uint64_t *dirty;          /* one bit a place: a supplier has changed */
    uint64_t *fresh;          /* one bit a place: damaged, its users do not know yet */
    uint64_t *touched;        /* one bit an entity: fails in some sample */
    size_t stride;            /* words of a lane: a bit a place of the largest component */
    uint64_t *lane, *seed;    /* [HF_BOOLEAN_SAMPLES x stride] down; to fail first, all zero between runs */
    uint64_t *together;       /* [places + 1] lanes that went far */
    int *queue;               /* [places + 1] */
    bool eager;               /* lanes after the first pass already, however little still moves (tests) */
};

/* boolean_lanes.c: the samples of one component [first, end) finished one by one, each a lane: a bit a place from `first` on. */
typedef struct hf_boolean_lanes {
    hf_boolean_state *s;
    int first, end;
    size_t groups;            /* of 64 places: words of a lane that are used */
} hf_boolean_lanes;

void hf_boolean_lanes_start(hf_boolean_lanes *l, hf_boolean_state *s, int first, int end);
/* Copies a group of places into the lanes. news [64 x HF_BOOLEAN_WORDS]: the samples in which each place fails now, not yet marked as failed; is
 * overwritten. Every group of the component once. */
void hf_boolean_lanes_load(hf_boolean_lanes *l, int group, uint64_t *news);
/* Takes every lane to its end and writes what failed back into the block; later components are told. */
void hf_boolean_lanes_run(hf_boolean_lanes *l);

/* boolean_terms.c: what a requirement comes to. */
typedef struct hf_boolean_term {
    int kind;                 /* HF_B_ALL, HF_B_ADD; -1: it limits nothing */
    int least;                /* HF_B_ADD: 1 where each is needed */
    int n_cases;              /* in doubt: */
    int total[HF_B_CASES_MOST], case_least[HF_B_CASES_MOST];
} hf_boolean_term;

/* weight [suppliers of g] receives the weights of HF_B_ADD. doubtful [suppliers of g]: may be absent; NULL when all are sure. */
hf_boolean_why hf_boolean_term_of(const hf_network *net, int g, const bool *doubtful, hf_boolean_term *ret_term, int *weight);

#endif
