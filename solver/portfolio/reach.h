/* Carriers of rule `reach` in a program with states in part: a vertex is served while a path of vertices and lines that are not wholly lost leads
 * to it from a source. An entity that is a vertex has two states, its condition (which conducts) and its service (which is lost when the condition
 * is, or when no path is left). */
#ifndef HF_SOLVER_PORTFOLIO_REACH_H
#define HF_SOLVER_PORTFOLIO_REACH_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/network/network.h"
#include "solver/portfolio.h"

/* A state from here on is wholly lost: it conducts nothing. */
#define HF_REACH_GONE (1 - 1e-9)

typedef struct hf_reach {
    bool directed;
    int n_vertices, n_lines;
    const int *entity;       /* vertex: the entity whose state is its condition */
    const int *service;      /* vertex: the entity that is lost when it is not reached, -1: none (it is not reached even when all is well) */
    const bool *source;      /* vertex */
    const int *from, *to;    /* line: vertices */
    const int *line_entity;  /* line: the entity that it is, -1: cannot fail */
    const int *line_measure; /* line: there only when this is bought, -1: there */
    const int *line_start, *line_at; /* vertex -> its lines */
} hf_reach;

/* Which lines and vertices are out, by number; as the callers know it. */
typedef struct hf_reach_states {
    const bool *vertex_out, *line_out;
} hf_reach_states;

/* Marks the vertices that a path leads to from those on `stack` (n of them, marked already); backward: from which a path leads to them. Paths do
 * not enter vertices or lines that are out. O(lines). `stack` has room for all vertices. Returns how many were marked: they are on the stack. */
int hf_reach_spread(const hf_reach *reach, const hf_reach_states *states, bool backward, int *stack, int n, bool *marked);

/* Marks the vertices that are served. As hf_reach_spread, from the sources that are not out; `marked` is cleared first. */
void hf_reach_served(const hf_reach *reach, const hf_reach_states *states, int *stack, bool *marked);

/* The carriers of rule `reach` of the program's network, with the lines that measures would add. service_of [n_entities] says which entity is the
 * service of another: itself where they are one; services are numbered from n_entities on. Into the arena. */
hf_err hf_reach_compile(const hf_portfolio *portfolio, hf_arena *arena, int *ret_n, const hf_reach **ret_reach, int *service_of, int *ret_n_services);

/* Whether a network has any. */
bool hf_reach_any(const hf_network *net);

#endif
