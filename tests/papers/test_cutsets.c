/* Cut sets of fault trees as public course material prints them (verification notes of the project, "Gates and cut sets"), and the probability
 * of the top from them. */
#include <stdlib.h>

#include "datasets/package.h"
#include "model/network/builder.h"
#include "solver/cutsets.h"
#include "tests/tap.h"

enum { CANDIDATES = 16 };

/* Cut sets of an entity; all that a network's damage rows name may fail, with those probabilities. */
static hf_cut_sets *cut_sets(const hf_network *net, const char *top, bool timeline)
{
    hf_inject candidates[CANDIDATES];
    double probability[CANDIDATES];
    int target = hf_network_find(net, top);
    hf_cut_sets *sets = NULL;
    if (target < 0 || net->n_damage > CANDIDATES) abort();
    for (int d = 0; d < net->n_damage; d++) {
        candidates[d] = (hf_inject){0, HF_INJECT_FAIL, net->damage_entity[d], 0, NAN};
        probability[d] = net->damage_probability[d];
    }
    hf_cut_options o = {.n_targets = 1, .targets = &target, .share = 1, .out_below = 0.5, .n_candidates = net->n_damage, .candidates = candidates,
                        .probability = probability, .timeline = timeline, .run = hf_run_options_default(), .max_size = 10, .max_sets = 1000};
    CHECK_INT(hf_cut_sets_find(net, &o, NULL, &sets), HF_OK);
    return sets;
}

/* The sets as "a+b c" in the order found. */
static void check_sets(const hf_network *net, const hf_cut_sets *sets, const char *expected)
{
    char text[512] = "";
    for (int k = 0; k < sets->n; k++)
        for (int j = sets->off[k]; j < sets->off[k + 1]; j++) {
            const char *gap = j > sets->off[k] ? "+" : k > 0 ? " " : "";
            size_t length = strlen(text);
            snprintf(text + length, sizeof text - length, "%s%s", gap, net->id[sets->entity[j]]);
        }
    CHECK_STR(text, expected);
}

static void package_check(const char *name, const char *top, const char *expected, double probability)
{
    char path[512];
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    snprintf(path, sizeof path, "%s/datasets/data/textbook/%s", getenv("HOLDFAST_SOURCE") ? getenv("HOLDFAST_SOURCE") : ".", name);
    if (hf_diag_new(&diag) != HF_OK) abort();
    CHECK_INT(hf_package_open(path, diag, &package), HF_OK);
    for (int timeline = 0; package && timeline < 2; timeline++) {
        const hf_network *net = hf_package_network(package);
        hf_cut_sets *sets = cut_sets(net, top, timeline);
        if (!sets) break;
        check_sets(net, sets, expected);
        CHECK(sets->complete && sets->monotone && sets->p_exact);
        CHECK_NEAR(sets->p_low, probability, 1e-12);
        CHECK_NEAR(sets->p_high, probability, 1e-12);
        hf_cut_sets_free(sets);
    }
    hf_package_free(package);
    hf_diag_free(diag);
}

static void gates(void)
{
    package_check("theatre", "lights", "generator+mains mains+relay", .00207);
    package_check("two-of-three", "plant", "p1+p2 p1+p3 p2+p3", .098);
    package_check("all-of-three", "plant", "p1 p2 p3", .496);
}

/* (.5 or .7) on each of two trains: .85 x .85 = .7225. */
static void trains(void)
{
    package_check("two-trains", "cooling", "pump1+pump2 pump1+valve2 pump2+valve1 valve1+valve2", .7225);
}

static void need(hf_err err)
{
    if (err != HF_OK) abort();
}

static void entity(hf_builder *b, const char *id)
{
    hf_entity_row row = hf_entity_row_default();
    row.id = row.name = id;
    row.sector = "energy";
    row.country = "AT";
    need(hf_builder_entity(b, &row, (hf_origin){0}));
}

/* A gate's input: a requirement that any of the suppliers covers. */
static void input(hf_builder *b, const char *id, const char *name, const char *const *suppliers, int n)
{
    hf_requirement_row row = hf_requirement_row_default();
    row.entity = id;
    row.requirement = name;
    need(hf_builder_requirement(b, &row, (hf_origin){0}));
    for (int k = 0; k < n; k++) {
        hf_supply_row link = hf_supply_row_default();
        link.entity = id;
        link.requirement = name;
        link.supplier = suppliers[k];
        need(hf_builder_supply(b, &link, (hf_origin){0}));
    }
}

#define INPUT(id, name, ...) input(b, id, name, (const char *const[]){__VA_ARGS__}, (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

/* Three motors behind one fuse: the circuit stays closed when its own contact sticks; when the main relay sticks and any motor's switch does;
 * or when the timer sticks and each motor's switch or its coil does. Nine parts, each .02: 12 cut sets, 1 of one part, 3 of two, 8 of four,
 * and .0211538 for the top. */
static hf_network *three_motors(void)
{
    static const char *const parts[] = {"contact", "main", "timer", "switch-1", "switch-2", "switch-3", "coil-1", "coil-2", "coil-3"};
    hf_builder *b = NULL;
    hf_network *net = NULL;
    need(hf_builder_new(NULL, &b));
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) entity(b, parts[k]);
    entity(b, "circuit"), entity(b, "switches"), entity(b, "motor-1"), entity(b, "motor-2"), entity(b, "motor-3");
    INPUT("circuit", "contact", "contact");
    INPUT("circuit", "main", "main", "switches");
    INPUT("circuit", "timer", "timer", "motor-1", "motor-2", "motor-3");
    INPUT("switches", "1", "switch-1");
    INPUT("switches", "2", "switch-2");
    INPUT("switches", "3", "switch-3");
    INPUT("motor-1", "switch", "switch-1");
    INPUT("motor-1", "coil", "coil-1");
    INPUT("motor-2", "switch", "switch-2");
    INPUT("motor-2", "coil", "coil-2");
    INPUT("motor-3", "switch", "switch-3");
    INPUT("motor-3", "coil", "coil-3");
    need(hf_builder_hazard(b, "any", "Any part", 1, (hf_origin){0}));
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) need(hf_builder_damage(b, "any", parts[k], .02, 1, NAN, (hf_origin){0}));
    need(hf_builder_finish(b, &net));
    hf_builder_free(b);
    return net;
}

static void three_motor_circuit(void)
{
    hf_network *net = three_motors();
    for (int timeline = 0; timeline < 2; timeline++) {
        hf_cut_sets *sets = cut_sets(net, "circuit", timeline);
        int of_size[8] = {0};
        if (!sets) break;
        for (int k = 0; k < sets->n; k++)
            if (sets->off[k + 1] - sets->off[k] < 8) of_size[sets->off[k + 1] - sets->off[k]]++;
        CHECK_INT(sets->n, 12);
        CHECK_INT(of_size[1], 1);
        CHECK_INT(of_size[2], 3);
        CHECK_INT(of_size[4], 8);
        CHECK(sets->complete && sets->p_exact);
        CHECK_NEAR(sets->p_low, .0211538, 5e-8);
        hf_cut_sets_free(sets);
    }
    hf_network_free(net);
}

int main(void)
{
    RUN(gates);
    RUN(trains);
    RUN(three_motor_circuit);
    return tap_done();
}
