#include "cli/json_parts.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

void hf_json_key_number(hf_json *json, const char *key, double value)
{
    hf_json_key(json, key);
    if (isfinite(value)) hf_json_number(json, value);
    else hf_json_null(json);
}

void hf_json_key_text(hf_json *json, const char *key, const char *text)
{
    hf_json_key(json, key);
    if (text) hf_json_text(json, text);
    else hf_json_null(json);
}

static void given_value(hf_json *json, const hf_given *given)
{
    if (given->option->type == HF_OPTION_FLAG) hf_json_bool(json, true);
    else if (given->option->type == HF_OPTION_NUMBER || given->option->type == HF_OPTION_WHOLE) hf_json_number(json, given->number);
    else hf_json_text(json, given->text);
}

/* The options that were given, in the order of the option tables; repeatable ones as arrays. How the result is printed is not among them. */
static void options_write(hf_json *json, const hf_args *args)
{
    static const char *const left_out[] = {"json", "quiet", "no-color", "seed", "threads"};
    hf_json_key(json, "options");
    hf_json_object(json);
    for (const hf_option *const *table = args->tables; *table; table++)
        for (const hf_option *o = *table; o->name; o++) {
            bool skip = !hf_args_has(args, o->name);
            for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) skip = skip || strcmp(o->name, left_out[i]) == 0;
            if (skip) continue;
            hf_json_key(json, o->name);
            if (o->repeatable) hf_json_array(json);
            for (int i = 0; i < args->n_given; i++)
                if (args->given[i].option == o) given_value(json, &args->given[i]);
            if (o->repeatable) hf_json_end(json);
        }
    hf_json_end(json);
}

void hf_json_head(hf_json *json, const hf_cli *cli)
{
    const hf_package *package = cli->package;
    hf_json_object(json);
    hf_json_key(json, "holdfast");
    hf_json_object(json);
    hf_json_key_text(json, "version", HF_VERSION);
    hf_json_key_text(json, "command", cli->command->name);
    options_write(json, &cli->args);
    hf_json_key_number(json, "seed", hf_args_number(&cli->args, "seed", 1));
    hf_json_key_number(json, "threads", hf_args_number(&cli->args, "threads", 1));
    hf_json_end(json);
    hf_json_key(json, "dataset");
    hf_json_object(json);
    hf_json_key_text(json, "name", package ? hf_package_name(package) : cli->args.n_words ? cli->args.words[0] : NULL);
    hf_json_key_text(json, "version", package ? hf_package_version(package) : NULL);
    hf_json_key_text(json, "sha256", package ? hf_package_digest(package) : NULL);
    hf_json_end(json);
}

static const char *inject_name(hf_inject_kind kind)
{
    switch (kind) {
    case HF_INJECT_FAIL: return "fail";
    case HF_INJECT_DEGRADE: return "degrade";
    case HF_INJECT_REPAIR: return "repair";
    case HF_INJECT_RESTORE: return "restore";
    }
    return "fail";
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_inject(const hf_inject *a, const hf_inject *b)
{
    return a->at_h == b->at_h && a->kind == b->kind && a->level == b->level && same_number(a->repair_h, b->repair_h);
}

static void injects_write(hf_json *json, const hf_network *net, const hf_inject *injects, int n)
{
    hf_json_key(json, "injects");
    hf_json_array(json);
    for (int i = 0; i < n;) {
        const hf_inject *first = &injects[i];
        hf_json_object(json);
        hf_json_key_number(json, "at_h", first->at_h);
        hf_json_key_text(json, "inject", inject_name(first->kind));
        hf_json_key(json, "targets");
        hf_json_array(json);
        for (; i < n && same_inject(first, &injects[i]); i++) hf_json_text(json, net->id[injects[i].entity]);
        hf_json_end(json);
        hf_json_key_number(json, "level", first->kind == HF_INJECT_REPAIR ? 1 : first->level);
        if (!isnan(first->repair_h)) hf_json_key_number(json, "repair_h", first->repair_h);
        hf_json_end(json);
    }
    hf_json_end(json);
}

void hf_json_what_if(hf_json *json, const hf_cli *cli, const hf_what_if *w)
{
    hf_json_key(json, "scenario");
    hf_json_object(json);
    hf_json_key_text(json, "name", w->scenario ? w->scenario->name : NULL);
    hf_json_key_text(json, "title", w->scenario ? w->scenario->title : NULL);
    hf_json_key_text(json, "hazard", w->hazard >= 0 ? cli->net->hazard_id[w->hazard] : NULL);
    injects_write(json, cli->net, w->injects, w->n_injects);
    hf_json_end(json);
    hf_json_key_number(json, "horizon_h", w->options.horizon_h);
}

void hf_json_warnings(hf_json *json, const hf_cli *cli, size_t first)
{
    hf_json_key(json, "warnings");
    hf_json_array(json);
    for (size_t i = first; i < hf_diag_kept(cli->diag); i++) {
        const hf_finding *f = hf_diag_get(cli->diag, i);
        if (f->severity == HF_WARNING) hf_json_text(json, f->text);
    }
    hf_json_end(json);
}

static const char *cause_name(hf_cause_kind kind)
{
    switch (kind) {
    case HF_CAUSE_INJECT: return "inject";
    case HF_CAUSE_REQUIREMENT: return "requirement";
    case HF_CAUSE_CARRIER: return "carrier";
    case HF_CAUSE_OVERLOAD: return "overload";
    case HF_CAUSE_RESTART: return "restart";
    case HF_CAUSE_BLACK_START: return "black_start";
    }
    return "inject";
}

static hf_err suppliers_write(hf_json *json, const hf_causes *causes, const hf_timeline *tl, const hf_network *net, int change)
{
    int n = hf_causes_parents(causes, change, NULL, 0);
    int *parents = hf_calloc((size_t)n, sizeof *parents);
    if (!parents) return HF_E_NOMEM;
    n = hf_causes_parents(causes, change, parents, n);
    hf_json_key(json, "suppliers");
    hf_json_array(json);
    for (int i = 0; i < n; i++) hf_json_text(json, net->id[hf_timeline_changes(tl)[parents[i]].entity]);
    hf_json_end(json);
    hf_free(parents);
    return HF_OK;
}

hf_err hf_json_cause(hf_json *json, const hf_causes *causes, const hf_timeline *tl, const hf_network *net, int change)
{
    const hf_change *c = &hf_timeline_changes(tl)[change];
    bool known = c->cause >= 0; /* a rise because supply is back names nobody */
    bool by_requirement = known && c->kind == HF_CAUSE_REQUIREMENT, by_carrier = known && c->kind == HF_CAUSE_CARRIER;
    hf_json_object(json);
    hf_json_key_text(json, "kind", cause_name(c->kind));
    hf_json_key_text(json, "requirement", by_requirement ? net->req_labels.name[net->req_label[c->cause]] : NULL);
    const char *carrier = by_carrier ? net->carrier_id[net->cnode_carrier[c->cause]] : NULL;
    if (c->kind == HF_CAUSE_OVERLOAD) carrier = net->carrier_id[net->cline_carrier[c->cause]];
    hf_json_key_text(json, "carrier", carrier);
    hf_err err = suppliers_write(json, causes, tl, net, change);
    hf_json_key_number(json, "at_h", c->at_h);
    hf_json_key_number(json, "since_h", by_requirement ? c->since_h : c->at_h);
    hf_json_end(json);
    return err;
}
