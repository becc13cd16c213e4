/* Words and cells that the sheets of a drill have in common. */
#include <math.h>

#include "cli/cause_words.h"
#include "cli/drill.h"
#include "cli/words.h"

enum { TARGETS_MOST = 8 };

void hf_drill_text(hf_sheet *sheet, const char *name, hf_buf *text)
{
    if (text->err != HF_OK) sheet->out->err = text->err;
    else if (text->length > 0 && name) hf_sheet_field(sheet, name, text->text);
    else if (text->length > 0) hf_sheet_text(sheet, text->text);
    text->length = 0;
}

void hf_drill_cell(hf_text_table *table, hf_buf *text)
{
    hf_text_table_cell(table, text->length > 0 ? text->text : "");
    text->length = 0;
}

hf_err hf_drill_table(hf_sheet *sheet, hf_text_table *table, hf_err err)
{
    if (err == HF_OK) err = hf_sheet_table(sheet, table);
    hf_text_table_free(table);
    return err;
}

void hf_drill_inject_words(const hf_step *step, hf_buf *out)
{
    hf_buf_puts(out, hf_step_kind_name(step->kind));
    if (step->kind == HF_STEP_REPAIR || step->kind >= HF_STEP_NOTE) return;
    hf_buf_puts(out, " to ");
    hf_word_share(out, isnan(step->level) ? (step->kind == HF_STEP_RESTORE ? 1 : 0) : step->level);
}

/* Names that are being listed. */
typedef struct naming {
    const hf_network *net;
    hf_buf *out;
    int n;
} naming;

static void target_name(void *context, int entity)
{
    naming *to = context;
    if (to->n < TARGETS_MOST) {
        if (to->n > 0) hf_buf_puts(to->out, "; ");
        hf_entity_words(to->net, entity, to->out);
    }
    to->n++;
}

hf_err hf_drill_targets_words(const hf_drill *d, const hf_step *step, hf_buf *out)
{
    naming to = {d->net, out, 0};
    hf_err err = HF_OK;
    if (step->kind <= HF_STEP_NOTE) err = hf_drill_targets(d, step, target_name, &to);
    else
        for (int k = 0; k < step->n_targets; k++) hf_buf_printf(out, "%s%s", k ? "; " : "", step->targets[k]);
    if (to.n > TARGETS_MOST) hf_buf_printf(out, " and %d more", to.n - TARGETS_MOST);
    return err;
}
