/* Reference models against programs that are not ours: betweenness as igraph computes it. */
#include <igraph/igraph.h>
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/cascade/reference/load.h"
#include "tests/tap.h"

enum { MOST_NODES = 60, MOST_EDGES = 150 };

/* Graphs of all densities, with parallel edges and parts that are not connected. */
static int edges_draw(hf_rng *rng, int n, int *from, int *to)
{
    int m = (int)(hf_rng_unit(rng) * MOST_EDGES);
    for (int e = 0; e < m; e++) {
        from[e] = (int)(hf_rng_unit(rng) * n);
        to[e] = (int)(hf_rng_unit(rng) * (n - 1));
        to[e] += to[e] >= from[e];
    }
    return m;
}

static void load_is_igraphs_betweenness(void)
{
    for (uint64_t seed = 1; seed <= 300; seed++) {
        hf_rng rng = {.seed = seed};
        int from[MOST_EDGES], to[MOST_EDGES], n = 2 + (int)(hf_rng_unit(&rng) * (MOST_NODES - 2)), m = edges_draw(&rng, n, from, to);
        double load[MOST_NODES];
        igraph_t graph;
        igraph_vector_int_t edges;
        igraph_vector_t theirs;
        igraph_vector_int_init(&edges, 2 * m);
        igraph_vector_init(&theirs, 0);
        for (int e = 0; e < m; e++) VECTOR(edges)[2 * e] = from[e], VECTOR(edges)[2 * e + 1] = to[e];
        CHECK_INT(igraph_create(&graph, &edges, n, IGRAPH_UNDIRECTED), IGRAPH_SUCCESS);
        CHECK_INT(igraph_betweenness(&graph, &theirs, igraph_vss_all(), IGRAPH_UNDIRECTED, NULL), IGRAPH_SUCCESS);
        CHECK_INT(hf_load_betweenness(n, from, to, m, load), HF_OK);
        for (int v = 0; v < n; v++) CHECK_NEAR(load[v], VECTOR(theirs)[v], 1e-9 * (1 + VECTOR(theirs)[v]));
        igraph_vector_destroy(&theirs);
        igraph_vector_int_destroy(&edges);
        igraph_destroy(&graph);
    }
}

int main(void)
{
    RUN(load_is_igraphs_betweenness);
    return tap_done();
}
