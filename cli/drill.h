/* Inside of the command `drill`: an exercise pack out of a scripted scenario. */
#ifndef HF_CLI_DRILL_H
#define HF_CLI_DRILL_H

#include "base/arena.h"
#include "cli/cli.h"
#include "cli/what_if.h"
#include "model/cascade/explain.h"
#include "model/cascade/windows.h"
#include "viz/sheet.h"

/* Who plays together: the entities of a country, a sector or a region. */
typedef enum hf_players_by { HF_PLAYERS_COUNTRY, HF_PLAYERS_SECTOR, HF_PLAYERS_REGION } hf_players_by;

typedef struct hf_player {
    int label;           /* country, sector or region */
    int n_hit, n_target; /* its entities that lose service; its entities that an inject names */
} hf_player;

/* What an observer asks. Texts are of the drill's memory. */
typedef struct hf_question {
    const char *kind;     /* "notify", "reserve", "cause", "abroad", "worst_hour", "states", "decision" */
    int player;           /* index, -1: the control cell, or all */
    int entity;           /* -1: none */
    double from_h, due_h; /* when what it is about begins, and by when it is due; NaN where it has no hour */
    const char *text, *expected;
} hf_question;

/* What a choice of a decision comes to, by a cascade of its own: the script with the injects of the choice on top. */
typedef struct hf_outcome {
    const hf_decision *decision;
    const hf_choice *choice;
    int entities_out;
    double users_hit_peak, user_hours, value_eur;
    bool best; /* loses least of its decision, by user-hours, then value; not when nothing is better than the script */
} hf_outcome;

typedef struct hf_drill {
    hf_cli *cli;
    const hf_network *net;
    hf_what_if what_if;
    hf_timeline *tl;
    hf_losses *losses;
    hf_causes *causes;
    hf_windows *windows;
    hf_arena memory;
    double start_h; /* clock time of hour 0, in hours after midnight */
    double notify_h;
    int top;
    hf_players_by by;
    hf_player *players; /* in the order of their labels */
    int n_players;
    hf_question *questions;
    int n_questions;
    size_t question_capacity;
    hf_outcome *outcomes; /* decision by decision, choice by choice */
    int n_outcomes;
} hf_drill;

/* "country", "sector" or "region"; the name of a player, or "control cell" for -1. */
const char *hf_drill_player_word(const hf_drill *d);
const char *hf_drill_player_name(const hf_drill *d, int player);
/* The player that an entity belongs to, or -1: none of its entities takes part. */
int hf_drill_player_of(const hf_drill *d, int entity);
/* "day 2, 07:30" for an hour of the scenario. */
void hf_drill_clock(const hf_drill *d, double hour, hf_buf *out);
/* "26.5 h (day 2, 10:30)". */
void hf_drill_when(const hf_drill *d, double hour, hf_buf *out);
/* What an entity's move is: "goes out", "falls to 40 %", "is back", "rises to 60 %". */
void hf_drill_move_words(const hf_move *move, hf_buf *out);
/* Steps of the scenario, by hour, then as they stand in the file: indices into scenario->steps, in the drill's memory. HF_E_NOMEM. */
hf_err hf_drill_order(hf_drill *d, const hf_step *steps, int n, int **ret_order);
/* Calls `each` with every entity that a step names; the step was resolved before. HF_E_NOMEM. */
hf_err hf_drill_targets(const hf_drill *d, const hf_step *step, void (*each)(void *context, int entity), void *context);

/* A copy of a text that was made piece by piece, in the drill's memory; the buffer is emptied. "" when memory is short, with *ret_err set. */
const char *hf_drill_keep(hf_drill *d, hf_buf *text, hf_err *ret_err);

/* A paragraph made piece by piece, with a word in bold before it unless `name` is NULL; nothing when it is empty. The buffer is emptied. */
void hf_drill_text(hf_sheet *sheet, const char *name, hf_buf *text);
/* A cell made piece by piece; the buffer is emptied. */
void hf_drill_cell(hf_text_table *table, hf_buf *text);
/* Ends a table: writes it unless `err` says that it is not whole, and frees it. */
hf_err hf_drill_table(hf_sheet *sheet, hf_text_table *table, hf_err err);
/* "fail to 20 %", "repair". */
void hf_drill_inject_words(const hf_step *step, hf_buf *out);
/* The entities that a step names, by name; at most eight, then how many more. */
hf_err hf_drill_targets_words(const hf_drill *d, const hf_step *step, hf_buf *out);

/* Who takes part, and what observers ask. HF_E_NOMEM. */
hf_err hf_drill_players_find(hf_drill *d);
hf_err hf_drill_questions_make(hf_drill *d);
/* Runs every choice of every decision. */
hf_err hf_drill_decisions_run(hf_drill *d);

/* The parts of the pack. */
hf_err hf_drill_overview(const hf_drill *d, hf_sheet *sheet);
hf_err hf_drill_injects(hf_drill *d, hf_sheet *sheet);
hf_err hf_drill_decisions(hf_drill *d, hf_sheet *sheet);
hf_err hf_drill_player_sheet(hf_drill *d, int player, hf_sheet *sheet);
hf_err hf_drill_evaluation(const hf_drill *d, hf_sheet *sheet);
hf_err hf_drill_json(hf_drill *d);

#endif
