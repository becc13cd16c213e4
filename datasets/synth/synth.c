#include "datasets/synth/synth.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "datasets/new_folder.h"
#include "datasets/synth/inside.h"
#include "datasets/table.h"

enum { ENTITIES_A_REGION = 250, USERS_AN_ENTITY = 5000, NEAREST = 8 };
static const double km_per_degree = 111.19, latitude = 46, longitude = 10, spread_km = 12, region_km = 60;
static const double pareto_shape = 1.5;

typedef struct country {
    const hf_synth_options *options;
    int n, n_regions;
    double *region_x, *region_y, *population; /* [n_regions] */
    int first[SYNTH_KINDS + 1];               /* entities of a kind are first[k] .. first[k+1]-1 */
    hf_synth_points place;                    /* of all entities */
    int *region;
    double *users;
    hf_synth_index *index[SYNTH_KINDS];
    hf_synth_points of_kind[SYNTH_KINDS]; /* views into `place` */
} country;

/* Draws are named by what they are for, so that a change of one leaves the others. */
enum { DRAW_REGION = 1, DRAW_PLACE, DRAW_USERS, DRAW_SUPPLY };

static double draw(const country *c, int what, long index)
{
    return hf_random_unit(c->options->seed, (uint64_t)what, (uint64_t)index);
}

/* A standard normal number of two uniform ones (Box and Muller 1958). */
static double draw_normal(const country *c, int what, long index)
{
    return sqrt(-2 * log(1 - draw(c, what, 2 * index))) * cos(6.283185307179586 * draw(c, what, 2 * index + 1));
}

/* ---- regions ---- */

static hf_err regions_make(country *c)
{
    c->n_regions = c->n / ENTITIES_A_REGION < 4 ? 4 : c->n / ENTITIES_A_REGION;
    size_t n = (size_t)c->n_regions;
    c->region_x = hf_malloc(n * sizeof *c->region_x);
    c->region_y = hf_malloc(n * sizeof *c->region_y);
    c->population = hf_malloc(n * sizeof *c->population);
    if (!c->region_x || !c->region_y || !c->population) return HF_E_NOMEM;
    int columns = (int)ceil(sqrt(1.6 * c->n_regions));
    double sum = 0;
    for (int r = 0; r < c->n_regions; r++) {
        c->region_x[r] = (r % columns + 0.2 + 0.6 * draw(c, DRAW_REGION, 3L * r)) * region_km;
        c->region_y[r] = (r / columns + 0.2 + 0.6 * draw(c, DRAW_REGION, 3L * r + 1)) * region_km;
    }
    /* ranks are dealt out along a stride that meets every region once, so that large ones lie apart */
    long stride = (long)(0.381966 * c->n_regions) | 1;
    while (c->n_regions > 1) {
        long a = stride, b = c->n_regions;
        while (b) {
            long rest = a % b;
            a = b, b = rest;
        }
        if (a == 1) break;
        stride += 2;
    }
    for (int k = 0; k < c->n_regions; k++) {
        int r = (int)((long)k * stride % c->n_regions);
        c->population[r] = pow(k + 1, -0.9);
        sum += c->population[r];
    }
    for (int r = 0; r < c->n_regions; r++) c->population[r] *= (double)c->n * USERS_AN_ENTITY / sum;
    return HF_OK;
}

/* ---- entities ---- */

static void kinds_count(country *c)
{
    int at = 0;
    for (int k = 0; k < SYNTH_KINDS; k++) {
        int n = (int)(hf_synth_kinds[k].share * c->n);
        c->first[k] = at;
        at += k + 1 < SYNTH_KINDS ? (n < 2 ? 2 : n) : c->n - at;
    }
    c->first[SYNTH_KINDS] = c->n;
}

/* Each region gets entities of a kind: every second one by population, the others in turn. */
static int region_of(const country *c, const double *cumulative, int place_in_kind, long entity)
{
    if (place_in_kind % 2 == 0) return (int)(((long)place_in_kind / 2) % c->n_regions);
    double wanted = draw(c, DRAW_PLACE, 4 * entity) * cumulative[c->n_regions - 1];
    int low = 0, high = c->n_regions - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (cumulative[middle] < wanted) low = middle + 1;
        else high = middle;
    }
    return low;
}

static hf_err places_make(country *c)
{
    hf_err err = HF_OK;
    size_t n = (size_t)c->n;
    double *cumulative = hf_malloc((size_t)c->n_regions * sizeof *cumulative);
    c->place = (hf_synth_points){c->n, hf_malloc(n * sizeof(double)), hf_malloc(n * sizeof(double))};
    c->region = hf_malloc(n * sizeof *c->region);
    if (!cumulative || !c->place.x || !c->place.y || !c->region) HF_TRY(HF_E_NOMEM);
    for (int r = 0; r < c->n_regions; r++) cumulative[r] = c->population[r] + (r > 0 ? cumulative[r - 1] : 0);
    for (int k = 0; k < SYNTH_KINDS; k++)
        for (int i = c->first[k]; i < c->first[k + 1]; i++) {
            int r = c->region[i] = region_of(c, cumulative, i - c->first[k], i);
            double wide = k == SYNTH_SUBSTATION || k == SYNTH_GAS || k == SYNTH_PLANT ? 1.6 : 1; /* grids reach into the country */
            c->place.x[i] = c->region_x[r] + wide * spread_km * draw_normal(c, DRAW_PLACE, 4L * c->n + 2L * i);
            c->place.y[i] = c->region_y[r] + wide * spread_km * draw_normal(c, DRAW_PLACE, 4L * c->n + 2L * i + 1);
        }
    for (int k = 0; k < SYNTH_KINDS; k++) {
        c->of_kind[k] = (hf_synth_points){c->first[k + 1] - c->first[k], c->place.x + c->first[k], c->place.y + c->first[k]};
        HF_TRY(hf_synth_index_new(&c->of_kind[k], &c->index[k]));
    }
out:
    hf_free(cumulative);
    return err;
}

/* Pareto weights within a kind of a region share out its users. */
static hf_err users_make(country *c)
{
    c->users = hf_calloc((size_t)c->n, sizeof *c->users);
    double *sum = hf_malloc((size_t)c->n_regions * sizeof *sum);
    if (!c->users || !sum) {
        hf_free(sum);
        return HF_E_NOMEM;
    }
    for (int k = 0; k < SYNTH_KINDS; k++) {
        memset(sum, 0, (size_t)c->n_regions * sizeof *sum);
        for (int i = c->first[k]; i < c->first[k + 1]; i++) {
            c->users[i] = pow(1 - draw(c, DRAW_USERS, i), -1 / pareto_shape);
            sum[c->region[i]] += c->users[i];
        }
        for (int i = c->first[k]; i < c->first[k + 1]; i++) {
            int r = c->region[i];
            c->users[i] = floor(c->users[i] / sum[r] * c->population[r] * hf_synth_kinds[k].coverage);
        }
    }
    hf_free(sum);
    return HF_OK;
}

/* ---- tables ---- */

typedef struct writing {
    const country *c;
    const hf_new_folder *folder;
    hf_buf text;
} writing;

static int kind_of(const country *c, int i)
{
    int k = 0;
    while (i >= c->first[k + 1]) k++;
    return k;
}

static void id_add(writing *w, int i)
{
    int k = kind_of(w->c, i);
    hf_buf_printf(&w->text, "%s-%d", hf_synth_kinds[k].id, i - w->c->first[k] + 1);
}

static hf_err finish(writing *w, const char *name)
{
    return hf_new_folder_file(w->folder, name, &w->text);
}

static hf_err entities_write(writing *w)
{
    const country *c = w->c;
    hf_buf_puts(&w->text, "id,name,sector,country,subsector,region,lat,lon,users,value_eur_h,repair_h,repair_sigma,restart_h,source\n");
    for (int i = 0; i < c->n; i++) {
        const hf_synth_kind_facts *kind = &hf_synth_kinds[kind_of(c, i)];
        double lat = latitude + c->place.y[i] / km_per_degree, lon = longitude + c->place.x[i] / (km_per_degree * cos(latitude * 0.017453292519943295));
        id_add(w, i);
        hf_buf_printf(&w->text, ",%s %d in region %d,%s,%s,%s,R%03d,%.4f,%.4f,%.0f,%.0f,%g,0.5,%d,synthetic\n", kind->name, i + 1, c->region[i] + 1,
                      kind->sector, c->options->country, kind->subsector, c->region[i] + 1, fmax(-90, fmin(90, lat)), fmax(-180, fmin(180, lon)), c->users[i],
                      floor(c->users[i] * kind->value), kind->repair_h, kind_of(c, i) == SYNTH_PLANT ? 6 : 0);
    }
    return finish(w, "entities.csv");
}

/* Entities of the nearest k suppliers of a rule for user i, as entity numbers. */
static int suppliers_of(const country *c, const hf_synth_rule *rule, int i, int *supplier)
{
    int n = hf_synth_nearest(c->index[rule->supplier], c->place.x[i], c->place.y[i], -1, rule->k, supplier);
    for (int k = 0; k < n; k++) supplier[k] += c->first[rule->supplier];
    return n;
}

static hf_err requirements_write(writing *w)
{
    hf_buf_puts(&w->text, "entity,requirement,kind,response,threshold,curve,source\n");
    for (int r = 0; r < hf_synth_rule_count; r++) {
        const hf_synth_rule *rule = &hf_synth_rules[r];
        for (int i = w->c->first[rule->user]; i < w->c->first[rule->user + 1]; i++) {
            id_add(w, i);
            if (rule->k > 1) hf_buf_printf(&w->text, ",%s,%s,threshold,%g,%s,rule\n", rule->requirement, rule->kind, 0.999, rule->curve);
            else hf_buf_printf(&w->text, ",%s,%s,,,%s,rule\n", rule->requirement, rule->kind, rule->curve);
        }
    }
    return finish(w, "requirements.csv");
}

static hf_err supplies_write(writing *w)
{
    const country *c = w->c;
    hf_buf_puts(&w->text, "entity,requirement,supplier,share,distance_km,source\n");
    for (int r = 0; r < hf_synth_rule_count; r++) {
        const hf_synth_rule *rule = &hf_synth_rules[r];
        for (int i = c->first[rule->user]; i < c->first[rule->user + 1]; i++) {
            int supplier[NEAREST], n = suppliers_of(c, rule, i, supplier);
            for (int k = 0; k < n; k++) {
                id_add(w, i);
                hf_buf_printf(&w->text, ",%s,", rule->requirement);
                id_add(w, supplier[k]);
                hf_buf_printf(&w->text, ",%s%d,%.2f,nearest %d\n", rule->needed > 1 ? "1/" : "", rule->needed > 1 ? rule->needed : 1,
                              hypot(c->place.x[i] - c->place.x[supplier[k]], c->place.y[i] - c->place.y[supplier[k]]), rule->k);
            }
        }
    }
    return finish(w, "supplies.csv");
}

/* A carrier over the entities of one kind, with feeders of another at their nearest node (-1: none). */
typedef struct carrier {
    const char *id, *unit, *rule;
    hf_synth_kind nodes;
    int feeders;          /* hf_synth_kind */
    double mean_degree;   /* of the nodes' graph */
    double a_user, spare; /* demand a user; supply / demand */
} carrier;

static const carrier carriers[] = {{"power", "MW", "balance", SYNTH_SUBSTATION, SYNTH_PLANT, 2.78, 0.0008, 1.15},
                                   {"gas", "MWh/h", "balance", SYNTH_GAS, -1, 2.67, 0.002, 1.2},
                                   {"data", "", "reach", SYNTH_EXCHANGE, SYNTH_DATA_CENTRE, 2.6, 0, 0}};
enum { CARRIERS = sizeof carriers / sizeof *carriers };

static hf_err carriers_write(writing *w)
{
    hf_buf_puts(&w->text, "carrier,unit,rule\n");
    for (int k = 0; k < CARRIERS; k++) hf_buf_printf(&w->text, "%s,%s,%s\n", carriers[k].id, carriers[k].unit, carriers[k].rule);
    return finish(w, "carriers.csv");
}

/* Sources of a carrier: its feeders, or every tenth of its nodes. */
typedef struct sources {
    int first, last, step;
    double weight; /* of all */
} sources;

static double weight_of(const country *c, const carrier *k, int i)
{
    return pow(1 - draw(c, DRAW_SUPPLY, 8L * i + (k - carriers)), -1 / pareto_shape);
}

static sources sources_of(const country *c, const carrier *k)
{
    int kind = k->feeders >= 0 ? k->feeders : (int)k->nodes;
    sources s = {c->first[kind], c->first[kind + 1], k->feeders >= 0 ? 1 : 10, 0};
    for (int i = s.first; i < s.last; i += s.step) s.weight += weight_of(c, k, i);
    return s;
}

static hf_err nodes_write(writing *w)
{
    const country *c = w->c;
    hf_buf_puts(&w->text, "carrier,entity,supply,demand\n");
    for (const carrier *k = carriers; k < carriers + CARRIERS; k++) {
        int first = c->first[k->nodes], last = c->first[k->nodes + 1];
        double demand = 0;
        sources s = sources_of(c, k);
        for (int i = first; i < last; i++) demand += c->users[i] * k->a_user;
        for (int i = first; i < last; i++) {
            bool source = k->feeders < 0 && (i - first) % s.step == 0;
            hf_buf_printf(&w->text, "%s,", k->id);
            id_add(w, i);
            hf_buf_printf(&w->text, ",%.6g,%.6g\n", source ? demand * k->spare * weight_of(c, k, i) / s.weight : 0,
                          k->a_user > 0 ? c->users[i] * k->a_user : 1);
        }
        for (int i = s.first; k->feeders >= 0 && i < s.last; i++) {
            hf_buf_printf(&w->text, "%s,", k->id);
            id_add(w, i);
            hf_buf_printf(&w->text, ",%.6g,0\n", k->a_user > 0 ? demand * k->spare * weight_of(c, k, i) / s.weight : 1);
        }
    }
    return finish(w, "carrier_nodes.csv");
}

static void line_add(writing *w, const carrier *k, int a, int b)
{
    const country *c = w->c;
    hf_buf_printf(&w->text, "%s,", k->id);
    id_add(w, a);
    hf_buf_puts(&w->text, ",");
    id_add(w, b);
    hf_buf_printf(&w->text, ",%.2f\n", hypot(c->place.x[a] - c->place.x[b], c->place.y[a] - c->place.y[b]));
}

static hf_err lines_write(writing *w)
{
    hf_err err = HF_OK;
    const country *c = w->c;
    int *from = NULL, *to = NULL, m = 0;
    hf_buf_puts(&w->text, "carrier,from,to,length_km\n");
    for (const carrier *k = carriers; k < carriers + CARRIERS; k++) {
        HF_TRY(hf_synth_grid(&c->of_kind[k->nodes], k->mean_degree, &from, &to, &m));
        for (int e = 0; e < m; e++) line_add(w, k, c->first[k->nodes] + from[e], c->first[k->nodes] + to[e]);
        hf_free(from);
        hf_free(to);
        from = to = NULL;
        for (int i = k->feeders < 0 ? 0 : c->first[k->feeders]; k->feeders >= 0 && i < c->first[k->feeders + 1]; i++) {
            int near[2], n = hf_synth_nearest(c->index[k->nodes], c->place.x[i], c->place.y[i], -1, 2, near);
            for (int j = 0; j < n; j++) line_add(w, k, i, c->first[k->nodes] + near[j]);
        }
    }
    HF_TRY(finish(w, "carrier_lines.csv"));
out:
    return err;
}

/* A flood in the largest region, a storm over every tenth, and an attack on data centres. */
static hf_err hazards_write(writing *w)
{
    hf_err err = HF_OK;
    const country *c = w->c;
    int largest = 0;
    for (int r = 1; r < c->n_regions; r++)
        if (c->population[r] > c->population[largest]) largest = r;
    hf_buf_puts(&w->text, "hazard,title,frequency_per_year,source\nflood,Flood in the largest region,0.02,synthetic\nstorm,Winter storm,0.3,synthetic\n"
                          "attack,Attack on data centres,0.1,synthetic\n");
    HF_TRY(finish(w, "hazards.csv"));
    hf_buf_puts(&w->text, "hazard,entity,probability,severity,repair_h\n");
    for (int i = 0; i < c->n; i++) {
        int kind = kind_of(c, i);
        const char *hazard = NULL;
        double probability = 0;
        if (c->region[i] == largest) hazard = "flood", probability = 0.3;
        else if (kind == SYNTH_SUBSTATION && c->region[i] % 10 == 3) hazard = "storm", probability = 0.15;
        else if (kind == SYNTH_DATA_CENTRE) hazard = "attack", probability = 0.05;
        if (!hazard) continue;
        hf_buf_printf(&w->text, "%s,", hazard);
        id_add(w, i);
        hf_buf_printf(&w->text, ",%g,1,\n", probability);
    }
    HF_TRY(finish(w, "hazard_damage.csv"));
    hf_buf_printf(&w->text,
                  "{\"scenarios\": [\n {\"name\": \"flood\", \"title\": \"Flood in region %d\", \"horizon_h\": 336, \"injects\": [\n"
                  "  {\"at_h\": 0, \"inject\": \"degrade\", \"targets\": [\"region=R%03d sector=energy\"], \"level\": 0.2},\n"
                  "  {\"at_h\": 96, \"inject\": \"repair\", \"targets\": [\"region=R%03d sector=energy\"]}]}\n]}\n",
                  largest + 1, largest + 1, largest + 1);
    HF_TRY(finish(w, "scenarios.json"));
out:
    return err;
}

static hf_err metadata_write(writing *w)
{
    static const char *const resources[] = {"entities", "requirements", "supplies", "carriers", "carrier_nodes", "carrier_lines", "hazards", "hazard_damage"};
    hf_buf_printf(&w->text, "{\"name\": \"synthetic-%ld-%llu\", \"title\": \"Synthetic country of %ld entities, seed %llu\",\n \"sources\": [{\"title\": "
                  "\"holdfast synth\"}],\n \"resources\": [\n", w->c->options->entities, (unsigned long long)w->c->options->seed, w->c->options->entities,
                  (unsigned long long)w->c->options->seed);
    for (size_t k = 0; k < sizeof resources / sizeof *resources; k++)
        hf_buf_printf(&w->text, "  {\"name\": \"%s\", \"path\": \"%s.csv\"},\n", resources[k], resources[k]);
    hf_buf_puts(&w->text, "  {\"name\": \"scenarios\", \"path\": \"scenarios.json\"}\n ]}\n");
    return finish(w, "datapackage.json");
}

static hf_err package_write(writing *w)
{
    hf_err err = HF_OK;
    HF_TRY(entities_write(w));
    HF_TRY(requirements_write(w));
    HF_TRY(supplies_write(w));
    HF_TRY(carriers_write(w));
    HF_TRY(nodes_write(w));
    HF_TRY(lines_write(w));
    HF_TRY(hazards_write(w));
    HF_TRY(metadata_write(w));
out:
    hf_buf_done(&w->text);
    return err;
}

static void country_done(country *c)
{
    void *arrays[] = {c->region_x, c->region_y, c->population, c->place.x, c->place.y, c->region, c->users};
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) hf_free(arrays[k]);
    for (int k = 0; k < SYNTH_KINDS; k++) hf_synth_index_free(c->index[k]);
}

hf_err hf_synth(const hf_synth_options *options, hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_new_folder folder;
    country c = {.options = options, .n = (int)options->entities};
    if (options->entities < HF_SYNTH_LEAST || options->entities > HF_SYNTH_MOST) return HF_E_RANGE;
    HF_TRY(regions_make(&c));
    kinds_count(&c);
    HF_TRY(places_make(&c));
    HF_TRY(users_make(&c));
    HF_TRY(hf_new_folder_begin(&folder, options->into, diag));
    writing w = {.c = &c, .folder = &folder};
    err = hf_new_folder_end(&folder, package_write(&w));
out:
    country_done(&c);
    return err;
}
