/* trade --shock and --home: who is hit, how, by how much, from which day on. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/suggest.h"
#include "cli/trade.h"

static const struct {
    const char *name;
    const char *size; /* what is allowed */
} kinds[] = {
    [HF_SHOCK_CAPACITY] = {"capacity", "the share of capacity lost, from 0 to 1 or 0% to 100%"},
    [HF_SHOCK_CAPITAL] = {"capital", "the share of capital lost, from 0 to 1 or 0% to 100%"},
    [HF_SHOCK_REBUILD] = {"rebuild", "the share of capital lost, from 0 to 1 or 0% to 100%"},
    [HF_SHOCK_HOUSEHOLD] = {"household", "the damage to homes in money, 0 or more, such as 2e9"},
    [HF_SHOCK_DEMAND] = {"demand", "the change of final demand as a share, -1 or more: -20% is a fifth less"},
    [HF_SHOCK_TRADE] = {"trade", "the share that is not shipped, from 0 to 1 or 0% to 100%"},
    [HF_SHOCK_DELAY] = {"delay", "days later than usual, from 0 to 366"},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static int name_find(const char *const *names, int n, const char *text, size_t length)
{
    for (int k = 0; k < n; k++)
        if (strlen(names[k]) == length && strncmp(names[k], text, length) == 0) return k;
    return -1;
}

static hf_err name_read(const hf_trade *t, const char *option, const char *what, const char *text, size_t length, const char *const *names, int n,
                        int *ret_index)
{
    enum { LISTED = 16 };
    hf_nearest nearest;
    hf_buf all = {0};
    *ret_index = name_find(names, n, text, length);
    if (*ret_index >= 0) return HF_OK;
    hf_nearest_start(&nearest, text, length);
    for (int k = 0; k < n; k++) {
        hf_nearest_offer(&nearest, names[k]);
        if (k < LISTED) hf_buf_printf(&all, "%s%s", k ? ", " : "", names[k]);
    }
    if (n > LISTED) hf_buf_printf(&all, " and %d more", n - LISTED);
    hf_err err = nearest.best ? hf_cli_usage(t->cli, "%s: there is no %s \"%.*s\"; did you mean %s?", option, what, (int)length, text, nearest.best)
                              : hf_cli_usage(t->cli, "%s: there is no %s \"%.*s\"; there are %s", option, what, (int)length, text, all.text);
    hf_buf_done(&all);
    return err;
}

hf_err hf_trade_sector_read(const hf_trade *t, const char *option, const char *text, size_t length, int *ret_sector)
{
    return name_read(t, option, "industry", text, length, t->table->sector, t->table->n_sectors, ret_sector);
}

hf_err hf_trade_region_read(const hf_trade *t, const char *option, const char *text, size_t length, int *ret_region)
{
    return name_read(t, option, "region", text, length, t->table->region, t->table->n_regions, ret_region);
}

static hf_err kind_read(const hf_trade *t, const char *text, size_t length, hf_adaptive_shock_kind *ret_kind)
{
    const char *names[KINDS];
    int kind = 0;
    for (int k = 0; k < KINDS; k++) names[k] = kinds[k].name;
    hf_err err = name_read(t, "--shock", "kind of shock", text, length, names, KINDS, &kind);
    if (err == HF_OK) *ret_kind = (hf_adaptive_shock_kind)kind;
    return err;
}

/* "0.3", "30%" */
static bool number_read(const char *text, double *ret_value)
{
    size_t length = strlen(text);
    bool percent = length > 0 && text[length - 1] == '%';
    if (!hf_number_parse(text, length - percent, ret_value)) return false;
    if (percent) *ret_value /= 100;
    return true;
}

static hf_err size_read(const hf_trade *t, const char *shock, const char *text, hf_trade_shock *s)
{
    bool late = s->kind == HF_SHOCK_DELAY, needed = s->kind == HF_SHOCK_HOUSEHOLD || s->kind == HF_SHOCK_DEMAND || late;
    double low = s->kind == HF_SHOCK_DEMAND ? -1 : 0, high = late ? HF_ADAPTIVE_LATE : needed ? INFINITY : 1;
    const char *why = NULL;
    if (!text && !needed) return HF_OK; /* all of it */
    if (!text) why = "the size is missing";
    else if (strchr(text, '@')) why = "the day stands before the size (@DAY=SIZE)";
    else if (!number_read(text, &s->size)) why = "the size is not a number";
    else if (s->size > high) why = late ? "that is more than 366 days" : "that is more than 100 %";
    else if (s->size < low) why = s->kind == HF_SHOCK_DEMAND ? "demand cannot fall by more than 100 %" : "the size is below 0";
    if (why) return hf_cli_usage(t->cli, "--shock %s: %s; allowed is %s", shock, why, kinds[s->kind].size);
    if (s->kind == HF_SHOCK_HOUSEHOLD) s->size /= t->table->unit;
    return HF_OK;
}

/* The parts of a shock's text; NULL where there is none, each ends where the next begins. */
typedef struct parts {
    const char *region, *industry, *partner, *day, *size, *end;
} parts;

static parts parts_of(const char *text)
{
    parts p = {.region = text, .end = text + strlen(text)};
    const char *equals = strrchr(text, '=');
    if (equals) p.size = equals + 1, p.end = equals;
    for (const char *c = p.region; c < p.end; c++) {
        if (*c == '/' && !p.industry && !p.partner) p.industry = c + 1;
        if (*c == '>' && !p.partner) p.partner = c + 1;
        if (*c == '@') p.day = c + 1;
    }
    return p;
}

static size_t part_length(const char *from, const char *const *others, int n, const char *end)
{
    for (int k = 0; k < n; k++)
        if (others[k] && others[k] > from && others[k] - 1 < end) end = others[k] - 1;
    return (size_t)(end - from);
}

static bool is_all(const char *text, size_t length)
{
    return length == 1 && *text == '*';
}

static hf_err day_read(const hf_trade *t, const char *shock, const parts *p, hf_trade_shock *s)
{
    double day = 0;
    if (!p->day) return HF_OK;
    if (!hf_number_parse(p->day, (size_t)(p->end - p->day), &day) || day < 0 || day > 36500 || day != floor(day))
        return hf_cli_usage(t->cli, "--shock %s: the day after @ must be a whole number from 0 to 36500", shock);
    s->day = (int)day;
    return HF_OK;
}

static hf_err shock_read(const hf_trade *t, const char *text, hf_trade_shock *s)
{
    hf_err err = HF_OK;
    parts p = parts_of(text);
    const char *const marks[] = {p.industry, p.partner, p.day};
    size_t length = part_length(p.region, marks, 3, p.end);
    const char *colon = memchr(p.region, ':', length);
    *s = (hf_trade_shock){HF_SHOCK_CAPACITY, -1, -1, -1, 1, 1};
    if (colon && name_find(t->table->region, t->table->n_regions, p.region, length) < 0) {
        HF_TRY(kind_read(t, p.region, (size_t)(colon - p.region), &s->kind));
        length -= (size_t)(colon + 1 - p.region);
        p.region = colon + 1;
    }
    if (!is_all(p.region, length)) HF_TRY(hf_trade_region_read(t, "--shock", p.region, length, &s->region));
    if (p.industry) {
        length = part_length(p.industry, marks, 3, p.end);
        if (!is_all(p.industry, length)) HF_TRY(hf_trade_sector_read(t, "--shock", p.industry, length, &s->sector));
    }
    if (p.partner) {
        length = part_length(p.partner, marks, 3, p.end);
        if (s->kind != HF_SHOCK_TRADE && s->kind != HF_SHOCK_DELAY)
            return hf_cli_usage(t->cli, "--shock %s: only a shock on trade or a delay has a buyer after \">\": trade:REGION[/INDUSTRY]>PARTNER=SHARE", text);
        if (!is_all(p.partner, length)) HF_TRY(hf_trade_region_read(t, "--shock", p.partner, length, &s->partner));
    }
    if (s->kind == HF_SHOCK_HOUSEHOLD && s->sector >= 0) return hf_cli_usage(t->cli, "--shock %s: homes belong to a region, not to an industry", text);
    HF_TRY(day_read(t, text, &p, s));
    HF_TRY(size_read(t, text, p.size, s));
out:
    return err;
}

static bool is_hit(const hf_trade_shock *s, int region, int sector)
{
    return (s->region < 0 || s->region == region) && (s->sector < 0 || s->sector == sector);
}

static hf_err closed_fill(hf_trade *t)
{
    int S = t->table->n_sectors, over = 0, first = -1;
    double most = 0;
    t->closed = hf_calloc((size_t)t->table->n_industries, sizeof *t->closed);
    if (!t->closed) return HF_E_NOMEM;
    for (int f = 0; f < t->table->n_industries; f++) {
        double sum = 0;
        for (int k = 0; k < t->n_shocks; k++)
            if (t->shocks[k].kind == HF_SHOCK_CAPACITY && is_hit(&t->shocks[k], f / S, f % S)) sum += t->shocks[k].size;
        t->closed[f] = fmin(1, sum);
        if (sum > 1 + 1e-12 && over++ == 0) first = f, most = sum;
    }
    size_t kept = hf_diag_kept(t->cli->diag);
    if (over > 0)
        hf_diag_add(t->cli->diag, HF_WARNING, HF_E_RANGE, NULL, 0, 0,
                    "the shocks on %s/%s add up to %.4g %% of its capacity; no more than all of it is lost (%d such)", t->table->region[first / S],
                    t->table->sector[first % S], 100 * most, over);
    hf_cli_findings(t->cli, kept, HF_WARNING);
    return HF_OK;
}

hf_err hf_trade_shocks_read(hf_trade *t)
{
    hf_err err = HF_OK;
    const hf_args *args = &t->cli->args;
    const char *home = hf_args_text(args, "home");
    t->home = -1;
    if (home) HF_TRY(hf_trade_region_read(t, "--home", home, strlen(home), &t->home));
    for (int k = 0; k < args->n_given; k++) {
        hf_trade_shock shock;
        if (strcmp(args->given[k].option->name, "shock") != 0) continue;
        HF_TRY(shock_read(t, args->given[k].text, &shock));
        HF_TRY(hf_grow((void **)&t->shocks, &t->capacity, (size_t)t->n_shocks + 1, sizeof *t->shocks));
        t->shocks[t->n_shocks++] = shock;
    }
    HF_TRY(closed_fill(t));
out:
    return err;
}

hf_err hf_trade_shocks_allow(const hf_trade *t, const char *what, unsigned allowed)
{
    hf_buf list = {0};
    hf_err err = HF_OK;
    for (int k = 0; k < KINDS; k++)
        if (allowed >> k & 1) hf_buf_printf(&list, "%s%s", list.length ? ", " : "", kinds[k].name);
    for (int k = 0; k < t->n_shocks && err == HF_OK; k++)
        if (!(allowed >> t->shocks[k].kind & 1))
            err = hf_cli_usage(t->cli, "%s takes shocks on %s, not on %s", what, list.text ? list.text : "nothing", kinds[t->shocks[k].kind].name);
    hf_buf_done(&list);
    return err;
}

bool hf_trade_has_shock(const hf_trade *t, hf_adaptive_shock_kind kind)
{
    for (int k = 0; k < t->n_shocks; k++)
        if (t->shocks[k].kind == kind) return true;
    return false;
}

const char *hf_trade_shock_kind(hf_adaptive_shock_kind kind)
{
    return kinds[kind].name;
}

void hf_trade_demand_change(const hf_trade *t, double *ret_change)
{
    const hf_io_table *table = t->table;
    int S = table->n_sectors, F = table->n_demand;
    for (int f = 0; f < table->n_industries; f++)
        for (int h = 0; h < table->n_regions; h++) {
            double change = 0, wanted = 0;
            for (int k = 0; k < t->n_shocks; k++) /* the region of a shock on demand is where the demand is */
                if (t->shocks[k].kind == HF_SHOCK_DEMAND && is_hit(&t->shocks[k], h, f % S)) change += t->shocks[k].size;
            for (int c = 0; c < F; c++) wanted += table->y[(size_t)f * (size_t)table->n_demand_columns + (size_t)(h * F + c)];
            ret_change[f] += wanted * fmax(-1, change);
        }
}
