#include "cli/sweep_runs.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/progress.h"

hf_rank_by hf_sweep_rank_by(const hf_cli *cli)
{
    static const char *const names[] = {"user-hours", "users", "value", "out", "countries", "sectors", "worst-hour", "excess"};
    const char *name = hf_args_text(&cli->args, "by");
    for (size_t k = 0; name && k < sizeof names / sizeof *names; k++)
        if (strcmp(names[k], name) == 0) return (hf_rank_by)k;
    return HF_RANK_USER_HOURS;
}

bool hf_sweep_is_steady(const hf_cli *cli)
{
    return !cli->page && hf_args_has(&cli->args, "steady");
}

hf_sweep_options hf_sweep_options_read(const hf_cli *cli)
{
    hf_sweep_options o = {.run = hf_run_options_default(), .out_below = hf_args_number(&cli->args, "out-below", 0.5), .watch = hf_progress_watch(cli)};
    o.run.horizon_h = hf_args_number(&cli->args, "horizon", o.run.horizon_h);
    o.run.no_repair = hf_args_has(&cli->args, "no-repair");
    o.steady = hf_sweep_is_steady(cli);
    o.threads = (int)hf_args_number(&cli->args, "threads", 1);
    return o;
}

static int compare_items(const void *pa, const void *pb)
{
    const hf_order_item *a = pa, *b = pb;
    if (a->value != b->value) return a->value > b->value ? -1 : 1;
    if (a->users != b->users) return a->users > b->users ? -1 : 1;
    return a->entity - b->entity;
}

void hf_order_sort(hf_order_item *item, int n)
{
    qsort(item, (size_t)n, sizeof *item, compare_items);
}

hf_err hf_singles_run(const hf_cli *cli, hf_singles *ret_singles)
{
    hf_sweep_options o = hf_sweep_options_read(cli);
    hf_rank_by by = hf_sweep_rank_by(cli);
    size_t n = (size_t)cli->net->n_entities;
    long done = 0;
    hf_err err = HF_OK;
    hf_order_item *item = hf_malloc(n * sizeof *item);
    *ret_singles = (hf_singles){hf_malloc(n * sizeof(hf_cascade_summary)), hf_malloc(n * sizeof(int)), 0, {HF_BOOLEAN_YES, -1, -1, -1, -1}};
    if (!item || !ret_singles->summary || !ret_singles->order) HF_TRY(HF_E_NOMEM);
    o.ret_reason = &ret_singles->reason;
    HF_TRY(hf_sweep_singles(cli->net, &o, cli->diag, ret_singles->summary, &done));
    for (int i = 0; i < done; i++)
        item[i] = (hf_order_item){hf_rank_value(&ret_singles->summary[i], by), ret_singles->summary[i].users_hit_peak, i};
    hf_order_sort(item, (int)done);
    for (int i = 0; i < done; i++) ret_singles->order[i] = item[i].entity;
    ret_singles->n = (int)done;
out:
    hf_free(item);
    return err;
}

void hf_singles_done(hf_singles *singles)
{
    hf_free(singles->summary);
    hf_free(singles->order);
}
