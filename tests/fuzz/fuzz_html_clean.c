/*
 * tests/fuzz/fuzz_html_clean.c - cleaning what was cleaned changes nothing; nothing active is left.
 */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/html_clean.h"

static void must_be_stable(Str html, const HtmlProfile *profile, Str base_url) {
    static const Str never[] = { S_INIT("<script"),   S_INIT("<style"),  S_INIT("<iframe"),
                                 S_INIT("<svg"),      S_INIT("<math"),   S_INIT("<form"),
                                 S_INIT("<template"), S_INIT("<object"), S_INIT("<!--") };
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str once, twice;

    if (html_clean(arena, html, profile, base_url, &once).code != ERR_OK)
        return;
    MUST(utf8_is_valid(once));
    for (size_t i = 0; i < COUNT_OF(never); i++)
        MUST(!str_contains(once, never[i])); /* a < of text is printed as &lt; */
    MUST(html_clean(arena, once, profile, base_url, &twice).code == ERR_OK);
    MUST(str_eq(once, twice));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Str html = fuzz_input(data, size);

    must_be_stable(html, HTML_ARTICLE, STR_EMPTY);
    must_be_stable(html, HTML_VOICE, STR_EMPTY);
    must_be_stable(html, HTML_ARTICLE, S("https://feed.example/a/b?c"));
    return 0;
}
