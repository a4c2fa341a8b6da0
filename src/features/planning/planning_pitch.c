/* features/planning/planning_pitch.c - the rules of pitches; knows neither HTTP nor SQL. */
#include <assert.h>

#include "base/id.h"
#include "base/utf8.h"
#include "db/db.h"
#include "features/identity/identity.h"
#include "features/planning/planning_states.h"
#include "features/planning/planning_store.h"
#include "features/site/site.h"
#include "ledger/ledger.h"
#include "queue/event.h"
#include "text/zone.h"

static Err require_person(const Ctx *ctx) {
    if (ctx->actor != ACTOR_PERSON || ctx->outlet_id == 0)
        return FAIL(ERR_FORBIDDEN, NULL, N_("Only a person can do this: use a person's token."));
    return OK;
}

/* ---- words ---- */

static Err check_text(Ctx *ctx, const char *field, Str text, size_t max, const char *why_empty) {
    size_t chars;

    if (!utf8_count(text, &chars) || utf8_has_control(text))
        return FAIL(ERR_INVALID, field,
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (chars == 0 && why_empty)
        return FAIL(ERR_INVALID, field, why_empty);
    if (chars > max)
        return FAIL_ARGS(ERR_LIMIT, field, N_("This has at most {0} characters."),
                         str_from_int(ctx->arena, (int64_t)max));
    return OK;
}

static Err check_kind(Str kind) {
    static const Str kinds[] = { S_INIT(""),     S_INIT("消息"), S_INIT("通讯"), S_INIT("评论"),
                                 S_INIT("图片"), S_INIT("视频"), S_INIT("解释"), S_INIT("快讯") };

    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(kind, kinds[i]))
            return OK;
    return FAIL(ERR_INVALID, "kind", N_("Choose the kind of story."));
}

static Err check_day(Ctx *ctx, Str day) {
    ZoneTime asked;
    int64_t now_start, start;
    ZoneFit fit;
    Str zone;

    if (day.len == 0)
        return OK;
    if (zone_parse_date(day, &asked).code != ERR_OK)
        return FAIL(ERR_INVALID, "wished_on", N_("There is no such day."));
    TRY(site_zone(ctx, &zone));
    TRY(zone_day_start(zone, ctx->now_ms, 0, &now_start));
    TRY(zone_parse(zone, day, &start, &fit));
    if (start < now_start)
        return FAIL(ERR_INVALID, "wished_on", N_("This day is past: choose another."));
    return OK;
}

static Err check_words(Ctx *ctx, const Pitch *p) {
    TRY(check_text(ctx, "title", p->title, PITCH_TITLE_CHARS_MAX, N_("Give it a title.")));
    TRY(check_text(ctx, "why", p->why, PITCH_WHY_CHARS_MAX,
                   N_("Say why this should be told, and how.")));
    TRY(check_kind(p->kind));
    return check_day(ctx, p->wished_on);
}

/* ---- what every act writes ---- */

static Err put_step(Ctx *ctx, const Pitch *p, const char *act, Str text, PitchStep *ret) {
    PitchStep step = { .id = id_next(ctx),
                       .pitch_id = p->id,
                       .act = str_from_c(act),
                       .person_id = ctx->person_id,
                       .made_ms = ctx->now_ms,
                       .text = str_dup(ctx->arena, text) };

    TRY(pitch_store_add_step(ctx, &step));
    *ret = step;
    return OK;
}

static Json *sealed_of(Ctx *ctx, const Pitch *p) {
    Json *sealed = json_obj(ctx->arena);

    json_set(sealed, "pitch", json_id(ctx->arena, p->id));
    json_set(sealed, "title", json_str(ctx->arena, p->title));
    return sealed;
}

static Err announce(Ctx *ctx, const Pitch *p, const char *kind, Json *sealed) {
    Json *facts = json_obj(ctx->arena);
    EventTags tags = { 0 };

    TRY(ledger_append(ctx, kind, p->id, sealed));
    json_set(facts, "pitch_id", json_id(ctx->arena, p->id));
    json_set(facts, "outlet_id", json_id(ctx->arena, p->outlet_id));
    return event_emit(ctx, kind, p->id, facts, event_tag_list(&tags));
}

Err pitch_propose(Ctx *ctx, const PitchWords *words, Pitch *ret) {
    Pitch p = { .id = id_next(ctx),
                .outlet_id = ctx->outlet_id,
                .title = str_dup(ctx->arena, str_trim(words->title)),
                .why = str_dup(ctx->arena, str_trim(words->why)),
                .kind = str_dup(ctx->arena, words->kind),
                .wished_on = str_dup(ctx->arena, words->wished_on),
                .state = S("proposed"),
                .proposed_by = ctx->person_id,
                .proposed_ms = ctx->now_ms,
                .changed_ms = ctx->now_ms,
                .version = 1 };
    PitchStep step;
    Json *sealed;
    DB_TX(tx);

    TRY(require_person(ctx));
    TRY(check_words(ctx, &p));
    TRY(db_begin(ctx, &tx));
    TRY(pitch_store_insert(ctx, &p));
    TRY(put_step(ctx, &p, "propose", STR_EMPTY, &step));
    sealed = sealed_of(ctx, &p);
    json_set(sealed, "why", json_str(ctx->arena, p.why));
    json_set(sealed, "kind", json_str(ctx->arena, p.kind));
    json_set(sealed, "wished_on", json_str(ctx->arena, p.wished_on));
    TRY(announce(ctx, &p, "pitch.proposed", sealed));
    TRY(db_commit(&tx));

    *ret = p;
    return OK;
}

/* ---- deciding ---- */

static Err read_own(Ctx *ctx, int64_t id, Pitch *ret) {
    TRY(pitch_store_get(ctx, id, ret));
    if (!ret->id || ret->outlet_id != ctx->outlet_id)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such pitch."));
    return OK;
}

/* Anybody but the actor who may decide at the outlet now. */
static Err has_another_editor(Ctx *ctx, int64_t outlet_id, bool *ret) {
    GrantList grants;
    bool found = false;

    TRY(grant_of_outlet(ctx, outlet_id, &grants));
    for (size_t i = 0; i < grants.len; i++)
        found = found || (grants.items[i].person_id != ctx->person_id &&
                          (str_eq(grants.items[i].role, S("责任编辑")) ||
                           str_eq(grants.items[i].role, S("总编"))));
    *ret = found;
    return OK;
}

Err pitch_may_accept(Ctx *ctx, const Pitch *p, bool *ret) {
    bool has_another = false;

    if (p->proposed_by == ctx->person_id)
        TRY(has_another_editor(ctx, p->outlet_id, &has_another));
    *ret = !has_another;
    return OK;
}

static Err check_who(Ctx *ctx, const Pitch *p, PitchWho who) {
    bool is_own = p->proposed_by == ctx->person_id, may = true;

    if (who == PITCH_BY_PROPOSER && !is_own)
        return FAIL(ERR_FORBIDDEN, NULL, N_("Only who proposed it can withdraw it."));
    if (who == PITCH_BY_SECOND && is_own)
        return FAIL(ERR_FORBIDDEN, NULL, N_("You proposed this: withdraw it instead."));
    if (who == PITCH_BY_ANOTHER)
        TRY(pitch_may_accept(ctx, p, &may));
    return may ? OK
               : FAIL(ERR_FORBIDDEN, NULL,
                      N_("You proposed this: another editor of the outlet must decide."));
}

static Err decide(Ctx *ctx, int64_t id, int64_t version, PitchAct act, Str reason, Pitch *ret) {
    static const struct {
        const char *act, *kind;
    } names[PITCH_ACT_COUNT] = { [PITCH_ACCEPT] = { "accept", "pitch.accepted" },
                                 [PITCH_DECLINE] = { "decline", "pitch.declined" },
                                 [PITCH_WITHDRAW] = { "withdraw", "pitch.withdrawn" } };
    const PitchTransition *row;
    int64_t changed = 0;
    PitchStep step;
    Json *sealed;
    Pitch p;
    DB_TX(tx);

    TRY(require_person(ctx));
    TRY(check_text(ctx, "reason", reason, PITCH_REASON_CHARS_MAX,
                   act == PITCH_DECLINE ? N_("Say why, so that the next one is better.") : NULL));
    TRY(db_begin(ctx, &tx));
    TRY(read_own(ctx, id, &p));
    if (p.version != version)
        return FAIL(ERR_CONFLICT, "version",
                    N_("Somebody decided on this pitch meanwhile: look at it again."));
    row = pitch_transition(p.state, act);
    if (!row)
        return FAIL(ERR_CONFLICT, "state", N_("This pitch was decided already."));
    TRY(check_who(ctx, &p, row->who));
    p.state = row->to;
    p.changed_ms = ctx->now_ms;
    TRY(pitch_store_move(ctx, &p, &changed));
    if (changed == 0)
        return FAIL(ERR_CONFLICT, "version",
                    N_("Somebody decided on this pitch meanwhile: look at it again."));
    p.version++;
    TRY(put_step(ctx, &p, names[act].act, reason, &step));
    sealed = sealed_of(ctx, &p);
    json_set(sealed, "reason", json_str(ctx->arena, step.text));
    if (act == PITCH_ACCEPT)
        json_set(sealed, "alone", json_bool(ctx->arena, p.proposed_by == ctx->person_id));
    TRY(announce(ctx, &p, names[act].kind, sealed));
    TRY(db_commit(&tx));

    *ret = p;
    return OK;
}

Err pitch_accept(Ctx *ctx, int64_t id, int64_t version, Str reason, Pitch *ret) {
    return decide(ctx, id, version, PITCH_ACCEPT, str_trim(reason), ret);
}

Err pitch_decline(Ctx *ctx, int64_t id, int64_t version, Str reason, Pitch *ret) {
    return decide(ctx, id, version, PITCH_DECLINE, str_trim(reason), ret);
}

Err pitch_withdraw(Ctx *ctx, int64_t id, int64_t version, Pitch *ret) {
    return decide(ctx, id, version, PITCH_WITHDRAW, STR_EMPTY, ret);
}

Err pitch_note(Ctx *ctx, int64_t id, Str text, PitchStep *ret) {
    Str said = str_trim(text);
    PitchSteps steps;
    PitchStep step;
    Json *sealed;
    Pitch p;
    DB_TX(tx);

    TRY(require_person(ctx));
    TRY(check_text(ctx, "text", said, PITCH_NOTE_CHARS_MAX, N_("Write your note first.")));
    TRY(db_begin(ctx, &tx));
    TRY(read_own(ctx, id, &p));
    TRY(pitch_store_touch(ctx, id, ctx->now_ms)); /* of two notes at once one waits for the other */
    TRY(pitch_store_steps(ctx, id, &steps));
    if (steps.len >= PITCH_STEPS_MAX - 1) /* the last place is kept for the decision */
        return FAIL(ERR_LIMIT, "text", N_("This pitch has too many notes: decide it."));
    TRY(put_step(ctx, &p, "note", said, &step));
    sealed = sealed_of(ctx, &p);
    json_set(sealed, "text", json_str(ctx->arena, step.text));
    TRY(announce(ctx, &p, "pitch.noted", sealed));
    TRY(db_commit(&tx));

    *ret = step;
    return OK;
}

/* ---- reading ---- */

Err pitch_get(Ctx *ctx, int64_t id, Pitch *ret) {
    Pitch p;

    TRY(pitch_store_get(ctx, id, &p));
    if (!p.id)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such pitch."));
    *ret = p;
    return OK;
}

Err pitch_steps(Ctx *ctx, int64_t id, PitchSteps *ret) {
    return pitch_store_steps(ctx, id, ret);
}

Err pitch_list(Ctx *ctx, int64_t outlet_id, Str state, int64_t below_id, int limit,
               PitchList *ret) {
    assert(limit >= 1 && limit <= PITCH_LIST_MAX + 1);
    return pitch_store_list(ctx, outlet_id, state, below_id > 0 ? below_id : INT64_MAX, limit, ret);
}
