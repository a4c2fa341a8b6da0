/* features/planning/planning_calendar_routes.c - the calendar's page by week and month, and its secret addresses. */
#include "base/clock.h"
#include "features/identity/identity.h"
#include "features/planning/planning_pages.h"
#include "features/site/site.h"
#include "sec/token.h"
#include "text/zone.h"
#include "view/catalogue.h"

enum { WEEK = 7 };

static const Field page_fields[] = {
    { "outlet", FIELD_WORD, IN_QUERY, .label = N_("Number of the outlet") },
    { "view", FIELD_ENUM, IN_QUERY, .words = "week month", .label = N_("Week or month") },
    { "day", FIELD_DATE, IN_QUERY, .label = N_("Day") },
    { 0 },
};
static const Field no_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Number of the outlet") },
    { 0 },
};
static const Field token_fields[] = {
    { "token", FIELD_WORD, IN_PATH, .max_chars = TOKEN_TEXT_MAX },
    { 0 },
};

#define ADDRESS_KEYS "{made?{text iso} url end_url is_made}"
static const Model page_model = {
    "planning/calendar",
    "title outlets[no name selected url] outlet_no outlet_name view is_month from until today "
    "views[url label "
    "selected] before_url after_url today_url weekdays[label] weeks[days[date label is_today "
    "is_outside entries[what what_text look title url time is_overdue move_url version is_day "
    "value zone]]] own" ADDRESS_KEYS " common" ADDRESS_KEYS " may_renew",
};
static const Model address_model = { "planning/calendar_address", "title name link url" };
static const Model ended_model = { NULL, "url" };

/* ---- days ---- */

/* Whole days since 1970 of a date. */
static int64_t day_number(const ZoneTime *date) {
    return clock_days_from_date(date->year, date->month, date->day);
}

static Str date_text(Ctx *ctx, int64_t day) {
    int year, month, day_of_month;

    clock_date_from_days(day, &year, &month, &day_of_month);
    return str_format(ctx->arena, "%04d-%02d-%02d", year, month, day_of_month);
}

/* 0 Monday .. 6 Sunday; the first of January 1970 was a Thursday. */
static int weekday_of(int64_t day) {
    return (int)((day % WEEK + WEEK + 3) % WEEK);
}

/* What a page shows. */
typedef struct Span {
    bool is_month;
    int64_t today, day;   /* day numbers; day: the one that was asked for */
    int64_t first, after; /* whole weeks, from a Monday */
    int64_t before, next; /* a day of the spans beside it */
    int month;
    Str zone;
} Span;

static Err read_span(Ctx *ctx, const Request *req, Span *ret) {
    Span span = { .is_month = str_eq(req_text(req, "view"), S("month")) };
    ZoneTime now, asked;

    TRY(site_zone(ctx, &span.zone));
    TRY(zone_local(span.zone, ctx->now_ms, &now));
    span.today = day_number(&now);
    if (req_text(req, "day").len > 0)
        TRY(zone_parse_date(req_text(req, "day"), &asked));
    else
        asked = now;
    if (asked.year < 2000 || asked.year > 2999)
        return FAIL(ERR_INVALID, "day", N_("There is no such day."));
    span.day = day_number(&asked);
    span.month = asked.month;
    if (span.is_month) {
        bool is_last = asked.month == 12;
        int64_t begin = clock_days_from_date(asked.year, asked.month, 1);
        span.next = clock_days_from_date(asked.year + is_last, is_last ? 1 : asked.month + 1, 1);
        span.before = begin - 1;
        span.first = begin - weekday_of(begin);
        span.after = span.next + (WEEK - weekday_of(span.next)) % WEEK;
    } else {
        span.first = span.day - weekday_of(span.day);
        span.after = span.first + WEEK;
        span.before = span.day - WEEK;
        span.next = span.day + WEEK;
    }
    *ret = span;
    return OK;
}

static Err start_of(Ctx *ctx, Str zone, int64_t day, int64_t *ret) {
    ZoneFit fit;

    return zone_parse(zone, date_text(ctx, day), ret, &fit);
}

static Str page_url(Ctx *ctx, Str no, bool is_month, int64_t day) {
    return str_format(ctx->arena, "/desk/calendar?outlet=%.*s&view=%s&day=%.*s", STR_ARG(no),
                      is_month ? "month" : "week", STR_ARG(date_text(ctx, day)));
}

/* ---- models ---- */

static const PlanningWord whats[] = {
    [CALENDAR_PITCH] = { S_INIT("pitch"), N_("Wished day"), "off" },
    [CALENDAR_ASSIGNMENT] = { S_INIT("assignment"), N_("Story due"), "warn" },
    [CALENDAR_RELEASE] = { S_INIT("release"), N_("Goes out"), "info" },
};

static Str entry_url(Ctx *ctx, const CalendarEntry *entry) {
    if (entry->what == CALENDAR_PITCH)
        return planning_pitch_url(ctx, entry->id);
    if (entry->what == CALENDAR_ASSIGNMENT)
        return planning_assignment_url(ctx, entry->id);
    return str_format(ctx->arena, "/desk/articles/%lld", (long long)entry->id);
}

/* Where its form is sent to; a planned release is moved by who signs it again, on the story's page. */
static Str move_url(Ctx *ctx, const CalendarEntry *entry, bool may_move) {
    if (!may_move || entry->what == CALENDAR_RELEASE)
        return STR_EMPTY;
    return str_format(
        ctx->arena, entry->what == CALENDAR_PITCH ? "/pitches/%lld/move" : "/assignments/%lld/move",
        (long long)entry->id);
}

static Err entry_model(Ctx *ctx, const Span *span, const CalendarEntry *entry, bool may_move,
                       Json **ret) {
    Json *out = json_obj(ctx->arena);
    bool is_day = entry->what == CALENDAR_PITCH;
    ZoneTime local;

    TRY(zone_local(span->zone, entry->when.at_ms, &local));
    json_set(out, "what", json_str(ctx->arena, whats[entry->what].value));
    json_set(out, "what_text", planning_words(ctx, whats[entry->what].text));
    json_set(out, "look",
             json_str(ctx->arena, str_from_c(entry->is_overdue ? "bad" : whats[entry->what].look)));
    json_set(out, "title", json_str(ctx->arena, entry->title));
    json_set(out, "url", json_str(ctx->arena, entry_url(ctx, entry)));
    json_set(out, "time",
             json_str(ctx->arena,
                      is_day ? STR_EMPTY
                             : str_format(ctx->arena, "%02d:%02d", local.hour, local.minute)));
    json_set(out, "is_overdue", json_bool(ctx->arena, entry->is_overdue));
    json_set(out, "move_url", json_str(ctx->arena, move_url(ctx, entry, may_move)));
    json_set(out, "version", json_int(ctx->arena, entry->version));
    json_set(out, "is_day", json_bool(ctx->arena, is_day));
    json_set(out, "value", json_str(ctx->arena, is_day ? entry->day : entry->when.local));
    json_set(out, "zone", json_str(ctx->arena, entry->when.zone));
    *ret = out;
    return OK;
}

static Err day_model(Ctx *ctx, const Span *span, int64_t day, const CalendarEntries *list,
                     bool may_move, Json **ret) {
    Json *out = json_obj(ctx->arena), *entries = json_arr(ctx->arena), *row;
    Str date = date_text(ctx, day);
    int year, month, day_of_month;

    clock_date_from_days(day, &year, &month, &day_of_month);
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->items[i].day, date)) {
            TRY(entry_model(ctx, span, &list->items[i], may_move, &row));
            json_push(entries, row);
        }
    json_set(out, "date", json_str(ctx->arena, date));
    json_set(out, "label",
             json_str(ctx->arena, str_format(ctx->arena, "%02d-%02d", month, day_of_month)));
    json_set(out, "is_today", json_bool(ctx->arena, day == span->today));
    json_set(out, "is_outside", json_bool(ctx->arena, span->is_month && month != span->month));
    json_set(out, "entries", entries);
    *ret = out;
    return OK;
}

static Err put_weeks(Ctx *ctx, const Span *span, const CalendarEntries *list, bool may_move,
                     Json *model) {
    static const char *const names[WEEK] = { N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
                                             N_("Fri"), N_("Sat"), N_("Sun") };
    Json *weeks = json_arr(ctx->arena), *weekdays = json_arr(ctx->arena), *day;

    for (size_t i = 0; i < WEEK; i++) {
        Json *name = json_obj(ctx->arena);
        json_set(name, "label", planning_words(ctx, names[i]));
        json_push(weekdays, name);
    }
    for (int64_t at = span->first; at < span->after; at += WEEK) {
        Json *week = json_obj(ctx->arena), *days = json_arr(ctx->arena);
        for (int64_t i = 0; i < WEEK; i++) {
            TRY(day_model(ctx, span, at + i, list, may_move, &day));
            json_push(days, day);
        }
        json_set(week, "days", days);
        json_push(weeks, week);
    }
    json_set(model, "weekdays", weekdays);
    json_set(model, "weeks", weeks);
    return OK;
}

static Json *view_part(Ctx *ctx, const Span *span, Str no, bool is_month, const char *label) {
    Json *out = json_obj(ctx->arena);

    json_set(out, "url", json_str(ctx->arena, page_url(ctx, no, is_month, span->day)));
    json_set(out, "label", planning_words(ctx, label));
    json_set(out, "selected", json_bool(ctx->arena, span->is_month == is_month));
    return out;
}

static void put_span(Ctx *ctx, const Span *span, Str no, Json *model) {
    Json *views = json_arr(ctx->arena);

    json_push(views, view_part(ctx, span, no, false, N_("Week")));
    json_push(views, view_part(ctx, span, no, true, N_("Month")));
    json_set(model, "view", json_str(ctx->arena, span->is_month ? S("month") : S("week")));
    json_set(model, "is_month", json_bool(ctx->arena, span->is_month));
    json_set(model, "from", json_str(ctx->arena, date_text(ctx, span->first)));
    json_set(model, "until", json_str(ctx->arena, date_text(ctx, span->after - 1)));
    json_set(model, "today", json_str(ctx->arena, date_text(ctx, span->today)));
    json_set(model, "views", views);
    json_set(model, "before_url",
             json_str(ctx->arena, page_url(ctx, no, span->is_month, span->before)));
    json_set(model, "after_url",
             json_str(ctx->arena, page_url(ctx, no, span->is_month, span->next)));
    json_set(model, "today_url",
             json_str(ctx->arena, page_url(ctx, no, span->is_month, span->today)));
}

/* The outlets whose drafts the reader may see, and the one that is shown; id 0 where there is none. */
static Err put_outlets(Ctx *ctx, const Span *span, Str asked, Outlet *ret, Json *model) {
    Json *list = json_arr(ctx->arena);
    Outlet chosen = { 0 };
    int64_t *ids;
    size_t count;
    bool may;
    Str role;

    TRY(identity_outlets_with(ctx, CAP_DRAFTS, &ids, &count));
    Outlet *outlets = arena_array(ctx->arena, count + 1, sizeof(Outlet));
    TRY(outlet_get_many(ctx, ids, count, outlets));
    for (size_t i = 0; i < count; i++)
        if (outlets[i].id && (asked.len ? str_eq(asked, outlets[i].no) : !chosen.id))
            chosen = outlets[i];
    if (asked.len && !chosen.id) { /* at every outlet, by a role of the whole alliance */
        TRY(outlet_by_no(ctx, asked, &chosen));
        TRY(identity_may(ctx, CAP_DRAFTS, chosen.id, &may, &role));
        if (!may)
            return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such outlet."));
    }
    for (size_t i = 0; i < count; i++) {
        Json *item = json_obj(ctx->arena);
        if (!outlets[i].id)
            continue;
        json_set(item, "no", json_str(ctx->arena, outlets[i].no));
        json_set(item, "name", json_str(ctx->arena, outlets[i].name));
        json_set(item, "selected", json_bool(ctx->arena, outlets[i].id == chosen.id));
        json_set(item, "url",
                 json_str(ctx->arena, page_url(ctx, outlets[i].no, span->is_month, span->day)));
        json_push(list, item);
    }
    json_set(model, "outlets", list);
    json_set(model, "outlet_no", json_str(ctx->arena, chosen.no));
    json_set(model, "outlet_name", json_str(ctx->arena, chosen.name));
    *ret = chosen;
    return OK;
}

/* outlet_id 0: the reader's own; -1: there is no outlet. */
static Err address_part(Ctx *ctx, Str zone, int64_t outlet_id, Str url, Json **ret) {
    Json *out = json_obj(ctx->arena), *made = json_null(ctx->arena);
    CalendarAddress address = { 0 };

    if (outlet_id >= 0)
        TRY(calendar_address_of(ctx, outlet_id, &address));
    if (address.id)
        TRY(planning_time(ctx, zone, address.made_ms, &made));
    json_set(out, "is_made", json_bool(ctx->arena, address.id != 0));
    json_set(out, "made", made);
    json_set(out, "url", json_str(ctx->arena, url));
    json_set(out, "end_url", json_str(ctx->arena, str_concat(ctx->arena, url, S("/end"))));
    *ret = out;
    return OK;
}

static Str outlet_address_url(Ctx *ctx, const Outlet *outlet) {
    return str_format(ctx->arena, "/outlets/%.*s/calendar", STR_ARG(outlet->no));
}

static Err put_addresses(Ctx *ctx, const Span *span, const Outlet *outlet, bool may_renew,
                         Json *model) {
    Json *own, *common;

    TRY(address_part(ctx, span->zone, 0, S("/account/calendar"), &own));
    TRY(address_part(ctx, span->zone, outlet->id ? outlet->id : -1, outlet_address_url(ctx, outlet),
                     &common));
    json_set(model, "own", own);
    json_set(model, "common", common);
    json_set(model, "may_renew", json_bool(ctx->arena, may_renew));
    return OK;
}

static Err show_page(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    CalendarEntries list = { 0 };
    int64_t from_ms, until_ms;
    bool may_decide = false;
    Outlet outlet;
    Span span;
    Str role;

    TRY(read_span(ctx, req, &span));
    TRY(put_outlets(ctx, &span, req_text(req, "outlet"), &outlet, model));
    if (outlet.id) {
        TRY(identity_may(ctx, CAP_RELEASE, outlet.id, &may_decide, &role));
        TRY(start_of(ctx, span.zone, span.first, &from_ms));
        TRY(start_of(ctx, span.zone, span.after, &until_ms));
        TRY(calendar_of_outlet(ctx, outlet.id, from_ms, until_ms, &list));
    }
    put_span(ctx, &span, outlet.no, model);
    TRY(put_weeks(ctx, &span, &list, may_decide, model));
    TRY(put_addresses(ctx, &span, &outlet, may_decide, model));
    json_set(model, "title", planning_words(ctx, N_("Calendar")));
    return res_view(ctx, req, res, model);
}

/* ---- secret addresses ---- */

/* The address is shown on this one answer and nowhere again. */
static Err show_address(Ctx *ctx, const Request *req, Response *res, int64_t outlet_id, Str name,
                        Str back) {
    Json *model = json_obj(ctx->arena);
    Str token, origin = req_origin(req);

    TRY(calendar_address_make(ctx, outlet_id, &token));
    json_set(model, "title", planning_words(ctx, N_("Address of the calendar")));
    json_set(model, "name", json_str(ctx->arena, name));
    json_set(model, "link",
             json_str(ctx->arena, str_format(ctx->arena, "%.*s/calendar/%.*s.ics", STR_ARG(origin),
                                             STR_ARG(token))));
    json_set(model, "url", json_str(ctx->arena, back));
    return res_view(ctx, req, res, model);
}

static Str back_of(Ctx *ctx, const Outlet *outlet) {
    return str_format(ctx->arena, "/desk/calendar?outlet=%.*s", STR_ARG(outlet->no));
}

static Err make_own(Ctx *ctx, const Request *req, Response *res) {
    return show_address(ctx, req, res, 0, ctx->person_name, S("/desk/calendar"));
}

static Err make_common(Ctx *ctx, const Request *req, Response *res) {
    Outlet outlet;

    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    return show_address(ctx, req, res, outlet.id, outlet.name, back_of(ctx, &outlet));
}

static Err end_address(Ctx *ctx, const Request *req, Response *res, int64_t outlet_id, Str back) {
    Json *model = json_obj(ctx->arena);

    TRY(calendar_address_end(ctx, outlet_id));
    json_set(model, "url", json_str(ctx->arena, back));
    return res_done(ctx, req, res, back, model);
}

static Err end_own(Ctx *ctx, const Request *req, Response *res) {
    return end_address(ctx, req, res, 0, S("/desk/calendar"));
}

static Err end_common(Ctx *ctx, const Request *req, Response *res) {
    Outlet outlet;

    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    return end_address(ctx, req, res, outlet.id, back_of(ctx, &outlet));
}

static Err read_feed(Ctx *ctx, const Request *req, Response *res) {
    Str body;

    TRY(calendar_feed(ctx, req_text(req, "token"), req_origin(req), &body));
    TRY(res_header(res, "Cache-Control", S("private, no-cache")));
    return res_bytes(res, 200, "text/calendar; charset=utf-8", body);
}

/* ROUTE_NO_KEY: the address is a secret, so it is in no access log; and an answer that shows it is not kept. */
const Route calendar_routes[] = {
    { "GET", "/desk/calendar", CAP_SIGNED_IN, page_fields, show_page, &page_model,
      .summary = N_("What is wished, due and planned at an outlet, by week or month.") },
    { "POST", "/account/calendar", CAP_SIGNED_IN, NULL, make_own, &address_model, ROUTE_NO_KEY,
      .summary = N_("A new secret address of the own calendar; the old one ends.") },
    { "POST", "/account/calendar/end", CAP_SIGNED_IN, NULL, end_own, &ended_model,
      .summary = N_("Ends the secret address of the own calendar.") },
    { "POST", "/outlets/{no}/calendar", OUTLET(CAP_RELEASE), no_fields, make_common, &address_model,
      ROUTE_NO_KEY, .outlet_of = register_outlet_of_no,
      .summary = N_("A new secret address of the outlet's calendar; the old one ends.") },
    { "POST", "/outlets/{no}/calendar/end", OUTLET(CAP_RELEASE), no_fields, end_common,
      &ended_model, .outlet_of = register_outlet_of_no,
      .summary = N_("Ends the secret address of the outlet's calendar.") },
    { "GET", "/calendar/{token}.ics", CAP_READ, token_fields, read_feed, NULL,
      ROUTE_RAW | ROUTE_NO_KEY, .summary = N_("A calendar as iCalendar (RFC 5545).") },
    { 0 },
};
