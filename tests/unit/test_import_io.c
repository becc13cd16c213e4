/* Importers of input-output tables on small hand-written samples with the quirks of the real files, and on files that are something else.
 *
 * All samples are the same table of two countries and two industries, as each publisher would write it. */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "datasets/economy.h"
#include "tests/support/imports.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

/* Industries AUS a, AUS b, MEX a, MEX b; two kinds of final demand a country. */
static const double z[16] = {10, 5, 7, 0, 20, 0, 0, 1.5, 3, 0, 8, 2, 0, 9, 4, 6}, y[16] = {70, 0, 0, 8, 28.5, 0, 0, 0, 0, 0, 67, 0, 0, 0, 44, -3};
static const double x[4] = {100, 50, 80, 60}, v[4] = {67, 36, 61, 50.5};

static const char *at(const char *name)
{
    static char paths[8][512];
    static int next;
    char *kept = paths[next++ % 8];
    snprintf(kept, 512, "%s", scratch_path(name));
    return kept;
}

static void say(const imported *r)
{
    for (size_t k = 0; k < hf_diag_kept(r->diag); k++) printf("# %s\n", hf_diag_get(r->diag, k)->text);
}

/* The sample's numbers, whatever the names; `known` is whether the format gives output and value added. */
static const hf_economy *same(const imported *r, bool output, bool added)
{
    CHECK_INT(r->err, HF_OK);
    if (r->err != HF_OK) return say(r), NULL;
    const hf_economy *e = hf_package_economy(r->package);
    CHECK_INT(e->table->n_regions, 2);
    CHECK_INT(e->table->n_sectors, 2);
    CHECK_INT(e->table->n_demand, 2);
    if (e->table->n_regions != 2 || e->table->n_sectors != 2 || e->table->n_demand != 2) return NULL;
    for (int k = 0; k < 16; k++) CHECK_NEAR(e->table->z[k], z[k], 1e-12);
    for (int k = 0; k < 16; k++) CHECK_NEAR(e->table->y[k], y[k], 1e-12);
    for (int k = 0; k < 4 && output; k++) CHECK_NEAR(e->table->x[k], x[k], 1e-12);
    for (int k = 0; k < 4; k++) CHECK_NEAR(e->table->v[k], added ? v[k] : 0, 1e-12);
    return e;
}

static imported run(const char *format, const char *a, const char *b, const char *c)
{
    const char *files[] = {a, b, c, NULL};
    return import_run(format, files, NULL, NULL);
}

static void refused(const char *format, const char *name, const char *text, const char *said)
{
    struct stat about;
    scratch_folder();
    scratch_text(name, text);
    imported r = run(format, at(name), NULL, NULL);
    CHECK_INT(r.err, HF_E_DATA);
    CHECK(import_said(&r, said));
    if (!import_said(&r, said)) say(&r);
    CHECK(stat(scratch_path("imported"), &about) != 0);
    import_done(&r);
}

/* BOM, semicolons, CRLF, quotes, an output column, value added below. */
static void plain_wide(void)
{
    scratch_folder();
    scratch_text("t.csv", "\xEF\xBB\xBFregion;industry;AUS_a;AUS_b;MEX_a;MEX_b;AUS_h;AUS_s;MEX_h;MEX_s;OUT\r\nAUS;a;10;5;7;0;70;;;8;100\r\n"
                 "\"AUS\";b;20;0;0;1.5;28.5;;;;50\r\n"
                          "MEX;a;3;0;8;2;0;0;67;0;80\r\n\r\nMEX;b;0;9;4;6;0;0;44;-3;60\r\n;wages;60;30;61;50.5;;;;;\r\n;taxes;7;6;;;;;;;\r\n"
                 ";TOTAL;100;50;80;60;;;;;");
    imported r = run("io-wide", at("t.csv"), NULL, NULL);
    const hf_economy *e = same(&r, true, true);
    if (e) CHECK_STR(e->category[1], "s");
    import_done(&r);
    scratch_folder(); /* two header rows, no output */
    scratch_text("t.csv", ",,AUS,AUS,MEX,MEX,AUS,AUS,MEX,MEX\n,,a,b,a,b,h,s,h,s\nAUS,a,10,5,7,0,70,,,8\nAUS,b,20,0,0,1.5,28.5,,,\n"
                 "MEX,a,3,0,8,2,0,0,67,0\nMEX,b,0,9,4,6,0,0,44,-3\n");
    r = run("io-wide", at("t.csv"), NULL, NULL);
    same(&r, true, false);
    CHECK(import_said(&r, "output of 4 industries is not given"));
    import_done(&r);
}

/* One region, types before names, as the statistics office of Japan writes it: imports below 0, exports of no region. */
static void a_national_table(void)
{
    scratch_folder();
    scratch_text("long.csv", "\"type\",\"name\",\"to\",\"name2\",\"value\"\nindustry,\"a, b\",industry,\"a, b\",1\n"
                 "industry,\"a, b\",industry,c,2\nindustry,c,industry,c,3\n"
                             "industry,\"a, b\",finaldemand,private,7\nindustry,\"a, b\",import,imports,-4\nindustry,c,export,exports,9\n"
                 "valueadded,wages,industry,c,5\n");
    const char *files[] = {at("long.csv"), NULL};
    imported r = import_run("io-long", files, NULL, "JP");
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        const hf_io_table *t = hf_package_economy(r.package)->table;
        CHECK_STR(t->region[0], "JP");
        CHECK_STR(t->sector[0], "a, b");
        CHECK_INT(t->n_demand, 3);
        CHECK_NEAR(t->z[1], 2, 0);
        CHECK_NEAR(t->y[1], -4, 0);
        CHECK_NEAR(t->y[5], 9, 0);
        CHECK_NEAR(t->v[1], 5, 0);
        CHECK_NEAR(t->x[0], 6, 0);
    }
    CHECK(import_said(&r, "3 columns of final demand name no region"));
    import_done(&r);
}

static void wiod_in_parts(void)
{
    scratch_folder();
    scratch_text("wiot2011_Z.csv", "row,AUS_c1,AUS_c2,MEX_c1,MEX_c2\nAUS_c1,10,5,7,0\nAUS_c2,20,0,0,1.5\nMEX_c1,3,0,8,2\nMEX_c2,0,9,4,6\n");
    scratch_text("wiot2011_Y.csv", "row,AUS_f1,AUS_f5,MEX_f1,MEX_f5\nAUS_c1,70,0,0,8\nAUS_c2,28.5,0,0,0\nMEX_c1,0,0,67,0\nMEX_c2,0,0,44,-3\n");
    scratch_text("wiot2011_x.csv", "row,output\nAUS_c1,100\nAUS_c2,50\nMEX_c1,80\nMEX_c2,60\n");
    scratch_text("industries.csv", "\"code\",\"name\"\n\"c1\",\"Agriculture, Hunting\"\n\"c2\",\"Mining\"\n");
    const char *files[] = {at("wiot2011_Z.csv"), at("wiot2011_Y.csv"), at("wiot2011_x.csv"), at("industries.csv"), NULL};
    imported r = import_run("wiod", files, NULL, NULL);
    const hf_economy *e = same(&r, true, false);
    if (e) {
        CHECK_STR(e->title[0], "Agriculture, Hunting");
        CHECK_STR(e->table->currency, "USD");
        CHECK_INT(e->table->year, 2011);
        CHECK_NEAR(e->table->unit, 1e6, 0);
    }
    import_done(&r);
}

/* Titles, six header rows, four label columns, a total and tail rows. Final uses c37 and c42. */
static void wiod_2013(void)
{
    const char *text = "\"Intercountry Input-Output Table, current prices\",,,,,,,,,,,,\n\"(millions of US$)\",,,,,,,,,,,,\n,,,,A,B,A,B,C1,C2,C1,C2,\n"
                       ",,,,Agriculture,Mining,Agriculture,Mining,House,Stocks,House,Stocks,Total output\n,,,,AUS,AUS,MEX,MEX,AUS,AUS,MEX,MEX,TOT\n"
                       ",,,,c1,c2,c1,c2,c37,c42,c37,c42,TOT\nA,Agriculture,AUS,c1,10,5,7,0,70,0,0,8,100\nB,Mining,AUS,c2,20,0,0,1.5,28.5,0,0,0,50\n"
                       "A,Agriculture,MEX,c1,3,0,8,2,0,0,67,0,80\nB,Mining,MEX,c2,0,9,4,6,0,0,44,-3,60\n"
                 ",Total intermediate consumption,TOT,r60,33,14,19,9.5,,,,,\n"
                       ",Taxes less subsidies,TOT,r99,7,6,0,0,1,,,,\n,Value added,TOT,r64,60,30,61,50.5,,,,,\n,Output,TOT,r69,100,50,80,60,,,,,\n";
    scratch_folder();
    scratch_text("WIOT.csv", text);
    imported r = run("wiod", at("WIOT.csv"), NULL, NULL);
    const hf_economy *e = same(&r, true, true);
    if (e) CHECK_STR(e->title[1], "Mining");
    import_done(&r);
    scratch_folder();
    scratch_text("ADB-MRIO-2019.csv", text);
    r = run("adb", at("ADB-MRIO-2019.csv"), NULL, NULL);
    e = same(&r, true, true);
    if (e) CHECK_INT(e->table->year, 2019);
    import_done(&r);
}

static void wiod_2016(void)
{
    scratch_folder();
    scratch_text("WIOT2014_October16_ROW.csv",
                 "IndustryCode,IndustryDescription,Country,RNr,Year,AUS1,AUS2,MEX1,MEX2,AUS57,AUS61,MEX57,MEX61,TOT\n"
                 "A01,\"Crop, animals\",AUS,1,2014,10,5,7,0,70,0,0,8,100\n"
                 "B,Mining,AUS,2,2014,20,0,0,1.5,28.5,0,0,0,50\nA01,\"Crop, animals\",MEX,1,2014,3,0,8,2,0,0,67,0,80\n"
                 "B,Mining,MEX,2,2014,0,9,4,6,0,0,44,-3,60\n"
                 "II_fob,Total,TOT,65,2014,33,14,19,9.5,0,0,0,0,0\nTXSP,Taxes,TOT,66,2014,7,6,0,0,0,0,0,0,0\n"
                 "VA,Value added,TOT,70,2014,60,30,61,50.5,0,0,0,0,0\n"
                 "GO,Output,TOT,73,2014,100,50,80,60,0,0,0,0,0\n");
    imported r = run("wiod", at("WIOT2014_October16_ROW.csv"), NULL, NULL);
    const hf_economy *e = same(&r, true, true);
    if (e) {
        CHECK_STR(e->table->sector[0], "A01");
        CHECK_STR(e->title[0], "Crop, animals");
        CHECK_STR(e->category[0], "CONS_h");
        CHECK_STR(e->category[1], "INVEN");
        CHECK_INT(e->table->year, 2014);
    }
    import_done(&r);
}

/* Split zones that are added into their country, whose own block is 0; a discrepancy of no country; reversed names of the first edition. */
static void oecd_icio(void)
{
    scratch_folder();
    scratch_text("2018.csv", "V1,AUS_a,AUS_b,MEX_a,MEX_b,MX1_a,MX1_b,MX2_a,MX2_b,AUS_HFCE,AUS_INVNT,MEX_HFCE,MEX_INVNT,OUT\n"
                 "AUS_a,10,5,0,0,4,0,3,0,70,0,0,8,100\nAUS_b,20,0,0,0,0,1.5,0,0,28.5,0,0,0,50\n"
                             "MEX_a,0,0,0,0,0,0,0,0,0,0,0,0,0\nMEX_b,0,0,0,0,0,0,0,0,0,0,0,0,0\nMX1_a,1,0,0,0,5,1,0,0,0,0,60,0,67\n"
                 "MX1_b,0,4,0,0,1,2,2,1,0,0,40,-3,47\nMX2_a,2,0,0,0,3,1,0,0,0,0,7,0,13\n"
                             "MX2_b,0,5,0,0,1,2,0,1,0,0,4,0,13\nTLS,7,6,0,0,1,1,0,0,2,0,0,0,\nVA,60,30,0,0,50,40,10,9.5,,,,,\n"
                 "OUT,100,50,0,0,67,47,13,13,,,,,\n");
    imported r = run("icio", at("2018.csv"), NULL, NULL);
    const hf_economy *e = same(&r, true, true);
    if (e) CHECK_STR(e->table->region[1], "MEX");
    if (e) CHECK_INT(e->table->year, 2018);
    CHECK(import_said(&r, "region MX1 is added to MEX"));
    import_done(&r);
    scratch_folder();
    scratch_text("ICIO2016_2011.csv", ",AUS_a,AUS_b,MEX_a,MEX_b,HFCE_AUS,INVNT_AUS,HFCE_MEX,INVNT_MEX,TOTAL\nAUS_a,10,5,7,0,70,0,0,8,100\n"
                 "AUS_b,20,0,0,1.5,28.5,0,0,0,50\nMEX_a,3,0,8,2,0,0,67,0,80\n"
                                      "MEX_b,0,9,4,6,0,0,44,-3,60\nAUS_TAXSUB,5,6,0,0,0,0,0,0,0\nMEX_TAXSUB,2,0,1,1,0,0,0,0,0\n"
                 "VALU,60,30,60,49.5,0,0,0,0,0\nOUTPUT,100,50,80,60,0,0,0,0,0\n");
    r = run("icio", at("ICIO2016_2011.csv"), NULL, NULL);
    e = same(&r, true, true);
    if (e) CHECK_INT(e->table->year, 2011);
    import_done(&r);
}

static void figaro(void)
{
    scratch_folder();
    scratch_text("matrix_eu-ic-io_ind-by-ind_24ed_2020.csv",
                     "rowLabels,AU_A01,AU_B,FIGW1_A01,FIGW1_B,AU_P3_S14,AU_P5M,FIGW1_P3_S14,FIGW1_P5M\nAU_A01,10,5,7,0,70,0,0,8\nAU_B,20,0,0,1.5,28.5,0,0,:\n"
                                                             "FIGW1_A01,3,0,8,2,0,0,67,0\nFIGW1_B,0,9,4,6,0,0,44,-3\n"
                 "W2_D21X31,7,6,0,0,1,0,0,0\nW2_D1,60,30,61,50.5,0,0,0,0\n");
    imported r = run("figaro", at("matrix_eu-ic-io_ind-by-ind_24ed_2020.csv"), NULL, NULL);
    const hf_economy *e = same(&r, true, true);
    if (e) {
        CHECK_STR(e->table->region[1], "FIGW1");
        CHECK_STR(e->category[0], "P3_S14");
        CHECK_STR(e->table->currency, "EUR");
        CHECK_INT(e->table->year, 2020);
    }
    CHECK(import_said(&r, "1 numbers are missing (\":\"): read as 0"));
    import_done(&r);
    char flat[4000] = "icioiRow,icioiCol,refArea,rowPi,counterpartArea,colPi,obsValue\n", line[200];
    static const char *const region[] = {"AU", "FIGW1"}, *const code[] = {"A01", "B"}, *const use[] = {"P3_S14", "P5M"};
    for (int f = 0; f < 4; f++)
        for (int g = 0; g < 8; g++) {
            const char *to = g < 4 ? region[g / 2] : region[(g - 4) / 2], *what = g < 4 ? code[g % 2] : use[g % 2];
            double value = g < 4 ? z[f * 4 + g] : y[f * 4 + g - 4];
            snprintf(line, sizeof line, "%s_%s,%s_%s,%s,%s,%s,%s,%g\n", region[f / 2], code[f % 2], to, what, region[f / 2], code[f % 2], to, what, value);
            strcat(flat, line);
        }
    for (int g = 0; g < 4; g++) {
        snprintf(line, sizeof line, "W2_D1,%s_%s,W2,D1,%s,%s,%g\n", region[g / 2], code[g % 2], region[g / 2], code[g % 2], v[g]);
        strcat(flat, line);
    }
    scratch_folder();
    scratch_text("flat_eu-ic-io_ind-by-ind_24ed_2020.csv", flat);
    r = run("figaro", at("flat_eu-ic-io_ind-by-ind_24ed_2020.csv"), NULL, NULL);
    same(&r, true, true);
    import_done(&r);
}

/* Tabs, two header rows and a third with the names of the index; flows, then coefficients, whose columns are multiplied by output. */
static void exiobase(void)
{
    const char *heads = "region\t\tAU\tAU\tWA\tWA\nsector\t\tPaddy rice\tMining, n.e.c.\tPaddy rice\tMining, n.e.c.\nregion\tsector\t\t\t\t\n";
    const char *demand = "region\t\tAU\tAU\tWA\tWA\ncategory\t\tHouseholds\tStocks\tHouseholds\tStocks\nregion\tsector\t\t\t\t\nAU\tPaddy rice\t70\t0\t0\t8\n"
                         "AU\tMining, n.e.c.\t28.5\t0\t0\t0\nWA\tPaddy rice\t0\t0\t67\t0\nWA\tMining, n.e.c.\t0\t0\t44\t-3.0\n";
    const char *output = "region\tsector\tindout\nAU\tPaddy rice\t100\nAU\tMining, n.e.c.\t50\nWA\tPaddy rice\t80\nWA\tMining, n.e.c.\t6e1\n";
    char text[1000];
    scratch_folder();
    snprintf(text, sizeof text, "%sAU\tPaddy rice\t10\t5\t7\t0.0\nAU\tMining, n.e.c.\t20\t0\t0\t1.5\nWA\tPaddy rice\t3\t0\t8\t2\n"
                 "WA\tMining, n.e.c.\t0\t9\t4\t6\n", heads);
    scratch_text("Z.txt", text);
    scratch_text("Y.txt", demand);
    scratch_text("x.txt", output);
    imported r = run("exiobase", at("Z.txt"), at("Y.txt"), at("x.txt"));
    const hf_economy *e = same(&r, true, false);
    if (e) CHECK_STR(e->table->sector[1], "Mining, n.e.c.");
    import_done(&r);
    scratch_folder();
    snprintf(text, sizeof text, "%sAU\tPaddy rice\t0.1\t0.1\t0.0875\t0\nAU\tMining, n.e.c.\t.2\t0\t0\t0.025\n"
                 "WA\tPaddy rice\t0.03\t0\t0.1\t0.033333333333333333\n"
                                "WA\tMining, n.e.c.\t0\t0.18\t0.05\t0.1\n", heads);
    scratch_text("A.txt", text);
    scratch_text("Y.txt", demand);
    scratch_text("x.txt", output);
    r = run("exiobase", at("x.txt"), at("A.txt"), at("Y.txt"));
    same(&r, true, false);
    import_done(&r);
    r = run("exiobase", at("A.txt"), at("Y.txt"), NULL);
    CHECK(r.err == HF_E_DATA && import_said(&r, "Z.txt (or A.txt with x.txt) and Y.txt are needed"));
    import_done(&r);
}

/* No headers, labels in other files with a tab at the end, a discrepancy row, no unit. */
static void eora(void)
{
    scratch_folder();
    scratch_text("labels_T.txt", "Australia\tAUS\tIndustries\tAgriculture\t\nAustralia\tAUS\tIndustries\tMining\t\n"
                 "Mexico\tMEX\tIndustries\tAgriculture\t\nMexico\tMEX\tIndustries\tMining\t\n"
                                 "Statistical Discrepancies\tROW\tIndustries\tTOTAL\t\n");
    scratch_text("labels_FD.txt", "Australia\tAUS\tFinal Demand\tHouseholds\t\nAustralia\tAUS\tFinal Demand\tStocks\t\n"
                 "Mexico\tMEX\tFinal Demand\tHouseholds\t\nMexico\tMEX\tFinal Demand\tStocks\t\n"
                                  "Statistical Discrepancies\tROW\tFinal Demand\tHouseholds\t\n");
    scratch_text("labels_VA.txt", "Primary Inputs\tWages\t\nPrimary Inputs\tTaxes\t\n");
    scratch_text("Eora26_2015_bp_T.txt", "10\t5\t7\t0\t1\n20\t0\t0\t1.5\t0\n3\t0\t8\t2\t0\n0\t9\t4\t6\t0\n2\t0\t0\t0\t9\n");
    scratch_text("Eora26_2015_bp_FD.txt", "70\t0\t0\t8\t4\n28.5\t0\t0\t0\t0\n0\t0\t67\t0\t0\n0\t0\t44\t-3\t0\n0\t0\t0\t0\t0\n");
    scratch_text("Eora26_2015_bp_VA.txt", "60\t30\t61\t50.5\t0\n7\t6\t0\t0\t0\n");
    const char *files[] = {at("labels_T.txt"), at("labels_FD.txt"), at("labels_VA.txt"), at("Eora26_2015_bp_T.txt"),
                     at("Eora26_2015_bp_FD.txt"), at("Eora26_2015_bp_VA.txt"), NULL};
    imported r = import_run("eora", files, NULL, NULL);
    CHECK(r.err == HF_E_DATA && import_said(&r, "give --currency and --money-unit"));
    import_done(&r);
    import_currency = "USD";
    import_money_unit = 1000;
    r = import_run("eora", files, NULL, NULL);
    import_currency = NULL;
    import_money_unit = 0;
    const hf_economy *e = same(&r, true, true);
    if (e) CHECK_NEAR(e->table->unit, 1000, 0);
    if (e) CHECK_INT(e->table->year, 2015);
    CHECK(import_said(&r, "region ROW is left out") && import_said(&r, "flows of 7 to or from regions that are left out"));
    import_done(&r);
}

/* Titles, four header rows, four label columns, subtotals, the sum of the regions, imports below 0, output in the last row and column. */
static void regions_of_japan(void)
{
    scratch_folder();
    scratch_text("io.csv", "平成17年地域間表,,,,,,,,,,,,,,\n(百万円),,,,,,,,,,,,,,\n"
                           ",,,,01,01,01,02,02,02,01,01,02,02,,,\n,,,,北海道,北海道,北海道,東北,東北,東北,北海道,北海道,東北,東北,,,\n"
                           ",,,,010,020,900,010,020,900,911,912,911,912,,,\n"
                           ",,,,農林,鉱業,内生部門計,農林,鉱業,内生部門計,消費,在庫,消費,在庫,地域内最終需要計,最終需要部門計,地域内生産額\n"
                           "01,北海道,010,農林,10,5,15,7,0,7,70,0,0,8,78,78,100\n01,北海道,020,鉱業,20,0,20,0,1.5,1.5,28.5,0,0,0,28.5,28.5,50\n"
                 "02,東北,010,農林,3,0,3,8,2,10,0,0,67,0,67,67,80\n"
                           "02,東北,020,鉱業,0,9,9,4,6,10,0,0,44,-3,41,41,60\n99,地域計,010,農林,13,5,18,15,2,17,70,0,67,8,145,145,180\n"
                 ",,900,内生部門計,33,14,47,19,9.5,28.5,,,,,,,\n"
                           ",,930,雇用者所得,67,36,103,61,50.5,111.5,,,,,,,\n,,960,粗付加価値部門計,67,36,103,61,50.5,111.5,,,,,,,\n"
                 ",,970,地域内生産額,100,50,150,80,60,140,,,,,,,\n資料：経済産業省\n");
    imported r = run("io-japan", at("io.csv"), NULL, NULL);
    const hf_economy *e = same(&r, true, true);
    if (e) {
        CHECK_STR(e->table->region[1], "東北");
        CHECK_STR(e->table->sector[1], "鉱業");
        CHECK_STR(e->table->currency, "JPY");
    }
    CHECK(import_said(&r, "region 地域計 is left out"));
    import_done(&r);
}

/* The whole country, a town and a row of empty cells are left out; leading zeros. */
static void prefectures_side_by_side(void)
{
    scratch_folder();
    scratch_text("io.csv", "AreaID(string),R1C1,R1C2,R2C1,R2C2,Y1,Y2\n00000,9,9,9,9,99,99\n"
                           "01000,1,2,3,4.5,10,20\n,,,,,,\n01100,1,1,1,1,2,2\n13000,0,5,6,7,4,50\n");
    imported r = run("io-areas", at("io.csv"), NULL, NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        static const double blocks[16] = {1, 2, 0, 0, 3, 4.5, 0, 0, 0, 0, 0, 5, 0, 0, 6, 7}, demand[8] = {7, 0, 12.5, 0, 0, -1, 0, 37};
        const hf_io_table *t = hf_package_economy(r.package)->table;
        CHECK_STR(t->region[0], "JP-01");
        CHECK_STR(t->region[1], "JP-13");
        for (int k = 0; k < 16; k++) CHECK_NEAR(t->z[k], blocks[k], 0);
        for (int k = 0; k < 8; k++) CHECK_NEAR(t->y[k], demand[k], 0);
    }
    CHECK(import_said(&r, "1 left out: rows without a code (first: line 4)") && import_said(&r, "2 left out: areas that are no prefectures"));
    import_done(&r);
    refused("io-areas", "t.csv", "AreaID,R1C1,Y1\n13000,x,1\n", "R1C1 \"x\" is not a number");
    refused("io-areas", "t.csv", "AreaID,R1C1,Y1,Y2\n13000,1,1,1\n", "column \"R1C2\" is missing");
    refused("io-areas", "t.csv", "AreaID,R1C1,Y1\n13000,1,1\n13000,1,1\n", "area 13000 is there twice");
}

static void something_else(void)
{
    static const char *const formats[] = {"io-wide", "io-long", "wiod", "icio", "figaro", "exiobase", "eora", "adb", "io-japan", "io-areas"};
    static const char *const texts[] = {"", "\n\n\n", "one line", "a,b\n1,2\n", "{\"type\": \"FeatureCollection\"}", "a\xFF\n", "id,name\n"
                 "1,\"open\n", "PK\003\004"};
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++)
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            struct stat about;
            scratch_folder();
            scratch_text("Z.txt", texts[k]);
            imported r = run(formats[f], at("Z.txt"), NULL, NULL);
            if (r.err != HF_E_DATA || hf_diag_count(r.diag, HF_ERROR) == 0) printf("# %s takes \"%s\"\n", formats[f], texts[k]);
            CHECK_INT(r.err, HF_E_DATA);
            CHECK(hf_diag_count(r.diag, HF_ERROR) > 0);
            CHECK(stat(scratch_path("imported"), &about) != 0);
            import_done(&r);
        }
}

static void faults_are_named(void)
{
    refused("icio", "2018.csv", "V1,AUS_a,AUS_b,AUS_HFCE,OUT\nAUS_a,1,2,3,6\nAUS_b,4,none,6,10\nOUT,6,10,,\n", "value \"none\" is not a number");
    refused("icio", "2018.csv", "V1,AUS_a,AUS_b,AUS_HFCE,OUT\nAUS_a,1,2,3,-6\nAUS_b,4,5,6,10\nOUT,6,10,,\n", "output of AUS/a is -6 (allowed: 0 or more)");
    refused("icio", "2018.csv", "V1,AUS_a,AUS_b,AUS_HFCE,OUT\nAUS_a,1,2,3,6\nAUS_b,4,5,6,10\nOUT,6,-10,,\n", "output of AUS/b is -10 (allowed: 0 or more)");
    refused("icio", "2018.csv", "V1,AUS_a,AUS_b,AUS_HFCE,OUT\nAUS_a,1,2,3,6\nAUS_b,4,5\n", "the row has 2 numbers, the header 4: the file is cut off");
    refused("icio", "2018.csv", "V1,AUS_a,AUS_a,AUS_HFCE,OUT\nAUS_a,1,2,3,6\n", "column 2 \"AUS/a\" is there twice");
    refused("icio", "2018.csv", "V1,AUS_a,AUS_b,AUS_HFCE,OUT\nAUS_a,1,2,3,6\nAUS_b,1,2,3,6\nAUS_a,1,2,3,6\n", "row 3 \"AUS/a\" is there twice");
    refused("icio", "2018.csv", "V1,AUS_a,AUS_b,AUS_HFCE,OUT\nAUS_a,1,2,3,6\nAUS_b,1,2,3,-6\n", "output of AUS/b is -6");
    refused("io-long", "t.csv", "a,b,c,d,e\nAUS,a,AUS,a,1\nAUS,a,AUS,a,1\n", "the flow from AUS/a to AUS/a is there twice");
    refused("io-long", "t.csv", "a,b,c,d,e\nAUS,a,AUS,a,1\nAUS,a,AU", "the row lacks cells: the file is cut off");
    refused("io-long", "t.csv", "a,b,c,d\nAUS,a,AUS,a\n", "five columns are needed");
    refused("figaro", "t.csv", "refArea,rowPi,colPi,obsValue\nAUS,a,AUS,1\n", "the columns refArea, rowPi, counterpartArea, colPi, obsValue are needed");
    refused("wiod", "t.csv", "id,name\n1,x\n", "no row with labels and numbers was found");
}

/* A table that does not balance is taken, with a warning, and the report says what cleaning will do. */
static void a_table_that_does_not_balance(void)
{
    scratch_folder();
    scratch_text("t.csv", "row,AUS_a,AUS_b,AUS_f,OUT\nAUS_a,1,2,3,9\nAUS_b,4,-5,6,5\n");
    imported r = run("io-wide", at("t.csv"), NULL, NULL);
    CHECK_INT(r.err, HF_OK);
    CHECK(import_said(&r, "1 of 2 industries sell more than 1 % more or less than their output; furthest apart AUS/a: output 9, sales 6"));
    CHECK(import_said(&r, "when used, cleaning will change 1 cell by 3 in all: sales do not add up to output"));
    CHECK(import_said(&r, "cleaning will change 2 cells by 10 in all: negative flow"));
    if (!import_said(&r, "cleaning will change 2 cells by 10 in all: negative flow")) say(&r);
    import_done(&r);
}

/* Samples with a few bytes changed, taken out or doubled: read or refused with a finding, never more, and nothing is left behind when refused. */
static void damaged_files(void)
{
    static const char *const formats[] = {"io-wide", "icio", "wiod", "wiod", "io-long", "figaro", "io-japan", "io-areas", "exiobase"};
    static const char *const texts[] = {
        "region,industry,AUS_a,AUS_b,MEX_a,AUS_h,OUT\nAUS,a,10,5,7,70,92\n\"AUS\",b,20,0,0,28.5,48.5\nMEX,a,3,0,8,\"0\",11\n,wages,60,30,,,\n",
        "V1,AUS_a,MEX_a,MX1_a,AUS_HFCE,OUT\nAUS_a,1,0,2,3,6\nMEX_a,0,0,0,0,0\nMX1_a,1,0,1,1,3\nVA,1,0,1,,\nOUT,6,0,3,,\n",
        "title,,,,,,\n,,,,AUS,MEX,AUS\n,,,,c1,c1,c37\nA,Farms,AUS,c1,1,2,3\nA,Farms,MEX,c1,3,4,5\n,Total,TOT,r60,4,6,\n,VA,TOT,r64,1,2,\n",
        "IndustryCode,IndustryDescription,Country,RNr,Year,AUS1,MEX1,AUS57,TOT\n"
        "A,x,AUS,1,2014,1,2,3,6\nA,x,MEX,1,2014,3,4,5,12\nGO,Output,TOT,73,2014,6,12,0,0\n",
        "a,b,c,d,e\nAUS,a,AUS,a,1\nAUS,a,MEX,use,2\nMEX,a,MEX,\"use\",2\n",
        "icioiRow,refArea,rowPi,counterpartArea,colPi,obsValue\nx,AT,A01,AT,A01,1\nx,AT,A01,AT,P5M,:\nx,W2,D1,AT,A01,2\n",
        ",,,,01,02,01\n,,,,北,南,北\n,,,,010,010,911\n,,,,農,農,消費\n01,北,010,農,1,2,3\n02,南,010,農,3,4,5\n",
        "AreaID,R1C1,Y1\n13000,1,1\n14000,1,1\n", "region\t\tAU\tAU\nsector\t\ta\tb\nregion\tsector\t\t\nAU\ta\t1\t2\nAU\tb\t3\t4\n"};
    hf_rng rng = {20, 26, 0};
    int taken = 0, refusals = 0;
    for (int k = 0; k < 270; k++) {
        char text[1000];
        struct stat about;
        size_t n = strlen(texts[k % 9]);
        memcpy(text, texts[k % 9], n);
        for (int change = 0; change < 1 + k % 3 && n > 1; change++) {
            size_t place = hf_rng_below(&rng, n);
            if (hf_rng_below(&rng, 3) == 0) memmove(text + place, text + place + 1, --n - place);
            else if (hf_rng_below(&rng, 2)) text[place] = "\n,;\t\"0-/_ x\xC3"[hf_rng_below(&rng, 12)];
            else n = place + 1;
        }
        scratch_folder();
        scratch_write("Z.txt", text, n);
        imported r = run(formats[k % 9], at("Z.txt"), NULL, NULL);
        CHECK(r.err == HF_OK || (r.err == HF_E_DATA && hf_diag_count(r.diag, HF_ERROR) > 0 && stat(scratch_path("imported"), &about) != 0));
        taken += r.err == HF_OK;
        refusals += r.err == HF_E_DATA;
        import_done(&r);
    }
    CHECK(taken > 10 && refusals > 100);
}

/* Whatever allocation fails, the import says so and leaves nothing behind. */
static void every_allocation_fails_once(void)
{
    static const char *const formats[] = {"io-wide", "io-wide", "io-long", "io-areas"};
    static const char *const texts[] = {"row,AUS_a,\"AUS_b\",AUS_f,OUT\nAUS_a,1,2,3,9\nAUS_b,4,5,-6,5\nVA,1,2,,\n",
                                        ",,AUS,MEX,AUS\n,,\"a\"\"b\",\"a\"\"b\",use\nAUS,\"a\"\"b\",1,2,3\nMEX,\"a\"\"b\",3,4,5\n",
                                        "a,b,c,d,e\nAUS,a,AUS,a,1\nAUS,a,MEX,use,2\nMEX,a,MEX,use,2\n", "AreaID,R1C1,Y1\n13000,1,1\n14000,1,1\n"};
    struct stat about;
    for (size_t k = 0; k < sizeof formats / sizeof *formats; k++) {
        hf_err err = HF_E_NOMEM;
        char into[512];
        long n = 1;
        scratch_folder();
        scratch_text("t.csv", texts[k]);
        const char *file = at("t.csv");
        snprintf(into, sizeof into, "%s", scratch_path("into"));
        for (; err == HF_E_NOMEM && n < 100000; n++) {
            hf_diag *diag = NULL;
            hf_import_options options = {.into = into};
            if (hf_diag_new(&diag) != HF_OK) abort();
            hf_alloc_fail_at(n);
            err = hf_import(formats[k], &file, 1, &options, diag);
            hf_alloc_fail_at(0);
            CHECK(err == HF_OK || (err == HF_E_NOMEM && stat(into, &about) != 0));
            if (err != HF_OK && err != HF_E_NOMEM)
                printf("# %s, allocation %ld: %s %s\n", formats[k], n, hf_err_text(err), hf_diag_kept(diag) ? hf_diag_get(diag, 0)->text : "");
            hf_diag_free(diag);
        }
        CHECK_INT(err, HF_OK);
        CHECK(n > 50);
    }
}

int main(void)
{
    RUN(plain_wide);
    RUN(a_national_table);
    RUN(wiod_in_parts);
    RUN(wiod_2013);
    RUN(wiod_2016);
    RUN(oecd_icio);
    RUN(figaro);
    RUN(exiobase);
    RUN(eora);
    RUN(regions_of_japan);
    RUN(prefectures_side_by_side);
    RUN(something_else);
    RUN(faults_are_named);
    RUN(a_table_that_does_not_balance);
    RUN(damaged_files);
    RUN(every_allocation_fails_once);
    scratch_done();
    return tap_done();
}
