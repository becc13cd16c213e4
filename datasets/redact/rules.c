/* What happens to which column, and where the grid is. */
#include <math.h>
#include <string.h>

#include "datasets/redact/inside.h"

bool hf_redact_knows(const char *resource)
{
    static const char *const known[] = {"entities",      "operators",       "requirements", "supplies",     "carriers", "carrier_nodes",
                                        "carrier_lines", "services_abroad", "hazards",      "hazard_damage"};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (strcmp(known[k], resource) == 0) return hf_resource_find(resource) != NULL;
    return false;
}

/* Texts that are words of a vocabulary and not about one place. */
static bool is_word(const char *resource, const char *column)
{
    static const char *const words[][2] = {{"entities", "subsector"}, {"carriers", "unit"}, {"operators", "nis2_class"}};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (strcmp(words[k][0], resource) == 0 && strcmp(words[k][1], column) == 0) return true;
    return false;
}

hf_redact_action hf_redact_action_of(const hf_resource *resource, const char *column)
{
    const hf_field *f = NULL;
    for (int k = 0; k < resource->n_fields; k++)
        if (strcmp(resource->fields[k].name, column) == 0) f = &resource->fields[k];
    if (!f) return HF_REDACT_DROP;
    if (hf_ids_of(resource, column) != HF_IDS_NONE) return HF_REDACT_ID;
    if (strcmp(f->unit, "degrees") == 0) return HF_REDACT_PLACE;
    if (strcmp(f->unit, "km") == 0) return HF_REDACT_DROP; /* lengths tell places */
    if (f->type != HF_FIELD_TEXT || is_word(resource->name, column)) return HF_REDACT_KEEP;
    return strcmp(column, "name") == 0 || strcmp(column, "title") == 0 ? HF_REDACT_NAME : HF_REDACT_DROP;
}

static double distance_km(double lat, double lon, double other_lat, double other_lon)
{
    const double degree = 3.14159265358979323846 / 180;
    double s = sin((other_lat - lat) * degree / 2), t = sin((other_lon - lon) * degree / 2);
    double h = s * s + cos(lat * degree) * cos(other_lat * degree) * t * t; /* haversine */
    return 2 * 6371.0088 * asin(fmin(1, sqrt(h)));
}

double hf_redact_snap(double grid_km, double *lat, double *lon)
{
    const double degree_km = 111.1950797; /* 2 pi 6371.0088 / 360 */
    double row = grid_km / degree_km, y = (floor(*lat / row) + 0.5) * row, x = 0;
    y = fmax(-90, fmin(90, y));
    double column = row / fmax(cos(y * 3.14159265358979323846 / 180), 1e-9);
    if (column < 360) x = fmin(180, (floor((*lon + 180) / column) + 0.5) * column - 180);
    y = round(y * 1000) / 1000;
    x = round(x * 1000) / 1000;
    double moved = distance_km(*lat, *lon, y, x);
    *lat = y;
    *lon = x;
    return moved;
}

hf_err hf_redact_match(const hf_resource *resource, const char *const *columns, const char *const *cells, int n, hf_buf *out)
{
    out->length = 0;
    for (int c = 0; c < n; c++) {
        if (*resource->key && !hf_resource_in_key(resource, columns[c])) continue;
        hf_buf_puts(out, cells[c] ? cells[c] : "");
        hf_buf_puts(out, "\x1f");
    }
    if (out->length == 0) hf_buf_puts(out, "\x1f");
    return out->err;
}
