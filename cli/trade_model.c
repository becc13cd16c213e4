/* The adaptive model of trade as its options ask: stocks, production, rationing, rebuilding. */
#include <string.h>

#include "base/alloc.h"
#include "cli/trade.h"
#include "cli/words.h"

/* What the options say that the model copies. */
typedef struct rules {
    double *stock_days, *restore_days, *rebuild_share; /* [n_sectors] */
    unsigned char *essential;                          /* [n_sectors x n_industries] */
    int *priority;                                     /* [n_industries] */
    bool *lifeline;                                    /* [n_sectors] */
} rules;

static void rules_done(rules *r)
{
    void *all[] = {r->stock_days, r->restore_days, r->rebuild_share, r->essential, r->priority, r->lifeline};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
}

static hf_err rules_init(const hf_trade *t, rules *r)
{
    size_t S = (size_t)t->table->n_sectors, n = (size_t)t->table->n_industries;
    r->stock_days = hf_calloc(S, sizeof *r->stock_days);
    r->restore_days = hf_calloc(S, sizeof *r->restore_days);
    r->rebuild_share = hf_calloc(S, sizeof *r->rebuild_share);
    r->essential = hf_calloc(S * n, sizeof *r->essential);
    r->priority = hf_calloc(n, sizeof *r->priority);
    r->lifeline = hf_calloc(S, sizeof *r->lifeline);
    return r->stock_days && r->restore_days && r->rebuild_share && r->essential && r->priority && r->lifeline ? HF_OK : HF_E_NOMEM;
}

/* "NAME=REST" of a repeated option: the industry before "=", and what stands behind it. */
static hf_err pair_read(const hf_trade *t, const char *option, const char *text, int *ret_sector, const char **ret_rest)
{
    const char *equals = strrchr(text, '=');
    if (!equals || equals == text || !equals[1]) return hf_cli_usage(t->cli, "%s %s: INDUSTRY=VALUE is needed", option, text);
    *ret_rest = equals + 1;
    return hf_trade_sector_read(t, option, text, (size_t)(equals - text), ret_sector);
}

/* ---- stocks ---- */

static hf_err stock_read(const hf_trade *t, const char *text, rules *r)
{
    const char *rest = NULL;
    int sector = 0;
    double days = 0, restore = 0;
    hf_err err = pair_read(t, "--stock", text, &sector, &rest);
    if (err != HF_OK) return err;
    const char *slash = strchr(rest, '/');
    bool good = hf_number_parse(rest, slash ? (size_t)(slash - rest) : strlen(rest), &days) && days >= 1 && days <= 3650;
    if (good && slash) good = hf_number_parse(slash + 1, strlen(slash + 1), &restore) && restore >= 0.1 && restore <= 3650;
    if (!good) return hf_cli_usage(t->cli, "--stock %s: INDUSTRY=DAYS[/RESTORE] with days from 1 to 3650 and restoration from 0.1 to 3650", text);
    r->stock_days[sector] = days;
    if (slash) r->restore_days[sector] = restore;
    return HF_OK;
}

/* ---- what is essential ---- */

static hf_err essential_read(const hf_trade *t, const char *text, rules *r)
{
    static const char *const classes[] = {[HF_ESSENTIAL_NONE] = "none", [HF_ESSENTIAL_IMPORTANT] = "important", [HF_ESSENTIAL_CRITICAL] = "critical"};
    const char *equals = strrchr(text, '='), *user = equals ? memchr(text, '>', (size_t)(equals - text)) : NULL;
    int class = -1, input = 0, buyer = -1, S = t->table->n_sectors;
    hf_err err = HF_OK;
    for (int k = 0; equals && k < 3; k++)
        if (strcmp(equals + 1, classes[k]) == 0) class = k;
    if (class < 0) return hf_cli_usage(t->cli, "--essential %s: INPUT[>USER]=none, =important or =critical is needed", text);
    HF_TRY(hf_trade_sector_read(t, "--essential", text, (size_t)((user ? user : equals) - text), &input));
    if (user) HF_TRY(hf_trade_sector_read(t, "--essential", user + 1, (size_t)(equals - user - 1), &buyer));
    for (int f = 0; f < t->table->n_industries; f++)
        if (buyer < 0 || f % S == buyer) r->essential[(size_t)input * (size_t)t->table->n_industries + (size_t)f] = (unsigned char)class;
out:
    return err;
}

/* ---- who is served first ---- */

enum { LEVEL_FIRST, LEVEL_OTHERS, LEVEL_REBUILD };

/* Lifelines and health go before others, rebuilding comes last. */
static void priority_default(const hf_trade *t, rules *r, hf_adaptive_options *o)
{
    for (int f = 0; f < t->table->n_industries; f++) {
        const char *code = hf_trade_sector_code(t, f % t->table->n_sectors);
        bool health = code[0] == 'Q' || strncmp(code, "86", 2) == 0;
        r->priority[f] = r->lifeline[f % t->table->n_sectors] || health ? LEVEL_FIRST : LEVEL_OTHERS;
    }
    o->final_level = LEVEL_OTHERS;
    o->rebuild_level = LEVEL_REBUILD;
}

static hf_err priority_read(const hf_trade *t, const char *text, rules *r, hf_adaptive_options *o)
{
    const char *equals = strrchr(text, '=');
    double level = 0;
    int sector = 0;
    if (!equals || !hf_number_parse(equals + 1, strlen(equals + 1), &level) || level != (int)level || level < 0 || level >= HF_ADAPTIVE_LEVELS)
        return hf_cli_usage(t->cli, "--priority %s: WHO=LEVEL is needed, with a whole level from 0 (served first) to %d", text, HF_ADAPTIVE_LEVELS - 1);
    size_t length = (size_t)(equals - text);
    if (length == 5 && strncmp(text, "final", length) == 0) o->final_level = (int)level;
    else if (length == 7 && strncmp(text, "rebuild", length) == 0) o->rebuild_level = (int)level;
    else {
        hf_err err = hf_trade_sector_read(t, "--priority", text, length, &sector);
        if (err != HF_OK) return err;
        for (int f = sector; f < t->table->n_industries; f += t->table->n_sectors) r->priority[f] = (int)level;
    }
    return HF_OK;
}

/* ---- what damage asks for ---- */

static bool is_investment(const char *category)
{
    static const char *const names[] = {"GFCF", "gfcf", "P51", "investment", "capital formation"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (category && strstr(category, names[k])) return true;
    return false;
}

static void share_scale(double *share, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++) sum += share[i];
    for (int i = 0; sum > 0 && i < n; i++) share[i] /= sum;
}

/* Rebuilding buys what investment buys; construction where the table does not tell investment. False when there is neither. */
static bool rebuild_default(const hf_trade *t, double *share)
{
    const hf_io_table *table = t->table;
    int S = table->n_sectors, F = table->n_demand;
    double sum = 0;
    for (int f = 0; f < table->n_industries; f++)
        for (int c = 0; c < table->n_demand_columns; c++)
            if (t->economy->category && is_investment(t->economy->category[c % F]))
                share[f % S] += table->y[(size_t)f * (size_t)table->n_demand_columns + (size_t)c];
    for (int i = 0; i < S; i++) sum += share[i];
    for (int i = 0; i < S && !(sum > 0); i++) {
        const char *code = hf_trade_sector_code(t, i);
        if (code[0] != 'F' && strncmp(code, "41", 2) != 0) continue;
        share[i] = sum = 1;
    }
    share_scale(share, S);
    return sum > 0;
}

static void rebuild_say(const hf_trade *t, const double *share)
{
    const hf_args *args = &t->cli->args;
    hf_buf *out = &t->cli->out;
    int n = 0;
    if (hf_args_has(args, "json") || hf_args_has(args, "csv")) return;
    for (int i = 0; i < t->table->n_sectors; i++) {
        if (!(share[i] > 0)) continue;
        hf_buf_printf(out, "%s%s ", n++ ? ", " : "Rebuilding buys ", hf_trade_sector_title(t, i));
        hf_word_share(out, share[i]);
    }
    hf_buf_puts(out, hf_args_has(args, "rebuild-with") ? ".\n" : " (--rebuild-with says otherwise).\n");
}

static hf_err rebuild_read(const hf_trade *t, rules *r)
{
    const hf_args *args = &t->cli->args;
    bool given = false;
    for (int k = 0; k < args->n_given; k++) {
        const char *rest = NULL;
        int sector = 0;
        double share = 0;
        if (strcmp(args->given[k].option->name, "rebuild-with") != 0) continue;
        hf_err err = pair_read(t, "--rebuild-with", args->given[k].text, &sector, &rest);
        if (err != HF_OK) return err;
        if (!hf_number_parse(rest, strlen(rest), &share) || !(share > 0))
            return hf_cli_usage(t->cli, "--rebuild-with %s: the share must be a number above 0", args->given[k].text);
        r->rebuild_share[sector] = share;
        given = true;
    }
    if (given) share_scale(r->rebuild_share, t->table->n_sectors);
    else if (!rebuild_default(t, r->rebuild_share))
        return hf_cli_usage(t->cli, "the table knows neither investment nor construction: --rebuild-with INDUSTRY=SHARE says what rebuilding buys");
    rebuild_say(t, r->rebuild_share);
    return HF_OK;
}

/* ---- all of it ---- */

static hf_err repeated_read(const hf_trade *t, rules *r, hf_adaptive_options *o)
{
    hf_err err = HF_OK;
    const hf_args *args = &t->cli->args;
    for (int k = 0; k < args->n_given; k++) {
        const char *name = args->given[k].option->name, *text = args->given[k].text;
        if (strcmp(name, "stock") == 0) HF_TRY(stock_read(t, text, r));
        if (strcmp(name, "essential") == 0) HF_TRY(essential_read(t, text, r));
        if (strcmp(name, "priority") == 0) HF_TRY(priority_read(t, text, r, o));
    }
out:
    return err;
}

static int choice(const hf_trade *t, const char *option, const char *const *names, int n, int otherwise)
{
    const char *text = hf_args_text(&t->cli->args, option);
    for (int k = 0; text && k < n; k++)
        if (strcmp(text, names[k]) == 0) return k;
    return otherwise;
}

static void options_read(const hf_trade *t, hf_adaptive_options *o)
{
    static const char *const productions[] = {[HF_PRODUCTION_LEONTIEF] = "leontief", [HF_PRODUCTION_STRONG_CRITICAL] = "strong",
                                              [HF_PRODUCTION_HALF_CRITICAL] = "half", [HF_PRODUCTION_WEAK_CRITICAL] = "weak",
                                              [HF_PRODUCTION_LINEAR] = "linear"};
    static const char *const rationings[] = {[HF_RATIONING_PROPORTIONAL] = "proportional", [HF_RATIONING_INDUSTRY_FIRST] = "industry-first",
                                             [HF_RATIONING_PRIORITY] = "priority"};
    const hf_args *args = &t->cli->args;
    o->threads = t->threads;
    o->switching = hf_args_number(args, "switching", o->switching);
    o->psi = hf_args_number(args, "psi", o->psi);
    o->alpha_max = hf_args_number(args, "overproduction", o->alpha_max);
    o->alpha_days = hf_args_number(args, "overproduction-days", o->alpha_days);
    o->stock_days = hf_args_number(args, "stock-days", o->stock_days);
    o->restore_days = hf_args_number(args, "restore-days", o->restore_days);
    o->rebuild_days = hf_args_number(args, "rebuild-days", o->rebuild_days);
    o->relevance = hf_args_number(args, "relevance", o->relevance);
    o->capital_ratio = hf_args_number(args, "capital-ratio", o->capital_ratio);
    o->production = (hf_adaptive_production)choice(t, "production", productions, 5, o->production);
    bool levels = hf_args_has(args, "priority");
    o->rationing = (hf_adaptive_rationing)choice(t, "rationing", rationings, 3, levels ? HF_RATIONING_PRIORITY : o->rationing);
}

hf_err hf_trade_model(const hf_trade *t, hf_adaptive **ret_model, int *ret_warnings)
{
    hf_err err = HF_OK;
    const hf_io_table *table = t->table;
    hf_adaptive_options options = hf_adaptive_options_default();
    rules r = {0};
    HF_TRY(rules_init(t, &r));
    options_read(t, &options);
    hf_trade_lifelines(t, r.lifeline);
    for (int i = 0; i < table->n_sectors; i++) r.stock_days[i] = options.stock_days, r.restore_days[i] = options.restore_days;
    hf_adaptive_essential_default(table->n_regions, table->n_sectors, r.lifeline, r.essential);
    priority_default(t, &r, &options);
    HF_TRY(repeated_read(t, &r, &options));
    if (hf_trade_has_shock(t, HF_SHOCK_REBUILD) || hf_trade_has_shock(t, HF_SHOCK_HOUSEHOLD)) {
        HF_TRY(rebuild_read(t, &r));
        options.rebuild_share = r.rebuild_share;
    }
    hf_adaptive_input input = {.n_regions = table->n_regions, .n_sectors = table->n_sectors, .n_final = table->n_demand, .z = table->z, .y = table->y,
                               .stock_days = r.stock_days, .restore_days = r.restore_days, .essential = r.essential, .priority = r.priority};
    size_t first = hf_diag_kept(t->cli->diag);
    err = hf_adaptive_new(&input, &options, t->cli->diag, ret_model);
    *ret_warnings = err == HF_OK ? hf_adaptive_warn(*ret_model, table->sector, t->cli->diag) : 0;
    hf_cli_findings(t->cli, first, err == HF_OK ? HF_WARNING : HF_ERROR);
out:
    rules_done(&r);
    return err;
}
