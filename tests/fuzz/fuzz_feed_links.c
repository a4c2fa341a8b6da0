/* tests/fuzz/fuzz_feed_links.c - whatever a page is: a feed that it names has an address, within the page's length. */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/feed_links.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(64 << 20);
    Str base = S("https://x.example/a/b"), found = STR_EMPTY;

    if (feed_links_find(arena, fuzz_input(data, size), base, &found))
        MUST(found.len > 0 && utf8_is_valid(found) && found.len <= size + base.len);
    else
        MUST(found.len == 0);
    return 0;
}
