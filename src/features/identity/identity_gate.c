/*
 * identity_gate.c - the process's one gate for password hashing. `gate` and `nobody` are made once, by the first
 * context that hashes, under start_lock, and never changed after; the counter is atomic.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "conf/conf.h"
#include "features/identity/identity_service.h"
#include "sec/hash.h"
#include "sec/password.h"
#include "text/unicode.h"

static pthread_mutex_t start_lock =
    PTHREAD_MUTEX_INITIALIZER; /* the gate's own is taken under it, once */
static Arena *memory;          /* of the two below, as long as the process */
static PasswordGate *gate;
static Str nobody; /* an encoded text at the configured cost that no password fits */
static _Atomic(int64_t) verified;

static PasswordCost cost_of(const Ctx *ctx) {
    return (PasswordCost){
        .memory_bytes = (size_t)config_int(ctx->config, CONFIG_SIGNIN_HASH_KIB) << 10,
        .passes = (unsigned)config_int(ctx->config, CONFIG_SIGNIN_HASH_PASSES),
    };
}

/* What unknown users are checked against: made at the cost that others have, so that both take as long. */
static Err make_nobody(const Ctx *ctx, PasswordGate *made, Arena *arena, Str *ret) {
    char secret[HASH_BYTES];
    PasswordCost cost = cost_of(ctx);

    if (password_is_current(PASSWORD_NOBODY, cost)) {
        *ret = PASSWORD_NOBODY;
        return OK;
    }
    chance_fill(ctx->chance, secret, sizeof secret);
    return password_hash(made, arena, ctx->chance, cost, (Str){ secret, sizeof secret }, ret);
}

/* Busy memory may fail it; the next one who comes tries again in the same arena. */
static Err make_gate(const Ctx *ctx) {
    if (!memory)
        memory = arena_new(0);
    PasswordGate *made =
        password_gate_new(memory, (int)config_int(ctx->config, CONFIG_SIGNIN_PARALLEL),
                          (int)config_int(ctx->config, CONFIG_SIGNIN_QUEUE));
    TRY(make_nobody(ctx, made, memory, &nobody));
    gate = made;
    return OK;
}

static Err start(const Ctx *ctx) {
    pthread_mutex_lock(&start_lock);
    Err err = gate ? OK : make_gate(ctx);
    pthread_mutex_unlock(&start_lock);
    return err;
}

/* Input methods spell one letter in several ways; the person typed the same. */
static Str same_spelling(const Ctx *ctx, Str password) {
    Str nfc;

    return unicode_nfc(ctx->arena, password, &nfc).code == ERR_OK ? nfc : password;
}

Err identity_gate_hash(Ctx *ctx, Str password, Str *ret_encoded) {
    TRY(start(ctx));
    return password_hash(gate, ctx->arena, ctx->chance, cost_of(ctx), same_spelling(ctx, password),
                         ret_encoded);
}

Err identity_gate_verify(Ctx *ctx, Str encoded, Str password, bool *ret_is_right) {
    bool is_right = false;

    TRY(start(ctx));
    TRY(password_verify(gate, encoded.len ? encoded : nobody, same_spelling(ctx, password),
                        &is_right));
    atomic_fetch_add(&verified, 1);
    *ret_is_right = is_right && encoded.len > 0;
    return OK;
}

bool identity_gate_is_current(const Ctx *ctx, Str encoded) {
    return password_is_current(encoded, cost_of(ctx));
}

int64_t identity_gate_count(void) {
    return atomic_load(&verified);
}
