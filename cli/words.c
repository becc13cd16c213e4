#include "cli/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Decimals without zeros at the end. */
static void number_trimmed(hf_buf *out, double value, int decimals)
{
    char text[64];
    snprintf(text, sizeof text, "%.*f", decimals, value);
    if (strchr(text, '.')) {
        size_t n = strlen(text);
        while (text[n - 1] == '0') n--;
        if (text[n - 1] == '.') n--;
        text[n] = '\0';
    }
    hf_buf_puts(out, strcmp(text, "-0") == 0 ? "0" : text);
}

void hf_word_hours(hf_buf *out, double hours)
{
    if (isnan(hours)) {
        hf_buf_puts(out, "-");
        return;
    }
    number_trimmed(out, hours, fabs(hours) < 100 ? 2 : 1);
    hf_buf_puts(out, " h");
}

void hf_word_amount(hf_buf *out, double amount)
{
    static const struct {
        double from, unit;
        const char *letter;
    } steps[] = {{999.5e9, 1e12, " tn"}, {999.5e6, 1e9, " bn"}, {999.5e3, 1e6, " M"}, {999.5, 1e3, " k"}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (amount >= steps[i].from) {
            double scaled = amount / steps[i].unit;
            number_trimmed(out, scaled, scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0);
            hf_buf_puts(out, steps[i].letter);
            return;
        }
    if (amount > 0 && amount < 0.5) hf_buf_puts(out, "<1");
    else number_trimmed(out, amount, 0);
}

void hf_word_count(hf_buf *out, long count, const char *one, const char *many)
{
    char digits[32];
    int n = snprintf(digits, sizeof digits, "%ld", count);
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0 && digits[i - 1] != '-') hf_buf_puts(out, ",");
        hf_buf_add(out, digits + i, 1);
    }
    hf_buf_printf(out, " %s", count == 1 ? one : many);
}

void hf_word_share(hf_buf *out, double share)
{
    double percent = share * 100;
    if (percent > 0 && percent < 0.05) hf_buf_puts(out, "<0.1");
    else if (percent < 100 && percent > 99.95) hf_buf_puts(out, ">99.9");
    else number_trimmed(out, percent, 1);
    hf_buf_puts(out, " %");
}
