/* tests/fuzz/fuzz_diff.c - the parts of a comparison give both texts back. */
#include "base/buf.h"
#include "fuzz.h"
#include "text/diff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(ARENA_REQUEST_BYTES);
    Str rest = fuzz_input(data, size), old_text = fuzz_part(&rest);
    Buf old_buf = buf_new(arena, 0), new_buf = buf_new(arena, 0);
    DiffList list;

    if (diff_text(arena, old_text, rest, &list).code != ERR_OK)
        return 0;
    for (size_t i = 0; i < list.len; i++) {
        MUST(list.items[i].text.len > 0);
        MUST(i == 0 || list.items[i].kind != list.items[i - 1].kind);
        if (list.items[i].kind != DIFF_INS)
            buf_add(&old_buf, list.items[i].text);
        if (list.items[i].kind != DIFF_DEL)
            buf_add(&new_buf, list.items[i].text);
    }
    MUST(str_eq(buf_str(&old_buf), old_text) && str_eq(buf_str(&new_buf), rest));
    return 0;
}
