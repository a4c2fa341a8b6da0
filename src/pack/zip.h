/* pack/zip.h - reads zip files from anywhere (APPNOTE 6.3): the directory once, then one entry at a time. */
#ifndef PACK_ZIP_H
#define PACK_ZIP_H

#include "base/err.h"
#include "base/str.h"

enum {
    ZIP_ENTRIES_MAX = 4096,
    ZIP_NAME_BYTES_MAX = 512,
    ZIP_RATIO_MAX = 200,           /* unpacked to packed bytes of one entry ... */
    ZIP_RATIO_FREE_BYTES = 1 << 20 /* ... that unpacks to more than this */
};

typedef struct ZipEntry {
    Str name; /* as stored: data to compare with, never a path to open; borrowed from the file */
    bool is_deflated; /* else stored */
    uint32_t crc;     /* of the unpacked bytes */
    size_t packed_bytes, bytes;
    size_t from;      /* where its own head begins in the file */
    size_t data_from; /* where its packed bytes begin */
} ZipEntry;

typedef struct Zip {
    Str file;          /* borrowed */
    ZipEntry *entries; /* by where they lie in the file; names are unique */
    size_t len;
} Zip;

/*
 * Reads the directory at the end of the file and checks all of it against the entries' own heads: every
 * entry lies before the directory, none over another, each is stored or deflated, none is encrypted, no name
 * stands there twice. Nothing is unpacked. Sizes are those of the directory (also zip64), so that data descriptors
 * behind the entries are not needed.
 *
 * file is borrowed as long as *ret is used; entries live in arena. Fails, field "file", with ERR_INVALID (no zip, cut
 * off, ill-formed, encrypted, packed in another way, in several parts) and ERR_LIMIT (ZIP_ENTRIES_MAX, names, the
 * ratio, more than total_bytes_max unpacked altogether). Repeating is safe.
 */
CHECKED Err zip_open(Arena *arena, Str file, size_t total_bytes_max, Zip *ret);

/* NULL when there is none. Names compare byte by byte. */
const ZipEntry *zip_find(const Zip *zip, Str name);

/*
 * The unpacked bytes, in arena. ERR_LIMIT, field "file": more than bytes_max; ERR_INVALID: damaged, or of another
 * length than the directory says; ERR_BUSY: zlib has no memory. Time and memory are those of the entry's size.
 */
CHECKED Err zip_read(Arena *arena, const Zip *zip, const ZipEntry *entry, size_t bytes_max,
                     Str *ret);

#endif
