/* The exercise pack against the cascade: every number in it is one of `cascade --scenario --json`, or follows from the changes it lists; what a decision is
 * worth is what a cascade of the changed script says; and its HTML is well-formed whatever names are.
 *
 * usage: test_drill COMMAND SOURCE */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "base/text.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static const char *command, *source;

static void output_read(const char *line, hf_buf *text)
{
    char block[4096];
    size_t n;
    FILE *pipe = popen(line, "r");
    while (pipe && (n = fread(block, 1, sizeof block, pipe)) > 0) hf_buf_add(text, block, n);
    CHECK(pipe && pclose(pipe) == 0);
    hf_buf_add(text, "", 0);
}

static cJSON *answer(const char *name, const char *dataset, const char *scenario)
{
    hf_buf line = {0}, text = {0};
    hf_buf_printf(&line, "%s %s %s --scenario %s --json", command, name, dataset, scenario);
    output_read(line.text, &text);
    cJSON *root = cJSON_Parse(text.text);
    CHECK(root);
    hf_buf_done(&line);
    hf_buf_done(&text);
    return root;
}

static double number(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

static const char *text(const cJSON *object, const char *key)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    return value ? value : "";
}

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * (1 + fabs(b));
}

/* What the changes of a pack say of one entity. */
typedef struct figures {
    double first_loss_h, out_h, lowest, lost_h;
} figures;

static figures figures_of(const cJSON *pack, const char *id)
{
    figures f = {NAN, NAN, 1, 0};
    double level = 1, since_h = 0, end_h = 0;
    const cJSON *stretch = NULL, *change = NULL;
    cJSON_ArrayForEach(stretch, cJSON_GetObjectItemCaseSensitive(pack, "stretches"))
    {
        end_h = number(stretch, "to_h");
        cJSON_ArrayForEach(change, cJSON_GetObjectItemCaseSensitive(stretch, "changes"))
        {
            if (strcmp(text(change, "id"), id) != 0) continue;
            double at_h = number(change, "at_h"), after = number(change, "after");
            CHECK(at_h >= number(stretch, "from_h") && at_h <= end_h);
            CHECK(same(number(change, "before"), level));
            f.lost_h += (1 - level) * (at_h - since_h);
            since_h = at_h;
            level = after;
            if (after < 1 && isnan(f.first_loss_h)) f.first_loss_h = at_h;
            if (after < 0.5 - 1e-9 && isnan(f.out_h)) f.out_h = at_h;
            if (after < f.lowest) f.lowest = after;
        }
    }
    f.lost_h += (1 - level) * (end_h - since_h);
    return f;
}

static const cJSON *entity_find(const cJSON *cascade, const char *id)
{
    const cJSON *entity = NULL;
    cJSON_ArrayForEach(entity, cJSON_GetObjectItemCaseSensitive(cascade, "entities")) if (strcmp(text(entity, "id"), id) == 0) return entity;
    return NULL;
}

static void entities_agree(const cJSON *pack, const cJSON *cascade)
{
    const cJSON *entity = NULL;
    cJSON_ArrayForEach(entity, cJSON_GetObjectItemCaseSensitive(cascade, "entities"))
    {
        figures f = figures_of(pack, text(entity, "id"));
        CHECK(same(f.first_loss_h, number(entity, "first_loss_h")));
        CHECK(same(f.out_h, number(entity, "out_h")));
        CHECK(same(f.lowest, number(entity, "lowest")));
        CHECK(same(f.lost_h, number(entity, "lost_h")));
    }
}

static void sums_agree(const cJSON *pack, const cJSON *cascade)
{
    const cJSON *ours = cJSON_GetObjectItemCaseSensitive(pack, "summary"), *theirs = cJSON_GetObjectItemCaseSensitive(cascade, "summary");
    const cJSON *stretch = NULL, *item = NULL;
    double user_hours = 0, value = 0, peak = 0;
    cJSON_ArrayForEach(stretch, cJSON_GetObjectItemCaseSensitive(pack, "stretches"))
    {
        user_hours += number(stretch, "user_hours");
        value += number(stretch, "value_eur");
        peak = fmax(peak, number(stretch, "users_hit_peak"));
    }
    CHECK(same(user_hours, number(theirs, "user_hours")));
    CHECK(same(value, number(theirs, "value_eur")));
    CHECK(same(peak, number(theirs, "users_hit_peak")));
    cJSON_ArrayForEach(item, ours) CHECK(same(number(ours, item->string), number(theirs, item->string)));
}

/* Hours of the questions are those of the entities. */
static void questions_agree(const cJSON *pack, const cJSON *cascade)
{
    const cJSON *q = NULL;
    int n = 0;
    cJSON_ArrayForEach(q, cJSON_GetObjectItemCaseSensitive(pack, "evaluation"))
    {
        const cJSON *entity = entity_find(cascade, text(q, "entity"));
        const char *kind = text(q, "kind");
        CHECK(*text(q, "question") && *text(q, "expected"));
        if (strcmp(kind, "notify") == 0) {
            CHECK(same(number(q, "from_h"), number(entity, "out_h")));
            CHECK(same(number(q, "due_h"), number(entity, "out_h") + 24));
        }
        if (strcmp(kind, "cause") == 0)
            CHECK(same(number(q, "from_h"), number(cJSON_GetObjectItemCaseSensitive(entity, "cause"), "at_h")));
        if (strcmp(kind, "reserve") == 0) CHECK(entity && number(q, "due_h") > number(q, "from_h"));
        if (strcmp(kind, "worst_hour") == 0)
            CHECK(same(number(q, "from_h"), number(cJSON_GetObjectItemCaseSensitive(cascade, "summary"), "worst_hour")));
        n++;
    }
    CHECK(n > 3);
}

static void one_scenario(const char *dataset, const char *scenario)
{
    hf_buf path = {0};
    hf_buf_printf(&path, "%s/%s", source, dataset);
    cJSON *pack = answer("drill", path.text, scenario), *cascade = answer("cascade", path.text, scenario);
    entities_agree(pack, cascade);
    sums_agree(pack, cascade);
    questions_agree(pack, cascade);
    cJSON_Delete(pack);
    cJSON_Delete(cascade);
    hf_buf_done(&path);
}

static void numbers_are_those_of_the_cascade(void)
{
    one_scenario("tests/golden/drill", "night");
    one_scenario("datasets/data/textbook/hospital", "storm");
    one_scenario("datasets/data/danube", "winter-gas-cut");
    one_scenario("datasets/data/danube", "iron-gate-low-water");
    one_scenario("datasets/data/danube", "cyber-rs-operator");
    one_scenario("datasets/data/japan", "nankai-first-week");
    one_scenario("datasets/data/japan", "lng-squeeze");
}

/* The small data set, its scenario changed to hold the injects of an option. */
static cJSON *cascade_with(const cJSON *option)
{
    static const char *const files[] = {"datapackage.json", "entities.csv", "requirements.csv", "supplies.csv", "abroad.csv", "scenarios.json"};
    hf_buf line = {0}, script = {0};
    cJSON *root = NULL;
    scratch_folder();
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        line.length = script.length = 0;
        hf_buf_printf(&line, "cat %s/tests/golden/drill/%s", source, files[k]);
        output_read(line.text, &script);
        scratch_write(files[k], script.text, script.length);
    }
    root = cJSON_Parse(script.text);
    cJSON *scenario = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(root, "scenarios"), 0), *inject = NULL;
    cJSON_ArrayForEach(inject, cJSON_GetObjectItemCaseSensitive(option, "injects"))
    {
        cJSON *copy = cJSON_Duplicate(inject, true);
        if (cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(copy, "level"))) cJSON_DeleteItemFromObjectCaseSensitive(copy, "level");
        cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(scenario, "injects"), copy);
    }
    char *printed = cJSON_Print(root);
    scratch_text("scenarios.json", printed);
    free(printed);
    cJSON_Delete(root);
    hf_buf_done(&line);
    hf_buf_done(&script);
    cJSON *cascade = answer("cascade", scratch_path("."), "night");
    scratch_done();
    return cascade;
}

static void decisions_are_worth_what_a_cascade_says(void)
{
    hf_buf path = {0};
    hf_buf_printf(&path, "%s/tests/golden/drill", source);
    cJSON *pack = answer("drill", path.text, "night");
    const cJSON *decision = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(pack, "decisions"), 0), *option = NULL;
    const cJSON *alone = cJSON_GetObjectItemCaseSensitive(pack, "summary");
    int n = 0;
    cJSON_ArrayForEach(option, cJSON_GetObjectItemCaseSensitive(decision, "options"))
    {
        static const char *const keys[] = {"entities_out", "users_hit_peak", "user_hours", "value_eur"};
        cJSON *cascade = cascade_with(option);
        const cJSON *summary = cJSON_GetObjectItemCaseSensitive(cascade, "summary");
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) CHECK(same(number(option, keys[k]), number(summary, keys[k])));
        CHECK(same(number(option, "saved_user_hours"), number(alone, "user_hours") - number(summary, "user_hours")));
        cJSON_Delete(cascade);
        n++;
    }
    CHECK_INT(n, 3);
    cJSON_Delete(pack);
    hf_buf_done(&path);
}

/* Every element is closed in turn; nothing but the elements and marks of the page itself is there. */
static void html_check(const char *html)
{
    enum { DEEP = 32 };
    char open[DEEP][16];
    int depth = 0;
    CHECK(strncmp(html, "<!DOCTYPE html>", 15) == 0);
    for (const char *at = strchr(html + 15, '<'); at; at = strchr(at, '<')) {
        bool closes = at[1] == '/';
        char name[16] = "";
        sscanf(at + 1 + closes, "%15[a-z0-9]", name);
        CHECK(*name);
        at += strcspn(at, ">");
        if (strcmp(name, "meta") == 0) continue;
        if (!closes && depth < DEEP) strcpy(open[depth++], name);
        else if (closes) {
            CHECK(depth > 0 && strcmp(open[depth - 1], name) == 0);
            depth -= depth > 0;
        }
        CHECK(strcmp(name, "script") != 0 && strcmp(name, "link") != 0 && strcmp(name, "img") != 0);
    }
    CHECK_INT(depth, 0);
    for (const char *at = strchr(html, '&'); at; at = strchr(at + 1, '&'))
        CHECK(strncmp(at, "&amp;", 5) == 0 || strncmp(at, "&lt;", 4) == 0 || strncmp(at, "&gt;", 4) == 0 || strncmp(at, "&quot;", 6) == 0 ||
              strncmp(at, "&#39;", 5) == 0);
    CHECK(!strstr(html, "http"));
}

static void html_is_well_formed(void)
{
    static const char *const sets[] = {"tests/golden/drill --scenario night", "datasets/data/japan --scenario nankai-first-week --players region"};
    for (int k = 0; k < 2; k++) {
        hf_buf line = {0}, html = {0};
        hf_buf_printf(&line, "%s drill %s/%s --format html", command, source, sets[k]);
        output_read(line.text, &html);
        html_check(html.text);
        if (k == 0) CHECK(strstr(html.text, "Smoke &amp; &lt;fire&gt;.") && strstr(html.text, "_製粉所_") && !strstr(html.text, "<fire>"));
        hf_buf_done(&line);
        hf_buf_done(&html);
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    command = argv[1];
    source = argv[2];
    RUN(numbers_are_those_of_the_cascade);
    RUN(decisions_are_worth_what_a_cascade_says);
    RUN(html_is_well_formed);
    return tap_done();
}
