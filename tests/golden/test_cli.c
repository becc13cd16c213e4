/* The parts of the command that need no data set: the option parser, suggestions, figures in words, line breaking. */
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/suggest.h"
#include "cli/words.h"
#include "tests/tap.h"

#include <stdlib.h>

static const hf_option table[] = {
    {"flag", 'f', HF_OPTION_FLAG, "", "", "", 0, 0, NULL, false},
    {"name", 'n', HF_OPTION_TEXT, "NAME", "", "", 0, 0, NULL, true},
    {"hours", 0, HF_OPTION_NUMBER, "H", "", "24", 0, 100, NULL, false},
    {"count", 0, HF_OPTION_WHOLE, "N", "", "", 1, 10, NULL, false},
    {"by", 0, HF_OPTION_CHOICE, "BY", "", "", 0, 0, "sector|country", false},
    {NULL, 0, HF_OPTION_FLAG, NULL, NULL, NULL, 0, 0, NULL, false},
};
static const hf_option *const tables[] = {table, NULL};

/* Parses up to four words; the caller frees both. */
static hf_err parse(hf_args *args, hf_buf *wrong, char *a, char *b, char *c, char *d)
{
    char *argv[] = {a, b, c, d, NULL};
    int argc = 0;
    while (argc < 4 && argv[argc]) argc++;
    *args = (hf_args){0};
    *wrong = (hf_buf){0};
    return hf_args_parse(args, argc, argv, 0, tables, wrong);
}

static void done(hf_args *args, hf_buf *wrong)
{
    hf_args_done(args);
    hf_buf_done(wrong);
}

static void options_in_any_form(void)
{
    hf_args args;
    hf_buf wrong;
    CHECK_INT(parse(&args, &wrong, "word", "--name=a b", "--hours", "2.5"), HF_OK);
    CHECK_INT(args.n_words, 1);
    CHECK_STR(args.words[0], "word");
    CHECK_STR(hf_args_text(&args, "name"), "a b");
    CHECK_NEAR(hf_args_number(&args, "hours", 0), 2.5, 0);
    CHECK(!hf_args_has(&args, "flag"));
    done(&args, &wrong);
    CHECK_INT(parse(&args, &wrong, "-f", "-nx", "-n", "-y"), HF_OK);
    CHECK(hf_args_has(&args, "flag"));
    CHECK_STR(hf_args_text(&args, "name"), "-y");
    CHECK_INT(args.n_given, 3);
    done(&args, &wrong);
    CHECK_INT(parse(&args, &wrong, "--", "--flag", "-", NULL), HF_OK);
    CHECK_INT(args.n_words, 2);
    CHECK_STR(args.words[0], "--flag");
    done(&args, &wrong);
}

static void fallbacks(void)
{
    hf_args args;
    hf_buf wrong;
    CHECK_INT(parse(&args, &wrong, NULL, NULL, NULL, NULL), HF_OK);
    CHECK_NEAR(hf_args_number(&args, "hours", 7), 24, 0);
    CHECK_NEAR(hf_args_number(&args, "count", 7), 7, 0);
    CHECK(hf_args_text(&args, "name") == NULL);
    done(&args, &wrong);
}

static void refuses(char *a, char *b, const char *what)
{
    hf_args args;
    hf_buf wrong;
    CHECK_INT(parse(&args, &wrong, a, b, NULL, NULL), HF_E_RANGE);
    CHECK_STR(wrong.text, what);
    done(&args, &wrong);
}

static void mistakes_are_explained(void)
{
    refuses("--huors", "1", "there is no option --huors; did you mean --hours?");
    refuses("--zzzzzz", NULL, "there is no option --zzzzzz");
    refuses("-x", NULL, "there is no option -x");
    refuses("--hours", NULL, "--hours needs a value: --hours H");
    refuses("--hours", "--flag", "--hours needs a value: --hours H");
    refuses("--hours", "101", "--hours needs a number from 0 to 100, not \"101\"");
    refuses("--hours", "nan", "--hours needs a number from 0 to 100, not \"nan\"");
    refuses("--hours", "5h", "--hours needs a number from 0 to 100, not \"5h\"");
    refuses("--count", "1.5", "--count needs a whole number from 1 to 10, not \"1.5\"");
    refuses("--flag=1", NULL, "--flag takes no value");
    refuses("--name=", NULL, "--name needs a value that is not empty");
    refuses("--by", "town", "--by must be one of sector, country, not \"town\"");
    refuses("--by=sector", "--by=country", "--by was given twice; it is taken once");
}

static void distance(void)
{
    CHECK_INT(hf_edit_distance("grid", 4, "grid", 4), 0);
    CHECK_INT(hf_edit_distance("GRID", 4, "grid", 4), 0);
    CHECK_INT(hf_edit_distance("gird", 4, "grid", 4), 1); /* a swap */
    CHECK_INT(hf_edit_distance("kitten", 6, "sitting", 7), 3);
    CHECK_INT(hf_edit_distance("", 0, "abc", 3), 3);
    CHECK(hf_edit_distance("a", 1, "12345678901234567890123456789012345678901234567890123456789012345", 65) > 64);
}

static void nearest(void)
{
    hf_nearest n;
    hf_nearest_start(&n, "cascde", 6);
    hf_nearest_offer(&n, "check");
    CHECK(n.best == NULL);
    hf_nearest_offer(&n, "cascade");
    hf_nearest_offer(&n, "cascades");
    CHECK_STR(n.best, "cascade");
    CHECK_STR(hf_command_nearest("shwo"), "show");
    CHECK(hf_command_nearest("sweep-everything") == NULL);
}

static void word_is(void (*words)(hf_buf *, double), double value, const char *text)
{
    hf_buf out = {0};
    words(&out, value);
    CHECK_STR(out.text, text);
    hf_buf_done(&out);
}

static void figures_in_words(void)
{
    word_is(hf_word_hours, 31, "31 h");
    word_is(hf_word_hours, 0.25, "0.25 h");
    word_is(hf_word_hours, 168.04, "168 h");
    word_is(hf_word_hours, NAN, "-");
    word_is(hf_word_amount, 0, "0");
    word_is(hf_word_amount, 0.2, "<1");
    word_is(hf_word_amount, 999, "999");
    word_is(hf_word_amount, 999.6, "1 k");
    word_is(hf_word_amount, 3.104e6, "3.1 M");
    word_is(hf_word_amount, 410000, "410 k");
    word_is(hf_word_amount, 1.5e9, "1.5 bn");
    word_is(hf_word_share, 0.6, "60 %");
    word_is(hf_word_share, 1e-9, "<0.1 %");
    word_is(hf_word_share, 1 - 1e-9, ">99.9 %");
    word_is(hf_word_share, 0, "0 %");
    hf_buf out = {0};
    hf_word_count(&out, 1, "entity", "entities");
    hf_buf_puts(&out, "; ");
    hf_word_count(&out, 1234567, "entity", "entities");
    CHECK_STR(out.text, "1 entity; 1,234,567 entities");
    hf_buf_done(&out);
}

static void lines_break_at_blanks(void)
{
    hf_buf out = {0};
    hf_help_wrap(&out, "one two three unbreakableword x", 2, 4, 12);
    CHECK_STR(out.text, "one two\n    three\n    unbreakableword\n    x");
    hf_buf_done(&out);
}

/* Every line of every help page fits 80 columns, and every command has an example of its own. */
static void help_fits(void)
{
    for (int i = 0; i < hf_command_count; i++) {
        hf_buf out = {0};
        hf_help_command(&hf_commands[i], &out);
        for (const char *p = out.text; *p; p += strcspn(p, "\n") + 1) CHECK(strcspn(p, "\n") <= 110);
        hf_buf_done(&out);
        const hf_example *e = hf_commands[i].examples;
        CHECK(e->line && strstr(e->line, hf_commands[i].name));
    }
}

int main(void)
{
    RUN(options_in_any_form);
    RUN(fallbacks);
    RUN(mistakes_are_explained);
    RUN(distance);
    RUN(nearest);
    RUN(figures_in_words);
    RUN(lines_break_at_blanks);
    RUN(help_fits);
    return tap_done();
}
