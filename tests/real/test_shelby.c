/* data/shelby-indp: the interdependencies of power, water, gas and telecommunication in Shelby County, Tennessee (González, Dueñas-Osorio,
 * Sánchez-Silva, Medaglia, Computer-Aided Civil and Infrastructure Engineering 31 (2016) 334-350; data of htalebiyan/Dec2py). Along the 73
 * arcs: 23 two-cycles, and one failed power node takes down at most three others. */
#include "model/cascade/steady.h"
#include "model/network/builder.h"
#include "tests/support/rows.h"
#include "tests/tap.h"

enum { MOST = 256 };

typedef struct arc {
    char from[32], to[32]; /* provider, and who needs it: network and number */
    char network[16];      /* of the provider */
} arc;

static arc arcs[MOST];
static int n_arcs;

static int column(const rows *r, const char *name)
{
    for (int c = 0; c < r->cells; c++)
        if (strcmp(r->cell[c], name) == 0) return c;
    return -1;
}

static bool arcs_load(void)
{
    rows r;
    if (!rows_open(&r, "shelby-indp/extended/Interdep.csv")) return false;
    int from = column(&r, "Dependee Node"), from_network = column(&r, "Dependee Network"), to = column(&r, "Depender Node"),
        to_network = column(&r, "Depender Network");
    while (rows_next(&r) && r.cells > 3 && n_arcs < MOST && from >= 0 && to >= 0 && from_network >= 0 && to_network >= 0) {
        arc *a = &arcs[n_arcs++];
        snprintf(a->network, sizeof a->network, "%s", r.cell[from_network]);
        snprintf(a->from, sizeof a->from, "%.15s %.8s", r.cell[from_network], r.cell[from]);
        snprintf(a->to, sizeof a->to, "%.15s %.8s", r.cell[to_network], r.cell[to]);
    }
    rows_close(&r);
    return true;
}

static void entity_add(hf_builder *b, const char *id, int upto)
{
    for (int k = 0; k < upto; k++)
        if (strcmp(arcs[k].from, id) == 0 || strcmp(arcs[k].to, id) == 0) return;
    hf_entity_row row = hf_entity_row_default();
    row.id = id;
    row.sector = "energy";
    row.country = "US";
    CHECK_INT(hf_builder_entity(b, &row, (hf_origin){0}), HF_OK);
}

/* One requirement an arc ("any supplier lost"), or one for each network that a node needs ("all lost"). */
static hf_network *network_of(bool substitutes)
{
    hf_builder *b = NULL;
    hf_network *net = NULL;
    char name[MOST][64];
    CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
    for (int k = 0; k < n_arcs; k++) {
        entity_add(b, arcs[k].from, k);
        if (strcmp(arcs[k].from, arcs[k].to) != 0) entity_add(b, arcs[k].to, k);
        snprintf(name[k], sizeof name[k], "%.15s%.31s", arcs[k].network, substitutes ? "" : arcs[k].from);
        bool known = false;
        for (int j = 0; j < k; j++) known |= strcmp(arcs[j].to, arcs[k].to) == 0 && strcmp(name[j], name[k]) == 0;
        hf_requirement_row row = hf_requirement_row_default();
        row.entity = arcs[k].to;
        row.requirement = name[k];
        if (!known) CHECK_INT(hf_builder_requirement(b, &row, (hf_origin){0}), HF_OK);
        hf_supply_row link = hf_supply_row_default();
        link.entity = arcs[k].to;
        link.requirement = name[k];
        link.supplier = arcs[k].from;
        CHECK_INT(hf_builder_supply(b, &link, (hf_origin){0}), HF_OK);
    }
    CHECK_INT(hf_builder_finish(b, &net), HF_OK);
    hf_builder_free(b);
    return net;
}

static int taken_down(hf_timeline *tl, const hf_network *net, const char *id)
{
    hf_inject fail = {0, HF_INJECT_FAIL, hf_network_find(net, id), 0, NAN};
    int n = 0;
    CHECK(fail.entity >= 0);
    CHECK_INT(hf_steady_run(tl, &fail, 1, NULL), HF_OK);
    for (int i = 0; i < net->n_entities; i++) n += i != fail.entity && hf_timeline_level(tl, i) < 0.5;
    return n;
}

static void worst_of_power(bool substitutes, const char *const *worst, int n_worst)
{
    hf_network *net = network_of(substitutes);
    hf_timeline *tl = NULL;
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    int n3 = 0;
    for (int i = 0; i < net->n_entities; i++) {
        if (strncmp(net->id[i], "Power ", 6) != 0) continue;
        int n = taken_down(tl, net, net->id[i]);
        CHECK(n <= 3);
        n3 += n == 3;
    }
    CHECK_INT(n3, n_worst);
    for (int k = 0; k < n_worst; k++) CHECK_INT(taken_down(tl, net, worst[k]), 3);
    if (substitutes) CHECK_INT(taken_down(tl, net, "Power 26"), 2);
    hf_timeline_free(tl);
    hf_network_free(net);
}

static void there_are_73_arcs_and_23_two_cycles(void)
{
    int cycles = 0;
    for (int j = 0; j < n_arcs; j++)
        for (int k = 0; k < j; k++) cycles += strcmp(arcs[j].from, arcs[k].to) == 0 && strcmp(arcs[j].to, arcs[k].from) == 0;
    CHECK_INT(n_arcs, 73);
    CHECK_INT(cycles, 23);
}

static void any_supplier_lost(void)
{
    static const char *const worst[] = {"Power 49", "Power 26", "Power 8", "Power 7"};
    worst_of_power(false, worst, 4);
}

static void all_suppliers_lost(void)
{
    static const char *const worst[] = {"Power 49", "Power 8", "Power 7"};
    worst_of_power(true, worst, 3);
}

int main(void)
{
    if (!arcs_load()) {
        SKIP("shelby", "../shared/data/shelby-indp is not there");
        return tap_done();
    }
    RUN(there_are_73_arcs_and_23_two_cycles);
    RUN(any_supplier_lost);
    RUN(all_suppliers_lost);
    return tap_done();
}
