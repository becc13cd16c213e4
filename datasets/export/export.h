/* Data sets and cascades out, for graph, map, database and spreadsheet programs.
 *
 * What is written depends on nothing but the package, the cascade and the options: the same input gives the same bytes. */
#ifndef HF_DATASETS_EXPORT_H
#define HF_DATASETS_EXPORT_H

#include "base/text.h"
#include "datasets/package.h"
#include "model/cascade/losses.h"

typedef struct hf_export_format {
    const char *name;
    const char *endings; /* of file names, separated by blanks */
    const char *what;    /* one line for people */
    bool binary;         /* not for a terminal */
} hf_export_format;

/* All formats in the order in which help lists them. */
extern const hf_export_format hf_export_formats[];
extern const int hf_export_format_count;

/* The format with a name, or of a file with this name by its ending; NULL when there is none. */
const hf_export_format *hf_export_format_find(const char *name);
const hf_export_format *hf_export_format_of(const char *path);

/* "entities, supplies, …": the layers by name. */
extern const char *const hf_export_layers[];
extern const int hf_export_layer_count;

typedef struct hf_export_options {
    const hf_losses *losses; /* of a cascade on the package's network; NULL: none */
    const char *cascade;     /* what the cascade is called, NULL: no name */
    const char *layer;       /* only this layer (csv: default entities; geojson); NULL: all that the format holds */
} hf_export_options;

/* What was written. */
typedef struct hf_export_note {
    int entities, supplies, lines; /* nodes or points, links by requirement, links by carrier */
    int unplaced;                  /* of the entities, those without coordinates (map formats) */
} hf_export_note;

/* Appends the export. HF_E_UNKNOWN_ID for a layer that does not exist or is not there without a cascade, HF_E_UNSUPPORTED for a layer of a format
 * that has none, HF_E_LIBRARY when SQLite fails, HF_E_NOMEM. */
hf_err hf_export_write(const hf_package *package, const hf_export_format *format, const hf_export_options *options, hf_buf *out,
                       hf_export_note *ret_note);

#endif
