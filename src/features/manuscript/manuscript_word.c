/* features/manuscript/manuscript_word.c - stories that come as Word files; knows neither HTTP nor SQL. */
#include "base/utf8.h"
#include "db/db.h"
#include "features/manuscript/manuscript_service.h"
#include "features/manuscript/manuscript_store.h"
#include "features/manuscript/manuscript_text.h"
#include "features/media/media.h"
#include "pack/zip.h"
#include "text/docx.h"
#include "text/json_read.h"

static Err read_part(void *user, Arena *arena, Str name, size_t bytes_max, bool *ret_found,
                     Str *ret) {
    const ZipEntry *entry = zip_find(user, name);

    *ret_found = entry != NULL;
    return entry ? zip_read(arena, user, entry, bytes_max, ret) : OK;
}

static Err read_file(Ctx *ctx, Str bytes, Docx *ret) {
    Zip zip;

    TRY(docx_check_kind(bytes));
    TRY(zip_open(ctx->arena, bytes, DOCX_TOTAL_BYTES, &zip));
    return docx_read(ctx->arena, read_part, &zip, ret);
}

/* ---- pictures ---- */

/* One that the image child refuses has no set: it is lost. */
static Err make_ready(Ctx *ctx, Arena *scratch, Docx *docx, MediaReady *ready) {
    for (size_t i = 0; i < docx->picture_count; i++) {
        Err err = media_make_ready(ctx, scratch, ctx->outlet_id, docx->pictures[i].bytes, STR_EMPTY,
                                   &ready[i]);

        if (err.code == ERR_INVALID)
            docx->lost[LOST_PICTURES]++;
        else
            TRY(err);
    }
    return OK;
}

/* In the transaction: each picture is kept, and its address in the text becomes the library's. */
static Err keep_pictures(Ctx *ctx, const Docx *docx, const MediaReady *ready, Str *ret_html) {
    Str html = docx->html;
    Media media;

    for (size_t i = 0; i < docx->picture_count; i++) {
        Str opening = str_format(ctx->arena, "<img src=\"%.*s\"", STR_ARG(docx->pictures[i].src));
        size_t at = str_find(html, opening, 0), end = str_find_char(html, '>', at);
        Str with = STR_EMPTY;

        if (at == SIZE_MAX || end == SIZE_MAX)
            continue;
        if (ready[i].set) {
            TRY(media_keep(ctx, ctx->outlet_id, &ready[i], &media));
            with = str_format(ctx->arena, "<img src=\"/media/%.*s\"%.*s>", STR_ARG(media.hash),
                              STR_ARG(str_slice(html, at + opening.len, end)));
        }
        html = str_format(ctx->arena, "%.*s%.*s%.*s", STR_ARG(str_slice(html, 0, at)),
                          STR_ARG(with), STR_ARG(str_slice(html, end + 1, html.len)));
    }
    *ret_html = html;
    return OK;
}

/* ---- filing ---- */

/* On one line, without controls, at most max characters. */
static Str one_line(Ctx *ctx, Str text, size_t max) {
    Str clean = utf8_clean(ctx->arena, text);
    size_t chars = 0, at = 0;

    clean =
        str_replace(ctx->arena, str_replace(ctx->arena, clean, S("\n"), S(" ")), S("\t"), S(" "));
    for (; at < clean.len; at++) {
        chars += ((unsigned char)clean.ptr[at] & 0xC0) != 0x80 ? 1 : 0;
        if (chars > max)
            break;
    }
    return str_trim(str_slice(clean, 0, at));
}

static Str title_of(Ctx *ctx, const Docx *docx, Str file_name) {
    Str name = one_line(ctx, file_name, TITLE_CHARS_MAX);

    if (docx->title.len)
        return one_line(ctx, docx->title, TITLE_CHARS_MAX);
    if (name.len > 5 && str_eq_nocase(str_slice(name, name.len - 5, name.len), S(".docx")))
        name = str_slice(name, 0, name.len - 5);
    return name.len ? name : S("Word");
}

static Str lost_text(Ctx *ctx, const Docx *docx) {
    Json *lost = json_obj(ctx->arena);
    Buf out = buf_new(ctx->arena, SIZE_MAX);

    for (int i = 0; i < DOCX_LOST_KINDS; i++)
        if (docx->lost[i] > 0)
            json_set(lost, docx_lost_name((DocxLost)i), json_int(ctx->arena, docx->lost[i]));
    json_write(&out, lost);
    return buf_str(&out);
}

/* What is wrong with a text that nobody typed is wrong with its file. */
static Err of_file(Err err) {
    if (err.field && (strcmp(err.field, "text") == 0 || strcmp(err.field, "title") == 0))
        err.field = "file";
    return err;
}

Err manuscript_file_word(Ctx *ctx, const WordFile *file, Manuscript *ret) {
    CLEANUP(arena_close)
    Arena *scratch = arena_new(0); /* prepared pictures are more than a request may hold */
    Filing filing = {
        .kind = file->kind, .lang = file->lang, .format = S("html"), .may_lack_words = true
    };
    Docx docx;
    Manuscript m;
    DB_TX(tx);

    TRY(manuscript_require_person(ctx));
    TRY(read_file(ctx, file->bytes, &docx));
    MediaReady *ready = arena_array(ctx->arena, docx.picture_count + 1, sizeof *ready);
    TRY(make_ready(ctx, scratch, &docx, ready));
    filing.title = title_of(ctx, &docx, file->file_name);
    TRY(db_begin(ctx, &tx));
    TRY(keep_pictures(ctx, &docx, ready, &filing.source));
    TRY(of_file(manuscript_file(ctx, &filing, &m)));
    TRY(manuscript_store_word_put(ctx, m.id, one_line(ctx, file->file_name, TITLE_CHARS_MAX),
                                  lost_text(ctx, &docx)));
    TRY(db_commit(&tx));
    *ret = m;
    return OK;
}

Err manuscript_word(Ctx *ctx, int64_t id, Json **ret) {
    Str file_name, text;
    bool is_found;
    Json *out = json_obj(ctx->arena), *lost;

    TRY(manuscript_store_word_get(ctx, id, &file_name, &text, &is_found));
    if (!is_found) {
        *ret = json_null(ctx->arena);
        return OK;
    }
    if (json_read(ctx->arena, text, JSON_READ_DEPTH, &lost).code != ERR_OK)
        return FAIL(ERR_IO, NULL, N_("The stored version is damaged; restore a backup."));
    json_set(out, "file_name", json_str(ctx->arena, file_name));
    json_set(out, "lost", lost);
    *ret = out;
    return OK;
}

/* ---- words for pictures that have none ---- */

static Err wrong_count(void) {
    return FAIL(
        ERR_INVALID, "alts",
        N_("Say in words what each picture in the text shows, for those who do not see it."));
}

static Err put_words(Ctx *ctx, Str html, StrList alts, Str *ret) {
    Buf out = buf_new(ctx->arena, SIZE_MAX);
    InnerPicture *list;
    size_t len, used = 0, at = 0;

    manuscript_inner_pictures(ctx, html, &list, &len);
    for (size_t i = 0; i < len; i++) {
        bool has_attribute = list[i].alt_to != SIZE_MAX;

        if (list[i].alt.len)
            continue;
        if (used == alts.len || !str_trim(alts.items[used]).len)
            return wrong_count();
        TRY(manuscript_check_line(ctx, "alts", alts.items[used], ALT_CHARS_MAX, true));
        buf_add(&out, str_slice(html, at, list[i].alt_from));
        buf_add(&out, has_attribute ? STR_EMPTY : S(" alt=\""));
        buf_add_html(&out, str_trim(alts.items[used++]));
        buf_add(&out, has_attribute ? STR_EMPTY : S("\""));
        at = has_attribute ? list[i].alt_to : list[i].alt_from;
    }
    if (used != alts.len || used == 0)
        return wrong_count();
    buf_add(&out, str_slice(html, at, html.len));
    *ret = buf_str(&out);
    return OK;
}

Err manuscript_describe(Ctx *ctx, int64_t id, int64_t version, StrList alts, Manuscript *ret) {
    ManuscriptVersion v;
    Manuscript m;
    DB_TX(tx);

    TRY(manuscript_require_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(manuscript_read_own(ctx, id, version, &m));
    TRY(manuscript_version(ctx, id, m.working_n, &v));
    Filing filing = { .kind = v.kind,
                      .lang = v.lang,
                      .title = v.title,
                      .summary = v.summary,
                      .format = S("html"),
                      .note = v.note,
                      .sources = v.sources,
                      .tags = v.tags,
                      .pictures = v.pictures,
                      .picture_count = v.picture_count };
    TRY(put_words(ctx, v.html, alts, &filing.source));
    TRY(manuscript_change(ctx, id, version, &filing, &m));
    TRY(db_commit(&tx));
    *ret = m;
    return OK;
}
