/* Work spread over threads. What is computed must not depend on who computes it: each item writes only what is its own. */
#ifndef HF_BASE_PARALLEL_H
#define HF_BASE_PARALLEL_H

#include <stdbool.h>

#include "base/error.h"

/* How a caller follows long work and ends it early. */
typedef struct hf_watch {
    const volatile bool *stop; /* NULL, or becomes true when no further piece shall begin */
    void (*progress)(void *context, long done, long n); /* NULL, or told now and then, on the caller's own thread, how many of n are begun */
    void *context;
} hf_watch;

/* Does the items first .. last-1 as `worker` (0 .. threads-1). An error stops the others after their present items. */
typedef hf_err hf_parallel_body(void *context, int worker, long first, long last);

/* Runs items 0 .. n-1 in pieces of `piece` (>= 1) on up to `threads` threads (>= 1; the caller's own is one of them). `watch` (may be NULL)
 * is looked at between pieces. Pieces are begun in order, so that after a stop all pieces below
 * *ret_done (may be NULL; a multiple of `piece`, or n) are finished. Returns the error of the lowest piece that failed. HF_E_NOMEM when no
 * second thread can be had is not an error: fewer are used. */
hf_err hf_parallel_for(long n, long piece, int threads, hf_parallel_body *body, void *context, const hf_watch *watch, long *ret_done);

#endif
