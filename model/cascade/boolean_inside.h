/* Inside of the Boolean engine: the compiled form. Not installed.
 *
 * Entities stand in places: by strong component in topological order, inside a component by the strong components of its hard
 * dependencies alone (those where the loss of one supplier is enough), so that one pass carries a failure down a whole chain.
 * The conditions of a place are a short program of whole numbers, by kind:
 *
 *     ANY     n, place x n                                  fails when one does
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

enum { HF_B_ANY, HF_B_ALL, HF_B_ADD, HF_B_D_ALL, HF_B_D_ADD };
enum { HF_B_PLANES = 12, HF_B_WEIGHT_MOST = (1 << HF_B_PLANES) - 1, HF_B_CASES_MOST = 64 };

struct hf_boolean {
    const hf_network *net;
    int *place, *entity;      /* of an entity; at a place */
    int *end;                 /* [places] where its strong component ends */
    int *code_off, *code;
    int *user_off, *user;     /* places with a condition on a place, each once */
    hf_links *links;          /* what may be absent; NULL when everything is sure */
};

struct hf_boolean_state {
    const hf_boolean *b;
    void *memory;
    uint64_t *failed;         /* [places x HF_BOOLEAN_WORDS], on cache lines */
    uint64_t *needed, *absent; /* of doubtful requirements and links, likewise */
    uint64_t *dirty;          /* one bit a place: a supplier has changed */
    uint64_t *touched;        /* one bit an entity: fails in some sample */
};

/* boolean_terms.c: what a requirement comes to. */
typedef struct hf_boolean_term {
    int kind;                 /* HF_B_ANY, HF_B_ALL, HF_B_ADD; -1: it limits nothing */
    int least;                /* HF_B_ADD */
    int n_cases;              /* in doubt: */
    int total[HF_B_CASES_MOST], case_least[HF_B_CASES_MOST];
} hf_boolean_term;

/* weight [suppliers of g] receives the weights of HF_B_ADD. doubtful [suppliers of g]: may be absent; NULL when all are sure. */
hf_boolean_why hf_boolean_term_of(const hf_network *net, int g, const bool *doubtful, hf_boolean_term *ret_term, int *weight);

#endif
