/* Test cases that a planner can write: a small network, what happens to it, and what is expected, one statement a line.
 *
 *   title TEXT                                   one line for the report
 *   entity ID [users=N] [repair_h=N] [restart_h=N] [restart_below=X] [black_start=yes]
 *   needs ENTITY REQUIREMENT [curve=H:LOSS,…] [threshold=X] [refill=N] from SUPPLIER[:SHARE][,demand=N][,class=N] …
 *   carrier NAME reach|balance|flow|dc [UNIT] [directed]
 *   node CARRIER ENTITY [supply=N] [demand=N] [class=N]
 *   line CARRIER FROM TO [capacity=N] [reactance=N] [entity=ID]
 *   at HOUR fail|degrade|repair|restore ENTITY [level=X] [repair_h=N]
 *   horizon HOURS           no-repair
 *   expect ENTITY at HOUR = X                    functionality from that hour on (also `at end`)
 *   expect ENTITY before HOUR = X                functionality just before
 *   expect ENTITY changes = N                    how often it changed
 *   expect ENTITY user-hours = X
 *   expect ENTITY depth HOUR = N                 links between the inject and the fall at that hour
 *   expect ENTITY cause HOUR = inject | requirement NAME | carrier NAME | overload NAME | restart | black-start | repair | supply
 *   expect ENTITY since HOUR = X                 since when the supply was short that made it fall at that hour
 *   expect deadlock ENTITY … black-start ENTITY …
 *   expect no-deadlock      expect end = HOURS   expect unsupported | oscillation
 *
 * Numbers may be written as fractions ("5/6") or "inf"; `#` starts a comment; defaults are those of the data package. A `needs` without
 * a curve is a hard dependency. Every mistake in a file is a failure of the case that names its line. */
#ifndef HF_TESTS_CASES_CASE_H
#define HF_TESTS_CASES_CASE_H

#include <stdbool.h>

#include "model/cascade/timeline.h"

enum { MAX_WORDS = 32, MAX_CHECKS = 64, MAX_INJECTS = 32 };

typedef enum check_kind {
    CHECK_AT,
    CHECK_BEFORE,
    CHECK_END_LEVEL,
    CHECK_CHANGES,
    CHECK_USER_HOURS,
    CHECK_DEPTH,
    CHECK_CAUSE,
    CHECK_SINCE,
    CHECK_DEADLOCK,
    CHECK_NO_DEADLOCK,
    CHECK_END,
    CHECK_ERROR,
} check_kind;

/* One expectation; which fields count depends on its kind. `word` points into the case's text. */
typedef struct case_check {
    check_kind kind;
    int line;
    const char *entity;
    double hour, value;
    const char *word[MAX_WORDS]; /* cause and its name; the entities of a deadlock */
    int n_words, n_loop;         /* of a deadlock the first n_loop words are the loop, the rest the black-start set */
    hf_err err;
} case_check;

typedef struct case_inject {
    const char *entity;
    hf_inject inject;
    int line;
} case_inject;

typedef struct test_case {
    char *text; /* the file, cut into words */
    const char *title;
    hf_diag *diag;
    hf_network *net;
    hf_run_options options;
    case_inject named[MAX_INJECTS];
    hf_inject injects[MAX_INJECTS];
    int n_injects;
    case_check checks[MAX_CHECKS];
    int n_checks;
} test_case;

/* Reads a case and builds its network. Prints `# FILE:LINE: what is wrong` for every mistake and returns whether there was none.
 * Release with case_done either way. */
bool case_read(test_case *c, const char *file, const char *text);
void case_done(test_case *c);

/* Runs a case and compares; prints a `#` line for every difference and returns how many there were. */
int case_run(test_case *c, const char *file);

#endif
