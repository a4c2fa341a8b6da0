/*
 * tests/fuzz/fuzz_register.c - a roster's cells: a value that was taken is in its clean form, for taking it
 * again changes nothing, and holds nothing that cannot be seen.
 */
#include "base/utf8.h"
#include "features/register/register_fields.h"
#include "fuzz.h"
#include "text/csv.h"

static void must_be_clean(Arena *arena, const CardField *field, Str raw) {
    Outlet one = { 0 }, two = { 0 };
    Err err = card_set(arena, field, raw, &one);

    if (err.code != ERR_OK) {
        MUST(err.code == ERR_INVALID || err.code == ERR_LIMIT || err.code == ERR_REFUSED);
        return;
    }
    Str value = card_get(arena, field, &one);
    MUST(utf8_is_valid(value) && !utf8_has_control(value));
    MUST(card_set(arena, field, value, &two).code == ERR_OK && card_is_equal(field, &one, &two));
    card_copy(field, &one, &two);
    MUST(card_is_equal(field, &one, &two));
}

static void must_read(Arena *arena, const CsvTable *table) {
    for (size_t i = 0; i < table->len; i++) {
        Outlet outlet = { 0 };
        for (size_t k = 0; k < table->rows[i].len; k++) {
            const CardField *field = &card_fields[k % CARD_FIELDS];
            must_be_clean(arena, field, table->rows[i].cells[k]);
            (void)card_set(arena, field, table->rows[i].cells[k], &outlet).code;
        }
        Outlet before;
        if (card_clean(arena, &outlet).code == ERR_OK) {
            before = outlet;
            MUST(card_clean(arena, &outlet).code == ERR_OK);
            for (size_t k = 0; k < CARD_FIELDS; k++)
                MUST(card_is_equal(&card_fields[k], &before, &outlet));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    CsvTable table;

    if (size == 0)
        return 0;
    must_be_clean(arena, &card_fields[data[0] % CARD_FIELDS], fuzz_input(data + 1, size - 1));
    if (csv_read(arena, fuzz_input(data, size), CSV_LIMITS, &table).code == ERR_OK)
        must_read(arena, &table);
    return 0;
}
