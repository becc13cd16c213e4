#include "model/assess/rules.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name, *words;
} indicators[HF_INDICATORS] = {
    [HF_OWN_USERS] = {"own_users", "users of its own"},
    [HF_USERS_HIT] = {"users_hit", "users without service at the worst hour"},
    [HF_USERS_SHARE] = {"users_share", "share of all users without service"},
    [HF_OTHER_SECTORS] = {"other_sectors", "other sectors hit"},
    [HF_OTHER_ENTITIES] = {"other_entities", "other entities hit"},
    [HF_SECTOR_WITHIN_H] = {"sector_within_h", "hours until another sector is hit"},
    [HF_USER_HOURS] = {"user_hours", "user-hours lost"},
    [HF_VALUE_EUR] = {"value_eur", "EUR lost"},
    [HF_HOURS_ABOVE] = {"hours_above", "hours with at least so many users without service"},
    [HF_MARKET_SHARE] = {"market_share", "market share"},
    [HF_STATES] = {"states", "states in which users lose service"},
    [HF_MEMBER_STATES] = {"member_states", "Member States in which users lose service"},
    [HF_SERVED_STATES] = {"member_states_served", "Member States that it serves"},
    [HF_REGIONS] = {"regions", "regions hit"},
    [HF_ISOLATED] = {"isolated", "entities hit that serve isolated areas"},
    [HF_UNCOVERED] = {"uncovered", "part of what it supplies without a substitute"},
    [HF_BRIDGED_H] = {"bridged_h", "hours that its users bridge"},
    [HF_SUPPLY] = {"supply", "what it feeds in"},
    [HF_NOT_ASSESSABLE] = {"not_assessable", "a figure that data sets do not hold"},
};

const char *hf_indicator_name(hf_indicator indicator)
{
    return indicators[indicator].name;
}

const char *hf_indicator_words(hf_indicator indicator)
{
    return indicators[indicator].words;
}

int hf_indicator_find(const char *name)
{
    for (int k = 0; k < HF_INDICATORS; k++)
        if (strcmp(indicators[k].name, name) == 0) return k;
    return -1;
}

bool hf_indicator_is_time_left(hf_indicator indicator)
{
    return indicator == HF_SECTOR_WITHIN_H || indicator == HF_BRIDGED_H;
}

static double hours_above(const hf_threshold *t, const hf_significance *of, const hf_assess_options *o)
{
    for (int l = 0; l < o->n_levels; l++)
        if (o->level[l] == t->level) return of->hours_above[l];
    return NAN;
}

static double supply_of(const hf_network *net, int entity, const char *unit)
{
    double sum = NAN;
    for (int k = net->ent_cnode_off[entity]; k < net->ent_cnode_off[entity + 1]; k++) {
        int node = net->ent_cnode[k];
        if (strcmp(net->carrier_unit[net->cnode_carrier[node]], unit) != 0) continue;
        sum = (isnan(sum) ? 0 : sum) + net->cnode_supply[node];
    }
    return sum;
}

/* What is about one entity; NaN for anything else. */
static double own_figure(const hf_threshold *t, const hf_network *net, int entity, const hf_significance *of)
{
    switch (t->indicator) {
    case HF_OWN_USERS: return of->users_own;
    case HF_MARKET_SHARE: return net->market_share[entity];
    case HF_SERVED_STATES: return of->member_states_served;
    case HF_UNCOVERED: return of->uncovered;
    case HF_BRIDGED_H: return isnan(of->uncovered) ? NAN : of->bridged_h;
    case HF_SUPPLY: return supply_of(net, entity, t->unit);
    default: return NAN;
    }
}

double hf_threshold_figure(const hf_threshold *t, const hf_network *net, int entity, const hf_significance *of, const hf_assess_options *options)
{
    switch (t->indicator) {
    case HF_USERS_HIT: return of->cascade.users_hit_peak;
    case HF_USERS_SHARE: return of->users_share;
    case HF_OTHER_SECTORS: return of->sectors_hit;
    case HF_OTHER_ENTITIES: return of->others_hit;
    case HF_SECTOR_WITHIN_H: return of->first_sector_h;
    case HF_USER_HOURS: return of->cascade.user_hours;
    case HF_VALUE_EUR: return of->cascade.value_eur;
    case HF_HOURS_ABOVE: return hours_above(t, of, options);
    case HF_STATES: return of->states;
    case HF_MEMBER_STATES: return of->member_states;
    case HF_REGIONS: return of->regions;
    case HF_ISOLATED: return of->isolated;
    default: return entity < 0 ? NAN : own_figure(t, net, entity, of);
    }
}

double hf_threshold_margin(const hf_threshold *t, double figure)
{
    if (isnan(figure)) return NAN;
    if (!hf_indicator_is_time_left(t->indicator)) return t->limit > 0 ? figure / t->limit : INFINITY;
    if (figure <= 0) return INFINITY;
    return t->limit / figure;
}

static bool concerns(const hf_threshold *t, const hf_network *net, int entity)
{
    if (entity < 0) return true;
    if (t->sector && strcmp(net->sectors.name[net->sector[entity]], t->sector) != 0) return false;
    if (!t->subsector) return true;
    return net->subsector[entity] >= 0 && strcmp(net->subsectors.name[net->subsector[entity]], t->subsector) == 0;
}

hf_verdict hf_threshold_judge(const hf_rules *rules, const hf_threshold *t, const hf_network *net, int entity, const hf_significance *of,
                              const hf_assess_options *options)
{
    if (!concerns(t, net, entity)) return HF_NO_CONCERN;
    double figure = hf_threshold_figure(t, net, entity, of, options), margin = hf_threshold_margin(t, figure);
    if (isnan(margin)) return HF_UNKNOWN_FIGURE;
    if (hf_indicator_is_time_left(t->indicator) ? figure <= t->limit : figure >= t->limit) return HF_MET;
    return margin >= rules->near ? HF_NEAR : HF_NOT_MET;
}

/* Whether a class is reached; adds its verdicts to those of the criteria. */
static bool class_judge(const hf_rules *rules, const hf_rule_class *c, const hf_network *net, int entity, const hf_significance *of,
                        const hf_assess_options *options, hf_verdict *criterion)
{
    bool met[HF_CRITERIA] = {false}, all = true;
    int n = 0;
    for (int k = 0; k < c->n_thresholds; k++) {
        const hf_threshold *t = &c->threshold[k];
        hf_verdict verdict = hf_threshold_judge(rules, t, net, entity, of, options);
        if (verdict > criterion[t->criterion]) criterion[t->criterion] = verdict;
        met[t->criterion] |= verdict == HF_MET;
        if (t->must && verdict != HF_MET) all = false;
    }
    for (int k = 0; k < HF_CRITERIA; k++) n += met[k];
    return all && n >= c->criteria;
}

int hf_rules_judge(const hf_rules *rules, const hf_network *net, int entity, const hf_significance *of, const hf_assess_options *options,
                   hf_verdict ret_criterion[HF_CRITERIA])
{
    int reached = -1;
    for (int k = 0; k < HF_CRITERIA; k++) ret_criterion[k] = HF_NO_CONCERN;
    for (int c = 0; c < rules->n_classes; c++)
        if (class_judge(rules, &rules->classes[c], net, entity, of, options, ret_criterion) && reached < 0) reached = c;
    return reached;
}

static bool level_add(hf_assess_options *o, const hf_threshold *t)
{
    int at = 0;
    if (t->indicator != HF_HOURS_ABOVE) return true;
    while (at < o->n_levels && o->level[at] < t->level) at++;
    if (at < o->n_levels && o->level[at] == t->level) return true;
    if (o->n_levels == HF_ASSESS_LEVELS) return false;
    memmove(&o->level[at + 1], &o->level[at], (size_t)(o->n_levels - at) * sizeof *o->level);
    o->level[at] = t->level;
    o->n_levels++;
    return true;
}

bool hf_rules_levels(const hf_rules *rules, hf_assess_options *options)
{
    bool fits = true;
    options->n_levels = 0;
    for (int c = 0; c < rules->n_classes; c++)
        for (int k = 0; k < rules->classes[c].n_thresholds; k++) fits &= level_add(options, &rules->classes[c].threshold[k]);
    for (int k = 0; k < rules->n_incident; k++) fits &= level_add(options, &rules->incident[k]);
    return fits;
}
