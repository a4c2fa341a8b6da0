/* features/handover/handover_service.c - the rules of handing over; knows neither HTTP nor SQL. */
#include <assert.h>

#include "base/id.h"
#include "base/utf8.h"
#include "db/db.h"
#include "features/handover/handover_store.h"
#include "features/identity/identity.h"
#include "ledger/ledger.h"

static const int64_t VALID_MS = HANDOVER_DAYS * INT64_C(86400000);

Str handover_state(const Handover *handover, int64_t now_ms) {
    bool is_over = str_eq(handover->state, S("open")) && handover->made_ms + VALID_MS <= now_ms;

    return is_over ? S("expired") : handover->state;
}

static Err check_person(const Ctx *ctx) {
    if (ctx->actor != ACTOR_PERSON || !ctx->person_id)
        return FAIL(ERR_FORBIDDEN, NULL, N_("Only a person can do this: use a person's token."));
    return ctx->outlet_id ? OK : FAIL(ERR_NOT_FOUND, NULL, N_("There is no such outlet."));
}

static Err check_note(Ctx *ctx, Str note) {
    size_t chars;

    if (!utf8_count(note, &chars) || utf8_has_control(note))
        return FAIL(ERR_INVALID, "note",
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (chars > HANDOVER_NOTE_CHARS_MAX)
        return FAIL_ARGS(ERR_LIMIT, "note", N_("At most {0} characters."),
                         str_from_int(ctx->arena, HANDOVER_NOTE_CHARS_MAX));
    return OK;
}

static HandoverNames names_of(const Outlet *outlet) {
    return (HandoverNames){ .first_responsible = outlet->first_responsible,
                            .teacher = outlet->teacher,
                            .operators = outlet->operators };
}

static bool is_same(const HandoverNames *a, const HandoverNames *b) {
    return str_eq(a->first_responsible, b->first_responsible) && str_eq(a->teacher, b->teacher) &&
           str_eq(a->operators, b->operators);
}

/* A teacher's contact belongs to that teacher: with another name the old one goes. */
static void put_names(const HandoverNames *after, Outlet *outlet) {
    if (!str_eq(outlet->teacher, after->teacher))
        outlet->teacher_contact = after->teacher_contact;
    outlet->first_responsible = after->first_responsible;
    outlet->teacher = after->teacher;
    outlet->operators = after->operators;
}

/* Public fields only; those that change. */
static Json *sealed_of(Ctx *ctx, const Handover *h) {
    const struct {
        const char *name;
        Str before, after;
    } fields[] = {
        { "first_responsible", h->before.first_responsible, h->after.first_responsible },
        { "teacher", h->before.teacher, h->after.teacher },
        { "operators", h->before.operators, h->after.operators },
    };
    Json *sealed = json_obj(ctx->arena), *from = json_obj(ctx->arena), *to = json_obj(ctx->arena);

    json_set(sealed, "handover", json_id(ctx->arena, h->id));
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (str_eq(fields[i].before, fields[i].after))
            continue;
        json_set(from, fields[i].name, json_str(ctx->arena, fields[i].before));
        json_set(to, fields[i].name, json_str(ctx->arena, fields[i].after));
    }
    json_set(sealed, "from", from);
    json_set(sealed, "to", to);
    return sealed;
}

/* ---- acts ---- */

Err handover_propose(Ctx *ctx, const HandoverNames *after, Str note, int64_t *ret_id) {
    Handover h = { .made_ms = ctx->now_ms,
                   .made_by = ctx->person_id,
                   .made_role = ctx->role,
                   .outlet_id = ctx->outlet_id,
                   .note = str_trim(note),
                   .state = S("open") };
    Outlet outlet, changed;
    bool is_made;
    DB_TX(tx);

    TRY(check_person(ctx));
    TRY(check_note(ctx, note));
    TRY(db_begin(ctx, &tx));
    TRY(outlet_get(ctx, ctx->outlet_id, &outlet));
    if (!outlet.filed_ms || str_eq(outlet.state, S("struck")))
        return FAIL(ERR_CONFLICT, NULL, N_("This outlet is not in the register's service."));
    changed = outlet;
    put_names(after, &changed);
    TRY(outlet_clean(ctx, &changed)); /* what could not be signed is not proposed */
    h.before = names_of(&outlet);
    h.after = names_of(&changed);
    if (!str_eq(outlet.teacher, changed.teacher))
        h.after.teacher_contact = changed.teacher_contact;
    if (is_same(&h.before, &h.after))
        return FAIL(ERR_INVALID, "first_responsible",
                    N_("Nothing would change: name who takes over."));
    h.id = id_next(ctx);
    TRY(handover_store_expire(ctx, ctx->outlet_id, ctx->now_ms - VALID_MS));
    TRY(handover_store_insert(ctx, &h, &is_made));
    if (!is_made)
        return FAIL(
            ERR_CONFLICT, NULL,
            N_("A handover of this outlet waits for its signature already: sign it, or take "
               "it back first."));
    TRY(ledger_append(ctx, "handover.proposed", ctx->outlet_id, sealed_of(ctx, &h)));
    TRY(db_commit(&tx));
    *ret_id = h.id;
    return OK;
}

/* Who was first, and what they did. */
static Err ended(Ctx *ctx, int64_t id) {
    Handover now;
    Str name = STR_EMPTY;

    TRY(handover_store_get(ctx, id, &now));
    if (now.ended_by)
        TRY(person_names(ctx, &now.ended_by, 1, &name));
    if (str_eq(now.state, S("signed")))
        return FAIL_ARGS(ERR_CONFLICT, NULL, N_("{0} has signed it already."), name);
    if (str_eq(now.state, S("closed")))
        return FAIL_ARGS(ERR_CONFLICT, NULL, N_("{0} has taken it back or declined it."), name);
    return FAIL_ARGS(ERR_CONFLICT, NULL,
                     N_("It was not signed within {0} days and has run out: propose it anew."),
                     str_from_int(ctx->arena, HANDOVER_DAYS));
}

static Err read_open(Ctx *ctx, int64_t id, Handover *ret) {
    TRY(handover_store_get(ctx, id, ret));
    if (!ret->id || ret->outlet_id != ctx->outlet_id)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such handover."));
    return str_eq(handover_state(ret, ctx->now_ms), S("open")) ? OK : ended(ctx, id);
}

static Err end_as(Ctx *ctx, Handover *h, Str state) {
    bool is_done;

    h->state = state;
    h->ended_ms = ctx->now_ms;
    h->ended_by = ctx->person_id;
    TRY(handover_store_end(ctx, h, &is_done));
    return is_done ? OK : ended(ctx, h->id);
}

static Err change_card(Ctx *ctx, const Handover *h) {
    Outlet outlet;

    TRY(outlet_get(ctx, h->outlet_id, &outlet));
    HandoverNames now = names_of(&outlet);
    if (!is_same(&now, &h->before))
        return FAIL(ERR_CONFLICT, NULL,
                    N_("The filing card has changed since this was proposed: take it back and "
                       "propose it anew."));
    put_names(&h->after, &outlet);
    return outlet_change(ctx, &outlet);
}

Err handover_sign(Ctx *ctx, int64_t id) {
    Handover h;
    Str name;
    DB_TX(tx);

    TRY(check_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(read_open(ctx, id, &h));
    if (h.made_by == ctx->person_id)
        return FAIL(ERR_FORBIDDEN, NULL,
                    N_("You proposed it: another person of the outlet or of the office signs."));
    TRY(end_as(ctx, &h, S("signed")));
    TRY(change_card(ctx, &h));
    TRY(person_names(ctx, &h.made_by, 1, &name));
    Json *sealed = sealed_of(ctx, &h);
    json_set(sealed, "proposed_by", json_id(ctx->arena, h.made_by));
    json_set(sealed, "proposed_name", json_str(ctx->arena, name));
    json_set(sealed, "proposed_role", json_str(ctx->arena, h.made_role));
    TRY(ledger_append(ctx, "handover.signed", ctx->outlet_id, sealed));
    return db_commit(&tx);
}

Err handover_close(Ctx *ctx, int64_t id) {
    Handover h;
    DB_TX(tx);

    TRY(check_person(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(read_open(ctx, id, &h));
    TRY(end_as(ctx, &h, S("closed")));
    TRY(ledger_append(ctx, "handover.closed", ctx->outlet_id, sealed_of(ctx, &h)));
    return db_commit(&tx);
}

/* ---- reading ---- */

Err handover_list(Ctx *ctx, int64_t outlet_id, int limit, HandoverList *ret) {
    assert(limit >= 1 && limit <= HANDOVER_LIST_MAX);
    return handover_store_list(ctx, outlet_id, limit, ret);
}

Err handover_waits(Ctx *ctx, const int64_t *outlet_ids, size_t count, int limit,
                   HandoverList *ret) {
    int64_t made_ms = ctx->now_ms - VALID_MS;

    assert(limit >= 1 && limit <= HANDOVER_LIST_MAX);
    if (count > 0 && outlet_ids[0] == 0)
        return handover_store_waits_anywhere(ctx, made_ms, ctx->person_id, limit, ret);
    return handover_store_waits(ctx, outlet_ids, count, made_ms, ctx->person_id, limit, ret);
}
