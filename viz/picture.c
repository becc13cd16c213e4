#include "viz/picture.h"

#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>
#include <string.h>
#include <strings.h>

const char *hf_picture_format(const char *file)
{
    static const char *const endings[][2] = {{".svg", "svg"}, {".png", "png"}, {".pdf", "pdf"}, {".dot", "dot"}, {".gv", "dot"}};
    size_t n = strlen(file);
    for (size_t k = 0; k < sizeof endings / sizeof *endings; k++) {
        size_t m = strlen(endings[k][0]);
        if (n > m && strcasecmp(file + n - m, endings[k][0]) == 0) return endings[k][1];
    }
    return NULL;
}

/* Graphviz prints warnings on standard error unless it is told not to; the library says nothing by itself. */
static void quiet(void)
{
    agseterr(AGMAX);
}

static hf_err render(GVC_t *context, Agraph_t *graph, const char *format, hf_buf *out)
{
    char *data = NULL;
    unsigned length = 0;
    /* Cairo's writers give better text; SVG from the core writer keeps text as text. */
    const char *writer = strcmp(format, "png") == 0 ? "png:cairo:cairo" : strcmp(format, "pdf") == 0 ? "pdf:cairo:cairo" : "svg:svg:core";
    if (gvLayout(context, graph, "dot") != 0) return HF_E_LIBRARY;
    hf_err err = HF_OK;
    if (gvRenderData(context, graph, writer, &data, &length) != 0 || !data) err = HF_E_UNSUPPORTED;
    else hf_buf_add(out, data, length);
    if (data) gvFreeRenderData(data);
    gvFreeLayout(context, graph);
    return err != HF_OK ? err : out->err;
}

/* One context for the life of the process: the pango plug-in of Graphviz 2.42 keeps pointers to font names that belong to the context, and
 * reads them when the next context draws. */
static GVC_t *shared_context(void)
{
    static GVC_t *context;
    if (!context) context = gvContext();
    return context;
}

hf_err hf_picture_draw(const char *dot, const char *format, hf_buf *out)
{
    if (strcmp(format, "svg") != 0 && strcmp(format, "png") != 0 && strcmp(format, "pdf") != 0) return HF_E_UNSUPPORTED;
    quiet();
    GVC_t *context = shared_context();
    if (!context) return HF_E_NOMEM;
    Agraph_t *graph = agmemread(dot);
    hf_err err = graph ? render(context, graph, format, out) : HF_E_SYNTAX;
    if (graph) agclose(graph);
    return err;
}
