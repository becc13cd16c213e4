/* Figures in words for people: hours, people, money, counts. Programs read JSON and CSV, where numbers are exact. */
#ifndef HF_CLI_WORDS_H
#define HF_CLI_WORDS_H

#include "base/text.h"

/* "31 h", "0.5 h"; at most two decimals. NaN gives "-". */
void hf_word_hours(hf_buf *out, double hours);
/* "31.2 M", "410 k" or "950": three digits that count, whole below 1,000. */
void hf_word_amount(hf_buf *out, double amount);
/* "1 entity", "3 entities": `many` is used for every count but 1. Thousands are set apart by commas. */
void hf_word_count(hf_buf *out, long count, const char *one, const char *many);
/* "60 %" with at most one decimal; never 0 % for what is above 0, never 100 % for what is below 1. */
void hf_word_share(hf_buf *out, double share);

#endif
