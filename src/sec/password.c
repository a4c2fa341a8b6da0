/*
 * sec/password.c - passwords: Argon2id, few at a time.
 *
 * A PasswordGate is shared by all threads; its lock is held only to count and to wait, never while
 * hashing, and nothing else is locked under it.
 */
#include "sec/password.h"

#include <assert.h>
#include <pthread.h>

#include "sec/compare.h"
#include "sec/hash.h"
#include "sec/crypto_start.h"

enum {
    SALT_BYTES = crypto_pwhash_SALTBYTES, /* 16 */
    KEY_BYTES = 32,
    MEMORY_MAX_KIB = 256 << 10, /* what a stored text may ask of us */
    PASSES_MAX = 16
};

const Str PASSWORD_NOBODY = S_INIT("$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlzIQ"
                                   "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

struct PasswordGate {
    pthread_mutex_t lock;
    pthread_cond_t has_room;
    int at_once, waiting_max;
    int running, waiting; /* under lock */
};

PasswordGate *password_gate_new(Arena *arena, int at_once, int waiting_max) {
    PasswordGate *gate = arena_alloc(arena, sizeof *gate);

    assert(at_once >= 1 && waiting_max >= 0);
    *gate = (PasswordGate){ .at_once = at_once, .waiting_max = waiting_max };
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->has_room, NULL);
    return gate;
}

static Err fail_busy(void) {
    return FAIL(ERR_BUSY, NULL,
                N_("Too many people sign in at this moment. Try again in a minute."));
}

static Err enter(PasswordGate *gate) {
    pthread_mutex_lock(&gate->lock);
    if (gate->running >= gate->at_once && gate->waiting >= gate->waiting_max) {
        pthread_mutex_unlock(&gate->lock);
        return fail_busy();
    }
    gate->waiting++;
    while (gate->running >= gate->at_once)
        pthread_cond_wait(&gate->has_room, &gate->lock);
    gate->waiting--;
    gate->running++;
    pthread_mutex_unlock(&gate->lock);
    return OK;
}

static void leave(PasswordGate *gate) {
    pthread_mutex_lock(&gate->lock);
    gate->running--;
    pthread_cond_signal(&gate->has_room);
    pthread_mutex_unlock(&gate->lock);
}

/* What an encoded text says. */
typedef struct Encoded {
    PasswordCost cost;
    unsigned char salt[SALT_BYTES];
    unsigned char key[KEY_BYTES];
} Encoded;

/* The one slow step. */
static Err derive(PasswordGate *gate, const Encoded *from, Str password,
                  unsigned char ret[KEY_BYTES]) {
    sodium_start();
    TRY(enter(gate));
    int failed =
        crypto_pwhash(ret, KEY_BYTES, password.ptr ? password.ptr : "", password.len, from->salt,
                      from->cost.passes, from->cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
    leave(gate);
    return failed ? fail_busy() : OK; /* it fails only for want of memory */
}

Err password_hash(PasswordGate *gate, Arena *arena, Chance *chance, PasswordCost cost, Str password,
                  Str *ret) {
    Encoded made = { .cost = cost };

    assert(cost.memory_bytes >= crypto_pwhash_MEMLIMIT_MIN && cost.memory_bytes % 1024 == 0);
    assert(cost.passes >= 1);
    if (password.len > PASSWORD_BYTES_MAX)
        return FAIL_ARGS(ERR_LIMIT, "password", N_("A password has at most {0} bytes."),
                         str_from_int(arena, PASSWORD_BYTES_MAX));
    chance_fill(chance, made.salt, SALT_BYTES);
    TRY(derive(gate, &made, password, made.key));

    /* The PHC string format has base64 without padding. */
    Str salt = base64_encode(arena, (Str){ (const char *)made.salt, SALT_BYTES });
    Str key = base64_encode(arena, (Str){ (const char *)made.key, KEY_BYTES });
    *ret = str_format(arena, "$argon2id$v=19$m=%zu,t=%u,p=1$%.*s$%.*s", cost.memory_bytes / 1024,
                      cost.passes, STR_ARG(str_slice(salt, 0, 22)), STR_ARG(str_slice(key, 0, 43)));
    return OK;
}

/* ---- reading ---- */

/* Takes `word` off the front of rest. */
static bool take_word(Str *rest, Str word) {
    if (!str_starts(*rest, word))
        return false;
    *rest = str_slice(*rest, word.len, rest->len);
    return true;
}

/* Takes a number without leading zeros, 1..most, off the front of rest. */
static bool take_number(Str *rest, int64_t most, int64_t *ret) {
    size_t len = 0;

    while (len < rest->len && rest->ptr[len] >= '0' && rest->ptr[len] <= '9')
        len++;
    if (len == 0 || rest->ptr[0] == '0' || !str_parse_int(str_slice(*rest, 0, len), ret) ||
        *ret > most)
        return false;
    *rest = str_slice(*rest, len, rest->len);
    return true;
}

/* Takes base64 without padding that gives exactly `bytes` bytes. */
static bool take_bytes(Str *rest, size_t text_len, unsigned char *out, size_t bytes) {
    Str text = str_slice(*rest, 0, text_len);
    size_t len;

    if (text.len != text_len || !sodium_is_ascii(text) ||
        sodium_base642bin(out, bytes, text.ptr, text.len, NULL, &len, NULL,
                          sodium_base64_VARIANT_ORIGINAL_NO_PADDING) != 0)
        return false;
    *rest = str_slice(*rest, text_len, rest->len);
    return len == bytes;
}

static bool read_encoded(Str text, Encoded *ret) {
    int64_t memory_kib, passes;

    if (!take_word(&text, S("$argon2id$v=19$m=")) ||
        !take_number(&text, MEMORY_MAX_KIB, &memory_kib) || !take_word(&text, S(",t=")) ||
        !take_number(&text, PASSES_MAX, &passes) || !take_word(&text, S(",p=1$")) ||
        !take_bytes(&text, 22, ret->salt, SALT_BYTES) || !take_word(&text, S("$")) ||
        !take_bytes(&text, 43, ret->key, KEY_BYTES) || text.len > 0)
        return false;
    ret->cost = (PasswordCost){ (size_t)memory_kib * 1024, (unsigned)passes };
    return ret->cost.memory_bytes >= crypto_pwhash_MEMLIMIT_MIN;
}

Err password_verify(PasswordGate *gate, Str encoded, Str password, bool *ret_is_right) {
    Encoded stored;
    unsigned char key[KEY_BYTES];
    bool is_too_long = password.len > PASSWORD_BYTES_MAX;

    if (!read_encoded(encoded, &stored))
        return FAIL(ERR_INVALID, NULL, N_("The stored password cannot be read. Set a new one."));
    /* The too long one is hashed as well, cut: the answer takes as long as any other. */
    TRY(derive(gate, &stored, str_slice(password, 0, PASSWORD_BYTES_MAX), key));
    bool is_equal = compare_secret((Str){ (const char *)key, KEY_BYTES },
                                   (Str){ (const char *)stored.key, KEY_BYTES });
    sodium_memzero(key, sizeof key);
    *ret_is_right = is_equal && !is_too_long;
    return OK;
}

bool password_is_current(Str encoded, PasswordCost cost) {
    Encoded stored;

    return read_encoded(encoded, &stored) && stored.cost.memory_bytes == cost.memory_bytes &&
           stored.cost.passes == cost.passes;
}
