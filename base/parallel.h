/* Work spread over threads. What is computed must not depend on who computes it: each item writes only what is its own. */
#ifndef HF_BASE_PARALLEL_H
#define HF_BASE_PARALLEL_H

#include <stdbool.h>

#include "base/error.h"

/* Does the items first .. last-1 as `worker` (0 .. threads-1). An error stops the others after their present items. */
typedef hf_err hf_parallel_body(void *context, int worker, long first, long last);

/* Runs items 0 .. n-1 in pieces of `piece` (>= 1) on up to `threads` threads (>= 1; the caller's own is one of them). `stop` (may be NULL)
 * is looked at between pieces: once it is true no further piece is begun. Pieces are begun in order, so that after a stop all pieces below
 * *ret_done (may be NULL; a multiple of `piece`, or n) are finished. Returns the error of the lowest piece that failed. HF_E_NOMEM when no
 * second thread can be had is not an error: fewer are used. */
hf_err hf_parallel_for(long n, long piece, int threads, hf_parallel_body *body, void *context, const volatile bool *stop, long *ret_done);

#endif
