/*
 * tests/fuzz/fuzz_zone_parse.c - a date that was read is printed and read again as the same moment.
 */
#include "fuzz.h"
#include "text/zone.h"

static void must_come_back(Arena *arena, int64_t at_ms) {
    int64_t back_ms;
    Str text;

    if (zone_rfc3339(arena, S("Asia/Shanghai"), at_ms, &text).code == ERR_OK)
        MUST(zone_parse_rfc3339(text, &back_ms).code == ERR_OK && back_ms == at_ms);
    if (zone_rfc822(arena, S("Asia/Shanghai"), at_ms, &text).code == ERR_OK)
        MUST(zone_parse_rfc822(text, &back_ms).code == ERR_OK &&
             back_ms / 1000 - (back_ms % 1000 < 0) == at_ms / 1000 - (at_ms % 1000 < 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(ARENA_REQUEST_BYTES);
    Str text = fuzz_input(data, size);
    ZoneTime t;
    int64_t at_ms;

    if (zone_parse_rfc3339(text, &at_ms).code == ERR_OK)
        must_come_back(arena, at_ms);
    if (zone_parse_rfc822(text, &at_ms).code == ERR_OK)
        must_come_back(arena, at_ms);
    if (zone_parse(S("America/New_York"), text, &at_ms, NULL).code == ERR_OK)
        must_come_back(arena, at_ms);
    if (zone_parse_date(text, &t).code == ERR_OK)
        MUST(t.weekday >= 1 && t.weekday <= 7);
    (void)zone_check(text);
    return 0;
}
