#include "viz/dot_style.h"

#include <graphviz/cgraph.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Yellow to brown with falling lightness: ColorBrewer's YlOrBr (Harrower and Brewer, The Cartographic Journal 40, 2003), safe for the
 * colour-blind and in grey print. */
static const struct {
    double from; /* lowest functionality of at least this */
    const char *fill, *font, *meaning;
} steps[] = {{1, "#ffffff", "#222222", "no loss"},
             {0.75, "#ffffd4", "#222222", "up to 25 % lost"},
             {0.5, "#fed98e", "#222222", "up to 50 % lost"},
             {0.25, "#fe9929", "#222222", "up to 75 % lost"},
             {1e-9, "#cc4c02", "#ffffff", "more than 75 % lost"},
             {-1, "#662506", "#ffffff", "all lost"}};
enum { STEPS = sizeof steps / sizeof *steps };

static int step_of(double lowest)
{
    int k = 0;
    if (isnan(lowest)) return 0;
    while (k + 1 < STEPS && lowest < steps[k].from) k++;
    return k;
}

const char *hf_dot_fill(double lowest)
{
    return steps[step_of(lowest)].fill;
}

const char *hf_dot_font(double lowest)
{
    return steps[step_of(lowest)].font;
}

bool hf_dot_step(int index, const char **ret_fill, const char **ret_meaning)
{
    if (index >= STEPS) return false;
    *ret_fill = steps[index].fill;
    *ret_meaning = steps[index].meaning;
    return true;
}

const char *hf_dot_shape(const char *sector)
{
    static const char *const shapes[][2] = {{"energy", "hexagon"},        {"transport", "parallelogram"},          {"banking", "house"},
                                            {"financial_market", "invhouse"}, {"health", "octagon"},     {"drinking_water", "ellipse"},
                                            {"waste_water", "invtrapezium"},  {"digital", "component"},  {"administration", "folder"},
                                            {"space", "pentagon"},            {"food", "trapezium"}};
    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++)
        if (strcmp(shapes[k][0], sector) == 0) return shapes[k][1];
    return "box";
}

const char *hf_dot_line_style(hf_kind kind)
{
    static const char *const styles[] = {"solid", "dashed", "dotted", "solid"};
    return styles[kind];
}

void hf_dot_label(hf_buf *out, const char *text, int width)
{
    int used = 0;
    while (*text) {
        size_t word = strcspn(text, " ");
        char piece[256];
        size_t n = word < sizeof piece ? word : sizeof piece - 1;
        memcpy(piece, text, n);
        piece[n] = '\0';
        int columns = hf_utf8_width(piece);
        if (used > 0) {
            hf_buf_puts(out, used + 1 + columns > width ? "\\n" : " ");
            used = used + 1 + columns > width ? 0 : used + 1;
        }
        for (size_t k = 0; k < word; k++) {
            if (text[k] == '\\') hf_buf_puts(out, "\\");
            hf_buf_add(out, text + k, 1);
        }
        used += columns;
        text += word;
        while (*text == ' ') text++;
    }
}

void hf_dot_set(void *object, const char *name, const char *value)
{
    agset(object, (char *)(uintptr_t)name, (char *)(uintptr_t)value); /* cgraph copies both; its signature predates const */
}

static void declare(Agraph_t *graph, int kind, const char *name, const char *value)
{
    agattr(graph, kind, (char *)(uintptr_t)name, (char *)(uintptr_t)value);
}

void hf_dot_declare(Agraph_t *graph)
{
    static const struct {
        int kind;
        const char *name, *value;
    } all[] = {{AGRAPH, "rankdir", "LR"},         {AGRAPH, "fontname", "DejaVu Sans"}, {AGRAPH, "fontsize", "16"},
               {AGRAPH, "label", ""},             {AGRAPH, "labelloc", "t"},           {AGRAPH, "labeljust", "l"},
               {AGRAPH, "nodesep", "0.18"},       {AGRAPH, "ranksep", "0.7"},          {AGRAPH, "newrank", "true"},
               {AGRAPH, "style", ""},             {AGRAPH, "color", "#888888"},        {AGRAPH, "bgcolor", "white"},
               {AGRAPH, "fillcolor", "#f4f4f4"},  {AGRAPH, "pad", "0.2"},              {AGNODE, "shape", "box"},
               {AGNODE, "style", "filled"},       {AGNODE, "fillcolor", "#ffffff"},    {AGNODE, "fontcolor", "#222222"},
               {AGNODE, "color", "#555555"},      {AGNODE, "fontname", "DejaVu Sans"}, {AGNODE, "fontsize", "10"},
               {AGNODE, "label", "\\N"},          {AGNODE, "tooltip", ""},             {AGNODE, "peripheries", "1"},
               {AGNODE, "margin", "0.06,0.04"},   {AGNODE, "height", "0.3"},           {AGNODE, "width", "0.3"},
               {AGNODE, "penwidth", "1"},         {AGEDGE, "style", "solid"},          {AGEDGE, "color", "#777777"},
               {AGEDGE, "penwidth", "1"},         {AGEDGE, "label", ""},               {AGEDGE, "fontname", "DejaVu Sans"},
               {AGEDGE, "fontsize", "8"},         {AGEDGE, "fontcolor", "#555555"},    {AGEDGE, "dir", "forward"},
               {AGEDGE, "arrowsize", "0.6"},      {AGEDGE, "tooltip", ""}};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) declare(graph, all[k].kind, all[k].name, all[k].value);
}

static Agnode_t *legend_node(Agraph_t *legend, const char *name, const char *label)
{
    Agnode_t *node = agnode(legend, (char *)(uintptr_t)name, 1);
    if (!node) return NULL;
    hf_dot_set(node, "label", label);
    hf_dot_set(node, "fontsize", "9");
    return node;
}

/* Nodes of the legend's columns; the k-th of one stands left of the k-th of the next. */
typedef struct column {
    Agnode_t *node[32];
    int n;
} column;

static void column_add(column *c, Agnode_t *node)
{
    if (node && c->n < 32) c->node[c->n++] = node;
}

static void beside(Agraph_t *legend, const column *left, const column *right)
{
    for (int k = 0; left->n > 0 && k < right->n; k++) {
        Agedge_t *edge = agedge(legend, left->node[k < left->n ? k : left->n - 1], right->node[k], NULL, 1);
        if (edge) hf_dot_set(edge, "style", "invis");
    }
}

static void legend_sectors(Agraph_t *legend, const hf_network *net, const bool *used, column *to)
{
    for (int s = 0; s < net->sectors.n; s++) {
        char name[80], label[80];
        if (!used[s]) continue;
        snprintf(name, sizeof name, "legend sector %.40s", net->sectors.name[s]);
        snprintf(label, sizeof label, "%.40s", net->sectors.name[s]);
        for (char *c = label; *c; c++)
            if (*c == '_') *c = ' ';
        Agnode_t *node = legend_node(legend, name, label);
        if (node) hf_dot_set(node, "shape", hf_dot_shape(net->sectors.name[s]));
        column_add(to, node);
    }
}

static void legend_losses(Agraph_t *legend, column *to)
{
    for (int k = 1; k < STEPS; k++) {
        char name[40];
        snprintf(name, sizeof name, "legend loss %d", k);
        Agnode_t *node = legend_node(legend, name, steps[k].meaning);
        if (!node) return;
        hf_dot_set(node, "fillcolor", steps[k].fill);
        hf_dot_set(node, "fontcolor", steps[k].font);
        column_add(to, node);
    }
    Agnode_t *own = legend_node(legend, "legend own damage", "own damage");
    if (own) hf_dot_set(own, "peripheries", "2");
    column_add(to, own);
}

/* An edge of the legend between two bare words. */
static Agedge_t *legend_edge(Agraph_t *legend, int number, const char *from, const char *to, column *starts)
{
    char name[2][40];
    Agnode_t *end[2];
    const char *words[2] = {from, to};
    for (int k = 0; k < 2; k++) {
        snprintf(name[k], sizeof name[k], "legend link %d %d", number, k);
        end[k] = legend_node(legend, name[k], words[k]);
        if (!end[k]) return NULL;
        hf_dot_set(end[k], "shape", "plaintext");
        hf_dot_set(end[k], "style", "");
        hf_dot_set(end[k], "peripheries", "0");
    }
    column_add(starts, end[0]);
    return agedge(legend, end[0], end[1], NULL, 1);
}

static void legend_links(Agraph_t *legend, const bool *kind_used, bool carriers, column *starts)
{
    static const char *const kinds[] = {"physical", "cyber", "geographic", "logical"};
    for (int k = 0; k < 4; k++) {
        Agedge_t *edge = kind_used[k] ? legend_edge(legend, k, "supplier", kinds[k], starts) : NULL;
        if (!edge) continue;
        hf_dot_set(edge, "style", hf_dot_line_style((hf_kind)k));
        if (k == HF_LOGICAL) hf_dot_set(edge, "penwidth", "0.5");
    }
    Agedge_t *line = carriers ? legend_edge(legend, 4, "node", "line of a carrier", starts) : NULL;
    if (!line) return;
    hf_dot_set(line, "dir", "none");
    hf_dot_set(line, "color", "#2c7fb8");
    hf_dot_set(line, "penwidth", "2");
}

void hf_dot_legend(Agraph_t *graph, const hf_network *net, const bool *sector_used, const bool *kind_used, bool losses, bool carriers)
{
    column sectors = {0}, steps_of_loss = {0}, links = {0};
    Agraph_t *legend = agsubg(graph, "cluster legend", 1);
    if (!legend) return;
    hf_dot_set(legend, "label", "Legend");
    hf_dot_set(legend, "style", "dashed");
    legend_sectors(legend, net, sector_used, &sectors);
    if (losses) legend_losses(legend, &steps_of_loss);
    legend_links(legend, kind_used, carriers, &links);
    beside(legend, &sectors, losses ? &steps_of_loss : &links);
    if (losses) beside(legend, &steps_of_loss, &links);
}
