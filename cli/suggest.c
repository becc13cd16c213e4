#include "cli/suggest.h"

#include <string.h>

enum { LONGEST = 64, FAR = 1000 };

static int fold(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

int hf_edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    if (a_length > LONGEST || b_length > LONGEST) return FAR;
    int rows[3][LONGEST + 1];
    int *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b_length; j++) last[j] = (int)j;
    for (size_t i = 1; i <= a_length; i++) {
        now[0] = (int)i;
        for (size_t j = 1; j <= b_length; j++) {
            int same = fold(a[i - 1]) == fold(b[j - 1]);
            now[j] = least(least(last[j] + 1, now[j - 1] + 1), last[j - 1] + !same);
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) && fold(a[i - 2]) == fold(b[j - 1])) now[j] = least(now[j], before[j - 2] + 1);
        }
        int *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b_length];
}

void hf_nearest_start(hf_nearest *nearest, const char *wanted, size_t length)
{
    int allowed = (int)length / 3;
    *nearest = (hf_nearest){wanted, length, NULL, (allowed < 2 ? 2 : allowed) + 1};
    if (length <= 2) nearest->distance = (int)length; /* a word of two letters is not near every other one */
}

void hf_nearest_offer(hf_nearest *nearest, const char *candidate)
{
    size_t length = strlen(candidate);
    size_t gap = length > nearest->length ? length - nearest->length : nearest->length - length;
    if (gap >= (size_t)nearest->distance) return;
    int distance = hf_edit_distance(nearest->wanted, nearest->length, candidate, length);
    if (distance >= nearest->distance) return;
    nearest->best = candidate;
    nearest->distance = distance;
}
