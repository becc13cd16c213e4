/* A plan carried out: the network with its backups and new suppliers, and the damage that is left, for the engines that know time. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "model/network/builder.h"
#include "solver/portfolio/compile.h"

typedef struct copy {
    const hf_portfolio *in;
    const hf_network *net;
    const bool *bought;
    hf_builder *b;
    char *curve;   /* text of an impact curve */
    size_t capacity;
} copy;

static const hf_origin nowhere = {0};

static const char *label(const hf_labels *labels, int index)
{
    return index < 0 ? NULL : labels->name[index];
}

/* Its repair time when faster repairs are bought. */
static double repair_of(const copy *x, int i)
{
    double hours = x->net->repair_h[i];
    for (int m = 0; m < x->in->n_measures; m++)
        for (int k = 0; x->bought[m] && k < x->in->measures[m].n_effects; k++) {
            const hf_effect *e = &x->in->measures[m].effects[k];
            if (e->kind == HF_EFFECT_REPAIR && e->entity == i && x->in->repair_h) hours = fmin(hours, x->in->repair_h[m]); /* passes over NaN */
        }
    return hours;
}

static hf_err entities_copy(const copy *x)
{
    const hf_network *net = x->net;
    hf_err err = HF_OK;
    for (int i = 0; i < net->n_entities; i++) {
        hf_entity_row row = hf_entity_row_default();
        row.id = net->id[i], row.name = net->name[i];
        row.sector = label(&net->sectors, net->sector[i]), row.subsector = label(&net->subsectors, net->subsector[i]);
        row.country = label(&net->countries, net->country[i]), row.region = label(&net->regions, net->region[i]);
        row.owner = label(&net->owners, net->owner[i]);
        row.users = net->users[i], row.value_eur_h = net->value_eur_h[i], row.weight = net->weight[i], row.market_share = net->market_share[i];
        row.lat = net->lat[i], row.lon = net->lon[i], row.repair_h = repair_of(x, i), row.repair_sigma = net->repair_sigma[i];
        row.restart_h = net->restart_h[i], row.restart_below = net->restart_below[i];
        row.black_start = net->black_start[i], row.isolated = net->isolated[i], row.confidential = net->confidential[i];
        HF_TRY(hf_builder_entity(x->b, &row, nowhere));
    }
out:
    return err;
}

static bool is_backup_of(const copy *x, const hf_effect *e, int g)
{
    return e->kind == HF_EFFECT_BACKUP && (e->requirement == g || (e->requirement < 0 && e->entity == x->net->req_entity[g]));
}

/* Hours by which bought backups that end hold out longer. */
static double hours_added(const copy *x, int g)
{
    double hours = 0;
    for (int m = 0; m < x->in->n_measures && x->in->n_slots > 0; m++)
        for (int k = 0; x->bought[m] && k < x->in->measures[m].n_effects; k++)
            if (is_backup_of(x, &x->in->measures[m].effects[k], g)) hours += x->in->measures[m].effects[k].amount;
    return hours;
}

static bool is_backed(const copy *x, int g)
{
    for (int m = 0; m < x->in->n_measures; m++)
        for (int k = 0; x->bought[m] && k < x->in->measures[m].n_effects; k++) {
            const hf_effect *e = &x->in->measures[m].effects[k];
            if (is_backup_of(x, e, g) && (!(e->amount > 0) || x->in->n_slots == 0)) return true;
        }
    return false;
}

static hf_err curve_text(copy *x, int curve, double later)
{
    const hf_network *net = x->net;
    size_t length = 0;
    for (int k = net->curve_off[curve]; k < net->curve_off[curve + 1]; k++) {
        hf_err err = hf_grow((void **)&x->curve, &x->capacity, length + 64, 1);
        if (err != HF_OK) return err;
        length += (size_t)snprintf(x->curve + length, 64, "%s%.17g:%.17g", length ? " " : "", net->curve_h[k] + later, net->curve_loss[k]);
    }
    return HF_OK;
}

/* What new suppliers of g add to the share of entity j. */
static double share_added(const copy *x, int g, int j)
{
    double sum = 0;
    for (int m = 0; m < x->in->n_measures; m++)
        for (int k = 0; x->bought[m] && k < x->in->measures[m].n_effects; k++) {
            const hf_effect *e = &x->in->measures[m].effects[k];
            if (e->kind == HF_EFFECT_SUPPLIER && e->requirement == g && e->supplier == j) {
                hf_effect counted = *e;
                if (!x->in->linear) counted.amount = 0;
                sum += hf_portfolio_new_share(x->net, &counted);
            }
        }
    return sum;
}

static bool supplies_already(const hf_network *net, int g, int j)
{
    for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++)
        if (net->sup_supplier[k] == j) return true;
    return false;
}

/* Whether an earlier effect has named supplier j of g: it is added once, with all its shares. */
static bool named_before(const copy *x, int g, int j, int measure, int effect)
{
    for (int m = 0; m <= measure; m++)
        for (int k = 0; x->bought[m] && k < (m == measure ? effect : x->in->measures[m].n_effects); k++) {
            const hf_effect *e = &x->in->measures[m].effects[k];
            if (e->kind == HF_EFFECT_SUPPLIER && e->requirement == g && e->supplier == j) return true;
        }
    return false;
}

static hf_err suppliers_copy(const copy *x, int g)
{
    const hf_network *net = x->net;
    hf_err err = HF_OK;
    hf_supply_row row = hf_supply_row_default();
    row.entity = net->id[net->req_entity[g]], row.requirement = net->req_labels.name[net->req_label[g]];
    for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) {
        row.supplier = net->id[net->sup_supplier[k]];
        row.share = net->sup_share[k] + share_added(x, g, net->sup_supplier[k]);
        row.demand = net->sup_demand[k], row.shed_class = net->sup_class[k];
        HF_TRY(hf_builder_supply(x->b, &row, nowhere));
    }
    row.demand = 1, row.shed_class = 1;
    for (int m = 0; m < x->in->n_measures; m++)
        for (int k = 0; x->bought[m] && k < x->in->measures[m].n_effects; k++) {
            const hf_effect *e = &x->in->measures[m].effects[k];
            if (e->kind != HF_EFFECT_SUPPLIER || e->requirement != g || supplies_already(net, g, e->supplier)) continue;
            if (named_before(x, g, e->supplier, m, k)) continue;
            row.supplier = net->id[e->supplier];
            row.share = share_added(x, g, e->supplier);
            HF_TRY(hf_builder_supply(x->b, &row, nowhere));
        }
out:
    return err;
}

static hf_err requirements_copy(copy *x)
{
    const hf_network *net = x->net;
    hf_err err = HF_OK;
    for (int g = 0; g < net->n_requirements; g++) {
        hf_requirement_row row = hf_requirement_row_default();
        if (is_backed(x, g)) continue;
        HF_TRY(curve_text(x, net->req_curve[g], hours_added(x, g)));
        row.entity = net->id[net->req_entity[g]], row.requirement = net->req_labels.name[net->req_label[g]];
        row.kind = (hf_kind)net->req_kind[g], row.response = (hf_response)net->req_response[g];
        row.threshold = net->req_threshold[g], row.refill = net->req_refill[g], row.curve = x->curve;
        HF_TRY(hf_builder_requirement(x->b, &row, nowhere));
        HF_TRY(suppliers_copy(x, g));
    }
out:
    return err;
}

static hf_err carriers_copy(const copy *x)
{
    const hf_network *net = x->net;
    hf_err err = HF_OK;
    for (int c = 0; c < net->n_carriers; c++) {
        hf_carrier_row row = {net->carrier_id[c], net->carrier_unit[c], (hf_rule)net->carrier_rule[c], net->carrier_directed[c]};
        HF_TRY(hf_builder_carrier(x->b, &row, nowhere));
    }
    for (int k = 0; k < net->n_cnodes; k++) {
        hf_carrier_node_row row = {net->carrier_id[net->cnode_carrier[k]], net->id[net->cnode_entity[k]], net->cnode_supply[k], net->cnode_demand[k],
                                   net->cnode_class[k]};
        HF_TRY(hf_builder_carrier_node(x->b, &row, nowhere));
    }
    for (int k = 0; k < net->n_clines; k++) {
        const char *entity = net->cline_entity[k] < 0 ? NULL : net->id[net->cline_entity[k]];
        hf_carrier_line_row row = {net->carrier_id[net->cline_carrier[k]], net->id[net->cnode_entity[net->cline_from[k]]],
                                   net->id[net->cnode_entity[net->cline_to[k]]], entity, net->cline_capacity[k], net->cline_reactance[k],
                                   net->cline_length_km[k]};
        HF_TRY(hf_builder_carrier_line(x->b, &row, nowhere));
    }
    for (int m = 0; m < x->in->n_measures && x->in->linear; m++)
        for (int k = 0; x->bought[m] && k < x->in->measures[m].n_effects; k++) {
            const hf_effect *e = &x->in->measures[m].effects[k];
            if (e->kind != HF_EFFECT_LINE || net->carrier_rule[e->requirement] != HF_REACH) continue;
            hf_carrier_line_row row = {net->carrier_id[e->requirement], net->id[e->entity], net->id[e->supplier], NULL, INFINITY, NAN, NAN};
            HF_TRY(hf_builder_carrier_line(x->b, &row, nowhere));
        }
out:
    return err;
}

static hf_err others_copy(const copy *x)
{
    const hf_network *net = x->net;
    hf_err err = HF_OK;
    for (int i = 0; i < net->n_entities; i++)
        for (int k = net->abroad_off[i]; k < net->abroad_off[i + 1]; k++)
            HF_TRY(hf_builder_abroad(x->b, net->id[i], net->countries.name[net->abroad_country[k]], net->abroad_users[k], nowhere));
    for (int z = 0; z < net->n_hazards; z++) {
        HF_TRY(hf_builder_hazard(x->b, net->hazard_id[z], net->hazard_title[z], net->hazard_frequency[z], nowhere));
        for (int k = net->hazard_off[z]; k < net->hazard_off[z + 1]; k++)
            HF_TRY(hf_builder_damage(x->b, net->hazard_id[z], net->id[net->damage_entity[k]], net->damage_probability[k], net->damage_severity[k],
                                     net->damage_repair_h[k], nowhere));
    }
out:
    return err;
}

hf_err hf_portfolio_network(const hf_portfolio *in, const bool *bought, hf_diag *diag, hf_network **ret_network)
{
    copy x = {.in = in, .net = in->network, .bought = bought};
    hf_err err = hf_builder_new(diag, &x.b);
    if (err != HF_OK) return err;
    HF_TRY(entities_copy(&x));
    HF_TRY(requirements_copy(&x));
    HF_TRY(carriers_copy(&x));
    HF_TRY(others_copy(&x));
    HF_TRY(hf_builder_finish(x.b, ret_network));
out:
    hf_free(x.curve);
    hf_builder_free(x.b);
    return err;
}

/* How much of its damage in case c entity `entity` has with the plan. */
static double severity_left(const hf_portfolio *in, const bool *bought, const hf_damage_case *c, int entity, double severity)
{
    for (int m = 0; m < in->n_measures; m++) {
        const hf_measure *a = &in->measures[m];
        bool acts = a->n_hazards == 0;
        for (int k = 0; bought[m] && k < a->n_hazards; k++) acts |= a->hazards[k] == c->hazard;
        for (int k = 0; bought[m] && acts && k < a->n_effects; k++) {
            const hf_effect *e = &a->effects[k];
            if (e->kind != HF_EFFECT_HARDEN || e->entity != entity) continue;
            if (in->linear) severity *= e->amount;
            else if (1 - e->amount >= in->out_below - 1e-9) severity = 0;
        }
    }
    return severity;
}

int hf_portfolio_damage(const hf_portfolio *in, const bool *bought, int scenario, int *ret_entities, double *ret_severity)
{
    const hf_damage_case *c = &in->scenarios[scenario];
    int n = 0;
    for (int d = 0; d < c->n_damaged; d++) {
        double severity = severity_left(in, bought, c, c->damaged[d], c->severity ? c->severity[d] : 1);
        if (in->linear ? severity <= 0 : 1 - severity >= in->out_below - 1e-9) continue;
        if (ret_severity) ret_severity[n] = severity;
        ret_entities[n++] = c->damaged[d];
    }
    return n;
}
