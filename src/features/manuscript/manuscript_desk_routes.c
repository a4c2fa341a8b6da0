/* features/manuscript/manuscript_desk_routes.c - filing, reading and deciding, for people at work. */
#include "features/identity/identity.h"
#include "features/manuscript/manuscript_pages.h"
#include "features/manuscript/manuscript_states.h"
#include "features/media/media.h"
#include "features/register/register.h"
#include "ledger/ledger.h"
#include "view/catalogue.h"

enum { PER_PAGE = 50, ENTRIES = 100 };

#define STORY_FIELDS                                                                                    \
    { "kind",                                                                                           \
      FIELD_ENUM,                                                                                       \
      IN_BODY,                                                                                          \
      .is_required = true,                                                                              \
      .words = "消息 通讯 评论 图片 视频 解释 快讯",                                                    \
      .label = N_("Kind") },                                                                            \
        { "lang", FIELD_ENUM, IN_BODY, .words = "zh en", .label = N_("Language") },                     \
        { "title",                                                                                      \
          FIELD_LINE,                                                                                   \
          IN_BODY,                                                                                      \
          .is_required = true,                                                                          \
          .max_chars = TITLE_CHARS_MAX,                                                                 \
          .label = N_("Title") },                                                                       \
        { "summary", FIELD_LINE, IN_BODY, .max_chars = SUMMARY_CHARS_MAX,                               \
          .label = N_("Summary") },                                                                     \
        { "text", FIELD_TEXT, IN_BODY, .is_required = true, .max_chars = 200000, .label = N_("Text") }, \
        { "format", FIELD_ENUM, IN_BODY, .words = "markdown html", .label = N_("Format") },             \
        { "note", FIELD_LINE, IN_BODY, .max_chars = SUMMARY_CHARS_MAX,                                  \
          .label = N_("What changed") },                                                                \
        { "sources", FIELD_TEXT, IN_BODY, .max_chars = 6000, .label = N_("Sources, one a line") },      \
        { "tags", FIELD_LINE, IN_BODY, .max_chars = 300, .label = N_("Tags, separated by ;") },         \
        { "picture", FIELD_ID, IN_BODY, .label = N_("Number of the picture") },                         \
        { "alt", FIELD_LINE, IN_BODY, .max_chars = 300, .label = N_("What the picture shows") }, {      \
        "credit", FIELD_LINE, IN_BODY, .max_chars = 80, .label = N_("Who made the picture")             \
    }

static const Field file_fields[] = {
    { "outlet", FIELD_WORD, IN_BODY, .label = N_("Outlet") },
    STORY_FIELDS,
    { 0 },
};
static const Field change_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    STORY_FIELDS,
    { 0 },
};
static const Field new_fields[] = {
    { "outlet", FIELD_WORD, IN_QUERY, .is_required = true, .label = N_("Outlet") },
    { 0 },
};
static const Field id_fields[] = { { "id", FIELD_ID, IN_PATH, .label = N_("Story") }, { 0 } };
static const Field reason_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    { "reason", FIELD_TEXT, IN_BODY, .is_required = true, .max_chars = REASON_CHARS_MAX,
      .label = N_("Reason") },
    { 0 },
};
static const Field list_fields[] = {
    { "outlet", FIELD_WORD, IN_QUERY, .label = N_("Outlet") },
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Field import_fields[] = {
    { "outlet", FIELD_WORD, IN_BODY, .is_required = true, .label = N_("Outlet") },
    { "file", FIELD_FILE, IN_BODY, .is_required = true, .max = 64 << 20, .label = N_("File") },
    { "dry_run", FIELD_BOOL, IN_BODY, .label = N_("Only check, write nothing") },
    { 0 },
};

static const Model edit_model = {
    "manuscript/edit",
    KEYS(title is_new action version outlet_no outlet_name preview
             kinds[value label selected] langs[value label selected] formats[value label selected]),
};
static const Model desk_model = {
    "manuscript/desk_story",
    KEYS(title id number state state_text version lang kind summary html note author outlet_no
             outlet_name public_url n published_n is_own may_change may_submit may_return
                 may_release may_correct may_withdraw
                     entries[kind kind_text at position is_placed] pictures[src alt credit]),
};
static const Model list_model = {
    "manuscript/desk_list",
    KEYS(title outlets[no name selected] outlet_no
             stories[id url number title state state_text changed] next),
};
static const Model act_model = { NULL, KEYS(id number state version url) };
static const Model report_model = {
    NULL, KEYS(rows[line title outcome reasons[]] new_count same_count refused_count is_written)
};

/* ---- whose outlet ---- */

static Err outlet_of_id(Ctx *ctx, const Request *req, int64_t *ret) {
    Manuscript m;

    TRY(manuscript_get(ctx, req_id(req, "id"), &m));
    *ret = m.outlet_id;
    return OK;
}

/* R1: a story without an outlet has no form and no address. */
static Err outlet_of_no(Ctx *ctx, const Request *req, int64_t *ret) {
    Outlet outlet;

    if (!req_text(req, "outlet").len)
        return REFUSE(
            1, N_("A story is filed for an outlet and signed by a person: name the outlet."));
    TRY(outlet_by_no(ctx, req_text(req, "outlet"), &outlet));
    *ret = outlet.id;
    return OK;
}

/* ---- reading a form ---- */

static StrList split_trimmed(Ctx *ctx, Str text, char separator) {
    StrList parts = str_split(ctx->arena, text, separator), list = { parts.items, 0 };

    for (size_t i = 0; i < parts.len; i++) {
        Str part = str_trim(parts.items[i]);
        if (part.len)
            list.items[list.len++] = part;
    }
    return list;
}

static Filing filing_of(Ctx *ctx, const Request *req, Picture *picture) {
    Filing filing = { .kind = req_text(req, "kind"),
                      .lang = req_text(req, "lang"),
                      .title = req_text(req, "title"),
                      .summary = req_text(req, "summary"),
                      .source = req_text(req, "text"),
                      .format = req_text(req, "format"),
                      .note = req_text(req, "note"),
                      .sources = split_trimmed(ctx, req_text(req, "sources"), '\n'),
                      .tags = split_trimmed(ctx, req_text(req, "tags"), ';') };

    if (!filing.lang.len)
        filing.lang = S("zh");
    if (!filing.format.len)
        filing.format = S("markdown");
    if (req_id(req, "picture")) {
        *picture =
            (Picture){ req_id(req, "picture"), req_text(req, "alt"), req_text(req, "credit") };
        filing.pictures = picture;
        filing.picture_count = 1;
    }
    return filing;
}

static Err answer(Ctx *ctx, const Request *req, Response *res, const Manuscript *m,
                  bool is_created) {
    Json *model = json_obj(ctx->arena);
    Str desk = str_format(ctx->arena, "/desk/articles/%lld", (long long)m->id);

    json_set(model, "id", json_id(ctx->arena, m->id));
    json_set(model, "number", json_str(ctx->arena, m->number));
    json_set(model, "state", json_str(ctx->arena, m->state));
    json_set(model, "version", json_int(ctx->arena, m->version));
    json_set(model, "url",
             json_str(ctx->arena, str_format(ctx->arena, "/articles/%lld", (long long)m->id)));
    return is_created ? res_created(ctx, req, res, desk, model)
                      : res_done(ctx, req, res, desk, model);
}

/* ---- acts ---- */

static Err file_story(Ctx *ctx, const Request *req, Response *res) {
    Picture picture;
    Filing filing = filing_of(ctx, req, &picture);
    Manuscript m;

    TRY(manuscript_file(ctx, &filing, &m));
    return answer(ctx, req, res, &m, true);
}

static Err change_story(Ctx *ctx, const Request *req, Response *res) {
    Picture picture;
    Filing filing = filing_of(ctx, req, &picture);
    Manuscript m;

    TRY(manuscript_change(ctx, req_id(req, "id"), req_version(req), &filing, &m));
    return answer(ctx, req, res, &m, false);
}

static Err submit(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m;

    TRY(manuscript_submit(ctx, req_id(req, "id"), req_version(req), &m));
    return answer(ctx, req, res, &m, false);
}

static Err release(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m;

    TRY(manuscript_release(ctx, req_id(req, "id"), req_version(req), &m));
    return answer(ctx, req, res, &m, false);
}

static Err send_back(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m;

    TRY(manuscript_return(ctx, req_id(req, "id"), req_version(req), req_text(req, "reason"), &m));
    return answer(ctx, req, res, &m, false);
}

static Err withdraw(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m;

    TRY(manuscript_withdraw(ctx, req_id(req, "id"), req_version(req), req_text(req, "reason"), &m));
    return answer(ctx, req, res, &m, false);
}

/* ---- the writing page ---- */

static Json *choices(Ctx *ctx, const char *const list[][2], size_t count, Str chosen) {
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; i < count; i++) {
        Json *item = json_obj(ctx->arena);
        json_set(item, "value", json_str(ctx->arena, str_from_c(list[i][0])));
        json_set(item, "label", manuscript_words(ctx, list[i][1]));
        json_set(item, "selected", json_bool(ctx->arena, str_eq(chosen, str_from_c(list[i][0]))));
        json_push(out, item);
    }
    return out;
}

static void put_choices(Ctx *ctx, Str kind, Str lang, Str format, Json *model) {
    static const char *const kinds[][2] = {
        { "消息", N_("News") },     { "通讯", N_("Feature") }, { "评论", N_("Comment") },
        { "图片", N_("Pictures") }, { "视频", N_("Video") },   { "解释", N_("Explainer") },
        { "快讯", N_("Flash") },
    };
    static const char *const langs[][2] = { { "zh", N_("Chinese") }, { "en", N_("English") } };
    static const char *const formats[][2] = { { "markdown", "Markdown" }, { "html", "HTML" } };

    json_set(model, "kinds", choices(ctx, kinds, COUNT_OF(kinds), kind));
    json_set(model, "langs", choices(ctx, langs, COUNT_OF(langs), lang));
    json_set(model, "formats", choices(ctx, formats, COUNT_OF(formats), format));
}

static Str join_lines(Ctx *ctx, StrList list, Str separator) {
    return str_join(ctx->arena, list, separator);
}

static Json *form_of(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v) {
    Json *form = json_obj(ctx->arena), *values = json_obj(ctx->arena);
    const Picture *picture = v->picture_count ? &v->pictures[0] : NULL;

    json_set(values, "kind", json_str(ctx->arena, m->kind));
    json_set(values, "lang", json_str(ctx->arena, m->lang));
    json_set(values, "title", json_str(ctx->arena, v->title));
    json_set(values, "summary", json_str(ctx->arena, v->summary));
    json_set(values, "text", json_str(ctx->arena, v->source));
    json_set(values, "format", json_str(ctx->arena, v->format));
    json_set(values, "note", json_str(ctx->arena, v->note));
    json_set(values, "sources", json_str(ctx->arena, join_lines(ctx, v->sources, S("\n"))));
    json_set(values, "tags", json_str(ctx->arena, join_lines(ctx, v->tags, S("; "))));
    json_set(
        values, "picture",
        json_str(ctx->arena, picture ? str_from_int(ctx->arena, picture->media_id) : STR_EMPTY));
    json_set(values, "alt", json_str(ctx->arena, picture ? picture->alt : STR_EMPTY));
    json_set(values, "credit", json_str(ctx->arena, picture ? picture->credit : STR_EMPTY));
    json_set(form, "values", values);
    return form;
}

static Err view_edit(Ctx *ctx, const Request *req, Response *res, const Manuscript *m,
                     const ManuscriptVersion *v, const Outlet *outlet) {
    Json *model = json_obj(ctx->arena), *form = form_of(ctx, m, v);
    bool is_new = m->id == 0;

    json_set(json_get(form, "values"), "outlet", json_str(ctx->arena, outlet->no));
    json_set(model, "title",
             is_new ? manuscript_words(ctx, N_("New story")) : json_str(ctx->arena, v->title));
    json_set(model, "is_new", json_bool(ctx->arena, is_new));
    json_set(
        model, "action",
        json_str(ctx->arena, is_new ? S("/articles")
                                    : str_format(ctx->arena, "/articles/%lld", (long long)m->id)));
    json_set(model, "version", json_int(ctx->arena, m->version));
    json_set(model, "outlet_no", json_str(ctx->arena, outlet->no));
    json_set(model, "outlet_name", json_str(ctx->arena, outlet->name));
    json_set(model, "preview", json_clean(ctx->arena, v->html));
    json_set(model, "form", form);
    put_choices(ctx, m->kind, m->lang, v->format, model);
    return res_view(ctx, req, res, model);
}

static Err show_new(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m = { .kind = S("消息"), .lang = S("zh") };
    ManuscriptVersion v = { .format = S("markdown") };
    Outlet outlet;

    TRY(outlet_by_no(ctx, req_text(req, "outlet"), &outlet));
    return view_edit(ctx, req, res, &m, &v, &outlet);
}

static Err show_edit(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m;
    ManuscriptVersion v;
    Outlet outlet;

    TRY(manuscript_get(ctx, req_id(req, "id"), &m));
    TRY(manuscript_version(ctx, m.id, m.working_n, &v));
    TRY(outlet_get(ctx, m.outlet_id, &outlet));
    v.note = STR_EMPTY;
    return view_edit(ctx, req, res, &m, &v, &outlet);
}

/* ---- the page where a story is read and decided ---- */

static const char *state_sentence(Str state) {
    static const struct {
        Str state;
        const char *text;
    } rows[] = {
        { S_INIT("draft"), N_("Draft") },
        { S_INIT("submitted"), N_("Waits for a second person") },
        { S_INIT("returned"), N_("Returned") },
        { S_INIT("published"), N_("Published") },
        { S_INIT("revising"), N_("Published; a new version is being written") },
        { S_INIT("revision_submitted"), N_("Published; a new version waits for a second person") },
        { S_INIT("withdrawn"), N_("Withdrawn") },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_eq(state, rows[i].state))
            return rows[i].text;
    return "";
}

static Err put_entries(Ctx *ctx, const Site *site, int64_t id, Json *model) {
    LedgerPlaces places;
    Json *entries = json_arr(ctx->arena), *at;

    TRY(ledger_of_subject(ctx, id, ENTRIES, &places));
    for (size_t i = 0; i < places.len; i++) {
        Json *entry = json_obj(ctx->arena);
        TRY(manuscript_time(ctx, site, places.items[i].at_ms, &at));
        json_set(entry, "kind", json_str(ctx->arena, places.items[i].kind));
        json_set(
            entry, "kind_text",
            json_str(ctx->arena, catalogue_entry(catalogue_of(ctx->lang), places.items[i].kind)));
        json_set(entry, "at", at);
        json_set(entry, "position", json_int(ctx->arena, places.items[i].index));
        json_set(entry, "is_placed", json_bool(ctx->arena, places.items[i].index >= 0));
        json_push(entries, entry);
    }
    json_set(model, "entries", entries);
    return OK;
}

static Err put_pictures(Ctx *ctx, const ManuscriptVersion *v, Json *model) {
    Json *pictures = json_arr(ctx->arena);
    int64_t *ids = arena_array(ctx->arena, v->picture_count + 1, sizeof(int64_t));
    Media *media = arena_array(ctx->arena, v->picture_count + 1, sizeof(Media));

    for (size_t i = 0; i < v->picture_count; i++)
        ids[i] = v->pictures[i].media_id;
    TRY(media_get_many(ctx, ids, v->picture_count, media));
    for (size_t i = 0; i < v->picture_count; i++) {
        Json *picture = json_obj(ctx->arena);
        if (!media[i].id)
            continue;
        json_set(picture, "src", json_get(media_model(ctx->arena, &media[i]), "src"));
        json_set(picture, "alt", json_str(ctx->arena, v->pictures[i].alt));
        json_set(picture, "credit", json_str(ctx->arena, v->pictures[i].credit));
        json_push(pictures, picture);
    }
    json_set(model, "pictures", pictures);
    return OK;
}

static Err put_acts(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v, Json *model) {
    bool is_own = m->author_id == ctx->person_id || v->made_by == ctx->person_id, may_release,
         may_file;
    Str role;

    TRY(identity_may(ctx, CAP_RELEASE, m->outlet_id, &may_release, &role));
    TRY(identity_may(ctx, CAP_FILE, m->outlet_id, &may_file, &role));
    const struct {
        const char *name;
        Act act;
        bool may;
    } acts[] = { { "may_change", ACT_CHANGE, may_file },
                 { "may_submit", ACT_SUBMIT, may_file },
                 { "may_return", ACT_RETURN, may_release && !is_own },
                 { "may_release", ACT_RELEASE, may_release && !is_own },
                 { "may_correct", ACT_CORRECT, may_release },
                 { "may_withdraw", ACT_WITHDRAW, may_release } };

    json_set(model, "is_own", json_bool(ctx->arena, is_own));
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        json_set(
            model, acts[i].name,
            json_bool(ctx->arena, acts[i].may && manuscript_transition(m->state, acts[i].act)));
    return OK;
}

static Err show_desk(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    Manuscript m;
    ManuscriptVersion v;
    Outlet outlet;
    Str author;
    Json *model = json_obj(ctx->arena);

    TRY(site_get(ctx, &site));
    TRY(manuscript_get(ctx, req_id(req, "id"), &m));
    TRY(manuscript_version(ctx, m.id, m.working_n, &v));
    TRY(outlet_get(ctx, m.outlet_id, &outlet));
    TRY(person_names(ctx, &m.author_id, 1, &author));
    json_set(model, "title", json_str(ctx->arena, v.title));
    json_set(model, "id", json_id(ctx->arena, m.id));
    json_set(model, "number", json_str(ctx->arena, m.number));
    json_set(model, "state", json_str(ctx->arena, m.state));
    json_set(model, "state_text", manuscript_words(ctx, state_sentence(m.state)));
    json_set(model, "version", json_int(ctx->arena, m.version));
    json_set(model, "lang", json_str(ctx->arena, str_eq(m.lang, S("en")) ? S("en") : S("zh-CN")));
    json_set(model, "kind", json_str(ctx->arena, m.kind));
    json_set(model, "summary", json_str(ctx->arena, v.summary));
    json_set(model, "html", json_clean(ctx->arena, v.html));
    json_set(model, "note", json_str(ctx->arena, v.note));
    json_set(model, "author", json_str(ctx->arena, m.byline.len ? m.byline : author));
    json_set(model, "outlet_no", json_str(ctx->arena, outlet.no));
    json_set(model, "outlet_name", json_str(ctx->arena, outlet.name));
    json_set(model, "n", json_int(ctx->arena, v.n));
    json_set(model, "published_n", json_int(ctx->arena, m.published_n));
    json_set(model, "public_url",
             m.published_n
                 ? json_str(ctx->arena, str_format(ctx->arena, "/articles/%lld", (long long)m.id))
                 : json_null(ctx->arena));
    TRY(put_acts(ctx, &m, &v, model));
    TRY(put_entries(ctx, &site, m.id, model));
    TRY(put_pictures(ctx, &v, model));
    res_version(res, m.version);
    return res_view(ctx, req, res, model);
}

/* ---- my outlets' stories ---- */

static Err put_outlets(Ctx *ctx, Str chosen, Outlet *ret_chosen, Json *model) {
    int64_t *ids;
    size_t count;
    Json *list = json_arr(ctx->arena);

    TRY(identity_outlets_with(ctx, CAP_DRAFTS, &ids, &count));
    Outlet *outlets = arena_array(ctx->arena, count + 1, sizeof(Outlet));
    TRY(outlet_get_many(ctx, ids, count, outlets));
    *ret_chosen = (Outlet){ 0 };
    for (size_t i = 0; i < count; i++) {
        Json *item = json_obj(ctx->arena);
        if (!outlets[i].id)
            continue;
        bool is_chosen = chosen.len ? str_eq(chosen, outlets[i].no) : !ret_chosen->id;
        if (is_chosen)
            *ret_chosen = outlets[i];
        json_set(item, "no", json_str(ctx->arena, outlets[i].no));
        json_set(item, "name", json_str(ctx->arena, outlets[i].name));
        json_set(item, "selected", json_bool(ctx->arena, is_chosen));
        json_push(list, item);
    }
    json_set(model, "outlets", list);
    return OK;
}

/* Alliance-wide roles read any outlet's list by its number. */
static Err choose_outlet(Ctx *ctx, Str no, Outlet *chosen) {
    bool may;
    Str role;

    if (chosen->id || !no.len)
        return OK;
    TRY(outlet_by_no(ctx, no, chosen));
    TRY(identity_may(ctx, CAP_DRAFTS, chosen->id, &may, &role));
    return may ? OK : FAIL(ERR_NOT_FOUND, NULL, N_("There is no such outlet."));
}

static Err show_list(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    Outlet chosen;
    ManuscriptList list = { 0 };
    int64_t after_ms, after_id;
    Json *model = json_obj(ctx->arena), *stories = json_arr(ctx->arena),
         *next = json_null(ctx->arena), *at;

    req_cursor(req, "after", &after_ms, &after_id);
    TRY(site_get(ctx, &site));
    TRY(put_outlets(ctx, req_text(req, "outlet"), &chosen, model));
    TRY(choose_outlet(ctx, req_text(req, "outlet"), &chosen));
    if (chosen.id)
        TRY(manuscript_list_desk(ctx, chosen.id, STR_EMPTY, after_ms, after_id, PER_PAGE, &list));
    for (size_t i = 0; i < list.len; i++) {
        const Manuscript *m = &list.items[i];
        Json *row = json_obj(ctx->arena);
        TRY(manuscript_time(ctx, &site, m->changed_ms, &at));
        json_set(row, "id", json_id(ctx->arena, m->id));
        json_set(
            row, "url",
            json_str(ctx->arena, str_format(ctx->arena, "/desk/articles/%lld", (long long)m->id)));
        json_set(row, "number", json_str(ctx->arena, m->number));
        json_set(row, "title", json_str(ctx->arena, m->title));
        json_set(row, "state", json_str(ctx->arena, m->state));
        json_set(row, "state_text", manuscript_words(ctx, state_sentence(m->state)));
        json_set(row, "changed", at);
        json_push(stories, row);
    }
    if (list.len == PER_PAGE) {
        Str cursor = list_cursor(ctx->arena, list.items[PER_PAGE - 1].changed_ms,
                                 list.items[PER_PAGE - 1].id);
        res_next(ctx, req, res, cursor);
        next = json_str(ctx->arena, cursor);
    }
    json_set(model, "title", manuscript_words(ctx, N_("Stories")));
    json_set(model, "outlet_no", json_str(ctx->arena, chosen.no));
    json_set(model, "stories", stories);
    json_set(model, "next", next);
    return res_view(ctx, req, res, model);
}

/* ---- stories from before ---- */

static Err import(Ctx *ctx, const Request *req, Response *res) {
    Upload file;
    StoryImportReport report;
    Json *model = json_obj(ctx->arena), *rows = json_arr(ctx->arena);

    if (!req_file(req, "file", &file))
        return FAIL(ERR_INVALID, "file", N_("Choose a file."));
    TRY(manuscript_import(ctx, ctx->outlet_id, file.bytes, req_bool(req, "dry_run"), &report));
    for (size_t i = 0; i < report.len; i++) {
        const StoryImportRow *row = &report.rows[i];
        Json *item = json_obj(ctx->arena), *reasons = json_arr(ctx->arena);
        for (size_t r = 0; r < row->reasons.len; r++)
            json_push(reasons, json_str(ctx->arena, row->reasons.items[r]));
        json_set(item, "line", json_int(ctx->arena, row->line));
        json_set(item, "title", json_str(ctx->arena, row->title));
        json_set(item, "outcome", json_str(ctx->arena, row->outcome));
        json_set(item, "reasons", reasons);
        json_push(rows, item);
    }
    json_set(model, "rows", rows);
    json_set(model, "new_count", json_int(ctx->arena, report.new_count));
    json_set(model, "same_count", json_int(ctx->arena, report.same_count));
    json_set(model, "refused_count", json_int(ctx->arena, report.refused_count));
    json_set(model, "is_written", json_bool(ctx->arena, report.is_written));
    if (report.refused_count)
        return res_view_as(ctx, req, res, 422, &report_model, model);
    return res_done(ctx, req, res, S("/desk/articles"), model);
}

#define BY_ID(method, pattern, cap, fields, handler, model, flags, text)                           \
    {                                                                                              \
        method, pattern, OUTLET(cap), fields, handler, model, flags, .outlet_of = outlet_of_id,    \
                                                                     .summary = text               \
    }

const Route manuscript_desk_routes[] = {
    { "GET", "/desk/articles", CAP_SIGNED_IN, list_fields, show_list, &list_model,
      .summary = N_("The stories of my outlets.") },
    { "GET", "/desk/articles/new", OUTLET(CAP_FILE), new_fields, show_new, &edit_model,
      .outlet_of = outlet_of_no, .summary = N_("The page on which a story is written.") },
    { "POST", "/articles", OUTLET(CAP_FILE), file_fields, file_story, &act_model,
      .outlet_of = outlet_of_no, .form_handler = show_new,
      .summary = N_("Files a story as a draft.") },
    BY_ID("GET", "/desk/articles/{id}", CAP_DRAFTS, id_fields, show_desk, &desk_model, 0,
          N_("A story with its state, history and what may be done.")),
    BY_ID("GET", "/desk/articles/{id}/edit", CAP_FILE, id_fields, show_edit, &edit_model, 0,
          N_("The page on which a story is changed.")),
    { "POST", "/articles/{id}", OUTLET(CAP_FILE), change_fields, change_story, &act_model,
      ROUTE_IF_MATCH, .outlet_of = outlet_of_id, .form_handler = show_edit,
      .summary = N_("Changes a draft, or begins the next version.") },
    BY_ID("POST", "/articles/{id}/submit", CAP_FILE, id_fields, submit, &act_model, ROUTE_IF_MATCH,
          N_("Puts a story before a second person.")),
    BY_ID("POST", "/articles/{id}/release", CAP_RELEASE, id_fields, release, &act_model,
          ROUTE_IF_MATCH | ROUTE_STEP_UP, N_("Publishes another person's story.")),
    BY_ID("POST", "/articles/{id}/return", CAP_RELEASE, reason_fields, send_back, &act_model,
          ROUTE_IF_MATCH, N_("Returns a story to its author with a reason.")),
    BY_ID("POST", "/articles/{id}/withdraw", CAP_WITHDRAW, reason_fields, withdraw, &act_model,
          ROUTE_IF_MATCH | ROUTE_STEP_UP, N_("Withdraws a published story; a tombstone stays.")),
    { "POST", "/import/stories", OUTLET(CAP_IMPORT_STORIES), import_fields, import, &report_model,
      ROUTE_UPLOAD, .outlet_of = outlet_of_no, .summary = N_("Takes an outlet's old stories in.") },
    { 0 },
};
