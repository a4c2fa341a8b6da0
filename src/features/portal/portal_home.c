/* features/portal/portal_home.c - the front page, an outlet's page, corrections, search. */
#include "features/portal/portal_pages.h"

#include "features/annual/annual.h"
#include "features/correction/correction.h"
#include "features/identity/identity.h"
#include "features/intake/intake.h"
#include "features/portal/portal_cards.h"
#include "features/search/search.h"
#include "text/excerpt.h"
#include "text/zone.h"
#include "view/catalogue.h"

enum { HOME_STORIES = 20, HOME_FLASHES = 3, HOME_CORRECTIONS = 4, LIST_STORIES = 20, WEEKS = 12 };
enum { WHOLE_GRAPHEMES = 1000, SNIPPET_GRAPHEMES = 90, DEPOSITS_SHOWN = 5 };

static const int64_t WEEK_MS = INT64_C(7) * 24 * 3600 * 1000;

/* Corrections with the titles of their stories: one statement for the stories. */
static Err corrections_model(Ctx *ctx, const Site *site, const CorrectionList *list, Json **ret) {
    Arena *arena = ctx->arena;
    Json *out = json_arr(arena), *issued;
    int64_t *ids = arena_array(arena, list->len + 1, sizeof(int64_t));
    ManuscriptList stories;

    for (size_t i = 0; i < list->len; i++)
        ids[i] = list->items[i].manuscript_id;
    TRY(manuscript_get_many_public(ctx, ids, list->len, &stories));
    for (size_t i = 0; i < list->len; i++) {
        Json *item = json_obj(arena);
        Str title = STR_EMPTY;
        for (size_t j = 0; j < stories.len; j++)
            if (stories.items[j].id == ids[i])
                title = stories.items[j].title;
        if (!title.len)
            continue; /* withdrawn since */
        TRY(time_model(ctx, site, list->items[i].issued_ms, false, &issued));
        json_set(item, "url",
                 json_str(arena, str_format(arena, "/articles/%lld", (long long)ids[i])));
        json_set(item, "title", json_str(arena, title));
        json_set(item, "text", json_str(arena, list->items[i].text));
        json_set(item, "issued", issued);
        json_push(out, item);
    }
    *ret = out;
    return OK;
}

/* The lead: the newest story with a picture; without any, the newest that is no flash. */
static size_t choose_lead(const ManuscriptList *list) {
    size_t found = SIZE_MAX;

    for (size_t i = 0; i < list->len; i++) {
        if (str_eq(list->items[i].kind, S("快讯")))
            continue;
        if (list->items[i].cover_id)
            return i;
        if (found == SIZE_MAX)
            found = i;
    }
    return found;
}

/* One list of cards becomes three: the lead, the flashes of the strip, and all others in their order. */
static void put_chapters(Ctx *ctx, const ManuscriptList *list, const Json *cards, bool is_first,
                         Json *model) {
    Json *lead = json_arr(ctx->arena), *flash = json_arr(ctx->arena),
         *stories = json_arr(ctx->arena);
    size_t lead_at = is_first ? choose_lead(list) : SIZE_MAX;

    for (size_t i = 0; i < list->len; i++) {
        bool is_flash = is_first && str_eq(list->items[i].kind, S("快讯"));
        Json *chapter = i == lead_at                                  ? lead
                        : is_flash && flash->array.len < HOME_FLASHES ? flash
                                                                      : stories;
        json_push(chapter, cards->array.items[i]);
    }
    json_set(model, "lead", lead);
    json_set(model, "flash", flash);
    json_set(model, "has_flash", json_bool(ctx->arena, flash->array.len > 0));
    json_set(model, "stories", stories);
}

static Json *next_of(Ctx *ctx, const Request *req, Response *res, const ManuscriptList *list,
                     int limit) {
    if (list->len < (size_t)limit)
        return json_null(ctx->arena);
    const Manuscript *last = &list->items[list->len - 1];
    Str cursor = list_cursor(ctx->arena, last->published_ms, last->id);
    res_next(ctx, req, res, cursor);
    return json_str(ctx->arena, cursor);
}

Err portal_home(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    ManuscriptList list;
    CorrectionList corrections;
    ManuscriptCounts counts;
    Json *model = json_obj(ctx->arena), *cards, *notices;
    int64_t after_ms, after_id, all, in_service;

    req_cursor(req, "after", &after_ms, &after_id);
    TRY(site_get(ctx, &site));
    TRY(manuscript_list_public(ctx, 0, STR_EMPTY, after_ms, after_id, HOME_STORIES, &list));
    TRY(correction_newest(ctx, 0, HOME_CORRECTIONS, &corrections));
    TRY(manuscript_counts(ctx, 0, &counts));
    TRY(outlet_counts(ctx, &all, &in_service));
    TRY(cards_of(ctx, &site, &list, &cards));
    TRY(corrections_model(ctx, &site, &corrections, &notices));
    bool is_first = after_id == 0;
    json_set(model, "title", json_str(ctx->arena, STR_EMPTY));
    json_set(model, "is_first", json_bool(ctx->arena, is_first));
    put_chapters(ctx, &list, cards, is_first, model);
    json_set(model, "corrections", notices);
    json_set(model, "outlet_count", json_int(ctx->arena, all));
    json_set(model, "in_service_count", json_int(ctx->arena, in_service));
    json_set(model, "published_count", json_int(ctx->arena, counts.published));
    json_set(model, "correction_count", json_int(ctx->arena, counts.corrections));
    json_set(model, "withdrawn_count", json_int(ctx->arena, counts.withdrawn));
    json_set(model, "week_count", json_int(ctx->arena, counts.since_week));
    json_set(model, "next", next_of(ctx, req, res, &list, HOME_STORIES));
    res_tag(res, S("home"));
    res_tag(res, S("site"));
    return res_view(ctx, req, res, model);
}

/* ---- an outlet ---- */

static Err people_model(Ctx *ctx, int64_t outlet_id, Json **ret) {
    GrantList grants;
    Json *people = json_arr(ctx->arena);

    TRY(grant_of_outlet(ctx, outlet_id, &grants));
    for (size_t i = 0; i < grants.len; i++) {
        Json *person = json_obj(ctx->arena);
        json_set(person, "name", json_str(ctx->arena, grants.items[i].person_name));
        json_set(person, "role", json_str(ctx->arena, grants.items[i].role));
        json_push(people, person);
    }
    *ret = people;
    return OK;
}

/* Stories a week for the last twelve, oldest first, with the drawing's numbers: bars of 14 in a box of 110. */
static Err weeks_model(Ctx *ctx, const Site *site, int64_t outlet_id, int64_t promised,
                       Json **ret) {
    ManuscriptList list;
    int64_t counts[WEEKS] = { 0 }, start, highest = promised > 4 ? promised : 4;
    Json *weeks = json_arr(ctx->arena), *when;

    TRY(zone_day_start(site->zone, ctx->now_ms, 1, &start));
    start -= WEEKS * WEEK_MS;
    TRY(manuscript_list_public(ctx, outlet_id, STR_EMPTY, 0, 0, 100, &list));
    for (size_t i = 0; i < list.len; i++) {
        int64_t week = (list.items[i].published_ms - start) / WEEK_MS;
        if (list.items[i].published_ms >= start && week < WEEKS && ++counts[week] > highest)
            highest = counts[week];
    }
    for (int i = 0; i < WEEKS; i++) {
        Json *week = json_obj(ctx->arena);
        int64_t height = counts[i] * 96 / highest;
        TRY(time_model(ctx, site, start + i * WEEK_MS, true, &when));
        json_set(week, "count", json_int(ctx->arena, counts[i]));
        json_set(week, "from", when);
        json_set(week, "x", json_int(ctx->arena, 30 + i * 22));
        json_set(week, "y", json_int(ctx->arena, 110 - height));
        json_set(week, "height", json_int(ctx->arena, height));
        json_set(week, "kept", json_bool(ctx->arena, counts[i] >= promised));
        json_push(weeks, week);
    }
    *ret = weeks;
    return OK;
}

/* What the outlet posted elsewhere, newest first: where, when, and the card that says more. */
static Err deposits_model(Ctx *ctx, const Site *site, int64_t outlet_id, Json **ret) {
    Json *out = json_arr(ctx->arena), *posted;
    DepositList list;

    TRY(intake_newest(ctx, outlet_id, DEPOSITS_SHOWN, &list));
    for (size_t i = 0; i < list.len; i++) {
        const Deposit *d = &list.items[i];
        Json *item = json_obj(ctx->arena);
        int64_t at_ms = d->published_ms ? d->published_ms : d->deposited_ms;
        Str url = str_format(ctx->arena, "/deposits/%lld", (long long)d->card_id);
        TRY(time_model(ctx, site, at_ms, true, &posted));
        json_set(item, "title", json_str(ctx->arena, d->title));
        json_set(item, "url", json_str(ctx->arena, url));
        json_set(item, "host", json_str(ctx->arena, intake_host(d->url)));
        json_set(item, "posted", posted);
        json_push(out, item);
    }
    *ret = out;
    return OK;
}

static int64_t kept_weeks(const Json *weeks) {
    int64_t kept = 0;

    for (size_t i = 0; i < weeks->array.len; i++)
        kept += json_get(weeks->array.items[i], "kept")->boolean;
    return kept;
}

Err portal_outlet(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    Outlet outlet;
    ManuscriptList list;
    ManuscriptCounts counts;
    Json *model = json_obj(ctx->arena), *cards, *people, *weeks, *struck, *deposits, *reviews;
    int64_t after_ms, after_id;
    bool has_teacher;

    req_cursor(req, "after", &after_ms, &after_id);
    TRY(site_get(ctx, &site));
    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    TRY(manuscript_list_public(ctx, outlet.id, STR_EMPTY, after_ms, after_id, LIST_STORIES, &list));
    TRY(cards_of(ctx, &site, &list, &cards));
    TRY(people_model(ctx, outlet.id, &people));
    TRY(deposits_model(ctx, &site, outlet.id, &deposits));
    TRY(weeks_model(ctx, &site, outlet.id, outlet.promised_per_week, &weeks));
    TRY(manuscript_counts(ctx, outlet.id, &counts));
    TRY(grant_has_role(ctx, outlet.id, S("指导教师"), &has_teacher));
    TRY(time_model(ctx, &site, outlet.struck_ms, true, &struck));
    TRY(annual_public(ctx, site.zone, outlet.id, &reviews));
    Json *card = outlet_model(ctx, site.zone, &outlet);
    json_set(model, "title", json_str(ctx->arena, outlet.name));
    json_set(model, "outlet", card);
    json_set(model, "link", outlet_link(ctx, &outlet));
    json_set(model, "struck", struck);
    json_set(model, "has_teacher", json_bool(ctx->arena, has_teacher));
    json_set(model, "people", people);
    json_set(model, "stories", cards);
    json_set(model, "deposits", deposits);
    json_set(model, "reviews", reviews);
    json_set(model, "weeks", weeks);
    json_set(model, "kept_weeks", json_int(ctx->arena, kept_weeks(weeks)));
    json_set(model, "published_count", json_int(ctx->arena, counts.published));
    json_set(model, "correction_count", json_int(ctx->arena, counts.corrections));
    json_set(model, "withdrawn_count", json_int(ctx->arena, counts.withdrawn));
    json_set(model, "next", next_of(ctx, req, res, &list, LIST_STORIES));
    res_tag(res, str_format(ctx->arena, "outlet:%lld", (long long)outlet.id));
    res_tag(res, str_format(ctx->arena, "deposits_of:%lld", (long long)outlet.id));
    res_tag(res, S("site"));
    return res_view(ctx, req, res, model);
}

/* ---- corrections, search ---- */

Err portal_corrections(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    CorrectionList list;
    Json *model = json_obj(ctx->arena), *items;
    const Catalogue *words = catalogue_of(ctx->lang);

    TRY(site_get(ctx, &site));
    TRY(correction_newest(ctx, 0, 100, &list));
    TRY(corrections_model(ctx, &site, &list, &items));
    json_set(model, "title",
             json_str(ctx->arena, catalogue_text(words, str_from_c(N_("Corrections")))));
    json_set(model, "corrections", items);
    res_tag(res, S("home"));
    res_tag(res, S("site"));
    return res_view(ctx, req, res, model);
}

static Err find_outlet(Ctx *ctx, Str no, int64_t *ret) {
    Outlet outlet;

    *ret = 0;
    if (!no.len)
        return OK;
    TRY(outlet_by_no(ctx, no, &outlet));
    *ret = outlet.id;
    return OK;
}

/* A text in pieces, those that hold a word of the search marked. */
static Err marked(Ctx *ctx, Str text, Str q, size_t graphemes_max, bool *ret_hit, Json **ret) {
    Json *out = json_arr(ctx->arena);
    ExcerptParts parts;

    TRY(excerpt_snippet(ctx->arena, text, q, graphemes_max, &parts));
    *ret_hit = false;
    for (size_t i = 0; i < parts.len; i++) {
        Json *part = json_obj(ctx->arena);
        json_set(part, "text", json_str(ctx->arena, parts.items[i].text));
        json_set(part, "is_hit", json_bool(ctx->arena, parts.items[i].is_hit));
        json_push(out, part);
        *ret_hit = *ret_hit || parts.items[i].is_hit;
    }
    *ret = out;
    return OK;
}

/* Title and summary with the words marked; where neither holds one, the place in the text that does. */
static Err mark_card(Ctx *ctx, const Manuscript *m, Str text, Str q, Json *card) {
    bool in_title, in_summary;
    Json *title, *summary;

    TRY(marked(ctx, m->title, q, WHOLE_GRAPHEMES, &in_title, &title));
    TRY(marked(ctx, m->summary, q, WHOLE_GRAPHEMES, &in_summary, &summary));
    if (!in_title && !in_summary)
        TRY(marked(ctx, text, q, SNIPPET_GRAPHEMES, &in_summary, &summary));
    json_set(card, "title_parts", title);
    json_set(card, "summary_parts", summary);
    return OK;
}

static Err mark_cards(Ctx *ctx, const ManuscriptList *list, Str q, const Json *cards) {
    int64_t *ids = arena_array(ctx->arena, list->len + 1, sizeof(int64_t));
    Str *texts = arena_array(ctx->arena, list->len + 1, sizeof(Str));

    for (size_t i = 0; i < list->len; i++)
        ids[i] = list->items[i].id;
    TRY(manuscript_texts_public(ctx, ids, list->len, texts));
    for (size_t i = 0; i < list->len; i++)
        TRY(mark_card(ctx, &list->items[i], texts[i], q, cards->array.items[i]));
    return OK;
}

Err portal_search(Ctx *ctx, const Request *req, Response *res) {
    Site site;
    SearchPage page = { 0 };
    Json *model = json_obj(ctx->arena), *cards, *next = json_null(ctx->arena);
    Str q = req_text(req, "q");
    int64_t after_ms, after_id, outlet_id;
    const Catalogue *words = catalogue_of(ctx->lang);

    req_cursor(req, "after", &after_ms, &after_id);
    TRY(site_get(ctx, &site));
    TRY(find_outlet(ctx, req_text(req, "outlet"), &outlet_id));
    if (q.len)
        TRY(search_find(ctx, q, outlet_id, after_ms, after_id, LIST_STORIES, &page));
    TRY(cards_of(ctx, &site, &page.stories, &cards));
    TRY(mark_cards(ctx, &page.stories, q, cards));
    if (page.next_id) {
        Str cursor = list_cursor(ctx->arena, page.next_ms, page.next_id);
        res_next(ctx, req, res, cursor);
        next = json_str(ctx->arena, cursor);
    }
    json_set(model, "title", json_str(ctx->arena, catalogue_text(words, str_from_c(N_("Search")))));
    json_set(model, "q", json_str(ctx->arena, q));
    json_set(model, "has_query", json_bool(ctx->arena, q.len > 0));
    json_set(model, "total", json_int(ctx->arena, page.total));
    json_set(model, "stories", cards);
    json_set(model, "next", next);
    return res_view(ctx, req, res, model);
}
