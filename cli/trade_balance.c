/* trade --balance: the table made to add up, with as little change as possible. */
#include "cli/trade.h"
#include "cli/words.h"
#include "datasets/economy_write.h"
#include "model/economy/ras.h"

hf_err hf_trade_balance(hf_trade *t)
{
    const char *into = hf_args_text(&t->cli->args, "into");
    hf_buf *out = &t->cli->out;
    hf_ras_result r;
    if (!into) return hf_cli_usage(t->cli, "--balance makes a new data set: give --into DIR");
    size_t first = hf_diag_kept(t->cli->diag);
    const hf_io_margins margins = {0}; /* output and value added of the table itself */
    hf_err err = hf_io_balance(t->economy->table, &margins, NULL, NULL, t->cli->diag, &r);
    if (err == HF_OK) err = hf_economy_write(t->cli->package, t->economy, t->table, into, t->cli->diag);
    if (err != HF_OK) {
        hf_cli_findings(t->cli, first, HF_ERROR);
        t->cli->told = hf_diag_kept(t->cli->diag) > first;
        return err;
    }
    hf_buf_printf(out, "Balanced by RAS in %d %s: %zu cells changed, in all by ", r.rounds, r.rounds == 1 ? "round" : "rounds", r.changed);
    hf_trade_money(t, r.amount, out);
    hf_buf_puts(out, ", the largest by ");
    hf_trade_money(t, r.largest, out);
    hf_buf_printf(out, ".\nRows add up to output within %.0e, columns within %.0e. The data set is in %s.\n", r.row_gap, r.column_gap, into);
    return out->err;
}
