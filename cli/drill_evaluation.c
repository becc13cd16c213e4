/* The sheet of the observers: questions, what to expect, and room to write. */
#include <math.h>

#include "cli/drill.h"

static hf_err questions_table(const hf_drill *d, int player, hf_sheet *sheet)
{
    hf_text_table *table = NULL;
    hf_buf text = {0};
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "no.", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "question", HF_ALIGN_LEFT);
    hf_text_table_column(table, "expected", HF_ALIGN_LEFT);
    hf_text_table_column(table, "by", HF_ALIGN_LEFT);
    hf_text_table_column(table, "yes / no, at", HF_ALIGN_LEFT);
    hf_text_table_column(table, "remarks", HF_ALIGN_LEFT);
    for (int k = 0; k < d->n_questions; k++) {
        const hf_question *q = &d->questions[k];
        if (q->player != player) continue;
        hf_text_table_cellf(table, "%d", k + 1);
        hf_text_table_cell(table, q->text);
        hf_text_table_cell(table, q->expected);
        if (!isnan(q->due_h)) hf_drill_when(d, q->due_h, &text);
        hf_drill_cell(table, &text);
        hf_text_table_cell(table, "");
        hf_text_table_cell(table, "");
    }
    err = text.err;
out:
    hf_buf_done(&text);
    return hf_drill_table(sheet, table, err);
}

static bool is_asked(const hf_drill *d, int player)
{
    for (int k = 0; k < d->n_questions; k++)
        if (d->questions[k].player == player) return true;
    return false;
}

hf_err hf_drill_evaluation(const hf_drill *d, hf_sheet *sheet)
{
    hf_err err = HF_OK;
    hf_sheet_page(sheet, "Evaluation sheet");
    hf_sheet_text(sheet, "For observers; players do not see it. Time limits of notifications are those of Directive (EU) 2022/2557 (CER), Art. 15: a first "
                         "notification within 24 hours of becoming aware, a detailed report at the latest one month after it. It binds critical entities in "
                         "Member States of the Union; elsewhere take the limits of national law (--notify-within).");
    hf_sheet_field(sheet, "Observer, place, date", "……………………………………");
    for (int p = 0; p <= d->n_players; p++) {
        int player = p < d->n_players ? p : -1;
        if (!is_asked(d, player)) continue;
        hf_sheet_heading(sheet, 3, player < 0 ? "All together" : hf_drill_player_name(d, player));
        HF_TRY(questions_table(d, player, sheet));
    }
    err = sheet->out->err;
out:
    return err;
}
