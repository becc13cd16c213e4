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
    TEXT("source", "where the figures are from, or `assumed`"),
};

static const hf_field hazard_damage[] = {
    ID("hazard", 1, "hazards.hazard", "the hazard"),
    ID("entity", 1, "entities.id", "who is damaged"),
    NUMBER("probability", 0, 1, "", "1", "probability of damage when the hazard happens"),
    NUMBER("severity", 0, 1, "", "1", "functionality lost; 1 is all"),
    NUMBER("repair_h", 0, INFINITY, "h", "the entity's repair_h", "hours to repair this damage"),
};

static const hf_field fragility[] = {
    ID("hazard", 0, "hazards.hazard", "hazard of the footprints it is for; empty: all"),
    CHOICE("sector", 0, HF_SECTORS, "all", "entities it is for"),
    TEXT("subsector", "entities it is for, more closely"),
    {"median", HF_FIELD_NUMBER, 1, 0, INFINITY, "that of intensity", "", "", "", "intensity at which half are damaged, above 0"},
    {"beta", HF_FIELD_NUMBER, 1, 0, INFINITY, "", "", "", "", "spread: sigma of its logarithm, above 0"},
    NUMBER("severity", 0, 1, "", "1", "functionality lost; 1 is all"),
    NUMBER("repair_h", 0, INFINITY, "h", "the entity's repair_h", "hours to repair this damage"),
    TEXT("source", "where the curve is from, or `assumed`"),
};

static const hf_field measures[] = {
    ID("measure", 1, "", "the measure; named again in further rows, it has further effects"),
    TEXT("title", "title for people"),
    CHOICE("kind", 1, "harden|backup|supplier|repair|detect|line|black_start|spare|build_capacity", "",
           "what it does; build_capacity: as in effect, owned by a partner"),
    CHOICE("effect", 0, "harden|backup|supplier|repair|detect|line|black_start|spare", "none", "what a build_capacity measure does"),
    TEXT("target", "entity, a filter such as `country=RS sector=energy`, or entity/requirement (backup, supplier)"),
    NUMBER("cost", 0, INFINITY, "EUR", "none", "what it costs; once a measure"),
    ID("payer", 0, "budgets.payer", "whose budget it is paid from"),
    TEXT("hazards", "hazards or scenarios that harden, detect and spare act against, divided by blanks; empty: all"),
    NUMBER("autonomy_h", 0, INFINITY, "h", "as long as needed", "backup: hours that it lasts"),
    ID("supplier", 0, "entities.id", "supplier: who supplies besides"),
    NUMBER("share", 0, INFINITY, "", "1", "supplier: its share"),
    NUMBER("repair_h", 0, INFINITY, "h", "none", "repair, spare: hours that a repair takes at most"),
    NUMBER("factor", 0, 1, "", "0", "detect: part of the damage that is left"),
    ID("carrier", 0, "carriers.carrier", "line: the flow network"),
    ID("from", 0, "carrier_nodes.entity", "line: one end"),
    ID("to", 0, "carrier_nodes.entity", "line: the other end"),
    NUMBER("capacity", 0, INFINITY, "the carrier's", "no limit", "line: most that can pass"),
    TEXT("requires", "measures without which it cannot be, divided by blanks"),
    TEXT("excludes", "measures with which it cannot be, divided by blanks"),
    NUMBER("cofunding_max", 0, 1, "", "0", "share of the cost that joint funds may carry"),
    NUMBER("lead_time_y", 0, INFINITY, "years", "0", "time until it acts"),
    TEXT("source", "where the row is from, or `assumed`"),
};

static const hf_field budgets[] = {
    ID("payer", 1, "", "who pays"),
    NUMBER("amount", 0, INFINITY, "EUR", "no limit", "how much there is"),
    CHOICE("kind", 0, "own|joint", "own", "joint: a fund that adds to what others pay"),
    TEXT("region_floor", "least spending by region or country, as RS:1000000 BG:500000"),
    TEXT("source", "where the row is from, or `assumed`"),
};

static const hf_field industries[] = {
    ID("region", 1, "", "country or region, as the table names it"),
    ID("industry", 1, "", "industry, as the table names it"),
    {"name", HF_FIELD_TEXT, 0, ANY, "", "", "the industry", "", "name for people"},
    TEXT("code", "NACE Rev. 2 or ISIC Rev. 4"),
    NUMBER("output", 0, INFINITY, "money/year", "what it sells", "gross output"),
    NUMBER("jobs", 0, INFINITY, "people", "0", "people who work in it"),
};

static const hf_field trade[] = {
    ID("region", 1, "industries.region", "region of the seller"),
    ID("industry", 1, "industries.industry", "industry that sells"),
    ID("to_region", 1, "industries.region", "region of the buyer"),
    ID("to_industry", 1, "industries.industry", "industry that buys"),
    {"value", HF_FIELD_NUMBER, 1, ANY, "money/year", "", "", "", "what is sold; pairs without a row are 0"},
};

static const hf_field final_demand[] = {
    ID("region", 1, "industries.region", "region of the seller"),
    ID("industry", 1, "industries.industry", "industry that sells"),
    ID("to_region", 1, "industries.region", "region of the final buyer"),
    ID("category", 1, "", "kind of final demand: households, government, investment, inventories …"),
    {"value", HF_FIELD_NUMBER, 1, ANY, "money/year", "", "", "", "what is sold; below 0 for inventories that shrink"},
};

static const hf_field value_added[] = {
    ID("region", 1, "industries.region", "region of the industry"),
    ID("industry", 1, "industries.industry", "the industry"),
    {"component", HF_FIELD_TEXT, 0, ANY, "", "", "all", "", "wages, taxes, surplus …; the components of an industry are added up"},
    {"value", HF_FIELD_NUMBER, 1, ANY, "money/year", "", "", "", "value added with taxes less subsidies"},
};

static const hf_field industry_links[] = {
    ID("entity", 1, "entities.id", "the entity"),
    ID("region", 1, "industries.region", "region of the industry"),
    ID("industry", 1, "industries.industry", "the industry"),
    CHOICE("link", 0, "carries|follows", "carries", "carries: the industry loses capacity with it; follows: its availability is what the industry delivers"),
    {"capacity_share", HF_FIELD_SHARE, 0, 0, 1, "", "", "1", "", "carries: part of the industry's capacity that is lost with it"},
    TEXT("source", "where the row is from"),
};

static const hf_field corridors[] = {
    ID("corridor", 1, "", "how routes name this gate of trade"),
    {"title", HF_FIELD_TEXT, 0, ANY, "", "", "the corridor", "", "name for people"},
    ID("entity", 0, "entities.id", "the entity whose functionality is the gate's"),
    NUMBER("capacity", 0, INFINITY, "money/year", "no limit", "most that can pass"),
    TEXT("source", "where the row is from"),
};

static const hf_field routes[] = {
    ID("origin", 1, "industries.region", "region that sells"),
    ID("destination", 1, "industries.region", "region that buys"),
    {"industry", HF_FIELD_TEXT, 0, ANY, "", "", "all that have no routes of their own", "industries.industry", "goods of this industry only"},
    ID("route", 1, "", "name of the route"),
    {"share", HF_FIELD_NUMBER, 1, 0, 1, "", "", "", "", "part of the flow that takes it; the routes of a flow add up to 1, one in reserve has 0"},
    {"gates", HF_FIELD_TEXT, 0, ANY, "", "", "none", "corridors.corridor", "corridors that it passes, with ; between them"},
    NUMBER("extra_days", 0, INFINITY, "days", "0", "how much longer than the shortest route"),
    NUMBER("extra_cost", 0, INFINITY, "share of value", "0", "how much dearer than the cheapest route"),
    TEXT("source", "where the row is from"),
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
    {"fragility", "a curve: how likely an entity in a footprint is damaged", "", COUNT(fragility), 0},
    {"measures", "an effect of a measure that can be bought", "", COUNT(measures), 0},
    {"budgets", "money that somebody has for measures", "payer", COUNT(budgets), 0},
    {"industries", "an industry of a region in an input-output table", "region,industry", COUNT(industries), 0},
    {"trade", "a flow between two industries (or, wide, all flows of a seller)", "region,industry,to_region,to_industry", COUNT(trade), 0},
    {"final_demand", "a flow from an industry to final demand (or, wide, all flows of a seller)", "region,industry,to_region,category",
     COUNT(final_demand), 0},
    {"value_added", "value added of an industry", "region,industry,component", COUNT(value_added), 0},
    {"industry_links", "an entity that an industry works with", "entity,region,industry", COUNT(industry_links), 0},
    {"corridors", "a gate of trade: port, crossing, cable, pipeline, canal", "corridor", COUNT(corridors), 0},
    {"routes", "a way that a share of a bilateral flow takes", "origin,destination,industry,route", COUNT(routes), 0},
};

const int hf_resource_count = (int)(sizeof hf_resources / sizeof *hf_resources);

const hf_resource *hf_resource_find(const char *name)
{
    for (int k = 0; k < hf_resource_count; k++)
        if (strcmp(hf_resources[k].name, name) == 0) return &hf_resources[k];
    return NULL;
}
