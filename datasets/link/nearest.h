/* Nearest places on the globe: a k-d tree on the unit sphere. Not installed. */
#ifndef HF_DATASETS_LINK_NEAREST_H
#define HF_DATASETS_LINK_NEAREST_H

#include <stdbool.h>

#include "base/error.h"

typedef struct hf_globe hf_globe;

/* n places (lat, lon in degrees) numbered from 0; those that are NaN are never found. HF_E_NOMEM. O(n log n). */
hf_err hf_globe_new(int n, const double *lat, const double *lon, hf_globe **ret_globe);
void hf_globe_free(hf_globe *globe);

/* Whether a place may be answered. */
typedef bool hf_globe_fits(const void *context, int place);

typedef struct hf_globe_found {
    int place;
    double km; /* great circle, mean radius 6371.0088 km (haversine) */
} hf_globe_found;

enum { HF_GLOBE_MOST = 64 };

/* The up to k (1 .. HF_GLOBE_MOST) nearest places that fit, nearest first, ties by number. Returns how many. `fits` may be NULL. */
int hf_globe_nearest(const hf_globe *globe, double lat, double lon, int k, hf_globe_fits *fits, const void *context, hf_globe_found *ret_found);

#endif
