/* A small graph in compressed rows, shared by the reference models: built from an edge list, drawn at random, searched for components.
 * Nodes are 0 .. n-1. Rows keep the order of the edge list, so that results do not depend on anything but the input. */
#ifndef HF_CASCADE_REFERENCE_GRAPH_H
#define HF_CASCADE_REFERENCE_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The arcs of node v are to[first[v]] .. to[first[v + 1] - 1]; edge[a] is the place in the edge list that arc a came from.
 * An undirected edge has two arcs. Owned by the caller, released by hf_graph_done. Zero-initialise it ({0}) where it may stay unbuilt. */
typedef struct hf_graph {
    int n;      /* nodes */
    int n_arcs; /* first[n] */
    size_t *first;
    int *to, *edge;
} hf_graph;

/* Checks n nodes (1 ..) and m edges (0 .. about 10^9) from[e] -> to[e], 0 .. n-1. HF_E_RANGE for no nodes, a node outside 0 .. n-1, an edge
 * from a node to itself, or an edge list too long for int arcs. Parallel edges are allowed and stay. O(m). */
hf_err hf_graph_check(int n, const int *from, const int *to, int m);

/* Builds the rows of n nodes and m edges (see hf_graph_check, whose errors it returns); an undirected edge enters both rows. O(n + m). */
hf_err hf_graph_build(int n, const int *from, const int *to, int m, bool directed, hf_graph *ret_graph);

/* An Erdős–Rényi graph G(n, mean_degree / (n - 1)): every pair of the n (1 ..) nodes is joined with the same probability, without loops or
 * parallel edges. mean_degree is 0 .. n-1, else HF_E_RANGE. Drawn from (seed, stream) by skipping along the pairs (Batagelj and Brandes,
 * Phys. Rev. E 71, 036113, 2005). O(n + edges). */
hf_err hf_graph_er(int n, double mean_degree, uint64_t seed, uint64_t stream, hf_graph *ret_graph);

/* Releases the rows; a zeroed or already released graph is fine. */
void hf_graph_done(hf_graph *graph);

/* The largest component among the nodes v with alive[v], arcs taken as ways in their own direction (so use it on undirected graphs).
 * Of components of equal size the one with the smallest node wins. label[n] receives the component of each node (numbered in the order of
 * their smallest nodes, -1 for a node not alive), queue[n] is scratch. Writes its number (-1 when nobody is alive) to *ret_label
 * and returns its size. Cannot fail, allocates nothing. O(n + arcs). */
int hf_graph_giant(const hf_graph *graph, const bool *alive, int *label, int *queue, int *ret_label);

#endif
