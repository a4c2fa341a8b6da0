/* net/resolve.h - names of hosts: who is asked, and what is remembered of the answers. */
#ifndef NET_RESOLVE_H
#define NET_RESOLVE_H

#include "net/address.h"

enum { NET_ADDRESSES_MAX = 8 }; /* of one name; further ones are not tried */

typedef struct NetAddresses {
    NetAddress items[NET_ADDRESSES_MAX];
    size_t len;
} NetAddresses;

typedef enum NetLookup {
    NET_LOOKUP_FOUND,
    NET_LOOKUP_NONE,  /* there is no such name, or it has no address */
    NET_LOOKUP_FAILED /* nobody answered; another time there may be one */
} NetLookup;

/*
 * Looks one name up; host is lower-case ASCII. May wait for long; called by several threads at
 * once, and still at work after net_free returned. *ret is set when something was found.
 */
typedef NetLookup (*NetLookupFn)(void *user, const char *host, NetAddresses *ret);

/* The system's resolver (getaddrinfo); user is not used. */
NetLookup net_lookup_system(void *user, const char *host, NetAddresses *ret);

#endif
