/* sec/hash.c - SHA-256, HMAC, and bytes as text. */
#include "sec/hash.h"

#include <assert.h>

#include "sec/crypto_start.h"

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(HashStream),
               "room for libsodium's state");
_Static_assert(_Alignof(crypto_hash_sha256_state) <= _Alignof(HashStream), "and aligned for it");

/* ---- hashes ---- */

static crypto_hash_sha256_state *state_of(HashStream *stream) {
    return (void *)stream->state;
}

Hash hash_sha256(Str data) {
    Hash hash;

    (void)crypto_hash_sha256(hash.bytes, sodium_bytes(data), data.len);
    return hash;
}

void hash_start(HashStream *stream) {
    (void)crypto_hash_sha256_init(state_of(stream));
}

void hash_add(HashStream *stream, Str data) {
    (void)crypto_hash_sha256_update(state_of(stream), sodium_bytes(data), data.len);
}

Hash hash_end(HashStream *stream) {
    Hash hash;

    (void)crypto_hash_sha256_final(state_of(stream), hash.bytes);
    return hash;
}

Hash hash_hmac(Str key, Str data) {
    crypto_auth_hmacsha256_state state;
    Hash hash;

    (void)crypto_auth_hmacsha256_init(&state, sodium_bytes(key), key.len);
    (void)crypto_auth_hmacsha256_update(&state, sodium_bytes(data), data.len);
    (void)crypto_auth_hmacsha256_final(&state, hash.bytes);
    sodium_memzero(&state, sizeof state);
    return hash;
}

bool hash_eq(const Hash *a, const Hash *b) {
    return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

/* ---- texts of bytes; libsodium's take the same time for any content, as secrets want it ---- */

Str hex_encode(Arena *arena, Str bytes) {
    size_t len;

    if (!size_mul(bytes.len, 2, &len))
        log_fatal("no memory left", "a text beyond the address space");
    char *text = arena_alloc(arena, len + 1);
    sodium_bin2hex(text, len + 1, sodium_bytes(bytes), bytes.len);
    return (Str){ text, len };
}

static Str encode_base64(Arena *arena, Str bytes, int variant) {
    assert(bytes.len <= SIZE_MAX / 2);
    size_t room = sodium_base64_encoded_len(bytes.len, variant);
    char *text = arena_alloc(arena, room);

    sodium_bin2base64(text, room, sodium_bytes(bytes), bytes.len, variant);
    return (Str){ text, room - 1 };
}

Str base64_encode(Arena *arena, Str bytes) {
    return encode_base64(arena, bytes, sodium_base64_VARIANT_ORIGINAL);
}

Str base64url_encode(Arena *arena, Str bytes) {
    return encode_base64(arena, bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

Str base32_encode(Arena *arena, Str bytes) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    const unsigned char *in = sodium_bytes(bytes);
    size_t len = bytes.len / 5 * 8 + (bytes.len % 5 * 8 + 4) / 5, to = 0;
    char *text = arena_alloc(arena, len);
    uint32_t bits = 0;
    int held = 0; /* bits that wait for their letter */

    for (size_t i = 0; i < bytes.len; i++) {
        bits = bits << 8 | in[i];
        for (held += 8; held >= 5; held -= 5)
            text[to++] = letters[bits >> (held - 5) & 31];
    }
    if (held > 0)
        text[to++] = letters[bits << (5 - held) & 31];
    assert(to == len);
    return (Str){ text, len };
}

Err hex_decode(Arena *arena, Str text, Str *ret) {
    unsigned char *bytes = arena_alloc(arena, text.len / 2 + 1);
    size_t len;

    if (text.len % 2 != 0 || sodium_hex2bin(bytes, text.len / 2, text.ptr ? text.ptr : "", text.len,
                                            NULL, &len, NULL) != 0)
        return FAIL(ERR_INVALID, NULL,
                    N_("This is not hexadecimal. Give an even number of digits 0-9, a-f."));
    *ret = (Str){ (const char *)bytes, len };
    return OK;
}

static Err decode_base64(Arena *arena, Str text, int variant, Str *ret) {
    size_t room = text.len / 4 * 3 + 3, len;
    unsigned char *bytes = arena_alloc(arena, room);

    if (!sodium_is_ascii(text) || sodium_base642bin(bytes, room, text.ptr ? text.ptr : "", text.len,
                                                    NULL, &len, NULL, variant) != 0)
        return FAIL(ERR_INVALID, NULL, N_("This is not base64. Give it whole, as it was written."));
    *ret = (Str){ (const char *)bytes, len };
    return OK;
}

Err base64_decode(Arena *arena, Str text, Str *ret) {
    return decode_base64(arena, text, sodium_base64_VARIANT_ORIGINAL, ret);
}

Err base64url_decode(Arena *arena, Str text, Str *ret) {
    return decode_base64(arena, text, sodium_base64_VARIANT_URLSAFE_NO_PADDING, ret);
}

Err base64_decode_hash(Str text, Hash *ret) {
    Hash hash;
    size_t len;

    if (!sodium_is_ascii(text) ||
        sodium_base642bin(hash.bytes, HASH_BYTES, text.ptr ? text.ptr : "", text.len, NULL, &len,
                          NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
        len != HASH_BYTES)
        return FAIL(ERR_INVALID, NULL, N_("This is not a hash: it takes 32 bytes in base64."));
    *ret = hash;
    return OK;
}

Err hex_decode_hash(Str text, Hash *ret) {
    Hash hash;
    size_t len;

    if (text.len != 2 * HASH_BYTES ||
        sodium_hex2bin(hash.bytes, HASH_BYTES, text.ptr, text.len, NULL, &len, NULL) != 0)
        return FAIL(ERR_INVALID, NULL, N_("This is not a hash: it takes 64 hexadecimal digits."));
    *ret = hash;
    return OK;
}
