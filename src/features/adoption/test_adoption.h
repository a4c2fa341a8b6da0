/* test_adoption.h - what tests of carried stories share: the newsroom, and a third outlet. */
#ifndef FEATURES_ADOPTION_TEST_ADOPTION_H
#define FEATURES_ADOPTION_TEST_ADOPTION_H

#include "features/adoption/adoption.h"
#include "features/manuscript/test_newsroom.h"

extern const Migration adoption_migrations[];
extern const size_t adoption_migrations_count;

typedef struct Rooms {
    Newsroom n;
    Ctx *ctx;
    Outlet board; /* a third one */
} Rooms;

static inline Rooms rooms_new(void) {
    Rooms r = { .n = newsroom_new() };

    r.ctx = r.n.ctx;
    world_migrate(&r.n.w, adoption_migrations, adoption_migrations_count);
    as_operator(r.ctx);
    r.board = news_outlet(r.ctx, "CC003", "公告");
    as(r.ctx, &r.n.ann, &r.n.paper);
    return r;
}

/* Without a 指导教师 in service an outlet publishes nothing. */
static inline void rooms_teacher(Rooms *r, const Outlet *outlet) {
    as_operator(r->ctx);
    Person person = news_person(r->ctx, "mentor", "导师");
    news_grant(r->ctx, &person, S("指导教师"), outlet);
    as(r->ctx, &r->n.eve, &r->n.radio);
}

#endif
