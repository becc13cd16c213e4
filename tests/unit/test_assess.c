/* The CER assessment: every figure of a network small enough for pencil and paper, the judgement of rule sets, and what rule files may not say. */
#include <stdlib.h>

#include "base/arena.h"
#include "datasets/package.h"
#include "datasets/rules.h"
#include "model/assess/rules.h"
#include "model/cascade/losses.h"
#include "model/cascade/sweep.h"
#include "model/network/builder.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static const hf_origin nowhere = {0};

static hf_entity_row entity_row(const char *id, const char *sector, const char *country, const char *region, double users)
{
    hf_entity_row row = hf_entity_row_default();
    row.id = id, row.sector = sector, row.country = country, row.region = region, row.users = users;
    return row;
}

static void needs_power(hf_builder *b, const char *id, const char *curve)
{
    hf_requirement_row row = hf_requirement_row_default();
    row.entity = id, row.requirement = "power", row.curve = curve;
    CHECK_INT(hf_builder_requirement(b, &row, nowhere), HF_OK);
}

static void power_from(hf_builder *b, const char *id, const char *supplier, double share)
{
    hf_supply_row row = hf_supply_row_default();
    row.entity = id, row.requirement = "power", row.supplier = supplier, row.share = share;
    CHECK_INT(hf_builder_supply(b, &row, nowhere), HF_OK);
}

/* A grid that feeds water works (4 h of stock), half a clinic in a remote place abroad (the other half from a plant there), and a bank that the plant
 * could feed alone. The grid is repaired in 10 h, the plant in 20 h. */
static hf_network *small_network(void)
{
    hf_builder *b = NULL;
    hf_network *net = NULL;
    hf_entity_row grid = entity_row("grid", "energy", "AT", "R1", 0), plant = entity_row("plant", "energy", "HU", "R2", 0),
                  works = entity_row("works", "drinking_water", "AT", "R1", 1000), clinic = entity_row("clinic", "health", "HU", "R2", 200),
                  bank = entity_row("bank", "banking", "AT", "R1", 100);
    grid.repair_h = 10, grid.market_share = 0.4, plant.repair_h = 20, clinic.isolated = true;
    CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
    const hf_entity_row *rows[] = {&grid, &plant, &works, &clinic, &bank};
    for (int k = 0; k < 5; k++) CHECK_INT(hf_builder_entity(b, rows[k], nowhere), HF_OK);
    needs_power(b, "works", "4:1");
    needs_power(b, "clinic", "0:1");
    needs_power(b, "bank", "0:1");
    power_from(b, "works", "grid", 1);
    power_from(b, "clinic", "grid", 0.5);
    power_from(b, "clinic", "plant", 0.5);
    power_from(b, "bank", "grid", 1);
    power_from(b, "bank", "plant", 1);
    CHECK_INT(hf_builder_abroad(b, "clinic", "RS", 50, nowhere), HF_OK);
    hf_builder_carrier(b, &(hf_carrier_row){"power", "MW", HF_REACH, false}, nowhere);
    hf_builder_carrier_node(b, &(hf_carrier_node_row){"power", "grid", 120, 0, 1}, nowhere);
    CHECK_INT(hf_builder_finish(b, &net), HF_OK);
    hf_builder_free(b);
    return net;
}

static hf_assessment *assessed(const hf_network *net, hf_assess_options *o, bool *is_member)
{
    hf_assessment *a = NULL;
    for (int c = 0; c < net->countries.n; c++) is_member[c] = strcmp(net->countries.name[c], "RS") != 0;
    *o = (hf_assess_options){.run = hf_run_options_default(), .out_below = 0.5, .is_member = is_member, .n_levels = 2, .level = {50, 500}};
    CHECK_INT(hf_assess(net, o, NULL, &a), HF_OK);
    return a;
}

static void figures_are_those_of_pencil_and_paper(void)
{
    hf_network *net = small_network();
    hf_assess_options o;
    bool is_member[8];
    hf_assessment *a = assessed(net, &o, is_member);
    const hf_significance *g = &a->of[hf_network_find(net, "grid")], *c = &a->of[hf_network_find(net, "clinic")];
    CHECK_NEAR(g->cascade.users_hit_peak, 1000 + 100, 1e-9); /* the works, and half of the clinic */
    CHECK_NEAR(g->users_share, 1100.0 / 1300, 1e-12);
    CHECK_NEAR(g->cascade.user_hours, 6 * 1000 + 10 * 100, 1e-9);
    CHECK_INT(g->others_hit, 2);
    CHECK_INT(g->sectors_hit, 2);
    CHECK_NEAR(g->first_sector_h, 0, 0);
    const int others[HF_ASSESS_HOURS] = {1, 1, 2, 2, 2, 2, 2}; /* the clinic at once, the works after 4 h */
    for (int h = 0; h < HF_ASSESS_HOURS; h++) CHECK_INT(g->others_by[h], others[h]);
    for (int h = 0; h < HF_ASSESS_HOURS; h++) CHECK_INT(g->sectors_by[h], others[h]);
    CHECK_NEAR(g->hours_above[0], 10, 1e-9);
    CHECK_NEAR(g->hours_above[1], 6, 1e-9);
    CHECK_INT(g->states, 3); /* AT, HU, and RS by those whom the clinic serves there */
    CHECK_INT(g->member_states, 2);
    CHECK_INT(g->regions, 2);
    CHECK_INT(g->isolated, 1);
    CHECK_NEAR(g->uncovered, (1 + 0.5 + 0) / 3, 1e-12); /* works, clinic, bank */
    CHECK_NEAR(g->bridged_h, 0, 0);
    CHECK_NEAR(c->users_own, 250, 0);
    CHECK_INT(c->member_states_served, 1);
    CHECK(isnan(c->uncovered));
    CHECK(isinf(c->first_sector_h));
    hf_assessment_free(a);
    hf_network_free(net);
}

static void outages_are_those_of_pencil_and_paper(void)
{
    hf_network *net = small_network();
    hf_assess_options o;
    bool is_member[8];
    hf_assessment *a = assessed(net, &o, is_member);
    int grid = hf_network_find(net, "grid"), plant = hf_network_find(net, "plant"), works = hf_network_find(net, "works");
    int bank = hf_network_find(net, "bank"), clinic = hf_network_find(net, "clinic");
    CHECK_NEAR(a->own_out_h[grid], 10, 1e-9);
    CHECK_NEAR(a->own_out_h[plant], 20, 1e-9);
    CHECK(isinf(a->own_out_h[bank])); /* not repaired by itself */
    CHECK_NEAR(a->longest_out_h[works], 10 - 4, 1e-9); /* its stock is empty after 4 h */
    CHECK_INT(a->longest_from[works], grid);
    CHECK_INT(a->longest_from[bank], -1);   /* either supplier is enough */
    CHECK_INT(a->longest_from[clinic], -1); /* half is not below 0.5 */
    CHECK_NEAR(a->longest_out_h[clinic], 0, 0);
    CHECK_NEAR(hf_assess_bridged_h(net, net->req_off[works]), 4, 0);
    CHECK_NEAR(hf_assess_covered(net, net->sup_off[net->req_off[works]]), 0, 0);
    CHECK_NEAR(hf_assess_covered(net, net->sup_off[net->req_off[clinic]]), 0.5, 0);
    CHECK_NEAR(hf_assess_covered(net, net->sup_off[net->req_off[bank]]), 1, 0);
    hf_assessment_free(a);
    hf_network_free(net);
}

/* A hub in Serbia with users in six states, one of them no Member State, until one more joins. */
static void six_member_states_are_the_line(void)
{
    static const char *const served[] = {"AT", "BG", "HR", "HU", "RO", "RS", "SI"};
    for (int n = 6; n <= 7; n++) {
        hf_builder *b = NULL;
        hf_network *net = NULL;
        hf_assess_options o;
        bool is_member[8];
        hf_entity_row hub = entity_row("hub", "energy", "RS", "R1", 0), shop = entity_row("shop", "food", "RS", "R1", 100);
        CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
        CHECK_INT(hf_builder_entity(b, &hub, nowhere), HF_OK);
        CHECK_INT(hf_builder_entity(b, &shop, nowhere), HF_OK);
        needs_power(b, "shop", "0:1");
        power_from(b, "shop", "hub", 1);
        for (int c = 0; c < n; c++)
            if (c != 5) CHECK_INT(hf_builder_abroad(b, "shop", served[c], 10, nowhere), HF_OK);
        CHECK_INT(hf_builder_finish(b, &net), HF_OK);
        hf_builder_free(b);
        hf_assessment *a = assessed(net, &o, is_member);
        hf_threshold six = {.criterion = 4, .indicator = HF_MEMBER_STATES, .limit = 6, .level = NAN};
        hf_rules rules = {.near = 0.5};
        int i = hf_network_find(net, "hub");
        CHECK_INT(a->of[i].states, n);
        CHECK_INT(a->of[i].member_states, n - 1);
        CHECK_INT(a->of[i].member_states_served, 0); /* it serves nobody itself */
        CHECK_INT(hf_threshold_judge(&rules, &six, net, i, &a->of[i], &o), n == 7 ? HF_MET : HF_NEAR);
        hf_assessment_free(a);
        hf_network_free(net);
    }
}

static void groups_depend_on_groups(void)
{
    hf_network *net = small_network();
    hf_assess_options o;
    bool is_member[8];
    hf_assessment *a = assessed(net, &o, is_member);
    int energy = hf_labels_find(&net->sectors, "energy"), health = hf_labels_find(&net->sectors, "health");
    int water = hf_labels_find(&net->sectors, "drinking_water");
    int at = hf_labels_find(&net->countries, "AT"), hu = hf_labels_find(&net->countries, "HU"), rs = hf_labels_find(&net->countries, "RS");
    CHECK_INT(a->links[energy * a->n_sectors + health], 2);
    CHECK_INT(a->links[health * a->n_sectors + energy], 0);
    CHECK_NEAR(a->sector_share[energy * a->n_sectors + health], 0.5, 1e-12); /* half by the grid, half by the plant */
    CHECK_NEAR(a->sector_share[energy * a->n_sectors + water], 0.5, 1e-12);  /* all by the grid, none by the plant */
    CHECK(isnan(a->sector_share[water * a->n_sectors + energy]));            /* energy has no users here */
    CHECK_NEAR(a->country_share[at * a->n_countries + hu], 0.5 / 3, 1e-12);  /* the grid, one of three */
    CHECK_NEAR(a->country_share[hu * a->n_countries + rs], (0.5 + 1) / 2, 1e-12); /* the plant by half, the clinic */
    CHECK_INT(a->country_hits[at * a->n_countries + rs], 1);
    hf_assessment_free(a);
    hf_network_free(net);
}

static void rules_are_kept(void)
{
    hf_network *net = small_network();
    hf_assess_options o;
    bool is_member[8];
    hf_assessment *a = assessed(net, &o, is_member);
    int grid = hf_network_find(net, "grid"), clinic = hf_network_find(net, "clinic");
    hf_threshold thresholds[] = {{0, HF_USERS_HIT, 1100, NAN, NULL, NULL, NULL, NULL, NULL, false},
                                 {1, HF_SECTOR_WITHIN_H, 2, NAN, NULL, NULL, NULL, NULL, NULL, true},
                                 {2, HF_SUPPLY, 200, NAN, "MW", "energy", NULL, NULL, NULL, false},
                                 {3, HF_MARKET_SHARE, 0.9, NAN, NULL, NULL, NULL, NULL, NULL, false},
                                 {4, HF_HOURS_ABOVE, 6, 500, NULL, NULL, NULL, NULL, NULL, false}};
    hf_rule_class class = {"x", "X", 3, 5, thresholds};
    hf_rules rules = {.near = 0.5, .n_classes = 1, .classes = &class};
    hf_verdict v[HF_CRITERIA];
    CHECK_INT(hf_rules_judge(&rules, net, grid, &a->of[grid], &o, v), 0);
    const hf_verdict expected[HF_CRITERIA] = {HF_MET, HF_MET, HF_NEAR, HF_NOT_MET, HF_MET, HF_NO_CONCERN};
    for (int k = 0; k < HF_CRITERIA; k++) CHECK_INT(v[k], expected[k]);
    CHECK_NEAR(hf_threshold_margin(&thresholds[2], 120), 0.6, 1e-12);
    class.criteria = 4;
    CHECK_INT(hf_rules_judge(&rules, net, grid, &a->of[grid], &o, v), -1); /* only three are met */
    class.criteria = 1;
    thresholds[0].limit = 1;
    CHECK_INT(hf_rules_judge(&rules, net, clinic, &a->of[clinic], &o, v), -1); /* the clinic reaches no other sector, which it must */
    CHECK_INT(v[2], HF_NO_CONCERN);
    CHECK_INT(v[3], HF_UNKNOWN_FIGURE);
    hf_assessment_free(a);
    hf_network_free(net);
}

/* Longest outages from the losses of one run after the other. */
static void outages_are_those_of_the_cascade(void)
{
    hf_package *package = NULL;
    hf_diag *diag = NULL;
    hf_timeline *tl = NULL;
    hf_assess_options o;
    bool is_member[64];
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_package_open(shipped_path("danube"), diag, &package), HF_OK);
    const hf_network *net = hf_package_network(package);
    hf_assessment *a = assessed(net, &o, is_member);
    double *longest = calloc((size_t)net->n_entities, sizeof *longest);
    int affected = 0;
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    for (int i = 0; longest && i < net->n_entities; i++) {
        const hf_inject inject = {0, HF_INJECT_FAIL, i, 0, net->repair_h[i]};
        hf_losses *losses = NULL;
        CHECK_INT(hf_timeline_run(tl, &inject, 1, &o.run, diag), HF_OK);
        CHECK_INT(hf_losses_compute(tl, net, 0.5, &losses), HF_OK);
        for (int k = 0; k < losses->n_entities; k++) {
            const hf_entity_loss *e = &losses->entities[k];
            if (e->entity == i || isnan(e->out_h)) continue;
            longest[e->entity] = fmax(longest[e->entity], isnan(e->back_h) ? INFINITY : e->back_h - e->out_h);
        }
        hf_losses_free(losses);
    }
    for (int i = 0; longest && i < net->n_entities; i++) {
        CHECK(a->longest_out_h[i] == longest[i] || fabs(a->longest_out_h[i] - longest[i]) < 1e-9);
        affected += longest[i] > 0;
        CHECK((a->longest_from[i] >= 0) == (longest[i] > 0));
    }
    CHECK(affected > 50);
    free(longest);
    hf_timeline_free(tl);
    hf_assessment_free(a);
    hf_package_free(package);
    hf_diag_free(diag);
}

static void figures_are_those_of_the_cascade(void)
{
    hf_package *package = NULL;
    hf_diag *diag = NULL;
    hf_assess_options o;
    bool is_member[64];
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_package_open(shipped_path("danube"), diag, &package), HF_OK);
    const hf_network *net = hf_package_network(package);
    hf_assessment *a = assessed(net, &o, is_member);
    hf_cascade_summary *summary = malloc((size_t)net->n_entities * sizeof *summary);
    hf_sweep_options sweep = {.run = hf_run_options_default(), .out_below = 0.5, .threads = 1};
    long done = 0;
    CHECK_INT(hf_sweep_singles(net, &sweep, diag, summary, &done), HF_OK);
    for (int i = 0; summary && i < net->n_entities; i++) {
        CHECK(a->of[i].cascade.user_hours == summary[i].user_hours);
        CHECK_INT(a->of[i].others_hit, summary[i].entities_hit - 1);
        CHECK_INT(a->of[i].sectors_hit, summary[i].sectors_reached - 1);
        CHECK(a->of[i].hours_above[0] >= a->of[i].hours_above[1]);
        CHECK_INT(a->of[i].others_by[HF_ASSESS_HOURS - 1] <= a->of[i].others_hit, 1);
    }
    free(summary);
    hf_assessment_free(a);
    hf_package_free(package);
    hf_diag_free(diag);
}

/* The first finding of a rule set made of `classes`, which must be refused. */
static void refuses(const char *classes, const char *finding)
{
    hf_arena memory;
    hf_diag *diag = NULL;
    hf_rules rules;
    char text[1024];
    snprintf(text, sizeof text, "{\"rules\": \"r\", \"version\": \"1\", \"title\": \"t\", \"source\": \"s\", \"verified\": \"v\", %s}", classes);
    scratch_text("rules.json", text);
    const char *file = scratch_path("rules.json");
    hf_arena_init(&memory);
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_rules_read(file, &memory, diag, &rules), HF_E_DATA);
    CHECK(hf_diag_kept(diag) > 0 && strstr(hf_diag_get(diag, 0)->text, finding));
    if (hf_diag_kept(diag) > 0) CHECK_INT(hf_diag_get(diag, 0)->line, 1);
    hf_diag_free(diag);
    hf_arena_done(&memory);
}

/* The same for one threshold. */
static void refuses_threshold(const char *threshold, const char *finding)
{
    char text[512];
    snprintf(text, sizeof text, "\"classes\": [{\"class\": \"c\", \"title\": \"t\", \"thresholds\": [{%s}]}]", threshold);
    refuses(text, finding);
}

static void bad_rules_are_refused(void)
{
    refuses("\"classes\": []", "without \"classes\"");
    refuses("\"near\": 0, \"classes\": [{}]", "near 0 is out of range");
    refuses("\"members\": []", "\"members\" has no meaning here");
    refuses("\"member_states\": [\"Atlantis\"], \"classes\": [{}]", "a member state must be a country");
    refuses("\"classes\": [{\"class\": \"c\", \"title\": \"t\", \"criteria\": 7, \"thresholds\": [{}]}]", "criteria 7 is out of range");
    refuses_threshold("\"criterion\": \"g\"", "criterion \"g\" is unknown");
    refuses_threshold("\"criterion\": \"a\", \"indicator\": \"people\", \"limit\": 1, \"source\": \"s\"", "indicator \"people\" is unknown");
    refuses_threshold("\"criterion\": \"a\", \"indicator\": \"states\", \"limit\": -1, \"source\": \"s\"", "limit -1 is out of range");
    refuses_threshold("\"criterion\": \"a\", \"indicator\": \"states\", \"limit\": 1", "a threshold without \"source\"");
    refuses_threshold("\"criterion\": \"a\", \"indicator\": \"hours_above\", \"limit\": 1, \"source\": \"s\"", "hours_above without \"level\"");
}

static void shipped_rules_are_sound(void)
{
    static const char *const names[] = {"rules/cer-art7.json", "rules/de-kritis.json", "rules/nl-vital.json", "rules/eu-cross-border.json"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        hf_arena memory;
        hf_diag *diag = NULL;
        hf_rules rules;
        hf_arena_init(&memory);
        CHECK_INT(hf_diag_new(&diag), HF_OK);
        CHECK_INT(hf_rules_read(shipped_path(names[k]), &memory, diag, &rules), HF_OK);
        CHECK_INT(rules.n_members, 27);
        CHECK(rules.n_incident > 0);
        hf_diag_free(diag);
        hf_arena_done(&memory);
    }
}

int main(void)
{
    RUN(figures_are_those_of_pencil_and_paper);
    RUN(outages_are_those_of_pencil_and_paper);
    RUN(six_member_states_are_the_line);
    RUN(groups_depend_on_groups);
    RUN(rules_are_kept);
    RUN(figures_are_those_of_the_cascade);
    RUN(outages_are_those_of_the_cascade);
    scratch_folder();
    RUN(bad_rules_are_refused);
    scratch_done();
    RUN(shipped_rules_are_sound);
    return tap_done();
}
