/* tests/fuzz/fuzz_json_read.c - what is read is written, read again and written the same. */
#include "fuzz.h"
#include "text/json_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(ARENA_REQUEST_BYTES);
    Json *value, *again;
    Buf canonical = buf_new(arena, 0), second = buf_new(arena, 0);

    if (json_read(arena, fuzz_input(data, size), JSON_READ_DEPTH, &value).code != ERR_OK)
        return 0;
    if (json_canonical(&canonical, value).code != ERR_OK || canonical.is_full)
        return 0; /* whole numbers beyond 2^53 - 1 have no canonical form */
    if (json_read(arena, buf_str(&canonical), JSON_READ_DEPTH, &again).code != ERR_OK) {
        MUST(arena_is_over(arena));
        return 0;
    }
    Err err = json_canonical(&second, again);
    /* Whole numbers beyond 2^53 - 1 that came as 1e16 are refused when they come as digits. */
    MUST(second.is_full || err.code == ERR_INVALID ||
         str_eq(buf_str(&canonical), buf_str(&second)));
    return 0;
}
