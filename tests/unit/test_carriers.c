/* What the rules `flow` and `dc` stand on: maximum flows, sparse factors; and what `dc` asks of the data. */
#include <stdlib.h>

#include "base/rng.h"
#include "model/cascade/maxflow.h"
#include "model/cascade/sparse_ldl.h"
#include "model/network/builder.h"
#include "tests/tap.h"

/* Six nodes, capacities of figure 26.1 in Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, 3rd edition: the maximum flow is 23. */
static void a_maximum_flow_of_a_textbook(void)
{
    static const int arc[][3] = {{0, 1, 16}, {0, 2, 13}, {2, 1, 4}, {1, 3, 12}, {3, 2, 9}, {2, 4, 14}, {4, 3, 7}, {3, 5, 20}, {4, 5, 4}};
    hf_maxflow f;
    double into = 0;
    int first[9];
    CHECK_INT(hf_maxflow_init(&f, 6, 18), HF_OK);
    hf_maxflow_clear(&f, 6, 1e-12);
    for (int k = 0; k < 9; k++) first[k] = hf_maxflow_arc(&f, arc[k][0], arc[k][1], arc[k][2], 0);
    hf_maxflow_augment(&f, 0, 5);
    into = f.left[first[7] ^ 1] + f.left[first[8] ^ 1];
    CHECK_NEAR(into, 23, 1e-12);
    CHECK(f.level[5] < 0 && f.level[3] < 0 && f.level[4] >= 0 && f.level[1] >= 0); /* the cut {s, v1, v2, v4} of the book */
    hf_maxflow_done(&f);
}

/* A grid of side x side nodes with random susceptances, the last node grounded: A x = b is solved, and the order keeps L sparse. */
static void grid_solve(int side, uint64_t seed, size_t most_fill)
{
    int n = side * side, *off = malloc(((size_t)n + 1) * sizeof *off), *to = malloc(4 * (size_t)n * sizeof *to), *order = malloc((size_t)n * sizeof *order);
    int *rank = malloc((size_t)n * sizeof *rank), ends = 0;
    double *weight = malloc(2 * (size_t)n * sizeof *weight);
    if (!off || !to || !order || !rank || !weight) abort();
    for (int k = 0; k < 2 * n; k++) weight[k] = 0.1 + hf_random_unit(seed, 1, (uint64_t)k);
    for (int v = 0; v < n; v++) {
        off[v] = ends;
        if (v % side > 0) to[ends++] = v - 1;
        if (v % side < side - 1) to[ends++] = v + 1;
        if (v >= side) to[ends++] = v - side;
        if (v < n - side) to[ends++] = v + side;
    }
    off[n] = ends;
    CHECK_INT(hf_minimum_degree(n, off, to, order), HF_OK);
    for (int k = 0; k < n; k++) rank[k] = -1;
    for (int k = 0; k < n; k++) rank[order[k]] = k;
    for (int v = 0; v < n; v++) CHECK(rank[v] >= 0);
    hf_ldl f;
    CHECK_INT(hf_ldl_init(&f, n, ends, most_fill), HF_OK);
    f.n = n - 1;
    int entries = 0;
    for (int k = 0; k < n - 1; k++) {
        int v = order[k];
        f.off[k] = entries;
        f.diagonal[k] = 0;
        for (int e = off[v]; e < off[v + 1]; e++) {
            int low = v < to[e] ? v : to[e];
            double w = weight[2 * low + (v - to[e] == 1 || to[e] - v == 1)];
            f.diagonal[k] += w;
            if (rank[to[e]] < k) f.row[entries] = rank[to[e]], f.value[entries++] = -w;
        }
    }
    f.off[n - 1] = entries;
    size_t fill = hf_ldl_analyse(&f);
    printf("# %d x %d grid: %zu entries in L\n", side, side, fill);
    CHECK(fill <= most_fill);
    if (fill <= most_fill) {
        double *x = malloc((size_t)n * sizeof *x), *b = malloc((size_t)n * sizeof *b);
        if (!x || !b) abort();
        for (int k = 0; k < n - 1; k++) b[k] = x[k] = hf_random_unit(seed, 2, (uint64_t)k) - 0.5;
        CHECK(hf_ldl_factorise(&f));
        hf_ldl_solve(&f, x);
        for (int k = 0; k < n - 1; k++) {
            b[k] -= f.diagonal[k] * x[k];
            for (int e = f.off[k]; e < f.off[k + 1]; e++) b[k] -= f.value[e] * x[f.row[e]], b[f.row[e]] -= f.value[e] * x[k];
        }
        for (int k = 0; k < n - 1; k++) CHECK_NEAR(b[k], 0, 1e-10);
        free(x);
        free(b);
    }
    hf_ldl_done(&f);
    free(off), free(to), free(order), free(rank), free(weight);
}

static void sparse_equations_are_solved(void)
{
    grid_solve(1, 1, 1);
    grid_solve(2, 2, 10);
    for (uint64_t seed = 3; seed < 20; seed++) grid_solve(3 + (int)seed, seed, 40000);
    grid_solve(100, 99, 300000); /* in the order of rows it would be 990,000 */
}

static void a_matrix_that_is_not_definite_is_refused(void)
{
    hf_ldl f;
    CHECK_INT(hf_ldl_init(&f, 2, 1, 1), HF_OK);
    f.n = 2;
    f.off[0] = f.off[1] = 0;
    f.off[2] = 1;
    f.row[0] = 0;
    f.value[0] = -1;
    f.diagonal[0] = f.diagonal[1] = 1; /* 1 -1 / -1 1: singular */
    CHECK(!hf_ldl_factorise(&f));
    hf_ldl_done(&f);
}

static void entity(hf_builder *b, const char *id)
{
    hf_entity_row row = hf_entity_row_default();
    row.id = row.name = id;
    row.sector = "energy";
    row.country = "AT";
    CHECK_INT(hf_builder_entity(b, &row, (hf_origin){"entities.csv", 1}), HF_OK);
}

/* Two islands, one of which lacks two reactances: one finding, at the line of the file that lacks the first. */
static void missing_reactances_are_one_finding(void)
{
    hf_diag *diag = NULL;
    hf_builder *b = NULL;
    hf_network *net = NULL;
    static const char *const id[] = {"a", "b", "c", "x", "y"};
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_builder_new(diag, &b), HF_OK);
    CHECK_INT(hf_builder_carrier(b, &(hf_carrier_row){"grid", "MW", HF_DC, false}, (hf_origin){"carriers.csv", 2}), HF_OK);
    for (int i = 0; i < 5; i++) {
        entity(b, id[i]);
        CHECK_INT(hf_builder_carrier_node(b, &(hf_carrier_node_row){"grid", id[i], 1, 1, 1}, (hf_origin){"nodes.csv", i + 2}), HF_OK);
    }
    CHECK_INT(hf_builder_carrier_line(b, &(hf_carrier_line_row){"grid", "x", "y", NULL, 9, 0.1, NAN}, (hf_origin){"lines.csv", 2}), HF_OK);
    CHECK_INT(hf_builder_carrier_line(b, &(hf_carrier_line_row){"grid", "c", "b", NULL, 9, NAN, NAN}, (hf_origin){"lines.csv", 3}), HF_OK);
    CHECK_INT(hf_builder_carrier_line(b, &(hf_carrier_line_row){"grid", "a", "b", NULL, 9, NAN, NAN}, (hf_origin){"lines.csv", 4}), HF_OK);
    CHECK_INT(hf_builder_carrier_line(b, &(hf_carrier_line_row){"grid", "a", "c", NULL, 9, 0.2, NAN}, (hf_origin){"lines.csv", 5}), HF_OK);
    CHECK_INT(hf_builder_finish(b, &net), HF_E_DATA);
    CHECK_INT(hf_diag_count(diag, HF_ERROR), 1);
    const hf_finding *f = hf_diag_get(diag, 0);
    CHECK_INT(f->code, HF_E_MISSING);
    CHECK_STR(f->file, "lines.csv");
    CHECK_INT(f->line, 4);
    CHECK_STR(f->text, "carrier grid: 2 of 3 lines of the island of a have no reactance, the first from a to b (rule dc needs one above 0 for every "
                       "line)");
    hf_builder_free(b);
    hf_diag_free(diag);
}

int main(void)
{
    RUN(a_maximum_flow_of_a_textbook);
    RUN(sparse_equations_are_solved);
    RUN(a_matrix_that_is_not_definite_is_refused);
    RUN(missing_reactances_are_one_finding);
    return tap_done();
}
