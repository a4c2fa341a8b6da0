/* pack/zip.c - reads zip files from anywhere: the directory once, then one entry at a time, by zlib. */
#include "pack/zip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    END_BYTES = 22, /* of the end record without its comment */
    COMMENT_BYTES_MAX = 65535,
    DIRECTORY_HEAD_BYTES = 46,
    LOCAL_HEAD_BYTES = 30,
    END64_BYTES = 56,
    END64_LOCATOR_BYTES = 20,
    EXTRA_ZIP64 = 1,
    FLAG_ENCRYPTED = 1 << 0 | 1 << 6 | 1 << 13,
    METHOD_STORED = 0,
    METHOD_DEFLATED = 8
};
static const uint32_t sign_end = 0x06054b50, sign_entry = 0x02014b50, sign_local = 0x04034b50,
                      sign_end64 = 0x06064b50, sign_locator = 0x07064b50;
static const uint64_t see_zip64 = 0xffffffff; /* the true number stands in the zip64 record */

/* What the end of the file says of the directory. */
typedef struct Directory {
    uint64_t from, bytes, count;
} Directory;

static Err broken(void) {
    return FAIL(ERR_INVALID, "file",
                N_("The file is damaged or cut off. Save it again and try once more."));
}

static Err not_packed_so(void) {
    return FAIL(ERR_INVALID, "file", N_("The file is packed in a way that is not read here."));
}

static Err too_large(void) {
    return FAIL(ERR_LIMIT, "file", N_("What the file holds is too large."));
}

/* Little-endian; the caller has checked that the bytes are there. */
static uint64_t number(Str file, size_t at, int bytes) {
    uint64_t value = 0;

    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | (unsigned char)file.ptr[at + (size_t)i];
    return value;
}

static uint32_t u32(Str file, size_t at) {
    return (uint32_t)number(file, at, 4);
}

static size_t u16(Str file, size_t at) {
    return (size_t)number(file, at, 2);
}

/* ---- the end of the file ---- */

/* The end record whose comment ends with the file: the last one that fits. */
static bool find_end(Str file, size_t *ret) {
    size_t last = file.len < END_BYTES ? 0 : file.len - END_BYTES;

    if (file.len < END_BYTES)
        return false;
    for (size_t back = 0; back <= COMMENT_BYTES_MAX && back <= last; back++) {
        size_t at = last - back;

        if (u32(file, at) == sign_end && u16(file, at + 20) == back) {
            *ret = at;
            return true;
        }
    }
    return false;
}

static Err read_end64(Str file, size_t end, Directory *directory) {
    if (end < END64_LOCATOR_BYTES || u32(file, end - END64_LOCATOR_BYTES) != sign_locator)
        return broken();
    uint64_t at = number(file, end - END64_LOCATOR_BYTES + 8, 8);
    if (at > end || end - at < END64_BYTES + END64_LOCATOR_BYTES ||
        u32(file, (size_t)at) != sign_end64)
        return broken();
    directory->count = number(file, (size_t)at + 32, 8);
    directory->bytes = number(file, (size_t)at + 40, 8);
    directory->from = number(file, (size_t)at + 48, 8);
    return directory->from <= at && directory->bytes <= at - directory->from ? OK : broken();
}

static Err read_end(Str file, Directory *ret) {
    size_t end;

    if (!find_end(file, &end))
        return broken();
    Directory directory = { u32(file, end + 16), u32(file, end + 12), u16(file, end + 10) };
    if (u16(file, end + 4) != 0 && u16(file, end + 4) != 0xffff) /* of several disks */
        return not_packed_so();
    if (directory.from == see_zip64 || directory.bytes == see_zip64 || directory.count == 0xffff)
        TRY(read_end64(file, end, &directory));
    if (directory.from > end || directory.bytes > end - directory.from)
        return broken();
    if (directory.count > ZIP_ENTRIES_MAX)
        return too_large();
    *ret = directory;
    return OK;
}

/* ---- entries ---- */

/* APPNOTE 4.5.3: those of size, packed size and place that the head has no room for, in this order. */
static Err read_extra64(Str extra, uint64_t *size, uint64_t *packed, uint64_t *from) {
    uint64_t *wanted[] = { size, packed, from };

    while (extra.len >= 4) {
        size_t kind = u16(extra, 0), len = u16(extra, 2);
        Str value = str_slice(extra, 4, 4 + len);

        if (value.len < len)
            return broken();
        for (size_t i = 0; kind == EXTRA_ZIP64 && i < COUNT_OF(wanted); i++) {
            if (*wanted[i] != see_zip64)
                continue;
            if (value.len < 8)
                return broken();
            *wanted[i] = number(value, 0, 8);
            value = str_slice(value, 8, value.len);
        }
        extra = str_slice(extra, 4 + len, extra.len);
    }
    return OK;
}

/* The entry's own head agrees with the directory. */
static Err read_local(Str file, size_t before, ZipEntry *entry) {
    if (entry->from > before || before - entry->from < LOCAL_HEAD_BYTES ||
        u32(file, entry->from) != sign_local)
        return broken();
    size_t name_len = u16(file, entry->from + 26), extra_len = u16(file, entry->from + 28);
    entry->data_from = entry->from + LOCAL_HEAD_BYTES + name_len + extra_len;
    if (entry->data_from > before || entry->packed_bytes > before - entry->data_from)
        return broken();
    Str name =
        str_slice(file, entry->from + LOCAL_HEAD_BYTES, entry->from + LOCAL_HEAD_BYTES + name_len);
    if (!str_eq(name, entry->name) ||
        (u16(file, entry->from + 8) == METHOD_DEFLATED) != entry->is_deflated)
        return broken();
    return OK;
}

/* *at is where the directory's record begins, and afterwards where the next one does. */
static Err read_entry(Str file, const Directory *directory, size_t *at, ZipEntry *ret) {
    size_t end = (size_t)(directory->from + directory->bytes), method;
    ZipEntry entry = { 0 };

    if (end - *at < DIRECTORY_HEAD_BYTES || u32(file, *at) != sign_entry)
        return broken();
    size_t name_len = u16(file, *at + 28), extra_len = u16(file, *at + 30);
    size_t record = DIRECTORY_HEAD_BYTES + name_len + extra_len + u16(file, *at + 32);
    if (end - *at < record)
        return broken();
    uint64_t size = u32(file, *at + 24), packed = u32(file, *at + 20), from = u32(file, *at + 42);
    size_t name_from = *at + DIRECTORY_HEAD_BYTES;
    TRY(read_extra64(str_slice(file, name_from + name_len, name_from + name_len + extra_len), &size,
                     &packed, &from));
    if ((u16(file, *at + 8) & FLAG_ENCRYPTED) != 0)
        return FAIL(ERR_INVALID, "file",
                    N_("The file is protected by a password. Save it without one and try again."));
    method = u16(file, *at + 10);
    if (method != METHOD_STORED && method != METHOD_DEFLATED)
        return not_packed_so();
    if (name_len > ZIP_NAME_BYTES_MAX || size > SIZE_MAX / 4)
        return too_large();
    if (from > directory->from || packed > directory->from ||
        (method == METHOD_STORED && size != packed))
        return broken();
    if (size > ZIP_RATIO_FREE_BYTES && size / ZIP_RATIO_MAX > packed)
        return too_large();
    entry.name = str_slice(file, name_from, name_from + name_len);
    entry.is_deflated = method == METHOD_DEFLATED;
    entry.crc = u32(file, *at + 16);
    entry.packed_bytes = (size_t)packed;
    entry.bytes = (size_t)size;
    entry.from = (size_t)from;
    TRY(read_local(file, (size_t)directory->from, &entry));
    *at += record;
    *ret = entry;
    return OK;
}

static int by_place(const void *a, const void *b) {
    size_t left = ((const ZipEntry *)a)->from, right = ((const ZipEntry *)b)->from;

    return left < right ? -1 : left > right;
}

static int by_name(const void *a, const void *b) {
    return str_compare(*(const Str *)a, *(const Str *)b);
}

static Err check_apart(Arena *arena, const Zip *zip) {
    Str *names = arena_array(arena, zip->len + 1, sizeof *names);

    for (size_t i = 0; i < zip->len; i++) {
        const ZipEntry *entry = &zip->entries[i];

        names[i] = entry->name;
        /* Entries over one another are how small files unpack to large ones. */
        if (i > 0 && entry->from < entry[-1].data_from + entry[-1].packed_bytes)
            return broken();
    }
    qsort(names, zip->len, sizeof *names, by_name);
    for (size_t i = 1; i < zip->len; i++)
        if (str_eq(names[i - 1], names[i]))
            return broken();
    return OK;
}

Err zip_open(Arena *arena, Str file, size_t total_bytes_max, Zip *ret) {
    Directory directory;
    Zip zip = { .file = file };
    size_t total = 0;

    TRY(read_end(file, &directory));
    zip.len = (size_t)directory.count;
    zip.entries = arena_array(arena, zip.len + 1, sizeof *zip.entries);
    size_t at = (size_t)directory.from;
    for (size_t i = 0; i < zip.len; i++) {
        TRY(read_entry(file, &directory, &at, &zip.entries[i]));
        if (!size_add(total, zip.entries[i].bytes, &total) || total > total_bytes_max)
            return too_large();
    }
    qsort(zip.entries, zip.len, sizeof *zip.entries, by_place);
    TRY(check_apart(arena, &zip));
    *ret = zip;
    return OK;
}

const ZipEntry *zip_find(const Zip *zip, Str name) {
    for (size_t i = 0; i < zip->len; i++)
        if (str_eq(zip->entries[i].name, name))
            return &zip->entries[i];
    return NULL;
}

/* ---- unpacking ---- */

static void end_inflate(z_stream *stream) {
    (void)inflateEnd(stream);
}

static Err inflate_into(Str packed, char *out, size_t bytes) {
    CLEANUP(end_inflate) z_stream stream = { 0 }; /* zlib keeps its address */
    Bytef one_more;

    if (packed.len > UINT32_MAX || bytes > UINT32_MAX)
        return too_large();
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return FAIL(ERR_BUSY, NULL,
                    N_("The server has no memory left for this file. Try again later."));
    stream.next_in = (Bytef *)(uintptr_t)packed.ptr;
    stream.avail_in = (uInt)packed.len;
    stream.next_out = bytes > 0 ? (Bytef *)out : &one_more;
    stream.avail_out = (uInt)bytes;
    int status = inflate(&stream, Z_FINISH);
    if (status != Z_STREAM_END && stream.avail_out == 0) { /* only the end may still be owed */
        stream.next_out = &one_more;
        stream.avail_out = 1;
        status = inflate(&stream, Z_FINISH);
    }
    return status == Z_STREAM_END && stream.total_out == bytes ? OK : broken();
}

Err zip_read(Arena *arena, const Zip *zip, const ZipEntry *entry, size_t bytes_max, Str *ret) {
    Str packed = str_slice(zip->file, entry->data_from, entry->data_from + entry->packed_bytes);
    Str bytes = packed;

    if (entry->bytes > bytes_max)
        return too_large();
    if (entry->is_deflated) {
        char *out = arena_alloc(arena, entry->bytes + 1);
        TRY(inflate_into(packed, out, entry->bytes));
        bytes = (Str){ out, entry->bytes };
    }
    if (crc32_z(0, (const Bytef *)(bytes.ptr ? bytes.ptr : ""), bytes.len) != entry->crc)
        return broken();
    *ret = bytes;
    return OK;
}
