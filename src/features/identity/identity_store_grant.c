/* identity_store_grant.c - the only file that knows `role`, `role_capability` and `role_grant`; reads `token_right`. */
#include "base/vec.h"
#include "db/db.h"
#include "features/identity/identity_store.h"

enum { PEOPLE_MAX = 10000, GRANTS_MAX = 200, OUTLETS_MAX = 1000, ROLES_MAX = 50 };

#define GRANT_COLUMNS                                                                              \
    "g.id, g.person_id, g.role, g.outlet_id, g.from_ms, g.until_ms, p.name" /* for read_grant() */

static Grant read_grant(DbRows *row) {
    return (Grant){
        .id = db_int(row, 0),
        .person_id = db_int(row, 1),
        .role = db_text(row, 2),
        .outlet_id = db_int(row, 3),
        .from_ms = db_int(row, 4),
        .until_ms = db_int(row, 5),
        .person_name = db_text(row, 6),
    };
}

Err identity_store_role_scope(Ctx *ctx, Str role, Str *ret_scope) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT scope FROM role WHERE name = $1", ARGS(TXT(role))));
    Str scope = db_next(&rows) ? db_text(&rows, 0) : STR_EMPTY;
    TRY(db_end(&rows));

    *ret_scope = scope;
    return OK;
}

Err identity_store_role_list(Ctx *ctx, RoleList *ret) {
    RoleList list = { .items = arena_array(ctx->arena, ROLES_MAX, sizeof(Role)) };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT name, scope FROM role ORDER BY place LIMIT $1",
                 ARGS(INT(ROLES_MAX))));
    while (db_next(&rows))
        list.items[list.len++] = (Role){ db_text(&rows, 0), db_text(&rows, 1) };
    TRY(db_end(&rows));

    *ret = list;
    return OK;
}

Err identity_store_grant_insert(Ctx *ctx, const Grant *grant) {
    return db_exec(ctx,
                   "INSERT INTO role_grant (id, person_id, role, outlet_id, from_ms, until_ms)"
                   " VALUES ($1, $2, $3, $4, $5, $6)",
                   ARGS(INT(grant->id), INT(grant->person_id), TXT(grant->role),
                        INT(grant->outlet_id), INT(grant->from_ms), INT(grant->until_ms)));
}

Err identity_store_grant_get(Ctx *ctx, int64_t id, Grant *ret, bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " GRANT_COLUMNS " FROM role_grant g JOIN person p ON p.id = g.person_id"
                 " WHERE g.id = $1",
                 ARGS(INT(id))));
    bool has_row = db_next(&rows);
    Grant grant = has_row ? read_grant(&rows) : (Grant){ 0 };
    TRY(db_end(&rows));

    *ret = grant;
    *ret_found = has_row;
    return OK;
}

Err identity_store_grant_overlaps(Ctx *ctx, const Grant *grant, bool *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT id FROM role_grant WHERE person_id = $1 AND role = $2 AND outlet_id = $3"
                 " AND (until_ms = 0 OR until_ms > $4) AND ($5 = 0 OR from_ms < $5) LIMIT 1",
                 ARGS(INT(grant->person_id), TXT(grant->role), INT(grant->outlet_id),
                      INT(grant->from_ms), INT(grant->until_ms))));
    bool has_row = db_next(&rows);
    TRY(db_end(&rows));

    *ret = has_row;
    return OK;
}

Err identity_store_grant_end(Ctx *ctx, int64_t id, int64_t until_ms) {
    return db_exec(ctx, "UPDATE role_grant SET until_ms = $2 WHERE id = $1",
                   ARGS(INT(id), INT(until_ms)));
}

Err identity_store_grant_end_all(Ctx *ctx, int64_t person_id) {
    /* One that was to begin later never does: it ends at its beginning. */
    return db_exec(
        ctx,
        "UPDATE role_grant SET until_ms = CASE WHEN from_ms > $2 THEN from_ms ELSE $2 END"
        " WHERE person_id = $1 AND (until_ms = 0 OR until_ms > $2)",
        ARGS(INT(person_id), INT(ctx->now_ms)));
}

static Err read_list(Ctx *ctx, DbRows *rows, GrantList *ret) {
    GrantList list = { .items = arena_array(ctx->arena, GRANTS_MAX, sizeof(Grant)) };

    while (db_next(rows))
        list.items[list.len++] = read_grant(rows);
    TRY(db_end(rows));
    *ret = list;
    return OK;
}

Err identity_store_grant_of_person(Ctx *ctx, int64_t person_id, bool with_later, GrantList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " GRANT_COLUMNS " FROM role_grant g JOIN person p ON p.id = g.person_id"
                 " JOIN role r ON r.name = g.role WHERE g.person_id = $1"
                 " AND ($4 = 1 OR g.from_ms <= $2) AND (g.until_ms = 0 OR g.until_ms > $2)"
                 " AND (g.until_ms = 0 OR g.until_ms > g.from_ms) AND p.ended_ms = 0"
                 " ORDER BY r.place DESC, g.outlet_id, g.from_ms, g.id LIMIT $3",
                 ARGS(INT(person_id), INT(ctx->now_ms), INT(GRANTS_MAX), INT(with_later ? 1 : 0))));
    return read_list(ctx, &rows, ret);
}

Err identity_store_grant_of_outlet(Ctx *ctx, int64_t outlet_id, GrantList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " GRANT_COLUMNS " FROM role_grant g JOIN person p ON p.id = g.person_id"
                 " JOIN role r ON r.name = g.role WHERE g.outlet_id = $1 AND g.from_ms <= $2"
                 " AND (g.until_ms = 0 OR g.until_ms > $2) AND p.ended_ms = 0"
                 " ORDER BY r.place DESC, p.sort_key, g.id LIMIT $3",
                 ARGS(INT(outlet_id), INT(ctx->now_ms), INT(GRANTS_MAX))));
    return read_list(ctx, &rows, ret);
}

Err identity_store_colleagues(Ctx *ctx, Str capability, int64_t outlet_id, ColleagueList *ret) {
    ColleagueList list = { .items = arena_array(ctx->arena, COLLEAGUES_MAX, sizeof(Colleague)) };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT DISTINCT p.id, p.name, p.sort_key FROM role_grant g"
                 " JOIN role_capability c ON c.role = g.role JOIN person p ON p.id = g.person_id"
                 " WHERE c.capability = $1 AND (g.outlet_id = $2 OR g.outlet_id = 0)"
                 " AND g.from_ms <= $3 AND (g.until_ms = 0 OR g.until_ms > $3) AND p.ended_ms = 0"
                 " ORDER BY p.sort_key, p.id LIMIT $4",
                 ARGS(TXT(capability), INT(outlet_id), INT(ctx->now_ms), INT(COLLEAGUES_MAX))));
    while (db_next(&rows))
        list.items[list.len++] = (Colleague){ db_int(&rows, 0), db_text(&rows, 1) };
    TRY(db_end(&rows));
    *ret = list;
    return OK;
}

#define HELD_NOW "g.from_ms <= $1 AND (g.until_ms = 0 OR g.until_ms > $1) AND p.ended_ms = 0"

Err identity_store_people_of_outlets(Ctx *ctx, const int64_t *ids, size_t count,
                                     OutletPersonList *ret) {
    DbArg args[2 + OUTLET_PEOPLE_IDS_MAX] = { INT(ctx->now_ms), INT(PEOPLE_MAX) };
    DB_ROWS(rows);

    for (size_t i = 0; i < OUTLET_PEOPLE_IDS_MAX; i++)
        args[2 + i] = INT(i < count ? ids[i] : -1); /* no grant is for that */
    TRY(db_query(ctx, &rows,
                 "SELECT g.outlet_id, p.name, MAX(CASE WHEN " HELD_NOW " THEN 1 ELSE 0 END),"
                 " MAX(CASE WHEN g.role = '指导教师' AND " HELD_NOW " THEN 1 ELSE 0 END)"
                 " FROM role_grant g JOIN person p ON p.id = g.person_id WHERE g.outlet_id IN ("
                 " $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
                 " $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33,"
                 " $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48,"
                 " $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, $61, $62"
                 ") GROUP BY g.outlet_id, p.id, p.name ORDER BY g.outlet_id, p.id LIMIT $2",
                 args, COUNT_OF(args)));
    VEC(OutletPerson) list = { 0 };
    while (db_next(&rows))
        *VEC_PUSH(ctx->arena, &list) =
            (OutletPerson){ db_int(&rows, 0), db_text(&rows, 1), db_int(&rows, 2) == 1,
                            db_int(&rows, 3) == 1 };
    TRY(db_end(&rows));
    *ret = (OutletPersonList){ list.items, list.len };
    return OK;
}

Err identity_store_grant_has_role(Ctx *ctx, int64_t outlet_id, Str role, bool *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT g.id FROM role_grant g JOIN person p ON p.id = g.person_id"
                 " WHERE g.outlet_id = $1 AND g.role = $2 AND g.from_ms <= $3"
                 " AND (g.until_ms = 0 OR g.until_ms > $3) AND p.ended_ms = 0 LIMIT 1",
                 ARGS(INT(outlet_id), TXT(role), INT(ctx->now_ms))));
    bool has_row = db_next(&rows);
    TRY(db_end(&rows));

    *ret = has_row;
    return OK;
}

Err identity_store_grant_is_known(Ctx *ctx, Str role, bool *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT id FROM role_grant WHERE role = $1 LIMIT 1", ARGS(TXT(role))));
    bool has_row = db_next(&rows);
    TRY(db_end(&rows));

    *ret = has_row;
    return OK;
}

Err identity_store_may(Ctx *ctx, Str capability, int64_t outlet_id, Str *ret_role) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT g.role FROM role_grant g JOIN role_capability c ON c.role = g.role"
                 " JOIN role r ON r.name = g.role JOIN person p ON p.id = g.person_id"
                 " WHERE g.person_id = $1 AND c.capability = $2 AND g.from_ms <= $4"
                 " AND (g.until_ms = 0 OR g.until_ms > $4) AND p.ended_ms = 0"
                 " AND (g.outlet_id = 0 OR g.outlet_id = $3 OR $3 = -1)" /* GRANT_ANYWHERE */
                 " AND ($5 = 0 OR EXISTS (SELECT 1 FROM token_right t WHERE t.token_id = $5"
                 " AND t.capability = $2 AND (t.outlet_id = 0 OR t.outlet_id = $3 OR ($3 = -1"
                 " AND (g.outlet_id = 0 OR g.outlet_id = t.outlet_id)))))"
                 " ORDER BY CASE WHEN g.outlet_id = 0 THEN 1 ELSE 0 END, r.place, g.id LIMIT 1",
                 ARGS(INT(ctx->person_id), TXT(capability), INT(outlet_id), INT(ctx->now_ms),
                      INT(ctx->token_id))));
    Str role = db_next(&rows) ? db_text(&rows, 0) : STR_EMPTY;
    TRY(db_end(&rows));

    *ret_role = role;
    return OK;
}

Err identity_store_rights(Ctx *ctx, RightList *ret) {
    RightList list = { .items = arena_array(ctx->arena, TOKEN_RIGHTS_MAX, sizeof(Right)) };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT DISTINCT g.outlet_id, c.capability FROM role_grant g"
                 " JOIN role_capability c ON c.role = g.role JOIN person p ON p.id = g.person_id"
                 " WHERE g.person_id = $1 AND g.from_ms <= $2"
                 " AND (g.until_ms = 0 OR g.until_ms > $2) AND p.ended_ms = 0"
                 " AND c.capability <> 'withdraw'" /* which needs the person each time */
                 " ORDER BY g.outlet_id, c.capability LIMIT $3",
                 ARGS(INT(ctx->person_id), INT(ctx->now_ms), INT(TOKEN_RIGHTS_MAX))));
    while (db_next(&rows))
        list.items[list.len++] = (Right){ db_text(&rows, 1), db_int(&rows, 0) };
    TRY(db_end(&rows));

    *ret = list;
    return OK;
}

/* Of a token: where both the grant and the token's right reach, and no farther than the narrower of the two. */
static Err outlets_of_token(Ctx *ctx, Str capability, DbRows *rows) {
    return db_query(ctx, rows,
                    "SELECT DISTINCT CASE WHEN g.outlet_id = 0 THEN t.outlet_id ELSE g.outlet_id"
                    " END AS at_outlet FROM role_grant g"
                    " JOIN role_capability c ON c.role = g.role JOIN person p ON p.id = g.person_id"
                    " JOIN token_right t ON t.capability = c.capability AND (t.outlet_id = 0"
                    " OR g.outlet_id = 0 OR t.outlet_id = g.outlet_id)"
                    " WHERE g.person_id = $1 AND c.capability = $2 AND g.from_ms <= $3"
                    " AND (g.until_ms = 0 OR g.until_ms > $3) AND p.ended_ms = 0"
                    " AND t.token_id = $5 ORDER BY at_outlet LIMIT $4",
                    ARGS(INT(ctx->person_id), TXT(capability), INT(ctx->now_ms), INT(OUTLETS_MAX),
                         INT(ctx->token_id)));
}

static Err outlets_of_person(Ctx *ctx, Str capability, DbRows *rows) {
    return db_query(ctx, rows,
                    "SELECT DISTINCT g.outlet_id FROM role_grant g"
                    " JOIN role_capability c ON c.role = g.role JOIN person p ON p.id = g.person_id"
                    " WHERE g.person_id = $1 AND c.capability = $2 AND g.from_ms <= $3"
                    " AND (g.until_ms = 0 OR g.until_ms > $3) AND p.ended_ms = 0"
                    " ORDER BY g.outlet_id LIMIT $4",
                    ARGS(INT(ctx->person_id), TXT(capability), INT(ctx->now_ms), INT(OUTLETS_MAX)));
}

Err identity_store_outlets_with(Ctx *ctx, Str capability, int64_t **ret_ids, size_t *ret_count) {
    int64_t *ids = arena_array(ctx->arena, OUTLETS_MAX, sizeof(int64_t));
    size_t count = 0;
    DB_ROWS(rows);

    TRY(ctx->token_id ? outlets_of_token(ctx, capability, &rows)
                      : outlets_of_person(ctx, capability, &rows));
    while (db_next(&rows))
        ids[count++] = db_int(&rows, 0);
    TRY(db_end(&rows));

    *ret_ids = ids;
    *ret_count = count;
    return OK;
}
