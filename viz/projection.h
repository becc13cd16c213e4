/* The map projection: equirectangular, with lengths true along the meridians and along the middle latitude of what is drawn. */
#ifndef HF_VIZ_PROJECTION_H
#define HF_VIZ_PROJECTION_H

#include <stdbool.h>

/* Degrees; west may be above 180 - then the box crosses the date line and longitudes count on: 170 to 190. */
typedef struct hf_geo_box {
    double west, south, east, north;
} hf_geo_box;

typedef struct hf_projection {
    hf_geo_box box;
    double middle_lat;     /* degrees: where east-west lengths are true */
    double px_per_degree;  /* of latitude; of longitude it is cos(middle_lat) times that */
    double x, y;           /* pixels of the box's north-western corner */
    double width, height;  /* of the box, pixels */
} hf_projection;

/* The smallest box that holds the points (longitudes -180..180; NaN are passed over): it may cross the date line. False when there is none. */
bool hf_geo_box_of(const double *lat, const double *lon, int n, hf_geo_box *ret_box);

/* Widens a box by a share of its sides, and to at least `least` degrees each way; latitudes stay within -90..90. */
void hf_geo_box_widen(hf_geo_box *box, double share, double least);

/* Fits a box into width x height pixels at (x, y), as large as goes, in its north-western corner. The box has an extent both ways. */
hf_projection hf_projection_fit(const hf_geo_box *box, double x, double y, double width, double height);

/* Pixels of a place; its longitude counts on where the box crosses the date line. Whether it lies in the box. */
bool hf_project(const hf_projection *p, double lat, double lon, double *ret_x, double *ret_y);

/* Kilometres that one pixel stands for: on a sphere of the mean radius 6371.0088 km, north-south, and east-west at the middle latitude. */
double hf_projection_km_per_px(const hf_projection *p);

#endif
