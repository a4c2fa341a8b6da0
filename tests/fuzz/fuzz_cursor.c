/* tests/fuzz/fuzz_cursor.c - a cursor that was read is written as one that reads the same. */
#include <string.h>

#include "fuzz.h"
#include "http/field.h"

static const Field field = { "after", FIELD_CURSOR, IN_QUERY };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Param raw = { .value = fuzz_input(data, size) };
    FieldValue value, again;
    int64_t numbers[2] = { 0 };

    Err err = field_read(arena, &field, &raw, &value);
    MUST(err.code == ERR_OK || err.code == ERR_INVALID);
    if (err.code == ERR_OK && value.is_present) {
        raw.value = list_cursor(arena, value.integer, value.second);
        MUST(field_read(arena, &field, &raw, &again).code == ERR_OK);
        MUST(again.integer == value.integer && again.second == value.second);
    }
    memcpy(numbers, data, size < sizeof numbers ? size : sizeof numbers);
    raw.value = list_cursor(arena, numbers[0], numbers[1]);
    MUST(field_read(arena, &field, &raw, &again).code == ERR_OK);
    MUST(again.integer == numbers[0] && again.second == numbers[1]);
    return 0;
}
