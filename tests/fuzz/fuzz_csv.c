/* tests/fuzz/fuzz_csv.c - rows that were read are written, and read again as many. */
#include "fuzz.h"
#include "text/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(ARENA_REQUEST_BYTES);
    CsvTable table, again;
    Buf buf = buf_new(arena, 0);
    size_t line = 0;

    if (csv_read(arena, fuzz_input(data, size), CSV_LIMITS, &table).code != ERR_OK)
        return 0;
    for (size_t i = 0; i < table.len; i++) {
        MUST(table.rows[i].len > 0 && table.rows[i].line > line);
        line = table.rows[i].line;
        csv_write_row(&buf, table.rows[i].cells, table.rows[i].len);
    }
    CsvLimits limits = CSV_LIMITS;
    limits.text_bytes = limits.cell_bytes = SIZE_MAX;
    if (buf.is_full || csv_read(arena, buf_str(&buf), limits, &again).code != ERR_OK) {
        MUST(buf.is_full || arena_is_over(arena));
        return 0;
    }
    MUST(again.len == table.len);
    for (size_t i = 0; i < table.len; i++)
        MUST(again.rows[i].len == table.rows[i].len);
    return 0;
}
