#include "datasets/import/places.h"

#include <math.h>
#include <stddef.h>

#include "base/alloc.h"

hf_err hf_places_add(hf_places *p, double lat, double lon, const char *country)
{
    hf_err err = HF_OK;
    HF_TRY(hf_grow((void **)&p->lat, &p->capacity_lat, p->n + 1, sizeof *p->lat));
    HF_TRY(hf_grow((void **)&p->lon, &p->capacity_lon, p->n + 1, sizeof *p->lon));
    HF_TRY(hf_grow((void **)&p->country, &p->capacity_country, p->n + 1, sizeof *p->country));
    p->lat[p->n] = lat;
    p->lon[p->n] = lon;
    p->country[p->n++] = country;
out:
    return err;
}

void hf_places_done(hf_places *p)
{
    hf_free(p->lat);
    hf_free(p->lon);
    hf_free(p->country);
    *p = (hf_places){0};
}

double hf_distance_km(double lat1, double lon1, double lat2, double lon2)
{
    const double radian = 0.017453292519943295;
    double a = sin((lat2 - lat1) * radian / 2), b = sin((lon2 - lon1) * radian / 2);
    double h = a * a + cos(lat1 * radian) * cos(lat2 * radian) * b * b;
    return 2 * 6371 * asin(sqrt(h < 1 ? h : 1));
}

const char *hf_places_nearest(const hf_places *p, double lat, double lon, double *ret_km)
{
    double best = INFINITY;
    const char *country = NULL;
    for (size_t k = 0; k < p->n; k++) {
        double km = hf_distance_km(lat, lon, p->lat[k], p->lon[k]);
        if (km >= best) continue;
        best = km;
        country = p->country[k];
    }
    *ret_km = best;
    return country;
}
