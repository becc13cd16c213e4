/* Load redistribution on a random graph: our betweenness against igraph's, in one run.
 *
 *     bench_reference [NODES]        (default 5,000 nodes, mean degree 4) */
#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "bench/clock.h"
#include "model/cascade/reference/load.h"

static void need(bool ok, const char *what)
{
    if (ok) return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static double igraph_seconds(int n, const int *from, const int *to, int m, double *ret_load)
{
    igraph_t graph;
    igraph_vector_int_t edges;
    igraph_vector_t load;
    need(igraph_vector_int_init(&edges, 2 * m) == IGRAPH_SUCCESS && igraph_vector_init(&load, 0) == IGRAPH_SUCCESS, "out of memory");
    for (int e = 0; e < m; e++) VECTOR(edges)[2 * e] = from[e], VECTOR(edges)[2 * e + 1] = to[e];
    need(igraph_create(&graph, &edges, n, IGRAPH_UNDIRECTED) == IGRAPH_SUCCESS, "no graph");
    double start = bench_seconds();
    need(igraph_betweenness(&graph, &load, igraph_vss_all(), IGRAPH_UNDIRECTED, NULL) == IGRAPH_SUCCESS, "no betweenness");
    double seconds = bench_seconds() - start;
    for (int v = 0; v < n; v++) ret_load[v] = VECTOR(load)[v];
    igraph_vector_destroy(&load);
    igraph_vector_int_destroy(&edges);
    igraph_destroy(&graph);
    return seconds;
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 5000, m = 2 * n, busiest = 0, rounds = 0;
    need(n >= 3, "NODES is 3 or more");
    int *from = malloc((size_t)m * sizeof *from), *to = malloc((size_t)m * sizeof *to), *round_of = malloc((size_t)n * sizeof *round_of);
    double *ours = malloc((size_t)n * sizeof *ours), *theirs = malloc((size_t)n * sizeof *theirs), giant = 0, apart = 0;
    need(from && to && round_of && ours && theirs, "out of memory");
    hf_rng rng = {.seed = 1};
    for (int e = 0; e < m; e++) {
        from[e] = (int)(hf_rng_unit(&rng) * n);
        to[e] = (int)(hf_rng_unit(&rng) * (n - 1));
        to[e] += to[e] >= from[e];
    }
    double start = bench_seconds();
    need(hf_load_betweenness(n, from, to, m, ours) == HF_OK, "no load");
    double own = bench_seconds() - start, igraph = igraph_seconds(n, from, to, m, theirs);
    for (int v = 0; v < n; v++) {
        apart = fmax(apart, fabs(ours[v] - theirs[v]) / fmax(1, theirs[v]));
        if (ours[v] > ours[busiest]) busiest = v;
    }
    printf("load of %d nodes, %d edges: ours %.3f s, igraph %.3f s: ratio %.2f; the two differ by %.1e at most\n", n, m, own, igraph, igraph / own, apart);
    need(apart < 1e-9, "the two differ");
    start = bench_seconds();
    need(hf_load_cascade(n, from, to, m, 0.2, &busiest, 1, round_of, &rounds, &giant) == HF_OK, "no cascade");
    double all = bench_seconds() - start;
    printf("the busiest fails, capacities 20 %% above the load: %d rounds, %.1f %% left in one piece, %.3f s: %.2f of a load a round\n", rounds,
           100 * giant, all, all / own / (rounds + 2));
    free(from), free(to), free(round_of), free(ours), free(theirs);
    return 0;
}
