#include "viz/dot_id.h"

#include <graphviz/cgraph.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/idmap.h"

enum { KINDS = 4 }; /* AGRAPH, AGNODE, AGOUTEDGE, AGINEDGE */

typedef struct names {
    hf_idmap *map[KINDS];
    IDTYPE anonymous; /* odd numbers are objects without a name, even ones those with */
} names;

static void names_close(void *state)
{
    names *all = state;
    for (int k = 0; k < KINDS; k++) hf_idmap_free(all->map[k]);
    hf_free(all);
}

static void *names_open(Agraph_t *graph, Agdisc_t *disc)
{
    (void)graph, (void)disc;
    names *all = hf_calloc(1, sizeof *all);
    if (!all) return NULL;
    for (int k = 0; k < KINDS; k++)
        if (hf_idmap_new(&all->map[k]) != HF_OK) {
            names_close(all);
            return NULL;
        }
    return all;
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
    if (create) {
        if (hf_idmap_intern(all->map[kind], name, strlen(name), &number, NULL) != HF_OK) return 0;
    } else number = hf_idmap_find(all->map[kind], name, strlen(name));
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
    return id % 2 ? NULL : (char *)(uintptr_t)hf_idmap_text(all->map[kind], (int)(id / 2) - 1);
}

static void names_register(void *state, int kind, void *object)
{
    (void)state, (void)kind, (void)object;
}

Agiddisc_t hf_dot_id = {names_open, names_map, names_alloc, names_free, names_print, names_close, names_register};
