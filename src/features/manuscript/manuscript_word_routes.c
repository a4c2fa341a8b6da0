/* features/manuscript/manuscript_word_routes.c - a Word file in, a draft and what was lost out. */
#include "features/identity/identity.h"
#include "features/manuscript/manuscript_pages.h"
#include "features/manuscript/manuscript_text.h"
#include "features/media/media.h"
#include "features/register/register.h"
#include "text/docx.h"
#include "view/catalogue.h"

static const Field new_fields[] = {
    { "outlet", FIELD_WORD, IN_QUERY, .is_required = true, .label = N_("Outlet") },
    { 0 },
};
static const Field file_fields[] = {
    { "outlet", FIELD_WORD, IN_BODY, .label = N_("Outlet") },
    { "file", FIELD_FILE, IN_BODY, .max = 32 << 20, .label = N_("The file") },
    { "kind", FIELD_ENUM, IN_BODY, .words = "消息 通讯 评论 图片 视频 解释 快讯",
      .label = N_("Kind") },
    { "lang", FIELD_ENUM, IN_BODY, .words = "zh en", .label = N_("Language") },
    { 0 },
};
static const Field id_fields[] = { { "id", FIELD_ID, IN_PATH, .label = N_("Story") }, { 0 } };
static const Field words_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    { "alts", FIELD_LIST, IN_BODY, .max = PICTURES_MAX, .max_chars = ALT_CHARS_MAX,
      .label = N_("What the pictures show") },
    { 0 },
};

static const Model new_model = {
    "manuscript/word_new", KEYS(title outlet_no outlet_name kinds[value label] langs[value label])
};
#define REPORT_KEYS                                                                                \
    "title id number state version story outlet_name file_name missing may_describe"               \
    " lost[what label count] pictures[n src alt is_missing]"
static const Model report_model = { "manuscript/word", REPORT_KEYS };
static const Model filed_model = { NULL, REPORT_KEYS };

/* ---- the page of the upload ---- */

static void add_choice(Ctx *ctx, Json *list, Str value, const char *label) {
    Json *item = json_obj(ctx->arena);

    json_set(item, "value", json_str(ctx->arena, value));
    json_set(item, "label", manuscript_words(ctx, label));
    json_push(list, item);
}

static Err show_new(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *kinds = json_arr(ctx->arena),
         *langs = json_arr(ctx->arena);
    Outlet outlet;

    TRY(outlet_by_no(ctx, req_text(req, "outlet"), &outlet));
    for (size_t i = 0; i < STORY_KINDS; i++)
        add_choice(ctx, kinds, manuscript_kinds[i].kind, manuscript_kinds[i].title);
    add_choice(ctx, langs, S("zh"), N_("Chinese"));
    add_choice(ctx, langs, S("en"), N_("English"));
    json_set(model, "title", manuscript_words(ctx, N_("A story from a Word file")));
    json_set(model, "outlet_no", json_str(ctx->arena, outlet.no));
    json_set(model, "outlet_name", json_str(ctx->arena, outlet.name));
    json_set(model, "kinds", kinds);
    json_set(model, "langs", langs);
    return res_view(ctx, req, res, model);
}

/* ---- what came of it ---- */

static const char *lost_sentence(Str what) {
    static const char *const sentences[DOCX_LOST_KINDS] = {
        [LOST_TRACKED] = N_("Tracked changes: read as accepted, insertions in, deletions out"),
        [LOST_COMMENTS] = N_("Comments: left out"),
        [LOST_TEXT_BOXES] = N_("Text boxes: their text now stands behind its paragraph"),
        [LOST_EQUATIONS] = N_("Equations: left out, […] stands in their place"),
        [LOST_CHARTS] = N_("Charts: left out, […] stands in their place"),
        [LOST_DIAGRAMS] = N_("Diagrams: left out, […] stands in their place"),
        [LOST_SHAPES] = N_("Drawn shapes: left out"),
        [LOST_HEADERS] = N_("Headers and footers: left out"),
        [LOST_EMBEDDED] = N_("Embedded files: left out, their picture stays where there is one"),
        [LOST_PICTURES] = N_("Pictures that no page can show, or too many: left out"),
        [LOST_LINKED] = N_("Pictures that are only linked: left out"),
        [LOST_CONTENTS] = N_("Table of contents: left out"),
        [LOST_HIDDEN] = N_("Hidden text: left out"),
        [LOST_ANCHORS] = N_("Links within the file: their text stays"),
        [LOST_NUMBERS] = N_("Automatic numbers of headings: left out"),
        [LOST_READINGS] = N_("Readings above characters: left out"),
        [LOST_SYMBOLS] = N_("Characters of symbol fonts: □ stands for each"),
    };

    for (int i = 0; i < DOCX_LOST_KINDS; i++)
        if (str_eq(what, str_from_c(docx_lost_name((DocxLost)i))))
            return sentences[i];
    return "";
}

static Json *lost_list(Ctx *ctx, const Json *lost) {
    Json *list = json_arr(ctx->arena);

    for (size_t i = 0; lost && lost->type == JSON_OBJECT && i < lost->object.len; i++) {
        const JsonMember *member = &lost->object.items[i];
        Json *item = json_obj(ctx->arena);

        json_set(item, "what", json_str(ctx->arena, member->name));
        json_set(item, "label", manuscript_words(ctx, lost_sentence(member->name)));
        json_set(item, "count", member->value);
        json_push(list, item);
    }
    return list;
}

static Json *picture_list(Ctx *ctx, Str html, int64_t *ret_missing) {
    Json *list = json_arr(ctx->arena);
    InnerPicture *pictures;
    size_t len;

    *ret_missing = 0;
    manuscript_inner_pictures(ctx, html, &pictures, &len);
    for (size_t i = 0; i < len; i++) {
        Json *item = json_obj(ctx->arena);
        bool is_missing = pictures[i].alt.len == 0;

        json_set(item, "n", json_int(ctx->arena, (int64_t)i + 1));
        json_set(item, "src", json_str(ctx->arena, pictures[i].src));
        json_set(item, "alt", json_str(ctx->arena, pictures[i].alt));
        json_set(item, "is_missing", json_bool(ctx->arena, is_missing));
        json_push(list, item);
        *ret_missing += is_missing ? 1 : 0;
    }
    return list;
}

static Err report(Ctx *ctx, const Manuscript *m, Json **ret) {
    Json *model = json_obj(ctx->arena), *word;
    ManuscriptVersion v;
    Outlet outlet;
    int64_t missing;

    TRY(manuscript_word(ctx, m->id, &word));
    if (word->type == JSON_NULL)
        return FAIL(ERR_NOT_FOUND, NULL, N_("This story did not come from a Word file."));
    TRY(manuscript_version(ctx, m->id, m->working_n, &v));
    TRY(outlet_get(ctx, m->outlet_id, &outlet));
    json_set(model, "title", manuscript_words(ctx, N_("From a Word file")));
    json_set(model, "id", json_id(ctx->arena, m->id));
    json_set(model, "number", json_str(ctx->arena, m->number));
    json_set(model, "state", json_str(ctx->arena, m->state));
    json_set(model, "version", json_int(ctx->arena, m->version));
    json_set(model, "story", json_str(ctx->arena, v.title));
    json_set(model, "outlet_name", json_str(ctx->arena, outlet.name));
    json_set(model, "file_name", json_get(word, "file_name"));
    json_set(model, "lost", lost_list(ctx, json_get(word, "lost")));
    json_set(model, "pictures", picture_list(ctx, v.html, &missing));
    json_set(model, "missing", json_int(ctx->arena, missing));
    json_set(model, "may_describe", json_bool(ctx->arena, missing > 0));
    *ret = model;
    return OK;
}

static Err show_report(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m;
    Json *model;

    TRY(manuscript_get(ctx, req_id(req, "id"), &m));
    TRY(report(ctx, &m, &model));
    res_version(res, m.version);
    return res_view(ctx, req, res, model);
}

static Err file_word(Ctx *ctx, const Request *req, Response *res) {
    WordFile file = { .kind = req_text(req, "kind"), .lang = req_text(req, "lang") };
    Upload upload = { 0 };
    Manuscript m;
    Json *model;

    if (!req_file(req, "file", &upload) || !upload.bytes.len)
        return FAIL(ERR_INVALID, "file", N_("Choose a file."));
    file.bytes = upload.bytes;
    file.file_name = upload.file_name;
    if (!file.kind.len)
        file.kind = S("消息");
    if (!file.lang.len)
        file.lang = S("zh");
    TRY(manuscript_file_word(ctx, &file, &m));
    TRY(report(ctx, &m, &model));
    return res_created(ctx, req, res,
                       str_format(ctx->arena, "/desk/articles/%lld/word", (long long)m.id), model);
}

static Err describe(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m;

    TRY(manuscript_describe(ctx, req_id(req, "id"), req_version(req), req_list(req, "alts"), &m));
    return manuscript_answer(ctx, req, res, &m, false);
}

const Route manuscript_word_routes[] = {
    { "GET", "/desk/articles/word", OUTLET(CAP_FILE), new_fields, show_new, &new_model,
      .outlet_of = manuscript_outlet_of_no,
      .summary = N_("The page on which a Word file becomes a story.") },
    { "POST", "/articles/word", OUTLET(CAP_FILE), file_fields, file_word, &filed_model,
      ROUTE_UPLOAD | ROUTE_LONG, .outlet_of = manuscript_outlet_of_no, .form_handler = show_new,
      .summary = N_("Files a Word file as a draft, and says what was lost.") },
    { "GET", "/desk/articles/{id}/word", OUTLET(CAP_FILE), id_fields, show_report, &report_model,
      .outlet_of = manuscript_outlet_of_id,
      .summary = N_("What a story lost of the Word file it came from.") },
    { "POST", "/articles/{id}/words", OUTLET(CAP_FILE), words_fields, describe,
      &manuscript_act_model, ROUTE_IF_MATCH, .outlet_of = manuscript_outlet_of_id,
      .form_handler = show_report,
      .summary = N_("Says what the pictures in the text show, for those who do not see them.") },
    { 0 },
};
