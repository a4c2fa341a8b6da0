/* sec/totp.c - one-time codes by time. SHA-1 is OpenSSL's: libsodium has none, and we write no hash of our own. */
#include "sec/totp.h"

#include <openssl/sha.h>

#include "base/log.h"
#include "sec/compare.h"
#include "sec/crypto_start.h"
#include "sec/hash.h"

enum {
    SHA1_BYTES = SHA_DIGEST_LENGTH,
    SHA1_BLOCK = SHA_CBLOCK,
    COUNTER_BYTES = 8,
    CODE_BELOW = 1000000
};

Str totp_seed_new(Arena *arena, Chance *chance) {
    char *seed = arena_alloc(arena, TOTP_SEED_BYTES);

    chance_fill(chance, seed, TOTP_SEED_BYTES);
    return (Str){ seed, TOTP_SEED_BYTES };
}

int64_t totp_step(int64_t now_ms) {
    return now_ms / TOTP_STEP_MS;
}

static void sha1(const unsigned char *data, size_t len, unsigned char out[SHA1_BYTES]) {
    if (!SHA1(data, len, out))
        log_fatal("OpenSSL gives no SHA-1", "SHA1");
}

/*
 * RFC 2104 by its definition, for a key of any length and the counter. OpenSSL's own HMAC needs evp.h, which names a
 * parameter like a call that banned.h forbids.
 */
static void hmac_sha1(Str key, const unsigned char counter[COUNTER_BYTES],
                      unsigned char mac[SHA1_BYTES]) {
    unsigned char block[SHA1_BLOCK] = { 0 }, inner[SHA1_BLOCK + COUNTER_BYTES],
                  outer[SHA1_BLOCK + SHA1_BYTES];

    if (key.len > SHA1_BLOCK)
        sha1(sodium_bytes(key), key.len, block);
    else
        memcpy(block, sodium_bytes(key), key.len);
    for (size_t i = 0; i < SHA1_BLOCK; i++) {
        inner[i] = block[i] ^ 0x36;
        outer[i] = block[i] ^ 0x5c;
    }
    memcpy(inner + SHA1_BLOCK, counter, COUNTER_BYTES);
    sha1(inner, sizeof inner, outer + SHA1_BLOCK);
    sha1(outer, sizeof outer, mac);
    sodium_memzero(block, sizeof block);
    sodium_memzero(inner, sizeof inner);
    sodium_memzero(outer, sizeof outer);
}

/* RFC 4226, 5.3: the last four bits say where the 31 bits of the code begin. */
static uint32_t code_of(Str seed, int64_t step) {
    unsigned char counter[COUNTER_BYTES], mac[SHA1_BYTES];

    for (size_t i = 0; i < COUNTER_BYTES; i++)
        counter[i] = (unsigned char)((uint64_t)step >> (8 * (COUNTER_BYTES - 1 - i)));
    hmac_sha1(seed, counter, mac);
    const unsigned char *at = mac + (mac[SHA1_BYTES - 1] & 15);
    uint32_t bits = (uint32_t)(at[0] & 127) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
                    (uint32_t)at[3];
    sodium_memzero(mac, sizeof mac);
    return bits % CODE_BELOW;
}

static void write_digits(uint32_t code, char digits[TOTP_DIGITS]) {
    for (size_t i = TOTP_DIGITS; i-- > 0; code /= 10)
        digits[i] = (char)('0' + code % 10);
}

Str totp_code(Arena *arena, Str seed, int64_t step) {
    char *digits = arena_alloc(arena, TOTP_DIGITS);

    write_digits(code_of(seed, step), digits);
    return (Str){ digits, TOTP_DIGITS };
}

/* Without its blanks; false unless TOTP_DIGITS are left. Whether they are digits, the comparison says. */
static bool read_code(Str code, char ret[TOTP_DIGITS]) {
    size_t len = 0;

    for (size_t i = 0; i < code.len; i++) {
        if (code.ptr[i] == ' ')
            continue;
        if (len == TOTP_DIGITS)
            return false;
        ret[len++] = code.ptr[i];
    }
    return len == TOTP_DIGITS;
}

bool totp_check(Str seed, Str code, int64_t now_ms, int64_t last_step, int64_t *ret_step) {
    char given[TOTP_DIGITS], right[TOTP_DIGITS];
    int64_t now_step = totp_step(now_ms), found = 0;

    if (!read_code(code, given))
        return false;
    for (int64_t step = now_step - TOTP_DRIFT; step <= now_step + TOTP_DRIFT; step++) {
        write_digits(code_of(seed, step), right);
        bool is_same = compare_secret((Str){ given, sizeof given }, (Str){ right, sizeof right });
        if (is_same && step > last_step && found == 0)
            found = step;
    }
    if (found != 0)
        *ret_step = found;
    return found != 0;
}

Str totp_secret_text(Arena *arena, Str seed) {
    Str lower = base32_encode(arena, seed);
    char *text = arena_alloc(arena, lower.len + 1);

    for (size_t i = 0; i < lower.len; i++)
        text[i] = (char)(lower.ptr[i] >= 'a' && lower.ptr[i] <= 'z' ? lower.ptr[i] - 'a' + 'A'
                                                                    : lower.ptr[i]);
    return (Str){ text, lower.len };
}
