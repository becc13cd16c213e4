/* Packages merged into one, and redacted so that they can be shared. */
#include <stdlib.h>

#include "base/alloc.h"
#include "datasets/merge.h"
#include "datasets/package.h"
#include "datasets/redact.h"
#include "datasets/synth/synth.h"
#include "model/cascade/losses.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static char source[1024];

static const char *in_scratch(const char *name, char path[1024])
{
    snprintf(path, 1024, "%s", scratch_path(name));
    return path;
}

static hf_package *opened(const char *path)
{
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_package_open(path, diag, &package), HF_OK);
    hf_diag_free(diag);
    return package;
}

/* User-hours and value lost in the k-th scenario. */
static void scenario_losses(const hf_package *package, int k, double *ret_hours, double *ret_value)
{
    const hf_network *net = hf_package_network(package);
    hf_diag *diag = NULL;
    hf_inject *injects = NULL;
    hf_timeline *tl = NULL;
    hf_losses *losses = NULL;
    hf_run_options options = hf_run_options_default();
    int n = 0;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_scenario_resolve(hf_package_scenario(package, k), net, diag, &injects, &n), HF_OK);
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    CHECK_INT(hf_timeline_run(tl, injects, n, &options, diag), HF_OK);
    CHECK_INT(hf_losses_compute(tl, net, 0.5, &losses), HF_OK);
    *ret_hours = losses->user_hours;
    *ret_value = losses->value_eur;
    hf_losses_free(losses);
    hf_timeline_free(tl);
    hf_free(injects);
    hf_diag_free(diag);
}

static void redacted_results_are_the_same(void)
{
    char redacted[1024], key[1024], again[1024], restored[1024];
    hf_diag *diag = NULL;
    hf_package *plain = opened(source);
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    hf_redact_options options = {in_scratch("redacted", redacted), in_scratch("my.key", key), 0.5};
    CHECK_INT(hf_redact(plain, &options, diag), HF_OK);
    hf_package *secret = opened(redacted);
    CHECK_INT(hf_package_scenario_count(secret), hf_package_scenario_count(plain));
    for (int k = 0; k < hf_package_scenario_count(plain); k++) {
        double hours[2], value[2];
        scenario_losses(plain, k, &hours[0], &value[0]);
        scenario_losses(secret, k, &hours[1], &value[1]);
        CHECK_NEAR(hours[1], hours[0], 1e-9 * hours[0]);
        CHECK_NEAR(value[1], value[0], 1e-9 * value[0]);
    }
    const hf_table *entities = hf_package_table(secret, "entities");
    for (int row = 0; row < hf_table_rows(entities); row++) {
        CHECK_STR(hf_table_cell(entities, row, hf_table_column(entities, "name")).text, "");
        CHECK_STR(hf_table_cell(entities, row, hf_table_column(entities, "source")).text, "");
    }
    /* the same key gives the same pseudonyms */
    options.into = in_scratch("again", again);
    CHECK_INT(hf_redact(plain, &options, diag), HF_OK);
    hf_package *second = opened(again);
    CHECK_STR(hf_package_digest(second), hf_package_digest(secret));
    /* and undoes it, byte for byte */
    options.into = in_scratch("restored", restored);
    CHECK_INT(hf_redact_undo(secret, &options, diag), HF_OK);
    hf_package *back = opened(restored);
    CHECK_STR(hf_package_digest(back), hf_package_digest(plain));
    hf_package_free(back);
    hf_package_free(second);
    hf_package_free(secret);
    hf_package_free(plain);
    hf_diag_free(diag);
}

static void a_wrong_key_is_refused(void)
{
    char redacted[1024], key[1024], into[1024];
    hf_diag *diag = NULL;
    hf_package *package = opened(source);
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    hf_redact_options options = {in_scratch("r2", redacted), in_scratch("no.key", key), 0.5};
    scratch_text("no.key", "{\"secret\": \"12\"}");
    CHECK_INT(hf_redact(package, &options, diag), HF_E_DATA);
    options.key = in_scratch("my.key", key); /* of the test before: of another kind of data set */
    options.into = in_scratch("r3", into);
    CHECK_INT(hf_redact_undo(package, &options, diag), HF_E_DATA); /* this package is not redacted */
    options.key = in_scratch("absent.key", key);
    CHECK(hf_redact_undo(package, &options, diag) != HF_OK);
    hf_diag_free(diag);
    hf_package_free(package);
}

static void merged_with_prefixes(void)
{
    char into[1024], plain[1024];
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_synth(&(hf_synth_options){300, 5, "AT", in_scratch("country", plain)}, diag), HF_OK);
    const char *paths[] = {plain, plain}, *prefixes[] = {"a-", "b-"};
    CHECK_INT(hf_merge(paths, prefixes, 2, in_scratch("both", into), diag), HF_OK);
    hf_package *one = opened(plain), *both = opened(into);
    const hf_network *small = hf_package_network(one), *large = hf_package_network(both);
    CHECK_INT(large->n_entities, 2 * small->n_entities);
    CHECK_INT(large->n_supplies, 2 * small->n_supplies);
    CHECK_INT(large->n_carriers, small->n_carriers);
    CHECK_INT(hf_package_scenario_count(both), 2 * hf_package_scenario_count(one));
    for (int k = 0; k < hf_package_scenario_count(one); k++) {
        double hours[2], value[2];
        scenario_losses(one, k, &hours[0], &value[0]);
        scenario_losses(both, hf_package_scenario_count(one) + k, &hours[1], &value[1]);
        CHECK_NEAR(hours[1], 2 * hours[0], 1e-9 * hours[1]); /* its filter names a region of both; islands of one carrier do not touch */
    }
    CHECK_INT(hf_merge(paths, prefixes, 2, into, diag), HF_E_EXISTS);
    hf_package_free(one);
    hf_package_free(both);
    hf_diag_free(diag);
}

static void write_small(const char *folder, const char *rows)
{
    char name[128];
    snprintf(name, sizeof name, "%s/datapackage.json", folder);
    scratch_text(name, "{\"name\": \"s\", \"title\": \"S\", \"resources\": [{\"name\": \"entities\", \"path\": \"entities.csv\"}]}");
    snprintf(name, sizeof name, "%s/entities.csv", folder);
    scratch_text(name, rows);
}

static void conflicts_are_named(void)
{
    char a[1024], b[1024], into[1024];
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    write_small("a", "id,sector,country,users\ngrid,energy,AT,5\nclinic,health,AT,7\n");
    write_small("b", "id,sector,country,users,note\ngrid,energy,AT,5,\nclinic,health,AT,8,\nnew,food,AT,1,kept\n");
    const char *paths[] = {in_scratch("a", a), in_scratch("b", b)};
    CHECK_INT(hf_merge(paths, NULL, 2, in_scratch("c", into), diag), HF_E_DATA);
    char *text = findings_text(diag);
    CHECK(strstr(text, "error entities.csv:3:1: entities \"clinic\" is in ") != NULL);
    CHECK(strstr(text, "entities.csv:3 too, with another users: \"7\" there, \"8\" here (a prefix tells them apart)\n") != NULL);
    free(text);
    write_small("b", "id,sector,country,users,note\ngrid,energy,AT,5,\nnew,food,AT,1,kept\n");
    /* a column that only one has: the rows differ in nothing but what one does not say */
    CHECK_INT(hf_merge(paths, NULL, 2, into, diag), HF_OK);
    hf_package *merged = opened(into);
    CHECK_INT(hf_package_network(merged)->n_entities, 3);
    const hf_table *entities = hf_package_table(merged, "entities");
    CHECK_STR(hf_table_cell(entities, 2, hf_table_column(entities, "note")).text, "kept");
    hf_package_free(merged);
    hf_diag_free(diag);
}

int main(void)
{
    const char *root = getenv("HOLDFAST_SOURCE");
    snprintf(source, sizeof source, "%s/datasets/data/danube", root ? root : ".");
    scratch_folder();
    RUN(redacted_results_are_the_same);
    RUN(a_wrong_key_is_refused);
    RUN(merged_with_prefixes);
    RUN(conflicts_are_named);
    scratch_done();
    return tap_done();
}
