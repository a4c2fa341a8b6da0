/* tests/fuzz/fuzz_markdown.c - what Markdown becomes was cleaned: cleaning it again changes nothing. */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/html_clean.h"
#include "text/markdown.h"

static void must_be_clean(Str text, MarkdownMode mode, const HtmlProfile *profile) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str html, again;

    if (markdown_render(arena, text, mode, &html).code != ERR_OK)
        return;
    MUST(utf8_is_valid(html));
    MUST(html_clean(arena, html, profile, STR_EMPTY, &again).code == ERR_OK);
    MUST(str_eq(html, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str text = fuzz_input(data, size), html;

    must_be_clean(text, MARKDOWN_ARTICLE, HTML_ARTICLE);
    must_be_clean(text, MARKDOWN_VOICE, HTML_VOICE);
    if (markdown_render(arena, text, MARKDOWN_UNSAFE, &html).code == ERR_OK)
        MUST(utf8_is_valid(html) && html.len <= MARKDOWN_UNSAFE_BYTES);
    return 0;
}
