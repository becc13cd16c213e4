/* base/: allocation that can fail, arena, id map, findings, text and numbers, random numbers. */
#include <stdint.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/bit_matrix.h"
#include "base/diag.h"
#include "base/idmap.h"
#include "base/rng.h"
#include "base/text.h"
#include "tests/tap.h"

static void allocation_can_be_made_to_fail(void)
{
    hf_alloc_fail_at(2);
    void *a = hf_malloc(10), *b = hf_malloc(10);
    CHECK(a != NULL);
    CHECK(b == NULL);
    CHECK_INT(hf_alloc_count(), 2);
    hf_alloc_fail_at(0);
    hf_free(a);
    CHECK(hf_realloc(NULL, SIZE_MAX / 2, 4) == NULL);
}

static void arena_aligns_and_grows(void)
{
    hf_arena arena;
    hf_arena_init(&arena);
    for (size_t n = 1; n < 200000; n = n * 3 + 1) {
        char *p = hf_arena_alloc(&arena, n);
        CHECK(p && (uintptr_t)p % 16 == 0);
        memset(p, 1, n);
    }
    CHECK_STR(hf_arena_strndup(&arena, "danube", 3), "dan");
    CHECK(hf_arena_calloc(&arena, SIZE_MAX / 2, 4) == NULL);
    hf_arena_done(&arena);
}

static void bit_matrices_turn(void)
{
    enum { ROWS = HF_TURN_ROWS, WORDS = HF_TURN_WORDS };
    hf_rng rng = {11, 0, 0};
    uint64_t rows[ROWS * WORDS], turned[ROWS * WORDS], square[ROWS];
    for (int k = 0; k < ROWS * WORDS; k++) rows[k] = turned[k] = hf_random_bits(rng.seed, rng.stream, rng.next++);
    for (int r = 0; r < ROWS; r++) square[r] = rows[r * WORDS + 3];
    hf_turn_squares(turned);
    hf_turn_square(square);
    for (int w = 0; w < WORDS; w++)
        for (int r = 0; r < ROWS; r++)
            for (int c = 0; c < ROWS; c++) CHECK((rows[r * WORDS + w] >> c & 1) == (turned[c * WORDS + w] >> r & 1));
    for (int r = 0; r < ROWS; r++) CHECK(square[r] == turned[r * WORDS + 3]);
}

static void idmap_numbers_in_order(void)
{
    hf_idmap *map = NULL;
    CHECK_INT(hf_idmap_new(&map), HF_OK);
    char id[32];
    for (int i = 0; i < 5000; i++) {
        int index = -1;
        bool added = false;
        int length = snprintf(id, sizeof id, "id-%d", i);
        CHECK_INT(hf_idmap_intern(map, id, (size_t)length, &index, &added), HF_OK);
        CHECK(added && index == i);
    }
    CHECK_INT(hf_idmap_find(map, "id-4999", 7), 4999);
    CHECK_INT(hf_idmap_find(map, "id-49", 5), 49);
    CHECK_INT(hf_idmap_find(map, "id-4", 3), -1);
    CHECK_STR(hf_idmap_text(map, 17), "id-17");
    hf_idmap_free(map);
}

static void findings_are_kept_and_counted(void)
{
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    for (int i = 0; i < 1500; i++) hf_diag_add(diag, HF_ERROR, HF_E_RANGE, "a.csv", i + 1, 3, "value %d", i);
    hf_diag_add(diag, HF_WARNING, HF_E_DATA, NULL, 0, 0, "note");
    CHECK_INT(hf_diag_count(diag, HF_ERROR), 1500);
    CHECK_INT(hf_diag_kept(diag), 1001);
    CHECK_STR(hf_diag_get(diag, 7)->text, "value 7");
    CHECK_STR(hf_diag_get(diag, 7)->file, "a.csv");
    hf_diag_free(diag);
}

static void numbers_read_strictly(void)
{
    static const char *bad[] = {"", " 1", "1 ", "nan", "inf", "1e999", "0x10", "1.2.3", "--1", "1e", ".", "1,5", "-"};
    double v = 42;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!hf_number_parse(bad[i], strlen(bad[i]), &v));
    CHECK_NEAR(v, 42, 0);
    static const char *good[] = {"0", "-1", "+2.5", "1e3", "1E-7", ".5", "5.", "123456789012345678901234567890", "2.2250738585072011e-308",
                                 "0.1", "9007199254740993", "1e22", "1e23", "513.001488", "3.141592653589793238", "0.05000000000000000277"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        CHECK(hf_number_parse(good[i], strlen(good[i]), &v));
        CHECK_NEAR(v, strtod(good[i], NULL), 0);
    }
}

static void numbers_print_and_read_back(void)
{
    hf_rng rng = {7, 0, 0};
    char text[32];
    for (int i = 0; i < 20000; i++) {
        double v = (hf_rng_unit(&rng) - 0.5) * pow(10, (double)hf_rng_below(&rng, 40) - 20), back = 0;
        size_t n = hf_number_format(v, text);
        CHECK(hf_number_parse(text, n, &back) && back == v);
    }
    hf_number_format(0.1, text);
    CHECK_STR(text, "0.1");
    hf_number_format(-0.0, text);
    CHECK_STR(text, "0");
}

static void utf8_is_checked(void)
{
    CHECK_INT(hf_utf8_check("Pančevo 東京 Ђердап", strlen("Pančevo 東京 Ђердап")), strlen("Pančevo 東京 Ђердап"));
    CHECK_INT(hf_utf8_check("abc\xff", 4), 3);
    CHECK_INT(hf_utf8_check("\xc0\xaf", 2), 0);         /* overlong */
    CHECK_INT(hf_utf8_check("\xed\xa0\x80", 3), 0);     /* surrogate */
    CHECK_INT(hf_utf8_check("\xf4\x90\x80\x80", 4), 0); /* above U+10FFFF */
    CHECK_INT(hf_utf8_check("ok\xe6\x9d", 4), 2);       /* cut short */
    CHECK_INT(hf_utf8_width("東京"), 4);
    CHECK_INT(hf_utf8_width("Đerdap"), 6);
}

/* Known answers of Philox4x32-10 from the Random123 distribution (kat_vectors). */
static void philox_gives_the_known_answers(void)
{
    uint32_t out[4];
    hf_philox((uint32_t[]){0, 0, 0, 0}, (uint32_t[]){0, 0}, out);
    CHECK(out[0] == 0x6627e8d5u && out[1] == 0xe169c58du && out[2] == 0xbc57ac4cu && out[3] == 0x9b00dbd8u);
    hf_philox((uint32_t[]){0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu}, (uint32_t[]){0xffffffffu, 0xffffffffu}, out);
    CHECK(out[0] == 0x408f276du && out[1] == 0x41c83b0eu && out[2] == 0xa20bc7c6u && out[3] == 0x6d5451fdu);
    hf_philox((uint32_t[]){0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u}, (uint32_t[]){0xa4093822u, 0x299f31d0u}, out);
    CHECK(out[0] == 0xd16cfe09u && out[1] == 0x94fdccebu && out[2] == 0x5001e420u && out[3] == 0x24126ea1u);
}

int main(void)
{
    RUN(allocation_can_be_made_to_fail);
    RUN(arena_aligns_and_grows);
    RUN(bit_matrices_turn);
    RUN(idmap_numbers_in_order);
    RUN(findings_are_kept_and_counted);
    RUN(numbers_read_strictly);
    RUN(numbers_print_and_read_back);
    RUN(utf8_is_checked);
    RUN(philox_gives_the_known_answers);
    return tap_done();
}
