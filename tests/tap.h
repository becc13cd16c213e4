/* A small TAP harness: one test program per module, cases are functions, comparisons of doubles are done in double. */
#ifndef HF_TESTS_TAP_H
#define HF_TESTS_TAP_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_cases, tap_failed_cases, tap_bad;

static inline void tap_fail(const char *file, int line, const char *what)
{
    if (tap_bad++ < 20) printf("# %s:%d: %s\n", file, line, what);
}

#define CHECK(condition)                                                                                                                   \
    do {                                                                                                                                   \
        if (!(condition)) tap_fail(__FILE__, __LINE__, #condition);                                                                        \
    } while (0)

#define CHECK_INT(actual, expected)                                                                                                        \
    do {                                                                                                                                   \
        long long tap_a = (long long)(actual), tap_e = (long long)(expected);                                                              \
        if (tap_a != tap_e) {                                                                                                              \
            tap_fail(__FILE__, __LINE__, #actual);                                                                                         \
            printf("#   is %lld, expected %lld\n", tap_a, tap_e);                                                                          \
        }                                                                                                                                  \
    } while (0)

/* Absolute difference at most `tolerance`; NaN never passes, equal infinities do. */
#define CHECK_NEAR(actual, expected, tolerance)                                                                                            \
    do {                                                                                                                                   \
        double tap_a = (actual), tap_e = (expected);                                                                                       \
        if (!(tap_a == tap_e || fabs(tap_a - tap_e) <= (tolerance))) {                                                                     \
            tap_fail(__FILE__, __LINE__, #actual);                                                                                         \
            printf("#   is %.17g, expected %.17g\n", tap_a, tap_e);                                                                        \
        }                                                                                                                                  \
    } while (0)

#define CHECK_STR(actual, expected)                                                                                                        \
    do {                                                                                                                                   \
        const char *tap_a = (actual), *tap_e = (expected);                                                                                 \
        if (!tap_a || strcmp(tap_a, tap_e) != 0) {                                                                                         \
            tap_fail(__FILE__, __LINE__, #actual);                                                                                         \
            printf("#   is \"%s\", expected \"%s\"\n", tap_a ? tap_a : "(null)", tap_e);                                                   \
        }                                                                                                                                  \
    } while (0)

/* Runs one case: a function void name(void). */
#define RUN(name)                                                                                                                          \
    do {                                                                                                                                   \
        tap_bad = 0;                                                                                                                       \
        name();                                                                                                                            \
        tap_cases++;                                                                                                                       \
        if (tap_bad) tap_failed_cases++;                                                                                                   \
        printf("%sok %d - %s\n", tap_bad ? "not " : "", tap_cases, #name);                                                                 \
        fflush(stdout);                                                                                                                    \
    } while (0)

/* Reports a case that cannot run here, with the reason. */
#define SKIP(name, reason) printf("ok %d - %s # SKIP %s\n", ++tap_cases, name, reason)

static inline int tap_done(void)
{
    printf("1..%d\n", tap_cases);
    return tap_failed_cases ? 1 : 0;
}

#endif
