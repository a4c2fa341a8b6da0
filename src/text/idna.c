/*
 * text/idna.c - names of hosts by UTS 46, through ICU. The table is opened once for the process,
 * under pthread_once, and never changed after; ICU allows many threads to read it.
 */
#include "text/idna.h"

#include <pthread.h>
#include <unicode/uidna.h>

enum { NAME_BYTES = 1024 }; /* a domain name has at most 253 in ASCII */

static pthread_once_t table_once = PTHREAD_ONCE_INIT;
static UIDNA *table; /* NULL when ICU's data is missing */

static void open_table(void) {
    UErrorCode code = U_ZERO_ERROR;

    table = uidna_openUTS46(
        UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, &code);
    if (U_FAILURE(code))
        table = NULL;
}

static bool is_plain(Str name) {
    for (size_t i = 0; i < name.len; i++) {
        if ((unsigned char)name.ptr[i] >= 0x80)
            return false;
    }
    return true;
}

/* A label in Punycode has to mean something, too. */
static bool has_punycode(Str name) {
    return str_starts(name, S("xn--")) || str_contains(name, S(".xn--"));
}

bool idna_to_ascii(Arena *arena, Str name, Str *ret) {
    /* What browsers let pass, since names with hyphens anywhere exist; lengths are the caller's. */
    static const uint32_t borne = UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN |
                                  UIDNA_ERROR_HYPHEN_3_4 | UIDNA_ERROR_EMPTY_LABEL |
                                  UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode code = U_ZERO_ERROR;

    Str lower = str_lower_ascii(arena, name);
    if (is_plain(lower) && !has_punycode(lower)) {
        *ret = lower;
        return true;
    }
    pthread_once(&table_once, open_table);
    if (!table || name.len == 0 || name.len > NAME_BYTES)
        return false;
    int32_t room = NAME_BYTES * 4;
    char *ascii = arena_alloc(arena, (size_t)room);
    int32_t len =
        uidna_nameToASCII_UTF8(table, lower.ptr, (int32_t)lower.len, ascii, room, &info, &code);
    if (U_FAILURE(code) || len > room || (info.errors & ~borne) != 0)
        return false;
    *ret = str_lower_ascii(arena, (Str){ ascii, (size_t)len });
    return true;
}
