/* tests/fuzz/fuzz_opml.c - whatever a list of feeds is: valid UTF-8, bounds held, and ours reads back the same. */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/opml.h"

static bool is_plain(Str text) {
    return !utf8_has_control(text) && str_find(text, S("\xef\xbf\xbe"), 0) == SIZE_MAX &&
           str_find(text, S("\xef\xbf\xbf"), 0) == SIZE_MAX;
}

static void must_read_back(Arena *arena, const Opml *opml) {
    Buf out = buf_new(arena, SIZE_MAX);
    Opml again;

    MUST(opml_write(&out, opml->title, opml->items, opml->len).code == ERR_OK);
    MUST(opml_parse(arena, buf_str(&out), &again).code == ERR_OK);
    MUST(again.len == opml->len);
    for (size_t i = 0; i < opml->len; i++)
        if (is_plain(opml->items[i].xml_url))
            MUST(str_eq(again.items[i].xml_url, opml->items[i].xml_url));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(64 << 20);
    Opml opml = { 0 };
    Err err = opml_parse(arena, fuzz_input(data, size), &opml);

    if (err.code != ERR_OK) {
        MUST(err.code == ERR_INVALID || err.code == ERR_LIMIT);
        return 0;
    }
    MUST(opml.len <= OPML_OUTLINES && utf8_is_valid(opml.title));
    bool has_controls = false;
    for (size_t i = 0; i < opml.len; i++) {
        MUST(opml.items[i].xml_url.len > 0 && utf8_is_valid(opml.items[i].xml_url) &&
             utf8_is_valid(opml.items[i].text));
        has_controls = has_controls || !is_plain(opml.items[i].xml_url);
    }
    if (is_plain(opml.title) && !has_controls)
        must_read_back(arena, &opml);
    return 0;
}
