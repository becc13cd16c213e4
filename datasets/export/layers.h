/* What all formats have in common: layers of rows with typed columns and places. Not installed. */
#ifndef HF_DATASETS_EXPORT_LAYERS_H
#define HF_DATASETS_EXPORT_LAYERS_H

#include <stdbool.h>

#include "datasets/export/export.h"

typedef enum hf_layer_id { HF_LAYER_ENTITIES, HF_LAYER_SUPPLIES, HF_LAYER_LINES, HF_LAYER_NODES, HF_LAYER_CASCADE, HF_LAYER_COUNT } hf_layer_id;

typedef enum hf_value_type { HF_VALUE_TEXT, HF_VALUE_REAL, HF_VALUE_WHOLE, HF_VALUE_YES_NO } hf_value_type;

/* A value; `there` is false where a cell is empty. Numbers that are there are finite. */
typedef struct hf_value {
    bool there;
    const char *text; /* HF_VALUE_TEXT, else NULL */
    double number;    /* the other types; yes is 1 */
} hf_value;

/* Everything an exporter reads. */
typedef struct hf_export_data {
    const hf_package *package;
    const hf_network *net;
    const hf_losses *losses;
    const char *cascade;
    const hf_table *entity_table, *supply_table; /* NULL where the package has none */
    int *entity_row, *supply_row;                /* row in its table of each entity and supply link, -1: none */
    int *entity_loss;                            /* index in losses of each entity, -1: not hit; NULL without a cascade */
} hf_export_data;

typedef struct hf_layer_column {
    const char *name;
    hf_value_type type;
    bool is_end;                                             /* names one end of a link, or the node itself */
    hf_value (*value)(const hf_export_data *data, int row);
} hf_layer_column;

typedef struct hf_layer {
    const char *name, *title;
    bool is_line;
    int n_columns;
    const hf_layer_column *columns;
    int (*rows)(const hf_export_data *data);
    void (*ends)(const hf_export_data *data, int row, int *from, int *to); /* entities; to is -1 for a point */
} hf_layer;

extern const hf_layer hf_layers[HF_LAYER_COUNT];
/* Columns that a cascade adds to the entities, the same as at the end of the layer `cascade`; `row` is an entity. */
extern const hf_layer_column hf_cascade_columns[];
extern const int hf_cascade_column_count;

hf_err hf_export_data_init(hf_export_data *data, const hf_package *package, const hf_export_options *options);
void hf_export_data_done(hf_export_data *data);

/* A place as (longitude, latitude); false where it is unknown. */
bool hf_export_point(const hf_export_data *data, int entity, double point[2]);

/* A line as one part of two points, or two parts when the shorter way crosses the 180th meridian (RFC 7946, 3.1.9): 0, 1 or 2 parts of
 * {lon, lat, lon, lat}; 0 where an end has no place. */
int hf_export_parts(const hf_export_data *data, int from, int to, double parts[2][4]);

/* Text for JSON, with its quotes; text for XML content and attributes: characters that XML 1.0 does not have become U+FFFD. */
void hf_export_json_text(hf_buf *out, const char *text);
void hf_export_xml_text(hf_buf *out, const char *text);
/* A value as JSON (null where it is not there); as plain text, true or false for yes and no. */
void hf_export_json_value(hf_buf *out, hf_value_type type, hf_value value);
void hf_export_plain_value(hf_buf *out, hf_value_type type, hf_value value);

/* "danube 0.1, sha256 …, cascade NAME; written by holdfast": where an export is from. */
void hf_export_source(const hf_export_data *data, hf_buf *out);

/* Writers, one file each. */
hf_err hf_export_graphml(const hf_export_data *data, hf_buf *out);
hf_err hf_export_gexf(const hf_export_data *data, hf_buf *out);
hf_err hf_export_geojson(const hf_export_data *data, const hf_layer *only, hf_buf *out);
hf_err hf_export_gpkg(const hf_export_data *data, hf_buf *out);
hf_err hf_export_csv(const hf_export_data *data, const hf_layer *layer, hf_buf *out);

#endif
