/* features/adoption/adoption_service.c - the rules of carrying another outlet's story; knows neither HTTP nor SQL. */
#include "base/id.h"
#include "base/utf8.h"
#include "db/db.h"
#include "features/adoption/adoption_store.h"
#include "features/manuscript/manuscript.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "ledger/ledger.h"
#include "queue/event.h"
#include "view/catalogue.h"

static Err require_person(const Ctx *ctx) {
    if (ctx->actor != ACTOR_PERSON)
        return FAIL(ERR_FORBIDDEN, NULL, N_("Only a person can do this: use a person's token."));
    return OK;
}

static Err not_there(void) {
    return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such story."));
}

/* A story that readers see, as it is now. */
static Err read_story(Ctx *ctx, int64_t id, Manuscript *m, ManuscriptVersion *v) {
    TRY(manuscript_get(ctx, id, m));
    if (!m->published_n || m->withdrawn_ms)
        return not_there();
    return manuscript_version(ctx, id, m->published_n, v);
}

static Json *sealed_of(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v) {
    Json *sealed = json_obj(ctx->arena);

    json_set(sealed, "number", json_str(ctx->arena, m->number));
    json_set(sealed, "n", json_int(ctx->arena, v->n));
    json_set(sealed, "title", json_str(ctx->arena, v->title));
    json_set(sealed, "hash", json_str(ctx->arena, v->hash));
    return sealed;
}

static Err announce(Ctx *ctx, const Adoption *a) {
    Json *facts = json_obj(ctx->arena);
    EventTags tags = { 0 };

    json_set(facts, "story_id", json_id(ctx->arena, a->story_id));
    json_set(facts, "outlet_id", json_id(ctx->arena, a->to_outlet));
    event_tag(ctx->arena, &tags, "article", a->story_id);
    event_tag(ctx->arena, &tags, "outlet", a->to_outlet);
    return event_emit(ctx, "story.carried", a->id, facts, event_tag_list(&tags));
}

/* ---- offering ---- */

static Err add_outlet(Ctx *ctx, const Outlet *outlet, OutletList *list) {
    if (outlet->id == ctx->outlet_id)
        return OK;
    for (size_t i = 0; i < list->len; i++)
        if (list->items[i].id == outlet->id)
            return OK;
    if (list->len == OFFER_AT_ONCE_MAX)
        return FAIL_ARGS(ERR_LIMIT, "to", N_("Give at most {0} of them."),
                         str_from_int(ctx->arena, OFFER_AT_ONCE_MAX));
    list->items[list->len++] = *outlet;
    return OK;
}

static Err add_tier(Ctx *ctx, Str tier, OutletList *list) {
    OutletFilter filter = { .tier = str_eq(tier, S("all")) ? STR_EMPTY : tier };
    OutletList found;
    int64_t total;

    TRY(outlet_list(ctx, &filter, 0, OUTLET_LIST_MAX, &found, &total));
    for (size_t i = 0; i < found.len; i++)
        if (!found.items[i].struck_ms)
            TRY(add_outlet(ctx, &found.items[i], list));
    return OK;
}

static Err read_receivers(Ctx *ctx, StrList to, Str tier, OutletList *ret) {
    OutletList list = { .items = arena_array(ctx->arena, OFFER_AT_ONCE_MAX, sizeof(Outlet)) };
    Outlet outlet;

    if (tier.len)
        TRY(add_tier(ctx, tier, &list));
    for (size_t i = 0; i < to.len; i++) {
        Str no = str_trim(to.items[i]);
        if (!no.len)
            continue;
        Err err = outlet_by_no(ctx, no, &outlet);
        if (err.code == ERR_NOT_FOUND)
            return FAIL_ARGS(ERR_INVALID, "to", N_("There is no outlet of the number {0}."), no);
        TRY(err);
        TRY(add_outlet(ctx, &outlet, &list));
    }
    if (!list.len)
        return FAIL(ERR_INVALID, "to", N_("Name outlets by their numbers, or choose a tier."));
    *ret = list;
    return OK;
}

Err adoption_offer(Ctx *ctx, int64_t story_id, StrList to, Str tier, int64_t *ret) {
    Json *sealed, *nos = json_arr(ctx->arena);
    ManuscriptVersion v;
    OutletList outlets;
    Manuscript m;
    Adoption before;
    int64_t count = 0;
    bool is_found;
    DB_TX(tx);

    TRY(require_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(read_story(ctx, story_id, &m, &v));
    if (m.outlet_id != ctx->outlet_id)
        return not_there();
    TRY(read_receivers(ctx, to, tier, &outlets));
    for (size_t i = 0; i < outlets.len; i++) {
        Adoption a = { .id = id_next(ctx),
                       .story_id = story_id,
                       .from_outlet = m.outlet_id,
                       .to_outlet = outlets.items[i].id,
                       .state = S("offered"),
                       .offered_by = ctx->person_id,
                       .offered_ms = ctx->now_ms };
        TRY(adoption_store_get(ctx, story_id, a.to_outlet, &before, &is_found));
        if (is_found)
            continue;
        TRY(adoption_store_put(ctx, &a));
        json_push(nos, json_str(ctx->arena, outlets.items[i].no));
        count++;
    }
    if (count) {
        sealed = sealed_of(ctx, &m, &v);
        json_set(sealed, "to", nos);
        TRY(ledger_append(ctx, "story.offered", story_id, sealed));
    }
    TRY(db_commit(&tx));
    *ret = count;
    return OK;
}

/* ---- taking ---- */

/* In the transaction: the story, and its row for ctx's outlet, new or offered. */
static Err begin_taking(Ctx *ctx, int64_t story_id, Manuscript *m, ManuscriptVersion *v,
                        Adoption *ret) {
    Adoption a;
    bool is_found;

    TRY(read_story(ctx, story_id, m, v));
    if (m->outlet_id == ctx->outlet_id)
        return FAIL(ERR_CONFLICT, "story", N_("This is the outlet's own story."));
    TRY(outlet_require_publishing(ctx, ctx->outlet_id));
    TRY(adoption_store_get(ctx, story_id, ctx->outlet_id, &a, &is_found));
    if (is_found && (str_eq(a.state, S("taken")) || str_eq(a.state, S("adapted"))))
        return FAIL(ERR_CONFLICT, "story", N_("The outlet carries this story already."));
    if (!is_found)
        a = (Adoption){ .id = id_next(ctx), .story_id = story_id, .from_outlet = m->outlet_id };
    a.to_outlet = ctx->outlet_id;
    a.n = v->n;
    a.hash = v->hash;
    a.corrections = m->corrections;
    a.decided_by = ctx->person_id;
    a.decided_role = ctx->role;
    a.decided_ms = ctx->now_ms;
    a.reason = STR_EMPTY;
    *ret = a;
    return OK;
}

static Err end_taking(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v,
                      const Adoption *a) {
    Json *sealed = sealed_of(ctx, m, v);
    Outlet from;

    TRY(outlet_get(ctx, m->outlet_id, &from));
    json_set(sealed, "mode", json_str(ctx->arena, a->state));
    json_set(sealed, "from", json_str(ctx->arena, from.no));
    json_set(sealed, "to", json_str(ctx->arena, ctx->outlet_no));
    if (a->copy_id)
        json_set(sealed, "copy", json_id(ctx->arena, a->copy_id));
    TRY(adoption_store_put(ctx, a));
    TRY(ledger_append(ctx, "story.taken", m->id, sealed));
    return announce(ctx, a);
}

Err adoption_take(Ctx *ctx, int64_t story_id, Adoption *ret) {
    ManuscriptVersion v;
    Manuscript m;
    Adoption a;
    DB_TX(tx);

    TRY(require_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(begin_taking(ctx, story_id, &m, &v, &a));
    a.state = S("taken");
    TRY(end_taking(ctx, &m, &v, &a));
    TRY(db_commit(&tx));
    *ret = a;
    return OK;
}

/* Cleaned HTML has one spelling of a picture, and "<" is never text. */
static Str without_pictures(Ctx *ctx, Str html, int64_t *ret_count) {
    Buf out = buf_new(ctx->arena, html.len);
    size_t at = 0;

    *ret_count = 0;
    for (;;) {
        size_t start = str_find(html, S("<img "), at);
        if (start == SIZE_MAX)
            break;
        size_t end = str_find_char(html, '>', start);
        buf_add(&out, str_slice(html, at, start));
        at = end == SIZE_MAX ? html.len : end + 1;
        (*ret_count)++;
    }
    buf_add(&out, str_slice(html, at, html.len));
    return buf_str(&out);
}

/* The text for the other outlet's desk, with the story as its first source. */
static Err filing_of(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v, Filing *ret) {
    StrList sources = { .items = arena_array(ctx->arena, v->sources.len + 1, sizeof(Str)) };
    int64_t inner;
    Outlet from;

    TRY(outlet_get(ctx, m->outlet_id, &from));
    sources.items[sources.len++] =
        str_format(ctx->arena, "%.*s %.*s /articles/%lld", STR_ARG(from.name), STR_ARG(m->number),
                   (long long)m->id);
    for (size_t i = 0; i < v->sources.len && sources.len < SOURCES_MAX; i++)
        sources.items[sources.len++] = v->sources.items[i];
    *ret = (Filing){ .kind = v->kind,
                     .lang = v->lang,
                     .title = v->title,
                     .summary = v->summary,
                     .source = without_pictures(ctx, v->html, &inner),
                     .format = S("html"),
                     .sources = sources,
                     .tags = v->tags };
    inner += (int64_t)v->picture_count;
    if (inner) {
        Str args[2] = { str_from_int(ctx->arena, inner), STR_EMPTY };
        ret->note = catalogue_format(ctx->arena, catalogue_of(ctx->lang),
                                     N_("Pictures that were left behind: {0}"), args);
    }
    return OK;
}

Err adoption_adapt(Ctx *ctx, int64_t story_id, Adoption *ret) {
    ManuscriptVersion v;
    Manuscript m, copy;
    Filing filing;
    Adoption a;
    DB_TX(tx);

    TRY(require_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(begin_taking(ctx, story_id, &m, &v, &a));
    TRY(filing_of(ctx, &m, &v, &filing));
    TRY(manuscript_file(ctx, &filing, &copy));
    a.state = S("adapted");
    a.copy_id = copy.id;
    TRY(end_taking(ctx, &m, &v, &a));
    TRY(db_commit(&tx));
    *ret = a;
    return OK;
}

Err adoption_decline(Ctx *ctx, int64_t story_id, Str reason) {
    ManuscriptVersion v;
    Json *sealed;
    Manuscript m;
    Adoption a;
    size_t chars;
    bool is_found;
    DB_TX(tx);

    TRY(require_person(ctx));
    if (!utf8_count(reason, &chars) || utf8_has_control(reason))
        return FAIL(ERR_INVALID, "reason",
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (chars > DECLINE_CHARS_MAX)
        return FAIL_ARGS(ERR_LIMIT, "reason", N_("At most {0} characters."),
                         str_from_int(ctx->arena, DECLINE_CHARS_MAX));
    TRY(db_begin(ctx, &tx));
    TRY(read_story(ctx, story_id, &m, &v));
    TRY(adoption_store_get(ctx, story_id, ctx->outlet_id, &a, &is_found));
    if (!is_found || !str_eq(a.state, S("offered")))
        return FAIL(ERR_CONFLICT, "story", N_("This story is not offered to the outlet."));
    a.state = S("declined");
    a.reason = str_trim(reason);
    a.decided_by = ctx->person_id;
    a.decided_role = ctx->role;
    a.decided_ms = ctx->now_ms;
    TRY(adoption_store_put(ctx, &a));
    sealed = sealed_of(ctx, &m, &v);
    json_set(sealed, "to", json_str(ctx->arena, ctx->outlet_no));
    json_set(sealed, "reason", json_str(ctx->arena, a.reason));
    TRY(ledger_append(ctx, "story.declined", story_id, sealed));
    return db_commit(&tx);
}

/* ---- reading ---- */

Err adoption_of_story(Ctx *ctx, int64_t story_id, AdoptionList *ret) {
    return adoption_store_of_story(ctx, story_id, ret);
}

Err adoption_of_copy(Ctx *ctx, int64_t copy_id, Adoption *ret, bool *ret_found) {
    return adoption_store_of_copy(ctx, copy_id, ret, ret_found);
}

Err adoption_of_outlet(Ctx *ctx, int64_t outlet_id, Str state, AdoptionList *ret) {
    return adoption_store_of_outlet(ctx, outlet_id, state, ret);
}
