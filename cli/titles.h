/* What a picture or a page is about, and what it was made of. */
#ifndef HF_CLI_TITLES_H
#define HF_CLI_TITLES_H

#include "cli/what_if.h"

/* "Danube: Gas through the Balkans stops in a cold spell"; without a what-if (NULL) the title of the data set alone. */
void hf_title_words(const hf_cli *cli, const hf_what_if *what_if, hf_buf *out);
/* "holdfast 0.1.0, data set danube 0.1, sha256 0123456789ab". */
void hf_source_words(const hf_cli *cli, hf_buf *out);

#endif
