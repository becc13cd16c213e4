#include "datasets/confidence.h"

#include <string.h>

#include "base/text.h"

/* A cell by column name, or "" where there is none. */
static const char *cell(const hf_table *table, int row, const char *column)
{
    int c = hf_table_column(table, column);
    return c < 0 ? "" : hf_table_cell(table, row, c).text;
}

static int requirement_find(const hf_network *net, const hf_table *table, int row)
{
    int entity = hf_network_find(net, cell(table, row, "entity"));
    int label = hf_labels_find(&net->req_labels, cell(table, row, "requirement"));
    for (int g = entity < 0 ? 0 : net->req_off[entity]; entity >= 0 && g < net->req_off[entity + 1]; g++)
        if (net->req_label[g] == label) return g;
    return -1;
}

static int supply_find(const hf_network *net, const hf_table *table, int row)
{
    int g = requirement_find(net, table, row), supplier = hf_network_find(net, cell(table, row, "supplier"));
    for (int s = g < 0 ? 0 : net->sup_off[g]; g >= 0 && s < net->sup_off[g + 1]; s++)
        if (net->sup_supplier[s] == supplier) return s;
    return -1;
}

static int column_read(const hf_package *package, const char *resource, double *values, int n,
                       int (*find)(const hf_network *net, const hf_table *table, int row))
{
    const hf_network *net = hf_package_network(package);
    const hf_table *table = hf_package_table(package, resource);
    int doubtful = 0;
    for (int k = 0; k < n; k++) values[k] = 1;
    if (!table || hf_table_column(table, "confidence") < 0) return 0;
    for (int row = 0; row < hf_table_rows(table); row++) {
        double value = 1;
        const char *text = cell(table, row, "confidence");
        if (!hf_number_parse(text, strlen(text), &value) || value >= 1) continue;
        int k = find(net, table, row);
        if (k >= 0) values[k] = value, doubtful++;
    }
    return doubtful;
}

int hf_confidence_read(const hf_package *package, double *requirement, double *supply)
{
    const hf_network *net = hf_package_network(package);
    return column_read(package, "requirements", requirement, net->n_requirements, requirement_find) +
           column_read(package, "supplies", supply, net->n_supplies, supply_find);
}
