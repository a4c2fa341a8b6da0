/* tests/fuzz/fuzz_if_match.c - a version that was read is read again; a tag is found exactly where named. */
#include "fuzz.h"
#include "http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str header = fuzz_input(data, size), tag = S("\"7-5f3a\"");
    int64_t version = request_if_match(header);

    MUST(version >= IF_MATCH_ANY);
    if (version > 0)
        MUST(request_if_match(str_format(arena, "W/\"%lld\"", (long long)version)) == version);
    if (version == IF_MATCH_ANY)
        MUST(str_eq(str_trim(header), S("*")));
    if (request_none_match(header, tag))
        MUST(str_contains(header, tag) || str_find_char(header, '*', 0) != SIZE_MAX);
    MUST(!request_none_match(header, STR_EMPTY));
    Str named = str_concat(arena, str_concat(arena, header, S(", W/")), tag);
    MUST(request_none_match(named, tag));
    return 0;
}
