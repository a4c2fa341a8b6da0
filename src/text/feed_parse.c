/* text/feed_parse.c - from bytes to a feed: encoding, kind, what was wrong. */
#include "text/charset.h"
#include "text/feed_json_read.h"
#include "text/feed_mend.h"
#include "text/feed_reader.h"
#include "text/feed_xml.h"

enum { HEAD_BYTES = 1024 /* where a declaration must stand */ };

/* ---- encoding ---- */

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == ':';
}

/* The value behind `name` and "=", with or without quotes. */
static Str value_after(Str text, Str name) {
    size_t at = str_find(text, name, 0);

    if (at == SIZE_MAX)
        return STR_EMPTY;
    Str rest = str_trim(str_slice(text, at + name.len, text.len));
    if (!str_starts(rest, S("=")))
        return STR_EMPTY;
    rest = str_trim(str_slice(rest, 1, rest.len));
    if (rest.len > 0 && (rest.ptr[0] == '"' || rest.ptr[0] == '\''))
        rest = str_trim(str_slice(rest, 1, rest.len));
    size_t len = 0;
    while (len < rest.len && is_name_char(rest.ptr[len]))
        len++;
    return str_slice(rest, 0, len);
}

/* Names under which servers and editors send anything. */
static bool is_careless(Str label) {
    return str_eq_nocase(label, S("us-ascii")) || str_eq_nocase(label, S("ascii")) ||
           str_eq_nocase(label, S("iso-8859-1")) || str_eq_nocase(label, S("latin1")) ||
           str_eq_nocase(label, S("windows-1252"));
}

/*
 * Bytes without a label that are Big5 rather than GBK: most lead bytes are those of its common
 * characters, and many second bytes are letters, which GB2312 never has.
 */
static bool looks_like_big5(Str bytes) {
    size_t pairs = 0, common = 0, low = 0;

    for (size_t i = 0; i + 1 < bytes.len && pairs < 10000; i++) {
        unsigned char lead = (unsigned char)bytes.ptr[i], trail = (unsigned char)bytes.ptr[i + 1];

        if (lead < 0x80)
            continue;
        pairs++;
        common += lead >= 0xA4 && lead <= 0xC6;
        low += trail >= 0x40 && trail <= 0x7E;
        i++;
    }
    return pairs >= 4 && common * 10 > pairs * 7 && low * 10 > pairs * 2;
}

/* The label that counts: of HTTP (RFC 7303, 3), unless it says what nobody chose. */
static Str choose_label(Str bytes, FeedSource source) {
    Str head = str_slice(bytes, 0, HEAD_BYTES);
    Str http = value_after(source.content_type, S("charset"));
    size_t end = str_find(head, S("?>"), 0);
    Str declared = str_contains(head, S("<?xml")) && end != SIZE_MAX
                       ? value_after(str_slice(head, 0, end), S("encoding"))
                       : STR_EMPTY;

    if (http.len > 0 && !(is_careless(http) && declared.len > 0))
        return http;
    if (declared.len > 0)
        return declared;
    return http;
}

static bool is_ascii(Str text) {
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] >= 0x80)
            return false;
    }
    return true;
}

/* Whether the encoding in use is what the label means. */
static bool fits_label(Str label, const char *encoding) {
    static const char *const same[][2] = {
        { "utf8", "utf-8" },
        { "gbk", "gb18030" },
        { "gb2312", "gb18030" },
        { "x-gbk", "gb18030" },
        { "cp936", "gb18030" },
        { "gb_2312-80", "gb18030" },
        { "utf-16", "utf-16le" },
        { "utf-16", "utf-16be" },
        { "utf-32", "utf-32le" },
        { "utf-32", "utf-32be" },
        { "u16", "utf-16be" },
        { "utf16", "utf-16be" },
        { "iso-8859-9", "windows-1254" },
        { "big5-hkscs", "big5" },
        { "shift-jis", "shift_jis" },
    };

    if (label.len == 0) /* XML, 4.3.3: then it is UTF-8 or UTF-16 with a BOM */
        return strncmp(encoding, "utf-", 4) == 0;
    if (str_eq_nocase(label, str_from_c(encoding)) ||
        (is_careless(label) && strcmp(encoding, "windows-1252") == 0))
        return true;
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        if (str_eq_nocase(label, str_from_c(same[i][0])) && strcmp(encoding, same[i][1]) == 0)
            return true;
    }
    return false;
}

static Err decode(Arena *arena, Str bytes, FeedSource source, unsigned *faults, Feed *feed,
                  Str *ret) {
    size_t replaced = 0;
    Str label = choose_label(bytes, source);
    Str guess = label.len == 0 && looks_like_big5(bytes) ? S("big5") : label;

    TRY(charset_to_utf8_mended(arena, bytes, guess, ret, &feed->encoding, &replaced));
    if (replaced > 0)
        *faults |= FAULT_BYTES;
    if (!fits_label(label, feed->encoding) && !is_ascii(*ret))
        *faults |= FAULT_LABEL;
    return OK;
}

/* ---- what was wrong ---- */

static void name_faults(Arena *arena, unsigned faults, Feed *feed) {
    static const struct {
        FeedFault fault;
        Str name;
    } names[] = {
        { FAULT_JUNK_BEFORE, S_INIT("junk-before-root") },
        { FAULT_JUNK_AFTER, S_INIT("junk-after-root") },
        { FAULT_CONTROL, S_INIT("control-character") },
        { FAULT_AMPERSAND, S_INIT("bare-ampersand") },
        { FAULT_ENTITY, S_INIT("undeclared-entity") },
        { FAULT_ANGLE, S_INIT("bare-angle-bracket") },
        { FAULT_TAG, S_INIT("malformed-tag") },
        { FAULT_END_TAG, S_INIT("end-tag-mismatch") },
        { FAULT_TRUNCATED, S_INIT("truncated") },
        { FAULT_BYTES, S_INIT("invalid-bytes") },
        { FAULT_XML, S_INIT("not-well-formed") },
        { FAULT_EXTERNAL, S_INIT("external-entity") },
        { FAULT_LABEL, S_INIT("encoding-label") },
        { FAULT_DATE, S_INIT("date") },
        { FAULT_HTML, S_INIT("html-limit") },
        { FAULT_LIST, S_INIT("list-limit") },
        { FAULT_JSON, S_INIT("member-type") },
    };

    feed->is_repaired = (faults & FAULT_REPAIRED) != 0;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (faults & names[i].fault)
            *VEC_PUSH(arena, &feed->problems) = names[i].name;
    }
}

/* RSS 0.91 of Netscape had a doctype, that of Userland none. */
static void tell_netscape(Str text, Feed *feed) {
    if (strcmp(feed->version, "rss091u") == 0 &&
        str_contains(str_slice(text, 0, HEAD_BYTES), S("my.netscape.com/publish/formats/rss-0.91")))
        feed->version = "rss091n";
}

Err feed_parse(Arena *arena, Str bytes, FeedSource source, Feed *ret) {
    unsigned faults = 0;
    Feed feed = { 0 };
    Str text, xml, url = str_trim(source.url);

    if (bytes.len > FEED_BYTES)
        return FAIL_ARGS(ERR_LIMIT, NULL, N_("The feed is longer than {0} bytes."),
                         str_from_int(arena, FEED_BYTES));
    if (bytes.len == 0)
        return feed_mend_refusal();
    feed_field_clear(&feed.common);
    TRY(decode(arena, bytes, source, &faults, &feed, &text));
    Str begin = str_trim(text);
    if (begin.len > 0 && begin.ptr[0] == '{') {
        TRY(feed_json_read(arena, begin, url, &faults, &feed));
    } else {
        TRY(feed_mend(arena, text, &faults, &xml));
        TRY(feed_xml(arena, xml, url, &faults, &feed));
        tell_netscape(text, &feed);
    }
    if (arena_is_over(arena))
        return FAIL(ERR_LIMIT, NULL, N_("The feed needs too much memory."));
    name_faults(arena, faults, &feed);
    *ret = feed;
    return OK;
}
