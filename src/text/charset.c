/* text/charset.c - bytes of unknown or claimed encoding to UTF-8, by iconv. */
#include "text/charset.h"

#include <errno.h>
#include <iconv.h>

#include "base/buf.h"
#include "base/utf8.h"

enum {
    NAME_BYTES_MAX = 32,
    ILL_BYTES_MAX = 4, /* one replacement stands for at most so many bytes */
    OUT_BYTES = 16384  /* decoded at once */
};

/* What the bytes are taken for. */
typedef struct Choice {
    const char *encoding; /* as told to the caller */
    const char *iconv_name;
    size_t skip; /* bytes of a BOM */
} Choice;

/* ---- labels ---- */

/* Names that mean more than they say (as in the WHATWG Encoding Standard). */
static const struct {
    const char *label, *encoding, *iconv_name;
} known_labels[] = {
    { "utf8", "utf-8", "UTF-8" },
    { "utf-8", "utf-8", "UTF-8" },
    { "unicode-1-1-utf-8", "utf-8", "UTF-8" },
    { "gbk", "gb18030", "GB18030" },
    { "gb2312", "gb18030", "GB18030" },
    { "gb_2312-80", "gb18030", "GB18030" },
    { "x-gbk", "gb18030", "GB18030" },
    { "cp936", "gb18030", "GB18030" },
    { "936", "gb18030", "GB18030" },
    { "euc-cn", "gb18030", "GB18030" },
    { "gb18030", "gb18030", "GB18030" },
    { "big5", "big5", "BIG5-HKSCS" },
    { "big5-hkscs", "big5", "BIG5-HKSCS" },
    { "x-x-big5", "big5", "BIG5-HKSCS" },
    { "ascii", "windows-1252", "CP1252" },
    { "us-ascii", "windows-1252", "CP1252" },
    { "latin1", "windows-1252", "CP1252" },
    { "iso-8859-1", "windows-1252", "CP1252" },
    { "iso8859-1", "windows-1252", "CP1252" },
    { "iso_8859-1", "windows-1252", "CP1252" },
    { "windows-1252", "windows-1252", "CP1252" },
    { "cp1252", "windows-1252", "CP1252" },
    { "iso-8859-9", "windows-1254", "CP1254" },
    { "shift_jis", "shift_jis", "CP932" },
    { "shift-jis", "shift_jis", "CP932" },
    { "x-sjis", "shift_jis", "CP932" },
    { "euc-jp", "euc-jp", "EUC-JP" },
    { "euc-kr", "euc-kr", "CP949" },
    { "ks_c_5601-1987", "euc-kr", "CP949" },
    { "utf-16", "utf-16le", "UTF-16LE" },
    { "utf-16le", "utf-16le", "UTF-16LE" },
    { "utf-16be", "utf-16be", "UTF-16BE" },
    { "utf-32le", "utf-32le", "UTF-32LE" },
    { "utf-32be", "utf-32be", "UTF-32BE" },
    { "macintosh", "macintosh", "MACINTOSH" },
    { "tis-620", "windows-874", "CP874" },
};

/*
 * Families whose members iconv knows by the label itself; none of them changes meaning midway (HZ,
 * ISO-2022).
 */
static const char *const known_families[] = { "iso-8859-", "windows-", "cp", "koi8-", "ibm" };

/*
 * White space and quotes taken off, lower case; empty when it is too long or has other characters.
 */
static Str clean_label(Arena *arena, Str label) {
    label = str_trim(label);
    if (label.len >= 2 && (label.ptr[0] == '"' || label.ptr[0] == '\''))
        label = str_trim(str_slice(label, 1, label.len - 1));
    if (label.len > NAME_BYTES_MAX)
        return STR_EMPTY;
    label = str_lower_ascii(arena, label);
    for (size_t i = 0; i < label.len; i++) {
        char c = label.ptr[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return STR_EMPTY;
    }
    return label;
}

static void close_iconv(iconv_t *converter) {
    if (*converter != (iconv_t)-1)
        iconv_close(*converter);
}

static bool is_known_to_iconv(const char *name) {
    CLEANUP(close_iconv) iconv_t converter = iconv_open("UTF-8", name);

    return converter != (iconv_t)-1;
}

/* What a label names; false when it names nothing we know. */
static bool choose_label(Arena *arena, Str label, Choice *ret) {
    label = clean_label(arena, label);
    for (size_t i = 0; i < COUNT_OF(known_labels); i++) {
        if (str_eq(label, str_from_c(known_labels[i].label))) {
            *ret = (Choice){ known_labels[i].encoding, known_labels[i].iconv_name, 0 };
            return true;
        }
    }
    for (size_t i = 0; i < COUNT_OF(known_families); i++) {
        char *name = str_to_c(arena, label);

        if (str_starts(label, str_from_c(known_families[i])) && is_known_to_iconv(name)) {
            *ret = (Choice){ name, name, 0 };
            return true;
        }
    }
    return false;
}

/* ---- what the bytes themselves say ---- */

static bool choose_bom(Str bytes, Choice *ret) {
    static const struct {
        Str bom;
        Choice choice;
    } boms[] = {
        { S_INIT("\xEF\xBB\xBF"), { "utf-8", "UTF-8", 3 } },
        { S_INIT("\xFF\xFE\0\0"), { "utf-32le", "UTF-32LE", 4 } }, /* before its own beginning */
        { S_INIT("\0\0\xFE\xFF"), { "utf-32be", "UTF-32BE", 4 } },
        { S_INIT("\xFF\xFE"), { "utf-16le", "UTF-16LE", 2 } },
        { S_INIT("\xFE\xFF"), { "utf-16be", "UTF-16BE", 2 } },
    };

    for (size_t i = 0; i < COUNT_OF(boms); i++) {
        if (str_starts(bytes, boms[i].bom)) {
            *ret = boms[i].choice;
            return true;
        }
    }
    return false;
}

/* The first four bytes of ASCII text in wide characters, where zero bytes betray them. */
static bool choose_zeros(Str bytes, Choice *ret) {
    int zeros = 0;

    if (bytes.len < 4)
        return false;
    for (size_t i = 0; i < 4; i++)
        zeros |= (bytes.ptr[i] == '\0') << i;
    switch (zeros) {
    case 0xA: /* x 0 x 0 */
        *ret = (Choice){ "utf-16le", "UTF-16LE", 0 };
        return true;
    case 0x5: /* 0 x 0 x */
        *ret = (Choice){ "utf-16be", "UTF-16BE", 0 };
        return true;
    case 0xE: /* x 0 0 0 */
        *ret = (Choice){ "utf-32le", "UTF-32LE", 0 };
        return true;
    case 0x7: /* 0 0 0 x */
        *ret = (Choice){ "utf-32be", "UTF-32BE", 0 };
        return true;
    default:
        return false;
    }
}

/*
 * Text in UTF-8 that was cut or damaged: it has more whole characters than stray bytes. Chinese in
 * GBK does not: one character in seven looks like one of UTF-8, the bytes of the others do not.
 */
static bool is_damaged_utf8(Str bytes) {
    size_t good = 0, bad = 0;

    for (size_t at = 0; at < bytes.len;) {
        uint32_t rune = utf8_next(bytes, &at);

        good += rune != UTF8_BAD && rune >= 0x80;
        bad += rune == UTF8_BAD;
    }
    return good > bad;
}

/* Every high byte is half of a common Chinese character or sign of GB2312, and there are some. */
static bool is_plain_gb2312(Str bytes) {
    size_t pairs = 0;

    for (size_t at = 0; at < bytes.len; at++) {
        unsigned char lead = (unsigned char)bytes.ptr[at];

        if (lead < 0x80)
            continue;
        unsigned char trail = at + 1 < bytes.len ? (unsigned char)bytes.ptr[at + 1] : 0;
        if (!((lead >= 0xB0 && lead <= 0xF7) || (lead >= 0xA1 && lead <= 0xA3)) || trail < 0xA1 ||
            trail == 0xFF)
            return false;
        at++;
        pairs++;
    }
    return pairs >= 4;
}

/* One byte a character: any bytes decode to something, so success proves nothing. */
static bool is_single_byte(const Choice *choice) {
    static const char *const wide[] = { "utf", "gb", "big5", "shift_jis", "euc-" };

    for (size_t i = 0; i < COUNT_OF(wide); i++) {
        if (str_starts(str_from_c(choice->encoding), str_from_c(wide[i])))
            return false;
    }
    return true;
}

static const Choice gb18030 = { "gb18030", "GB18030", 0 };
static const Choice utf8 = { "utf-8", "UTF-8", 0 };

/* ---- decoding ---- */

typedef struct Decoded {
    Buf text;
    size_t replaced;
    size_t first_bad; /* offset in the bytes; SIZE_MAX: none */
} Decoded;

/*
 * Decodes; ill-formed places become U+FFFD, and with more than replaced_max of them it stops.
 * Ill-formed bytes in a row count once per ILL_BYTES_MAX.
 */
static Err decode(Arena *arena, Str bytes, const Choice *choice, size_t replaced_max,
                  Decoded *ret) {
    CLEANUP(close_iconv) iconv_t converter = iconv_open("UTF-8", choice->iconv_name);
    Decoded decoded = { .text = buf_new(arena, 0), .first_bad = SIZE_MAX };
    char *at = (char *)(uintptr_t)bytes.ptr + choice->skip; /* iconv does not write there */
    size_t left = bytes.len - choice->skip, ill = 0;
    char out[OUT_BYTES];

    if (converter == (iconv_t)-1)
        return FAIL(ERR_BUG, NULL, N_("This system cannot read the text's encoding."));
    while (left > 0 && !decoded.text.is_full && decoded.replaced <= replaced_max) {
        char *to = out, *before = at;
        size_t room = sizeof out;
        size_t done = iconv(converter, &at, &left, &to, &room);

        buf_add(&decoded.text, (Str){ out, (size_t)(to - out) });
        if (at != before)
            ill = 0;
        if (done != (size_t)-1 || errno == E2BIG)
            continue;
        /* EILSEQ, or EINVAL: the end is cut off inside a character. */
        if (decoded.first_bad == SIZE_MAX)
            decoded.first_bad = (size_t)(at - bytes.ptr);
        if (ill++ % ILL_BYTES_MAX == 0) {
            buf_add_rune(&decoded.text, 0xFFFD);
            decoded.replaced++;
        }
        size_t skip = errno == EINVAL ? left : 1;
        at += skip;
        left -= skip;
    }
    if (decoded.text.is_full || arena_is_over(arena))
        return FAIL(ERR_LIMIT, NULL, N_("The text is too long."));
    *ret = decoded;
    return OK;
}

/* The offset of the first byte that is no UTF-8; the length when all is. */
static size_t utf8_valid_bytes(Str bytes) {
    size_t good = 0;

    for (size_t at = 0; at < bytes.len; good = at) {
        if (utf8_next(bytes, &at) == UTF8_BAD)
            break;
    }
    return good;
}

static Err fail_undecodable(Arena *arena, size_t offset) {
    return FAIL_ARGS(
        ERR_INVALID, NULL,
        N_("The text is in no encoding we know. The first byte that fits none is number {0}."),
        str_from_int(arena, (int64_t)offset));
}

/*
 * The encoding by the order told in the header; where a label decides, decoding may still show it
 * wrong.
 */
static Choice choose(Arena *arena, Str bytes, Str label) {
    Choice choice, labelled;

    if (choose_bom(bytes, &choice) || choose_zeros(bytes, &choice))
        return choice;
    if (utf8_is_valid(bytes) || is_damaged_utf8(bytes))
        return utf8;
    if (!choose_label(arena, label, &labelled) || strcmp(labelled.encoding, "utf-8") == 0)
        return gb18030;
    if (is_single_byte(&labelled) && is_plain_gb2312(bytes))
        return gb18030;
    return labelled;
}

static void give_encoding(const Choice *choice, const char **ret_encoding) {
    if (ret_encoding)
        *ret_encoding = choice->encoding;
}

Err charset_to_utf8(Arena *arena, Str bytes, Str label, Str *ret, const char **ret_encoding) {
    Choice choice = choose(arena, bytes, label);
    Decoded decoded;

    if (strcmp(choice.encoding, "utf-8") == 0) {
        size_t good = utf8_valid_bytes(bytes);

        if (good < bytes.len)
            return fail_undecodable(arena, good);
        *ret = str_slice(bytes, choice.skip, bytes.len);
        give_encoding(&choice, ret_encoding);
        return OK;
    }
    TRY(decode(arena, bytes, &choice, 0, &decoded));
    if (decoded.first_bad != SIZE_MAX && strcmp(choice.encoding, "gb18030") != 0 &&
        choice.skip == 0) {
        size_t first_bad = decoded.first_bad;

        choice = gb18030; /* the label was wrong */
        TRY(decode(arena, bytes, &choice, 0, &decoded));
        decoded.first_bad = decoded.first_bad == SIZE_MAX ? SIZE_MAX : first_bad;
    }
    if (decoded.first_bad != SIZE_MAX)
        return fail_undecodable(arena, decoded.first_bad);
    *ret = buf_str(&decoded.text);
    give_encoding(&choice, ret_encoding);
    return OK;
}

Err charset_to_utf8_mended(Arena *arena, Str bytes, Str label, Str *ret, const char **ret_encoding,
                           size_t *ret_replaced) {
    Choice choice = choose(arena, bytes, label);
    Decoded decoded, other;
    size_t chars = 0,
           replaced_max = bytes.len / 20 + 1; /* no text has more characters than bytes */

    TRY(decode(arena, bytes, &choice, replaced_max, &decoded));
    if (decoded.replaced > 0 && strcmp(choice.encoding, "utf-8") != 0 && choice.skip == 0) {
        TRY(decode(arena, bytes, &gb18030, replaced_max, &other));
        if (other.replaced < decoded.replaced) {
            decoded = other;
            choice = gb18030;
        }
    }
    if (!utf8_count(buf_str(&decoded.text), &chars) || decoded.replaced > replaced_max ||
        decoded.replaced > chars / 20 + 1)
        return fail_undecodable(arena, decoded.first_bad);
    *ret = buf_str(&decoded.text);
    *ret_replaced = decoded.replaced;
    give_encoding(&choice, ret_encoding);
    return OK;
}
