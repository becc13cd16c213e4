#include "solver/portfolio/reach.h"

#include <string.h>

int hf_reach_spread(const hf_reach *x, const hf_reach_states *states, bool backward, int *stack, int n, bool *marked)
{
    for (int head = 0; head < n; head++) {
        int v = stack[head];
        for (int k = x->line_start[v]; k < x->line_start[v + 1]; k++) {
            int line = x->line_at[k], begin = backward ? x->to[line] : x->from[line], end = backward ? x->from[line] : x->to[line];
            if (x->directed && begin != v) continue;
            int next = begin == v ? end : begin;
            if (states->line_out[line] || states->vertex_out[next] || marked[next]) continue;
            marked[next] = true;
            stack[n++] = next;
        }
    }
    return n;
}

void hf_reach_served(const hf_reach *x, const hf_reach_states *states, int *stack, bool *marked)
{
    int n = 0;
    for (int v = 0; v < x->n_vertices; v++) {
        marked[v] = x->source[v] && !states->vertex_out[v];
        if (marked[v]) stack[n++] = v;
    }
    hf_reach_spread(x, states, false, stack, n, marked);
}

bool hf_reach_any(const hf_network *net)
{
    for (int c = 0; c < net->n_carriers; c++)
        if (net->carrier_rule[c] == HF_REACH) return true;
    return false;
}

/* --- From the network --- */

/* Calls for every effect that adds a line to carrier c; returns how many there are. `line` NULL: counts only. */
static int new_lines(const hf_portfolio *in, int c, hf_effect *line, int *measure)
{
    int n = 0;
    for (int m = 0; m < in->n_measures; m++)
        for (int k = 0; k < in->measures[m].n_effects; k++) {
            const hf_effect *e = &in->measures[m].effects[k];
            if (e->kind != HF_EFFECT_LINE || e->requirement != c) continue;
            if (line) line[n] = *e, measure[n] = m;
            n++;
        }
    return n;
}

static int vertex_of(const hf_network *net, int c, int entity)
{
    for (int k = net->ent_cnode_off[entity]; k < net->ent_cnode_off[entity + 1]; k++)
        if (net->cnode_carrier[net->ent_cnode[k]] == c) return net->ent_cnode[k] - net->cnode_off[c];
    return -1;
}

typedef struct arrays {
    int *entity, *service, *from, *to, *line_entity, *line_measure, *line_start, *line_at, *stack;
    bool *source, *vertex_out, *line_out, *marked;
    hf_effect *added;
} arrays;

static hf_err arrays_new(hf_arena *arena, size_t vertices, size_t lines, arrays *a)
{
    *a = (arrays){0};
    int **of_vertices[] = {&a->entity, &a->service, &a->line_start, &a->stack}, **of_lines[] = {&a->from, &a->to, &a->line_entity, &a->line_measure};
    bool **flags[] = {&a->source, &a->vertex_out, &a->marked};
    bool ok = true;
    for (size_t k = 0; k < 4; k++) ok = (*of_vertices[k] = hf_arena_calloc(arena, vertices + 1, sizeof(int))) && ok;
    for (size_t k = 0; k < 4; k++) ok = (*of_lines[k] = hf_arena_calloc(arena, lines + 1, sizeof(int))) && ok;
    for (size_t k = 0; k < 3; k++) ok = (*flags[k] = hf_arena_calloc(arena, vertices + 1, sizeof(bool))) && ok;
    a->line_at = hf_arena_calloc(arena, 2 * lines + 1, sizeof(int));
    a->line_out = hf_arena_calloc(arena, lines + 1, sizeof(bool));
    a->added = hf_arena_calloc(arena, lines + 1, sizeof(hf_effect));
    return ok && a->line_at && a->line_out && a->added ? HF_OK : HF_E_NOMEM;
}

static void lines_at_vertices(int n_vertices, int n_lines, arrays *a)
{
    for (int l = 0; l < n_lines; l++) a->line_start[a->from[l] + 1]++, a->line_start[a->to[l] + 1]++;
    for (int v = 0; v < n_vertices; v++) a->line_start[v + 1] += a->line_start[v];
    for (int l = 0; l < n_lines; l++) {
        a->line_at[a->line_start[a->from[l]]++] = l;
        a->line_at[a->line_start[a->to[l]]++] = l;
    }
    for (int v = n_vertices; v > 0; v--) a->line_start[v] = a->line_start[v - 1];
    a->line_start[0] = 0;
}

static hf_err carrier_compile(const hf_portfolio *in, int c, hf_arena *arena, hf_reach *x)
{
    const hf_network *net = in->network;
    int first = net->cnode_off[c], n_there = net->cline_off[c + 1] - net->cline_off[c], n_new = new_lines(in, c, NULL, NULL);
    arrays a;
    hf_err err = arrays_new(arena, (size_t)(net->cnode_off[c + 1] - first), (size_t)n_there + (size_t)n_new, &a);
    if (err != HF_OK) return err;
    *x = (hf_reach){net->carrier_directed[c], net->cnode_off[c + 1] - first, n_there + n_new, a.entity, a.service, a.source,
                    a.from, a.to, a.line_entity, a.line_measure, a.line_start, a.line_at};
    for (int v = 0; v < x->n_vertices; v++) a.entity[v] = net->cnode_entity[first + v], a.source[v] = net->cnode_supply[first + v] > 0;
    for (int l = 0; l < n_there; l++) {
        int line = net->cline_off[c] + l;
        a.from[l] = net->cline_from[line] - first, a.to[l] = net->cline_to[line] - first;
        a.line_entity[l] = net->cline_entity[line], a.line_measure[l] = -1;
    }
    new_lines(in, c, a.added, a.line_measure + n_there);
    for (int l = n_there; l < x->n_lines; l++) {
        a.from[l] = vertex_of(net, c, a.added[l - n_there].entity), a.to[l] = vertex_of(net, c, a.added[l - n_there].supplier);
        a.line_entity[l] = -1;
        a.line_out[l] = true;
    }
    lines_at_vertices(x->n_vertices, x->n_lines, &a);
    hf_reach_served(x, &(hf_reach_states){a.vertex_out, a.line_out}, a.stack, a.marked);
    for (int v = 0; v < x->n_vertices; v++) a.service[v] = a.marked[v] ? a.entity[v] : -1; /* numbered by the caller */
    return HF_OK;
}

hf_err hf_reach_compile(const hf_portfolio *in, hf_arena *arena, int *ret_n, const hf_reach **ret_reach, int *service_of, int *ret_n_services)
{
    const hf_network *net = in->network;
    hf_reach *reach = hf_arena_calloc(arena, (size_t)net->n_carriers + 1, sizeof *reach);
    int n = 0, n_services = 0;
    if (!reach) return HF_E_NOMEM;
    for (int i = 0; i < net->n_entities; i++) service_of[i] = i;
    for (int c = 0; c < net->n_carriers; c++) {
        if (net->carrier_rule[c] != HF_REACH) continue;
        hf_err err = carrier_compile(in, c, arena, &reach[n]);
        if (err != HF_OK) return err;
        int *service = (int *)reach[n].service;
        for (int v = 0; v < reach[n].n_vertices; v++) {
            if (service[v] < 0) continue;
            if (service_of[service[v]] < net->n_entities) service_of[service[v]] = net->n_entities + n_services++;
            service[v] = service_of[service[v]];
        }
        n++;
    }
    *ret_n = n, *ret_reach = reach, *ret_n_services = n_services;
    return HF_OK;
}
