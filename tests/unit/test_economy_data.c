/* The economy of a package: what is read, in both forms, what is refused and how it is said, writing back. */
#include "datasets/economy.h"

#include <stdlib.h>

#include "base/rng.h"
#include "datasets/package.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static hf_diag *diag;

static const char industries[] = "region,industry,name,code,output,jobs\nRS,agri,Farming,A,100,20\nRS,power,,D,50,2\nAT,agri,,,80,\nAT,power,,,60,3\n";
static const char trade[] = "region,industry,RS/agri,RS/power,AT/agri,AT/power\nRS,agri,10,5,7,0\nRS,power,20,,0,1.5\nAT,agri,3,0,8,2\nAT,power,0,9,4,6\n";
static const char trade_long[] = "value,to_industry,to_region,industry,region\n10,agri,RS,agri,RS\n5,power,RS,agri,RS\n7,agri,AT,agri,RS\n"
            "20,agri,RS,power,RS\n"
                                 "1.5,power,AT,power,RS\n3,agri,RS,agri,AT\n8,agri,AT,agri,AT\n2,power,AT,agri,AT\n9,power,RS,power,AT\n4,agri,AT,power,AT\n"
                                 "6,power,AT,power,AT\n";
static const char demand[] = "region,industry,to_region,category,value\nRS,agri,RS,households,70\nRS,agri,AT,stocks,8\nRS,power,RS,households,28.5\n"
                             "AT,agri,AT,households,67\nAT,power,AT,households,44\nAT,power,AT,stocks,-3\n";
static const char added[] = "region,industry,component,value\nRS,agri,wages,50\nRS,agri,surplus,17\nRS,power,,36\nAT,agri,,61\nAT,power,,50.5\n";
static const char links[] = "entity,region,industry,link,capacity_share\nplant,RS,power,,1/2\nfuel,RS,agri,follows,\n";
static const char corridors[] = "corridor,title,entity,capacity\nbridge,The bridge,bridge,60\nferry,,,\n";
static const char routes[] = "origin,destination,industry,route,share,gates,extra_days,extra_cost\nRS,AT,,north,0.6,bridge,,\n"
            "RS,AT,,south,0.4,bridge; ferry,2,0.1\n"
                             "AT,RS,,north,1,,,\nRS,AT,power,wire,1,,,\nRS,AT,power,air,0,,,3\n";

static void package_write(void)
{
    static const char *const names[] = {"entities", "industries", "trade", "final_demand", "value_added", "industry_links", "corridors", "routes"};
    char text[2000] = "{\"name\": \"eco\", \"currency\": \"EUR\", \"base_year\": 2020, \"money_unit\": 1000000, \"resources\": [";
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        char entry[100];
        snprintf(entry, sizeof entry, "%s{\"name\": \"%s\", \"path\": \"%s.csv\"}", k ? ", " : "", names[k], names[k]);
        strcat(text, entry);
    }
    strcat(text, "]}");
    scratch_folder();
    scratch_text("datapackage.json", text);
    scratch_text("entities.csv", "id,sector,country\nplant,energy,RS\nbridge,transport,RS\nfuel,energy,RS\n");
    scratch_text("industries.csv", industries);
    scratch_text("trade.csv", trade);
    scratch_text("final_demand.csv", demand);
    scratch_text("value_added.csv", added);
    scratch_text("industry_links.csv", links);
    scratch_text("corridors.csv", corridors);
    scratch_text("routes.csv", routes);
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

/* One file replaced: what is said. */
static void refused(const char *file, const char *text, const char *expected)
{
    package_write();
    scratch_text(file, text);
    hf_package_free(open_at(scratch_path("."), HF_E_DATA));
    check_findings(expected);
}

static void table_check(const hf_io_table *t)
{
    static const double z[] = {10, 5, 7, 0, 20, 0, 0, 1.5, 3, 0, 8, 2, 0, 9, 4, 6}, y[] = {70, 0, 0, 8, 28.5, 0, 0, 0, 0, 0, 67, 0, 0, 0, 44, -3};
    static const double x[] = {100, 50, 80, 60}, v[] = {67, 36, 61, 50.5};
    CHECK_INT(t->n_regions, 2);
    CHECK_INT(t->n_sectors, 2);
    CHECK_INT(t->n_demand, 2);
    CHECK_STR(t->region[0], "RS");
    CHECK_STR(t->sector[1], "power");
    CHECK_STR(t->currency, "EUR");
    CHECK_INT(t->year, 2020);
    CHECK_NEAR(t->unit, 1e6, 0);
    for (int k = 0; k < 16; k++) CHECK_NEAR(t->z[k], z[k], 0);
    for (int k = 0; k < 16; k++) CHECK_NEAR(t->y[k], y[k], 0);
    for (int k = 0; k < 4; k++) CHECK_NEAR(t->x[k], x[k], 0);
    for (int k = 0; k < 4; k++) CHECK_NEAR(t->v[k], v[k], 0);
}

static void an_economy_is_read(void)
{
    package_write();
    hf_package *p = open_at(scratch_path("."), HF_OK);
    check_findings("");
    if (!p) return;
    const hf_economy *e = hf_package_economy(p);
    const hf_network *net = hf_package_network(p);
    table_check(e->table);
    CHECK_STR(e->title[0], "Farming");
    CHECK_STR(e->title[1], "power");
    CHECK_STR(e->code[1], "D");
    CHECK_STR(e->category[1], "stocks");
    CHECK_NEAR(e->jobs[3], 3, 0);
    CHECK_INT(e->n_links, 2);
    CHECK(e->link[0].follows && e->link[0].industry == 0 && e->link[0].entity == hf_network_find(net, "fuel"));
    CHECK(!e->link[1].follows && e->link[1].industry == 1 && e->link[1].entity == hf_network_find(net, "plant") && e->link[1].share == 0.5);
    CHECK_INT(e->n_corridors, 2);
    CHECK(e->corridor[0].entity == hf_network_find(net, "bridge") && e->corridor[0].capacity == 60);
    CHECK(e->corridor[1].entity == -1 && isinf(e->corridor[1].capacity));
    CHECK_STR(e->corridor[1].title, "ferry");
    CHECK_INT(e->n_routes, 5);
    int n = 0;
    const hf_trade_route *route = hf_economy_routes(e, 0, 1, 0, &n);
    CHECK_INT(n, 2);
    CHECK_STR(route[1].name, "south");
    CHECK(route[1].n_gates == 2 && e->gate[route[1].gate_first] == 0 && e->gate[route[1].gate_first + 1] == 1);
    CHECK_NEAR(route[1].extra_days, 2, 0);
    CHECK_NEAR(route[1].extra_cost, 0.1, 0);
    route = hf_economy_routes(e, 0, 1, 1, &n);
    CHECK_INT(n, 2);
    CHECK_STR(route[0].name, "wire");
    CHECK_NEAR(route[1].share, 0, 0); /* in reserve */
    CHECK(hf_economy_routes(e, 0, 0, 0, &n) == NULL && n == 0);
    hf_package_free(p);
}

static void long_and_wide_are_the_same(void)
{
    package_write();
    scratch_text("trade.csv", trade_long);
    scratch_text("final_demand.csv", "\xEF\xBB\xBFregion;industry;RS/households;RS/stocks;AT/households;\"AT/stocks\"\r\nAT;power;0;0;44;-3\r\n\r\n"
                                     "RS;agri;70;0;0;8\r\nRS;power;28.5;;;\r\n\"AT\";agri;0;0;67;0");
    hf_package *p = open_at(scratch_path("."), HF_OK);
    check_findings("");
    if (p) table_check(hf_package_economy(p)->table);
    hf_package_free(p);
}

static void what_is_not_given_is_derived(void)
{
    package_write();
    scratch_text("industries.csv", "region,industry\nRS,agri\nRS,power\nAT,agri\nAT,power\n");
    hf_package *p = open_at(scratch_path("."), HF_OK);
    check_findings("note industries.csv:0:0: output of 4 industries is not given: it is what they sell\n");
    if (p) {
        hf_economy *e = hf_package_economy(p);
        table_check(e->table);
        CHECK(e->jobs == NULL);
        CHECK_INT(hf_economy_clean(e, NULL, diag), HF_OK);
        CHECK_INT(hf_economy_clean(e, NULL, diag), HF_OK);
        hf_io_summary summary = hf_io_report_summary(&e->report);
        CHECK_INT(summary.cells[HF_IO_NEGATIVE_DEMAND] > 0, 1);
        for (int k = 0; k < 16; k++) CHECK(e->table->y[k] >= 0);
    }
    hf_package_free(p);
}

static void faults_in_industries_are_named(void)
{
    refused("industries.csv", "region,industry,output\nRS,agri,100\nRS,power,50\nAT,agri,-80\nAT,power,60\nRS,agri,7\n",
            "error industries.csv:6:1: industry RS/agri is there twice (first in line 2)\n"
            "error industries.csv:4:9: output \"-80\" is out of range (allowed: a number of 0 or more money/year)\n"
            "note industries.csv:0:0: output of 1 industry is not given: it is what it sells\n");
    refused("industries.csv", "region,industry,output\nRS,agri,100000\nRS,power,50000\nAT,agri,80000\nAT,power,60000\n",
            "error industries.csv:2:9: output adds up to 2.9e+05, what is sold (trade and final_demand) to 290: they are not in the same unit (a factor of "
            "about 1e3)\nerror value_added.csv:2:15: value added adds up to 214.5, output of the same industries to 2.9e+05: they are not in the same unit (a "
            "factor of about 1e-3)\n");
    refused("industries.csv", "industry,output\nagri,100\n", "error industries.csv:1:1: column \"region\" is missing (country or region, as "
            "the table names it)\n");
    refused("industries.csv", "region,industry\n", "error industries.csv:1:0: industries has no rows\n");
}

/* A table in other units than declared: each part against the rest, and all of it against the world. */
static void other_units_are_named(void)
{
    refused("final_demand.csv", "region,industry,to_region,category,value\nRS,agri,RS,households,0.06\nRS,power,RS,households,0.02\nAT,agri,AT,households,"
            "0.067\nAT,power,AT,households,0.044\n",
            "warning industries.csv:4:11: 4 of 4 industries sell more than 1 % more or less than their output; furthest apart AT/agri: output 80, sales "
            "13.067\nerror final_demand.csv:1:1: final demand adds up to 0.191, value added to 214.5: they are not in the same unit (a factor of about "
            "1e-3)\n");
    refused("trade.csv", "region,industry,RS/agri,RS/power,AT/agri,AT/power\nRS,agri,0.01,0.005,0.007,0\nRS,power,0.02,0,0,0\nAT,agri,0.003,0,0.008,0.002\n"
            "AT,power,0,0.009,0.004,0.006\n",
            "warning industries.csv:3:13: 4 of 4 industries sell more than 1 % more or less than their output; furthest apart RS/power: output 50, sales "
            "28.52\nerror trade.csv:1:1: trade between industries adds up to 0.074, output less value added to 75.5: they are not in the same unit (a factor "
            "of about 1e-3)\n");
    package_write();
    char text[2000] = "";
    FILE *file = fopen(scratch_path("datapackage.json"), "r");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file) fclose(file);
    text[length] = '\0';
    char *unit = strstr(text, "1000000");
    CHECK(unit != NULL);
    if (!unit) return;
    memcpy(unit, "1.0e+14", 7);
    refused("datapackage.json", text,
            "error industries.csv:2:19: output adds up to 2.9e+16 EUR a year, more than the world's: check \"money_unit\" in datapackage.json (it is 1e+14)\n");
    memcpy(unit, "1.0e+01", 7);
    package_write();
    scratch_text("datapackage.json", text);
    hf_package_free(open_at(scratch_path("."), HF_OK));
    check_findings("warning industries.csv:2:19: output adds up to 2900 EUR a year, less than that of the smallest country: check \"money_unit\" in "
                   "datapackage.json (it is 10)\n");
}

/* Inputs of 12 for an output of 10, in a loop: no final demand can be met. */
static void inputs_above_output_are_refused(void)
{
    package_write();
    scratch_text("value_added.csv", "region,industry,component,value\n");
    scratch_text("trade.csv", "region,industry,RS/agri,RS/power,AT/agri,AT/power\nRS,agri,90,60,7,0\nRS,power,40,10,0,0\nAT,agri,3,0,8,2\nAT,power,0,0,4,6\n");
    hf_package *p = open_at(scratch_path("."), HF_OK);
    if (!p) return;
    hf_diag_free(diag);
    if (hf_diag_new(&diag) != HF_OK) abort();
    CHECK_INT(hf_economy_clean(hf_package_economy(p), NULL, diag), HF_E_DATA);
    check_findings("error industries.csv:3:13: spectral radius of the input coefficients is 1.32776 (allowed: below 1): all together need more inputs than "
                   "they make; most of all RS/power, which buys 1.4 times its output of 50\n");
    hf_package_free(p);
}

static void faults_in_trade_are_named(void)
{
    refused("trade.csv", "region,industry,RS/agri,RS/steel,RS/agri\nRS,agri,1,2,3\n",
            "error trade.csv:1:25: buying industry \"RS/steel\" is unknown (its region must be in industries)\n"
            "error trade.csv:1:34: column \"RS/agri\" is there twice\n");
    refused("trade.csv", "region,industry,RS/agri,RS/power,AT/agri,AT/power\nRS,agri,10,n.a.,7,0\nRS,power,20,0,0\nAT,steel,3,0,8,2\nRS,agri,0,9,4,6\n",
            "error trade.csv:2:12: value \"n.a.\" is not a number (allowed: a number; an empty cell is 0)\n"
            "error trade.csv:3:1: the row has 5 cells, the header 6\n"
            "error trade.csv:4:4: industry \"AT/steel\" is in no row of industries\n"
            "error trade.csv:5:4: the row of RS/agri is there twice\n");
    refused("trade.csv", "region,industry,to_region,to_industry\nRS,agri,RS,agri\n", "error trade.csv:1:1: column \"value\" is missing\n");
    refused("trade.csv", "region,industry,to_region,to_industry,value\nRS,agri,RS,agri,1\nRS,agri,RS,agri,2\nRS,agri,HU,agri,2\nRS,agri,AT,agri,x\n",
            "error trade.csv:3:4: the flow from RS/agri to RS/agri is there twice\n"
            "error trade.csv:4:12: buying industry \"HU/agri\" is unknown (its region must be in industries)\n"
            "error trade.csv:5:17: value \"x\" is not a number (allowed: a number; an empty cell is 0)\n");
    refused("trade.csv", "a,b\n1,2\n",
            "error trade.csv:1:1: the heading is \"a\"; a wide table begins with region,industry, a long one has "
            "region,industry,to_region,to_industry,value\n"
            "error trade.csv:1:3: the heading is \"b\"; a wide table begins with region,industry, a long one has "
            "region,industry,to_region,to_industry,value\n");
    refused("trade.csv", "", "error trade.csv:1:1: the file is empty\n");
}

static void faults_in_links_and_routes_are_named(void)
{
    refused("industry_links.csv", "entity,region,industry,link,capacity_share\nghost,RS,power,,0.5\nplant,RS,steel,,0.5\n"
            "plant,RS,power,,0.7\nfuel,RS,power,,0.7\n"
                                  "plant,RS,power,,0.1\nplant,AT,power,both,2\n",
            "error industry_links.csv:2:1: entity \"ghost\" is not in entities\n"
            "error industry_links.csv:3:10: industry \"steel\" of \"RS\" is in no row of industries\n"
            "error industry_links.csv:5:16: the capacity shares of RS/power add up to 1.4 (allowed: up to 1)\n"
            "error industry_links.csv:6:1: this row is there twice\n"
            "error industry_links.csv:7:21: capacity_share \"2\" is out of range (allowed: a number above 0 and up to 1, or 1/k)\n"
            "error industry_links.csv:7:16: link \"both\" is unknown (allowed: carries follows)\n");
    refused("routes.csv", "origin,destination,industry,route,share,gates\nRS,AT,,north,0.6,bridge\nRS,AT,,south,0.3,tunnel\nRS,HU,,x,1,\nRS,AT,steel,y,1,\n"
                          "AT,RS,,z,0.5,\nAT,RS,,z,0.5,\n",
            "error routes.csv:3:18: corridor \"tunnel\" is not in corridors\n"
            "error routes.csv:4:4: destination \"HU\" is in no row of industries\n"
            "error routes.csv:5:7: industry \"steel\" is in no row of industries\n"
            "error routes.csv:7:1: this row is there twice\n"
            "error routes.csv:2:14: the shares of the 2 routes from RS to AT add up to 0.9 (allowed: 1)\n"
            "error routes.csv:6:10: the shares of the 1 route from AT to RS add up to 0.5 (allowed: 1)\n");
    refused("corridors.csv", "corridor,entity,capacity\nbridge,bridge,-1\nbridge,,\nferry,ghost,\n",
            "error corridors.csv:2:15: capacity \"-1\" is out of range (allowed: a number of 0 or more money/year)\n"
            "error corridors.csv:3:1: corridor \"bridge\" is there twice\nerror corridors.csv:4:7: entity \"ghost\" is not in entities\n");
}

static void imbalance_is_a_warning(void)
{
    package_write();
    scratch_text("industries.csv", "region,industry,output\nRS,agri,100\nRS,power,50\nAT,agri,90\nAT,power,61\n");
    hf_package_free(open_at(scratch_path("."), HF_OK));
    check_findings("warning industries.csv:4:9: 2 of 4 industries sell more than 1 % more or less than their output; furthest apart "
            "AT/agri: output 90, sales "
                   "80\n");
}

static void the_metadata_are_checked(void)
{
    refused("datapackage.json",
            "{\"name\": \"x\", \"money_unit\": 0, \"base_year\": 20.5, \"resources\": [{\"name\": \"entities\", \"path\": "
            "\"entities.csv\"}, {\"name\": \"trade\", \"path\": \"trade.csv\"}]}",
            "error datapackage.json:1:29: money_unit 0 (allowed: a number above 0, as 1000000 for millions)\n"
            "error datapackage.json:1:45: base_year 20.5 (allowed: a whole number from 1900 to 2200)\n"
            "error trade.csv:0:0: trade needs the resource \"industries\"\n");
}

static void same_file(const char *a_path, const char *name, const char *expected)
{
    char path[600], text[4000] = "";
    snprintf(path, sizeof path, "%s/%s", a_path, name);
    FILE *file = fopen(path, "rb");
    if (file) text[fread(text, 1, sizeof text - 1, file)] = '\0';
    if (file) fclose(file);
    CHECK_STR(text, expected);
}

static void writing_gives_the_same_bytes(void)
{
    char folder[300];
    package_write();
    hf_package *p = open_at(scratch_path("."), HF_OK);
    snprintf(folder, sizeof folder, "%s", scratch_path("copy"));
    if (p) CHECK_INT(hf_package_save(p, folder, false, diag), HF_OK);
    same_file(folder, "trade.csv", trade);
    same_file(folder, "final_demand.csv", demand);
    same_file(folder, "industries.csv", industries);
    same_file(folder, "value_added.csv", added);
    same_file(folder, "industry_links.csv", links);
    same_file(folder, "corridors.csv", corridors);
    same_file(folder, "routes.csv", routes);
    hf_package *copy = open_at(folder, HF_OK);
    if (p && copy) CHECK_STR(hf_package_digest(copy), hf_package_digest(p));
    hf_package_free(copy);
    hf_package_free(p);
}

/* Tables with a few bytes changed, taken out or cut off: read, or refused with a finding. */
static void damaged_tables(void)
{
    static const char *const names[] = {"trade.csv", "trade.csv", "final_demand.csv", "industries.csv", "routes.csv", "industry_links.csv", "value_added.csv"};
    static const char *const texts[] = {trade, trade_long, demand, industries, routes, links, added};
    hf_rng rng = {7, 26, 0};
    int taken = 0, refusals = 0;
    for (int k = 0; k < 280; k++) {
        char text[1000];
        size_t n = strlen(texts[k % 7]);
        memcpy(text, texts[k % 7], n);
        for (int change = 0; change < 1 + k % 2 && n > 1; change++) {
            size_t place = hf_rng_below(&rng, n);
            if (hf_rng_below(&rng, 3) == 0) memmove(text + place, text + place + 1, --n - place);
            else if (hf_rng_below(&rng, 3)) text[place] = "\n,;\t\"0-/_ x\xC3"[hf_rng_below(&rng, 12)];
            else n = place + 1;
        }
        package_write();
        scratch_write(names[k % 7], text, n);
        hf_package *p = NULL;
        hf_diag_free(diag);
        if (hf_diag_new(&diag) != HF_OK) abort();
        hf_err err = hf_package_open(scratch_path("."), diag, &p);
        CHECK(err == HF_OK ? p != NULL : err == HF_E_DATA && hf_diag_count(diag, HF_ERROR) > 0);
        taken += err == HF_OK;
        refusals += err == HF_E_DATA;
        hf_package_free(p);
    }
    CHECK(taken > 20 && refusals > 100);
}

int main(void)
{
    RUN(an_economy_is_read);
    RUN(long_and_wide_are_the_same);
    RUN(what_is_not_given_is_derived);
    RUN(faults_in_industries_are_named);
    RUN(other_units_are_named);
    RUN(inputs_above_output_are_refused);
    RUN(faults_in_trade_are_named);
    RUN(faults_in_links_and_routes_are_named);
    RUN(imbalance_is_a_warning);
    RUN(the_metadata_are_checked);
    RUN(writing_gives_the_same_bytes);
    RUN(damaged_tables);
    scratch_done();
    hf_diag_free(diag);
    return tap_done();
}
