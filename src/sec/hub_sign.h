/* sec/hub_sign.h - the signature of what a hub delivers (X-Hub-Signature of W3C WebSub, 7.1). */
#ifndef SEC_HUB_SIGN_H
#define SEC_HUB_SIGN_H

#include "base/str.h"

typedef enum HubSign {
    HUB_SIGN_GOOD,
    HUB_SIGN_NONE,   /* there is no signature */
    HUB_SIGN_WEAK,   /* by a method that is not believed: sha1, or one that nobody knows */
    HUB_SIGN_FORGED, /* by another secret, of another body, or no signature at all by its form */
} HubSign;

/*
 * Is value ("sha256=" and 64 hexadecimal digits; sha384 and sha512 likewise) the HMAC of body under secret? Compared in constant time.
 * value is bytes from outside, all is borrowed; arena holds a copy of the body for sha384. Repeating is safe.
 */
HubSign hub_sign_check(Arena *arena, Str secret, Str body, Str value);

#endif
