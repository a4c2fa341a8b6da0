/* tests/fuzz/fuzz_web_link.c - whatever a Link header holds: few links, each with an address and a relation, and reading ends. */
#include "base/utf8.h"
#include "fuzz.h"
#include "text/web_link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(64 << 20);
    Str base = S("https://x.example/a/b");
    WebLinks links;

    web_links_read(arena, fuzz_input(data, size), base, &links);
    MUST(links.len <= WEB_LINKS_MAX);
    for (size_t i = 0; i < links.len; i++) {
        const WebLink *link = &links.items[i];
        MUST(link->target.len > 0 && link->target.len <= WEB_LINK_TARGET_BYTES + base.len + 1);
        MUST(utf8_is_valid(link->target) && !utf8_has_control(link->target));
        MUST(link->rel.len > 0 && link->rel.len <= size && link->type.len <= size);
    }
    return 0;
}
