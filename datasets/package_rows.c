#include "datasets/package_rows.h"

#include <math.h>
#include <string.h>

#include "datasets/reader.h"

typedef hf_err (*row_function)(hf_reader *r, hf_builder *b, hf_origin at);

static hf_err entity(hf_reader *r, hf_builder *b, hf_origin at)
{
    static const char *const sectors[] = {HF_SECTOR_NAMES};
    hf_entity_row row = hf_entity_row_default();
    int sector = hf_reader_choice(r, "sector", -1);
    row.id = hf_reader_text(r, "id");
    row.name = hf_reader_text(r, "name");
    row.sector = sector < 0 ? NULL : sectors[sector];
    row.country = hf_reader_country(r, "country");
    row.subsector = hf_reader_text(r, "subsector");
    row.region = hf_reader_text(r, "region");
    row.owner = hf_reader_text(r, "operator");
    row.users = hf_reader_number(r, "users", row.users);
    row.value_eur_h = hf_reader_number(r, "value_eur_h", row.value_eur_h);
    row.weight = hf_reader_number(r, "weight", row.weight);
    row.market_share = hf_reader_number(r, "market_share", row.market_share);
    row.lat = hf_reader_number(r, "lat", row.lat);
    row.lon = hf_reader_number(r, "lon", row.lon);
    row.repair_h = hf_reader_number(r, "repair_h", row.repair_h);
    row.repair_sigma = hf_reader_number(r, "repair_sigma", row.repair_sigma);
    row.restart_h = hf_reader_number(r, "restart_h", row.restart_h);
    row.restart_below = hf_reader_number(r, "restart_below", row.restart_below);
    row.black_start = hf_reader_yes(r, "black_start");
    row.isolated = hf_reader_yes(r, "isolated");
    row.confidential = hf_reader_yes(r, "confidential");
    hf_reader_number(r, "confidence", 1);
    /* What is missing has been reported; a stand-in keeps the id known, so that rows that name it are not called wrong too. */
    if (row.id && !row.sector) row.sector = "?";
    if (row.id && !row.country) row.country = "?";
    return row.id ? hf_builder_entity(b, &row, at) : HF_OK;
}

static hf_err requirement(hf_reader *r, hf_builder *b, hf_origin at)
{
    hf_requirement_row row = hf_requirement_row_default();
    row.entity = hf_reader_text(r, "entity");
    row.requirement = hf_reader_text(r, "requirement");
    row.kind = (hf_kind)hf_reader_choice(r, "kind", (int)row.kind);
    row.response = (hf_response)hf_reader_choice(r, "response", (int)row.response);
    row.threshold = hf_reader_number(r, "threshold", row.threshold);
    row.curve = hf_reader_text(r, "curve");
    row.refill = hf_reader_number(r, "refill", row.refill);
    hf_reader_number(r, "confidence", 1);
    return row.entity && row.requirement ? hf_builder_requirement(b, &row, at) : HF_OK;
}

static hf_err supply(hf_reader *r, hf_builder *b, hf_origin at)
{
    hf_supply_row row = hf_supply_row_default();
    row.entity = hf_reader_text(r, "entity");
    row.requirement = hf_reader_text(r, "requirement");
    row.supplier = hf_reader_text(r, "supplier");
    row.share = hf_reader_number(r, "share", row.share);
    row.demand = hf_reader_number(r, "demand", row.demand);
    row.shed_class = hf_reader_integer(r, "class", row.shed_class);
    hf_reader_number(r, "distance_km", 0);
    hf_reader_number(r, "confidence", 1);
    return row.entity && row.requirement && row.supplier ? hf_builder_supply(b, &row, at) : HF_OK;
}

static hf_err carrier(hf_reader *r, hf_builder *b, hf_origin at)
{
    hf_carrier_row row = {hf_reader_text(r, "carrier"), hf_reader_text(r, "unit"), (hf_rule)hf_reader_choice(r, "rule", HF_REACH),
                          hf_reader_yes(r, "directed")};
    return row.carrier ? hf_builder_carrier(b, &row, at) : HF_OK;
}

static hf_err carrier_node(hf_reader *r, hf_builder *b, hf_origin at)
{
    hf_carrier_node_row row = {hf_reader_text(r, "carrier"), hf_reader_text(r, "entity"), hf_reader_number(r, "supply", 0),
                               hf_reader_number(r, "demand", 0), hf_reader_integer(r, "class", 1)};
    return row.carrier && row.entity ? hf_builder_carrier_node(b, &row, at) : HF_OK;
}

static hf_err carrier_line(hf_reader *r, hf_builder *b, hf_origin at)
{
    hf_carrier_line_row row = {hf_reader_text(r, "carrier"),   hf_reader_text(r, "from"),
                               hf_reader_text(r, "to"),        hf_reader_text(r, "entity"),
                               hf_reader_number(r, "capacity", INFINITY), hf_reader_number(r, "reactance", NAN),
                               hf_reader_number(r, "length_km", NAN)};
    return row.carrier && row.from && row.to ? hf_builder_carrier_line(b, &row, at) : HF_OK;
}

static hf_err service_abroad(hf_reader *r, hf_builder *b, hf_origin at)
{
    const char *entity_id = hf_reader_text(r, "entity"), *country = hf_reader_country(r, "country");
    double users = hf_reader_number(r, "users", 0);
    return entity_id && country ? hf_builder_abroad(b, entity_id, country, users, at) : HF_OK;
}

static hf_err hazard(hf_reader *r, hf_builder *b, hf_origin at)
{
    const char *name = hf_reader_text(r, "hazard");
    double frequency = hf_reader_number(r, "frequency_per_year", NAN);
    return name ? hf_builder_hazard(b, name, hf_reader_text(r, "title"), frequency, at) : HF_OK;
}

static hf_err damage(hf_reader *r, hf_builder *b, hf_origin at)
{
    const char *name = hf_reader_text(r, "hazard"), *entity_id = hf_reader_text(r, "entity");
    double probability = hf_reader_number(r, "probability", 1), severity = hf_reader_number(r, "severity", 1);
    double repair_h = hf_reader_number(r, "repair_h", NAN);
    return name && entity_id ? hf_builder_damage(b, name, entity_id, probability, severity, repair_h, at) : HF_OK;
}

static hf_err legal_person(hf_reader *r, hf_builder *b, hf_origin at)
{
    hf_reader_text(r, "id");
    hf_reader_country(r, "country");
    return HF_OK;
}

static const struct {
    const char *resource;
    row_function row;
} rows[] = {{"entities", entity},           {"operators", legal_person},      {"requirements", requirement}, {"supplies", supply},
            {"carriers", carrier},          {"carrier_nodes", carrier_node},  {"carrier_lines", carrier_line},
            {"services_abroad", service_abroad}, {"hazards", hazard},         {"hazard_damage", damage}};

hf_err hf_rows_add(const char *resource, const hf_table *table, hf_builder *builder, hf_diag *diag)
{
    const hf_resource *fields = hf_resource_find(resource);
    row_function add = NULL;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if (strcmp(rows[k].resource, resource) == 0) add = rows[k].row;
    if (!fields || !add) return HF_OK;
    hf_reader r;
    size_t before = hf_diag_count(diag, HF_ERROR);
    hf_reader_init(&r, table, fields, diag);
    if (hf_diag_count(diag, HF_ERROR) > before) return HF_OK; /* without its columns no row can be read */
    for (r.row = 0; r.row < hf_table_rows(table); r.row++) {
        hf_err err = add(&r, builder, (hf_origin){hf_table_file(table), hf_table_line(table, r.row)});
        if (err != HF_OK) return err;
    }
    hf_reader_done(&r);
    return HF_OK;
}
