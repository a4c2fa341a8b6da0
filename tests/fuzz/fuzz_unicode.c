/* tests/fuzz/fuzz_unicode.c - normal forms are normal; cuts fall between clusters; keys hold no NUL. */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/unicode.h"

static void must_be_normal(Arena *arena, Str text, Err (*form)(Arena *, Str, Str *)) {
    Str once, twice;

    if (form(arena, text, &once).code != ERR_OK)
        return;
    MUST(utf8_is_valid(once));
    Err err = form(arena, once, &twice);
    MUST(err.code == ERR_LIMIT || err.code == ERR_INVALID || str_eq(once, twice));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str text = fuzz_input(data, size), key, part, clean = utf8_clean(arena, text);
    size_t all, some;

    MUST(utf8_is_valid(clean) && str_eq(utf8_clean(arena, clean), clean));
    MUST(utf8_is_valid(text) || unicode_nfc(arena, text, &part).code == ERR_INVALID);
    must_be_normal(arena, text, unicode_nfc);
    must_be_normal(arena, text, unicode_casefold);
    must_be_normal(arena, text, unicode_lower);
    if (unicode_skeleton(arena, text, &part).code == ERR_OK)
        MUST(utf8_is_valid(part));
    if (unicode_sort_key(arena, text, &key).code == ERR_OK) {
        MUST(str_find_char(key, '\0', 0) == SIZE_MAX);
        MUST(unicode_sort_key_hex(arena, text, &part).code == ERR_OK && part.len == 2 * key.len);
    }
    if (unicode_count_graphemes(text, &all).code != ERR_OK)
        return 0;
    MUST(unicode_cut_graphemes(text, 3, &part).code == ERR_OK && str_starts(text, part));
    MUST(unicode_count_graphemes(part, &some).code == ERR_OK && some == (all < 3 ? all : 3));
    return 0;
}
