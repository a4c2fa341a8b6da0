/* features/register/register_store.c - the only file that knows the table `outlet`. */
#include "features/register/register_store.h"

#include <assert.h>

#include "base/vec.h"
#include "db/db.h"

/* The order read_row() expects. */
#define COLUMNS                                                                                    \
    "id, no, name, platform, platform_account, url, tier, unit_id, unit_name, supervisor, "        \
    "verified_as,"                                                                                 \
    " purpose, opened_on, first_responsible, direct_lead, teacher, teacher_contact, operators, "   \
    "reviewers,"                                                                                   \
    " emergency_contact, promised_per_week, followers, followers_as_of, feed_url, state, "         \
    "state_reason,"                                                                                \
    " state_ms, review_state, review_year, filed_ms, changed_ms, last_published_ms, version"

static Outlet read_row(DbRows *row) {
    Outlet outlet = { .id = db_int(row, 0),
                      .no = db_text(row, 1),
                      .name = db_text(row, 2),
                      .platform = db_text(row, 3),
                      .platform_account = db_text(row, 4),
                      .url = db_text(row, 5),
                      .tier = db_text(row, 6),
                      .unit_id = db_int(row, 7),
                      .unit_name = db_text(row, 8),
                      .supervisor = db_text(row, 9),
                      .verified_as = db_text(row, 10),
                      .purpose = db_text(row, 11),
                      .opened_on = db_text(row, 12),
                      .first_responsible = db_text(row, 13),
                      .direct_lead = db_text(row, 14),
                      .teacher = db_text(row, 15),
                      .teacher_contact = db_text(row, 16),
                      .operators = db_text(row, 17),
                      .reviewers = db_text(row, 18),
                      .emergency_contact = db_text(row, 19),
                      .promised_per_week = db_int(row, 20),
                      .followers = db_int(row, 21),
                      .followers_as_of = db_text(row, 22),
                      .feed_url = db_text(row, 23),
                      .state = db_text(row, 24),
                      .state_reason = db_text(row, 25),
                      .state_ms = db_int(row, 26),
                      .review_state = db_text(row, 27),
                      .review_year = db_int(row, 28),
                      .filed_ms = db_int(row, 29),
                      .changed_ms = db_int(row, 30),
                      .last_published_ms = db_int(row, 31),
                      .version = db_int(row, 32) };

    if (str_eq(outlet.state, S("struck"))) {
        outlet.struck_ms = outlet.state_ms;
        outlet.struck_reason = outlet.state_reason;
    }
    return outlet;
}

static Err read_one(DbRows *rows, Outlet *ret) {
    Outlet outlet = { 0 };

    if (db_next(rows))
        outlet = read_row(rows);
    TRY(db_end(rows));
    *ret = outlet;
    return OK;
}

static Err read_all(Ctx *ctx, DbRows *rows, OutletList *ret) {
    VEC(Outlet) list = { 0 };

    while (db_next(rows))
        *VEC_PUSH(ctx->arena, &list) = read_row(rows);
    TRY(db_end(rows)); /* an error half-way is an error, not a short list */
    *ret = (OutletList){ list.items, list.len };
    return OK;
}

/* ---- reading ---- */

Err outlet_store_get(Ctx *ctx, int64_t id, Outlet *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " COLUMNS " FROM outlet WHERE id = $1", ARGS(INT(id))));
    return read_one(&rows, ret);
}

Err outlet_store_by_account(Ctx *ctx, Str platform, Str account, Outlet *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM outlet WHERE platform = $1 AND platform_account = $2"
                 " AND platform_account <> ''"
                 /* the one in service, else the one struck last */
                 " ORDER BY CASE WHEN state = 'struck' THEN 1 ELSE 0 END, state_ms DESC, id DESC"
                 " LIMIT 1",
                 ARGS(TXT(platform), TXT(account))));
    return read_one(&rows, ret);
}

Err outlet_store_by_no(Ctx *ctx, Str no, Outlet *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " COLUMNS " FROM outlet WHERE no = $1 AND no <> ''",
                 ARGS(TXT(no))));
    return read_one(&rows, ret);
}

enum { MANY = 60 }; /* ids in one statement, below the bound of its parameters */

static Err get_some(Ctx *ctx, const int64_t *ids, size_t count, OutletList *ret) {
    DbArg args[MANY];
    DB_ROWS(rows);

    for (size_t i = 0; i < MANY; i++)
        args[i] = INT(i < count ? ids[i] : 0); /* no row has id 0 */
    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS
                 " FROM outlet WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
                 " $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, "
                 "$29, $30, $31,"
                 " $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, "
                 "$48, $49, $50,"
                 " $51, $52, $53, $54, $55, $56, $57, $58, $59, $60) ORDER BY id LIMIT 60",
                 args, MANY));
    return read_all(ctx, &rows, ret);
}

Err outlet_store_get_many(Ctx *ctx, const int64_t *ids, size_t count, Outlet *ret) {
    Outlet *found = arena_array(ctx->arena, count, sizeof *found);

    for (size_t from = 0; from < count; from += MANY) {
        OutletList list;
        size_t most = count - from < MANY ? count - from : MANY;

        TRY(get_some(ctx, ids + from, most, &list));
        for (size_t i = from; i < from + most; i++)
            for (size_t k = 0; k < list.len; k++)
                if (list.items[k].id == ids[i])
                    found[i] = list.items[k];
    }
    for (size_t i = 0; i < count; i++)
        ret[i] = found[i];
    return OK;
}

/* $1 applications too, $2 tier, $3 state, $4 platform, $5 pattern, $6 platform that is missing */
#define MATCHES                                                                                    \
    " (outlet.filed_ms > 0 OR CAST($1 AS BIGINT) = 1) AND ($2 = '' OR outlet.tier = $2)"           \
    " AND ($3 = '' OR outlet.state = $3) AND ($4 = '' OR outlet.platform = $4)"                    \
    " AND ($5 = '' OR outlet.search_key LIKE $5 ESCAPE '\\')"                                      \
    " AND ($6 = '' OR NOT EXISTS (SELECT 1 FROM outlet other WHERE other.unit_id = outlet.unit_id" \
    " AND other.platform = $6 AND other.filed_ms > 0 AND other.state <> 'struck'))"

#define MATCH_ARGS(filter, pattern)                                                                \
    INT((filter)->has_applications ? 1 : 0), TXT((filter)->tier), TXT((filter)->state),            \
        TXT((filter)->platform), TXT(pattern), TXT((filter)->missing)

Err outlet_store_list(Ctx *ctx, const OutletFilter *filter, Str pattern, int64_t after_id,
                      int64_t limit, OutletList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM outlet WHERE" MATCHES
                 " AND (CAST($7 AS BIGINT) = 0 OR (outlet.sort_key, outlet.id) >"
                 " (SELECT here.sort_key, here.id FROM outlet here WHERE here.id = $7))"
                 " ORDER BY outlet.sort_key, outlet.id LIMIT $8",
                 ARGS(MATCH_ARGS(filter, pattern), INT(after_id), INT(limit))));
    return read_all(ctx, &rows, ret);
}

Err outlet_store_total(Ctx *ctx, const OutletFilter *filter, Str pattern, int64_t *ret) {
    int64_t total = 0;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT COUNT(*) FROM outlet WHERE" MATCHES,
                 ARGS(MATCH_ARGS(filter, pattern))));
    if (db_next(&rows))
        total = db_int(&rows, 0);
    TRY(db_end(&rows));
    *ret = total;
    return OK;
}

Err outlet_store_of_unit(Ctx *ctx, int64_t unit_id, int64_t limit, OutletList *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM outlet WHERE unit_id = $1 AND filed_ms > 0"
                 " AND state <> 'struck' ORDER BY sort_key, id LIMIT $2",
                 ARGS(INT(unit_id), INT(limit))));
    return read_all(ctx, &rows, ret);
}

#define IS_DUE                                                                                     \
    " state IN ('active', 'passed', 'rectify', 'suspended') AND filed_ms > 0 AND review_year < $1"

Err outlet_store_due(Ctx *ctx, int64_t year, int64_t limit, OutletList *ret, int64_t *ret_total) {
    OutletList list;
    int64_t total = 0;
    DB_ROWS(rows);
    DB_ROWS(count);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM outlet WHERE" IS_DUE " ORDER BY sort_key, id LIMIT $2",
                 ARGS(INT(year), INT(limit))));
    TRY(read_all(ctx, &rows, &list));
    TRY(db_query(ctx, &count, "SELECT COUNT(*) FROM outlet WHERE" IS_DUE, ARGS(INT(year))));
    if (db_next(&count))
        total = db_int(&count, 0);
    TRY(db_end(&count));
    *ret = list;
    *ret_total = total;
    return OK;
}

Err outlet_store_platforms(Ctx *ctx, StrList *ret) {
    enum { PLATFORMS_MAX = 200 };
    StrList list = { .items = arena_array(ctx->arena, PLATFORMS_MAX, sizeof(Str)) };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT DISTINCT platform FROM outlet WHERE filed_ms > 0 ORDER BY platform"
                 " LIMIT $1",
                 ARGS(INT(PLATFORMS_MAX))));
    while (db_next(&rows))
        list.items[list.len++] = db_text(&rows, 0);
    TRY(db_end(&rows));
    *ret = list;
    return OK;
}

Err outlet_store_tally(Ctx *ctx, OutletTallies *ret) {
    VEC(OutletTally) list = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT tier, state, platform, COUNT(*), CASE WHEN filed_ms > 0 THEN 1 ELSE 0 END "
                 "FROM outlet"
                 " GROUP BY tier, state, platform, CASE WHEN filed_ms > 0 THEN 1 ELSE 0 END"
                 " ORDER BY tier, state, platform, 5 LIMIT 10000",
                 NO_ARGS));
    while (db_next(&rows))
        *VEC_PUSH(ctx->arena, &list) =
            (OutletTally){ db_text(&rows, 0), db_text(&rows, 1), db_text(&rows, 2),
                           db_int(&rows, 3), db_int(&rows, 4) == 1 };
    TRY(db_end(&rows));
    *ret = (OutletTallies){ list.items, list.len };
    return OK;
}

Err outlet_store_rivals(Ctx *ctx, const Outlet *outlet, const OutletKeys *keys, OutletRivals *ret) {
    OutletRivals rivals = { 0 };
    DB_ROWS(rows);

    TRY(db_query(
        ctx, &rows,
        "SELECT no, platform, platform_account, look_key, name FROM outlet WHERE id <> $1 AND"
        " ((no = $2 AND no <> '') OR (state <> 'struck' AND"
        " ((platform = $3 AND platform_account = $4 AND platform_account <> '')"
        " OR (look_key = $5 AND name <> $6)))) ORDER BY id LIMIT 3",
        ARGS(INT(outlet->id), TXT(outlet->no), TXT(outlet->platform), TXT(outlet->platform_account),
             TXT(keys->look), TXT(outlet->name))));
    while (db_next(&rows)) {
        Str name = db_text(&rows, 4);
        if (outlet->no.len > 0 && str_eq(db_text(&rows, 0), outlet->no))
            rivals.no_of = name;
        if (outlet->platform_account.len > 0 && str_eq(db_text(&rows, 1), outlet->platform) &&
            str_eq(db_text(&rows, 2), outlet->platform_account))
            rivals.account_of = name;
        if (str_eq(db_text(&rows, 3), keys->look) && !str_eq(name, outlet->name))
            rivals.look_of = name;
    }
    TRY(db_end(&rows));
    *ret = rivals;
    return OK;
}

Err outlet_store_last_no(Ctx *ctx, Str from, Str to, int64_t bytes, Str *ret) {
    Str last = STR_EMPTY;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT sort_key FROM outlet WHERE sort_key > $1 AND sort_key < $2 AND "
                 "LENGTH(sort_key) = $3"
                 " ORDER BY sort_key DESC, id DESC LIMIT 1",
                 ARGS(TXT(from), TXT(to), INT(bytes))));
    if (db_next(&rows))
        last = db_text(&rows, 0);
    TRY(db_end(&rows));
    *ret = last;
    return OK;
}

Err outlet_store_looks(Ctx *ctx, OutletLooks *ret) {
    VEC(OutletLook) list = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT id, look_key, name FROM outlet ORDER BY id LIMIT 1000000",
                 NO_ARGS));
    while (db_next(&rows))
        *VEC_PUSH(ctx->arena, &list) =
            (OutletLook){ db_int(&rows, 0), db_text(&rows, 1), db_text(&rows, 2) };
    TRY(db_end(&rows));
    *ret = (OutletLooks){ list.items, list.len };
    return OK;
}

/* ---- writing ---- */

Err outlet_store_insert(Ctx *ctx, const Outlet *o, const OutletKeys *keys) {
    return db_exec(
        ctx,
        "INSERT INTO outlet (" COLUMNS
        ", sort_key, look_key, search_key) VALUES ($1, $2, $3, $4, $5,"
        " $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, "
        "$24,"
        " $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36)",
        ARGS(INT(o->id), TXT(o->no), TXT(o->name), TXT(o->platform), TXT(o->platform_account),
             TXT(o->url), TXT(o->tier), INT(o->unit_id), TXT(o->unit_name), TXT(o->supervisor),
             TXT(o->verified_as), TXT(o->purpose), TXT(o->opened_on), TXT(o->first_responsible),
             TXT(o->direct_lead), TXT(o->teacher), TXT(o->teacher_contact), TXT(o->operators),
             TXT(o->reviewers), TXT(o->emergency_contact), INT(o->promised_per_week),
             INT(o->followers), TXT(o->followers_as_of), TXT(o->feed_url), TXT(o->state),
             TXT(o->state_reason), INT(o->state_ms), TXT(o->review_state), INT(o->review_year),
             INT(o->filed_ms), INT(o->changed_ms), INT(o->last_published_ms), INT(o->version),
             TXT(keys->sort), TXT(keys->look), TXT(keys->search)));
}

Err outlet_store_update(Ctx *ctx, const Outlet *o, const OutletKeys *keys, int64_t *ret_changed) {
    return db_exec_count(
        ctx,
        "UPDATE outlet SET no = $3, name = $4, platform = $5, platform_account = $6, url = $7, "
        "tier = $8,"
        " unit_id = $9, unit_name = $10, supervisor = $11, verified_as = $12, purpose = $13, "
        "opened_on = $14,"
        " first_responsible = $15, direct_lead = $16, teacher = $17, teacher_contact = $18, "
        "operators = $19,"
        " reviewers = $20, emergency_contact = $21, promised_per_week = $22, followers = $23,"
        " followers_as_of = $24, feed_url = $25, changed_ms = $26, sort_key = $27, look_key = $28,"
        " search_key = $29, version = version + 1 WHERE id = $1 AND version = $2",
        ARGS(INT(o->id), INT(o->version), TXT(o->no), TXT(o->name), TXT(o->platform),
             TXT(o->platform_account), TXT(o->url), TXT(o->tier), INT(o->unit_id),
             TXT(o->unit_name), TXT(o->supervisor), TXT(o->verified_as), TXT(o->purpose),
             TXT(o->opened_on), TXT(o->first_responsible), TXT(o->direct_lead), TXT(o->teacher),
             TXT(o->teacher_contact), TXT(o->operators), TXT(o->reviewers),
             TXT(o->emergency_contact), INT(o->promised_per_week), INT(o->followers),
             TXT(o->followers_as_of), TXT(o->feed_url), INT(o->changed_ms), TXT(keys->sort),
             TXT(keys->look), TXT(keys->search)),
        ret_changed);
}

Err outlet_store_move(Ctx *ctx, const Outlet *o, const OutletKeys *keys, int64_t *ret_changed) {
    return db_exec_count(
        ctx,
        "UPDATE outlet SET no = $3, state = $4, state_reason = $5, state_ms = $6,"
        " review_state = $7, review_year = $8, filed_ms = $9, sort_key = $10, search_key = $11,"
        " version = version + 1 WHERE id = $1 AND version = $2",
        ARGS(INT(o->id), INT(o->version), TXT(o->no), TXT(o->state), TXT(o->state_reason),
             INT(o->state_ms), TXT(o->review_state), INT(o->review_year), INT(o->filed_ms),
             TXT(keys->sort), TXT(keys->search)),
        ret_changed);
}

Err outlet_store_published(Ctx *ctx, int64_t id, int64_t at_ms, int64_t *ret_changed) {
    return db_exec_count(
        ctx, "UPDATE outlet SET last_published_ms = $2 WHERE id = $1 AND last_published_ms < $2",
        ARGS(INT(id), INT(at_ms)), ret_changed);
}
