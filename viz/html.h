/* One self-contained page of HTML, well-formed as XML: no script, nothing from a network. Prints well on A4. */
#ifndef HF_VIZ_HTML_H
#define HF_VIZ_HTML_H

#include "base/text.h"
#include "viz/text_table.h"

/* Appends text with what has a meaning in HTML and XML escaped: & < > " '. Characters that XML forbids are dropped. */
void hf_html_text(hf_buf *out, const char *text);

/* Opens the document with its style and a heading; closes it. */
void hf_html_open(hf_buf *out, const char *title);
void hf_html_close(hf_buf *out);

/* Appends "<name>text</name>", with a class unless it is NULL. `name` and `style_class` are the caller's own words. */
void hf_html_element(hf_buf *out, const char *name, const char *style_class, const char *text);

/* Appends a table for people as HTML. HF_E_NOMEM. */
hf_err hf_html_table(hf_buf *out, const hf_text_table *table);

/* Appends SVG text as a part of the page: without its prolog. */
void hf_html_picture(hf_buf *out, const hf_buf *svg);

#endif
