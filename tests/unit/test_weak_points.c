/* The structure of dependence: small networks by hand, and brute force on random ones. */
#include "model/network/weak_points.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "tests/support/random_rows.h"
#include "tests/tap.h"

static const hf_origin nowhere = {0};

static void entity(hf_builder *b, const char *id)
{
    hf_entity_row row = hf_entity_row_default();
    row.id = id, row.sector = "energy", row.country = "AT";
    CHECK_INT(hf_builder_entity(b, &row, nowhere), HF_OK);
}

static void needs(hf_builder *b, const char *id, const char *what, const char *supplier, const char *or_supplier)
{
    hf_requirement_row row = hf_requirement_row_default();
    hf_supply_row link = hf_supply_row_default();
    row.entity = link.entity = id;
    row.requirement = link.requirement = what;
    link.supplier = supplier;
    CHECK_INT(hf_builder_requirement(b, &row, nowhere), HF_OK);
    CHECK_INT(hf_builder_supply(b, &link, nowhere), HF_OK);
    link.supplier = or_supplier;
    if (or_supplier) CHECK_INT(hf_builder_supply(b, &link, nowhere), HF_OK);
}

static hf_network *finish(hf_builder *b)
{
    hf_network *net = NULL;
    CHECK_INT(hf_builder_finish(b, &net), HF_OK);
    hf_builder_free(b);
    return net;
}

/* source -> a -> {b, c} -> d (either), d -> e; x <-> y apart. */
static void a_small_network(void)
{
    const char *ids[] = {"a", "b", "c", "d", "e", "source", "x", "y"};
    hf_builder *b = NULL;
    hf_structure *s = NULL;
    CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
    for (int k = 0; k < 8; k++) entity(b, ids[k]);
    needs(b, "a", "power", "source", NULL);
    needs(b, "b", "power", "a", NULL);
    needs(b, "c", "power", "a", NULL);
    needs(b, "d", "power", "b", "c");
    needs(b, "e", "power", "d", NULL);
    needs(b, "x", "data", "y", NULL);
    needs(b, "y", "power", "x", NULL);
    hf_network *net = finish(b);
    CHECK_INT(hf_structure_compute(net, &s), HF_OK);
    CHECK_INT(s->n_loops, 1);
    CHECK_INT(s->loop_off[1], 2);
    CHECK_STR(net->id[s->loop_entity[0]], "x");
    CHECK_STR(net->id[s->loop_entity[1]], "y");
    CHECK_INT(s->n_components, 2);
    CHECK_INT(s->largest_component, 6);
    CHECK_INT(s->n_articulation, 2); /* a and d; b and c stand in for each other */
    CHECK_STR(net->id[s->articulation[0]], "a");
    CHECK_STR(net->id[s->articulation[1]], "d");
    CHECK_STR(net->id[s->dominators[0].entity], "source");
    CHECK_INT(s->dominators[0].count, 5);
    CHECK_STR(net->id[s->dominators[1].entity], "a");
    CHECK_INT(s->dominators[1].count, 4);
    CHECK_INT(s->n_dominators, 3);
    CHECK_STR(net->id[s->alone[0].entity], "source"); /* a, b, c: d has a substitute at each step */
    CHECK_INT(s->alone[0].count, 3);
    CHECK_STR(net->id[s->hubs[0].entity], "a");
    CHECK_INT(s->hubs[0].count, 2);
    CHECK_INT(s->depended[0].count, 5);
    hf_structure_free(s);
    hf_network_free(net);
}

/* A gas plant feeds the grid; the compressor that feeds the plant takes its power from it: a loop through two carriers. A hydro plant on the
 * same grid is on no loop. */
static void loops_go_through_carriers(void)
{
    const char *ids[] = {"compressor", "gas plant", "hydro", "well"};
    hf_builder *b = NULL;
    hf_structure *s = NULL;
    CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
    for (int k = 0; k < 4; k++) entity(b, ids[k]);
    hf_builder_carrier(b, &(hf_carrier_row){"gas", "m3", HF_BALANCE, false}, nowhere);
    hf_builder_carrier(b, &(hf_carrier_row){"grid", "MW", HF_BALANCE, false}, nowhere);
    hf_builder_carrier_node(b, &(hf_carrier_node_row){"gas", "well", 10, 0, 1}, nowhere);
    hf_builder_carrier_node(b, &(hf_carrier_node_row){"gas", "compressor", 0, 0, 1}, nowhere);
    hf_builder_carrier_node(b, &(hf_carrier_node_row){"gas", "gas plant", 0, 10, 1}, nowhere);
    hf_builder_carrier_line(b, &(hf_carrier_line_row){"gas", "well", "compressor", NULL, INFINITY, NAN, NAN}, nowhere);
    hf_builder_carrier_line(b, &(hf_carrier_line_row){"gas", "compressor", "gas plant", NULL, INFINITY, NAN, NAN}, nowhere);
    hf_builder_carrier_node(b, &(hf_carrier_node_row){"grid", "hydro", 5, 0, 1}, nowhere);
    entity(b, "burner"); /* what makes power of the plant's gas */
    entity(b, "town");
    needs(b, "burner", "gas", "gas plant", NULL);
    hf_builder_carrier_node(b, &(hf_carrier_node_row){"grid", "burner", 10, 0, 1}, nowhere);
    hf_builder_carrier_node(b, &(hf_carrier_node_row){"grid", "town", 0, 10, 1}, nowhere);
    hf_builder_carrier_line(b, &(hf_carrier_line_row){"grid", "hydro", "town", NULL, INFINITY, NAN, NAN}, nowhere);
    hf_builder_carrier_line(b, &(hf_carrier_line_row){"grid", "burner", "town", NULL, INFINITY, NAN, NAN}, nowhere);
    needs(b, "compressor", "power", "town", NULL);
    hf_network *net = finish(b);
    CHECK_INT(hf_structure_compute(net, &s), HF_OK);
    CHECK_INT(s->n_loops, 1);
    CHECK_INT(s->loop_off[1], 2); /* the conditions of burner and compressor; plant and town only pass on */
    CHECK_STR(net->id[s->loop_entity[0]], "burner");
    CHECK_STR(net->id[s->loop_entity[1]], "compressor");
    hf_structure_free(s);
    hf_network_free(net);
}

/* Entities reached from `from` when `without` is gone, along links or against them too. */
static int reached(const hf_network *net, int from, int without, bool both_ways, bool *seen)
{
    int count = 0;
    for (int i = 0; i < net->n_entities; i++) seen[i] = false;
    if (from == without) return 0;
    seen[from] = true;
    for (bool more = true; more;) {
        more = false;
        for (int s = 0; s < net->n_supplies; s++) {
            int a = net->sup_supplier[s], b = net->req_entity[net->sup_req[s]];
            if (a == without || b == without) continue;
            if (seen[a] && !seen[b]) seen[b] = more = true;
            if (both_ways && seen[b] && !seen[a]) seen[a] = more = true;
        }
    }
    for (int i = 0; i < net->n_entities; i++) count += seen[i];
    return count;
}

static void brute_force_agrees(void)
{
    for (int seed = 1; seed <= 200; seed++) {
        rows_of *w = malloc(sizeof *w);
        bool seen[MAX_ENTITIES];
        recipe r = {.boolean = true};
        hf_structure *s = NULL;
        if (!w) abort();
        rows_make(w, &r, (uint64_t)seed);
        hf_network *net = rows_build(w, false);
        CHECK_INT(hf_structure_compute(net, &s), HF_OK);
        int n = net->n_entities, points = 0;
        for (int i = 0; i < n; i++) { /* removing a cut point leaves more parts than there were */
            int parts = 0;
            bool done[MAX_ENTITIES] = {false};
            for (int j = 0; j < n; j++) {
                if (done[j] || j == i) continue;
                reached(net, j, i, true, seen);
                for (int k = 0; k < n; k++) done[k] |= seen[k];
                parts++;
            }
            bool listed = false;
            for (int k = 0; k < s->n_articulation; k++) listed |= s->articulation[k] == i;
            CHECK_INT(listed, parts > s->n_components - (reached(net, i, -1, true, seen) == 1));
            points += listed;
        }
        CHECK_INT(points, s->n_articulation);
        for (int k = 0; k < s->n_loops; k++)
            for (int a = s->loop_off[k]; a < s->loop_off[k + 1]; a++) {
                reached(net, s->loop_entity[a], -1, false, seen);
                for (int b = s->loop_off[k]; b < s->loop_off[k + 1]; b++) CHECK(seen[s->loop_entity[b]]);
            }
        for (int k = 0; k < s->n_depended; k++) CHECK_INT(s->depended[k].count, reached(net, s->depended[k].entity, -1, false, seen) - 1);
        hf_structure_free(s);
        hf_network_free(net);
        free(w);
    }
}

/* d dominates i when no source reaches i without d. */
static void dominators_by_brute_force(void)
{
    for (int seed = 1; seed <= 100; seed++) {
        rows_of *w = malloc(sizeof *w);
        bool seen[MAX_ENTITIES], fed[MAX_ENTITIES], fed_without[MAX_ENTITIES];
        recipe r = {.boolean = true};
        hf_structure *s = NULL;
        if (!w) abort();
        rows_make(w, &r, (uint64_t)(500 + seed));
        hf_network *net = rows_build(w, false);
        CHECK_INT(hf_structure_compute(net, &s), HF_OK);
        int n = net->n_entities;
        for (int d = 0; d < n; d++) {
            int expected = 0, found = 0;
            for (int i = 0; i < n; i++) fed[i] = fed_without[i] = false;
            for (int i = 0; i < n; i++) {
                if (net->req_off[i] != net->req_off[i + 1]) continue;
                reached(net, i, -1, false, seen);
                for (int k = 0; k < n; k++) fed[k] |= seen[k];
                reached(net, i, d, false, seen);
                for (int k = 0; k < n; k++) fed_without[k] |= seen[k];
            }
            for (int i = 0; i < n; i++) expected += i != d && fed[i] && !fed_without[i];
            for (int k = 0; k < s->n_dominators; k++)
                if (s->dominators[k].entity == d) found = s->dominators[k].count;
            CHECK_INT(found, expected);
        }
        hf_structure_free(s);
        hf_network_free(net);
        free(w);
    }
}

int main(void)
{
    RUN(a_small_network);
    RUN(loops_go_through_carriers);
    RUN(brute_force_agrees);
    RUN(dominators_by_brute_force);
    return tap_done();
}
