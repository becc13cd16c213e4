#include "tests/support/wiod.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_file(const char *name)
{
    const char *shared = getenv("HOLDFAST_SHARED");
    char path[1024];
    snprintf(path, sizeof path, "%s/trade-mrio/wiod2011/%s", shared ? shared : "../shared/data", name);
    return fopen(path, "r");
}

/* Skips the line of names and the name at the head of each row; keeps the country of the row where asked. */
static bool rows_read(const char *name, double *value, int columns, char (*country)[8])
{
    FILE *file = open_file(name);
    int i = 0;
    if (!file) return false;
    bool fine = fscanf(file, "%*[^\n]") == 0;
    for (; fine && i < WIOD_INDUSTRIES; i++) {
        char own[8] = "";
        fine = fscanf(file, " %3[^_]%*[^,]", own) == 1;
        if (country) strcpy(country[i / WIOD_SECTORS], own);
        for (int j = 0; fine && j < columns; j++) fine = fscanf(file, ",%lf", &value[(size_t)i * (size_t)columns + (size_t)j]) == 1;
    }
    fclose(file);
    return fine && i == WIOD_INDUSTRIES;
}

hf_io_table *wiod_read(void)
{
    static double x[WIOD_INDUSTRIES];
    static char country[WIOD_REGIONS][8], sector[WIOD_SECTORS][8];
    const char *region_name[WIOD_REGIONS], *sector_name[WIOD_SECTORS];
    hf_io_table *table = NULL;
    if (!rows_read("wiot2011_x.csv", x, 1, country)) return NULL;
    for (int s = 0; s < WIOD_SECTORS; s++) {
        snprintf(sector[s], sizeof sector[s], "c%d", s + 1);
        sector_name[s] = sector[s];
    }
    for (int r = 0; r < WIOD_REGIONS; r++) region_name[r] = country[r];
    if (hf_io_table_new(WIOD_REGIONS, WIOD_SECTORS, WIOD_KINDS, region_name, sector_name, "USD", 1e6, 2011, &table) != HF_OK) abort();
    memcpy(table->x, x, sizeof x);
    if (rows_read("wiot2011_Z.csv", table->z, WIOD_INDUSTRIES, NULL) && rows_read("wiot2011_Y.csv", table->y, WIOD_REGIONS * WIOD_KINDS, NULL)) return table;
    hf_io_table_free(table);
    return NULL;
}
