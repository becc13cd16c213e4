/* One option parser for every command. The tables that drive it also make --help, the manual page and shell completion. */
#ifndef HF_CLI_OPTIONS_H
#define HF_CLI_OPTIONS_H

#include <stdbool.h>

#include "base/text.h"

typedef enum hf_option_type {
    HF_OPTION_FLAG,   /* takes no value */
    HF_OPTION_TEXT,   /* any text that is not empty */
    HF_OPTION_NUMBER, /* decimal number from `min` to `max` */
    HF_OPTION_WHOLE,  /* whole number from `min` to `max` */
    HF_OPTION_CHOICE, /* one of `choices`, "sector|country" */
    HF_OPTION_FILE,   /* text; completion offers file names */
} hf_option_type;

typedef struct hf_option {
    const char *name; /* without the dashes; NULL ends a table */
    char letter;      /* short form, 0 for none */
    hf_option_type type;
    const char *argument; /* what stands for the value in help: "H", "ID" */
    const char *meaning;  /* one or two sentences */
    const char *fallback; /* the value when not given, "" for none */
    double min, max;      /* for numbers, both allowed */
    const char *choices;
    bool repeatable;
} hf_option;

/* One option as it was given. `text` belongs to argv. */
typedef struct hf_given {
    const hf_option *option;
    const char *text;
    double number;
} hf_given;

/* What a command line said. Zero-initialise; hf_args_done frees. */
typedef struct hf_args {
    const hf_option *const *tables; /* NULL-terminated list of option tables */
    hf_given *given;
    int n_given;
    const char **words; /* arguments that are not options */
    int n_words;
} hf_args;

/* Parses argv[first .. argc-1]. Accepts --name value, --name=value, -x value; "--" ends the options. `tables` is a NULL-terminated list of
 * tables that end with a NULL name. On a mistake returns HF_E_RANGE and appends what is wrong and what is allowed (with the nearest
 * option, if one is near) to `wrong`. HF_E_NOMEM. */
hf_err hf_args_parse(hf_args *args, int argc, char **argv, int first, const hf_option *const *tables, hf_buf *wrong);
void hf_args_done(hf_args *args);

/* The option with a name in the tables, or NULL. */
const hf_option *hf_option_find(const hf_option *const *tables, const char *name);

/* Whether an option was given. The name must be in the tables. */
bool hf_args_has(const hf_args *args, const char *name);
/* The last value given for an option, or its fallback (NULL where that is empty). */
const char *hf_args_text(const hf_args *args, const char *name);
/* The same as a number; `otherwise` where neither was given. */
double hf_args_number(const hf_args *args, const char *name, double otherwise);

#endif
