/* hf_structure_compute against answers from textbooks and against brute force on random networks with and without carriers. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "model/network/builder.h"
#include "model/network/weak_points.h"
#include "tests/tap.h"

enum { MAX_N = 24, MAX_V = 3 * MAX_N };

static const hf_origin nowhere = {0};
static hf_rng rng;

static int below(int n)
{
    return (int)hf_rng_below(&rng, (uint64_t)n);
}

static hf_builder *start(void)
{
    hf_builder *b = NULL;
    if (hf_builder_new(NULL, &b) != HF_OK) abort();
    return b;
}

static hf_network *finish(hf_builder *b)
{
    hf_network *net = NULL;
    if (hf_builder_finish(b, &net) != HF_OK) abort();
    hf_builder_free(b);
    return net;
}

static void entity(hf_builder *b, const char *id)
{
    hf_entity_row row = hf_entity_row_default();
    row.id = id, row.sector = "energy", row.country = "AT";
    CHECK_INT(hf_builder_entity(b, &row, nowhere), HF_OK);
}

static void requirement(hf_builder *b, const char *id, const char *what, hf_response response, double threshold, const char *curve)
{
    hf_requirement_row row = hf_requirement_row_default();
    row.entity = id, row.requirement = what, row.response = response, row.threshold = threshold, row.curve = curve;
    CHECK_INT(hf_builder_requirement(b, &row, nowhere), HF_OK);
}

static void supply(hf_builder *b, const char *id, const char *what, const char *supplier, double share)
{
    hf_supply_row row = hf_supply_row_default();
    row.entity = id, row.requirement = what, row.supplier = supplier, row.share = share;
    CHECK_INT(hf_builder_supply(b, &row, nowhere), HF_OK);
}

/* Entities named by single letters; `arcs` is "AB AC …": A supplies B. All suppliers of an entity are substitutes of each other. */
static hf_network *letters(const char *vertices, const char *arcs)
{
    hf_builder *b = start();
    for (const char *v = vertices; *v; v++) entity(b, (char[]){*v, 0});
    for (const char *v = vertices; *v; v++) {
        bool any = false;
        for (const char *a = arcs; *a; a += a[2] ? 3 : 2) {
            if (a[1] != *v) continue;
            if (!any) requirement(b, (char[]){*v, 0}, "power", HF_LINEAR, 1, "0:1");
            any = true;
            supply(b, (char[]){*v, 0}, "power", (char[]){a[0], 0}, 1);
        }
    }
    return finish(b);
}

static int count_of(const hf_ranked *list, int n, int who)
{
    for (int k = 0; k < n; k++)
        if (list[k].entity == who) return list[k].count;
    return 0;
}

static void loop_is(const hf_network *net, const hf_structure *s, int k, const char *members)
{
    CHECK_INT(s->loop_off[k + 1] - s->loop_off[k], strlen(members));
    for (int m = 0; members[m] && m < s->loop_off[k + 1] - s->loop_off[k]; m++)
        CHECK_STR(net->id[s->loop_entity[s->loop_off[k] + m]], ((char[]){members[m], 0}));
}

/* Lengauer and Tarjan, A fast algorithm for finding dominators in a flowgraph, ACM TOPLAS 1 (1979), figures 1 and 2: F and G are behind C,
 * J behind G, L behind D, everything else only behind R. The arc from K to R is left out: it enters the root and changes no dominator. */
static void dominators_of_lengauer_and_tarjan(void)
{
    hf_structure *s = NULL;
    hf_network *net = letters("ABCDEFGHIJKLR", "RA RB RC AD BA BD BE CF CG DL EH FI GI GJ HE HK IK JI KI LH");
    CHECK_INT(hf_structure_compute(net, &s), HF_OK);
    CHECK_INT(s->n_dominators, 4);
    CHECK_INT(count_of(s->dominators, s->n_dominators, hf_network_find(net, "R")), 12);
    CHECK_INT(count_of(s->dominators, s->n_dominators, hf_network_find(net, "C")), 3);
    CHECK_INT(count_of(s->dominators, s->n_dominators, hf_network_find(net, "D")), 1);
    CHECK_INT(count_of(s->dominators, s->n_dominators, hf_network_find(net, "G")), 1);
    CHECK_STR(net->id[s->dominators[2].entity], "D"); /* a tie with G: by index */
    CHECK_INT(s->n_loops, 2);                         /* E H and I K */
    loop_is(net, s, 0, "EH");
    loop_is(net, s, 1, "IK");
    hf_structure_free(s);
    hf_network_free(net);
}

/* Cormen, Leiserson, Rivest, Stein, Introduction to Algorithms, 3rd ed., figure 22.9: strong components abe, cd, fg, h (its own arc is left
 * out: nobody supplies itself). */
static void loops_of_the_textbook(void)
{
    hf_structure *s = NULL;
    hf_network *net = letters("abcdefgh", "ab bc be bf cd cg dc dh ea ef fg gf gh");
    CHECK_INT(hf_structure_compute(net, &s), HF_OK);
    CHECK_INT(s->n_loops, 3);
    loop_is(net, s, 0, "abe");
    loop_is(net, s, 1, "cd");
    loop_is(net, s, 2, "fg");
    CHECK_INT(s->n_components, 1);
    CHECK_INT(s->largest_component, 8);
    CHECK_INT(s->n_dominators, 0); /* nothing feeds a network in which everyone needs someone */
    hf_structure_free(s);
    hf_network_free(net);
}

/* A path has all its inner vertices as cut points, a ring none, triangles that share one vertex just that one. */
static void cut_points_of_known_graphs(void)
{
    struct {
        const char *vertices, *arcs, *points;
        int parts, largest;
    } known[] = {
        {"abcde", "ab bc cd de", "bcd", 1, 5}, {"abcde", "ab bc cd de ea", "", 1, 5}, {"abcdefg", "ab bc ca ad de ea af fg ga", "a", 1, 7},
        {"abcd", "ab cd", "", 2, 2},           {"abc", "", "", 3, 1},                 {"abc", "ab ba bc cb", "b", 1, 3},
    };
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        hf_structure *s = NULL;
        hf_network *net = letters(known[k].vertices, known[k].arcs);
        CHECK_INT(hf_structure_compute(net, &s), HF_OK);
        CHECK_INT(s->n_articulation, strlen(known[k].points));
        for (int p = 0; p < s->n_articulation && known[k].points[p]; p++)
            CHECK_STR(net->id[s->articulation[p]], ((char[]){known[k].points[p], 0}));
        CHECK_INT(s->n_components, known[k].parts);
        CHECK_INT(s->largest_component, known[k].largest);
        hf_structure_free(s);
        hf_network_free(net);
    }
}

static void nothing_is_no_error(void)
{
    hf_structure *s = NULL;
    hf_network *net = finish(start());
    CHECK_INT(hf_structure_compute(net, &s), HF_OK);
    if (s) CHECK_INT(s->n_loops + s->n_components + s->largest_component + s->n_articulation + s->n_alone + s->n_dominators + s->n_hubs, 0);
    hf_structure_free(s);
    hf_structure_free(NULL);
    hf_network_free(net);
}

/* Which losses of one supplier defeat a requirement: shares, thresholds and curves that never lose all. */
static void who_is_alone_in_supplying(void)
{
    struct {
        hf_response response;
        double threshold, share_a, share_b;
        const char *curve;
        int alone_a, alone_b;
    } known[] = {
        {HF_LINEAR, 1, 1, 1, "0:1", 0, 0},         {HF_LINEAR, 1, 0.5, 0.5, "0:1", 0, 0},      {HF_THRESHOLD, 1, 0.5, 0.5, "0:1", 1, 1},
        {HF_THRESHOLD, 0.6, 0.7, 0.5, "0:1", 1, 0}, {HF_THRESHOLD, 0.5, 0.5, 0.5, "0:1", 0, 0}, {HF_THRESHOLD, 1, 0.5, 0.5, "0:0.4", 0, 0},
        {HF_THRESHOLD, 1, 0.5, 0.5, "1:0.3 24:1", 1, 1},
    };
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        hf_structure *s = NULL;
        hf_builder *b = start();
        entity(b, "a"), entity(b, "b"), entity(b, "user");
        requirement(b, "user", "power", known[k].response, known[k].threshold, known[k].curve);
        supply(b, "user", "power", "a", known[k].share_a);
        supply(b, "user", "power", "b", known[k].share_b);
        hf_network *net = finish(b);
        CHECK_INT(hf_structure_compute(net, &s), HF_OK);
        CHECK_INT(count_of(s->alone, s->n_alone, 0), known[k].alone_a);
        CHECK_INT(count_of(s->alone, s->n_alone, 1), known[k].alone_b);
        CHECK_INT(s->n_hubs, 2);
        hf_structure_free(s);
        hf_network_free(net);
    }
}

/* A random network; with `carrier`, one undirected carrier over some of the entities whose lines are entities or not. Rows in reverse if
 * `turned`. */
static hf_rule rule = HF_BALANCE; /* of the carrier */
static bool directed;

static hf_network *random_network(uint64_t seed, bool carrier, bool turned)
{
    char id[MAX_N][8];
    int n, rows = 0, from[4 * MAX_N], to[4 * MAX_N], what[4 * MAX_N], lines = 0, end[MAX_N][3];
    double supplied[MAX_N];
    bool asked[MAX_N][2] = {{false}}, threshold[MAX_N][2], linked[MAX_N][2][MAX_N] = {{{false}}}, member[MAX_N];
    bool joined[MAX_N][MAX_N] = {{false}};
    hf_builder *b = start();
    rng = (hf_rng){.seed = seed};
    n = 2 + below(MAX_N - 2);
    for (int i = 0; i < n; i++) {
        snprintf(id[i], sizeof id[i], "e%02d", i % 100);
        member[i] = carrier && below(2), supplied[i] = below(3) ? 0 : 5;
        threshold[i][0] = below(2), threshold[i][1] = below(2);
    }
    for (int k = below(3 * n); k > 0; k--) {
        int i = below(n), j = below(n), g = below(2);
        if (i == j || linked[i][g][j] || rows == 4 * MAX_N) continue;
        linked[i][g][j] = asked[i][g] = true;
        to[rows] = i, from[rows] = j, what[rows++] = g;
    }
    for (int k = 0; carrier && k < 2 * n && lines < MAX_N; k++) {
        int i = below(n), j = below(n), own = below(n);
        if (i == j || !member[i] || !member[j] || joined[i][j] || joined[j][i]) continue;
        joined[i][j] = true;
        end[lines][0] = i, end[lines][1] = j, end[lines++][2] = member[own] ? -1 : own;
    }
    if (carrier) CHECK_INT(hf_builder_carrier(b, &(hf_carrier_row){"grid", "MW", rule, directed}, nowhere), HF_OK);
    for (int k = 0; k < n; k++) {
        int i = turned ? n - 1 - k : k;
        entity(b, id[i]);
        for (int g = 0; g < 2; g++)
            if (asked[i][g]) requirement(b, id[i], g ? "power" : "data", threshold[i][g] ? HF_THRESHOLD : HF_LINEAR, 1, "0:1");
        if (member[i]) CHECK_INT(hf_builder_carrier_node(b, &(hf_carrier_node_row){"grid", id[i], supplied[i], 1, 1}, nowhere), HF_OK);
    }
    for (int k = 0; k < rows; k++) {
        int r = turned ? rows - 1 - k : k;
        supply(b, id[to[r]], what[r] ? "power" : "data", id[from[r]], 1);
    }
    for (int k = 0; k < lines; k++) {
        int l = turned ? lines - 1 - k : k;
        hf_carrier_line_row row = {"grid", id[end[l][0]], id[end[l][1]], end[l][2] < 0 ? NULL : id[end[l][2]], INFINITY, NAN, NAN};
        CHECK_INT(hf_builder_carrier_line(b, &row, nowhere), HF_OK);
    }
    return finish(b);
}

typedef bool matrix[MAX_V][MAX_V];

/* Warshall 1962. */
static void close_over(matrix m, int n)
{
    for (int k = 0; k < n; k++)
        for (int i = 0; i < n; i++)
            for (int j = 0; m[i][k] && j < n; j++) m[i][j] |= m[k][j];
}

/* Parts that remain of the undirected graph without one vertex (-1: with all). */
static int parts_without(const hf_network *net, int without)
{
    static matrix m;
    int parts = 0, n = net->n_entities;
    memset(m, 0, sizeof m);
    for (int k = 0; k < net->n_supplies; k++) {
        int a = net->sup_supplier[k], b = net->req_entity[net->sup_req[k]];
        m[a][b] = m[b][a] = a != without && b != without;
    }
    for (int k = 0; k < net->n_clines; k++) {
        int end[3] = {net->cnode_entity[net->cline_from[k]], net->cline_entity[k], net->cnode_entity[net->cline_to[k]]};
        if (end[1] < 0) end[1] = end[0];
        for (int e = 0; e < 2; e++) {
            int a = end[e], b = end[e + 1];
            if (a != b && a != without && b != without) m[a][b] = m[b][a] = true;
        }
    }
    for (int i = 0; i < n; i++) m[i][i] = true;
    close_over(m, n);
    for (int i = 0; i < n; i++) {
        bool first = i != without;
        for (int j = 0; j < i; j++) first &= !m[i][j] || j == without;
        parts += first;
    }
    return parts;
}

static void cut_points_check(const hf_network *net, const hf_structure *s)
{
    int all = parts_without(net, -1), at = 0;
    CHECK_INT(s->n_components, all);
    for (int i = 0; i < net->n_entities; i++) {
        bool listed = at < s->n_articulation && s->articulation[at] == i;
        CHECK_INT(listed, parts_without(net, i) > all);
        at += listed;
    }
    CHECK_INT(at, s->n_articulation);
}

/* Conditions, services and carrier components as in weak_points.c, closed by Warshall's rule. */
static void loops_check(const hf_network *net, const hf_structure *s)
{
    static matrix m;
    int n = net->n_entities, loop_of[MAX_N];
    memset(m, 0, sizeof m);
    for (int i = 0; i < n; i++) m[i][n + i] = true, loop_of[i] = -1;
    for (int k = 0; k < net->n_supplies; k++) m[n + net->sup_supplier[k]][net->req_entity[net->sup_req[k]]] = true;
    for (int k = 0; k < net->n_cnodes; k++) {
        int lines = 0, part = 2 * n + net->cnode_comp[k];
        for (int l = 0; l < net->n_clines; l++) {
            lines += (net->cline_from[l] == k) + (net->cline_to[l] == k);
            if (net->cline_entity[l] >= 0 && net->cline_from[l] == k) m[net->cline_entity[l]][part] = true;
        }
        if (net->cnode_supply[k] > 0 || lines > 1) m[net->cnode_entity[k]][part] = true;
        m[part][n + net->cnode_entity[k]] = true;
    }
    close_over(m, 2 * n + net->n_comps);
    for (int k = 0; k < s->n_loops; k++) {
        CHECK(s->loop_off[k + 1] - s->loop_off[k] > 1);
        if (k > 0) CHECK(s->loop_off[k + 1] - s->loop_off[k] <= s->loop_off[k] - s->loop_off[k - 1]);
        for (int a = s->loop_off[k]; a < s->loop_off[k + 1]; a++) loop_of[s->loop_entity[a]] = k;
        for (int a = s->loop_off[k] + 1; a < s->loop_off[k + 1]; a++) CHECK(s->loop_entity[a] > s->loop_entity[a - 1]);
    }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++) CHECK_INT(m[i][j] && m[j][i], loop_of[i] >= 0 && loop_of[i] == loop_of[j]);
}

/* Whether `user` is fed when `without` is gone: a source, or any supplier of any of its requirements that is fed. */
static int behind(const hf_network *net, int without)
{
    int n = net->n_entities, count = 0;
    bool fed[2][MAX_N] = {{false}};
    for (int w = 0; w < 2; w++)
        for (bool more = true; more;) {
            more = false;
            for (int i = 0; i < n; i++) {
                bool now = net->req_off[i] == net->req_off[i + 1];
                for (int k = 0; k < net->n_supplies; k++) now |= net->req_entity[net->sup_req[k]] == i && fed[w][net->sup_supplier[k]];
                if (w == 1 && i == without) now = false;
                more |= now && !fed[w][i];
                fed[w][i] |= now;
            }
        }
    for (int i = 0; i < n; i++) count += i != without && fed[0][i] && !fed[1][i];
    return count;
}

/* Whether requirement g is met by the suppliers that are up; linear ones count as met while anything comes. */
static bool met(const hf_network *net, int g, const bool *down)
{
    double sum = 0;
    for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) sum += down[net->sup_supplier[k]] ? 0 : net->sup_share[k];
    return net->req_response[g] == HF_THRESHOLD ? sum >= net->req_threshold[g] - 1e-9 : sum > 1e-9;
}

/* Who falls with `from` along single losses, and, for comparison, in the whole Boolean cascade. */
static void falls(const hf_network *net, int from, int *ret_alone, int *ret_cascade)
{
    int n = net->n_entities;
    bool alone[MAX_N] = {false}, down[MAX_N] = {false};
    alone[from] = down[from] = true;
    for (int round = 0; round < n; round++)
        for (int g = 0; g < net->n_requirements; g++) {
            int i = net->req_entity[g];
            down[i] |= !met(net, g, down);
            for (int j = 0; j < n; j++) {
                bool one[MAX_N] = {false};
                one[j] = true;
                if (alone[j] && !met(net, g, one)) alone[i] = true;
            }
        }
    *ret_alone = *ret_cascade = -1;
    for (int i = 0; i < n; i++) *ret_alone += alone[i], *ret_cascade += down[i];
}

static void ranking_check(const hf_ranked *list, int n)
{
    for (int k = 0; k < n; k++) {
        CHECK(list[k].count > 0);
        if (k > 0) CHECK(list[k - 1].count > list[k].count || (list[k - 1].count == list[k].count && list[k - 1].entity < list[k].entity));
    }
}

static void rankings_check(const hf_network *net, const hf_structure *s)
{
    static matrix m;
    int n = net->n_entities;
    memset(m, 0, sizeof m);
    for (int k = 0; k < net->n_supplies; k++) m[net->sup_supplier[k]][net->req_entity[net->sup_req[k]]] = true;
    close_over(m, n);
    for (int i = 0; i < n; i++) {
        int links = 0, downstream = 0, alone, cascade;
        for (int k = 0; k < net->n_supplies; k++) links += net->sup_supplier[k] == i;
        for (int j = 0; j < n; j++) downstream += j != i && m[i][j];
        falls(net, i, &alone, &cascade);
        CHECK_INT(count_of(s->hubs, s->n_hubs, i), links);
        CHECK_INT(count_of(s->depended, s->n_depended, i), downstream);
        CHECK_INT(count_of(s->dominators, s->n_dominators, i), behind(net, i));
        CHECK_INT(count_of(s->alone, s->n_alone, i), alone);
        CHECK(alone <= cascade);
    }
    ranking_check(s->hubs, s->n_hubs);
    ranking_check(s->depended, s->n_depended);
    ranking_check(s->dominators, s->n_dominators);
    ranking_check(s->alone, s->n_alone);
}

static void brute_force_agrees(void)
{
    int loops = 0, points = 0;
    for (int seed = 1; seed <= 300; seed++) {
        hf_structure *s = NULL;
        hf_network *net = random_network((uint64_t)seed, false, false);
        CHECK_INT(hf_structure_compute(net, &s), HF_OK);
        cut_points_check(net, s);
        loops_check(net, s);
        rankings_check(net, s);
        loops += s->n_loops, points += s->n_articulation;
        hf_structure_free(s);
        hf_network_free(net);
    }
    CHECK(loops > 50 && points > 50); /* the networks are not too plain to say anything */
}

static void brute_force_agrees_with_carriers(void)
{
    int lines = 0, loops = 0;
    for (int seed = 1001; seed <= 1300; seed++) {
        hf_structure *s = NULL;
        hf_network *net = random_network((uint64_t)seed, true, false);
        CHECK_INT(hf_structure_compute(net, &s), HF_OK);
        cut_points_check(net, s);
        loops_check(net, s);
        for (int k = 0; k < net->n_clines; k++) lines += net->cline_entity[k] >= 0;
        loops += s->n_loops;
        hf_structure_free(s);
        hf_network_free(net);
    }
    CHECK(lines > 50 && loops > 50);
}

static bool same_ranking(const hf_ranked *a, int na, const hf_ranked *b, int nb)
{
    return na == nb && (na == 0 || memcmp(a, b, (size_t)na * sizeof *a) == 0);
}

static void order_of_rows_does_not_matter(void)
{
    for (int seed = 2001; seed <= 2050; seed++) {
        hf_structure *a = NULL, *b = NULL;
        hf_network *net = random_network((uint64_t)seed, true, false), *turned = random_network((uint64_t)seed, true, true);
        CHECK_INT(hf_structure_compute(net, &a), HF_OK);
        CHECK_INT(hf_structure_compute(turned, &b), HF_OK);
        CHECK_INT(a->n_loops, b->n_loops);
        if (a->n_loops == b->n_loops) {
            size_t members = (size_t)a->loop_off[a->n_loops];
            CHECK(memcmp(a->loop_off, b->loop_off, ((size_t)a->n_loops + 1) * sizeof *a->loop_off) == 0);
            CHECK(memcmp(a->loop_entity, b->loop_entity, members * sizeof *a->loop_entity) == 0);
        }
        CHECK_INT(a->n_articulation, b->n_articulation);
        CHECK(same_ranking(a->alone, a->n_alone, b->alone, b->n_alone));
        CHECK(same_ranking(a->dominators, a->n_dominators, b->dominators, b->n_dominators));
        CHECK(same_ranking(a->hubs, a->n_hubs, b->hubs, b->n_hubs));
        CHECK(same_ranking(a->depended, a->n_depended, b->depended, b->n_depended));
        hf_structure_free(a);
        hf_structure_free(b);
        hf_network_free(net);
        hf_network_free(turned);
    }
}

/* Every allocation of ours fails in turn: HF_E_NOMEM, the result untouched, nothing leaked (seen by the sanitizer). */
static void memory_may_run_out(void)
{
    hf_structure untouched, *s = &untouched;
    hf_network *net = random_network(77, true, false);
    hf_err err = HF_E_NOMEM;
    long at = 1;
    for (; err != HF_OK && at < 1000; at++) {
        hf_alloc_fail_at(at);
        err = hf_structure_compute(net, &s);
        hf_alloc_fail_at(0);
        if (err == HF_OK) break;
        CHECK_INT(err, HF_E_NOMEM);
        CHECK(s == &untouched);
    }
    CHECK_INT(err, HF_OK);
    CHECK(at > 10);
    if (err == HF_OK) hf_structure_free(s);
    hf_network_free(net);
}

/* A chain one entity too long for counting everything downstream; each entity takes down, and stands before, all that follow. */
static void long_chains_count_no_downstream(void)
{
    enum { LENGTH = HF_REACH_LIMIT + 1 };
    hf_structure *s = NULL;
    hf_builder *b = start();
    char id[16], before[16] = "";
    for (int i = 0; i < LENGTH; i++) {
        snprintf(id, sizeof id, "e%06d", i);
        entity(b, id);
        if (i > 0) {
            requirement(b, id, "power", HF_LINEAR, 1, "0:1");
            supply(b, id, "power", before, 1);
        }
        memcpy(before, id, sizeof id);
    }
    hf_network *net = finish(b);
    CHECK_INT(hf_structure_compute(net, &s), HF_OK);
    CHECK_INT(s->n_depended, 0);
    CHECK_INT(s->n_hubs, LENGTH - 1);
    CHECK_INT(s->n_dominators, LENGTH - 1);
    CHECK_INT(s->n_alone, LENGTH - 1);
    for (int k = 0; k < s->n_dominators; k += 1000) {
        CHECK_INT(s->dominators[k].entity, k);
        CHECK_INT(s->dominators[k].count, LENGTH - 1 - k);
        CHECK_INT(s->alone[k].entity, k);
        CHECK_INT(s->alone[k].count, LENGTH - 1 - k);
    }
    CHECK_INT(s->n_articulation, LENGTH - 2);
    hf_structure_free(s);
    hf_network_free(net);
}

/* Carrier nodes a source reaches, along working lines, when entity `without` is gone; each carrier by itself. */
static void served(const hf_network *net, int without, bool *ret_on)
{
    for (int k = 0; k < net->n_cnodes; k++) ret_on[k] = net->cnode_supply[k] > 0 && net->cnode_entity[k] != without;
    for (bool more = true; more;) {
        more = false;
        for (int l = 0; l < net->n_clines; l++)
            for (int way = 0; way < (net->carrier_directed[0] && net->carrier_rule[0] == HF_REACH ? 1 : 2); way++) {
                int a = way ? net->cline_to[l] : net->cline_from[l], b = way ? net->cline_from[l] : net->cline_to[l];
                if (!ret_on[a] || ret_on[b] || net->cnode_entity[b] == without || (without >= 0
                    && net->cline_entity[l] == without)) continue;
                ret_on[b] = more = true;
            }
    }
}

/* Fewest services that must fall with `from`: cut off carrier nodes, then requirements that lose one sole supplier, each by one loss. */
static int certain_falls(const hf_network *net, int from)
{
    int n = net->n_entities, count = 0;
    bool down[MAX_N] = {false}, off[MAX_N] = {false}, all[MAX_N], on[MAX_N]; /* condition, service */
    served(net, -1, all);
    down[from] = off[from] = true;
    for (bool more = true; more;) {
        more = false;
        for (int j = 0; j < n; j++) {
            if (!down[j]) continue;
            served(net, j, on);
            for (int k = 0; k < net->n_cnodes; k++)
                if (all[k] && !on[k] && !off[net->cnode_entity[k]]) off[net->cnode_entity[k]] = more = true;
        }
        for (int g = 0; g < net->n_requirements; g++)
            for (int j = 0; j < n; j++) {
                bool one[MAX_N] = {false};
                one[j] = true;
                if (!off[j] || down[net->req_entity[g]] || met(net, g, one)) continue;
                down[net->req_entity[g]] = off[net->req_entity[g]] = more = true;
            }
    }
    for (int i = 0; i < n; i++) count += i != from && off[i];
    return count;
}

/* Entities fed from sources by links and lines without `without`, one vertex an entity. */
static int behind_with_lines(const hf_network *net, int without)
{
    int n = net->n_entities, count = 0;
    bool fed[2][MAX_N] = {{false}};
    for (int w = 0; w < 2; w++) {
        for (int i = 0; i < n; i++) {
            bool on_carrier = false, feeds = false;
            for (int k = 0; k < net->n_cnodes; k++)
                if (net->cnode_entity[k] == i) on_carrier = true, feeds |= net->cnode_supply[k] > 0;
            for (int l = 0; l < net->n_clines; l++) on_carrier |= net->cline_entity[l] == i;
            fed[w][i] = net->req_off[i] == net->req_off[i + 1] && (feeds || !on_carrier) && !(w && i == without);
        }
        for (int round = 0; round < 3 * n; round++) {
            for (int k = 0; k < net->n_supplies; k++) {
                int user = net->req_entity[net->sup_req[k]];
                if (fed[w][net->sup_supplier[k]] && !(w && user == without)) fed[w][user] = true;
            }
            for (int l = 0; l < net->n_clines; l++) {
                int end[3] = {net->cnode_entity[net->cline_from[l]], net->cline_entity[l], net->cnode_entity[net->cline_to[l]]};
                if (end[1] < 0) end[1] = end[0];
                for (int e = 0; e < 2; e++) {
                    int a = end[e], b = end[e + 1];
                    if (net->cline_entity[l] < 0 && e == 0) continue;
                    if (fed[w][a] && !(w && b == without)) fed[w][b] = true;
                    if (!(directed && rule == HF_REACH) && fed[w][b] && !(w && a == without)) fed[w][a] = true;
                }
            }
        }
    }
    for (int i = 0; i < n; i++) count += i != without && fed[0][i] && !fed[1][i];
    return count;
}

static bool owns_several_lines(const hf_network *net)
{
    bool any[MAX_N] = {false}, several = false;
    for (int l = 0; l < net->n_clines; l++) {
        if (net->cline_entity[l] < 0) continue;
        several |= any[net->cline_entity[l]];
        any[net->cline_entity[l]] = true;
    }
    return several;
}

static void rankings_see_carriers(void)
{
    int exact = 0, positive = 0, behind_lines = 0;
    for (int seed = 3001; seed <= 3600; seed++) {
        hf_structure *s = NULL;
        rule = seed % 2 ? HF_REACH : HF_BALANCE, directed = seed % 3 == 0;
        hf_network *net = random_network((uint64_t)seed, true, false);
        bool several = owns_several_lines(net);
        CHECK_INT(hf_structure_compute(net, &s), HF_OK);
        for (int i = 0; i < net->n_entities; i++) {
            int found = count_of(s->alone, s->n_alone, i), certain = certain_falls(net, i);
            CHECK(found <= certain);
            if (!several) CHECK_INT(found, certain);
            exact += !several, positive += !several && found > 0;
            CHECK_INT(count_of(s->dominators, s->n_dominators, i), behind_with_lines(net, i));
        }
        behind_lines += s->n_dominators;
        ranking_check(s->alone, s->n_alone);
        ranking_check(s->dominators, s->n_dominators);
        ranking_check(s->depended, s->n_depended);
        hf_structure_free(s);
        hf_network_free(net);
    }
    rule = HF_BALANCE, directed = false;
    CHECK(exact > 300 && positive > 300 && behind_lines > 300);
}

int main(void)
{
    RUN(dominators_of_lengauer_and_tarjan);
    RUN(loops_of_the_textbook);
    RUN(cut_points_of_known_graphs);
    RUN(nothing_is_no_error);
    RUN(who_is_alone_in_supplying);
    RUN(brute_force_agrees);
    RUN(brute_force_agrees_with_carriers);
    RUN(rankings_see_carriers);
    RUN(order_of_rows_does_not_matter);
    RUN(memory_may_run_out);
    RUN(long_chains_count_no_downstream);
    return tap_done();
}
