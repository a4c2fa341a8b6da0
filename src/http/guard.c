/* http/guard.c - what is refused before anything else looks at a request (security-checklist 1, 17, 22). */
#include "http/guard.h"

#include <arpa/inet.h>

GuardRules guard_rules(const Config *config) {
    return (GuardRules){
        .url_bytes = (size_t)config_int(config, CONFIG_HTTP_URL_BYTES),
        .header_bytes = (size_t)config_int(config, CONFIG_HTTP_HEADER_BYTES),
        .hosts = config_list(config, CONFIG_HTTP_HOSTS),
        .proxies = config_list(config, CONFIG_HTTP_PROXIES),
    };
}

static Refusal refuse(int status, const char *msgid) {
    return (Refusal){ status, FAIL(ERR_INVALID, NULL, msgid) };
}

#define PASS ((Refusal){ 0 })

/* ---- addresses ---- */

/* 16 bytes: IPv4 as ::ffff:a.b.c.d, so that both kinds compare alike. */
static bool widen(Str address, unsigned char out[16]) {
    if (address.len == 16) {
        memcpy(out, address.ptr, 16);
        return true;
    }
    if (address.len != 4)
        return false;
    memset(out, 0, 10);
    memset(out + 10, 0xFF, 2);
    memcpy(out + 12, address.ptr, 4);
    return true;
}

static bool parse_address(Str text, unsigned char out[16], int *ret_bits) {
    char c[INET6_ADDRSTRLEN];

    if (text.len >= sizeof c || text.len == 0)
        return false;
    memcpy(c, text.ptr, text.len);
    c[text.len] = '\0';
    if (inet_pton(AF_INET6, c, out) == 1) {
        *ret_bits = 128;
        return true;
    }
    unsigned char four[4];
    if (inet_pton(AF_INET, c, four) != 1)
        return false;
    *ret_bits = 32;
    return widen((Str){ (const char *)four, 4 }, out);
}

static bool is_in_range(const unsigned char address[16], Str range) {
    unsigned char base[16];
    int whole;
    size_t slash = str_find_char(range, '/', 0);
    int64_t bits;

    if (!parse_address(str_slice(range, 0, slash), base, &whole))
        return false;
    bits = whole;
    if (slash != SIZE_MAX &&
        (!str_parse_int(str_slice(range, slash + 1, range.len), &bits) || bits < 0 || bits > whole))
        return false;
    bits += 128 - whole;
    for (int i = 0; i < bits; i++)
        if ((address[i / 8] ^ base[i / 8]) & (0x80 >> (i % 8)))
            return false;
    return true;
}

bool guard_is_proxy(const GuardRules *rules, Str address) {
    unsigned char wide[16];

    if (!widen(address, wide))
        return false;
    for (size_t i = 0; i < rules->proxies.len; i++)
        if (is_in_range(wide, rules->proxies.items[i]))
            return true;
    return false;
}

bool guard_is_loopback(Str address) {
    unsigned char wide[16];

    return widen(address, wide) &&
           (is_in_range(wide, S("127.0.0.0/8")) || is_in_range(wide, S("::1")));
}

/* ---- headers ---- */

static bool has_control(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return true;
    }
    return false;
}

/*
 * libmicrohttpd 0.9.75 glues a folded line to the name: "Transfer-Encoding:" + CR LF + " chunked" arrives as
 * "Transfer-Encodingchunked". Nobody sends such names honestly.
 */
static bool is_glued(Str name) {
    static const Str framing[] = { S_INIT("transfer-encoding"), S_INIT("content-length") };

    for (size_t i = 0; i < COUNT_OF(framing); i++)
        if (name.len > framing[i].len &&
            str_eq_nocase(str_slice(name, 0, framing[i].len), framing[i]))
            return true;
    return false;
}

static Refusal check_headers(const GuardRules *rules, const Incoming *in) {
    size_t bytes = 0;

    if (in->headers.len > GUARD_HEADERS_MAX)
        return refuse(431, N_("The request has too many headers."));
    for (size_t i = 0; i < in->headers.len; i++) {
        const HttpHeader *header = &in->headers.items[i];
        bytes += header->name.len + header->value.len + 4;
        if (!http_is_token(header->name) || is_glued(header->name))
            return refuse(400, N_("A header's name is malformed."));
        if (has_control(header->value))
            return refuse(400, N_("A header holds control characters."));
    }
    if (bytes > rules->header_bytes)
        return refuse(431, N_("The headers of the request are too long."));
    return PASS;
}

static bool is_digits(Str s) {
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len > 0;
}

/* RFC 9112, 6.3: a length or chunks, never both, never twice. */
static Refusal check_framing(const Incoming *in, int64_t *ret_length) {
    size_t lengths = headers_count(&in->headers, S("content-length"));
    size_t codings = headers_count(&in->headers, S("transfer-encoding"));
    Str length = headers_get(&in->headers, S("content-length"));
    Str coding = headers_get(&in->headers, S("transfer-encoding"));

    *ret_length = 0;
    if (codings > 1 || (codings == 1 && !str_eq_nocase(coding, S("chunked"))))
        return refuse(501, N_("Only the transfer coding chunked is understood."));
    if (lengths > 1 || (lengths > 0 && codings > 0))
        return refuse(400, N_("The length of the body is given in two ways."));
    if (codings > 0 && !str_eq(in->version, S("HTTP/1.1")))
        return refuse(400, N_("Only HTTP/1.1 knows the transfer coding chunked."));
    if (lengths > 0 && (!is_digits(length) || length.len > GUARD_LENGTH_DIGITS_MAX ||
                        !str_parse_int(length, ret_length)))
        return refuse(400, N_("The length of the body is malformed."));
    bool needs_length = str_eq(in->method, S("POST")) || str_eq(in->method, S("PUT")) ||
                        str_eq(in->method, S("PATCH"));
    if (needs_length && lengths + codings == 0)
        return refuse(411, N_("Send the length of the body."));
    if (codings > 0)
        *ret_length = -1;
    Str expect = headers_get(&in->headers, S("expect"));
    if (expect.len > 0 && !str_eq_nocase(expect, S("100-continue")))
        return refuse(417, N_("This expectation is not understood."));
    return PASS;
}

/* ---- Host ---- */

static Str host_name(Str authority) {
    if (str_starts(authority, S("[")))
        return str_slice(authority, 0, str_find_char(authority, ']', 0) + 1);
    return str_slice(authority, 0, str_find_char(authority, ':', 0));
}

static bool is_authority(Str s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_plain && !memchr(".-:[]_", c, 6))
            return false;
    }
    Str port = str_slice(s, host_name(s).len, s.len);
    return s.len > 0 && s.len <= 255 && host_name(s).len > 0 &&
           (port.len == 0 || (port.ptr[0] == ':' && is_digits(str_slice(port, 1, port.len))));
}

static bool is_own_name(Str name) {
    unsigned char wide[16];
    int bits;

    if (str_eq_nocase(name, S("localhost")))
        return true;
    if (str_starts(name, S("[")) && name.len > 2)
        name = str_slice(name, 1, name.len - 1);
    return parse_address(name, wide, &bits) &&
           (is_in_range(wide, S("127.0.0.0/8")) || is_in_range(wide, S("::1")));
}

static bool is_served(const GuardRules *rules, Str authority, bool is_loopback) {
    Str name = host_name(authority);

    if (is_own_name(name) || (rules->hosts.len == 0 && is_loopback))
        return true;
    for (size_t i = 0; i < rules->hosts.len; i++)
        if (str_eq_nocase(rules->hosts.items[i], authority) ||
            str_eq_nocase(rules->hosts.items[i], name))
            return true;
    unsigned char wide[16];
    int bits;
    Str bare = str_starts(name, S("[")) ? str_slice(name, 1, name.len - 1) : name;
    /* Without a list the address itself is served: a name could be anybody's (DNS rebinding). */
    return rules->hosts.len == 0 && parse_address(bare, wide, &bits);
}

static Refusal check_host(const GuardRules *rules, const Incoming *in) {
    size_t count = headers_count(&in->headers, S("host"));
    Str host = headers_get(&in->headers, S("host"));

    if (count > 1 || (count == 0 && str_eq(in->version, S("HTTP/1.1"))))
        return refuse(400, N_("A request names exactly one Host."));
    if (count == 0 || in->way != WAY_NET)
        return PASS;
    if (!is_authority(host))
        return refuse(400, N_("The Host of the request is malformed."));
    if (!is_served(rules, host, in->is_loopback))
        return refuse(421, N_("This server does not answer to that name (http.hosts)."));
    return PASS;
}

/* ---- request line ---- */

static bool is_target_char(char c) {
    return c > 0x20 && c < 0x7F && !memchr("\"<>\\^`#", c, 7);
}

/* An absolute target ("http://host/path?query") loses scheme and authority, which must be the Host. */
static Refusal strip_authority(const Incoming *in, Str *target) {
    Str scheme = str_slice(*target, 0, 7);
    size_t from = str_eq_nocase(scheme, S("http://")) ? 7 : 0;

    if (from == 0 && str_eq_nocase(str_slice(*target, 0, 8), S("https://")))
        from = 8;
    size_t slash = str_find_char(*target, '/', from), mark = str_find_char(*target, '?', from);
    size_t end = slash < mark ? slash : mark;
    Str authority = str_slice(*target, from, end);
    if (from == 0 || !str_eq_nocase(authority, headers_get(&in->headers, S("host"))))
        return refuse(400, N_("The address of the request is malformed."));
    *target = str_slice(*target, end, target->len);
    return PASS;
}

static Refusal check_target(const GuardRules *rules, Incoming *in, Str target) {
    if (target.len > rules->url_bytes)
        return refuse(414, N_("The address of the request is too long."));
    for (size_t i = 0; i < target.len; i++)
        if (!is_target_char(target.ptr[i]))
            return refuse(400, N_("The address of the request is malformed."));
    if (str_eq(target, S("*")) && str_eq(in->method, S("OPTIONS")))
        target = S("/");
    if (!str_starts(target, S("/"))) {
        Refusal refusal = strip_authority(in, &target);
        if (refusal.status)
            return refusal;
    }
    incoming_target(in, target);
    if (in->path.len == 0)
        in->path = S("/");
    if (str_find(in->path, S("%00"), 0) != SIZE_MAX)
        return refuse(400, N_("The address of the request is malformed."));
    return PASS;
}

Refusal guard_check(const GuardRules *rules, Incoming *in, Str target, int64_t *ret_length) {
    Refusal refusal;

    if (!str_eq(in->version, S("HTTP/1.1")) && !str_eq(in->version, S("HTTP/1.0")))
        return refuse(505, N_("This server speaks HTTP/1.1."));
    if (!http_is_token(in->method))
        return refuse(400, N_("The method of the request is malformed."));
    if ((refusal = check_headers(rules, in)).status ||
        (refusal = check_framing(in, ret_length)).status ||
        (refusal = check_host(rules, in)).status)
        return refusal;
    return check_target(rules, in, target);
}

/* All entries of all X-Forwarded-For headers, in the order in which the proxies added them. */
static StrList forwarded_for(Arena *arena, const HttpHeaders *headers) {
    Str all = STR_EMPTY;

    for (size_t i = 0; i < headers->len; i++)
        if (str_eq_nocase(headers->items[i].name, S("x-forwarded-for")))
            all = all.len ? str_format(arena, "%.*s,%.*s", STR_ARG(all),
                                       STR_ARG(headers->items[i].value))
                          : headers->items[i].value;
    return all.len ? str_split(arena, all, ',') : (StrList){ 0 };
}

Str guard_client(Arena *arena, const GuardRules *rules, const Incoming *in) {
    Str client = in->peer;

    if (!in->is_from_proxy)
        return client;
    StrList list = forwarded_for(arena, &in->headers);
    for (size_t i = list.len; i > 0 && guard_is_proxy(rules, client); i--) {
        unsigned char wide[16];
        int bits;
        if (!parse_address(str_trim(list.items[i - 1]), wide, &bits))
            break;
        client = str_dup(arena, (Str){ (const char *)wide, sizeof wide });
    }
    return client;
}

Str guard_origin(Arena *arena, const GuardRules *rules, const Incoming *in, bool *ret_is_https,
                 bool *ret_is_local) {
    Str host = headers_get(&in->headers, S("host"));
    Str scheme = headers_get(&in->headers, S("x-forwarded-proto"));
    Str forwarded = headers_get(&in->headers, S("x-forwarded-host"));
    bool is_forwarded = in->is_from_proxy && scheme.len > 0;

    if (in->is_from_proxy && is_authority(forwarded) && is_served(rules, forwarded, false))
        host = forwarded;
    *ret_is_https = is_forwarded && str_eq_nocase(scheme, S("https"));
    *ret_is_local = in->is_loopback && !is_forwarded && is_own_name(host_name(host));
    return str_format(arena, "%s://%.*s", *ret_is_https ? "https" : "http", STR_ARG(host));
}
