#include "viz/label_room.h"

#include "base/alloc.h"

void hf_label_room_done(hf_label_room *room)
{
    hf_free(room->taken);
    *room = (hf_label_room){0};
}

hf_err hf_label_room_take(hf_label_room *room, hf_area area)
{
    hf_err err = hf_grow((void **)&room->taken, &room->capacity, room->n + 1, sizeof *room->taken);
    if (err == HF_OK) room->taken[room->n++] = area;
    return err;
}

static bool overlap(const hf_area *a, const hf_area *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

static bool is_free(const hf_label_room *room, const hf_area *area)
{
    const hf_area *in = &room->within;
    if (area->x < in->x || area->y < in->y || area->x + area->width > in->x + in->width || area->y + area->height > in->y + in->height) return false;
    for (size_t k = 0; k < room->n; k++)
        if (overlap(&room->taken[k], area)) return false;
    return true;
}

hf_err hf_label_room_place(hf_label_room *room, double x, double y, double radius, double width, double height, hf_area *ret_area, bool *ret_placed)
{
    enum { PLACES = 8 };
    double gap = radius + 2, near = radius * 0.7 + 1;
    const double at[PLACES][2] = {{x + gap, y - height / 2},     {x - gap - width, y - height / 2}, {x - width / 2, y - gap - height},
                                  {x - width / 2, y + gap},      {x + near, y - near - height},     {x + near, y + near},
                                  {x - near - width, y - near - height}, {x - near - width, y + near}};
    *ret_placed = false;
    for (int k = 0; k < PLACES; k++) {
        const hf_area area = {at[k][0], at[k][1], width, height};
        if (!is_free(room, &area)) continue;
        hf_err err = hf_label_room_take(room, area);
        *ret_placed = err == HF_OK;
        *ret_area = area;
        return err;
    }
    return HF_OK;
}
