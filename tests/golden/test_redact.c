/* Redaction: the same results under other names, nothing of the original in what is shared, and the way back byte by byte. */
#include "datasets/redact/redact.h"

#include <cjson/cJSON.h>
#include <nettle/hmac.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "datasets/redact/inside.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static hf_diag *diag;
static char redacted[512], key[512], restored[512], old_key[512];

static const char old_key_text[] = "{\"holdfast_key\": 1, \"secret\": \"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\"}";

static const char *danube(void)
{
    static char path[512];
    const char *source = getenv("HOLDFAST_SOURCE");
    snprintf(path, sizeof path, "%s/datasets/data/danube", source ? source : ".");
    return path;
}

static hf_package *opened(const char *path)
{
    hf_package *package = NULL;
    CHECK_INT(hf_package_open(path, diag, &package), HF_OK);
    if (!package) abort();
    return package;
}

/* A redacted copy of the Danube set in the scratch folder, with a fixed secret. */
static void redact_danube(double grid_km, hf_redact_note *note)
{
    scratch_folder();
    scratch_text("old.key", old_key_text);
    snprintf(redacted, sizeof redacted, "%s", scratch_path("redacted"));
    snprintf(key, sizeof key, "%s", scratch_path("the.key"));
    snprintf(restored, sizeof restored, "%s", scratch_path("restored"));
    snprintf(old_key, sizeof old_key, "%s", scratch_path("old.key"));
    hf_diag_free(diag);
    if (hf_diag_new(&diag) != HF_OK) abort();
    hf_package *package = opened(danube());
    hf_redact_options options = {redacted, key, old_key, grid_km};
    CHECK_INT(hf_redact(package, &options, diag, note), HF_OK);
    hf_package_free(package);
}

static char *file_text(const char *path, size_t *ret_length)
{
    FILE *f = fopen(path, "rb");
    char *text = malloc(4000000);
    if (!f || !text) abort();
    *ret_length = fread(text, 1, 3999999, f);
    text[*ret_length] = '\0';
    fclose(f);
    return text;
}

/* What `holdfast cascade PATH --scenario NAME --json` prints, as a tree. */
static cJSON *cascade_json(const char *path, const char *scenario)
{
    hf_cli cli = {.command = hf_command_find("cascade"), .quiet = true};
    hf_buf wrong = {0};
    const char *words[] = {"holdfast", "cascade", path, "--scenario", scenario, "--json"};
    char *argv[6];
    for (int k = 0; k < 6; k++) argv[k] = strdup(words[k]);
    CHECK_INT(hf_args_parse(&cli.args, 6, argv, 2, cli.command->options, &wrong), HF_OK);
    if (hf_diag_new(&cli.diag) != HF_OK) abort();
    CHECK_INT(cli.command->run(&cli), HF_OK);
    cJSON *root = cJSON_Parse(cli.out.text);
    CHECK(root != NULL);
    hf_package_free(cli.package);
    hf_diag_free(cli.diag);
    hf_args_done(&cli.args);
    hf_buf_done(&cli.out);
    for (int k = 0; k < 6; k++) free(argv[k]);
    return root;
}

/* Pseudonyms of the key file, as an object {pseudonym: id}. */
static cJSON *names_read(void)
{
    size_t length;
    char *text = file_text(key, &length);
    cJSON *root = cJSON_Parse(text), *names = cJSON_CreateObject();
    const cJSON *list, *pair;
    cJSON_ArrayForEach(list, cJSON_GetObjectItem(root, "names"))
        cJSON_ArrayForEach(pair, list)
            cJSON_AddStringToObject(names, cJSON_GetArrayItem(pair, 0)->valuestring, cJSON_GetArrayItem(pair, 1)->valuestring);
    cJSON_Delete(root);
    free(text);
    return names;
}

/* Puts the ids back, everywhere in a tree. */
static void names_back(cJSON *tree, const cJSON *names)
{
    cJSON *child;
    const cJSON *id = cJSON_IsString(tree) ? cJSON_GetObjectItemCaseSensitive(names, tree->valuestring) : NULL;
    if (id) cJSON_SetValuestring(tree, id->valuestring);
    cJSON_ArrayForEach(child, tree) names_back(child, names);
}

/* By what an element of a list is sorted: a text itself, or its id or region; NULL where the order means something. */
static const char *sort_key(const cJSON *item)
{
    if (cJSON_IsString(item)) return item->valuestring;
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(item, "id");
    if (!name) name = cJSON_GetObjectItemCaseSensitive(item, "region");
    return cJSON_IsString(name) ? name->valuestring : NULL;
}

static const cJSON *element_find(const cJSON *list, const char *name)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
        if (sort_key(item) && strcmp(sort_key(item), name) == 0) return item;
    return NULL;
}

static int compared;

/* The same but for the order of lists whose elements have names; sums may differ by the order in which they were added up. */
static void same(const cJSON *a, const cJSON *b, const char *where)
{
    const cJSON *x;
    if (!a || !b || (a->type & 0xff) != (b->type & 0xff)) {
        printf("# %s: another type\n", where);
        CHECK(!"the same type");
        return;
    }
    compared++;
    if (cJSON_IsNumber(a)) CHECK_NEAR(b->valuedouble, a->valuedouble, 1e-9 * (1 + fabs(a->valuedouble)));
    if (cJSON_IsString(a)) CHECK_STR(b->valuestring, a->valuestring);
    if (cJSON_IsArray(a) || cJSON_IsObject(a)) CHECK_INT(cJSON_GetArraySize(b), cJSON_GetArraySize(a));
    int k = 0;
    cJSON_ArrayForEach(x, a)
    {
        bool named = cJSON_IsArray(a) && sort_key(x);
        same(x, cJSON_IsObject(a) ? cJSON_GetObjectItemCaseSensitive(b, x->string) : named ? element_find(b, sort_key(x)) : cJSON_GetArrayItem(b, k),
             x->string ? x->string : where);
        k++;
    }
}

static const cJSON *drop(cJSON *root, const char *const *names)
{
    for (; *names; names++) cJSON_DeleteItemFromObjectCaseSensitive(root, *names);
    return root;
}

/* The JSON of every scenario's cascade, with the ids put back, is that of the original. */
static void the_same_cascades(void)
{
    static const char *const other[] = {"holdfast", "dataset", NULL}; /* version, options, digest */
    static const char *const texts[] = {"title", "description", NULL};
    hf_redact_note note;
    redact_danube(25, &note);
    cJSON *names = names_read();
    hf_package *package = opened(danube()), *other_package = opened(redacted);
    CHECK(hf_package_scenario_count(package) >= 3);
    CHECK_INT(hf_package_scenario_count(other_package), hf_package_scenario_count(package));
    for (int s = 0; s < hf_package_scenario_count(package); s++) {
        const char *name = hf_package_scenario(package, s)->name;
        cJSON *a = cascade_json(danube(), name), *b = cascade_json(redacted, hf_package_scenario(other_package, s)->name);
        names_back(b, names);
        drop(cJSON_GetObjectItem(a, "scenario"), texts);
        drop(cJSON_GetObjectItem(b, "scenario"), texts);
        CHECK(cJSON_GetArraySize(cJSON_GetObjectItem(a, "entities")) > 0);
        same(drop(a, other), drop(b, other), name);
        cJSON_Delete(a);
        cJSON_Delete(b);
    }
    CHECK(compared > 1000);
    hf_package_free(package);
    hf_package_free(other_package);
    cJSON_Delete(names);
    scratch_done();
}

static const char *const tables[] = {"entities.csv",      "requirements.csv",    "supplies.csv", "carriers.csv",      "carrier_nodes.csv",
                                     "carrier_lines.csv", "services_abroad.csv", "hazards.csv",  "hazard_damage.csv", "scenarios.json", "datapackage.json"};

static void byte_by_byte_back(void)
{
    hf_redact_note note;
    redact_danube(40, &note);
    hf_package *package = opened(redacted);
    CHECK_INT(hf_redact_undo(package, key, restored, diag, &note), HF_OK);
    CHECK_INT(note.added, 0);
    CHECK(note.restored > 300);
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
        char a[600], b[600];
        size_t n, m;
        snprintf(a, sizeof a, "%s/%s", danube(), tables[k]);
        snprintf(b, sizeof b, "%s/%s", restored, tables[k]);
        char *one = file_text(a, &n), *two = file_text(b, &m);
        CHECK(n == m && memcmp(one, two, n) == 0);
        free(one);
        free(two);
    }
    hf_package_free(package);
    scratch_done();
}

/* Ids, names, sources and places of the original are nowhere in what is shared. */
static void nothing_tells(void)
{
    hf_redact_note note;
    redact_danube(25, &note);
    hf_package *package = opened(danube());
    const hf_table *t = hf_package_table(package, "entities");
    static const char *const columns[] = {"id", "name", "source"};
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
        char path[600];
        size_t n;
        snprintf(path, sizeof path, "%s/%s", redacted, tables[k]);
        char *text = file_text(path, &n);
        CHECK(n > 0);
        for (int r = 0; r < hf_table_rows(t); r++) {
            for (int c = 0; c < 3; c++) CHECK(!strstr(text, hf_table_cell(t, r, hf_table_column(t, columns[c])).text));
        }
        CHECK(!strstr(text, "winter") && !strstr(text, "Belgrade") && !strstr(text, "danube") && !strstr(text, "assumed"));
        free(text);
    }
    hf_package *other = opened(redacted);
    CHECK(!hf_package_table(other, "entities") || hf_table_column(hf_package_table(other, "entities"), "source") < 0);
    struct stat about;
    CHECK(stat(key, &about) == 0 && (about.st_mode & 0777) == 0600);
    hf_package_free(package);
    hf_package_free(other);
    scratch_done();
}

/* A pseudonym is HMAC-SHA256(secret, letter and id), its first 8 bytes; HMAC itself is held to RFC 4231, test case 2. */
static void pseudonyms_by_hmac(void)
{
    struct hmac_sha256_ctx code;
    uint8_t sum[32];
    char hex[65], expected[80];
    hmac_sha256_set_key(&code, 4, (const uint8_t *)"Jefe");
    hmac_sha256_update(&code, 28, (const uint8_t *)"what do ya want for nothing?");
    hmac_sha256_digest(&code, 32, sum);
    hf_redact_hex(sum, 32, hex);
    CHECK_STR(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    hf_redact_note note;
    redact_danube(25, &note);
    uint8_t secret[32];
    for (int k = 0; k < 32; k++) secret[k] = (uint8_t)k;
    hmac_sha256_set_key(&code, 32, secret);
    hmac_sha256_update(&code, 7, (const uint8_t *)"eat-tso");
    hmac_sha256_digest(&code, 8, sum);
    hf_redact_hex(sum, 8, hex);
    snprintf(expected, sizeof expected, "e-%s", hex);
    hf_package *package = opened(redacted);
    int i = hf_network_find(hf_package_network(package), expected);
    CHECK(i >= 0);
    if (i >= 0) CHECK_NEAR(hf_package_network(package)->users[i], 9100000, 0);
    hf_package_free(package);
    /* Without an old key the secret is new, and so are the pseudonyms. */
    package = opened(danube());
    char other[512], other_key[512];
    snprintf(other, sizeof other, "%s", scratch_path("other"));
    snprintf(other_key, sizeof other_key, "%s", scratch_path("other.key"));
    hf_redact_options options = {other, other_key, NULL, 25};
    CHECK_INT(hf_redact(package, &options, diag, &note), HF_OK);
    hf_package_free(package);
    package = opened(other);
    CHECK(hf_network_find(hf_package_network(package), expected) < 0);
    hf_package_free(package);
    scratch_done();
}

/* No place moves further than half the diagonal of its cell, all places of a cell become one, and nothing leaves the globe. */
static void the_grid(void)
{
    double farthest = 0;
    for (int k = 0; k < 200000; k++) {
        double lat = -90 + 180.0 * ((k * 7919) % 100003) / 100003, lon = -180 + 360.0 * ((k * 104729L) % 200017) / 200017, y = lat, x = lon;
        double grid = k % 3 == 0 ? 5 : k % 3 == 1 ? 25 : 300, moved = hf_redact_snap(grid, &y, &x), y2 = y, x2 = x;
        CHECK(y >= -90 && y <= 90 && x >= -180 && x <= 180);
        if (fabs(lat) < 80) farthest = fmax(farthest, moved / grid);
        hf_redact_snap(grid, &y2, &x2);
        if (fabs(lat) < 80 && fabs(x) < 170) CHECK(fabs(y2 - y) < 0.0011 && fabs(x2 - x) < 0.0011); /* the middle stays where it is */
    }
    CHECK(farthest <= 0.5 * sqrt(2) * 1.15 && farthest > 0.6); /* cells are a little wider on the side of the equator */
    double lat = 44.80, lon = 20.46, lat2 = 44.81, lon2 = 20.47; /* two places in Belgrade */
    hf_redact_snap(50, &lat, &lon);
    hf_redact_snap(50, &lat2, &lon2);
    CHECK(lat == lat2 && lon == lon2);
}

/* The receiver changed a number, added an entity and an inject: that is kept; the rest is put back. */
static void what_was_added_stays(void)
{
    hf_redact_note note;
    redact_danube(25, &note);
    char path[600];
    size_t n;
    snprintf(path, sizeof path, "%s/entities.csv", redacted);
    char *text = file_text(path, &n);
    FILE *f = fopen(path, "wb");
    fputs(text, f);
    fputs("new,New one,energy,AT\n", f);
    fclose(f);
    free(text);
    hf_package *package = opened(redacted);
    CHECK_INT(hf_redact_undo(package, key, restored, diag, &note), HF_OK);
    CHECK_INT(note.added, 1);
    hf_package_free(package);
    package = opened(restored);
    const hf_network *net = hf_package_network(package);
    CHECK(hf_network_find(net, "at-tso") >= 0);
    CHECK(hf_network_find(net, "new") >= 0);
    if (hf_network_find(net, "new") >= 0) CHECK_STR(net->name[hf_network_find(net, "new")], "New one");
    hf_package_free(package);
    scratch_done();
}

/* Operators, filters, injects of trade, tables and files of others, paths of their own, lines that differ in what is left out. */
static void everything_else(void)
{
    static const char *const files[] = {"datapackage.json", "e.csv", "o.csv", "s/sc.json", "own.csv", "g.geojson", "c.csv", "n.csv", "l.csv"};
    static const char *const texts[] = {
        "{\"name\": \"p\", \"title\": \"Secret\", \"sources\": [{\"title\": \"Secret\"}], \"resources\": [{\"name\": \"entities\", \"path\": \"e.csv\"}, "
        "{\"name\": \"operators\", \"path\": \"o.csv\"}, {\"name\": \"scenarios\", \"path\": \"s/sc.json\"}, {\"name\": \"own\", \"path\": \"own.csv\"}, "
        "{\"name\": \"areas\", \"path\": \"g.geojson\"}, {\"name\": \"carriers\", \"path\": \"c.csv\"}, {\"name\": \"carrier_nodes\", \"path\": "
        "\"n.csv\"}, {\"name\": \"carrier_lines\", \"path\": \"l.csv\"}]}",
        "id,sector,country,operator,region,note\nb,energy,AT,Secret Co,SECRET13,Secret\na,health,AT,,,\n",
        "id,name,country,lei,kind\nSecret Co,Secret Company,AT,SECRETLEI,Secret\n",
        "{\"scenarios\": [{\"name\": \"Secret\", \"injects\": [{\"at_h\": 0, \"inject\": \"close_border\", \"targets\": [\"Secret\"]}, {\"at_h\": 1, "
        "\"inject\": \"fail\", \"targets\": [\"'operator=Secret Co' country=AT\", \"region=SECRET13\"], \"text\": \"Secret\"}]}]}",
        "x,Secret\nSecret,2\n", "{\"Secret\": 1}", "carrier,unit,rule\np,MW,reach\n", "carrier,entity,supply\np,b,1\np,a,\n",
        "carrier,from,to,length_km\np,b,a,17\np,b,a,16\np,b,a,17\n"};
    hf_redact_note note;
    char path[600], own[512];
    size_t n;
    scratch_folder();
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        snprintf(path, sizeof path, "p/%s", files[k]);
        scratch_text(path, texts[k]);
    }
    snprintf(own, sizeof own, "%s", scratch_path("p"));
    snprintf(redacted, sizeof redacted, "%s", scratch_path("redacted"));
    snprintf(key, sizeof key, "%s", scratch_path("the.key"));
    snprintf(restored, sizeof restored, "%s", scratch_path("restored"));
    hf_package *package = opened(own);
    hf_redact_options options = {redacted, key, NULL, 25};
    CHECK_INT(hf_redact(package, &options, diag, &note), HF_OK);
    snprintf(path, sizeof path, "grep -riq secret '%s'", redacted);
    CHECK(system(path) != 0);
    hf_package *other = opened(redacted);
    const hf_scenario *s = hf_package_scenario(other, 0);
    int *entities = NULL, found = 0;
    const char *why;
    CHECK_INT(s->n_steps, 1);
    CHECK_INT(hf_target_resolve(hf_package_network(other), s->steps[0].targets[0], &entities, &found, &why), HF_OK);
    CHECK_INT(found, 1);
    free(entities);
    CHECK_INT(hf_redact_undo(other, key, restored, diag, &note), HF_OK);
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        snprintf(path, sizeof path, "%s/%s", restored, files[k]);
        char *text = file_text(path, &n);
        CHECK_STR(text, texts[k]);
        free(text);
    }
    hf_package_free(package);
    hf_package_free(other);
    scratch_done();
}

static bool is_there(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

static bool said(const char *text)
{
    for (size_t k = 0; k < hf_diag_kept(diag); k++)
        if (strstr(hf_diag_get(diag, k)->text, text)) return true;
    return false;
}

static void bad_keys(void)
{
    hf_redact_note note;
    redact_danube(25, &note);
    hf_package *package = opened(danube()), *other = opened(redacted);
    char text[200];
    /* the key file or the folder is there already: nothing is overwritten, nothing is left behind */
    hf_redact_options options = {restored, key, NULL, 25};
    CHECK_INT(hf_redact(package, &options, diag, &note), HF_E_EXISTS);
    CHECK(!is_there(restored));
    snprintf(text, sizeof text, "%s", scratch_path("third.key"));
    options = (hf_redact_options){redacted, text, NULL, 25};
    CHECK_INT(hf_redact(package, &options, diag, &note), HF_E_EXISTS);
    CHECK(!is_there(text));
    /* a file that is no key, a key of another data set, a damaged one */
    CHECK_INT(hf_redact_undo(other, scratch_path("redacted/datapackage.json"), restored, diag, &note), HF_E_DATA);
    CHECK(said("no key file"));
    CHECK_INT(hf_redact_undo(package, key, restored, diag, &note), HF_E_DATA);
    CHECK(said("key of another data set"));
    CHECK_INT(hf_redact_undo(other, scratch_path("nowhere"), restored, diag, &note), HF_E_DATA);
    scratch_text("damaged.key", "{\"holdfast_key\": 1, "
                                "\"secret\": \"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\", \"tables\": [{\"resource\": "
                                "\"entities\", \"path\": \"e.csv\", \"columns\": [\"id\"], \"lost\": [\"name\"], \"kept\": [\"id\"], \"rows\": [[\"x\"]]}]}");
    CHECK_INT(hf_redact_undo(other, scratch_path("damaged.key"), restored, diag, &note), HF_E_DATA);
    CHECK(said("damaged"));
    CHECK(!is_there(restored));
    hf_package_free(package);
    hf_package_free(other);
    scratch_done();
}

int main(void)
{
    RUN(the_same_cascades);
    RUN(byte_by_byte_back);
    RUN(nothing_tells);
    RUN(pseudonyms_by_hmac);
    RUN(the_grid);
    RUN(what_was_added_stays);
    RUN(everything_else);
    RUN(bad_keys);
    hf_diag_free(diag);
    return tap_done();
}
