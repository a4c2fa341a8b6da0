/* features/intake/intake_feed_store.c - the only file that knows the tables of feeds and fetches. */
#include "features/intake/intake_feed_store.h"

#include <assert.h>

#include "db/db.h"

#define COLUMNS                                                                                    \
    "id, outlet_id, url, title, state, why, person_id, added_ms, changed_ms, run, version, "       \
    "first_ms"

static IntakeFeed read_row(DbRows *row) {
    return (IntakeFeed){ .id = db_int(row, 0),
                         .outlet_id = db_int(row, 1),
                         .url = db_text(row, 2),
                         .title = db_text(row, 3),
                         .state = db_text(row, 4),
                         .why = db_text(row, 5),
                         .person_id = db_int(row, 6),
                         .added_ms = db_int(row, 7),
                         .changed_ms = db_int(row, 8),
                         .run = db_int(row, 9),
                         .version = db_int(row, 10),
                         .first_ms = db_int(row, 11) };
}

static Err read_one(DbRows *rows, IntakeFeed *ret) {
    IntakeFeed feed = { 0 };

    if (db_next(rows))
        feed = read_row(rows);
    TRY(db_end(rows));
    *ret = feed;
    return OK;
}

Err intake_feed_store_insert(Ctx *ctx, const IntakeFeed *f, bool *ret_is_new) {
    int64_t changed = 0;

    TRY(db_exec_count(ctx,
                      "INSERT INTO intake_feed (" COLUMNS
                      ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
                      " ON CONFLICT (url) WHERE state <> 'ended' DO NOTHING",
                      ARGS(INT(f->id), INT(f->outlet_id), TXT(f->url), TXT(f->title), TXT(f->state),
                           TXT(f->why), INT(f->person_id), INT(f->added_ms), INT(f->changed_ms),
                           INT(f->run), INT(f->version), INT(f->first_ms)),
                      &changed));
    *ret_is_new = changed > 0;
    return OK;
}

Err intake_feed_store_get(Ctx *ctx, int64_t id, IntakeFeed *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " COLUMNS " FROM intake_feed WHERE id = $1", ARGS(INT(id))));
    return read_one(&rows, ret);
}

enum { FEEDS_AT_ONCE = 20 };

static Err some_feeds(Ctx *ctx, const int64_t *ids, size_t count, IntakeFeed *ret) {
    DbArg args[FEEDS_AT_ONCE];
    DB_ROWS(rows);

    for (size_t i = 0; i < FEEDS_AT_ONCE; i++)
        args[i] = INT(i < count ? ids[i] : 0); /* no feed has id 0 */
    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM intake_feed WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8,"
                 " $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
                 args, FEEDS_AT_ONCE));
    while (db_next(&rows)) {
        IntakeFeed feed = read_row(&rows);
        for (size_t i = 0; i < count; i++)
            if (ids[i] == feed.id)
                ret[i] = feed;
    }
    return db_end(&rows);
}

Err intake_feed_store_get_many(Ctx *ctx, const int64_t *ids, size_t count, IntakeFeed *ret) {
    for (size_t from = 0; from < count; from += FEEDS_AT_ONCE) {
        size_t some = count - from < FEEDS_AT_ONCE ? count - from : FEEDS_AT_ONCE;
        TRY(some_feeds(ctx, ids + from, some, ret + from));
    }
    return OK;
}

Err intake_feed_store_by_url(Ctx *ctx, Str url, IntakeFeed *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM intake_feed WHERE url = $1 AND state <> 'ended'"
                 " ORDER BY id LIMIT 1",
                 ARGS(TXT(url))));
    return read_one(&rows, ret);
}

Err intake_feed_store_count(Ctx *ctx, int64_t outlet_id, int64_t *ret) {
    int64_t count = 0;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT COUNT(*) FROM intake_feed WHERE outlet_id = $1 AND state <> 'ended'",
                 ARGS(INT(outlet_id))));
    if (db_next(&rows))
        count = db_int(&rows, 0);
    TRY(db_end(&rows));
    *ret = count;
    return OK;
}

static Err list_of(Ctx *ctx, const int64_t *ids, size_t count, Str state, int64_t after_id,
                   int limit, DbRows *rows) {
    DbArg args[FEED_OUTLETS_MAX + 3];

    for (size_t i = 0; i < FEED_OUTLETS_MAX; i++)
        args[i] = INT(i < count ? ids[i] : 0); /* no outlet has id 0 */
    args[FEED_OUTLETS_MAX] = TXT(state);
    args[FEED_OUTLETS_MAX + 1] = INT(after_id);
    args[FEED_OUTLETS_MAX + 2] = INT(limit);
    return db_query(ctx, rows,
                    "SELECT " COLUMNS " FROM intake_feed WHERE outlet_id IN ($1, $2, $3, $4, $5,"
                    " $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,"
                    " $22, $23, $24, $25, $26, $27, $28, $29, $30)"
                    " AND ($31 = '' OR state = $31) AND id > $32 ORDER BY id LIMIT $33",
                    args, COUNT_OF(args));
}

Err intake_feed_store_list(Ctx *ctx, const int64_t *outlet_ids, size_t outlet_count, Str state,
                           int64_t after_id, int limit, IntakeFeeds *ret) {
    IntakeFeeds list = { .items = arena_array(ctx->arena, (size_t)limit, sizeof(IntakeFeed)) };
    DB_ROWS(rows);

    assert(limit >= 1 && limit <= FEED_LIST_MAX && outlet_count <= FEED_OUTLETS_MAX);
    if (outlet_ids)
        TRY(list_of(ctx, outlet_ids, outlet_count, state, after_id, limit, &rows));
    else
        TRY(db_query(ctx, &rows,
                     "SELECT " COLUMNS " FROM intake_feed WHERE ($1 = '' OR state = $1)"
                     " AND id > $2 ORDER BY id LIMIT $3",
                     ARGS(TXT(state), INT(after_id), INT(limit))));
    while (db_next(&rows))
        list.items[list.len++] = read_row(&rows);
    TRY(db_end(&rows));
    *ret = list;
    return OK;
}

Err intake_feed_store_update(Ctx *ctx, const IntakeFeed *f, bool *ret_is_done) {
    int64_t changed = 0;

    TRY(db_exec_count(ctx,
                      "UPDATE intake_feed SET url = $3, title = $4, state = $5, why = $6,"
                      " changed_ms = $7, run = $8, version = version + 1"
                      " WHERE id = $1 AND version = $2",
                      ARGS(INT(f->id), INT(f->version), TXT(f->url), TXT(f->title), TXT(f->state),
                           TXT(f->why), INT(f->changed_ms), INT(f->run)),
                      &changed));
    *ret_is_done = changed > 0;
    return OK;
}

Err intake_feed_store_next_run(Ctx *ctx, int64_t id, int64_t run, int64_t *ret_run) {
    int64_t next = 0;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "UPDATE intake_feed SET run = run + 1 WHERE id = $1 AND state = 'active'"
                 " AND (run = $2 OR $2 = -1) RETURNING run",
                 ARGS(INT(id), INT(run))));
    if (db_next(&rows))
        next = db_int(&rows, 0);
    TRY(db_end(&rows));
    *ret_run = next;
    return OK;
}

Err intake_feed_store_asked(Ctx *ctx, int64_t id) {
    return db_exec(ctx, "UPDATE intake_feed SET first_ms = $2 WHERE id = $1 AND first_ms = 0",
                   ARGS(INT(id), INT(ctx->now_ms)));
}

#define FIRST_COLUMNS                                                                              \
    "outlet_id, COUNT(*), COUNT(CASE WHEN first_ms > 0 THEN 1 END),"                               \
    " COUNT(CASE WHEN first_ms = 0 AND state = 'paused' THEN 1 END)"
#define FIRST_HAVING                                                                               \
    " GROUP BY outlet_id HAVING COUNT(CASE WHEN first_ms = 0 THEN 1 END) > 0 ORDER BY outlet_id"

static Err first_of(Ctx *ctx, const int64_t *ids, size_t count, DbRows *rows) {
    DbArg args[FEED_OUTLETS_MAX + 1];

    for (size_t i = 0; i < FEED_OUTLETS_MAX; i++)
        args[i] = INT(i < count ? ids[i] : 0); /* no outlet has id 0 */
    args[FEED_OUTLETS_MAX] = INT(FEED_LIST_MAX);
    return db_query(
        ctx, rows,
        "SELECT " FIRST_COLUMNS " FROM intake_feed WHERE outlet_id IN ($1, $2, $3, $4,"
        " $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"
        " $21, $22, $23, $24, $25, $26, $27, $28, $29, $30) AND state <> 'ended'" FIRST_HAVING
        " LIMIT $31",
        args, COUNT_OF(args));
}

Err intake_feed_store_first(Ctx *ctx, const int64_t *outlet_ids, size_t outlet_count,
                            FeedFirst *ret, size_t *ret_len) {
    size_t len = 0;
    DB_ROWS(rows);

    if (outlet_ids)
        TRY(first_of(ctx, outlet_ids, outlet_count, &rows));
    else
        TRY(db_query(ctx, &rows,
                     "SELECT " FIRST_COLUMNS " FROM intake_feed WHERE state <> 'ended'" FIRST_HAVING
                     " LIMIT $1",
                     ARGS(INT(FEED_LIST_MAX))));
    while (db_next(&rows))
        ret[len++] =
            (FeedFirst){ db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2), db_int(&rows, 3) };
    TRY(db_end(&rows));
    *ret_len = len;
    return OK;
}

Err intake_feed_store_title(Ctx *ctx, int64_t id, Str title) {
    return db_exec(ctx, "UPDATE intake_feed SET title = $2 WHERE id = $1 AND title <> $2",
                   ARGS(INT(id), TXT(title)));
}

/* ---- derived.db ---- */

#define STATE_COLUMNS                                                                              \
    "feed_id, etag, last_modified, body_hash, next_ms, interval_ms, failures, last_ms, last_ok_ms" \
    ", outcome, status, wait, moved_url, moved_ms, moved_times, hub, topic, told_ms, skip_hours"   \
    ", skip_days"

static IntakeState read_state(DbRows *row) {
    return (IntakeState){ .feed_id = db_int(row, 0),
                          .etag = db_text(row, 1),
                          .last_modified = db_text(row, 2),
                          .body_hash = db_text(row, 3),
                          .next_ms = db_int(row, 4),
                          .interval_ms = db_int(row, 5),
                          .failures = db_int(row, 6),
                          .last_ms = db_int(row, 7),
                          .last_ok_ms = db_int(row, 8),
                          .outcome = db_text(row, 9),
                          .status = db_int(row, 10),
                          .wait = db_text(row, 11),
                          .moved_url = db_text(row, 12),
                          .moved_ms = db_int(row, 13),
                          .moved_times = db_int(row, 14),
                          .hub = db_text(row, 15),
                          .topic = db_text(row, 16),
                          .told_ms = db_int(row, 17),
                          .skip_hours = db_int(row, 18),
                          .skip_days = db_int(row, 19) };
}

enum { STATES_AT_ONCE = 20 };

static Err some_states(Ctx *ctx, const int64_t *ids, size_t count, IntakeState *ret) {
    DbArg args[STATES_AT_ONCE];
    DB_ROWS(rows);

    for (size_t i = 0; i < STATES_AT_ONCE; i++)
        args[i] = INT(i < count ? ids[i] : 0);
    TRY(db_query_derived(ctx, &rows,
                         "SELECT " STATE_COLUMNS " FROM intake_state WHERE feed_id IN ($1, $2, $3,"
                         " $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
                         " $19, $20)",
                         args, STATES_AT_ONCE));
    while (db_next(&rows)) {
        IntakeState state = read_state(&rows);
        for (size_t i = 0; i < count; i++)
            if (ids[i] == state.feed_id)
                ret[i] = state;
    }
    return db_end(&rows);
}

Err intake_feed_store_states(Ctx *ctx, const int64_t *ids, size_t count, IntakeState *ret) {
    for (size_t from = 0; from < count; from += STATES_AT_ONCE) {
        size_t some = count - from < STATES_AT_ONCE ? count - from : STATES_AT_ONCE;
        TRY(some_states(ctx, ids + from, some, ret + from));
    }
    return OK;
}

Err intake_feed_store_fetches(Ctx *ctx, int64_t id, IntakeFetches *ret) {
    IntakeFetches list = { .items =
                               arena_array(ctx->arena, FEED_FETCHES_KEPT, sizeof(IntakeFetch)) };
    DB_ROWS(rows);

    TRY(db_query_derived(ctx, &rows,
                         "SELECT run, at_ms, outcome, status, bytes, items, fresh, changed, took_ms"
                         " FROM intake_fetch WHERE feed_id = $1 ORDER BY run DESC LIMIT $2",
                         ARGS(INT(id), INT(FEED_FETCHES_KEPT))));
    while (db_next(&rows))
        list.items[list.len++] = (IntakeFetch){ .run = db_int(&rows, 0),
                                                .at_ms = db_int(&rows, 1),
                                                .outcome = db_text(&rows, 2),
                                                .status = db_int(&rows, 3),
                                                .bytes = db_int(&rows, 4),
                                                .items = db_int(&rows, 5),
                                                .fresh = db_int(&rows, 6),
                                                .changed = db_int(&rows, 7),
                                                .took_ms = db_int(&rows, 8) };
    TRY(db_end(&rows));
    *ret = list;
    return OK;
}

static Err put_state(Ctx *ctx, const IntakeState *s) {
    return db_exec_derived(
        ctx,
        "INSERT INTO intake_state (" STATE_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,"
        " $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) ON CONFLICT (feed_id) DO UPDATE "
        "SET etag = excluded.etag,"
        " last_modified = excluded.last_modified, body_hash = excluded.body_hash,"
        " next_ms = excluded.next_ms, interval_ms = excluded.interval_ms,"
        " failures = excluded.failures, last_ms = excluded.last_ms,"
        " last_ok_ms = excluded.last_ok_ms, outcome = excluded.outcome, status = excluded.status,"
        " wait = excluded.wait, moved_url = excluded.moved_url, moved_ms = excluded.moved_ms,"
        " moved_times = excluded.moved_times, hub = excluded.hub, topic = excluded.topic,"
        " told_ms = excluded.told_ms, skip_hours = excluded.skip_hours,"
        " skip_days = excluded.skip_days",
        ARGS(INT(s->feed_id), TXT(s->etag), TXT(s->last_modified), TXT(s->body_hash),
             INT(s->next_ms), INT(s->interval_ms), INT(s->failures), INT(s->last_ms),
             INT(s->last_ok_ms), TXT(s->outcome), INT(s->status), TXT(s->wait), TXT(s->moved_url),
             INT(s->moved_ms), INT(s->moved_times), TXT(s->hub), TXT(s->topic), INT(s->told_ms),
             INT(s->skip_hours), INT(s->skip_days)));
}

static Err put_fetch(Ctx *ctx, int64_t feed_id, const IntakeFetch *f) {
    TRY(db_exec_derived(ctx,
                        "INSERT INTO intake_fetch (feed_id, run, at_ms, outcome, status, bytes,"
                        " items, fresh, changed, took_ms)"
                        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                        " ON CONFLICT (feed_id, run) DO NOTHING",
                        ARGS(INT(feed_id), INT(f->run), INT(f->at_ms), TXT(f->outcome),
                             INT(f->status), INT(f->bytes), INT(f->items), INT(f->fresh),
                             INT(f->changed), INT(f->took_ms))));
    return db_exec_derived(ctx, "DELETE FROM intake_fetch WHERE feed_id = $1 AND run <= $2",
                           ARGS(INT(feed_id), INT(f->run - FEED_FETCHES_KEPT)));
}

Err intake_feed_store_keep(Ctx *ctx, const IntakeState *state, const IntakeFetch *fetch) {
    DB_TX(tx);

    TRY(db_begin_derived(ctx, &tx));
    TRY(put_state(ctx, state));
    if (fetch)
        TRY(put_fetch(ctx, state->feed_id, fetch));
    return db_commit(&tx);
}

Err intake_feed_store_keep_many(Ctx *ctx, const IntakeState *states, const IntakeFetch *fetches,
                                size_t count) {
    DB_TX(tx);

    TRY(db_begin_derived(ctx, &tx));
    for (size_t i = 0; i < count; i++) {
        TRY(put_state(ctx, &states[i]));
        TRY(put_fetch(ctx, states[i].feed_id, &fetches[i]));
    }
    return db_commit(&tx);
}
