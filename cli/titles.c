#include "cli/titles.h"

void hf_title_words(const hf_cli *cli, const hf_what_if *w, hf_buf *out)
{
    const char *title = hf_package_title(cli->package);
    hf_buf_puts(out, *title ? title : hf_package_name(cli->package));
    if (!w) return;
    hf_buf_puts(out, ": ");
    if (w->scenario) hf_buf_puts(out, w->scenario->title);
    else if (w->hazard >= 0) hf_buf_puts(out, cli->net->hazard_title[w->hazard]);
    else hf_buf_printf(out, "what if %s fails", cli->net->name[w->injects[0].entity]);
    if (!w->scenario && w->hazard < 0 && w->n_injects > 1) hf_buf_printf(out, " with %d more", w->n_injects - 1);
}

void hf_source_words(const hf_cli *cli, hf_buf *out)
{
    hf_buf_printf(out, "holdfast " HF_VERSION ", data set %s %s, sha256 %.12s", hf_package_name(cli->package), hf_package_version(cli->package),
                  hf_package_digest(cli->package));
}
