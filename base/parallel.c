#include "base/parallel.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/alloc.h"

typedef struct shared {
    long n, piece;
    hf_parallel_body *body;
    void *context;
    const hf_watch *watch;
    atomic_long next;
    atomic_bool failed;
    pthread_mutex_t lock; /* of what follows */
    long failed_at;
    hf_err err;
} shared;

typedef struct worker {
    shared *all;
    int number;
    pthread_t thread;
} worker;

static void failure(shared *all, long first, hf_err err)
{
    pthread_mutex_lock(&all->lock);
    if (all->err == HF_OK || first < all->failed_at) {
        all->err = err;
        all->failed_at = first;
    }
    pthread_mutex_unlock(&all->lock);
    atomic_store(&all->failed, true);
}

static void *work(void *argument)
{
    worker *self = argument;
    shared *all = self->all;
    while (!atomic_load(&all->failed) && !(all->watch && all->watch->stop && *all->watch->stop)) {
        long first = atomic_fetch_add(&all->next, all->piece);
        if (first >= all->n) break;
        long last = first + all->piece < all->n ? first + all->piece : all->n;
        hf_err err = all->body(all->context, self->number, first, last);
        if (err != HF_OK) failure(all, first, err);
        if (self->number == 0 && all->watch && all->watch->progress) all->watch->progress(all->watch->context, last, all->n);
    }
    return NULL;
}

hf_err hf_parallel_for(long n, long piece, int threads, hf_parallel_body *body, void *context, const hf_watch *watch, long *ret_done)
{
    shared all = {.n = n, .piece = piece, .body = body, .context = context, .watch = watch};
    worker *workers = hf_calloc((size_t)threads, sizeof *workers);
    if (!workers) return HF_E_NOMEM;
    pthread_mutex_init(&all.lock, NULL);
    int started = 1;
    for (; started < threads && (long)started * piece < n; started++) {
        workers[started] = (worker){.all = &all, .number = started};
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0) break;
    }
    workers[0] = (worker){.all = &all};
    work(&workers[0]);
    for (int k = 1; k < started; k++) pthread_join(workers[k].thread, NULL);
    pthread_mutex_destroy(&all.lock);
    hf_free(workers);
    long begun = atomic_load(&all.next);
    if (ret_done) *ret_done = begun < n ? begun : n;
    return all.err;
}
