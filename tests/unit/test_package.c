/* Data packages: what is read, what is refused and how it is said, archives, writing back. */
#include "datasets/package.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "base/text.h"
#include "datasets/fields.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static const char metadata[] = "{\"name\": \"small\", \"title\": \"A small one\", \"version\": \"1.2\", \"resources\": ["
                               "{\"name\": \"entities\", \"path\": \"entities.csv\"}, {\"name\": \"requirements\", \"path\": \"requirements.csv\"}, "
                               "{\"name\": \"supplies\", \"path\": \"supplies.csv\"}, {\"name\": \"scenarios\", \"path\": \"scenarios.json\"}]}";
static const char entities[] = "id,sector,country,users,note\ngrid,energy,AT,10,x\nclinic,health,UK,200,y\n";
static const char requirements[] = "entity,requirement,curve\nclinic,power,12:1\n";
static const char supplies[] = "entity,requirement,supplier,share\nclinic,power,grid,1\n";
static const char scenarios[] = "{\"scenarios\": [{\"name\": \"dark\", \"horizon_h\": 48, \"injects\": ["
                                "{\"at_h\": 2, \"inject\": \"fail\", \"targets\": [\"grid\"], \"text\": \"Lights out\"}]}]}";

static hf_diag *diag;

static void small_package(void)
{
    scratch_folder();
    scratch_text("datapackage.json", metadata);
    scratch_text("entities.csv", entities);
    scratch_text("requirements.csv", requirements);
    scratch_text("supplies.csv", supplies);
    scratch_text("scenarios.json", scenarios);
}

static hf_package *open_at(const char *path, hf_err expected)
{
    hf_package *package = NULL;
    hf_diag_free(diag);
    if (hf_diag_new(&diag) != HF_OK) abort();
    CHECK_INT(hf_package_open(path, diag, &package), expected);
    CHECK((package != NULL) == (expected == HF_OK));
    return package;
}

static void check_findings(const char *expected)
{
    char *findings = findings_text(diag);
    CHECK_STR(findings, expected);
    free(findings);
}

/* Errors only. */
static void check_errors(const char *expected)
{
    char *findings = findings_text(diag), *to = findings;
    for (char *line = findings, *next; *line; line = next) {
        next = strchr(line, '\n') + 1;
        if (strncmp(line, "error ", 6) != 0) continue;
        memmove(to, line, (size_t)(next - line));
        to += next - line;
    }
    *to = '\0';
    CHECK_STR(findings, expected);
    free(findings);
}

/* Replaces one file of the small package and expects it to be refused with these findings. */
static void refused(const char *file, const char *text, const char *findings)
{
    small_package();
    scratch_text(file, text);
    hf_package_free(open_at(scratch_path("."), HF_E_DATA));
    check_errors(findings);
}

static void a_package_is_read(void)
{
    small_package();
    hf_package *p = open_at(scratch_path("datapackage.json"), HF_OK);
    const hf_network *net = hf_package_network(p);
    CHECK_STR(hf_package_name(p), "small");
    CHECK_STR(hf_package_title(p), "A small one");
    CHECK_STR(hf_package_version(p), "1.2");
    CHECK_INT((int)strlen(hf_package_digest(p)), 64);
    CHECK_INT(net->n_entities, 2);
    CHECK_STR(net->countries.name[net->country[hf_network_find(net, "clinic")]], "GB");
    CHECK_NEAR(net->curve_h[0], 12, 0);
    CHECK_INT(hf_package_scenario_count(p), 1);
    const hf_scenario *s = hf_package_find_scenario(p, "dark");
    CHECK(s && s->n_steps == 1 && s->steps[0].kind == HF_STEP_FAIL);
    if (s) CHECK_STR(s->steps[0].text, "Lights out");
    CHECK_STR(hf_table_cell(hf_package_table(p, "entities"), 1, 4).text, "y");
    CHECK(hf_package_table(p, "hazards") == NULL);
    check_findings("note entities.csv:1:0: column without a meaning here, kept as it is: note\n"
                   "note entities.csv:0:0: 1 country name understood as ISO 3166-1 code, first UK as GB\n");
    hf_package_free(p);
}

static void faults_in_tables_are_named(void)
{
    refused("entities.csv", "id,sector,country,users\ngrid,energy,AT,-5\nclinic,helth,ZZ,nan\n",
            "error entities.csv:2:16: users \"-5\" is out of range (allowed: a number of 0 or more people)\n"
            "error entities.csv:3:8: sector \"helth\" is unknown (allowed: energy transport banking financial_market health drinking_water "
            "waste_water digital administration space food)\n"
            "error entities.csv:3:14: country \"ZZ\" is no country (allowed: ISO 3166-1 alpha-2, as RS)\n"
            "error entities.csv:3:17: users \"nan\" is not a number (allowed: a number of 0 or more people)\n");
    refused("entities.csv", "id,sector,country\ngrid,energy,AT\nclinic,health,AT\ngrid,energy,AT\n",
            "error entities.csv:4:1: entity \"grid\" is there twice (first in line 2)\n");
    refused("entities.csv", "id,country\ngrid,AT\n", "error entities.csv:1:1: column \"sector\" is missing (sector of the Directive's annex)\n"
                                                     "error requirements.csv:2:1: entity \"clinic\" is not in entities\n"
                                                     "error supplies.csv:2:1: entity \"clinic\" is not in entities\n"
                                                     "error supplies.csv:2:1: supplier \"grid\" is not in entities\n");
    refused("requirements.csv", "entity,requirement,curve\nclinic,power,12:1 6:1\n",
            "error requirements.csv:2:1: curve \"12:1 6:1\" at character 6: the hours must rise from step to step\n");
    refused("requirements.csv", "entity,requirement,curve\nclinic,power,1:0.5 2:0.3\n",
            "error requirements.csv:2:1: curve \"1:0.5 2:0.3\" at character 7: the loss must not fall from step to step\n");
    refused("requirements.csv", "entity,requirement,curve\nclinic,power,-1:1\n",
            "error requirements.csv:2:1: curve \"-1:1\" at character 1: the hours of a step must be 0 or more\n");
    refused("requirements.csv", "entity,requirement,curve\nclinic,power,1e999:1\n",
            "error requirements.csv:2:1: curve \"1e999:1\" at character 1: a step must start with its hours, a number of 0 or more, as in 12:1\n");
    refused("requirements.csv", "entity,requirement,refill\nclinic,power,0\n",
            "error requirements.csv:2:14: refill \"0\" is out of range (allowed: a number above 0, or inf)\n");
}

static void faults_in_links_are_named(void)
{
    refused("supplies.csv", "entity,requirement,supplier\nclinic,power,grit\n",
            "error supplies.csv:2:1: supplier \"grit\" is not in entities\n"
            "error requirements.csv:2:1: requirement \"power\" of clinic has no supplier (add a row to supplies)\n");
    refused("supplies.csv", "entity,requirement,supplier,share\nclinic,power,grid,1/2\n",
            "error requirements.csv:2:1: the shares of requirement \"power\" of clinic add up to 0.5 and can never cover it (needed: 1)\n");
    refused("supplies.csv", "entity,requirement,supplier\nclinic,power,grid\nclinic,power,clinic\n",
            "error supplies.csv:3:1: clinic supplies itself with \"power\" (allowed: another entity)\n");
    refused("supplies.csv", "entity,requirement,supplier,class\nclinic,power,grid,1.5\n",
            "error supplies.csv:2:19: class \"1.5\" is not a whole number (allowed: a whole number up to 1e9)\n");
    refused("supplies.csv", "entity,requirement,supplier\nclinic,water,grid\nclinic,power,grid\nclinic,power,grid\n",
            "error supplies.csv:2:1: clinic has no requirement \"water\" (add a row to requirements)\n"
            "error supplies.csv:4:1: supplier \"grid\" of power of clinic is there twice (first in line 3)\n");
}

static void faults_in_carriers_are_named(void)
{
    small_package();
    scratch_text("datapackage.json", "{\"name\": \"c\", \"resources\": [{\"name\": \"entities\", \"path\": \"entities.csv\"},"
                                     "{\"name\": \"carriers\", \"path\": \"carriers.csv\"}, {\"name\": \"carrier_nodes\", \"path\": \"nodes.csv\"},"
                                     "{\"name\": \"carrier_lines\", \"path\": \"lines.csv\"}]}");
    scratch_text("carriers.csv", "carrier,rule\npower,balance\n");
    scratch_text("nodes.csv", "carrier,entity,supply,demand\npower,grid,10,0\n");
    scratch_text("lines.csv", "carrier,from,to\npower,grid,grid\npower,grid,clinic\ngas,grid,clinic\n");
    hf_package_free(open_at(scratch_path("."), HF_E_DATA));
    char *findings = findings_text(diag);
    CHECK(strstr(findings, "error lines.csv:2:1: a line of carrier power leads from grid to itself (allowed: another node)\n"));
    CHECK(strstr(findings, "error lines.csv:3:1: to clinic is not a node of carrier power (add a row to carrier_nodes)\n"));
    CHECK(strstr(findings, "error lines.csv:4:1: carrier \"gas\" is not in carriers\n"));
    free(findings);
}

static void faults_in_scenarios_are_named(void)
{
    refused("scenarios.json", "{\"scenarios\": [{\"name\": \"a\", \"injects\": [\n{\"at_h\": 0, \"inject\": \"fail\", \"targets\": [\"grit\"]}]}]}",
            "error scenarios.json:2:1: scenario a: target \"grit\" is unknown (no entity has this id)\n");
    refused("scenarios.json", "{\"scenarios\": [{\"name\": \"a\", \"injects\": [{\"at_h\": -1, \"inject\": \"explode\", \"targets\": [\"grid\"]}]}",
            "error scenarios.json:1:98: the file ends inside an array\n");
    refused("scenarios.json", "{\"scenarios\": [{\"name\": \"a\", \"injects\": [{\"at_h\": -1, \"inject\": \"explode\", \"targets\": [\"grid\"]}]}]}",
            "error scenarios.json:1:65: inject \"explode\" is unknown (allowed: fail degrade repair restore note close_border cut_corridor "
            "limit_trade)\n");
    refused("scenarios.json",
            "{\"scenarios\": [{\"name\": \"a\", \"injects\": [{\"at_h\": -1, \"inject\": \"fail\", \"level\": 2, \"targets\": [\"grid\"]}]}]}",
            "error scenarios.json:1:42: scenario a: level 2 (allowed: 0 to 1)\n"
            "error scenarios.json:1:42: scenario a: at_h -1 (allowed: hours of 0 or more)\n");
}

static void faults_in_the_metadata_are_named(void)
{
    refused("datapackage.json", "{\"name\": \"x\", \"resources\": [{\"name\": \"entities\", \"path\": \"../entities.csv\"}]}",
            "error datapackage.json:1:58: path \"../entities.csv\" (allowed: a relative path below the package)\n"
            "error datapackage.json:0:0: resource \"entities\" is missing\n");
    refused("datapackage.json", "{\"name\": \"x\"}", "error datapackage.json:1:1: \"resources\" is missing: a list of {\"name\", \"path\"}\n");
    refused("datapackage.json", "{\"name\": \"x\", \"resources\": [{\"name\": \"entities\", \"path\": \"nothing.csv\"}]}",
            "error nothing.csv:0:0: no such file or folder\n");
    small_package();
    if (symlink("/etc/hostname", scratch_path("outside.csv")) != 0) abort();
    scratch_text("datapackage.json", "{\"name\": \"x\", \"resources\": [{\"name\": \"entities\", \"path\": \"outside.csv\"}]}");
    hf_package_free(open_at(scratch_path("."), HF_E_DATA));
    check_findings("error outside.csv:0:0: a path leaves its folder\n");
    open_at("/nowhere/at/all", HF_E_NOT_FOUND);
}

static void archive_add(zip_t *zip, const char *name, const char *bytes, size_t length)
{
    zip_source_t *source = zip_source_buffer(zip, bytes, length, 0);
    if (!source || zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) < 0) abort();
}

static zip_t *zip_new(const char *name)
{
    zip_t *zip = zip_open(scratch_path(name), ZIP_CREATE | ZIP_TRUNCATE, NULL);
    if (!zip) abort();
    return zip;
}

static void small_zip(const char *name, const char *folder)
{
    const char *files[][2] = {{"datapackage.json", metadata}, {"entities.csv", entities}, {"requirements.csv", requirements},
                              {"supplies.csv", supplies}, {"scenarios.json", scenarios}};
    zip_t *zip = zip_new(name);
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        char path[80];
        snprintf(path, sizeof path, "%s%s", folder, files[k][0]);
        archive_add(zip, path, files[k][1], strlen(files[k][1]));
    }
    if (zip_close(zip) != 0) abort();
}

static void an_archive_is_the_same_package(void)
{
    small_package();
    hf_package *folder = open_at(scratch_path("."), HF_OK);
    small_zip("flat.zip", "");
    small_zip("deep.zip", "set/");
    hf_package *flat = open_at(scratch_path("flat.zip"), HF_OK), *deep = open_at(scratch_path("deep.zip"), HF_OK);
    CHECK_STR(hf_package_digest(flat), hf_package_digest(folder));
    CHECK_STR(hf_package_digest(deep), hf_package_digest(folder));
    CHECK_INT(hf_package_network(flat)->n_supplies, 1);
    hf_package_free(folder);
    hf_package_free(flat);
    hf_package_free(deep);
}

static void archives_cannot_do_harm(void)
{
    size_t length = (size_t)300 << 20; /* 300 MiB of blanks pack into 300 kB */
    char *blanks = malloc(length);
    if (!blanks) abort();
    memset(blanks, ' ', length);
    scratch_folder();
    zip_t *zip = zip_new("bomb.zip");
    archive_add(zip, "datapackage.json", metadata, strlen(metadata));
    archive_add(zip, "entities.csv", blanks, length);
    if (zip_close(zip) != 0) abort();
    free(blanks);
    hf_package_free(open_at(scratch_path("bomb.zip"), HF_E_DATA));
    char *findings = findings_text(diag);
    CHECK(strstr(findings, "error entities.csv:0:0: the file expands to more than is allowed\n"));
    free(findings);
    zip = zip_new("slip.zip");
    archive_add(zip, "datapackage.json", metadata, strlen(metadata));
    archive_add(zip, "../../evil.csv", entities, strlen(entities));
    if (zip_close(zip) != 0) abort();
    hf_package_free(open_at(scratch_path("slip.zip"), HF_E_DATA));
    check_findings("error slip.zip:0:0: the archive holds \"../../evil.csv\", a path that leaves its folder\n");
    scratch_text("not.zip", "PK but not an archive");
    hf_package_free(open_at(scratch_path("not.zip"), HF_E_FORMAT));
}

static void writing_gives_the_same_package(void)
{
    small_package();
    char folder[256];
    hf_package *p = open_at(scratch_path("."), HF_OK);
    snprintf(folder, sizeof folder, "%s", scratch_path("copy"));
    CHECK_INT(hf_package_save(p, folder, false, diag), HF_OK);
    CHECK_INT(hf_package_save(p, folder, false, diag), HF_E_EXISTS);
    CHECK_INT(hf_package_save(p, folder, true, diag), HF_OK);
    char digest[65];
    strcpy(digest, hf_package_digest(p));
    hf_package_free(p);
    p = open_at(folder, HF_OK);
    CHECK_STR(p ? hf_package_digest(p) : "", digest); /* the small package is written as we write it */
    hf_package_free(p);
}

static void every_resource_has_a_schema(void)
{
    hf_buf out = {0};
    CHECK_INT(hf_schema_write(NULL, &out), HF_OK);
    for (int k = 0; k < hf_resource_count; k++)
        for (int f = 0; f < hf_resources[k].n_fields; f++) {
            char key[80];
            snprintf(key, sizeof key, "\"%s\": {", hf_resources[k].fields[f].name);
            CHECK(strstr(out.text, key));
        }
    hf_buf_done(&out);
    CHECK_INT(hf_schema_write("nothing", &out), HF_E_UNKNOWN_ID);
    CHECK_INT(hf_schema_write("supplies", &out), HF_OK);
    hf_buf_done(&out);
}

int main(void)
{
    RUN(a_package_is_read);
    RUN(faults_in_tables_are_named);
    RUN(faults_in_links_are_named);
    RUN(faults_in_carriers_are_named);
    RUN(faults_in_scenarios_are_named);
    RUN(faults_in_the_metadata_are_named);
    RUN(an_archive_is_the_same_package);
    RUN(archives_cannot_do_harm);
    RUN(writing_gives_the_same_package);
    RUN(every_resource_has_a_schema);
    scratch_done();
    hf_diag_free(diag);
    return tap_done();
}
