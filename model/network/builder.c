/* Taking in rows: ranges are checked here, references when the rows are compiled. */
#include "model/network/builder.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "model/network/build.h"

hf_entity_row hf_entity_row_default(void)
{
    return (hf_entity_row){.weight = NAN, .market_share = NAN, .lat = NAN, .lon = NAN, .repair_h = NAN, .restart_below = 0.5};
}

hf_requirement_row hf_requirement_row_default(void)
{
    return (hf_requirement_row){.kind = HF_PHYSICAL, .response = HF_LINEAR, .threshold = 1, .refill = 1};
}

hf_supply_row hf_supply_row_default(void)
{
    return (hf_supply_row){.share = 1, .demand = 1, .shed_class = 1};
}

hf_err hf_builder_new(hf_diag *diag, hf_builder **ret_builder)
{
    hf_err err = HF_OK;
    hf_builder *b = hf_calloc(1, sizeof *b);
    if (!b) return HF_E_NOMEM;
    b->diag = diag;
    hf_idmap **maps[] = {&b->sectors, &b->subsectors, &b->countries, &b->regions, &b->owners, &b->labels, &b->curves, &b->carriers, &b->hazards};
    for (size_t k = 0; k < sizeof maps / sizeof *maps; k++) HF_TRY(hf_idmap_new(maps[k]));
    b->memory = hf_calloc(1, sizeof *b->memory);
    if (!b->memory) HF_TRY(HF_E_NOMEM);
    hf_arena_init(&b->memory->arena);
    HF_TRY(hf_idmap_new(&b->memory->ids));
    b->net = hf_arena_calloc(&b->memory->arena, 1, sizeof *b->net);
    if (!b->net) err = HF_E_NOMEM;
out:
    if (err != HF_OK) hf_builder_free(b);
    else *ret_builder = b;
    return err;
}

void hf_builder_free(hf_builder *b)
{
    if (!b) return;
    hf_idmap *maps[] = {b->sectors, b->subsectors, b->countries, b->regions, b->owners, b->labels, b->curves, b->carriers, b->hazards};
    for (size_t k = 0; k < sizeof maps / sizeof *maps; k++) hf_idmap_free(maps[k]);
    void *arrays[] = {b->entities.row, b->requirements.row, b->supplies.row,    b->carrier_rows.row, b->nodes.row,
                      b->lines.row,    b->abroad.row,       b->hazard_rows.row, b->damage.row,       b->requirement_row, b->line_at,
                      b->country_rank, b->label_rank,       b->carrier_rank,    b->hazard_rank};
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) hf_free(arrays[k]);
    if (b->memory) {
        hf_idmap_free(b->memory->ids);
        hf_free(b->memory->rank);
        hf_arena_done(&b->memory->arena); /* the unfinished network lies in it */
        hf_free(b->memory);
    }
    hf_free(b);
}

static void finding(hf_builder *b, hf_severity severity, hf_err code, hf_row_origin at, const char *format, va_list args)
{
    char text[512];
    vsnprintf(text, sizeof text, format, args);
    hf_diag_add(b->diag, severity, code, at.file < 0 ? NULL : b->files[at.file], at.line, at.line > 0, "%s", text);
}

void hf_build_error(hf_builder *b, hf_row_origin at, hf_err code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    finding(b, HF_ERROR, code, at, format, args);
    va_end(args);
    b->errors++;
}

void hf_build_warn(hf_builder *b, hf_row_origin at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    finding(b, HF_WARNING, HF_OK, at, format, args);
    va_end(args);
}

/* Rows name their file by number: a builder of millions of rows sees a handful of files, one after the other. */
static hf_row_origin origin(hf_builder *b, hf_origin at)
{
    if (!at.file) return (hf_row_origin){-1, at.line};
    for (int k = b->n_files - 1; k >= 0; k--)
        if (b->files[k] == at.file) return (hf_row_origin){k, at.line};
    if (b->n_files == HF_BUILD_FILES) return (hf_row_origin){-1, at.line};
    b->files[b->n_files] = at.file;
    return (hf_row_origin){b->n_files++, at.line};
}

/* Number of a text in a map; -1 when it is not given. */
static hf_err number_of(hf_idmap *map, const char *text, int *ret_number)
{
    *ret_number = -1;
    return text && *text ? hf_idmap_intern(map, text, strlen(text), ret_number, NULL) : HF_OK;
}

/* As above for a text that must be given; *ret_number is -1, with an error, when it is not. */
static hf_err needed(hf_builder *b, hf_idmap *map, const char *text, const char *field, hf_row_origin at, int *ret_number)
{
    if (!text || !*text) hf_build_error(b, at, HF_E_MISSING, "%s is empty", field);
    return number_of(map, text, ret_number);
}

/* A copy that lives as long as the network; texts that repeat an id are not copied by the caller. */
static hf_err copy(hf_builder *b, const char *text, const char **ret_copy)
{
    *ret_copy = text && *text ? hf_arena_strndup(&b->memory->arena, text, strlen(text)) : "";
    return *ret_copy ? HF_OK : HF_E_NOMEM;
}

static bool range(hf_builder *b, hf_row_origin at, const char *field, double value, double low, double high)
{
    if (value >= low && value <= high) return true;
    if (isinf(high)) hf_build_error(b, at, HF_E_RANGE, "%s %g is out of range (allowed: %g or more)", field, value, low);
    else hf_build_error(b, at, HF_E_RANGE, "%s %g is out of range (allowed: %g to %g)", field, value, low, high);
    return false;
}

/* As range(), where NaN stands for "not given". */
static bool range_or_none(hf_builder *b, hf_row_origin at, const char *field, double value, double low, double high)
{
    return isnan(value) || range(b, at, field, value, low, high);
}

static bool finite_or_more(hf_builder *b, hf_row_origin at, const char *field, double value)
{
    if (isfinite(value)) return range(b, at, field, value, 0, INFINITY);
    hf_build_error(b, at, HF_E_RANGE, "%s %g is out of range (allowed: a finite number of 0 or more)", field, value);
    return false;
}

static bool positive(hf_builder *b, hf_row_origin at, const char *field, double value, bool may_be_infinite)
{
    if (value > 0 && (may_be_infinite || isfinite(value))) return true;
    hf_build_error(b, at, HF_E_RANGE, "%s %g is out of range (allowed: above 0)", field, value);
    return false;
}

static bool class_check(hf_builder *b, hf_row_origin at, int shed_class)
{
    if (shed_class >= 1) return true;
    hf_build_error(b, at, HF_E_RANGE, "class %d is out of range (allowed: 1 or more)", shed_class);
    return false;
}

#define APPEND(rows, value)                                                                                                                \
    do {                                                                                                                                   \
        hf_err grown = hf_grow((void **)&(rows).row, &(rows).capacity, (rows).n + 1, sizeof *(rows).row);                                  \
        if (grown != HF_OK) return grown;                                                                                                  \
        (rows).row[(rows).n++] = (value);                                                                                                  \
    } while (0)

static bool entity_check(hf_builder *b, const hf_entity_row *row, hf_row_origin at)
{
    bool ok = finite_or_more(b, at, "users", row->users);
    ok &= finite_or_more(b, at, "value_eur_h", row->value_eur_h);
    ok &= range_or_none(b, at, "weight", row->weight, 0, INFINITY);
    ok &= range_or_none(b, at, "market_share", row->market_share, 0, 1);
    ok &= range_or_none(b, at, "lat", row->lat, -90, 90);
    ok &= range_or_none(b, at, "lon", row->lon, -180, 180);
    ok &= range_or_none(b, at, "repair_h", row->repair_h, 0, INFINITY);
    ok &= finite_or_more(b, at, "repair_sigma", row->repair_sigma);
    ok &= finite_or_more(b, at, "restart_h", row->restart_h);
    ok &= range(b, at, "restart_below", row->restart_below, 0, 1);
    return ok;
}

hf_err hf_builder_entity(hf_builder *b, const hf_entity_row *row, hf_origin where)
{
    hf_err err = HF_OK;
    hf_row_entity to = {.users = row->users, .value_eur_h = row->value_eur_h, .weight = row->weight, .market_share = row->market_share,
                        .lat = row->lat, .lon = row->lon, .repair_h = row->repair_h, .repair_sigma = row->repair_sigma, .restart_h = row->restart_h,
                        .restart_below = row->restart_below, .black_start = row->black_start, .isolated = row->isolated,
                        .confidential = row->confidential, .at = origin(b, where)};
    entity_check(b, row, to.at); /* the row stays, so that what refers to it is not called unknown */
    HF_TRY(needed(b, b->memory->ids, row->id, "id", to.at, &to.id));
    HF_TRY(needed(b, b->sectors, row->sector, "sector", to.at, &to.sector));
    HF_TRY(needed(b, b->countries, row->country, "country", to.at, &to.country));
    if (to.id < 0 || to.sector < 0 || to.country < 0) return HF_OK;
    HF_TRY(number_of(b->subsectors, row->subsector, &to.subsector));
    HF_TRY(number_of(b->regions, row->region, &to.region));
    HF_TRY(number_of(b->owners, row->owner, &to.owner));
    HF_TRY(copy(b, row->name && *row->name ? row->name : row->id, &to.name));
    APPEND(b->entities, to);
out:
    return err;
}

hf_err hf_builder_requirement(hf_builder *b, const hf_requirement_row *row, hf_origin where)
{
    hf_err err = HF_OK;
    hf_row_requirement to = {.kind = (unsigned char)row->kind, .response = (unsigned char)row->response, .threshold = row->threshold,
                             .refill = row->refill, .at = origin(b, where)};
    range(b, to.at, "threshold", row->threshold, 0, 1);
    positive(b, to.at, "refill", row->refill, true);
    HF_TRY(needed(b, b->memory->ids, row->entity, "entity", to.at, &to.entity));
    HF_TRY(needed(b, b->labels, row->requirement, "requirement", to.at, &to.label));
    HF_TRY(number_of(b->curves, row->curve && *row->curve ? row->curve : "0:1", &to.curve));
    if (to.entity < 0 || to.label < 0) return HF_OK;
    APPEND(b->requirements, to);
out:
    return err;
}

hf_err hf_builder_supply(hf_builder *b, const hf_supply_row *row, hf_origin where)
{
    hf_err err = HF_OK;
    hf_row_supply to = {.shed_class = row->shed_class, .share = row->share, .demand = row->demand, .at = origin(b, where)};
    positive(b, to.at, "share", row->share, false);
    positive(b, to.at, "demand", row->demand, false);
    class_check(b, to.at, row->shed_class);
    HF_TRY(needed(b, b->memory->ids, row->entity, "entity", to.at, &to.entity));
    HF_TRY(needed(b, b->labels, row->requirement, "requirement", to.at, &to.label));
    HF_TRY(needed(b, b->memory->ids, row->supplier, "supplier", to.at, &to.supplier));
    if (to.entity < 0 || to.label < 0 || to.supplier < 0) return HF_OK;
    if (to.entity == to.supplier) {
        hf_build_error(b, to.at, HF_E_RANGE, "%s supplies itself with \"%s\" (allowed: another entity)", row->entity, row->requirement);
        return HF_OK;
    }
    APPEND(b->supplies, to);
out:
    return err;
}

hf_err hf_builder_carrier(hf_builder *b, const hf_carrier_row *row, hf_origin where)
{
    hf_err err = HF_OK;
    hf_row_carrier to = {.rule = row->rule, .directed = row->directed, .at = origin(b, where)};
    HF_TRY(needed(b, b->carriers, row->carrier, "carrier", to.at, &to.carrier));
    if (to.carrier < 0) return HF_OK;
    HF_TRY(copy(b, row->unit, &to.unit));
    APPEND(b->carrier_rows, to);
out:
    return err;
}

hf_err hf_builder_carrier_node(hf_builder *b, const hf_carrier_node_row *row, hf_origin where)
{
    hf_err err = HF_OK;
    hf_row_node to = {.shed_class = row->shed_class, .supply = row->supply, .demand = row->demand, .at = origin(b, where)};
    finite_or_more(b, to.at, "supply", row->supply);
    finite_or_more(b, to.at, "demand", row->demand);
    class_check(b, to.at, row->shed_class);
    HF_TRY(needed(b, b->carriers, row->carrier, "carrier", to.at, &to.carrier));
    HF_TRY(needed(b, b->memory->ids, row->entity, "entity", to.at, &to.entity));
    if (to.carrier < 0 || to.entity < 0) return HF_OK;
    APPEND(b->nodes, to);
out:
    return err;
}

hf_err hf_builder_carrier_line(hf_builder *b, const hf_carrier_line_row *row, hf_origin where)
{
    hf_err err = HF_OK;
    hf_row_line to = {.capacity = row->capacity, .reactance = row->reactance, .length_km = row->length_km, .at = origin(b, where)};
    range(b, to.at, "capacity", row->capacity, 0, INFINITY);
    if (!isnan(row->reactance)) positive(b, to.at, "reactance", row->reactance, false);
    range_or_none(b, to.at, "length_km", row->length_km, 0, INFINITY);
    HF_TRY(needed(b, b->carriers, row->carrier, "carrier", to.at, &to.carrier));
    HF_TRY(needed(b, b->memory->ids, row->from, "from", to.at, &to.from));
    HF_TRY(needed(b, b->memory->ids, row->to, "to", to.at, &to.to));
    HF_TRY(number_of(b->memory->ids, row->entity, &to.entity));
    if (to.carrier < 0 || to.from < 0 || to.to < 0) return HF_OK;
    if (to.from == to.to) {
        hf_build_error(b, to.at, HF_E_RANGE, "a line of carrier %s leads from %s to itself (allowed: another node)", row->carrier, row->from);
        return HF_OK;
    }
    APPEND(b->lines, to);
out:
    return err;
}

hf_err hf_builder_abroad(hf_builder *b, const char *entity, const char *country, double users, hf_origin where)
{
    hf_err err = HF_OK;
    hf_row_abroad to = {.users = users, .at = origin(b, where)};
    finite_or_more(b, to.at, "users", users);
    HF_TRY(needed(b, b->memory->ids, entity, "entity", to.at, &to.entity));
    HF_TRY(needed(b, b->countries, country, "country", to.at, &to.country));
    if (to.entity < 0 || to.country < 0) return HF_OK;
    APPEND(b->abroad, to);
out:
    return err;
}

hf_err hf_builder_hazard(hf_builder *b, const char *hazard, const char *title, double frequency_per_year, hf_origin where)
{
    hf_err err = HF_OK;
    hf_row_hazard to = {.frequency = frequency_per_year, .at = origin(b, where)};
    range_or_none(b, to.at, "frequency_per_year", frequency_per_year, 0, INFINITY);
    HF_TRY(needed(b, b->hazards, hazard, "hazard", to.at, &to.hazard));
    if (to.hazard < 0) return HF_OK;
    HF_TRY(copy(b, title && *title ? title : hazard, &to.title));
    APPEND(b->hazard_rows, to);
out:
    return err;
}

hf_err hf_builder_damage(hf_builder *b, const char *hazard, const char *entity, double probability, double severity, double repair_h,
                         hf_origin where)
{
    hf_err err = HF_OK;
    hf_row_damage to = {.probability = probability, .severity = severity, .repair_h = repair_h, .at = origin(b, where)};
    range(b, to.at, "probability", probability, 0, 1);
    range(b, to.at, "severity", severity, 0, 1);
    range_or_none(b, to.at, "repair_h", repair_h, 0, INFINITY);
    HF_TRY(needed(b, b->hazards, hazard, "hazard", to.at, &to.hazard));
    HF_TRY(needed(b, b->memory->ids, entity, "entity", to.at, &to.entity));
    if (to.hazard < 0 || to.entity < 0) return HF_OK;
    APPEND(b->damage, to);
out:
    return err;
}
