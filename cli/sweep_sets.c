/* sweep --sets: sets of entities from a file, one a line. */
#include "cli/sweep_sets.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/files.h"

typedef struct reading {
    hf_cli *cli;
    const char *path;
    hf_sets *to;
    size_t capacity[2];
    int line;
    bool bad;
} reading;

static void fault(reading *r, int column, const char *what, const char *id)
{
    hf_diag_add(r->cli->diag, HF_ERROR, HF_E_UNKNOWN_ID, r->path, r->line, column, "\"%.80s\" %s", id, what);
    r->bad = true;
}

static hf_err id_add(reading *r, const char *text, size_t length, int column)
{
    char id[256] = "";
    hf_sets *to = r->to;
    memcpy(id, text, length < sizeof id ? length : sizeof id - 1);
    int entity = hf_network_find(r->cli->net, id), first = to->off[to->n];
    if (entity < 0) {
        fault(r, column, "is not in entities", id);
        return HF_OK;
    }
    for (int k = first; k < to->off[to->n + 1]; k++)
        if (to->entities[k] == entity) {
            fault(r, column, "is twice in this set", id);
            return HF_OK;
        }
    int at = to->off[to->n + 1];
    hf_err err = hf_grow((void **)&to->entities, &r->capacity[1], (size_t)at + 1, sizeof *to->entities);
    if (err != HF_OK) return err;
    to->entities[at] = entity;
    to->off[to->n + 1] = at + 1;
    return HF_OK;
}

/* Ids divided by blanks, commas, semicolons or "+"; what follows a # is not read. A line without ids is none. */
static hf_err line_read(reading *r, const char *text, size_t length)
{
    hf_err err = hf_grow((void **)&r->to->off, &r->capacity[0], (size_t)r->to->n + 2, sizeof *r->to->off);
    if (err != HF_OK) return err;
    r->to->off[r->to->n + 1] = r->to->off[r->to->n];
    for (size_t at = 0; at < length && text[at] != '#';) {
        if (strchr(" ,;+\t\r", text[at])) {
            at++;
            continue;
        }
        size_t end = at;
        while (end < length && !strchr(" ,;+\t\r#", text[end])) end++;
        HF_TRY(id_add(r, text + at, end - at, (int)at + 1));
        at = end;
    }
    if (r->to->off[r->to->n + 1] > r->to->off[r->to->n]) r->to->n++;
out:
    return err;
}

hf_err hf_sets_read(hf_cli *cli, const char *path, hf_sets *ret_sets)
{
    hf_err err = HF_OK;
    char *text = NULL;
    size_t length = 0;
    reading r = {.cli = cli, .path = path, .to = ret_sets};
    *ret_sets = (hf_sets){0};
    HF_TRY(hf_files_text(path, cli->diag, &text, &length));
    HF_TRY(hf_grow((void **)&ret_sets->off, &r.capacity[0], 1, sizeof *ret_sets->off));
    ret_sets->off[0] = 0;
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t n = end ? (size_t)(end - (text + at)) : length - at;
        r.line++;
        HF_TRY(line_read(&r, text + at, n));
        at += n + 1;
    }
    if (!r.bad && ret_sets->n == 0) hf_diag_add(cli->diag, HF_ERROR, HF_E_MISSING, path, 0, 0, "no set in it: one set a line, ids divided by blanks");
    if (r.bad || ret_sets->n == 0) err = HF_E_DATA;
out:
    hf_free(text);
    return err;
}

void hf_sets_done(hf_sets *sets)
{
    hf_free(sets->off);
    hf_free(sets->entities);
    *sets = (hf_sets){0};
}
