/*
 * tests/fuzz/fuzz_secrets.c - a key that was read prints the same; a typed code is read as it was made; what was not
 * wrapped here opens nowhere.
 */
#include "fuzz.h"
#include "sec/box.h"
#include "sec/token.h"
#include "sec/totp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(ARENA_REQUEST_BYTES);
    Str text = fuzz_input(data, size), opened;
    BoxKey key = { .number = 1 }, read;
    int64_t step = 0;

    if (box_key_parse(arena, text, &read).code == ERR_OK) {
        Str printed = box_key_print(arena, &read);
        MUST(str_eq(printed, text) || str_eq(str_slice(printed, 0, printed.len - 1), text));
    }
    Str code = token_read_code(arena, text);
    MUST(code.len == 0 || str_eq(token_read_code(arena, code), code));
    if (token_check_program(text).code == ERR_OK)
        MUST(token_check(text).code == ERR_OK);
    MUST(box_open(arena, &key, S("factor"), 7, text, &opened).code != ERR_OK);
    if (totp_check(S("12345678901234567890"), text, INT64_C(1111111111000), 0, &step)) {
        int64_t now = totp_step(INT64_C(1111111111000));
        MUST(step >= now - TOTP_DRIFT && step <= now + TOTP_DRIFT);
        MUST(str_eq(str_replace(arena, text, S(" "), S("")),
                    totp_code(arena, S("12345678901234567890"), step)));
    }
    return 0;
}
