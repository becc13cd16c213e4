/* Functions compiled for several kinds of processor, of which the loader takes the widest that is there. For kernels written in vectors. */
#ifndef HF_BASE_CLONES_H
#define HF_BASE_CLONES_H

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define HF_CLONES __attribute__((target_clones("avx512f", "avx2", "default"))) /* the first two bring popcnt */
#else
#define HF_CLONES
#endif

#endif
