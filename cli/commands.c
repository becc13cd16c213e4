#include "cli/commands.h"

#include <string.h>

#include "cli/suggest.h"

#define END {NULL, 0, HF_OPTION_FLAG, NULL, NULL, NULL, 0, 0, NULL, false}
#define FLAG(name, letter, meaning) {name, letter, HF_OPTION_FLAG, "", meaning, "", 0, 0, NULL, false}
#define NUMBER(name, argument, fallback, min, max, meaning) {name, 0, HF_OPTION_NUMBER, argument, meaning, fallback, min, max, NULL, false}
#define WHOLE(name, argument, fallback, min, max, meaning) {name, 0, HF_OPTION_WHOLE, argument, meaning, fallback, min, max, NULL, false}
#define TEXTS(name, argument, meaning) {name, 0, HF_OPTION_TEXT, argument, meaning, "", 0, 0, NULL, true}
#define CHOICE(name, argument, choices, meaning) {name, 0, HF_OPTION_CHOICE, argument, meaning, "", 0, 0, choices, false}

static const hf_option common_options[] = {
    FLAG("help", 'h', "Show this help."),
    FLAG("quiet", 'q', "No warnings or notes on standard error; errors are always shown."),
    FLAG("no-color", 0, "No colours. The environment variable NO_COLOR does the same; so does output that is not a terminal."),
    END,
};

static const hf_option json_options[] = {
    FLAG("json", 0, "Print the result as one JSON document."),
    WHOLE("seed", "N", "1", 0, 9007199254740992.0, "Seed of random draws (sweep), recorded in JSON output."),
    WHOLE("threads", "N", "1", 1, 1024, "Threads to use at most. Results never depend on it."),
    END,
};

static const hf_option csv_options[] = {
    FLAG("csv", 0, "Print the result as CSV, one row per entity."),
    END,
};

static const hf_option inject_options[] = {
    TEXTS("fail", "ID[@HOURS][=LEVEL]",
          "Entity ID fails at HOURS (default 0) and keeps LEVEL of its output (0 to 1, default 0). ID may be a filter such as "
          "\"country=RS sector=energy\". May be repeated."),
    {"scenario", 0, HF_OPTION_TEXT, "NAME", "Run the injects of a scenario of the data set.", "", 0, 0, NULL, false},
    {"hazard", 0, HF_OPTION_TEXT, "NAME", "Fail every entity that a hazard of the data set damages, to what its severity leaves.", "", 0, 0, NULL,
     false},
    END,
};

static const hf_option run_options[] = {
    {"horizon", 0, HF_OPTION_NUMBER, "H", "Stop after H hours. Default: the scenario's own horizon, else 720.", "", 0.001, 1e6, NULL, false},
    FLAG("no-repair", 0, "Nothing is repaired by itself; only injects repair."),
    NUMBER("out-below", "X", "0.5", 0.000001, 1, "An entity counts as out while its functionality is below X."),
    END,
};

static const hf_option sweep_options[] = {
    FLAG("pairs", 0, "Every pair of entities instead of every entity alone; pairs whose cascades cannot meet are not run but added up, exactly."),
    WHOLE("samples", "N", "10000", 2, 1e9, "Draw N events from the hazards of the data set, by their yearly frequency (Monte Carlo)."),
    {"hazard", 0, HF_OPTION_TEXT, "NAME", "Draw events of this hazard only.", "", 0, 0, NULL, false},
    NUMBER("relative-error", "X", "", 0.0001, 1, "Stop drawing once the 95 % interval of the mean user-hours is within this part of it."),
    NUMBER("tail", "X", "0.95", 0.5, 0.9999, "Level of the value at risk and of the mean beyond it."),
    CHOICE("by", "WHAT", "user-hours|users|value|out|countries|sectors|excess", "Rank by WHAT. Default: user-hours. `excess` is for pairs: what "
           "they lose beyond the two alone."),
    WHOLE("top", "N", "15", 0, 1000000, "Rows to list; 0 lists all. JSON and CSV of single failures always hold all."),
    END,
};

static const hf_option cutsets_options[] = {
    NUMBER("share", "X", "1", 0.000001, 1, "The target is down when entities that serve at least X of its users are out at one moment (each counts "
           "one where nobody has users)."),
    WHOLE("size", "N", "3", 1, 1000, "Sets of at most N failures."),
    WHOLE("count", "N", "20", 1, 1000000, "List at most N sets."),
    TEXTS("among", "TARGET", "Only these may fail: an id, or a filter such as \"sector=energy country=RS\". May be repeated. Default: every entity, "
          "but a single target not itself."),
    TEXTS("except", "TARGET", "These never fail. May be repeated."),
    {"hazard", 0, HF_OPTION_TEXT, "NAME", "Only what this hazard damages may fail, to what its severity leaves, with its probabilities.", "", 0, 0,
     NULL, false},
    TEXTS("probability", "[TARGET=]P", "Probability (0 to 1) that an entity fails, independent of the others; without TARGET of every entity. May be "
          "repeated, the last one counts."),
    {"within", 0, HF_OPTION_NUMBER, "H", "Down within H hours, with stocks and repairs. Default: the steady state, every stock used up and nothing "
     "repaired.", "", 0.001, 1e6, NULL, false},
    FLAG("no-repair", 0, "Nothing is repaired within those hours."),
    NUMBER("out-below", "X", "0.5", 0.000001, 1, "An entity counts as out while its functionality is below X."),
    END,
};

static const hf_option check_options[] = {
    FLAG("strict", 0, "Warnings count as errors: exit with 3 if there are any."),
    END,
};

static const hf_option show_options[] = {
    FLAG("schema", 0, "Print the JSON Schema of all tables of a data set, or of the one named. Needs no data set."),
    FLAG("fields", 0, "Print the columns of all tables of a data set, or of the one named, with their meaning. Needs no data set."),
    WHOLE("top", "N", "10", 0, 1000000, "Rows in each ranking; 0 shows all."),
    END,
};

static const hf_option cascade_options[] = {
    WHOLE("top", "N", "15", 0, 1000000, "Entities to list, most costly first; 0 lists all. JSON and CSV always hold all."),
    END,
};

static const hf_option diagram_options[] = {
    {"out", 'o', HF_OPTION_FILE, "FILE", "Write to FILE; its ending says what: .dot, .svg, .png or .pdf. Without it DOT goes to standard output.",
     "", 0, 0, NULL, false},
    FLAG("whole", 0, "Draw every entity, however many. Above 150 entities a cascade is drawn without what it does not reach, and a network without a "
         "cascade is collapsed by sector and country."),
    FLAG("only-hit", 0, "Draw only the entities that lose something, also where all would be readable."),
    CHOICE("collapse", "BY", "sector|country|region", "One node per sector in a country, per country or per region, with counts."),
    CHOICE("cluster", "BY", "sector|country|region|none", "Draw boxes around the entities of a country, sector or region. Default: country."),
    END,
};

static const hf_option import_options[] = {
    {"into", 0, HF_OPTION_FILE, "DIR", "Make the package in DIR, which must not exist yet.", "", 0, 0, NULL, false},
    {"map", 0, HF_OPTION_FILE, "MAP.json", "Column map, for the format csv.", "", 0, 0, NULL, false},
    {"country", 0, HF_OPTION_TEXT, "CC", "Country of rows that name none (ISO 3166-1 alpha-2).", "", 0, 0, NULL, false},
    FLAG("list", 0, "List the formats and the files they take."),
    END,
};

static const hf_option *const import_tables[] = {import_options, common_options, NULL};
static const hf_option *const plain_tables[] = {common_options, NULL};
static const hf_option *const check_tables[] = {check_options, json_options, common_options, NULL};
static const hf_option *const show_tables[] = {show_options, json_options, csv_options, common_options, NULL};
static const hf_option *const cascade_tables[] = {inject_options, run_options, cascade_options, json_options, csv_options, common_options, NULL};
static const hf_option *const explain_tables[] = {inject_options, run_options, json_options, common_options, NULL};
static const hf_option *const sweep_tables[] = {sweep_options, run_options, json_options, csv_options, common_options, NULL};
static const hf_option *const cutsets_tables[] = {cutsets_options, json_options, csv_options, common_options, NULL};
static const hf_option *const diagram_tables[] = {inject_options, run_options, diagram_options, common_options, NULL};

static const hf_example check_examples[] = {
    {"holdfast check datasets/data/danube", "what is in it, and is it sound?"},
    {"holdfast check my-data.zip --strict", "for a script that must refuse doubtful data"},
    {NULL, NULL},
};

static const hf_example show_examples[] = {
    {"holdfast show datasets/data/danube", "structure: loops, single points of failure, what most depends on"},
    {"holdfast show datasets/data/danube rs-tso-ems", "what one entity needs, and who needs it"},
    {"holdfast show datasets/data/danube --csv", "all entities, for a spreadsheet"},
    {"holdfast show --fields supplies", "the columns of the table of supply links"},
    {"holdfast show --schema > schema.json", "the same for all tables, for another program"},
    {NULL, NULL},
};

static const hf_example cascade_examples[] = {
    {"holdfast cascade datasets/data/textbook/hospital --fail grid", "the grid is lost: who is out, and when?"},
    {"holdfast cascade datasets/data/danube --fail rs-tso-ems@6=0.3", "from hour 6 only 30 % of its output is left"},
    {"holdfast cascade datasets/data/danube --fail \"country=RS sector=energy\" --no-repair", "a filter, and nothing is repaired"},
    {"holdfast cascade datasets/data/danube --scenario NAME --json > result.json", "for another program"},
    {NULL, NULL},
};

static const hf_example explain_examples[] = {
    {"holdfast explain datasets/data/textbook/hospital hospital --fail grid", "why, and when, does the hospital go out?"},
    {NULL, NULL},
};

static const hf_example diagram_examples[] = {
    {"holdfast diagram datasets/data/textbook/hospital --fail grid --out why.svg", "the cascade as a picture"},
    {"holdfast diagram datasets/data/danube --collapse country --out countries.pdf", "who depends on whom, by country"},
    {"holdfast diagram datasets/data/danube --whole | dot -Tsvg > all.svg", "DOT text for another layout program"},
    {NULL, NULL},
};

static const hf_example sweep_examples[] = {
    {"holdfast sweep datasets/data/danube", "which single failures cost most?"},
    {"holdfast sweep datasets/data/danube --pairs --by excess", "which two together do more than the sum of their parts?"},
    {"holdfast sweep datasets/data/danube --samples 20000 --threads 2", "expected loss over all hazards, with confidence intervals"},
    {"holdfast sweep datasets/data/danube --csv > singles.csv", "one row per initiating entity"},
    {NULL, NULL},
};

static const hf_example cutsets_examples[] = {
    {"holdfast cutsets datasets/data/textbook/theatre lights --hazard demand", "how can the lights go out, and how likely is it?"},
    {"holdfast cutsets datasets/data/danube rs-ukcs", "which failures take the university hospital down in the end?"},
    {"holdfast cutsets datasets/data/danube \"sector=health country=RS\" --share 0.5 --within 24", "half of a service within a day"},
    {"holdfast cutsets datasets/data/danube rs-ukcs --among sector=energy --json", "only failures of energy; for another program"},
    {NULL, NULL},
};

static const hf_example import_examples[] = {
    {"holdfast import --list", "which formats are there?"},
    {"holdfast import entsoe buses.csv lines.csv generators.csv --into grid", "the European transmission grid"},
    {"holdfast import graph Telecomserbia.graphml --country RS --into rs-net", "a data network of the Topology Zoo"},
    {"holdfast import csv plants.csv --map map.json --into plants", "anything else, by a column map"},
    {NULL, NULL},
};

static const hf_example help_examples[] = {
    {"holdfast help cascade", "how to run a what-if"},
    {NULL, NULL},
};

static const hf_example completion_examples[] = {
    {"source <(holdfast completion bash)", "complete commands and options in this shell"},
    {NULL, NULL},
};

const hf_command hf_commands[] = {
    {"check", "read a data set, list every error and warning, print a summary", "DATASET", 1, 1,
     "Reads a data set (a folder with datapackage.json, or a .zip of it) and prints every finding at once, each with file, line and column, "
     "then what the data set holds: entities by sector and country, requirements, supply links, carriers and scenarios.",
     check_tables, check_examples, hf_cmd_check},
    {"show", "show what a data set holds, its weak points, or one entity", "DATASET [ENTITY]", 0, 2,
     "Without ENTITY: the structure of the network: loops of entities that need each other, single points of failure, hubs, and what most "
     "others depend on. With ENTITY: what it needs, who supplies it, how long it lasts without, and who needs it.",
     show_tables, show_examples, hf_cmd_show},
    {"cascade", "what fails next, when, and what does it cost?", "DATASET", 1, 1,
     "Fails what --fail, --scenario and --hazard name, and follows the consequences to the horizon: who is out after 0, 2, 6, 12, 24, 72 and "
     "168 hours, who is back when, and what is lost by sector and country. Event times are exact; there is no time step.",
     cascade_tables, cascade_examples, hf_cmd_cascade},
    {"explain", "why did this entity fail?", "DATASET ENTITY", 2, 2,
     "Runs the same cascade as the command of that name and prints the causes of one entity's loss as a tree: what it lacked, since when, who "
     "failed to supply it, and so on back to the first failures.",
     explain_tables, explain_examples, hf_cmd_explain},
    {"cutsets", "the smallest sets of failures that take an entity or a service down", "DATASET [TARGET]", 1, 2,
     "Lists the sets of failures that take TARGET down, smallest first: an entity, or all that a filter such as \"sector=health country=RS\" names, "
     "or, with --share and no TARGET, part of all users. The list is exact: no set of up to --size failures is missing, each was run, and none holds "
     "a smaller one. With --hazard or --probability it comes with the probability that TARGET goes down. Ctrl-C stops early and keeps what is found.",
     cutsets_tables, cutsets_examples, hf_cmd_cutsets},
    {"sweep", "which failures matter most: every entity, every pair, or events drawn from hazards", "DATASET", 1, 1,
     "Runs one cascade after the other on the same network and ranks what they cost. Without further options every entity fails alone; with "
     "--pairs every two together; with --samples or --hazard events are drawn from the hazards (who is damaged, and how long its repair "
     "takes), and means, value at risk and the mean beyond it come with 95 % intervals. The result does not depend on --threads. Ctrl-C "
     "stops early and keeps what is done.",
     sweep_tables, sweep_examples, hf_cmd_sweep},
    {"diagram", "draw the network or a cascade as DOT, SVG, PNG or PDF", "DATASET", 1, 1,
     "Draws the cascade of --fail, --scenario or --hazard if one is given, else the network. What does not fit a readable picture is "
     "collapsed or left out, and standard error says what.",
     diagram_tables, diagram_examples, hf_cmd_diagram},
    {"import", "make a data package of public files", "FORMAT FILES…", 0, 1000,
     "Reads files of another format and makes a data package of them in a new folder. Rows that cannot be used are counted and named. The folder is "
     "there whole or not at all.",
     import_tables, import_examples, hf_cmd_import},
    {"help", "show help for a command", "[COMMAND]", 0, 1, "Without COMMAND: the list of commands.", plain_tables, help_examples, hf_cmd_help},
    {"completion", "print a completion script for a shell", "bash", 1, 1, "The script is made from the same table as this help.", plain_tables,
     completion_examples, hf_cmd_completion},
};

const int hf_command_count = (int)(sizeof hf_commands / sizeof *hf_commands);

const hf_command *hf_command_find(const char *name)
{
    for (int i = 0; i < hf_command_count; i++)
        if (strcmp(hf_commands[i].name, name) == 0) return &hf_commands[i];
    return NULL;
}

const char *hf_command_nearest(const char *name)
{
    hf_nearest nearest;
    hf_nearest_start(&nearest, name, strlen(name));
    for (int i = 0; i < hf_command_count; i++) hf_nearest_offer(&nearest, hf_commands[i].name);
    return nearest.best;
}
