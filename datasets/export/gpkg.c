/* GeoPackage 1.3 (OGC 12-128r17): a SQLite database with layers as tables. It is built in memory and handed over as bytes. Dates are the epoch, so
 * that the same data set gives the same bytes. */
#include <float.h>
#include <math.h>
#include <sqlite3.h>
#include <stdint.h>
#include <string.h>

#include "datasets/export/layers.h"

static const char *const type_name[] = {"TEXT", "REAL", "INTEGER", "BOOLEAN"};

/* The tables that every GeoPackage has, with the reference systems that clause 1.1.2.1.2 asks for. */
static const char schema[] =
    "PRAGMA page_size = 4096; PRAGMA application_id = 1196444487; PRAGMA user_version = 10300; BEGIN;"
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL, "
    "organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);"
    "INSERT INTO gpkg_spatial_ref_sys VALUES "
    "('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),"
    "('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),"
    "('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563,"
    "AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\","
    "0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AUTHORITY[\"EPSG\",\"4326\"]]', 'longitude/latitude in decimal degrees on the WGS 84 "
    "spheroid');"
    "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT "
    "DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, "
    "max_y DOUBLE, srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));"
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER "
    "NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT "
    "uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name), CONSTRAINT "
    "fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));";

enum { BLOB_MOST = 8 + 9 + 2 * 41 };

/* Bounds of a layer: west, south, east, north. */
typedef struct extent {
    bool any;
    double least[2], most[2];
} extent;

static void extent_add(extent *e, const double *point)
{
    for (int k = 0; k < 2; k++) {
        e->least[k] = e->any ? fmin(e->least[k], point[k]) : point[k];
        e->most[k] = e->any ? fmax(e->most[k], point[k]) : point[k];
    }
    e->any = true;
}

static unsigned char *put_word(unsigned char *to, uint32_t value)
{
    for (int k = 0; k < 4; k++) *to++ = (unsigned char)(value >> (8 * k));
    return to;
}

static unsigned char *put_point(unsigned char *to, const double *point)
{
    for (int k = 0; k < 2; k++) {
        uint64_t bits;
        memcpy(&bits, &point[k], sizeof bits);
        to = put_word(to, (uint32_t)bits);
        to = put_word(to, (uint32_t)(bits >> 32));
    }
    return to;
}

/* A geometry blob (clause 2.1.3): header without envelope, little-endian, srs 4326; then WKB, a point or a multi line string. Length 0: no place. */
static int blob_make(const hf_export_data *d, const hf_layer *layer, int row, extent *bounds, unsigned char blob[BLOB_MOST])
{
    int from, to;
    double parts[2][4];
    layer->ends(d, row, &from, &to);
    int n = to >= 0 ? hf_export_parts(d, from, to, parts) : hf_export_point(d, from, parts[0]);
    unsigned char *at = blob;
    if (n == 0) return 0;
    *at++ = 'G', *at++ = 'P', *at++ = 0, *at++ = 1;
    at = put_word(at, 4326);
    *at++ = 1;
    at = put_word(at, layer->is_line ? 5 : 1);
    if (layer->is_line) at = put_word(at, (uint32_t)n);
    else at = put_point(at, parts[0]), extent_add(bounds, parts[0]);
    for (int p = 0; layer->is_line && p < n; p++) {
        *at++ = 1;
        at = put_word(at, 2);
        at = put_word(at, 2);
        at = put_point(put_point(at, parts[p]), parts[p] + 2);
        extent_add(bounds, parts[p]);
        extent_add(bounds, parts[p] + 2);
    }
    return (int)(at - blob);
}

static hf_err code(int sqlite_code)
{
    return sqlite_code == SQLITE_OK || sqlite_code == SQLITE_DONE || sqlite_code == SQLITE_ROW ? HF_OK
           : sqlite_code == SQLITE_NOMEM                                                      ? HF_E_NOMEM
                                                                                              : HF_E_LIBRARY;
}

static hf_err execute(sqlite3 *db, const char *sql)
{
    return code(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static hf_err table_make(sqlite3 *db, const hf_layer *layer)
{
    hf_buf sql = {0};
    hf_buf_printf(&sql, "CREATE TABLE \"%s\" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom %s", layer->name,
                  layer->is_line ? "MULTILINESTRING" : "POINT");
    for (int c = 0; c < layer->n_columns; c++) hf_buf_printf(&sql, ", \"%s\" %s", layer->columns[c].name, type_name[layer->columns[c].type]);
    hf_buf_puts(&sql, ");");
    hf_err err = sql.err == HF_OK ? execute(db, sql.text) : sql.err;
    hf_buf_done(&sql);
    return err;
}

static int value_bind(sqlite3_stmt *insert, int place, hf_value_type type, hf_value value)
{
    if (!value.there) return sqlite3_bind_null(insert, place);
    if (type == HF_VALUE_TEXT) return sqlite3_bind_text(insert, place, value.text, -1, SQLITE_TRANSIENT);
    if (type == HF_VALUE_REAL) return sqlite3_bind_double(insert, place, value.number);
    return sqlite3_bind_int64(insert, place, (sqlite3_int64)value.number);
}

static hf_err rows_insert(const hf_export_data *d, const hf_layer *layer, sqlite3_stmt *insert, extent *bounds)
{
    hf_err err = HF_OK;
    for (int r = 0; r < layer->rows(d); r++) {
        unsigned char blob[BLOB_MOST];
        int length = blob_make(d, layer, r, bounds, blob);
        HF_TRY(code(length ? sqlite3_bind_blob(insert, 1, blob, length, SQLITE_TRANSIENT) : sqlite3_bind_null(insert, 1)));
        for (int c = 0; c < layer->n_columns; c++)
            HF_TRY(code(value_bind(insert, c + 2, layer->columns[c].type, layer->columns[c].value(d, r))));
        HF_TRY(code(sqlite3_step(insert)));
        HF_TRY(code(sqlite3_reset(insert)));
    }
out:
    return err;
}

static hf_err layer_list(sqlite3 *db, const hf_layer *layer, const char *source, const extent *bounds)
{
    hf_err err = HF_OK;
    sqlite3_stmt *contents = NULL, *geometry = NULL;
    HF_TRY(code(sqlite3_prepare_v2(db, "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, '1970-01-01T00:00:00.000Z', ?, ?, ?, ?, 4326)", -1,
                                   &contents, NULL)));
    HF_TRY(code(sqlite3_bind_text(contents, 1, layer->name, -1, SQLITE_STATIC)));
    HF_TRY(code(sqlite3_bind_text(contents, 2, layer->title, -1, SQLITE_STATIC)));
    HF_TRY(code(sqlite3_bind_text(contents, 3, source, -1, SQLITE_STATIC)));
    for (int k = 0; bounds->any && k < 4; k++)
        HF_TRY(code(sqlite3_bind_double(contents, 4 + k, k < 2 ? bounds->least[k] : bounds->most[k - 2])));
    HF_TRY(code(sqlite3_step(contents)));
    HF_TRY(code(sqlite3_prepare_v2(db, "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, 4326, 0, 0)", -1, &geometry, NULL)));
    HF_TRY(code(sqlite3_bind_text(geometry, 1, layer->name, -1, SQLITE_STATIC)));
    HF_TRY(code(sqlite3_bind_text(geometry, 2, layer->is_line ? "MULTILINESTRING" : "POINT", -1, SQLITE_STATIC)));
    HF_TRY(code(sqlite3_step(geometry)));
out:
    sqlite3_finalize(contents);
    sqlite3_finalize(geometry);
    return err;
}

static hf_err layer_write(sqlite3 *db, const hf_export_data *d, const hf_layer *layer, const char *source)
{
    hf_err err = HF_OK;
    hf_buf sql = {0};
    sqlite3_stmt *insert = NULL;
    extent bounds = {0};
    HF_TRY(table_make(db, layer));
    hf_buf_printf(&sql, "INSERT INTO \"%s\" VALUES (NULL, ?", layer->name);
    for (int c = 0; c < layer->n_columns; c++) hf_buf_puts(&sql, ", ?");
    hf_buf_puts(&sql, ")");
    HF_TRY(sql.err);
    HF_TRY(code(sqlite3_prepare_v2(db, sql.text, -1, &insert, NULL)));
    HF_TRY(rows_insert(d, layer, insert, &bounds));
    HF_TRY(layer_list(db, layer, source, &bounds));
out:
    sqlite3_finalize(insert);
    hf_buf_done(&sql);
    return err;
}

hf_err hf_export_gpkg(const hf_export_data *d, hf_buf *out)
{
    hf_err err = HF_OK;
    sqlite3 *db = NULL;
    unsigned char *bytes = NULL;
    sqlite3_int64 length = 0;
    hf_buf source = {0};
    hf_export_source(d, &source);
    HF_TRY(source.err);
    HF_TRY(code(sqlite3_open(":memory:", &db)));
    HF_TRY(execute(db, schema));
    for (int k = 0; k < HF_LAYER_COUNT; k++)
        if (k != HF_LAYER_CASCADE || d->losses) HF_TRY(layer_write(db, d, &hf_layers[k], source.text));
    HF_TRY(execute(db, "COMMIT;"));
    bytes = sqlite3_serialize(db, "main", &length, 0);
    if (!bytes) HF_TRY(HF_E_NOMEM);
    hf_buf_add(out, (const char *)bytes, (size_t)length);
    err = out->err;
out:
    sqlite3_free(bytes);
    sqlite3_close(db);
    hf_buf_done(&source);
    return err;
}
