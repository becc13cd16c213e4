/* A plan carried out in a package: the same network and the same cascades as the plan applied in memory, for every kind of measure. */
#include "datasets/apply.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "model/cascade/losses.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static const char *const resources[] = {"entities", "requirements", "supplies", "carriers", "carrier_nodes", "carrier_lines",
                                        "hazards",  "hazard_damage", "measures", "budgets"};

static void metadata_write(bool areas)
{
    char text[2048] = "{\"name\": \"p\", \"title\": \"Plants\", \"licence\": \"none\", \"resources\": [{\"name\": \"scenarios\", \"path\": \"scenarios"
        ".json\"}";
    for (size_t k = 0; k < sizeof resources / sizeof *resources; k++)
        snprintf(text + strlen(text), sizeof text - strlen(text), ", {\"name\": \"%s\", \"path\": \"%s.csv\"}", resources[k], resources[k]);
    if (areas) strcat(text, ", {\"name\": \"footprints\", \"path\": \"f.json\"}, {\"name\": \"fragility\", \"path\": \"fragility.csv\"}");
    strcat(text, "]}");
    scratch_text("p/datapackage.json", text);
}

/* Two plants, a grid with lines, a pump, a tap and a clinic. */
static void package_write(bool areas)
{
    metadata_write(areas);
    scratch_text("p/entities.csv", "id,name,sector,country,region,users,repair_h,lat,lon,remark\n"
                                   "plant,\"Plant, old\",energy,AT,AT1,0,48,48,16,keep me\nplant2,,energy,AT,AT2,0,,10,10,\n"
                                   "grid,,energy,AT,,0,12,48.01,16,\npump,,drinking_water,AT,,0,,49,16,\ntap,,health,HU,,100,,49,17,\nclinic,,health,H"
                                   "U,,30,,48,16.01,\n");
    scratch_text("p/requirements.csv", "entity,requirement,curve\npump,power,4:1\ntap,water,0:1\nclinic,power,1:0.3 2:1\nplant,start,\n");
    scratch_text("p/supplies.csv", "entity,requirement,supplier,share\npump,power,grid,\ntap,water,pump,\nclinic,power,grid,\nplant,start,grid,\n");
    scratch_text("p/carriers.csv", "carrier,unit,rule\nwire,MW,reach\n");
    scratch_text("p/carrier_nodes.csv", "carrier,entity,supply,demand\nwire,plant,10,\nwire,plant2,10,\nwire,grid,,5\n");
    scratch_text("p/carrier_lines.csv", "carrier,from,to\nwire,plant,grid\n");
    scratch_text("p/hazards.csv", "hazard,frequency_per_year\nflood,0.1\nfire,0.2\n");
    scratch_text("p/hazard_damage.csv", "hazard,entity,probability,severity,repair_h\nflood,plant,1,1,72\nfire,plant,0.5,1,\nfire,grid,1,0.8,\nflood,p"
        "ump,1,1,30\n");
    scratch_text("p/scenarios.json",
                 "{\"scenarios\": [{\"name\": \"night\", \"injects\": [{\"at_h\": 0, \"inject\": \"fail\", \"targets\": [\"country=AT sector=energy\"]"
                 ", \"text\": \"Dark.\"}, "
                 "{\"at_h\": 30, \"inject\": \"restore\", \"targets\": [\"plant2\"]}]}, {\"name\": \"wet\", \"injects\": [{\"at_h\": 1, \"inject\": \""
                 "degrade\", "
                 "\"targets\": [\"hazard=flood\"], \"level\": 0.1}]}]}");
    scratch_text("p/measures.csv", "measure,title,kind,effect,target,cost,payer,hazards,autonomy_h,supplier,share,repair_h,factor,carrier,from,to,capa"
        "city,requires,excludes\n"
                                   "wall,Wall,harden,,plant,10,at,flood,,,,,,,,,,,\n"
                                   "hall,,harden,,country=AT sector=energy,10,at,night,,,,,,,,,,,dome\n"
                                   "dome,,harden,,grid,9,at,,,,,,,,,,,,\n"
                                   "tank,,backup,,tap/water,5,hu,,10,,,,,,,,,,\n"
                                   "diesel,,backup,,pump,5,at,,,,,,,,,,,,\n"
                                   "second,,supplier,,pump/power,20,at,,,plant2,0.7,,,,,,,diesel,\n"
                                   "third,,supplier,,pump/power,15,fund,,,plant2,0.7,,,,,,,,\n"
                                   "third,,supplier,,clinic/power,,,,,plant2,,,,,,,,,\n"
                                   "crew,,repair,,country=AT,7,at,,,,,24,,,,,,,\n"
                                   "sensor,,build_capacity,detect,hazard=flood,3,at,,,,,,0.5,,,,,wall,\n"
                                   "wire2,,line,,,8,at,,,,,,,wire,plant2,grid,6,,\n"
                                   "dark,,black_start,,plant,4,at,,,,,,,,,,,,\n"
                                   "spare,,repair,,plant,4,at,,,,,0,,,,,,,\n"
                                   "store,,spare,,country=AT sector=energy,4,at,night flood,,,,3,,,,,,,\n");
    scratch_text("p/budgets.csv", "payer,amount,kind,region_floor\nat,40,own,AT:20 AT1:5\nhu,,own,\nfund,30,joint,\n");
    scratch_text("p/f.json", "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", \"properties\": {\"hazard\": \"flood\", \"inten"
        "sity\": 2, "
                             "\"radius_km\": 5}, \"geometry\": {\"type\": \"Point\", \"coordinates\": [16, 48]}}]}");
    scratch_text("p/fragility.csv", "hazard,sector,subsector,median,beta,severity,repair_h\n,,,1,0.5,1,50\n");
}

static hf_package *package_open(const char *path)
{
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_package_open(path, diag, &package), HF_OK);
    if (!package) {
        char *text = findings_text(diag);
        printf("# %s\n", text);
        free(text);
    }
    hf_diag_free(diag);
    return package;
}

static double timeline_hours(const hf_network *net, const hf_inject *injects, int n)
{
    hf_timeline *tl = NULL;
    hf_losses *losses = NULL;
    hf_run_options options = hf_run_options_default();
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    CHECK_INT(hf_timeline_run(tl, injects, n, &options, NULL), HF_OK);
    CHECK_INT(hf_losses_compute(tl, net, 0.5, &losses), HF_OK);
    double hours = losses->user_hours;
    hf_losses_free(losses);
    hf_timeline_free(tl);
    return hours;
}

/* All damage of a hazard happens. */
static double hazard_hours(const hf_network *net, const char *hazard)
{
    hf_inject injects[16];
    int n = 0;
    for (int z = 0; z < net->n_hazards; z++)
        for (int d = net->hazard_off[z]; d < net->hazard_off[z + 1] && strcmp(net->hazard_id[z], hazard) == 0; d++)
            if (net->damage_severity[d] > 0)
                injects[n++] = (hf_inject){0, HF_INJECT_FAIL, net->damage_entity[d], 1 - net->damage_severity[d], net->damage_repair_h[d]};
    return timeline_hours(net, injects, n);
}

/* Injects are resolved in the network without the plan: it is the same damage, less what the plan averts. */
static double scenario_hours(const hf_network *net, const hf_package *of, const char *name, const hf_measures *set, const bool *plan)
{
    hf_diag *diag = NULL;
    hf_inject *injects = NULL;
    int n = 0;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_scenario_resolve(hf_package_find_scenario(of, name), hf_package_network(of), diag, &injects, &n), HF_OK);
    if (set) n = hf_measures_shield(set, plan, net, name, injects, n);
    double hours = timeline_hours(net, injects, n);
    hf_free(injects);
    hf_diag_free(diag);
    return hours;
}

static void same_doubles(const double *a, const double *b, int n)
{
    for (int k = 0; k < n; k++) CHECK((isnan(a[k]) && isnan(b[k])) || a[k] == b[k]);
}

static void same_network(const hf_network *a, const hf_network *b)
{
    CHECK_INT(a->n_entities, b->n_entities);
    CHECK_INT(a->n_requirements, b->n_requirements);
    CHECK_INT(a->n_supplies, b->n_supplies);
    CHECK_INT(a->n_clines, b->n_clines);
    if (a->n_requirements != b->n_requirements || a->n_supplies != b->n_supplies || a->n_clines != b->n_clines) return;
    same_doubles(a->repair_h, b->repair_h, a->n_entities);
    same_doubles(a->sup_share, b->sup_share, a->n_supplies);
    same_doubles(a->cline_capacity, b->cline_capacity, a->n_clines);
    for (int i = 0; i < a->n_entities; i++) CHECK_INT(a->black_start[i], b->black_start[i]);
    for (int k = 0; k < a->n_supplies; k++) CHECK_INT(a->sup_supplier[k], b->sup_supplier[k]);
    for (int g = 0; g < a->n_requirements; g++) {
        int from = a->curve_off[a->req_curve[g]], n = a->curve_off[a->req_curve[g] + 1] - from;
        CHECK_INT(b->curve_off[b->req_curve[g] + 1] - b->curve_off[b->req_curve[g]], n);
        same_doubles(a->curve_h + from, b->curve_h + b->curve_off[b->req_curve[g]], n);
        same_doubles(a->curve_loss + from, b->curve_loss + b->curve_off[b->req_curve[g]], n);
    }
}

static void plan_check(const hf_package *package, const bool *plan, bool areas, const char *into)
{
    const hf_measures *set = hf_package_measures(package);
    hf_diag *diag = NULL;
    hf_network *net = NULL;
    double spent[3] = {0};
    char path[4096];
    for (int m = 0; m < set->n; m++)
        if (plan[m] && set->measure[m].payer >= 0) spent[set->measure[m].payer] += set->measure[m].cost;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    snprintf(path, sizeof path, "%s", scratch_path(into));
    hf_err err = hf_package_apply(package, &(hf_apply_options){plan, spent, "holdfast invest p", path}, diag);
    CHECK_INT(err, HF_OK);
    if (err != HF_OK) {
        char *text = findings_text(diag);
        printf("# %s\n", text);
        free(text);
        hf_diag_free(diag);
        return;
    }
    hf_package *made = package_open(path);
    CHECK_INT(hf_measures_apply(hf_package_network(package), set, plan, &net), HF_OK);
    if (made && net) {
        const hf_network *there = hf_package_network(made);
        same_network(net, there);
        if (!areas) CHECK_INT(there->n_damage, net->n_damage);
        static const char *const hazards[] = {"flood", "fire"}, *const scenarios[] = {"night", "wet"};
        for (int k = 0; k < 2; k++) {
            CHECK_NEAR(hazard_hours(there, hazards[k]), hazard_hours(net, hazards[k]), 0);
            CHECK_NEAR(scenario_hours(there, made, scenarios[k], NULL, NULL), scenario_hours(net, package, scenarios[k], set, plan), 0);
        }
        for (int m = 0; m < hf_package_measures(made)->n; m++)
            for (int k = 0; k < set->n; k++) CHECK(!plan[k] || strcmp(hf_package_measures(made)->measure[m].id, set->measure[k].id) != 0);
    }
    hf_package_free(made);
    hf_network_free(net);
    hf_diag_free(diag);
}

static void every_plan(bool areas)
{
    package_write(areas);
    hf_package *package = package_open(scratch_path("p"));
    if (!package) return;
    int n = hf_package_measures(package)->n, made = 0;
    bool plan[16];
    CHECK_INT(n, 13);
    for (unsigned bits = 0; bits < 1u << n; bits += bits < 64 ? 1 : 61) { /* small plans, then others of all sizes */
        char into[32];
        for (int m = 0; m < n; m++) plan[m] = bits >> m & 1;
        for (int m = 0; m < n && bits < 64; m++) plan[m] = m == (int)bits % n || (bits >= 13 && m == (int)(bits * 7) % n);
        snprintf(into, sizeof into, "o%d-%u", areas, bits);
        plan_check(package, plan, areas, into);
        made++;
    }
    printf("# %d plans\n", made);
    hf_package_free(package);
}

static void the_written_package_is_the_plan_in_memory(void)
{
    every_plan(false);
}

static void areas_come_back_weaker(void)
{
    every_plan(true);
}

static void file_holds(const char *name, const char *part)
{
    char text[8192] = "";
    FILE *file = fopen(scratch_path(name), "r");
    CHECK(file != NULL);
    if (!file) return;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    if (!strstr(text, part)) CHECK_STR(text, part);
}

static void what_is_left_to_buy(void)
{
    package_write(false);
    hf_package *package = package_open(scratch_path("p"));
    hf_diag *diag = NULL;
    if (!package) return;
    bool plan[13] = {[0] = true, [1] = true, [4] = true}; /* wall, hall, diesel */
    double spent[3] = {25, 0, 12};
    char path[4096];
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    snprintf(path, sizeof path, "%s", scratch_path("left"));
    hf_apply_options options = {plan, spent, "holdfast invest p --budget at=40", path};
    CHECK_INT(hf_package_apply(package, &options, diag), HF_OK);
    file_holds("left/budgets.csv", "at,15,own,\nhu,,own,\nfund,18,joint,\n"); /* 20 in AT: floor AT kept, and that of AT1 */
    file_holds("left/measures.csv", "third,,supplier,,clinic/power,15,fund,"); /* its other requirement is met for good; the terms have moved */
    file_holds("left/measures.csv", "sensor,,build_capacity,detect,plant,3,at,,,,,,0.5,,,,,,\nsensor,,build_capacity,detect,pump,,,,");
    file_holds("left/entities.csv", "plant,\"Plant, old\",energy,AT,AT1,0,48,48,16,keep me\n");
    file_holds("left/datapackage.json", "\"title\":\t\"Plants, with a plan of 3 measures\"");
    file_holds("left/datapackage.json", "\"made_by\":\t\"holdfast invest p --budget at=40\"");
    file_holds("left/datapackage.json", "\"licence\":\t\"none\"");
    file_holds("left/datapackage.json", hf_package_digest(package));
    file_holds("left/scenarios.json", "Averted by the measures of the plan: Dark.");
    hf_package *made = package_open(path);
    if (made) {
        CHECK_INT(hf_package_measures(made)->n, 8); /* dome is excluded, second could do nothing */
        CHECK(strcmp(hf_package_digest(made), hf_package_digest(package)) != 0);
    }
    CHECK_INT(hf_package_apply(package, &options, diag), HF_E_EXISTS);
    CHECK_INT(hf_diag_count(diag, HF_ERROR), 1);
    hf_package_free(made);
    hf_package_free(package);
    hf_diag_free(diag);
}

/* What cannot be written leaves nothing behind. */
static void nothing_is_half_written(void)
{
    package_write(false);
    hf_package *package = package_open(scratch_path("p"));
    hf_diag *diag = NULL;
    if (!package) return;
    bool plan[13] = {true};
    double spent[3] = {0};
    char path[4096], folder[4096];
    struct stat about;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    snprintf(path, sizeof path, "%s", scratch_path("no/such/place"));
    CHECK_INT(hf_package_apply(package, &(hf_apply_options){plan, spent, "", path}, diag), HF_E_IO);
    snprintf(folder, sizeof folder, "%s", scratch_path("no"));
    CHECK(stat(folder, &about) != 0);
    hf_package_free(package);
    hf_diag_free(diag);
}

int main(void)
{
    scratch_folder();
    RUN(the_written_package_is_the_plan_in_memory);
    RUN(areas_come_back_weaker);
    RUN(what_is_left_to_buy);
    RUN(nothing_is_half_written);
    scratch_done();
    return tap_done();
}
