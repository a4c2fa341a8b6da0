/* identity_test_world.h - what identity's tests share: a world with its tables, an administrator at work. */
#ifndef FEATURES_IDENTITY_IDENTITY_TEST_WORLD_H
#define FEATURES_IDENTITY_IDENTITY_TEST_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/test_support.h"
#include "conf/conf.h"
#include "features/identity/identity_service.h"
#include "features/identity/identity_store.h"
#include "sec/password.h"
#include "sec/totp.h"
#include "testing/world.h"

static const int64_t HOUR_MS = 3600 * 1000;
static const int64_t DAY_MS = 24 * 3600 * 1000;
enum { OUTLET = 7001, OTHER_OUTLET = 7002 };

extern const Migration queue_migrations[], ledger_migrations[], site_migrations[],
    identity_migrations[];
extern const size_t queue_migrations_count, ledger_migrations_count, site_migrations_count,
    identity_migrations_count;

static inline void act_as_operator(Ctx *ctx) {
    ctx->actor = ACTOR_OPERATOR;
    ctx->token_id = 0;
    ctx->person_id = 0;
    ctx->person_name = S("operator");
}

static inline void act_as(Ctx *ctx, const Person *person) {
    ctx->actor = ACTOR_PERSON;
    ctx->token_id = 0;
    ctx->person_id = person->id;
    ctx->person_name = person->name;
}

/*
 * The process remembers when a session's use was noted, by its id, which holds the time: each world begins on a
 * day of its own, so that no two share an id.
 */
static const BoxKey test_box = { .number = 1, .bytes = { 7, 7, 7 } };

static inline World start(void) {
    static Arena *settings;
    static Config *config;
    static int64_t days;
    World w = world_new();

    world_migrate(&w, queue_migrations, queue_migrations_count);
    world_migrate(&w, ledger_migrations, ledger_migrations_count);
    world_migrate(&w, site_migrations, site_migrations_count);
    world_migrate(&w, identity_migrations, identity_migrations_count);
    if (!settings) {
        settings = arena_new(0);
        OK_(config_load(settings, STR_EMPTY, S("none"), NULL, NULL, 0, &config));
    }
    w.ctx->config = config;
    world_advance(&w, ++days * DAY_MS);
    identity_use_box(&test_box);
    act_as_operator(w.ctx);
    return w;
}

/* The session of a person without a second step. */
static inline Err enter(Ctx *ctx, Str login, Str password, Str *ret_token) {
    SignIn got;
    Err err = identity_sign_in(ctx, login, password, &got);

    if (err.code == ERR_OK && got.session_token.len)
        *ret_token = got.session_token;
    return err;
}

static inline Person add(World *w, const char *login) {
    Person person;

    OK_(person_add(w->ctx, str_from_c(login), S("某人"), 0, &person));
    return person;
}

static inline int64_t give(World *w, const Person *person, Str role, int64_t outlet_id) {
    int64_t id;

    OK_(grant_give(w->ctx, person->id, role, outlet_id, 0, 0, &id));
    return id;
}

/* What the person's authenticator shows, so many steps from now. */
static inline Str code_now(World *w, int64_t person_id, int64_t off) {
    FactorRow row;
    bool is_found;
    Str seed;

    OK_(identity_store_factor_get(w->ctx, person_id, &row, &is_found));
    OK_(box_open(w->ctx->arena, &test_box, S("factor"), person_id, row.sealed, &seed));
    return totp_code(w->ctx->arena, seed, totp_step(w->ctx->now_ms) + off);
}

/* Turns the second step of a person on; the codes stand in ret_codes. The code of now is used by it. */
static inline void turn_on(World *w, const Person *person, StrList *ret_codes) {
    act_as(w->ctx, person);
    OK_(factor_begin(w->ctx));
    OK_(factor_confirm(w->ctx, code_now(w, person->id, 0), ret_codes));
}

static inline bool may(World *w, Cap cap, int64_t outlet_id) {
    bool is_allowed = false;
    Str role;

    OK_(identity_may(w->ctx, cap, outlet_id, &is_allowed, &role));
    return is_allowed;
}

#endif
