/* Coast lines and borders out of a GeoJSON or TopoJSON file of the user's. */
#ifndef HF_DATASETS_OUTLINE_H
#define HF_DATASETS_OUTLINE_H

#include "base/diag.h"

/* Lines of places in degrees: line k has the points off[k] .. off[k+1]-1, two or more. */
typedef struct hf_outline {
    int n, *off;
    double *lat, *lon;
} hf_outline;

/* Reads every LineString, MultiLineString, Polygon and MultiPolygon of a GeoJSON object, or all arcs of a TopoJSON topology (each border once). Points
 * and what has no geometry are passed over. Findings with HF_E_DATA: no such file, no JSON, neither format, a position that is none or out of range,
 * nothing to draw. Free with hf_outline_done. HF_E_NOMEM. */
hf_err hf_outline_read(const char *path, hf_diag *diag, hf_outline *ret_outline);
void hf_outline_done(hf_outline *outline);

#endif
