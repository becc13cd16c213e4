#include "datasets/outline.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/doc.h"
#include "datasets/files.h"

typedef struct reading {
    const hf_doc *json;
    hf_diag *diag;
    hf_outline to;
    int n_points;
    size_t line_capacity, lat_capacity, lon_capacity;
    double scale[2], shift[2]; /* of a topology whose arcs are steps */
    bool steps;
} reading;

static hf_err refuse(const reading *r, const cJSON *value, const char *what)
{
    hf_doc_error(r->json, r->diag, value, HF_E_RANGE, "%s", what);
    return HF_E_DATA;
}

static hf_err point_add(reading *r, double lon, double lat)
{
    hf_err err = hf_grow((void **)&r->to.lat, &r->lat_capacity, (size_t)r->n_points + 1, sizeof *r->to.lat);
    if (err == HF_OK) err = hf_grow((void **)&r->to.lon, &r->lon_capacity, (size_t)r->n_points + 1, sizeof *r->to.lon);
    if (err != HF_OK) return err;
    r->to.lat[r->n_points] = lat;
    r->to.lon[r->n_points++] = lon;
    return HF_OK;
}

/* A list of positions; those of a quantised topology are steps from one to the next. Lines of one point are passed over. */
static hf_err line_read(reading *r, const cJSON *list)
{
    hf_err err = HF_OK;
    const cJSON *position = NULL;
    double at[2] = {0, 0};
    int first = r->n_points;
    if (!cJSON_IsArray(list)) return refuse(r, list, "a line must be an array of positions");
    cJSON_ArrayForEach(position, list)
    {
        const cJSON *x = cJSON_IsArray(position) ? position->child : NULL, *y = x ? x->next : NULL;
        if (!cJSON_IsNumber(x) || !cJSON_IsNumber(y)) return refuse(r, position, "a position must be [longitude, latitude]");
        double lon = x->valuedouble, lat = y->valuedouble;
        if (r->steps) {
            lon = (at[0] += lon) * r->scale[0] + r->shift[0];
            lat = (at[1] += lat) * r->scale[1] + r->shift[1];
        }
        if (!(fabs(lon) <= 360.001 && fabs(lat) <= 90.001))
            return refuse(r, position, "a position is out of range (allowed: longitude and latitude in degrees; other projections are not read)");
        HF_TRY(point_add(r, lon, lat));
    }
    if (r->n_points - first < 2) {
        r->n_points = first;
        goto out;
    }
    HF_TRY(hf_grow((void **)&r->to.off, &r->line_capacity, (size_t)r->to.n + 2, sizeof *r->to.off));
    r->to.off[r->to.n++] = first;
    r->to.off[r->to.n] = r->n_points;
out:
    return err;
}

/* Lists of lists of positions, `deep` levels above the lines. */
static hf_err lines_read(reading *r, const cJSON *list, int deep)
{
    const cJSON *item = NULL;
    if (deep == 0) return line_read(r, list);
    if (!cJSON_IsArray(list)) return refuse(r, list, "the coordinates of a geometry must be arrays");
    cJSON_ArrayForEach(item, list)
    {
        hf_err err = lines_read(r, item, deep - 1);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

static hf_err geometry_read(reading *r, const cJSON *object);

static hf_err members_read(reading *r, const cJSON *list)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, list)
    {
        hf_err err = geometry_read(r, item);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

/* A geometry, a feature or a collection. Nesting is bounded by the reader of JSON. */
static hf_err geometry_read(reading *r, const cJSON *object)
{
    static const struct {
        const char *type;
        int deep;
    } forms[] = {{"LineString", 0}, {"MultiLineString", 1}, {"Polygon", 1}, {"MultiPolygon", 2}};
    if (cJSON_IsNull(object)) return HF_OK;
    const char *type = cJSON_IsObject(object) ? cJSON_GetStringValue(hf_doc_member(object, "type")) : NULL;
    if (!type) return refuse(r, object, "not GeoJSON or TopoJSON: an object with \"type\" was expected");
    if (strcmp(type, "FeatureCollection") == 0) return members_read(r, hf_doc_member(object, "features"));
    if (strcmp(type, "GeometryCollection") == 0) return members_read(r, hf_doc_member(object, "geometries"));
    if (strcmp(type, "Feature") == 0) return hf_doc_member(object, "geometry") ? geometry_read(r, hf_doc_member(object, "geometry")) : HF_OK;
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++)
        if (strcmp(type, forms[k].type) == 0) return lines_read(r, hf_doc_member(object, "coordinates"), forms[k].deep);
    if (strcmp(type, "Point") == 0 || strcmp(type, "MultiPoint") == 0) return HF_OK;
    return refuse(r, hf_doc_member(object, "type"), "not GeoJSON or TopoJSON: this type is unknown");
}

static bool pair_read(const cJSON *list, double *pair)
{
    const cJSON *a = cJSON_GetArrayItem(list, 0), *b = cJSON_GetArrayItem(list, 1);
    if (!cJSON_IsNumber(a) || !cJSON_IsNumber(b)) return false;
    pair[0] = a->valuedouble;
    pair[1] = b->valuedouble;
    return true;
}

static hf_err topology_read(reading *r, const cJSON *root)
{
    const cJSON *transform = hf_doc_member(root, "transform"), *arcs = hf_doc_member(root, "arcs");
    if (!cJSON_IsArray(arcs)) return refuse(r, root, "a topology without \"arcs\"");
    r->steps = cJSON_IsObject(transform);
    if (r->steps && !(pair_read(hf_doc_member(transform, "scale"), r->scale) && pair_read(hf_doc_member(transform, "translate"), r->shift)))
        return refuse(r, transform, "a transform needs \"scale\" and \"translate\", two numbers each");
    return lines_read(r, arcs, 1);
}

static hf_err root_read(reading *r)
{
    const cJSON *root = hf_doc_root(r->json);
    const char *type = cJSON_IsObject(root) ? cJSON_GetStringValue(hf_doc_member(root, "type")) : NULL;
    hf_err err = type && strcmp(type, "Topology") == 0 ? topology_read(r, root) : geometry_read(r, root);
    if (err == HF_OK && r->to.n == 0) err = refuse(r, root, "holds no line to draw");
    return err;
}

hf_err hf_outline_read(const char *path, hf_diag *diag, hf_outline *ret_outline)
{
    hf_err err;
    reading r = {.diag = diag};
    hf_doc *json = NULL;
    char *bytes = NULL;
    size_t length = 0;
    HF_TRY(hf_files_text(path, diag, &bytes, &length));
    HF_TRY(hf_doc_parse(path, bytes, length, diag, &json));
    r.json = json;
    HF_TRY(root_read(&r));
    *ret_outline = r.to;
    r.to = (hf_outline){0};
out:
    hf_outline_done(&r.to);
    hf_doc_free(json);
    hf_free(bytes);
    return err;
}

void hf_outline_done(hf_outline *outline)
{
    hf_free(outline->off);
    hf_free(outline->lat);
    hf_free(outline->lon);
    *outline = (hf_outline){0};
}
