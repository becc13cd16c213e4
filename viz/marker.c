#include "viz/marker.h"

#include <math.h>
#include <string.h>

#include "viz/svg.h"

/* A regular polygon, or a star where the inner radius is given, or the named form. */
typedef struct shape {
    const char *sector;
    int corners;
    double turn;  /* of the first corner from the top, as a part of the whole turn */
    double inner; /* of every second corner, 0: none */
} shape;

static const shape shapes[] = {{"energy", 24, 0, 0},          {"transport", 4, 0.125, 0},        {"banking", 4, 0, 0},
                               {"financial_market", 3, 0.5, 0}, {"health", 8, 0, 0.38},           {"drinking_water", 3, 0, 0},
                               {"waste_water", 5, 0.5, 0},      {"digital", 6, 0, 0},             {"administration", 5, 0, 0},
                               {"space", 10, 0, 0.45},          {"food", 8, 0.0625, 0}};
static const shape box = {"", 4, 0.125, 0};

static const shape *shape_of(const char *sector)
{
    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++)
        if (strcmp(shapes[k].sector, sector) == 0) return &shapes[k];
    return &box;
}

void hf_marker_write(hf_buf *out, const char *sector, double x, double y, double radius, const char *fill, const char *stroke, double stroke_width,
                     const char *tip)
{
    const double turn = 2 * 3.14159265358979323846;
    const shape *s = shape_of(sector);
    double px[24], py[24], r = s->corners == 3 ? radius * 1.2 : s->inner > 0 ? radius * 1.25 : radius;
    for (int k = 0; k < s->corners; k++) {
        double angle = turn * ((double)k / s->corners + s->turn), at = s->inner > 0 && k % 2 ? r * s->inner : r;
        px[k] = x + at * sin(angle);
        py[k] = y - at * cos(angle);
    }
    hf_svg_polygon(out, px, py, s->corners, fill, stroke, stroke_width, tip);
}
