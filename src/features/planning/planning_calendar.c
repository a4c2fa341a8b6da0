/* features/planning/planning_calendar.c - what is due when: for the page, and as iCalendar under secret addresses. */
#include <assert.h>
#include <stdlib.h>

#include "base/id.h"
#include "db/db.h"
#include "features/identity/identity.h"
#include "features/planning/planning_service.h"
#include "features/planning/planning_store.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "ledger/ledger.h"
#include "pack/ical.h"
#include "sec/token.h"
#include "text/zone.h"
#include "view/catalogue.h"

static const int64_t BEFORE_MS = INT64_C(31) * 24 * 3600 * 1000;
static const int64_t AFTER_MS = INT64_C(400) * 24 * 3600 * 1000;

/* ---- gathering ---- */

typedef struct Entries {
    CalendarEntry *items;
    size_t len, room;
} Entries;

static Entries entries_new(Ctx *ctx) {
    return (Entries){ arena_array(ctx->arena, CALENDAR_ENTRIES_MAX, sizeof(CalendarEntry)), 0,
                      CALENDAR_ENTRIES_MAX };
}

static void push(Entries *list, const CalendarEntry *entry) {
    if (list->len < list->room)
        list->items[list->len++] = *entry;
}

static void push_assignments(const Ctx *ctx, const AssignmentList *found, Entries *list) {
    for (size_t i = 0; i < found->len; i++) {
        const Assignment *a = &found->items[i];
        push(list, &(CalendarEntry){ .what = CALENDAR_ASSIGNMENT,
                                     .id = a->id,
                                     .outlet_id = a->outlet_id,
                                     .title = a->title,
                                     .when = a->due,
                                     .changed_ms = a->changed_ms,
                                     .version = a->version,
                                     .is_overdue = assignment_is_overdue(ctx, a) });
    }
}

static void push_plan(const Ctx *ctx, const Plan *plan, Str title, Entries *list) {
    push(list, &(CalendarEntry){ .what = CALENDAR_RELEASE,
                                 .id = plan->manuscript_id,
                                 .outlet_id = plan->outlet_id,
                                 .title = title,
                                 .when = plan->when,
                                 .changed_ms = plan->set_ms,
                                 .is_overdue = manuscript_plan_is_overdue(ctx, plan) });
}

static Err push_pitches(Ctx *ctx, Str zone, const PitchList *found, Entries *list) {
    for (size_t i = 0; i < found->len; i++) {
        const Pitch *p = &found->items[i];
        CalendarEntry entry = { .what = CALENDAR_PITCH,
                                .id = p->id,
                                .outlet_id = p->outlet_id,
                                .title = p->title,
                                .day = p->wished_on,
                                .changed_ms = p->changed_ms,
                                .version = p->version };
        ZoneFit fit;
        TRY(zone_parse(zone, p->wished_on, &entry.when.at_ms, &fit));
        push(list, &entry);
    }
    return OK;
}

static bool has_plan(const Plan *plan) {
    return str_eq(plan->state, S("waiting")) || str_eq(plan->state, S("held"));
}

/* A plan has no title; few fall in one span, and each is one look by its key. */
static Err push_plans(Ctx *ctx, int64_t outlet_id, int64_t from_ms, int64_t until_ms,
                      Entries *list) {
    Manuscript story;
    PlanList plans;

    TRY(manuscript_plans_of_outlet(ctx, outlet_id, PLANS_MAX, &plans));
    for (size_t i = 0; i < plans.len; i++) {
        const Plan *plan = &plans.items[i];
        if (plan->when.at_ms < from_ms || plan->when.at_ms >= until_ms)
            continue;
        TRY(manuscript_get(ctx, plan->manuscript_id, &story));
        push_plan(ctx, plan, story.title, list);
    }
    return OK;
}

static int by_time(const void *a, const void *b) {
    const CalendarEntry *x = a, *y = b;

    if (x->when.at_ms != y->when.at_ms)
        return x->when.at_ms < y->when.at_ms ? -1 : 1;
    if (x->what != y->what)
        return x->what < y->what ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static Err day_of(Ctx *ctx, Str zone, int64_t at_ms, Str *ret) {
    ZoneTime local;

    TRY(zone_local(zone, at_ms, &local));
    *ret = str_format(ctx->arena, "%04d-%02d-%02d", local.year, local.month, local.day);
    return OK;
}

Err calendar_of_outlet(Ctx *ctx, int64_t outlet_id, int64_t from_ms, int64_t until_ms,
                       CalendarEntries *ret) {
    Entries list = entries_new(ctx);
    AssignmentList due;
    PitchList pitches;
    Str zone, first, last;

    TRY(site_zone(ctx, &zone));
    TRY(day_of(ctx, zone, from_ms, &first));
    TRY(day_of(ctx, zone, until_ms, &last));
    TRY(pitch_list_between(ctx, outlet_id, first, last, ASSIGNMENT_LIST_MAX, &pitches));
    TRY(push_pitches(ctx, zone, &pitches, &list));
    TRY(assignment_list_between(ctx, outlet_id, from_ms, until_ms, ASSIGNMENT_LIST_MAX, &due));
    push_assignments(ctx, &due, &list);
    TRY(push_plans(ctx, outlet_id, from_ms, until_ms, &list));
    for (size_t i = 0; i < list.len; i++)
        if (list.items[i].day.len == 0)
            TRY(day_of(ctx, zone, list.items[i].when.at_ms, &list.items[i].day));
    qsort(list.items, list.len, sizeof *list.items, by_time);
    *ret = (CalendarEntries){ list.items, list.len };
    return OK;
}

/* ---- secret addresses ---- */

static Err seal(Ctx *ctx, const char *kind, const CalendarAddress *address) {
    Json *sealed = json_obj(ctx->arena);

    json_set(sealed, "of_person", json_id(ctx->arena, address->person_id));
    json_set(sealed, "of_outlet", json_id(ctx->arena, address->outlet_id));
    return ledger_append(ctx, kind, address->outlet_id ? address->outlet_id : address->person_id,
                         sealed);
}

/* An address outlives the token of a program that would make it. */
static Err require_session(const Ctx *ctx) {
    if (ctx->actor != ACTOR_PERSON || ctx->token_id != 0)
        return FAIL(ERR_FORBIDDEN, NULL, N_("Only a person who is signed in can do this."));
    return OK;
}

Err calendar_address_make(Ctx *ctx, int64_t outlet_id, Str *ret_token) {
    Str token = token_new(ctx->arena, ctx->chance, TOKEN_SESSION_BYTES);
    CalendarAddress address = { .id = id_next(ctx),
                                .person_id = outlet_id ? 0 : ctx->person_id,
                                .outlet_id = outlet_id,
                                .made_by = ctx->person_id,
                                .made_ms = ctx->now_ms };
    DB_TX(tx);

    TRY(require_session(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(calendar_store_put(ctx, &address, token_hash_hex(ctx->arena, token)));
    TRY(seal(ctx, "calendar.made", &address));
    TRY(db_commit(&tx));

    *ret_token = token;
    return OK;
}

Err calendar_address_end(Ctx *ctx, int64_t outlet_id) {
    CalendarAddress address = { .person_id = outlet_id ? 0 : ctx->person_id,
                                .outlet_id = outlet_id };
    int64_t changed = 0;
    DB_TX(tx);

    TRY(require_session(ctx));
    TRY(db_begin(ctx, &tx));
    TRY(calendar_store_end(ctx, address.person_id, outlet_id, &changed));
    if (changed == 0)
        return FAIL(ERR_CONFLICT, NULL, N_("There is no such address any more."));
    TRY(seal(ctx, "calendar.ended", &address));
    return db_commit(&tx);
}

Err calendar_address_of(Ctx *ctx, int64_t outlet_id, CalendarAddress *ret) {
    return calendar_store_of(ctx, outlet_id ? 0 : ctx->person_id, outlet_id, ret);
}

/* ---- iCalendar ---- */

static Str said(Ctx *ctx, const char *msgid, Str title) {
    Str args[2] = { title, STR_EMPTY };

    return catalogue_format(ctx->arena, catalogue_of(ctx->lang), msgid, args);
}

static const struct {
    const char *uid, *page, *text;
} kinds[] = {
    [CALENDAR_PITCH] = { "pitch", "/desk/pitches", N_("Wished: {0}") },
    [CALENDAR_ASSIGNMENT] = { "assignment", "/desk/assignments", N_("Due: {0}") },
    [CALENDAR_RELEASE] = { "release", "/desk/articles", N_("Goes out: {0}") },
};

/* What is invented says so everywhere. */
static Str marked(Ctx *ctx, const Site *site, Str text) {
    return site->is_demo ? str_concat(ctx->arena, S("【演示】"), text) : text;
}

/* Without METHOD, DTSTAMP is when the entry was last changed (3.8.7.2): the same state, the same bytes. */
static void write_event(Ctx *ctx, const Site *site, Str origin, const CalendarEntry *entry,
                        Buf *out) {
    const char *page = kinds[entry->what].page;

    ical_begin(out, "VEVENT");
    ical_value(out, "UID",
               str_format(ctx->arena, "%s-%lld@%.*s", kinds[entry->what].uid, (long long)entry->id,
                          STR_ARG(site->origin)));
    ical_utc(out, "DTSTAMP", entry->changed_ms);
    ical_utc(out, "LAST-MODIFIED", entry->changed_ms);
    if (entry->what == CALENDAR_PITCH)
        ical_date(out, "DTSTART", entry->day);
    else
        ical_utc(out, "DTSTART", entry->when.at_ms);
    if (entry->version)
        ical_value(out, "SEQUENCE", str_from_int(ctx->arena, entry->version));
    ical_text(out, "SUMMARY", marked(ctx, site, said(ctx, kinds[entry->what].text, entry->title)));
    if (entry->what != CALENDAR_PITCH)
        ical_text(out, "DESCRIPTION", manuscript_wall_text(ctx, &entry->when));
    ical_value(out, "URL",
               str_format(ctx->arena, "%.*s%s/%lld", STR_ARG(origin), page, (long long)entry->id));
    ical_value(out, "TRANSP", S("TRANSPARENT"));
    ical_end(out, "VEVENT");
}

/* A calendar has one component at least (3.4), and an empty one has this. */
static void write_utc(Buf *out) {
    ical_begin(out, "VTIMEZONE");
    ical_value(out, "TZID", S("UTC"));
    ical_begin(out, "STANDARD");
    ical_value(out, "DTSTART", S("19700101T000000"));
    ical_value(out, "TZOFFSETFROM", S("+0000"));
    ical_value(out, "TZOFFSETTO", S("+0000"));
    ical_end(out, "STANDARD");
    ical_end(out, "VTIMEZONE");
}

static Err write_calendar(Ctx *ctx, Str name, Str origin, const CalendarEntries *list, Str *ret) {
    Buf out = buf_new(ctx->arena, 0);
    Site site;

    TRY(site_get(ctx, &site));
    ical_begin(&out, "VCALENDAR");
    ical_value(&out, "VERSION", S("2.0"));
    ical_value(&out, "PRODID", S("-//Liandong//Liandong//EN"));
    ical_value(&out, "CALSCALE", S("GREGORIAN"));
    ical_text(&out, "X-WR-CALNAME", marked(ctx, &site, name));
    write_utc(&out);
    for (size_t i = 0; i < list->len; i++)
        write_event(ctx, &site, origin, &list->items[i], &out);
    ical_end(&out, "VCALENDAR");
    TRY(buf_check(&out));
    *ret = buf_str(&out);
    return OK;
}

static Err not_there(void) {
    return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such calendar."));
}

static bool has_outlet(const int64_t *ids, size_t count, int64_t outlet_id) {
    for (size_t i = 0; i < count; i++)
        if (ids[i] == outlet_id || ids[i] == 0)
            return true;
    return false;
}

/* What the person must do and what leaves by itself, at the outlets whose drafts the person may see. */
static Err of_person(Ctx *person, CalendarEntries *ret) {
    Entries list = entries_new(person);
    ManuscriptList stories;
    AssignmentList due;
    PlanList plans;
    int64_t *ids;
    size_t count, kept = 0;

    TRY(identity_outlets_with(person, CAP_DRAFTS, &ids, &count));
    if (count == 0)
        return not_there();
    TRY(assignment_list_of_person(person, person->now_ms - BEFORE_MS, person->now_ms + AFTER_MS,
                                  ASSIGNMENT_LIST_MAX, &due));
    push_assignments(person, &due, &list);
    TRY(manuscript_list_planned(person, PLANS_MAX, &stories, &plans));
    for (size_t i = 0; i < plans.len; i++)
        if (has_plan(&plans.items[i]))
            push_plan(person, &plans.items[i], stories.items[i].title, &list);
    for (size_t i = 0; i < list.len; i++)
        if (has_outlet(ids, count, list.items[i].outlet_id))
            list.items[kept++] = list.items[i];
    qsort(list.items, kept, sizeof *list.items, by_time);
    *ret = (CalendarEntries){ list.items, kept };
    return OK;
}

Err calendar_feed(Ctx *ctx, Str token, Str origin, Str *ret) {
    Ctx person = *ctx;
    CalendarAddress address = { 0 };
    CalendarEntries list;
    Outlet outlet;
    bool may;
    Str role, name;

    if (token_check(token).code == ERR_OK)
        TRY(calendar_store_find(ctx, token_hash_hex(ctx->arena, token), &address));
    if (!address.id)
        return not_there();
    person.actor = ACTOR_PERSON;
    person.person_id = address.made_by;
    person.token_id = 0;
    if (!address.outlet_id) {
        TRY(of_person(&person, &list));
        TRY(person_names(ctx, &address.person_id, 1, &name));
        return write_calendar(ctx, name, origin, &list, ret);
    }
    TRY(identity_may(&person, CAP_DRAFTS, address.outlet_id, &may, &role));
    if (!may)
        return not_there();
    TRY(outlet_get(ctx, address.outlet_id, &outlet));
    TRY(calendar_of_outlet(ctx, outlet.id, ctx->now_ms - BEFORE_MS, ctx->now_ms + AFTER_MS, &list));
    return write_calendar(ctx, outlet.name, origin, &list, ret);
}
