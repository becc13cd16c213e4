#include "cli/cells.h"

#include "cli/words.h"

static void cell(hf_text_table *table, hf_buf *text, const char *otherwise)
{
    hf_text_table_cell(table, text->text ? text->text : otherwise);
    hf_buf_done(text);
}

void hf_cell_hours(hf_text_table *table, double hours)
{
    hf_buf text = {0};
    hf_word_hours(&text, hours);
    cell(table, &text, "");
}

void hf_cell_amount(hf_text_table *table, double amount)
{
    hf_buf text = {0};
    if (amount > 0) hf_word_amount(&text, amount);
    cell(table, &text, "-");
}

void hf_cell_share(hf_text_table *table, double share)
{
    hf_buf text = {0};
    hf_word_share(&text, share);
    cell(table, &text, "");
}
