/* features/register/register_service.c - acts of the register: rules and transactions. */
#include "features/register/register_service.h"

#include <assert.h>

#include "base/id.h"
#include "base/utf8.h"
#include "db/db.h"
#include "features/identity/identity.h"
#include "features/register/register_fields.h"
#include "features/register/register_states.h"
#include "features/site/site.h"
#include "ledger/ledger.h"
#include "queue/event.h"
#include "text/unicode.h"
#include "text/zone.h"

/* "2026-9" as "000000000000002026-0000...09": each run of digits padded to 20. */
static Str sort_key(Arena *arena, Str no) {
    Buf buf = buf_new(arena, 0);

    for (size_t i = 0; i < no.len;) {
        size_t end = i;
        while (end < no.len && no.ptr[end] >= '0' && no.ptr[end] <= '9')
            end++;
        if (end == i) {
            buf_add_char(&buf, no.ptr[i++]);
            continue;
        }
        for (size_t pad = end - i; pad < 20; pad++)
            buf_add_char(&buf, '0');
        buf_add(&buf, str_slice(no, i, end));
        i = end;
    }
    return buf_str(&buf);
}

Err register_keys(Ctx *ctx, const Outlet *outlet, OutletKeys *ret) {
    Str folded;

    TRY(unicode_casefold(ctx->arena, outlet->name, &folded));
    TRY(unicode_skeleton(ctx->arena, folded, &ret->look));
    TRY(unicode_casefold(ctx->arena,
                         str_format(ctx->arena, "%.*s %.*s %.*s", STR_ARG(outlet->name),
                                    STR_ARG(outlet->no), STR_ARG(outlet->unit_name)),
                         &ret->search));
    ret->sort = sort_key(ctx->arena, outlet->no);
    return OK;
}

Err register_unit(Ctx *ctx, Outlet *outlet) {
    Unit unit;

    if (outlet->unit_id) {
        TRY(unit_get(ctx, outlet->unit_id, &unit));
        outlet->unit_name = unit.name;
        return OK;
    }
    return unit_ensure(ctx, outlet->unit_name,
                       outlet->unit_kind.len ? outlet->unit_kind : S("部门"), 0, &outlet->unit_id);
}

/* {year}-{001}: the next free one of this year. */
static Err give_number(Ctx *ctx, Outlet *outlet) {
    ZoneTime local;
    Str zone, last;
    int64_t n = 0;

    if (outlet->no.len || !outlet->filed_ms)
        return OK;
    TRY(site_zone(ctx, &zone));
    TRY(zone_local(zone, ctx->now_ms, &local));
    Str from = sort_key(ctx->arena, str_format(ctx->arena, "%04d-0", local.year));
    Str to = sort_key(ctx->arena, str_format(ctx->arena, "%04d-99999999", local.year));
    TRY(outlet_store_last_no(ctx, from, to, (int64_t)from.len, &last));
    if (last.len > 20)
        (void)str_parse_int(str_slice(last, last.len - 19, last.len), &n);
    outlet->no = str_format(ctx->arena, "%04d-%03lld", local.year, (long long)n + 1);
    return OK;
}

static Err check_rivals(Ctx *ctx, const Outlet *outlet, const OutletKeys *keys) {
    OutletRivals rivals;

    TRY(outlet_store_rivals(ctx, outlet, keys, &rivals));
    if (rivals.no_of.len)
        return FAIL_ARGS(ERR_CONFLICT, "no", N_("This number belongs to {0}."), rivals.no_of);
    if (rivals.account_of.len)
        return FAIL_ARGS(ERR_CONFLICT, "platform_account", N_("This account belongs to {0}."),
                         rivals.account_of);
    if (rivals.look_of.len)
        return FAIL_ARGS(ERR_CONFLICT, "name",
                         N_("This name can be taken for {0}; choose another."), rivals.look_of);
    return OK;
}

/* The card as the log keeps it: public fields only. */
static Json *sealed_of(Ctx *ctx, const Outlet *outlet, const Outlet *before) {
    Json *sealed = json_obj(ctx->arena);

    json_set(sealed, "state", json_str(ctx->arena, outlet->state));
    for (size_t i = 0; i < CARD_FIELDS; i++) {
        const CardField *field = &card_fields[i];
        if (field->is_private || (before && card_is_equal(field, outlet, before)))
            continue;
        json_set(sealed, field->name, json_str(ctx->arena, card_get(ctx->arena, field, outlet)));
    }
    return sealed;
}

static Err tell(Ctx *ctx, const Outlet *outlet, const char *name, Json *sealed, Json *facts) {
    EventTags tags = { 0 };
    Str before = ctx->outlet_no;

    json_set(facts, "outlet_id", json_id(ctx->arena, outlet->id));
    event_tag(ctx->arena, &tags, "outlet", outlet->id);
    event_tag(ctx->arena, &tags, "outlets", 0);
    event_tag(ctx->arena, &tags, "home", 0);
    ctx->outlet_no = outlet->no; /* the entry's header names the outlet it is about */
    Err err = ledger_append(ctx, name, outlet->id, sealed);
    ctx->outlet_no = before;
    TRY(err);
    return event_emit(ctx, name, outlet->id, facts, event_tag_list(&tags));
}

Err register_insert(Ctx *ctx, Outlet *outlet) {
    OutletKeys keys;
    bool is_application = str_eq(outlet->state, S("applied"));

    outlet->id = id_next(ctx);
    outlet->version = 1;
    outlet->changed_ms = outlet->state_ms = ctx->now_ms;
    outlet->filed_ms = is_application ? 0 : ctx->now_ms;
    TRY(register_unit(ctx, outlet));
    TRY(give_number(ctx, outlet));
    TRY(register_keys(ctx, outlet, &keys));
    TRY(check_rivals(ctx, outlet, &keys));
    TRY(outlet_store_insert(ctx, outlet, &keys));
    return tell(ctx, outlet, is_application ? "outlet.applied" : "outlet.filed",
                sealed_of(ctx, outlet, NULL), json_obj(ctx->arena));
}

static bool is_same_card(const Outlet *a, const Outlet *b) {
    for (size_t i = 0; i < CARD_FIELDS; i++)
        if (!card_is_equal(&card_fields[i], a, b))
            return false;
    return true;
}

Err register_update(Ctx *ctx, const Outlet *before, Outlet *after) {
    OutletKeys keys;
    int64_t changed = 0;

    if (is_same_card(before, after))
        return OK;
    if (str_eq(before->state, S("struck")))
        return FAIL(ERR_CONFLICT, "state",
                    N_("An outlet that was struck off is not changed any more."));
    if (before->no.len && !str_eq(before->no, after->no))
        return FAIL(ERR_CONFLICT, "no", N_("A number that was given never changes."));
    if (!str_eq(before->unit_name, after->unit_name))
        after->unit_id = 0;
    after->changed_ms = ctx->now_ms;
    TRY(register_unit(ctx, after));
    TRY(register_keys(ctx, after, &keys));
    TRY(check_rivals(ctx, after, &keys));
    TRY(outlet_store_update(ctx, after, &keys, &changed));
    if (!changed)
        return FAIL(ERR_CONFLICT, "version",
                    N_("Somebody changed this outlet meanwhile: look again."));
    return tell(ctx, after, "outlet.changed", sealed_of(ctx, after, before), json_obj(ctx->arena));
}

/* ---- acts ---- */

Err outlet_file(Ctx *ctx, const Outlet *outlet, int64_t *ret_id) {
    Outlet o = *outlet;
    DB_TX(tx);

    if (!o.state.len)
        o.state = S("active");
    if (!str_eq(o.state, S("applied")) && !str_eq(o.state, S("filed")) &&
        !str_eq(o.state, S("active")))
        return FAIL(ERR_INVALID, "state", N_("A new outlet is applied, filed or active."));
    TRY(card_clean(ctx->arena, &o));
    TRY(db_begin(ctx, &tx));
    TRY(register_insert(ctx, &o));
    TRY(db_commit(&tx));
    *ret_id = o.id;
    return OK;
}

Err outlet_apply(Ctx *ctx, const Outlet *outlet, int64_t *ret_id) {
    Outlet o = *outlet;

    o.state = S("applied");
    o.no = STR_EMPTY;
    return outlet_file(ctx, &o, ret_id);
}

Err outlet_clean(const Ctx *ctx, Outlet *outlet) {
    return card_clean(ctx->arena, outlet);
}

Err outlet_change(Ctx *ctx, const Outlet *outlet) {
    Outlet o = *outlet, before;
    DB_TX(tx);

    TRY(card_clean(ctx->arena, &o));
    TRY(db_begin(ctx, &tx));
    TRY(outlet_get(ctx, outlet->id, &before));
    if (before.version != outlet->version)
        return FAIL(ERR_CONFLICT, "version",
                    N_("Somebody changed this outlet meanwhile: look again."));
    o.unit_id = before.unit_id;
    TRY(register_update(ctx, &before, &o));
    return db_commit(&tx);
}

static Err check_reason(Ctx *ctx, const OutletMove *move, Str reason) {
    size_t chars;

    if (!utf8_count(reason, &chars) || utf8_has_control(reason))
        return FAIL(ERR_INVALID, "reason",
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (move->needs_reason && !str_trim(reason).len)
        return FAIL(ERR_INVALID, "reason", N_("Say why, so that others understand it."));
    if (chars > OUTLET_REASON_CHARS_MAX)
        return FAIL_ARGS(ERR_LIMIT, "reason", N_("At most {0} characters."),
                         str_from_int(ctx->arena, OUTLET_REASON_CHARS_MAX));
    return OK;
}

/* An application that is turned down was never filed. year: 0, or of the annual review whose step it is. */
static void put_state(const Ctx *ctx, Outlet *o, const OutletMove *move, Str reason, int64_t year) {
    o->state = move->to;
    o->state_reason = str_trim(reason);
    o->state_ms = o->changed_ms = ctx->now_ms;
    if (!o->filed_ms && outlet_state_of(o->state)->is_publishing)
        o->filed_ms = ctx->now_ms;
    if (year) {
        o->review_state = str_eq(o->state, S("suspended")) ? STR_EMPTY : o->state;
        o->review_year = year;
    }
}

static Err changed_meanwhile(void) {
    return FAIL(ERR_CONFLICT, "version", N_("Somebody changed this outlet meanwhile: look again."));
}

/* Inside the caller's transaction, of the outlet as it was read there. */
static Err step(Ctx *ctx, Outlet *o, const OutletMove *move, Str reason, int64_t year) {
    OutletKeys keys;
    int64_t changed = 0;
    Json *sealed = json_obj(ctx->arena), *facts = json_obj(ctx->arena);

    TRY(check_reason(ctx, move, reason));
    json_set(sealed, "from", json_str(ctx->arena, o->state));
    json_set(facts, "from", json_str(ctx->arena, o->state));
    put_state(ctx, o, move, reason, year);
    TRY(give_number(ctx, o));
    TRY(register_keys(ctx, o, &keys));
    TRY(outlet_store_move(ctx, o, &keys, &changed));
    if (!changed)
        return changed_meanwhile();
    json_set(sealed, "to", json_str(ctx->arena, o->state));
    json_set(sealed, "reason", json_str(ctx->arena, o->state_reason));
    if (year)
        json_set(sealed, "review_year", json_int(ctx->arena, year));
    json_set(facts, "to", json_str(ctx->arena, o->state));
    return tell(ctx, o, "outlet.state", sealed, facts);
}

static Err no_such_step(void) {
    return FAIL(ERR_CONFLICT, "to", N_("The register knows no such step from the state it is in."));
}

Err outlet_move(Ctx *ctx, int64_t id, Str to_state, Str reason, int64_t version) {
    Outlet o;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(outlet_get(ctx, id, &o));
    if (o.version != version)
        return changed_meanwhile();
    const OutletMove *move = outlet_move_of(o.state, to_state);
    if (!move)
        return no_such_step();
    if (move->is_review)
        return FAIL(ERR_CONFLICT, "to",
                    N_("Only the annual review leads there: open it or decide it on its page."));
    TRY(step(ctx, &o, move, reason, 0));
    return db_commit(&tx);
}

Err outlet_review(Ctx *ctx, int64_t id, Str to_state, Str reason, int64_t year) {
    Outlet o;
    DB_TX(tx);

    assert(year > 0);
    TRY(db_begin(ctx, &tx));
    TRY(outlet_get(ctx, id, &o));
    const OutletMove *move = outlet_move_of(o.state, to_state);
    if (!move)
        return no_such_step();
    TRY(step(ctx, &o, move, reason, year));
    return db_commit(&tx);
}

bool outlet_is_due(const Outlet *outlet, int64_t year) {
    return outlet->filed_ms && outlet->review_year < year &&
           outlet_move_of(outlet->state, S("in_review"));
}

Err outlet_due(Ctx *ctx, int64_t year, int limit, OutletList *ret, int64_t *ret_total) {
    assert(limit >= 1 && limit <= 1000);
    return outlet_store_due(ctx, year, limit, ret, ret_total);
}

Err outlet_published(Ctx *ctx, int64_t outlet_id, int64_t at_ms) {
    int64_t changed;

    return outlet_store_published(ctx, outlet_id, at_ms, &changed);
}

/* ---- reading ---- */

static Err no_outlet(void) {
    return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such outlet."));
}

Err outlet_get(Ctx *ctx, int64_t id, Outlet *ret) {
    Outlet o;

    TRY(outlet_store_get(ctx, id, &o));
    if (!o.id)
        return no_outlet();
    *ret = o;
    return OK;
}

Err outlet_by_no(Ctx *ctx, Str no, Outlet *ret) {
    Outlet o;

    TRY(outlet_store_by_no(ctx, no, &o));
    if (!o.id || !o.filed_ms)
        return no_outlet();
    *ret = o;
    return OK;
}

Err outlet_by_ref(Ctx *ctx, Str ref, Outlet *ret) {
    Outlet o;
    int64_t id;

    TRY(outlet_store_by_no(ctx, ref, &o));
    if (!o.id && ref.len <= 19 && str_parse_int(ref, &id) && id > 0) {
        TRY(outlet_store_get(ctx, id, &o));
        if (o.no.len)
            o.id = 0; /* it has a number: that is its one address */
    }
    if (!o.id)
        return no_outlet();
    *ret = o;
    return OK;
}

/* ---- flags ---- */

static void put_flags(const Ctx *ctx, const Outlet *o, const OutletPersonList *people,
                      OutletFlags *ret) {
    const OutletState *state = outlet_state_of(o->state);
    int64_t heard_ms = o->last_published_ms > o->filed_ms ? o->last_published_ms : o->filed_ms;
    bool is_live = o->filed_ms && !str_eq(o->state, S("struck"));

    *ret = (OutletFlags){ .has_no_teacher = is_live };
    ret->is_silent = is_live && state && state->is_publishing &&
                     ctx->now_ms - heard_ms >= OUTLET_SILENT_DAYS * INT64_C(86400000);
    for (size_t i = 0; is_live && i < people->len; i++) {
        const OutletPerson *person = &people->items[i];
        if (person->outlet_id != o->id)
            continue;
        if (person->is_teacher_now)
            ret->has_no_teacher = false;
        bool is_here = person->is_in_service; /* also one of the same name who stayed */
        for (size_t k = 0; !is_here && k < people->len; k++)
            is_here = people->items[k].outlet_id == o->id && people->items[k].is_in_service &&
                      str_eq(people->items[k].name, person->name);
        if (!is_here && card_names(o, person->name))
            ret->has_left = true;
    }
}

Err outlet_flags(Ctx *ctx, const Outlet *outlets, size_t count, OutletFlags *ret) {
    OutletFlags *flags = arena_array(ctx->arena, count + 1, sizeof *flags);

    for (size_t from = 0; from < count; from += OUTLET_PEOPLE_IDS_MAX) {
        int64_t ids[OUTLET_PEOPLE_IDS_MAX];
        OutletPersonList people;
        size_t some = count - from < OUTLET_PEOPLE_IDS_MAX ? count - from : OUTLET_PEOPLE_IDS_MAX;

        for (size_t i = 0; i < some; i++)
            ids[i] = outlets[from + i].id;
        TRY(grant_people_of_outlets(ctx, ids, some, &people));
        for (size_t i = 0; i < some; i++)
            put_flags(ctx, &outlets[from + i], &people, &flags[from + i]);
    }
    for (size_t i = 0; i < count; i++)
        ret[i] = flags[i];
    return OK;
}

Err outlet_get_many(Ctx *ctx, const int64_t *ids, size_t count, Outlet *ret) {
    return outlet_store_get_many(ctx, ids, count, ret);
}

/* "%...%" with LIKE's own signs escaped by a backslash. */
static Err like_pattern(Ctx *ctx, Str q, Str *ret) {
    Buf buf = buf_new(ctx->arena, 0);
    Str folded;

    *ret = STR_EMPTY;
    if (!str_trim(q).len)
        return OK;
    TRY(unicode_casefold(ctx->arena, str_trim(q), &folded));
    buf_add_char(&buf, '%');
    for (size_t i = 0; i < folded.len; i++) {
        if (strchr("%_\\", folded.ptr[i]))
            buf_add_char(&buf, '\\');
        buf_add_char(&buf, folded.ptr[i]);
    }
    buf_add_char(&buf, '%');
    *ret = buf_str(&buf);
    return OK;
}

Err outlet_list(Ctx *ctx, const OutletFilter *filter, int64_t after_id, int limit, OutletList *ret,
                int64_t *ret_total) {
    OutletList list;
    Str pattern;

    TRY(like_pattern(ctx, filter->q, &pattern));
    TRY(outlet_store_list(ctx, filter, pattern, after_id, limit, &list));
    TRY(outlet_store_total(ctx, filter, pattern, ret_total));
    *ret = list;
    return OK;
}

Err outlet_of_unit(Ctx *ctx, int64_t unit_id, int limit, OutletList *ret) {
    assert(limit >= 1 && limit <= OUTLET_LIST_MAX);
    return outlet_store_of_unit(ctx, unit_id, limit, ret);
}

Err outlet_platforms(Ctx *ctx, StrList *ret) {
    return outlet_store_platforms(ctx, ret);
}

Err outlet_counts(Ctx *ctx, int64_t *ret_all, int64_t *ret_in_service) {
    OutletTallies tallies;

    TRY(outlet_store_tally(ctx, &tallies));
    *ret_all = *ret_in_service = 0;
    for (size_t i = 0; i < tallies.len; i++) {
        const OutletState *state = outlet_state_of(tallies.items[i].state);
        if (tallies.items[i].was_filed)
            *ret_all += tallies.items[i].count;
        if (state && state->is_publishing)
            *ret_in_service += tallies.items[i].count;
    }
    return OK;
}

Err outlet_require_publishing(Ctx *ctx, int64_t outlet_id) {
    Outlet o;
    bool has_teacher;

    TRY(outlet_get(ctx, outlet_id, &o));
    const OutletState *state = outlet_state_of(o.state);
    if (!state || !state->is_publishing)
        return FAIL_ARGS(ERR_FORBIDDEN, NULL,
                         N_("This outlet cannot publish: in the register it is \"{0}\"."),
                         state ? state->heading : o.state);
    TRY(grant_has_role(ctx, outlet_id, S("指导教师"), &has_teacher));
    if (!has_teacher)
        return FAIL(ERR_FORBIDDEN, NULL,
                    N_("This outlet cannot publish: it has no teacher (指导教师) in service. Name "
                       "one first."));
    return OK;
}
