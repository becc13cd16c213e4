#include "viz/map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "viz/dot_style.h"
#include "viz/label_room.h"
#include "viz/marker.h"
#include "viz/svg.h"

enum { PLOT_WIDTH = 760, PLOT_HEIGHT = 760, LEFT = 12, TOP = 44, LEGEND_WIDTH = 200, FONT = 10, NAME_COLUMNS = 22 };

/* One entity on the map. */
typedef struct mark {
    int entity;
    const hf_entity_loss *loss; /* NULL: loses nothing */
    double x, y, radius;
} mark;

typedef struct drawing {
    const hf_network *net;
    const hf_losses *losses;
    const hf_map_options *options;
    hf_buf *out;
    hf_map_note note;
    hf_projection p;
    mark *marks; /* in the order of drawing: not hit first, then large before small */
    int n_marks;
    double users_most;
} drawing;

static bool has_place(const hf_network *net, int i)
{
    return !isnan(net->lat[i]) && !isnan(net->lon[i]);
}

/* ---- what is drawn, and where ---- */

static hf_err box_find(drawing *d)
{
    hf_geo_box box;
    if (d->options->box) box = *d->options->box;
    else if (!hf_geo_box_of(d->net->lat, d->net->lon, d->net->n_entities, &box)) return HF_E_NOT_FOUND;
    else hf_geo_box_widen(&box, 0.05, 0.2);
    d->p = hf_projection_fit(&box, LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT);
    return HF_OK;
}

static int compare_marks(const void *pa, const void *pb)
{
    const mark *a = pa, *b = pb;
    if ((a->loss != NULL) != (b->loss != NULL)) return a->loss ? 1 : -1;
    if (a->radius != b->radius) return a->radius > b->radius ? -1 : 1;
    return a->entity - b->entity;
}

static hf_err marks_find(drawing *d)
{
    const hf_network *net = d->net;
    int next = 0;
    d->marks = hf_calloc((size_t)net->n_entities, sizeof *d->marks);
    if (!d->marks) return HF_E_NOMEM;
    for (int i = 0; i < net->n_entities; i++) {
        mark m = {.entity = i};
        while (d->losses && next < d->losses->n_entities && d->losses->entities[next].entity < i) next++;
        if (d->losses && next < d->losses->n_entities && d->losses->entities[next].entity == i) m.loss = &d->losses->entities[next];
        if (!has_place(net, i)) {
            d->note.no_place++;
            d->note.hit_no_place += m.loss != NULL;
        } else if (!hf_project(&d->p, net->lat[i], net->lon[i], &m.x, &m.y)) d->note.outside++;
        else d->marks[d->n_marks++] = m;
    }
    for (int k = 0; k < d->n_marks; k++) d->users_most = fmax(d->users_most, net->users[d->marks[k].entity]);
    for (int k = 0; k < d->n_marks; k++)
        d->marks[k].radius = 3.5 + (d->users_most > 0 ? 10 * sqrt(net->users[d->marks[k].entity] / d->users_most) : 0);
    qsort(d->marks, (size_t)d->n_marks, sizeof *d->marks, compare_marks);
    d->note.shown = d->n_marks;
    return d->n_marks > 0 ? HF_OK : HF_E_NOT_FOUND;
}

/* ---- lines ---- */

/* One line of an outline, cut where it leaves the neighbourhood of the box or jumps across the date line; points that fall together are left out. */
static void outline_draw(const drawing *d, int line, double *x, double *y)
{
    const hf_map_lines *o = d->options->outline;
    double last_x = 0;
    bool last_near = false;
    int n = 0;
    for (int k = o->off[line]; k < o->off[line + 1]; k++) {
        double px, py;
        hf_project(&d->p, o->lat[k], o->lon[k], &px, &py);
        bool near = px > d->p.x - 200 && px < d->p.x + d->p.width + 200 && py > d->p.y - 200 && py < d->p.y + d->p.height + 200;
        bool jump = k > o->off[line] && fabs(px - last_x) > 180 * d->p.px_per_degree * 0.5;
        if (n > 0 && (jump || (!near && !last_near))) {
            if (n > 1) hf_svg_polyline(d->out, x, y, n, "#a8a8a8", 0.7, NULL);
            n = 0;
        }
        bool end = k + 1 == o->off[line + 1];
        if (n == 0 || end || fabs(px - x[n - 1]) + fabs(py - y[n - 1]) >= 0.7) {
            x[n] = px;
            y[n++] = py;
        }
        last_x = px;
        last_near = near;
    }
    if (n > 1) hf_svg_polyline(d->out, x, y, n, "#a8a8a8", 0.7, NULL);
}

static hf_err outlines_draw(const drawing *d)
{
    const hf_map_lines *o = d->options->outline;
    if (!o || o->n == 0) return HF_OK;
    double *x = hf_malloc((size_t)o->off[o->n] * sizeof *x), *y = hf_malloc((size_t)o->off[o->n] * sizeof *y);
    for (int k = 0; x && y && k < o->n; k++) outline_draw(d, k, x, y);
    hf_err err = x && y ? HF_OK : HF_E_NOMEM;
    hf_free(x);
    hf_free(y);
    return err;
}

static void join(const drawing *d, int a, int b, const char *colour, double width, const char *dash)
{
    double x1, y1, x2, y2;
    if (!has_place(d->net, a) || !has_place(d->net, b) || a == b) return;
    hf_project(&d->p, d->net->lat[a], d->net->lon[a], &x1, &y1);
    hf_project(&d->p, d->net->lat[b], d->net->lon[b], &x2, &y2);
    hf_svg_line(d->out, x1, y1, x2, y2, colour, width, dash);
}

static void links_draw(const drawing *d)
{
    const hf_network *net = d->net;
    for (int s = 0; d->options->supplies && s < net->n_supplies; s++)
        join(d, net->sup_supplier[s], net->req_entity[net->sup_req[s]], "#c9b8d8", 0.6, NULL);
    for (int l = 0; d->options->carriers && l < net->n_clines; l++)
        join(d, net->cnode_entity[net->cline_from[l]], net->cnode_entity[net->cline_to[l]], "#5b7c99", 1.1, NULL);
}

/* ---- marks and labels ---- */

static const char *name_of(const hf_network *net, int entity)
{
    return *net->name[entity] ? net->name[entity] : net->id[entity];
}

static double hour_of(const hf_entity_loss *loss)
{
    return isnan(loss->out_h) ? loss->first_loss_h : loss->out_h;
}

/* "60 h", "3.4 h": a tenth below ten hours. */
static void hour_words(double hour, hf_buf *out)
{
    bool tenth = hour < 10 && fabs(hour - round(hour)) >= 0.05;
    hf_buf_printf(out, "%.*f h", tenth ? 1 : 0, hour);
}

static hf_err marks_draw(const drawing *d)
{
    hf_buf tip = {0};
    for (int k = 0; k < d->n_marks; k++) {
        const mark *m = &d->marks[k];
        tip.length = 0;
        hf_buf_puts(&tip, name_of(d->net, m->entity));
        if (*d->net->name[m->entity]) hf_buf_printf(&tip, " (%s)", d->net->id[m->entity]);
        if (m->loss) {
            hf_buf_puts(&tip, isnan(m->loss->out_h) ? ": loses service at " : ": out at ");
            hour_words(hour_of(m->loss), &tip);
        }
        if (tip.err != HF_OK) break;
        bool faint = d->losses && !m->loss;
        hf_marker_write(d->out, d->net->sectors.name[d->net->sector[m->entity]], m->x, m->y, m->radius, hf_dot_fill(m->loss ? m->loss->lowest : 1),
                        faint ? "#9a9a9a" : "#333333", faint ? 0.7 : 1, tip.text);
    }
    hf_err err = tip.err;
    hf_buf_done(&tip);
    return err;
}

/* Who is labelled first: who goes out, most user-hours lost, soonest; without a cascade most users. */
static int compare_labels(const void *pa, const void *pb)
{
    const mark *a = *(const mark *const *)pa, *b = *(const mark *const *)pb;
    if (a->loss && b->loss) {
        bool a_out = !isnan(a->loss->out_h), b_out = !isnan(b->loss->out_h);
        if (a_out != b_out) return a_out ? -1 : 1;
        if (a->loss->user_hours != b->loss->user_hours) return a->loss->user_hours > b->loss->user_hours ? -1 : 1;
        if (hour_of(a->loss) != hour_of(b->loss)) return hour_of(a->loss) < hour_of(b->loss) ? -1 : 1;
    } else if (a->radius != b->radius) return a->radius > b->radius ? -1 : 1;
    return a->entity - b->entity;
}

/* As near as there is room; away from its mark it has a line to it. */
static hf_err label_try(drawing *d, hf_label_room *room, const mark *m, const char *text, bool *ret_placed)
{
    enum { STEP = 11, STEPS = 3 };
    hf_area area = {0};
    hf_err err = HF_OK;
    int away = 0;
    *ret_placed = false;
    for (; err == HF_OK && !*ret_placed && away < STEPS; away++)
        err = hf_label_room_place(room, m->x, m->y, m->radius + STEP * away, hf_svg_text_width(text, FONT), FONT * 1.15, &area, ret_placed);
    if (err != HF_OK || !*ret_placed) return err;
    double x = fmin(fmax(m->x, area.x), area.x + area.width), y = fmin(fmax(m->y, area.y), area.y + area.height); /* its nearest point */
    if (away > 1) hf_svg_line(d->out, m->x, m->y, x, y, "#777777", 0.6, NULL);
    hf_svg_text(d->out, area.x, area.y + FONT * 0.95, HF_ANCHOR_START, FONT, "#111111", text);
    d->note.labels++;
    return HF_OK;
}

/* The hour with the name, or else the hour alone; without a cascade the name. */
static hf_err label_draw(drawing *d, hf_label_room *room, const mark *m, hf_buf *text)
{
    bool placed = false;
    hf_err err;
    text->length = 0;
    if (m->loss) {
        hour_words(hour_of(m->loss), text);
        hf_buf_puts(text, " ");
    }
    hf_svg_shorten(text, name_of(d->net, m->entity), NAME_COLUMNS);
    HF_TRY(text->err);
    HF_TRY(label_try(d, room, m, text->text, &placed));
    if (placed || !m->loss) goto out;
    text->length = 0;
    hour_words(hour_of(m->loss), text);
    HF_TRY(text->err);
    HF_TRY(label_try(d, room, m, text->text, &placed));
out:
    d->note.labels_left_out += err == HF_OK && !placed;
    return err;
}

static hf_err labels_draw(drawing *d)
{
    hf_err err = HF_OK;
    hf_label_room room = {.within = {d->p.x, d->p.y, d->p.width, d->p.height}};
    hf_buf text = {0};
    const mark **order = hf_calloc((size_t)d->n_marks, sizeof(mark *));
    int n = 0;
    if (!order) return HF_E_NOMEM;
    for (int k = 0; k < d->n_marks; k++) {
        const mark *m = &d->marks[k];
        if (!m->loss && d->losses) continue; /* faint marks may lie under a label */
        HF_TRY(hf_label_room_take(&room, (hf_area){m->x - m->radius, m->y - m->radius, 2 * m->radius, 2 * m->radius}));
        order[n++] = m;
    }
    qsort(order, (size_t)n, sizeof *order, compare_labels);
    for (int k = 0; k < n; k++) HF_TRY(label_draw(d, &room, order[k], &text));
out:
    hf_free(order);
    hf_buf_done(&text);
    hf_label_room_done(&room);
    return err;
}

/* ---- around it ---- */

/* A length of 1, 2 or 5 times a power of ten that takes at most a quarter of the width. */
static void scale_draw(const drawing *d, double y)
{
    double km_per_px = hf_projection_km_per_px(&d->p), most = d->p.width * km_per_px / 4, km = pow(10, floor(log10(most)));
    if (km * 5 <= most) km *= 5;
    else if (km * 2 <= most) km *= 2;
    double width = km / km_per_px;
    char text[96];
    hf_svg_line(d->out, LEFT, y, LEFT + width, y, "#222222", 2, NULL);
    hf_svg_line(d->out, LEFT, y - 4, LEFT, y + 4, "#222222", 1, NULL);
    hf_svg_line(d->out, LEFT + width, y - 4, LEFT + width, y + 4, "#222222", 1, NULL);
    snprintf(text, sizeof text, "%g km (equirectangular; true at %.1f° %s and north-south)", km, fabs(d->p.middle_lat), d->p.middle_lat < 0 ? "S" : "N");
    hf_svg_text(d->out, LEFT + width + 8, y + 4, HF_ANCHOR_START, FONT, "#222222", text);
}

/* Draws one line of the legend and moves on. */
static void legend_line(const drawing *d, double x, double *y, const char *text)
{
    hf_svg_text(d->out, x + 22, *y + 4, HF_ANCHOR_START, 11, "#222222", text);
    *y += 19;
}

static void legend_heading(const drawing *d, double x, double *y, const char *text)
{
    *y += 6;
    hf_svg_text(d->out, x, *y + 4, HF_ANCHOR_START, 11, "#555555", text);
    *y += 19;
}

static void legend_sectors(const drawing *d, double x, double *y)
{
    legend_heading(d, x, y, "sector");
    for (int s = 0; s < d->net->sectors.n; s++) {
        bool used = false;
        for (int k = 0; k < d->n_marks && !used; k++) used = d->net->sector[d->marks[k].entity] == s;
        if (!used) continue;
        char label[80];
        snprintf(label, sizeof label, "%.60s", d->net->sectors.name[s]);
        for (char *c = label; *c; c++)
            if (*c == '_') *c = ' ';
        hf_marker_write(d->out, d->net->sectors.name[s], x + 8, *y, 6, "#ffffff", "#333333", 1, NULL);
        legend_line(d, x, y, label);
    }
}

static void legend_losses(const drawing *d, double x, double *y)
{
    const char *fill = NULL, *meaning = NULL;
    if (!d->losses) return;
    legend_heading(d, x, y, "service lost, at the lowest");
    for (int k = 0; hf_dot_step(k, &fill, &meaning); k++) {
        hf_svg_rectangle(d->out, x + 1, *y - 6, 14, 12, fill, "#333333", NULL);
        legend_line(d, x, y, meaning);
    }
}

static void legend_users(const drawing *d, double x, double *y)
{
    static const double parts[] = {1, 0.1, 0};
    char text[64];
    if (d->users_most <= 0) return;
    legend_heading(d, x, y, "users");
    for (int k = 0; k < 3; k++) {
        double radius = 3.5 + 10 * sqrt(parts[k]);
        *y += radius > 8 ? 6 : 0;
        hf_marker_write(d->out, "energy", x + 14, *y, radius, "#ffffff", "#333333", 1, NULL);
        snprintf(text, sizeof text, "%.3g", d->users_most * parts[k]);
        if (d->users_most * parts[k] >= 1e6) snprintf(text, sizeof text, "%.3g M", d->users_most * parts[k] / 1e6);
        else if (d->users_most * parts[k] >= 1e3) snprintf(text, sizeof text, "%.3g k", d->users_most * parts[k] / 1e3);
        if (parts[k] <= 0) snprintf(text, sizeof text, "none");
        legend_line(d, x + 10, y, text);
        *y += radius > 8 ? 4 : 0;
    }
}

static void legend_links(const drawing *d, double x, double *y)
{
    if (!d->options->carriers && !d->options->supplies) return;
    legend_heading(d, x, y, "lines");
    if (d->options->carriers) {
        hf_svg_line(d->out, x, *y, x + 16, *y, "#5b7c99", 1.1, NULL);
        legend_line(d, x, y, "line of a carrier");
    }
    if (!d->options->supplies) return;
    hf_svg_line(d->out, x, *y, x + 16, *y, "#c9b8d8", 1.2, NULL);
    legend_line(d, x, y, "supply link");
}

/* Where the legend ends. */
static double legend_draw(const drawing *d)
{
    double x = LEFT + d->p.width + 18, y = TOP;
    legend_losses(d, x, &y);
    legend_sectors(d, x, &y);
    legend_users(d, x, &y);
    legend_links(d, x, &y);
    return y;
}

/* What the map does not show, in numbers. */
static void missing_words(const drawing *d, hf_buf *out)
{
    const hf_map_note *n = &d->note;
    if (n->no_place > 0) hf_buf_printf(out, "Entities without a place, not shown: %d of %d. ", n->no_place, d->net->n_entities);
    if (n->outside > 0) hf_buf_printf(out, "Outside of the map: %d. ", n->outside);
    if (n->labels_left_out > 0) hf_buf_printf(out, "Labels without room: %d of %d.", n->labels_left_out, n->labels + n->labels_left_out);
}

static hf_err map_draw(drawing *d)
{
    hf_err err = HF_OK;
    hf_buf body = {0}, *out = d->out, missing = {0};
    d->out = &body; /* the height of the drawing is known when the legend is drawn */
    hf_svg_clip_open(&body, d->p.x, d->p.y, d->p.width, d->p.height);
    hf_svg_rectangle(&body, d->p.x, d->p.y, d->p.width, d->p.height, "#fbfbf8", "#bbbbbb", NULL);
    HF_TRY(outlines_draw(d));
    links_draw(d);
    HF_TRY(marks_draw(d));
    HF_TRY(labels_draw(d));
    hf_svg_clip_close(&body);
    double bottom = fmax(legend_draw(d), TOP + d->p.height + 12) + 10;
    scale_draw(d, bottom);
    missing_words(d, &missing);
    hf_svg_text(&body, LEFT, bottom + 22, HF_ANCHOR_START, FONT, "#555555", missing.length > 0 ? missing.text : "");
    hf_svg_text(&body, LEFT, bottom + 38, HF_ANCHOR_START, FONT, "#555555", d->options->source);
    HF_TRY(body.err);
    HF_TRY(missing.err);
    hf_svg_open(out, fmax(LEFT + d->p.width + 18 + LEGEND_WIDTH, 640), bottom + 50, d->options->title);
    hf_svg_text(out, LEFT, 26, HF_ANCHOR_START, 16, "#222222", d->options->title);
    hf_buf_add(out, body.text, body.length);
    hf_svg_close(out);
    err = out->err;
out:
    d->out = out;
    hf_buf_done(&body);
    hf_buf_done(&missing);
    return err;
}

hf_err hf_map_write(const hf_network *net, const hf_losses *losses, const hf_map_options *options, hf_buf *out, hf_map_note *ret_note)
{
    drawing d = {.net = net, .losses = losses, .options = options, .out = out};
    hf_err err;
    HF_TRY(box_find(&d));
    err = marks_find(&d);
    *ret_note = d.note;
    HF_TRY(err);
    HF_TRY(map_draw(&d));
    *ret_note = d.note;
out:
    hf_free(d.marks);
    return err;
}
