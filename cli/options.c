#include "cli/options.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/suggest.h"

static const hf_option *find(const hf_option *const *tables, const char *name, size_t length)
{
    for (; *tables; tables++)
        for (const hf_option *o = *tables; o->name; o++)
            if (strlen(o->name) == length && memcmp(o->name, name, length) == 0) return o;
    return NULL;
}

static const hf_option *find_letter(const hf_option *const *tables, char letter)
{
    for (; *tables; tables++)
        for (const hf_option *o = *tables; o->name; o++)
            if (o->letter == letter) return o;
    return NULL;
}

const hf_option *hf_option_find(const hf_option *const *tables, const char *name)
{
    return find(tables, name, strlen(name));
}

static hf_err unknown_option(const hf_option *const *tables, const char *name, size_t length, hf_buf *wrong)
{
    hf_nearest nearest;
    hf_nearest_start(&nearest, name, length);
    for (; *tables; tables++)
        for (const hf_option *o = *tables; o->name; o++) hf_nearest_offer(&nearest, o->name);
    hf_buf_printf(wrong, "there is no option --%.*s", (int)length, name);
    if (nearest.best) hf_buf_printf(wrong, "; did you mean --%s?", nearest.best);
    return HF_E_RANGE;
}

static bool choice_holds(const char *choices, const char *text)
{
    size_t length = strlen(text);
    for (const char *p = choices; length > 0 && *p; p += strcspn(p, "|"), p += *p == '|')
        if (strcspn(p, "|") == length && memcmp(p, text, length) == 0) return true;
    return false;
}

/* Checks a value against its option's type and range and stores it. */
static hf_err value_store(hf_args *args, const hf_option *o, const char *text, hf_buf *wrong)
{
    double number = 0;
    if (o->type == HF_OPTION_NUMBER || o->type == HF_OPTION_WHOLE) {
        bool whole = o->type == HF_OPTION_WHOLE;
        if (!hf_number_parse(text, strlen(text), &number) || number < o->min || number > o->max || (whole && number != floor(number))) {
            hf_buf_printf(wrong, "--%s needs a %s from ", o->name, whole ? "whole number" : "number");
            hf_buf_number(wrong, o->min);
            hf_buf_puts(wrong, " to ");
            hf_buf_number(wrong, o->max);
            hf_buf_printf(wrong, ", not \"%s\"", text);
            return HF_E_RANGE;
        }
    } else if (o->type == HF_OPTION_CHOICE && !choice_holds(o->choices, text)) {
        hf_buf_printf(wrong, "--%s must be one of ", o->name);
        for (const char *p = o->choices; *p; p++)
            if (*p == '|') hf_buf_puts(wrong, ", ");
            else hf_buf_add(wrong, p, 1);
        hf_buf_printf(wrong, ", not \"%s\"", text);
        return HF_E_RANGE;
    } else if (*text == '\0' && o->type != HF_OPTION_FLAG) {
        hf_buf_printf(wrong, "--%s needs a value that is not empty", o->name);
        return HF_E_RANGE;
    }
    args->given[args->n_given++] = (hf_given){o, text, number};
    return HF_OK;
}

/* One word that begins with "-"; *at moves on when its value is the next word. */
static hf_err option_parse(hf_args *args, int argc, char **argv, int *at, hf_buf *wrong)
{
    const char *word = argv[*at], *value = NULL;
    const hf_option *o;
    if (word[1] == '-') {
        const char *name = word + 2;
        size_t length = strcspn(name, "=");
        o = find(args->tables, name, length);
        if (!o) return unknown_option(args->tables, name, length, wrong);
        if (name[length] == '=') value = name + length + 1;
    } else {
        o = find_letter(args->tables, word[1]);
        if (!o || (word[2] != '\0' && o->type == HF_OPTION_FLAG)) {
            hf_buf_printf(wrong, "there is no option %s", word);
            return HF_E_RANGE;
        }
        if (word[2] != '\0') value = word + 2;
    }
    if (o->type == HF_OPTION_FLAG) {
        if (!value) return value_store(args, o, "", wrong);
        hf_buf_printf(wrong, "--%s takes no value", o->name);
        return HF_E_RANGE;
    }
    if (!value) {
        bool missing = *at + 1 >= argc || strncmp(argv[*at + 1], "--", 2) == 0;
        if (missing) {
            hf_buf_printf(wrong, "--%s needs a value: --%s %s", o->name, o->name, o->argument);
            return HF_E_RANGE;
        }
        value = argv[++*at];
    }
    if (!o->repeatable && hf_args_has(args, o->name)) {
        hf_buf_printf(wrong, "--%s was given twice; it is taken once", o->name);
        return HF_E_RANGE;
    }
    return value_store(args, o, value, wrong);
}

hf_err hf_args_parse(hf_args *args, int argc, char **argv, int first, const hf_option *const *tables, hf_buf *wrong)
{
    size_t n = (size_t)(argc > first ? argc - first : 0);
    args->tables = tables;
    args->given = hf_calloc(n, sizeof *args->given);
    args->words = hf_calloc(n, sizeof *args->words);
    if (!args->given || !args->words) return HF_E_NOMEM;
    bool options = true;
    for (int i = first; i < argc; i++) {
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
            hf_err err = option_parse(args, argc, argv, &i, wrong);
            if (err != HF_OK) return err;
        } else {
            args->words[args->n_words++] = argv[i];
        }
    }
    return HF_OK;
}

void hf_args_done(hf_args *args)
{
    hf_free(args->given);
    hf_free(args->words);
    *args = (hf_args){0};
}

static const hf_given *last_given(const hf_args *args, const char *name)
{
    assert(hf_option_find(args->tables, name));
    for (int i = args->n_given - 1; i >= 0; i--)
        if (strcmp(args->given[i].option->name, name) == 0) return &args->given[i];
    return NULL;
}

bool hf_args_has(const hf_args *args, const char *name)
{
    return last_given(args, name) != NULL;
}

const char *hf_args_text(const hf_args *args, const char *name)
{
    const hf_given *given = last_given(args, name);
    const char *text = given ? given->text : hf_option_find(args->tables, name)->fallback;
    return text && *text ? text : NULL;
}

double hf_args_number(const hf_args *args, const char *name, double otherwise)
{
    const hf_given *given = last_given(args, name);
    if (given) return given->number;
    const char *text = hf_option_find(args->tables, name)->fallback;
    double value;
    return text && hf_number_parse(text, strlen(text), &value) ? value : otherwise;
}
