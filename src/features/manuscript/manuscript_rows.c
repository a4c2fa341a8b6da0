/* features/manuscript/manuscript_rows.c - rows of `manuscript` and `manuscript_version` as structs. */
#include "features/manuscript/manuscript_rows.h"

#include "text/json_read.h"

Manuscript manuscript_read_row(DbRows *row) {
    return (Manuscript){
        .id = db_int(row, 0),
        .number = db_text(row, 1),
        .outlet_id = db_int(row, 2),
        .kind = db_text(row, 3),
        .state = db_text(row, 4),
        .profile = db_text(row, 5),
        .lang = db_text(row, 6),
        .author_id = db_int(row, 7),
        .byline = db_text(row, 8),
        .published_n = db_int(row, 9),
        .working_n = db_int(row, 10),
        .created_ms = db_int(row, 11),
        .changed_ms = db_int(row, 12),
        .published_ms = db_int(row, 13),
        .republished_ms = db_int(row, 14),
        .released_by = db_int(row, 15),
        .imported_ms = db_int(row, 16),
        .original_url = db_text(row, 17),
        .withdrawn_ms = db_int(row, 18),
        .withdrawn_reason = db_text(row, 19),
        .corrections = db_int(row, 20),
        .cover_id = db_int(row, 21),
        .version = db_int(row, 22),
        .title = db_text(row, 23),
        .summary = db_text(row, 24),
        .changed_by = db_int(row, 25),
        .corrected_ms = db_int(row, 26),
        .returned_reason = db_text(row, 27),
        .returned_by = db_int(row, 28),
        .returned_ms = db_int(row, 29),
        .planned_ms = db_int(row, 30),
        .step = db_text(row, 31),
    };
}

Err manuscript_read_list(Ctx *ctx, Str text, StrList *ret) {
    Json *list;

    TRY(json_read(ctx->arena, text, 4, &list));
    ret->items = arena_array(ctx->arena, list->array.len + 1, sizeof(Str));
    ret->len = list->array.len;
    for (size_t i = 0; i < list->array.len; i++)
        ret->items[i] = list->array.items[i]->string;
    return OK;
}

Err manuscript_read_pictures(Ctx *ctx, Str text, ManuscriptVersion *v) {
    Json *list;

    TRY(json_read(ctx->arena, text, 4, &list));
    v->pictures = arena_array(ctx->arena, list->array.len + 1, sizeof(Picture));
    v->picture_count = list->array.len;
    for (size_t i = 0; i < list->array.len; i++) {
        const Json *item = list->array.items[i];
        v->pictures[i] =
            (Picture){ .alt = json_get_text(item, "alt"), .credit = json_get_text(item, "credit") };
        if (!str_parse_int(json_get_text(item, "media"), &v->pictures[i].media_id))
            return FAIL(ERR_IO, NULL, N_("The stored version is damaged; restore a backup."));
    }
    return OK;
}

Err manuscript_read_version(Ctx *ctx, DbRows *row, ManuscriptVersion *ret) {
    *ret = (ManuscriptVersion){
        .manuscript_id = db_int(row, 0),
        .n = db_int(row, 1),
        .title = db_text(row, 2),
        .summary = db_text(row, 3),
        .format = db_text(row, 4),
        .hash = db_text(row, 5),
        .made_by = db_int(row, 6),
        .made_ms = db_int(row, 7),
        .released_by = db_int(row, 8),
        .released_ms = db_int(row, 9),
        .note = db_text(row, 10),
        .kind = db_text(row, 14),
        .lang = db_text(row, 15),
    };
    TRY(manuscript_read_list(ctx, db_text(row, 11), &ret->sources));
    TRY(manuscript_read_list(ctx, db_text(row, 12), &ret->tags));
    return manuscript_read_pictures(ctx, db_text(row, 13), ret);
}

Str manuscript_list_text(Ctx *ctx, StrList list) {
    Json *out = json_arr(ctx->arena);
    Buf buf = buf_new(ctx->arena, 0);

    for (size_t i = 0; i < list.len; i++)
        json_push(out, json_str(ctx->arena, list.items[i]));
    json_write(&buf, out);
    return buf_str(&buf);
}

Str manuscript_pictures_text(Ctx *ctx, const ManuscriptVersion *v) {
    Json *out = json_arr(ctx->arena);
    Buf buf = buf_new(ctx->arena, 0);

    for (size_t i = 0; i < v->picture_count; i++) {
        Json *item = json_obj(ctx->arena);
        json_set(item, "media", json_id(ctx->arena, v->pictures[i].media_id));
        json_set(item, "alt", json_str(ctx->arena, v->pictures[i].alt));
        json_set(item, "credit", json_str(ctx->arena, v->pictures[i].credit));
        json_push(out, item);
    }
    json_write(&buf, out);
    return buf_str(&buf);
}
