/* view/qr_test.c - what every reader looks for in a code is there, read back from the path. */
#include "view/qr.h"

#include <stdio.h>
#include <string.h>

#include "base/test_support.h"

enum { SIDE_MAX = 177 };

typedef struct Squares {
    int side;
    bool dark[SIDE_MAX][SIDE_MAX]; /* [y][x] */
} Squares;

static void read_path(const QrCode *code, Squares *squares) {
    const char *at = code->path.ptr, *end = at + code->path.len;

    *squares = (Squares){ .side = code->side };
    while (at < end) {
        int x, y, run, back, read = 0;
        assert_int_equal(sscanf(at, "M%d %dh%dv1h-%dz%n", &x, &y, &run, &back, &read), 4);
        assert_true(read > 0 && run > 0 && run == back && x >= 0 && y >= 0 && y < code->side &&
                    x + run <= code->side);
        for (int i = x; i < x + run; i++)
            squares->dark[y][i] = true;
        at += read;
    }
}

/* ISO/IEC 18004, 6.3.3: three squares of 7 x 7, their separators white. */
static void assert_finder(const Squares *squares, int left, int top) {
    for (int y = -1; y < 8; y++) {
        for (int x = -1; x < 8; x++) {
            int from_edge = x < y ? x : y;
            from_edge = 6 - x < from_edge ? 6 - x : from_edge;
            from_edge = 6 - y < from_edge ? 6 - y : from_edge;
            int px = left + x, py = top + y;
            if (px >= 0 && py >= 0 && px < squares->side && py < squares->side)
                assert_int_equal(squares->dark[py][px], from_edge >= 0 && from_edge != 1);
        }
    }
}

static void it_has_the_patterns_that_readers_look_for(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    QrCode code;
    Squares squares;
    (void)state;

    OK_(qr_draw(arena, S("otpauth://totp/Liandong:one?secret=JBSWY3DPEHPK3PXP&issuer=Liandong"),
                &code));
    assert_true(code.side >= 21 && code.side <= SIDE_MAX && (code.side - 17) % 4 == 0);
    read_path(&code, &squares);
    assert_finder(&squares, 0, 0);
    assert_finder(&squares, code.side - 7, 0);
    assert_finder(&squares, 0, code.side - 7);
    for (int i = 8; i < code.side - 8; i++) { /* 6.3.5: the timing patterns */
        assert_int_equal(squares.dark[6][i], i % 2 == 0);
        assert_int_equal(squares.dark[i][6], i % 2 == 0);
    }
    assert_true(squares.dark[code.side - 8][8]); /* 7.9.1: always dark */
}

static void the_same_text_gives_the_same_code_and_another_another(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    QrCode one, same, other;
    (void)state;

    OK_(qr_draw(arena, S("one"), &one));
    OK_(qr_draw(arena, S("one"), &same));
    OK_(qr_draw(arena, S("two"), &other));
    assert_true(str_eq(one.path, same.path) && !str_eq(one.path, other.path));
}

static void what_does_not_fit_is_refused(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    char text[QR_BYTES_MAX + 1];
    QrCode code;
    (void)state;

    memset(text, 0xff, sizeof text);
    OK_(qr_draw(arena, (Str){ text, QR_BYTES_MAX }, &code));
    assert_int_equal(qr_draw(arena, (Str){ text, sizeof text }, &code).code, ERR_LIMIT);
    assert_int_equal(qr_draw(arena, STR_EMPTY, &code).code, ERR_LIMIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_the_patterns_that_readers_look_for),
        cmocka_unit_test(the_same_text_gives_the_same_code_and_another_another),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
