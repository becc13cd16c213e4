#include "model/network/shedding.h"

#include <stdlib.h>

static int compare_ints(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

void hf_shed_places(const hf_network *net, int supplier, const bool *there, int *classes, double *from, double *width)
{
    int first = net->out_off[supplier], last = net->out_off[supplier + 1], n = 0;
    double total = 0, before = 0;
    for (int k = first; k < last; k++) {
        int s = net->out_supply[k];
        from[s] = 0;
        width[s] = 1;
        if (there && !there[s]) continue;
        total += net->sup_demand[s];
        classes[n++] = net->sup_class[s];
    }
    qsort(classes, (size_t)n, sizeof *classes, compare_ints);
    if (n == 0 || classes[0] == classes[n - 1]) return;
    for (int c = 0; c < n; c++) {
        if (c > 0 && classes[c] == classes[c - 1]) continue;
        double of_class = 0;
        for (int k = first; k < last; k++) {
            int s = net->out_supply[k];
            if (net->sup_class[s] == classes[c] && (!there || there[s])) of_class += net->sup_demand[s];
        }
        for (int k = first; k < last; k++) {
            int s = net->out_supply[k];
            if (net->sup_class[s] != classes[c] || (there && !there[s])) continue;
            from[s] = before / total;
            width[s] = of_class / total;
        }
        before += of_class;
    }
}
