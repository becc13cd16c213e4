#include "viz/projection.h"

#include <math.h>


static const double pi = 3.14159265358979323846, earth_km = 6371.0088;

/* How far east of `west` a longitude is, 0 to 360. */
static double east_of(double west, double lon)
{
    double d = fmod(lon - west, 360);
    return d < 0 ? d + 360 : d;
}

/* The widest gap without points starts at the point that has the longest way to the next one in the east. Quadratic, but for a thousand points in a blink;
 * above that points are taken as they come, without the date line. */
static double west_of(const double *lat, const double *lon, int n)
{
    enum { MANY = 4000 };
    double west = 180, best = -1;
    for (int k = 0; k < n; k++)
        if (!isnan(lat[k]) && !isnan(lon[k]) && lon[k] < west) west = lon[k];
    for (int k = 0; k < n && n <= MANY; k++) {
        double gap = 360;
        if (isnan(lat[k]) || isnan(lon[k])) continue;
        for (int j = 0; j < n; j++) {
            double way = isnan(lat[j]) || isnan(lon[j]) ? 0 : east_of(lon[j], lon[k]);
            if (way > 0 && way < gap) gap = way;
        }
        if (gap > best && gap < 360) {
            best = gap;
            west = lon[k];
        }
    }
    return west;
}

bool hf_geo_box_of(const double *lat, const double *lon, int n, hf_geo_box *ret_box)
{
    bool any = false;
    double west = west_of(lat, lon, n), span = 0, south = 90, north = -90;
    for (int k = 0; k < n; k++) {
        if (isnan(lat[k]) || isnan(lon[k])) continue;
        any = true;
        span = fmax(span, east_of(west, lon[k]));
        south = fmin(south, lat[k]);
        north = fmax(north, lat[k]);
    }
    if (any) *ret_box = (hf_geo_box){west, south, west + span, north};
    return any;
}

void hf_geo_box_widen(hf_geo_box *box, double share, double least)
{
    double across = fmax((box->east - box->west) * share, (least - (box->east - box->west)) / 2);
    double along = fmax((box->north - box->south) * share, (least - (box->north - box->south)) / 2);
    box->west -= across;
    box->east += across;
    if (box->east - box->west > 360) box->east = box->west + 360;
    box->south = fmax(box->south - along, -90);
    box->north = fmin(box->north + along, 90);
}

hf_projection hf_projection_fit(const hf_geo_box *box, double x, double y, double width, double height)
{
    hf_projection p = {.box = *box, .middle_lat = (box->south + box->north) / 2, .x = x, .y = y};
    double across = (box->east - box->west) * cos(p.middle_lat * pi / 180), along = box->north - box->south;
    p.px_per_degree = fmin(width / across, height / along);
    p.width = across * p.px_per_degree;
    p.height = along * p.px_per_degree;
    return p;
}

bool hf_project(const hf_projection *p, double lat, double lon, double *ret_x, double *ret_y)
{
    double east = east_of(p->box.west, lon), span = p->box.east - p->box.west;
    if (east > span && east - 360 > -(360 - span) / 2) east -= 360; /* west of the box: nearer that way round */
    *ret_x = p->x + east * cos(p->middle_lat * pi / 180) * p->px_per_degree;
    *ret_y = p->y + (p->box.north - lat) * p->px_per_degree;
    return east >= 0 && east <= span && lat >= p->box.south && lat <= p->box.north;
}

double hf_projection_km_per_px(const hf_projection *p)
{
    return earth_km * pi / 180 / p->px_per_degree;
}
