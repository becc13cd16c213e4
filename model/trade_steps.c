#include "model/trade_steps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { HOURS = 24 };

bool hf_scenario_is_on_trade(const hf_scenario *scenario)
{
    for (int k = 0; k < scenario->n_steps; k++)
        if (scenario->steps[k].kind >= HF_STEP_CLOSE_BORDER) return true;
    return false;
}

/* ---- targets ---- */

typedef struct job {
    const hf_scenario *s;
    const hf_trade_names *names;
    hf_diag *diag;
    hf_trade_step *step;
    int n;
    size_t capacity;
} job;

static void complain(const job *j, const hf_step *step, hf_err code, const char *what, const char *target, const char *allowed)
{
    hf_diag_add(j->diag, HF_ERROR, code, j->s->file, step->line, step->column, "scenario %s: %s: %s \"%.80s\" (%s)", j->s->name,
                hf_step_kind_name(step->kind), what, target, allowed);
}

static hf_err step_add(job *j, const hf_step *step, int corridor, int from, int to, int sector)
{
    hf_err err = hf_grow((void **)&j->step, &j->capacity, (size_t)j->n + 1, sizeof *j->step);
    double level = isnan(step->level) ? 0 : step->level;
    if (err == HF_OK) j->step[j->n] = (hf_trade_step){step->kind, corridor, from, to, sector, step->at_h, level, j->n}, j->n++;
    return err;
}

/* Part of a target: a name of `length` characters. */
typedef struct word {
    const char *text;
    size_t length;
} word;

static bool is_region(const char *region, word country)
{
    return strncmp(region, country.text, country.length) == 0 && (region[country.length] == '\0' || region[country.length] == '-');
}

static bool is_known_country(const job *j, word country)
{
    for (int r = 0; r < j->names->table->n_regions && country.length > 0; r++)
        if (is_region(j->names->table->region[r], country)) return true;
    return false;
}

static bool starts_with(word w, const char *start)
{
    return w.length >= strlen(start) && strncmp(w.text, start, strlen(start)) == 0;
}

/* "RS", "country=RS" or "region=RS". */
static word country_of(const char *target)
{
    word w = {target, strlen(target)};
    size_t skip = starts_with(w, "country=") ? 8 : starts_with(w, "region=") ? 7 : 0;
    return (word){w.text + skip, w.length - skip};
}

static bool country_check(const job *j, const hf_step *step, word country, const char *target)
{
    if (is_known_country(j, country)) return true;
    complain(j, step, HF_E_UNKNOWN_ID, "no region of the table is", target, "allowed: regions or countries of the table industries");
    return false;
}

/* A flow between regions of two countries: all its industries, or (goods) each of those that are goods. NULL: any country. */
static hf_err flow_add(job *j, const hf_step *step, const word *from, const word *to, int sector, bool goods)
{
    hf_err err = HF_OK;
    const hf_io_table *t = j->names->table;
    for (int a = 0; a < t->n_regions; a++)
        for (int b = 0; b < t->n_regions; b++) {
            bool left_out = a == b || (from && !is_region(t->region[a], *from)) || (to && !is_region(t->region[b], *to));
            /* trade within a country crosses no border of it */
            if (left_out || (from && !to && is_region(t->region[b], *from)) || (to && !from && is_region(t->region[a], *to))) continue;
            if (!goods) HF_TRY(step_add(j, step, -1, a, b, sector));
            for (int i = 0; i < t->n_sectors && goods; i++)
                if (j->names->is_goods[i]) HF_TRY(step_add(j, step, -1, a, b, i));
        }
out:
    return err;
}

static hf_err both_ways(job *j, const hf_step *step, const word *a, const word *b, bool goods)
{
    hf_err err = flow_add(j, step, a, b, -1, goods);
    return err == HF_OK ? flow_add(j, step, b, a, -1, goods) : err;
}

static hf_err border_resolve(job *j, const hf_step *step)
{
    hf_err err = HF_OK;
    for (int k = 0; k < step->n_targets; k++)
        if (!country_check(j, step, country_of(step->targets[k]), step->targets[k])) return HF_OK;
    for (int k = 0; k < step->n_targets; k++) {
        word a = country_of(step->targets[k]);
        if (step->n_targets == 1) HF_TRY(both_ways(j, step, &a, NULL, true));
        for (int h = k + 1; h < step->n_targets; h++) {
            word b = country_of(step->targets[h]);
            HF_TRY(both_ways(j, step, &a, &b, true));
        }
    }
out:
    return err;
}

static hf_err corridor_resolve(job *j, const hf_step *step)
{
    hf_err err = HF_OK;
    for (int k = 0; k < step->n_targets; k++) {
        int found = -1;
        for (int c = 0; c < j->names->n_corridors; c++)
            if (strcmp(j->names->corridor[c], step->targets[k]) == 0) found = c;
        if (found < 0) complain(j, step, HF_E_UNKNOWN_ID, "there is no corridor", step->targets[k], "allowed: corridors of the table corridors");
        else HF_TRY(step_add(j, step, found, -1, -1, -1));
    }
out:
    return err;
}

/* The parts of a limit's target: "from=RS to=HU industry=C19" in any order. False, with a finding, when there is something else in it. */
static bool limit_parse(const job *j, const hf_step *step, const char *target, word *from, word *to, int *sector)
{
    static const char *const help = "allowed: a country, or from=, to= and industry= with one each, of the table industries";
    for (const char *at = target; *at;) {
        word w = {at, strcspn(at, " ")};
        at += w.length + strspn(at + w.length, " ");
        if (starts_with(w, "from=")) *from = (word){w.text + 5, w.length - 5};
        else if (starts_with(w, "to=")) *to = (word){w.text + 3, w.length - 3};
        else if (starts_with(w, "industry=")) {
            const hf_io_table *t = j->names->table;
            for (int i = 0; i < t->n_sectors; i++)
                if (strlen(t->sector[i]) == w.length - 9 && strncmp(t->sector[i], w.text + 9, w.length - 9) == 0) *sector = i;
            if (*sector < 0) return complain(j, step, HF_E_UNKNOWN_ID, "there is no industry in", target, help), false;
        } else return complain(j, step, HF_E_RANGE, "cannot read", target, help), false;
    }
    if ((from->text && !is_known_country(j, *from)) || (to->text && !is_known_country(j, *to)))
        return complain(j, step, HF_E_UNKNOWN_ID, "no region of the table is meant by", target, help), false;
    return true;
}

static hf_err limit_resolve(job *j, const hf_step *step)
{
    hf_err err = HF_OK;
    if (isnan(step->level)) complain(j, step, HF_E_MISSING, "no level for", step->n_targets ? step->targets[0] : "", "needed: the share that passes, 0 to 1");
    for (int k = 0; k < step->n_targets; k++) {
        const char *target = step->targets[k];
        word from = {0}, to = {0}, country = country_of(target);
        int sector = -1;
        if (is_known_country(j, country)) HF_TRY(both_ways(j, step, &country, NULL, false));
        else if (!strchr(target, '=')) country_check(j, step, country, target);
        else if (limit_parse(j, step, target, &from, &to, &sector))
            HF_TRY(flow_add(j, step, from.text ? &from : NULL, to.text ? &to : NULL, sector, false));
    }
out:
    return err;
}

static void numbers_check(const job *j, const hf_step *step)
{
    char text[32];
    snprintf(text, sizeof text, "%g", step->level);
    if (!isnan(step->level) && !(step->level >= 0 && step->level <= 1)) complain(j, step, HF_E_RANGE, "level", text, "allowed: 0 to 1");
    snprintf(text, sizeof text, "%g", step->at_h);
    if (!(step->at_h >= 0 && isfinite(step->at_h))) complain(j, step, HF_E_RANGE, "at_h", text, "allowed: hours of 0 or more");
    if (step->n_targets == 0) complain(j, step, HF_E_MISSING, "no", "targets", "allowed: corridors for cut_corridor, else countries");
}

static int compare_keys(const hf_trade_step *a, const hf_trade_step *b)
{
    const int ka[] = {(int)a->kind, a->corridor, a->from, a->to, a->sector}, kb[] = {(int)b->kind, b->corridor, b->from, b->to, b->sector};
    for (size_t k = 0; k < sizeof ka / sizeof *ka; k++)
        if (ka[k] != kb[k]) return ka[k] < kb[k] ? -1 : 1;
    return 0;
}

static int compare_steps(const void *pa, const void *pb)
{
    const hf_trade_step *a = pa, *b = pb;
    int by_key = compare_keys(a, b);
    if (by_key != 0) return by_key;
    if (a->at_h != b->at_h) return a->at_h < b->at_h ? -1 : 1;
    return a->order - b->order;
}

hf_err hf_trade_steps_resolve(const hf_scenario *scenario, const hf_trade_names *names, hf_diag *diag, hf_trade_step **ret_steps, int *ret_n)
{
    hf_err err = HF_OK;
    job j = {.s = scenario, .names = names, .diag = diag};
    size_t errors = hf_diag_count(diag, HF_ERROR);
    HF_TRY(hf_grow((void **)&j.step, &j.capacity, 1, sizeof *j.step));
    for (int k = 0; k < scenario->n_steps; k++) {
        const hf_step *step = &scenario->steps[k];
        if (step->kind < HF_STEP_CLOSE_BORDER) continue;
        numbers_check(&j, step);
        HF_TRY(step->kind == HF_STEP_CUT_CORRIDOR ? corridor_resolve(&j, step) : step->kind == HF_STEP_CLOSE_BORDER ? border_resolve(&j, step)
                                                                                                                  : limit_resolve(&j, step));
    }
    if (hf_diag_count(diag, HF_ERROR) > errors) HF_TRY(HF_E_DATA);
    qsort(j.step, (size_t)j.n, sizeof *j.step, compare_steps);
    *ret_steps = j.step;
    *ret_n = j.n;
    j.step = NULL;
out:
    hf_free(j.step);
    return err;
}

/* ---- days ---- */

/* The steps first .. end - 1 on one thing: the share of a day that is shut. */
static double day_shut(const hf_trade_step *steps, int first, int end, int day)
{
    double shut = 0;
    for (int k = first; k < end; k++) {
        double until = k + 1 < end ? steps[k + 1].at_h : INFINITY;
        double begin = fmax(steps[k].at_h, day * HOURS), stop = fmin(until, (day + 1) * HOURS);
        if (stop > begin) shut += (1 - steps[k].level) * (stop - begin) / HOURS;
    }
    return fmin(1, shut);
}

static int group_end(const hf_trade_step *steps, int n, int first)
{
    int end = first + 1;
    while (end < n && compare_keys(&steps[first], &steps[end]) == 0) end++;
    return end;
}

void hf_trade_steps_gates(const hf_trade_step *steps, int n, int days, double *given)
{
    for (int first = 0, end; first < n; first = end) {
        end = group_end(steps, n, first);
        for (int day = 0; steps[first].corridor >= 0 && day < days; day++) {
            double *open = &given[(size_t)steps[first].corridor * (size_t)days + (size_t)day];
            *open = fmin(*open, 1 - day_shut(steps, first, end, day));
        }
    }
}

int hf_trade_steps_limits(const hf_trade_step *steps, int n, int days, hf_coupling_limit *limits, double *lost)
{
    int made = 0;
    for (int first = 0, end; first < n; first = end) {
        end = group_end(steps, n, first);
        if (steps[first].corridor >= 0) continue;
        if (limits) {
            double *row = lost + (size_t)made * (size_t)days;
            for (int day = 0; day < days; day++) row[day] = day_shut(steps, first, end, day);
            limits[made] = (hf_coupling_limit){steps[first].sector, steps[first].from, steps[first].to, row};
        }
        made++;
    }
    return made;
}
