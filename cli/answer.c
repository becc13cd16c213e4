#include "cli/answer.h"

#include <math.h>
#include <string.h>

#include "cli/cause_words.h"
#include "cli/words.h"

/* Entities that went out by their own damage only: nothing upstream explains them. */
static int failed_directly(const hf_timeline *tl, const hf_losses *losses)
{
    int n = 0;
    for (int i = 0; i < losses->n_entities; i++) {
        const hf_entity_loss *e = &losses->entities[i];
        if (!isnan(e->out_h) && hf_timeline_changes(tl)[e->cause_change].kind == HF_CAUSE_INJECT) n++;
    }
    return n;
}

static void reach_words(const hf_timeline *tl, const hf_network *net, const hf_losses *losses, hf_buf *out)
{
    int out_n = losses->entities_out, direct = failed_directly(tl, losses), impaired = losses->n_entities - out_n;
    if (out_n == 0 && impaired == 0) {
        hf_buf_puts(out, "Nothing is lost.");
        return;
    }
    hf_buf_printf(out, "%d of %d entities", out_n, net->n_entities);
    if (losses->countries_reached > 1) hf_buf_printf(out, " in %d countries", losses->countries_reached);
    hf_buf_printf(out, " %s out", out_n == 1 ? "goes" : "go");
    if (out_n > 0 && direct == out_n) hf_buf_puts(out, out_n == 1 ? ", by its own damage" : ", all by their own damage");
    else if (out_n > 0) hf_buf_printf(out, ", %d of them by own damage and %d in consequence", direct, out_n - direct);
    if (impaired > 0) hf_buf_printf(out, "; %d more %s", impaired, impaired == 1 ? "is impaired" : "are impaired");
    hf_buf_puts(out, ".");
}

/* The first entity in health to go out in consequence: what a planner asks for first. */
static void health_words(const hf_timeline *tl, const hf_network *net, const hf_losses *losses, hf_buf *out)
{
    int sector = hf_labels_find(&net->sectors, "health");
    const hf_entity_loss *first = NULL;
    for (int i = 0; sector >= 0 && i < losses->n_entities; i++) {
        const hf_entity_loss *e = &losses->entities[i];
        if (net->sector[e->entity] != sector || isnan(e->out_h) || hf_timeline_changes(tl)[e->cause_change].kind == HF_CAUSE_INJECT) continue;
        if (!first || e->out_h < first->out_h) first = e;
    }
    if (!first) return;
    hf_buf_puts(out, " The first in health, ");
    hf_entity_words(net, first->entity, out);
    hf_buf_puts(out, first->out_h > 0 ? ", is out after " : ", is out at once");
    if (first->out_h > 0) hf_word_hours(out, first->out_h);
    hf_buf_puts(out, ".");
}

static void people_words(const hf_losses *losses, hf_buf *out)
{
    if (losses->users_hit_peak <= 0) return;
    hf_buf_puts(out, " At the worst hour (");
    hf_word_hours(out, losses->worst_hour);
    hf_buf_puts(out, ") service is missing for ");
    hf_word_amount(out, losses->users_hit_peak);
    hf_buf_puts(out, " of ");
    hf_word_amount(out, losses->users_total);
    hf_buf_puts(out, " users");
    if (isnan(losses->recovered_50_h)) {
        hf_buf_puts(out, ", and fewer than half of them have it back by the end.");
    } else {
        hf_buf_puts(out, "; half of them have it back ");
        hf_word_hours(out, losses->recovered_50_h);
        hf_buf_puts(out, " after the first loss.");
    }
}

static void cost_words(const hf_losses *losses, hf_buf *out)
{
    if (losses->user_hours <= 0 && losses->value_eur <= 0) return;
    hf_buf_puts(out, " Lost in all: ");
    if (losses->user_hours > 0) {
        hf_word_amount(out, losses->user_hours);
        hf_buf_puts(out, " user-hours");
    }
    if (losses->value_eur > 0) {
        hf_buf_puts(out, losses->user_hours > 0 ? " and " : "");
        hf_word_amount(out, losses->value_eur);
        hf_buf_puts(out, " EUR");
    }
    hf_buf_puts(out, ".");
}

void hf_answer(const hf_timeline *tl, const hf_network *net, const hf_losses *losses, hf_buf *out)
{
    reach_words(tl, net, losses, out);
    health_words(tl, net, losses, out);
    people_words(losses, out);
    cost_words(losses, out);
}
