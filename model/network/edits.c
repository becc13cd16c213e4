#include "model/network/edits.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

static const hf_origin nowhere = {0};

static const char *label(const hf_labels *labels, int k)
{
    return k < 0 ? NULL : labels->name[k];
}

static hf_err entities_copy(hf_builder *b, const hf_network *net, const hf_edits *edits)
{
    for (int i = 0; i < net->n_entities; i++) {
        hf_entity_row row = {.id = net->id[i], .name = net->name[i], .sector = label(&net->sectors, net->sector[i]),
                             .subsector = label(&net->subsectors, net->subsector[i]), .country = label(&net->countries, net->country[i]),
                             .region = label(&net->regions, net->region[i]), .owner = label(&net->owners, net->owner[i]), .users = net->users[i],
                             .value_eur_h = net->value_eur_h[i], .weight = net->weight[i], .market_share = net->market_share[i],
                             .lat = net->lat[i], .lon = net->lon[i], .repair_h = edits->repair_h ? edits->repair_h[i] : net->repair_h[i],
                             .repair_sigma = net->repair_sigma[i], .restart_h = net->restart_h[i], .restart_below = net->restart_below[i],
                             .black_start = net->black_start[i] || (edits->black_start && edits->black_start[i]),
                             .isolated = net->isolated[i], .confidential = net->confidential[i]};
        hf_err err = hf_builder_entity(b, &row, nowhere);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

/* The curve as rows write it, every step `later` hours later. */
static void curve_write(const hf_network *net, int curve, double later, hf_buf *text)
{
    for (int k = net->curve_off[curve]; k < net->curve_off[curve + 1]; k++)
        hf_buf_printf(text, "%s%.17g:%.17g", k > net->curve_off[curve] ? " " : "", net->curve_h[k] + later, net->curve_loss[k]);
}

static hf_err requirement_copy(hf_builder *b, const hf_network *net, const hf_edits *edits, int g, double later)
{
    hf_err err = HF_OK;
    hf_buf curve = {0};
    const char *entity = net->id[net->req_entity[g]], *name = net->req_labels.name[net->req_label[g]];
    hf_requirement_row row = {entity, name, (hf_kind)net->req_kind[g], (hf_response)net->req_response[g], net->req_threshold[g],
                              net->req_refill[g], NULL};
    curve_write(net, net->req_curve[g], later, &curve);
    HF_TRY(curve.err);
    row.curve = curve.text;
    HF_TRY(hf_builder_requirement(b, &row, nowhere));
    for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) {
        double share = edits->share ? edits->share[k] : net->sup_share[k];
        if (share <= 0) continue;
        hf_supply_row link = {entity, name, net->id[net->sup_supplier[k]], share, net->sup_demand[k], net->sup_class[k]};
        HF_TRY(hf_builder_supply(b, &link, nowhere));
    }
out:
    hf_buf_done(&curve);
    return err;
}

static hf_err requirements_copy(hf_builder *b, const hf_network *net, const hf_edits *edits)
{
    for (int g = 0; g < net->n_requirements; g++) {
        double later = edits->autonomy_h ? edits->autonomy_h[g] : 0;
        if (isinf(later) || (edits->requirement_absent && edits->requirement_absent[g])) continue;
        hf_err err = requirement_copy(b, net, edits, g, later);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

static hf_err carrier_copy(hf_builder *b, const hf_network *net, int c)
{
    hf_err err = HF_OK;
    hf_carrier_row row = {net->carrier_id[c], net->carrier_unit[c], (hf_rule)net->carrier_rule[c], net->carrier_directed[c]};
    HF_TRY(hf_builder_carrier(b, &row, nowhere));
    for (int n = net->cnode_off[c]; n < net->cnode_off[c + 1]; n++) {
        hf_carrier_node_row node = {row.carrier, net->id[net->cnode_entity[n]], net->cnode_supply[n], net->cnode_demand[n], net->cnode_class[n]};
        HF_TRY(hf_builder_carrier_node(b, &node, nowhere));
    }
    for (int k = net->cline_off[c]; k < net->cline_off[c + 1]; k++) {
        int line = net->cline_entity[k];
        hf_carrier_line_row link = {row.carrier, net->id[net->cnode_entity[net->cline_from[k]]], net->id[net->cnode_entity[net->cline_to[k]]],
                                    line < 0 ? NULL : net->id[line], net->cline_capacity[k], net->cline_reactance[k], net->cline_length_km[k]};
        HF_TRY(hf_builder_carrier_line(b, &link, nowhere));
    }
out:
    return err;
}

static hf_err hazards_copy(hf_builder *b, const hf_network *net, const hf_edits *edits)
{
    hf_err err = HF_OK;
    for (int z = 0; z < net->n_hazards; z++) {
        HF_TRY(hf_builder_hazard(b, net->hazard_id[z], net->hazard_title[z], net->hazard_frequency[z], nowhere));
        for (int d = net->hazard_off[z]; d < net->hazard_off[z + 1]; d++) {
            double severity = edits->severity ? edits->severity[d] : net->damage_severity[d];
            double repair_h = edits->damage_repair_h ? edits->damage_repair_h[d] : net->damage_repair_h[d];
            if (edits->severity && severity <= 0) continue;
            HF_TRY(hf_builder_damage(b, net->hazard_id[z], net->id[net->damage_entity[d]], net->damage_probability[d], severity, repair_h, nowhere));
        }
    }
out:
    return err;
}

hf_err hf_builder_copy(hf_builder *b, const hf_network *net, const hf_edits *edits)
{
    hf_err err = HF_OK;
    HF_TRY(entities_copy(b, net, edits));
    HF_TRY(requirements_copy(b, net, edits));
    for (int c = 0; c < net->n_carriers; c++) HF_TRY(carrier_copy(b, net, c));
    for (int i = 0; i < net->n_entities; i++)
        for (int k = net->abroad_off[i]; k < net->abroad_off[i + 1]; k++)
            HF_TRY(hf_builder_abroad(b, net->id[i], net->countries.name[net->abroad_country[k]], net->abroad_users[k], nowhere));
    HF_TRY(hazards_copy(b, net, edits));
out:
    return err;
}
