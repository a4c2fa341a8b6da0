/* features/manuscript/manuscript_store.c - writes and single reads of `manuscript` and its versions. */
#include "features/manuscript/manuscript_store.h"

#include "db/db.h"
#include "features/manuscript/manuscript_rows.h"
#include "text/html_clean.h"

Err manuscript_store_insert(Ctx *ctx, const Manuscript *m, Str import_key, Str import_hash) {
    return db_exec(ctx,
                   "INSERT INTO manuscript (" MANUSCRIPT_COLUMNS
                   ", is_public, import_key, import_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
                   " $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,"
                   " $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)",
                   ARGS(INT(m->id), TXT(m->number), INT(m->outlet_id), TXT(m->kind), TXT(m->state),
                        TXT(m->profile), TXT(m->lang), INT(m->author_id), TXT(m->byline),
                        INT(m->published_n), INT(m->working_n), INT(m->created_ms),
                        INT(m->changed_ms), INT(m->published_ms), INT(m->republished_ms),
                        INT(m->released_by), INT(m->imported_ms), TXT(m->original_url),
                        INT(m->withdrawn_ms), TXT(m->withdrawn_reason), INT(m->corrections),
                        INT(m->cover_id), INT(m->version), TXT(m->title), TXT(m->summary),
                        INT(m->changed_by), INT(m->corrected_ms), TXT(m->returned_reason),
                        INT(m->returned_by), INT(m->returned_ms), INT(m->planned_ms), TXT(m->step),
                        INT(m->published_n > 0 && !m->withdrawn_ms), TXT_OR_NUL(import_key),
                        TXT_OR_NUL(import_hash)));
}

Err manuscript_store_update(Ctx *ctx, const Manuscript *m, int64_t *ret_changed) {
    return db_exec_count(
        ctx,
        "UPDATE manuscript SET kind = $3, state = $4, lang = $5, published_n = $6, working_n = $7,"
        " changed_ms = $8, published_ms = $9, republished_ms = $10, released_by = $11,"
        " withdrawn_ms = $12, withdrawn_reason = $13, cover_id = $14, title = $15, summary = $16,"
        " is_public = $17, changed_by = $18, returned_reason = $19, returned_by = $20,"
        " returned_ms = $21, planned_ms = $22, profile = $23, step = $24, version = version + 1 "
        "WHERE id = $1 AND version = "
        "$2",
        ARGS(INT(m->id), INT(m->version), TXT(m->kind), TXT(m->state), TXT(m->lang),
             INT(m->published_n), INT(m->working_n), INT(m->changed_ms), INT(m->published_ms),
             INT(m->republished_ms), INT(m->released_by), INT(m->withdrawn_ms),
             TXT(m->withdrawn_reason), INT(m->cover_id), TXT(m->title), TXT(m->summary),
             INT(m->published_n > 0 && !m->withdrawn_ms), INT(m->changed_by),
             TXT(m->returned_reason), INT(m->returned_by), INT(m->returned_ms), INT(m->planned_ms),
             TXT(m->profile), TXT(m->step)),
        ret_changed);
}

Err manuscript_store_get(Ctx *ctx, int64_t id, Manuscript *ret, bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT " MANUSCRIPT_COLUMNS " FROM manuscript WHERE id = $1",
                 ARGS(INT(id))));
    *ret_found = db_next(&rows);
    if (*ret_found)
        *ret = manuscript_read_row(&rows);
    return db_end(&rows);
}

Err manuscript_store_count_correction(Ctx *ctx, int64_t id) {
    return db_exec(ctx,
                   "UPDATE manuscript SET corrections = corrections + 1, changed_ms = $2,"
                   " corrected_ms = $2, changed_by = $3, version = version + 1 WHERE id = $1",
                   ARGS(INT(id), INT(ctx->now_ms), INT(ctx->person_id)));
}

Err manuscript_store_next_number(Ctx *ctx, int64_t outlet_id, int64_t year, int64_t *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "INSERT INTO manuscript_number (outlet_id, year, used) VALUES ($1, $2, 1)"
                 " ON CONFLICT (outlet_id, year) DO UPDATE SET used = manuscript_number.used + 1"
                 " RETURNING used",
                 ARGS(INT(outlet_id), INT(year))));
    if (db_next(&rows))
        *ret = db_int(&rows, 0);
    return db_end(&rows);
}

Err manuscript_store_import_hash(Ctx *ctx, int64_t outlet_id, Str import_key, Str *ret) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT import_hash FROM manuscript WHERE outlet_id = $1 AND import_key = $2",
                 ARGS(INT(outlet_id), TXT(import_key))));
    *ret = db_next(&rows) ? db_text(&rows, 0) : STR_EMPTY;
    return db_end(&rows);
}

/* ---- versions ---- */

Err manuscript_store_version_put(Ctx *ctx, const ManuscriptVersion *v) {
    return db_exec(
        ctx,
        "INSERT INTO manuscript_version (" VERSION_COLUMNS
        ", source, html, body_text, cleaner) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
        " $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
        " ON CONFLICT (manuscript_id, n) DO UPDATE SET title = excluded.title,"
        " summary = excluded.summary, source = excluded.source, format = excluded.format,"
        " html = excluded.html, body_text = excluded.body_text, hash = excluded.hash,"
        " made_by = excluded.made_by, made_ms = excluded.made_ms, note = excluded.note,"
        " sources = excluded.sources, tags = excluded.tags, pictures = excluded.pictures,"
        " kind = excluded.kind, lang = excluded.lang, cleaner = excluded.cleaner",
        ARGS(INT(v->manuscript_id), INT(v->n), TXT(v->title), TXT(v->summary), TXT(v->format),
             TXT(v->hash), INT(v->made_by), INT(v->made_ms), INT(v->released_by),
             INT(v->released_ms), TXT(v->note), TXT(manuscript_list_text(ctx, v->sources)),
             TXT(manuscript_list_text(ctx, v->tags)), TXT(manuscript_pictures_text(ctx, v)),
             TXT(v->kind), TXT(v->lang), TXT(v->source), TXT(v->html), TXT(v->text),
             INT(HTML_CLEAN_VERSION)));
}

Err manuscript_store_version_release(Ctx *ctx, int64_t id, int64_t n, int64_t released_by) {
    return db_exec(ctx,
                   "UPDATE manuscript_version SET released_by = $3, released_ms = $4"
                   " WHERE manuscript_id = $1 AND n = $2",
                   ARGS(INT(id), INT(n), INT(released_by), INT(ctx->now_ms)));
}

/* What an older sanitizer let through passes the present one before it is shown. */
Err manuscript_store_html(Ctx *ctx, Str html, int64_t cleaner, Str *ret) {
    if (cleaner != HTML_CLEAN_VERSION)
        return html_clean(ctx->arena, html, HTML_ARTICLE, STR_EMPTY, ret);
    *ret = html;
    return OK;
}

Err manuscript_store_version_get(Ctx *ctx, int64_t id, int64_t n, ManuscriptVersion *ret,
                                 bool *ret_found) {
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows,
                 "SELECT " VERSION_COLUMNS
                 ", source, html, body_text, cleaner FROM manuscript_version"
                 " WHERE manuscript_id = $1 AND n = $2",
                 ARGS(INT(id), INT(n))));
    *ret_found = db_next(&rows);
    if (*ret_found) {
        TRY(manuscript_read_version(ctx, &rows, ret));
        ret->source = db_text(&rows, VERSION_COLUMN_COUNT);
        ret->text = db_text(&rows, VERSION_COLUMN_COUNT + 2);
        TRY(manuscript_store_html(ctx, db_text(&rows, VERSION_COLUMN_COUNT + 1),
                                  db_int(&rows, VERSION_COLUMN_COUNT + 3), &ret->html));
    }
    return db_end(&rows);
}

/* ---- Word files ---- */

Err manuscript_store_word_put(Ctx *ctx, int64_t manuscript_id, Str file_name, Str lost) {
    return db_exec(ctx,
                   "INSERT INTO manuscript_word (manuscript_id, outlet_id, file_name, lost)"
                   " VALUES ($1, $2, $3, $4)",
                   ARGS(INT(manuscript_id), INT(ctx->outlet_id), TXT(file_name), TXT(lost)));
}

Err manuscript_store_word_get(Ctx *ctx, int64_t manuscript_id, Str *ret_file_name, Str *ret_lost,
                              bool *ret_found) {
    Str file_name = STR_EMPTY, lost = STR_EMPTY;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT file_name, lost FROM manuscript_word WHERE manuscript_id = $1",
                 ARGS(INT(manuscript_id))));
    bool is_found = db_next(&rows);
    if (is_found) {
        file_name = db_text(&rows, 0);
        lost = db_text(&rows, 1);
    }
    TRY(db_end(&rows));
    *ret_file_name = file_name;
    *ret_lost = lost;
    *ret_found = is_found;
    return OK;
}
