/* sec/token.c - random tokens and what is stored of them. */
#include "sec/token.h"

#include <assert.h>

#include "sec/crypto_start.h"

/* The bytes leave the stack again: only the text that is handed out holds the secret. */
static Str random_text(Arena *arena, Chance *chance, size_t bytes,
                       Str (*encode)(Arena *arena, Str bytes)) {
    unsigned char secret[TOKEN_SESSION_BYTES];

    assert(bytes >= TOKEN_LINK_BYTES && bytes <= TOKEN_SESSION_BYTES);
    chance_fill(chance, secret, bytes);
    Str text = encode(arena, (Str){ (const char *)secret, bytes });
    sodium_memzero(secret, sizeof secret);
    return text;
}

Str token_new(Arena *arena, Chance *chance, size_t bytes) {
    return random_text(arena, chance, bytes, base64url_encode);
}

Str token_new_base32(Arena *arena, Chance *chance, size_t bytes) {
    return random_text(arena, chance, bytes, base32_encode);
}

Hash token_hash(Str token) {
    return hash_sha256(token);
}

Str token_hash_hex(Arena *arena, Str token) {
    Hash hash = token_hash(token);

    return hex_encode(arena, hash_str(&hash));
}

Err token_check(Str token) {
    size_t good = 0;

    while (good < token.len && good < TOKEN_TEXT_MAX) {
        char c = token.ptr[good];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_'))
            break;
        good++;
    }
    /* 16 bytes make 22 letters of base64url: nothing shorter was ever handed out. */
    if (good != token.len || good < 22)
        return FAIL(ERR_INVALID, NULL, N_("This link or code is not complete. Copy it whole."));
    return OK;
}
