/* net/address.c - which addresses and ports of other machines this server may talk to. */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

typedef struct Prefix {
    unsigned char bytes[16];
    int bits;
} Prefix;

/* IPv4 that is not global unicast (IANA special-purpose registry; RFC 6890 and its successors). */
static const Prefix v4_closed[] = {
    { { 0 }, 8 },                 /* this network */
    { { 10 }, 8 },                /* private */
    { { 100, 64 }, 10 },          /* shared with the provider (CGNAT); a cloud's metadata */
    { { 127 }, 8 },               /* loopback */
    { { 168, 63, 129, 16 }, 32 }, /* a cloud's inner service, although a public address */
    { { 169, 254 }, 16 },         /* link-local; metadata of most clouds */
    { { 172, 16 }, 12 },          /* private */
    { { 192, 0, 0 }, 24 },        /* protocol assignments; a cloud's metadata */
    { { 192, 0, 2 }, 24 },        /* documents */
    { { 192, 88, 99 }, 24 },      /* 6to4 relays */
    { { 192, 168 }, 16 },         /* private */
    { { 198, 18 }, 15 },          /* benchmarks */
    { { 198, 51, 100 }, 24 },     /* documents */
    { { 203, 0, 113 }, 24 },      /* documents */
    { { 224 }, 4 },               /* multicast */
    { { 240 }, 4 },               /* reserved, broadcast */
};

/* Within 2000::/3; everything outside of it is closed, but for NAT64's well-known prefix. */
static const Prefix v6_closed[] = {
    { { 0x20, 0x01 }, 23 },             /* protocol assignments, Teredo among them */
    { { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documents */
    { { 0x3f, 0xff }, 20 },             /* documents (RFC 9637) */
};
static const Prefix v6_global = { { 0x20 }, 3 };
static const Prefix nat64 = { { 0x00, 0x64, 0xff, 0x9b }, 96 }; /* RFC 6052, 2.1 */
static const Prefix six_to_four = { { 0x20, 0x02 }, 16 };       /* RFC 3056 */

static bool is_within(const unsigned char *bytes, const unsigned char *prefix, int bits) {
    size_t whole = (size_t)bits / 8;
    int rest = bits % 8;

    if (memcmp(bytes, prefix, whole) != 0)
        return false;
    return rest == 0 || ((bytes[whole] ^ prefix[whole]) >> (8 - rest)) == 0;
}

static bool is_in_any(const unsigned char *bytes, const Prefix *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (is_within(bytes, list[i].bytes, list[i].bits))
            return true;
    }
    return false;
}

static bool is_v4_global(const unsigned char *bytes) {
    return !is_in_any(bytes, v4_closed, COUNT_OF(v4_closed));
}

static bool is_v6_global(const unsigned char *bytes) {
    static const unsigned char isatap[2][4] = { { 0x00, 0x00, 0x5e, 0xfe },
                                                { 0x02, 0x00, 0x5e, 0xfe } }; /* RFC 5214, 6.1 */

    if (is_within(bytes, nat64.bytes, nat64.bits))
        return is_v4_global(bytes + 12);
    if (!is_within(bytes, v6_global.bytes, v6_global.bits) ||
        is_in_any(bytes, v6_closed, COUNT_OF(v6_closed)))
        return false;
    if (is_within(bytes, six_to_four.bytes, six_to_four.bits) && !is_v4_global(bytes + 2))
        return false;
    if (memcmp(bytes + 8, isatap[0], 4) == 0 || memcmp(bytes + 8, isatap[1], 4) == 0)
        return is_v4_global(bytes + 12);
    return true;
}

bool net_address_is_v4(const NetAddress *address) {
    return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

bool net_address_is_allowed(const NetAddress *address, NetRanges opened) {
    for (size_t i = 0; i < opened.len; i++) {
        if (is_within(address->bytes, opened.items[i].first.bytes, opened.items[i].bits))
            return true;
    }
    return net_address_is_v4(address) ? is_v4_global(address->bytes + sizeof mapped)
                                      : is_v6_global(address->bytes);
}

static void set_v4(NetAddress *address, const void *bytes) {
    memcpy(address->bytes, mapped, sizeof mapped);
    memcpy(address->bytes + sizeof mapped, bytes, 4);
}

bool net_address_parse(Str text, NetAddress *ret) {
    char room[INET6_ADDRSTRLEN] = { 0 }; /* for inet_pton, which wants a final NUL */
    unsigned char bytes[16];

    if (text.len == 0 || text.len >= sizeof room || str_find_char(text, '\0', 0) != SIZE_MAX)
        return false;
    memcpy(room, text.ptr, text.len);
    if (inet_pton(AF_INET, room, bytes) == 1)
        set_v4(ret, bytes);
    else if (inet_pton(AF_INET6, room, bytes) == 1)
        memcpy(ret->bytes, bytes, sizeof bytes);
    else
        return false;
    return true;
}

bool net_address_of_socket(const struct sockaddr *socket, NetAddress *ret) {
    if (socket->sa_family == AF_INET) {
        set_v4(ret, &((const struct sockaddr_in *)(const void *)socket)->sin_addr);
        return true;
    }
    if (socket->sa_family != AF_INET6)
        return false;
    memcpy(ret->bytes, &((const struct sockaddr_in6 *)(const void *)socket)->sin6_addr,
           sizeof ret->bytes);
    return true;
}

Str net_address_text(Arena *arena, const NetAddress *address) {
    char *room = arena_alloc(arena, INET6_ADDRSTRLEN);
    bool is_v4 = net_address_is_v4(address);

    return str_from_c(inet_ntop(is_v4 ? AF_INET : AF_INET6,
                                is_v4 ? address->bytes + sizeof mapped : address->bytes, room,
                                INET6_ADDRSTRLEN));
}

NetRanges net_ranges(Arena *arena, StrList texts) {
    NetRanges ranges = { .items = arena_array(arena, texts.len, sizeof(NetRange)) };

    for (size_t i = 0; i < texts.len; i++) {
        size_t slash = str_find_char(texts.items[i], '/', 0);
        NetRange *range = &ranges.items[ranges.len];
        int64_t bits;

        if (!net_address_parse(str_slice(texts.items[i], 0, slash), &range->first))
            continue;
        int64_t most = str_contains(texts.items[i], S(":")) ? 128 : 32;
        if (slash == SIZE_MAX)
            bits = most;
        else if (!str_parse_int(str_slice(texts.items[i], slash + 1, texts.items[i].len), &bits) ||
                 bits < 0 || bits > most)
            continue;
        range->bits = (int)(bits + 128 - most);
        ranges.len++;
    }
    return ranges;
}

bool net_port_is_allowed(int port) {
    static const int closed[] = {
        1433, 1434, 1521, 1719, 1720, 1723, 2049,  2375,  2376,  2379,  2380,  3128,  3306,
        3389, 3659, 4045, 4190, 5060, 5061, 5432,  5433,  5672,  5900,  5984,  5985,  5986,
        6000, 6379, 6380, 6443, 6566, 6665, 6666,  6667,  6668,  6669,  6679,  6697,  8086,
        8500, 9042, 9092, 9100, 9200, 9300, 10080, 10250, 10255, 11211, 15672, 27017, 27018,
    };

    if (port == 80 || port == 443)
        return true;
    if (port < 1024 || port > 65535)
        return false;
    for (size_t i = 0; i < COUNT_OF(closed); i++) {
        if (closed[i] == port)
            return false;
    }
    return true;
}
