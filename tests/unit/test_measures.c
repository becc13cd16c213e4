/* What measures do to a network, and what is said of wrong ones. */
#include "model/cascade/measures.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "datasets/package.h"
#include "model/cascade/losses.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static const char metadata[] =
    "{\"name\": \"m\", \"title\": \"M\", \"resources\": [{\"name\": \"entities\", \"path\": \"entities.csv\"}, {\"name\": \"requirements\", \"path\": "
    "\"requirements.csv\"}, {\"name\": \"supplies\", \"path\": \"supplies.csv\"}, {\"name\": \"hazards\", \"path\": \"hazards.csv\"}, {\"name\": "
    "\"hazard_damage\", \"path\": \"hazard_damage.csv\"}, {\"name\": \"measures\", \"path\": \"measures.csv\"}, "
    "{\"name\": \"budgets\", \"path\": \"budgets.csv\"}]}";

static const char header[] = "measure,kind,effect,target,cost,payer,hazards,autonomy_h,supplier,repair_h,factor,requires,excludes\n";

/* plant -> pump -> tap; plant2 stands by. A flood damages the plant. */
static void write_set(const char *measures, const char *budgets)
{
    char text[2048];
    scratch_text("datapackage.json", metadata);
    scratch_text("entities.csv",
                 "id,sector,country,users,repair_h\nplant,energy,AT,0,48\nplant2,energy,AT,0,\npump,drinking_water,AT,0,\ntap,health,AT,100,\n");
    scratch_text("requirements.csv", "entity,requirement,curve\npump,power,4:1\ntap,water,0:1\n");
    scratch_text("supplies.csv", "entity,requirement,supplier\npump,power,plant\ntap,water,pump\n");
    scratch_text("hazards.csv", "hazard,frequency_per_year\nflood,0.1\nfire,0.2\n");
    scratch_text("hazard_damage.csv", "hazard,entity,probability,severity\nflood,plant,1,1\nfire,plant,1,1\n");
    snprintf(text, sizeof text, "%s%s", header, measures);
    scratch_text("measures.csv", text);
    scratch_text("budgets.csv", budgets);
}

static hf_package *open_set(hf_diag *diag)
{
    hf_package *package = NULL;
    hf_err err = hf_package_open(scratch_path(""), diag, &package);
    if (err != HF_OK) {
        char *text = findings_text(diag);
        printf("# %s\n", text);
        free(text);
    }
    CHECK_INT(err, HF_OK);
    return package;
}

/* Hours that 100 users are out when the second hazard comes (flood, after fire; quake, after cut) in the network that a plan makes. */
static double tap_hours(const hf_package *package, unsigned plan_bits)
{
    const hf_measures *set = hf_package_measures(package);
    bool plan[16];
    hf_network *net = NULL;
    hf_timeline *tl = NULL;
    hf_losses *losses = NULL;
    for (int m = 0; m < set->n; m++) plan[m] = plan_bits >> m & 1;
    CHECK_INT(hf_measures_apply(hf_package_network(package), set, plan, &net), HF_OK);
    hf_inject injects[4];
    int n = 0;
    for (int d = net->hazard_off[1]; d < net->hazard_off[2]; d++)
        injects[n++] = (hf_inject){0, HF_INJECT_FAIL, net->damage_entity[d], 1 - net->damage_severity[d], net->damage_repair_h[d]};
    hf_run_options options = hf_run_options_default();
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    CHECK_INT(hf_timeline_run(tl, injects, n, &options, NULL), HF_OK);
    CHECK_INT(hf_losses_compute(tl, net, 0.5, &losses), HF_OK);
    double hours = losses->user_hours / 100;
    hf_losses_free(losses);
    hf_timeline_free(tl);
    hf_network_free(net);
    return hours;
}

static void each_kind_acts(void)
{
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    write_set("wall,harden,,plant,10,state,flood,,,,,,\n"
              "sprinkler,harden,,plant,10,state,fire,,,,,,\n"
              "tank,backup,,tap/water,5,state,,10,,,,,\n"
              "diesel,backup,,pump,5,state,,,,,,,\n"
              "second,supplier,,pump/power,20,state,,,plant2,,,,\n"
              "crew,repair,,country=AT,7,state,,,,24,,,\n"
              "part,spare,,plant,2,state,flood,,,12,,,\n"
              "other part,spare,,plant,2,state,fire,,,12,,,\n"
              "sensor,build_capacity,detect,plant,3,state,,,,,0.5,wall,\n",
              "payer,amount\nstate,100\n");
    hf_package *package = open_set(diag);
    if (!package) return;
    const hf_measures *set = hf_package_measures(package);
    CHECK_INT(set->n, 9);
    CHECK_INT(set->n_rules, 1);
    CHECK_INT(set->measure[5].n_effects, 4);
    CHECK_INT(set->measure[8].build_capacity, 1);
    CHECK_NEAR(tap_hours(package, 0), 44, 1e-9);        /* from 4 h to 48 h */
    CHECK_NEAR(tap_hours(package, 1u << 0), 0, 1e-9);   /* a wall */
    CHECK_NEAR(tap_hours(package, 1u << 1), 44, 1e-9);  /* against fire, not flood */
    CHECK_NEAR(tap_hours(package, 1u << 2), 34, 1e-9);  /* ten hours of water */
    CHECK_NEAR(tap_hours(package, 1u << 3), 0, 1e-9);   /* the pump has its own power */
    CHECK_NEAR(tap_hours(package, 1u << 4), 0, 1e-9);   /* another plant */
    CHECK_NEAR(tap_hours(package, 1u << 5), 20, 1e-9);  /* repaired at 24 h */
    CHECK_NEAR(tap_hours(package, 1u << 6), 8, 1e-9);   /* a part in store: repaired at 12 h */
    CHECK_NEAR(tap_hours(package, 1u << 7), 44, 1e-9);  /* a part that a fire breaks */
    CHECK_NEAR(tap_hours(package, 1u << 5 | 1u << 6), 8, 1e-9);
    CHECK_NEAR(tap_hours(package, 1u << 8), 20, 1e-9);  /* half of the plant stands: half is out from 8 h, when four hours are used up, to 48 h */
    CHECK_NEAR(tap_hours(package, 1u << 4 | 1u << 3), 0, 1e-9);
    hf_inject injects[] = {{0, HF_INJECT_FAIL, hf_network_find(hf_package_network(package), "plant"), 0, NAN}};
    bool wall[9] = {true}, sensor[9] = {[8] = true}, part[9] = {[6] = true};
    CHECK_INT(hf_measures_shield(set, wall, hf_package_network(package), "fire", injects, 1), 1);
    CHECK_INT(hf_measures_shield(set, sensor, hf_package_network(package), "flood", injects, 1), 1);
    CHECK_NEAR(injects[0].level, 0.5, 0);
    CHECK_INT(hf_measures_shield(set, wall, hf_package_network(package), "flood", injects, 1), 0);
    injects[0].level = 0;
    CHECK_INT(hf_measures_shield(set, part, hf_package_network(package), "flood", injects, 1), 1);
    CHECK_NEAR(injects[0].repair_h, 12, 0);
    injects[0].repair_h = 100;
    CHECK_INT(hf_measures_shield(set, part, hf_package_network(package), "fire", injects, 1), 1);
    CHECK_NEAR(injects[0].repair_h, 100, 0);
    hf_package_free(package);
    hf_diag_free(diag);
}

/* A line that fails cuts the town off its only source for 48 h; pump and plant need each other, so once the plant was down they stay down. */
static void lines_and_black_starts_act(void)
{
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    write_set("wall,harden,,gen,1,,,,,,,,\n", "payer,amount\nstate,100\n"); /* for the files that stay */
    scratch_text("datapackage.json",
                 "{\"name\": \"m\", \"resources\": [{\"name\": \"entities\", \"path\": \"entities.csv\"}, {\"name\": \"requirements\", \"path\": "
                 "\"requirements.csv\"}, {\"name\": \"supplies\", \"path\": \"supplies.csv\"}, {\"name\": \"carriers\", \"path\": \"carriers.csv\"}, "
                 "{\"name\": \"carrier_nodes\", \"path\": \"nodes.csv\"}, {\"name\": \"carrier_lines\", \"path\": \"lines.csv\"}, {\"name\": "
                 "\"hazards\", \"path\": \"hazards.csv\"}, {\"name\": \"hazard_damage\", \"path\": \"hazard_damage.csv\"}, {\"name\": \"measures\", "
                 "\"path\": \"measures.csv\"}, {\"name\": \"budgets\", \"path\": \"budgets.csv\"}]}");
    scratch_text("entities.csv", "id,sector,country,users,repair_h\ngen,energy,AT,0,\nline,energy,AT,0,48\ntown,energy,AT,100,\n"
                                 "plant,energy,AT,0,10\npump,drinking_water,AT,0,\ntap,health,AT,100,\n");
    scratch_text("requirements.csv", "entity,requirement\nplant,water\npump,power\ntap,water\n");
    scratch_text("supplies.csv", "entity,requirement,supplier\nplant,water,pump\npump,power,plant\ntap,water,pump\n");
    scratch_text("carriers.csv", "carrier,unit,rule\ngrid,MW,reach\n");
    scratch_text("nodes.csv", "carrier,entity,supply,demand\ngrid,gen,10,\ngrid,town,,5\n");
    scratch_text("lines.csv", "carrier,from,to,entity\ngrid,gen,town,line\n");
    scratch_text("hazards.csv", "hazard,frequency_per_year\ncut,0.1\nquake,0.2\n");
    scratch_text("hazard_damage.csv", "hazard,entity\nquake,line\nquake,plant\n");
    scratch_text("measures.csv", "measure,kind,target,cost,payer,carrier,from,to,capacity\nsecond,line,,3,state,grid,gen,town,5\n"
                                 "diesel,black_start,plant,2,state,,,,\n");
    hf_package *package = open_set(diag);
    if (!package) return;
    CHECK_NEAR(tap_hours(package, 0), 48 + 720, 1e-9);
    CHECK_NEAR(tap_hours(package, 1), 720, 1e-9);
    CHECK_NEAR(tap_hours(package, 2), 48 + 10, 1e-9);
    CHECK_NEAR(tap_hours(package, 3), 10, 1e-9);
    hf_package_free(package);
    hf_diag_free(diag);
}

static void refused(const char *measures, const char *budgets, const char *expected)
{
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    write_set(measures, budgets);
    CHECK_INT(hf_package_open(scratch_path(""), diag, &package), HF_E_DATA);
    char *text = findings_text(diag);
    if (!strstr(text, expected)) CHECK_STR(text, expected);
    free(text);
    hf_package_free(package);
    hf_diag_free(diag);
}

static void wrong_rows_are_named(void)
{
    const char *budget = "payer,amount\nstate,100\n";
    refused("a,harden,,nobody,1,state,,,,,,,\n", budget, "error measures.csv:2:11: target \"nobody\": no entity has this id\n");
    refused("a,harden,,plant,1,bank,,,,,,,\n", budget, "error measures.csv:2:19: payer \"bank\" is not in budgets\n");
    refused("a,harden,,plant,-1,state,,,,,,,\n", budget, "measures.csv:2:");
    refused("a,harden,,plant,nan,state,,,,,,,\n", budget, "measures.csv:2:");
    refused("a,harden,,plant,1,state,quake,,,,,,\n", budget, "error measures.csv:2:25: hazard \"quake\" is neither in hazards nor a scenario\n");
    refused("a,supplier,,pump/heat,1,state,,,plant2,,,,\n", budget, "error measures.csv:2:13: target \"pump/heat\" is no requirement");
    refused("a,supplier,,pump/power,1,state,,,plant,,,,\n", budget, "error measures.csv:2:34: supplier \"plant\" supplies this requirement already\n");
    refused("a,build_capacity,,plant,1,state,,,,,,,\n", budget, "error measures.csv:2:18: effect \"\" (allowed: harden");
    refused("a,harden,,plant,1,state,,,,,,b,\nb,harden,,plant,1,state,,,,,,a,\n", budget, "error measures.csv:2:30: requires of \"a\" leads back to itself\n");
    refused("a,harden,,plant,1,state,,,,,,c,\n", budget, "error measures.csv:2:30: requires \"c\" is not in measures\n");
    refused("a,repair,,plant,1,state,,,,,,,\n", budget, "error measures.csv:2:28: repair_h nan is out of range (allowed: 0 or more)\n");
    refused("a,harden,,plant,1,state,,,,,,,\n", "payer,amount\nstate,-5\n", "budgets.csv:2:");
}

static void a_budget_that_fits_nothing_is_said(void)
{
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    write_set("wall,harden,,plant,10,state,,,,,,,\n", "payer,amount\nstate,5\nother,7\n");
    hf_package *package = open_set(diag);
    char *text = findings_text(diag);
    CHECK(strstr(text, "warning budgets.csv:2:1: no measure fits the budget 5 EUR of \"state\" (the cheapest costs 10 EUR)\n") != NULL);
    CHECK(strstr(text, "warning budgets.csv:3:1: payer \"other\" has no measure\n") != NULL);
    free(text);
    hf_package_free(package);
    hf_diag_free(diag);
}

int main(void)
{
    scratch_folder();
    RUN(each_kind_acts);
    RUN(lines_and_black_starts_act);
    RUN(wrong_rows_are_named);
    RUN(a_budget_that_fits_nothing_is_said);
    scratch_done();
    return tap_done();
}
