/* Ranks under doubtful links: what must hold, and a case worked out by hand. */
#include "model/cascade/doubt.h"

#include <stdlib.h>

#include "model/network/builder.h"
#include "tests/tap.h"

static const hf_origin nowhere = {0};

static void entity(hf_builder *b, const char *id, double users)
{
    hf_entity_row row = hf_entity_row_default();
    row.id = id, row.sector = "energy", row.country = "AT", row.users = users;
    CHECK_INT(hf_builder_entity(b, &row, nowhere), HF_OK);
}

static void needs(hf_builder *b, const char *id, const char *supplier)
{
    hf_requirement_row row = hf_requirement_row_default();
    hf_supply_row link = hf_supply_row_default();
    row.entity = link.entity = id;
    row.requirement = link.requirement = "power";
    link.supplier = supplier;
    CHECK_INT(hf_builder_requirement(b, &row, nowhere), HF_OK);
    CHECK_INT(hf_builder_supply(b, &link, nowhere), HF_OK);
}

/* a (10 users) feeds big (100) with confidence one half; c has 50 users. Where the link is there a ranks first (110 users), else third. */
static hf_network *small(void)
{
    hf_builder *b = NULL;
    hf_network *net = NULL;
    CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
    entity(b, "a", 10), entity(b, "big", 100), entity(b, "c", 50);
    needs(b, "big", "a");
    CHECK_INT(hf_builder_finish(b, &net), HF_OK);
    hf_builder_free(b);
    return net;
}

static hf_doubt_options options_of(int draws, int threads)
{
    hf_doubt_options o = {.sweep = {.run = hf_run_options_default(), .out_below = 0.5, .threads = threads}, .by = HF_RANK_USER_HOURS, .draws = draws,
                          .level = 0.9, .seed = 3};
    o.sweep.run.horizon_h = 10;
    return o;
}

static void a_doubtful_link_moves_a_rank(void)
{
    hf_network *net = small();
    hf_doubt_options o = options_of(2000, 1);
    hf_rank_interval r[3];
    int draws = 0;
    CHECK_INT(hf_rank_doubt(net, (double[]){1}, (double[]){0.5}, &o, NULL, r, &draws), HF_OK);
    CHECK_INT(draws, 2000);
    CHECK_NEAR(r[0].low, 1, 0);
    CHECK_NEAR(r[0].high, 3, 0);
    CHECK_NEAR(r[0].mean, 10 * (10 + 0.5 * 100), 10 * 100 * 3 * 0.5 / sqrt(2000)); /* three standard errors */
    CHECK_NEAR(r[2].low, 2, 0);
    CHECK_NEAR(r[2].high, 3, 0);
    CHECK_INT(hf_rank_doubt(net, (double[]){1}, (double[]){1}, &o, NULL, r, &draws), HF_OK); /* sure: the plain ranking */
    CHECK_NEAR(r[0].low, 1, 0);
    CHECK_NEAR(r[0].high, 1, 0);
    CHECK_INT(hf_rank_doubt(net, (double[]){0}, (double[]){1}, &o, NULL, r, &draws), HF_OK); /* surely not there */
    CHECK_NEAR(r[0].median, 3, 0);
    o.draws = 1;
    CHECK_INT(hf_rank_doubt(net, (double[]){1}, (double[]){1}, &o, NULL, r, &draws), HF_E_RANGE);
    hf_network_free(net);
}

static void threads_do_not_matter(void)
{
    hf_network *net = small();
    hf_rank_interval one[3], two[3];
    int draws = 0;
    hf_doubt_options a = options_of(50, 1), b = options_of(50, 3);
    CHECK_INT(hf_rank_doubt(net, (double[]){0.7}, (double[]){0.8}, &a, NULL, one, &draws), HF_OK);
    CHECK_INT(hf_rank_doubt(net, (double[]){0.7}, (double[]){0.8}, &b, NULL, two, &draws), HF_OK);
    CHECK(memcmp(one, two, sizeof one) == 0);
    hf_network_free(net);
}

int main(void)
{
    RUN(a_doubtful_link_moves_a_rank);
    RUN(threads_do_not_matter);
    return tap_done();
}
