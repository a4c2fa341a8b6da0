/* sec/box.h - wrapping the secrets that the database keeps: XChaCha20-Poly1305 under keys/box.key. */
#ifndef SEC_BOX_H
#define SEC_BOX_H

#include "base/chance.h"
#include "base/err.h"
#include "base/str.h"

enum {
    BOX_KEY_BYTES = 32,
    BOX_NUMBER_BYTES = 4, /* of the key, in front of what is wrapped */
    BOX_NONCE_BYTES = 24, /* random: so long that none comes twice */
    BOX_TAG_BYTES = 16,
    BOX_MORE_BYTES = BOX_NUMBER_BYTES + BOX_NONCE_BYTES + BOX_TAG_BYTES,
    BOX_SECRET_BYTES_MAX = 1 << 20
};

/* Wipe it with box_forget. */
typedef struct BoxKey {
    uint32_t number; /* 1 for the first; a rotation counts on; 0: there is no key */
    uint8_t bytes[BOX_KEY_BYTES];
} BoxKey;

BoxKey box_key_new(Chance *chance, uint32_t number);
void box_forget(BoxKey *key);

/*
 * keys/box.key as text: "liandong-box-key/v1", the number, the bytes in base64, one per line. Reading it is strict:
 * ERR_INVALID without a field. *ret is set on success only.
 */
Str box_key_print(Arena *arena, const BoxKey *key);
CHECKED Err box_key_parse(Arena *arena, Str text, BoxKey *ret);

/*
 * secret wrapped for one row: number, nonce, ciphertext and tag, in the arena. table and id are the row's; what was
 * wrapped for one does not open for another. secret has at most BOX_SECRET_BYTES_MAX bytes.
 */
Str box_seal(Arena *arena, Chance *chance, const BoxKey *key, Str table, int64_t id, Str secret);
/*
 * The other way; *ret lives in arena and is set on success only. ERR_IO: another key, another row, or damage; the
 * sentence names the file that is to be put back.
 */
CHECKED Err box_open(Arena *arena, const BoxKey *key, Str table, int64_t id, Str sealed, Str *ret);

#endif
