/* features/manuscript/manuscript_write_routes.c - the page on which a story is written, and what it sends. */
#include "features/manuscript/manuscript_pages.h"
#include "features/identity/identity.h"
#include "features/register/register.h"

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
        { "alt", FIELD_LINE, IN_BODY, .max_chars = 300, .label = N_("What the picture shows") },        \
        { "credit", FIELD_LINE, IN_BODY, .max_chars = 80, .label = N_("Who made the picture") },        \
        { "more_pictures", FIELD_TEXT, IN_BODY, .max_chars = 12000,                                     \
          .label = N_("More pictures") },                                                               \
        { "embargo_at", FIELD_LINE, IN_BODY, .max_chars = 30,                                           \
          .label = N_("Not before: day and time") },                                                    \
        { "embargo_zone", FIELD_LINE, IN_BODY, .max_chars = 60,                                         \
          .label = N_("Not before: time zone") },                                                       \
    {                                                                                                   \
        "date", FIELD_LINE, IN_BODY, .label = N_("Date")                                                \
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

static const Model edit_model = {
    "manuscript/edit",
    KEYS(title is_new action version outlet_no outlet_name preview returned?{ reason person at }
             kinds[value label selected] langs[value label selected] formats[value label selected]),
};

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

/* "NUMBER | what it shows | who made it", one picture a line. */
static Err read_more_pictures(Ctx *ctx, Str text, Picture *pictures, size_t *len) {
    StrList lines = split_trimmed(ctx, text, '\n');

    for (size_t i = 0; i < lines.len; i++) {
        Str rest = lines.items[i], number = STR_EMPTY, alt = STR_EMPTY;
        Picture *picture = &pictures[*len];

        if (*len > PICTURES_MAX)
            return FAIL_ARGS(ERR_LIMIT, "more_pictures", N_("Give at most {0} of them."),
                             str_from_int(ctx->arena, PICTURES_MAX));
        (void)str_cut(&rest, '|', &number);
        (void)str_cut(&rest, '|', &alt);
        if (!str_parse_int(str_trim(number), &picture->media_id))
            return FAIL(ERR_INVALID, "more_pictures",
                        N_("Write one picture a line: its number | what it shows | who made it."));
        picture->alt = str_trim(alt);
        picture->credit = str_trim(rest);
        (*len)++;
    }
    return OK;
}

/* pictures has room for PICTURES_MAX + 1, so that one too many is seen. */
static Err read_filing(Ctx *ctx, const Request *req, Picture *pictures, Filing *ret) {
    Filing filing = { .kind = req_text(req, "kind"),
                      .lang = req_text(req, "lang"),
                      .title = req_text(req, "title"),
                      .summary = req_text(req, "summary"),
                      .source = req_text(req, "text"),
                      .format = req_text(req, "format"),
                      .note = req_text(req, "note"),
                      .sources = split_trimmed(ctx, req_text(req, "sources"), '\n'),
                      .tags = split_trimmed(ctx, req_text(req, "tags"), ';'),
                      .has_embargo = req_has(req, "embargo_at"),
                      .embargo_at = req_text(req, "embargo_at"),
                      .embargo_zone = req_text(req, "embargo_zone") };

    if (!filing.lang.len)
        filing.lang = S("zh");
    if (!filing.format.len)
        filing.format = S("markdown");
    if (req_text(req, "date").len)
        return REFUSE(13, N_("A story has the date of its release; nobody sets it back."));
    if (req_id(req, "picture"))
        pictures[filing.picture_count++] =
            (Picture){ req_id(req, "picture"), req_text(req, "alt"), req_text(req, "credit") };
    TRY(read_more_pictures(ctx, req_text(req, "more_pictures"), pictures, &filing.picture_count));
    filing.pictures = pictures;
    *ret = filing;
    return OK;
}

/* ---- acts ---- */

static Err file_story(Ctx *ctx, const Request *req, Response *res) {
    Picture pictures[PICTURES_MAX + 1];
    Filing filing;
    Manuscript m;

    TRY(read_filing(ctx, req, pictures, &filing));
    TRY(manuscript_file(ctx, &filing, &m));
    return manuscript_answer(ctx, req, res, &m, true);
}

static Err change_story(Ctx *ctx, const Request *req, Response *res) {
    Picture pictures[PICTURES_MAX + 1];
    Filing filing;
    Manuscript m;

    TRY(read_filing(ctx, req, pictures, &filing));
    TRY(manuscript_change(ctx, req_id(req, "id"), req_version(req), &filing, &m));
    return manuscript_answer(ctx, req, res, &m, false);
}

/* ---- the writing page ---- */

static Json *choice(Ctx *ctx, Str value, const char *label, Str chosen) {
    Json *item = json_obj(ctx->arena);

    json_set(item, "value", json_str(ctx->arena, value));
    json_set(item, "label", manuscript_words(ctx, label));
    json_set(item, "selected", json_bool(ctx->arena, str_eq(chosen, value)));
    return item;
}

static Json *choices(Ctx *ctx, const char *const list[][2], size_t count, Str chosen) {
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; i < count; i++)
        json_push(out, choice(ctx, str_from_c(list[i][0]), list[i][1], chosen));
    return out;
}

static void put_choices(Ctx *ctx, Str kind, Str lang, Str format, Json *model) {
    static const char *const langs[][2] = { { "zh", N_("Chinese") }, { "en", N_("English") } };
    static const char *const formats[][2] = { { "markdown", "Markdown" }, { "html", "HTML" } };
    Json *kinds = json_arr(ctx->arena);

    for (size_t i = 0; i < STORY_KINDS; i++)
        json_push(kinds, choice(ctx, manuscript_kinds[i].kind, manuscript_kinds[i].title, kind));
    json_set(model, "kinds", kinds);
    json_set(model, "langs", choices(ctx, langs, COUNT_OF(langs), lang));
    json_set(model, "formats", choices(ctx, formats, COUNT_OF(formats), format));
}

static Str join_lines(Ctx *ctx, StrList list, Str separator) {
    return str_join(ctx->arena, list, separator);
}

static Str more_pictures(Ctx *ctx, const ManuscriptVersion *v) {
    Buf out = buf_new(ctx->arena, 0);

    for (size_t i = 1; i < v->picture_count; i++)
        buf_add_format(&out, "%lld | %.*s | %.*s\n", (long long)v->pictures[i].media_id,
                       STR_ARG(v->pictures[i].alt), STR_ARG(v->pictures[i].credit));
    return str_trim(buf_str(&out));
}

static Json *form_of(Ctx *ctx, const ManuscriptVersion *v) {
    Json *form = json_obj(ctx->arena), *values = json_obj(ctx->arena);
    const Picture *picture = v->picture_count ? &v->pictures[0] : NULL;

    json_set(values, "kind", json_str(ctx->arena, v->kind));
    json_set(values, "lang", json_str(ctx->arena, v->lang));
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
    json_set(values, "more_pictures", json_str(ctx->arena, more_pictures(ctx, v)));
    json_set(form, "values", values);
    return form;
}

static Err put_embargo(Ctx *ctx, const Site *site, int64_t id, Json *values) {
    Embargo embargo;
    bool is_found = false;

    if (id)
        TRY(manuscript_embargo_get(ctx, id, &embargo, &is_found));
    json_set(values, "embargo_at", json_str(ctx->arena, is_found ? embargo.when.local : STR_EMPTY));
    json_set(values, "embargo_zone",
             json_str(ctx->arena, is_found ? embargo.when.zone : site->zone));
    return OK;
}

static Err view_edit(Ctx *ctx, const Request *req, Response *res, const Manuscript *m,
                     const ManuscriptVersion *v, const Outlet *outlet) {
    Json *model = json_obj(ctx->arena), *form = form_of(ctx, v), *returned;
    bool is_new = m->id == 0;
    Site site;

    TRY(site_get(ctx, &site));
    TRY(manuscript_returned(ctx, &site, m, &returned));
    json_set(model, "returned", returned);
    json_set(json_get(form, "values"), "outlet", json_str(ctx->arena, outlet->no));
    TRY(put_embargo(ctx, &site, m->id, json_get(form, "values")));
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
    put_choices(ctx, v->kind, v->lang, v->format, model);
    return res_view(ctx, req, res, model);
}

static Err show_new(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m = { 0 };
    ManuscriptVersion v = { .kind = S("消息"), .lang = S("zh"), .format = S("markdown") };
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

const Route manuscript_write_routes[] = {
    { "GET", "/desk/articles/new", OUTLET(CAP_FILE), new_fields, show_new, &edit_model,
      .outlet_of = manuscript_outlet_of_no,
      .summary = N_("The page on which a story is written.") },
    { "POST", "/articles", OUTLET(CAP_FILE), file_fields, file_story, &manuscript_act_model,
      .outlet_of = manuscript_outlet_of_no, .form_handler = show_new,
      .summary = N_("Files a story as a draft.") },
    { "GET", "/desk/articles/{id}/edit", OUTLET(CAP_FILE), id_fields, show_edit, &edit_model,
      .outlet_of = manuscript_outlet_of_id,
      .summary = N_("The page on which a story is changed.") },
    { "POST", "/articles/{id}", OUTLET(CAP_FILE), change_fields, change_story,
      &manuscript_act_model, ROUTE_IF_MATCH, .outlet_of = manuscript_outlet_of_id,
      .form_handler = show_edit, .summary = N_("Changes a draft, or begins the next version.") },
    { 0 },
};
