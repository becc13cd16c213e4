/* A national data set out of nothing but a size and a seed: for scale tests, teaching, and trying out what real data will allow.
 *
 * Regions lie on a jittered grid, their populations fall with rank (Zipf, exponent 0.9); entities stand around the centres of their
 * regions, twelve kinds in fixed shares; users are spread over the entities of a kind in a region by Pareto weights (shape 1.5). Power, gas
 * and data networks are planar-like: a minimum spanning tree of near pairs, Gabriel edges that close no triangle, and long lines between
 * every 60th node, until the mean degree is that of the European grid (2.78), the European gas network (2.67) or of the Topology Zoo (2.6).
 * Requirements come from one table of rules (synth_rules.c): each kind needs the nearest k suppliers of a kind. */
#ifndef HF_DATASETS_SYNTH_SYNTH_H
#define HF_DATASETS_SYNTH_SYNTH_H

#include <stdint.h>

#include "base/diag.h"

enum { HF_SYNTH_LEAST = 50, HF_SYNTH_MOST = 5000000 };

typedef struct hf_synth_options {
    long entities;       /* HF_SYNTH_LEAST .. HF_SYNTH_MOST */
    uint64_t seed;
    const char *country; /* ISO 3166-1 alpha-2 */
    const char *into;    /* the folder to make */
} hf_synth_options;

/* Writes the package. The same options give the same bytes. HF_E_RANGE, HF_E_EXISTS, HF_E_IO, HF_E_NOMEM. O(n log n). */
hf_err hf_synth(const hf_synth_options *options, hf_diag *diag);

#endif
