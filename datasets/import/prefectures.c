/* TopoJSON of areas (Japan's prefectures, or any): areas into entities, and who borders whom into a carrier `land` with the rule `reach`. Two
 * areas that share an arc are neighbours; areas without a neighbour (islands) are listed. */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/doc.h"
#include "datasets/import/draft.h"

enum { AREAS = 4096 };

/* An arc and an area that uses it. */
typedef struct use {
    int arc, area;
} use;

typedef struct uses {
    use *item;
    size_t n, capacity;
} uses;

/* Arcs stand in arrays in arrays; ~k is arc k backwards. */
static hf_err arcs_collect(const cJSON *arcs, int area, uses *to)
{
    hf_err err = HF_OK;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, arcs)
    {
        if (cJSON_IsArray(item)) HF_TRY(arcs_collect(item, area, to));
        else if (cJSON_IsNumber(item)) {
            int arc = item->valueint < 0 ? ~item->valueint : item->valueint;
            HF_TRY(hf_grow((void **)&to->item, &to->capacity, to->n + 1, sizeof *to->item));
            to->item[to->n++] = (use){arc, area};
        }
    }
out:
    return err;
}

static int compare_uses(const void *pa, const void *pb)
{
    const use *a = pa, *b = pb;
    return a->arc != b->arc ? (a->arc > b->arc) - (a->arc < b->arc) : (a->area > b->area) - (a->area < b->area);
}

static const char *area_id(hf_draft *d, const cJSON *geometry, int k)
{
    const cJSON *properties = hf_doc_member(geometry, "properties"), *id = hf_doc_member(properties, "id");
    if (!id) id = hf_doc_member(geometry, "id");
    if (cJSON_IsNumber(id)) return hf_draft_text(d, "JP-%02d", id->valueint);
    if (cJSON_IsString(id)) return hf_draft_text(d, "%s", id->valuestring);
    return hf_draft_text(d, "area-%d", k + 1);
}

static const char *area_name(const cJSON *geometry, const char *otherwise)
{
    static const char *const names[] = {"nam_ja", "name", "nam", "NAME", "name_en"};
    const cJSON *properties = hf_doc_member(geometry, "properties");
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const cJSON *name = hf_doc_member(properties, names[k]);
        if (cJSON_IsString(name) && *name->valuestring) return name->valuestring;
    }
    return otherwise;
}

typedef struct atlas {
    hf_draft *d;
    const char *id[AREAS];
    bool has_neighbour[AREAS];
    int n;
    uses arcs;
    hf_table *entities, *nodes, *lines;
} atlas;

static hf_err areas_read(atlas *a, const hf_doc *doc, const cJSON *geometries)
{
    hf_err err = HF_OK;
    const cJSON *geometry = NULL;
    cJSON_ArrayForEach(geometry, geometries)
    {
        if (a->n == AREAS) {
            hf_doc_error(doc, a->d->diag, geometry, HF_E_TOO_LARGE, "more than %d areas", AREAS);
            HF_TRY(HF_E_DATA);
        }
        const char *id = area_id(a->d, geometry, a->n);
        if (!id) HF_TRY(HF_E_NOMEM);
        a->id[a->n] = id;
        HF_TRY(arcs_collect(hf_doc_member(geometry, "arcs"), a->n, &a->arcs));
        const char *country = a->d->options->country ? a->d->options->country : "JP";
        const char *cells[] = {id, area_name(geometry, id), "administration", country, "area", id};
        HF_TRY(hf_table_append(a->entities, cells));
        const char *node[] = {"land", id, "1"};
        HF_TRY(hf_table_append(a->nodes, node));
        a->n++;
    }
out:
    return err;
}

static hf_err borders_write(atlas *a)
{
    hf_err err = HF_OK;
    hf_idmap *pairs = NULL;
    HF_TRY(hf_idmap_new(&pairs));
    qsort(a->arcs.item, a->arcs.n, sizeof *a->arcs.item, compare_uses);
    for (size_t k = 1; k < a->arcs.n; k++) {
        use x = a->arcs.item[k - 1], y = a->arcs.item[k];
        if (x.arc != y.arc || x.area == y.area) continue;
        char pair[32];
        int number = 0, low = x.area < y.area ? x.area : y.area, high = x.area < y.area ? y.area : x.area;
        bool added = false;
        snprintf(pair, sizeof pair, "%d %d", low, high);
        HF_TRY(hf_idmap_intern(pairs, pair, strlen(pair), &number, &added));
        if (!added) continue;
        a->has_neighbour[low] = a->has_neighbour[high] = true;
        const char *cells[] = {"land", a->id[low], a->id[high]};
        HF_TRY(hf_table_append(a->lines, cells));
    }
    for (int k = 0; k < a->n; k++)
        if (!a->has_neighbour[k]) hf_diag_add(a->d->diag, HF_NOTE, HF_OK, NULL, 0, 0, "%s borders no other area by land", a->id[k]);
out:
    hf_idmap_free(pairs);
    return err;
}

static const cJSON *geometries_find(const hf_doc *doc, hf_diag *diag)
{
    const cJSON *root = hf_doc_root(doc), *objects = hf_doc_member(root, "objects");
    const cJSON *type = hf_doc_member(root, "type"), *first = objects ? objects->child : NULL, *list = hf_doc_member(first, "geometries");
    if (cJSON_IsString(type) && strcmp(type->valuestring, "Topology") == 0 && cJSON_IsArray(list)) return list;
    hf_doc_error(doc, diag, root, HF_E_FORMAT, "this is no TopoJSON: \"type\": \"Topology\" with \"objects\" that have \"geometries\" was expected");
    return NULL;
}

hf_err hf_import_prefectures(hf_draft *d, const char *const *files, int n)
{
    hf_err err = HF_OK;
    char *text = NULL;
    size_t length = 0;
    hf_doc *doc = NULL;
    hf_table *carriers = NULL;
    const char *carrier[] = {"land", "", "reach"};
    atlas *a = hf_calloc(1, sizeof *a);
    if (!a) return HF_E_NOMEM;
    a->d = d;
    d->name = "areas";
    d->title = "Areas and their land borders";
    d->source = "TopoJSON; for Japan: dataofjapan/land after Global Map Japan, terms of the Geospatial Information Authority of Japan";
    HF_TRY(hf_input_text(files[0], d->diag, &text, &length));
    HF_TRY(hf_doc_parse(files[0], text, length, d->diag, &doc));
    const cJSON *geometries = geometries_find(doc, d->diag);
    if (!geometries) HF_TRY(HF_E_DATA);
    HF_TRY(hf_draft_table(d, "entities", "id,name,sector,country,subsector,region", &a->entities));
    HF_TRY(hf_draft_table(d, "carriers", "carrier,unit,rule", &carriers));
    HF_TRY(hf_draft_table(d, "carrier_nodes", "carrier,entity,supply", &a->nodes));
    HF_TRY(hf_draft_table(d, "carrier_lines", "carrier,from,to", &a->lines));
    HF_TRY(hf_table_append(carriers, carrier));
    HF_TRY(areas_read(a, doc, geometries));
    HF_TRY(borders_write(a));
out:
    hf_doc_free(doc);
    hf_free(text);
    hf_free(a->arcs.item);
    hf_free(a);
    return err;
}
