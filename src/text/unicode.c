/*
 * text/unicode.c - normal forms, grapheme clusters, sort keys, look-alikes, by ICU.
 *
 * The collator, the checker of look-alikes and the finder of cluster breaks are opened once for the
 * process, under pthread_once, and never changed after; ICU allows many threads to read them. The
 * finder has a place in a text, so each call works on a clone.
 */
#include "text/unicode.h"

#include <pthread.h>
#include <unicode/ubrk.h>
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "base/buf.h"
#include "base/utf8.h"

enum { SORT_CHARS = 200 };

static Err fail_icu(void) {
    return FAIL(ERR_BUG, NULL, N_("The Unicode data of this system is not complete."));
}

/* ---- between UTF-8 and UTF-16 ---- */

typedef struct Wide {
    UChar *units;
    int32_t len;
} Wide;

static Err check_budget(const Arena *arena) {
    if (arena_is_over(arena))
        return FAIL(ERR_LIMIT, NULL, N_("The text is too long."));
    return OK;
}

/* More UTF-16 units than this are refused, so that results of normalising stay within int32_t. */
enum { WIDE_MAX = 32 << 20 };

static Err widen(Arena *arena, Str text, Wide *ret) {
    int32_t len = 0;
    UErrorCode code = U_ZERO_ERROR;

    if (text.len > WIDE_MAX)
        return FAIL(ERR_LIMIT, NULL, N_("The text is too long."));
    UChar *units =
        arena_array(arena, text.len + 1, sizeof(UChar)); /* no text has more units than bytes */
    u_strFromUTF8(units, (int32_t)text.len + 1, &len, text.ptr ? text.ptr : "", (int32_t)text.len,
                  &code);
    if (U_FAILURE(code))
        return FAIL(ERR_INVALID, NULL, N_("The text is not valid UTF-8."));
    *ret = (Wide){ units, len };
    return check_budget(arena);
}

static Err narrow(Arena *arena, Wide wide, Str *ret) {
    size_t room = (size_t)wide.len * 3 + 1; /* a unit makes at most 3 bytes */
    char *text = arena_alloc(arena, room);
    int32_t len = 0;
    UErrorCode code = U_ZERO_ERROR;

    u_strToUTF8(text, (int32_t)room, &len, wide.units, wide.len, &code);
    if (U_FAILURE(code))
        return fail_icu();
    *ret = (Str){ text, (size_t)len };
    return check_budget(arena);
}

/* ---- normal forms ---- */

/* Ordering the marks of one letter is quadratic in their number. */
static Err check_marks(const UNormalizer2 *normalizer, Wide wide) {
    int marks = 0;

    for (int32_t at = 0; at < wide.len;) {
        UChar32 rune;

        U16_NEXT(wide.units, at, wide.len, rune);
        marks = unorm2_getCombiningClass(normalizer, rune) == 0 ? 0 : marks + 1;
        if (marks > UNICODE_MARKS_MAX)
            return FAIL(ERR_INVALID, NULL,
                        N_("The text has too many accents or marks on one letter."));
    }
    return OK;
}

static Err normalize(Arena *arena, const UNormalizer2 *normalizer, Wide wide, Wide *ret) {
    UErrorCode code = U_ZERO_ERROR;

    TRY(check_marks(normalizer, wide));
    int32_t len = unorm2_normalize(normalizer, wide.units, wide.len, NULL, 0, &code);
    if (code != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(code))
        return fail_icu();
    UChar *units = arena_array(arena, (size_t)len + 1, sizeof(UChar));
    TRY(check_budget(arena));
    code = U_ZERO_ERROR;
    unorm2_normalize(normalizer, wide.units, wide.len, units, len + 1, &code);
    if (U_FAILURE(code))
        return fail_icu();
    *ret = (Wide){ units, len };
    return OK;
}

static bool is_ascii(Str text) {
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] >= 0x80)
            return false;
    }
    return true;
}

Err unicode_nfc(Arena *arena, Str text, Str *ret) {
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&code);
    Wide wide;

    if (U_FAILURE(code))
        return fail_icu();
    if (is_ascii(text)) {
        *ret = text;
        return OK;
    }
    TRY(widen(arena, text, &wide));
    if (unorm2_quickCheck(nfc, wide.units, wide.len, &code) == UNORM_YES) {
        TRY(check_marks(nfc, wide));
        *ret = text;
        return OK;
    }
    TRY(normalize(arena, nfc, wide, &wide));
    return narrow(arena, wide, ret);
}

static Err casefold(Arena *arena, Str text, Wide *ret) {
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *folder = unorm2_getNFKCCasefoldInstance(&code);
    Wide wide;

    if (U_FAILURE(code))
        return fail_icu();
    TRY(widen(arena, text, &wide));
    return normalize(arena, folder, wide, ret);
}

Err unicode_casefold(Arena *arena, Str text, Str *ret) {
    Wide wide;

    if (is_ascii(text)) {
        *ret = str_lower_ascii(arena, text);
        return check_budget(arena);
    }
    TRY(casefold(arena, text, &wide));
    return narrow(arena, wide, ret);
}

Err unicode_lower(Arena *arena, Str text, Str *ret) {
    Wide wide;
    UErrorCode code = U_ZERO_ERROR;

    TRY(widen(arena, text, &wide));
    /* İ, the worst, becomes two units. */
    int32_t room = 3 * wide.len + 1;
    UChar *units = arena_array(arena, (size_t)room, sizeof(UChar));
    TRY(check_budget(arena));
    int32_t len = u_strToLower(units, room, wide.units, wide.len, "", &code);
    if (U_FAILURE(code))
        return fail_icu();
    return narrow(arena, (Wide){ units, len }, ret);
}

/* ---- look-alikes ---- */

static pthread_once_t checker_once = PTHREAD_ONCE_INIT;
static USpoofChecker *checker; /* NULL when it could not be opened */

static void open_checker(void) {
    UErrorCode code = U_ZERO_ERROR;

    checker = uspoof_open(&code);
    if (U_FAILURE(code))
        checker = NULL;
}

/* The skeleton of UTS 39, 4. */
static Err skeleton_once(Arena *arena, Wide wide, Wide *ret) {
    UErrorCode code = U_ZERO_ERROR;
    int32_t len = uspoof_getSkeleton(checker, 0, wide.units, wide.len, NULL, 0, &code);

    if (code != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(code))
        return fail_icu();
    UChar *units = arena_array(arena, (size_t)len + 1, sizeof(UChar));
    TRY(check_budget(arena));
    code = U_ZERO_ERROR;
    uspoof_getSkeleton(checker, 0, wide.units, wide.len, units, len + 1, &code);
    if (U_FAILURE(code))
        return fail_icu();
    *ret = (Wide){ units, len };
    return OK;
}

Err unicode_skeleton(Arena *arena, Str text, Str *ret) {
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *folder = unorm2_getNFKCCasefoldInstance(&code);
    Wide wide;

    pthread_once(&checker_once, open_checker);
    if (!checker || U_FAILURE(code))
        return fail_icu();
    TRY(widen(arena, text, &wide));
    TRY(check_marks(folder, wide)); /* the skeleton begins by ordering marks */
    /*
     * UTS 39 tells apart what differs in case only, and maps to capitals as well (0 to O, I to l):
     * so its step and folding take turns, until small letters are mapped as well.
     */
    TRY(skeleton_once(arena, wide, &wide));
    TRY(normalize(arena, folder, wide, &wide));
    TRY(skeleton_once(arena, wide, &wide));
    TRY(normalize(arena, folder, wide, &wide));
    for (int32_t i = 0; i < wide.len; i++) { /* I looks like l, and i is I */
        if (wide.units[i] == 'i')
            wide.units[i] = 'l';
    }
    return narrow(arena, wide, ret);
}

/* ---- sort keys ---- */

static pthread_once_t collator_once = PTHREAD_ONCE_INIT;
static UCollator *collator; /* NULL when it could not be opened */
static int collator_version;

static void open_collator(void) {
    UErrorCode code = U_ZERO_ERROR;
    UVersionInfo version;

    collator = ucol_open("zh@collation=pinyin", &code);
    if (U_FAILURE(code) || code == U_USING_DEFAULT_WARNING) {
        collator = NULL;
        return;
    }
    ucol_getVersion(collator, version);
    collator_version = (int)((uint32_t)version[0] << 23 | (uint32_t)version[1] << 16 |
                             (uint32_t)version[2] << 8 | version[3]);
}

int unicode_sort_version(void) {
    pthread_once(&collator_once, open_collator);
    return collator_version;
}

Err unicode_sort_key(Arena *arena, Str text, Str *ret) {
    Wide wide;

    pthread_once(&collator_once, open_collator);
    if (!collator)
        return fail_icu();
    if (!utf8_is_valid(text))
        return FAIL(ERR_INVALID, NULL, N_("The text is not valid UTF-8."));
    TRY(widen(arena, str_slice(text, 0, utf8_offset(text, SORT_CHARS)), &wide));
    int32_t room = ucol_getSortKey(collator, wide.units, wide.len, NULL, 0);
    uint8_t *key = arena_alloc(arena, (size_t)room);
    TRY(check_budget(arena));
    ucol_getSortKey(collator, wide.units, wide.len, key, room);
    *ret = (Str){ (const char *)key, (size_t)room - 1 }; /* without the NUL that ends it */
    return OK;
}

Err unicode_sort_key_hex(Arena *arena, Str text, Str *ret) {
    Str key;

    TRY(unicode_sort_key(arena, text, &key));
    Buf buf = buf_new(arena, 2 * key.len + 1);
    for (size_t i = 0; i < key.len; i++) {
        buf_add_char(&buf, "0123456789abcdef"[(unsigned char)key.ptr[i] >> 4]);
        buf_add_char(&buf, "0123456789abcdef"[(unsigned char)key.ptr[i] & 15]);
    }
    *ret = buf_str(&buf);
    return OK;
}

/* ---- grapheme clusters ---- */

static pthread_once_t breaker_once = PTHREAD_ONCE_INIT;
static UBreakIterator *breaker; /* NULL when it could not be opened */

static void open_breaker(void) {
    UErrorCode code = U_ZERO_ERROR;

    breaker = ubrk_open(UBRK_CHARACTER, "", NULL, 0, &code);
    if (U_FAILURE(code))
        breaker = NULL;
}

static void close_breaker(UBreakIterator **iterator) {
    if (*iterator)
        ubrk_close(*iterator);
}

static void close_utext(UText *utext) {
    utext_close(utext);
}

/* Counts clusters until `most`; the byte offset behind the last one counted. */
static Err walk_graphemes(Str text, size_t most, size_t *ret_count, size_t *ret_offset) {
    UErrorCode code = U_ZERO_ERROR;
    CLEANUP(close_utext) UText utext = UTEXT_INITIALIZER;
    CLEANUP(close_breaker) UBreakIterator *own = NULL;
    size_t count = 0;
    int64_t offset = 0;

    pthread_once(&breaker_once, open_breaker);
    if (!utf8_is_valid(text))
        return FAIL(ERR_INVALID, NULL, N_("The text is not valid UTF-8."));
    if (text.len > INT32_MAX)
        return FAIL(ERR_LIMIT, NULL, N_("The text is too long."));
    if (!breaker || !(own = ubrk_clone(breaker, &code)) || U_FAILURE(code))
        return fail_icu();
    utext_openUTF8(&utext, text.ptr ? text.ptr : "", (int64_t)text.len, &code);
    ubrk_setUText(own, &utext, &code);
    if (U_FAILURE(code))
        return fail_icu();
    while (count < most) {
        int32_t next = ubrk_next(own);

        if (next == UBRK_DONE)
            break;
        offset = next;
        count++;
    }
    *ret_count = count;
    *ret_offset = (size_t)offset;
    return OK;
}

Err unicode_count_graphemes(Str text, size_t *ret) {
    size_t offset;

    return walk_graphemes(text, SIZE_MAX, ret, &offset);
}

Err unicode_cut_graphemes(Str text, size_t most, Str *ret) {
    size_t count, offset;

    TRY(walk_graphemes(text, most, &count, &offset));
    *ret = str_slice(text, 0, offset);
    return OK;
}
