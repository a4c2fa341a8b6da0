/* net/url.c - addresses on the web, read by libcurl's parser and held to one form. */
#include "net/url.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "net/address.h"
#include "net/libcurl.h"
#include "text/idna.h"

static void parser_close(CURLU **parser) {
    if (*parser)
        libcurl_get()->curl_url_cleanup(*parser);
}

static void text_close(char **text) {
    if (*text)
        libcurl_get()->curl_free(*text);
}

static Err malformed(void) {
    return FAIL(ERR_INVALID, "url",
                N_("This is not an address on the web. It begins with https:// or http://."));
}

/* A part in arena; the empty slice when it is absent. */
static Str part_of(Arena *arena, CURLU *parser, CURLUPart part) {
    CLEANUP(text_close) char *text = NULL;

    if (libcurl_get()->curl_url_get(parser, part, &text, 0) != CURLUE_OK)
        return STR_EMPTY;
    return str_dup(arena, str_from_c(text));
}

/* What different readers of one address understand differently. */
static Err check_bytes(Str text) {
    bool is_query = false;

    if (text.len > NET_URL_BYTES)
        return FAIL(ERR_LIMIT, "url", N_("This address is too long."));
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        is_query = is_query || c == '?' || c == '#';
        if (c < 0x20 || c == 0x7f || (c == '\\' && !is_query))
            return FAIL(ERR_INVALID, "url",
                        N_("This address holds a character that no address may hold."));
    }
    return utf8_is_valid(text) ? OK : malformed();
}

/*
 * Where libcurl would find a host behind three slashes and browsers do, too, but a server's list
 * may not.
 */
static bool has_no_host(Str text) {
    size_t colon = str_find_char(text, ':', 0), slashes = str_find(text, S("//"), 0);

    return slashes != SIZE_MAX && (slashes == 0 || slashes == colon + 1) &&
           str_starts(str_slice(text, slashes, text.len), S("///"));
}

static bool is_number(Str label) {
    bool is_hex = str_starts(label, S("0x"));

    for (size_t i = is_hex ? 2 : 0; i < label.len; i++) {
        char c = label.ptr[i];

        if (!(c >= '0' && c <= '9') && !(is_hex && c >= 'a' && c <= 'f'))
            return false;
    }
    return true;
}

/* Labels of 1..63 letters, digits, hyphens and underscores; the last one is no number. */
static bool is_name(Str host) {
    Str rest = host, label = STR_EMPTY;

    if (host.len == 0 || host.len > 253 || str_ends(host, S(".")))
        return false;
    while (str_cut(&rest, '.', &label)) {
        if (label.len == 0 || label.len > 63)
            return false;
        for (size_t i = 0; i < label.len; i++) {
            char c = label.ptr[i];

            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
                return false;
        }
    }
    return !is_number(label); /* else it is an IPv4 address to some readers */
}

static Err read_host(Arena *arena, CURLU *parser, NetUrl *url) {
    Str host = part_of(arena, parser, CURLUPART_HOST);
    NetAddress address;

    if (part_of(arena, parser, CURLUPART_ZONEID).len > 0)
        return malformed();
    if (str_starts(host, S("[")) && str_ends(host, S("]")))
        host = str_slice(host, 1, host.len - 1);
    else if (!idna_to_ascii(arena, host, &host))
        return FAIL(ERR_INVALID, "url", N_("This address names a host that cannot exist."));
    if (str_ends(host, S(".")))
        host = str_slice(host, 0, host.len - 1);
    url->is_address = net_address_parse(host, &address);
    if (!url->is_address && !is_name(host))
        return FAIL(ERR_INVALID, "url", N_("This address names a host that cannot exist."));
    url->host = url->is_address ? net_address_text(arena, &address) : host;
    return OK;
}

static Err read_port(Arena *arena, CURLU *parser, NetUrl *url) {
    Str text = part_of(arena, parser, CURLUPART_PORT);
    int64_t port = str_eq(url->scheme, S("https")) ? 443 : 80;

    if (text.len > 0 && !str_parse_int(text, &port))
        return malformed();
    if (port < 0 || port > 65535 || !net_port_is_allowed((int)port))
        return FAIL(ERR_INVALID, "url",
                    N_("The port in this address is not one that web servers use."));
    url->port = (int)port;
    return OK;
}

Str net_url_origin(Arena *arena, const NetUrl *url) {
    Buf buf = buf_new(arena, 0);
    bool is_v6 = str_contains(url->host, S(":"));

    buf_add(&buf, url->scheme);
    buf_add(&buf, S("://"));
    buf_add(&buf, is_v6 ? S("[") : S(""));
    buf_add(&buf, url->host);
    buf_add(&buf, is_v6 ? S("]") : S(""));
    if (url->port != (str_eq(url->scheme, S("https")) ? 443 : 80)) {
        buf_add_char(&buf, ':');
        buf_add_int(&buf, url->port);
    }
    return buf_str(&buf);
}

static Err read_parts(Arena *arena, CURLU *parser, NetUrl *ret) {
    NetUrl url = { .scheme = str_lower_ascii(arena, part_of(arena, parser, CURLUPART_SCHEME)) };

    if (!str_eq(url.scheme, S("http")) && !str_eq(url.scheme, S("https")))
        return malformed();
    if (part_of(arena, parser, CURLUPART_USER).len > 0 ||
        part_of(arena, parser, CURLUPART_PASSWORD).len > 0)
        return FAIL(ERR_INVALID, "url",
                    N_("An address with a name and password in it is not asked."));
    TRY(read_host(arena, parser, &url));
    TRY(read_port(arena, parser, &url));
    Str path = part_of(arena, parser, CURLUPART_PATH);
    Str query = part_of(arena, parser, CURLUPART_QUERY);
    url.target = path.len > 0 ? path : S("/");
    if (query.len > 0)
        url.target = str_join(arena, (StrList){ (Str[]){ url.target, query }, 2 }, S("?"));
    url.text = str_concat(arena, net_url_origin(arena, &url), url.target);
    if (url.text.len > NET_URL_BYTES)
        return FAIL(ERR_LIMIT, "url", N_("This address is too long."));
    *ret = url;
    return OK;
}

static Err set_text(Arena *arena, CURLU *parser, Str text) {
    CURLUcode code =
        libcurl_get()->curl_url_set(parser, CURLUPART_URL, str_to_c(arena, text),
                                    CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME | CURLU_ALLOW_SPACE);

    return code == CURLUE_OK ? OK : malformed();
}

/* base is empty where text is absolute. */
static Err read_text(Arena *arena, Str base, Str text, NetUrl *ret) {
    const Libcurl *lib = libcurl_get();

    TRY(check_bytes(text));
    if (has_no_host(text))
        return malformed();
    if (!lib)
        return FAIL(ERR_IO, NULL, N_("The library libcurl is not installed."));
    CLEANUP(parser_close) CURLU *parser = lib->curl_url();
    if (base.len > 0)
        TRY(set_text(arena, parser, base));
    TRY(set_text(arena, parser, text));
    return read_parts(arena, parser, ret);
}

Err net_url_read(Arena *arena, Str text, NetUrl *ret) {
    return read_text(arena, STR_EMPTY, str_trim(text), ret);
}

Err net_url_follow(Arena *arena, const NetUrl *base, Str reference, NetUrl *ret) {
    reference = str_trim(reference);
    if (reference.len == 0 || reference.ptr[0] == '#') {
        *ret = *base; /* RFC 3986, 4.4; libcurl 7.88 would drop the last segment */
        return OK;
    }
    return read_text(arena, base->text, reference, ret);
}

bool net_url_same_origin(const NetUrl *a, const NetUrl *b) {
    return a->port == b->port && str_eq(a->scheme, b->scheme) && str_eq(a->host, b->host);
}
