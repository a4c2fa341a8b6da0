/* features/planning/planning_store_assign.c - the only file that knows the tables of assignments. */
#include <assert.h>

#include "db/db.h"
#include "features/planning/planning_store.h"

#define SELECT                                                                                     \
    "SELECT a.id, a.pitch_id, a.outlet_id, p.title, a.kind, a.due_local, a.due_zone, a.due_ms,"    \
    " a.due_fit, a.due_rules, a.state, a.assigned_by, a.assigned_ms, a.story_id, a.begun_by,"      \
    " a.reason, a.changed_ms, a.version FROM assignment a JOIN pitch p ON p.id = a.pitch_id"

static Assignment read_row(DbRows *row) {
    return (Assignment){ .id = db_int(row, 0),
                         .pitch_id = db_int(row, 1),
                         .outlet_id = db_int(row, 2),
                         .title = db_text(row, 3),
                         .kind = db_text(row, 4),
                         .due = { .local = db_text(row, 5),
                                  .zone = db_text(row, 6),
                                  .at_ms = db_int(row, 7),
                                  .fit = db_text(row, 8),
                                  .rules = db_text(row, 9) },
                         .state = db_text(row, 10),
                         .assigned_by = db_int(row, 11),
                         .assigned_ms = db_int(row, 12),
                         .story_id = db_int(row, 13),
                         .begun_by = db_int(row, 14),
                         .reason = db_text(row, 15),
                         .changed_ms = db_int(row, 16),
                         .version = db_int(row, 17) };
}

static Err read_list(Ctx *ctx, DbRows *rows, size_t max, AssignmentList *ret) {
    AssignmentList list = { .items = arena_array(ctx->arena, max, sizeof(Assignment)) };

    while (db_next(rows))
        list.items[list.len++] = read_row(rows);
    TRY(db_end(rows));
    *ret = list;
    return OK;
}

Err assignment_store_insert(Ctx *ctx, const Assignment *a) {
    return db_exec(ctx,
                   "INSERT INTO assignment (id, pitch_id, outlet_id, kind, due_local, due_zone,"
                   " due_ms, due_fit, due_rules, state, assigned_by, assigned_ms, story_id,"
                   " begun_by, reason, changed_ms, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
                   " $9, $10, $11, $12, $13, $14, $15, $16, $17)",
                   ARGS(INT(a->id), INT(a->pitch_id), INT(a->outlet_id), TXT(a->kind),
                        TXT(a->due.local), TXT(a->due.zone), INT(a->due.at_ms), TXT(a->due.fit),
                        TXT(a->due.rules), TXT(a->state), INT(a->assigned_by), INT(a->assigned_ms),
                        INT(a->story_id), INT(a->begun_by), TXT(a->reason), INT(a->changed_ms),
                        INT(a->version)));
}

Err assignment_store_add_person(Ctx *ctx, int64_t id, int64_t person_id) {
    return db_exec(ctx, "INSERT INTO assignment_person (assignment_id, person_id) VALUES ($1, $2)",
                   ARGS(INT(id), INT(person_id)));
}

Err assignment_store_get(Ctx *ctx, int64_t id, Assignment *ret) {
    Assignment a = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, SELECT " WHERE a.id = $1", ARGS(INT(id))));
    if (db_next(&rows))
        a = read_row(&rows);
    TRY(db_end(&rows));
    *ret = a;
    return OK;
}

Err assignment_store_update(Ctx *ctx, const Assignment *a, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "UPDATE assignment SET due_local = $3, due_zone = $4, due_ms = $5,"
                         " due_fit = $6, due_rules = $7, state = $8, story_id = $9, begun_by = $10,"
                         " reason = $11, changed_ms = $12, version = version + 1"
                         " WHERE id = $1 AND version = $2",
                         ARGS(INT(a->id), INT(a->version), TXT(a->due.local), TXT(a->due.zone),
                              INT(a->due.at_ms), TXT(a->due.fit), TXT(a->due.rules), TXT(a->state),
                              INT(a->story_id), INT(a->begun_by), TXT(a->reason),
                              INT(a->changed_ms)),
                         ret_changed);
}

Err assignment_store_of_pitch(Ctx *ctx, int64_t pitch_id, AssignmentList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, SELECT " WHERE a.pitch_id = $1 ORDER BY a.id LIMIT $2",
                 ARGS(INT(pitch_id), INT(ASSIGNMENTS_OF_PITCH_MAX))));
    return read_list(ctx, &rows, ASSIGNMENTS_OF_PITCH_MAX, ret);
}

Err assignment_store_people(Ctx *ctx, int64_t pitch_id, AssignmentPeople *ret) {
    enum { MAX = ASSIGNMENTS_OF_PITCH_MAX * ASSIGNMENT_PEOPLE_MAX };
    AssignmentPeople list = { .items = arena_array(ctx->arena, MAX, sizeof(AssignmentPerson)) };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT w.assignment_id, w.person_id FROM assignment_person w"
                 " JOIN assignment a ON a.id = w.assignment_id WHERE a.pitch_id = $1"
                 " ORDER BY w.assignment_id, w.person_id LIMIT $2",
                 ARGS(INT(pitch_id), INT(MAX))));
    while (db_next(&rows))
        list.items[list.len++] = (AssignmentPerson){ db_int(&rows, 0), db_int(&rows, 1) };
    TRY(db_end(&rows));
    *ret = list;
    return OK;
}

Err assignment_store_is_of(Ctx *ctx, int64_t id, int64_t person_id, bool *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT person_id FROM assignment_person WHERE assignment_id = $1"
                 " AND person_id = $2",
                 ARGS(INT(id), INT(person_id))));
    bool is_of = db_next(&rows);
    TRY(db_end(&rows));
    *ret = is_of;
    return OK;
}

Err assignment_store_of_person(Ctx *ctx, int64_t person_id, int limit, AssignmentList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 SELECT " JOIN assignment_person w ON w.assignment_id = a.id"
                        " WHERE w.person_id = $1 AND a.state = 'assigned'"
                        " ORDER BY a.due_ms, a.id LIMIT $2",
                 ARGS(INT(person_id), INT(limit))));
    return read_list(ctx, &rows, (size_t)limit, ret);
}

Err assignment_store_of_person_between(Ctx *ctx, int64_t person_id, int64_t from_ms,
                                       int64_t until_ms, int limit, AssignmentList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 SELECT " JOIN assignment_person w ON w.assignment_id = a.id"
                        " WHERE w.person_id = $1 AND a.due_ms >= $2 AND a.due_ms < $3"
                        " AND a.state IN ('assigned', 'begun') ORDER BY a.due_ms, a.id LIMIT $4",
                 ARGS(INT(person_id), INT(from_ms), INT(until_ms), INT(limit))));
    return read_list(ctx, &rows, (size_t)limit, ret);
}

Err assignment_store_overdue_by(Ctx *ctx, int64_t assigned_by, int64_t due_before_ms, int limit,
                                AssignmentList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 SELECT " WHERE a.assigned_by = $1 AND a.state = 'assigned' AND a.due_ms < $2"
                        " ORDER BY a.due_ms, a.id LIMIT $3",
                 ARGS(INT(assigned_by), INT(due_before_ms), INT(limit))));
    return read_list(ctx, &rows, (size_t)limit, ret);
}

Err assignment_store_of_stories(Ctx *ctx, const int64_t *ids, size_t count, AssignmentList *ret) {
    DbArg args[ASSIGNMENT_STORIES_MAX];
    DB_ROWS(rows);

    for (size_t i = 0; i < ASSIGNMENT_STORIES_MAX; i++)
        args[i] = INT(i < count ? ids[i] : -1); /* no story has that */
    TRY(db_query(ctx, &rows,
                 SELECT " WHERE a.story_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
                        " $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,"
                        " $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40,"
                        " $41, $42, $43, $44, $45, $46, $47, $48, $49, $50)"
                        " ORDER BY a.due_ms, a.id LIMIT 50",
                 args, COUNT_OF(args)));
    return read_list(ctx, &rows, ASSIGNMENT_STORIES_MAX, ret);
}

Err assignment_store_between(Ctx *ctx, int64_t outlet_id, int64_t from_ms, int64_t until_ms,
                             int limit, AssignmentList *ret) {
    DB_ROWS(rows);

    assert(limit >= 1 && limit <= ASSIGNMENT_LIST_MAX);
    TRY(db_query(ctx, &rows,
                 SELECT " WHERE a.outlet_id = $1 AND a.due_ms >= $2 AND a.due_ms < $3"
                        " AND a.state IN ('assigned', 'begun') ORDER BY a.due_ms, a.id LIMIT $4",
                 ARGS(INT(outlet_id), INT(from_ms), INT(until_ms), INT(limit))));
    return read_list(ctx, &rows, (size_t)limit, ret);
}
