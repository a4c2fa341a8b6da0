/* features/intake/intake_facts.c - addresses and texts in the one form that is compared. */
#include "features/intake/intake_facts.h"

#include "base/percent.h"
#include "base/utf8.h"
#include "sec/hash.h"
#include "text/unicode.h"

static const char URL_FIELD[] = "url";

/* ---- addresses ---- */

typedef struct UrlParts {
    Str host, port, path, query;
    bool is_https;
} UrlParts;

static Err no_address(void) {
    return FAIL(ERR_INVALID, URL_FIELD,
                N_("Give the whole address, beginning with http:// or https://."));
}

static bool has_blank(Str url) {
    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.ptr[i] <= ' ' || url.ptr[i] == 0x7f || strchr("<>\"\\", url.ptr[i]))
            return true;
    return false;
}

static Str cut_at(Str *rest, char sign) {
    size_t at = str_find_char(*rest, sign, 0);
    Str head = at == SIZE_MAX ? *rest : str_slice(*rest, 0, at);

    *rest = at == SIZE_MAX ? STR_EMPTY : str_slice(*rest, at + 1, rest->len);
    return head;
}

static Err split_url(Arena *arena, Str url, UrlParts *ret) {
    UrlParts parts = { 0 };
    Str head = str_lower_ascii(arena, str_slice(url, 0, 8)), rest;

    if (url.len > DEPOSIT_URL_BYTES_MAX)
        return FAIL_ARGS(ERR_LIMIT, URL_FIELD, N_("An address has at most {0} bytes."),
                         str_from_int(arena, DEPOSIT_URL_BYTES_MAX));
    parts.is_https = str_eq(head, S("https://"));
    if ((!parts.is_https && !str_starts(head, S("http://"))) || has_blank(url) ||
        !utf8_is_valid(url))
        return no_address();
    rest = str_slice(url, parts.is_https ? 8 : 7, url.len);
    rest = cut_at(&rest, '#');
    Str before = cut_at(&rest, '?');
    parts.query = rest;
    size_t slash = str_find_char(before, '/', 0);
    Str authority = slash == SIZE_MAX ? before : str_slice(before, 0, slash);
    parts.path = slash == SIZE_MAX ? S("/") : str_slice(before, slash, before.len);
    if (str_find_char(authority, '@', 0) != SIZE_MAX)
        return FAIL(ERR_INVALID, URL_FIELD, N_("Give the address without a name and password."));
    size_t colon = str_find_char(authority, ':', 0);
    bool is_ip6 = str_starts(authority, S("["));
    parts.host = colon == SIZE_MAX || is_ip6 ? authority : str_slice(authority, 0, colon);
    parts.port =
        colon == SIZE_MAX || is_ip6 ? STR_EMPTY : str_slice(authority, colon + 1, authority.len);
    while (str_ends(parts.host, S("."))) /* the root of the name system says nothing */
        parts.host.len--;
    if (parts.host.len == 0)
        return no_address();
    parts.host = str_lower_ascii(arena, parts.host);
    *ret = parts;
    return OK;
}

/* Parameters that say how a reader came, not what is read. */
static bool is_about_reader(Str host, Str name) {
    static const Str everywhere[] = { S_INIT("gclid"), S_INIT("fbclid"), S_INIT("msclkid"),
                                      S_INIT("yclid"), S_INIT("mc_cid"), S_INIT("mc_eid"),
                                      S_INIT("spm") };
    static const Str weixin[] = { S_INIT("chksm"),     S_INIT("scene"),     S_INIT("subscene"),
                                  S_INIT("sessionid"), S_INIT("clicktime"), S_INIT("enterid"),
                                  S_INIT("ascene"),    S_INIT("srcid") };

    if (name.len >= 4 && str_eq_nocase(str_slice(name, 0, 4), S("utm_")))
        return true;
    for (size_t i = 0; i < COUNT_OF(everywhere); i++)
        if (str_eq_nocase(name, everywhere[i]))
            return true;
    for (size_t i = 0; i < COUNT_OF(weixin) && str_eq(host, S("mp.weixin.qq.com")); i++)
        if (str_eq(name, weixin[i]))
            return true;
    return false;
}

static void add_query(Buf *out, Str host, Str query) {
    bool is_first = true;
    Str part;

    while (str_cut(&query, '&', &part)) {
        Str rest = part, name = cut_at(&rest, '=');
        if (part.len == 0 || is_about_reader(host, name))
            continue;
        buf_add_char(out, is_first ? '?' : '&');
        percent_add_normal(out, part);
        is_first = false;
    }
}

static bool is_home_page(Str path) {
    static const Str homes[] = { S_INIT("/"), S_INIT("/index.html"), S_INIT("/index.htm"),
                                 S_INIT("/index.php"), S_INIT("/index.jsp") };

    for (size_t i = 0; i < COUNT_OF(homes); i++)
        if (str_eq_nocase(path, homes[i]))
            return true;
    return false;
}

Err intake_address(Arena *arena, Str url, Str *ret) {
    Buf out = buf_new(arena, 0);
    UrlParts parts;

    TRY(split_url(arena, url, &parts));
    buf_add(&out, parts.host);
    if (parts.port.len > 0 && !str_eq(parts.port, parts.is_https ? S("443") : S("80"))) {
        buf_add_char(&out, ':');
        buf_add(&out, parts.port);
    }
    percent_add_normal(&out, parts.path);
    size_t before = out.len;
    add_query(&out, parts.host, parts.query);
    TRY(buf_check(&out));
    *ret = out.len == before && is_home_page(parts.path) ? STR_EMPTY : buf_str(&out);
    return OK;
}

/* ---- texts ---- */

/* White space of Unicode, and what is not seen at all. */
static bool is_blank(uint32_t rune) {
    return rune <= ' ' || rune == 0x85 || rune == 0xa0 || rune == 0x1680 ||
           (rune >= 0x2000 && rune <= 0x200d) || rune == 0x2028 || rune == 0x2029 ||
           rune == 0x202f || rune == 0x205f || rune == 0x2060 || rune == 0x3000 || rune == 0xfeff;
}

Err intake_text_hash(Arena *arena, Str text, Str *ret, int64_t *ret_chars) {
    HashStream stream;
    Str form;
    int64_t chars = 0;

    TRY(unicode_nfc(arena, text, &form));
    hash_start(&stream);
    for (size_t at = 0; at < form.len;) {
        size_t from = at;
        if (is_blank(utf8_next(form, &at)))
            continue;
        hash_add(&stream, str_slice(form, from, at));
        chars++;
    }
    Hash hash = hash_end(&stream);
    *ret = chars > 0 ? hex_encode(arena, hash_str(&hash)) : STR_EMPTY;
    *ret_chars = chars;
    return OK;
}

/* ---- facts ---- */

static Err read_title(Ctx *ctx, Str title, Str *ret) {
    size_t chars;
    Str form;

    title = str_trim(title);
    if (!utf8_count(title, &chars) || utf8_has_control(title) ||
        str_find_char(title, '\n', 0) != SIZE_MAX)
        return FAIL(ERR_INVALID, "title",
                    N_("The title is not valid UTF-8, or holds control characters."));
    if (chars == 0)
        return FAIL(ERR_INVALID, "title", N_("Give the title under which it was posted."));
    if (chars > DEPOSIT_TITLE_CHARS_MAX)
        return FAIL_ARGS(ERR_LIMIT, "title", N_("A title has at most {0} characters."),
                         str_from_int(ctx->arena, DEPOSIT_TITLE_CHARS_MAX));
    TRY(unicode_nfc(ctx->arena, title, &form));
    *ret = str_dup(ctx->arena, form);
    return OK;
}

static Err read_text(Ctx *ctx, const DepositFacts *facts, Deposit *d) {
    size_t chars;

    if (!utf8_count(facts->text, &chars))
        return FAIL(ERR_INVALID, "text", N_("The text is not valid UTF-8."));
    if (chars > DEPOSIT_TEXT_CHARS_MAX)
        return FAIL_ARGS(ERR_LIMIT, "text", N_("A text has at most {0} characters."),
                         str_from_int(ctx->arena, DEPOSIT_TEXT_CHARS_MAX));
    TRY(intake_text_hash(ctx->arena, facts->text, &d->text_hash, &d->text_chars));
    if (d->text_chars >= DEPOSIT_TEXT_CHARS_MIN && !facts->has_common_text)
        d->text_key = d->text_hash;
    return OK;
}

/* An item that nothing names is known by all that it says. */
static Str made_guid(Arena *arena, const Deposit *d) {
    Str all = str_format(arena, "%.*s\n%.*s\n%lld\n%.*s", STR_ARG(d->title), STR_ARG(d->url),
                         (long long)d->published_ms, STR_ARG(d->text_hash));
    Hash hash = hash_sha256(all);

    return str_concat(arena, S("hash:"), hex_encode(arena, hash_str(&hash)));
}

Err intake_read_facts(Ctx *ctx, const DepositFacts *facts, Deposit *ret) {
    enum { DAY_MS = 86400000 };
    Deposit d = { .published_ms = facts->published_ms };
    Str address = STR_EMPTY;

    TRY(read_title(ctx, facts->title, &d.title));
    d.url = str_dup(ctx->arena, str_trim(facts->url));
    if (d.url.len > 0)
        TRY(intake_address(ctx->arena, d.url, &address));
    if (!facts->has_common_url)
        d.address = address;
    if (d.published_ms > ctx->now_ms + DAY_MS)
        return FAIL(ERR_INVALID, "date", N_("The day is still to come: give the day of posting."));
    TRY(read_text(ctx, facts, &d));
    d.guid = facts->guid.len > 0 ? str_dup(ctx->arena, facts->guid)
             : d.address.len > 0 ? d.address
                                 : made_guid(ctx->arena, &d);
    *ret = d;
    return OK;
}
