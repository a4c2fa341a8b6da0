/* tests/fuzz/fuzz_zip.c - whatever a zip is: entries apart, inside the file, unpacked to what was said. */
#include "fuzz.h"
#include "pack/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    enum { TOTAL = 16 << 20 };
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str file = fuzz_input(data, size), bytes;
    size_t total = 0;
    Zip zip;

    Err err = zip_open(arena, file, TOTAL, &zip);
    if (err.code != ERR_OK) {
        MUST(err.code == ERR_INVALID || err.code == ERR_LIMIT);
        return 0;
    }
    for (size_t i = 0; i < zip.len; i++) {
        const ZipEntry *entry = &zip.entries[i];

        MUST(entry->data_from <= size && entry->packed_bytes <= size - entry->data_from);
        MUST(i == 0 || entry->from >= entry[-1].data_from + entry[-1].packed_bytes);
        MUST(zip_find(&zip, entry->name) == entry);
        total += entry->bytes;
        err = zip_read(arena, &zip, entry, TOTAL, &bytes);
        MUST(err.code == ERR_OK ? bytes.len == entry->bytes : err.code == ERR_INVALID);
    }
    MUST(total <= TOTAL);
    return 0;
}
