/* features/manuscript/manuscript_store_review.c - the check of stories in the record file: ways, decisions, remarks. */
#include "base/vec.h"
#include "db/db.h"
#include "features/manuscript/manuscript_rows.h"
#include "features/manuscript/manuscript_store.h"

/* ---- how an outlet checks ---- */

Err manuscript_store_flow_put(Ctx *ctx, int64_t outlet_id, const Flow *flow) {
    return db_exec(
        ctx,
        "INSERT INTO manuscript_flow (outlet_id, kind, flow, proofs, keeps_early, set_by, set_ms)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (outlet_id, kind) DO UPDATE SET"
        " flow = excluded.flow, proofs = excluded.proofs, keeps_early = excluded.keeps_early,"
        " set_by = excluded.set_by, set_ms = excluded.set_ms",
        ARGS(INT(outlet_id), TXT(flow->kind), TXT(flow->name), INT(flow->proofs),
             INT(flow->keeps_early), INT(ctx->person_id), INT(ctx->now_ms)));
}

Err manuscript_store_flow_delete(Ctx *ctx, int64_t outlet_id, Str kind) {
    return db_exec(ctx, "DELETE FROM manuscript_flow WHERE outlet_id = $1 AND kind = $2",
                   ARGS(INT(outlet_id), TXT(kind)));
}

Err manuscript_store_flows(Ctx *ctx, int64_t outlet_id, FlowList *ret) {
    FlowList list = { .items = arena_array(ctx->arena, FLOWS_MAX, sizeof(Flow)) };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT kind, flow, proofs, keeps_early, set_by, set_ms FROM manuscript_flow"
                 " WHERE outlet_id = $1 ORDER BY kind LIMIT 8",
                 ARGS(INT(outlet_id))));
    while (list.len < FLOWS_MAX && db_next(&rows))
        list.items[list.len++] = (Flow){ .kind = db_text(&rows, 0),
                                         .name = db_text(&rows, 1),
                                         .proofs = db_int(&rows, 2),
                                         .keeps_early = db_int(&rows, 3) != 0,
                                         .set_by = db_int(&rows, 4),
                                         .set_ms = db_int(&rows, 5) };
    TRY(db_end(&rows));
    *ret = list;
    return OK;
}

/* ---- the check of a version ---- */

Err manuscript_store_review_put(Ctx *ctx, const Review *review) {
    return db_exec(
        ctx,
        "INSERT INTO manuscript_review (manuscript_id, n, outlet_id, flow, proofs, keeps_early,"
        " submitted_ms, due_ms, done_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " ON CONFLICT (manuscript_id, n) DO UPDATE SET flow = excluded.flow,"
        " proofs = excluded.proofs, keeps_early = excluded.keeps_early,"
        " submitted_ms = excluded.submitted_ms, due_ms = excluded.due_ms,"
        " done_ms = excluded.done_ms",
        ARGS(INT(review->manuscript_id), INT(review->n), INT(review->outlet_id),
             TXT(review->flow.name), INT(review->flow.proofs), INT(review->flow.keeps_early),
             INT(review->submitted_ms), INT(review->due_ms), INT(review->done_ms)));
}

Err manuscript_store_review_delete(Ctx *ctx, int64_t id, int64_t n) {
    return db_exec(ctx, "DELETE FROM manuscript_review WHERE manuscript_id = $1 AND n = $2",
                   ARGS(INT(id), INT(n)));
}

Err manuscript_store_review_get(Ctx *ctx, int64_t id, int64_t n, Review *ret, bool *ret_found) {
    Review review = { .manuscript_id = id, .n = n };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT outlet_id, flow, proofs, keeps_early, submitted_ms, due_ms, done_ms"
                 " FROM manuscript_review WHERE manuscript_id = $1 AND n = $2",
                 ARGS(INT(id), INT(n))));
    bool is_found = db_next(&rows);
    if (is_found) {
        review.outlet_id = db_int(&rows, 0);
        review.flow = (Flow){ .name = db_text(&rows, 1),
                              .proofs = db_int(&rows, 2),
                              .keeps_early = db_int(&rows, 3) != 0 };
        review.submitted_ms = db_int(&rows, 4);
        review.due_ms = db_int(&rows, 5);
        review.done_ms = db_int(&rows, 6);
    }
    TRY(db_end(&rows));
    *ret = review;
    *ret_found = is_found;
    return OK;
}

Err manuscript_store_review_due(Ctx *ctx, int64_t id, int64_t n, int64_t due_ms) {
    return db_exec(ctx,
                   "UPDATE manuscript_review SET due_ms = $3 WHERE manuscript_id = $1 AND n = $2",
                   ARGS(INT(id), INT(n), INT(due_ms)));
}

Err manuscript_store_review_done(Ctx *ctx, int64_t id) {
    return db_exec(ctx,
                   "UPDATE manuscript_review SET done_ms = $2"
                   " WHERE manuscript_id = $1 AND due_ms > 0 AND done_ms = 0",
                   ARGS(INT(id), INT(ctx->now_ms)));
}

Err manuscript_store_reviews_overdue(Ctx *ctx, int64_t *ret) {
    int64_t count = 0;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT count(*) FROM manuscript_review r JOIN manuscript m"
                 " ON m.id = r.manuscript_id WHERE r.done_ms = 0 AND r.due_ms > 0"
                 " AND r.due_ms < $1 AND m.is_public = 1",
                 ARGS(INT(ctx->now_ms))));
    if (db_next(&rows))
        count = db_int(&rows, 0);
    TRY(db_end(&rows));
    *ret = count;
    return OK;
}

/* ---- decisions ---- */

Err manuscript_store_decision_put(Ctx *ctx, const Review *review, const Decision *d) {
    return db_exec(ctx,
                   "INSERT INTO manuscript_decision (id, manuscript_id, outlet_id, n, hash, step,"
                   " outcome, person_id, role, opened_ms, decided_ms, reason, comments, link_by)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                   ARGS(INT(d->id), INT(review->manuscript_id), INT(review->outlet_id), INT(d->n),
                        TXT(d->hash), TXT(d->step), TXT(d->outcome), INT(d->person_id),
                        TXT(d->role), INT(d->opened_ms), INT(d->decided_ms), TXT(d->reason),
                        INT(d->comments), INT(d->link_by)));
}

static Decision read_decision(DbRows *row) {
    return (Decision){ .id = db_int(row, 0),
                       .n = db_int(row, 1),
                       .hash = db_text(row, 2),
                       .step = db_text(row, 3),
                       .outcome = db_text(row, 4),
                       .person_id = db_int(row, 5),
                       .role = db_text(row, 6),
                       .opened_ms = db_int(row, 7),
                       .decided_ms = db_int(row, 8),
                       .reason = db_text(row, 9),
                       .comments = db_int(row, 10),
                       .link_by = db_int(row, 11) };
}

Err manuscript_store_decisions(Ctx *ctx, Review *review) {
    struct {
        Decision *items;
        size_t len, cap;
    } list = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT id, n, hash, step, outcome, person_id, role, opened_ms, decided_ms,"
                 " reason, comments, link_by FROM manuscript_decision"
                 " WHERE manuscript_id = $1 AND n = $2 ORDER BY id LIMIT 100",
                 ARGS(INT(review->manuscript_id), INT(review->n))));
    while (db_next(&rows))
        *(Decision *)VEC_PUSH(ctx->arena, &list) = read_decision(&rows);
    TRY(db_end(&rows));
    review->decisions = list.items;
    review->len = list.len;
    return OK;
}

Err manuscript_store_opened_put(Ctx *ctx, int64_t id, Str hash) {
    return db_exec(ctx,
                   "INSERT INTO manuscript_opened (manuscript_id, hash, person_id, at_ms)"
                   " VALUES ($1, $2, $3, $4) ON CONFLICT (manuscript_id, hash, person_id)"
                   " DO NOTHING",
                   ARGS(INT(id), TXT(hash), INT(ctx->person_id), INT(ctx->now_ms)));
}

Err manuscript_store_opened_get(Ctx *ctx, int64_t id, Str hash, int64_t *ret) {
    int64_t at_ms = 0;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT at_ms FROM manuscript_opened"
                 " WHERE manuscript_id = $1 AND hash = $2 AND person_id = $3",
                 ARGS(INT(id), TXT(hash), INT(ctx->person_id))));
    if (db_next(&rows))
        at_ms = db_int(&rows, 0);
    TRY(db_end(&rows));
    *ret = at_ms;
    return OK;
}

/* ---- remarks ---- */

Err manuscript_store_comment_put(Ctx *ctx, int64_t outlet_id, const Comment *c) {
    return db_exec(ctx,
                   "INSERT INTO manuscript_comment (id, manuscript_id, outlet_id, n, hash,"
                   " person_id, quote, body, made_ms, closed_by, closed_ms)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)",
                   ARGS(INT(c->id), INT(c->manuscript_id), INT(outlet_id), INT(c->n), TXT(c->hash),
                        INT(c->person_id), TXT(c->quote), TXT(c->body), INT(c->made_ms)));
}

Err manuscript_store_comment_close(Ctx *ctx, int64_t id, int64_t comment_id, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "UPDATE manuscript_comment SET"
                         " closed_by = CASE WHEN closed_ms = 0 THEN $3 ELSE closed_by END,"
                         " closed_ms = CASE WHEN closed_ms = 0 THEN $4 ELSE closed_ms END"
                         " WHERE id = $2 AND manuscript_id = $1",
                         ARGS(INT(id), INT(comment_id), INT(ctx->person_id), INT(ctx->now_ms)),
                         ret_changed);
}

static Comment read_comment(DbRows *row, int64_t manuscript_id) {
    return (Comment){ .id = db_int(row, 0),
                      .manuscript_id = manuscript_id,
                      .n = db_int(row, 1),
                      .hash = db_text(row, 2),
                      .person_id = db_int(row, 3),
                      .quote = db_text(row, 4),
                      .body = db_text(row, 5),
                      .made_ms = db_int(row, 6),
                      .closed_by = db_int(row, 7),
                      .closed_ms = db_int(row, 8) };
}

Err manuscript_store_comments(Ctx *ctx, int64_t id, CommentList *ret) {
    struct {
        Comment *items;
        size_t len, cap;
    } list = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT id, n, hash, person_id, quote, body, made_ms, closed_by, closed_ms"
                 " FROM manuscript_comment WHERE manuscript_id = $1"
                 " ORDER BY id DESC LIMIT 200",
                 ARGS(INT(id))));
    while (db_next(&rows))
        *(Comment *)VEC_PUSH(ctx->arena, &list) = read_comment(&rows, id);
    TRY(db_end(&rows));
    *ret = (CommentList){ list.items, list.len };
    return OK;
}

/* Reviews are by three persons and proofs by as many: the first five letters tell them apart. */
Err manuscript_store_waiting_steps(Ctx *ctx, ManuscriptList *ret) {
    struct {
        Manuscript *items;
        size_t len, cap;
    } list = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " MANUSCRIPT_COLUMNS_OF_M " FROM manuscript m JOIN manuscript_version v"
                 " ON v.manuscript_id = m.id AND v.n = m.working_n"
                 " WHERE m.step <> '' AND m.withdrawn_ms = 0"
                 " AND (m.step = 'proof1' OR (m.author_id <> $1 AND v.made_by <> $1))"
                 " AND NOT EXISTS (SELECT 1 FROM manuscript_decision d"
                 " WHERE d.manuscript_id = m.id AND d.n = m.working_n AND d.person_id = $1"
                 " AND d.outcome = 'pass' AND d.hash = v.hash"
                 " AND substr(d.step, 1, 5) = substr(m.step, 1, 5))"
                 " ORDER BY m.changed_ms, m.id LIMIT 500",
                 ARGS(INT(ctx->person_id))));
    while (db_next(&rows))
        *(Manuscript *)VEC_PUSH(ctx->arena, &list) = manuscript_read_row(&rows);
    TRY(db_end(&rows));
    *ret = (ManuscriptList){ list.items, list.len };
    return OK;
}

/* ---- one-time links ---- */

Err manuscript_store_link_put(Ctx *ctx, const SignLink *link) {
    return db_exec(ctx,
                   "INSERT INTO manuscript_link (token_hash, manuscript_id, outlet_id, person_id,"
                   " step, hash, made_by, made_ms, until_ms, used_ms)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)",
                   ARGS(TXT(link->token_hash), INT(link->manuscript_id), INT(link->outlet_id),
                        INT(link->person_id), TXT(link->step), TXT(link->hash), INT(link->made_by),
                        INT(link->made_ms), INT(link->until_ms)));
}

Err manuscript_store_link_get(Ctx *ctx, Str token_hash, SignLink *ret, bool *ret_found) {
    SignLink link = { .token_hash = token_hash };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT manuscript_id, outlet_id, person_id, step, hash, made_by, made_ms,"
                 " until_ms, used_ms FROM manuscript_link WHERE token_hash = $1",
                 ARGS(TXT(token_hash))));
    bool is_found = db_next(&rows);
    if (is_found) {
        link.manuscript_id = db_int(&rows, 0);
        link.outlet_id = db_int(&rows, 1);
        link.person_id = db_int(&rows, 2);
        link.step = db_text(&rows, 3);
        link.hash = db_text(&rows, 4);
        link.made_by = db_int(&rows, 5);
        link.made_ms = db_int(&rows, 6);
        link.until_ms = db_int(&rows, 7);
        link.used_ms = db_int(&rows, 8);
    }
    TRY(db_end(&rows));
    *ret = link;
    *ret_found = is_found;
    return OK;
}

Err manuscript_store_link_use(Ctx *ctx, Str token_hash, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "UPDATE manuscript_link SET used_ms = $2"
                         " WHERE token_hash = $1 AND used_ms = 0",
                         ARGS(TXT(token_hash), INT(ctx->now_ms)), ret_changed);
}
