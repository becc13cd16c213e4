/* The first 200 allocations of exporting, merging, redacting and putting back a package fail once, then every fifth (writing files is slow): each
 * time the call says so, nothing leaks (the sanitizers watch), no folder and no key is left behind, and the next run is right. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "datasets/export/export.h"
#include "datasets/merge.h"
#include "datasets/redact.h"
#include "model/cascade/scenario.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static char own[512], into[512], back[512], key[512];

static void package_write(void)
{
    scratch_folder();
    scratch_text("p/datapackage.json",
                 "{\"name\": \"oom\", \"currency\": \"EUR\", \"licenses\": [{\"name\": \"x\"}], \"resources\": [{\"name\": \"entities\", \"path\": "
                 "\"entities.csv\"}, {\"name\": \"requirements\", \"path\": \"requirements.csv\"}, {\"name\": \"supplies\", \"path\": \"supplies.csv\"}, "
                 "{\"name\": \"carriers\", \"path\": \"carriers.csv\"}, {\"name\": \"carrier_nodes\", \"path\": \"nodes.csv\"}, {\"name\": "
                 "\"carrier_lines\", \"path\": \"lines.csv\"}, {\"name\": \"hazards\", \"path\": \"hazards.csv\"}, {\"name\": \"hazard_damage\", \"path\": "
                 "\"damage.csv\"}, {\"name\": \"scenarios\", \"path\": \"scenarios.json\"}, {\"name\": \"own\", \"path\": \"own.csv\"}, {\"name\": "
                 "\"areas\", \"path\": \"areas.geojson\"}]}");
    scratch_text("p/entities.csv", "id,name,sector,country,region,lat,lon,users,source,extra\nplant,Plant,energy,AT,AT13,48,16,10,s,x\n"
                                   "town,Town,energy,AT,AT13,47,15,900,s,y\npump,,drinking_water,AT,,,,50,,\n");
    scratch_text("p/requirements.csv", "entity,requirement,curve\npump,power,2:0.5 6:1\n");
    scratch_text("p/supplies.csv", "entity,requirement,supplier,distance_km,source\npump,power,town,7,s\n");
    scratch_text("p/carriers.csv", "carrier,unit,rule\npower,MW,balance\n");
    scratch_text("p/nodes.csv", "carrier,entity,supply,demand\npower,plant,100,\npower,town,,80\n");
    scratch_text("p/lines.csv", "carrier,from,to,length_km\npower,plant,town,5\npower,plant,town,6\n");
    scratch_text("p/hazards.csv", "hazard,title,frequency_per_year\nstorm,Storm,0.1\n");
    scratch_text("p/damage.csv", "hazard,entity,probability\nstorm,plant,0.5\n");
    scratch_text("p/scenarios.json", "{\"scenarios\": [{\"name\": \"cut\", \"title\": \"Cut\", \"injects\": [{\"at_h\": 1, \"inject\": \"fail\", \"targets\": "
                                     "[\"hazard=storm\", \"plant\"]}]}]}");
    scratch_text("p/own.csv", "a,b\n1,2\n");
    scratch_text("p/areas.geojson", "{}");
    snprintf(own, sizeof own, "%s", scratch_path("p"));
    snprintf(into, sizeof into, "%s", scratch_path("into"));
    snprintf(back, sizeof back, "%s", scratch_path("back"));
    snprintf(key, sizeof key, "%s", scratch_path("key"));
}

static hf_err exports(hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_package *package = NULL;
    hf_timeline *tl = NULL;
    hf_inject *injects = NULL;
    hf_losses *losses = NULL;
    hf_buf out = {0};
    hf_export_note note;
    int n = 0;
    HF_TRY(hf_package_open(own, diag, &package));
    const hf_network *net = hf_package_network(package);
    HF_TRY(hf_scenario_resolve(hf_package_find_scenario(package, "cut"), net, diag, &injects, &n));
    HF_TRY(hf_timeline_new(net, &tl));
    HF_TRY(hf_timeline_run(tl, injects, n, NULL, diag));
    HF_TRY(hf_losses_compute(tl, net, 0.5, &losses));
    hf_export_options options = {losses, "cut", NULL};
    for (int k = 0; k < hf_export_format_count; k++) {
        hf_buf_done(&out);
        HF_TRY(hf_export_write(package, &hf_export_formats[k], &options, &out, &note));
    }
out:
    hf_buf_done(&out);
    hf_losses_free(losses);
    hf_free(injects);
    hf_timeline_free(tl);
    hf_package_free(package);
    return err;
}

static hf_err merges(hf_diag *diag)
{
    const char *paths[] = {own, own}, *prefixes[] = {"a:", ""};
    return hf_merge(paths, prefixes, 2, into, diag);
}

/* The package that is redacted, and the redacted one; opened before anything fails. */
static hf_package *prepared;

static hf_err redacts(hf_diag *diag)
{
    hf_redact_options options = {into, key, 0.5};
    return hf_redact(prepared, &options, diag);
}

static hf_err undoes(hf_diag *diag)
{
    hf_redact_options options = {back, key, 0.5};
    return hf_redact_undo(prepared, &options, diag);
}

static bool is_there(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

static void clean(bool all)
{
    char line[1700];
    snprintf(line, sizeof line, "rm -rf '%s' '%s' '%s'", back, all ? into : back, all ? key : back);
    if (system(line) != 0) abort();
}

static void prepare(const char *path)
{
    hf_diag *diag = NULL;
    hf_package_free(prepared);
    prepared = NULL;
    if (hf_diag_new(&diag) != HF_OK || hf_package_open(path, diag, &prepared) != HF_OK) abort();
    hf_diag_free(diag);
}

static void fail_each(hf_err (*work)(hf_diag *diag))
{
    hf_diag *diag = NULL;
    hf_err err = HF_E_NOMEM;
    long n = 1;
    for (; err == HF_E_NOMEM && n < 100000; n += n < 200 ? 1 : 5) {
        if (hf_diag_new(&diag) != HF_OK) abort();
        hf_alloc_fail_at(n);
        err = work(diag);
        hf_alloc_fail_at(0);
        CHECK(err == HF_OK || err == HF_E_NOMEM);
        if (work == undoes) CHECK(is_there(back) == (err == HF_OK));
        if (work == redacts || work == merges) CHECK(is_there(into) == (err == HF_OK));
        if (work == redacts) CHECK(is_there(key) == (err == HF_OK));
        if (err != HF_OK && err != HF_E_NOMEM) printf("# allocation %ld: %s\n", n, hf_err_text(err));
        hf_diag_free(diag);
        if (err != HF_OK) clean(work != undoes);
    }
    CHECK_INT(err, HF_OK);
    printf("# up to allocation %ld failed\n", n);
    CHECK(n > 100);
}

static void exporting(void)
{
    package_write();
    fail_each(exports);
    scratch_done();
}

static void merging(void)
{
    package_write();
    fail_each(merges);
    scratch_done();
}

static void redacting(void)
{
    package_write();
    prepare(own);
    fail_each(redacts);
    prepare(into);
    fail_each(undoes);
    hf_package_free(prepared);
    scratch_done();
}

int main(void)
{
    RUN(exporting);
    RUN(merging);
    RUN(redacting);
    return tap_done();
}
