/* features/portal/portal_cards.c - gathers what a list of stories shows, in a fixed number of statements. */
#include "features/portal/portal_cards.h"

#include "base/utf8.h"
#include "features/identity/identity.h"
#include "text/zone.h"
#include "view/catalogue.h"

Err time_model(Ctx *ctx, const Site *site, int64_t at_ms, bool is_date, Json **ret) {
    Json *out = json_obj(ctx->arena);
    Str iso, text, full;

    if (at_ms == 0) {
        *ret = json_null(ctx->arena);
        return OK;
    }
    TRY(zone_rfc3339(ctx->arena, site->zone, at_ms, &iso));
    TRY(zone_format(ctx->arena, site->zone, ctx->lang, is_date ? ZONE_LONG_DATE : ZONE_SHORT, at_ms,
                    &text));
    TRY(zone_format(ctx->arena, site->zone, ctx->lang, ZONE_LONG, at_ms, &full));
    json_set(out, "iso", json_str(ctx->arena, iso));
    json_set(out, "text", json_str(ctx->arena, text));
    json_set(out, "full", json_str(ctx->arena, full));
    *ret = out;
    return OK;
}

Str kind_text(Ctx *ctx, Str kind) {
    for (size_t i = 0; i < STORY_KINDS; i++)
        if (str_eq(kind, manuscript_kinds[i].kind))
            return catalogue_text(catalogue_of(ctx->lang), str_from_c(manuscript_kinds[i].title));
    return kind;
}

Json *outlet_link(Ctx *ctx, const Outlet *outlet) {
    Json *out = json_obj(ctx->arena);

    json_set(out, "no", json_str(ctx->arena, outlet->no));
    json_set(out, "name", json_str(ctx->arena, outlet->name));
    json_set(out, "url",
             json_str(ctx->arena, str_format(ctx->arena, "/outlets/%.*s", STR_ARG(outlet->no))));
    json_set(out, "emblem",
             json_str(ctx->arena, str_slice(outlet->name, 0, utf8_offset(outlet->name, 1))));
    return out;
}

/* What the cards of one list share, read once. */
typedef struct Gathered {
    Outlet *outlets;
    Str *authors;
    Media *covers;
} Gathered;

static Err gather(Ctx *ctx, const ManuscriptList *list, Gathered *ret) {
    size_t n = list->len + 1;
    int64_t *outlet_ids = arena_array(ctx->arena, n, sizeof(int64_t));
    int64_t *author_ids = arena_array(ctx->arena, n, sizeof(int64_t));
    int64_t *cover_ids = arena_array(ctx->arena, n, sizeof(int64_t));

    for (size_t i = 0; i < list->len; i++) {
        outlet_ids[i] = list->items[i].outlet_id;
        author_ids[i] = list->items[i].author_id;
        cover_ids[i] = list->items[i].cover_id;
    }
    *ret = (Gathered){ .outlets = arena_array(ctx->arena, n, sizeof(Outlet)),
                       .authors = arena_array(ctx->arena, n, sizeof(Str)),
                       .covers = arena_array(ctx->arena, n, sizeof(Media)) };
    TRY(outlet_get_many(ctx, outlet_ids, list->len, ret->outlets));
    TRY(person_names(ctx, author_ids, list->len, ret->authors));
    return media_get_many(ctx, cover_ids, list->len, ret->covers);
}

static Json *picture_of(Ctx *ctx, const Media *media) {
    if (!media->id)
        return json_null(ctx->arena);
    Json *picture = media_model(ctx->arena, media);
    json_set(picture, "alt",
             json_str(ctx->arena, STR_EMPTY)); /* beside its own title: decoration */
    return picture;
}

static Err card_of(Ctx *ctx, const Site *site, const Manuscript *m, const Outlet *outlet,
                   Str author, const Media *cover, Json **ret) {
    Arena *arena = ctx->arena;
    Json *card = json_obj(arena), *published;

    TRY(time_model(ctx, site, m->published_ms, m->imported_ms != 0, &published));
    json_set(card, "id", json_id(arena, m->id));
    json_set(card, "url", json_str(arena, str_format(arena, "/articles/%lld", (long long)m->id)));
    json_set(card, "title", json_str(arena, m->title));
    json_set(card, "summary", json_str(arena, m->summary));
    json_set(card, "kind", json_str(arena, m->kind));
    json_set(card, "kind_text", json_str(arena, kind_text(ctx, m->kind)));
    json_set(card, "lang", json_str(arena, str_eq(m->lang, S("en")) ? S("en") : S("zh-CN")));
    json_set(card, "outlet", outlet_link(ctx, outlet));
    json_set(card, "author", json_str(arena, author));
    json_set(card, "published", published);
    json_set(card, "picture", picture_of(ctx, cover));
    json_set(card, "corrections", json_int(arena, m->corrections));
    json_set(card, "is_imported", json_bool(arena, m->imported_ms != 0));
    json_set(card, "is_withdrawn", json_bool(arena, m->withdrawn_ms != 0));
    *ret = card;
    return OK;
}

Err cards_of(Ctx *ctx, const Site *site, const ManuscriptList *list, Json **ret) {
    Gathered with;
    Json *cards = json_arr(ctx->arena), *card;

    TRY(gather(ctx, list, &with));
    for (size_t i = 0; i < list->len; i++) {
        TRY(card_of(ctx, site, &list->items[i], &with.outlets[i], with.authors[i], &with.covers[i],
                    &card));
        json_push(cards, card);
    }
    *ret = cards;
    return OK;
}
