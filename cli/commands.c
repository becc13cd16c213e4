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
    {"sets", 0, HF_OPTION_FILE, "FILE", "Sets of entities from a file, one a line, ids divided by blanks; each fails together.", "", 0, 0, NULL, false},
    WHOLE("samples", "N", "10000", 2, 1e9, "Draw N events from the hazards of the data set, by their yearly frequency (Monte Carlo)."),
    {"hazard", 0, HF_OPTION_TEXT, "NAME", "Draw events of this hazard only.", "", 0, 0, NULL, false},
    NUMBER("relative-error", "X", "", 0.0001, 1, "Stop drawing once the 95 % interval of the mean user-hours (--steady: users) is within this part of it."),
    NUMBER("tail", "X", "0.95", 0.5, 0.9999, "Level of the value at risk and of the mean beyond it."),
    FLAG("uncertain-links", 0, "Every event also draws which doubtful requirements and links are there, by their confidence."),
    FLAG("steady", 0, "In the end, whatever the hours: every stock is used up and nothing is repaired; losses are those of an hour. 512 cascades are run at "
         "once where network and hazards allow it exactly, and the output says whether."),
    WHOLE("doubt", "N", "200", 2, 1000000, "Draw N versions of the network in which every link is there with its confidence, and say between which ranks each "
          "entity stands."),
    CHOICE("by", "WHAT", "user-hours|users|value|out|countries|sectors|worst-hour|excess", "Rank by WHAT. Default: user-hours. `worst-hour`: the "
           "earliest first, which leaves the least time to act. `excess` is for pairs: what they lose beyond the two alone."),
    WHOLE("top", "N", "15", 0, 1000000, "Rows to list; 0 lists all. JSON and CSV of single failures always hold all."),
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

static const hf_option assess_options[] = {
    {"rules", 0, HF_OPTION_TEXT, "NAME|FILE",
     "The rule set that says when a disruption is significant: cer-art7 (neutral defaults), de-kritis, nl-vital, eu-cross-border, or a file of "
     "your own; copy one of datasets/data/rules/*.json. region: jp-resilience.", "", 0, 0, NULL, false},
    {"state", 0, HF_OPTION_TEXT, "CC", "cer: assess the entities of one state, and what comes from and goes to others.", "", 0, 0, NULL, false},
    {"entity", 0, HF_OPTION_TEXT, "ID", "cer: one entity, threshold by threshold, and what it depends on.", "", 0, 0, NULL, false},
    {"out", 'o', HF_OPTION_FILE, "FILE", "cer: write the assessment as one page of HTML, with both matrices as pictures.", "", 0, 0, NULL, false},
    {"home", 0, HF_OPTION_TEXT, "CC", "region: only regions of this country.", "", 0, 0, NULL, false},
    {"region", 0, HF_OPTION_TEXT, "CODE", "region: the sheet of this region.", "", 0, 0, NULL, false},
    WHOLE("samples", "N", "1000", 2, 1e9, "Events to draw of each hazard."),
    WHOLE("top", "N", "15", 0, 1000000, "Rows to list; 0 lists all. JSON and CSV always hold all."),
    END,
};

static const hf_option batch_options[] = {
    {"out", 'o', HF_OPTION_FILE, "FILE", "The file of results (SQLite). It is made, or added to: what is there is not run again.", "", 0, 0, NULL, false},
    FLAG("json", 0, "Print the summary as one JSON document."),
    WHOLE("threads", "N", "1", 1, 1024, "Threads to use at most. Results never depend on it."),
    END,
};

static const hf_option report_options[] = {
    {"out", 'o', HF_OPTION_FILE, "FILE", "Write the page to FILE. Without it, it goes to standard output.", "", 0, 0, NULL, false},
    WHOLE("top", "N", "15", 0, 1000000, "Rows in each ranking and picture; 0 shows all."),
    CHOICE("by", "WHAT", "user-hours|users|value|out|countries|sectors", "Rank single failures by WHAT. Default: user-hours."),
    WHOLE("samples", "N", "2000", 0, 1e9, "Events to draw from the hazards of the data set, where they have frequencies; 0 leaves that part out."),
    WHOLE("seed", "N", "1", 0, 9007199254740992.0, "Seed of the events."),
    WHOLE("threads", "N", "1", 1, 1024, "Threads to use at most. Results never depend on it."),
    END,
};

static const hf_option map_options[] = {
    {"out", 'o', HF_OPTION_FILE, "FILE", "Write to FILE, which ends in .svg. Without it the drawing goes to standard output.", "", 0, 0, NULL, false},
    {"outline", 0, HF_OPTION_FILE, "FILE", "Draw the lines of a GeoJSON or TopoJSON file below: coasts, borders, rivers. Degrees of longitude and latitude.",
     "", 0, 0, NULL, false},
    {"bounds", 0, HF_OPTION_TEXT, "W,S,E,N", "Draw what lies between these degrees. E below W goes across the date line. Default: all entities.",
     "", 0, 0, NULL, false},
    CHOICE("lines", "WHAT", "carriers|supplies|both", "Draw lines of carriers, supply links, or both, as straight lines."),
    END,
};

static const hf_option drill_options[] = {
    {"scenario", 0, HF_OPTION_TEXT, "NAME", "The scenario to make an exercise of.", "", 0, 0, NULL, false},
    {"out", 'o', HF_OPTION_FILE, "FILE|DIR", "Write the whole pack to FILE, which ends in .md or .html; or into a folder DIR, with one file for the control "
     "cell and one for each player to be handed out. Without it the pack goes to standard output.",
     "", 0, 0, NULL, false},
    CHOICE("format", "NAME", "md|html",
           "Markdown, or pages of HTML that need nothing else and print on A4. Default: what the ending of FILE says, both into a DIR, else md."),
    CHOICE("players", "BY", "country|sector|region", "Who plays together. Default: country; sector when only one country takes part."),
    {"start", 0, HF_OPTION_TEXT, "HH:MM", "Clock time of hour 0.", "09:00", 0, 0, NULL, false},
    NUMBER("notify-within", "H", "24", 0, 8760, "Hours within which an operator has to notify its authority. Default: those of the CER Directive, Art. 15."),
    WHOLE("top", "N", "20", 0, 1000000, "Changes to list between one inject and the next, those that most users feel; 0 lists all, and all reserves. "
          "JSON always holds all."),
    END,
};

static const hf_option import_options[] = {
    {"into", 0, HF_OPTION_FILE, "DIR", "Make the package in DIR, which must not exist yet.", "", 0, 0, NULL, false},
    {"map", 0, HF_OPTION_FILE, "MAP.json", "Column map, for the format csv.", "", 0, 0, NULL, false},
    {"country", 0, HF_OPTION_TEXT, "CC", "Country of rows that name none (ISO 3166-1 alpha-2).", "", 0, 0, NULL, false},
    {"currency", 0, HF_OPTION_TEXT, "CUR", "Currency of an input-output table, as EUR.", "", 0, 0, NULL, false},
    NUMBER("money-unit", "N", "", 1e-6, 1e15, "Its numbers are in N of the currency, as 1000000."),
    {"year", 0, HF_OPTION_WHOLE, "Y", "Its year, when the file's name does not say it.", "", 1900, 2200, NULL, false},
    FLAG("list", 0, "List the formats and the files they take."),
    END,
};

static const hf_option reference_options[] = {
    WHOLE("points", "N", "20", 1, 100000, "Steps of the curve."),
    WHOLE("networks", "N", "2", 1, 1000, "percolation: networks, in a tree."),
    NUMBER("degree", "K", "4", 0, 1e6, "percolation, load: mean degree."),
    NUMBER("dependence", "Q", "", 0, 1, "percolation: share of the nodes that depend on a partner in each network beside theirs (a row of 2 to 20), not all."),
    NUMBER("supporters", "C", "", 0, 1e6, "percolation: mean number of supporters of which a node needs one, instead of one partner."),
    NUMBER("threshold", "PHI", "0.18", 0.0001, 1, "contagion: share of failed neighbours at which a node fails."),
    WHOLE("trials", "N", "0", 0, 1000000, "contagion: single failures to simulate for each point; 0 for none."),
    WHOLE("nodes", "N", "1000", 2, 1000000, "contagion, load: nodes of the random graph."),
    NUMBER("strength", "A", "0.9", 0, 1, "fdna: strength of the dependency."),
    NUMBER("criticality", "B", "40", 0, 100, "fdna: criticality of the dependency."),
    {"chain", 0, HF_OPTION_TEXT, "L:I …", "risk-chain: likelihood and impact of each dependency in turn.", "", 0, 0, NULL, false},
    {"carrier", 0, HF_OPTION_TEXT, "NAME", "connectivity: carrier of the data set. Default: the first.", "", 0, 0, NULL, false},
    TEXTS("fail", "ID", "connectivity: an entity, or a filter, that fails. May be repeated."),
    WHOLE("seed", "N", "1", 0, 9007199254740992.0, "contagion, load: seed of the random graph."),
    END,
};

static const hf_option *const reference_tables[] = {reference_options, common_options, NULL};
static const hf_option merge_options[] = {
    {"into", 0, HF_OPTION_FILE, "DIR", "Make the package in DIR, which must not exist yet.", "", 0, 0, NULL, false},
    TEXTS("prefix", "TEXT", "Goes before the ids of the first data set; given again, before those of the second, and so on. - is none."),
    END,
};

static const hf_option *const merge_tables[] = {merge_options, common_options, NULL};
static const hf_option redact_options[] = {
    {"into", 0, HF_OPTION_FILE, "DIR", "Make the package in DIR, which must not exist yet.", "", 0, 0, NULL, false},
    {"key", 0, HF_OPTION_FILE, "FILE", "The key: made when it is not there; an existing one gives the same ids the same pseudonyms.", "", 0, 0, NULL, false},
    NUMBER("grid", "DEG", "0.5", 0.001, 45, "Size of the cells to whose middle places are moved, in degrees."),
    FLAG("undo", 0, "Make the original of a redacted data set again."),
    END,
};

static const hf_option *const redact_tables[] = {redact_options, common_options, NULL};
static const hf_option synth_options[] = {
    {"into", 0, HF_OPTION_FILE, "DIR", "Make the package in DIR, which must not exist yet.", "", 0, 0, NULL, false},
    WHOLE("entities", "N", "1000", 50, 5000000, "How many entities."),
    WHOLE("seed", "N", "1", 0, 9007199254740992.0, "Seed: the same gives the same bytes."),
    {"country", 0, HF_OPTION_TEXT, "CC", "Country code of all entities.", "AT", 0, 0, NULL, false},
    END,
};

static const hf_option *const synth_tables[] = {synth_options, common_options, NULL};
static const hf_option export_options[] = {
    {"to", 'o', HF_OPTION_FILE, "FILE", "Write to FILE; its ending says the format unless --format does. Without it the export goes to standard output.", "",
     0, 0, NULL, false},
    CHOICE("format", "NAME", "graphml|gexf|geojson|gpkg|csv", "The format. Default: what the ending of FILE says."),
    CHOICE("layer", "NAME", "entities|supplies|carrier_lines|carrier_nodes|cascade", "Only this layer, for csv (default: entities) and geojson."),
    FLAG("list", 0, "List the formats and the endings of their files."),
    END,
};

static const hf_option trade_options[] = {
    CHOICE("method", "NAME", "static|inoperability|adaptive|risk|rebalance|corridors",
           "static: what each industry is worth to the others; inoperability: how far a loss spreads, in shares; adaptive: day by day, with stocks; risk: "
           "what all lose when one closes; rebalance: the least demand that must go unmet; corridors: what passes which gate, and what a shut one costs. "
           "Default: adaptive with a shock, a gate or a cascade, else static."),
    TEXTS("shock", "[KIND:]REGION[/INDUSTRY][>PARTNER][@DAY][=SIZE]",
          "Who is hit (* is every region). KIND is capacity (the default), capital, rebuild (capital that must be built again), household (homes, in money), "
          "demand (-20% is a fifth less), trade (what REGION does not ship to PARTNER) or delay (what it ships comes that many days later). SIZE is a share, "
          "default 1. May be repeated."),
    TEXTS("gate", "NAME[=OPEN]", "adaptive, corridors: a gate of the table corridors shuts on day 1, or stays open by that share; for --duration days, and "
          "then opens over --recovery. May be repeated."),
    {"reroute", 0, HF_OPTION_CHOICE, "yes|no", "adaptive: what a gate does not let through goes by what routes are left, as far as they have room, and comes "
     "as many days later as they take longer; no: it stays with the seller until the gate opens.", "yes", 0, 0, "yes|no", false},
    {"home", 0, HF_OPTION_TEXT, "REGION", "What it costs this region: its industries, partners, products and days.", "", 0, 0, NULL, false},
    WHOLE("duration", "D", "30", 0, 36500, "Days that a shock holds in full."),
    NUMBER("recovery", "D", "60", 0, 36500, "Days in which it then goes away."),
    {"curve", 0, HF_OPTION_TEXT, "HOW", "adaptive: it goes away linear, convex (fast at first) or concave (slow at first); or the share of the shock on "
     "each day from its first on, such as 1,1,0.5.", "linear", 0, 0, NULL, false},
    WHOLE("days", "N", "365", 1, 36500, "adaptive, inoperability: days to follow."),
    NUMBER("stock-days", "S", "90", 1, 3650, "adaptive: stocks of inputs, in days of use."),
    NUMBER("restore-days", "T", "60", 0.1, 3650, "adaptive: days in which a gap of stocks is ordered."),
    TEXTS("stock", "INDUSTRY=S[/T]", "adaptive: the same for one product; 1/1 is what cannot be stocked. May be repeated."),
    NUMBER("psi", "X", "0.8", 0.01, 1, "adaptive: share of the stock below which output falls."),
    NUMBER("overproduction", "X", "1.25", 1, 10, "adaptive, rebalance: most that can be made, of normal capacity."),
    NUMBER("overproduction-days", "D", "365", 1, 36500, "adaptive: days to get there."),
    NUMBER("switching", "X", "1", 0, 100, "adaptive: how readily buyers turn to other regions; 0 never."),
    CHOICE("production", "RULE", "leontief|strong|half|weak|linear", "adaptive: which missing inputs stop production. leontief: every one; strong: critical "
           "and important ones; half: critical ones, important ones by half; weak: critical ones; linear: inputs replace each other. Default: leontief."),
    TEXTS("essential", "INPUT[>USER]=CLASS", "adaptive: how a product is needed, critical, important or none. Default: energy, water, telecommunications and "
          "one's own product critical, others important. May be repeated."),
    CHOICE("rationing", "RULE", "proportional|industry-first|priority", "adaptive: who is served when there is too little. priority: energy, water, "
           "telecommunications and health first, rebuilding last. Default: proportional."),
    TEXTS("priority", "WHO=LEVEL", "adaptive: level of an industry, of `final` demand or of `rebuild`, 0 is served first; means --rationing priority. May be "
          "repeated."),
    NUMBER("relevance", "A", "0.00001", 0, 1, "adaptive: inputs of at most A of a unit of output never stop production."),
    NUMBER("rebuild-days", "D", "60", 0.1, 36500, "adaptive: what is damaged is ordered over about D days."),
    TEXTS("rebuild-with", "INDUSTRY=SHARE", "adaptive: what rebuilding buys. Default: what investment buys, or construction. May be repeated."),
    NUMBER("capital-ratio", "X", "4", 0.01, 1000, "adaptive: capital, of the value added of a year."),
    CHOICE("form", "NAME", "plain|substitution|mria", "rebalance: plain: nobody buys elsewhere; substitution: buyers turn to other regions at a price; mria: "
           "with imports for the disaster (Koks and Thissen). Default: plain."),
    FLAG("pooled", 0, "rebalance, substitution: within a region goods go where they are needed; taken by itself for large tables."),
    NUMBER("switch-cost", "C", "0.01", 0.0001, 1000, "rebalance, substitution: price of a unit that is bought elsewhere, of a unit of demand not met."),
    CHOICE("side", "NAME", "supply|demand", "inoperability: supply: less is made because inputs lack; demand: less is bought. Default: supply."),
    TEXTS("tau", "INDUSTRY=DAYS", "inoperability: days in which that industry alone returns, instead of --recovery. May be repeated."),
    NUMBER("lambda", "X", "0.01", 0.000001, 0.999999, "inoperability: it has returned when that share of its inoperability is left."),
    WHOLE("order", "K", "0", 0, 100, "inoperability: indices over exactly K links; 0 all together."),
    CHOICE("extract", "KIND", "complete|backward|forward", "static: what is gone in the rankings of industries and regions: all of it, what it buys, or "
           "what it sells to industries. Default: complete."),
    NUMBER("lost-share", "X", "1", 0.0001, 1, "static: that share of an industry's sales, or of a trade link, is lost in the rankings."),
    FLAG("balance", 0, "Make the table add up by RAS, with as little change as possible, and write the data set to --into DIR."),
    {"into", 0, HF_OPTION_FILE, "DIR", "balance: the folder to make.", "", 0, 0, NULL, false},
    {"export-lp", 0, HF_OPTION_FILE, "FILE", "rebalance: write the linear program: .lp text, or .mps by its ending.", "", 0, 0, NULL, false},
    FLAG("no-final-demand", 0, "risk: households are no customers (as in the published case)."),
    CHOICE("ways", "NAME", "both|down|up", "risk: a closure travels to customers (down), to suppliers (up), or both. Default: both."),
    CHOICE("rows", "WHAT", "industries|regions|trade|partners|days|links", "With --csv: what a row is. Default: industries."),
    WHOLE("top", "N", "15", 0, 1000000, "Rows in each ranking; 0 shows all. JSON and CSV always hold all."),
    END,
};

static const hf_option *const trade_tables[] = {trade_options, inject_options, run_options, json_options, csv_options, common_options, NULL};
static const hf_option cutsets_options[] = {
    FLAG("any", 0, "With a filter as TARGET: one of its entities goes out. Default: all of them do, that is the service ends."),
    NUMBER("share", "X", "", 0.000001, 1, "With a filter as TARGET: entities of it that serve at least this share of its users are out at one moment "
           "(each counts one where nobody has users)."),
    NUMBER("users", "SHARE", "", 0.000001, 1, "Instead of a TARGET: at least this share of all users is hit at some hour."),
    TEXTS("among", "ID", "Only these may fail: an entity or a filter. May be repeated. Default: everybody but the target."),
    TEXTS("except", "ID", "These never fail: an entity or a filter. May be repeated."),
    {"hazard", 0, HF_OPTION_TEXT, "NAME", "Those that this hazard damages may fail, to what its severity leaves, with its probabilities.", "", 0, 0,
     NULL, false},
    TEXTS("probability", "[ID=]P", "Probability from 0 to 1 that an entity, or each of a filter, fails, independent of the others; without ID of every "
          "entity. May be repeated; the last one counts."),
    WHOLE("max-size", "N", "3", 1, 1000, "Sets of at most N failures."),
    WHOLE("max-count", "N", "50", 1, 1000000, "At most N sets, smallest first."),
    NUMBER("horizon", "H", "720", 0.001, 1e6, "Hours within which it must come about."),
    FLAG("repair", 0, "What has a repair time is repaired meanwhile. Default: nothing is."),
    FLAG("steady", 0, "In the end, whatever the hours: every stock is used up and nothing is repaired."),
    NUMBER("out-below", "X", "0.5", 0.000001, 1, "An entity counts as out while its functionality is below X."),
    END,
};

static const hf_option invest_options[] = {
    {"objective", 0, HF_OPTION_TEXT, "NAME", "What shall be least: users out, user-hours or value lost, by how often it comes; cvar:LEVEL: the mean of "
     "the worst part 1 - LEVEL; worst: the largest loss; regret: what is lost beyond the best for each scenario; equity: the largest loss of a "
     "region per user; budget: the cost within the limits. All but the first three take :users, :user-hours or :value behind them, as cvar:0.95:value.",
     "users", 0, 0, NULL, false},
    TEXTS("budget", "AMOUNT", "What all measures may cost together (20M, 1.5bn), or PAYER=AMOUNT in place of a payer's budget. Repeatable."),
    {"scenario", 0, HF_OPTION_TEXT, "NAME", "For this scenario of the data set alone. Default: the hazards by their frequency.", "", 0, 0, NULL, false},
    NUMBER("budget-factor", "X", "1", 0, 1e9, "All budgets times X."),
    {"export-lp", 0, HF_OPTION_FILE, "FILE", "Write the program as one integer program: .lp text, or .mps by its ending.", "", 0, 0, NULL, false},
    WHOLE("attack", "R", "1", 1, 5, "Instead of hazards: the best defence against whoever sees the plan and then fails any R entities at once."),
    WHOLE("pareto", "N", "10", 1, 1000, "Instead of one plan: what N parts of the budgets buy."),
    NUMBER("gap", "G", "0", 0, 1, "Stop within this gap (0.01 is 1 %); 0 goes on to the proof."),
    NUMBER("time-limit", "S", "60", 0.01, 1e6, "Stop after S seconds with the best plan and a bound that holds. So does Ctrl-C."),
    NUMBER("years", "N", "", 0.01, 1000, "Losses are means over N years; a measure acts from the end of its lead time on. Default: all that is bought acts."),
    NUMBER("discount", "R", "0", 0, 10, "With --years: a year counts 1 + R times less than the one before (0.03 is 3 %)."),
    NUMBER("ready-within", "Y", "", 0, 1000, "Leave out measures whose lead time is longer than Y years; they are named."),
    WHOLE("samples", "N", "20", 1, 100000, "Draws of a hazard whose damage is uncertain."),
    WHOLE("events", "N", "2000", 2, 1e8, "Events of the timeline that judges the plan; others than those it was made for."),
    NUMBER("limit-expected", "X", "", 0, 1e300, "Plans whose expected loss is above X are none."),
    NUMBER("limit-worst", "X", "", 0, 1e300, "Plans with a scenario that loses more than X are none."),
    FLAG("boolean", 0, "In the program a thing works or does not: it is out below --out-below. Default: works in part, as in the steady state."),
    TEXTS("keep", "WHO", "Plans in which WHO (an id or a filter) goes out in any scenario are none; with :HOURS behind it, out for longer. Repeatable."),
    {"slots", 0, HF_OPTION_TEXT, "HOURS", "Hours at which slots of time begin, and at which the last ends, for user-hours and value.",
     "0,2,6,12,24,72,168", 0, 0, NULL, false},
    {"home", 0, HF_OPTION_TEXT, "COUNTRY", "Show what each payer's money avoids in this country, with partners and elsewhere.", "", 0, 0, NULL, false},
    {"apply", 0, HF_OPTION_FILE, "DIR", "Write the data set with the plan carried out into DIR, which must not exist yet.", "", 0, 0, NULL, false},
    FLAG("no-timeline-measures", 0, "Only what the program can see: leave out repairs, lines and stocks that end."),
    NUMBER("horizon", "H", "168", 0.001, 1e6, "Hours of the timeline; stocks that last as long count as lasting."),
    NUMBER("out-below", "X", "0.5", 0.000001, 1, "An entity counts as out while its functionality is below X."),
    END,
};

static const hf_option *const invest_tables[] = {invest_options, json_options, csv_options, common_options, NULL};
static const hf_option link_options[] = {
    {"rules", 0, HF_OPTION_FILE, "FILE", "The rule table, CSV; datasets/data/rules/national.csv is one to begin with.", "", 0, 0, NULL, false},
    {"into", 0, HF_OPTION_FILE, "DIR", "Make the package in DIR, which must not exist yet.", "", 0, 0, NULL, false},
    END,
};

static const hf_option *const link_tables[] = {link_options, csv_options, common_options, NULL};
static const hf_option *const import_tables[] = {import_options, common_options, NULL};
static const hf_option *const export_tables[] = {export_options, inject_options, run_options, common_options, NULL};
static const hf_option *const plain_tables[] = {common_options, NULL};
static const hf_option *const check_tables[] = {check_options, json_options, common_options, NULL};
static const hf_option *const show_tables[] = {show_options, json_options, csv_options, common_options, NULL};
static const hf_option *const cascade_tables[] = {inject_options, run_options, cascade_options, json_options, csv_options, common_options, NULL};
static const hf_option *const explain_tables[] = {inject_options, run_options, json_options, common_options, NULL};
static const hf_option *const sweep_tables[] = {sweep_options, run_options, json_options, csv_options, common_options, NULL};
static const hf_option *const cutsets_tables[] = {cutsets_options, json_options, csv_options, common_options, NULL};
static const hf_option *const assess_tables[] = {inject_options, run_options, assess_options, json_options, csv_options, common_options, NULL};
static const hf_option *const batch_tables[] = {batch_options, common_options, NULL};
static const hf_option *const report_tables[] = {inject_options, run_options, report_options, common_options, NULL};
static const hf_option *const drill_tables[] = {drill_options, run_options, json_options, common_options, NULL};
static const hf_option *const map_tables[] = {map_options, inject_options, run_options, common_options, NULL};
static const hf_option *const diagram_tables[] = {inject_options, run_options, diagram_options, common_options, NULL};

static const hf_example check_examples[] = {
    {"holdfast check datasets/data/danube", "what is in it, and is it sound?"},
    {"holdfast check my-data.zip --strict", "for a script that must refuse doubtful data"},
    {NULL, NULL},
};

static const hf_example map_examples[] = {
    {"holdfast map datasets/data/danube --scenario winter-gas-cut --out gas.svg", "who loses service where, and when"},
    {"holdfast map datasets/data/japan --hazard nankai --bounds 128,30,146,46 --outline jp.json --out jp.svg",
     "with coast lines of your own"},
    {NULL, NULL},
};

static const hf_example drill_examples[] = {
    {"holdfast drill datasets/data/danube --scenario winter-gas-cut --out gas.html", "an exercise pack to print"},
    {"holdfast drill datasets/data/japan --scenario nankai-first-week --start 12:00 --players region --out nankai",
     "a folder with a sheet for each prefecture"},
    {NULL, NULL},
};

static const hf_example show_examples[] = {
    {"holdfast show datasets/data/danube", "structure: loops, single points of failure, what most depends on"},
    {"holdfast show datasets/data/danube rs-tso", "what one entity needs, and who needs it"},
    {"holdfast show datasets/data/danube --csv", "all entities, for a spreadsheet"},
    {"holdfast show --fields supplies", "the columns of the table of supply links"},
    {"holdfast show --schema > schema.json", "the same for all tables, for another program"},
    {NULL, NULL},
};

static const hf_example cascade_examples[] = {
    {"holdfast cascade datasets/data/textbook/hospital --fail grid", "the grid is lost: who is out, and when?"},
    {"holdfast cascade datasets/data/danube --fail rs-tso@6=0.3", "from hour 6 only 30 % of its output is left"},
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

static const hf_example assess_examples[] = {
    {"holdfast assess cer datasets/data/danube", "which entities are candidates, who depends on whom, which hazards cost most?"},
    {"holdfast assess cer datasets/data/danube --state RO", "one Member State's view: its candidates, and its neighbours"},
    {"holdfast assess cer datasets/data/danube --entity ro-tso", "why one is a candidate, criterion by criterion"},
    {"holdfast assess cer datasets/data/danube --rules de-kritis", "by other rules"},
    {"holdfast assess cer datasets/data/danube --out cer.html", "as a page, with the matrices of sectors and states"},
    {"holdfast assess cer datasets/data/danube --scenario winter-gas-cut", "must this incident be told, and drafts of both notifications"},
    {"holdfast assess region datasets/data/japan --home JP", "which worst events threaten which prefectures?"},
    {"holdfast assess region datasets/data/japan --region 22", "the sheet of one prefecture"},
    {NULL, NULL},
};

static const hf_example batch_examples[] = {
    {"holdfast batch datasets/data/jobs.json --out results.sqlite", "every scenario and every single failure of the shipped data sets"},
    {"sqlite3 results.sqlite 'SELECT options, user_hours FROM runs ORDER BY user_hours DESC LIMIT 5'", "the worst of them"},
    {NULL, NULL},
};

static const hf_example report_examples[] = {
    {"holdfast report datasets/data/danube --scenario winter-gas-cut --out gas.html", "one page for the minister: what happens, when, why, whom it hits"},
    {"holdfast report my-data --out risks.html", "which failures matter most, and how bad an ordinary year is"},
    {NULL, NULL},
};

static const hf_example sweep_examples[] = {
    {"holdfast sweep datasets/data/danube", "which single failures cost most?"},
    {"holdfast sweep datasets/data/danube --pairs --by excess", "which two together do more than the sum of their parts?"},
    {"holdfast sweep datasets/data/danube --samples 20000 --threads 2", "expected loss over all hazards, with confidence intervals"},
    {"holdfast sweep my-data --samples 100000 --steady --uncertain-links", "the same in the end, with links there as often as they are believed"},
    {"holdfast sweep my-data --doubt 500", "which ranks would stand if doubtful links were not there?"},
    {"holdfast sweep datasets/data/danube --csv > singles.csv", "one row per initiating entity"},
    {NULL, NULL},
};

static const hf_example import_examples[] = {
    {"holdfast import --list", "which formats are there?"},
    {"holdfast import entsoe buses.csv lines.csv generators.csv --into grid", "the European transmission grid"},
    {"holdfast import graph Telecomserbia.graphml --country RS --into rs-net", "a data network of the Topology Zoo"},
    {"holdfast import icio 2018_SML.csv --into world", "an input-output table of the world"},
    {"holdfast import csv plants.csv --map map.json --into plants", "anything else, by a column map"},
    {NULL, NULL},
};

static const hf_example merge_examples[] = {
    {"holdfast merge grid gas hospitals --into country", "parts that name each other's ids become one set"},
    {"holdfast merge serbia hungary --prefix rs- --prefix hu- --into both", "sets whose ids collide"},
    {NULL, NULL},
};

static const hf_example redact_examples[] = {
    {"holdfast redact my-data --into to-share --key my.key", "a data set to send; my.key stays"},
    {"holdfast redact answer --undo --key my.key --into answer-named", "what came back, with its names"},
    {NULL, NULL},
};

static const hf_example synth_examples[] = {
    {"holdfast synth --entities 10000 --into big", "a country to try things on"},
    {NULL, NULL},
};

static const hf_example trade_examples[] = {
    {"holdfast trade datasets/data/danube", "which industries and regions carry the others?"},
    {"holdfast trade datasets/data/danube --shock RS/D35=0.3", "a third of Serbia's power for a month: who loses what?"},
    {"holdfast trade datasets/data/danube --shock \"trade:RS>HU=50%\" --home HU", "what does it cost Hungary when half of Serbia's goods do not come?"},
    {"holdfast trade datasets/data/danube --method rebalance --form substitution --shock RS/D35=0.3", "and if all shared out what is left?"},
    {"holdfast trade datasets/data/japan --scenario nankai-first-week", "what does the earthquake cost, at home and abroad?"},
    {"holdfast trade datasets/data/japan --method risk --top 10", "whose closure costs all most?"},
    {NULL, NULL},
};

static const hf_example cutsets_examples[] = {
    {"holdfast cutsets datasets/data/danube rs-ukcs", "which failures together take the hospital down?"},
    {"holdfast cutsets datasets/data/danube \"country=RS sector=health\" --max-size 2", "what ends hospital care in a country?"},
    {"holdfast cutsets datasets/data/danube --users 0.2 --among sector=energy", "which failures in energy hit a fifth of all users?"},
    {"holdfast cutsets datasets/data/textbook/theatre lights --hazard demand", "a fault tree of a textbook, with its probability"},
    {"holdfast cutsets datasets/data/danube \"country=RS sector=health\" --share 0.5 --steady", "half of a service, once every stock is used up"},
    {NULL, NULL},
};

static const hf_example invest_examples[] = {
    {"holdfast invest datasets/data/danube", "which measures first, for the budgets of the data set?"},
    {"holdfast invest datasets/data/danube --budget 20M --apply danube-20", "20 million in all; the data set with the plan carried out, for cascade and sweep"},
    {"holdfast invest datasets/data/danube --objective cvar:0.95:value", "against the worst twentieth, in money"},
    {"holdfast invest datasets/data/danube --objective budget:user-hours --keep sector=health:6", "the least cost at which no hospital is out for over 6 h"},
    {"holdfast invest datasets/data/japan --pareto 10", "what does each budget buy?"},
    {"holdfast invest datasets/data/danube --scenario cyber-rs-operator", "for one scenario"},
    {NULL, NULL},
};

static const hf_example link_examples[] = {
    {"holdfast link country --rules datasets/data/rules/national.csv --into linked", "who is supplied by whom, as far as distance tells"},
    {"holdfast link country --rules my.csv --into linked --csv > nobody.csv", "who found nobody"},
    {NULL, NULL},
};

static const hf_example reference_examples[] = {
    {"holdfast reference list", "which models are there?"},
    {"holdfast reference percolation --degree 4 --points 100 > p.csv", "two networks that need each other: a sudden end at p = 0.614"},
    {"holdfast reference contagion --threshold 0.18 --trials 200", "which mean degrees permit global cascades?"},
    {"holdfast reference connectivity datasets/data/danube --carrier gas --fail rs-gas-tso", "what does a failure cost a carrier's connections?"},
    {NULL, NULL},
};

static const hf_example export_examples[] = {
    {"holdfast export datasets/data/danube --to danube.graphml", "for Gephi or igraph"},
    {"holdfast export datasets/data/danube --scenario winter-gas-cut --to cut.gpkg", "for QGIS, with the cascade as a layer"},
    {"holdfast export datasets/data/danube --scenario winter-gas-cut --format csv --layer cascade", "who goes down and comes back when, as a table"},
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
    {"sweep", "which failures matter most: every entity, every pair, or events drawn from hazards", "DATASET", 1, 1,
     "Runs one cascade after the other on the same network and ranks what they cost. Without further options every entity fails alone; with "
     "--pairs every two together; with --samples or --hazard events are drawn from the hazards (who is damaged, and how long its repair "
     "takes), and means, value at risk and the mean beyond it come with 95 % intervals. With --steady hours do not matter: what is left when every "
     "stock is used up. The result does not depend on --threads. Ctrl-C "
     "stops early and keeps what is done.",
     sweep_tables, sweep_examples, hf_cmd_sweep},
    {"cutsets", "which smallest sets of failures take an entity or a service down?", "DATASET [TARGET]", 1, 2,
     "Finds the smallest sets of entities whose failure brings TARGET down (an entity, or a filter such as \"sector=health region=RS11\" for a service in "
     "a region), or hits a share of users. Exact, smallest first, by integer programming on rows that the cascade makes: no set of up to --max-size failures "
     "is missing, each was run, and none holds a smaller one. Nothing is repaired unless --repair is given. With --hazard or --probability they come "
     "with the probability that the target goes out. Ctrl-C stops early and keeps what is found.",
     cutsets_tables, cutsets_examples, hf_cmd_cutsets},
    {"trade", "what an outage costs the economy, at home and across borders", "DATASET", 1, 1,
     "Works on the input-output table of the data set. With --scenario, --hazard or --fail the cascade takes capacity from the industries that its entities "
     "carry, and shuts the gates of trade that are its entities, day by day; who loses from whose outage is a table of countries. With --shock or --gate "
     "the loss is given.",
     trade_tables, trade_examples, hf_cmd_trade},
    {"invest", "which measures first, for which budget, and who gains?", "DATASET", 1, 1,
     "Chooses among the measures of the data set, within the budgets, those that make the loss least, by a two-stage program with a proved bound; then runs "
     "the plan in the exact timeline on events of its own, and says what each measure avoids, what each payer pays, and who gains.",
     invest_tables, invest_examples, hf_cmd_invest},
    {"assess", "assess a state under the CER Directive, or regions by worst events", "cer|region DATASET", 2, 2,
     "cer: every entity fails alone, in full, in the exact timeline; a rule set says for each criterion of Article 7 of Directive (EU) 2022/2557 whether it is "
     "met, near or not, with the figure, the limit and where the limit comes from. Then follow the dependence between sectors and between states, entities "
     "of particular European significance, and hazards by expected loss. With --fail, --scenario or --hazard an incident is assessed instead (Article 15). "
     "region: the worst events of a rule set in every region (the country where an entity has none): people, or entities, without a service for longer "
     "than the rule's hours, as expected a year over all hazards with a frequency and in the worst hazard, with the interval that sampling leaves.",
     assess_tables, assess_examples, hf_cmd_assess},
    {"diagram", "draw the network or a cascade as DOT, SVG, PNG or PDF", "DATASET", 1, 1,
     "Draws the cascade of --fail, --scenario or --hazard if one is given, else the network. What does not fit a readable picture is "
     "collapsed or left out, and standard error says what.",
     diagram_tables, diagram_examples, hf_cmd_diagram},
    {"map", "draw entities and a cascade on a map", "DATASET", 1, 1,
     "Draws where entities stand as SVG: shape by sector, area by users, colour by what they lose in the cascade of --fail, --scenario or --hazard, with the "
     "hour beside them where there is room. Entities without coordinates are counted and named.",
     map_tables, map_examples, hf_cmd_map},
    {"report", "one page of HTML: what happens, when, why, and what matters most", "DATASET", 1, 1,
     "With --fail, --scenario or --hazard the page opens with that cascade: who is down when, as tables and pictures, with causes. Then follow the single "
     "failures that matter most and, where hazards have frequencies, what an ordinary year brings. The page needs no network and no script, and prints on A4.",
     report_tables, report_examples, hf_cmd_report},
    {"drill", "make an exercise pack of a scripted scenario", "DATASET", 1, 1,
     "Prints what trainers need: an overview with who takes part; the inject sheet, with what the exact cascade does between one inject and the next: who "
     "goes down when and why, how many users feel it, which countries it reaches, and who lives on a reserve until when; decisions with what each option is "
     "worth, by a cascade of its own; a sheet for each player with what its own entities show; and an evaluation sheet with questions, expected answers and "
     "room to write.",
     drill_tables, drill_examples, hf_cmd_drill},
    {"batch", "many data sets and what-ifs into one file of results", "JOBS.json", 1, 1,
     "Runs what the file of jobs lists: data sets, each with scenarios, hazards, lists of failures, or every entity alone. Every run is written whole "
     "or not at all, so a batch that was stopped or killed goes on where it was when the same command is given again. A job that fails is kept with its "
     "errors, the others go on, and the exit status is 1.",
     batch_tables, batch_examples, hf_cmd_batch},
    {"import", "make a data package of public files", "FORMAT FILES…", 0, 1000,
     "Reads files of another format and makes a data package of them in a new folder. Rows that cannot be used are counted and named. The folder is "
     "there whole or not at all.",
     import_tables, import_examples, hf_cmd_import},
    {"link", "derive missing supply links by rules: the nearest k within a distance", "DATASET", 1, 1,
     "For what a register does not say. Every rule links its users to the nearest suppliers of their country within a distance; each link says its rule and "
     "distance, and who found nobody is listed. Users that have the requirement already are left as they are.",
     link_tables, link_examples, hf_cmd_link},
    {"merge", "make one data set of several", "DATASET DATASET…", 2, 1000,
     "Rows of all tables come together; columns are those of all. The same row twice is one; two rows with one key that differ are a conflict, named with "
     "both places, and nothing is written. Carriers of the same name become one network, so that grids of neighbours join at common nodes.",
     merge_tables, merge_examples, hf_cmd_merge},
    {"export", "write a data set, with a cascade if one is asked for, for other programs", "DATASET", 0, 1,
     "Writes entities, supply links and carrier lines as GraphML, GEXF, GeoJSON, GeoPackage or CSV. With --scenario, --hazard or --fail the "
     "entities carry when they go down, when they are back and what they lose; a GeoPackage holds that as a layer. The same input gives "
     "the same bytes.",
     export_tables, export_examples, hf_cmd_export},
    {"redact", "make names and places safe to share, with a key to undo it", "DATASET", 1, 1,
     "Writes the data set with pseudonyms for ids (a keyed hash), places moved to a grid, and names, sources, texts of injects and unknown columns and files "
     "left out. Sectors, codes, figures and links stay, so every result is the same. The key holds what was left out.",
     redact_tables, redact_examples, hf_cmd_redact},
    {"synth", "make a synthetic national data set of any size", "", 0, 0,
     "Regions with populations by rank, entities of twelve kinds around their centres, planar-like power, gas and data networks, requirements by rules, and "
     "heavy-tailed users; seeded. Nothing in it is real.",
     synth_tables, synth_examples, hf_cmd_synth},
    {"reference", "run a model of the literature and print its curve as CSV", "MODEL [DATASET]", 1, 2,
     "The reference models are what published numbers are compared with; see `holdfast reference list` for the models and their sources. They use "
     "no data set but for connectivity.",
     reference_tables, reference_examples, hf_cmd_reference},
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
