/* base/utf8.c - UTF-8: checking, counting, walking (RFC 3629; Unicode 15, table 3-7). */
#include "base/utf8.h"

#include "base/buf.h"

static unsigned char byte_at(Str s, size_t at) {
    return (unsigned char)s.ptr[at];
}

/*
 * Reads one sequence at `at` (inside s): its length in *ret_len and the value, or UTF8_BAD with the
 * length of the maximal subpart, at least 1 (Unicode 15, 3.9: what becomes one U+FFFD).
 */
static uint32_t read_one(Str s, size_t at, size_t *ret_len) {
    unsigned char lead = byte_at(s, at), low = 0x80, high = 0xBF;
    size_t more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    uint32_t rune = more == 0 ? lead : lead & (0x3Fu >> more);

    *ret_len = 1;
    if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4)
        return UTF8_BAD;
    if (lead == 0xE0)
        low = 0xA0; /* no overlong form */
    else if (lead == 0xED)
        high = 0x9F; /* no surrogate */
    else if (lead == 0xF0)
        low = 0x90; /* no overlong form */
    else if (lead == 0xF4)
        high = 0x8F; /* at most U+10FFFF */
    for (size_t i = 1; i <= more; i++) {
        if (at + i >= s.len || byte_at(s, at + i) < low || byte_at(s, at + i) > high)
            return UTF8_BAD;
        rune = rune << 6 | (byte_at(s, at + i) & 0x3F);
        *ret_len = i + 1;
        low = 0x80;
        high = 0xBF;
    }
    return rune;
}

/* How many bytes of ASCII, a multiple of 8, stand at `at`. */
static size_t ascii_bytes(Str s, size_t at) {
    size_t from = at;
    uint64_t word;

    for (; s.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, s.ptr + at, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    return at - from;
}

/* Three bytes of the kind that most Chinese characters have: no check of their second byte's range is needed. */
static bool is_plain_triple(Str s, size_t at) {
    unsigned char lead = byte_at(s, at);

    return lead > 0xE0 && lead < 0xF0 && lead != 0xED && s.len - at >= 3 &&
           (byte_at(s, at + 1) & 0xC0) == 0x80 && (byte_at(s, at + 2) & 0xC0) == 0x80;
}

bool utf8_count(Str s, size_t *ret_chars) {
    size_t chars = 0, len;

    for (size_t at = 0; at < s.len; at += len, chars++) {
        size_t ascii = byte_at(s, at) < 0x80 ? ascii_bytes(s, at) : 0;

        at += ascii;
        chars += ascii;
        if (at == s.len)
            break;
        len = 3;
        if (!is_plain_triple(s, at) && read_one(s, at, &len) == UTF8_BAD)
            return false;
    }
    *ret_chars = chars;
    return true;
}

bool utf8_is_valid(Str s) {
    size_t chars;

    return utf8_count(s, &chars);
}

uint32_t utf8_next(Str s, size_t *at) {
    size_t len;
    uint32_t rune = read_one(s, *at, &len);

    *at += rune == UTF8_BAD ? 1 : len;
    return rune;
}

size_t utf8_offset(Str s, size_t chars) {
    size_t at = 0;

    while (chars-- > 0 && at < s.len)
        (void)utf8_next(s, &at);
    return at;
}

size_t utf8_put(uint32_t rune, char out[4]) {
    if (rune < 0x80) {
        out[0] = (char)rune;
        return 1;
    }
    if (rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF))
        return 0;
    size_t more = rune < 0x800 ? 1 : rune < 0x10000 ? 2 : 3;
    for (size_t i = more; i > 0; i--, rune >>= 6)
        out[i] = (char)(0x80 | (rune & 0x3F));
    out[0] = (char)((0xFF00u >> (more + 1) & 0xFF) | rune);
    return more + 1;
}

Str utf8_clean(Arena *arena, Str s) {
    size_t len, from = 0;
    Buf buf = buf_new(arena, SIZE_MAX); /* at most three times s, which had its bound */

    for (size_t at = 0; at < s.len; at += len) {
        len = 1;
        if (byte_at(s, at) >= ' ' && byte_at(s, at) < 0x80)
            continue;
        len = 3;
        if (is_plain_triple(s, at))
            continue;
        uint32_t rune = read_one(s, at, &len);

        if ((rune >= ' ' && rune != UTF8_BAD) || rune == '\t' || rune == '\n')
            continue; /* copied with its neighbours */
        buf_add(&buf, str_slice(s, from, at));
        if (rune == '\r') {
            len += at + 1 < s.len && s.ptr[at + 1] == '\n';
            buf_add_char(&buf, '\n');
        } else if (rune == UTF8_BAD) {
            buf_add_rune(&buf, 0xFFFD);
        }
        from = at + len;
    }
    buf_add(&buf, str_slice(s, from, s.len));
    return buf_str(&buf);
}

bool utf8_has_control(Str s) {
    for (size_t at = 0; at < s.len;) {
        uint32_t rune = utf8_next(s, &at);

        if ((rune < 0x20 && rune != '\t' && rune != '\r' && rune != '\n') ||
            (rune >= 0x7F && rune < 0xA0))
            return true;
    }
    return false;
}
