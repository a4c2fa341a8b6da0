/* features/portal/portal_article.c - the page of one story: text, people, versions, corrections, its place in the log. */
#include "features/adoption/adoption.h"
#include "features/correction/correction.h"
#include "features/identity/identity.h"
#include "features/manuscript/manuscript.h"
#include "features/portal/portal_cards.h"
#include "features/portal/portal_pages.h"
#include "ledger/ledger.h"
#include "view/catalogue.h"

enum { ENTRIES_SHOWN = 100, CORRECTIONS_SHOWN = 100 };

/* Who did it, in which role, as the log's payload says. */
static Err person_of_entry(Ctx *ctx, const LedgerPlaces *places, const char *kind, bool is_last,
                           Json *model, const char *name) {
    const LedgerPlace *found = NULL;
    Json *payload, *person = json_obj(ctx->arena);

    json_set(model, name, json_null(ctx->arena));
    for (size_t i = 0; i < places->len && (is_last || !found); i++)
        if (str_eq(places->items[i].kind, str_from_c(kind)))
            found = &places->items[i];
    if (!found)
        return OK;
    Err err = ledger_payload(ctx, found->entry_id, &payload);
    if (err.code == ERR_NOT_FOUND) /* erased under a rule: the entry stays, the name does not */
        return OK;
    TRY(err);
    const Json *actor =
        json_get(payload, "released_by"); /* a planned release: the job only did it */
    if (!actor)
        actor = json_get(payload, "actor");
    json_set(person, "name", json_str(ctx->arena, json_get_text(actor, "name")));
    json_set(person, "role", json_str(ctx->arena, json_get_text(actor, "role")));
    json_set(model, name, person);
    return OK;
}

static Err entry_model(Ctx *ctx, const Site *site, const LedgerPlace *place, Json **ret) {
    Json *out = json_obj(ctx->arena), *at;

    TRY(time_model(ctx, site, place->at_ms, false, &at));
    json_set(out, "kind", json_str(ctx->arena, place->kind));
    json_set(out, "kind_text", json_str(ctx->arena, site_entry_words(ctx, place->kind)));
    json_set(out, "at", at);
    json_set(out, "is_placed", json_bool(ctx->arena, place->index >= 0));
    json_set(out, "position", json_int(ctx->arena, place->index));
    *ret = out;
    return OK;
}

/* The seal's box: what was signed, where it stands; "being entered in the log" until it has a place. */
static Err seal_model(Ctx *ctx, const Site *site, const LedgerPlaces *places,
                      const ManuscriptVersion *v, Json **ret) {
    Json *seal = json_obj(ctx->arena), *entries = json_arr(ctx->arena), *entry;
    const LedgerPlace *last = NULL;

    for (size_t i = 0; i < places->len; i++) {
        TRY(entry_model(ctx, site, &places->items[i], &entry));
        json_push(entries, entry);
        if (str_eq(places->items[i].kind, S("manuscript.released")) ||
            str_eq(places->items[i].kind, S("manuscript.imported")))
            last = &places->items[i];
    }
    json_set(seal, "hash", json_str(ctx->arena, v->hash));
    json_set(seal, "is_placed", json_bool(ctx->arena, last && last->index >= 0));
    json_set(seal, "position", json_int(ctx->arena, last ? last->index : -1));
    json_set(seal, "entries", entries);
    *ret = seal;
    return OK;
}

static Err notices_model(Ctx *ctx, const Site *site, const Manuscript *m, Json **ret) {
    CorrectionList list;
    Json *out = json_arr(ctx->arena), *issued;
    int64_t *ids;
    Str *names;

    TRY(correction_list(ctx, m->outlet_id, m->id, CORRECTIONS_SHOWN, &list));
    ids = arena_array(ctx->arena, list.len + 1, sizeof(int64_t));
    names = arena_array(ctx->arena, list.len + 1, sizeof(Str));
    for (size_t i = 0; i < list.len; i++)
        ids[i] = list.items[i].issued_by;
    TRY(person_names(ctx, ids, list.len, names));
    for (size_t i = 0; i < list.len; i++) {
        Json *item = json_obj(ctx->arena);
        TRY(time_model(ctx, site, list.items[i].issued_ms, false, &issued));
        json_set(item, "text", json_str(ctx->arena, list.items[i].text));
        json_set(item, "issued", issued);
        json_set(item, "person", json_str(ctx->arena, names[i]));
        json_push(out, item);
    }
    *ret = out;
    return OK;
}

static Json *texts_model(Ctx *ctx, StrList list) {
    Json *out = json_arr(ctx->arena);

    for (size_t i = 0; i < list.len; i++)
        json_push(out, json_str(ctx->arena, list.items[i]));
    return out;
}

static Json *old_author(Ctx *ctx, const Manuscript *m) {
    Json *author = json_obj(ctx->arena);

    json_set(author, "name", json_str(ctx->arena, m->byline));
    json_set(author, "role", json_str(ctx->arena, STR_EMPTY));
    return author;
}

/* Numbers of the earlier versions, newest first: the bar above the text. */
static Json *versions_model(Ctx *ctx, const Manuscript *m) {
    Json *out = json_arr(ctx->arena);

    for (int64_t n = m->published_n - 1; n >= 1; n--) {
        Json *item = json_obj(ctx->arena);
        json_set(item, "n", json_int(ctx->arena, n));
        json_set(item, "diff_url",
                 json_str(ctx->arena,
                          str_format(ctx->arena, "/articles/%lld/diff/%lld..%lld", (long long)m->id,
                                     (long long)n, (long long)m->published_n)));
        json_set(item, "url",
                 json_str(ctx->arena, str_format(ctx->arena, "/articles/%lld/versions/%lld",
                                                 (long long)m->id, (long long)n)));
        json_push(out, item);
    }
    return out;
}

static Err put_common(Ctx *ctx, const Site *site, const Manuscript *m, Json *model) {
    Outlet outlet;
    Json *published, *republished, *imported, *planned;

    TRY(outlet_get(ctx, m->outlet_id, &outlet));
    TRY(time_model(ctx, site, m->published_ms, m->imported_ms != 0, &published));
    TRY(time_model(ctx, site, m->republished_ms, false, &republished));
    TRY(time_model(ctx, site, m->imported_ms, true, &imported));
    TRY(time_model(ctx, site, m->planned_ms, false, &planned));
    json_set(model, "id", json_id(ctx->arena, m->id));
    json_set(model, "number", json_str(ctx->arena, m->number));
    json_set(model, "title", json_str(ctx->arena, m->title));
    json_set(model, "kind_text", json_str(ctx->arena, kind_text(ctx, m->kind)));
    json_set(model, "outlet", outlet_link(ctx, &outlet));
    json_set(model, "tier", json_str(ctx->arena, outlet.tier));
    json_set(model, "published", published);
    json_set(model, "republished", republished);
    json_set(model, "planned", planned);
    json_set(model, "is_late", json_bool(ctx->arena, manuscript_is_late(m)));
    json_set(model, "imported", imported);
    json_set(model, "original_url", json_str(ctx->arena, m->original_url));
    return OK;
}

static const char TOMBSTONE_KEYS[] =
    KEYS(id number title kind_text outlet{ no name url emblem } tier published{
        iso text full } republished{ iso text full } imported{ iso text full } planned{
        iso text full } is_late original_url withdrawn{ iso text full } reason withdrawer{
        name role } entries[kind kind_text at{ iso text full } is_placed position]);
static const Model tombstone_model = { "portal/tombstone", TOMBSTONE_KEYS };

/* 撤稿: the same address, why and by whom, and no text (product.md 3; status 410). */
static Err show_tombstone(Ctx *ctx, const Request *req, Response *res, const Site *site,
                          const Manuscript *m) {
    Json *model = json_obj(ctx->arena), *withdrawn, *entries = json_arr(ctx->arena), *entry;
    LedgerPlaces places;

    TRY(put_common(ctx, site, m, model));
    TRY(ledger_of_subject(ctx, m->id, ENTRIES_SHOWN, &places));
    TRY(time_model(ctx, site, m->withdrawn_ms, false, &withdrawn));
    TRY(person_of_entry(ctx, &places, "manuscript.withdrawn", true, model, "withdrawer"));
    for (size_t i = 0; i < places.len; i++) {
        TRY(entry_model(ctx, site, &places.items[i], &entry));
        json_push(entries, entry);
    }
    json_set(model, "withdrawn", withdrawn);
    json_set(model, "reason", json_str(ctx->arena, m->withdrawn_reason));
    json_set(model, "entries", entries);
    return res_view_as(ctx, req, res, 410, &tombstone_model, model);
}

static Err show_story(Ctx *ctx, const Request *req, Response *res, const Site *site,
                      const Manuscript *m) {
    ManuscriptVersion v;
    LedgerPlaces places;
    Json *model = json_obj(ctx->arena), *seal, *notices;
    int64_t origin;

    TRY(put_common(ctx, site, m, model));
    TRY(manuscript_version(ctx, m->id, m->published_n, &v));
    TRY(ledger_of_subject(ctx, m->id, ENTRIES_SHOWN, &places));
    TRY(person_of_entry(ctx, &places, "manuscript.filed", false, model, "author"));
    if (m->byline.len) /* an old story says itself who wrote it */
        json_set(model, "author", old_author(ctx, m));
    TRY(person_of_entry(ctx, &places, "manuscript.released", true, model, "releaser"));
    TRY(seal_model(ctx, site, &places, &v, &seal));
    TRY(notices_model(ctx, site, m, &notices));
    json_set(model, "lang", json_str(ctx->arena, str_eq(m->lang, S("en")) ? S("en") : S("zh-CN")));
    json_set(model, "summary", json_str(ctx->arena, v.summary));
    json_set(model, "html", json_clean(ctx->arena, v.html));
    json_set(model, "note", json_str(ctx->arena, v.note));
    json_set(model, "version", json_int(ctx->arena, m->published_n));
    json_set(model, "versions", versions_model(ctx, m));
    json_set(model, "is_two_person", json_bool(ctx->arena, str_eq(m->profile, S("two-person"))));
    json_set(model, "review", json_null(ctx->arena));
    if (str_eq(m->profile, S("three-review")) || str_eq(m->profile, S("flash")))
        TRY(manuscript_put_review(ctx, m, &v, model));
    TRY(adoption_put_origin(ctx, m->id, model, &origin));
    if (origin)
        res_tag(res, str_format(ctx->arena, "article:%lld", (long long)origin));
    TRY(manuscript_put_pictures(ctx, &v, model));
    json_set(model, "corrections", notices);
    json_set(model, "sources", texts_model(ctx, v.sources));
    json_set(model, "tags", texts_model(ctx, v.tags));
    json_set(model, "seal", seal);
    return res_view(ctx, req, res, model);
}

Err portal_article(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    Manuscript m;

    TRY(site_get(ctx, &site));
    TRY(manuscript_get_public(ctx, req_id(req, "id"), &m));
    res_tag(res, str_format(ctx->arena, "article:%lld", (long long)m.id));
    res_tag(res, str_format(ctx->arena, "outlet:%lld", (long long)m.outlet_id));
    res_tag(res, S("site"));
    if (m.withdrawn_ms)
        return show_tombstone(ctx, req, res, &site, &m);
    return show_story(ctx, req, res, &site, &m);
}
