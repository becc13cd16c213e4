#include "tests/support/imports.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/scratch.h"

const char *import_currency;
double import_money_unit;

imported import_run(const char *format, const char *const *files, const char *map, const char *country)
{
    imported r = {0};
    char into[512];
    int n = 0;
    while (files[n]) n++;
    if (hf_diag_new(&r.diag) != HF_OK) abort();
    strcpy(into, scratch_path("imported"));
    hf_import_options options = {.into = into, .map = map, .country = country, .currency = import_currency, .money_unit = import_money_unit};
    r.err = hf_import(format, files, n, &options, r.diag);
    if (r.err != HF_OK) return r;
    r.err = hf_package_open(into, r.diag, &r.package);
    if (r.err != HF_OK) return r;
    r.net = hf_package_network(r.package);
    r.err = hf_structure_compute(r.net, &r.structure);
    return r;
}

void import_done(imported *r)
{
    hf_structure_free(r->structure);
    hf_package_free(r->package);
    hf_diag_free(r->diag);
}

int import_country(const imported *r, const char *country)
{
    int c = hf_labels_find(&r->net->countries, country), n = 0;
    for (int i = 0; i < r->net->n_entities; i++) n += r->net->country[i] == c;
    return n;
}

bool import_said(const imported *r, const char *text)
{
    for (size_t k = 0; k < hf_diag_kept(r->diag); k++)
        if (strstr(hf_diag_get(r->diag, k)->text, text)) return true;
    return false;
}
