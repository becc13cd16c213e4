#include "tests/support/parity_portfolio.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "tests/support/rows.h"

static const char *cell(const hf_table *t, int row, const char *column)
{
    int c = hf_table_column(t, column);
    return c < 0 ? "" : hf_table_cell(t, row, c).text;
}

static bool measures_read(parity_portfolio *x, const hf_table *measures, const hf_table *budgets)
{
    const hf_network *net = hf_package_network(x->package);
    int n = hf_table_rows(measures);
    x->measures = hf_calloc((size_t)n, sizeof *x->measures);
    x->effects = hf_calloc((size_t)n, sizeof *x->effects);
    if (!x->measures || !x->effects) return false;
    for (int k = 0; k < hf_table_rows(budgets) && k < 8; k++)
        x->payers[x->in.n_payers++] = (hf_payer){cell(budgets, k, "payer"), strtod(cell(budgets, k, "amount"), NULL)};
    for (int m = 0; m < n; m++) {
        hf_effect_kind kind = strcmp(cell(measures, m, "kind"), "harden") == 0 ? HF_EFFECT_HARDEN : HF_EFFECT_BACKUP;
        x->effects[m] = (hf_effect){kind, hf_network_find(net, cell(measures, m, "target")), -1, -1, 0};
        x->measures[m] = (hf_measure){.id = cell(measures, m, "measure"), .n_effects = 1, .effects = &x->effects[m], .payer = -1};
        x->measures[m].cost = strtod(cell(measures, m, "cost"), NULL);
        for (int k = 0; k < x->in.n_payers; k++)
            if (strcmp(cell(measures, m, "payer"), x->payers[k].id) == 0) x->measures[m].payer = k;
        if (x->effects[m].entity < 0 || x->measures[m].payer < 0) return false;
    }
    x->in.n_measures = n;
    x->in.measures = x->measures;
    x->in.payers = x->payers;
    return true;
}

bool parity_portfolio_open(const char *name, parity_portfolio *x)
{
    char file[256];
    *x = (parity_portfolio){.in = hf_portfolio_default()};
    snprintf(file, sizeof file, "parity/portfolio/%s/datapackage.json", name);
    const char *path = shared_path(file);
    if (!path || hf_diag_new(&x->diag) != HF_OK || hf_package_open(path, x->diag, &x->package) != HF_OK) return false;
    const hf_table *measures = hf_package_table(x->package, "measures"), *budgets = hf_package_table(x->package, "budgets");
    x->in.network = hf_package_network(x->package);
    if (measures && budgets && measures_read(x, measures, budgets) &&
        hf_damage_cases_new(x->in.network, 0.5, 1, 1, &x->cases, &x->in.n_scenarios) == HF_OK) {
        x->in.scenarios = x->cases;
        return true;
    }
    parity_portfolio_close(x);
    return false;
}

void parity_portfolio_close(parity_portfolio *x)
{
    hf_damage_cases_free(x->cases, x->in.n_scenarios);
    hf_free(x->measures);
    hf_free(x->effects);
    hf_package_free(x->package);
    hf_diag_free(x->diag);
    *x = (parity_portfolio){0};
}
