/* Cut sets of the gates that public course material on fault trees uses (verification notes of the project, "Gates and cut sets"). */
#include <stdlib.h>

#include "datasets/package.h"
#include "solver/cutsets.h"
#include "tests/tap.h"

static hf_cutsets_options options_of(const int *target, const double *probability)
{
    return (hf_cutsets_options){.event = HF_CUT_ALL, .targets = target, .n_targets = 1, .probability = probability, .max_size = 99, .max_count = 999,
                                .run = hf_run_options_default(), .out_below = 0.5};
}

/* The basic events of a package are those that its hazard damages. */
static void package_check(const char *name, const char *top, double probability, const char *expected)
{
    char path[512], text[512] = "";
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    hf_cutsets *sets = NULL;
    double p[32] = {0};
    snprintf(path, sizeof path, "%s/datasets/data/textbook/%s", getenv("HOLDFAST_SOURCE") ? getenv("HOLDFAST_SOURCE") : ".", name);
    if (hf_diag_new(&diag) != HF_OK) abort();
    CHECK_INT(hf_package_open(path, diag, &package), HF_OK);
    if (!package) return;
    const hf_network *net = hf_package_network(package);
    for (int d = 0; d < net->n_damage; d++) p[net->damage_entity[d]] = net->damage_probability[d];
    int target = hf_network_find(net, top);
    hf_cutsets_options o = options_of(&target, p);
    o.candidates = net->damage_entity;
    o.n_candidates = net->n_damage;
    CHECK_INT(hf_cutsets_find(net, &o, diag, &sets), HF_OK);
    for (int k = 0; sets && k < sets->n; k++)
        for (int m = sets->off[k]; m < sets->off[k + 1]; m++) {
            strcat(text, m > sets->off[k] ? "+" : k > 0 ? " " : "");
            strcat(text, net->id[sets->entity[m]]);
        }
    CHECK_STR(text, expected);
    CHECK(sets && sets->complete);
    CHECK_NEAR(sets->union_low, probability, 1e-12);
    CHECK_NEAR(sets->union_high, probability, 1e-12);
    hf_cutsets_free(sets);
    hf_package_free(package);
    hf_diag_free(diag);
}

static void gates(void)
{
    package_check("theatre", "lights", .00207, "generator+mains mains+relay");
    package_check("two-of-three", "plant", .098, "p1+p2 p1+p3 p2+p3");
    package_check("all-of-three", "plant", .496, "p1 p2 p3");
}

static const hf_origin nowhere = {0};

static void entity(hf_builder *b, const char *id)
{
    hf_entity_row row = hf_entity_row_default();
    row.id = id, row.sector = "energy", row.country = "AT";
    CHECK_INT(hf_builder_entity(b, &row, nowhere), HF_OK);
}

/* A requirement that any of the suppliers, divided by blanks, can meet. */
static void needs(hf_builder *b, const char *id, const char *what, const char *suppliers)
{
    hf_requirement_row row = hf_requirement_row_default();
    hf_supply_row link = hf_supply_row_default();
    char name[16];
    row.entity = link.entity = id;
    row.requirement = link.requirement = what;
    CHECK_INT(hf_builder_requirement(b, &row, nowhere), HF_OK);
    link.supplier = name;
    while (*suppliers) {
        int n = 0;
        sscanf(suppliers, "%15s%n", name, &n);
        suppliers += n;
        while (*suppliers == ' ') suppliers++;
        CHECK_INT(hf_builder_supply(b, &link, nowhere), HF_OK);
    }
}

/* The three-motor circuit: all basic failures .02; 12 minimal cut sets, 1 of one failure, 3 of two, 8 of four; probability .0211538.
 * Top = s or x and ((a or b or c) or (d1 or d2) and (e1 or e2) and (f1 or f2)). */
static void three_motors(void)
{
    static const char *const basic[] = {"s", "x", "a", "b", "c", "d1", "d2", "e1", "e2", "f1", "f2"};
    hf_builder *b = NULL;
    hf_network *net = NULL;
    hf_cutsets *sets = NULL;
    CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
    for (size_t k = 0; k < sizeof basic / sizeof *basic; k++) entity(b, basic[k]);
    entity(b, "top"), entity(b, "rest"), entity(b, "d"), entity(b, "e"), entity(b, "f");
    needs(b, "top", "s", "s");
    needs(b, "top", "x", "x rest");                 /* lost when x and the rest are */
    needs(b, "rest", "a", "a"), needs(b, "rest", "b", "b"), needs(b, "rest", "c", "c"), needs(b, "rest", "motors", "d e f");
    needs(b, "d", "1", "d1"), needs(b, "d", "2", "d2"), needs(b, "e", "1", "e1"), needs(b, "e", "2", "e2"), needs(b, "f", "1", "f1"), needs(b, "f", "2", "f2");
    CHECK_INT(hf_builder_finish(b, &net), HF_OK);
    hf_builder_free(b);
    double p[32] = {0};
    int target = hf_network_find(net, "top"), candidates[11], by_size[8] = {0};
    for (int k = 0; k < 11; k++) candidates[k] = hf_network_find(net, basic[k]), p[candidates[k]] = .02;
    hf_cutsets_options o = options_of(&target, p);
    o.candidates = candidates, o.n_candidates = 11;
    CHECK_INT(hf_cutsets_find(net, &o, NULL, &sets), HF_OK);
    for (int k = 0; k < sets->n; k++) by_size[sets->off[k + 1] - sets->off[k]]++;
    CHECK_INT(sets->n, 12);
    CHECK_INT(by_size[1], 1);
    CHECK_INT(by_size[2], 3);
    CHECK_INT(by_size[4], 8);
    CHECK(sets->complete);
    CHECK_NEAR(sets->union_low, .0211538, 5e-8);
    CHECK_NEAR(sets->union_high, sets->union_low, 1e-15);
    hf_cutsets_free(sets);
    o.max_size = 2;
    CHECK_INT(hf_cutsets_find(net, &o, NULL, &sets), HF_OK);
    CHECK_INT(sets->n, 4);
    CHECK(!sets->complete && sets->size_done >= 2);
    hf_cutsets_free(sets);
    hf_network_free(net);
}

int main(void)
{
    RUN(gates);
    RUN(three_motors);
    return tap_done();
}
