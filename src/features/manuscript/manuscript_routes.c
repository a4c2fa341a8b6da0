/* features/manuscript/manuscript_routes.c - earlier versions and what changed, for every reader. */
#include "features/manuscript/manuscript.h"
#include "features/manuscript/manuscript_pages.h"
#include "features/manuscript/manuscript_text.h"
#include "features/media/media.h"
#include "features/site/site.h"
#include "text/diff.h"
#include "text/zone.h"
#include "view/catalogue.h"

static const Field versions_fields[] = { { "id", FIELD_ID, IN_PATH, .label = N_("Story") }, { 0 } };
static const Field version_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    { "n", FIELD_INT, IN_PATH, .min = 1, .max = 100000, .label = N_("Version") },
    { 0 },
};
static const Field diff_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    { "a", FIELD_INT, IN_PATH, .min = 1, .max = 100000, .label = N_("Version") },
    { "b", FIELD_INT, IN_PATH, .min = 1, .max = 100000, .label = N_("Version") },
    { 0 },
};

static const Model versions_model = {
    "manuscript/versions",
    KEYS(title id url versions[n url diff_url title note released is_current]),
};
static const Model version_model = {
    "manuscript/version",
    KEYS(title id n url html lang summary note released is_current kind
             sources[] tags[] pictures[src srcset width height hash alt credit]),
};
static const Model diff_model = {
    "manuscript/diff",
    KEYS(
        title id a b url
            title_parts[same del ins] parts[same del ins] is_equal more[label parts[same del ins]]),
};

Json *manuscript_words(Ctx *ctx, const char *msgid) {
    return json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

Err manuscript_time(Ctx *ctx, const Site *site, int64_t at_ms, Json **ret) {
    Str text = STR_EMPTY;

    if (at_ms)
        TRY(zone_format(ctx->arena, site->zone, ctx->lang, ZONE_SHORT, at_ms, &text));
    *ret = json_str(ctx->arena, text);
    return OK;
}

Err manuscript_put_pictures(Ctx *ctx, const ManuscriptVersion *v, Json *model) {
    Json *pictures = json_arr(ctx->arena);
    int64_t *ids = arena_array(ctx->arena, v->picture_count + 1, sizeof(int64_t));
    Media *media = arena_array(ctx->arena, v->picture_count + 1, sizeof(Media));

    for (size_t i = 0; i < v->picture_count; i++)
        ids[i] = v->pictures[i].media_id;
    TRY(media_get_many(ctx, ids, v->picture_count, media));
    for (size_t i = 0; i < v->picture_count; i++) {
        if (!media[i].id)
            continue;
        Json *picture = media_model(ctx->arena, &media[i]);
        json_set(picture, "alt", json_str(ctx->arena, v->pictures[i].alt));
        json_set(picture, "credit", json_str(ctx->arena, v->pictures[i].credit));
        json_push(pictures, picture);
    }
    json_set(model, "pictures", pictures);
    return OK;
}

static Json *texts_model(Ctx *ctx, StrList list) {
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; i < list.len; i++)
        json_push(out, json_str(ctx->arena, list.items[i]));
    return out;
}

static Json *story_url(Ctx *ctx, int64_t id) {
    return json_str(ctx->arena, str_format(ctx->arena, "/articles/%lld", (long long)id));
}

/* A withdrawn story's versions are gone with it: 410, as its page. */
static Err read_story(Ctx *ctx, const Request *req, Response *res, Manuscript *ret) {
    TRY(manuscript_get_public(ctx, req_id(req, "id"), ret));
    if (ret->withdrawn_ms)
        return FAIL(ERR_GONE, NULL,
                    N_("This story was withdrawn. Its address stays, its text is gone."));
    res_tag(res, str_format(ctx->arena, "article:%lld", (long long)ret->id));
    res_tag(res, S("site"));
    return OK;
}

static Err version_item(Ctx *ctx, const Site *site, const Manuscript *m, const ManuscriptVersion *v,
                        Json **ret) {
    Json *item = json_obj(ctx->arena), *released;

    TRY(manuscript_time(ctx, site, v->released_ms, &released));
    json_set(item, "n", json_int(ctx->arena, v->n));
    json_set(item, "url",
             json_str(ctx->arena, str_format(ctx->arena, "/articles/%lld/versions/%lld",
                                             (long long)m->id, (long long)v->n)));
    json_set(item, "diff_url",
             v->n > 1 ? json_str(ctx->arena,
                                 str_format(ctx->arena, "/articles/%lld/diff/%lld..%lld",
                                            (long long)m->id, (long long)v->n - 1, (long long)v->n))
                      : json_null(ctx->arena));
    json_set(item, "title", json_str(ctx->arena, v->title));
    json_set(item, "note", json_str(ctx->arena, v->note));
    json_set(item, "released", released);
    json_set(item, "is_current", json_bool(ctx->arena, v->n == m->published_n));
    *ret = item;
    return OK;
}

static Err show_versions(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    Manuscript m;
    ManuscriptVersion *list;
    size_t len;
    Json *model = json_obj(ctx->arena), *versions = json_arr(ctx->arena), *item;

    TRY(site_get(ctx, &site));
    TRY(read_story(ctx, req, res, &m));
    TRY(manuscript_versions(ctx, m.id, &list, &len));
    for (size_t i = len; i > 0; i--) {
        TRY(version_item(ctx, &site, &m, &list[i - 1], &item));
        json_push(versions, item);
    }
    json_set(model, "title", json_str(ctx->arena, m.title));
    json_set(model, "id", json_id(ctx->arena, m.id));
    json_set(model, "url", story_url(ctx, m.id));
    json_set(model, "versions", versions);
    return res_view(ctx, req, res, model);
}

/* Released versions only: a draft of the next one is nobody's business. */
static Err read_version(Ctx *ctx, const Manuscript *m, int64_t n, ManuscriptVersion *ret) {
    TRY(manuscript_version(ctx, m->id, n, ret));
    if (!ret->released_ms)
        return FAIL(ERR_NOT_FOUND, NULL, N_("The story has no such version."));
    return OK;
}

static Err show_version(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    Manuscript m;
    ManuscriptVersion v;
    Json *model = json_obj(ctx->arena), *released;

    TRY(site_get(ctx, &site));
    TRY(read_story(ctx, req, res, &m));
    TRY(read_version(ctx, &m, req_int(req, "n"), &v));
    TRY(manuscript_time(ctx, &site, v.released_ms, &released));
    json_set(model, "title", json_str(ctx->arena, v.title));
    json_set(model, "id", json_id(ctx->arena, m.id));
    json_set(model, "n", json_int(ctx->arena, v.n));
    json_set(model, "url", story_url(ctx, m.id));
    json_set(model, "html", json_clean(ctx->arena, v.html));
    json_set(model, "lang", json_str(ctx->arena, str_eq(v.lang, S("en")) ? S("en") : S("zh-CN")));
    json_set(model, "kind", json_str(ctx->arena, v.kind));
    json_set(model, "sources", texts_model(ctx, v.sources));
    json_set(model, "tags", texts_model(ctx, v.tags));
    TRY(manuscript_put_pictures(ctx, &v, model));
    json_set(model, "summary", json_str(ctx->arena, v.summary));
    json_set(model, "note", json_str(ctx->arena, v.note));
    json_set(model, "released", released);
    json_set(model, "is_current", json_bool(ctx->arena, v.n == m.published_n));
    return res_view(ctx, req, res, model);
}

static Err parts_model(Ctx *ctx, Str before, Str after, bool *is_equal, Json **ret) {
    DiffList list;
    Json *parts = json_arr(ctx->arena);

    TRY(diff_text(ctx->arena, before, after, &list));
    for (size_t i = 0; i < list.len; i++) {
        Json *part = json_obj(ctx->arena), *text = json_str(ctx->arena, list.items[i].text);
        json_set(part, "same", list.items[i].kind == DIFF_SAME ? text : json_null(ctx->arena));
        json_set(part, "del", list.items[i].kind == DIFF_DEL ? text : json_null(ctx->arena));
        json_set(part, "ins", list.items[i].kind == DIFF_INS ? text : json_null(ctx->arena));
        if (list.items[i].kind != DIFF_SAME)
            *is_equal = false;
        json_push(parts, part);
    }
    *ret = parts;
    return OK;
}

static Err add_part(Ctx *ctx, const char *label, Str before, Str after, Json *more) {
    Json *item = json_obj(ctx->arena), *parts;
    bool is_equal = true;

    if (str_eq(before, after))
        return OK;
    TRY(parts_model(ctx, before, after, &is_equal, &parts));
    json_set(item, "label", manuscript_words(ctx, label));
    json_set(item, "parts", parts);
    json_push(more, item);
    return OK;
}

static Err add_list(Ctx *ctx, const char *label, StrList before, StrList after, Json *more) {
    return add_part(ctx, label, str_join(ctx->arena, before, S("\n")),
                    str_join(ctx->arena, after, S("\n")), more);
}

/* No edit is silent (R13): what is neither title nor text and changed, whatever it is. */
static Err put_more(Ctx *ctx, const ManuscriptVersion *a, const ManuscriptVersion *b, Json *model) {
    Json *more = json_arr(ctx->arena);
    Str pictures_a, pictures_b;

    TRY(manuscript_pictures_lines(ctx, a, &pictures_a));
    TRY(manuscript_pictures_lines(ctx, b, &pictures_b));
    TRY(add_part(ctx, N_("Summary"), a->summary, b->summary, more));
    TRY(add_part(ctx, N_("Kind"), a->kind, b->kind, more));
    TRY(add_part(ctx, N_("Language"), a->lang, b->lang, more));
    TRY(add_part(ctx, N_("Pictures"), pictures_a, pictures_b, more));
    TRY(add_list(ctx, N_("Sources"), a->sources, b->sources, more));
    TRY(add_list(ctx, N_("Tags"), a->tags, b->tags, more));
    TRY(add_part(ctx, N_("Links"), manuscript_links_text(ctx, a->html),
                 manuscript_links_text(ctx, b->html), more));
    if (str_eq(a->text, b->text))
        TRY(add_part(ctx, N_("Formatting"), a->html, b->html, more));
    json_set(model, "more", more);
    return OK;
}

static Err show_diff(Ctx *ctx, const Request *req, Response *res) {
    Manuscript m;
    ManuscriptVersion a, b;
    Json *model = json_obj(ctx->arena), *title_parts, *parts;
    bool is_equal = true;

    TRY(read_story(ctx, req, res, &m));
    TRY(read_version(ctx, &m, req_int(req, "a"), &a));
    TRY(read_version(ctx, &m, req_int(req, "b"), &b));
    TRY(parts_model(ctx, a.title, b.title, &is_equal, &title_parts));
    TRY(parts_model(ctx, a.text, b.text, &is_equal, &parts));
    TRY(put_more(ctx, &a, &b, model));
    json_set(model, "title", json_str(ctx->arena, m.title));
    json_set(model, "id", json_id(ctx->arena, m.id));
    json_set(model, "a", json_int(ctx->arena, a.n));
    json_set(model, "b", json_int(ctx->arena, b.n));
    json_set(model, "url", story_url(ctx, m.id));
    json_set(model, "title_parts", title_parts);
    json_set(model, "parts", parts);
    json_set(model, "is_equal", json_bool(ctx->arena, is_equal));
    return res_view(ctx, req, res, model);
}

const Route manuscript_routes[] = {
    { "GET", "/articles/{id}/versions", CAP_READ, versions_fields, show_versions, &versions_model,
      ROUTE_CACHED, .summary = N_("All released versions of a story.") },
    { "GET", "/articles/{id}/versions/{n}", CAP_READ, version_fields, show_version, &version_model,
      ROUTE_CACHED, .summary = N_("One released version.") },
    { "GET", "/articles/{id}/diff/{a}..{b}", CAP_READ, diff_fields, show_diff, &diff_model,
      ROUTE_CACHED, .summary = N_("What changed between two versions.") },
    { 0 },
};
