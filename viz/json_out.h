/* Writes JSON: two blanks a level for objects and arrays of objects, short arrays on one line; keys in the order given.
 *
 *     hf_json_start(&json, &buf);
 *     hf_json_object(&json); hf_json_key(&json, "list"); hf_json_array(&json); hf_json_number(&json, 1); hf_json_end(&json); hf_json_end(&json);
 *
 * The text is in the buffer, without a newline at its end; memory errors are kept in the buffer's `err`. */
#ifndef HF_VIZ_JSON_OUT_H
#define HF_VIZ_JSON_OUT_H

#include <stdbool.h>

#include "base/text.h"

enum { HF_JSON_DEPTH = 32 };

typedef struct hf_json {
    hf_buf *out;
    int depth;
    struct {
        bool object, spread; /* spread: one item a line, since an item is an object */
        int items;
    } level[HF_JSON_DEPTH];
    bool after_key;
} hf_json;

void hf_json_start(hf_json *json, hf_buf *out);

void hf_json_object(hf_json *json);
void hf_json_array(hf_json *json);
void hf_json_end(hf_json *json); /* of the innermost object or array */

/* Before each value of an object. */
void hf_json_key(hf_json *json, const char *key);

void hf_json_text(hf_json *json, const char *text);
void hf_json_number(hf_json *json, double value); /* null when it is not finite; reads back exactly */
void hf_json_bool(hf_json *json, bool value);
void hf_json_null(hf_json *json);

#endif
