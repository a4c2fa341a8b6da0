/* features/manuscript/manuscript_service.c - the acts on a story; knows neither HTTP nor SQL. */
#include <assert.h>

#include "base/id.h"
#include "base/utf8.h"
#include "db/db.h"
#include "features/identity/identity.h"
#include "features/manuscript/manuscript_service.h"
#include "features/manuscript/manuscript_store.h"
#include "features/manuscript/manuscript_text.h"
#include "features/media/media.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "ledger/ledger.h"
#include "queue/event.h"
#include "text/zone.h"

/* R1; the operator has no content rights. */
Err manuscript_require_person(const Ctx *ctx) {
    if (ctx->actor != ACTOR_PERSON)
        return FAIL(ERR_FORBIDDEN, NULL, N_("Only a person can do this: use a person's token."));
    if (ctx->outlet_id == 0)
        return REFUSE(
            1, N_("A story is filed for an outlet and signed by a person: name the outlet."));
    return OK;
}

/* Of two who decide at once one comes first; the other is told who. */
static Err somebody_was_first(Ctx *ctx, const Manuscript *m) {
    Str name = STR_EMPTY;

    if (m->changed_by)
        TRY(person_names(ctx, &m->changed_by, 1, &name));
    if (!name.len)
        return FAIL(ERR_CONFLICT, "version",
                    N_("Somebody changed this story meanwhile: look at it and decide again."));
    return FAIL_ARGS(ERR_CONFLICT, "version",
                     N_("{0} changed this story meanwhile: look at it and decide again."), name);
}

Err manuscript_read_own(Ctx *ctx, int64_t id, int64_t version, Manuscript *ret) {
    bool is_found;

    TRY(manuscript_store_get(ctx, id, ret, &is_found));
    if (!is_found || ret->outlet_id != ctx->outlet_id)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such story."));
    if (ret->version != version)
        return somebody_was_first(ctx, ret);
    return OK;
}

Err manuscript_check_act(Ctx *ctx, const Manuscript *m, Act act, Str *ret_to) {
    const Transition *row = manuscript_transition(m->state, act);
    ManuscriptVersion v;
    bool is_found;

    if (!row)
        return FAIL_ARGS(ERR_CONFLICT, "state",
                         N_("This cannot be done while the story is \"{0}\"."), m->state);
    if ((row->who == WHO_JOB) != (ctx->actor == ACTOR_JOB))
        return FAIL(ERR_FORBIDDEN, NULL, N_("What is planned goes out by itself."));
    if (row->who == WHO_SECOND) {
        TRY(manuscript_store_version_get(ctx, m->id, m->working_n, &v, &is_found));
        if (m->author_id == ctx->person_id || (is_found && v.made_by == ctx->person_id))
            return FAIL(
                ERR_FORBIDDEN, NULL,
                N_("You wrote this text: another person must read and decide (two persons)."));
    }
    *ret_to = row->to;
    return OK;
}

Json *manuscript_sealed(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v) {
    Json *sealed = json_obj(ctx->arena);

    json_set(sealed, "number", json_str(ctx->arena, m->number));
    json_set(sealed, "n", json_int(ctx->arena, m->working_n));
    json_set(sealed, "title", json_str(ctx->arena, m->title));
    if (v)
        json_set(sealed, "hash", json_str(ctx->arena, v->hash));
    return sealed;
}

Err manuscript_emit(Ctx *ctx, const Manuscript *m, const char *name, bool is_first) {
    Json *facts = json_obj(ctx->arena);
    EventTags tags = { 0 };

    json_set(facts, "manuscript_id", json_id(ctx->arena, m->id));
    json_set(facts, "outlet_id", json_id(ctx->arena, m->outlet_id));
    json_set(facts, "n", json_int(ctx->arena, m->published_n));
    json_set(facts, "is_first", json_bool(ctx->arena, is_first));
    event_tag(ctx->arena, &tags, "article", m->id);
    event_tag(ctx->arena, &tags, "outlet", m->outlet_id);
    event_tag(ctx->arena, &tags, "home", 0);
    event_tag(ctx->arena, &tags, "feed", 0);
    return event_emit(ctx, name, m->id, facts, event_tag_list(&tags));
}

Err manuscript_save(Ctx *ctx, Manuscript *m) {
    int64_t changed = 0;

    m->changed_ms = ctx->now_ms;
    m->changed_by = ctx->person_id;
    TRY(manuscript_store_update(ctx, m, &changed));
    if (changed == 0)
        return FAIL(ERR_CONFLICT, "version",
                    N_("Somebody changed this story meanwhile: look at it and decide again."));
    m->version++;
    return OK;
}

static Err make_number(Ctx *ctx, Str *ret) {
    Site site;
    ZoneTime local;
    int64_t next = 0;

    TRY(site_get(ctx, &site));
    TRY(zone_local(site.zone, ctx->now_ms, &local));
    TRY(manuscript_store_next_number(ctx, ctx->outlet_id, local.year, &next));
    *ret = str_format(ctx->arena, "%.*s-%d-%04lld", STR_ARG(ctx->outlet_no), local.year,
                      (long long)next);
    return OK;
}

/* ---- acts ---- */

static Err damaged(void) {
    return FAIL(ERR_IO, NULL, N_("The stored version is damaged; restore a backup."));
}

/* What readers see of the row stays that of the published version until the new one is released. */
static void show_working(Manuscript *m, const ManuscriptVersion *v) {
    m->kind = v->kind;
    m->lang = v->lang;
    m->title = v->title;
    m->summary = v->summary;
    m->cover_id = v->picture_count ? v->pictures[0].media_id : 0;
}

Err manuscript_file(Ctx *ctx, const Filing *filing, Manuscript *ret) {
    ManuscriptVersion v;
    WallTime embargo;
    Manuscript m = { .id = id_next(ctx),
                     .outlet_id = ctx->outlet_id,
                     .state = S("draft"),
                     .profile = S("two-person"),
                     .author_id = ctx->person_id,
                     .working_n = 1,
                     .changed_by = ctx->person_id,
                     .created_ms = ctx->now_ms,
                     .changed_ms = ctx->now_ms,
                     .version = 1 };
    Json *sealed;
    DB_TX(tx);

    TRY(manuscript_require_person(ctx));
    TRY(manuscript_make_version(ctx, ctx->outlet_id, filing, &v));
    TRY(manuscript_read_embargo(ctx, filing, &embargo));
    show_working(&m, &v);
    TRY(db_begin(ctx, &tx));
    TRY(make_number(ctx, &m.number));
    TRY(manuscript_store_insert(ctx, &m, STR_EMPTY, STR_EMPTY));
    v.manuscript_id = m.id;
    v.n = 1;
    TRY(manuscript_store_version_put(ctx, &v));
    sealed = manuscript_sealed(ctx, &m, &v);
    TRY(manuscript_put_embargo(ctx, &m, filing, &embargo, sealed));
    TRY(ledger_append(ctx, "manuscript.filed", m.id, sealed));
    TRY(db_commit(&tx));
    *ret = m;
    return OK;
}

Err manuscript_change(Ctx *ctx, int64_t id, int64_t version, const Filing *filing,
                      Manuscript *ret) {
    ManuscriptVersion v;
    WallTime embargo;
    Manuscript m;
    Json *sealed;
    DB_TX(tx);

    TRY(manuscript_require_person(ctx));
    TRY(manuscript_make_version(ctx, ctx->outlet_id, filing, &v));
    TRY(manuscript_read_embargo(ctx, filing, &embargo));
    TRY(db_begin(ctx, &tx));
    TRY(manuscript_read_own(ctx, id, version, &m));
    bool was_planned = manuscript_has_plan(&m);
    TRY(manuscript_check_act(ctx, &m, ACT_CHANGE, &m.state));
    m.step = STR_EMPTY;
    if (m.working_n == m.published_n) {
        m.working_n++; /* released versions are never overwritten (R13) */
        if (m.working_n > VERSIONS_MAX)
            return FAIL_ARGS(ERR_LIMIT, NULL,
                             N_("A story has at most {0} versions: file a new story."),
                             str_from_int(ctx->arena, VERSIONS_MAX));
    }
    v.manuscript_id = id;
    v.n = m.working_n;
    if (m.published_n == 0)
        show_working(&m, &v);
    TRY(manuscript_store_version_put(ctx, &v));
    TRY(manuscript_save(ctx, &m));
    sealed = manuscript_sealed(ctx, &m, &v);
    TRY(manuscript_put_embargo(ctx, &m, filing, &embargo, sealed));
    TRY(ledger_append(ctx, "manuscript.changed", id, sealed));
    if (was_planned)
        TRY(manuscript_end_plan(ctx, &m, "edited"));
    TRY(db_commit(&tx));
    *ret = m;
    return OK;
}

Err manuscript_submit(Ctx *ctx, int64_t id, int64_t version, Manuscript *ret) {
    ManuscriptVersion v;
    Manuscript m;
    Json *sealed;
    bool is_found;
    DB_TX(tx);

    TRY(manuscript_require_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(manuscript_read_own(ctx, id, version, &m));
    TRY(manuscript_check_act(ctx, &m, ACT_SUBMIT, &m.state));
    TRY(manuscript_store_version_get(ctx, id, m.working_n, &v, &is_found));
    if (!is_found)
        return damaged();
    TRY(manuscript_check_words(ctx, v.html));
    TRY(manuscript_begin_review(ctx, &m, &v));
    TRY(manuscript_save(ctx, &m));
    sealed = manuscript_sealed(ctx, &m, &v);
    json_set(sealed, "step", json_str(ctx->arena, m.step));
    TRY(ledger_append(ctx, "manuscript.submitted", id, sealed));
    TRY(db_commit(&tx));
    *ret = m;
    return OK;
}

Err manuscript_check_reason(Ctx *ctx, Str reason) {
    size_t chars;

    if (!utf8_count(reason, &chars) || utf8_has_control(reason))
        return FAIL(ERR_INVALID, "reason",
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (str_trim(reason).len == 0)
        return FAIL(ERR_INVALID, "reason", N_("Say why, so that others understand it."));
    if (chars > REASON_CHARS_MAX)
        return FAIL_ARGS(ERR_LIMIT, "reason", N_("At most {0} characters."),
                         str_from_int(ctx->arena, REASON_CHARS_MAX));
    return OK;
}

Err manuscript_return(Ctx *ctx, int64_t id, int64_t version, Str reason, Manuscript *ret) {
    Manuscript m;
    Json *sealed;
    DB_TX(tx);

    TRY(manuscript_require_person(ctx));
    TRY(manuscript_check_reason(ctx, reason));
    TRY(db_begin(ctx, &tx));
    TRY(manuscript_read_own(ctx, id, version, &m));
    bool was_planned = manuscript_has_plan(&m);
    TRY(manuscript_check_act(ctx, &m, ACT_RETURN, &m.state));
    m.step = STR_EMPTY;
    m.returned_reason = str_trim(reason);
    m.returned_by = ctx->person_id;
    m.returned_ms = ctx->now_ms;
    TRY(manuscript_save(ctx, &m));
    sealed = manuscript_sealed(ctx, &m, NULL);
    json_set(sealed, "reason", json_str(ctx->arena, m.returned_reason));
    TRY(ledger_append(ctx, "manuscript.returned", id, sealed));
    if (was_planned)
        TRY(manuscript_end_plan(ctx, &m, "returned"));
    TRY(db_commit(&tx));
    *ret = m;
    return OK;
}

static Err show_pictures(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v) {
    int64_t *ids;
    size_t count;

    TRY(manuscript_media(ctx, m->outlet_id, v, &ids, &count));
    return media_publish(ctx, "article", m->id, ids, count);
}

static Json *released_of(Ctx *ctx, const Manuscript *m, const ManuscriptVersion *v,
                         const Plan *plan, Str by_name, Json *review, int64_t link_by) {
    Json *sealed = manuscript_sealed(ctx, m, v), *by = json_obj(ctx->arena);

    if (review)
        json_set(sealed, "review", review);
    if (link_by)
        json_set(sealed, "link_by", json_id(ctx->arena, link_by));
    if (!plan)
        return sealed;
    json_set(by, "id", json_id(ctx->arena, plan->by_id));
    json_set(by, "name", json_str(ctx->arena, by_name));
    json_set(by, "role", json_str(ctx->arena, plan->by_role));
    json_set(sealed, "released_by", by);
    json_set(sealed, "planned", manuscript_wall_model(ctx, &plan->when));
    json_set(sealed, "published", json_int(ctx->arena, ctx->now_ms));
    json_set(sealed, "is_late", json_bool(ctx->arena, manuscript_is_late(m)));
    return sealed;
}

Err manuscript_put_out(Ctx *ctx, Manuscript *m, const ManuscriptVersion *v, const Plan *plan,
                       int64_t link_by) {
    ReviewText text = manuscript_review_text(m, v);
    bool is_first = m->published_n == 0, is_reviewed;
    Json *steps = NULL;
    Str by_name = STR_EMPTY;
    Review review;

    TRY(manuscript_check_reviewed(ctx, m, v, &review, &is_reviewed));
    if (is_reviewed) {
        TRY(manuscript_note_release(ctx, m, v, &review));
        TRY(manuscript_review_model(ctx, &review, &text, &steps));
    } else if (!m->imported_ms) {
        m->profile = S("two-person");
    }
    if (is_first)
        m->published_ms = ctx->now_ms;
    else
        m->republished_ms = ctx->now_ms;
    m->published_n = m->working_n;
    m->released_by = plan ? plan->by_id : ctx->person_id;
    m->planned_ms = plan ? plan->when.at_ms : 0;
    m->returned_reason = STR_EMPTY;
    m->returned_by = m->returned_ms = 0;
    show_working(m, v);
    if (plan)
        TRY(person_names(ctx, &plan->by_id, 1, &by_name));
    TRY(manuscript_save(ctx, m));
    TRY(manuscript_store_version_release(ctx, m->id, m->published_n, m->released_by));
    TRY(manuscript_store_plan_delete(ctx, m->id));
    TRY(show_pictures(ctx, m, v));
    TRY(ledger_append(ctx, "manuscript.released", m->id,
                      released_of(ctx, m, v, plan, by_name, steps, link_by)));
    TRY(manuscript_emit(ctx, m, "manuscript.published", is_first));
    return outlet_published(ctx, m->outlet_id, ctx->now_ms);
}

Err manuscript_release_by_link(Ctx *ctx, int64_t id, int64_t version, int64_t link_by,
                               Manuscript *ret) {
    ManuscriptVersion v;
    Manuscript m;
    bool is_found;
    DB_TX(tx);

    TRY(manuscript_require_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(manuscript_read_own(ctx, id, version, &m));
    bool was_planned = manuscript_has_plan(&m);
    TRY(manuscript_check_act(ctx, &m, ACT_RELEASE, &m.state));
    TRY(outlet_require_publishing(ctx, m.outlet_id));
    TRY(manuscript_check_embargo(ctx, id, ctx->now_ms, "embargo_at"));
    TRY(manuscript_store_version_get(ctx, id, m.working_n, &v, &is_found));
    if (!is_found)
        return damaged();
    if (was_planned)
        TRY(manuscript_owe_no_more(ctx, id));
    TRY(manuscript_put_out(ctx, &m, &v, NULL, link_by));
    TRY(db_commit(&tx));
    *ret = m;
    return OK;
}

Err manuscript_release(Ctx *ctx, int64_t id, int64_t version, Manuscript *ret) {
    return manuscript_release_by_link(ctx, id, version, 0, ret);
}

Err manuscript_withdraw(Ctx *ctx, int64_t id, int64_t version, Str reason, Manuscript *ret) {
    Manuscript m;
    Json *sealed;
    DB_TX(tx);

    TRY(manuscript_require_person(ctx));
    TRY(manuscript_check_reason(ctx, reason));
    TRY(db_begin(ctx, &tx));
    TRY(manuscript_read_own(ctx, id, version, &m));
    bool was_planned = manuscript_has_plan(&m);
    TRY(manuscript_check_act(ctx, &m, ACT_WITHDRAW, &m.state));
    m.step = STR_EMPTY;
    m.withdrawn_ms = ctx->now_ms;
    m.withdrawn_reason = str_trim(reason);
    TRY(manuscript_save(ctx, &m));
    sealed = manuscript_sealed(ctx, &m, NULL);
    json_set(sealed, "reason", json_str(ctx->arena, m.withdrawn_reason));
    TRY(media_conceal(ctx, "article", id));
    TRY(ledger_append(ctx, "manuscript.withdrawn", id, sealed));
    TRY(manuscript_emit(ctx, &m, "manuscript.withdrawn", false));
    if (was_planned)
        TRY(manuscript_end_plan(ctx, &m, "cancelled"));
    TRY(db_commit(&tx));
    *ret = m;
    return OK;
}

Err manuscript_count_correction(Ctx *ctx, int64_t id, int64_t version) {
    Manuscript m;
    bool is_found;

    assert(db_is_open(ctx));
    TRY(manuscript_store_get(ctx, id, &m, &is_found));
    if (!is_found || m.outlet_id != ctx->outlet_id || !manuscript_transition(m.state, ACT_CORRECT))
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such published story of this outlet."));
    if (m.version != version)
        return somebody_was_first(ctx, &m);
    return manuscript_store_count_correction(ctx, id);
}

/* ---- reading ---- */

static Err not_there(void) {
    return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such story."));
}

Err manuscript_get(Ctx *ctx, int64_t id, Manuscript *ret) {
    bool is_found;

    TRY(manuscript_store_get(ctx, id, ret, &is_found));
    return is_found ? OK : not_there();
}

Err manuscript_get_public(Ctx *ctx, int64_t id, Manuscript *ret) {
    Manuscript m;

    TRY(manuscript_get(ctx, id, &m));
    if (m.published_n == 0)
        return not_there();
    *ret = m;
    return OK;
}

Err manuscript_version(Ctx *ctx, int64_t id, int64_t n, ManuscriptVersion *ret) {
    bool is_found;

    TRY(manuscript_store_version_get(ctx, id, n, ret, &is_found));
    return is_found ? OK : FAIL(ERR_NOT_FOUND, NULL, N_("The story has no such version."));
}
