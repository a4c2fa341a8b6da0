/* net/address.h - which addresses and ports of other machines this server may talk to. */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include "base/str.h"

struct sockaddr; /* <sys/socket.h> */

/* An address of either family; IPv4 as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2). */
typedef struct NetAddress {
    unsigned char bytes[16];
} NetAddress;

/* The ranges that the operator opened (net.allow). */
typedef struct NetRange {
    NetAddress first;
    int bits; /* 0..128 of `first` that count; an IPv4 /8 is 104 */
} NetRange;

typedef struct NetRanges {
    NetRange *items;
    size_t len;
} NetRanges;

/*
 * Addresses and ranges in CIDR form, as conf/ has checked them; in arena. One that is none is left
 * out.
 */
NetRanges net_ranges(Arena *arena, StrList texts);

/*
 * "203.0.113.7" or "2001:db8::1", without brackets, port or zone; false (and *ret unchanged) for
 * others.
 */
bool net_address_parse(Str text, NetAddress *ret);
/* False for a family other than the two. */
bool net_address_of_socket(const struct sockaddr *socket, NetAddress *ret);
/* As it is written, IPv6 without brackets; in arena. */
Str net_address_text(Arena *arena, const NetAddress *address);
bool net_address_is_v4(const NetAddress *address);

/*
 * May this server open a connection to the address? Only to global unicast, or to what the operator
 * opened: not to this machine (127/8, ::1, 0/8, ::), private and shared ranges (10/8, 172.16/12,
 * 192.168/16, 100.64/10, fc00::/7), link-local ones and so the metadata services of clouds
 * (169.254/16, fe80::/10; 168.63.129.16), multicast, broadcast, ranges for tests and documents, or
 * to an IPv6 address in which such an IPv4 one hides (mapped, NAT64, 6to4, ISATAP; Teredo not at
 * all).
 */
bool net_address_is_allowed(const NetAddress *address, NetRanges opened);

/*
 * Ports that web servers use: 80, 443 and those from 1024 that are no known port of another service
 * (databases, caches, mail, remote shells, the "bad ports" of the Fetch standard).
 */
bool net_port_is_allowed(int port);

#endif
