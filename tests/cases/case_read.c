/* Reading of test cases: lines into words, words into rows of a builder and expectations. */
#include "tests/cases/case.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/network/builder.h"

typedef struct reader {
    test_case *c;
    hf_builder *builder;
    const char *file;
    int line, mistakes;
    char *word[MAX_WORDS];
    int n, at; /* words on the line; the next one */
} reader;

static void mistake(reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void mistake(reader *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("# %s:%d: ", r->file, r->line);
    vprintf(format, args);
    printf("\n");
    va_end(args);
    r->mistakes++;
}

/* "12", "-0.5", "5/6", "inf", "-" (not given). */
static bool number_read(const char *text, size_t length, double *ret_value)
{
    if (length == 3 && memcmp(text, "inf", 3) == 0) *ret_value = INFINITY;
    else if (length == 1 && *text == '-') *ret_value = NAN;
    else {
        const char *slash = memchr(text, '/', length);
        size_t first = slash ? (size_t)(slash - text) : length;
        double below = 1;
        if (!hf_number_parse(text, first, ret_value)) return false;
        if (slash && (!hf_number_parse(slash + 1, length - first - 1, &below) || below == 0)) return false;
        if (slash) *ret_value /= below;
    }
    return true;
}

static double number(reader *r, const char *text)
{
    double value = 0;
    if (!number_read(text, strlen(text), &value)) mistake(r, "\"%s\" is not a number", text);
    return value;
}

static const char *next(reader *r)
{
    if (r->at < r->n) return r->word[r->at++];
    mistake(r, "the line ends too early");
    return "";
}

static bool is_next(reader *r, const char *word)
{
    if (r->at == r->n || strcmp(r->word[r->at], word) != 0) return false;
    r->at++;
    return true;
}

static void expect_word(reader *r, const char *word)
{
    if (!is_next(r, word)) mistake(r, "\"%s\" is expected here, not \"%s\"", word, r->at < r->n ? r->word[r->at] : "the end of the line");
}

/* The value of a word `key=value` that is next, or NULL. */
static char *option(reader *r, const char *key)
{
    size_t length = strlen(key);
    if (r->at == r->n || strncmp(r->word[r->at], key, length) != 0 || r->word[r->at][length] != '=') return NULL;
    return r->word[r->at++] + length + 1;
}

static bool option_number(reader *r, const char *key, double *value)
{
    const char *text = option(r, key);
    if (text) *value = number(r, text);
    return text != NULL;
}

static hf_origin here(const reader *r)
{
    return (hf_origin){r->file, r->line};
}

static void added(reader *r, hf_err err)
{
    if (err != HF_OK) mistake(r, "%s", hf_err_text(err));
}

static void read_entity(reader *r)
{
    hf_entity_row row = hf_entity_row_default();
    row.id = row.name = next(r);
    row.sector = "energy";
    row.country = "AT";
    while (r->at < r->n) {
        const char *yes;
        if (option_number(r, "users", &row.users) || option_number(r, "repair_h", &row.repair_h) ||
            option_number(r, "restart_h", &row.restart_h) || option_number(r, "restart_below", &row.restart_below))
            continue;
        if ((yes = option(r, "black_start"))) row.black_start = strcmp(yes, "yes") == 0;
        else {
            mistake(r, "\"%s\" is not a property of an entity", r->word[r->at]);
            return;
        }
    }
    added(r, hf_builder_entity(r->builder, &row, here(r)));
}

/* SUPPLIER[:SHARE][,demand=N][,class=N] */
static void read_supplier(reader *r, const char *entity, const char *requirement, char *text)
{
    hf_supply_row row = hf_supply_row_default();
    row.entity = entity;
    row.requirement = requirement;
    char *rest = strchr(text, ',');
    if (rest) *rest++ = '\0';
    char *share = strchr(text, ':');
    if (share) *share++ = '\0';
    row.supplier = text;
    if (share) row.share = number(r, share);
    while (rest) {
        char *part = rest;
        rest = strchr(part, ',');
        if (rest) *rest++ = '\0';
        if (strncmp(part, "demand=", 7) == 0) row.demand = number(r, part + 7);
        else if (strncmp(part, "class=", 6) == 0) row.shed_class = (int)number(r, part + 6);
        else mistake(r, "\"%s\" is not a property of a supply link", part);
    }
    added(r, hf_builder_supply(r->builder, &row, here(r)));
}

static void read_needs(reader *r)
{
    hf_requirement_row row = hf_requirement_row_default();
    row.entity = next(r);
    row.requirement = next(r);
    while (r->at < r->n && strcmp(r->word[r->at], "from") != 0) {
        char *curve = option(r, "curve");
        if (curve) {
            for (char *comma = curve; (comma = strchr(comma, ',')); *comma = ' ') continue;
            row.curve = curve;
        } else if (option_number(r, "threshold", &row.threshold)) row.response = HF_THRESHOLD;
        else if (!option_number(r, "refill", &row.refill)) {
            mistake(r, "\"%s\" is not a property of a requirement", r->word[r->at]);
            return;
        }
    }
    added(r, hf_builder_requirement(r->builder, &row, here(r)));
    expect_word(r, "from");
    if (r->at == r->n) mistake(r, "no supplier");
    while (r->at < r->n) read_supplier(r, row.entity, row.requirement, r->word[r->at++]);
}

static void read_carrier(reader *r)
{
    hf_carrier_row row = {.carrier = next(r), .unit = "MW", .rule = HF_BALANCE};
    const char *rules[] = {[HF_REACH] = "reach", [HF_BALANCE] = "balance", [HF_FLOW] = "flow", [HF_DC] = "dc"}, *rule = next(r);
    int k = HF_REACH;
    while (k <= HF_DC && strcmp(rules[k], rule) != 0) k++;
    if (k > HF_DC) mistake(r, "\"%s\" is not a rule of a carrier", rule);
    else row.rule = (hf_rule)k;
    row.directed = is_next(r, "directed");
    if (r->at < r->n) row.unit = next(r);
    row.directed |= is_next(r, "directed");
    added(r, hf_builder_carrier(r->builder, &row, here(r)));
}

static void read_node(reader *r)
{
    hf_carrier_node_row row = {.carrier = next(r), .shed_class = 1};
    double shed_class = 1;
    row.entity = next(r);
    while (option_number(r, "supply", &row.supply) || option_number(r, "demand", &row.demand) || option_number(r, "class", &shed_class))
        continue;
    row.shed_class = (int)shed_class;
    added(r, hf_builder_carrier_node(r->builder, &row, here(r)));
}

static void read_line(reader *r)
{
    hf_carrier_line_row row = {.carrier = next(r), .capacity = INFINITY, .reactance = NAN, .length_km = NAN};
    row.from = next(r);
    row.to = next(r);
    while (r->at < r->n) {
        const char *entity = option(r, "entity");
        if (entity) row.entity = entity;
        else if (!option_number(r, "capacity", &row.capacity) && !option_number(r, "reactance", &row.reactance)) break;
    }
    added(r, hf_builder_carrier_line(r->builder, &row, here(r)));
}

static void read_at(reader *r)
{
    static const char *const kinds[] = {
        [HF_INJECT_FAIL] = "fail", [HF_INJECT_DEGRADE] = "degrade", [HF_INJECT_REPAIR] = "repair", [HF_INJECT_RESTORE] = "restore"};
    if (r->c->n_injects == MAX_INJECTS) {
        mistake(r, "more than %d injects", MAX_INJECTS);
        return;
    }
    case_inject *named = &r->c->named[r->c->n_injects++];
    *named = (case_inject){.line = r->line, .inject = {.at_h = number(r, next(r)), .repair_h = NAN}};
    const char *kind = next(r);
    int k = 0;
    while (k < 4 && strcmp(kinds[k], kind) != 0) k++;
    if (k == 4) mistake(r, "\"%s\" is not an inject", kind);
    named->inject.kind = (hf_inject_kind)(k % 4);
    named->entity = next(r);
    named->inject.level = k == HF_INJECT_FAIL ? 0 : k == HF_INJECT_DEGRADE ? NAN : 1; /* degrade needs one */
    while (option_number(r, "level", &named->inject.level) || option_number(r, "repair_h", &named->inject.repair_h)) continue;
}

static void read_deadlock(reader *r, case_check *k)
{
    while (r->at < r->n && !is_next(r, "black-start")) k->word[k->n_words++] = next(r);
    k->n_loop = k->n_words;
    while (r->at < r->n) k->word[k->n_words++] = next(r);
    if (k->n_loop == 0 || k->n_words == k->n_loop) mistake(r, "expect deadlock ENTITY … black-start ENTITY …");
}

static void read_value(reader *r, case_check *k)
{
    expect_word(r, "=");
    k->value = number(r, next(r));
}

static void read_entity_check(reader *r, case_check *k, const char *entity)
{
    const char *what = next(r);
    k->entity = entity;
    if (strcmp(what, "at") == 0 && is_next(r, "end")) k->kind = CHECK_END_LEVEL;
    else if (strcmp(what, "changes") == 0) k->kind = CHECK_CHANGES;
    else if (strcmp(what, "user-hours") == 0) k->kind = CHECK_USER_HOURS;
    else {
        static const char *const words[] = {"at", "before", "depth", "since", "cause"};
        static const check_kind kinds[] = {CHECK_AT, CHECK_BEFORE, CHECK_DEPTH, CHECK_SINCE, CHECK_CAUSE};
        int i = 0;
        while (i < 5 && strcmp(words[i], what) != 0) i++;
        if (i == 5) {
            mistake(r, "\"%s\" cannot be expected of an entity", what);
            return;
        }
        k->kind = kinds[i];
        k->hour = number(r, next(r));
    }
    if (k->kind != CHECK_CAUSE) read_value(r, k);
    else {
        expect_word(r, "=");
        k->word[k->n_words++] = next(r);
        if (r->at < r->n) k->word[k->n_words++] = next(r);
    }
}

static void read_expect(reader *r)
{
    if (r->c->n_checks == MAX_CHECKS) {
        mistake(r, "more than %d expectations", MAX_CHECKS);
        return;
    }
    case_check *k = &r->c->checks[r->c->n_checks++];
    *k = (case_check){.line = r->line};
    if (is_next(r, "deadlock")) {
        k->kind = CHECK_DEADLOCK;
        read_deadlock(r, k);
    } else if (is_next(r, "no-deadlock")) k->kind = CHECK_NO_DEADLOCK;
    else if (is_next(r, "end")) {
        k->kind = CHECK_END;
        read_value(r, k);
    } else if (is_next(r, "unsupported")) {
        k->kind = CHECK_ERROR;
        k->err = HF_E_UNSUPPORTED;
    } else if (is_next(r, "oscillation")) {
        k->kind = CHECK_ERROR;
        k->err = HF_E_OSCILLATION;
    } else read_entity_check(r, k, next(r));
}

static void read_statement(reader *r)
{
    static const struct {
        const char *word;
        void (*read)(reader *r);
    } statements[] = {{"entity", read_entity}, {"needs", read_needs}, {"carrier", read_carrier}, {"node", read_node},
                      {"line", read_line},     {"at", read_at},       {"expect", read_expect}};
    if (is_next(r, "horizon")) r->c->options.horizon_h = number(r, next(r));
    else if (is_next(r, "no-repair")) r->c->options.no_repair = true;
    else {
        const char *word = next(r);
        size_t k = 0;
        while (k < sizeof statements / sizeof *statements && strcmp(statements[k].word, word) != 0) k++;
        if (k == sizeof statements / sizeof *statements) {
            mistake(r, "\"%s\" is not a statement", word);
            return;
        }
        statements[k].read(r);
    }
    if (r->at < r->n) mistake(r, "\"%s\" is not understood here", r->word[r->at]);
}

/* Cuts a line into words, in place; the title keeps its blanks. */
static void line_read(reader *r, char *line)
{
    r->n = r->at = 0;
    line[strcspn(line, "#\r")] = '\0';
    if (strncmp(line, "title ", 6) == 0) {
        r->c->title = line + 6;
        return;
    }
    for (char *rest = line, *word; (word = strtok_r(rest, " \t", &rest));) {
        if (r->n == MAX_WORDS) {
            mistake(r, "more than %d words", MAX_WORDS);
            return;
        }
        r->word[r->n++] = word;
    }
    if (r->n > 0) read_statement(r);
}

static void findings_print(const reader *r)
{
    for (size_t k = 0; k < hf_diag_kept(r->c->diag); k++) {
        const hf_finding *f = hf_diag_get(r->c->diag, k);
        if (f->severity == HF_ERROR) printf("# %s:%d: %s\n", r->file, f->line, f->text);
    }
}

static int entity_find(reader *r, const char *id, int line)
{
    int entity = hf_network_find(r->c->net, id);
    r->line = line;
    if (entity < 0) mistake(r, "there is no entity \"%s\"", id);
    return entity;
}

static void names_resolve(reader *r)
{
    test_case *c = r->c;
    for (int k = 0; k < c->n_injects; k++) {
        c->injects[k] = c->named[k].inject;
        c->injects[k].entity = entity_find(r, c->named[k].entity, c->named[k].line);
    }
    for (int k = 0; k < c->n_checks; k++) {
        const case_check *check = &c->checks[k];
        if (check->entity) entity_find(r, check->entity, check->line);
        for (int w = 0; check->kind == CHECK_DEADLOCK && w < check->n_words; w++) entity_find(r, check->word[w], check->line);
    }
}

bool case_read(test_case *c, const char *file, const char *text)
{
    *c = (test_case){.title = "", .options = hf_run_options_default()};
    reader r = {.c = c, .file = file};
    c->text = strdup(text);
    if (!c->text || hf_diag_new(&c->diag) != HF_OK || hf_builder_new(c->diag, &r.builder) != HF_OK) {
        mistake(&r, "out of memory");
        return false;
    }
    for (char *rest = c->text, *line; (line = strsep(&rest, "\n"));) {
        r.line++;
        line_read(&r, line);
    }
    if (c->n_checks == 0) mistake(&r, "nothing is expected");
    if (hf_builder_finish(r.builder, &c->net) != HF_OK) {
        findings_print(&r);
        mistake(&r, "the network could not be built");
    } else names_resolve(&r);
    hf_builder_free(r.builder);
    return r.mistakes == 0;
}

void case_done(test_case *c)
{
    hf_network_free(c->net);
    hf_diag_free(c->diag);
    free(c->text);
}
