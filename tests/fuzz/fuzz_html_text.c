/*
 * tests/fuzz/fuzz_html_text.c - the text of cleaned HTML is UTF-8 without empty lines; words stay.
 */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/html_clean.h"
#include "text/html_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str clean, text, line, rest;

    if (html_clean(arena, fuzz_input(data, size), HTML_ARTICLE, STR_EMPTY, &clean).code != ERR_OK)
        return 0;
    text = rest = html_text(arena, clean);
    MUST(utf8_is_valid(text) && text.len <= clean.len);
    MUST(!str_ends(text, S("\n")));
    while (str_cut(&rest, '\n', &line))
        MUST(line.len > 0);
    for (size_t i = 0; i < text.len; i++)
        MUST((unsigned char)text.ptr[i] >= 0x20 || text.ptr[i] == '\n' || text.ptr[i] == '\t');
    return 0;
}
