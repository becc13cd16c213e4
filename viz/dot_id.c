#include "viz/dot_id.h"

#include <graphviz/cgraph.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/idmap.h"

enum { KINDS = 4 }; /* AGRAPH, AGNODE, AGOUTEDGE, AGINEDGE */

typedef struct names {
    Agraph_t *graph;
    hf_idmap *map[KINDS];
    char **text[KINDS]; /* by number: agwrite looks in front of a name for what agstrdup puts there */
    size_t capacity[KINDS];
    IDTYPE anonymous; /* odd numbers are objects without a name, even ones those with */
} names;

static void names_close(void *state)
{
    names *all = state;
    for (int k = 0; k < KINDS; k++) {
        hf_idmap_free(all->map[k]);
        hf_free(all->text[k]); /* the strings go with the graph */
    }
    hf_free(all);
}

static void *names_open(Agraph_t *graph, Agdisc_t *disc)
{
    (void)disc;
    names *all = hf_calloc(1, sizeof *all);
    if (!all) return NULL;
    all->graph = graph;
    for (int k = 0; k < KINDS; k++)
        if (hf_idmap_new(&all->map[k]) != HF_OK) {
            names_close(all);
            return NULL;
        }
    return all;
}

/* The number of a name, kept if it is new; -1 without memory. */
static int number_of(names *all, int kind, const char *name)
{
    bool fresh = false;
    int number = -1;
    if (hf_idmap_intern(all->map[kind], name, strlen(name), &number, &fresh) != HF_OK) return -1;
    if (!fresh) return number;
    if (hf_grow((void **)&all->text[kind], &all->capacity[kind], (size_t)number + 1, sizeof **all->text) != HF_OK) return -1;
    all->text[kind][number] = agstrdup(all->graph, (char *)(uintptr_t)name);
    return all->text[kind][number] ? number : -1;
}

static long names_map(void *state, int kind, char *name, IDTYPE *ret_id, int create)
{
    names *all = state;
    int number = -1;
    if (!all) return 0;
    if (!name) {
        *ret_id = all->anonymous += 2;
        (*ret_id)--;
        return create;
    }
    if (create) number = number_of(all, kind, name);
    else number = hf_idmap_find(all->map[kind], name, strlen(name));
    *ret_id = 2 * (IDTYPE)(number + 1);
    return number >= 0;
}

static long names_alloc(void *state, int kind, IDTYPE id)
{
    (void)state, (void)kind, (void)id;
    return 0; /* numbers are never asked for */
}

static void names_free(void *state, int kind, IDTYPE id)
{
    (void)state, (void)kind, (void)id; /* they live as long as the graph */
}

static char *names_print(void *state, int kind, IDTYPE id)
{
    const names *all = state;
    return id % 2 ? NULL : all->text[kind][(int)(id / 2) - 1];
}

static void names_register(void *state, int kind, void *object)
{
    (void)state, (void)kind, (void)object;
}

Agiddisc_t hf_dot_id = {names_open, names_map, names_alloc, names_free, names_print, names_close, names_register};
