/* sec/compare.c - the one comparison of secrets. */
#include "sec/compare.h"

#include "sec/crypto_start.h"

bool compare_secret(Str a, Str b) {
    return a.len == b.len && sodium_memcmp(sodium_bytes(a), sodium_bytes(b), a.len) == 0;
}
