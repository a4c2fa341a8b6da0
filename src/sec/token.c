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

/* ---- of programs ---- */

enum { PROGRAM_LETTERS = 43, PROGRAM_CHECK = 6, PROGRAM_LEN = 3 + PROGRAM_LETTERS + PROGRAM_CHECK };

static const char BASE62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* No secret: it tells a mistyped token from an unknown one. */
static void write_check(Str letters, char out[PROGRAM_CHECK]) {
    Hash hash = hash_sha256(letters);
    uint64_t bits = 0;

    for (size_t i = 0; i < 8; i++)
        bits = bits << 8 | hash.bytes[i];
    for (size_t i = 0; i < PROGRAM_CHECK; i++, bits /= 62)
        out[i] = BASE62[bits % 62];
}

Str token_new_program(Arena *arena, Chance *chance) {
    char *text = arena_alloc(arena, PROGRAM_LEN);

    memcpy(text, "ld_", 3);
    for (size_t i = 0; i < PROGRAM_LETTERS; i++)
        text[3 + i] = BASE62[chance_below(chance, 62)];
    write_check((Str){ text, 3 + PROGRAM_LETTERS }, text + 3 + PROGRAM_LETTERS);
    return (Str){ text, PROGRAM_LEN };
}

Err token_check_program(Str token) {
    char check[PROGRAM_CHECK];

    if (token.len == PROGRAM_LEN && str_starts(token, S("ld_"))) {
        write_check(str_slice(token, 0, 3 + PROGRAM_LETTERS), check);
        if (str_eq(str_slice(token, 3 + PROGRAM_LETTERS, token.len), (Str){ check, sizeof check }))
            return OK;
    }
    return FAIL(ERR_INVALID, NULL, N_("This token is not complete. Copy it whole."));
}

/* ---- typed from paper ---- */

enum { CODE_LETTERS = 16, CODE_GROUP = 4 };

static Str grouped(Arena *arena, const char letters[CODE_LETTERS]) {
    char *text = arena_alloc(arena, CODE_LETTERS + CODE_LETTERS / CODE_GROUP);
    size_t len = 0;

    for (size_t i = 0; i < CODE_LETTERS; i++) {
        if (i > 0 && i % CODE_GROUP == 0)
            text[len++] = '-';
        text[len++] = letters[i];
    }
    return (Str){ text, len };
}

Str token_new_code(Arena *arena, Chance *chance) {
    unsigned char secret[TOKEN_CODE_BYTES];

    chance_fill(chance, secret, sizeof secret);
    Str letters = base32_encode(arena, (Str){ (const char *)secret, sizeof secret });
    sodium_memzero(secret, sizeof secret);
    assert(letters.len == CODE_LETTERS);
    return grouped(arena, letters.ptr);
}

Str token_read_code(Arena *arena, Str typed) {
    char letters[CODE_LETTERS];
    size_t len = 0;

    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.ptr[i];
        if (c == '-' || c == ' ')
            continue;
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (len == CODE_LETTERS || !((c >= 'a' && c <= 'z') || (c >= '2' && c <= '7')))
            return STR_EMPTY;
        letters[len++] = c;
    }
    return len == CODE_LETTERS ? grouped(arena, letters) : STR_EMPTY;
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
