/* Points on the globe with a country, for rows that have coordinates but no country. Not installed. */
#ifndef HF_DATASETS_IMPORT_PLACES_H
#define HF_DATASETS_IMPORT_PLACES_H

#include <stddef.h>

#include "base/error.h"

typedef struct hf_places {
    double *lat, *lon;
    const char **country;
    size_t n, capacity_lat, capacity_lon, capacity_country;
} hf_places;

/* Adds a place; `country` must outlive the list. */
hf_err hf_places_add(hf_places *p, double lat, double lon, const char *country);
void hf_places_done(hf_places *p);

/* Country of the nearest place, NULL when there is none. Ties go to the first. O(n). */
const char *hf_places_nearest(const hf_places *p, double lat, double lon, double *ret_km);

/* Great-circle distance in km on a sphere of 6,371 km (haversine). Degrees. */
double hf_distance_km(double lat1, double lon1, double lat2, double lon2);

#endif
