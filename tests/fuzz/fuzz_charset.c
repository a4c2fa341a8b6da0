/*
 * tests/fuzz/fuzz_charset.c - whatever the bytes and their label, the result is UTF-8 or an error.
 */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/charset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const labels[] = { "",       "gbk",       "big5",   "iso-8859-1",
                                          "utf-16", "shift_jis", "koi8-r", "cp437" };
    CLEANUP(arena_close) Arena *arena = arena_new(ARENA_REQUEST_BYTES);
    const char *encoding = NULL;
    Str text;
    size_t replaced;

    if (size == 0)
        return 0;
    Str label = str_from_c(labels[data[0] % COUNT_OF(labels)]),
        bytes = fuzz_input(data + 1, size - 1);
    if (charset_to_utf8(arena, bytes, label, &text, &encoding).code == ERR_OK)
        MUST(utf8_is_valid(text) && encoding);
    if (charset_to_utf8_mended(arena, bytes, label, &text, &encoding, &replaced).code == ERR_OK)
        MUST(utf8_is_valid(text) && replaced <= size / 20 + 1);
    (void)charset_to_utf8(arena, bytes, bytes, &text, NULL); /* a label from outside */
    return 0;
}
