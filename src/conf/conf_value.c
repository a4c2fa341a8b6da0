/* conf/conf_value.c - reads one value by its type: numbers with units, words, addresses, lists. */
#include "conf/conf_value.h"

#include <arpa/inet.h>
#include <assert.h>

#include "base/utf8.h"
#include "base/vec.h"

typedef struct Unit {
    Str name;
    int64_t factor;
} Unit;

static const Unit sizes[] = { { S_INIT(""), 1 },
                              { S_INIT("KiB"), 1 << 10 },
                              { S_INIT("MiB"), 1 << 20 },
                              { S_INIT("GiB"), 1 << 30 } };
static const Unit durations[] = { { S_INIT(""), 1 },        { S_INIT("ms"), 1 },
                                  { S_INIT("s"), 1000 },    { S_INIT("min"), 60000 },
                                  { S_INIT("h"), 3600000 }, { S_INIT("d"), 86400000 } };
static const Unit plain[] = { { S_INIT(""), 1 } };

/* Digits and a unit, with or without blanks between. */
static ConfigVerdict read_number(Str text, const Unit *units, size_t count, int64_t *ret) {
    size_t digits = 0;
    int64_t number;

    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
        digits++;
    Str unit = str_trim(str_slice(text, digits, text.len));
    for (size_t i = 0; i < count && digits > 0; i++) {
        if (!str_eq(unit, units[i].name))
            continue;
        if (!str_parse_int(str_slice(text, 0, digits), &number) ||
            __builtin_mul_overflow(number, units[i].factor, ret))
            return CONFIG_OUT_OF_RANGE;
        return CONFIG_GOOD;
    }
    return CONFIG_MALFORMED;
}

static ConfigVerdict read_bool(Str text, int64_t *ret) {
    if (str_eq(text, S("true")) || str_eq(text, S("1")))
        *ret = 1;
    else if (str_eq(text, S("false")) || str_eq(text, S("0")))
        *ret = 0;
    else
        return CONFIG_MALFORMED;
    return CONFIG_GOOD;
}

static ConfigVerdict read_choice(Str text, Str words, int64_t *ret) {
    Str word;

    for (int64_t place = 0; str_cut(&words, ' ', &word); place++) {
        if (!str_eq(word, text))
            continue;
        *ret = place;
        return CONFIG_GOOD;
    }
    return CONFIG_MALFORMED;
}

/* An IPv4 or IPv6 address without brackets; *ret_bits is the number of its bits. */
static bool is_ip(Arena *arena, Str text, int64_t *ret_bits) {
    struct in6_addr room; /* the larger of the two */

    if (text.len == 0 || text.len >= INET6_ADDRSTRLEN || str_find_char(text, 0, 0) != SIZE_MAX)
        return false;
    const char *address = str_to_c(arena, text);
    if (inet_pton(AF_INET, address, &room) == 1)
        *ret_bits = 32;
    else if (inet_pton(AF_INET6, address, &room) == 1)
        *ret_bits = 128;
    else
        return false;
    return true;
}

static bool is_port(Str text, int64_t lowest) {
    int64_t port;

    return text.len <= 5 && str_parse_int(text, &port) && port >= lowest && port <= 65535;
}

/* Splits host and port at the last colon; an IPv6 address stands in brackets, which are cut off. */
static bool split_port(Str text, Str *ret_host, Str *ret_port, bool *ret_is_bracketed) {
    size_t colon = text.len;

    while (colon > 0 && text.ptr[colon - 1] != ':')
        colon--;
    if (colon == 0)
        return false;
    Str host = str_slice(text, 0, colon - 1);
    *ret_is_bracketed = str_starts(host, S("[")) && str_ends(host, S("]"));
    *ret_host = *ret_is_bracketed ? str_slice(host, 1, host.len - 1) : host;
    *ret_port = str_slice(text, colon, text.len);
    return true;
}

static ConfigVerdict read_address(Arena *arena, Str text) {
    Str host, port;
    bool is_bracketed;
    int64_t bits;

    if (!split_port(text, &host, &port, &is_bracketed) || !is_port(port, 0) ||
        !is_ip(arena, host, &bits) || is_bracketed != (bits == 128))
        return CONFIG_MALFORMED;
    return CONFIG_GOOD;
}

static bool is_range(Arena *arena, Str text) {
    size_t slash = str_find_char(text, '/', 0);
    int64_t bits, prefix;

    if (!is_ip(arena, str_slice(text, 0, slash), &bits))
        return false;
    if (slash == SIZE_MAX)
        return true;
    Str digits = str_slice(text, slash + 1, text.len);
    return digits.len <= 3 && str_parse_int(digits, &prefix) && prefix >= 0 && prefix <= bits;
}

/* Labels of 1..63 letters, digits and inner hyphens, 253 in all (RFC 1123, 2.1). */
static bool is_host_name(Str name) {
    size_t label = 0;

    if (name.len == 0 || name.len > 253)
        return false;
    for (size_t i = 0; i <= name.len; i++) {
        char c = i < name.len ? name.ptr[i] : '.';
        bool is_alnum = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

        if (c == '.') {
            if (label == 0 || label > 63 || name.ptr[i - 1] == '-')
                return false;
            label = 0;
        } else if (is_alnum || (c == '-' && label > 0)) {
            label++;
        } else {
            return false;
        }
    }
    return true;
}

/* A name or address, with or without a port. */
static bool is_host(Arena *arena, Str text) {
    Str host = text, port;
    bool is_bracketed;
    int64_t bits;

    if (str_starts(text, S("[")) && str_ends(text, S("]")))
        return is_ip(arena, str_slice(text, 1, text.len - 1), &bits) && bits == 128;
    if (split_port(text, &host, &port, &is_bracketed)) {
        if (!is_port(port, 1))
            return false;
        if (is_bracketed)
            return is_ip(arena, host, &bits) && bits == 128;
    }
    return is_host_name(host);
}

static ConfigVerdict read_list(Arena *arena, Str text, bool (*is_part)(Arena *, Str),
                               StrList *ret) {
    VEC(Str) parts = { 0 };
    Str rest = str_lower_ascii(arena, text), part;

    while (str_cut(&rest, ',', &part)) {
        part = str_trim(part);
        if (!is_part(arena, part))
            return CONFIG_MALFORMED;
        *VEC_PUSH(arena, &parts) = part;
    }
    *ret = (StrList){ parts.items, parts.len };
    return CONFIG_GOOD;
}

/*
 * Only what keeps secrets and other databases out; the rest of an address is libpq's to judge.
 * Settings hold no secrets (ground-rules.md, Settings): they are listed and copied around.
 */
static ConfigVerdict read_database(Str text) {
    if (text.len == 0)
        return CONFIG_GOOD;
    if (!str_starts(text, S("postgres://")) && !str_starts(text, S("postgresql://")))
        return CONFIG_MALFORMED;
    size_t start = str_find(text, S("://"), 0) + 3, at = start;
    while (at < text.len && text.ptr[at] != '/' && text.ptr[at] != '?')
        at++;
    Str authority = str_slice(text, start, at);
    size_t user_end = str_find_char(authority, '@', 0);
    bool has_password = user_end != SIZE_MAX && str_find_char(authority, ':', 0) < user_end;
    if (has_password || str_contains(text, S("password=")) || str_contains(text, S(" ")))
        return CONFIG_MALFORMED;
    return CONFIG_GOOD;
}

static ConfigVerdict read_by_type(Arena *arena, const ConfigRow *row, ConfigValue *value) {
    switch (row->type) {
    case CONFIG_TYPE_INT:
        return read_number(value->text, plain, COUNT_OF(plain), &value->number);
    case CONFIG_TYPE_SIZE:
        return read_number(value->text, sizes, COUNT_OF(sizes), &value->number);
    case CONFIG_TYPE_DURATION:
        return read_number(value->text, durations, COUNT_OF(durations), &value->number);
    case CONFIG_TYPE_BOOL:
        return read_bool(value->text, &value->number);
    case CONFIG_TYPE_CHOICE:
        return read_choice(value->text, str_from_c(row->words), &value->number);
    case CONFIG_TYPE_ADDRESS:
        return read_address(arena, value->text);
    case CONFIG_TYPE_ADDRESSES:
        return read_list(arena, value->text, is_range, &value->list);
    case CONFIG_TYPE_HOSTS:
        return read_list(arena, value->text, is_host, &value->list);
    case CONFIG_TYPE_DATABASE:
        return read_database(value->text);
    }
    return CONFIG_MALFORMED;
}

/* What the bounds of the setting are about: the number, or the length. */
static int64_t bounded(const ConfigRow *row, const ConfigValue *value) {
    switch (row->type) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_SIZE:
    case CONFIG_TYPE_DURATION:
        return value->number;
    case CONFIG_TYPE_BOOL:
    case CONFIG_TYPE_CHOICE:
        return 0;
    case CONFIG_TYPE_ADDRESS:
    case CONFIG_TYPE_ADDRESSES:
    case CONFIG_TYPE_HOSTS:
    case CONFIG_TYPE_DATABASE:
        break;
    }
    return (int64_t)value->text.len;
}

ConfigVerdict config_value_read(Arena *arena, const ConfigRow *row, Str text, ConfigValue *ret) {
    ConfigValue value = { .text = str_dup(arena, text) };

    if (!utf8_is_valid(text) || utf8_has_control(text))
        return CONFIG_MALFORMED;
    ConfigVerdict verdict = read_by_type(arena, row, &value);
    if (verdict != CONFIG_GOOD)
        return verdict;
    if (bounded(row, &value) < row->lowest || bounded(row, &value) > row->highest)
        return CONFIG_OUT_OF_RANGE;
    *ret = value;
    return CONFIG_GOOD;
}
