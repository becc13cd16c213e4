#include "solver/portfolio/scene.h"

#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/part.h"

typedef struct ints {
    int *at;
    size_t n, capacity;
} ints;

static hf_err push(ints *list, int value)
{
    hf_err err = hf_grow((void **)&list->at, &list->capacity, list->n + 1, sizeof(int));
    if (err == HF_OK) list->at[list->n++] = value;
    return err;
}

/* The lists of a scene under construction, in the order in which they lie in its block. */
enum { ENTITY, DAMAGED, HARDEN_START, HARDEN, OWNER, DEFEAT, BACKUP_START, BACKUP, MEMBER_START, MEMBER, USE_START, USE, MEASURE, N_LISTS };

/* Effects of the problem sorted by what they act on. */
typedef struct builder {
    const hf_portfolio_problem *p;
    int *harden_start, *harden;      /* entity -> measures */
    int *backup_start, *backup;      /* requirement -> measures */
    int *extra_start, *extra;        /* requirement -> supplier effects */
    int *effect_measure;             /* effect -> measure */
    int *node;                       /* entity -> node of the present scene, or -1 */
    int *local;                      /* measure -> local number in the present scene, or -1 */
    int *hit;                        /* entity: 1 when damaged in the present scenario */
    bool *failed;
    ints list[N_LISTS];
    int n_nodes;
    int scenario;                    /* the present one */
} builder;

static void builder_done(builder *b)
{
    void *blocks[] = {b->harden_start, b->harden, b->backup_start, b->backup, b->extra_start, b->extra,
                      b->effect_measure, b->node, b->local, b->hit, b->failed};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    for (int k = 0; k < N_LISTS; k++) hf_free(b->list[k].at);
}

/* Calls `see` once for every pair of an object of kind `kind` and an effect on it. */
static void effects_visit(const hf_portfolio_problem *p, hf_effect_kind kind, void see(void *context, int object, int effect), void *context)
{
    for (int k = 0; k < p->effect_start[p->n_measures]; k++) {
        const hf_effect *e = &p->effect[k];
        if (e->kind != kind) continue;
        if (kind == HF_EFFECT_HARDEN)
            see(context, e->entity, k);
        else if (e->requirement >= 0)
            see(context, e->requirement, k);
        else
            for (int g = p->requirement_start[e->entity]; g < p->requirement_start[e->entity + 1]; g++) see(context, g, k);
    }
}

typedef struct index_build {
    int *start, *list;
} index_build;

static void index_count(void *context, int object, int effect)
{
    (void)effect;
    ((index_build *)context)->start[object + 1]++;
}

static void index_fill(void *context, int object, int effect)
{
    index_build *x = context;
    x->list[x->start[object]++] = effect;
}

/* object -> effects of one kind; `start` and the list become the caller's. */
static hf_err index_effects(const hf_portfolio_problem *p, hf_effect_kind kind, int n_objects, int **ret_start, int **ret_list)
{
    index_build x = {hf_calloc((size_t)n_objects + 1, sizeof(int)), NULL};
    *ret_start = x.start;
    if (!x.start) return HF_E_NOMEM;
    effects_visit(p, kind, index_count, &x);
    for (int i = 0; i < n_objects; i++) x.start[i + 1] += x.start[i];
    *ret_list = x.list = hf_malloc((size_t)x.start[n_objects] * sizeof(int));
    if (!x.list) return HF_E_NOMEM;
    effects_visit(p, kind, index_fill, &x);
    for (int i = n_objects; i > 0; i--) x.start[i] = x.start[i - 1];
    x.start[0] = 0;
    return HF_OK;
}

static hf_err builder_init(const hf_portfolio_problem *p, builder *b)
{
    hf_err err = HF_OK;
    b->p = p;
    HF_TRY(index_effects(p, HF_EFFECT_HARDEN, p->n_entities, &b->harden_start, &b->harden));
    HF_TRY(index_effects(p, HF_EFFECT_BACKUP, p->n_requirements, &b->backup_start, &b->backup));
    HF_TRY(index_effects(p, HF_EFFECT_SUPPLIER, p->n_requirements, &b->extra_start, &b->extra));
    b->effect_measure = hf_malloc((size_t)p->effect_start[p->n_measures] * sizeof(int));
    b->node = hf_malloc((size_t)p->n_entities * sizeof(int));
    b->local = hf_malloc((size_t)p->n_measures * sizeof(int));
    b->hit = hf_calloc((size_t)p->n_entities, sizeof(int));
    b->failed = hf_malloc((size_t)p->n_entities * sizeof(bool));
    if (!b->effect_measure || !b->node || !b->local || !b->hit || !b->failed) return HF_E_NOMEM;
    for (int m = 0; m < p->n_measures; m++) {
        b->local[m] = -1;
        for (int k = p->effect_start[m]; k < p->effect_start[m + 1]; k++) b->effect_measure[k] = m;
    }
    for (int i = 0; i < p->n_entities; i++) b->node[i] = -1;
out:
    return err;
}

static hf_err push_node(builder *b, int entity, bool damaged)
{
    hf_err err = push(&b->list[ENTITY], entity);
    if (err == HF_OK) err = push(&b->list[DAMAGED], damaged);
    if (err == HF_OK) b->n_nodes++;
    return err;
}

static bool is_ready(const builder *b, int effect)
{
    return hf_measure_is_ready(b->p, b->effect_measure[effect], b->scenario);
}

/* A list of measures after the present `start`, each once; as global numbers for now. Those that are not ready, or harden against other hazards,
 * are left out. */
static hf_err push_measures(builder *b, int list, const int *effect, int n, bool hardening)
{
    hf_err err = HF_OK;
    size_t first = b->list[list].n;
    for (int k = 0; k < n; k++) {
        int m = b->effect_measure[effect[k]];
        bool there = hardening ? !hf_measure_acts(b->p, m, b->scenario) : !is_ready(b, effect[k]);
        for (size_t q = first; q < b->list[list].n; q++) there |= b->list[list].at[q] == m;
        if (!there) HF_TRY(push(&b->list[list], m));
    }
    HF_TRY(push(&b->list[list - 1], (int)b->list[list].n));
out:
    return err;
}

/* Suppliers that could be added to requirement g. */
static int extras_ready(const builder *b, int g)
{
    int n = 0;
    for (int k = b->extra_start[g]; k < b->extra_start[g + 1]; k++) n += is_ready(b, b->extra[k]);
    return n;
}

/* How many members of requirement g fail, suppliers that would be added included. */
static int members_failing(const builder *b, int g)
{
    const hf_portfolio_problem *p = b->p;
    int n = extras_ready(b, g);
    for (int k = p->supplier_start[g]; k < p->supplier_start[g + 1]; k++) n += b->failed[p->supplier[k]];
    return n;
}

static int losses_to_defeat(const builder *b, int g)
{
    const hf_portfolio_problem *p = b->p;
    return p->supplier_start[g + 1] - p->supplier_start[g] - p->needed[g] + 1 + extras_ready(b, g);
}

static bool is_at_risk(const builder *b, int g)
{
    return b->p->needed[g] > 0 && members_failing(b, g) >= losses_to_defeat(b, g);
}

/* Nodes: what fails, then the suppliers that could be added to requirements at risk. */
static hf_err scene_nodes(builder *b)
{
    const hf_portfolio_problem *p = b->p;
    hf_err err = HF_OK;
    for (int i = 0; i < p->n_entities; i++)
        if (b->failed[i]) {
            b->node[i] = b->n_nodes;
            HF_TRY(push_node(b, i, b->hit[i]));
        }
    for (int i = 0; i < p->n_entities; i++)
        for (int g = p->requirement_start[i]; b->failed[i] && g < p->requirement_start[i + 1]; g++)
            for (int k = b->extra_start[g]; is_at_risk(b, g) && k < b->extra_start[g + 1]; k++)
                if (is_ready(b, b->extra[k])) HF_TRY(push_node(b, -1 - b->extra[k], true));
out:
    return err;
}

/* One requirement: of owner node `owner`, with the added suppliers' nodes from *next on. */
static hf_err scene_requirement(builder *b, int g, int owner, int *next)
{
    const hf_portfolio_problem *p = b->p;
    hf_err err = HF_OK;
    HF_TRY(push(&b->list[OWNER], owner));
    HF_TRY(push(&b->list[DEFEAT], losses_to_defeat(b, g)));
    HF_TRY(push_measures(b, BACKUP, b->backup + b->backup_start[g], b->backup_start[g + 1] - b->backup_start[g], false));
    for (int k = p->supplier_start[g]; k < p->supplier_start[g + 1]; k++)
        if (b->failed[p->supplier[k]]) HF_TRY(push(&b->list[MEMBER], b->node[p->supplier[k]]));
    for (int k = extras_ready(b, g); k > 0; k--) HF_TRY(push(&b->list[MEMBER], (*next)++));
    HF_TRY(push(&b->list[MEMBER_START], (int)b->list[MEMBER].n));
out:
    return err;
}

/* The requirement by which a supplier that would be added needs the real one, when that one fails. */
static hf_err scene_link(builder *b, int node, int supplier)
{
    hf_err err = HF_OK;
    if (!b->failed[supplier]) return HF_OK;
    HF_TRY(push(&b->list[OWNER], node));
    HF_TRY(push(&b->list[DEFEAT], 1));
    HF_TRY(push(&b->list[BACKUP_START], (int)b->list[BACKUP].n));
    HF_TRY(push(&b->list[MEMBER], b->node[supplier]));
    HF_TRY(push(&b->list[MEMBER_START], (int)b->list[MEMBER].n));
out:
    return err;
}

static hf_err scene_requirements(builder *b)
{
    const hf_portfolio_problem *p = b->p;
    hf_err err = HF_OK;
    int next = 0;
    while (next < b->n_nodes && b->list[ENTITY].at[next] >= 0) next++;
    int n_real = next;
    HF_TRY(push(&b->list[BACKUP_START], 0));
    HF_TRY(push(&b->list[MEMBER_START], 0));
    for (int v = 0; v < n_real; v++) {
        int i = b->list[ENTITY].at[v];
        for (int g = p->requirement_start[i]; g < p->requirement_start[i + 1]; g++)
            if (is_at_risk(b, g)) HF_TRY(scene_requirement(b, g, v, &next));
    }
    for (int v = n_real; v < b->n_nodes; v++) HF_TRY(scene_link(b, v, p->effect[-1 - b->list[ENTITY].at[v]].supplier));
out:
    return err;
}

static hf_err scene_hardening(builder *b)
{
    hf_err err = HF_OK;
    HF_TRY(push(&b->list[HARDEN_START], 0));
    for (int v = 0; v < b->n_nodes; v++) {
        int i = b->list[ENTITY].at[v], effect = -1 - i;
        if (i < 0)
            HF_TRY(push_measures(b, HARDEN, &effect, 1, false));
        else if (b->list[DAMAGED].at[v])
            HF_TRY(push_measures(b, HARDEN, b->harden + b->harden_start[i], b->harden_start[i + 1] - b->harden_start[i], true));
        else
            HF_TRY(push(&b->list[HARDEN_START], (int)b->list[HARDEN].n));
    }
out:
    return err;
}

static hf_err scene_uses(builder *b)
{
    hf_err err = HF_OK;
    ints *start = &b->list[USE_START], *use = &b->list[USE];
    const ints *member = &b->list[MEMBER], *member_start = &b->list[MEMBER_START];
    for (int v = 0; v <= b->n_nodes; v++) HF_TRY(push(start, 0));
    for (size_t k = 0; k < member->n; k++) {
        start->at[member->at[k] + 1]++;
        HF_TRY(push(use, 0));
    }
    for (int v = 0; v < b->n_nodes; v++) start->at[v + 1] += start->at[v];
    for (int r = 0; r < (int)b->list[OWNER].n; r++)
        for (int k = member_start->at[r]; k < member_start->at[r + 1]; k++) use->at[start->at[member->at[k]]++] = r;
    for (int v = b->n_nodes; v > 0; v--) start->at[v] = start->at[v - 1];
    if (b->n_nodes > 0) start->at[0] = 0;
out:
    return err;
}

/* Numbers the measures in use in ascending order and rewrites the lists. */
static hf_err scene_measures(builder *b)
{
    hf_err err = HF_OK;
    const ints *lists[] = {&b->list[HARDEN], &b->list[BACKUP]};
    for (int l = 0; l < 2; l++)
        for (size_t k = 0; k < lists[l]->n; k++) b->local[lists[l]->at[k]] = 0;
    for (int m = 0; m < b->p->n_measures; m++)
        if (b->local[m] == 0) {
            b->local[m] = (int)b->list[MEASURE].n;
            HF_TRY(push(&b->list[MEASURE], m));
        }
    for (int l = 0; l < 2; l++)
        for (size_t k = 0; k < lists[l]->n; k++) lists[l]->at[k] = b->local[lists[l]->at[k]];
    for (size_t k = 0; k < b->list[MEASURE].n; k++) b->local[b->list[MEASURE].at[k]] = -1;
out:
    return err;
}

static hf_err scene_build(builder *b, int s)
{
    hf_err err = HF_OK;
    for (int k = 0; k < N_LISTS; k++) b->list[k].n = 0;
    b->n_nodes = 0;
    b->scenario = s;
    HF_TRY(scene_nodes(b));
    HF_TRY(scene_requirements(b));
    HF_TRY(scene_hardening(b));
    HF_TRY(scene_uses(b));
    HF_TRY(scene_measures(b));
out:
    for (int v = 0; v < b->n_nodes; v++)
        if (b->list[ENTITY].at[v] >= 0) b->node[b->list[ENTITY].at[v]] = -1;
    return err;
}

/* Copies the lists into one block behind the scene. */
static hf_err scene_store(const builder *b, const double *weight, hf_scene *scene)
{
    size_t n = 0;
    for (int k = 0; k < N_LISTS; k++) n += b->list[k].n;
    int *block = hf_malloc(n * sizeof *block);
    double *weights = hf_malloc((size_t)b->n_nodes * sizeof *weights);
    if (!block || !weights) {
        hf_free(block);
        hf_free(weights);
        return HF_E_NOMEM;
    }
    const int *at[N_LISTS];
    *scene = (hf_scene){.block = block, .n_block = (int)n, .n_numbers = b->n_nodes};
    for (int k = 0; k < N_LISTS; k++) {
        if (b->list[k].n) memcpy(block, b->list[k].at, b->list[k].n * sizeof *block);
        at[k] = block;
        block += b->list[k].n;
    }
    for (int v = 0; v < b->n_nodes; v++) scene->loss += weights[v] = at[ENTITY][v] < 0 ? 0 : weight[at[ENTITY][v]];
    scene->weight = weights;
    scene->n_nodes = b->n_nodes;
    scene->n_requirements = (int)b->list[OWNER].n;
    scene->n_measures = (int)b->list[MEASURE].n;
    scene->entity = at[ENTITY], scene->damaged = at[DAMAGED];
    scene->harden_start = at[HARDEN_START], scene->harden = at[HARDEN];
    scene->owner = at[OWNER], scene->defeat = at[DEFEAT];
    scene->backup_start = at[BACKUP_START], scene->backup = at[BACKUP];
    scene->member_start = at[MEMBER_START], scene->member = at[MEMBER];
    scene->use_start = at[USE_START], scene->use = at[USE];
    scene->measure = at[MEASURE];
    return HF_OK;
}

static void scene_done(hf_scene *scene)
{
    hf_free((void *)(uintptr_t)scene->block);
    hf_free((void *)(uintptr_t)scene->weight);
    hf_free(scene->part);
}

static bool scenes_equal(const hf_scene *a, const hf_scene *b)
{
    return a->group == b->group && a->n_nodes == b->n_nodes && a->n_requirements == b->n_requirements && a->n_block == b->n_block &&
           memcmp(a->block, b->block, (size_t)a->n_block * sizeof(int)) == 0 &&
           a->n_numbers == b->n_numbers && memcmp(a->weight, b->weight, (size_t)a->n_numbers * sizeof(double)) == 0;
}

static uint64_t scene_hash(const hf_scene *scene)
{
    uint64_t h = 1469598103934665603u;
    for (int k = 0; k < scene->n_block; k++) h = (h ^ (uint64_t)scene->block[k]) * 1099511628211u;
    return h ^ h >> 29;
}

/* The scene that was stored last stays, or its frequency goes to an equal one; returns which. */
static int scenes_keep(hf_scenes *all, int *slot, size_t slots, int s)
{
    hf_scene *scene = &all->scene[all->n];
    double frequency = all->problem->frequency[s];
    scene->group = all->problem->group ? all->problem->group[s] : 0;
    size_t at = scene_hash(scene) & (slots - 1);
    while (slot[at] >= 0 && !scenes_equal(scene, &all->scene[slot[at]])) at = (at + 1) & (slots - 1);
    if (slot[at] >= 0) {
        scene_done(scene);
        all->scene[slot[at]].frequency += frequency;
    } else {
        scene->frequency = frequency;
        slot[at] = all->n++;
    }
    return slot[at];
}

/* The same for states in part. */
static hf_err scenes_collect_part(hf_scenes *all, int *slot, size_t slots)
{
    const hf_portfolio_problem *p = all->problem;
    hf_err err = HF_OK;
    hf_part_builder *b = NULL;
    hf_part_simulator *sim = NULL;
    double *f = hf_malloc((size_t)p->n_entities * sizeof *f);
    bool *nothing = hf_calloc((size_t)p->n_measures, sizeof *nothing);
    if (!f || !nothing) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_part_builder_new(p, &b));
    HF_TRY(hf_part_simulator_new(p, &sim));
    hf_part_simulator_plan(sim, nothing);
    for (int s = 0; s < p->n_scenarios; s++) {
        all->scene_of[s] = -1;
        double loss = hf_part_simulator_run(sim, s, f);
        if (!(p->frequency[s] > 0) || !(loss > 0)) continue;
        HF_TRY(hf_part_scene(b, s, f, &all->scene[all->n]));
        all->scene_of[s] = scenes_keep(all, slot, slots, s);
    }
    all->unsettled = hf_part_simulator_unsettled(sim);
out:
    hf_part_builder_free(b);
    hf_part_simulator_free(sim);
    hf_free(f);
    hf_free(nothing);
    return err;
}

static hf_err scenes_collect(builder *b, hf_simulator *sim, hf_scenes *all, int *slot, size_t slots)
{
    const hf_portfolio_problem *p = b->p;
    for (int s = 0; s < p->n_scenarios; s++) {
        const double *weight = p->weight_by_scenario ? p->weight + (size_t)s * (size_t)p->n_entities : p->weight;
        all->scene_of[s] = -1;
        double loss = hf_simulator_run(sim, s, b->failed);
        if (!(p->frequency[s] > 0) || !(loss > 0)) continue;
        for (int k = p->damage_start[s]; k < p->damage_start[s + 1]; k++) b->hit[p->damaged[k]] = 1;
        hf_err err = scene_build(b, s);
        for (int k = p->damage_start[s]; k < p->damage_start[s + 1]; k++) b->hit[p->damaged[k]] = 0;
        if (err == HF_OK) err = scene_store(b, weight, &all->scene[all->n]);
        if (err != HF_OK) return err;
        all->scene_of[s] = scenes_keep(all, slot, slots, s);
    }
    return HF_OK;
}

/* measure -> scenes, and the largest sizes. */
static hf_err scenes_index(hf_scenes *all)
{
    all->where_start = hf_calloc((size_t)all->n_measures + 1, sizeof(int));
    if (!all->where_start) return HF_E_NOMEM;
    for (int s = 0; s < all->n; s++) {
        const hf_scene *scene = &all->scene[s];
        if (scene->n_nodes > all->max_nodes) all->max_nodes = scene->n_nodes;
        if (scene->n_requirements > all->max_requirements) all->max_requirements = scene->n_requirements;
        if (scene->n_measures > all->max_measures) all->max_measures = scene->n_measures;
        all->loss += scene->frequency * scene->loss;
        for (int k = 0; k < scene->n_measures; k++) all->where_start[scene->measure[k] + 1]++;
    }
    for (int m = 0; m < all->n_measures; m++) all->where_start[m + 1] += all->where_start[m];
    all->where = hf_malloc((size_t)all->where_start[all->n_measures] * sizeof(int));
    all->local = hf_malloc((size_t)all->where_start[all->n_measures] * sizeof(int));
    if (!all->where || !all->local) return HF_E_NOMEM;
    for (int s = 0; s < all->n; s++)
        for (int k = 0; k < all->scene[s].n_measures; k++) {
            int at = all->where_start[all->scene[s].measure[k]]++;
            all->where[at] = s;
            all->local[at] = k;
        }
    for (int m = all->n_measures; m > 0; m--) all->where_start[m] = all->where_start[m - 1];
    if (all->n_measures > 0) all->where_start[0] = 0;
    return HF_OK;
}

hf_err hf_scenes_new(const hf_portfolio_problem *p, hf_scenes **ret_scenes)
{
    hf_err err = HF_OK;
    builder b = {0};
    hf_simulator *sim = NULL;
    int *slot = NULL;
    bool *nothing = NULL;
    size_t slots = 16;
    hf_scenes *all = hf_calloc(1, sizeof *all);
    if (!all) return HF_E_NOMEM;
    all->problem = p;
    all->n_measures = p->n_measures;
    while (slots < 2 * (size_t)p->n_scenarios) slots *= 2;
    all->scene = hf_calloc((size_t)p->n_scenarios, sizeof *all->scene);
    all->scene_of = hf_malloc((size_t)p->n_scenarios * sizeof(int));
    slot = hf_malloc(slots * sizeof *slot);
    nothing = hf_calloc((size_t)p->n_measures, sizeof *nothing);
    if (!all->scene || !all->scene_of || !slot || !nothing) {
        err = HF_E_NOMEM;
        goto out;
    }
    for (size_t k = 0; k < slots; k++) slot[k] = -1;
    if (hf_problem_is_partial(p)) {
        HF_TRY(scenes_collect_part(all, slot, slots));
    } else {
        HF_TRY(builder_init(p, &b));
        HF_TRY(hf_simulator_new(p, &sim));
        hf_simulator_plan(sim, nothing);
        HF_TRY(scenes_collect(&b, sim, all, slot, slots));
    }
    HF_TRY(scenes_index(all));
    *ret_scenes = all;
out:
    builder_done(&b);
    hf_simulator_free(sim);
    hf_free(slot);
    hf_free(nothing);
    if (err != HF_OK) hf_scenes_free(all);
    return err;
}

void hf_scenes_free(hf_scenes *all)
{
    if (!all) return;
    for (int s = 0; s < all->n; s++) scene_done(&all->scene[s]);
    void *blocks[] = {all->scene, all->scene_of, all->where_start, all->where, all->local};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_free(all);
}

hf_err hf_scene_work_init(const hf_scenes *scenes, hf_scene_work *work)
{
    *work = (hf_scene_work){0};
    work->stack = hf_malloc((size_t)scenes->max_nodes * sizeof(int));
    work->lost = hf_malloc((size_t)scenes->max_requirements * sizeof(int));
    work->failed = hf_malloc((size_t)scenes->max_nodes * sizeof(bool));
    work->f = hf_malloc((size_t)scenes->max_nodes * sizeof(double));
    if (hf_problem_is_partial(scenes->problem)) {
        work->graph = hf_calloc(1, sizeof *work->graph);
        if (!work->graph || hf_part_graph_init(scenes->problem, scenes->max_requirements, work->graph) != HF_OK) {
            hf_scene_work_done(work);
            return HF_E_NOMEM;
        }
    }
    if (work->stack && work->lost && work->failed && work->f) return HF_OK;
    hf_scene_work_done(work);
    return HF_E_NOMEM;
}

void hf_scene_work_done(hf_scene_work *work)
{
    hf_free(work->stack);
    hf_free(work->lost);
    hf_free(work->failed);
    hf_free(work->f);
    if (work->graph) hf_part_graph_done(work->graph);
    hf_free(work->graph);
    *work = (hf_scene_work){0};
}

static bool any_bought(const hf_scene *scene, const bool *plan, const int *list, int from, int to)
{
    for (int k = from; k < to; k++)
        if (plan[scene->measure[list[k]]]) return true;
    return false;
}

double hf_scene_run(const hf_scene *sc, const bool *plan, hf_scene_work *w)
{
    double loss = 0;
    int n = 0;
    if (sc->part) return hf_part_run(sc, plan, w->f, w->graph);
    memset(w->lost, 0, (size_t)sc->n_requirements * sizeof(int));
    for (int v = 0; v < sc->n_nodes; v++) {
        w->failed[v] = sc->damaged[v] && !any_bought(sc, plan, sc->harden, sc->harden_start[v], sc->harden_start[v + 1]);
        if (w->failed[v]) w->stack[n++] = v;
    }
    for (int head = 0; head < n; head++) {
        int v = w->stack[head];
        loss += sc->weight[v];
        for (int k = sc->use_start[v]; k < sc->use_start[v + 1]; k++) {
            int r = sc->use[k], i = sc->owner[r];
            if (++w->lost[r] != sc->defeat[r] || w->failed[i] || any_bought(sc, plan, sc->backup, sc->backup_start[r], sc->backup_start[r + 1]))
                continue;
            w->failed[i] = true;
            w->stack[n++] = i;
        }
    }
    return loss;
}
