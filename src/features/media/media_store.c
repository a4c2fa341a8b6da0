/* features/media/media_store.c - the only file that knows the tables `media`, `media_size`, `media_use`, `media_blob`. */
#include "features/media/media_store.h"

#include "base/vec.h"
#include "db/db.h"

/* The order read_row() expects; one row per size. */
#define COLUMNS                                                                                    \
    "m.id, m.hash, m.outlet_id, m.type, m.width, m.height, m.bytes, m.uploaded_ms, m.person_id,"   \
    " s.width, s.height, s.hash"

typedef VEC(Media) MediaVec;

/* Adds the row's size to the last picture, which it begins where it is the first of one. */
static void read_row(Ctx *ctx, DbRows *row, MediaVec *list) {
    int64_t id = db_int(row, 0);

    if (list->len == 0 || list->items[list->len - 1].id != id)
        *VEC_PUSH(ctx->arena, list) = (Media){
            .id = id,
            .hash = db_text(row, 1),
            .outlet_id = db_int(row, 2),
            .type = db_text(row, 3),
            .width = (int)db_int(row, 4),
            .height = (int)db_int(row, 5),
            .bytes = db_int(row, 6),
            .uploaded_ms = db_int(row, 7),
            .person_id = db_int(row, 8),
        };
    Media *media = &list->items[list->len - 1];
    if (media->size_count < COUNT_OF(media->sizes))
        media->sizes[media->size_count++] = (MediaSize){ .width = (int)db_int(row, 9),
                                                         .height = (int)db_int(row, 10),
                                                         .hash = db_text(row, 11) };
}

static Err read_all(Ctx *ctx, DbRows *rows, MediaVec *ret) {
    MediaVec list = { 0 };

    while (db_next(rows))
        read_row(ctx, rows, &list);
    TRY(db_end(rows));

    *ret = list;
    return OK;
}

Err media_store_use(Ctx *ctx, int64_t outlet_id, int64_t person_id, int64_t since_ms,
                    MediaUse *ret) {
    DB_ROWS(rows);

    TRY(db_query(
        ctx, &rows,
        "SELECT (SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM media WHERE outlet_id = $1),"
        " (SELECT COUNT(*) FROM media WHERE person_id = $2 AND person_id <> 0"
        " AND uploaded_ms > $3)",
        ARGS(INT(outlet_id), INT(person_id), INT(since_ms))));
    MediaUse use = { 0 };
    if (db_next(&rows))
        use = (MediaUse){ .outlet_bytes = db_int(&rows, 0), .person_files = db_int(&rows, 1) };
    TRY(db_end(&rows));

    *ret = use;
    return OK;
}

Err media_store_find(Ctx *ctx, int64_t outlet_id, Str hash, Media *ret) {
    MediaVec list;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM media AS m JOIN media_size AS s ON s.media_id = m.id"
                 " WHERE m.outlet_id = $1 AND m.hash = $2 ORDER BY s.width LIMIT 4",
                 ARGS(INT(outlet_id), TXT(hash))));
    TRY(read_all(ctx, &rows, &list));
    *ret = list.len > 0 ? list.items[0] : (Media){ 0 };
    return OK;
}

Err media_store_insert(Ctx *ctx, const Media *media) {
    TRY(db_exec(ctx,
                "INSERT INTO media (id, outlet_id, hash, type, width, height, bytes, uploaded_ms, "
                "person_id)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                ARGS(INT(media->id), INT(media->outlet_id), TXT(media->hash), TXT(media->type),
                     INT(media->width), INT(media->height), INT(media->bytes),
                     INT(media->uploaded_ms), INT(media->person_id))));
    for (size_t i = 0; i < media->size_count; i++) {
        const MediaSize *size = &media->sizes[i];

        TRY(db_exec(
            ctx, "INSERT INTO media_size (media_id, width, height, hash) VALUES ($1, $2, $3, $4)",
            ARGS(INT(media->id), INT(size->width), INT(size->height), TXT(size->hash))));
    }
    return OK;
}

enum { MANY = 60 }; /* ids in one statement, below the bound of its parameters */

static Err get_some(Ctx *ctx, const int64_t *ids, size_t count, MediaVec *ret) {
    DbArg args[MANY];
    DB_ROWS(rows);

    for (size_t i = 0; i < MANY; i++)
        args[i] = INT(i < count ? ids[i] : 0); /* no row has id 0 */
    TRY(db_query(
        ctx, &rows,
        "SELECT " COLUMNS " FROM media AS m JOIN media_size AS s ON s.media_id = m.id"
        " WHERE m.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
        " $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33,"
        " $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50,"
        " $51, $52, $53, $54, $55, $56, $57, $58, $59, $60) ORDER BY m.id, s.width LIMIT 240",
        args, MANY));
    return read_all(ctx, &rows, ret);
}

Err media_store_get_many(Ctx *ctx, const int64_t *ids, size_t count, Media *ret) {
    Media *found = arena_array(ctx->arena, count, sizeof *found);

    for (size_t from = 0; from < count; from += MANY) {
        size_t most = count - from < MANY ? count - from : MANY;
        MediaVec list;

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

Err media_store_list(Ctx *ctx, int64_t outlet_id, int64_t before_id, int limit, Media **ret,
                     size_t *ret_len) {
    MediaVec list;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM (SELECT * FROM media WHERE outlet_id = $1 AND id < $2"
                 " ORDER BY id DESC LIMIT $3) AS m JOIN media_size AS s ON s.media_id = m.id"
                 " ORDER BY m.id DESC, s.width LIMIT 400",
                 ARGS(INT(outlet_id), INT(before_id), INT(limit))));
    TRY(read_all(ctx, &rows, &list));
    *ret = list.items;
    *ret_len = list.len;
    return OK;
}

Err media_store_owners(Ctx *ctx, Str hash, MediaOwner *ret, size_t *ret_len) {
    size_t len = 0;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT m.id, m.outlet_id, m.type, CASE WHEN EXISTS (SELECT 1 FROM media_use AS u"
                 " WHERE u.media_id = m.id) THEN 1 ELSE 0 END AS is_public"
                 " FROM media_size AS s JOIN media AS m ON m.id = s.media_id"
                 " WHERE s.hash = $1 ORDER BY is_public DESC, m.id LIMIT $2",
                 ARGS(TXT(hash), INT(MEDIA_OWNERS_MAX))));
    while (len < MEDIA_OWNERS_MAX && db_next(&rows))
        ret[len++] = (MediaOwner){ .media_id = db_int(&rows, 0),
                                   .outlet_id = db_int(&rows, 1),
                                   .type = db_text(&rows, 2),
                                   .is_public = db_int(&rows, 3) != 0 };
    TRY(db_end(&rows));
    *ret_len = len;
    return OK;
}

Err media_store_by_file(Ctx *ctx, int64_t outlet_id, Str hash, Media *ret) {
    MediaVec list;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " COLUMNS " FROM media AS m JOIN media_size AS s ON s.media_id = m.id"
                 " WHERE m.id = (SELECT MIN(x.id) FROM media AS x JOIN media_size AS y"
                 " ON y.media_id = x.id WHERE x.outlet_id = $1 AND y.hash = $2)"
                 " ORDER BY s.width LIMIT 4",
                 ARGS(INT(outlet_id), TXT(hash))));
    TRY(read_all(ctx, &rows, &list));
    *ret = list.len > 0 ? list.items[0] : (Media){ 0 };
    return OK;
}

Err media_store_use_add(Ctx *ctx, const char *ref_kind, int64_t ref_id, int64_t media_id) {
    return db_exec(ctx,
                   "INSERT INTO media_use (ref_kind, ref_id, media_id) VALUES ($1, $2, $3)"
                   " ON CONFLICT (ref_kind, ref_id, media_id) DO NOTHING",
                   ARGS(TXT(str_from_c(ref_kind)), INT(ref_id), INT(media_id)));
}

Err media_store_use_remove(Ctx *ctx, const char *ref_kind, int64_t ref_id) {
    return db_exec(ctx, "DELETE FROM media_use WHERE ref_kind = $1 AND ref_id = $2",
                   ARGS(TXT(str_from_c(ref_kind)), INT(ref_id)));
}

Err media_store_hashes(Ctx *ctx, Str prefix, StrList *ret) {
    Str beyond = str_concat(ctx->arena, prefix, S("g")); /* after every hex digit */
    VEC(Str) list = { 0 };
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT DISTINCT hash FROM media_size WHERE hash >= $1 AND hash < $2"
                 " ORDER BY hash LIMIT $3",
                 ARGS(TXT(prefix), TXT(beyond), INT(MEDIA_PREFIX_MAX + 1))));
    while (db_next(&rows))
        *VEC_PUSH(ctx->arena, &list) = db_text(&rows, 0);
    TRY(db_end(&rows));
    if (list.len > MEDIA_PREFIX_MAX)
        return FAIL(ERR_LIMIT, NULL, N_("There are more pictures than this server can sweep."));

    *ret = (StrList){ list.items, list.len };
    return OK;
}

Err media_store_put_blob(Ctx *ctx, Str hash, Str bytes) {
    return db_exec(
        ctx, "INSERT INTO media_blob (hash, bytes) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
        ARGS(TXT(hash), BLOB(bytes)));
}

Err media_store_blob(Ctx *ctx, Str hash, bool *ret_found, Str *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT bytes FROM media_blob WHERE hash = $1", ARGS(TXT(hash))));
    bool is_found = db_next(&rows);
    Str bytes = is_found ? db_blob(&rows, 0) : STR_EMPTY;
    TRY(db_end(&rows));

    *ret_found = is_found;
    *ret = bytes;
    return OK;
}
