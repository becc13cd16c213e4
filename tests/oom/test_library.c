/* Every allocation of reading a package, running and explaining a cascade, and writing the package fails once: each time the call says so,
 * nothing leaks (the sanitizers watch) and the next run is right. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/economy.h"
#include "datasets/package.h"
#include "model/cascade/explain.h"
#include "model/cascade/losses.h"
#include "model/cascade/steady.h"
#include "model/cascade/timeline.h"
#include "model/cascade/windows.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

/* Stocks, substitutes, a carrier with a line that fails, a restart deadlock, hazards, users abroad, an economy. */
static void package_write(void)
{
    scratch_folder();
    scratch_text("datapackage.json",
                 "{\"name\": \"oom\", \"resources\": [{\"name\": \"entities\", \"path\": \"entities.csv\"}, {\"name\": \"requirements\", \"path\": "
                 "\"requirements.csv\"}, {\"name\": \"supplies\", \"path\": \"supplies.csv\"}, {\"name\": \"carriers\", \"path\": \"carriers.csv\"}, "
                 "{\"name\": \"carrier_nodes\", \"path\": \"nodes.csv\"}, {\"name\": \"carrier_lines\", \"path\": \"lines.csv\"}, {\"name\": \"hazards\", "
                 "\"path\": \"hazards.csv\"}, {\"name\": \"hazard_damage\", \"path\": \"damage.csv\"}, {\"name\": \"services_abroad\", \"path\": "
                 "\"abroad.csv\"}, {\"name\": \"industries\", \"path\": \"industries.csv\"}, {\"name\": \"trade\", \"path\": \"trade.csv\"}, "
                 "{\"name\": \"final_demand\", \"path\": \"demand.csv\"}, {\"name\": \"value_added\", \"path\": \"added.csv\"}, {\"name\": "
                 "\"industry_links\", \"path\": \"links.csv\"}, {\"name\": \"corridors\", \"path\": \"corridors.csv\"}, {\"name\": \"routes\", "
                 "\"path\": \"routes.csv\"}, {\"name\": \"scenarios\", \"path\": \"scenarios.json\"}]}");
    scratch_text("entities.csv", "id,sector,country,region,users,value_eur_h,repair_h,restart_h,extra\nplant,energy,AT,AT13,10,5,4,1,x\n"
                                 "town,energy,AT,AT13,900,1,,,y\nline,energy,AT,,0,0,8,,\npump,drinking_water,AT,AT12,50,2,3,,\n"
                                 "clinic,health,HU,,70,9,2,2,\"a, b\"\n");
    scratch_text("requirements.csv", "entity,requirement,curve,response,threshold\nclinic,power,2:0.5 6:1,,\nclinic,water,1:1,threshold,0.5\n"
                                     "pump,power,,,\nplant,water,3:1,,\n");
    scratch_text("supplies.csv", "entity,requirement,supplier,share,class\nclinic,power,town,1,2\nclinic,water,pump,1,1\npump,power,town,1,1\n"
                                 "plant,water,pump,1,1\n");
    scratch_text("carriers.csv", "carrier,unit,rule\npower,MW,balance\ngas,m3/d,flow\ngrid,MW,dc\n");
    scratch_text("nodes.csv", "carrier,entity,supply,demand\npower,plant,100,\npower,town,,80\n"
                 "gas,plant,10,\ngas,town,,8\ngrid,plant,100,\ngrid,town,,80\n");
    scratch_text("lines.csv", "carrier,from,to,entity,capacity,reactance\npower,plant,town,line,,\ngas,plant,town,,9,\n"
                 "grid,plant,town,line,50,0.1\ngrid,plant,town,,50,0.1\n");
    scratch_text("hazards.csv", "hazard,frequency_per_year\nstorm,0.1\n");
    scratch_text("damage.csv", "hazard,entity,probability\nstorm,line,0.5\n");
    scratch_text("abroad.csv", "entity,country,users\nclinic,SK,30\n");
    scratch_text("industries.csv", "region,industry,output,jobs\nAT,a,30,1\nAT,b,,2\nHU,a,20,3\n");
    scratch_text("trade.csv", "region,industry,AT/a,\"AT/b\",HU/a\nAT,a,1,2,3\nAT,b,4,5,6\n");
    scratch_text("demand.csv", "region,industry,to_region,category,value\nAT,a,AT,\"house\"\"holds\",24\nHU,a,AT,stocks,20\n");
    scratch_text("added.csv", "region,industry,value\nAT,a,25\n");
    scratch_text("links.csv", "entity,region,industry,capacity_share\nplant,AT,a,0.5\n");
    scratch_text("corridors.csv", "corridor,entity\nbridge,line\n");
    scratch_text("routes.csv", "origin,destination,route,share,gates\nAT,HU,road,1,bridge\n");
    scratch_text("scenarios.json", "{\"scenarios\": [{\"name\": \"cut\", \"injects\": [{\"at_h\": 1, \"inject\": \"fail\", \"targets\": "
                                   "[\"hazard=storm\"]}, {\"at_h\": 2, \"inject\": \"degrade\", \"targets\": [\"plant\"], \"level\": 0.5}], "
                                   "\"decisions\": [{\"name\": \"help\", \"at_h\": 3, \"options\": [{\"name\": \"now\", \"injects\": [{\"at_h\": 3, "
                                   "\"inject\": \"repair\", \"targets\": [\"plant\"]}]}]}]}]}");
}

static hf_err explain(const hf_timeline *tl, const hf_network *net)
{
    hf_err err = HF_OK;
    hf_causes *causes = NULL;
    hf_why *why = NULL;
    hf_losses *losses = NULL;
    hf_windows *windows = NULL;
    const double from_h[] = {0, 1, 2};
    int n = 0;
    HF_TRY(hf_losses_compute(tl, net, 0.5, &losses));
    HF_TRY(hf_windows_compute(tl, net, 0.5, from_h, 3, &windows));
    HF_TRY(hf_causes_new(tl, net, &causes));
    HF_TRY(hf_explain(causes, hf_causes_fall(causes, hf_network_find(net, "clinic"), 0.5), 8, &why, &n));
    CHECK(n >= 3);
    CHECK_INT(losses->n_entities, 5);
out:
    hf_free(why);
    hf_windows_free(windows);
    hf_causes_free(causes);
    hf_losses_free(losses);
    return err;
}

static hf_err whole_run(hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_package *package = NULL;
    hf_timeline *tl = NULL;
    hf_inject *injects = NULL, *both = NULL;
    const hf_deadlock *deadlocks = NULL;
    int n = 0, n_deadlocks = 0;
    HF_TRY(hf_package_open(scratch_path("."), diag, &package));
    const hf_network *net = hf_package_network(package);
    CHECK(hf_package_economy(package) && hf_package_economy(package)->n_routes == 1);
    HF_TRY(hf_economy_clean(hf_package_economy(package), NULL, diag));
    HF_TRY(hf_scenario_resolve(hf_package_find_scenario(package, "cut"), net, diag, &injects, &n));
    const hf_scenario *cut = hf_package_find_scenario(package, "cut");
    int n_both = 0;
    HF_TRY(hf_scenario_resolve_choice(cut, cut->decisions, cut->decisions->choices, net, diag, &both, &n_both));
    CHECK_INT(n_both, n + 1);
    HF_TRY(hf_timeline_new(net, &tl));
    HF_TRY(hf_timeline_run(tl, injects, n, NULL, diag));
    HF_TRY(hf_timeline_deadlocks(tl, &deadlocks, &n_deadlocks));
    HF_TRY(explain(tl, net));
    HF_TRY(hf_steady_run(tl, injects, n, diag));
    char copy[512];
    strcpy(copy, scratch_path("copy"));
    HF_TRY(hf_package_save(package, copy, true, diag));
out:
    hf_free(injects);
    hf_free(both);
    hf_timeline_free(tl);
    hf_package_free(package);
    return err;
}

static void every_allocation_fails_once(void)
{
    hf_diag *diag = NULL;
    hf_err err = HF_E_NOMEM;
    long n = 1;
    package_write();
    for (; err == HF_E_NOMEM && n < 100000; n++) {
        if (hf_diag_new(&diag) != HF_OK) abort();
        hf_alloc_fail_at(n);
        err = whole_run(diag);
        hf_alloc_fail_at(0);
        CHECK(err == HF_OK || err == HF_E_NOMEM);
        if (err != HF_OK && err != HF_E_NOMEM) printf("# allocation %ld: %s\n", n, hf_err_text(err));
        hf_diag_free(diag);
    }
    CHECK_INT(err, HF_OK);
    printf("# %ld allocations failed in turn\n", n - 2);
    CHECK(n > 100);
    scratch_done();
}

int main(void)
{
    RUN(every_allocation_fails_once);
    return tap_done();
}
