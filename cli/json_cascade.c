#include <math.h>

#include "cli/json_parts.h"

static hf_err entities_write(hf_json *json, const hf_causes *causes, const hf_timeline *tl, const hf_network *net, const hf_losses *losses)
{
    hf_json_key(json, "entities");
    hf_json_array(json);
    for (int i = 0; i < losses->n_entities; i++) {
        const hf_entity_loss *e = &losses->entities[i];
        hf_json_object(json);
        hf_json_key_text(json, "id", net->id[e->entity]);
        hf_json_key_number(json, "first_loss_h", e->first_loss_h);
        hf_json_key_number(json, "out_h", e->out_h);
        hf_json_key_number(json, "back_h", e->back_h);
        hf_json_key_number(json, "lowest", e->lowest);
        hf_json_key_number(json, "user_hours", e->user_hours);
        hf_json_key_number(json, "value_eur", e->value_eur);
        hf_json_key(json, "cause");
        hf_err err = hf_json_cause(json, causes, tl, net, e->cause_change);
        if (err != HF_OK) return err;
        hf_json_key_number(json, "depth", e->depth);
        hf_json_key_number(json, "lost_h", e->lost_h);
        hf_json_end(json);
    }
    hf_json_end(json);
    return HF_OK;
}

static void points_write(hf_json *json, const hf_group_loss *g)
{
    hf_json_key(json, "inoperability");
    hf_json_array(json);
    for (int p = 0; p < g->n_points; p++) {
        hf_json_array(json);
        hf_json_number(json, g->hour[p]);
        hf_json_number(json, g->inoperability[p]);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static const char *label(const hf_labels *labels, int index)
{
    return index >= 0 ? labels->name[index] : NULL;
}

static void groups_write(hf_json *json, const hf_network *net, const char *key, const hf_group_loss *groups, int n)
{
    hf_json_key(json, key);
    hf_json_array(json);
    for (int i = 0; i < n; i++) {
        const hf_group_loss *g = &groups[i];
        hf_json_object(json);
        if (g->sector >= 0) hf_json_key_text(json, "sector", label(&net->sectors, g->sector));
        if (g->country >= 0) hf_json_key_text(json, "country", label(&net->countries, g->country));
        if (g->region >= 0) hf_json_key_text(json, "region", label(&net->regions, g->region));
        hf_json_key_number(json, "entities_hit", g->entities_hit);
        hf_json_key_number(json, "users_hit_peak", g->users_hit_peak);
        hf_json_key_number(json, "user_hours", g->user_hours);
        hf_json_key_number(json, "value_eur", g->value_eur);
        points_write(json, g);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static void hours_write(hf_json *json, const hf_losses *losses)
{
    hf_json_key(json, "at");
    hf_json_array(json);
    for (int i = 0; i < losses->n_at; i++) {
        hf_json_object(json);
        hf_json_key_number(json, "hour", losses->at[i].hour);
        hf_json_key_number(json, "entities_out", losses->at[i].entities_out);
        hf_json_key_number(json, "users_hit", losses->at[i].users_hit);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static void ids_write(hf_json *json, const char *key, const hf_network *net, const int *entities, int n)
{
    hf_json_key(json, key);
    hf_json_array(json);
    for (int i = 0; i < n; i++) hf_json_text(json, net->id[entities[i]]);
    hf_json_end(json);
}

static hf_err deadlocks_write(hf_json *json, hf_timeline *tl, const hf_network *net)
{
    const hf_deadlock *deadlocks;
    int n;
    hf_err err = hf_timeline_deadlocks(tl, &deadlocks, &n);
    if (err != HF_OK) return err;
    hf_json_key(json, "deadlocks");
    hf_json_array(json);
    for (int i = 0; i < n; i++) {
        hf_json_object(json);
        ids_write(json, "entities", net, deadlocks[i].entities, deadlocks[i].n_entities);
        ids_write(json, "black_start", net, deadlocks[i].black_start, deadlocks[i].n_black_start);
        hf_json_key(json, "exact");
        hf_json_bool(json, deadlocks[i].exact);
        hf_json_end(json);
    }
    hf_json_end(json);
    return HF_OK;
}

static void abroad_write(hf_json *json, const hf_network *net, const hf_losses *losses)
{
    hf_json_key(json, "abroad");
    hf_json_array(json);
    for (int i = 0; i < losses->n_abroad; i++) {
        const hf_abroad_loss *a = &losses->abroad[i];
        hf_json_object(json);
        hf_json_key_text(json, "country", label(&net->countries, a->country));
        hf_json_key_text(json, "from_country", label(&net->countries, a->from_country));
        hf_json_key_number(json, "entities_hit", a->entities_hit);
        hf_json_key_number(json, "user_hours", a->user_hours);
        hf_json_key_number(json, "users_hit_peak", a->users_hit_peak);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static void summary_write(hf_json *json, const hf_network *net, const hf_losses *losses)
{
    hf_json_key(json, "summary");
    hf_json_object(json);
    hf_json_key_number(json, "out_below", losses->out_below);
    hf_json_key_number(json, "end_h", losses->end_h);
    hf_json_key_number(json, "entities", net->n_entities);
    hf_json_key_number(json, "entities_hit", losses->n_entities);
    hf_json_key_number(json, "entities_out", losses->entities_out);
    hf_json_key_number(json, "users_hit_peak", losses->users_hit_peak);
    hf_json_key_number(json, "users_total", losses->users_total);
    hf_json_key_number(json, "worst_hour", losses->users_hit_peak > 0 ? losses->worst_hour : NAN);
    hf_json_key_number(json, "user_hours", losses->user_hours);
    hf_json_key_number(json, "value_eur", losses->value_eur);
    hf_json_key_number(json, "recovered_10_h", losses->recovered_10_h);
    hf_json_key_number(json, "recovered_50_h", losses->recovered_50_h);
    hf_json_key_number(json, "recovered_90_h", losses->recovered_90_h);
    hf_json_key_number(json, "countries_reached", losses->countries_reached);
    hf_json_key_number(json, "sectors_reached", losses->sectors_reached);
    hf_json_key_number(json, "depth", losses->depth);
    hf_json_end(json);
}

hf_err hf_json_cascade(hf_cli *cli, const hf_what_if *w, hf_timeline *tl, const hf_losses *losses)
{
    hf_json json;
    hf_causes *causes = NULL;
    hf_err err;
    HF_TRY(hf_causes_new(tl, cli->net, &causes));
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_what_if(&json, cli, w);
    hf_json_key_number(&json, "events", (double)hf_timeline_event_count(tl));
    HF_TRY(entities_write(&json, causes, tl, cli->net, losses));
    groups_write(&json, cli->net, "sectors", losses->sectors, losses->n_sectors);
    hours_write(&json, losses);
    HF_TRY(deadlocks_write(&json, tl, cli->net));
    hf_json_warnings(&json, cli, w->first_finding);
    groups_write(&json, cli->net, "countries", losses->countries, losses->n_countries);
    groups_write(&json, cli->net, "regions", losses->regions, losses->n_regions);
    abroad_write(&json, cli->net, losses);
    summary_write(&json, cli->net, losses);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    err = cli->out.err;
out:
    hf_causes_free(causes);
    return err;
}
