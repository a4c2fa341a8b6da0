/* register_test_world.h - what register's tests share: a world with its tables, staff at work, a card. */
#ifndef FEATURES_REGISTER_REGISTER_TEST_WORLD_H
#define FEATURES_REGISTER_REGISTER_TEST_WORLD_H

#include "features/identity/identity_test_world.h"
#include "features/register/register_fields.h"
#include "features/register/register_service.h"
#include "features/register/register_states.h"

extern const Migration register_migrations[];
extern const size_t register_migrations_count;

static inline World register_start(void) {
    World w = start();

    world_migrate(&w, register_migrations, register_migrations_count);
    return w;
}

/* A whole card; state empty: active. */
static inline Outlet a_card(const char *name, const char *account) {
    return (Outlet){ .name = str_from_c(name),
                     .platform = S("微信"),
                     .platform_account = str_from_c(account),
                     .url = S("https://demo.invalid/x"),
                     .tier = S("二级"),
                     .unit_name = S("水利学院"),
                     .unit_kind = S("学院"),
                     .supervisor = S("宣传部"),
                     .verified_as = S("澄川大学"),
                     .purpose = S("把河里的事说清楚。"),
                     .opened_on = S("2019-04-23"),
                     .first_responsible = S("柳闻溪"),
                     .direct_lead = S("秦望舒"),
                     .teacher = S("沈砚"),
                     .teacher_contact = S("000-0000-0101"),
                     .operators = S("唐一舟、裴青禾"),
                     .reviewers = S("吴渐"),
                     .emergency_contact = S("000-0000-0001"),
                     .promised_per_week = 3,
                     .followers = 1200,
                     .followers_as_of = S("2026-11-01") };
}

static inline Outlet must_get(World *w, int64_t id) {
    Outlet o;

    OK_(outlet_get(w->ctx, id, &o));
    return o;
}

static inline int64_t filed(World *w, const char *name, const char *account) {
    Outlet card = a_card(name, account);
    int64_t id;

    OK_(outlet_file(w->ctx, &card, &id));
    return id;
}

static inline int64_t applied(World *w, const char *name, const char *account) {
    Outlet card = a_card(name, account);
    int64_t id;

    OK_(outlet_apply(w->ctx, &card, &id));
    return id;
}

static const int64_t REVIEW_YEAR = 2026;

/* The way that leads there: the office's own moves, or the annual review's. */
static inline Err move_to(World *w, int64_t id, const char *to, const char *reason) {
    const OutletMove *move = outlet_move_of(must_get(w, id).state, str_from_c(to));

    if (move && move->is_review)
        return outlet_review(w->ctx, id, str_from_c(to), str_from_c(reason), REVIEW_YEAR);
    return outlet_move(w->ctx, id, str_from_c(to), str_from_c(reason), must_get(w, id).version);
}

/* By the shortest way that the table allows from application on. */
static inline int64_t outlet_in(World *w, const char *state) {
    static const char *const ways[][6] = {
        { "applied" },
        { "applied", "pending" },
        { "applied", "pending", "filed" },
        { "applied", "pending", "filed", "active" },
        { "applied", "pending", "filed", "active", "change_pending" },
        { "applied", "pending", "filed", "active", "in_review" },
        { "applied", "pending", "filed", "active", "in_review", "passed" },
        { "applied", "pending", "filed", "active", "in_review", "rectify" },
        { "applied", "pending", "filed", "suspended" },
        { "applied", "pending", "filed", "struck" },
    };
    int64_t id = applied(w, "河床", "riverbed");

    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        size_t len = 0;
        while (len < COUNT_OF(ways[i]) && ways[i][len])
            len++;
        if (strcmp(ways[i][len - 1], state) != 0)
            continue;
        for (size_t k = 1; k < len; k++)
            OK_(move_to(w, id, ways[i][k], "理由"));
        return id;
    }
    fail_msg("no way to %s", state);
    return 0;
}

#endif
