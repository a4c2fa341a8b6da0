/* features/adoption/adoption_model.c - what pages say of stories that others carry. */
#include "features/adoption/adoption_model.h"

#include "features/identity/identity.h"
#include "text/zone.h"
#include "view/catalogue.h"

static Json *text(Ctx *ctx, Str value) {
    return json_str(ctx->arena, value);
}

static Json *path(Ctx *ctx, const char *folder, int64_t id, const char *rest) {
    return text(ctx, str_format(ctx->arena, "%s%lld%s", folder, (long long)id, rest));
}

static Json *state_text(Ctx *ctx, Str state) {
    const char *words = str_eq(state, S("taken"))      ? N_("carried as it is")
                        : str_eq(state, S("adapted"))  ? N_("adapted")
                        : str_eq(state, S("declined")) ? N_("declined")
                                                       : N_("offered");

    return text(ctx, catalogue_text(catalogue_of(ctx->lang), str_from_c(words)));
}

static Err time_text(Ctx *ctx, const Site *site, int64_t at_ms, Json **ret) {
    Str out = STR_EMPTY;

    if (at_ms)
        TRY(zone_format(ctx->arena, site->zone, ctx->lang, ZONE_SHORT, at_ms, &out));
    *ret = text(ctx, out);
    return OK;
}

/* What became of the story since it was taken; nothing while it is offered or where it is shown itself. */
static void put_since(Ctx *ctx, const Adoption *a, const Manuscript *m, Json *out) {
    bool is_copy = a->copy_id != 0;

    json_set(out, "is_updated", json_bool(ctx->arena, is_copy && m->published_n > a->n));
    json_set(out, "is_corrected",
             json_bool(ctx->arena, is_copy && m->corrections > a->corrections));
    json_set(out, "is_withdrawn", json_bool(ctx->arena, a->n && m->withdrawn_ms));
}

/* Everything that a list of carried stories needs, each kind in one statement or two. */
typedef struct Gathered {
    Manuscript *stories, *copies;
    Outlet *from, *to;
    Str *people;
} Gathered;

static Err gather(Ctx *ctx, const AdoptionList *list, Gathered *ret) {
    int64_t *from = arena_array(ctx->arena, list->len + 1, sizeof(int64_t));
    int64_t *to = arena_array(ctx->arena, list->len + 1, sizeof(int64_t));
    int64_t *people = arena_array(ctx->arena, list->len + 1, sizeof(int64_t));
    int64_t *stories = arena_array(ctx->arena, list->len + 1, sizeof(int64_t));
    int64_t *copies = arena_array(ctx->arena, list->len + 1, sizeof(int64_t));
    Gathered all = { .stories = arena_array(ctx->arena, list->len + 1, sizeof(Manuscript)),
                     .copies = arena_array(ctx->arena, list->len + 1, sizeof(Manuscript)),
                     .from = arena_array(ctx->arena, list->len + 1, sizeof(Outlet)),
                     .to = arena_array(ctx->arena, list->len + 1, sizeof(Outlet)),
                     .people = arena_array(ctx->arena, list->len + 1, sizeof(Str)) };

    for (size_t i = 0; i < list->len; i++) {
        const Adoption *a = &list->items[i];
        from[i] = a->from_outlet;
        to[i] = a->to_outlet;
        people[i] = a->decided_by ? a->decided_by : a->offered_by;
        stories[i] = a->story_id;
        copies[i] = a->copy_id;
    }
    if (list->len) {
        TRY(outlet_get_many(ctx, from, list->len, all.from));
        TRY(outlet_get_many(ctx, to, list->len, all.to));
        TRY(person_names(ctx, people, list->len, all.people));
        TRY(manuscript_get_many(ctx, stories, list->len, all.stories));
        TRY(manuscript_get_many(ctx, copies, list->len, all.copies));
    }
    *ret = all;
    return OK;
}

Err adoption_rows(Ctx *ctx, const Site *site, const AdoptionList *list, Json **ret) {
    Json *rows = json_arr(ctx->arena), *at;
    Gathered with;

    TRY(gather(ctx, list, &with));
    for (size_t i = 0; i < list->len; i++) {
        const Adoption *a = &list->items[i];
        const Manuscript *m = &with.stories[i];
        Json *row = json_obj(ctx->arena);
        TRY(time_text(ctx, site, a->decided_ms ? a->decided_ms : a->offered_ms, &at));
        json_set(row, "story", json_id(ctx->arena, a->story_id));
        json_set(row, "title", text(ctx, m->title));
        json_set(row, "number", text(ctx, m->number));
        json_set(row, "url", path(ctx, "/articles/", a->story_id, ""));
        json_set(row, "copy_url",
                 with.copies[i].published_n ? path(ctx, "/articles/", a->copy_id, "")
                                            : json_null(ctx->arena));
        json_set(row, "draft_url",
                 a->copy_id && !with.copies[i].published_n
                     ? path(ctx, "/desk/articles/", a->copy_id, "")
                     : json_null(ctx->arena));
        json_set(row, "from", text(ctx, with.from[i].name));
        json_set(row, "from_no", text(ctx, with.from[i].no));
        json_set(row, "to", text(ctx, with.to[i].name));
        json_set(row, "to_no", text(ctx, with.to[i].no));
        json_set(row, "state", text(ctx, a->state));
        json_set(row, "state_text", state_text(ctx, a->state));
        json_set(row, "person", text(ctx, with.people[i]));
        json_set(row, "role", text(ctx, a->decided_role));
        json_set(row, "at", at);
        json_set(row, "reason", text(ctx, a->reason));
        json_set(row, "n", json_int(ctx->arena, a->n));
        put_since(ctx, a, m, row);
        json_push(rows, row);
    }
    *ret = rows;
    return OK;
}

Err adoption_put_origin(Ctx *ctx, int64_t copy_id, Json *model, int64_t *ret_story_id) {
    Json *out = json_obj(ctx->arena);
    bool is_found;
    Manuscript m;
    Outlet outlet;
    Adoption a;

    json_set(model, "origin", json_null(ctx->arena));
    TRY(adoption_of_copy(ctx, copy_id, &a, &is_found));
    if (!is_found) {
        *ret_story_id = 0;
        return OK;
    }
    TRY(manuscript_get(ctx, a.story_id, &m));
    TRY(outlet_get(ctx, a.from_outlet, &outlet));
    json_set(out, "title", text(ctx, m.title));
    json_set(out, "url", path(ctx, "/articles/", m.id, ""));
    json_set(out, "outlet", text(ctx, outlet.name));
    json_set(out, "outlet_url",
             text(ctx, str_format(ctx->arena, "/outlets/%.*s", STR_ARG(outlet.no))));
    json_set(out, "n", json_int(ctx->arena, a.n));
    json_set(out, "now_n", json_int(ctx->arena, m.published_n));
    put_since(ctx, &a, &m, out);
    json_set(out, "spread_url", path(ctx, "/articles/", m.id, "/spread"));
    json_set(model, "origin", out);
    *ret_story_id = m.id;
    return OK;
}
