#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/network/builder.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static size_t number_end(const char *text, size_t start)
{
    return start + strcspn(text + start, ": \t");
}

/* Reads "hours:loss" at *at and moves *at behind it. Returns NULL, or what is wrong with *at at the fault. */
static const char *step_parse(const char *text, size_t *at, double *ret_hours, double *ret_loss)
{
    size_t end = number_end(text, *at);
    if (!hf_number_parse(text + *at, end - *at, ret_hours)) return "a step must start with its hours, a number of 0 or more, as in 12:1";
    if (*ret_hours < 0) return "the hours of a step must be 0 or more";
    if (text[end] != ':') {
        *at = end;
        return "a step is written hours:loss, with a colon and without blanks, as in 12:1";
    }
    *at = end + 1;
    end = number_end(text, *at);
    if (!hf_number_parse(text + *at, end - *at, ret_loss)) return "the loss of a step must be a number from 0 to 1";
    if (*ret_loss < 0 || *ret_loss > 1) return "the loss of a step must be from 0 to 1 (0.3 for 30 %)";
    *at = end;
    if (text[end] == ':') return "steps are separated by a blank";
    return NULL;
}

int hf_curve_parse(const char *text, double *hours, double *loss, int capacity, const char **ret_why, size_t *ret_at)
{
    size_t at = 0;
    int n = 0;
    const char *why = NULL;
    while (!why) {
        while (is_blank(text[at])) at++;
        if (!text[at]) break;
        double h = 0, l = 0;
        size_t start = at;
        why = step_parse(text, &at, &h, &l);
        if (!why && n >= capacity) why = "too many steps", at = start;
        if (!why && n > 0 && h <= hours[n - 1]) why = "the hours must rise from step to step", at = start;
        if (!why && n > 0 && l < loss[n - 1]) why = "the loss must not fall from step to step", at = start;
        if (why) break;
        hours[n] = h == 0 ? 0 : h; /* "-0" is 0 */
        loss[n++] = l == 0 ? 0 : l;
    }
    if (!why && n == 0) why = "a curve needs at least one step hours:loss, as in 12:1";
    if (!why) return n;
    *ret_why = why;
    *ret_at = at;
    return -1;
}
