/* planning_test_world.h - what planning's tests share: the newsroom of manuscript's tests with planning's tables. */
#ifndef FEATURES_PLANNING_PLANNING_TEST_WORLD_H
#define FEATURES_PLANNING_PLANNING_TEST_WORLD_H

#include "features/manuscript/test_newsroom.h"
#include "features/planning/planning.h"

extern const Migration planning_migrations[];
extern const size_t planning_migrations_count;

static inline Newsroom planning_start(void) {
    Newsroom n = newsroom_new();

    world_migrate(&n.w, planning_migrations, planning_migrations_count);
    queue_use(manuscript_job_kinds, manuscript_job_kind_count, NULL, 0); /* of planned releases */
    return n;
}

static inline PitchWords pitch_words(const char *title) {
    return (PitchWords){ .title = str_from_c(title),
                         .why = S("路修好了，灯没有亮。\n问过后勤处。"),
                         .kind = S("通讯"),
                         .wished_on = STR_EMPTY };
}

/* Proposed by ann at the paper. */
static inline Pitch pitch_new(Newsroom *n, const char *title) {
    PitchWords words = pitch_words(title);
    Pitch p;

    as(n->ctx, &n->ann, &n->paper);
    OK_(pitch_propose(n->ctx, &words, &p));
    return p;
}

/* A feature for the alliance's evening of 1 May 2030; people is borrowed. */
static inline AssignWords assign_words(const int64_t *people, size_t count) {
    return (AssignWords){
        .people = people, .people_count = count, .kind = S("通讯"), .due_at = S("2030-05-01T18:00")
    };
}

/* A pitch of ann's, accepted by ben and assigned to ann; ben stays at the desk. */
static inline Assignment assignment_new(Newsroom *n, const char *title) {
    Pitch p = pitch_new(n, title);
    AssignWords words = assign_words(&n->ann.id, 1);
    Assignment a;

    as(n->ctx, &n->ben, &n->paper);
    OK_(pitch_accept(n->ctx, p.id, p.version, STR_EMPTY, &p));
    OK_(pitch_assign(n->ctx, p.id, p.version, &words, &a));
    return a;
}

#endif
