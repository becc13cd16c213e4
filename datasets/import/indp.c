/* INDP networks (Shelby County): <Network>Nodes.csv, <Network>Arcs.csv and Interdep.csv. Node numbers begin at 0 in every network, so an id is the
 * network and the number. Each network is a carrier with the rule `balance`: Demand above 0 is supply, below 0 demand. Each interdependency arc is a
 * supply link; arcs of one node to one network are substitutes, as in the model's "all lost" form. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/text.h"
#include "datasets/import/draft.h"

static const struct {
    const char *network, *sector, *subsector, *unit;
} known[] = {{"Power", "energy", "electricity", "MW"}, {"Water", "drinking_water", "", "kL/d"}, {"Gas", "energy", "gas", "kL/d"},
             {"Telecommunication", "digital", "", "kb/s"}};
enum { NETWORKS = sizeof known / sizeof *known };

typedef struct tables {
    hf_table *entities, *requirements, *supplies, *carriers, *nodes, *lines;
} tables;

static hf_err nodes_add(hf_draft *d, const hf_table *t, int network, const tables *to)
{
    int column[6];
    hf_err err = hf_input_columns(t, "ID,X,Y,Node Type,Demand,population", column, 6, d->diag);
    for (int r = 0; err == HF_OK && r < hf_table_rows(t); r++) {
        char text[32];
        double demand = 0;
        const char *number = hf_table_cell(t, r, column[0]).text, *type = hf_table_cell(t, r, column[3]).text;
        const char *population = hf_table_cell(t, r, column[5]).text;
        const char *id = hf_draft_text(d, "%s-%s", known[network].network, number), *name = hf_draft_text(d, "%s %s %s", known[network].network, type, number);
        hf_cell amount = hf_table_cell(t, r, column[4]);
        double users = 0;
        if (!id || !name) return HF_E_NOMEM;
        hf_number_parse(amount.text, amount.length, &demand);
        hf_number_format(fabs(demand), text);
        bool counted = hf_number_parse(population, strlen(population), &users) && users >= 0;
        const char *cells[] = {id, name, known[network].sector, d->options->country ? d->options->country : "US", known[network].subsector,
                               hf_table_cell(t, r, column[2]).text, hf_table_cell(t, r, column[1]).text, counted ? population : NULL};
        const char *node[] = {known[network].network, id, demand > 0 ? text : NULL, demand < 0 ? text : NULL};
        err = hf_table_append(to->entities, cells);
        if (err == HF_OK) err = hf_table_append(to->nodes, node);
    }
    return err;
}

static hf_err arcs_add(hf_draft *d, const hf_table *t, int network, const tables *to)
{
    int column[5];
    hf_err err = hf_input_columns(t, "Start Node,End Node,u,Length (km),ID", column, 5, d->diag);
    for (int r = 0; err == HF_OK && r < hf_table_rows(t); r++) {
        const char *from = hf_draft_text(d, "%s-%s", known[network].network, hf_table_cell(t, r, column[0]).text);
        const char *end = hf_draft_text(d, "%s-%s", known[network].network, hf_table_cell(t, r, column[1]).text);
        if (!from || !end) return HF_E_NOMEM;
        if (strcmp(from, end) == 0) {
            hf_draft_leave_out(d, "arcs from a node to itself", from);
            continue;
        }
        const char *cells[] = {known[network].network, from, end, hf_table_cell(t, r, column[2]).text, hf_table_cell(t, r, column[3]).text};
        err = hf_table_append(to->lines, cells);
    }
    return err;
}

static int network_find(const char *name)
{
    for (int k = 0; k < NETWORKS; k++)
        if (strcasecmp(known[k].network, name) == 0) return k;
    return -1;
}

static hf_err interdependencies_add(hf_draft *d, const hf_table *t, const tables *to)
{
    int column[5];
    hf_idmap *seen = NULL;
    hf_err err = HF_OK;
    HF_TRY(hf_input_columns(t, "Dependee Node,Depender Node,Dependee Network,Depender Network,Type", column, 5, d->diag));
    HF_TRY(hf_idmap_new(&seen));
    for (int r = 0; r < hf_table_rows(t); r++) {
        const char *provider = hf_table_cell(t, r, column[2]).text, *taker = hf_table_cell(t, r, column[3]).text, *type = hf_table_cell(t, r, column[4]).text;
        const char *supplier = hf_draft_text(d, "%s-%s", provider, hf_table_cell(t, r, column[0]).text);
        const char *entity = hf_draft_text(d, "%s-%s", taker, hf_table_cell(t, r, column[1]).text), *key = hf_draft_text(d, "%s %s", entity, provider);
        int number = 0;
        bool added = false;
        if (!supplier || !entity || !key) HF_TRY(HF_E_NOMEM);
        if (network_find(provider) < 0 || network_find(taker) < 0) {
            hf_draft_leave_out(d, "interdependencies of an unknown network", key);
            continue;
        }
        HF_TRY(hf_idmap_intern(seen, key, strlen(key), &number, &added));
        const char *requirement[] = {entity, provider, strcasecmp(type, "cyber") == 0 ? "cyber" : "physical"}, *supply[] = {entity, provider, supplier};
        if (added) HF_TRY(hf_table_append(to->requirements, requirement));
        HF_TRY(hf_table_append(to->supplies, supply));
    }
out:
    hf_idmap_free(seen);
    return err;
}

static hf_err network_add(hf_draft *d, const char *const *files, int n, int network, const tables *to)
{
    char ending[64];
    const hf_table_form usual = {0};
    hf_table *nodes = NULL, *arcs = NULL;
    hf_err err = HF_OK;
    const char *carrier[] = {known[network].network, known[network].unit, "balance"};
    snprintf(ending, sizeof ending, "%sNodes.csv", known[network].network);
    HF_TRY(hf_input_table(files, n, ending, &usual, false, d->diag, &nodes));
    if (!nodes) goto out;
    snprintf(ending, sizeof ending, "%sArcs.csv", known[network].network);
    HF_TRY(hf_input_table(files, n, ending, &usual, true, d->diag, &arcs));
    HF_TRY(hf_table_append(to->carriers, carrier));
    HF_TRY(nodes_add(d, nodes, network, to));
    HF_TRY(arcs_add(d, arcs, network, to));
out:
    hf_table_free(nodes);
    hf_table_free(arcs);
    return err;
}

hf_err hf_import_indp(hf_draft *d, const char *const *files, int n)
{
    const hf_table_form usual = {0};
    hf_err err = HF_OK;
    hf_table *interdependencies = NULL;
    tables to = {0};
    d->name = "interdependent-networks";
    d->title = "Interdependent networks";
    d->source = "INDP networks (Gonzalez et al. 2016; Dec2py), MIT";
    HF_TRY(hf_draft_table(d, "entities", "id,name,sector,country,subsector,lat,lon,users", &to.entities));
    HF_TRY(hf_draft_table(d, "requirements", "entity,requirement,kind", &to.requirements));
    HF_TRY(hf_draft_table(d, "supplies", "entity,requirement,supplier", &to.supplies));
    HF_TRY(hf_draft_table(d, "carriers", "carrier,unit,rule", &to.carriers));
    HF_TRY(hf_draft_table(d, "carrier_nodes", "carrier,entity,supply,demand", &to.nodes));
    HF_TRY(hf_draft_table(d, "carrier_lines", "carrier,from,to,capacity,length_km", &to.lines));
    for (int k = 0; k < NETWORKS; k++) HF_TRY(network_add(d, files, n, k, &to));
    HF_TRY(hf_input_table(files, n, "Interdep.csv", &usual, false, d->diag, &interdependencies));
    if (interdependencies) HF_TRY(interdependencies_add(d, interdependencies, &to));
    if (hf_table_rows(to.entities) == 0) {
        hf_diag_add(d->diag, HF_ERROR, HF_E_MISSING, NULL, 0, 0,
                    "no file of nodes was given: PowerNodes.csv, WaterNodes.csv, GasNodes.csv or TelecommunicationNodes.csv");
        err = HF_E_DATA;
    }
out:
    hf_table_free(interdependencies);
    return err;
}
