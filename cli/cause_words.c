#include "cli/cause_words.h"

#include <math.h>
#include <string.h>

#include "cli/words.h"

static void requirement_words(const hf_network *net, const hf_change *c, hf_buf *out)
{
    bool bridged = c->at_h > c->since_h;
    hf_buf_printf(out, "%s short since ", net->req_labels.name[net->req_label[c->cause]]);
    hf_word_hours(out, c->since_h);
    if (!bridged) return;
    hf_buf_puts(out, ", bridged for ");
    hf_word_hours(out, c->at_h - c->since_h);
}

static void carrier_words(const hf_network *net, const hf_change *c, hf_buf *out)
{
    const char *carrier = net->carrier_id[net->cnode_carrier[c->cause]];
    if (c->after <= 0) {
        hf_buf_printf(out, "cut off from %s", carrier);
        return;
    }
    hf_buf_printf(out, "%s delivers only ", carrier);
    hf_word_share(out, c->after);
}

void hf_cause_words(const hf_timeline *tl, const hf_network *net, int change, hf_buf *out)
{
    const hf_change *c = &hf_timeline_changes(tl)[change];
    if (c->after > c->before && (c->kind == HF_CAUSE_REQUIREMENT || c->kind == HF_CAUSE_CARRIER)) {
        hf_buf_puts(out, "supply is back");
        return;
    }
    switch (c->kind) {
    case HF_CAUSE_INJECT: hf_buf_puts(out, c->after < c->before ? "own damage" : "repaired"); break;
    case HF_CAUSE_REQUIREMENT: requirement_words(net, c, out); break;
    case HF_CAUSE_CARRIER: carrier_words(net, c, out); break;
    case HF_CAUSE_OVERLOAD: hf_buf_printf(out, "overloaded and tripped in %s", net->carrier_id[net->cline_carrier[c->cause]]); break;
    case HF_CAUSE_RESTART: hf_buf_puts(out, "restart time over"); break;
    case HF_CAUSE_BLACK_START: hf_buf_puts(out, "started from its own source"); break;
    }
}

const char *hf_entity_label(const hf_network *net, int entity)
{
    return *net->name[entity] ? net->name[entity] : net->id[entity];
}

void hf_entity_words(const hf_network *net, int entity, hf_buf *out)
{
    hf_buf_puts(out, hf_entity_label(net, entity));
    if (*net->name[entity] && strcmp(net->name[entity], net->id[entity]) != 0) hf_buf_printf(out, " (%s)", net->id[entity]);
}
