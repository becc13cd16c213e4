/* What there is in a synthetic country, and what it needs. Assumed, after the sectors' usual questionnaires. */
#include "datasets/synth/inside.h"

const hf_synth_kind_facts hf_synth_kinds[SYNTH_KINDS] = {
    {"sub", "Substation", "energy", "electricity", 0.22, 1.0, 0.3, 24},
    {"plant", "Power plant", "energy", "electricity", 0.03, 0, 0, 72},
    {"gas", "Gas station", "energy", "gas", 0.07, 0.4, 0.1, 48},
    {"ex", "Telephone exchange", "digital", "telecommunications", 0.12, 0.95, 0.1, 24},
    {"dc", "Data centre", "digital", "data centre", 0.02, 0.3, 0.05, 24},
    {"water", "Water works", "drinking_water", "drinking water", 0.10, 0.98, 0.05, 36},
    {"sew", "Sewage works", "waste_water", "waste water", 0.06, 0.9, 0.02, 48},
    {"hosp", "Hospital", "health", "hospital", 0.09, 0.05, 1.0, 24},
    {"stat", "Station", "transport", "rail", 0.10, 0.1, 0.2, 24},
    {"bank", "Bank", "banking", "credit institution", 0.05, 0.8, 0.05, 12},
    {"office", "Public office", "administration", "public administration", 0.06, 0.5, 0.02, 24},
    {"food", "Food store", "food", "wholesale", 0.08, 0.9, 0.05, 24},
};

const hf_synth_rule hf_synth_rules[] = {
    {SYNTH_PLANT, "control", SYNTH_EXCHANGE, 2, 1, "8:0.3", "cyber"},
    {SYNTH_SUBSTATION, "control", SYNTH_EXCHANGE, 2, 1, "12:0.2", "cyber"},
    {SYNTH_GAS, "power", SYNTH_SUBSTATION, 1, 1, "4:0.5", "physical"},
    {SYNTH_EXCHANGE, "power", SYNTH_SUBSTATION, 1, 1, "4:0.4 24:1", "physical"},
    {SYNTH_DATA_CENTRE, "power", SYNTH_SUBSTATION, 2, 1, "48:1", "physical"},
    {SYNTH_DATA_CENTRE, "network", SYNTH_EXCHANGE, 2, 1, "0:1", "cyber"},
    {SYNTH_WATER, "power", SYNTH_SUBSTATION, 1, 1, "12:0.6 36:1", "physical"},
    {SYNTH_WATER, "telemetry", SYNTH_EXCHANGE, 1, 1, "24:0.2", "cyber"},
    {SYNTH_SEWAGE, "power", SYNTH_SUBSTATION, 1, 1, "6:0.6 24:1", "physical"},
    {SYNTH_HOSPITAL, "power", SYNTH_SUBSTATION, 1, 1, "48:1", "physical"},
    {SYNTH_HOSPITAL, "water", SYNTH_WATER, 1, 1, "12:0.5 48:1", "physical"},
    {SYNTH_HOSPITAL, "network", SYNTH_EXCHANGE, 2, 1, "8:0.2", "cyber"},
    {SYNTH_TRANSPORT, "power", SYNTH_SUBSTATION, 2, 1, "1:0.8", "physical"},
    {SYNTH_TRANSPORT, "signalling", SYNTH_EXCHANGE, 1, 1, "2:0.5", "cyber"},
    {SYNTH_BANK, "power", SYNTH_SUBSTATION, 1, 1, "24:1", "physical"},
    {SYNTH_BANK, "data", SYNTH_DATA_CENTRE, 2, 1, "0:1", "cyber"},
    {SYNTH_OFFICE, "power", SYNTH_SUBSTATION, 1, 1, "24:0.8", "physical"},
    {SYNTH_OFFICE, "data", SYNTH_DATA_CENTRE, 2, 1, "4:0.6", "cyber"},
    {SYNTH_FOOD, "power", SYNTH_SUBSTATION, 1, 1, "6:0.5 24:0.9", "physical"},
    {SYNTH_FOOD, "payment", SYNTH_BANK, 3, 2, "2:0.3", "logical"},
};
const int hf_synth_rule_count = sizeof hf_synth_rules / sizeof *hf_synth_rules;
