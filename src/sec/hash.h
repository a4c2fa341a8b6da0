/* sec/hash.h - SHA-256, HMAC, and bytes as text: hexadecimal, base64, base64url, base32. */
#ifndef SEC_HASH_H
#define SEC_HASH_H

#include "base/err.h"
#include "base/str.h"

enum { HASH_BYTES = 32 };

typedef struct Hash {
    uint8_t bytes[HASH_BYTES];
} Hash;

/* A running SHA-256; holds no memory to free. */
typedef struct HashStream {
    _Alignas(8) unsigned char state[112];
} HashStream;

Hash hash_sha256(Str data);
void hash_start(HashStream *stream);
void hash_add(HashStream *stream, Str data);
/* The stream may not be used again before hash_start. */
Hash hash_end(HashStream *stream);
/* HMAC-SHA-256 (RFC 2104), a key of any length. Compare with compare_secret. */
Hash hash_hmac(Str key, Str data);

/* The bytes of a hash as a slice, borrowed from it. */
static inline Str hash_str(const Hash *hash) {
    return (Str){ (const char *)hash->bytes, HASH_BYTES };
}
bool hash_eq(const Hash *a, const Hash *b);

/* Texts of bytes, in the arena. Base64 with padding, base64url without (RFC 4648, 4 and 5). */
Str hex_encode(Arena *arena, Str bytes);
Str base64_encode(Arena *arena, Str bytes);
Str base64url_encode(Arena *arena, Str bytes);
/* RFC 4648, 6, lower case, without padding: for what people read aloud or type. */
Str base32_encode(Arena *arena, Str bytes);

/*
 * The other way, strictly: the one spelling that the encoder gives (hex_decode takes both cases; no
 * white space, no missing or superfluous padding, unused bits zero). *ret lives in arena and is set
 * on success only. ERR_INVALID without a field otherwise.
 */
CHECKED Err hex_decode(Arena *arena, Str text, Str *ret);
CHECKED Err base64_decode(Arena *arena, Str text, Str *ret);
CHECKED Err base64url_decode(Arena *arena, Str text, Str *ret);
/* As base64_decode, but the result must be a hash (32 bytes). */
CHECKED Err base64_decode_hash(Str text, Hash *ret);
CHECKED Err hex_decode_hash(Str text, Hash *ret);

#endif
