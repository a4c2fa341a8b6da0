/* test_newsroom.h - what tests of stories share: the alliance of test_alliance.h, and stories in each state. */
#ifndef FEATURES_MANUSCRIPT_TEST_NEWSROOM_H
#define FEATURES_MANUSCRIPT_TEST_NEWSROOM_H

#include "features/manuscript/manuscript.h"
#include "features/manuscript/manuscript_states.h"
#include "features/media/test_alliance.h"

extern const Migration manuscript_migrations[];
extern const size_t manuscript_migrations_count;

static inline Newsroom newsroom_new(void) {
    Newsroom n = newsroom_begin();

    world_migrate(&n.w, manuscript_migrations, manuscript_migrations_count);
    queue_use(&work_job_kind, 1, NULL, 0);
    work_use(&manuscript_import_work, 1);
    return n;
}

static inline Filing news_filing(const char *title, const char *text) {
    return (Filing){ .kind = S("消息"),
                     .lang = S("zh"),
                     .title = str_from_c(title),
                     .summary = S("一句话。"),
                     .source = str_from_c(text),
                     .format = S("markdown") };
}

/* A draft of ann's at the paper. */
static inline Manuscript news_draft(Newsroom *n, const char *title) {
    Filing filing = news_filing(title, "第一段。\n\n第二段。");
    Manuscript m;

    as(n->ctx, &n->ann, &n->paper);
    OK_(manuscript_file(n->ctx, &filing, &m));
    return m;
}

/* Written by ann, released by ben. */
static inline Manuscript news_published(Newsroom *n, const char *title) {
    Manuscript m = news_draft(n, title);

    OK_(manuscript_submit(n->ctx, m.id, m.version, &m));
    as(n->ctx, &n->ben, &n->paper);
    OK_(manuscript_release(n->ctx, m.id, m.version, &m));
    as(n->ctx, &n->ann, &n->paper);
    return m;
}

/* Version 2 of it, written by ann, in the state revising. */
static inline Manuscript news_revising(Newsroom *n, const char *title, const char *text) {
    Manuscript m = news_published(n, title);
    Filing filing = news_filing(title, text);

    OK_(manuscript_change(n->ctx, m.id, m.version, &filing, &m));
    return m;
}

#endif
