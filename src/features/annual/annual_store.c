/* features/annual/annual_store.c - the only file that knows the tables `annual_*`. */
#include "features/annual/annual_store.h"

#include "base/vec.h"
#include "db/db.h"

/* The order read_row() expects. */
#define COLUMNS                                                                                    \
    "id, outlet_id, year, form, opened_ms, opened_by, answer_by, checks, answered_ms, decision,"   \
    " due_on, decisions, decided_ms, decided_by, version"

static AnnualReview read_row(DbRows *row) {
    return (AnnualReview){
        .id = db_int(row, 0),
        .outlet_id = db_int(row, 1),
        .year = db_int(row, 2),
        .form = db_int(row, 3),
        .opened_ms = db_int(row, 4),
        .opened_by = db_int(row, 5),
        .answer_by = db_text(row, 6),
        .checks = db_int(row, 7),
        .answered_ms = db_int(row, 8),
        .decision = db_text(row, 9),
        .due_on = db_text(row, 10),
        .decisions = db_int(row, 11),
        .decided_ms = db_int(row, 12),
        .decided_by = db_int(row, 13),
        .version = db_int(row, 14),
    };
}

static Err read_one(DbRows *rows, AnnualReview *ret) {
    AnnualReview review = { 0 };

    if (db_next(rows))
        review = read_row(rows);
    TRY(db_end(rows));
    *ret = review;
    return OK;
}

static Err read_all(Ctx *ctx, DbRows *rows, AnnualReviewList *ret) {
    VEC(AnnualReview) list = { 0 };

    while (db_next(rows))
        *VEC_PUSH(ctx->arena, &list) = read_row(rows);
    TRY(db_end(rows)); /* an error half-way is an error, not a short list */
    *ret = (AnnualReviewList){ list.items, list.len };
    return OK;
}

/* ---- reviews ---- */

Err annual_store_insert(Ctx *ctx, const AnnualReview *r, bool *ret_made) {
    int64_t count;

    TRY(db_exec_count(ctx,
                      "INSERT INTO annual_review (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7,"
                      " $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING",
                      ARGS(INT(r->id), INT(r->outlet_id), INT(r->year), INT(r->form),
                           INT(r->opened_ms), INT(r->opened_by), TXT(r->answer_by), INT(r->checks),
                           INT(r->answered_ms), TXT(r->decision), TXT(r->due_on), INT(r->decisions),
                           INT(r->decided_ms), INT(r->decided_by), INT(r->version)),
                      &count));
    *ret_made = count > 0;
    return OK;
}

Err annual_store_get(Ctx *ctx, int64_t id, AnnualReview *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " COLUMNS " FROM annual_review WHERE id = $1", ARGS(INT(id))));
    return read_one(&rows, ret);
}

Err annual_store_of_outlet(Ctx *ctx, int64_t outlet_id, int64_t year, AnnualReview *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM annual_review WHERE outlet_id = $1"
                 " AND (CAST($2 AS BIGINT) = 0 OR year = $2) ORDER BY year DESC LIMIT 1",
                 ARGS(INT(outlet_id), INT(year))));
    return read_one(&rows, ret);
}

Err annual_store_list_of_outlet(Ctx *ctx, int64_t outlet_id, AnnualReviewList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS
                 " FROM annual_review WHERE outlet_id = $1 ORDER BY year DESC LIMIT $2",
                 ARGS(INT(outlet_id), INT(ANNUAL_LIST_MAX))));
    return read_all(ctx, &rows, ret);
}

Err annual_store_list(Ctx *ctx, int64_t year, int64_t after_id, int64_t limit,
                      AnnualReviewList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS
                 " FROM annual_review WHERE year = $1 AND id > $2 ORDER BY id LIMIT $3",
                 ARGS(INT(year), INT(after_id), INT(limit))));
    return read_all(ctx, &rows, ret);
}

Err annual_store_counts(Ctx *ctx, int64_t year, Str today, AnnualCounts *ret) {
    AnnualCounts counts = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT decision, CASE WHEN checks > 0 THEN 1 ELSE 0 END,"
                 " CASE WHEN answer_by < $2 THEN 1 ELSE 0 END, COUNT(*) FROM annual_review"
                 " WHERE year = $1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 LIMIT 20",
                 ARGS(INT(year), TXT(today))));
    while (db_next(&rows)) {
        Str decision = db_text(&rows, 0);
        bool is_answered = db_int(&rows, 1) == 1, is_late = db_int(&rows, 2) == 1;
        int64_t count = db_int(&rows, 3);
        if (str_eq(decision, S("passed")))
            counts.passed += count;
        else if (str_eq(decision, S("rectify")))
            counts.rectify += count;
        else if (str_eq(decision, S("suspended")))
            counts.suspended += count;
        else
            *(is_answered ? &counts.answered : is_late ? &counts.overdue : &counts.open) += count;
    }
    TRY(db_end(&rows));
    *ret = counts;
    return OK;
}

Err annual_store_office(Ctx *ctx, Str today, int64_t limit, AnnualReviewList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM annual_review"
                 " WHERE (decision = '' AND (checks > 0 OR answer_by < $1))"
                 " OR (decision = 'rectify' AND due_on < $1) ORDER BY answer_by, id LIMIT $2",
                 ARGS(TXT(today), INT(limit))));
    return read_all(ctx, &rows, ret);
}

enum { OUTLETS_AT_ONCE = 60 };

Err annual_store_outlets(Ctx *ctx, const int64_t *outlet_ids, size_t count, int64_t limit,
                         AnnualReviewList *ret) {
    DbArg args[OUTLETS_AT_ONCE + 1];
    DB_ROWS(rows);

    for (size_t i = 0; i < OUTLETS_AT_ONCE; i++)
        args[i] = INT(i < count ? outlet_ids[i] : 0); /* no outlet has id 0 */
    args[OUTLETS_AT_ONCE] = INT(limit);
    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM annual_review WHERE outlet_id IN ($1, $2, $3, $4, $5, $6,"
                 " $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,"
                 " $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38,"
                 " $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54,"
                 " $55, $56, $57, $58, $59, $60)"
                 " AND ((decision = '' AND checks = 0) OR decision = 'rectify')"
                 " ORDER BY answer_by, id LIMIT $61",
                 args, COUNT_OF(args)));
    return read_all(ctx, &rows, ret);
}

Err annual_store_update(Ctx *ctx, const AnnualReview *r, int64_t *ret_changed) {
    return db_exec_count(
        ctx,
        "UPDATE annual_review SET checks = $3, answered_ms = $4, decision = $5, due_on = $6,"
        " decisions = $7, decided_ms = $8, decided_by = $9, version = version + 1"
        " WHERE id = $1 AND version = $2",
        ARGS(INT(r->id), INT(r->version), INT(r->checks), INT(r->answered_ms), TXT(r->decision),
             TXT(r->due_on), INT(r->decisions), INT(r->decided_ms), INT(r->decided_by)),
        ret_changed);
}

/* ---- self-checks ---- */

Err annual_store_insert_check(Ctx *ctx, int64_t review_id, const AnnualCheck *check) {
    TRY(db_exec(
        ctx,
        "INSERT INTO annual_check (id, review_id, n, by_id, at_ms)"
        " VALUES ($1, $2, $3, $4, $5)",
        ARGS(INT(check->id), INT(review_id), INT(check->n), INT(check->by_id), INT(check->at_ms))));
    for (size_t i = 0; i < check->len; i++) {
        const AnnualAnswer *answer = &check->answers[i];
        TRY(db_exec(ctx,
                    "INSERT INTO annual_answer (check_id, no, is_yes, remark)"
                    " VALUES ($1, $2, $3, $4)",
                    ARGS(INT(check->id), INT(answer->no), INT(answer->is_yes ? 1 : 0),
                         TXT(answer->remark))));
    }
    return OK;
}

static Err read_answers(Ctx *ctx, AnnualCheck *check) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT no, is_yes, remark FROM annual_answer WHERE check_id = $1"
                 " ORDER BY no LIMIT $2",
                 ARGS(INT(check->id), INT(ANNUAL_QUESTIONS_MAX))));
    while (db_next(&rows))
        check->answers[check->len++] =
            (AnnualAnswer){ db_int(&rows, 0), db_int(&rows, 1) == 1, db_text(&rows, 2) };
    return db_end(&rows);
}

Err annual_store_check(Ctx *ctx, int64_t review_id, AnnualCheck *ret) {
    AnnualCheck check = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT id, n, by_id, at_ms FROM annual_check WHERE review_id = $1"
                 " ORDER BY n DESC LIMIT 1",
                 ARGS(INT(review_id))));
    if (db_next(&rows))
        check = (AnnualCheck){ .id = db_int(&rows, 0),
                               .n = db_int(&rows, 1),
                               .by_id = db_int(&rows, 2),
                               .at_ms = db_int(&rows, 3) };
    TRY(db_end(&rows));
    if (check.id)
        TRY(read_answers(ctx, &check));
    *ret = check;
    return OK;
}

Err annual_store_has_answered(Ctx *ctx, int64_t review_id, int64_t person_id, bool *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT id FROM annual_check WHERE review_id = $1 AND by_id = $2 LIMIT 1",
                 ARGS(INT(review_id), INT(person_id))));
    bool has = db_next(&rows);
    TRY(db_end(&rows));
    *ret = has;
    return OK;
}

/* ---- decisions ---- */

#define DECISION_COLUMNS                                                                           \
    "id, review_id, outlet_id, year, n, decision, findings, measure, due_on, reason, by_id, role," \
    " at_ms"

Err annual_store_insert_decision(Ctx *ctx, const AnnualDecision *d) {
    return db_exec(ctx,
                   "INSERT INTO annual_decision (" DECISION_COLUMNS ") VALUES ($1, $2, $3, $4, $5,"
                   " $6, $7, $8, $9, $10, $11, $12, $13)",
                   ARGS(INT(d->id), INT(d->review_id), INT(d->outlet_id), INT(d->year), INT(d->n),
                        TXT(d->decision), TXT(d->findings), TXT(d->measure), TXT(d->due_on),
                        TXT(d->reason), INT(d->by_id), TXT(d->role), INT(d->at_ms)));
}

Err annual_store_decisions(Ctx *ctx, int64_t outlet_id, int64_t limit, AnnualDecisionList *ret) {
    VEC(AnnualDecision) list = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " DECISION_COLUMNS " FROM annual_decision WHERE outlet_id = $1"
                 " ORDER BY at_ms DESC, id DESC LIMIT $2",
                 ARGS(INT(outlet_id), INT(limit))));
    while (db_next(&rows))
        *VEC_PUSH(ctx->arena, &list) = (AnnualDecision){
            .id = db_int(&rows, 0),
            .review_id = db_int(&rows, 1),
            .outlet_id = db_int(&rows, 2),
            .year = db_int(&rows, 3),
            .n = db_int(&rows, 4),
            .decision = db_text(&rows, 5),
            .findings = db_text(&rows, 6),
            .measure = db_text(&rows, 7),
            .due_on = db_text(&rows, 8),
            .reason = db_text(&rows, 9),
            .by_id = db_int(&rows, 10),
            .role = db_text(&rows, 11),
            .at_ms = db_int(&rows, 12),
        };
    TRY(db_end(&rows));
    *ret = (AnnualDecisionList){ list.items, list.len };
    return OK;
}
