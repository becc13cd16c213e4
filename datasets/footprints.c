#include "datasets/footprints.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/idmap.h"
#include "base/text.h"
#include "datasets/reader.h"

static const double earth_km = 6371.0088, degree = 3.14159265358979323846 / 180;

typedef struct curve {
    const char *hazard, *sector, *subsector; /* NULL: any */
    double median, beta, severity, repair_h;
} curve;

typedef struct place {
    const char *id, *sector, *subsector;
    double lat, lon; /* NaN: not given */
} place;

typedef struct footing {
    const hf_doc *json;
    hf_diag *diag;
    curve *curves;
    place *places;
    int n_curves, n_places;
    hf_idmap *hazards; /* that have an area */
    double *intensity; /* [hazard * n_places + place], 0 outside */
    size_t capacity;
} footing;

/* ---- geometry, degrees ---- */

static bool position_read(const cJSON *position, double *lon, double *lat)
{
    const cJSON *x = cJSON_GetArrayItem(position, 0), *y = cJSON_GetArrayItem(position, 1);
    if (!cJSON_IsNumber(x) || !cJSON_IsNumber(y)) return false;
    *lon = x->valuedouble;
    *lat = y->valuedouble;
    return *lat >= -90 && *lat <= 90 && *lon >= -180 && *lon <= 180;
}

/* Crossings of the ray to the east: odd inside. */
static bool ring_holds(const cJSON *ring, double lon, double lat)
{
    bool inside = false;
    double x0 = 0, y0 = 0, x = 0, y = 0;
    const cJSON *position = NULL;
    bool first = true;
    cJSON_ArrayForEach(position, ring)
    {
        position_read(position, &x, &y);
        if (!first && (y0 > lat) != (y > lat) && lon < (x - x0) * (lat - y0) / (y - y0) + x0) inside = !inside;
        x0 = x, y0 = y, first = false;
    }
    return inside;
}

/* Inside the first ring, outside the others (holes): each crossing turns it around. */
static bool polygon_holds(const cJSON *rings, double lon, double lat)
{
    bool inside = false;
    const cJSON *ring = NULL;
    cJSON_ArrayForEach(ring, rings) inside ^= ring_holds(ring, lon, lat);
    return inside;
}

static double distance_km(double lat1, double lon1, double lat2, double lon2)
{
    double a = sin((lat2 - lat1) * degree / 2), b = sin((lon2 - lon1) * degree / 2);
    return 2 * earth_km * asin(fmin(1, sqrt(a * a + cos(lat1 * degree) * cos(lat2 * degree) * b * b)));
}

static bool ring_check(const cJSON *ring)
{
    const cJSON *position = NULL;
    double lon, lat;
    if (cJSON_GetArraySize(ring) < 4) return false;
    cJSON_ArrayForEach(position, ring) if (!position_read(position, &lon, &lat)) return false;
    return true;
}

static bool polygon_check(const cJSON *rings)
{
    const cJSON *ring = NULL;
    if (cJSON_GetArraySize(rings) < 1) return false;
    cJSON_ArrayForEach(ring, rings) if (!ring_check(ring)) return false;
    return true;
}

/* An area as a feature gives it. */
typedef struct area {
    const cJSON *coordinates;
    enum { POLYGON, MULTIPOLYGON, DISC } form;
    double lon, lat, radius_km;
} area;

static bool area_holds(const area *a, double lon, double lat)
{
    const cJSON *polygon = NULL;
    if (a->form == DISC) return distance_km(a->lat, a->lon, lat, lon) <= a->radius_km;
    if (a->form == POLYGON) return polygon_holds(a->coordinates, lon, lat);
    cJSON_ArrayForEach(polygon, a->coordinates) if (polygon_holds(polygon, lon, lat)) return true;
    return false;
}

static bool area_read(const footing *f, const cJSON *feature, area *a)
{
    const cJSON *geometry = hf_doc_member(feature, "geometry"), *properties = hf_doc_member(feature, "properties"), *polygon = NULL;
    const char *type = cJSON_IsObject(geometry) ? hf_doc_text(f->json, f->diag, geometry, "type", "") : "";
    *a = (area){.coordinates = cJSON_IsObject(geometry) ? hf_doc_array(f->json, f->diag, geometry, "coordinates") : NULL};
    bool good = a->coordinates != NULL;
    if (strcmp(type, "Polygon") == 0) good &= polygon_check(a->coordinates);
    else if (strcmp(type, "MultiPolygon") == 0) {
        a->form = MULTIPOLYGON;
        good &= cJSON_GetArraySize(a->coordinates) > 0;
        cJSON_ArrayForEach(polygon, a->coordinates) good &= polygon_check(polygon);
    } else if (strcmp(type, "Point") == 0) {
        a->form = DISC;
        a->radius_km = hf_doc_number(f->json, f->diag, properties, "radius_km", NAN);
        good &= a->radius_km > 0 && position_read(a->coordinates, &a->lon, &a->lat);
    } else good = false;
    if (!good)
        hf_doc_error(f->json, f->diag, geometry ? geometry : feature, HF_E_RANGE,
                     "a footprint needs the coordinates of a Polygon or MultiPolygon (closed rings, degrees), or of a Point with \"radius_km\"");
    return good;
}

/* ---- reading ---- */

static hf_err hazard_row(footing *f, const char *hazard, double **ret_row)
{
    int k = -1;
    bool fresh = false;
    hf_err err = hf_idmap_intern(f->hazards, hazard, strlen(hazard), &k, &fresh);
    if (err != HF_OK) return err;
    err = hf_grow((void **)&f->intensity, &f->capacity, ((size_t)k + 1) * (size_t)f->n_places, sizeof *f->intensity);
    if (err != HF_OK) return err;
    *ret_row = f->intensity + (size_t)k * (size_t)f->n_places;
    if (fresh) memset(*ret_row, 0, (size_t)f->n_places * sizeof **ret_row);
    return HF_OK;
}

static hf_err feature_read(footing *f, const cJSON *feature)
{
    area a;
    double *row = NULL;
    const cJSON *properties = hf_doc_member(feature, "properties");
    const char *hazard = cJSON_IsObject(properties) ? hf_doc_text(f->json, f->diag, properties, "hazard", NULL) : NULL;
    double intensity = cJSON_IsObject(properties) ? hf_doc_number(f->json, f->diag, properties, "intensity", NAN) : NAN;
    if (!hazard || !(intensity > 0)) {
        hf_doc_error(f->json, f->diag, feature, HF_E_MISSING, "a footprint needs the properties \"hazard\" and \"intensity\" (above 0)");
        return HF_OK;
    }
    if (!area_read(f, feature, &a)) return HF_OK;
    hf_err err = hazard_row(f, hazard, &row);
    for (int k = 0; k < f->n_places && err == HF_OK; k++) {
        const place *p = &f->places[k];
        if (!isnan(p->lat) && !isnan(p->lon) && intensity > row[k] && area_holds(&a, p->lon, p->lat)) row[k] = intensity;
    }
    return err;
}

static hf_err curves_read(footing *f, const hf_table *table)
{
    static const char *const sectors[] = {HF_SECTOR_NAMES};
    hf_reader r;
    hf_reader_init(&r, table, hf_resource_find("fragility"), f->diag);
    f->curves = hf_calloc((size_t)hf_table_rows(table), sizeof *f->curves);
    if (!f->curves) return HF_E_NOMEM;
    for (r.row = 0; r.row < hf_table_rows(table); r.row++) {
        int sector = hf_reader_choice(&r, "sector", -1);
        curve c = {hf_reader_text(&r, "hazard"), sector < 0 ? NULL : sectors[sector], hf_reader_text(&r, "subsector"),
                                           hf_reader_number(&r, "median", NAN), hf_reader_number(&r, "beta", NAN),
                                           hf_reader_number(&r, "severity", 1), hf_reader_number(&r, "repair_h", NAN)};
        if (c.median <= 0 || c.beta <= 0)
            hf_diag_add(f->diag, HF_ERROR, HF_E_RANGE, hf_table_file(table), hf_table_line(table, r.row), 1,
                        "median %g and beta %g of a fragility curve must be above 0", c.median, c.beta);
        f->curves[f->n_curves++] = c;
    }
    return HF_OK;
}

static const char *cell(const hf_table *table, int row, const char *column)
{
    int c = hf_table_column(table, column);
    return c < 0 ? "" : hf_table_cell(table, row, c).text;
}

static double cell_number(const hf_table *table, int row, const char *column)
{
    const char *text = cell(table, row, column);
    double value = NAN;
    return hf_number_parse(text, strlen(text), &value) ? value : NAN;
}

static hf_err places_read(footing *f, const hf_table *entities)
{
    int nowhere = 0;
    f->n_places = hf_table_rows(entities);
    f->places = hf_calloc((size_t)f->n_places, sizeof *f->places);
    if (!f->places) return HF_E_NOMEM;
    for (int k = 0; k < f->n_places; k++) {
        f->places[k] = (place){cell(entities, k, "id"), cell(entities, k, "sector"), cell(entities, k, "subsector"), cell_number(entities, k, "lat"),
                               cell_number(entities, k, "lon")};
        nowhere += isnan(f->places[k].lat) || isnan(f->places[k].lon);
    }
    if (nowhere == f->n_places)
        hf_diag_add(f->diag, HF_ERROR, HF_E_MISSING, hf_table_file(entities), 0, 0, "no entity has lat and lon: footprints need them");
    else if (nowhere > 0)
        hf_diag_add(f->diag, HF_NOTE, HF_OK, hf_table_file(entities), 0, 0, "%d of %d entities have no place: no footprint can reach them", nowhere,
                    f->n_places);
    return HF_OK;
}

/* ---- damage ---- */

static const curve *curve_find(const footing *f, const char *hazard, const place *p)
{
    for (int k = 0; k < f->n_curves; k++) {
        const curve *c = &f->curves[k];
        if (c->hazard && strcmp(c->hazard, hazard) != 0) continue;
        if (c->sector && strcmp(c->sector, p->sector) != 0) continue;
        if (c->subsector && strcmp(c->subsector, p->subsector) != 0) continue;
        return c;
    }
    return NULL;
}

static bool is_listed(const hf_table *damage, const char *hazard, const char *entity)
{
    for (int row = 0; damage && row < hf_table_rows(damage); row++)
        if (strcmp(cell(damage, row, "hazard"), hazard) == 0 && strcmp(cell(damage, row, "entity"), entity) == 0) return true;
    return false;
}

static hf_err damage_add(const footing *f, int z, const hf_table *damage, hf_builder *builder, int *ret_hit)
{
    static const hf_origin nowhere = {0};
    const char *hazard = hf_idmap_text(f->hazards, z);
    const double *row = f->intensity + (size_t)z * (size_t)f->n_places;
    for (int k = 0; k < f->n_places; k++) {
        const curve *c = row[k] > 0 ? curve_find(f, hazard, &f->places[k]) : NULL;
        if (!c) continue;
        if (is_listed(damage, hazard, f->places[k].id)) {
            ++*ret_hit; /* reached, but its own row goes before */
            continue;
        }
        double probability = 0.5 * erfc(-log(row[k] / c->median) / (c->beta * sqrt(2)));
        if (!(probability > 0)) continue;
        hf_err err = hf_builder_damage(builder, hazard, f->places[k].id, probability, c->severity, c->repair_h, nowhere);
        if (err != HF_OK) return err;
        ++*ret_hit;
    }
    return HF_OK;
}

static hf_err all_damage_add(const footing *f, const hf_table *damage, hf_builder *builder)
{
    for (int z = 0; z < hf_idmap_count(f->hazards); z++) {
        int hit = 0;
        hf_err err = damage_add(f, z, damage, builder, &hit);
        if (err != HF_OK) return err;
        if (hit == 0) hf_doc_error(f->json, f->diag, NULL, HF_E_RANGE, "footprints of hazard \"%.60s\" damage nobody", hf_idmap_text(f->hazards, z));
    }
    return HF_OK;
}

hf_err hf_footprints_add(const hf_doc *json, const hf_table *fragility, const hf_table *entities, const hf_table *damage, hf_builder *builder,
                         hf_diag *diag)
{
    hf_err err = HF_OK;
    footing f = {.json = json, .diag = diag};
    const cJSON *root = hf_doc_root(json), *feature = NULL;
    const cJSON *features = cJSON_IsObject(root) ? hf_doc_array(json, diag, root, "features") : NULL;
    size_t errors = hf_diag_count(diag, HF_ERROR);
    if (!features) {
        hf_doc_error(json, diag, root, HF_E_MISSING, "a FeatureCollection with \"features\" was expected");
        return HF_OK;
    }
    HF_TRY(hf_idmap_new(&f.hazards));
    HF_TRY(places_read(&f, entities));
    HF_TRY(curves_read(&f, fragility));
    cJSON_ArrayForEach(feature, features) HF_TRY(feature_read(&f, feature));
    if (hf_diag_count(diag, HF_ERROR) == errors) HF_TRY(all_damage_add(&f, damage, builder));
out:
    hf_idmap_free(f.hazards);
    hf_free(f.intensity);
    hf_free(f.curves);
    hf_free(f.places);
    return err;
}
