/* sec/box.c - wrapping the secrets that the database keeps. */
#include "sec/box.h"

#include <assert.h>

#include "sec/crypto_start.h"
#include "sec/hash.h"

_Static_assert(BOX_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the library's");
_Static_assert(BOX_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "the library's");
_Static_assert(BOX_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES, "the library's");

static const char FORMAT[] = "liandong-box-key/v1";

BoxKey box_key_new(Chance *chance, uint32_t number) {
    BoxKey key = { .number = number };

    chance_fill(chance, key.bytes, sizeof key.bytes);
    return key;
}

void box_forget(BoxKey *key) {
    sodium_memzero(key, sizeof *key);
}

Str box_key_print(Arena *arena, const BoxKey *key) {
    Str text = base64_encode(arena, (Str){ (const char *)key->bytes, sizeof key->bytes });

    return str_format(arena, "%s\n%lu\n%.*s\n", FORMAT, (unsigned long)key->number, STR_ARG(text));
}

Err box_key_parse(Arena *arena, Str text, BoxKey *ret) {
    Str format, number, base64, bytes;
    int64_t value = 0;
    bool is_whole = str_cut(&text, '\n', &format) && str_cut(&text, '\n', &number) &&
                    str_cut(&text, '\n', &base64) && text.len == 0;

    if (!is_whole || !str_eq(format, str_from_c(FORMAT)) || !str_parse_int(number, &value) ||
        value < 1 || value > UINT32_MAX || !str_eq(str_from_int(arena, value), number) ||
        base64_decode(arena, base64, &bytes).code != ERR_OK || bytes.len != BOX_KEY_BYTES)
        return FAIL(ERR_INVALID, NULL, N_("This is no key that wraps secrets."));
    BoxKey key = { .number = (uint32_t)value };
    memcpy(key.bytes, bytes.ptr, sizeof key.bytes);
    *ret = key;
    return OK;
}

/* Lengths stand before what varies, so that no two rows make the same bytes. */
static Str row_of(Arena *arena, Str table, int64_t id) {
    return str_format(arena, "liandong/box/v1:%zu:%.*s:%lld", table.len, STR_ARG(table),
                      (long long)id);
}

Str box_seal(Arena *arena, Chance *chance, const BoxKey *key, Str table, int64_t id, Str secret) {
    assert(key->number > 0 && secret.len <= BOX_SECRET_BYTES_MAX);
    Str row = row_of(arena, table, id);
    unsigned char *out = arena_alloc(arena, secret.len + BOX_MORE_BYTES);
    unsigned char *nonce = out + BOX_NUMBER_BYTES, *body = nonce + BOX_NONCE_BYTES;
    unsigned long long len = 0;

    sodium_start();
    for (size_t i = 0; i < BOX_NUMBER_BYTES; i++)
        out[i] = (unsigned char)(key->number >> (8 * (BOX_NUMBER_BYTES - 1 - i)));
    chance_fill(chance, nonce, BOX_NONCE_BYTES);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(body, &len, sodium_bytes(secret), secret.len,
                                                     sodium_bytes(row), row.len, NULL, nonce,
                                                     key->bytes);
    return (Str){ (const char *)out, (size_t)(body - out) + (size_t)len };
}

Err box_open(Arena *arena, const BoxKey *key, Str table, int64_t id, Str sealed, Str *ret) {
    Err failed = FAIL(ERR_IO, NULL,
                      N_("A stored secret does not open: put back the copy of keys/box.key that "
                         "belongs to this database."));
    Str row = row_of(arena, table, id);
    const unsigned char *in = sodium_bytes(sealed);
    unsigned long long len = 0;
    uint32_t number = 0;

    sodium_start();
    if (sealed.len < BOX_MORE_BYTES)
        return failed;
    for (size_t i = 0; i < BOX_NUMBER_BYTES; i++)
        number = number << 8 | in[i];
    if (number == 0 || number != key->number)
        return failed;
    const unsigned char *nonce = in + BOX_NUMBER_BYTES, *body = nonce + BOX_NONCE_BYTES;
    unsigned char *out = arena_alloc(arena, sealed.len);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            out, &len, NULL, body, sealed.len - BOX_NUMBER_BYTES - BOX_NONCE_BYTES,
            sodium_bytes(row), row.len, nonce, key->bytes) != 0)
        return failed;
    *ret = (Str){ (const char *)out, (size_t)len };
    return OK;
}
