/* pack/zip_test.c - zip files come out as they went in, and what lies is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <zlib.h>

#include "base/buf.h"
#include "base/vec.h"
#include "pack/zip.h"

enum { TOTAL = 64 << 20, DEFLATED = 8, TEN_MB = 10000000 };

/* One entry as it is written; what is 0 is true to the bytes. */
typedef struct Part {
    const char *name;
    Str bytes;
    int method;
    unsigned flags;
    const char *local_name;
    uint32_t said_size, said_packed, said_crc, said_from;
    bool has_descriptor, is_zip64;
} Part;

typedef struct Written {
    Str name;
    uint32_t crc, size, packed, from;
    const Part *part;
} Written;

static void put(Buf *buf, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++, value >>= 8)
        buf_add_char(buf, (char)(value & 0xff));
}

static Str deflated(Arena *arena, Str bytes) {
    z_stream stream = { 0 };
    size_t room = bytes.len + bytes.len / 1000 + 64;
    char *out = arena_alloc(arena, room);

    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)bytes.ptr;
    stream.avail_in = (uInt)bytes.len;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    Str packed = { out, stream.total_out };
    (void)deflateEnd(&stream);
    return packed;
}

static void put_local(Arena *arena, Buf *out, const Part *part, Written *w) {
    Str packed = part->method == DEFLATED ? deflated(arena, part->bytes) : part->bytes;
    Str name = str_from_c(part->local_name ? part->local_name : part->name);
    uLong crc = crc32_z(0, (const Bytef *)part->bytes.ptr, part->bytes.len);

    *w = (Written){ .name = str_from_c(part->name),
                    .crc = part->said_crc ? part->said_crc : (uint32_t)crc,
                    .size = part->said_size ? part->said_size : (uint32_t)part->bytes.len,
                    .packed = part->said_packed ? part->said_packed : (uint32_t)packed.len,
                    .from = part->said_from ? part->said_from - 1 : (uint32_t)out->len,
                    .part = part };
    bool is_later = part->has_descriptor;
    put(out, 0x04034b50, 4);
    put(out, 20, 2);
    put(out, part->flags | (is_later ? 8U : 0U), 2);
    put(out, (unsigned)part->method, 2);
    put(out, 0, 4);
    put(out, is_later ? 0 : w->crc, 4);
    put(out, is_later ? 0 : w->packed, 4);
    put(out, is_later ? 0 : w->size, 4);
    put(out, name.len, 2);
    put(out, 0, 2);
    buf_add(out, name);
    buf_add(out, packed);
    if (is_later) {
        put(out, 0x08074b50, 4);
        put(out, w->crc, 4);
        put(out, w->packed, 4);
        put(out, w->size, 4);
    }
}

static void put_central(Buf *out, const Written *w) {
    bool is_zip64 = w->part->is_zip64;

    put(out, 0x02014b50, 4);
    put(out, 20, 2);
    put(out, 20, 2);
    put(out, w->part->flags, 2);
    put(out, (unsigned)w->part->method, 2);
    put(out, 0, 4);
    put(out, w->crc, 4);
    put(out, is_zip64 ? UINT32_MAX : w->packed, 4);
    put(out, is_zip64 ? UINT32_MAX : w->size, 4);
    put(out, w->name.len, 2);
    put(out, is_zip64 ? 28 : 0, 2);
    put(out, 0, 2 + 2 + 2 + 4);
    put(out, is_zip64 ? UINT32_MAX : w->from, 4);
    buf_add(out, w->name);
    if (is_zip64) {
        put(out, 1, 2);
        put(out, 24, 2);
        put(out, w->size, 8);
        put(out, w->packed, 8);
        put(out, w->from, 8);
    }
}

static Str zip_of(Arena *arena, const Part *parts, size_t count) {
    Buf out = buf_new(arena, SIZE_MAX);
    Written *written = arena_array(arena, count + 1, sizeof *written);
    bool is_zip64 = count > 0 && parts[0].is_zip64;

    for (size_t i = 0; i < count; i++)
        put_local(arena, &out, &parts[i], &written[i]);
    size_t from = out.len;
    for (size_t i = 0; i < count; i++)
        put_central(&out, &written[i]);
    size_t end = out.len;
    if (is_zip64) {
        put(&out, 0x06064b50, 4);
        put(&out, 44, 8);
        put(&out, 0, 2 + 2 + 4 + 4);
        put(&out, count, 8);
        put(&out, count, 8);
        put(&out, end - from, 8);
        put(&out, from, 8);
        put(&out, 0x07064b50, 4);
        put(&out, 0, 4);
        put(&out, end, 8);
        put(&out, 1, 4);
    }
    put(&out, 0x06054b50, 4);
    put(&out, 0, 4);
    put(&out, count, 2);
    put(&out, is_zip64 ? 0xffff : count, 2);
    put(&out, is_zip64 ? UINT32_MAX : end - from, 4);
    put(&out, is_zip64 ? UINT32_MAX : from, 4);
    put(&out, 0, 2);
    return buf_str(&out);
}

static Err open_of(Arena *arena, const Part *parts, size_t count) {
    Zip zip;
    return zip_open(arena, zip_of(arena, parts, count), TOTAL, &zip);
}

static void refuses(const Part *parts, size_t count, ErrCode code) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Err err = open_of(arena, parts, count);

    assert_int_equal(err.code, code);
    assert_string_equal(err.field, "file");
}

/* The directory is believable; the bytes are not. */
static void refuses_to_read(const Part *part) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Zip zip;
    Str bytes = S("untouched");

    assert_int_equal(zip_open(arena, zip_of(arena, part, 1), TOTAL, &zip).code, ERR_OK);
    assert_int_equal(zip_read(arena, &zip, &zip.entries[0], TOTAL, &bytes).code, ERR_INVALID);
    assert_true(str_eq(bytes, S("untouched")));
}

static void comes_back(const Part *parts, size_t count) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Zip zip;
    Str bytes;

    assert_int_equal(zip_open(arena, zip_of(arena, parts, count), TOTAL, &zip).code, ERR_OK);
    assert_int_equal(zip.len, count);
    for (size_t i = 0; i < count; i++) {
        const ZipEntry *entry = zip_find(&zip, str_from_c(parts[i].name));
        assert_non_null(entry);
        assert_int_equal(zip_read(arena, &zip, entry, TOTAL, &bytes).code, ERR_OK);
        assert_true(str_eq(bytes, parts[i].bytes));
    }
    assert_null(zip_find(&zip, S("no such")));
}

static const Part two[] = {
    { .name = "word/document.xml", .bytes = S_INIT("<a>你好 你好 你好</a>"), .method = DEFLATED },
    { .name = "../../etc/passwd", .bytes = S_INIT("just a name") }
};

static void entries_come_back_as_they_were(void **state) {
    Part parts[] = { two[0], two[1], { .name = "empty", .method = DEFLATED }, { .name = "none" } };

    (void)state;
    comes_back(parts, COUNT_OF(parts));
    comes_back(parts, 0);
}

static void data_descriptors_and_zip64_are_read(void **state) {
    Part parts[] = { two[0], two[1] };

    (void)state;
    parts[0].has_descriptor = parts[1].has_descriptor = true;
    comes_back(parts, 2);
    parts[0].is_zip64 = parts[1].is_zip64 = true;
    comes_back(parts, 2);
}

static void ten_megabytes_come_back(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    char *text = arena_alloc(arena, TEN_MB);
    uint32_t seed = 7;

    (void)state;
    for (size_t i = 0; i < TEN_MB; i++) {
        seed = seed * 1664525 + 1013904223;
        text[i] = (char)('a' + (seed >> 28));
    }
    Part part = { .name = "big", .bytes = { text, TEN_MB }, .method = DEFLATED };
    comes_back(&part, 1);
}

/* Every shorter file, and every file with one bit turned: an error or the true bytes, never a crash. */
static void what_is_cut_or_turned_is_refused(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Str whole = zip_of(arena, two, 2);
    Zip zip;

    (void)state;
    for (size_t len = 0; len < whole.len; len++)
        assert_int_equal(zip_open(arena, str_slice(whole, 0, len), TOTAL, &zip).code, ERR_INVALID);
    for (size_t bit = 0; bit < whole.len * 8; bit++) {
        char *copy = arena_copy(arena, whole.ptr, whole.len);
        Str bytes;

        copy[bit / 8] = (char)(copy[bit / 8] ^ (1 << bit % 8));
        if (zip_open(arena, (Str){ copy, whole.len }, TOTAL, &zip).code != ERR_OK)
            continue;
        for (size_t i = 0; i < zip.len; i++)
            if (zip_read(arena, &zip, &zip.entries[i], TOTAL, &bytes).code == ERR_OK)
                assert_true(str_eq(bytes, two[0].bytes) || str_eq(bytes, two[1].bytes));
    }
}

static void lying_sizes_are_refused(void **state) {
    Part longer = two[0], shorter = two[0], crc = two[0], stored = two[1], packed = two[0];

    (void)state;
    longer.said_size = (uint32_t)two[0].bytes.len + 1;
    shorter.said_size = (uint32_t)two[0].bytes.len - 1;
    crc.said_crc = 7;
    refuses_to_read(&longer);
    refuses_to_read(&shorter);
    refuses_to_read(&crc);
    stored.said_size = 3;
    refuses(&stored, 1, ERR_INVALID);
    packed.said_packed = 1 << 20;
    refuses(&packed, 1, ERR_INVALID);
}

static void bombs_are_refused_unopened(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Part bomb = { .name = "zeros",
                  .bytes = { arena_alloc(arena, TEN_MB), TEN_MB },
                  .method = DEFLATED };
    Part said = two[0];
    Zip zip;
    Str bytes;

    (void)state;
    refuses(&bomb, 1, ERR_LIMIT);
    said.said_size = UINT32_MAX - 1;
    refuses(&said, 1, ERR_LIMIT);
    size_t total = two[0].bytes.len + two[1].bytes.len;
    assert_int_equal(zip_open(arena, zip_of(arena, two, 2), total, &zip).code, ERR_OK);
    assert_int_equal(
        zip_read(arena, &zip, zip_find(&zip, S("word/document.xml")), two[0].bytes.len - 1, &bytes)
            .code,
        ERR_LIMIT);
    assert_int_equal(zip_open(arena, zip_of(arena, two, 2), total - 1, &zip).code, ERR_LIMIT);
}

static void entries_over_one_another_are_refused(void **state) {
    Part parts[] = { two[0], two[0] };

    (void)state;
    parts[1].name = "other";
    parts[1].local_name = "word/document.xml";
    parts[1].said_from = 1; /* one more than the place: both lie at 0 */
    refuses(parts, 2, ERR_INVALID);
    parts[1] = two[0]; /* the same name twice */
    refuses(parts, 2, ERR_INVALID);
    parts[0].local_name = "another name in front"; /* head and directory disagree */
    refuses(parts, 1, ERR_INVALID);
}

static void too_many_entries_are_refused(void **state) {
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    Part *parts = arena_array(arena, ZIP_ENTRIES_MAX + 1, sizeof *parts);

    (void)state;
    for (size_t i = 0; i <= ZIP_ENTRIES_MAX; i++)
        parts[i].name = str_to_c(arena, str_from_int(arena, (int64_t)i));
    assert_int_equal(open_of(arena, parts, ZIP_ENTRIES_MAX).code, ERR_OK);
    refuses(parts, ZIP_ENTRIES_MAX + 1, ERR_LIMIT);
}

static void encrypted_and_unknown_packing_are_refused(void **state) {
    Part encrypted = two[0], bzip2 = two[0];

    (void)state;
    encrypted.flags = 1;
    refuses(&encrypted, 1, ERR_INVALID);
    bzip2.method = 12;
    refuses(&bzip2, 1, ERR_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_come_back_as_they_were),
        cmocka_unit_test(data_descriptors_and_zip64_are_read),
        cmocka_unit_test(ten_megabytes_come_back),
        cmocka_unit_test(what_is_cut_or_turned_is_refused),
        cmocka_unit_test(lying_sizes_are_refused),
        cmocka_unit_test(bombs_are_refused_unopened),
        cmocka_unit_test(entries_over_one_another_are_refused),
        cmocka_unit_test(too_many_entries_are_refused),
        cmocka_unit_test(encrypted_and_unknown_packing_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
