#include <math.h>

#include "base/alloc.h"
#include "cli/cause_words.h"
#include "cli/json_parts.h"
#include "cli/what_if.h"
#include "cli/words.h"
#include "model/cascade/explain.h"

enum { WIDTH_TEXT = 12, DEEPEST = 60 };

/* A cause tree and what is needed to print it. */
typedef struct explanation {
    const hf_network *net;
    const hf_timeline *tl;
    hf_why *node;
    int n;
    int *last_child; /* of each node, -1 */
} explanation;

static hf_err last_children(explanation *e)
{
    e->last_child = hf_calloc((size_t)e->n, sizeof *e->last_child);
    if (!e->last_child) return HF_E_NOMEM;
    for (int k = 0; k < e->n; k++) e->last_child[k] = -1;
    for (int k = 1; k < e->n; k++) e->last_child[e->node[k].parent] = k;
    return HF_OK;
}

/* The branches that stand before a node: bars under ancestors that have more to come. */
static void branches(const explanation *e, int k, hf_buf *out)
{
    int path[DEEPEST], n = 0;
    for (int up = k; e->node[up].parent >= 0 && n < DEEPEST; up = e->node[up].parent) path[n++] = up;
    while (n-- > 0) {
        bool last = e->last_child[e->node[path[n]].parent] == path[n];
        if (n == 0) hf_buf_puts(out, last ? "└─ " : "├─ ");
        else hf_buf_puts(out, last ? "   " : "│  ");
    }
}

static void node_print(const explanation *e, int k, hf_buf *out)
{
    const hf_why *node = &e->node[k];
    const hf_change *c = &hf_timeline_changes(e->tl)[node->change];
    branches(e, k, out);
    hf_word_hours(out, c->at_h);
    hf_buf_puts(out, "  ");
    hf_entity_words(e->net, c->entity, out);
    if (c->after > 0) {
        hf_buf_puts(out, " falls to ");
        hf_word_share(out, c->after);
    } else hf_buf_puts(out, " goes out");
    hf_buf_puts(out, ": ");
    hf_cause_words(e->tl, e->net, node->change, out);
    if (node->again) hf_buf_puts(out, " (explained above)");
    if (node->more > 0) hf_buf_printf(out, " (the first %d of %d causes)", WIDTH_TEXT, WIDTH_TEXT + node->more);
    hf_buf_puts(out, "\n");
}

/* When service is back, or that it is not. */
static void end_print(const explanation *e, int entity, hf_buf *out)
{
    const hf_change *changes = hf_timeline_changes(e->tl);
    double back = NAN;
    for (int k = 0; k < hf_timeline_change_count(e->tl); k++)
        if (changes[k].entity == entity) back = changes[k].after >= 1 ? changes[k].at_h : NAN;
    hf_buf_puts(out, "\n");
    if (isnan(back)) {
        hf_buf_puts(out, "It is not back in full by the end, at ");
        hf_word_hours(out, hf_timeline_end_h(e->tl));
    } else {
        hf_buf_puts(out, "It is back in full at ");
        hf_word_hours(out, back);
    }
    hf_buf_puts(out, ".\n");
}

static hf_err node_json(hf_json *json, const hf_causes *causes, const explanation *e, int k)
{
    const hf_why *node = &e->node[k];
    const hf_change *c = &hf_timeline_changes(e->tl)[node->change];
    hf_json_object(json);
    hf_json_key_number(json, "node", k);
    hf_json_key(json, "parent");
    if (node->parent < 0) hf_json_null(json);
    else hf_json_number(json, node->parent);
    hf_json_key_text(json, "id", e->net->id[c->entity]);
    hf_json_key_number(json, "at_h", c->at_h);
    hf_json_key_number(json, "before", c->before);
    hf_json_key_number(json, "after", c->after);
    hf_json_key(json, "cause");
    hf_err err = hf_json_cause(json, causes, e->tl, e->net, node->change);
    hf_json_key(json, "again");
    hf_json_bool(json, node->again);
    hf_json_key_number(json, "more", node->more);
    hf_json_end(json);
    return err;
}

static hf_err explain_json(hf_cli *cli, const hf_what_if *w, const hf_causes *causes, const explanation *e, int entity)
{
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_what_if(&json, cli, w);
    hf_json_key_text(&json, "entity", e->net->id[entity]);
    hf_json_key(&json, "tree");
    hf_json_array(&json);
    for (int k = 0; k < e->n; k++) {
        hf_err err = node_json(&json, causes, e, k);
        if (err != HF_OK) return err;
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

static hf_err explain_print(hf_cli *cli, const explanation *e, int entity)
{
    if (e->n == 0) {
        hf_entity_words(cli->net, entity, &cli->out);
        hf_buf_puts(&cli->out, " loses nothing in this cascade.\n");
        cli->status = HF_EXIT_NO_ANSWER;
        return cli->out.err;
    }
    for (int k = 0; k < e->n; k++) node_print(e, k, &cli->out);
    end_print(e, entity, &cli->out);
    return cli->out.err;
}

hf_err hf_cmd_explain(hf_cli *cli)
{
    hf_what_if w = {0};
    hf_timeline *tl = NULL;
    hf_causes *causes = NULL;
    explanation e = {0};
    int entity = -1;
    hf_err err;
    HF_TRY(hf_cli_open(cli));
    HF_TRY(hf_cli_entity(cli, cli->args.words[1], &entity));
    HF_TRY(hf_what_if_read(cli, &w));
    HF_TRY(hf_what_if_run(cli, &w, &tl));
    HF_TRY(hf_causes_new(tl, cli->net, &causes));
    e.net = cli->net;
    e.tl = tl;
    int change = hf_causes_fall(causes, entity, w.out_below);
    if (change >= 0) HF_TRY(hf_explain(causes, change, WIDTH_TEXT, &e.node, &e.n));
    HF_TRY(last_children(&e));
    HF_TRY(hf_args_has(&cli->args, "json") ? explain_json(cli, &w, causes, &e, entity) : explain_print(cli, &e, entity));
out:
    hf_free(e.node);
    hf_free(e.last_child);
    hf_causes_free(causes);
    hf_timeline_free(tl);
    hf_what_if_done(&w);
    return err;
}
