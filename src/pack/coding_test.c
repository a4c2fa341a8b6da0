/* pack/coding_test.c - coded bodies come back as they were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <brotli/decode.h>
#include <zlib.h>

#include "pack/coding.h"

enum { BIG = 300000 };

static Str big_text(Arena *arena) {
    char *text = arena_alloc(arena, BIG);

    for (size_t i = 0; i < BIG; i++)
        text[i] = (char)('a' + i * i % 23);
    return (Str){ text, BIG };
}

static void check_gzip(Arena *arena, Str body, PackEffort effort) {
    Str coded;
    z_stream stream = { 0 };
    size_t room = body.len + 1;
    char *back = arena_alloc(arena, room);

    assert_int_equal(pack_gzip(arena, body, effort, &coded).code, ERR_OK);
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)coded.ptr;
    stream.avail_in = (uInt)coded.len;
    stream.next_out = (Bytef *)back;
    stream.avail_out = (uInt)room;
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_true(str_eq((Str){ back, stream.total_out }, body));
    inflateEnd(&stream);
}

static void check_brotli(Arena *arena, Str body, PackEffort effort) {
    Str coded;
    size_t len = body.len + 1;
    char *back = arena_alloc(arena, len);

    assert_int_equal(pack_brotli(arena, body, effort, &coded).code, ERR_OK);
    assert_int_equal(
        BrotliDecoderDecompress(coded.len, (const uint8_t *)coded.ptr, &len, (uint8_t *)back),
        BROTLI_DECODER_RESULT_SUCCESS);
    assert_true(str_eq((Str){ back, len }, body));
}

static void bodies_come_back_as_they_were(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str bodies[] = { S(""), S("x"), S("标题 标题 标题"), big_text(arena) };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        check_gzip(arena, bodies[i], PACK_QUICK);
        check_gzip(arena, bodies[i], PACK_BEST);
        check_brotli(arena, bodies[i], PACK_QUICK);
        check_brotli(arena, bodies[i], PACK_BEST);
    }
}

static void the_same_body_gives_the_same_bytes(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str body = big_text(arena), one, two;

    (void)state;
    assert_int_equal(pack_gzip(arena, body, PACK_QUICK, &one).code, ERR_OK);
    assert_int_equal(pack_gzip(arena, body, PACK_QUICK, &two).code, ERR_OK);
    assert_true(str_eq(one, two));
    assert_true(one.len < body.len);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_come_back_as_they_were),
        cmocka_unit_test(the_same_body_gives_the_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
