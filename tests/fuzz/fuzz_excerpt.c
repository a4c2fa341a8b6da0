/*
 * tests/fuzz/fuzz_excerpt.c - the beginning of a Markdown text, as its plain text has it, is short enough.
 */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/excerpt.h"
#include "text/html_text.h"
#include "text/markdown.h"
#include "text/unicode.h"

static void must_fit(Arena *arena, Str plain, size_t most) {
    size_t clusters;
    Str first, again;

    if (excerpt_first(arena, plain, most, &first).code != ERR_OK)
        return;
    MUST(utf8_is_valid(first) && unicode_count_graphemes(first, &clusters).code == ERR_OK);
    MUST(clusters <= most);
    MUST(!str_contains(first, S("  ")) && str_find_char(first, '\n', 0) == SIZE_MAX);
    MUST(excerpt_first(arena, first, most, &again).code == ERR_OK && str_eq(first, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str text = fuzz_input(data, size), html;
    ExcerptParts parts;

    must_fit(arena, text, 2);
    must_fit(arena, text, 20);
    if (markdown_render(arena, text, MARKDOWN_ARTICLE, &html).code == ERR_OK) {
        Str plain = html_text(arena, html);
        must_fit(arena, plain, 100);
        if (excerpt_snippet(arena, plain, str_slice(plain, 0, 5), 30, &parts).code == ERR_OK) {
            for (size_t i = 0; i < parts.len; i++)
                MUST(parts.items[i].text.len > 0 && utf8_is_valid(parts.items[i].text));
        }
    }
    return 0;
}
