/* Country codes: ISO 3166-1 alpha-2, with the aliases that data sets use. */
#ifndef HF_DATASETS_CODES_H
#define HF_DATASETS_CODES_H

#include <stddef.h>

/* The alpha-2 code of a country given as alpha-2 in any case, alpha-3, English short name or a common alias (UK, EL, ROM …), or NULL.
 * Kosovo is XK, as in EU statistics. The result is static. */
const char *hf_country_code(const char *text);

#endif
