/* tests/fuzz/fuzz_hub_sign.c - whatever a hub writes as its signature: only one that is right in each digit is believed. */
#include "fuzz.h"
#include "sec/hash.h"
#include "sec/hub_sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    CLEANUP(arena_close) Arena *arena = arena_new(64 << 20);
    Str rest = fuzz_input(data, size), value = fuzz_part(&rest), secret = fuzz_part(&rest);
    HubSign found = hub_sign_check(arena, secret, rest, value);
    Hash mac = hash_hmac(secret, rest);

    MUST(found == HUB_SIGN_GOOD || found == HUB_SIGN_NONE || found == HUB_SIGN_WEAK ||
         found == HUB_SIGN_FORGED);
    MUST((found == HUB_SIGN_NONE) == (str_trim(value).len == 0));
    value = str_concat(arena, S("sha256="), hex_encode(arena, hash_str(&mac)));
    MUST(hub_sign_check(arena, secret, rest, value) == HUB_SIGN_GOOD);
    MUST(hub_sign_check(arena, secret, str_concat(arena, rest, S("x")), value) == HUB_SIGN_FORGED);
    return 0;
}
