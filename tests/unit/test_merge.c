/* Packages merged: what is shared is there once, conflicts are named at both places, and a cascade stays what it was. */
#include "datasets/merge.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/text.h"
#include "datasets/fields.h"
#include "datasets/package.h"
#include "model/cascade/losses.h"
#include "model/cascade/scenario.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static hf_diag *diag;

static const char *shipped(const char *name)
{
    static char path[512];
    const char *source = getenv("HOLDFAST_SOURCE");
    snprintf(path, sizeof path, "%s/datasets/data/%s", source ? source : ".", name);
    return path;
}

static hf_err merge(const char *a, const char *prefix_a, const char *b, const char *prefix_b, hf_merge_note *note)
{
    char first[512], second[512], into[512];
    snprintf(first, sizeof first, "%s", a);
    snprintf(second, sizeof second, "%s", b);
    snprintf(into, sizeof into, "%s", scratch_path("merged"));
    hf_merge_input inputs[] = {{first, prefix_a}, {second, prefix_b}};
    hf_diag_free(diag);
    if (hf_diag_new(&diag) != HF_OK) abort();
    return hf_merge(inputs, 2, into, NULL, diag, note);
}

static hf_package *opened(const char *path)
{
    hf_package *package = NULL;
    CHECK_INT(hf_package_open(path, diag, &package), HF_OK);
    if (!package) {
        char *findings = findings_text(diag);
        printf("# %s: %s\n", path, findings);
        abort();
    }
    return package;
}

static bool said(const char *text)
{
    for (size_t k = 0; k < hf_diag_kept(diag); k++) {
        const hf_finding *f = hf_diag_get(diag, k);
        char line[2000];
        const char *slash = f->file ? strrchr(f->file, '/') : NULL;
        snprintf(line, sizeof line, "%s:%d: %s", slash ? slash + 1 : "", f->line, f->text);
        if (strstr(line, text)) return true;
    }
    for (size_t k = 0; k < hf_diag_kept(diag); k++) printf("# said: %d: %s\n", hf_diag_get(diag, k)->line, hf_diag_get(diag, k)->text);
    return false;
}

/* A package in the folder `name`, with one entity more than the plant, and tables as given. */
static void small(const char *name, const char *entities, const char *lines, const char *metadata, const char *scenarios)
{
    static const char *const files[] = {"entities.csv", "carriers.csv", "carrier_nodes.csv", "carrier_lines.csv", "datapackage.json", "scenarios.json"};
    const char *texts[] = {entities, "carrier,rule\np,reach\n", "carrier,entity,supply\np,plant,1\np,town,\n", lines, NULL, scenarios};
    char own[1200], path[200];
    snprintf(own, sizeof own,
             "{\"name\": \"%s\"%s, \"resources\": [{\"name\": \"entities\", \"path\": \"entities.csv\"}, {\"name\": \"carriers\", \"path\": "
             "\"carriers.csv\"}, {\"name\": \"carrier_nodes\", \"path\": \"carrier_nodes.csv\"}, {\"name\": \"carrier_lines\", \"path\": "
             "\"carrier_lines.csv\"}, {\"name\": \"scenarios\", \"path\": \"scenarios.json\"}]}",
             name, metadata);
    texts[4] = own;
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        snprintf(path, sizeof path, "%s/%s", name, files[k]);
        scratch_text(path, texts[k]);
    }
}

static const char one_line[] = "carrier,from,to\np,plant,town\n";
static const char no_scenarios[] = "{\"scenarios\": []}";
static char path_a[512], path_b[512];

static void two(void)
{
    snprintf(path_a, sizeof path_a, "%s", scratch_path("a"));
    snprintf(path_b, sizeof path_b, "%s", scratch_path("b"));
}

/* A package merged with itself says the same, byte by byte, in every table that we know. */
static void with_itself(void)
{
    hf_merge_note note;
    char danube[512];
    scratch_folder();
    snprintf(danube, sizeof danube, "%s", shipped("danube"));
    CHECK_INT(merge(danube, "", danube, "", &note), HF_OK);
    hf_package *a = opened(danube), *b = opened(scratch_path("merged"));
    for (int k = 0; k < hf_resource_count; k++) {
        hf_buf one = {0}, other = {0};
        const hf_table *t = hf_package_table(a, hf_resources[k].name), *u = hf_package_table(b, hf_resources[k].name);
        CHECK((t == NULL) == (u == NULL));
        if (t) hf_table_write(t, &one);
        if (u) hf_table_write(u, &other);
        CHECK(one.length == other.length && (!t || memcmp(one.text, other.text, one.length) == 0));
        hf_buf_done(&one);
        hf_buf_done(&other);
    }
    CHECK_INT(hf_package_scenario_count(b), hf_package_scenario_count(a));
    CHECK(note.rows > 300);
    hf_package_free(a);
    hf_package_free(b);
    scratch_done();
}

/* Losses of a scenario; the caller frees. */
static hf_losses *losses_of(const hf_package *package, const char *scenario)
{
    hf_inject *injects = NULL;
    hf_timeline *tl = NULL;
    hf_losses *losses = NULL;
    int n = 0;
    hf_run_options options = hf_run_options_default();
    const hf_network *net = hf_package_network(package);
    CHECK(hf_package_find_scenario(package, scenario) != NULL);
    if (!hf_package_find_scenario(package, scenario)) abort();
    CHECK_INT(hf_scenario_resolve(hf_package_find_scenario(package, scenario), net, diag, &injects, &n), HF_OK);
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    CHECK_INT(hf_timeline_run(tl, injects, n, &options, NULL), HF_OK);
    CHECK_INT(hf_losses_compute(tl, net, 0.5, &losses), HF_OK);
    free(injects);
    hf_timeline_free(tl);
    return losses;
}

/* Two copies under two prefixes share carriers by name but no entity: a cascade in one is that of the original, and the other does not notice. */
static void prefixes_keep_apart(void)
{
    hf_merge_note note;
    char danube[512];
    scratch_folder();
    snprintf(danube, sizeof danube, "%s", shipped("danube"));
    CHECK_INT(merge(danube, "x:", danube, "y ", &note), HF_OK);
    hf_package *a = opened(danube), *b = opened(scratch_path("merged"));
    const hf_network *net = hf_package_network(a), *both = hf_package_network(b);
    CHECK_INT(both->n_entities, 2 * net->n_entities);
    CHECK_INT(both->n_clines, 2 * net->n_clines);
    CHECK_INT(both->n_supplies, 2 * net->n_supplies);
    CHECK_INT(both->n_hazards, 2 * net->n_hazards);
    CHECK_INT(both->n_carriers, net->n_carriers);
    CHECK_INT(hf_package_scenario_count(b), 2 * hf_package_scenario_count(a));
    for (int s = 0; s < hf_package_scenario_count(a); s++) {
        char name[200];
        const char *own = hf_package_scenario(a, s)->name;
        snprintf(name, sizeof name, "y %s", own);
        hf_losses *one = losses_of(a, own), *other = losses_of(b, name);
        CHECK(one->n_entities > 0);
        CHECK_INT(other->n_entities, one->n_entities);
        for (int k = 0; k < one->n_entities && k < other->n_entities; k++) {
            snprintf(name, sizeof name, "y %s", net->id[one->entities[k].entity]);
            CHECK_STR(both->id[other->entities[k].entity], name);
            CHECK_NEAR(other->entities[k].user_hours, one->entities[k].user_hours, 1e-9 * (1 + one->entities[k].user_hours));
            CHECK_NEAR(other->entities[k].lowest, one->entities[k].lowest, 1e-12);
        }
        hf_losses_free(one);
        hf_losses_free(other);
    }
    hf_package_free(a);
    hf_package_free(b);
    scratch_done();
}

/* What one table does not have a column for, the other may say; numbers are the same however they are written; parallel lines stay two. */
static void what_is_shared(void)
{
    hf_merge_note note;
    scratch_folder();
    two();
    small("a", "id,sector,country,users\nplant,energy,AT,10\ntown,energy,AT,5\n", "carrier,from,to\np,plant,town\np,plant,town\n",
          ", \"currency\": \"EUR\", \"sources\": [{\"title\": \"one\"}]",
          "{\"scenarios\": [{\"name\": \"s\", \"injects\": [{\"at_h\": 0, \"inject\": \"fail\", \"targets\": [\"plant\"]}]}]}");
    small("b", "id,sector,country,users,repair_h,extra\ntown,energy,AT,5.0,3,k\nplant,energy,AT,10,,\nclinic,health,AT,7,,z\n", one_line,
          ", \"currency\": \"EUR\", \"sources\": [{\"title\": \"one\"}, {\"title\": \"two\"}]",
          "{\"scenarios\": [{\"name\": \"s\", \"injects\": [{\"inject\": \"fail\", \"at_h\": 0, \"targets\": [\"plant\"]}]}, {\"name\": \"t\", "
          "\"injects\": [{\"at_h\": 0, \"inject\": \"fail\", \"targets\": [\"clinic\"]}]}]}");
    CHECK_INT(merge(path_a, "", path_b, "", &note), HF_OK);
    hf_package *m = opened(scratch_path("merged"));
    const hf_network *net = hf_package_network(m);
    CHECK_STR(hf_package_name(m), "merged");
    CHECK_INT(net->n_entities, 3);
    CHECK_INT(net->n_clines, 2);
    CHECK_NEAR(net->repair_h[hf_network_find(net, "town")], 3, 0);
    CHECK_INT(hf_package_scenario_count(m), 2);
    CHECK_INT(note.shared, 2 + 1 + 2 + 1 + 1); /* entities, carrier, nodes, one line of two, scenario */
    hf_package_free(m);
    scratch_done();
}

static void conflicts_are_named(void)
{
    hf_merge_note note;
    struct stat about;
    scratch_folder();
    two();
    small("a", "id,sector,country,users\nplant,energy,AT,10\ntown,energy,AT,5\n", one_line, ", \"currency\": \"EUR\"",
          "{\"scenarios\": [\n{\"name\": \"s\", \"horizon_h\": 5, \"injects\": [{\"at_h\": 0, \"inject\": \"fail\", \"targets\": [\"plant\"]}]}]}");
    small("b", "id,sector,country,users\ntown,health,AT,6\nplant,energy,AT,10\n", one_line, ",\n \"currency\": \"JPY\"",
          "{\"scenarios\": [{\"name\": \"s\", \"injects\": [{\"at_h\": 0, \"inject\": \"fail\", \"targets\": [\"plant\"]}]}]}");
    CHECK_INT(merge(path_a, "", path_b, "", &note), HF_E_DATA);
    CHECK(said("entities.csv:2: entities town is at "));
    CHECK(said("a/entities.csv:3 too and differs: sector \"energy\" and \"health\", users \"5\" and \"6\""));
    CHECK(said("scenarios.json:1: scenario \"s\" is at ") && said("a/scenarios.json:2 too and differs"));
    CHECK(said("datapackage.json:2: \"currency\" is another one than in "));
    CHECK_INT(hf_diag_count(diag, HF_ERROR), 3);
    CHECK(stat(scratch_path("merged"), &about) != 0);
    /* A prefix makes them different things; the currency stays a conflict. */
    CHECK_INT(merge(path_a, "at:", path_b, "", &note), HF_E_DATA);
    CHECK_INT(hf_diag_count(diag, HF_ERROR), 1);
    CHECK_INT(merge(path_a, "at:", path_a, "", &note), HF_OK);
    CHECK_INT(merge(path_a, "at:", path_a, "", &note), HF_E_EXISTS);
    scratch_done();
}

static void a_wrong_package_is_refused(void)
{
    hf_merge_note note;
    struct stat about;
    scratch_folder();
    two();
    small("a", "id,sector,country\nplant,energy,AT\ntown,energy,AT\n", one_line, "", no_scenarios);
    small("b", "id,sector,country\nplant,energy,AT\ntown,energy,AT\n", "carrier,from,to\nq,plant,town\n", "", no_scenarios);
    CHECK_INT(merge(path_a, "", path_b, "", &note), HF_E_DATA); /* b alone is wrong: no carrier q */
    CHECK(said("carrier_lines.csv:2: "));
    CHECK(stat(scratch_path("merged"), &about) != 0);
    scratch_done();
}

int main(void)
{
    RUN(with_itself);
    RUN(prefixes_keep_apart);
    RUN(what_is_shared);
    RUN(conflicts_are_named);
    RUN(a_wrong_package_is_refused);
    hf_diag_free(diag);
    return tap_done();
}
