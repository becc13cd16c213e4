/* What every column means. The one place to change when a column is added. */
#include "datasets/fields.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define ANY -INFINITY, INFINITY
#define ID(name, needed, refers, meaning) {name, HF_FIELD_ID, needed, ANY, "", "", "", refers, meaning}
#define TEXT(name, meaning) {name, HF_FIELD_TEXT, 0, ANY, "", "", "none", "", meaning}
#define NUMBER(name, low, high, unit, fallback, meaning) {name, HF_FIELD_NUMBER, 0, low, high, unit, "", fallback, "", meaning}
#define CHOICE(name, needed, choices, fallback, meaning) {name, HF_FIELD_CHOICE, needed, ANY, "", choices, fallback, "", meaning}
#define YES_NO(name, meaning) {name, HF_FIELD_YES_NO, 0, ANY, "", "", "no", "", meaning}
#define CLASS(meaning) {"class", HF_FIELD_INTEGER, 0, 1, INFINITY, "", "", "1", "", meaning}
#define COUNTRY(meaning) {"country", HF_FIELD_COUNTRY, 1, ANY, "", "", "", "", meaning}
#define COUNT(fields) fields, (int)(sizeof fields / sizeof *fields)

static const hf_field entities[] = {
    ID("id", 1, "", "how the other tables name it"),
    {"name", HF_FIELD_TEXT, 0, ANY, "", "", "the id", "", "name for people, in any script"},
    CHOICE("sector", 1, HF_SECTORS, "", "sector of the Directive's annex"),
    COUNTRY("state it is located in"),
    TEXT("subsector", "subsector of the annex, or a finer kind of your own"),
    TEXT("essential_service", "service of Delegated Regulation (EU) 2023/2450"),
    TEXT("operator", "who runs it (id in operators)"),
    TEXT("region", "NUTS, JIS X 0401 or ISO 3166-2"),
    NUMBER("lat", -90, 90, "degrees", "none", "latitude, WGS 84"),
    NUMBER("lon", -180, 180, "degrees", "none", "longitude, WGS 84"),
    NUMBER("users", 0, INFINITY, "people", "0", "people who rely on it"),
    NUMBER("market_share", 0, 1, "", "none", "share of its market"),
    NUMBER("value_eur_h", 0, INFINITY, "EUR/h", "0", "value lost in an hour of full outage"),
    NUMBER("weight", 0, INFINITY, "", "users, else market_share, else 1", "what it counts in its sector's inoperability"),
    NUMBER("repair_h", 0, INFINITY, "h", "not repaired by itself", "median hours to repair after own damage"),
    NUMBER("repair_sigma", 0, INFINITY, "", "0", "spread of the repair time: sigma of its logarithm"),
    NUMBER("restart_h", 0, INFINITY, "h", "0", "hours its conditions must hold before it restarts"),
    NUMBER("restart_below", 0, 1, "", "0.5", "functionality below which it needs a restart"),
    YES_NO("black_start", "can start without its suppliers"),
    YES_NO("isolated", "serves an insular, remote or mountainous area"),
    YES_NO("confidential", "leave its name out of what is shared"),
    TEXT("source", "where the row is from, or `assumed`"),
    NUMBER("confidence", 0, 1, "", "1", "how sure the row is"),
};

static const hf_field operators[] = {
    ID("id", 1, "", "how entities name it"),
    {"name", HF_FIELD_TEXT, 0, ANY, "", "", "the id", "", "name for people"},
    COUNTRY("state it is established in"),
    TEXT("lei", "legal entity identifier"),
    TEXT("kind", "public, private …"),
    TEXT("nis2_class", "essential, important"),
    TEXT("source", "where the row is from"),
};

static const hf_field requirements[] = {
    ID("entity", 1, "entities.id", "who needs it"),
    ID("requirement", 1, "", "what is needed: power, water, staff …"),
    CHOICE("kind", 0, "physical|cyber|geographic|logical", "physical", "kind of dependency"),
    CHOICE("response", 0, "linear|threshold", "linear", "how partial supply acts"),
    NUMBER("threshold", 0, 1, "", "1", "for threshold: the supply that counts as full"),
    {"curve", HF_FIELD_CURVE, 0, ANY, "h:loss", "", "0:1", "", "share of functionality lost after hours without supply, as 12:1 or 1:0.3 24:0.8"},
    {"refill", HF_FIELD_RATE, 0, 0, INFINITY, "h/h", "", "1", "", "hours of autonomy regained per hour of full supply, or inf"},
    TEXT("source", "where the row is from"),
    NUMBER("confidence", 0, 1, "", "1", "how sure the row is"),
};

static const hf_field supplies[] = {
    ID("entity", 1, "requirements.entity", "who is supplied"),
    ID("requirement", 1, "requirements.requirement", "with what"),
    ID("supplier", 1, "entities.id", "by whom"),
    {"share", HF_FIELD_SHARE, 0, 0, INFINITY, "", "", "1", "", "part of the requirement it can cover alone; 1/k for k of n"},
    NUMBER("demand", 0, INFINITY, "any", "1", "what the link asks of its supplier, to divide a shortage"),
    CLASS("shedding class; 1 is served first"),
    NUMBER("distance_km", 0, INFINITY, "km", "none", "length of the link"),
    TEXT("derived", "rule that found the link"),
    TEXT("source", "where the row is from"),
    NUMBER("confidence", 0, 1, "", "1", "how sure the row is"),
};

static const hf_field carriers[] = {
    ID("carrier", 1, "", "name of the flow network"),
    {"unit", HF_FIELD_TEXT, 0, ANY, "", "", "none", "", "unit of supply, demand and capacity: MW, m3/d …"},
    CHOICE("rule", 1, "reach|balance|flow|dc", "", "how supply is shared out"),
    YES_NO("directed", "lines lead from `from` to `to` only"),
};

static const hf_field carrier_nodes[] = {
    ID("carrier", 1, "carriers.carrier", "the flow network"),
    ID("entity", 1, "entities.id", "the entity that is a node of it"),
    NUMBER("supply", 0, INFINITY, "the carrier's", "0", "what it can feed in"),
    NUMBER("demand", 0, INFINITY, "the carrier's", "0", "what it takes out when all is well"),
    CLASS("shedding class; 1 is served first"),
};

static const hf_field carrier_lines[] = {
    ID("carrier", 1, "carriers.carrier", "the flow network"),
    ID("from", 1, "carrier_nodes.entity", "one end"),
    ID("to", 1, "carrier_nodes.entity", "the other end"),
    NUMBER("capacity", 0, INFINITY, "the carrier's", "no limit", "most that can pass (rules flow and dc)"),
    NUMBER("reactance", 0, INFINITY, "per unit", "none", "series reactance, above 0 (rule dc)"),
    ID("entity", 0, "entities.id", "the entity that is the line, if it can fail"),
    NUMBER("length_km", 0, INFINITY, "km", "none", "length"),
};

static const hf_field services_abroad[] = {
    ID("entity", 1, "entities.id", "who serves"),
    COUNTRY("state in which the users are"),
    {"users", HF_FIELD_NUMBER, 1, 0, INFINITY, "people", "", "", "", "users there"},
};

static const hf_field hazards[] = {
    ID("hazard", 1, "", "how other tables name it"),
    {"title", HF_FIELD_TEXT, 0, ANY, "", "", "the name", "", "title for people"},
    NUMBER("frequency_per_year", 0, INFINITY, "1/year", "none", "how often it happens"),
};

static const hf_field hazard_damage[] = {
    ID("hazard", 1, "hazards.hazard", "the hazard"),
    ID("entity", 1, "entities.id", "who is damaged"),
    NUMBER("probability", 0, 1, "", "1", "probability of damage when the hazard happens"),
    NUMBER("severity", 0, 1, "", "1", "functionality lost; 1 is all"),
    NUMBER("repair_h", 0, INFINITY, "h", "the entity's repair_h", "hours to repair this damage"),
};

const hf_resource hf_resources[] = {
    {"entities", "an operator, facility or service node", "id", COUNT(entities), 1},
    {"operators", "a legal person that owns entities", "id", COUNT(operators), 0},
    {"requirements", "one thing an entity needs", "entity,requirement", COUNT(requirements), 0},
    {"supplies", "a supplier that can meet a requirement", "entity,requirement,supplier", COUNT(supplies), 0},
    {"carriers", "a flow network: power, gas, water, fibre, rail", "carrier", COUNT(carriers), 0},
    {"carrier_nodes", "an entity that is a node of a carrier", "carrier,entity", COUNT(carrier_nodes), 0},
    {"carrier_lines", "a line between two nodes of a carrier", "", COUNT(carrier_lines), 0},
    {"services_abroad", "users an entity serves in another state", "entity,country", COUNT(services_abroad), 0},
    {"hazards", "a hazard with a yearly frequency", "hazard", COUNT(hazards), 0},
    {"hazard_damage", "an entity that a hazard damages", "hazard,entity", COUNT(hazard_damage), 0},
};

const int hf_resource_count = (int)(sizeof hf_resources / sizeof *hf_resources);

const hf_resource *hf_resource_find(const char *name)
{
    for (int k = 0; k < hf_resource_count; k++)
        if (strcmp(hf_resources[k].name, name) == 0) return &hf_resources[k];
    return NULL;
}

int hf_resource_in_key(const hf_resource *resource, const char *column)
{
    size_t length = strlen(column);
    for (const char *at = resource->key; *at;) {
        size_t n = strcspn(at, ",");
        if (n == length && strncmp(at, column, n) == 0) return 1;
        at += n + (at[n] == ',');
    }
    return 0;
}
