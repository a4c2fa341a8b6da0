/* features/planning/planning_pitch.c - the rules of pitches; knows neither HTTP nor SQL. */
#include <assert.h>

#include "base/id.h"
#include "base/utf8.h"
#include "db/db.h"
#include "features/identity/identity.h"
#include "features/planning/planning_service.h"
#include "features/planning/planning_store.h"
#include "features/site/site.h"
#include "ledger/ledger.h"
#include "queue/event.h"
#include "text/unicode.h"
#include "text/zone.h"

enum { STEPS_KEPT = 60 }; /* of a pitch's steps: for its acts, whatever is noted */

Err planning_require_person(const Ctx *ctx) {
    if (ctx->actor != ACTOR_PERSON || ctx->outlet_id == 0)
        return FAIL(ERR_FORBIDDEN, NULL, N_("Only a person can do this: use a person's token."));
    return OK;
}

/* ---- words ---- */

Err planning_check_text(Ctx *ctx, const char *field, Str text, size_t max, const char *why_empty) {
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

Err planning_check_kind(Str kind, bool may_be_empty) {
    static const Str kinds[] = { S_INIT("消息"), S_INIT("通讯"), S_INIT("评论"), S_INIT("图片"),
                                 S_INIT("视频"), S_INIT("解释"), S_INIT("快讯") };

    if (may_be_empty && kind.len == 0)
        return OK;
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

Json *planning_wall(Ctx *ctx, const WallTime *when) {
    Json *out = json_obj(ctx->arena);

    json_set(out, "local", json_str(ctx->arena, when->local));
    json_set(out, "zone", json_str(ctx->arena, when->zone));
    json_set(out, "at", json_int(ctx->arena, when->at_ms));
    json_set(out, "fit", json_str(ctx->arena, when->fit));
    json_set(out, "rules", json_str(ctx->arena, when->rules));
    return out;
}

Err planning_read_due(Ctx *ctx, Str local, Str zone, WallTime *ret) {
    static const Str fits[] = { [ZONE_EXACT] = S_INIT("exact"),
                                [ZONE_GAP] = S_INIT("gap"),
                                [ZONE_REPEATED] = S_INIT("repeated") };
    WallTime when = { .zone = str_dup(ctx->arena, str_trim(zone)), .rules = zone_rules() };
    ZoneTime time;
    ZoneFit fit;

    if (when.zone.len == 0)
        TRY(site_zone(ctx, &when.zone));
    if (zone_check(when.zone).code != ERR_OK)
        return FAIL(ERR_INVALID, "due_zone",
                    N_("There is no such time zone; write one like Asia/Shanghai."));
    if (zone_parse_local(str_trim(local), &time).code != ERR_OK)
        return FAIL(ERR_INVALID, "due_at",
                    N_("Write day and time of the place like 2026-12-01T08:00."));
    time.ms = 0;
    when.local = str_format(ctx->arena, "%04d-%02d-%02dT%02d:%02d", time.year, time.month, time.day,
                            time.hour, time.minute);
    if (time.second)
        when.local = str_format(ctx->arena, "%.*s:%02d", STR_ARG(when.local), time.second);
    Err err = zone_to_plan(when.zone, &time, &when.at_ms, &fit);
    if (err.code != ERR_OK)
        err.field = "due_at";
    TRY(err);
    when.fit = fits[fit];
    if (when.at_ms <= ctx->now_ms)
        return FAIL(ERR_INVALID, "due_at", N_("This time is past: choose a later one."));
    *ret = when;
    return OK;
}

static Err check_words(Ctx *ctx, const Pitch *p) {
    TRY(planning_check_text(ctx, "title", p->title, PITCH_TITLE_CHARS_MAX, N_("Give it a title.")));
    TRY(planning_check_text(ctx, "why", p->why, PITCH_WHY_CHARS_MAX,
                            N_("Say why this should be told, and how.")));
    TRY(planning_check_kind(p->kind, true));
    return check_day(ctx, p->wished_on);
}

/* ---- what every act writes ---- */

Err planning_put_step(Ctx *ctx, int64_t pitch_id, const char *act, Str text, PitchStep *ret) {
    PitchStep step = { .id = id_next(ctx),
                       .pitch_id = pitch_id,
                       .act = str_from_c(act),
                       .person_id = ctx->person_id,
                       .made_ms = ctx->now_ms,
                       .text = str_dup(ctx->arena, text) };
    int64_t count;

    TRY(pitch_store_touch(ctx, pitch_id, ctx->now_ms));
    TRY(pitch_store_step_count(ctx, pitch_id, &count));
    bool is_note = str_eq(step.act, S("note"));
    if (count >= (is_note ? PITCH_STEPS_MAX - STEPS_KEPT : PITCH_STEPS_MAX))
        return FAIL(ERR_LIMIT, is_note ? "text" : NULL,
                    N_("The history of this pitch is full: decide it, or propose anew."));
    TRY(pitch_store_add_step(ctx, &step));
    *ret = step;
    return OK;
}

Json *planning_sealed(Ctx *ctx, int64_t pitch_id, Str title) {
    Json *sealed = json_obj(ctx->arena);

    json_set(sealed, "pitch", json_id(ctx->arena, pitch_id));
    json_set(sealed, "title", json_str(ctx->arena, title));
    return sealed;
}

Err planning_announce(Ctx *ctx, const char *kind, int64_t subject_id, Json *sealed, Json *facts) {
    EventTags tags = { 0 };

    TRY(ledger_append(ctx, kind, subject_id, sealed));
    return event_emit(ctx, kind, subject_id, facts, event_tag_list(&tags));
}

static Err announce(Ctx *ctx, const Pitch *p, const char *kind, Json *sealed) {
    Json *facts = json_obj(ctx->arena);

    json_set(facts, "pitch_id", json_id(ctx->arena, p->id));
    json_set(facts, "outlet_id", json_id(ctx->arena, p->outlet_id));
    return planning_announce(ctx, kind, p->id, sealed, facts);
}

/* As the title of the story will be. */
static Err read_title(Ctx *ctx, Str said, Str *ret) {
    Str title;

    TRY(planning_check_text(ctx, "title", said, SIZE_MAX, NULL));
    Err err = unicode_nfc(ctx->arena, str_trim(said), &title);
    if (err.code == ERR_INVALID)
        err.field = "title";
    TRY(err);
    *ret = str_dup(ctx->arena, title);
    return OK;
}

Err pitch_propose(Ctx *ctx, const PitchWords *words, Pitch *ret) {
    Pitch p = { .id = id_next(ctx),
                .outlet_id = ctx->outlet_id,
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

    TRY(planning_require_person(ctx));
    TRY(read_title(ctx, words->title, &p.title));
    TRY(check_words(ctx, &p));
    TRY(db_begin(ctx, &tx));
    TRY(pitch_store_insert(ctx, &p));
    TRY(planning_put_step(ctx, p.id, "propose", STR_EMPTY, &step));
    sealed = planning_sealed(ctx, p.id, p.title);
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
    ColleagueList editors;
    bool found = false;

    TRY(identity_colleagues(ctx, CAP_RELEASE, outlet_id, &editors));
    for (size_t i = 0; i < editors.len; i++)
        found = found || editors.items[i].id != ctx->person_id;
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

Err planning_read_pitch(Ctx *ctx, int64_t id, int64_t version, Pitch *ret) {
    Pitch p;

    TRY(read_own(ctx, id, &p));
    if (p.version != version)
        return FAIL(ERR_CONFLICT, "version",
                    N_("Somebody decided on this pitch meanwhile: look at it again."));
    *ret = p;
    return OK;
}

Err planning_turn_pitch(Ctx *ctx, Pitch *p, PitchAct act) {
    const PitchTransition *row = pitch_transition(p->state, act);
    int64_t changed = 0;

    if (!row && str_eq(p->state, S("proposed")))
        return FAIL(ERR_CONFLICT, "state", N_("This pitch was not accepted yet."));
    if (!row)
        return FAIL(ERR_CONFLICT, "state", N_("This pitch was decided already."));
    TRY(check_who(ctx, p, row->who));
    p->state = row->to;
    p->changed_ms = ctx->now_ms;
    TRY(pitch_store_move(ctx, p, &changed));
    if (changed == 0)
        return FAIL(ERR_CONFLICT, "version",
                    N_("Somebody decided on this pitch meanwhile: look at it again."));
    p->version++;
    return OK;
}

static Err decide(Ctx *ctx, int64_t id, int64_t version, PitchAct act, Str reason, Pitch *ret) {
    static const struct {
        const char *act, *kind;
    } names[] = { [PITCH_ACCEPT] = { "accept", "pitch.accepted" },
                  [PITCH_DECLINE] = { "decline", "pitch.declined" },
                  [PITCH_WITHDRAW] = { "withdraw", "pitch.withdrawn" } };
    PitchStep step;
    Json *sealed;
    Pitch p;
    DB_TX(tx);

    TRY(planning_require_person(ctx));
    TRY(planning_check_text(ctx, "reason", reason, PITCH_REASON_CHARS_MAX,
                            act == PITCH_DECLINE ? N_("Say why, so that the next one is better.")
                                                 : NULL));
    TRY(db_begin(ctx, &tx));
    TRY(planning_read_pitch(ctx, id, version, &p));
    TRY(planning_turn_pitch(ctx, &p, act));
    TRY(planning_put_step(ctx, p.id, names[act].act, reason, &step));
    sealed = planning_sealed(ctx, p.id, p.title);
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

Err pitch_move(Ctx *ctx, int64_t id, int64_t version, Str wished_on, Pitch *ret) {
    PitchStep step;
    Json *sealed;
    Pitch p;
    DB_TX(tx);

    TRY(planning_require_person(ctx));
    TRY(check_day(ctx, wished_on));
    TRY(db_begin(ctx, &tx));
    TRY(planning_read_pitch(ctx, id, version, &p));
    Str before = p.wished_on;
    p.wished_on = str_dup(ctx->arena, wished_on);
    TRY(planning_turn_pitch(ctx, &p, PITCH_MOVE));
    TRY(planning_put_step(ctx, p.id, "move", wished_on, &step));
    sealed = planning_sealed(ctx, p.id, p.title);
    json_set(sealed, "before", json_str(ctx->arena, before));
    json_set(sealed, "wished_on", json_str(ctx->arena, p.wished_on));
    TRY(announce(ctx, &p, "pitch.moved", sealed));
    TRY(db_commit(&tx));

    *ret = p;
    return OK;
}

Err pitch_note(Ctx *ctx, int64_t id, Str text, PitchStep *ret) {
    Str said = str_trim(text);
    PitchStep step;
    Json *sealed;
    Pitch p;
    DB_TX(tx);

    TRY(planning_require_person(ctx));
    TRY(planning_check_text(ctx, "text", said, PITCH_NOTE_CHARS_MAX, N_("Write your note first.")));
    TRY(db_begin(ctx, &tx));
    TRY(read_own(ctx, id, &p));
    TRY(planning_put_step(ctx, p.id, "note", said, &step));
    sealed = planning_sealed(ctx, p.id, p.title);
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

Err pitch_list_between(Ctx *ctx, int64_t outlet_id, Str from_day, Str until_day, int limit,
                       PitchList *ret) {
    assert(limit >= 1 && limit <= ASSIGNMENT_LIST_MAX);
    return pitch_store_between(ctx, outlet_id, from_day, until_day, limit, ret);
}
