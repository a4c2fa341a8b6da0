/* features/planning/planning_store_calendar.c - the only file that knows `calendar_address`. */
#include "db/db.h"
#include "features/planning/planning_store.h"

#define COLUMNS "id, person_id, outlet_id, made_by, made_ms"

static Err read_one(DbRows *rows, CalendarAddress *ret) {
    CalendarAddress one = { 0 };

    if (db_next(rows))
        one = (CalendarAddress){ .id = db_int(rows, 0),
                                 .person_id = db_int(rows, 1),
                                 .outlet_id = db_int(rows, 2),
                                 .made_by = db_int(rows, 3),
                                 .made_ms = db_int(rows, 4) };
    TRY(db_end(rows));
    *ret = one;
    return OK;
}

Err calendar_store_put(Ctx *ctx, const CalendarAddress *address, Str hash) {
    return db_exec(ctx,
                   "INSERT INTO calendar_address (" COLUMNS
                   ", hash) VALUES ($1, $2, $3, $4, $5, $6)"
                   " ON CONFLICT (person_id, outlet_id) DO UPDATE SET hash = excluded.hash,"
                   " made_by = excluded.made_by, made_ms = excluded.made_ms",
                   ARGS(INT(address->id), INT(address->person_id), INT(address->outlet_id),
                        INT(address->made_by), INT(address->made_ms), TXT(hash)));
}

Err calendar_store_of(Ctx *ctx, int64_t person_id, int64_t outlet_id, CalendarAddress *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM calendar_address WHERE person_id = $1"
                 " AND outlet_id = $2",
                 ARGS(INT(person_id), INT(outlet_id))));
    return read_one(&rows, ret);
}

Err calendar_store_find(Ctx *ctx, Str hash, CalendarAddress *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " COLUMNS " FROM calendar_address WHERE hash = $1",
                 ARGS(TXT(hash))));
    return read_one(&rows, ret);
}

Err calendar_store_end(Ctx *ctx, int64_t person_id, int64_t outlet_id, int64_t *ret_changed) {
    return db_exec_count(ctx,
                         "DELETE FROM calendar_address WHERE person_id = $1 AND outlet_id = $2",
                         ARGS(INT(person_id), INT(outlet_id)), ret_changed);
}
