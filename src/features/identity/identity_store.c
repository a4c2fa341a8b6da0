/* identity_store.c - the only file that knows the tables `unit` and `person`. */
#include "features/identity/identity_store.h"

#include <assert.h>

#include "db/db.h"

/* ---- units ---- */

#define UNIT_COLUMNS "id, name, kind, parent_id, version" /* the order read_unit() expects */

static Unit read_unit(DbRows *row) {
    return (Unit){
        .id = db_int(row, 0),
        .name = db_text(row, 1),
        .kind = db_text(row, 2),
        .parent_id = db_int(row, 3),
        .version = db_int(row, 4),
    };
}

Err identity_store_unit_by_name(Ctx *ctx, Str name, int64_t *ret_id) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT id FROM unit WHERE name = $1", ARGS(TXT(name))));
    int64_t id = db_next(&rows) ? db_int(&rows, 0) : 0;
    TRY(db_end(&rows));

    *ret_id = id;
    return OK;
}

Err identity_store_unit_get(Ctx *ctx, int64_t id, Unit *ret, bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " UNIT_COLUMNS " FROM unit WHERE id = $1", ARGS(INT(id))));
    bool has_row = db_next(&rows);
    Unit unit = has_row ? read_unit(&rows) : (Unit){ 0 };
    TRY(db_end(&rows));

    *ret = unit;
    *ret_found = has_row;
    return OK;
}

Err identity_store_unit_insert(Ctx *ctx, const Unit *unit, Str sort_key, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "INSERT INTO unit (" UNIT_COLUMNS ", sort_key)"
                         " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                         ARGS(INT(unit->id), TXT(unit->name), TXT(unit->kind),
                              INT_OR_NUL(unit->parent_id), INT(unit->version), TXT(sort_key)),
                         ret_changed);
}

Err identity_store_unit_list(Ctx *ctx, int64_t after_id, int limit, UnitList *ret) {
    assert(limit >= 1 && limit <= LIST_MAX);
    UnitList list = { .items = arena_array(ctx->arena, (size_t)limit, sizeof(Unit)) };
    DB_ROWS(rows);

    TRY(db_query(
        ctx, &rows,
        "SELECT " UNIT_COLUMNS " FROM unit"
        " WHERE (sort_key, id) > (COALESCE((SELECT sort_key FROM unit WHERE id = $1), ''), $1)"
        " ORDER BY sort_key, id LIMIT $2",
        ARGS(INT(after_id), INT(limit))));
    while (db_next(&rows))
        list.items[list.len++] = read_unit(&rows);
    TRY(db_end(&rows));

    *ret = list;
    return OK;
}

/* ---- persons ---- */

#define PERSON_COLUMNS                                                                             \
    "id, login, name, unit_id, created_ms, ended_ms, version" /* the order read_person() expects */

static Person read_person(DbRows *row) {
    return (Person){
        .id = db_int(row, 0),
        .login = db_text(row, 1),
        .name = db_text(row, 2),
        .unit_id = db_int(row, 3),
        .created_ms = db_int(row, 4),
        .ended_ms = db_int(row, 5),
        .version = db_int(row, 6),
    };
}

Err identity_store_person_like(Ctx *ctx, Str login, Str skeleton, Str *ret_login) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT login FROM person WHERE login = $1 OR skeleton = $2"
                 " ORDER BY CASE WHEN login = $1 THEN 0 ELSE 1 END LIMIT 1",
                 ARGS(TXT(login), TXT(skeleton))));
    Str found = db_next(&rows) ? db_text(&rows, 0) : STR_EMPTY;
    TRY(db_end(&rows));

    *ret_login = found;
    return OK;
}

Err identity_store_person_insert(Ctx *ctx, const Person *person, Str skeleton, Str sort_key,
                                 int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "INSERT INTO person (" PERSON_COLUMNS ", skeleton, sort_key)"
                         " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
                         ARGS(INT(person->id), TXT(person->login), TXT(person->name),
                              INT_OR_NUL(person->unit_id), INT(person->created_ms),
                              INT(person->ended_ms), INT(person->version), TXT(skeleton),
                              TXT(sort_key)),
                         ret_changed);
}

static Err one_person(DbRows *rows, Person *ret, bool *ret_found) {
    bool has_row = db_next(rows);
    Person person = has_row ? read_person(rows) : (Person){ 0 };

    TRY(db_end(rows));
    *ret = person;
    *ret_found = has_row;
    return OK;
}

Err identity_store_person_get(Ctx *ctx, int64_t id, Person *ret, bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " PERSON_COLUMNS " FROM person WHERE id = $1", ARGS(INT(id))));
    return one_person(&rows, ret, ret_found);
}

Err identity_store_person_by_login(Ctx *ctx, Str login, Person *ret, bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " PERSON_COLUMNS " FROM person WHERE login = $1",
                 ARGS(TXT(login))));
    return one_person(&rows, ret, ret_found);
}

enum { NAMES_AT_ONCE = 32 };

/* Unused places hold 0, which is no id. */
static Err names_of_some(Ctx *ctx, const int64_t *ids, size_t count, Str *ret_names) {
    DbArg args[NAMES_AT_ONCE];
    DB_ROWS(rows);

    for (size_t i = 0; i < NAMES_AT_ONCE; i++)
        args[i] = INT(i < count ? ids[i] : 0);
    TRY(db_query(ctx, &rows,
                 "SELECT id, name FROM person WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
                 " $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,"
                 " $27, $28, $29, $30, $31, $32)",
                 args, NAMES_AT_ONCE));
    while (db_next(&rows)) {
        int64_t id = db_int(&rows, 0);
        Str name = db_text(&rows, 1);
        for (size_t i = 0; i < count; i++)
            if (ids[i] == id)
                ret_names[i] = name;
    }
    return db_end(&rows);
}

Err identity_store_person_names(Ctx *ctx, const int64_t *ids, size_t count, Str *ret_names) {
    Str *names = arena_array(ctx->arena, count, sizeof(Str));

    for (size_t at = 0; at < count; at += NAMES_AT_ONCE) {
        size_t some = count - at < NAMES_AT_ONCE ? count - at : NAMES_AT_ONCE;
        TRY(names_of_some(ctx, ids + at, some, names + at));
    }
    for (size_t i = 0; i < count; i++)
        ret_names[i] = names[i];
    return OK;
}

Err identity_store_person_list(Ctx *ctx, int64_t after_id, int limit, PersonList *ret) {
    assert(limit >= 1 && limit <= LIST_MAX);
    PersonList list = { .items = arena_array(ctx->arena, (size_t)limit, sizeof(Person)) };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " PERSON_COLUMNS " FROM person WHERE (sort_key, id) >"
                 " (COALESCE((SELECT sort_key FROM person WHERE id = $1), ''), $1)"
                 " ORDER BY sort_key, id LIMIT $2",
                 ARGS(INT(after_id), INT(limit))));
    while (db_next(&rows))
        list.items[list.len++] = read_person(&rows);
    TRY(db_end(&rows));

    *ret = list;
    return OK;
}

Err identity_store_person_end(Ctx *ctx, int64_t id, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "UPDATE person SET ended_ms = $2, version = version + 1"
                         " WHERE id = $1 AND ended_ms = 0",
                         ARGS(INT(id), INT(ctx->now_ms)), ret_changed);
}
