/* The answer to a what-if in a few sentences. */
#ifndef HF_CLI_ANSWER_H
#define HF_CLI_ANSWER_H

#include "base/text.h"
#include "model/cascade/losses.h"

/* Appends, as one line: how many entities go out of how many, in how many countries; when the first one in health is out; how many people
 * are hit at the worst hour; when half of them have service again; what is lost in all. Parts that say nothing are left out. */
void hf_answer(const hf_timeline *tl, const hf_network *net, const hf_losses *losses, hf_buf *out);

#endif
