/* Regional assessment: indicators against figures worked by hand, and what is said of wrong rule files. */
#include "model/assess/regions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/package.h"
#include "datasets/worst_events.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

/* plant (48 h to repair) -> pump in A (4 h of stock, 1,000 people) and pump in B (60 h of stock, 500 people). Quake: 0.1 a year, certain. Storm: 0.5 a
 * year, hits the pump in B, which takes 10 h, in one event of four. Fire: no frequency, the plant for 100 h. */
static void write_set(void)
{
    scratch_text("datapackage.json",
                 "{\"name\": \"m\", \"title\": \"M\", \"resources\": [{\"name\": \"entities\", \"path\": \"entities.csv\"}, {\"name\": \"requirements\", "
                 "\"path\": \"requirements.csv\"}, {\"name\": \"supplies\", \"path\": \"supplies.csv\"}, {\"name\": \"hazards\", \"path\": "
                 "\"hazards.csv\"}, {\"name\": \"hazard_damage\", \"path\": \"hazard_damage.csv\"}]}");
    scratch_text("entities.csv", "id,sector,country,region,users,repair_h,isolated\nplant,energy,AT,A,0,48,\npump-a,drinking_water,AT,A,1000,10,\n"
                                 "pump-b,drinking_water,AT,B,500,10,yes\n");
    scratch_text("requirements.csv", "entity,requirement,curve\npump-a,power,4:1\npump-b,power,60:1\n");
    scratch_text("supplies.csv", "entity,requirement,supplier\npump-a,power,plant\npump-b,power,plant\n");
    scratch_text("hazards.csv", "hazard,frequency_per_year\nquake,0.1\nstorm,0.5\nfire,\n");
    scratch_text("hazard_damage.csv", "hazard,entity,probability,severity,repair_h\nquake,plant,1,1,\nstorm,pump-b,0.25,1,\nfire,plant,1,1,100\n");
}

/* Region A is place 0, B is 1. Indicator 0: people without water over 12 h; 1: entities over 0 h; 2: isolated entities over 39 h;
 * 3: people without water over 44 h (the quake: out from 4 h to 48 h, which is not more). */
static void figures(void)
{
    static const hf_region_indicator what[] = {{true, false, "drinking_water", "", 12}, {false, false, "", "", 0}, {false, true, "", "", 39},
                                               {true, false, "drinking_water", "", 44}};
    hf_region_options o = {hf_run_options_default(), 0.5, 20000, 1};
    hf_region_exposure e[10], again[10];
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    int place[3];
    write_set();
    if (hf_diag_new(&diag) != HF_OK || hf_package_open(scratch_path(""), diag, &package) != HF_OK) {
        char *text = findings_text(diag);
        printf("# %s\n", text ? text : "");
        free(text);
        CHECK(!"the set opens");
        hf_diag_free(diag);
        return;
    }
    const hf_network *net = hf_package_network(package);
    for (int i = 0; i < 3; i++) place[i] = strcmp(net->regions.name[net->region[i]], "B") == 0;
    /* Measured */
    CHECK(hf_regions_measure(net, place, 2, what, 4, &o, diag, e) == HF_OK);
    /* Water in A: 0.1 a year x 1,000 people, nothing drawn */
    CHECK(fabs(e[0].yearly - 100) < 1e-9 && e[0].yearly_se == 0);
    /* Water in A at worst: all */
    CHECK(e[0].worst == 1000 && e[0].most == 1000 && e[0].watched == 1);
    /* Water in B: only the fire, which has no frequency */
    CHECK(e[1].yearly == 0 && e[1].worst == 500 && strcmp(net->hazard_id[e[1].worst_hazard], "fire") == 0);
    /* Entities in A: plant and pump */
    CHECK(fabs(e[2].yearly - 0.2) < 1e-12 && e[2].worst == 2);
    /* Entities in B: 0.5 x 0.25 within the interval */
    CHECK(fabs(e[3].yearly - 0.125) < 4 * e[3].yearly_se && e[3].yearly_se > 0);
    /* Its standard error is that of a share */
    CHECK(fabs(e[3].yearly_se - 0.5 * sqrt(0.25 * 0.75 / 20000)) < 2e-5);
    /* Isolated: 40 h in the fire are over 39 h, 10 h in the storm are not */
    CHECK(e[4].watched == 0 && e[5].watched == 1 && e[5].yearly == 0 && e[5].worst == 1);
    /* 44 h are not more than 44 h */
    CHECK(e[6].yearly == 0 && e[6].worst == 1000);
    /* The last block is the sum over indicators of people, event by event */
    CHECK(fabs(e[8].yearly - 100) < 1e-9 && e[8].worst == 2000 && e[9].worst == 500);
    hf_regions_measure(net, place, 2, what, 4, &o, diag, again);
    /* The same again */
    CHECK(memcmp(&e[3].yearly, &again[3].yearly, sizeof e[3].yearly) == 0);
    o.samples = 1;
    /* One sample has no interval */
    CHECK(hf_regions_measure(net, place, 2, what, 4, &o, diag, again) == HF_E_RANGE);
    hf_package_free(package);
    hf_diag_free(diag);
}

#define HEAD "{\"name\": \"r\", \"title\": \"R\", \"source\": \"s\", \"verified\": \"no\", \"events\": ["

static void refused(const char *text, size_t findings, const char *says)
{
    hf_diag *diag = NULL;
    hf_worst_events *set = NULL;
    scratch_text("rules.json", text);
    if (hf_diag_new(&diag) != HF_OK) return;
    hf_err err = hf_worst_events_read(scratch_path("rules.json"), diag, &set);
    bool good = err == HF_E_DATA && !set && hf_diag_kept(diag) == findings && strstr(hf_diag_get(diag, 0)->text, says) && hf_diag_get(diag, 0)->line == 1;
    CHECK(good);
    if (!good) printf("# wanted %s; %zu findings, the first %s\n", says, hf_diag_kept(diag), hf_diag_kept(diag) ? hf_diag_get(diag, 0)->text : "");
    hf_worst_events_free(set);
    hf_diag_free(diag);
}

static void rules(void)
{
    static const char good[] = HEAD "{\"code\": \"1\", \"title\": \"T\", \"count\": \"people\", \"sector\": \"energy\", \"hours\": 6}, "
                                    "{\"code\": \"2\", \"title\": \"U\", \"not_measured\": \"why\"}]}";
    hf_diag *diag = NULL;
    hf_worst_events *set = NULL;
    scratch_text("rules.json", good);
    if (hf_diag_new(&diag) != HF_OK) return;
    /* A good file */
    CHECK(hf_worst_events_read(scratch_path("rules.json"), diag, &set) == HF_OK && set->n == 1 && set->n_unmeasured == 1);
    /* Its event */
    CHECK(set && set->event[0].indicator.people && set->event[0].indicator.hours == 6 && strcmp(set->event[0].code, "1") == 0);
    hf_worst_events_free(set);
    hf_diag_free(diag);
    refused(HEAD "{\"code\": \"1\", \"title\": \"T\", \"count\": \"cows\", \"sector\": \"energy\"}]}", 1, "count \"cows\" is unknown");
    refused(HEAD "{\"code\": \"1\", \"title\": \"T\", \"count\": \"people\"}]}", 1, "\"sector\" is missing");
    refused(HEAD "{\"code\": \"1\", \"title\": \"T\", \"count\": \"people\", \"sector\": \"energy\", \"hours\": -1}]}", 1, "hours -1 is out of range");
    refused(HEAD "{\"code\": \"1\", \"title\": \"T\", \"count\": \"people\", \"sector\": \"energy\", \"hour\": 1}]}", 1, "\"hour\" has no meaning");
    refused(HEAD "{\"code\": \"1\", \"title\": \"T\", \"count\": \"people\", \"sector\": \"energy\"}, {\"code\": \"1\", \"title\": \"T\", \"not_measured\": "
                 "\"w\"}]}", 1, "is there twice");
    refused(HEAD "3]}", 2, "an event must be an object");
    refused("[]", 1, "an object with \"events\"");
    refused(HEAD "]}", 1, "no event that is measured");
}

static void reading_without_memory(void)
{
    scratch_text("rules.json", HEAD "{\"code\": \"1\", \"title\": \"T\", \"count\": \"people\", \"sector\": \"energy\"}]}");
    for (long k = 1; k < 1000; k++) {
        hf_diag *diag = NULL;
        hf_worst_events *set = NULL;
        if (hf_diag_new(&diag) != HF_OK) return;
        hf_alloc_fail_at(k);
        hf_err err = hf_worst_events_read(scratch_path("rules.json"), diag, &set);
        hf_alloc_fail_at(0);
        hf_worst_events_free(set);
        hf_diag_free(diag);
        if (err == HF_OK) {
            CHECK(k > 5);
            return;
        }
        CHECK_INT(err, HF_E_NOMEM);
    }
    CHECK(!"it ends");
}

int main(void)
{
    scratch_folder();
    RUN(figures);
    RUN(rules);
    RUN(reading_without_memory);
    scratch_done();
    return tap_done();
}
