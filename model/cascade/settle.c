/* The fixed points of one instant: downward from the state before it, then upward from where that ended. */
#include "model/cascade/carrier_rules.h"

#include <math.h>

enum { ALTERNATIONS = 100 }; /* turns from falling to rising and back at one instant before what comes and goes is locked out */
#define EVALUATIONS_CAP 50000000L /* of one direction of one instant; a fractional loop that needs more is reported */

void hf_clock_advance(hf_timeline *tl, int requirement)
{
    hf_requirement_state *r = &tl->r[requirement];
    double elapsed = tl->now - r->clock_at;
    if (elapsed > 0) {
        if (r->supply < 1) r->clock += (1 - r->supply) * elapsed;
        else if (r->clock > 0) {
            double refill = tl->net->req_refill[requirement] * elapsed;
            r->clock = refill < r->clock ? r->clock - refill : 0;
        }
    }
    r->clock_at = tl->now;
}

/* Part of a link's demand that its supplier meets: its class's place in the supplier's output. */
static double delivered(const hf_timeline *tl, int link)
{
    double x = tl->x[tl->link[link].supplier];
    if (!tl->link[link].shed) return x;
    double part = (x - tl->sup_from[link]) / tl->sup_width[link];
    return part <= 0 ? 0 : part >= 1 - HF_FULL ? 1 : part;
}

static double supply_received(const hf_timeline *tl, int g)
{
    const hf_network *net = tl->net;
    double sum = 0;
    for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) sum += tl->link[k].share * delivered(tl, k);
    if (net->req_response[g] == HF_THRESHOLD) return sum >= net->req_threshold[g] - HF_FULL ? 1 : 0;
    return sum >= 1 - HF_FULL ? 1 : sum;
}

bool hf_requirement_refresh(hf_timeline *tl, int g)
{
    const hf_network *net = tl->net;
    hf_requirement_state *r = &tl->r[g];
    if (tl->r_flags[g] & HF_R_ABSENT) return false;
    double supply = supply_received(tl, g);
    tl->r_flags[g] &= (unsigned char)~HF_R_DIRTY;
    if (supply >= 1 && !(tl->r_flags[g] & HF_R_SHORT)) return false;
    tl->r_flags[g] = (unsigned char)(supply < 1 ? tl->r_flags[g] | HF_R_SHORT : tl->r_flags[g] & ~HF_R_SHORT);
    hf_touch_requirement(tl, g);
    hf_clock_advance(tl, g);
    if (supply < 1 && r->supply >= 1) r->since = tl->now;
    r->supply = supply;
    int first = net->curve_off[net->req_curve[g]], steps = net->curve_off[net->req_curve[g] + 1] - first;
    /* Falling, the clock only passes steps; after a refill it may have come back behind some. */
    if (tl->steady) r->step = steps;
    else {
        while (r->step > 0 && net->curve_h[first + r->step - 1] > r->clock + HF_SAME_INSTANT_H) r->step--;
        while (r->step < steps && net->curve_h[first + r->step] <= r->clock + HF_SAME_INSTANT_H) r->step++;
    }
    r->limit = r->step == 0 ? 1 : 1 - (1 - supply) * net->curve_loss[first + r->step - 1];
    return true;
}

double hf_conditions(const hf_timeline *tl, int entity, int *ret_requirement)
{
    const hf_network *net = tl->net;
    double limit = tl->e[entity].avail;
    *ret_requirement = -1;
    for (int g = net->req_off[entity]; g < net->req_off[entity + 1]; g++)
        if (tl->r[g].limit < limit) {
            limit = tl->r[g].limit;
            *ret_requirement = g;
        }
    return limit;
}

void hf_condition_set(hf_timeline *tl, int entity, double cond)
{
    const hf_network *net = tl->net;
    hf_entity_state *e = &tl->e[entity];
    double before = e->cond;
    hf_touch_entity(tl, entity);
    for (int k = net->ent_cnode_off[entity]; k < net->ent_cnode_off[entity + 1]; k++) {
        int node = net->ent_cnode[k];
        if (!hf_carrier_node_matters(tl, node, before, cond)) continue;
        if (before <= 0) tl->share[node] = 0; /* not served before its carrier has said so */
        hf_touch_comp(tl, net->cnode_comp[node]);
        hf_work_push(tl, net->n_entities + net->cnode_comp[node]);
    }
    for (int k = net->ent_cline_off[entity]; k < net->ent_cline_off[entity + 1]; k++) {
        int line = net->ent_cline[k], comp = net->cnode_comp[net->cline_from[line]];
        if (!hf_carrier_line_matters(tl, line, before, cond)) continue;
        if (before <= 0 && tl->line_share && net->carrier_rule[net->cline_carrier[line]] == HF_DC) tl->line_share[line] = 0; /* likewise */
        hf_touch_comp(tl, comp);
        hf_work_push(tl, net->n_entities + comp);
    }
    e->cond = cond;
    if (net->restart_h[entity] > 0 && !tl->restarts_off && cond < net->restart_below[entity] && before >= net->restart_below[entity]) e->held = true;
}

static void defer(hf_timeline *tl, int item)
{
    int n = tl->net->n_entities;
    bool *flag = item < n ? &tl->e[item].deferred : &tl->c[item - n].deferred;
    if (*flag) return;
    *flag = true;
    tl->deferred.item[tl->deferred.n++] = item;
}

/* Users and dependents see a new level: every requirement that names the entity is looked at again. */
static void level_set(hf_timeline *tl, int entity, double x)
{
    const hf_network *net = tl->net;
    tl->x[entity] = x;
    hf_touch_entity(tl, entity);
    for (int k = net->out_off[entity]; k < net->out_off[entity + 1]; k++) hf_work_push_supply(tl, net->sup_req[net->out_supply[k]]);
}

/* What makes the service of an entity less than its condition: a carrier node or a line that tripped, -1 where neither. */
typedef struct binding {
    int cnode, line;
} binding;

/* Smallest delivered share at the entity's carrier nodes, capped by its condition; nothing for a line that overload has tripped. */
static double service(const hf_timeline *tl, int entity, binding *ret_binding)
{
    const hf_network *net = tl->net;
    double level = tl->e[entity].cond;
    *ret_binding = (binding){-1, -1};
    for (int k = net->ent_cnode_off[entity]; k < net->ent_cnode_off[entity + 1]; k++)
        if (tl->share[net->ent_cnode[k]] < level) {
            level = tl->share[net->ent_cnode[k]];
            ret_binding->cnode = net->ent_cnode[k];
        }
    if (tl->line_share)
        for (int k = net->ent_cline_off[entity]; k < net->ent_cline_off[entity + 1]; k++)
            if (tl->line_share[net->ent_cline[k]] < level) {
                level = tl->line_share[net->ent_cline[k]];
                *ret_binding = (binding){-1, net->ent_cline[k]};
            }
    return level;
}

/* The deepest fall of a condition that a component's conditions have seen: what its islands' shortages are blamed on. */
static void comps_deepen(hf_timeline *tl, int entity, int depth)
{
    const hf_network *net = tl->net;
    for (int k = net->ent_cnode_off[entity]; k < net->ent_cnode_off[entity + 1]; k++) {
        int comp = net->cnode_comp[net->ent_cnode[k]];
        hf_touch_comp(tl, comp);
        if (tl->c[comp].depth < depth) tl->c[comp].depth = depth;
    }
    for (int k = net->ent_cline_off[entity]; k < net->ent_cline_off[entity + 1]; k++) {
        int comp = net->cnode_comp[net->cline_from[net->ent_cline[k]]];
        hf_touch_comp(tl, comp);
        if (tl->c[comp].depth < depth) tl->c[comp].depth = depth;
    }
}

static void fall(hf_timeline *tl, int entity, double x, int requirement, binding b)
{
    double before = tl->x[entity];
    if (b.line >= 0) hf_record(tl, entity, before, x, HF_CAUSE_OVERLOAD, b.line, tl->now);
    else if (b.cnode >= 0) hf_record(tl, entity, before, x, HF_CAUSE_CARRIER, b.cnode, tl->now);
    else if (requirement >= 0) hf_record(tl, entity, before, x, HF_CAUSE_REQUIREMENT, requirement, tl->r[requirement].since);
    else hf_record(tl, entity, before, x, HF_CAUSE_INJECT, tl->e[entity].inject, tl->now);
    if (b.line < 0 && b.cnode < 0) comps_deepen(tl, entity, tl->e[entity].depth);
    level_set(tl, entity, x);
}

static void rise(hf_timeline *tl, int entity, double x)
{
    const hf_entity_state *e = &tl->e[entity];
    hf_cause_kind kind = e->started ? HF_CAUSE_BLACK_START : e->released ? HF_CAUSE_RESTART : e->repaired ? HF_CAUSE_INJECT : HF_CAUSE_REQUIREMENT;
    hf_record(tl, entity, tl->x[entity], x, kind, -1, tl->now);
    level_set(tl, entity, x);
}

/* What goes whenever it is back stays down until the instant is over, like a breaker that has reclosed too often. */
static void lock_out(hf_timeline *tl, int entity)
{
    if (!tl->e[entity].locked) tl->locked.item[tl->locked.n++] = entity;
    tl->e[entity].locked = true;
    if (tl->recording && !tl->locked_out)
        hf_diag_add(tl->diag, HF_WARNING, HF_E_OSCILLATION, NULL, 0, 0, "%s goes whenever it is back, at %g h: it is left down until something else changes",
                    tl->net->id[entity], tl->now);
    tl->locked_out |= tl->recording;
}

static void entity_fall(hf_timeline *tl, int entity)
{
    hf_entity_state *e = &tl->e[entity];
    int requirement;
    binding b;
    double cond = hf_conditions(tl, entity, &requirement);
    if (cond < e->cond - HF_EPSILON) {
        hf_condition_set(tl, entity, cond);
        if (tl->locking) lock_out(tl, entity);
    } else if (cond > e->cond + HF_EPSILON && !e->locked) defer(tl, entity);
    double x = service(tl, entity, &b);
    if (x < tl->x[entity] - HF_EPSILON) fall(tl, entity, x, requirement, b);
    else if (x > tl->x[entity] + HF_EPSILON) defer(tl, entity);
}

static void entity_rise(hf_timeline *tl, int entity)
{
    hf_entity_state *e = &tl->e[entity];
    int requirement;
    binding b;
    double cond = hf_conditions(tl, entity, &requirement);
    if (cond < e->cond - HF_EPSILON) defer(tl, entity);
    else if (cond > e->cond + HF_EPSILON && !e->locked && (!e->held || (e->released && cond >= tl->net->restart_below[entity]))) {
        e->held = false;
        hf_condition_set(tl, entity, cond);
    }
    double x = service(tl, entity, &b);
    if (x > tl->x[entity] + HF_EPSILON) rise(tl, entity, x);
    else if (x < tl->x[entity] - HF_EPSILON) defer(tl, entity);
}

/* Lines that tripped at an earlier instant are tried when things rise; what is overloaded then waits for the falls that follow. */
static void comp_lines_settle(hf_timeline *tl, int comp)
{
    const hf_network *net = tl->net;
    bool falling = tl->direction == HF_FALLING;
    if (!falling && tl->c[comp].overloaded) defer(tl, net->n_entities + comp);
    for (int k = tl->comp_line_off[comp]; k < tl->comp_line_off[comp + 1]; k++) {
        int line = tl->comp_line[k];
        if (tl->line_share[line] > 0 || tl->line_open[line]) continue;
        if (falling) defer(tl, net->n_entities + comp);
        else if (tl->new_line_share[line] > 0) {
            tl->line_share[line] = 1;
            if (net->cline_entity[line] >= 0) hf_work_push(tl, net->cline_entity[line]);
        }
    }
}

static void comp_settle(hf_timeline *tl, int comp)
{
    const hf_network *net = tl->net;
    hf_touch_comp(tl, comp);
    hf_carrier_evaluate(tl, comp);
    for (int k = net->comp_off[comp]; k < net->comp_off[comp + 1]; k++) {
        int node = net->comp_cnode[k];
        double step = tl->new_share[node] - tl->share[node];
        if (fabs(step) <= HF_EPSILON) continue;
        if ((step < 0) != (tl->direction == HF_FALLING)) {
            defer(tl, net->n_entities + comp);
            continue;
        }
        tl->share[node] = tl->new_share[node];
        hf_work_push(tl, net->cnode_entity[node]);
    }
    if (tl->line_share) comp_lines_settle(tl, comp);
}

static void entity_settle(hf_timeline *tl, int entity)
{
    bool moved = tl->e_flags[entity] & HF_E_MUST;
    tl->e_flags[entity] &= (unsigned char)~HF_E_MUST;
    for (int g = tl->net->req_off[entity]; g < tl->net->req_off[entity + 1]; g++)
        if (tl->r_flags[g] & HF_R_DIRTY) moved |= hf_requirement_refresh(tl, g);
    if (!moved) return; /* its substitutes still cover what it needs */
    if (tl->e[entity].held) hf_touch_entity(tl, entity); /* its restart clock depends on how this instant ends */
    if (tl->direction == HF_FALLING) entity_fall(tl, entity);
    else entity_rise(tl, entity);
}

/* Once the falls have settled, overloaded lines trip; true when some did, and the falls go on. */
static bool overloads_trip(hf_timeline *tl)
{
    bool any = false;
    if (!tl->dc || tl->direction != HF_FALLING) return false;
    for (int k = 0; k < tl->touched_c.n; k++) {
        int comp = tl->touched_c.item[k];
        if (!tl->c[comp].overloaded) continue;
        hf_dc_trip(tl, comp);
        any = true;
    }
    return any;
}

static int next_item(hf_timeline *tl)
{
    int item = hf_work_pop(tl);
    return item < 0 && overloads_trip(tl) ? hf_work_pop(tl) : item;
}

void hf_settle(hf_timeline *tl, hf_direction direction)
{
    tl->direction = direction;
    long left = EVALUATIONS_CAP;
    for (int item; (item = next_item(tl)) >= 0; tl->evaluations++) {
        if (item >= tl->net->n_entities) comp_settle(tl, item - tl->net->n_entities);
        else entity_settle(tl, item);
        if (--left > 0) continue;
        hf_diag_add(tl->diag, HF_WARNING, HF_E_NO_CONVERGENCE, NULL, 0, 0,
                    "a loop through %s had not settled to 1e-12 after %ld steps at %g h; the figures that follow are approximate",
                    tl->net->id[item < tl->net->n_entities ? item : tl->net->cnode_entity[tl->net->comp_cnode[tl->net->comp_off[item - tl->net->n_entities]]]],
                    EVALUATIONS_CAP, tl->now);
        hf_work_clear(tl);
    }
    tl->work_seq = 0;
}

/* What wanted to move against the direction is looked at again in the other one. */
static bool deferred_requeue(hf_timeline *tl)
{
    int n = tl->net->n_entities, count = tl->deferred.n;
    for (int k = 0; k < count; k++) {
        int item = tl->deferred.item[k];
        if (item < n) tl->e[item].deferred = false;
        else tl->c[item - n].deferred = false;
        hf_work_push(tl, item);
    }
    tl->deferred.n = 0;
    return count > 0;
}

void hf_locked_retry(hf_timeline *tl)
{
    for (int k = 0; k < tl->locked.n; k++) {
        tl->e[tl->locked.item[k]].locked = false;
        hf_work_push(tl, tl->locked.item[k]);
    }
    tl->locked.n = 0;
}

hf_err hf_settle_rest(hf_timeline *tl)
{
    bool more = true;
    deferred_requeue(tl);
    for (int turn = 0; more; turn++) {
        tl->locking = turn > ALTERNATIONS;
        hf_settle(tl, turn % 2 == 0 ? HF_RISING : HF_FALLING);
        more = deferred_requeue(tl);
    }
    tl->locking = false;
    return tl->err;
}

void hf_deferred_drop(hf_timeline *tl)
{
    deferred_requeue(tl);
    hf_work_clear(tl);
}
